"""What makes a row the same as another capture of it."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from discuz_scrape.models import Model, Page, Post, Thread

__all__ = ["key_of"]

_IDS = {
    "thread": "pid", "board": "tid", "thread_list": "tid", "index": "fid", "user_posts": "pid", "profile": "uid",
    "tag_index": "id", "announcements": "id", "feed": "tid",
}  # fmt: skip
"""Kind of page to the field that is the number of a row."""
_PORT = re.compile(r":(?:80|443)?$")


def key_of(page: Page, row: Model) -> bytes:
    """The key of a row: the site, the kind and its number; without a number what it says.

    Where a page does not tell its site, a number alone would make posts of two forums one.
    """
    number: Any = getattr(row, _IDS[page.kind])
    site = _site(page)
    told: tuple[Any, ...]
    if number is not None and site:
        told = ("number", number)
    elif number is not None and isinstance(row, Post):
        told = ("number", number, row.author.name, row.timestamp and row.timestamp.isoformat())
    elif isinstance(row, Post):
        tid = row.tid if row.tid is not None or not isinstance(page, Thread) else page.tid
        told = ("words", tid, row.floor, row.author.name, row.body)
    else:
        told = ("whole", row.model_dump_json())
    words = repr((site, page.kind, told))
    return hashlib.blake2b(words.encode("utf-8", "backslashreplace"), digest_size=16).digest()


def _site(page: Page) -> str:
    """The forum, by http or https, with or without www, and the port that is meant anyway."""
    host, _, path = (page.site.url or "").lower().partition("://")[2].partition("/")
    return f"{_PORT.sub('', host.removeprefix('www.'))}/{path}" if host else ""
