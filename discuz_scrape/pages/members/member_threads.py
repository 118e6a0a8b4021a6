"""The threads of a member, in the member's space."""

from __future__ import annotations

from discuz_scrape._html import first, select
from discuz_scrape._source import Source
from discuz_scrape.models import ThreadList
from discuz_scrape.pages.lists._lists import Record, complete, read_rows, settle_date_order, thread_rows
from discuz_scrape.pages.members._space import read_member

__all__ = ["read"]


def read(page: Source) -> ThreadList:
    """One page of the list; of all members or of friends, where it names the author of each thread."""
    box = first(page.root, "form#delform") or page.root
    settle_date_order(page, select(box, "td em"))
    threads = read_rows(page, thread_rows(box))
    member = None if any("author" in thread for thread in threads) else read_member(page)
    for thread in threads:
        if member is not None:
            thread["author"] = {"name": member.get("name"), "uid": member.get("uid")}
    shown: Record = {"list": "member", "member": member, "threads": threads}
    if member is not None:
        shown["title"] = member.get("name")
    return ThreadList.model_validate(complete(page, shown))
