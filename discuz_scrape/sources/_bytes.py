"""Bytes of files: decompressed, within bounds."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import PurePath
from typing import BinaryIO, cast

from discuz_scrape._bounds import MAX_BYTES
from discuz_scrape.errors import ParseError

__all__ = ["COMPRESSED", "PAGE_SUFFIXES", "UNREADABLE", "decompressed", "opened", "page_suffix", "read_page"]

PAGE_SUFFIXES = frozenset({".html", ".htm", ".mhtml", ".mht", ".xml", ".json", ".txt"})
"""Endings of pages, before that of a compression."""
COMPRESSED = frozenset({".gz", ".zst"})
"""Endings of compressions."""

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"

UNREADABLE: tuple[type[Exception], ...] = (OSError, EOFError, zlib.error, ValueError, ParseError)
"""What reading a file may raise."""


def page_suffix(name: str) -> str:
    """The ending that tells what a file is, in lower case, without that of its compression."""
    path = PurePath(name.lower())
    return PurePath(path.stem).suffix or path.suffix if path.suffix in COMPRESSED else path.suffix


def opened(file: BinaryIO) -> BinaryIO:
    """A file whose bytes are decompressed as they are read, told by how it begins, not by its name."""
    head = file.peek(4) if isinstance(file, io.BufferedReader) else b""
    if head.startswith(_GZIP):
        return gzip.GzipFile(fileobj=file)  # type: ignore[return-value]
    if head.startswith(_ZSTD):
        return _zstd(file)
    return file


def decompressed(content: bytes) -> bytes:
    """The bytes of a page. Raises ParseError for too many."""
    if content.startswith((_GZIP, _ZSTD)):
        return read_page(io.BytesIO(content))
    return content


def read_page(file: BinaryIO) -> bytes:
    """Read one page to its end, decompressed. Raises ParseError for more than a page can have."""
    buffered = file if isinstance(file, io.BufferedReader) else io.BufferedReader(cast("io.RawIOBase", file))
    content = opened(buffered).read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ParseError(f"larger than {MAX_BYTES >> 20} MiB")
    return content


def _zstd(file: BinaryIO) -> BinaryIO:
    try:
        import zstandard
    except ImportError as error:
        raise ParseError('Zstandard needs more: pip install "discuz-scrape[bulk]"') from error
    reader: BinaryIO = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
    return reader
