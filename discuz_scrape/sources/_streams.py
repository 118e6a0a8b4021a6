"""Sources that can be read from their beginning only: pipes, archives and crawls that are compressed as a whole.

Nobody can part them among processes. They are read where the work is dealt out, a few pages at a time, so that memory
stays flat however long they are.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from discuz_scrape.sources._borders import VERSION
from discuz_scrape.sources._bytes import opened, read_page
from discuz_scrape.sources._files import Held, item_of, pages_of_tar
from discuz_scrape.sources._item import Chunk, Fault, Item, writable
from discuz_scrape.sources._warc import pages_of_stream

__all__ = ["STDIN", "Piped", "is_piped", "spread"]

STDIN = "-"
_TOGETHER, _BYTES = 64, 4 << 20  # of pages in one piece of work
_TAR, _TAR_AT = b"ustar", 257


def spread(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """Give pieces of work, those that are streams in pieces of a few pages that are in memory already."""
    for chunk in chunks:
        if chunk.is_stream():
            yield from _parts(chunk)
        else:
            yield chunk


def _parts(chunk: Chunk) -> Iterator[Held]:
    pages: list[Item | Fault] = []
    size = 0
    for page in chunk.items():
        pages.append(page)
        size += len(page.content) if isinstance(page, Item) else 0
        if len(pages) >= _TOGETHER or size >= _BYTES:
            yield Held(tuple(pages))
            pages, size = [], 0
    if pages:
        yield Held(tuple(pages))


def is_piped(path: str) -> bool:
    """Whether what is called so can be read once: standard input, a pipe, a device."""
    return path == STDIN or (os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path))


@dataclass(frozen=True, slots=True)
class Piped(Chunk):
    """What comes through a pipe: a page, a WARC or a tar archive, told by how it begins."""

    path: str

    @property
    def name(self) -> str:
        """The name of the pipe."""
        return writable(self.path)

    def is_stream(self) -> bool:
        """No other process can read it."""
        return True

    def items(self) -> Iterator[Item | Fault]:
        """Read it to its end."""
        try:
            with nullcontext(sys.stdin.buffer) if self.path == STDIN else open(self.path, "rb") as pipe:
                yield from _pages(self.path, cast("BinaryIO", pipe))
        except Exception as error:  # noqa: BLE001 - a compression raises what it likes
            yield Fault.of(self.path, error)


def _pages(path: str, pipe: BinaryIO) -> Iterator[Item | Fault]:
    content: Any = opened(pipe)
    head = content.peek(_TAR_AT * 2)
    if head.startswith(VERSION):
        yield from pages_of_stream(path, content)
    elif head.startswith(_TAR, _TAR_AT):
        yield from pages_of_tar(path, content)
    else:
        yield item_of(path, read_page(content))
