"""The index of a forum in the old template for phones (`mobile=1`, up to X3.4)."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import TAG_IDS, Node, children, first, inline_text, one_line, select, text_of, topmost
from discuz_scrape._source import Source
from discuz_scrape._words import MEMBERS, TODAY, YESTERDAY, count_of
from discuz_scrape.errors import ParseError
from discuz_scrape.models import ForumIndex
from discuz_scrape.pages.lists._boards import category_url
from discuz_scrape.pages.lists._lists import read_all
from discuz_scrape.pages.phones._phone import forum_name

__all__ = ["read", "read_mobile_board"]

_A = TAG_IDS["a"]
_CATEGORY = re.compile(r"viewgid=(\d{1,18})").search
_TODAY_IN_BRACKETS = re.compile(r"\s*[(（]\s?(\d{1,18})\s?[)）]").match
_ONLINE = re.compile(r"(?:在[线線]|online)\D{0,4}(\d{1,18})", re.IGNORECASE)

Record = dict[str, Any]


def read(page: Source) -> ForumIndex:
    """The index; raises ParseError for a page that lists no board."""
    page.for_phones = True
    root = page.root
    categories = [_read_category(page, box) for box in topmost(select(root, ".fl > .bm"))]
    if not any(category["forums"] for category in categories):
        raise ParseError("a forum index for phones that lists no board", url=page.url)
    index: Record = {"categories": tuple(categories), **_read_numbers(root)}
    index["site"] = page.site(forum_name(page))
    index["issues"] = tuple(page.issues)
    return ForumIndex.model_validate(index)


def _read_category(page: Source, box: Node) -> Record:
    """A category with its boards; where the owner folds them, all but one are empty, and the names are links."""
    head = first(box, ".bm_h")
    link = first(head, "a[href]") if head is not None else None
    number = _CATEGORY(link.attributes.get("href") or "") if link is not None else None
    fid = int(number[1]) or None if number is not None else None
    return {
        "fid": fid,
        "name": one_line(text_of(head)) if head is not None else None,
        "url": category_url(page, fid),
        "forums": read_all(page, topmost(select(box, ".bm_c")), read_mobile_board, "categories"),
    }


def read_mobile_board(page: Source, entry: Node) -> Record | None:
    """A board of a list: a link, and behind it in brackets the posts of today."""
    link = next((node for node in children(entry) if node.tag_id == _A and _is_board(node)), None)
    if link is None:
        return None
    href = link.attributes.get("href") or ""
    board: Record = {"fid": _urls.fid_in(href), "name": one_line(inline_text(link)), "url": page.absolute(href)}
    node = link.next
    while node is not None:
        if node.tag_id != _A and (found := _TODAY_IN_BRACKETS(text_of(node))) is not None:
            board["today"] = count_of(found[1])
        node = node.next
    return board


def _is_board(link: Node) -> bool:
    return _urls.is_board(link.attributes.get("href") or "") and one_line(inline_text(link)) is not None


def _read_numbers(root: Node) -> Record:
    """The line below the boards: numbers by the words before them."""
    stats: Record = {}
    online = None
    for box in topmost(select(root, ".box")):
        words = one_line(text_of(box)) or ""
        for field, pattern in (("today", TODAY), ("yesterday", YESTERDAY), ("members", MEMBERS)):
            if (found := pattern.search(words)) is not None:
                stats[field] = count_of(found[1])
        if (found := _ONLINE.search(words)) is not None:
            online = {"total": int(found[1])}
    return {"stats": stats or None, "online": online}
