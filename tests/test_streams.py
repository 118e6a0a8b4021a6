"""Sources that can be read from their beginning only."""

import gzip
import io
import os
import sys
import tarfile
import threading
from pathlib import Path

import pytest
import zstandard
from crawls import DATE, GBK_PAGE, PAGE, SHOP, Capture, in_one_member, read, warc

from discuz_scrape.bulk._pool import batches
from discuz_scrape.bulk._work import Job
from discuz_scrape.models import Page
from discuz_scrape.sources import Chunk, Fault, Item, _files, _warc, readable, spread

posix = pytest.mark.skipif(os.name == "nt", reason="pipes with names")


def kind_of(page: Page, _: Item) -> str:
    return page.kind


def tar(names: list[str], content: bytes, mode: str = "w") -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode=mode) as archive:  # type: ignore[call-overload]
        for name in names:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return written.getvalue()


CRAWL = warc([Capture(GBK_PAGE, headers=(("Content-Type", "text/html; charset=gbk"),))] * 150, compressed=False)
SOURCES = {
    "pages.tar": tar([f"{at:03}.html" for at in range(150)], PAGE),
    "pages.tar.gz": tar([f"{at:03}.html" for at in range(150)], PAGE, "w:gz"),
    "plain.warc": CRAWL,
    "whole.warc.gz": in_one_member(CRAWL),
    "packed.warc.zst": zstandard.compress(CRAWL),
}


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (_files, _warc):
        monkeypatch.setattr(module, "PIECE", 1000)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("name", SOURCES)
def test_a_large_stream_is_dealt_out_a_few_pages_at_a_time(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(SOURCES[name])
    (chunk,) = readable([path])
    assert chunk.is_stream()
    parts = list(spread([chunk]))
    assert max(sum(1 for _ in part.items()) for part in parts) <= 64
    assert [item for part in parts for item in part.items()] == list(chunk.items())
    assert sum(1 for _ in chunk.items()) == 150
    assert len({part.identity for part in parts}) == len(parts)
    assert [part.identity for part in spread([chunk])] == [part.identity for part in parts]


def test_a_small_stream_is_one_piece_of_work(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(tar(["a.html", "b.html"], SHOP))
    assert list(spread(readable([path]))) == list(readable([path]))


@pytest.mark.usefixtures("small_pieces")
def test_a_crawl_in_gzip_members_is_no_stream(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(warc([Capture(PAGE)] * 5))
    assert len(list(readable([path]))) > 1
    assert not any(chunk.is_stream() for chunk in readable([path]))


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("workers", [0, 2])
def test_batches_of_a_stream_are_small_too(tmp_path: Path, workers: int) -> None:
    path = tmp_path / "pages.tar"
    path.write_bytes(SOURCES["pages.tar"])
    found = [batch.pages for batch in batches(readable([path]), Job(kind_of), workers=workers)]
    assert sum(found) == 150
    assert max(found) <= 64


def test_a_broken_stream_gives_what_stands_before_the_break(tmp_path: Path) -> None:
    path = tmp_path / "pages.tar"
    path.write_bytes(SOURCES["pages.tar"][: len(SOURCES["pages.tar"]) // 2])
    *pages, last = (item for chunk in spread(readable([path])) for item in chunk.items())
    assert isinstance(last, Fault)
    assert len(pages) > 64
    assert all(isinstance(page, Item) for page in pages[:64])


# Pipes


def through_stdin(content: bytes, monkeypatch: pytest.MonkeyPatch) -> list[Item | Fault]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    return read("-")


@pytest.mark.parametrize("name", SOURCES)
def test_standard_input_may_be_an_archive_or_a_crawl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / name).write_bytes(SOURCES[name])
    there = read(tmp_path / name)
    here = through_stdin(SOURCES[name], monkeypatch)
    told = [[(one.content, one.url, one.date, one.crawled) for one in found if isinstance(one, Item)]
            for found in (here, there)]  # fmt: skip
    assert told[0] == told[1]
    assert len(here) == len(there) == 150


def test_members_of_gzip_on_standard_input_are_read_to_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    found = through_stdin(warc([Capture(PAGE), Capture(SHOP)]), monkeypatch)
    assert [one.content for one in found if isinstance(one, Item)] == [PAGE, SHOP]
    assert all(isinstance(one, Item) and one.crawled and one.date and one.date.year == int(DATE[:4]) for one in found)


def test_what_breaks_off_on_standard_input_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [type(one) for one in through_stdin(gzip.compress(PAGE)[:200], monkeypatch)] == [Fault]
    assert isinstance(through_stdin(SOURCES["whole.warc.gz"][:-100], monkeypatch)[-1], Fault)


@posix
def test_a_pipe_with_a_name_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(PAGE,))
    writer.start()
    (item,) = read(pipe)
    writer.join()
    assert isinstance(item, Item)
    assert item.content == PAGE


def test_a_crawl_under_the_name_of_a_page_is_told(tmp_path: Path) -> None:
    (tmp_path / "crawl.gz").write_bytes(warc([Capture(PAGE)]))
    (told,) = read(tmp_path)
    assert isinstance(told, Fault)
    assert "give it a name that ends in .warc" in told.message


# Names


def identities(folder: Path) -> list[str]:
    return [chunk.identity for chunk in readable([folder])]


def test_other_files_between_the_first_and_the_last_are_another_piece_of_work(tmp_path: Path) -> None:
    for number in range(0, 20, 2):
        (tmp_path / f"{number:02}.html").write_bytes(PAGE)
    before = identities(tmp_path)
    assert identities(tmp_path) == before
    (tmp_path / "04.html").rename(tmp_path / "05.html")
    assert identities(tmp_path) != before


def test_every_chunk_says_what_it_must(tmp_path: Path) -> None:
    with pytest.raises(NotImplementedError):
        _ = Chunk().name
    with pytest.raises(NotImplementedError):
        Chunk().items()
    for name, content in SOURCES.items():
        (tmp_path / name).write_bytes(content)
    for chunk in readable([tmp_path]):
        assert chunk.identity.startswith(chunk.name)
