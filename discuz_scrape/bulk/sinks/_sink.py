"""What every output is: what workers make of a page for it, and what becomes of that in the main process."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from discuz_scrape._place import Place
from discuz_scrape.bulk._outcome import Batch, Make
from discuz_scrape.models import Issue, Page
from discuz_scrape.output._rows import items
from discuz_scrape.sources import Item

__all__ = ["Keeper", "Made", "Seal", "Sink", "chosen", "forget", "making"]

Seal = Callable[[Batch], None]
"""What a worker does with a piece of work before it is sent: make one thing of what was made of its pages."""


@dataclass(slots=True)
class Made:
    """What was made of a page for an output, and what is to be told of it."""

    payload: Any
    rows: int
    issues: tuple[Issue, ...]


def making(make: Make, kinds: Collection[str]) -> Make:
    """Make something of pages of some kinds, or all; None of others."""
    return partial(_made, make=make, kinds=frozenset(kinds))


def _made(page: Page, item: Item, *, make: Make, kinds: frozenset[str]) -> Made | None:
    if kinds and page.kind not in kinds:
        return None
    return Made(make(page, item), sum(1 for _ in items(page)), page.issues)


def chosen(batch: Batch, kind: str) -> list[Any]:
    """List what was made of the pages of a kind, or of all."""
    return [
        outcome.made.payload for outcome in batch.outcomes if outcome.made is not None and kind in ("", outcome.kind)
    ]


def forget(batch: Batch) -> None:
    """Leave behind what was made of each page, where one thing was made of all."""
    for outcome in batch.outcomes:
        if outcome.made is not None:
            outcome.made.payload = None


class Sink:
    """An output. `make` and `seal` go to other processes; what they give comes back in batches, in order."""

    kinds: tuple[str, ...] = ()
    """Kinds of page that are written unless others are asked for; none for all."""
    one_kind = False
    """Whether it is a table of one kind of page."""
    make: Make
    """What to make of a page; see `Make`."""
    seal: Seal | None = None
    duplicates = 0
    """Rows that were left out, for there is a newer capture."""

    def begin(self, place: Place, at: dict[str, Any]) -> None:
        """Open the draft; where `at` says where it stood, cut it to that and go on from there."""
        raise NotImplementedError

    def write(self, batch: Batch, kind: str) -> None:
        """Write what was made of a piece of work; of pages of one kind only, where `kind` is not empty."""
        raise NotImplementedError

    def write_lines(self, lines: Iterable[str], kind: str) -> None:
        """Write rows of one kind that are lines of JSON already."""
        raise NotImplementedError

    def mark(self) -> dict[str, Any]:
        """Bring to the disk what was written, and tell where that stands; for `begin`."""
        raise NotImplementedError

    def end(self) -> Path:
        """Write what is still missing, close the file, and tell which one is whole now."""
        raise NotImplementedError

    def tidy(self, whole: Path) -> None:
        """Take out of the whole file what was of use while it was made; may be done again."""

    def close(self) -> None:
        """Let go of all files, whatever happened; may be done again."""


class Keeper(Sink):
    """An output that is a database: it keeps the state of the run itself, so that both change at once or not at all."""

    def recall(self) -> str | None:
        """Give the state that was kept last."""
        raise NotImplementedError

    def keep(self, state: str) -> None:
        """Keep the state together with all that was written since."""
        raise NotImplementedError
