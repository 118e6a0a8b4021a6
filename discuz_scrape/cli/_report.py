"""What people see: problems and progress, on stderr, one line each."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from discuz_scrape.output import visible_line

MANY = 5
"""A progress bar is for more inputs than these."""


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


@contextmanager
def progress(paths: Sequence[Path], *, shown: bool) -> Iterator[Iterator[Path]]:
    """Go through the inputs; draw how far it is where a person watches and nothing else is written there."""
    if not shown or len(paths) <= MANY or not is_watched():
        yield iter(paths)
        return
    from rich.console import Console
    from rich.progress import Progress

    # `problem` writes to sys.stderr, which the bar redirects through itself while it is shown
    with Progress(console=Console(stderr=True), transient=True, redirect_stdout=False) as bar:
        yield iter(bar.track(paths, description="Reading"))
