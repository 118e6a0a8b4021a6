"""Sources on other file systems, WARCs in pieces, and what is broken in either."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from benchmarks.pages import Page, ordinary_pages
from crawls import write_warc
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discuz_scrape._saved import SIDECAR
from discuz_scrape.bulk import parse_many
from discuz_scrape.sources import Fault, Item, chunks
from discuz_scrape.sources._warc import Warc, whole

fsspec = pytest.importorskip("fsspec")

PAGES = ordinary_pages(8)


@pytest.fixture
def memory() -> Iterator[Any]:
    """The file system that lives in this process alone."""
    files = fsspec.filesystem("memory")
    yield files
    files.rm("/", recursive=True)


@pytest.fixture(params=["fastwarc", "warcio"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Either library that reads WARCs."""
    if request.param == "warcio":
        monkeypatch.setitem(sys.modules, "fastwarc.warc", None)
    else:
        pytest.importorskip("fastwarc")
    return str(request.param)


def read(*inputs: str, **options: Any) -> list[Item | Fault]:
    found: list[Item | Fault] = []
    for chunk in chunks(inputs, **options):
        found += [chunk] if isinstance(chunk, Fault) else chunk.items()
    return found


def items(found: list[Item | Fault]) -> list[Item]:
    return [item for item in found if isinstance(item, Item)]


def sources(found: list[Item | Fault]) -> list[str]:
    return [item.source for item in found]


def test_pages_are_read_from_any_file_system(memory: Any, tmp_path: Path) -> None:
    memory.pipe("/dump/a/one.html", PAGES[0].content)
    memory.pipe("/dump/two.html.gz", gzip.compress(PAGES[1].content))
    memory.pipe("/dump/.hidden/three.html", b"")
    memory.pipe("/dump/notes.md", b"")
    memory.pipe("/dump/crawl.warc.gz", write_warc(tmp_path / "crawl.warc.gz", PAGES[2:4]).read_bytes())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("four.html", PAGES[4].content)
    memory.pipe("/dump/pages.zip", packed.getvalue())
    found = items(read("memory://dump"))
    assert sorted(item.content for item in found) == sorted(page.content for page in PAGES[:5])
    results = list(parse_many(["memory://dump/*.warc.gz"], workers=0))
    assert [result.url for result in results] == [page.url for page in PAGES[2:4]]
    assert all(result.page for result in results)


def test_a_file_system_that_is_given_is_where_all_names_are(memory: Any) -> None:
    memory.pipe("/dump/one.html", PAGES[0].content)
    assert sources(read("/dump", filesystem=memory)) == ["/dump/one.html"]


def test_what_the_client_wrote_beside_a_page_is_found_there_too(memory: Any) -> None:
    memory.pipe("/saved/one.html", PAGES[0].content)
    told = b'{"url":"https://bbs.example.org/","status":200,"headers":[],"fetched_at":"2024-05-01T00:00:00Z"}'
    memory.pipe("/saved/one.html" + SIDECAR, told)
    memory.pipe("/saved/two.html", PAGES[1].content)
    memory.pipe("/saved/two.html" + SIDECAR, b"{")
    one, fault, two = read("memory://saved")
    assert isinstance(one, Item)
    assert (one.url, one.date) == ("https://bbs.example.org/", datetime(2024, 5, 1, tzinfo=UTC))
    assert isinstance(fault, Fault)
    assert "is broken" in fault.message
    assert isinstance(two, Item)


@pytest.mark.parametrize("path", ["memory://nowhere/*.html", "nothing-like-it://bucket/page.html", "memory://nowhere"])
@pytest.mark.usefixtures("memory")
def test_what_is_not_there_is_told(path: str) -> None:
    (fault,) = read(path)
    assert isinstance(fault, Fault)
    assert fault.source.removesuffix("/").endswith(path.removeprefix("memory:/"))


class Refusing:
    """A file system of somebody who raises what nobody foresaw."""

    def isdir(self, _: str) -> bool:
        return False

    def open(self, *_: str) -> None:
        raise LookupError("no such bucket")


def test_whatever_a_file_system_raises_is_a_fault() -> None:
    (fault,) = read("bucket/page.html", filesystem=Refusing())
    assert fault == Fault("bucket/page.html", "LookupError", "no such bucket")
    (fault,) = read("bucket/crawl.warc.gz", filesystem=Refusing())
    assert isinstance(fault, Fault)


@pytest.mark.usefixtures("reader")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(piece=st.integers(min_value=2_000, max_value=120_000))
def test_pieces_hold_each_record_once_wherever_they_part(piece: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    warc = _crawl(tmp_path_factory)
    found = [item for part in whole(str(warc)).parted(piece) for item in part.items()]
    assert [item.content for item in items(found)] == [page.content for page in PAGES]
    assert len({item.source for item in items(found)}) == len(PAGES)
    assert len(found) == len(PAGES)


def _crawl(factory: pytest.TempPathFactory, made: dict[str, Path] = {}) -> Path:  # noqa: B006 - written once
    if not made:
        made["crawl"] = write_warc(factory.mktemp("warc") / "crawl.warc.gz", PAGES)
    return made["crawl"]


@pytest.mark.usefixtures("reader")
def test_a_broken_record_costs_no_other(tmp_path: Path) -> None:
    path = write_warc(tmp_path / "crawl.warc.gz", PAGES)
    third = int(items(list(whole(str(path)).items()))[3].source.rpartition("@")[2])
    content = bytearray(path.read_bytes())
    content[third + 700 : third + 800] = bytes(100)
    path.write_bytes(content)
    found = read(str(path))
    assert [item.url for item in items(found)] == [page.url for page in PAGES[:3] + PAGES[4:]]
    (fault,) = [fault for fault in found if isinstance(fault, Fault)]
    assert fault.source.startswith(f"{path}@")


@pytest.mark.usefixtures("reader")
def test_a_piece_that_begins_in_a_warc_within_a_warc_is_told(tmp_path: Path) -> None:
    inner = write_warc(tmp_path / "inner.warc.gz", PAGES[:2]).read_bytes()
    outer = [PAGES[2], Page("https://example.org/a", inner), PAGES[3]]
    records = [write_warc(tmp_path / "outer.warc", [page], requests=False).read_bytes() for page in outer]
    path = tmp_path / "outer.warc.gz"
    path.write_bytes(b"".join(gzip.compress(record, compresslevel=0) for record in records))  # what is packed stays so
    within = path.read_bytes().index(inner[:200])
    found = list(Warc(str(path), 0, within - 1).items())
    assert len(items(found)) == 2
    assert any(isinstance(fault, Fault) and "within a record" in fault.message for fault in found)


def refuse(*_: object) -> None:
    raise AssertionError("it was opened")


def test_local_files_need_no_fsspec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fsspec.core.url_to_fs", refuse)
    (tmp_path / "one.html").write_bytes(PAGES[0].content)
    write_warc(tmp_path / "two.warc.gz", PAGES[1:2])
    assert len(items(read(str(tmp_path)))) == 2
