"""The guide (导读) in the touch template (`mobile=2`): up to X3.4 the hot threads only, since X3.5 several views."""

from __future__ import annotations

import re

from discuz_scrape._html import first, one_line, text_of
from discuz_scrape._source import Source
from discuz_scrape.models import ThreadList
from discuz_scrape.pages.lists._lists import Record, complete, read_all, refuse
from discuz_scrape.pages.phones._phone import forum_name
from discuz_scrape.pages.phones._touch_rows import lists_of, read_touch_row, touch_rows

__all__ = ["read"]

_VIEW = re.compile(r"[?&]view=(\w{1,20})").search


def read(page: Source) -> ThreadList:
    """One view of the guide; none in it is a list too."""
    page.for_phones = True
    root = page.root
    boxes = lists_of(root)
    if not boxes and first(root, ".threadlist_box") is None:
        raise refuse(page, "a touch page of the guide")
    tab = first(root, ".dhnv a.mon, .user_fun .on a")
    found = _VIEW((tab.attributes.get("href") if tab is not None else None) or page.address() or "")
    heading = first(root, ".thread_tit") or tab
    guide: Record = {
        "list": "guide",
        "title": one_line(text_of(heading)) if heading is not None else None,
        "view": found[1] if found is not None else None,
        "threads": read_all(page, touch_rows(page, boxes), read_touch_row),
    }
    return ThreadList.model_validate(complete(page, guide, forum_name(page)))
