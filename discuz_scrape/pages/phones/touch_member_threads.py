"""The threads of a member, in the touch template (`mobile=2`)."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import first, one_line, text_of
from discuz_scrape._source import Source
from discuz_scrape.models import ThreadList
from discuz_scrape.pages.lists._lists import complete, read_all
from discuz_scrape.pages.phones._phone import forum_name
from discuz_scrape.pages.phones._touch_rows import lists_of, read_touch_row, touch_rows

__all__ = ["read", "read_touch_member"]

_OF_MANY = re.compile(r"[?&]view=(?:we|all)\b").search

Record = dict[str, Any]


def read(page: Source) -> ThreadList:
    """One page of the list; of all members or of friends, where it names several authors."""
    page.for_phones = True
    threads = read_all(page, touch_rows(page, lists_of(page.root)), read_touch_row)
    authors = [thread["author"] for thread in threads if "author" in thread]
    member = _author_of_all(page, authors) if authors else read_touch_member(page)
    for thread in threads:
        if member is not None:
            thread["author"] = member
    shown: Record = {"list": "member", "member": member, "threads": threads}
    if member is not None:
        shown["title"] = member.get("name")
    return ThreadList.model_validate(complete(page, shown, forum_name(page)))


def _author_of_all(page: Source, authors: list[Record]) -> Record | None:
    """The member whom every entry names."""
    if _OF_MANY(page.address() or "") or any(author != authors[0] for author in authors):
        return None
    return authors[0] if "uid" in authors[0] else None


def read_touch_member(page: Source) -> Record | None:
    """The member whose list this is where no entry tells: by the page's address, else the viewer.

    Since X3.5 the heading of another member's list begins with the name.
    """
    uid = _urls.uid_in(page.address()) or page.viewer_uid()
    heading = first(page.root, ".header h2")
    name = one_line((one_line(text_of(heading)) or "").rpartition(" - ")[0]) if heading is not None else None
    member = {"name": name, "uid": uid or None}
    return member if uid or name else None
