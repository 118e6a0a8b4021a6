"""What became of pages, one by one and piece by piece."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from discuz_scrape.errors import DiscuzScrapeError
from discuz_scrape.models import Page
from discuz_scrape.sources import Fault, Item

__all__ = ["Batch", "Make", "Outcome", "Result"]

Make = Callable[[Page, Item], Any]
"""What to make of a page where it was parsed, so that only that must go from process to process."""


@dataclass(frozen=True, slots=True)
class Result:
    """One page of many, or why it could not be read."""

    source: str
    """Where it was found: a path, `archive.zip!name`, `crawl.warc.gz@offset`."""
    url: str | None
    """Its address, where the source tells."""
    page: Page | None
    """What it shows; None where there is an error."""
    error: DiscuzScrapeError | None
    """Why it could not be read; None where there is a page."""
    seconds: float
    """Processor time that it took."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one page."""

    source: str
    url: str | None
    kind: str
    """Kind of the page; "" where there is an error."""
    made: Any
    """What was made of the page; None where there is an error."""
    error: DiscuzScrapeError | None
    seconds: float
    fault: Fault | None = None
    """What could not be read at all, where that is the error."""


@dataclass(slots=True)
class Batch:
    """What became of one piece of work."""

    identity: str
    """Of the piece of work; see `Chunk`."""
    outcomes: list[Outcome] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    """How many pages the sieve dropped, by what they are instead of Discuz! pages."""
    pages: int = 0
    """How many pages it looked at, dropped ones included."""
    sealed: list[Any] = field(default_factory=list)
    """What `Job.seal` made of its outcomes, in their order; more than one where a process was lost on the way."""
