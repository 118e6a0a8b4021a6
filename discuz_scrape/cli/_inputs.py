"""What is named on the command line: addresses, and pages one by one."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from discuz_scrape.sources import PAGE_SUFFIXES, STDIN, Chunk, Files, Piped, readable

__all__ = ["READ", "addresses", "are_many", "beginning", "how_many", "need_help", "typed"]

READ = f"{', '.join(sorted(PAGE_SUFFIXES))} (.gz and .zst too), .warc, .zip and .tar"
"""What is read of a folder."""
_SCHEME = re.compile(r"^([a-z][a-z0-9+.-]+):/(?!/)")

FEW = 8
"""Pieces of work (64 files, or a MiB of a WARC) that one process has done before others are ready to help."""
_BRIEF = 5
"""Files that need neither a progress bar nor a summary."""

Inputs = Iterable[str | os.PathLike[str]]


def addresses(given: Iterable[str]) -> Iterator[str]:
    """List the addresses that are meant: those given, and for - one for each line of standard input."""
    for url in given:
        if url != STDIN:
            yield url
            continue
        lines = (line.decode("utf-8", "replace").strip() for line in sys.stdin.buffer)
        yield from filter(None, lines)


def typed(path: Path) -> str:
    """A path as it was typed: of `s3://bucket`, a path has one slash left."""
    return _SCHEME.sub(r"\1://", str(path))


def beginning(inputs: Inputs) -> list[Chunk]:
    """The first pieces of work, one more than are few."""
    return list(islice(readable(inputs), FEW + 1))


def are_many(first: Sequence[Chunk]) -> bool:
    """Whether pieces of work are more than what is done in the twinkling of an eye."""
    brief = (isinstance(one, Piped) or (isinstance(one, Files) and len(one.paths) <= _BRIEF) for one in first)
    return len(first) > 1 or not all(brief)


def need_help(first: Sequence[Chunk]) -> bool:
    """Whether pieces of work are enough for many processes."""
    return len(first) > FEW or any(chunk.is_stream() and not isinstance(chunk, Piped) for chunk in first)


def how_many(inputs: Inputs) -> int | None:
    """Count all pieces of work; None where some can be counted only when they are read."""
    number = 0
    for chunk in readable(inputs):
        if chunk.is_stream():
            return None
        number += 1
    return number
