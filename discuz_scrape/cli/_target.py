"""Where data goes: standard output line by line, or a file that is replaced only when it is whole."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

STDOUT = Path("-")


@contextmanager
def opened(path: Path | None, *, keep_old: Callable[[], bool]) -> Iterator[TextIO]:
    """Open the target; a file is written beside its place and moved there, unless an error or `keep_old` forbids it."""
    if path is None or path == STDOUT:
        yield _standard_output()
        return
    place = path.resolve()
    if place.exists() and not place.is_file():  # a device or a pipe cannot be replaced
        with place.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            yield file
        return
    draft = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    try:
        with draft.open("x", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            yield file
        if place.exists():
            shutil.copymode(place, draft)
        if not keep_old():
            draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)


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
