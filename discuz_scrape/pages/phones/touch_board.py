"""The page of a board in the touch template (`mobile=2`), of X3.0 to X3.4 and of X3.5."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import Node, first, inline_text, one_line, outermost, select, text_of, topmost
from discuz_scrape._source import Source
from discuz_scrape._words import count_of
from discuz_scrape.models import Board
from discuz_scrape.pages.lists._boards import board_url, counts_in
from discuz_scrape.pages.lists._lists import complete, read_all, refuse
from discuz_scrape.pages.phones._phone import forum_name
from discuz_scrape.pages.phones._touch_rows import lists_of, read_touch_notice, read_touch_row, touch_rows
from discuz_scrape.pages.phones.touch_index import read_touch_board

__all__ = ["read", "read_filters"]

_FID = re.compile(r"[?&](?:fid|id)=(\d{1,18})").search
_FILTER = re.compile(r"\b(type|sort)id=(\d{1,18})").search

Record = dict[str, Any]


def read(page: Source) -> Board:
    """The board of a page; raises ParseError for one that has neither a list of threads nor boards below it."""
    page.for_phones = True
    root = page.root
    boxes = lists_of(root)
    below = list(topmost(select(root, ".sub-forum li, .subname_list li")))
    if not boxes and not below:
        raise refuse(page, "a touch page of a board")
    rows = list(touch_rows(page, boxes))
    board: Record = {
        "forum": _read_head(page, root),
        **read_filters(select(root, "#dhnavs a[href], .dhnavs_box a[href]")),
        "subforums": read_all(page, below, read_touch_board, "subforums"),
        "announcements": read_all(page, rows, read_touch_notice, "announcements"),
        "threads": read_all(page, rows, read_touch_row),
    }
    return Board.model_validate(complete(page, board, forum_name(page)))


def _read_head(page: Source, root: Node) -> Record:
    """Number, name and, since X3.5, the counters of the board."""
    fid = _read_fid(page, root)
    name = first(root, ".header h2, .header .name")
    board: Record = {
        "fid": fid,
        "name": one_line(text_of(name)) if name is not None else page.title(set()),
        "url": board_url(page, fid),
    }
    lines = list(topmost(select(root, ".forumdisplay-top p")))
    if lines:
        _read_counters(board, lines[0])
    if len(lines) > 1:  # a group
        board["description"] = one_line(text_of(lines[1]))
    return board


def _read_counters(board: Record, line: Node) -> None:
    """Posts of today and threads: by the words beside them, else in the order of the stock page."""
    told = counts_in(one_line(text_of(line)) or "")
    board.update(told)
    if not told:
        numbers = [count_of(inline_text(node)) for node in outermost(line, "span")]
        board.update(zip(("today", "thread_count"), numbers, strict=False))


def _read_fid(page: Source, root: Node) -> int | None:
    """Number of the board: from the links to write in it and to keep it, else from the page's own address."""
    for link in select(root, 'a[href*="action=newthread"], a[href*="ac=favorite"], #a_favorite'):
        if (found := _FID(link.attributes.get("href") or "")) is not None:
            return int(found[1])
    hrefs = (page.canonical(), page.address(), *(link.attributes.get("href") for link in select(root, ".pg a[href]")))
    return next((fid for href in hrefs if href and _urls.is_board(href) and (fid := _urls.fid_in(href))), None)


def read_filters(links: list[Node]) -> dict[str, tuple[Record, ...]]:
    """The types and sorts that links filter the list by; that to the view without a filter is none."""
    found: dict[str, list[Record]] = {"types": [], "sorts": []}
    for link in topmost(links):
        mark = _FILTER(link.attributes.get("href") or "")
        name = one_line(inline_text(link))
        if mark is not None and name is not None:
            found[f"{mark[1]}s"].append({"id": int(mark[2]), "name": name})
    return {kind: tuple(types) for kind, types in found.items()}
