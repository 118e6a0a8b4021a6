"""What stands before the first post of a thread page: subject, state, counters, breadcrumb, pager, starter."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import TAG_IDS, TEXT, Node, elements, first, one_line, select, text_of
from discuz_scrape._source import Source
from discuz_scrape._words import PENDING, REPLIES, VIEWS
from discuz_scrape.pages.threads._author import read_name_link

__all__ = [
    "BRACKETS", "Link", "find_subject", "is_pending", "links_in", "permalink", "read_head", "read_pages", "read_types",
    "thread_url",
]  # fmt: skip

_A, _H1, _H2, _I, _IMG, _INPUT, _SPAN, _STRONG, _TR = (
    TAG_IDS[name] for name in ("a", "h1", "h2", "i", "img", "input", "span", "strong", "tr")
)
_HEADINGS = frozenset({_H1, _H2, _TR})
_ICONS = frozenset({_I, _IMG})
BRACKETS = re.compile(r"[\[【]([^\[\]【】]{1,100})[\]】]")
_DIGITS = re.compile(r"\d+")
_LAST_NUMBER = re.compile(r"\D*(\d{1,9})\D*$").match
_PAGE_OF_TITLE = re.compile(r"第\s{0,9}(\d{1,9})\s{0,9}[页頁]")

Record = dict[str, Any]


def read_head(page: Source, root: Node, spots: dict[str, Node]) -> Record:
    """What the head tells: subject, state, counters, breadcrumb, pager; `spots` are its landmarks by id and class."""
    thread: Record = {"tid": page.number("tid"), "closed": False}
    subject = find_subject(root, spots)
    thread["subject"] = _words_of_subject(subject) if subject is not None else None
    if subject is not None:
        _read_heading(thread, subject)
    crumbs = spots.get("pt")
    links = links_in(crumbs) if crumbs is not None else _find_crumbs(page, root)
    thread["breadcrumbs"] = tuple({"url": url, "text": words} for href, words in links if (url := page.absolute(href)))
    thread["forum"] = _read_forum(page, links)
    if thread["subject"] is None:
        thread["subject"] = page.title({words for _, words in links})
        if thread["subject"] is None and not page.is_fragment:
            page.note("subject", "the page has neither a subject nor a title")
    canonical = page.absolute(page.canonical())
    if thread["tid"] is None:
        thread["tid"] = next(
            (tid for tid in (_urls.tid_in(canonical), _urls.tid_in(page.url)) if tid is not None),
            _urls.tid_in(links[-1][0]) if links else None,
        )
    thread["url"] = canonical or thread_url(page, thread["tid"])
    read_pages(page, thread, spots.get("pg") or spots.get("pages"))
    starter = spots.get("tath")
    if starter is not None:
        thread["author"] = _read_starter(starter)
    return thread


def find_subject(root: Node, spots: dict[str, Node]) -> Node | None:
    """The element that is marked as the subject; without one the first heading, if it stands before the posts."""
    if "thread_subject" in spots:
        return spots["thread_subject"]
    found = select(root, 'h1,[id^="post_"],[id^="pid"]')
    return found[0] if found and found[0].tag_id == _H1 else first(root, "#threadtitle h1")  # in the first post: 7.2


def permalink(page: Source, tid: int | None) -> str | None:
    """What the permanent links to the posts of a thread begin with; the number of the post follows."""
    if tid is None:
        return None
    script = "redirect.php?" if page.before_x else "forum.php?mod=redirect&"
    return page.absolute(f"{script}goto=findpost&ptid={tid}&pid=")


def thread_url(page: Source, tid: int | None) -> str | None:
    """Address of a thread, where its page tells none."""
    if tid is None:
        return None
    return page.absolute(f"{'viewthread.php?' if page.before_x else 'forum.php?mod=viewthread&'}tid={tid}")


def _words_of_subject(subject: Node) -> str | None:
    """The subject; where only the heading is there, without the links of type and sort in it."""
    words = one_line(text_of(subject)) or ""
    for link in elements(subject) if subject.tag_id == _H1 else ():
        if link.tag_id == _A and BRACKETS.fullmatch(mark := one_line(text_of(link)) or ""):
            words = words.replace(mark, "", 1).strip()
    return words or None


def _read_heading(thread: Record, subject: Node) -> None:
    """Around the subject: type and sort before it, state words and icons behind it, counters in the same row."""
    read_types(thread, subject)
    box = _heading_around(subject)
    if box is None:
        return
    cell = box if box.tag_id == _TR else box.parent
    thread["closed"] = cell is not None and any(node.tag_id in _ICONS and _is_lock(node) for node in elements(cell))
    row = cell
    while row is not None and row.tag_id != _TR:
        row = row.parent
    _read_counters(thread, row)


def _heading_around(subject: Node) -> Node | None:
    """The heading that the subject is or stands in, or its row where it has no heading."""
    box: Node | None = subject
    while box is not None and box.tag_id not in _HEADINGS:
        box = box.parent
    return box


def read_types(thread: Record, subject: Node) -> None:
    """The words in brackets before the subject: linked ones say whether they are a type or a sort."""
    brackets: list[tuple[str, str]] = []
    node = subject.first_child if subject.tag_id == _H1 else subject.prev
    forward = subject.tag_id == _H1
    while node is not None:
        href = (node.attributes.get("href") or "") if node.tag_id == _A else ""
        if href or not forward:
            found = [(words.strip(), href) for words in BRACKETS.findall(text_of(node)) if words.strip()]
            brackets = brackets + found if forward else found + brackets
        node = node.next if forward else node.prev
    for words, href in brackets:
        thread.setdefault("sort_name" if "sortid=" in href or "type_name" in thread else "type_name", words)


def _is_lock(node: Node) -> bool:
    attributes = node.attributes
    if node.tag_id == _IMG:
        return "locked" in (attributes.get("src") or "")
    return "fico-lock" in (attributes.get("class") or "")


def is_pending(subject: Node | None) -> bool:
    """Whether the state words behind the heading say that the thread is under review."""
    box = _heading_around(subject) if subject is not None else None
    node = box.next if box is not None else None
    while node is not None:
        if node.tag_id == _SPAN and PENDING.search(text_of(node)):
            return True
        node = node.next
    return False


def _read_counters(thread: Record, row: Node | None) -> None:
    """Views and replies, by the words beside them; in another language by their place in the first cell."""
    cell = row.first_child if row is not None else None
    while cell is not None and cell.tag_id == TEXT:
        cell = cell.next
    if cell is None or (cell.next is None and cell.prev is None):
        return
    words = one_line(text_of(cell)) or ""
    views, replies = VIEWS.search(words), REPLIES.search(words)
    if views is None and replies is None and "tath" not in (cell.id or ""):
        numbers = [one_line(text_of(node)) or "" for node in select(cell, ".xi1")]
        if len(numbers) == 2 and all(number.isdecimal() for number in numbers):
            thread["views"], thread["replies"] = (int(number[:18]) for number in numbers)
    else:
        thread["views"] = _count(views)
        thread["replies"] = _count(replies)


def _count(found: re.Match[str] | None) -> int | None:
    return int(found[1].replace(",", "").replace(" ", "")) if found is not None else None


Link = tuple[str, str]
"""Address as written, and words."""


def links_in(box: Node) -> list[Link]:
    """Address and words of the links in a box; those without words lead nowhere that has a name."""
    return [
        (href, words)
        for node in elements(box)
        if node.tag_id == _A and (words := one_line(text_of(node))) and (href := node.attributes.get("href"))
    ]


def _find_crumbs(page: Source, root: Node) -> list[Link]:
    """A breadcrumb in a skin's own box: the links around the last link to the board before the posts."""
    fid = page.number("fid")
    board: Node | None = None
    for link in select(root, "a[href]"):
        ident = (link.id or "").rstrip("0123456789")
        if ident == "postnum":
            break
        href = link.attributes.get("href") or ""
        if text_of(link).strip() and _urls.is_board(href) and (fid is None or _urls.fid_in(href) == fid):
            parent = link.parent
            if board is None or (parent is not None and len(select(parent, "a")) > 1):
                board = link
    return links_in(board.parent) if board is not None and board.parent is not None else []


def _read_forum(page: Source, links: list[Link]) -> Record | None:
    """The board: its number from the page's own script, its name from the last link of the breadcrumb that is one."""
    fid = page.number("fid")
    board = None
    for href, words in reversed(links):
        if _urls.is_board(href):
            if fid is None or _urls.fid_in(href) == fid:
                board = (href, words)
                break
            board = board or (href, words)
    if board is None and len(links) > 2:
        board = links[-2]  # the last is the thread itself
    if board is None:
        return {"fid": fid} if fid is not None else None
    return {"fid": fid if fid is not None else _urls.fid_in(board[0]), "name": board[1]}


def read_pages(page: Source, thread: Record, pager: Node | None) -> None:
    """Number of this page and of the last; without a pager there is one, but a fragment cannot tell."""
    if pager is not None:
        _read_pager(thread, pager)
    elif not page.is_fragment:
        found = _PAGE_OF_TITLE.search(page.title_words() or "")
        thread["page"] = thread["total_pages"] = int(found[1]) if found else 1


def _read_pager(thread: Record, pager: Node) -> None:
    """The current page is marked or stands in the jump box; the total is in its label, else the highest number."""
    current = total = None
    links = []
    for node in elements(pager):
        tag = node.tag_id
        if tag == _A:
            links.append(node)
        elif tag == _STRONG and current is None:
            current = _last_number(node)
        elif tag == _INPUT and current is None:
            value = node.attributes.get("value") or ""
            current = int(value[:9]) if value.isdecimal() else None
        elif tag == _SPAN and (found := _DIGITS.search(node.attributes.get("title") or text_of(node))) is not None:
            total = int(found.group()[:9])
    if total is None:
        total = max((_last_number(link) or 0 for link in links), default=0)
    thread["page"] = current or 1
    thread["total_pages"] = max(total, thread["page"])


def _last_number(node: Node) -> int | None:
    found = _LAST_NUMBER(text_of(node))
    return int(found[1]) if found is not None else None


def _read_starter(box: Node) -> Record | None:
    """On later pages the head names the author of the thread."""
    author: Record = {}
    for node in elements(box):
        if node.tag_id == _A:
            href = node.attributes.get("href") or ""
            words = one_line(text_of(node))
            uid = _urls.uid_in(href)
            if words:
                read_name_link(author, node, href, words)
            elif uid is not None:
                author.setdefault("uid", uid)
    if "name" not in author and (words := one_line(text_of(box))) and "uid" not in author:
        author = {"kind": "anonymous", "anonymous": True}
    return author or None
