"""The line below the subject in which some skins tell who wrote the first post, and when.

They show a thread like an article: its first post has neither an author column nor a date line of its own. The counters
stand in that line too, in other skins nothing but these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from discuz_scrape._html import TAG_IDS, TEXT, Node, beginning_of, descendants, elements, one_line, text_of
from discuz_scrape._source import Source
from discuz_scrape._words import COMMENTS, REPLIES, VIEWS, count_of
from discuz_scrape.pages.threads._author import is_space, read_avatar, read_name_link

__all__ = ["read_byline"]

_A, _IMG = TAG_IDS["a"], TAG_IDS["img"]
_MOST_BOXES = 100  # a skin puts a dozen there
_FEW = 400  # nodes of a box between the subject and the post
_COUNTED = re.compile(
    r"(\d{1,18})\s{0,9}(?:(查看|浏览|瀏覽|[阅閱][读讀]|views?\b)|回[复復覆]|[评評][论論]|repl(?:y|ies)\b|comments?\b)",
    re.IGNORECASE,
)
"""A count before its label, as it also becomes of `<em title="查看">123</em>`."""

Record = dict[str, Any]


def read_byline(page: Source, thread: Record, post: Record, subject: Node, frame: Node) -> None:
    """Add to thread and first post what they lack and what stands between the subject and the frame of that post."""
    author = post["author"]
    unsigned = "timestamp" not in post and "status" not in post
    for box in islice(_between(subject, frame), _MOST_BOXES):
        words = one_line(beginning_of(box, _FEW) or box.text_content) or ""
        if unsigned:
            if post.get("timestamp") is None:
                _read_time(page, post, box, words)
            if not author.get("name") and "kind" not in author:
                _read_author(page, author, box)
        if thread.get("views") is None or thread.get("replies") is None:
            _read_counters(thread, box, words)


def _between(subject: Node, frame: Node) -> Iterator[Node]:
    """What stands behind the subject, from the nearest box to the farthest, up to the one that holds the post."""
    around = {frame.mem_id}
    outer = frame.parent
    while outer is not None:
        around.add(outer.mem_id)
        outer = outer.parent
    branch: Node | None = subject
    while branch is not None and branch.mem_id not in around:
        node = branch.next
        while node is not None and node.mem_id not in around:
            yield node
            node = node.next
        branch = branch.parent


def _read_time(page: Source, post: Record, box: Node, words: str) -> None:
    shown = (node.attributes.get("title") or "" for node in islice(descendants(box), _FEW) if node.tag_id != TEXT)
    told = next((title for title in shown if page.clock.read(title) is not None), words)
    moment, start, end = page.clock.find(told)
    if moment is not None:
        post["timestamp"], post["timestamp_text"] = moment, told[start:end]


def _read_author(page: Source, author: Record, box: Node) -> None:
    if box.tag_id == TEXT:
        return
    for node in [box, *islice(elements(box), _FEW)]:
        if node.tag_id == _IMG:
            read_avatar(page, author, node)
        elif node.tag_id == _A:
            href = node.attributes.get("href") or ""
            words = one_line(text_of(node))
            if words is not None and is_space(href):
                read_name_link(author, node, href, words)
                return


def _read_counters(thread: Record, box: Node, words: str) -> None:
    """Views and replies, with the label before or behind the number, or in the title of what holds it."""
    if not _COUNTED.match(words):
        for name, pattern in (("views", VIEWS), ("replies", REPLIES), ("replies", COMMENTS)):
            if thread.get(name) is None and (found := pattern.search(words)):
                thread[name] = count_of(found[1])
    titled = ""
    if box.tag_id != TEXT:
        titles = (node for node in islice(elements(box), _FEW) if node.attributes.get("title"))
        titled = " ".join(f"{text_of(node).strip()} {node.attributes.get('title')}" for node in titles)
    for told in (words, titled):
        for found in _COUNTED.finditer(told) if _COUNTED.match(told) else ():
            name = "views" if found[2] else "replies"
            if thread.get(name) is None:
                thread[name] = count_of(found[1])
