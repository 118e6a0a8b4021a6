"""The archiver's page of a board: the boards below it, and a numbered list of its threads with their replies."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import Node, one_line, select, text_of
from discuz_scrape._source import Source
from discuz_scrape.models import Board
from discuz_scrape.pages.plain._archiver import Frame

__all__ = ["read"]

_REPLIES = re.compile(r"\s*[(（]\s{0,9}(-|\d{1,18})").match

Record = dict[str, Any]


def read(page: Source) -> Board:
    """The board of an archiver page."""
    frame = Frame(page)
    below = [box for box in select(frame.root, "#content > ul:not([type])") if select(box, "li")]
    current, total = frame.pages()
    board: Record = {
        "forum": _read_head(page, frame),
        "subforums": tuple(forum for box in below for forum in frame.boards(box)),
        "threads": tuple(
            thread
            for link in select(frame.root, '#content ul[type="1"] li > a[href]')
            if (thread := _read_row(page, link)) is not None
        ),
        "page": current,
        "total_pages": total,
        "site": frame.site(),
        "issues": tuple(page.issues),
    }
    return Board.model_validate(board)


def _read_head(page: Source, frame: Frame) -> Record:
    pager = [link.attributes.get("href") for link in select(frame.root, "div.page a[href]")]
    hrefs = (frame.original_href, page.canonical(), page.url, *pager[:1])
    parent = frame.path[-1] if len(frame.path) > 1 else None
    return {
        "fid": next(filter(None, map(_urls.fid_in, hrefs)), None),
        "name": frame.title,
        "url": frame.url,
        "parent": {"fid": _urls.fid_in(parent[0]), "name": parent[1]} if parent is not None else None,
    }


def _read_row(page: Source, link: Node) -> Record | None:
    """A thread; what went elsewhere has a dash for its replies."""
    href = link.attributes.get("href")
    subject = one_line(text_of(link))
    if subject is None or href is None:
        return None
    behind = link.next
    found = _REPLIES(text_of(behind)) if behind is not None else None
    count = found[1] if found is not None else ""
    return {
        "tid": _urls.tid_in(href),
        "url": page.absolute(href),
        "subject": subject,
        "replies": int(count) if count.isdecimal() else None,
        "moved": count == "-",
    }
