"""The index of a forum in the touch template (`mobile=2`), of X3.0 to X3.4 and of X3.5."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape._html import (
    TAG_IDS,
    TEXT,
    Node,
    first,
    has_class,
    inline_text,
    one_line,
    outermost,
    select,
    text_of,
    topmost,
)
from discuz_scrape._source import Source
from discuz_scrape._words import POSTS, count_of
from discuz_scrape.errors import ParseError
from discuz_scrape.models import ForumIndex
from discuz_scrape.pages.lists._boards import category_url, fid_of
from discuz_scrape.pages.lists._lists import read_all
from discuz_scrape.pages.lists.index import read_announcements
from discuz_scrape.pages.phones._phone import forum_name

__all__ = ["read", "read_touch_board"]

_A = TAG_IDS["a"]
_CATEGORY = re.compile(r"sub[_-]forum_(\d{1,18})").fullmatch
_LONGEST_NAME = 100
_COUNT = re.compile(r"\D{0,20}(\d{1,3}(?:,\d{3})+|\d{1,18})(?![\d.]*\s?[万萬kK]|\.\d)").match  # a rounded one is none
_PRIVATE = ("私密版块", "私密版塊")
"""In place of the name of a board that the viewer may not enter."""
_NO_DESCRIPTION = ("暂无版块介绍", "暫無版塊介紹", "链接到外部地址", "鏈接到外部地址")
"""In place of a description."""

Record = dict[str, Any]


def read(page: Source) -> ForumIndex:
    """The index; raises ParseError for a page that lists no board."""
    page.for_phones = True
    root = page.root
    categories = [_read_category(page, box) for box in topmost(select(root, ".sub_forum, .sub-forum"))]
    categories = [category for category in categories if category["forums"]]
    if not categories:
        raise ParseError("a forum index for phones that lists no board", url=page.url)
    index: Record = {
        "categories": tuple(categories),
        "stats": _read_stats(root),
        "announcements": read_announcements(page, first(root, "#ann")),
        "site": page.site(forum_name(page)),
        "issues": tuple(page.issues),
    }
    return ForumIndex.model_validate(index)


def _read_category(page: Source, box: Node) -> Record:
    """A category: its name stands in the box before that of its boards."""
    number = _CATEGORY(box.id or "")
    fid = int(number[1]) if number is not None else None
    head = box.prev
    while head is not None and head.tag_id == TEXT:
        head = head.prev
    return {
        "fid": fid,
        "name": _read_heading(head) if head is not None else None,
        "url": category_url(page, fid),
        "forums": read_all(page, list(outermost(box, "li")) or outermost(box, "a"), read_touch_board, "categories"),
    }


def _read_heading(box: Node) -> str | None:
    """The name of a category; a skin may have it without a heading."""
    heading = first(box, "h2")
    if heading is None and any(fid_of(link.attributes.get("href")) for link in select(box, "a[href]")):
        return None
    words = one_line(text_of(heading or box))
    return words if words is not None and len(words) < _LONGEST_NAME else None


def read_touch_board(page: Source, entry: Node) -> Record | None:
    """A board of a list: its name in a link, with the posts of today; since X3.5 some words below it."""
    links = [entry] if entry.tag_id == _A else topmost(select(entry, "a[href]"))
    link = next((node for node in links if inline_text(node).strip()), None)
    if link is None:
        return None
    href = link.attributes.get("href")
    board: Record = {"fid": fid_of(href), "url": page.absolute(href)}
    lines = list(outermost(link, "p"))
    _read_name(board, lines[0] if lines else link)
    for line in lines[1:]:
        if _in_two_columns(entry):
            _read_counters(board, line)
        else:
            words = one_line(text_of(line))
            board["description"] = None if words in _NO_DESCRIPTION else words
    return board


def _read_name(board: Record, line: Node) -> None:
    """The name, with the posts of today in a box of their own."""
    words = text_of(line)
    for node in outermost(line, "span"):
        if _is_today(node):
            said = text_of(node)
            words = words.replace(said, "", 1) if words.startswith(said) else words.removesuffix(said)
            board["today"] = _number_in(said)
    name = one_line(words)
    board["name"] = None if name in _PRIVATE else name


def _is_today(node: Node) -> bool:
    return has_class(node, "num") or has_class(node, "mnum")


def _number_in(words: str) -> int | None:
    found = _COUNT(words)
    return count_of(found[1]) if found is not None else None


def _in_two_columns(entry: Node) -> bool:
    """Whether boards stand in two columns: there the line below a name is no description."""
    box = entry.parent.parent if entry.parent is not None else None
    return box is not None and has_class(box, "mlist2")


def _read_counters(board: Record, line: Node) -> None:
    """The number of posts, rounded with the whole in a title when large, then the posts of today."""
    said = text_of(line)
    for node in outermost(line, "span"):
        if _is_today(node):
            board["today"] = _number_in(text_of(node))
            said = said.removesuffix(text_of(node))
        else:
            board["post_count"] = count_of(node.attributes.get("title") or "")
    if (counted := POSTS.search(said)) is not None:
        board.setdefault("post_count", count_of(counted[1]))


def _read_stats(root: Node) -> Record | None:
    """The numbers of the whole forum, which the owner may show since X3.5."""
    numbers = [count_of(inline_text(node)) for node in topmost(select(root, ".stat li em"))]
    return dict(zip(("today", "yesterday", "posts", "members"), numbers, strict=False)) or None
