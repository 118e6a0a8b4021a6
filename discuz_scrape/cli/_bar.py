"""What a person sees while many pages are read: how far it is, how fast, what went wrong, how long still."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from discuz_scrape.bulk._stats import Stats
from discuz_scrape.cli._report import is_watched

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["watching"]

Update = Callable[[Stats], None]


@contextmanager
def watching(count: Callable[[], int], done: int, *, shown: bool) -> Iterator[Update]:
    """Draw how far it is, where a person watches and nothing else is written there.

    `count` lists all pieces of work, of which so many are `done`; that is done aside, for it may take its time.
    """
    if not shown or not is_watched():
        yield lambda _: None
        return
    with _progress() as progress:
        task = progress.add_task("Reading", total=None, completed=done, figures="")
        threading.Thread(target=lambda: progress.update(task, total=count()), daemon=True).start()

        def update(stats: Stats) -> None:
            told = [
                f"{stats.pages} pages, {stats.pages_per_second:.0f}/s",
                f"{stats.posts} posts, {stats.posts_per_second:.0f}/s",
                f"{stats.failed} errors",
            ]
            progress.update(task, completed=stats.chunks, figures="; ".join(told if stats.failed else told[:2]))

        yield update


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[figures]}", markup=False),
        TimeRemainingColumn(),
        # `problem` writes to sys.stderr, which the bar redirects through itself while it is shown
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        speed_estimate_period=300,
    )
