"""Many pages, many processes."""

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from crawls import GBK_PAGE, PAGE, SHOP, Capture, warc

from discuz_scrape import Page, ParseError, parse_page
from discuz_scrape.bulk import parse_many
from discuz_scrape.bulk._outcome import Batch
from discuz_scrape.bulk._pool import MEMORY, batches
from discuz_scrape.bulk._stats import Stats
from discuz_scrape.bulk._work import Job, run
from discuz_scrape.bulk.sinks import making
from discuz_scrape.sources import Chunk, Files, Item, readable

BAD = b"<!-- bad -->"  # marks a page that costs a process its life


def seen(page: Page, item: Item) -> str:
    """What is made of a page: its kind."""
    return f"{page.kind} {Path(item.source).name}"


def deadly(page: Page, item: Item) -> str:
    if BAD in item.content:
        os.kill(os.getpid(), signal.SIGKILL)
    return seen(page, item)


def endless(page: Page, item: Item) -> str:
    if BAD in item.content:
        signal.signal(signal.SIGALRM, signal.SIG_IGN)  # as code in C that no signal reaches
        time.sleep(60)
    return seen(page, item)


def slow(page: Page, item: Item) -> str:
    if BAD in item.content:
        time.sleep(60)
    return seen(page, item)


def hungry(page: Page, item: Item) -> str:
    if BAD in item.content:
        bytes(8 << 30)
    return seen(page, item)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Eighty threads; one of them, the twentieth, is marked."""
    for number in range(80):
        (tmp_path / f"{number:02}.html").write_bytes(PAGE + BAD if number == 20 else PAGE)
    return tmp_path


def work(folder: Path, job: Job, *, workers: int = 2, memory: int = MEMORY) -> list[Batch]:
    return list(batches(readable([folder]), job, workers=workers, memory=memory))


def told(found: list[Batch]) -> list[str]:
    return [outcome.made or str(outcome.error) for batch in found for outcome in batch.outcomes]


def but(what: str) -> list[str]:
    return [what if number == 20 else f"thread {number:02}.html" for number in range(80)]


def test_results_come_in_the_order_of_the_sources_whoever_made_them(folder: Path) -> None:
    here, there = (work(folder, Job(seen), workers=workers) for workers in (0, 2))
    assert told(here) == told(there) == but("thread 20.html")
    assert [batch.pages for batch in there] == [64, 16]


def test_results_may_come_as_they_are_done(folder: Path) -> None:
    found = list(batches(readable([folder]), Job(seen), workers=2, ordered=False))
    assert sorted(told(found)) == but("thread 20.html")


def test_a_process_that_dies_costs_one_page_and_the_order_stays(folder: Path) -> None:
    found = told(work(folder, Job(deadly)))
    assert found[:20] == but("")[:20]
    assert found[20].startswith("the process that read it died")
    assert found[21:] == but("")[21:]


def test_a_process_that_hangs_is_replaced(folder: Path) -> None:
    assert told(work(folder, Job(endless, seconds=1.0))) == but("the process that read it hung")


def picky(batch: Batch) -> None:
    if any(outcome.made and "20" in outcome.made for outcome in batch.outcomes):
        raise MemoryError


@pytest.mark.parametrize("number", [1, 80])
def test_what_cannot_be_put_together_costs_the_page_that_does_it(folder: Path, number: int) -> None:
    for path in sorted(folder.iterdir())[number:] if number == 1 else ():
        path.unlink()
    if number == 1:
        (folder / "00.html").rename(folder / "20.html")
        assert told(work(folder, Job(seen, seal=picky))) == ["what it holds cannot be kept: MemoryError"]
    else:
        assert told(work(folder, Job(seen, seal=picky))) == but("what it holds cannot be kept: MemoryError")


class Slowly(Chunk):
    """A source that takes its time, page by page."""

    @property
    def name(self) -> str:
        return "slowly"

    def items(self) -> Iterator[Item]:
        for number in range(120):
            time.sleep(0.02)
            yield Item(f"{number:03}.html", PAGE)


def test_a_source_that_is_slow_but_moves_is_read_to_its_end() -> None:
    (found,) = batches([Slowly()], Job(seen, seconds=0.3), workers=1)
    assert told([found]) == [f"thread {number:03}.html" for number in range(120)]


def test_processes_that_die_with_nothing_to_do_are_replaced(folder: Path) -> None:
    stream = batches(readable([folder] * 4), Job(seen), workers=2)
    found = [next(stream)]
    wait_until(lambda: len(workers()) == 2)
    time.sleep(1)  # all that may be done ahead is done
    for worker in workers():
        os.kill(worker, signal.SIGKILL)
    time.sleep(0.5)
    assert len(told([*found, *stream])) == 320


def workers() -> list[int]:
    return [pid for keeper in children(os.getpid()) for pid in children(keeper)]


def wait_until(come: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not come():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_page_has_its_time(folder: Path) -> None:
    for workers in (0, 2):
        assert told(work(folder, Job(slow, seconds=0.7), workers=workers)) == but("takes longer than a page may")


def test_a_page_has_its_memory(folder: Path) -> None:
    assert told(work(folder, Job(hungry), memory=2 << 30)) == but("takes more memory than a page may")


def sealed(batch: Batch) -> None:
    batch.sealed.append(" ".join(outcome.made for outcome in batch.outcomes if outcome.made))
    batch.outcomes = []


def test_what_is_sealed_keeps_its_order_around_a_lost_page(folder: Path) -> None:
    (first, second) = work(folder, Job(deadly, seal=sealed))
    names = [f"thread {number:02}.html" for number in range(80)]
    assert " ".join([*first.sealed, *second.sealed]).split(" ") == " ".join(names[:20] + names[21:]).split(" ")


def test_processes_are_gone_when_nobody_wants_more(folder: Path) -> None:
    stream = batches(readable([folder] * 20), Job(seen), workers=2)
    next(stream)
    stream.close()
    assert workers() == []


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


# The sieve


def test_what_is_no_forum_is_dropped_or_told(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(warc([Capture(), Capture(SHOP), Capture(GBK_PAGE), Capture(b"")]))
    (chunk,) = readable([tmp_path])
    kept = run(chunk, Job(seen, sieve=True))
    assert (kept.pages, len(kept.outcomes), kept.dropped) == (4, 2, {"unknown": 1, "empty": 1})
    assert run(chunk, Job(seen, sieve=None)).dropped == kept.dropped
    assert len(run(chunk, Job(seen, sieve=False)).outcomes) == 4
    (tmp_path / "shop.html").write_bytes(SHOP)
    assert run(Files((str(tmp_path / "shop.html"),)), Job(seen, sieve=None)).dropped == {}


def test_texts_that_are_no_forum_are_dropped_too(tmp_path: Path) -> None:
    (tmp_path / "a.wet.gz").write_bytes(warc([Capture("今天 天气 很好".encode(), kind="conversion")] * 3))
    (chunk,) = readable([tmp_path])
    assert run(chunk, Job(seen, sieve=None)).dropped == {"text": 3}
    assert len(run(chunk, Job(seen)).outcomes) == 3


def test_numbers_can_be_written_whatever_files_are_called(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode("帖子.html".encode("gbk"))).write_bytes(PAGE)
    stats = Stats(inputs=[os.fsdecode("帖".encode("gbk"))])
    for batch in batches(readable([tmp_path]), Job(making(seen, ())), workers=0):
        batch.identity.encode()
        stats.add(batch)
    (_, slowest), *_ = Stats.model_validate_json(stats.model_dump_json()).slowest
    assert slowest == str(tmp_path / "\\udccc\\udcfb\\udcd7\\udcd3.html")


# For Python


def test_parse_many_gives_what_parse_page_gives(folder: Path) -> None:
    (folder / "80.html").write_bytes(SHOP)
    (folder / "81.html.gz").write_bytes(b"\x1f\x8b")
    results = list(parse_many([folder, folder / "none.html"], workers=2))
    assert [result.page for result in results[:80]] == [parse_page(PAGE)] * 80
    assert [type(result.error) for result in results[80:]] == [ParseError] * 3
    assert str(results[-1].error) == "cannot be read: No such file or directory"
    assert pickle.loads(pickle.dumps(results[81])).source == str(folder / "81.html.gz")  # noqa: S301 - our own


def test_one_source_need_not_be_in_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    monkeypatch.chdir(tmp_path)
    for one in ("a.html", tmp_path, str(tmp_path)):
        assert [Path(result.source).name for result in parse_many(one, workers=0)] == ["a.html"]


def test_a_script_without_a_guard_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    script = tmp_path / "script.py"
    script.write_text("from discuz_scrape import parse_many\nprint(len(list(parse_many('a.html', workers=1))))\n")
    ran = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode
    assert ran.stderr.splitlines()[-1].startswith("discuz_scrape.errors.DiscuzScrapeError: the processes end")


def test_memory_may_be_without_bound(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    (result,) = parse_many(tmp_path, workers=1, memory=1 << 70)
    assert result.page is not None


def test_capture_dates_are_now(tmp_path: Path) -> None:
    page = PAGE.replace(b"GMT+8, 2024-3-19 12:05", b"").replace(b'<span title="2024-3-19 08:40:12">', b"<span>")
    (tmp_path / "a.warc.gz").write_bytes(warc([Capture(page, date="2024-03-19T04:05:00Z")]))
    (result,) = parse_many([tmp_path], workers=0)
    assert result.page is not None
    assert result.url == "https://bbs.example/thread-1-1-1.html"
    assert result.page.posts[2].timestamp.isoformat() == "2024-03-19T09:05:00+08:00"  # type: ignore[union-attr]


def test_an_unknown_format_is_told_before_anything_is_read(folder: Path) -> None:
    with pytest.raises(ValueError, match="unknown formats"):
        parse_many(folder, formats=("pdf",))
