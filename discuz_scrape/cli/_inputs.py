"""What is named on the command line: addresses, and pages one by one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from discuz_scrape.sources import PAGE_SUFFIXES, STDIN, Chunk, Files, readable

__all__ = ["FEW", "READ", "addresses", "are_many", "beginning", "how_many"]

READ = f"{', '.join(sorted(PAGE_SUFFIXES))} (.gz and .zst too), .warc, .zip and .tar"
"""What is read of a folder."""
FEW = 8
"""Pieces of work (64 files, or a MiB of a WARC) that one process has done before others are ready to help."""
_BRIEF = 5
"""Files that need neither a progress bar nor a summary."""

Inputs = Sequence[str | os.PathLike[str]]


def addresses(given: Iterable[str]) -> Iterator[str]:
    """List the addresses that are meant: those given, and for - one for each line of standard input."""
    for url in given:
        if url != STDIN:
            yield url
            continue
        lines = (line.decode("utf-8", "replace").strip() for line in sys.stdin.buffer)
        yield from filter(None, lines)


def beginning(inputs: Inputs) -> list[Chunk]:
    """The first pieces of work, one more than are few; none of standard input, which can be read once."""
    return [] if STDIN in map(str, inputs) else list(islice(readable(inputs), FEW + 1))


def are_many(first: Sequence[Chunk]) -> bool:
    """Whether pieces of work are more than what is done in the twinkling of an eye."""
    return len(first) > 1 or any(not isinstance(one, Files) or len(one.paths) > _BRIEF for one in first)


def how_many(inputs: Inputs) -> int:
    """Count all pieces of work."""
    return sum(1 for _ in readable(inputs))
