"""Bytes of files: decompressed, within bounds."""

from __future__ import annotations

import gzip
import io
import zlib
from contextlib import suppress
from pathlib import PurePath
from typing import Any, BinaryIO, cast

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

with suppress(ImportError):
    from zstandard import ZstdError

    UNREADABLE += (ZstdError,)


def page_suffix(name: str) -> str:
    """The ending that tells what a file is, in lower case, without that of its compression."""
    path = PurePath(name.lower())
    return PurePath(path.stem).suffix or path.suffix if path.suffix in COMPRESSED else path.suffix


def opened(file: BinaryIO) -> BinaryIO:
    """A file whose bytes are decompressed as they are read, told by how it begins, not by its name."""
    buffered = file if isinstance(file, io.BufferedReader) else io.BufferedReader(cast("io.RawIOBase", file))
    head = buffered.peek(4)
    if head.startswith(_GZIP):
        return cast("BinaryIO", gzip.GzipFile(fileobj=buffered))
    return _zstd(buffered) if head.startswith(_ZSTD) else buffered


def decompressed(content: bytes) -> bytes:
    """The bytes of a page. Raises ParseError for too many."""
    if content.startswith((_GZIP, _ZSTD)):
        return read_page(io.BytesIO(content))
    return content


def read_page(file: BinaryIO) -> bytes:
    """Read one page to its end, decompressed. Raises ParseError for more than a page can have."""
    content = opened(file).read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ParseError(f"larger than {MAX_BYTES >> 20} MiB")
    return content


def _zstd(file: BinaryIO) -> BinaryIO:
    try:
        import zstandard
    except ImportError as error:
        raise ParseError('Zstandard needs more: pip install "discuz-scrape[bulk]"') from error
    return cast("BinaryIO", io.BufferedReader(_Zstd(file, zstandard.ZstdDecompressor())))


class _Zstd(io.RawIOBase):
    """Frames of Zstandard, one after the other. Its own reader takes a file that breaks off for a whole one."""

    def __init__(self, file: BinaryIO, decompressor: Any) -> None:
        self._file, self._decompressor = file, decompressor
        self._frame: Any = None
        self._held = b""

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Give what a few bytes of the file become."""
        while not self._held:
            ended = self._frame is None or self._frame.eof
            piece = (self._frame.unused_data if ended and self._frame else b"") or self._file.read(_SIP)
            if not piece and ended:
                return 0
            if not piece:
                raise EOFError("it breaks off")
            if ended:
                self._frame = self._decompressor.decompressobj()
            self._held = self._frame.decompress(piece)
        size = min(len(buffer), len(self._held))
        buffer[:size] = self._held[:size]
        self._held = self._held[size:]
        return size


_SIP = 256  # bytes of a file, that can become 8 MiB at most
