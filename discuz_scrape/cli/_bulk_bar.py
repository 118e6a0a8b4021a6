"""What a person sees while many pages are read: how far it is, how fast, what went wrong, how long still."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from discuz_scrape.cli._progress import bar
from discuz_scrape.cli._report import is_watched

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["Update", "figures", "watching"]

Update = Callable[[int, str], None]
"""Takes how many pieces of work are done, and the figures that stand beside the bar."""


@contextmanager
def watching(count: Callable[[], int | None], done: int, *, shown: bool) -> Iterator[Update]:
    """Draw how far it is, where a person watches and nothing else is written there.

    `count` counts all pieces of work, of which so many are `done`; that is done aside, for it may take its time.
    """
    if not shown or not is_watched():
        yield lambda *_: None
        return
    with _progress() as progress:
        task = progress.add_task("Reading", total=None, completed=done, figures="")
        threading.Thread(target=lambda: progress.update(task, total=count()), daemon=True).start()
        yield lambda done, told: progress.update(task, completed=done, figures=told)


def figures(counts: Mapping[str, int], errors: Mapping[str, int], seconds: float) -> str:
    """Tell how many there are of each, how many in a second, and what went wrong how often."""
    told = [f"{number} {name}, {number / max(seconds, 0.001):.0f}/s" for name, number in counts.items()]
    wrong = ", ".join(f"{number} {name}" for name, number in sorted(errors.items()))
    return "; ".join(filter(None, (*told, wrong)))


def _progress() -> Progress:
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn

    return bar(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[figures]}", markup=False),
        TimeRemainingColumn(),
    )
