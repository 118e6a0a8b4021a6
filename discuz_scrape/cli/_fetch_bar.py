"""What a person sees while pages are fetched: how far it is, how fast, how long still, and what is waited for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from discuz_scrape.cli._progress import bar
from discuz_scrape.cli._report import is_watched
from discuz_scrape.output import visible_line

if TYPE_CHECKING:
    from rich.progress import Progress

_LONG = 5.0
"""Seconds of waiting that are worth a word; the pauses between two pages are shorter."""


class Watch:
    """Nobody watches: it sleeps when told to, and says nothing."""

    def __init__(self, sleep: Callable[[float], object]) -> None:
        self._sleep = sleep

    def begins(self, url: str) -> None:
        """Another address is fetched."""

    def stands(self, done: int, total: int | None, *, posts: int, unit: str = "pages") -> None:
        """So much of it is done, with so many posts in all."""

    def ends(self) -> None:
        """Nothing more comes of this address."""

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._sleep(seconds)


class Bar(Watch):
    """A line on stderr for the address in hand."""

    def __init__(self, sleep: Callable[[float], object], progress: Progress) -> None:
        super().__init__(sleep)
        self._progress = progress
        self._task: Any = None
        self._posts = 0

    def begins(self, url: str) -> None:
        self._task = self._progress.add_task(visible_line(url), total=None, posts=self._posts, unit="pages", until=0.0)

    def stands(self, done: int, total: int | None, *, posts: int, unit: str = "pages") -> None:
        self._posts = posts
        self._progress.update(self._task, completed=done, total=total, posts=posts, unit=unit)

    def ends(self) -> None:
        self._progress.remove_task(self._task)
        self._task = None

    def sleep(self, seconds: float) -> None:
        if self._task is None or seconds < _LONG:
            super().sleep(seconds)
            return
        self._progress.update(self._task, until=time.monotonic() + seconds, refresh=True)
        try:
            super().sleep(seconds)
        finally:
            self._progress.update(self._task, until=0.0)


@contextmanager
def watching(sleep: Callable[[float], object], *, shown: bool) -> Iterator[Watch]:
    """Draw how far it is, where a person watches and nothing else is written there."""
    if not shown or not is_watched():
        yield Watch(sleep)
        return
    with _progress() as progress:
        yield Bar(sleep, progress)


def _progress() -> Progress:
    from rich.progress import BarColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.table import Column
    from rich.text import Text

    class Figures(ProgressColumn):
        """Pages, posts, speed."""

        def render(self, task: Task) -> Text:
            of = f"/{task.total:.0f}" if task.total is not None else ""
            speed = f", {task.speed:.2f}/s" if task.speed else ""
            return Text(f"{task.completed:.0f}{of} {task.fields['unit']}, {task.fields['posts']} posts{speed}")

    class Pause(ProgressColumn):
        """A long pause, while it lasts."""

        def render(self, task: Task) -> Text:
            left = task.fields["until"] - time.monotonic()
            return Text(f"waits {left:.0f} s" if left > 0 else "")

    return bar(
        TextColumn("{task.description}", markup=False, table_column=Column(ratio=1, overflow="ellipsis")),
        BarColumn(bar_width=16),
        Figures(table_column=Column(no_wrap=True)),
        TimeRemainingColumn(table_column=Column(no_wrap=True)),
        Pause(table_column=Column(no_wrap=True)),
        expand=True,
    )
