"""One thread of a list in the touch template: of a board, the guide, a search, a member's threads.

Up to X3.4 an entry is a link with the author's name inside, the number of replies behind it, and at most one picture as
a mark. That of X3.5 tells more: the author with the day, words in small boxes before the title, some words of the
thread and its pictures, and below them the type or the board, the views and the replies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import (
    TAG_IDS,
    TEXT,
    Node,
    descendants,
    elements,
    has_class,
    inline_text,
    one_line,
    outermost,
    pass_over,
    select,
    skip,
    text_of,
    topmost,
)
from discuz_scrape._source import Source
from discuz_scrape._words import ANONYMOUS, SPECIALS, count_of
from discuz_scrape.pages.lists._lists import settle_date_order
from discuz_scrape.pages.lists._rows import moment_in
from discuz_scrape.pages.lists._titles import thread_url
from discuz_scrape.pages.threads._author import is_space, read_name_link

__all__ = ["lists_of", "read_touch_notice", "read_touch_row", "touch_rows"]

_A, _EM, _H3, _I, _IMG, _LI, _SPAN = (TAG_IDS[name] for name in ("a", "em", "h3", "i", "img", "li", "span"))
_PICTURES = ("图", "圖")
_STICKY = ("置顶", "置頂")
_LIST_PAGE = re.compile(r"&page=\d{1,9}(?![^&#])")

Record = dict[str, Any]


def lists_of(root: Node) -> list[Node]:
    """The boxes whose entries are threads."""
    return list(topmost(select(root, ".threadlist")))


def touch_rows(page: Source, boxes: list[Node]) -> Iterator[Node]:
    """The entries of lists; those of them that hold no thread are remarks such as that there is none."""
    settle_date_order(page, (day for box in boxes for day in select(box, ".mtime")))
    return (row for box in boxes for row in outermost(box, "li"))


def read_touch_row(page: Source, row: Node) -> Record | None:
    """The thread of an entry; None where no link of it leads to one."""
    if _is_notice(row):
        return None
    thread: Record = {}
    for link in topmost(select(row, "a[href]")):
        _read_link(page, thread, link, link.attributes.get("href") or "")
    if "tid" not in thread:
        return None
    walk = elements(row)
    for node in walk:
        tag = node.tag_id
        attributes = node.attributes
        if tag == _SPAN:
            if _read_box(page, thread, node, (attributes.get("class") or "").split()):
                skip(walk, node)
        elif tag == _IMG:
            _read_picture(thread, attributes.get("src") or "")
        elif tag == _I:
            _read_counter(thread, node, attributes.get("class") or "")
        elif tag == _H3:
            _read_author(thread, node)
            skip(walk, node)
    if has_class(row, "list_top"):
        thread["sticky"] = "board"
    if thread.pop("dashes", False):
        thread["moved"] = True
        thread.pop("closed", None)  # the lock is that of what remains here, not of the thread
    return thread


def read_touch_notice(page: Source, row: Node) -> Record | None:
    """The announcement of an entry; None where it is none."""
    if not _is_notice(row):
        return None
    link = next((node for node in elements(row) if node.tag_id == _A), None)
    subject = _title_words(link) if link is not None else None
    if link is None or subject is None:
        return None
    return {"subject": subject, "url": page.absolute(link.attributes.get("href"))}


def _is_notice(row: Node) -> bool:
    return bool(select(row, ".gonggao"))


# ------------------------------------------------------------ parts


def _read_link(page: Source, thread: Record, link: Node, href: str) -> None:
    """The first link with words that leads to the thread is its title, others hold some of its words or its pictures.

    Up to X3.1 the address has the page of the list.
    """
    if (tid := _urls.tid_in(href)) is not None:
        if "tid" not in thread:
            if (subject := _title_words(link)) is not None:
                thread.update(tid=tid, url=thread_url(page, _LIST_PAGE.sub("", href)), subject=subject)
                thread["highlight"] = one_line(_title_of(link).attributes.get("style"))
            return
        if "excerpt" not in thread and select(link, ".threadlist_mes"):
            thread["excerpt"] = one_line(inline_text(link))
        for image in select(link, '[class*="threadlist_img"] img')[:1]:
            thread["cover_url"] = page.absolute(image.attributes.get("src"))
            thread["has_image"] = thread["has_attachment"] = True
    elif (words := one_line(inline_text(link))) is None:
        return
    elif _urls.is_board(href):
        _read_place(thread, href, words.removeprefix("#"))
    elif is_space(href) and "author" not in thread:
        author: Record = {}
        read_name_link(author, link, href, words)
        thread["author"] = author


def _read_author(thread: Record, heading: Node) -> None:
    """The heading of an author: a link, or the forum's word for one who is hidden; or nothing, which means the same."""
    if "author" not in thread:
        thread["author"] = _author_of(one_line(text_of(heading)))


def _title_of(link: Node) -> Node:
    """What holds the words of a title: a box of its own since X3.5, before that the link itself."""
    return next((node for node in elements(link) if node.tag_id == _EM), link)


def _title_words(link: Node) -> str | None:
    """The words of a title without what stands in boxes beside them."""
    words = ""
    walk = descendants(_title_of(link))
    for node in walk:
        if node.tag_id == TEXT:
            words += node.text_content or ""
        elif node.tag_id == _SPAN:
            pass_over(walk, node)
    return one_line(words)


def _read_place(thread: Record, href: str, words: str) -> None:
    """The type of the thread, or on lists of several boards its board."""
    if "typeid=" in href:
        thread["type_name"] = words
    elif "sortid=" in href:
        thread["sort_name"] = words
    else:
        thread["forum"] = {"fid": _urls.fid_in(href), "name": words}


def _author_of(words: str | None) -> Record:
    """An author by the name; without one it is hidden, or stands there as the forum's word for that."""
    return {"kind": "anonymous", "anonymous": True} if words is None or words in ANONYMOUS else {"name": words}


def _read_box(page: Source, thread: Record, box: Node, classes: list[str]) -> bool:
    """A small box: name, number of replies or day by its class, else a mark; whether it was one of them."""
    if "by" in classes:
        thread["author"] = _author_of(one_line(text_of(box)))
    elif "num" in classes:
        _count(thread, "replies", box)
    elif "mtime" in classes:
        thread["created_at"] = moment_in(page, box)
    elif "micon" in classes:
        _read_mark(thread, classes, one_line(text_of(box)) or "")
    else:
        return False
    return True


def _read_mark(thread: Record, classes: list[str], words: str) -> None:
    if "lock" in classes:
        thread["closed"] = True
    elif "digest" in classes:
        thread["digest"] = True
    elif "top" in classes or words in _STICKY:
        thread["sticky"] = "board"
    elif words in _PICTURES:
        thread["has_image"] = thread["has_attachment"] = True
    elif words in SPECIALS:
        thread["special"] = SPECIALS[words]


def _read_picture(thread: Record, src: str) -> None:
    """A mark up to X3.4."""
    if "icon_top" in src:
        thread["sticky"] = "board"
    elif "icon_digest" in src:
        thread["digest"] = True
    elif "icon_tu" in src:
        thread["has_image"] = thread["has_attachment"] = True


def _read_counter(thread: Record, icon: Node, name: str) -> None:
    """The number behind an icon: an eye for views, a bubble for replies."""
    field = "views" if "eye" in name else "replies" if "chat" in name else None
    row = icon.parent
    if field is not None and field not in thread and row is not None and row.tag_id == _LI:
        _count(thread, field, row)


def _count(thread: Record, field: str, box: Node) -> None:
    """A counter; a thread that went elsewhere has a dash."""
    words = one_line(text_of(box)) or ""
    thread[field] = count_of(words)
    if words == "-":
        thread["dashes"] = True
