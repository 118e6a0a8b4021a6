"""One row of a list of threads: of a board, the guide, a tag, a member's threads.

A row is a group of cells: icon, title, board (on lists of several), author, counters, last post. They are told apart by
what they hold and by their order, for skins rename and plugins add. Icons and what stands behind the title are marks
(`_marks`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import (
    TAG_IDS,
    TEXT,
    Node,
    children,
    descendants,
    elements,
    has_class,
    inline_text,
    one_line,
    pass_over,
    skip,
    text_of,
)
from discuz_scrape._source import Source
from discuz_scrape._words import ANONYMOUS, MOVED, count_of
from discuz_scrape.pages.lists._counts import counted_text
from discuz_scrape.pages.lists._marks import read_icons, read_marks
from discuz_scrape.pages.lists._titles import read_subject
from discuz_scrape.pages.threads._author import is_space, read_name_link

__all__ = ["moment_in", "read_form", "read_row", "read_type"]

_A, _CITE, _EM, _IMG, _SPAN, _TD, _TH, _TR = (
    TAG_IDS[name] for name in ("a", "cite", "em", "img", "span", "td", "th", "tr")
)
_CELLS = (_TD, _TH)

Record = dict[str, Any]


def read_row(page: Source, row: Node) -> Record | None:
    """The thread of a row; None where no cell of it leads to a thread."""
    cells = _cells_of(row)
    at = next((number for number, cell in enumerate(cells) if cell.tag_id == _TH), None)
    if at is None:
        at = next((number for number, cell in enumerate(cells) if _title_in(cell) is not None), None)
    title = _title_in(cells[at]) if at is not None else None
    if at is None or title is None:
        return None
    thread = read_form(cells[:at], cells[at], title)
    read_subject(page, thread, title)
    _read_cells(page, thread, cells[at + 1 :])
    if thread.get("moved"):
        thread.pop("closed", None)  # the lock is that of what remains here, not of the thread
    return thread


def _cells_of(row: Node) -> list[Node]:
    """The cells of a row, or of the first row of a group of rows."""
    line: Node | None = row
    if row.tag_id != _TR:
        line = next((child for child in children(row) if child.tag_id == _TR), None)
    return [cell for cell in children(line) if cell.tag_id in _CELLS] if line is not None else []


def _title_in(cell: Node) -> Node | None:
    """The link of the title: by its class, else the first that leads to a thread and has words."""
    other = None
    for node in elements(cell):
        if node.tag_id == _A:
            attributes = node.attributes
            if "xst" in (attributes.get("class") or "").split():
                return node
            if other is None and _urls.tid_in(attributes.get("href")) is not None and inline_text(node).strip():
                other = node
    return other


def read_form(before: list[Node], cell: Node, title: Node) -> Record:
    """What the form of a row tells: the cells before the title, and what stands beside it in its own."""
    thread: Record = {}
    walk = descendants(cell)
    _read_before_title(thread, walk, title)
    pass_over(walk, title)
    read_marks(thread, walk)
    if has_class(cell, "lock"):  # skins put a face in the place of the icon
        thread["closed"] = True
    for each in before:
        read_icons(thread, each)
    return thread


def _read_before_title(thread: Record, walk: Iterator[Node], title: Node) -> None:
    """Type and sort, and the word that the thread was moved; the rest are buttons."""
    own = title.mem_id
    for node in walk:
        tag = node.tag_id
        if tag == TEXT:
            words = (node.text_content or "").strip()
            if words and MOVED.match(words):
                thread["moved"] = True
        elif tag == _A:
            if node.mem_id == own:
                return
            href = node.attributes.get("href") or ""
            if "typeid=" in href or "sortid=" in href or _is_prefix(node):
                read_type(thread, node, href)
                pass_over(walk, node)  # a type may be called 移动通信
            elif MOVED.match(inline_text(node).strip()):
                thread["moved"] = True


def _is_prefix(link: Node) -> bool:
    """Whether a link fills the brackets of a box: a type, whatever its address was rewritten to."""
    box = link.parent
    if box is None or box.tag_id != _EM:
        return False
    before, behind = link.prev, link.next
    if before is None or before.tag_id != TEXT or behind is None or behind.tag_id != TEXT:
        return False
    return "".join(f"{before.text_content}{behind.text_content}".split()) in ("[]", "【】")


def read_type(thread: Record, link: Node, href: str) -> None:
    """A type or sort: its name in words, or as the label of a picture."""
    name = one_line(inline_text(link))
    if name is None:
        picture = link.first_child
        label = picture.attributes.get("alt") if picture is not None and picture.tag_id == _IMG else None
        name = one_line(label or link.attributes.get("title"))
    if name is not None:
        thread.setdefault("sort_name" if "sortid" in href else "type_name", name.strip("[]【】"))


# ------------------------------------------------------------ author, counters, last post


def _read_cells(page: Source, thread: Record, cells: list[Node]) -> None:
    """The cells behind the title; those before the counters tell of the start, the one behind them of the last post."""
    counters = next((number for number, cell in enumerate(cells) if _is_counters(cell)), None)
    if counters is None:
        counters = next((number for number, cell in enumerate(cells) if _holds_replies(cell)), None)
    if counters is None:
        before, behind = cells[:-1] or cells, cells[1:][-1:]
    else:
        before, behind = cells[:counters], cells[counters + 1 :]
        _read_counters(thread, cells[counters], behind)
    for cell in before:
        if (forum := _board_in(cell)) is not None:
            thread["forum"] = forum
        else:
            _read_start(page, thread, cell)
    if behind:
        _read_last(page, thread, behind[-1])


def _is_counters(cell: Node) -> bool:
    return "num" in (cell.attributes.get("class") or "").split()


def _holds_replies(cell: Node) -> bool:
    """Whether a cell that a skin has renamed begins with a number that leads to the thread."""
    link = next((node for node in elements(cell) if node.tag_id == _A), None)
    if link is None or _urls.tid_in(link.attributes.get("href")) is None:
        return False
    words = counted_text(link).strip()
    return words == "-" or count_of(words) is not None


def _board_in(cell: Node) -> Record | None:
    """The board that a cell names, on lists of several boards."""
    link = next((node for node in elements(cell) if node.tag_id in (_A, _CITE)), None)
    href = link.attributes.get("href") if link is not None and link.tag_id == _A else None
    if link is None or not href or not _urls.is_board(href):
        return None
    return {"fid": _urls.fid_in(href), "name": one_line(inline_text(link))}


def _read_counters(thread: Record, cell: Node, behind: list[Node]) -> None:
    """Replies and, in a box or a cell of their own, views; a thread that went elsewhere has dashes."""
    views = ""
    walk = elements(cell)
    for node in walk:
        if node.tag_id == _EM:
            views += counted_text(node)
            skip(walk, node)
    replies = counted_text(cell, without=_EM)
    if not views and behind and _is_counters(behind[0]):
        views = counted_text(behind[0])
    thread["replies"], thread["views"] = count_of(replies), count_of(views)
    if replies.strip() == views.strip() == "-":
        thread["moved"] = True


def _read_start(page: Source, thread: Record, cell: Node) -> None:
    """Who started the thread, and on which day; a plugin's cell tells neither."""
    if "author" not in thread and (author := _read_author(cell)):
        thread["author"] = author
    if thread.get("created_at") is None:
        thread["created_at"] = _time_in(page, cell)


def _read_author(cell: Node) -> Record:
    author: Record = {}
    if (link := _member_link(cell)) is not None:
        read_name_link(author, link, link.attributes.get("href") or "", one_line(inline_text(link)) or "")
    elif any(node.tag_id == _CITE and one_line(inline_text(node)) for node in elements(cell)):
        author = {"kind": "anonymous", "anonymous": True}
    return author


def _read_last(page: Source, thread: Record, cell: Node) -> None:
    """Who wrote last, and when; an anonymous one is linked as if it were a member of that name."""
    if (link := _member_link(cell)) is not None:
        words = one_line(inline_text(link))
        thread["last_poster"] = None if words in ANONYMOUS else words
    thread["last_post_at"] = _time_in(page, cell)


def _member_link(cell: Node) -> Node | None:
    """The first link with words to a member's page, else one that leads to no thread, as those for guests."""
    other = None
    for node in elements(cell):
        if node.tag_id == _A and inline_text(node).strip():
            href = node.attributes.get("href") or ""
            if is_space(href):
                return node
            if other is None and _urls.tid_in(href) is None and "mod=" not in href:
                other = node
    return other


def _time_in(page: Source, cell: Node) -> datetime | None:
    """The time of a cell, in a box or in the link to the last post."""
    walk = elements(cell)
    for node in walk:
        if node.tag_id in (_EM, _SPAN) or _leads_to_last(node):
            if (moment := moment_in(page, node)) is not None:
                return moment
            skip(walk, node)
    return None


def _leads_to_last(link: Node) -> bool:
    return link.tag_id == _A and "lastpost" in (link.attributes.get("href") or "")


def moment_in(page: Source, node: Node) -> datetime | None:
    """The time in a box: that in full, if a relative one has it in its title."""
    words = text_of(node)
    for inner in chain((node,), elements(node)):
        title = inner.attributes.get("title") if inner.tag_id == _SPAN else None
        if title:
            return page.clock.read(title) or page.clock.read(words)
    return page.clock.read(words)
