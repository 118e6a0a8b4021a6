"""What may be made of a page in the process that parsed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from discuz_scrape.models import Page
from discuz_scrape.output import rows
from discuz_scrape.sources import Item

__all__ = ["RowsOf", "page_itself"]


def page_itself(page: Page, _: Item) -> Page:
    """Keep the page as it is."""
    return page


@dataclass(frozen=True, slots=True)
class RowsOf:
    """The rows of pages of one kind, with times as `datetime`; pages of other kinds give none."""

    kind: str

    def __call__(self, page: Page, _: Item) -> list[dict[str, Any]]:
        """Give the rows of a page."""
        return list(rows(page, mode="python")) if page.kind == self.kind else []
