"""Pages in WARC files: what crawls are kept in.

A WARC is read in pieces, so that many processes can read one file. The records of a compressed one are gzip members of
their own. A piece holds all that begin from the first border behind its start to the first one behind its end, and
looks for both itself, so that parting a file costs nothing and pieces agree whoever reads them. A WARC in a record of
another could make a border where none is; the piece before notices, for its last record does not end there, and tells.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from discuz_scrape._bounds import MAX_BYTES
from discuz_scrape.errors import ParseError
from discuz_scrape.sources._bytes import UNREADABLE, opened
from discuz_scrape.sources._item import Fault, Item
from discuz_scrape.sources._place import open_place, size_of

__all__ = ["Warc", "pieces", "whole"]

PIECE = 1 << 20  # bytes of a file that one piece holds
_WINDOW = 1 << 17
_MEMBER = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_VERSION = b"WARC/"
_NO_PAGES = ("image/", "video/", "audio/", "font/", "text/css", "application/javascript", "text/javascript")


@dataclass(frozen=True, slots=True)
class Warc:
    """The records of a WARC that begin between two places."""

    path: str
    start: int
    end: int
    filesystem: Any = None

    @property
    def name(self) -> str:
        """The file and where the piece begins."""
        return f"{self.path}@{self.start}"

    def parted(self, piece: int) -> Iterator[Warc]:
        """Give the same records in pieces of some bytes."""
        for start in range(self.start, max(self.end, self.start + 1), piece):
            yield replace(self, start=start, end=min(start + piece, self.end))

    def items(self) -> Iterator[Item | Fault]:
        """Read the pages among the records."""
        try:
            with open_place(self.path, self.filesystem) as file:
                start, end = _border(file, self.start), _border(file, self.end)
                if start is not None and start != end:
                    yield from self._between(file, start, end)
        except UNREADABLE as error:
            yield Fault.of(self.name, error)

    def _between(self, file: BinaryIO, start: int, end: int | None) -> Iterator[Item | Fault]:
        """Read on behind what is broken, as far as there are records."""
        place: int | None = start
        told = False
        while place is not None and (end is None or place < end):
            at = place
            try:
                file.seek(place)
                for record in _records(file):
                    at = place + record.offset
                    if end is not None and at >= end:
                        if at > end:
                            yield Fault(f"{self.path}@{end}", "ParseError", "the next piece begins within a record")
                        return
                    if record.kind:
                        yield _page(f"{self.path}@{at}", record)
            except UNREADABLE as error:
                if at > place or not told:
                    yield Fault.of(f"{self.path}@{at}", error)
                told = at > place  # of a record behind that one, which may be where it goes on
                place = _border(file, at + 1)
            else:
                return


def whole(path: str, filesystem: Any = None) -> Warc:
    """A WARC in one piece."""
    return Warc(path, 0, size_of(path, filesystem), filesystem)


def pieces(path: str) -> Iterator[Warc]:
    """Part a WARC into pieces of some megabytes, if it can be parted."""
    warc = whole(path)
    if warc.end > PIECE:
        with open(path, "rb") as file:
            if _border(file, PIECE) is not None:
                yield from warc.parted(PIECE)
                return
    yield warc


def _border(file: BinaryIO, place: int) -> int | None:
    """Where the first record begins that is not before a place; None where none does."""
    if place == 0:
        return 0
    file.seek(place)
    window = b""
    while more := file.read(_WINDOW):
        window += more
        at = window.find(_MEMBER)
        while at >= 0:
            head = window[at : at + _HEAD]
            if len(head) < _HEAD and len(more) == _WINDOW:
                break  # the next window tells
            if _begins_record(head):
                return place + at
            at = window.find(_MEMBER, at + 1)
        kept = at if at >= 0 else max(len(window) - len(_MEMBER) + 1, 0)
        place += kept
        window = window[kept:]
    return None


_HEAD = 512


def _begins_record(member: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(member, len(_VERSION)) == _VERSION
    except zlib.error:
        return False


class _Record(NamedTuple):
    offset: int
    kind: str
    """"response" or "conversion"; "" for one that holds no page."""
    url: str | None
    date: datetime | None
    content_type: str | None
    content: bytes

    @classmethod
    def without_page(cls, offset: int) -> _Record:
        return cls(offset, "", None, None, None, b"")


def _page(source: str, record: _Record) -> Item | Fault:
    if len(record.content) > MAX_BYTES:
        return Fault.of(source, ParseError(f"larger than {MAX_BYTES >> 20} MiB"))
    flattened = record.kind == "conversion"
    return Item(source, record.content, record.url, record.content_type, record.date, flattened)


def _records(file: BinaryIO) -> Iterator[_Record]:
    """The records of a file; by FastWARC where it is installed, else by warcio."""
    try:
        import fastwarc.warc as fast
    except ImportError:
        return _by_warcio(file)
    return _by_fastwarc(file, fast)


def _by_fastwarc(file: BinaryIO, fast: Any) -> Iterator[_Record]:
    start = file.tell()
    wanted = fast.WarcRecordType.response | fast.WarcRecordType.conversion
    for record in fast.ArchiveIterator(file, record_types=fast.WarcRecordType.any_type, auto_decode="all"):
        offset = record.stream_pos - start
        http = record.http_headers
        content_type = http.get("Content-Type") if http is not None else None
        if not (record.record_type & wanted and _is_page(content_type)):
            yield _Record.without_page(offset)
        else:
            kind = "conversion" if record.record_type == fast.WarcRecordType.conversion else "response"
            url = record.headers.get("WARC-Target-URI")
            content = record.reader.read(MAX_BYTES + 1)
            yield _Record(offset, kind, _bare(url), record.record_date, content_type, content)


def _by_warcio(file: BinaryIO) -> Iterator[_Record]:
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise ParseError('WARC files need more: pip install "discuz-scrape[warc]"') from error
    start = file.tell()
    given = 0
    try:
        for record in _of_warcio(ArchiveIterator(_without_zstd(file, start)), start):
            given += 1
            yield record
    except ArchiveLoadFailed as error:
        if start or "non-chunked gzip" not in str(error):
            raise ParseError(f"a broken record: {str(error).strip()}") from error
    else:
        return
    file.seek(0)  # it is one gzip member from the first record to the last
    yield from islice(_of_warcio(ArchiveIterator(opened(file)), 0), given, None)


def _without_zstd(file: BinaryIO, start: int) -> BinaryIO:
    is_packed = file.read(len(_ZSTD)) == _ZSTD
    file.seek(start)
    return opened(file) if is_packed else file


def _of_warcio(records: Any, start: int) -> Iterator[_Record]:
    for record in records:
        http = record.http_headers
        content_type = http.get_header("Content-Type") if http is not None else None
        if record.rec_type not in ("response", "conversion") or not _is_page(content_type):
            yield _Record.without_page(records.get_record_offset() - start)
        else:
            content = record.content_stream().read(MAX_BYTES + 1)
            url = record.rec_headers.get_header("WARC-Target-URI")
            date = _date(record.rec_headers.get_header("WARC-Date"))
            offset = records.get_record_offset() - start
            yield _Record(offset, record.rec_type, _bare(url), date, content_type, content)


def _is_page(content_type: str | None) -> bool:
    return not (content_type or "").lower().lstrip().startswith(_NO_PAGES)


def _bare(url: str | None) -> str | None:
    """An address without the angle brackets that some writers put around it."""
    return url.strip("<> ") or None if url else None


def _date(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
