"""What a search for threads found, in the touch template (`mobile=2`): up to X3.4 titles only."""

from __future__ import annotations

from discuz_scrape._html import first, one_line
from discuz_scrape._source import Source
from discuz_scrape.models import ThreadList
from discuz_scrape.pages.lists._lists import Record, complete, read_all
from discuz_scrape.pages.lists.search import read_heading
from discuz_scrape.pages.phones._phone import forum_name
from discuz_scrape.pages.phones._touch_rows import lists_of, read_touch_row, touch_rows

__all__ = ["read"]


def read(page: Source) -> ThreadList:
    """One page of results; none is a result too."""
    page.for_phones = True
    root = page.root
    found: Record = {
        "list": "search",
        "threads": read_all(page, touch_rows(page, lists_of(root)), read_touch_row),
    }
    heading = first(root, ".threadlist_box > h2, .thread_tit")
    if heading is not None:
        read_heading(found, heading)
    asked = first(root, 'input[name="srchtxt"]')
    if found.get("title") is None and asked is not None:
        found["title"] = one_line(asked.attributes.get("value"))
    return ThreadList.model_validate(complete(page, found, forum_name(page)))
