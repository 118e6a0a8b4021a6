"""What people see: problems and progress, on stderr, one line each."""

from __future__ import annotations

import sys
from pathlib import Path

from discuz_scrape.output import visible_line


def problem(path: Path | str, kind: str, message: object) -> None:
    """Tell of one problem: file or address, class, message."""
    sys.stderr.write(visible_line(f"{path}: {kind}: {message}") + "\n")
    sys.stderr.flush()


def may_be_shown(out: Path | None) -> bool:
    """Whether a progress bar would not get between the lines of the data."""
    return out is not None or not sys.stdout.isatty()


def is_watched() -> bool:
    """Whether a person may see what goes to stderr."""
    return sys.stderr.isatty()


def say(line: str) -> None:
    """Tell of something that is no problem."""
    sys.stderr.write(visible_line(line) + "\n")
    sys.stderr.flush()
