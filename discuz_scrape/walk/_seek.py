"""Finding the page on which a time begins, without reading those before it."""

from __future__ import annotations

from datetime import datetime

from discuz_scrape.models import Thread

__all__ = ["Seek"]


class Seek:
    """Looks for the last page that begins before a time: from the end in growing strides, then by halves."""

    def __init__(self, low: int, high: int, since: datetime) -> None:
        self.low = low
        """A page that begins before the time."""
        self._high = high
        self._since = since
        self._stride = 0
        self._found: Thread | None = None

    @property
    def done(self) -> bool:
        """Whether `low` is the page."""
        return self.low >= self._high

    @property
    def probe(self) -> int:
        """Number of the page to look at next."""
        return max(self.low + 1, self._high - self._stride)

    def look(self, number: int, begins: datetime | None, page: Thread) -> Thread | None:
        """Tell when a page begins; give the page found, if it was looked at."""
        if begins is None or number <= self.low:  # it cannot be told: read on from what is known
            self._high = self.low
        elif begins >= self._since:
            self._high = number - 1
            self._stride = 2 * self._stride + 1
        else:
            self.low, self._found = number, page
            self._stride = (self._high - number) // 2
        return self._found if self.done else None
