"""The line below the subject in which some skins tell who wrote the first post, and when.

They show a thread like an article: its first post has neither an author column nor a date line of its own. The counters
stand there too, in other skins nothing but these. Ads, plugins and moderators speak in the same place, so only what can
be nothing else is taken: a member's name and a time in one box, a counter that is all there is of its element.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from discuz_scrape._html import TEXT, Node, beginning_of, descendants, one_line
from discuz_scrape._source import Source
from discuz_scrape._words import ANONYMOUS, COUNTER, count_of
from discuz_scrape.pages.threads._author import read_trace
from discuz_scrape.pages.threads._post import time_alone

__all__ = ["read_byline"]

_MOST_BOXES = 100  # a skin puts a dozen there
_FEW = 200  # nodes of a box between the subject and the post
_SHORT = 8  # nodes of an element that is nothing but a counter
_OF_OTHERS = re.compile(r"本主[题題]由|最[后後]|[编編][辑輯]")
_BARS = re.compile(r"[|｜·]")

Record = dict[str, Any]


def read_byline(page: Source, thread: Record, post: Record, subject: Node, frame: Node) -> None:
    """Add to thread and first post what they lack and what stands between the subject and the frame of that post."""
    unsigned = "timestamp" not in post and "status" not in post
    for box in islice(_between(subject, frame), _MOST_BOXES):
        if unsigned and _read_signature(page, post, box):
            unsigned = False
        if thread.get("views") is None or thread.get("replies") is None:
            _read_counters(thread, box)


def _between(subject: Node, frame: Node) -> Iterator[Node]:
    """What stands behind the subject, from the nearest box to the farthest, up to the one that holds the post.

    Nothing where the subject stands in the post itself: what is behind it there may be the body.
    """
    around = set()
    outer = frame.parent
    while outer is not None:
        around.add(outer.mem_id)
        outer = outer.parent
    branches = []
    branch: Node | None = subject
    while branch is not None and branch.mem_id not in around:
        if branch.mem_id == frame.mem_id:
            return
        branches.append(branch)
        branch = branch.parent
    for branch in branches:
        node = branch.next
        while node is not None and node.mem_id != frame.mem_id and node.mem_id not in around:
            yield node
            node = node.next


def _read_signature(page: Source, post: Record, box: Node) -> bool:
    """Name and time, if a box has both; whether it has."""
    if box.tag_id == TEXT or _is_of_others(box):
        return False
    author: Record = {}
    told: tuple[str, str] | None = None
    for node in [box, *islice(descendants(box), _FEW)]:
        if node.tag_id == TEXT:
            words = one_line(node.text_content)
            if words is None:
                continue
            if words in ANONYMOUS and not author.keys() & {"name", "kind"}:
                author.update(kind="anonymous", anonymous=True)
            alone = time_alone(page.clock, words) if told is None and len(words) <= _FEW else None
            if alone is not None and page.clock.read(alone) is not None:
                told = alone, alone
            continue
        title = node.attributes.get("title")
        if told is None and title and page.clock.read(title) is not None:
            told = title, one_line(beginning_of(node, _SHORT)) or title
        read_trace(page, author, node)
    if told is None or not author.keys() & {"name", "kind"}:
        return False
    post["timestamp"], post["timestamp_text"] = page.clock.read(told[0]), told[1]
    for name, value in author.items():
        post["author"].setdefault(name, value)
    return True


def _is_of_others(box: Node) -> bool:
    """Whether a box tells of moderators, of the last reply or of an edit, or holds an ad."""
    classes = (box.attributes.get("class") or "").split()
    return any(name == "ad" or name.startswith("a_") for name in classes) or (
        _OF_OTHERS.search(beginning_of(box, _FEW)) is not None
    )


def _read_counters(thread: Record, box: Node) -> None:
    """Views and replies: a label and a number, either before the other, that are all of an element or of its title."""
    for node in [box, *islice(descendants(box), _FEW)] if box.tag_id != TEXT else [box]:
        if node.tag_id == TEXT:
            for words in _BARS.split((node.text_content or "")[:_FEW]):
                _count(thread, words.strip())
        else:
            words = one_line(beginning_of(node, _SHORT)[:_FEW]) or ""
            _count(thread, words)
            if words.isdecimal() and (title := node.attributes.get("title")):
                _count(thread, f"{words} {title.strip()}")


def _count(thread: Record, words: str) -> None:
    found = COUNTER.fullmatch(words)
    if found is not None:
        name = "views" if found["views"] or found["viewed"] else "replies"
        if thread.get(name) is None:
            thread[name] = count_of(found["count"] or found["before"])
