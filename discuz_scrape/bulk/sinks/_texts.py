"""Lines of JSON, one JSON array, Markdown and text: plain or compressed, to a file or to standard output."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from discuz_scrape._disk import bring_to_disk
from discuz_scrape._place import Place
from discuz_scrape.bulk._outcome import Batch
from discuz_scrape.bulk.sinks._journal import reopened
from discuz_scrape.bulk.sinks._sink import Sink, chosen, forget
from discuz_scrape.errors import ParseError
from discuz_scrape.models import Page
from discuz_scrape.output import Format, write
from discuz_scrape.sources import Item

__all__ = ["COMPRESSIONS", "Array", "Headed", "Texts"]

Compress = Callable[[bytes], bytes]


def _plain(content: bytes) -> bytes:
    return content


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, 6, mtime=0)  # the same bytes in every run


def _zstd(content: bytes) -> bytes:
    import zstandard

    return zstandard.ZstdCompressor().compress(content)


COMPRESSIONS: dict[str, Compress] = {"": _plain, ".gz": _gzip, ".zst": _zstd}
"""Ending of a file to how its pieces are compressed: each is a member or frame of its own, so it can be cut there."""


class Texts(Sink):
    """Pages one after the other, as `output.write` has them; nothing stands between two of them."""

    def __init__(self, fmt: Format, body: str | None, *, whole: bool = False, compression: str = "") -> None:
        self._compress = COMPRESSIONS[compression]
        self.make = partial(_text, fmt=fmt, body=body, whole=whole)
        self.seal = partial(_sealed, compress=self._compress)
        self._file: BinaryIO | None = None
        if compression == ".zst":
            _need_zstandard()

    def begin(self, place: Place, at: dict[str, Any]) -> None:
        """Open the draft, or cut it to the size that it had."""
        if place.is_device:
            self._file = place.path.open("wb")
        else:
            self._file = reopened(place, at.get("size", 0))
        self._draft = place.draft

    def begin_stream(self, file: BinaryIO) -> None:
        """Write to an open file; it is flushed with every batch."""
        self._file = file
        self._draft = Path("-")

    def write(self, batch: Batch, kind: str) -> None:  # noqa: ARG002 - all kinds go together
        """Write what the worker has put together."""
        for content in batch.sealed:
            self._put(content)

    def write_lines(self, lines: Iterable[str], kind: str) -> None:  # noqa: ARG002
        """Write lines as they are."""
        self.put_text("".join(f"{line}\n" for line in lines))

    def put_text(self, text: str) -> None:
        """Write a piece of text, compressed by itself."""
        if text:
            self._put(self._compress(_bytes(text)))

    def _put(self, content: bytes) -> None:
        assert self._file is not None  # noqa: S101 - `begin` comes first
        self._file.write(content)
        self._file.flush()

    def mark(self) -> dict[str, Any]:
        """Tell the size."""
        assert self._file is not None  # noqa: S101
        bring_to_disk(self._file)
        return {"size": self._file.tell()}

    def end(self) -> Path:
        """Close the file."""
        self.finish_text()
        assert self._file is not None  # noqa: S101
        self._file.close()
        return self._draft

    def finish_text(self) -> None:
        """Write what stands at the end."""

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            with suppress(OSError):  # what is still held back cannot be written either
                self._file.close()


class Headed(Texts):
    """A text that begins with what stands there once; so it is put together here, not by workers."""

    def __init__(self, fmt: Format, body: str | None, *, whole: bool = False, compression: str = "") -> None:
        super().__init__(fmt, body, whole=whole, compression=compression)
        self.seal = None
        self._begun = False

    def begin(self, place: Place, at: dict[str, Any]) -> None:
        """Go on behind the last piece."""
        super().begin(place, at)
        self._begun = at.get("begun", False)

    def mark(self) -> dict[str, Any]:
        """Tell the size, and whether the beginning stands."""
        return {**super().mark(), "begun": self._begun}


class Array(Headed):
    """One array of JSON."""

    def __init__(self, *, whole: bool = False, compression: str = "") -> None:
        super().__init__(Format.jsonl, None, whole=whole, compression=compression)

    def write(self, batch: Batch, kind: str) -> None:
        """Write the objects of all pages."""
        self.write_lines(filter(None, "".join(chosen(batch, kind)).split("\n")), kind)

    def write_lines(self, lines: Iterable[str], kind: str) -> None:  # noqa: ARG002
        """Write objects, a comma between them."""
        if text := ",\n".join(lines):
            self.put_text((",\n" if self._begun else "[\n") + text)
            self._begun = True

    def finish_text(self) -> None:
        """Close the array."""
        self.put_text("\n]\n" if self._begun else "[]\n")


def _text(page: Page, _: Item, *, fmt: Format, body: str | None, whole: bool) -> str:
    return "".join(write([page], fmt, body=body, whole=whole))


def _sealed(batch: Batch, *, compress: Compress) -> None:
    text = "".join(chosen(batch, ""))
    forget(batch)
    if text:
        batch.sealed.append(compress(_bytes(text)))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _need_zstandard() -> None:
    try:
        import zstandard  # noqa: F401
    except ImportError as error:
        raise ParseError('Zstandard needs more: pip install "discuz-scrape[bulk]"') from error
