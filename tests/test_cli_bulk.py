"""Many pages on the command line."""

import gzip
import io
import json
import os
import re
import resource
import signal
import sqlite3
import sys
import tarfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from command import spawn
from crawls import FIXTURES, GBK_PAGE, PAGE, SHOP, Capture, warc

from discuz_scrape.sources import writable

posix = pytest.mark.skipif(os.name == "nt", reason="signals")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five pieces of work: threads, what is none, and a WARC with what a crawl holds besides."""
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(200):
        (pages / f"{number:03}.html").write_bytes((PAGE, GBK_PAGE)[number % 2])
    captures = [Capture(PAGE), Capture(SHOP), Capture(b"", headers=(("Content-Type", "text/html"),)), Capture(GBK_PAGE)]
    (pages / "crawl.warc.gz").write_bytes(warc(captures))
    (pages / "bad.html").write_bytes(SHOP)
    return pages


def test_many_processes_write_what_one_writes(run: Any, folder: Path, tmp_path: Path) -> None:
    here = run("parse", folder, "--workers", 0)
    there = run("parse", folder, "--workers", 2, "-o", tmp_path / "a.jsonl")
    assert (here.code, there.code) == (4, 4)
    assert (tmp_path / "a.jsonl").read_text("utf-8") == here.out
    assert there.err.splitlines()[0].endswith("bad.html: ParseError: not a Discuz! page (no title)")
    assert there.err.splitlines()[-1].startswith("205 pages, 505 posts, 2 pages dropped, 1 errors in ")


@pytest.mark.parametrize("suffix", ["jsonl.zst", "csv", "json", "md", "parquet", "sqlite"])
def test_the_ending_of_the_file_tells_the_format(run: Any, tmp_path: Path, suffix: str) -> None:
    (tmp_path / "page.html").write_bytes(PAGE)
    target = tmp_path / f"a.{suffix}"
    assert run("parse", tmp_path / "page.html", "-o", target).code == 0
    head = {"jsonl.zst": b"\x28\xb5\x2f\xfd", "csv": b"pid,tid", "json": b"[\n{", "md": "# 老".encode()}
    assert target.read_bytes().startswith(head.get(suffix, {"parquet": b"PAR1", "sqlite": b"SQLite"}.get(suffix, b"")))
    if suffix == "md":
        assert "**没有旷量" in target.read_text("utf-8")


def test_parquet_holds_posts_unless_told(run: Any, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    board = FIXTURES / "board" / "x34" / "sticky-moved-marks.in.html"
    (tmp_path / "z.html").write_bytes(PAGE)
    ran = run("parse", board, tmp_path / "z.html", "-o", tmp_path / "a.parquet")
    assert (ran.code, ran.err) == (0, "")
    assert pq.read_table(tmp_path / "a.parquet").num_rows == 3
    assert run("parse", board, "--kind", "board", "-o", tmp_path / "b.parquet").code == 0
    assert pq.read_table(tmp_path / "b.parquet").column("kind").to_pylist()[0] == "board"


def test_the_sieve_is_for_crawls_unless_told(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(warc([Capture(SHOP), Capture(PAGE)]))
    (tmp_path / "b.html").write_bytes(SHOP)
    ran = run("parse", tmp_path)
    assert ran.code == 4
    assert [line.split(": ")[0] for line in ran.err.splitlines()[:-1]] == [str(tmp_path / "b.html")]
    assert ", 1 pages dropped, 1 errors in " in ran.err.splitlines()[-1]
    ran = run("parse", tmp_path, "--sieve")
    assert (ran.code, ran.out.count("\n")) == (0, 3)
    assert run("parse", tmp_path, "--no-sieve").err.count("ParseError") == 2


def test_numbers_of_a_run(run: Any, folder: Path, tmp_path: Path) -> None:
    inputs = (folder, tmp_path / "nosuch.html")
    assert run("parse", *inputs, "-o", tmp_path / "a.sqlite", "--stats", tmp_path / "s.json").code == 5
    stats = json.loads((tmp_path / "s.json").read_text())
    assert stats["inputs"] == list(map(str, inputs))
    assert (stats["pages"], stats["posts"], stats["rows"], stats["kinds"]) == (206, 505, 505, {"thread": 202})
    assert stats["dropped"] == {"unknown": 1, "empty": 1}
    assert stats["errors"] == {"ParseError": 1, "FileNotFoundError": 1}
    assert len(stats["slowest"]) == 10
    assert stats["seconds"] > 0


def test_newest_captures(run: Any, tmp_path: Path) -> None:
    for number, date in enumerate(("2024-05-01T00:00:00Z", "2024-04-01T00:00:00Z")):
        page = PAGE.replace("上周末".encode(), f"第{number}次".encode())
        (tmp_path / f"{number}.warc.gz").write_bytes(warc([Capture(page, date=date)]))
    out = tmp_path / "a.jsonl"
    ran = run("parse", *sorted(tmp_path.glob("*.warc.gz")), "-o", out, "--dedupe")
    assert (ran.code, [json.loads(line)["floor"] for line in out.read_text("utf-8").splitlines()]) == (0, [1, 2, 3])
    assert "第0次" in out.read_text("utf-8")
    assert "6 posts, 3 duplicates in" in ran.err


def test_what_does_not_go_together_is_a_usage_error(run: Any, tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_bytes(PAGE)
    for arguments, told in {
        ("--resume", "s.json"): "--resume goes with -o FILE", ("--dedupe",): "--dedupe goes with a file",
        ("-o", "a.parquet", "--format", "csv"): "goes without --format",
        ("-o", "a.db", "--threads"): "goes without --threads",
        ("-o", "b.md", "--dedupe"): "--dedupe goes with rows", ("--workers", "-1"): "'--workers'",
    }.items():  # fmt: skip
        ran = run("parse", page, *arguments)
        assert ran.code == 2
        assert told in ran.err
    assert run("parse", "-", "--resume", tmp_path / "s", "-o", tmp_path / "o", stdin=PAGE).code == 2


def test_other_options_cannot_resume(run: Any, tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_bytes(PAGE)
    command = ("parse", page, "-o", tmp_path / "a.jsonl", "--resume", tmp_path / "s.json")
    assert run(*command).code == 0
    again = run(*command)
    assert again.code == 0
    assert again.err.startswith(f"{tmp_path / 'a.jsonl'} is whole already: 1 pages, 3 posts ")
    ran = run(*command, "--body", "html")
    assert ran.code == 2
    assert "other --body: None, not html" in ran.err


def test_files_of_a_run_that_cannot_be_written(run: Any, tmp_path: Path) -> None:
    page, out, state, stats = (tmp_path / name for name in ("a.html", "o.jsonl", "no/s.json", "no/stats.json"))
    page.write_bytes(PAGE)
    ran = run("parse", page, "-o", out, "--resume", state)
    assert (ran.code, ran.err) == (1, f"{state}: FileNotFoundError: No such file or directory\n")
    assert not out.exists()
    ran = run("parse", page, "-o", out, "--stats", stats)
    assert (ran.code, ran.err.splitlines()[0]) == (1, f"{stats}: FileNotFoundError: No such file or directory")
    assert out.exists()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.html.gz", gzip.compress(PAGE)[:200], "EOFError: Compressed file ended before"),
        ("a.html", gzip.compress(PAGE)[:-8] + bytes(8), "BadGzipFile: CRC check failed"),
        ("a.html.zst", b"\x28\xb5\x2f\xfd\xff\xff", "EOFError: it breaks off"),
        ("a.zip", b"<html>", "BadZipFile: File is not a zip file"),
        ("a.tar.gz", b"<html>", "ReadError: "),
        ("a.warc.gz", warc([Capture(os.urandom(3000).hex().encode())])[:-1500], ""),
        ("a.warc.gz", b"\x1f\x8b\x08" + os.urandom(500), ""),
        ("a.mhtml", b"<html>", "ParseError: there is no page in it"),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00", "ParseError: "),
        ("a.warc", PAGE, ""),
    ],
)
def test_bad_inputs_are_one_line_each_and_the_run_goes_on(
    run: Any, tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    path, good = tmp_path / name, tmp_path / "z.html"
    path.write_bytes(content)
    good.write_bytes(PAGE)
    ran = run("parse", path, good)
    assert ran.out.count("\n") == 3
    lines = [line for line in ran.err.splitlines() if "pages, " not in line]
    assert len(lines) <= 1
    assert all(line.startswith(str(path)) and told in line for line in lines)
    if told:
        assert ran.code in (1, 4)
        assert lines


def test_nothing_is_written_over_what_is_read_or_over_another_file_of_the_run(run: Any, tmp_path: Path) -> None:
    crawl, page, link = tmp_path / "a.warc", tmp_path / "a.html", tmp_path / "b.html"
    crawl.write_bytes(warc([Capture()], compressed=False))
    page.write_bytes(PAGE)
    link.symlink_to(page)
    out, state = tmp_path / "o.jsonl", tmp_path / "s.json"
    for options in (("-o", crawl), ("-o", link), ("-o", out, "--stats", crawl), ("-o", out, "--resume", page)):
        ran = run("parse", crawl, page, *options)
        assert (ran.code, "would be written over what is to be read" in ran.err) == (2, True)
    for options in (("--resume", out), ("--stats", out), ("--resume", state, "--stats", state)):
        ran = run("parse", page, "-o", out, *options)
        assert (ran.code, "are the same file" in ran.err) == (2, True)
    assert page.read_bytes() == PAGE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "a.warc", "b.html"]
    assert run("parse", page, "-o", "/dev/null", "--stats", "/dev/null").code == 0


@pytest.mark.skipif(sys.platform != "linux", reason="names of files that are not UTF-8")
def test_numbers_bear_a_file_whose_name_is_not_utf8(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "车.html".encode("gbk").decode("utf-8", "surrogateescape")
    path.write_bytes(PAGE)
    assert run("parse", tmp_path, "-o", tmp_path / "a.jsonl", "--stats", tmp_path / "s").code == 0
    assert json.loads((tmp_path / "s").read_text("utf-8"))["slowest"][0][1] == writable(str(path))
    for name in ("a.jsonl", "a.sqlite"):
        assert run("parse", path, "-o", tmp_path / name, "--resume", tmp_path / f"{name}.state").code == 0


@posix
def test_a_page_that_comes_between_is_no_page_that_was_read(run: Any, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(0, 300, 2):
        (pages / f"{number:03}.html").write_bytes(PAGE)
    command = ("parse", pages, "-o", tmp_path / "a.jsonl", "--resume", tmp_path / "s.json", "--workers", 0)
    with spawn(*command) as process:
        wait_for(lambda: progress(tmp_path / "a.jsonl", tmp_path / "s.json") > 0)
        process.kill()
    (pages / "001.html").write_bytes(PAGE)
    ran = run(*command)
    assert (ran.code, "the sources have changed" in ran.err) == (2, True)


def test_where_the_state_may_not_lie(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    ran = run("parse", tmp_path, "-o", tmp_path / "a.jsonl", "--resume", tmp_path / "s.json")
    assert (ran.code, "would lie in a folder that is read" in " ".join(ran.err.split())) == (2, True)


def test_a_run_that_reads_nothing_leaves_nothing(run: Any, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(300):
        (pages / f"{number:03}.html").write_bytes(SHOP)
    for name in ("a.jsonl", "a.sqlite", "a.parquet"):
        ran = run("parse", pages, "-o", tmp_path / name, "--resume", tmp_path / "s.json", "--workers", 0)
        assert (ran.code, "Traceback" in ran.err) == (4, False)
        assert [path.name for path in tmp_path.iterdir()] == ["pages"]


def test_an_empty_folder_leaves_what_lies_there(run: Any, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "a.jsonl").write_text("old")
    assert run("parse", tmp_path / "pages", "-o", tmp_path / "a.jsonl").code == 0
    assert (tmp_path / "a.jsonl").read_text() == "old"


def test_a_large_archive_is_shared_out_among_processes(run: Any, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for number in range(70):
            entry = tarfile.TarInfo(f"{number:02}.html")
            entry.size = len(PAGE)
            archive.addfile(entry, io.BytesIO(PAGE))
    ran = run("parse", tmp_path / "a.tar", "-o", tmp_path / "a.jsonl", "--stats", tmp_path / "s.json", "--workers", 2)
    numbers = json.loads((tmp_path / "s.json").read_text())
    assert (ran.code, numbers["chunks"] > 1, numbers["pages"]) == (0, True, 70)


@posix
def test_names_in_a_usage_error_cannot_reach_the_terminal(run: Any, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(65):
        (pages / f"{number:03}.html").write_bytes(PAGE)
    command = ("parse", pages, "-o", tmp_path / "a.jsonl", "--resume", tmp_path / "s.json", "--workers", 0)
    with spawn(*command) as process:
        wait_for(lambda: progress(tmp_path / "a.jsonl", tmp_path / "s.json") > 0)
        process.kill()
    for path in sorted(pages.iterdir())[1:]:
        path.unlink()
    (pages / "000.html").rename(pages / "\x1b[31m.html")
    ran = run(*command)
    assert (ran.code, "the sources have changed" in ran.err, "\x1b" in ran.err) == (2, True, False)


def test_numbers_of_a_run_that_is_whole_can_still_be_had(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    command = ("parse", tmp_path / "a.html", "-o", tmp_path / "a.jsonl", "--resume", tmp_path / "s.json")
    assert run(*command, "--stats", tmp_path / "no" / "n.json").code == 1
    assert run(*command, "--stats", tmp_path / "n.json").code == 0
    assert json.loads((tmp_path / "n.json").read_text())["posts"] == 3


def test_a_disk_that_is_full_is_one_line_and_no_half_file(run: Any, tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number:03}.html").write_bytes(PAGE)
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    for name in ("a.jsonl", "a.jsonl.gz", "a.csv", "a.parquet", "a.sqlite"):
        target = tmp_path / name
        target.write_text("old")
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, most))  # what a disk has left
        try:
            ran = run("parse", *sorted(tmp_path.glob("*.html")), "-o", target)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))
        (line,) = ran.err.splitlines()
        assert ran.code == 1
        assert line.startswith(f"{target}: OSError: ")
        assert target.read_text() == "old"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


# Broken off


def rows(path: Path) -> Any:
    if path.suffix != ".sqlite":
        return path.read_bytes()
    with closing(sqlite3.connect(path)) as base:
        names = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: base.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in names}  # noqa: S608


def progress(target: Path, state: Path) -> int:
    """What tells of how much a run has kept."""
    with suppress(OSError, ValueError):
        if target.suffix == ".jsonl":
            return int(json.loads(state.read_text())["chunks"])
        return target.with_name(f"{target.name}.partial-wal").stat().st_size >> 17
    return 0


@posix
@pytest.mark.parametrize(("name", "options"), [("a.jsonl", ["--workers", 2]), ("a.sqlite", ["--dedupe"])])
def test_a_run_that_is_killed_goes_on(run: Any, folder: Path, tmp_path: Path, name: str, options: list[object]) -> None:
    whole = tmp_path / f"whole.{name}"
    assert run("parse", *[folder] * 4, "-o", whole, *options).code == 4
    target, state = tmp_path / name, tmp_path / "state.json"
    command = ("parse", *[folder] * 4, "-o", target, "--resume", state, *options)
    for moment in (1, 3):
        with spawn(*command) as process:
            while progress(target, state) < moment and process.poll() is None:
                time.sleep(0.002)
            process.kill()
        assert not target.exists()
    ran = run(*command)
    assert ran.code == 4
    assert rows(target) == rows(whole)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "pages", "state.json", f"whole.{name}"])


def wait_for(come: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not come():
        assert time.monotonic() < end
        time.sleep(0.002)


@posix
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("resumed", [False, True])
def test_interrupt_leaves_no_process_and_no_half_file(
    folder: Path, tmp_path: Path, number: signal.Signals, code: int, *, resumed: bool
) -> None:
    target, state = tmp_path / "a.jsonl", tmp_path / "state.json"
    options = ["--resume", state] if resumed else []
    draft = tmp_path / "a.jsonl.partial"
    command = ("parse", *[folder] * 4, "-o", target, "--workers", 2, *options)
    with spawn(*command, start_new_session=True) as process:
        assert process.stderr
        if resumed:
            wait_for(lambda: progress(target, state) > 0)
        else:
            wait_for(lambda: any(path.stat().st_size for path in tmp_path.glob(".a.jsonl.*.tmp")))
        if number == signal.SIGINT:
            os.killpg(process.pid, number)  # as a terminal does
        else:
            process.send_signal(number)  # as a supervisor does
        told = process.stderr.read().decode()
        assert process.wait(timeout=20) == code
    assert "Traceback" not in told
    wait_for(lambda: not group(process.pid))
    assert not target.exists()
    assert draft.exists() == resumed
    if resumed:
        size = json.loads(state.read_text())["output"]["size"]
        assert draft.read_bytes()[:size].endswith(b"}\n")


def group(leader: int) -> list[str]:
    """The processes of a group that are still there."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            _, _, rest = stat.read_text().rpartition(")")
            if rest.split()[2] == str(leader) and rest.split()[0] != "Z":
                found.append(stat.parent.name)
    return found


# What a person sees


def test_a_person_sees_how_far_it_is(run: Any, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(type(sys.stderr), "isatty", lambda _: True)
    ran = run("parse", folder, "-o", tmp_path / "a.jsonl", "--workers", 0)
    assert "Reading" in ran.err
    assert re.search(r"\d+ pages, \d+/s; \d+ posts, \d+/s; 1 ParseError", ran.err)
    assert "205 pages, 505 posts, 2 pages dropped, 1 errors in " in ran.err.rstrip().splitlines()[-1]
    assert run("parse", folder / "000.html").err == ""


def test_a_person_sees_how_far_detect_is(run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    (folder / "cut.html.gz").write_bytes(gzip.compress(PAGE)[:100])
    monkeypatch.setattr(type(sys.stderr), "isatty", lambda _: True)
    ran = run("detect", folder)
    assert (ran.code, ran.out.count("  thread ")) == (1, 202)
    assert re.search(r"Reading.* 206 pages, \d+/s; 1 EOFError", ran.err)
    assert run("detect", folder / "000.html").err == ""
    assert run("detect", "-", stdin=PAGE).err == ""
    assert "Reading" in run("detect", "-", folder, stdin=PAGE).err
