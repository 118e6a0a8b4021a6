"""Pages in WARC files: what crawls are kept in.

A WARC is read in pieces, so that many processes can read one file. The records of a compressed one are gzip members of
their own: a piece begins at the first member after its border. A page that holds the bytes of such a member could make
a border where none is; the piece before notices, for its last record does not end there, and says so.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from discuz_scrape._bounds import MAX_BYTES
from discuz_scrape.errors import ParseError
from discuz_scrape.sources._bytes import UNREADABLE, opened
from discuz_scrape.sources._item import Fault, Item

__all__ = ["Warc", "pieces"]

PIECE = 1 << 20  # bytes of a file that one piece holds
_WINDOW = 1 << 20
_MEMBER = b"\x1f\x8b\x08"
_VERSION = b"WARC/"
_NO_PAGES = ("image/", "video/", "audio/", "font/", "text/css", "application/javascript", "text/javascript")


@dataclass(frozen=True, slots=True)
class Warc:
    """The records of a WARC that begin between two places."""

    path: str
    start: int
    end: int | None
    """None for all to the end of the file."""

    @property
    def name(self) -> str:
        """The file and where the piece begins."""
        return f"{self.path}@{self.start}"

    def items(self) -> Iterator[Item | Fault]:
        """Read the pages among the records."""
        try:
            with open(self.path, "rb") as file:
                file.seek(self.start)
                for record in _records(file):
                    offset = self.start + record.offset
                    if self.end is not None and offset >= self.end:
                        break
                    yield _page(f"{self.path}@{offset}", record)
        except UNREADABLE as error:
            yield Fault.of(self.name, error)


def pieces(path: str) -> Iterator[Warc]:
    """Part a WARC into pieces of some megabytes, as far as it can be parted."""
    with open(path, "rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        compressed = file.read(len(_MEMBER)) == _MEMBER
        start = 0
        while compressed and start + PIECE < size:
            border = _border(file, start + PIECE, size)
            if border is None:
                break
            yield Warc(path, start, border)
            start = border
    yield Warc(path, start, None)


def _border(file: BinaryIO, place: int, size: int) -> int | None:
    """Where the first record begins that is behind a place."""
    while place < size:
        file.seek(place)
        window = file.read(_WINDOW)
        at = window.find(_MEMBER)
        while at >= 0:
            if _begins_record(window[at : at + _HEAD]):
                return place + at
            at = window.find(_MEMBER, at + 1)
        place += max(len(window) - _HEAD, 1)
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
    url: str | None
    date: datetime | None
    content_type: str | None
    content: bytes


def _page(source: str, record: _Record) -> Item | Fault:
    if len(record.content) > MAX_BYTES:
        return Fault.of(source, ParseError(f"larger than {MAX_BYTES >> 20} MiB"))
    flattened = record.kind == "conversion"
    return Item(source, record.content, record.url, record.content_type, record.date, flattened)


def _records(file: BinaryIO) -> Iterator[_Record]:
    """The pages in a file; by FastWARC where it is installed, else by warcio."""
    try:
        import fastwarc.warc as fast
    except ImportError:
        return _by_warcio(file)
    return _by_fastwarc(file, fast)


def _by_fastwarc(file: BinaryIO, fast: Any) -> Iterator[_Record]:
    start = file.tell()
    wanted = fast.WarcRecordType.response | fast.WarcRecordType.conversion
    for record in fast.ArchiveIterator(file, record_types=wanted, auto_decode="all"):
        http = record.http_headers
        content_type = http.get("Content-Type") if http is not None else None
        if _is_page(content_type):
            kind = "conversion" if record.record_type == fast.WarcRecordType.conversion else "response"
            url = record.headers.get("WARC-Target-URI")
            content = record.reader.read(MAX_BYTES + 1)
            yield _Record(record.stream_pos - start, kind, _bare(url), record.record_date, content_type, content)


def _by_warcio(file: BinaryIO) -> Iterator[_Record]:
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise ParseError('WARC files need more: pip install "discuz-scrape[warc]"') from error
    start = file.tell()
    given = 0
    try:
        for record in _of_warcio(ArchiveIterator(_without_zstd(file)), start):
            given += 1
            yield record
    except ArchiveLoadFailed as error:
        if start or "non-chunked gzip" not in str(error):
            raise ParseError(f"a broken record: {str(error).strip()}") from error
    else:
        return
    file.seek(0)  # it is one gzip member from the first record to the last
    yield from islice(_of_warcio(ArchiveIterator(opened(file)), 0), given, None)


def _without_zstd(file: BinaryIO) -> BinaryIO:
    head = file.peek(1) if isinstance(file, io.BufferedReader) else b""
    return file if head.startswith((_MEMBER[:1], _VERSION[:1])) else opened(file)


def _of_warcio(records: Any, start: int) -> Iterator[_Record]:
    for record in records:
        http = record.http_headers
        content_type = http.get_header("Content-Type") if http is not None else None
        if record.rec_type in ("response", "conversion") and _is_page(content_type):
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
