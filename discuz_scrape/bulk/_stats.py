"""What came of a run, in numbers."""

from __future__ import annotations

import heapq
from collections import Counter
from typing import Annotated

from pydantic import BaseModel, PlainSerializer

from discuz_scrape.bulk._outcome import Batch
from discuz_scrape.sources import writable

__all__ = ["Stats"]

_SLOWEST = 10


Told = Annotated[str, PlainSerializer(writable)]
"""A name as a system gives it, which may be no text."""


class Stats(BaseModel):
    """Numbers of a run; of all its parts where it was resumed."""

    inputs: list[Told] = []
    """What was to be read."""
    chunks: int = 0
    """Pieces of work that were done."""
    pages: int = 0
    """Pages that were looked at: those that gave rows, those dropped and those that failed."""
    kinds: Counter[str] = Counter()
    """Kind of page to how many were read."""
    dropped: Counter[str] = Counter()
    """How many pages the sieve dropped, by what they are instead."""
    errors: Counter[str] = Counter()
    """Class of what went wrong to how often it did."""
    posts: int = 0
    """Posts of threads that were read."""
    rows: int = 0
    """Rows that were read, posts among them."""
    duplicates: int = 0
    """Rows that were left out, for there is a newer capture."""
    seconds: float = 0.0
    """How long it took."""
    pages_per_second: float = 0.0
    """Pages looked at, by that."""
    posts_per_second: float = 0.0
    """Posts read, by that."""
    slowest: list[tuple[float, Told]] = []
    """The pages that took most processor time: seconds, and where they are."""

    @property
    def failed(self) -> int:
        """How many things went wrong."""
        return sum(self.errors.values())

    def add(self, batch: Batch) -> None:
        """Count a piece of work."""
        self.chunks += 1
        self.pages += batch.pages
        self.dropped.update(batch.dropped)
        for outcome in batch.outcomes:
            if outcome.error is not None:
                self.errors[outcome.fault.kind if outcome.fault else type(outcome.error).__name__] += 1
                continue
            self.kinds[outcome.kind] += 1
            rows = outcome.made.rows if outcome.made is not None else 0
            self.rows += rows
            self.posts += rows if outcome.kind == "thread" else 0
        timed = [(round(outcome.seconds, 4), outcome.source) for outcome in batch.outcomes]
        self.slowest = heapq.nlargest(_SLOWEST, [*self.slowest, *timed])

    def took(self, seconds: float) -> None:
        """Set how long it took."""
        self.seconds = round(seconds, 3)
        self.pages_per_second = round(self.pages / seconds, 1) if seconds else 0.0
        self.posts_per_second = round(self.posts / seconds, 1) if seconds else 0.0

    def line(self) -> str:
        """Tell the most important of it in one line."""
        told = [
            f"{self.pages} pages", f"{self.posts} posts", f"{self.rows - self.posts} other rows",
            f"{self.duplicates} duplicates", f"{sum(self.dropped.values())} pages dropped", f"{self.failed} errors",
        ]  # fmt: skip
        told = told[:2] + [part for part in told[2:] if not part.startswith("0 ")]
        speed = f"{self.pages_per_second:.0f} pages/s, {self.posts_per_second:.0f} posts/s"
        return f"{', '.join(told)} in {self.seconds:.1f} s: {speed}"
