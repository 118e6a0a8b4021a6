"""Content of any sort to a page: what has not one tag is text that somebody made of a page."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from discuz_scrape._data import is_data
from discuz_scrape._doors import parse_page, parse_text
from discuz_scrape._encoding import decode
from discuz_scrape.models import Page

__all__ = ["is_flattened", "parse_any"]

_TAG = re.compile(r"<[/!?]?[A-Za-z][^<>]*>")
_TAG_BYTES = re.compile(_TAG.pattern.encode())


def parse_any(content: bytes, *, content_type: str | None, formats: Collection[str], **options: Any) -> Page:
    """Parse a page, or flattened text where the page has not one tag and is no data either; as `parse_page` does."""
    if not _TAG_BYTES.search(content):  # UTF-16 hides its tags from this
        text = decode(content, content_type).text
        if is_flattened(text):
            return parse_text(text, **options)
    return parse_page(content, content_type=content_type, formats=formats, **options)


def is_flattened(text: str) -> bool:
    """Whether somebody made this text of a page: it has not one tag and is no data either."""
    return not _TAG.search(text) and not is_data(text)
