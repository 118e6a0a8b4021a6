"""Where pages come from."""

import gzip
import io
import os
import pickle
import random
import sys
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard
from crawls import DATE, GBK_PAGE, PAGE, SHOP, Capture, chunked, in_one_member, read, warc

from discuz_scrape._saved import Store
from discuz_scrape.sources import Fault, Item, _warc, chunks, readable

THEN = datetime.fromisoformat(DATE)

noise = random.Random(5).randbytes  # noqa: S311 - no secrets
"""Bytes that mean nothing."""


@pytest.fixture(params=["fastwarc", "warcio"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both readers of WARC files."""
    if request.param == "warcio":
        monkeypatch.setitem(sys.modules, "fastwarc.warc", None)
    return str(request.param)


def item(found: object) -> Item:
    assert isinstance(found, Item)
    return found


def fault(found: object) -> Fault:
    assert isinstance(found, Fault)
    return found


# Files and folders


def test_a_folder_is_read_in_order_and_without_what_is_no_page(tmp_path: Path) -> None:
    names = ["a.html", "b/1.htm", "b/c/2.json.gz", "b/d.xml", "e", "f.txt.zst", "g.png", ".hidden.html", ".git/h.html"]
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PAGE)
    found = [item(one).source for one in read(tmp_path)]
    assert found == [str(tmp_path / name) for name in ("a.html", "b/1.htm", "b/c/2.json.gz", "b/d.xml", "f.txt.zst")]


def test_a_file_is_what_its_bytes_say(tmp_path: Path) -> None:
    for name, content in {
        "plain.gz": PAGE, "packed.html": gzip.compress(PAGE), "packed.htm": zstandard.compress(PAGE), "none": PAGE,
    }.items():  # fmt: skip
        (tmp_path / name).write_bytes(content)
        assert item(*read(tmp_path / name)).content == PAGE


def test_patterns_and_folders_that_are_missing_are_told(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("2.html", "1.html", "b/3.html"):
        (tmp_path / name).write_bytes(PAGE)
    found = read(tmp_path / "**" / "*.html", tmp_path / "*.warc", tmp_path / "none.html")
    names = {str(Path(item(one).source).relative_to(tmp_path)) for one in found[:3]}
    assert names == {"1.html", "2.html", "b/3.html"}
    assert fault(found[3]).message == "nothing is called so"
    assert fault(found[4]).kind == "FileNotFoundError"


def test_chunks_are_small_and_the_same_every_time(tmp_path: Path) -> None:
    for number in range(150):
        (tmp_path / f"{number:03}.html").write_bytes(SHOP)
    first, again = ([chunk.name for chunk in readable([tmp_path])] for _ in range(2))
    assert first == again
    assert len(first) == 3
    assert len(pickle.dumps(next(readable([tmp_path])))) < 10_000
    assert [item(one).content for one in read(tmp_path)] == [SHOP] * 150


def test_what_a_browser_saved_as_one_file(tmp_path: Path) -> None:
    path = tmp_path / "page.mhtml"
    path.write_bytes(
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://bbs.example/thread-1-1-1.html\r\n"
        b"Date: Wed, 1 May 2024 12:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="----x"\r\n\r\n'
        b"------x\r\nContent-Type: text/html; charset=gbk\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + GBK_PAGE + b"\r\n------x\r\nContent-Type: image/gif\r\n\r\nGIF89a\r\n------x--\r\n"
    )  # fmt: skip
    page = item(*read(tmp_path))
    assert (page.url, page.date) == ("https://bbs.example/thread-1-1-1.html", THEN)
    assert page.content.strip() == GBK_PAGE.strip()
    path.write_bytes(b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nno page")
    assert fault(*read(tmp_path)).message == "there is no page in it"


def test_a_folder_that_the_client_kept(tmp_path: Path) -> None:
    kept = {"status": 200, "headers": [("Content-Type", "text/html; charset=gbk")], "fetched_at": THEN}
    Store(tmp_path).keep(url="https://bbs.example/thread-5-1-1.html", content=GBK_PAGE, **kept)  # type: ignore[arg-type]
    page = item(*read(tmp_path))
    assert (page.url, page.content_type, page.date) == (
        "https://bbs.example/thread-5-1-1.html", "text/html; charset=gbk", THEN
    )  # fmt: skip
    (sidecar,) = tmp_path.glob("*.fetched")
    sidecar.write_text("{")
    told, bare = read(tmp_path)
    assert fault(told).kind == "ParseError"
    assert item(bare).url is None


def test_standard_input_is_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(zstandard.compress(PAGE))))
    assert item(*read("-")).content == PAGE


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_what_may_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    (tmp_path / "a.html").chmod(0)
    assert fault(*read(tmp_path)).kind == "PermissionError"


def test_broken_compressions_are_told_and_the_others_go_on(tmp_path: Path) -> None:
    for name, content in {
        "a.html.gz": gzip.compress(PAGE)[:200], "b.html.zst": zstandard.compress(PAGE)[:200],
        "c.html.zst": b"\x28\xb5\x2f\xfd" + b"\xff" * 50, "d.html": PAGE,
    }.items():  # fmt: skip
        (tmp_path / name).write_bytes(content)
    found = read(tmp_path)
    assert [isinstance(one, Fault) for one in found] == [True, True, True, False]
    assert all("\n" not in fault(one).message for one in found[:3])


# Archives


def zipped(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def tarred(path: Path, entries: dict[str, bytes], mode: Any = "w") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, content in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


ENTRIES = {"x/1.html": PAGE, "x/2.html.gz": gzip.compress(GBK_PAGE), "x/3.png": b"", "x/.4.html": PAGE}


def test_archives_are_read_in_their_order(tmp_path: Path) -> None:
    made = [
        zipped(tmp_path / "a.zip", ENTRIES),
        tarred(tmp_path / "b.tar", ENTRIES),
        tarred(tmp_path / "c.tar.gz", ENTRIES, "w:gz"),
        tarred(tmp_path / "d.tar.xz", ENTRIES, "w:xz"),
    ]
    (tmp_path / "e.tar.zst").write_bytes(zstandard.compress(made[1].read_bytes()))
    for path in (*made, tmp_path / "e.tar.zst"):
        found = [item(one) for one in read(path)]
        assert [one.source for one in found] == [f"{path}!x/1.html", f"{path}!x/2.html.gz"]
        assert [one.content for one in found] == [PAGE, GBK_PAGE]


def test_broken_archives_are_one_fault_each(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "whole.zip", {f"{at}.html": noise(2000) for at in range(5)}).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[:3000])
    (tmp_path / "no.zip").write_bytes(b"<html>")
    broken = bytearray(whole)
    broken[100:200] = bytes(100)  # the first entry
    (tmp_path / "bad.zip").write_bytes(broken)
    whole = tarred(tmp_path / "all.tar.gz", {f"{at}.html": noise(2000) for at in range(50)}, "w:gz").read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[:50_000])
    (tmp_path / "no.tar").write_bytes(b"<html>" * 1000)
    for name in ("cut.zip", "no.zip", "no.tar", "none.tar", "none.zip"):
        assert fault(*read(tmp_path / name)).source == str(tmp_path / name)
    assert [type(one) for one in read(tmp_path / "bad.zip")] == [Fault] + [Item] * 4
    found = read(tmp_path / "cut.tar.gz")
    assert sum(isinstance(one, Item) for one in found) > 10
    assert isinstance(found[-1], Fault)


# WARC


def test_records_tell_address_type_and_date(tmp_path: Path, reader: str) -> None:
    path = tmp_path / f"{reader}.warc.gz"
    gbk = (("content-type", "text/html; charset=gbk"),)
    path.write_bytes(warc([Capture(), Capture(GBK_PAGE, "https://bbs.example/2", headers=gbk)]))
    one, other = map(item, read(path))
    assert (one.url, one.date, one.content_type) == (
        "https://bbs.example/thread-1-1-1.html", THEN, "text/html; charset=utf-8"
    )  # fmt: skip
    assert (other.content, other.content_type) == (GBK_PAGE, "text/html; charset=gbk")
    assert one.source.startswith(f"{path}@")


@pytest.mark.parametrize("form", ["plain", "members", "one member", "zstandard"])
def test_forms_of_warc_files(tmp_path: Path, reader: str, form: str) -> None:
    captures = [Capture(PAGE, f"https://bbs.example/{number}") for number in range(5)]
    content = warc(captures, compressed=form == "members")
    path = tmp_path / f"{reader}{({'plain': '.warc', 'zstandard': '.warc.zst'}.get(form, '.warc.gz'))}"
    packed = {"one member": in_one_member(content), "zstandard": zstandard.compress(content)}.get(form, content)
    path.write_bytes(packed)
    found = [item(one) for one in read(path)]
    assert [one.url for one in found] == [capture.url for capture in captures]
    assert {one.content for one in found} == {PAGE}


def test_bodies_come_as_the_browser_would_see_them(tmp_path: Path, reader: str) -> None:
    html, pieces = ("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")
    packed = ("Content-Encoding", "gzip")
    path = tmp_path / f"{reader}.warc.gz"
    path.write_bytes(warc([
        Capture(chunked(PAGE), headers=(html, pieces)), Capture(gzip.compress(PAGE), headers=(html, packed)),
        Capture(chunked(gzip.compress(PAGE)), headers=(html, pieces, packed)),
    ]))  # fmt: skip
    assert [item(one).content for one in read(path)] == [PAGE] * 3


def test_only_pages_among_the_records(tmp_path: Path, reader: str) -> None:
    path = tmp_path / f"{reader}.warc.gz"
    path.write_bytes(warc([
        Capture(kind="resource"), Capture(kind="metadata"), Capture(b"", kind="revisit"),
        Capture(b"GIF89a", headers=(("Content-Type", "image/gif"),)), Capture(SHOP),
        Capture("标题\n发表于 2024-5-1 12:00".encode(), kind="conversion"),
    ]))  # fmt: skip
    page, text = map(item, read(path))
    assert (page.content, page.flattened) == (SHOP, False)
    assert (text.flattened, text.date, text.url) == (True, THEN, "https://bbs.example/thread-1-1-1.html")


def test_a_warc_falls_into_pieces_that_hold_every_record_once(
    tmp_path: Path, reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_warc, "PIECE", 4000)
    path = tmp_path / f"{reader}.warc.gz"
    urls = [f"https://bbs.example/{number}" for number in range(40)]
    path.write_bytes(warc([Capture(noise(300).hex().encode(), url) for url in urls]))
    assert len(list(chunks([path]))) > 3
    found = [item(one) for one in read(path)]
    assert [one.url for one in found] == urls
    for one in found:  # a source is the place of its record
        place = int(one.source.rpartition("@")[2])
        assert item(next(_warc.Warc(str(path), place, path.stat().st_size).items())).url == one.url


def test_a_warc_that_breaks_off(tmp_path: Path, reader: str) -> None:
    whole = warc([Capture(noise(3000).hex().encode()) for _ in range(4)])
    path = tmp_path / f"{reader}.warc.gz"
    path.write_bytes(whole[:-2000])
    found = read(path)
    assert [item(one).url for one in found[:3]] == ["https://bbs.example/thread-1-1-1.html"] * 3
    assert all(isinstance(one, Fault) or len(one.content) < 6000 for one in found[3:])


def test_a_broken_record_costs_no_other_piece(tmp_path: Path, reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_warc, "PIECE", 10_000)
    whole = bytearray(warc([Capture(noise(1500).hex().encode(), f"https://bbs.example/{at}") for at in range(20)]))
    whole[15_000:15_200] = noise(200)
    path = tmp_path / f"{reader}.warc.gz"
    path.write_bytes(whole)
    found = read(path)
    urls = [one.url for one in found if isinstance(one, Item)]
    assert urls[:3] == [f"https://bbs.example/{at}" for at in range(3)]
    assert urls[-3:] == [f"https://bbs.example/{at}" for at in range(17, 20)]
    assert all("\n" not in one.message for one in found if isinstance(one, Fault))


def test_no_warc_at_all(tmp_path: Path, reader: str) -> None:
    for name, content in {"a.warc.gz": b"<html>", "b.warc": noise(500), "c.warc.gz": b"", "d.warc": b""}.items():
        (tmp_path / f"{reader}-{name}").write_bytes(content)
    for one in read(tmp_path, tmp_path / "none.warc.gz"):
        assert isinstance(one, Fault)


def test_a_date_without_an_offset_is_in_utc(tmp_path: Path, reader: str) -> None:
    path = tmp_path / f"{reader}.warc"
    path.write_bytes(warc([Capture()], compressed=False).replace(DATE.encode(), b"2024-05-01T12:00:00 "))
    date = item(*read(path)).date
    assert date is None or date == THEN.astimezone(UTC)
