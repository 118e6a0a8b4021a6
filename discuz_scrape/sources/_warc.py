"""Pages in WARC files: what crawls are kept in.

A WARC is read in pieces, so that many processes can read one file. The records of a compressed one are gzip members of
their own. A piece holds all that begin from the first border behind its start to the first one behind its end, and
looks for both itself, so that parting a file costs nothing and pieces agree whoever reads them. A WARC in a record of
another could make a border where none is; the piece before notices, for its last record does not end there, and tells.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from discuz_scrape._bounds import MAX_BYTES
from discuz_scrape.errors import ParseError
from discuz_scrape.sources._borders import PIECE, VERSION, border, breaks_off, is_parted, next_place
from discuz_scrape.sources._bytes import UNREADABLE, opened
from discuz_scrape.sources._http import answer_of, body_of
from discuz_scrape.sources._item import Chunk, Fault, Item, moment_of, writable
from discuz_scrape.sources._place import open_place, size_of

__all__ = ["Warc", "check_readers", "pages_of_stream", "pieces", "whole"]

_ZSTD = b"\x28\xb5\x2f\xfd"
_NEXT = b"\r\n\r\n" + VERSION
_MOST = MAX_BYTES + (1 << 20)  # bytes of a record that are read: a page and its head
_NO_PAGES = ("image/", "video/", "audio/", "font/", "text/css", "application/javascript", "text/javascript")
_TOLD = ("WARC-Target-URI", "WARC-Date")
_NO_ANSWERS = ("dns:", "whois:", "ntp:")


@dataclass(frozen=True, slots=True)
class Warc(Chunk):
    """The records of a WARC that begin between two places."""

    path: str
    start: int
    end: int
    filesystem: Any = None

    @property
    def name(self) -> str:
        """The file and where the piece begins."""
        return writable(f"{self.path}@{self.start}")

    def is_stream(self) -> bool:
        """Whether it is the whole of a file that cannot be parted."""
        if self.start > 0 or self.end <= PIECE:
            return False
        try:
            with open_place(self.path, self.filesystem) as file:
                return not is_parted(file, PIECE)
        except Exception:  # noqa: BLE001 - it is told when it is opened
            return False

    def parted(self, piece: int) -> Iterator[Warc]:
        """Give the same records in pieces of some bytes."""
        for start in range(self.start, max(self.end, self.start + 1), piece):
            yield replace(self, start=start, end=min(start + piece, self.end))

    def items(self) -> Iterator[Item | Fault]:
        """Read the pages among the records."""
        try:
            with open_place(self.path, self.filesystem) as file:
                start = border(file, self.start, max(self.end, 1))
                if start is not None:
                    yield from self._from(file, start)
        except UNREADABLE as error:
            yield Fault.of(self.name, error)

    def _from(self, file: BinaryIO, start: int) -> Iterator[Item | Fault]:
        """Read on behind what is broken, as far as there are records of this piece."""
        place: int | None = start
        end = self.end if self.end < file.seek(0, os.SEEK_END) else None
        told = False
        while place is not None and (end is None or place < end):
            at = place
            try:
                file.seek(place)
                for record in _records(file):
                    at = place + record.offset
                    if end is not None and at >= end:
                        if border(file, end, at) is not None:
                            yield Fault(f"{self.path}@{end}", "ParseError", "the next piece begins within a record")
                        return
                    if record.kind and (found := _page(f"{self.path}@{at}", record)) is not None:
                        yield found
            except Exception as error:  # noqa: BLE001 - nobody knows what the readers of others raise
                if at > place or not told:
                    yield Fault.of(f"{self.path}@{at}", error)
                told = at > place  # of a record behind that one, which may be where it goes on
                place = next_place(file, start, at + 1)
            else:
                if end is None and breaks_off(file, at):
                    yield Fault.of(f"{self.path}@{at}", EOFError("the file breaks off within a record"))
                return


def check_readers() -> None:
    """Raise ParseError where nothing is installed that reads a WARC."""
    if find_spec("warcio") is None and find_spec("fastwarc") is None:
        raise ParseError('WARC files need more: pip install "discuz-scrape[warc]"')


def pages_of_stream(path: str, file: BinaryIO) -> Iterator[Item | Fault]:
    """The pages of an open WARC that can be read once; what follows a broken record cannot be read."""
    try:
        check_readers()
        for record in _of_stream(file):
            if record.kind and (found := _page(f"{path}@{record.offset}", record)) is not None:
                yield found
    except Exception as error:  # noqa: BLE001 - nobody knows what the readers of others raise
        yield Fault.of(path, error)


def whole(path: str, filesystem: Any = None) -> Warc:
    """A WARC in one piece."""
    return Warc(path, 0, size_of(path, filesystem), filesystem)


def pieces(path: str) -> Iterator[Warc]:
    """Part a WARC into pieces of some megabytes, if it can be parted."""
    warc = whole(path)
    if warc.end > PIECE:
        with open(path, "rb") as file:
            if is_parted(file, PIECE):
                yield from warc.parted(PIECE)
                return
    yield warc


class _Record(NamedTuple):
    offset: int
    kind: str
    """"response" or "conversion"; "" for one that holds no page."""
    url: str | None
    date: str | None
    content: bytes
    """As it stands in the file."""

    @classmethod
    def without_page(cls, offset: int) -> _Record:
        return cls(offset, "", None, None, b"")


def _page(source: str, record: _Record) -> Item | Fault | None:
    """What a record holds; None for a picture and the like."""
    url, date = _bare(record.url), moment_of(record.date)
    if record.kind == "conversion":
        return _checked(Item(source, record.content, url, None, date, flattened=True, crawled=True))
    answer = answer_of(record.content)
    if answer is None and (url or "").startswith(_NO_ANSWERS):
        return None
    if answer is None:
        return _checked(Item(source, record.content, url, None, date, crawled=True))
    content_type = answer.headers.get("content-type")
    if not _is_page(content_type):
        return None
    try:
        return Item(source, body_of(answer), url, content_type, date, crawled=True)
    except ParseError as error:
        return Fault.of(source, error)


def _checked(item: Item) -> Item | Fault:
    if len(item.content) > MAX_BYTES:
        return Fault.of(item.source, ParseError(f"larger than {MAX_BYTES >> 20} MiB"))
    return item


def _records(file: BinaryIO) -> Iterator[_Record]:
    """The records of a file; by FastWARC where it is installed, else by warcio."""
    try:
        import fastwarc.warc as fast
    except ImportError:
        return _by_warcio(file)
    return _by_fastwarc(file, fast)


def _by_fastwarc(file: BinaryIO, fast: Any) -> Iterator[_Record]:
    base = start = file.tell()
    options = {"record_types": fast.WarcRecordType.any_type, "parse_http": False, "auto_decode": "none"}
    following: int | None = start
    while following is not None:
        start, following = following, None
        file.seek(start)
        for record in fast.ArchiveIterator(file, **options):
            offset = record.stream_pos - base
            kind = _kind(record.headers.get("WARC-Type"))
            if not kind:
                yield _Record.without_page(offset)
                continue
            content = record.reader.read(_MOST)
            following = _within(file, base + offset, content)
            if following is not None:
                content = content[: content.find(_NEXT) + len(_NEXT) - len(VERSION)]
            url, date = map(record.headers.get, _TOLD)
            yield _Record(offset, kind, url, date, content)
            if following is not None:
                break


def _within(file: BinaryIO, place: int, content: bytes) -> int | None:
    """Where the next member of a file begins, if a record runs into it, for it says that it is longer than it is."""
    if _NEXT not in content:
        return None
    before = file.tell()
    following = border(file, place + 1)
    file.seek(before)
    return following


def _by_warcio(file: BinaryIO) -> Iterator[_Record]:
    from warcio.exceptions import ArchiveLoadFailed

    start = file.tell()
    given = 0
    try:
        for record in _of_warcio(_without_zstd(file, start), start):
            given += 1
            yield record
    except ArchiveLoadFailed as error:
        if start or "non-chunked gzip" not in str(error):
            raise ParseError(f"a broken record: {str(error).strip()}") from error
    else:
        return
    file.seek(0)  # it is one gzip member from the first record to the last
    yield from islice(_of_stream(file), given, None)


def _without_zstd(file: BinaryIO, start: int) -> Any:
    is_packed = file.read(len(_ZSTD)) == _ZSTD
    file.seek(start)
    return _Stream(opened(file)) if is_packed else file


def _of_stream(file: BinaryIO) -> Iterator[_Record]:
    """The records of a file that can be read once."""
    return _of_warcio(_Stream(opened(file)), 0)


class _Stream:
    """A stream for warcio, which takes an EOFError for the end: it must be told that a file breaks off."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def read(self, size: int) -> bytes:
        """Give what there is before the place where it breaks off."""
        try:
            return bytes(self._file.read1(size))
        except EOFError as error:
            raise OSError(str(error)) from error


def _of_warcio(file: Any, start: int) -> Iterator[_Record]:
    from warcio.archiveiterator import ArchiveIterator

    records = ArchiveIterator(file, no_record_parse=True)
    records.INC_RECORD = ""  # what it would write to stderr: the bytes of a page
    for record in records:
        if records.err_count:
            raise ParseError("a broken record: it is longer than it says")
        kind, offset = _kind(record.rec_type), records.offset - start
        if not kind:
            yield _Record.without_page(offset)
        else:
            content = b"".join(_parts(record.raw_stream))
            url, date = map(record.rec_headers.get_header, _TOLD)
            yield _Record(offset, kind, url, date, content)


def _parts(stream: Any) -> Iterator[bytes]:
    left = _MOST
    while left and (part := stream.read(left)):
        left -= len(part)
        yield part


def _kind(told: str | None) -> str:
    kind = (told or "").lower()
    return kind if kind in ("response", "conversion") else ""


def _is_page(content_type: str | None) -> bool:
    return not (content_type or "").lower().lstrip().startswith(_NO_PAGES)


def _bare(url: str | None) -> str | None:
    """An address without the angle brackets that some writers put around it."""
    return url.strip("<> ") or None if url else None
