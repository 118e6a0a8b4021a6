"""The touch template's thread page (`mobile=2`), of X3.0 to X3.4 and of X3.5: from its text to a `Thread`."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._bounds import check_bounds
from discuz_scrape._html import Node, beginning_of, first, one_line, parse, select, text_of
from discuz_scrape._source import Source
from discuz_scrape._words import PENDING
from discuz_scrape.models import Thread
from discuz_scrape.pages.phones._phone import assemble, fill_head, read_landmarks, split_types
from discuz_scrape.pages.phones._touch_post import TOUCH_LANDMARKS, TouchPost
from discuz_scrape.pages.threads._head import Link, thread_url

__all__ = ["read"]

_SELECTOR = (
    '[id^="pid"],.display,.authi,.avatar,.message,.quote,.tags,img[id^="aimg_"],a[id^="aid"],a[href*="action=attachpay"],'
    '[id^="comment_"],[id^="ratelog_"],[id^="recommendv_"],[id^="review_"]'
)
_OWN_LINKS = '.postlist > h2 a[href], .txtlist .mtit a[href], .pg a[href], .footer a[href*="mobile=no"]'
"""The thread's other orders, views and pages; any other link may be somebody's."""
_FRAME = re.compile(r"pid(\d+)|#replybtn_(\d+)").fullmatch
_BOLD_NAME = re.compile(r"</em>\s{0,20}<b>", re.IGNORECASE)

Record = dict[str, Any]


def read(page: Source) -> Thread:
    """The thread of a page in the touch template; raises ParseError where no post can be read."""
    page.for_phones = True
    repaired = _close_names(page.text)
    root = page.root if repaired is None else _parse_repaired(page, repaired)
    page.settle_date_order(map(beginning_of, select(root, "li.rela,li.mtime")))
    readers = read_landmarks(page, select(root, _SELECTOR), _number_of, TOUCH_LANDMARKS, TouchPost)
    heading = first(root, ".view_tit,.postlist > h2") or _find_heading(page, root)
    thread, pending = _read_head(page, root, heading)
    if thread["tid"] is None:
        thread["tid"] = _tid_in_tools(root, readers)
        thread["url"] = thread_url(page, thread["tid"])
    return assemble(page, root, thread, readers, pending=pending, heading=heading)


def _parse_repaired(page: Source, text: str) -> Node:
    markup = text.encode()
    check_bounds(markup, page.url)
    return parse(markup)


def _close_names(text: str) -> str | None:
    """The page without those `b` tags which X3.4 leaves open before a name that is no link; None where none is.

    All the rest of the page would be inside them.
    """
    kept = []
    done = line_end = bold_end = 0
    for found in _BOLD_NAME.finditer(text):
        at = found.end()
        if line_end < at:
            line_end = _find(text, "</li>", at)
        if bold_end < at:
            bold_end = _find(text, "</b>", at)
        if line_end < bold_end:
            kept.append(text[done : at - len("<b>")])
            done = at
    return "".join([*kept, text[done:]]) if kept else None


def _find(text: str, mark: str, start: int) -> int:
    at = text.find(mark, start)
    return at if at >= 0 else len(text)


def _number_of(node: Node) -> str | None:
    """The pid of a frame: in its id, and up to X3.0 only in the address of its reply button."""
    attributes = node.attributes
    for told in (attributes.get("id"), attributes.get("href")):
        if told and (found := _FRAME(told)) is not None:
            return found[1] or found[2]
    return None


def _tid_in_tools(root: Node, readers: list[TouchPost]) -> int | None:
    """The thread, where nothing at its head names it: in the links of a post's tools, which name the post as well."""
    numbers = {int(reader.number) for reader in readers}
    written = set[int]().union(*(reader.seen for reader in readers))
    for link in select(root, 'a[href*="pid="]'):
        href = link.attributes.get("href") or ""
        if link.mem_id not in written and _urls.pid_in(href) in numbers and (tid := _urls.tid_in(href)) is not None:
            return tid
    return None


def _find_heading(page: Source, root: Node) -> Node | None:
    """A heading before the posts that is the first part of the page's title."""
    title = page.title_words()
    for node in select(root, 'h1,h2,[id^="pid"]'):
        if node.tag not in ("h1", "h2"):
            return None
        words = one_line(text_of(node))
        if title and words and (title == words or title.startswith(f"{words} - ")):
            return node
    return None


def _read_head(page: Source, root: Node, heading: Node | None) -> tuple[Record, bool]:
    """What stands around the posts, and whether the thread is under review."""
    thread: Record = {"subject": None}
    state = ""
    own: list[Node] = []
    if heading is not None:
        own = select(heading, "a[href]")
        thread["subject"], marks, state = split_types(page, heading, lambda node: node.tag in ("a", "span"))
        thread.update(zip(("type_name", "sort_name"), marks, strict=False))
        if thread["subject"] is None:  # a link as a whole
            thread["subject"], state = one_line(text_of(heading)), ""
    fill_head(page, thread, crumbs=_read_board(root), links=[*own, *select(root, _OWN_LINKS)])
    return thread, PENDING.search(state) is not None


def _read_board(root: Node) -> list[Link]:
    """The board: the link back to it; up to X3.4 its name stands beside that, whose words may be `返回`."""
    for link in select(root, "header a,.header a,.nav a,.pt a"):
        href = link.attributes.get("href") or ""
        if _urls.is_board(href):
            names = [*select(root, "header .name,.nav .name"), link]
            return [(href, next((words for node in names if (words := one_line(text_of(node)))), ""))]
    return []
