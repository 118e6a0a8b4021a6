"""The page of a board: its head (`_board_head`), the boards below it, and the rows of its threads.

One selection gives the landmarks: elements with an id that Discuz gives them, and a few that are known by class. A
thread is a group of cells (`_rows`) or a card (`_cards`); where a skin took the ids of rows away, it is what surrounds
a title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from discuz_scrape._html import (
    TAG_IDS,
    TEXT,
    Node,
    children,
    elements,
    inline_text,
    is_hidden,
    one_line,
    select,
    skip,
)
from discuz_scrape._source import Source, build
from discuz_scrape.errors import ParseError
from discuz_scrape.models import Board
from discuz_scrape.pages.lists._board_head import is_logo, read_board_head, read_types
from discuz_scrape.pages.lists._boards import read_boards
from discuz_scrape.pages.lists._cards import read_card
from discuz_scrape.pages.lists._rows import moment_in, read_row
from discuz_scrape.pages.lists._stock_rows import take_rows
from discuz_scrape.pages.threads._head import read_pages

__all__ = ["read"]

_A, _CITE, _DL, _EM, _H1, _LI, _TR = (TAG_IDS[name] for name in ("a", "cite", "dl", "em", "h1", "li", "tr"))
_SELECTOR = "[id],h1,strong.xst,a.nvhm,div.pg,ul.ttp,ul.mlt,dl dt,.tl,table[summary]"
"""All landmarks of the page in one selection."""

_CLASSES = frozenset({"nvhm", "pg", "ttp", "mlt", "tl"})
_ROWS = frozenset({"normalthread_", "stickthread_"})
_TOLD_BY_CELLS = frozenset({"author", "created_at", "replies", "last_poster"})
_LISTS = ("threadlisttableid", "table", "threadlist", "waterfall", "mlt", "tl")
_YEAR_LAST = re.compile(r"[>\"](\d{1,2}[-/.]\d{1,2}[-/.]\d{4})\b")
_DATE_REACH = 200  # characters behind the link to the last post in which its time stands

Record = dict[str, Any]


def read(page: Source) -> Board:
    """The board of a page; raises ParseError for one that has neither a list of threads nor boards below it."""
    _settle_date_order(page)
    root, spots, rows, notices = _open(page)
    box = next((spots[name] for name in _LISTS if name in spots), None)
    below = spots.get("subforum_")
    if box is None and not rows and below is None:
        raise ParseError("a page of a board or group that lists no threads", url=page.url)
    if len(rows) == 1 and len(titled := _rows_by_title(_first_node(rows))) > 1:
        rows = titled  # the home of a group has all its rows in one group of them, which may have a number
    rows = rows or _cards(spots) or _rows_by_title(box)
    board: Record = {
        "forum": read_board_head(page, spots, box or below or _first_node(rows)),
        **read_types(page, root, spots),
        "subforums": tuple(read_boards(page, below, "subforums")) if below is not None else (),
        "announcements": tuple(_announcements(page, notices)),
        "threads": tuple(_threads(page, rows)),
    }
    if _holds_digest_only(page, root, box):
        for thread in board["threads"]:
            thread.setdefault("digest", thread.get("sticky") is None)
    read_pages(page, board, spots.get("pg"))
    board["site"] = page.site(inline_text(spots["nvhm"]).strip() or None if "nvhm" in spots else None)
    board["issues"] = tuple(page.issues)
    return Board.model_validate(board)


# ------------------------------------------------------------ landmarks


def _open(page: Source) -> tuple[Node, dict[str, Node], Sequence[Node | Record], list[Node]]:
    """The tree, its landmarks, the rows of threads, those read already and those in the tree, and announcements."""
    frame = take_rows(page)
    if frame is not None:
        root = build(frame.markup, page.url)
        spots, left, notices = _find_landmarks(root)
        if len(left) == frame.rows.count(None) and not spots.keys().isdisjoint(_LISTS):
            rest = iter(left)
            return root, spots, [next(rest) if row is None else row for row in frame.rows], notices
    return page.root, *_find_landmarks(page.root)


def _find_landmarks(root: Node) -> tuple[dict[str, Node], list[Node], list[Node]]:
    """The first element of each name, which is an id without its number or a class; the rows; the announcements."""
    spots: dict[str, Node] = {}
    rows, notices = [], []
    logo = None
    for node in select(root, _SELECTOR):
        attributes = node.attributes
        name = (attributes.get("id") or "").rstrip("0123456789")
        if name in _ROWS:
            rows.append(node)
        elif node.tag == "strong":
            notices.append(node)
        elif node.tag_id == _H1 and logo is None and "h1" not in spots and is_logo(node):
            logo = node
        else:
            marks = _CLASSES.intersection((attributes.get("class") or "").split())
            if name == "livethread":  # a single thread in a box that looks like the list's
                marks = frozenset()
            for mark in (name, *marks, node.tag or ""):
                spots.setdefault(mark, node)
    if logo is not None:  # or the board has a domain of its own
        spots.setdefault("h1", logo)
    return spots, rows, notices


def _settle_date_order(page: Source) -> None:
    """On a page whose dates end with the year, tell day from month by all of them."""
    at = page.text.find("lastpost#lastpost")
    if at < 0 or not _YEAR_LAST.search(page.text, at, at + _DATE_REACH):
        return
    page.settle_date_order(_YEAR_LAST.findall(page.text))


def _holds_digest_only(page: Source, root: Node, box: Node | None) -> bool:
    """Whether the view is that of the digest, where rows do not carry its mark."""
    if "digest=1" in (page.url or ""):
        return True
    return box is not None and bool(select(root, '.tf a.xw1[href*="filter=digest"]'))


# ------------------------------------------------------------ rows


def _cards(spots: dict[str, Node]) -> list[Node]:
    """The threads of a board of pictures."""
    box = spots.get("waterfall") or spots.get("mlt")
    return [child for child in children(box) if child.tag_id == _LI] if box is not None else []


def _rows_by_title(box: Node | None) -> list[Node]:
    """What surrounds each title of a list whose rows have no number."""
    rows: dict[int, Node] = {}
    for title in select(box, "a.xst") if box is not None else ():
        row = title.parent
        while row is not None and row.tag_id not in (_TR, _LI, _DL):
            row = row.parent
        if row is not None:
            rows[row.mem_id] = row
    return list(rows.values())


def _first_node(rows: Sequence[Node | Record]) -> Node | None:
    return next((row for row in rows if not isinstance(row, dict)), None)


def _threads(page: Source, rows: Sequence[Node | Record]) -> Iterator[Record]:
    for number, row in enumerate(rows):
        if isinstance(row, dict):
            yield row
            continue
        try:
            thread = read_row(page, row)
            if thread is None or _TOLD_BY_CELLS.isdisjoint(thread):  # all of it is in one box
                thread = {**(read_card(page, row) or {}), **(thread or {})} or None
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one row, the others come out
            page.note(f"threads[{number}]", f"a row was left out: {type(error).__name__}: {error}")
            continue
        if thread is None:
            page.note(f"threads[{number}]", "a row was left out: it leads to no thread")
            continue
        ident = row.id or ""
        if ident.startswith("stick"):
            thread.setdefault("sticky", "board")
        if ident and is_hidden(row.attributes):
            thread["hidden"] = True
        yield thread


def _announcements(page: Source, notices: list[Node]) -> Iterator[Record]:
    """Rows whose title is a heading of its own; the cell behind it names author and day."""
    for title in notices:
        link = next((node for node in elements(title) if node.tag_id == _A), None)
        subject = one_line(inline_text(link)) if link is not None else None
        if link is None or subject is None:
            continue
        notice: Record = {"subject": subject, "url": page.absolute(link.attributes.get("href"))}
        cell = title.parent.next if title.parent is not None else None
        while cell is not None and cell.tag_id == TEXT:
            cell = cell.next
        walk = elements(cell) if cell is not None else iter(())
        for node in walk:
            if node.tag_id == _CITE:
                notice["author"] = one_line(inline_text(node))
                skip(walk, node)
            elif node.tag_id == _EM:
                notice["at"] = moment_in(page, node)
                skip(walk, node)
        yield notice
