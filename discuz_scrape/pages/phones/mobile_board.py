"""The page of a board in the old template for phones (`mobile=1`, up to X3.4)."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import (
    TAG_IDS,
    TEXT,
    Node,
    children,
    descendants,
    elements,
    first,
    one_line,
    select,
    text_of,
    topmost,
)
from discuz_scrape._source import Source
from discuz_scrape.models import Board
from discuz_scrape.pages.lists._boards import board_url, counts_in
from discuz_scrape.pages.lists._lists import complete, read_all, refuse, settle_date_order
from discuz_scrape.pages.lists._marks import read_icons, read_picture
from discuz_scrape.pages.lists._titles import thread_url
from discuz_scrape.pages.phones._phone import forum_name
from discuz_scrape.pages.phones.mobile_index import read_mobile_board
from discuz_scrape.pages.phones.touch_board import read_filters
from discuz_scrape.pages.threads._author import read_name_link
from discuz_scrape.pages.threads._head import Link, links_in

__all__ = ["read"]

_A, _IMG, _SPAN = (TAG_IDS[name] for name in ("a", "img", "span"))
_FID = re.compile(r"[?&]fid=(\d{1,18})").search
_STICKY = re.compile(r"\s*\[(?:置?[顶頂]|sticky)\]\s*\n\s*", re.IGNORECASE)
_DIGEST = re.compile(r"\[(?:精[华華]?|digest)\]", re.IGNORECASE)
_REPLIES = re.compile(r"\s{1,99}\D{0,20}?(\d{1,18})\s*$").match

Record = dict[str, Any]


def read(page: Source) -> Board:
    """The board of a page; raises ParseError for one that has neither a list of threads nor boards below it."""
    page.for_phones = True
    root = page.root
    rows = topmost(select(root, ".tl .bm_c"))
    below = list(topmost(select(root, ".fl .bm_c")))
    if not below and first(root, ".tl") is None:
        raise refuse(page, "a board page of the old mobile template")
    settle_date_order(page, select(root, ".tl .bm_c > .xg1"))
    board: Record = {
        "forum": _read_head(page, root),
        **read_filters(select(root, ".box.ttp a[href], .box.tst a[href]")),
        "subforums": read_all(page, below, read_mobile_board, "subforums"),
        "threads": read_all(page, rows, _read_row),
    }
    return Board.model_validate(complete(page, board, forum_name(page)))


def _read_head(page: Source, root: Node) -> Record:
    """The way to the board, which a board below another one ends without a link, and the line of its numbers."""
    way = first(root, ".box")
    links = links_in(way) if way is not None else []
    boards = [(href, words) for href, words in links if _urls.is_board(href)]
    fid = _read_fid(page, root)
    board: Record = {
        "fid": fid,
        "name": _read_name(way, boards, fid),
        "url": board_url(page, fid),
    }
    parent = next(((href, words) for href, words in reversed(boards) if _urls.fid_in(href) != fid), None)
    if parent is not None:
        board["parent"] = {"fid": _urls.fid_in(parent[0]), "name": parent[1]}
    line = first(root, ".flif")
    if line is not None:
        board.update(counts_in(one_line(text_of(line)) or ""))
    return board


def _read_fid(page: Source, root: Node) -> int | None:
    """Number of the board: from the links to write in it and to order it, else from the page's own address."""
    links = select(root, 'a[href*="action=newthread"], .tl .bm_h a[href], .pg a[href]')
    hrefs = (*(link.attributes.get("href") for link in links), page.canonical(), page.address())
    return next((int(found[1]) for href in hrefs if href and (found := _FID(href)) is not None), None)


def _read_name(way: Node | None, boards: list[Link], fid: int | None) -> str | None:
    """The name at the end of the way: bare, or that of the link to the board itself."""
    own = next((words for href, words in boards if _urls.fid_in(href) == fid), None)
    if own is not None or way is None:
        return own
    last = ""
    node = way.first_child
    while node is not None:
        last = (node.text_content or "") if node.tag_id == TEXT else ""
        node = node.next
    return one_line(last)


def _read_row(page: Source, row: Node) -> Record | None:
    """A thread: its title with a mark before the words, marks behind it, and a grey line of author, day and replies."""
    title = next((node for node in children(row) if node.tag_id == _A and _leads(node)), None)
    if title is None:
        return None
    attributes = title.attributes
    words = text_of(title)
    pinned = _STICKY.match(words)
    thread: Record = {
        "tid": _urls.tid_in(attributes.get("href")),
        "url": thread_url(page, attributes.get("href")),
        "subject": one_line(words[pinned.end() :] if pinned is not None else words),
        "highlight": one_line(attributes.get("style")),
    }
    if pinned is not None:
        thread["sticky"] = "board"
    read_icons(thread, title)
    node = title.next
    while node is not None:
        if node.tag_id == TEXT and _DIGEST.search(node.text_content or ""):
            thread["digest"] = True
        elif node.tag_id == _IMG:
            read_picture(thread, node.attributes)
        elif node.tag_id == _SPAN:
            _read_line(page, thread, node)
        node = node.next
    return thread


def _leads(link: Node) -> bool:
    return _urls.tid_in(link.attributes.get("href")) is not None and one_line(text_of(link)) is not None


def _read_line(page: Source, thread: Record, line: Node) -> None:
    """Author, day and replies in one line; a thread without replies has no number, nor has one that went elsewhere."""
    link = next((node for node in elements(line) if node.tag_id == _A), None)
    said = "".join(node.text_content or "" for node in descendants(line) if _is_own(node, line))
    moment, begin, end = page.clock.find(said)
    thread["created_at"] = moment
    name = one_line(text_of(link)) if link is not None else None
    if link is not None and name is not None:
        author: Record = {}
        read_name_link(author, link, link.attributes.get("href") or "", name)
        thread["author"] = author
    elif begin < len(said) and said[:begin].strip():
        thread["author"] = {"kind": "anonymous", "anonymous": True}
    counted = _REPLIES(said, end)
    if counted is not None:
        thread["replies"] = int(counted[1])


def _is_own(node: Node, line: Node) -> bool:
    parent = node.parent
    return node.tag_id == TEXT and parent is not None and parent.mem_id == line.mem_id
