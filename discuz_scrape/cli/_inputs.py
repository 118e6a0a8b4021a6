"""What is named on the command line: addresses, and pages one by one."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from discuz_scrape.sources import PAGE_SUFFIXES, STDIN, Fault, Item, readable

__all__ = ["READ", "addresses", "pages"]

READ = f"{', '.join(sorted(PAGE_SUFFIXES))} (.gz and .zst too), .warc, .zip and .tar"
"""What is read of a folder."""


def addresses(given: Iterable[str]) -> Iterator[str]:
    """List the addresses that are meant: those given, and for - one for each line of standard input."""
    for url in given:
        if url != STDIN:
            yield url
            continue
        lines = (line.decode("utf-8", "replace").strip() for line in sys.stdin.buffer)
        yield from filter(None, lines)


def pages(inputs: Iterable[Path]) -> Iterator[Item | Fault]:
    """Read all pages that are meant, and what cannot be read in its place among them."""
    for chunk in readable(inputs):
        yield from chunk.items()
