"""Where rows go."""

import csv
import errno
import gzip
import io
import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any, cast

import duckdb
import pyarrow.parquet as pq
import pytest
import zstandard
from crawls import FIXTURES, GBK_PAGE, PAGE, SHOP

from discuz_scrape import Page, parse_page
from discuz_scrape.bulk._arrow import schema_of
from discuz_scrape.bulk._outcome import Batch
from discuz_scrape.bulk._work import Job, run
from discuz_scrape.bulk.sinks import MismatchError, Output, Sink, State, journal_at, making, sink_for
from discuz_scrape.bulk.sinks import _parquet as parquet
from discuz_scrape.output import Format, json_lines, write
from discuz_scrape.sources import Chunk, Item

SUFFIXES = ["jsonl", "jsonl.gz", "jsonl.zst", "json", "csv", "csv.gz", "md", "txt", "parquet", "sqlite"]
ROWS = ["jsonl", "json", "csv", "parquet", "sqlite"]
BOARD = (FIXTURES / "board" / "x34" / "sticky-moved-marks.in.html").read_bytes()


def chunk(number: int, *contents: bytes, date: str | None = None) -> Any:
    """A piece of work with some pages."""
    then = datetime.fromisoformat(date) if date else None
    return Several(str(number), [Item(f"{number}-{at}", content, date=then) for at, content in enumerate(contents)])


class Several(Chunk):
    def __init__(self, name: str, items: list[Item]) -> None:
        self._name, self._items = name, items

    @property
    def name(self) -> str:
        return self._name

    def items(self) -> Iterator[Any]:
        yield from self._items


CHUNKS = [chunk(number, PAGE, GBK_PAGE) for number in range(4)]
PAGES = [parse_page(content) for _ in range(4) for content in (PAGE, GBK_PAGE)]


def go(
    output: Output, sink: Sink, chunks: Iterable[Any], *, kinds: tuple[str, ...] = (), stop: int | None = None
) -> None:
    """Do what the command line does; break off after some pieces of work."""
    job = Job(making(sink.make, kinds or sink.kinds), seal=sink.seal)
    with output:
        for done, one in enumerate(output.left(chunks)):
            if done == stop:
                raise KeyboardInterrupt
            batch: Batch = run(one, job)
            for outcome in batch.outcomes:
                if outcome.made is not None and sink.one_kind:
                    output.state.kind = output.state.kind or outcome.kind
            output.add(batch)
        output.finish()


def state(target: Path, **options: Any) -> State:
    return State(inputs=["in"], options=options, target=str(target))


def put(target: Path, chunks: Iterable[Any] = CHUNKS, *, dedupe: bool = False) -> Path:
    sink = sink_for(target, dedupe=dedupe)
    go(Output(sink, target, state(target)), sink, chunks)
    return target


def content(path: Path) -> Any:
    """What a file says, whatever its form."""
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    if path.suffix == ".sqlite":
        return tables(path)
    raw = path.read_bytes()
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    if path.suffix == ".zst":
        raw = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True).read()
    return raw.decode()


def tables(path: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(path)) as base:
        names = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        return {name: base.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in names}  # noqa: S608


def rows_of(path: Path) -> list[tuple[int, str]]:
    """Number and body of each post in a file of rows."""
    if path.suffix == ".sqlite":
        return [(row[0], row[1]) for row in query(path, "SELECT pid, body FROM posts ORDER BY id")]
    told = content(path)
    if path.suffix == ".parquet":
        return [(row["pid"], row["body"]) for row in told]
    if path.suffix == ".csv":
        return [(int(row["pid"]), row["body"]) for row in csv.DictReader(io.StringIO(told))]
    found = json.loads(told) if path.suffix == ".json" else map(json.loads, told.splitlines())
    return [(row["pid"], row["body"]) for row in found if row["kind"] == "thread"]


def query(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as base:
        return base.execute(sql).fetchall()


# What comes out


def test_lines_are_those_of_the_library(tmp_path: Path) -> None:
    told = "".join(f"{line}\n" for page in PAGES for line in json_lines(page))
    for suffix in ("jsonl", "jsonl.gz", "jsonl.zst"):
        assert content(put(tmp_path / f"a.{suffix}")) == told


@pytest.mark.parametrize("suffix", ["json", "csv", "md", "txt"])
def test_texts_are_those_of_the_library(tmp_path: Path, suffix: str) -> None:
    fmt = {"json": "json", "csv": "csv", "md": "markdown", "txt": "text"}[suffix]
    assert content(put(tmp_path / f"a.{suffix}")) == "".join(write(PAGES, fmt))


def test_a_compressed_file_can_be_cut_between_pieces_of_work(tmp_path: Path) -> None:
    members = put(tmp_path / "a.jsonl.gz").read_bytes().split(b"\x1f\x8b\x08")
    assert len(members) == 1 + len(CHUNKS)
    assert gzip.decompress(b"\x1f\x8b\x08" + members[2]).count(b"\n") == 5


def test_parquet_holds_the_rows_with_their_types(tmp_path: Path) -> None:
    rows = content(put(tmp_path / "a.parquet"))
    assert pq.read_schema(tmp_path / "a.parquet").equals(schema_of("thread"))
    told = [json.loads(line) for page in PAGES for line in json_lines(page)]
    assert [row["pid"] for row in rows] == [row["pid"] for row in told]
    assert rows[0]["author"]["name"] == "骑慢车的阿梅"
    assert rows[0]["timestamp"] == datetime.fromisoformat(told[0]["timestamp"])
    assert [image["url"] for image in rows[0]["images"]] == [image["url"] for image in told[0]["images"]]


def test_parquet_groups_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_ROWS", 7)
    file = pq.ParquetFile(put(tmp_path / "a.parquet"))
    groups = [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)]
    assert sum(groups) == 20
    assert max(groups) <= 7


def test_parquet_of_no_page_is_an_empty_table_of_posts(tmp_path: Path) -> None:
    assert pq.read_table(put(tmp_path / "a.parquet", [chunk(0, SHOP)])).num_rows == 0
    assert "floor" in pq.read_schema(tmp_path / "a.parquet").names


def test_sqlite_has_a_table_for_every_sort_of_row(tmp_path: Path) -> None:
    path = put(tmp_path / "a.sqlite", [*CHUNKS[:1], chunk(9, BOARD)])
    found = query(path, "SELECT floor, author_name, timestamp, tid, page FROM posts ORDER BY id LIMIT 1")
    assert found == [(1, "骑慢车的阿梅", "2024-03-17T20:16:08+08:00", 4821, 1)]
    told = [json.loads(line) for page in PAGES[:2] for line in json_lines(page)]
    for name in ("attachments", "images", "quotes", "links", "mentions", "notices", "comments", "ratings"):
        assert query(path, f"SELECT count(*) FROM {name}") == [(sum(len(row[name]) for row in told),)]  # noqa: S608
    joined = "SELECT q.author FROM quotes q JOIN posts p ON p.id = q.post_id ORDER BY p.id, q.place"
    assert [name for (name,) in query(path, joined)] == [quote["author"] for row in told for quote in row["quotes"]]
    ((threads,),) = query(path, "SELECT count(*) FROM threads")
    assert threads == 1  # two pages of it
    assert query(path, "SELECT subject, views IS NOT NULL, forum_name FROM threads") == [
        ("老凤头换中轴，碗组总是松怎么办", 1, "修车铺")
    ]
    assert query(path, "SELECT count(*) FROM board_threads")[0][0] > 2
    assert query(path, "SELECT name FROM forums ORDER BY name") == [("修车铺",), ("盆景天地",)]
    assert query(path, "PRAGMA journal_mode") == [("delete",)]
    assert not [name for name in tables(path) if name.startswith("_")]


def test_sqlite_opens_in_duckdb_with_all_its_tables(tmp_path: Path) -> None:
    pages = [page.read_bytes() for page in sorted(FIXTURES.rglob("*.in.*"))[::9]]
    path = put(tmp_path / "a.sqlite", [chunk(1, *pages)])
    reader = (
        resources.files("duckdb_extension_sqlite_scanner")
        / f"extensions/v{duckdb.__version__}/sqlite_scanner.duckdb_extension"
    )
    if not reader.is_file():
        pytest.skip("what DuckDB reads SQLite with is of another version than DuckDB")
    with duckdb.connect() as base:
        base.execute(f"LOAD '{reader}'")
        base.execute(f"ATTACH '{path}' AS made (TYPE sqlite)")
        for name, rows in tables(path).items():
            assert len(base.execute(f"SELECT * FROM made.{name}").fetchall()) == len(rows)  # noqa: S608


def test_every_value_in_sqlite_is_of_the_type_of_its_column(tmp_path: Path) -> None:
    pages = [page.read_bytes() for page in sorted(FIXTURES.rglob("*.in.*"))]
    path = put(tmp_path / "a.sqlite", [chunk(1, *pages)])
    fits = {"INTEGER": {"integer", "null"}, "TEXT": {"text", "null"}, "REAL": {"real", "null"}}
    for name in tables(path):
        for _, column, declared, *_ in query(path, f"PRAGMA table_info({name})"):
            found = {kind for (kind,) in query(path, f'SELECT DISTINCT typeof("{column}") FROM {name}')}  # noqa: S608
            assert found <= fits[declared], f"{name}.{column}"


# Newest captures


def captured(body: str, date: str | None) -> Any:
    page = PAGE.replace("上周末给老凤头换了一副新中轴".encode(), body.encode())
    return chunk(hash((body, date)) % 1000, page, GBK_PAGE, date=date)


@pytest.mark.parametrize("suffix", ROWS)
def test_the_newest_capture_stays_where_the_first_one_was(tmp_path: Path, suffix: str) -> None:
    old, new, older = "2024-05-01T00:00:00+00:00", "2024-06-01T00:00:00+08:00", "2023-01-01T00:00:00+00:00"
    chunks = [captured("旧的", old), captured("新的", new), captured("更旧", older), captured("没有日期", None)]
    rows = rows_of(put(tmp_path / f"a.{suffix}", chunks, dedupe=True))
    assert [pid for pid, _ in rows] == [row["pid"] for page in PAGES[:2] for row in map(json.loads, json_lines(page))]
    assert rows[0][1].startswith("新的")


@pytest.mark.parametrize("suffix", ["jsonl", "sqlite"])
def test_of_captures_of_one_time_the_later_one_stays(tmp_path: Path, suffix: str) -> None:
    for date in ("2024-05-01T00:00:00+00:00", None):
        rows = rows_of(put(tmp_path / f"{date}.{suffix}", [captured("一", date), captured("二", date)], dedupe=True))
        assert rows[0][1].startswith("二")
        assert len(rows) == 5


@pytest.mark.parametrize("suffix", ["jsonl", "sqlite"])
def test_posts_without_a_number_are_told_apart_by_what_they_say(tmp_path: Path, suffix: str) -> None:
    pages = [page.read_bytes() for page in sorted((FIXTURES / "archiver").rglob("*.in.html"))]
    once = rows_of(put(tmp_path / f"a.{suffix}", [chunk(1, *pages)], dedupe=True))
    twice = rows_of(put(tmp_path / f"b.{suffix}", [chunk(1, *pages), chunk(2, *pages)], dedupe=True))
    assert once == twice


ANSWER = (FIXTURES / "api" / "v4" / "three-posts.in.json").read_bytes()  # it does not tell its forum


def answers(*given: tuple[bytes, str | None]) -> Any:
    return Several("1", [Item(f"{at}.json", content, url) for at, (content, url) in enumerate(given)])


@pytest.mark.parametrize("suffix", ["jsonl", "sqlite"])
def test_posts_of_two_forums_that_are_not_told_stay_two(tmp_path: Path, suffix: str) -> None:
    author = json.loads(ANSWER)["Variables"]["postlist"][0]["author"]
    other = ANSWER.replace(json.dumps(author).encode(), b'"somebody else"')
    assert other != ANSWER
    once = rows_of(put(tmp_path / f"a.{suffix}", [answers((ANSWER, None))], dedupe=True))
    both = rows_of(put(tmp_path / f"b.{suffix}", [answers((ANSWER, None), (other, None), (ANSWER, None))], dedupe=True))
    assert len(once) < len(both) <= 2 * len(once)


@pytest.mark.parametrize("url", ["http://www.bbs.example/", "http://bbs.example:80/", "https://WWW.BBS.example:443/"])
def test_a_forum_is_one_however_its_address_is_written(tmp_path: Path, url: str) -> None:
    rows = rows_of(put(tmp_path / "a.jsonl", [answers((ANSWER, "https://bbs.example/"), (ANSWER, url))], dedupe=True))
    assert len(rows) == 3


def test_children_are_those_of_the_newest_capture(tmp_path: Path) -> None:
    path = put(tmp_path / "a.sqlite", [chunk(1, PAGE, PAGE, GBK_PAGE), chunk(2, PAGE)], dedupe=True)
    assert tables(path)["quotes"] == tables(put(tmp_path / "b.sqlite", CHUNKS[:1]))["quotes"]


# Whole or not there


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("dedupe", [False, True])
def test_what_breaks_leaves_the_old_file_and_nothing_else(tmp_path: Path, suffix: str, *, dedupe: bool) -> None:
    target = tmp_path / f"a.{suffix}"
    target.write_text("old")
    if dedupe and suffix in ("md", "txt"):
        with pytest.raises(ValueError, match="--dedupe goes with rows"):
            sink_for(target, dedupe=True)
        return
    sink = sink_for(target, dedupe=dedupe)
    with pytest.raises(KeyboardInterrupt):
        go(Output(sink, target, state(target)), sink, CHUNKS, stop=2)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("dedupe", [False, True])
def test_a_run_goes_on_where_it_was_broken_off(tmp_path: Path, suffix: str, *, dedupe: bool) -> None:
    if dedupe and suffix in ("md", "txt"):
        return
    chunks = [*CHUNKS, captured("新的", "2024-06-01T00:00:00+08:00")]
    undisturbed = content(put(tmp_path / f"whole.{suffix}", chunks, dedupe=dedupe))
    target, journal = tmp_path / f"a.{suffix}", journal_at(tmp_path / "state.json")
    target.write_text("old")
    for stop in (0, 1, 0, 2):
        sink = sink_for(target, dedupe=dedupe)
        with pytest.raises(KeyboardInterrupt):
            go(Output(sink, target, state(target), journal), sink, chunks, stop=stop)
        assert target.read_text() == "old"
    if suffix != "sqlite" and not dedupe:  # a piece of work that was written, but is not in the state
        with (tmp_path / f"a.{suffix}.partial").open("ab") as file:
            file.write(b"half a line")
    sink = sink_for(target, dedupe=dedupe)
    output = Output(sink, target, state(target), journal)
    go(output, sink, chunks)
    assert content(target) == undisturbed
    assert output.state.stats.pages == 10
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"a.{suffix}", "state.json", f"whole.{suffix}"]
    with Output(sink_for(target, dedupe=dedupe), target, state(target), journal) as again:
        assert again.is_done


def test_a_run_that_ended_just_before_the_last_step_takes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for suffix in ("jsonl", "parquet", "sqlite"):
        target, journal = tmp_path / f"a.{suffix}", journal_at(tmp_path / f"{suffix}.json")
        sink = sink_for(target)
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(Output, "_settle", _interrupt)
            go(Output(sink, target, state(target), journal), sink, CHUNKS)
        assert not target.exists()
        with Output(sink_for(target), target, state(target), journal) as output:
            assert output.is_done
        assert content(target) == content(put(tmp_path / f"b.{suffix}"))
    assert not list(tmp_path.glob("*.partial*"))


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_what_does_not_belong_together_is_refused(tmp_path: Path) -> None:
    target, journal = tmp_path / "a.jsonl", journal_at(tmp_path / "state.json")

    def broken_off(**options: Any) -> None:
        sink = sink_for(target)
        with pytest.raises(KeyboardInterrupt):
            go(Output(sink, target, state(target, **options), journal), sink, CHUNKS, stop=2)

    broken_off(timezone=None)
    sink = sink_for(target)
    with pytest.raises(MismatchError, match="other --timezone: None, not Asia/Tokyo"):
        go(Output(sink, target, state(target, timezone="Asia/Tokyo"), journal), sink, CHUNKS)
    with pytest.raises(MismatchError, match="the sources have changed"):
        go(Output(sink, target, state(target, timezone=None), journal), sink, CHUNKS[2:] + CHUNKS)
    with pytest.raises(MismatchError, match="some are gone"):
        go(Output(sink, target, state(target, timezone=None), journal), sink, CHUNKS[:1])
    (tmp_path / "a.jsonl.partial").write_text("")
    with pytest.raises(MismatchError, match="shorter than the run left it"):
        go(Output(sink, target, state(target, timezone=None), journal), sink, CHUNKS)
    (tmp_path / "a.jsonl.partial").unlink()
    with pytest.raises(MismatchError, match="is gone: remove"):
        go(Output(sink, target, state(target, timezone=None), journal), sink, CHUNKS)
    journal.path.write_text("{}")
    with pytest.raises(ValueError, match="no file that --resume has written"):
        go(Output(sink, target, state(target), journal), sink, CHUNKS)
    journal.remove()
    (tmp_path / "a.jsonl.partial").write_text("somebody else's")
    with pytest.raises(MismatchError, match="not the state that belongs to it"):
        go(Output(sink, target, state(target), journal), sink, CHUNKS)
    assert (tmp_path / "a.jsonl.partial").read_text() == "somebody else's"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps others away by itself")
@pytest.mark.parametrize(("suffix", "dedupe"), [("jsonl", False), ("parquet", False), ("sqlite", False), ("csv", True)])
def test_two_runs_cannot_write_to_one_draft(tmp_path: Path, suffix: str, *, dedupe: bool) -> None:
    target, journal = tmp_path / f"a.{suffix}", journal_at(tmp_path / "state.json")
    sink, other = sink_for(target, dedupe=dedupe), sink_for(target, dedupe=dedupe)
    with Output(sink, target, state(target), journal), pytest.raises(MismatchError, match="another run writes to"):
        go(Output(other, target, state(target), journal), other, CHUNKS)
    go(Output(other, target, state(target), journal), other, CHUNKS)
    assert content(target) == content(put(tmp_path / f"b.{suffix}", dedupe=dedupe))


def test_what_a_run_has_done_is_kept_when_it_is_broken_off_however_seldom_it_was(tmp_path: Path) -> None:
    for suffix in ("jsonl", "sqlite"):
        target, journal = tmp_path / f"a.{suffix}", journal_at(tmp_path / f"{suffix}.json")
        sink = sink_for(target)
        with pytest.raises(KeyboardInterrupt):
            go(Output(sink, target, state(target), journal), sink, CHUNKS, stop=3)
        again = Output(sink_for(target), target, state(target), journal)
        with again:
            assert again.state.chunks == 3


@pytest.mark.parametrize("suffix", ["jsonl", "parquet", "sqlite"])
def test_a_run_that_gives_up_leaves_no_state(tmp_path: Path, suffix: str) -> None:
    target, journal = tmp_path / f"a.{suffix}", journal_at(tmp_path / "state.json")
    sink = sink_for(target)
    job = Job(making(sink.make, ()), seal=sink.seal)
    with Output(sink, target, state(target), journal) as output:
        for one in CHUNKS:  # so fast that most are not kept yet
            output.add(run(one, job))
        output.give_up()
    assert list(tmp_path.iterdir()) == []


def test_what_does_not_go_together() -> None:
    for name, options in {
        "a.parquet.gz": {}, "a.sqlite.zst": {}, "b.parquet": {"fmt": Format.csv}, "c.sqlite": {"whole": True},
        "a.jsonl": {"whole": True, "dedupe": True},
    }.items():  # fmt: skip
        with pytest.raises(ValueError, match=r"goes with|is not compressed"):
            sink_for(Path(name), **cast("dict[str, Any]", options))


def test_a_page_that_arrow_cannot_hold_is_an_error_and_the_others_stay(tmp_path: Path) -> None:
    sink = sink_for(tmp_path / "a.parquet")

    def odd(page: Page, item: Item) -> Any:
        made = making(sink.make, ())(page, item)
        post = page.posts[0].model_copy(update={"support": 1 << 70})  # type: ignore[union-attr]
        made.payload = page.model_copy(update={"posts": (post,)}) if item.source.endswith("0") else page
        return made

    batch = run(CHUNKS[0], Job(odd, seal=sink.seal))
    assert [outcome.kind for outcome in batch.outcomes] == ["", "thread"]
    assert str(batch.outcomes[0].error).startswith("cannot be put into a table")
    assert len(batch.sealed) == 1


def test_a_full_disk_keeps_what_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, journal = tmp_path / "a.jsonl", journal_at(tmp_path / "state.json")
    sink = sink_for(target)

    def full(self: Any, *_: object) -> None:
        self._file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        output = Output(sink, target, state(target), journal)
        with pytest.raises(KeyboardInterrupt):
            go(output, sink, CHUNKS, stop=2)
        patched.setattr(type(sink), "_put", full)
        sink = sink_for(target)
        with pytest.raises(OSError, match="No space left"):
            go(Output(sink, target, state(target), journal), sink, CHUNKS)
    sink = sink_for(target)
    go(Output(sink, target, state(target), journal), sink, CHUNKS)
    assert content(target) == content(put(tmp_path / "b.jsonl"))
