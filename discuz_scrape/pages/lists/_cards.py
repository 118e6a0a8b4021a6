"""One thread of a list that is no table: a picture with its title, or a box of a skin's own making.

Nothing has a fixed place here: a part is known by where its link leads and by the words beside its number.
"""

from __future__ import annotations

from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import TAG_IDS, TEXT, Node, children, elements, has_class, inline_text, one_line, text_of
from discuz_scrape._source import Source
from discuz_scrape._words import ANONYMOUS, REPLIES, VIEWS, count_of
from discuz_scrape.pages.lists._counts import counted_text
from discuz_scrape.pages.lists._marks import read_mark, read_picture
from discuz_scrape.pages.lists._rows import moment_in, read_type
from discuz_scrape.pages.lists._titles import read_subject
from discuz_scrape.pages.threads._author import is_space, read_name_link

__all__ = ["read_card"]

_A, _DIV, _EM, _I, _IMG, _P, _SPAN = (TAG_IDS[name] for name in ("a", "div", "em", "i", "img", "p", "span"))

_SOURCES = ("data-src", "data-original", "file", "src")

Record = dict[str, Any]


def read_card(page: Source, card: Node) -> Record | None:
    """The thread of a card; None where no link of it names a thread."""
    thread: Record = {}
    for node in elements(card):
        tag = node.tag_id
        if tag == _A:
            _read_link(page, thread, node)
        elif tag in (_EM, _SPAN):
            _read_leaf(page, thread, node)
        elif tag == _IMG:
            read_picture(thread, node.attributes)
        elif tag == _I:
            read_mark(thread, node, node.attributes)
        elif tag == _DIV and "author" not in thread and has_class(node, "auth"):
            if _bare_words(node) in ANONYMOUS:
                thread["author"] = {"kind": "anonymous", "anonymous": True}
        elif tag == _P and "excerpt" not in thread and next(children(node), None) is None:
            thread["excerpt"] = one_line(text_of(node))
    if "subject" not in thread:
        return None
    words = one_line(counted_text(card)) or ""
    for written in (thread["subject"], thread.get("excerpt")):  # it may be of replies and views too
        words = words.replace(written or "\0", " ")
    for name, pattern in (("replies", REPLIES), ("views", VIEWS)):
        if name not in thread and (found := pattern.search(words)) is not None:
            thread[name] = count_of(found[1])
    return thread


def _bare_words(box: Node) -> str:
    """The words that stand in a box itself, not in its elements."""
    words = ""
    part = box.first_child
    while part is not None:
        words += (part.text_content or "") if part.tag_id == TEXT else ""
        part = part.next
    return words.strip()


def _read_author(author: Record, link: Node, attributes: dict[str, str | None], href: str) -> None:
    """The first link that leads to a member, or stands where a name does."""
    words = one_line(text_of(link))
    if words is None:
        if "uid" not in author and (uid := _urls.uid_in(href)) is not None:
            author["uid"] = uid
    elif "name" not in author and "kind" not in author:
        in_place = link.parent is not None and has_class(link.parent, "authi")
        if is_space(href) or in_place or "xw1" in (attributes.get("class") or ""):
            read_name_link(author, link, href, words)


def _read_link(page: Source, thread: Record, link: Node) -> None:
    """The title, the picture, the number of replies and the last post lead to the thread, others to the author."""
    attributes = link.attributes
    href = attributes.get("href") or ""
    if _urls.tid_in(href) is None:
        if "typeid=" in href or "sortid=" in href:
            read_type(thread, link, href)
        else:
            _read_author(thread.setdefault("author", {}), link, attributes, href)
        return
    words = one_line(inline_text(link))
    if words is None:
        _read_cover(page, thread, link)
    elif "lastpost" in href:
        thread["last_post_at"] = moment_in(page, link)
    elif words.isdecimal() and "subject" in thread:
        thread.setdefault("replies", count_of(words))
    elif "subject" not in thread or "xst" in (attributes.get("class") or ""):
        read_subject(page, thread, link)
        plain = one_line(attributes.get("title"))
        if plain and words != plain and words.endswith(plain):  # `[置顶] ` stands inside the link
            thread["sticky"] = "board"


def _read_cover(page: Source, thread: Record, link: Node) -> None:
    """The picture that leads to the thread; placeholders have no address of their own."""
    for node in elements(link):
        if node.tag_id == _IMG and "cover_url" not in thread:
            attributes = node.attributes
            source = next((value for name in _SOURCES if (value := attributes.get(name))), None)
            thread["cover_url"] = page.absolute(source)


def _read_leaf(page: Source, thread: Record, node: Node) -> None:
    """A small box: a time, the first being that of the start, or in the list of X2 the number of views."""
    if next(children(node), None) is not None:
        return
    attributes = node.attributes
    words = text_of(node)
    if (moment := page.clock.read(attributes.get("title") or "") or page.clock.read(words)) is not None:
        thread.setdefault("created_at" if "created_at" not in thread else "last_post_at", moment)
    elif "replies" in thread and node.tag_id == _EM and node.parent is not None and node.parent.tag_id == _EM:
        thread.setdefault("views", count_of(words))
