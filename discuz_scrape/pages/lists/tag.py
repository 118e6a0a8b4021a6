"""The page of a tag: the threads that carry it."""

from __future__ import annotations

import re

from discuz_scrape._html import first, one_line, select, text_of
from discuz_scrape._source import Source
from discuz_scrape.models import ThreadList
from discuz_scrape.pages.lists._lists import Record, complete, read_rows, refuse, settle_date_order, thread_rows

__all__ = ["read", "tag_id"]

_TAG_ID = re.compile(r"(?:mod=tag&(?:[^#]{0,99}&)?id=|\btag-)(\d{1,18})")
_LABEL = re.compile(r"[^:：]{1,40}[:：]\s*")


def read(page: Source) -> ThreadList:
    """The threads of a tag; blog entries may stand below them and are not read."""
    root = page.root
    box = first(root, ".tl")
    if box is None:
        raise refuse(page, "a tag page without threads")
    settle_date_order(page, select(box, "td.by em"))
    tag: Record = {"list": "tag", "threads": read_rows(page, thread_rows(box))}
    heading = first(root, "#ct h1, h1.mt")
    if heading is not None:
        tag["title"] = one_line(_LABEL.sub("", text_of(heading), count=1))
    links = select(root, '#pt a[href*="mod=tag"], .tl a[href*="mod=tag"]')
    tag["tag_id"] = next(filter(None, (tag_id(link.attributes.get("href")) for link in links)), tag_id(page.url))
    return ThreadList.model_validate(complete(page, tag))


def tag_id(href: str | None) -> int | None:
    """Number of the tag in a link to its page."""
    found = _TAG_ID.search(href) if href else None
    return int(found[1]) if found is not None else None
