"""What a client did so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from discuz_scrape.errors import DiscuzScrapeError

__all__ = ["Stats"]


@dataclass(slots=True)
class Stats:
    """What a client did so far."""

    requests: int = 0
    """Requests sent, robots.txt and redirects included; what the cache gives without asking is none."""
    pages: int = 0
    """Pages read."""
    bytes: int = 0
    """Bytes of bodies, without their Content-Encoding."""
    failures: int = 0
    """Tries that failed in a way that another try may mend."""
    waited: float = 0.0
    """Seconds of waiting, so as to be polite or before another try."""
    problems: list[DiscuzScrapeError] = field(default_factory=list)
    """What kept single threads of a board, or parts of a page, from being read, while the walk went on."""
