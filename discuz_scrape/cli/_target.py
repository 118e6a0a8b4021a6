"""Where data goes: standard output line by line, or a file that is replaced only when it is whole."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, cast

from discuz_scrape._place import Place

STDOUT = Path("-")

_BLOCK = 1 << 16


@contextmanager
def opened(path: Path | None, *, keep_old: Callable[[], bool]) -> Iterator[TextIO]:
    """Open the target; a file is written beside its place and moved there, unless an error or `keep_old` forbids it."""
    if path is None or path == STDOUT:
        yield _standard_output()
        return
    place = Place(path)
    place.create()
    try:
        with _text(place.draft, "w") as file:
            yield file
        if not keep_old():
            place.settle(place.draft)
    finally:
        place.drop()


@contextmanager
def appended(path: Path | None) -> Iterator[TextIO]:
    """Open the target to add lines to it, each sent at once; a line that a broken run left unfinished is taken away."""
    if path is None or path == STDOUT:
        yield _standard_output()
        return
    if path.is_file():
        _drop_unfinished_line(path)
    with _text(path, "a") as file:
        yield file


def _drop_unfinished_line(path: Path) -> None:
    with path.open("rb+") as file:
        end = file.seek(0, os.SEEK_END)
        start, tail = end, b""
        while start and b"\n" not in tail:
            start = max(start - _BLOCK, 0)
            file.seek(start)
            tail = file.read(_BLOCK)
        file.truncate(start + tail.rfind(b"\n") + 1)


def _text(path: Path, mode: str) -> TextIO:
    """Open a file for lines as they go to standard output."""
    buffering = 1 if mode == "a" else -1
    return cast("TextIO", path.open(mode, buffering, encoding="utf-8", errors="backslashreplace", newline="\n"))


def _standard_output() -> TextIO:
    """Make standard output UTF-8 whatever the locale, and send every line at once."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n", line_buffering=True)
    return sys.stdout


def drop_standard_output() -> None:
    """Let what is still to be written go nowhere: the reader is gone, and the interpreter flushes at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):  # standard output is no file
        pass
    finally:
        os.close(nowhere)
