"""Where pages come from."""

import gzip
import io
import os
import pickle
import random
import sys
import tarfile
import warnings
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import brotli
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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names")
def test_pipes_are_read_where_they_are_named_only(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.html")
    (tmp_path / "b.html").write_bytes(PAGE)
    for given in (tmp_path, tmp_path / "*.html"):
        assert [chunk.name for chunk in readable([given])] == [f"{tmp_path / 'b.html'} +1"]


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


class Counted:
    """A file system that counts the bytes that are read."""

    def __init__(self) -> None:
        self.read = 0

    def size(self, path: str) -> int:
        return Path(path).stat().st_size

    def open(self, path: str, _mode: str) -> io.BytesIO:
        system = self

        class File(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                found = super().read(size)
                system.read += len(found)
                return found

        return File(Path(path).read_bytes())


def test_a_record_that_is_larger_than_many_pieces_is_not_read_by_each(tmp_path: Path, reader: str) -> None:
    path = tmp_path / f"{reader}.warc.gz"
    film = Capture(noise(4 << 20), "https://bbs.example/film", headers=(("Content-Type", "video/mp4"),))
    path.write_bytes(warc([Capture(PAGE), film, Capture(GBK_PAGE)]))
    system = Counted()
    parts = list(_warc.whole(str(path), system).parted(1 << 18))
    assert [item(one).content for part in parts for one in part.items()] == [PAGE, GBK_PAGE]
    assert system.read < 5 * system.size(str(path))


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


def recorded(content: bytes, url: str = "https://bbs.example/1", *, length: object = None, **headers: str) -> bytes:
    """One record, as a crawler that takes it less exactly might write it."""
    told = {"WARC-Type": "response", "WARC-Target-URI": url, "WARC-Date": DATE, **headers}
    told["Content-Length"] = str(len(content) if length is None else length)
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items() if value)
    return f"WARC/1.0\r\n{head}\r\n".encode() + content + b"\r\n\r\n"


def answered(body: bytes, head: str = "") -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{head}\r\n".encode() + body


NEXT = recorded(answered(PAGE), "https://bbs.example/next")
RAW_DEFLATE = zlib.compress(PAGE)[2:-4]
BODIES: dict[str, tuple[str, bytes, bytes]] = {
    "brotli": ("Content-Encoding: br\r\n", brotli.compress(PAGE), PAGE),
    "zstandard": ("Content-Encoding: zstd\r\n", zstandard.compress(PAGE), PAGE),
    "deflate": ("Content-Encoding: deflate\r\n", zlib.compress(PAGE), PAGE),
    "raw deflate": ("Content-Encoding: deflate\r\n", RAW_DEFLATE, PAGE),
    "an old name": ("Content-Encoding: x-gzip\r\n", gzip.compress(PAGE), PAGE),
    "two encodings": ("Content-Encoding: gzip, br\r\n", brotli.compress(gzip.compress(PAGE)), PAGE),
    "packed on the way": ("Transfer-Encoding: gzip, chunked\r\n", chunked(gzip.compress(PAGE)), PAGE),
    "junk behind it": ("Content-Encoding: gzip\r\n", gzip.compress(PAGE) + b"junk", PAGE),
    "no encoding at all": ("Content-Encoding: utf-8\r\n", PAGE, PAGE),
    "gzip taken off": ("Content-Encoding: gzip\r\n", PAGE, PAGE),
    "brotli taken off": ("Content-Encoding: br\r\n", PAGE, PAGE),
    "chunks taken off": ("Transfer-Encoding: chunked\r\n", PAGE, PAGE),
    "words behind the sizes": ("Transfer-Encoding: chunked\r\n", b"%x;a=b\r\n%s\r\n0\r\n" % (len(PAGE), PAGE), PAGE),
    "chunks that break off": ("Transfer-Encoding: chunked\r\n", b"fffff\r\n" + PAGE, PAGE),
    "a size that is none": ("Transfer-Encoding: chunked\r\n", b"5\r\n<html\r\nno size", b"<htmlno size"),
    "an empty one": ("Content-Encoding: gzip\r\n", b"", b""),
}


@pytest.mark.parametrize("how", BODIES)
def test_headers_are_believed_as_far_as_the_body_bears_them_out(tmp_path: Path, reader: str, how: str) -> None:
    head, sent, body = BODIES[how]
    path = tmp_path / f"{reader}.warc.gz"
    path.write_bytes(gzip.compress(recorded(answered(sent, head))) + gzip.compress(NEXT))
    found = [item(one) for one in read(path)]
    assert [(one.url, one.content) for one in found] == [
        ("https://bbs.example/1", body), ("https://bbs.example/next", PAGE)
    ]  # fmt: skip


@pytest.mark.parametrize("pack", [gzip.compress, brotli.compress, zstandard.compress], ids=["gzip", "br", "zstd"])
def test_a_body_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path, reader: str, pack: Any) -> None:
    name = {gzip.compress: "gzip", brotli.compress: "br"}.get(pack, "zstd")
    path = tmp_path / f"{reader}.warc.gz"
    cut = pack(noise(300_000).hex().encode())[:-20_000]
    path.write_bytes(gzip.compress(recorded(answered(cut, f"Content-Encoding: {name}\r\n"))) + gzip.compress(NEXT))
    first, second = map(item, read(path))
    assert 0 < len(first.content) < 600_000
    assert second.content == PAGE


def test_a_bomb_is_one_fault(tmp_path: Path, reader: str) -> None:
    path = tmp_path / f"{reader}.warc.gz"
    bombs = [
        recorded(answered(pack(bytes(40 << 20)), f"Content-Encoding: {name}\r\n"))
        for pack, name in ((gzip.compress, "gzip"), (zstandard.compress, "zstd"))
    ]
    path.write_bytes(b"".join(map(gzip.compress, [*bombs, NEXT])))
    *faults, last = read(path)
    assert [fault(one).message for one in faults] == ["larger than 32 MiB"] * 2
    assert item(last).content == PAGE


def test_what_is_not_the_answer_of_a_server(tmp_path: Path, reader: str) -> None:
    path = tmp_path / f"{reader}.warc.gz"
    dns = recorded(b"20240501120000\r\nbbs.example. 60 IN A 192.0.2.1\r\n", "dns:bbs.example")
    path.write_bytes(b"".join(map(gzip.compress, [dns, recorded(PAGE, ""), recorded(answered(SHOP), ""), NEXT])))
    found = [item(one) for one in read(path)]
    assert [(one.url, one.content) for one in found] == [
        (None, PAGE), (None, SHOP), ("https://bbs.example/next", PAGE)
    ]  # fmt: skip


@pytest.mark.parametrize("length", [500, 50_000, 10**18, -5, "some"])
@pytest.mark.parametrize("suffix", [".warc", ".warc.gz"])
def test_a_length_that_is_wrong_costs_no_record_but_one(
    tmp_path: Path, reader: str, length: object, suffix: str, capfd: pytest.CaptureFixture[str]
) -> None:
    if suffix == ".warc" and length in (50_000, 10**18):
        length = len(PAGE) + 200  # in a file without members nothing tells where the next record begins
    pack = gzip.compress if suffix == ".warc.gz" else bytes
    path = tmp_path / f"{reader}{suffix}"
    records = [NEXT, recorded(answered(PAGE), length=length), *[NEXT] * 4]
    path.write_bytes(b"".join(map(pack, records)))
    urls = [one.url for one in read(path) if isinstance(one, Item) and one.content == PAGE]
    assert urls.count("https://bbs.example/next") >= (5 if suffix == ".warc.gz" else 4)
    assert capfd.readouterr().err == ""


def test_a_zstandard_warc_that_breaks_off_is_told(tmp_path: Path, reader: str) -> None:
    path = tmp_path / f"{reader}.warc.zst"
    path.write_bytes(zstandard.compress(NEXT) + zstandard.compress(NEXT)[:-10])
    first, told = read(path)
    assert item(first).content == PAGE
    assert fault(told).message


def test_entries_of_one_name_are_read_each(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the name that comes twice
        for content in (PAGE, GBK_PAGE):
            archive.writestr("a.html", content)
    assert [item(one).content for one in read(path)] == [PAGE, GBK_PAGE]


@pytest.mark.parametrize("how", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_broken_entry_costs_no_other(tmp_path: Path, how: int) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", how) as archive:
        for name in ("1.html", "2.html", "3.html"):
            archive.writestr(name, PAGE)
    broken = bytearray(path.read_bytes())
    broken[60:160] = noise(100)
    path.write_bytes(broken)
    assert [type(one) for one in read(path)] == [Fault, Item, Item]


@pytest.mark.parametrize("where", ["cut in a header", "a broken header"])
def test_a_tar_that_ends_too_early_is_told(tmp_path: Path, where: str) -> None:
    path = tarred(tmp_path / "a.tar", {f"{at}.html": PAGE for at in range(5)})
    whole = path.read_bytes()
    at = whole.index(b"3.html")
    path.write_bytes(whole[: at + 100] if where == "cut in a header" else whole[:at] + noise(512) + whole[at + 512 :])
    *pages, last = read(path)
    assert [item(one).source for one in pages] == [f"{path}!{at}.html" for at in range(3)]
    assert fault(last).source == str(path)


def mhtml(part: bytes, date: bytes = b"Wed, 1 May 2024 12:00:00 -0000") -> bytes:
    return (
        b"Snapshot-Content-Location: https://bbs.example/\r\nDate: " + date + b"\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n' + part + b"\r\n--x--\r\n"
    )


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Type: text/html; charset*", b"Content-Type: text/html" + b"; a=b" * 20_000,
        b"Content-Type: application/xhtml+xml", b"Content-Type: text/html\r\nContent-Location: " + b"a " * 50_000,
        b'Content-Type: text/html; charset="\xcc\xfb"', b"Content-Type: text/html\r\nContent-Transfer-Encoding: (",
    ],
    ids=["unfinished", "many", "xhtml", "address", "bytes", "encoding"],
)  # fmt: skip
@pytest.mark.parametrize("date", [b"Wed, 1 May 2024 12:00:00 -0000", b"0 0 0 0 0", b"Wed, 1 May 2024 12:00 +99999999"])
def test_odd_headers_of_a_saved_page_cost_nothing(tmp_path: Path, head: bytes, date: bytes) -> None:
    (tmp_path / "a.mhtml").write_bytes(mhtml(head + b"\r\n\r\n" + PAGE, date))
    assert item(*read(tmp_path)).content.strip() == PAGE.strip()


def test_parts_that_lie_too_deep_cost_no_other_page(tmp_path: Path) -> None:
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (at, at) for at in range(2000))
    (tmp_path / "a.mhtml").write_bytes(nested + b"Content-Type: text/html\r\n\r\n")
    (tmp_path / "b.html").write_bytes(PAGE)
    deep, page = read(tmp_path)
    assert fault(deep).message == "its parts lie too deep in each other"
    assert item(page).content == PAGE


def test_a_folded_address_is_one(tmp_path: Path) -> None:
    folded = b"Content-Type: text/html\r\nContent-Location: https://bbs.example/forum.php?\r\n mod=viewthread\r\n\r\n"
    (tmp_path / "a.mhtml").write_bytes(mhtml(folded + PAGE))
    assert item(*read(tmp_path)).url == "https://bbs.example/forum.php?mod=viewthread"
