"""The thread page of the old template for phones (`mobile=1`, up to X3.4): from its text to a `Thread`.

Its ids are those of the desktop page, but the body stands outside the frame of its post, and floor and author are words
in one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import TAG_IDS, TEXT, Node, beginning_of, descendants, first, one_line, select, text_of
from discuz_scrape._source import Source
from discuz_scrape._words import PENDING
from discuz_scrape.models import Thread
from discuz_scrape.pages.phones._phone import assemble, fill_head, is_way, read_landmarks
from discuz_scrape.pages.phones._touch_post import FIRST_NODES, TOUCH_LANDMARKS, TouchPost
from discuz_scrape.pages.threads._author import read_bare_name
from discuz_scrape.pages.threads._head import links_in, read_types
from discuz_scrape.pages.threads._post import floor_of

__all__ = ["read"]

_SELECTOR = (
    '[id^="post_"],[id^="authorposton"],.bm_user,.pbody > h2,.pbody > .xi1,.mes,.warning,.quote,img[id^="aimg_"],'
    'a[id^="aid"],a[href*="action=attachpay"]'
)
_FRAME = re.compile(r"(?:post_|pid)(\d+)").fullmatch
_COUNTS = re.compile(r"\D{0,40}?(\d{1,18})\D{1,9}(\d{1,18})").match
_GAP = re.compile(r"\s{2,}")
_HOT = "-1"  # what is printed for the floor of a reply that is shown early for its votes
_DIGEST = re.compile("精[华華]")
_A, _BR, _EM, _H2 = (TAG_IDS[name] for name in ("a", "br", "em", "h2"))

Record = dict[str, Any]


def read(page: Source) -> Thread:
    """The thread of a page in the old template; raises ParseError where no post can be read."""
    page.for_phones = True
    root = page.root
    page.settle_date_order(map(beginning_of, select(root, '[id^="authorposton"]')))
    readers = read_landmarks(page, select(root, _SELECTOR), _number_of, _LANDMARKS, MobilePost)
    thread, pending = _read_head(page, root)
    return assemble(page, root, thread, readers, pending=pending)


class MobilePost(TouchPost):
    """What the landmarks of one post of the old template tell."""

    def line(self, box: Node) -> None:
        """Floor and author: words that stand apart, the author a link unless there is no member."""
        words = ""
        last: Node | None = None
        for node in islice(descendants(box), FIRST_NODES):
            tag = node.tag_id
            if tag == _BR or (node.id or "").startswith("authorposton"):
                break
            if tag == _A:
                if _urls.tid_in(node.attributes.get("href")) is None and (name := one_line(text_of(node))):
                    self.name_link(node, name)
                break
            if tag == TEXT:
                words += node.text_content or ""
                last = node if (node.text_content or "").strip() else last
            elif tag == _EM and words.strip():  # a remark on a name that is no link
                break
        floor, name = (words.strip(), "") if self.author else _parted(words.strip())
        if floor.startswith(_HOT):
            self.post["recommended"] = True
        elif floor:
            self.post["floor"] = floor_of(floor)
        if name and last is not None:
            read_bare_name(self.author, last, one_line(name) or "")

    def above(self, node: Node) -> None:
        """The title of a reply, or the mark of one that its author was warned for."""
        if node.tag_id == _H2:
            self.heading(node)
        else:
            self.warning(node)


def _parted(words: str) -> tuple[str, str]:
    """Floor and name, which the template keeps apart by more than a blank; robots get no floor."""
    floor, *name = _GAP.split(words, 1)
    if not name:
        floor, *name = words.split(" ", 1)
        if floor_of(floor) is None:
            return "", words
    return floor, "".join(name)


_LANDMARKS: dict[str, Callable[[MobilePost, Node], None]] = {
    **{name: TOUCH_LANDMARKS[name] for name in ("aid", "aimg_", "attachpay", "quote")},
    "authorposton": MobilePost.date_line,
    "bm_user": MobilePost.line,
    "h2": MobilePost.above,
    "mes": MobilePost.message,
    "warning": MobilePost.withheld_files,
    "xi1": MobilePost.above,
}
"""Id without its number, class, or tag of an element to what reads it."""


def _number_of(node: Node) -> str | None:
    """The pid of a frame, in its id."""
    found = _FRAME(node.id or "")
    return found[1] if found is not None else None


def _read_head(page: Source, root: Node) -> tuple[Record, bool]:
    """What stands around the posts, and whether the thread is under review."""
    thread: Record = {"subject": None}
    subject = first(root, "#thread_subject")
    state = ""
    if subject is not None:
        thread["subject"] = one_line(text_of(subject))
        read_types(thread, subject)
        state = text_of(subject.parent) if subject.parent is not None else ""
    crumbs = next((links for box in select(root, ".box") if is_way(links := links_in(box))), [])
    fill_head(page, thread, crumbs=crumbs, links=[subject] if subject is not None else [])
    about = first(root, ".bm_inf")
    if about is not None:
        counts = _COUNTS(one_line(text_of(about)) or "")
        if counts is not None:
            thread["views"], thread["replies"] = int(counts[1]), int(counts[2])
        if _DIGEST.search(text_of(about)):
            thread["digest"] = True
    return thread, PENDING.search(state) is not None
