"""A thread as the portal shows it (`from=portal`), or a list of threads in place (`from=preview`).

Posts keep their ids and bodies, but stand in lists of definitions (`dl.bbda`) instead of tables: no author column, no
floor. The portal has the first post apart, in a frame without an id, below a line that tells author, time and counters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, takewhile
from typing import Any

from discuz_scrape._html import TAG_IDS, TEXT, Node, children, elements, first, has_class, one_line, select, text_of
from discuz_scrape._source import Source
from discuz_scrape._urls import uid_in
from discuz_scrape._words import ANONYMOUS, COMMENTS, GUESTS, VIEWS
from discuz_scrape.errors import ParseError
from discuz_scrape.models import Thread
from discuz_scrape.pages.plain._stream import after, read_time
from discuz_scrape.pages.threads._author import read_avatar, read_name_link
from discuz_scrape.pages.threads._floors import settle_floors
from discuz_scrape.pages.threads._head import read_head
from discuz_scrape.pages.threads._opening import read_opening
from discuz_scrape.pages.threads._post import PostReader
from discuz_scrape.pages.threads.thread import assemble, finish_posts, read_landmarks

__all__ = ["finish", "read", "read_author", "read_counters", "read_frame"]

_A, _DL, _DT, _EM, _P = (TAG_IDS[name] for name in ("a", "dl", "dt", "em", "p"))
_FRAME = 8  # elements from the frame of a post to its list of definitions
_MOST_PAGERS = 40
_BODY = re.compile(r"postmessage_(\d{1,18})").fullmatch

Record = dict[str, Any]


def read(page: Source) -> Thread:
    """The thread of a preview."""
    root = page.root
    line = next((node for node in select(root, ".vw > .h > *") if node.tag_id == _P), None)
    opening = _find_opening(page, root, line)
    head, readers = read_landmarks(page, root, reader=opening)
    if not readers:
        raise ParseError("a preview without a post", url=page.url)
    if (pager := _find_pager(root)) is not None:
        head["pg"] = pager
    for reader in readers:
        if reader is not opening:
            read_frame(page, reader)
    thread = read_head(page, root, head)
    if pager is None:
        thread.update(page=1, total_pages=1)
    if line is not None:
        read_counters(thread, text_of(line))
        thread["author"] = read_author(line)
    return finish(page, thread, finish_posts(page, readers), readers)


def finish(page: Source, thread: Record, posts: list[Record], readers: Sequence[PostReader]) -> Thread:
    """The model, of posts in page order; `readers` are those that have been used for them."""
    settle_floors(thread, posts, None)
    if posts[0].get("is_first"):
        thread["author"] = posts[0]["author"]
        if readers and readers[0].post is posts[0]:
            read_opening(page, thread, readers[0])
    return assemble(page, thread, posts)


def _find_pager(root: Node) -> Node | None:
    """The pager of the thread stands behind its posts; those within posts belong to their remarks."""
    for pager in select(root, ".pgs > .pg")[: -_MOST_PAGERS - 1 : -1]:
        box = pager.parent
        while box is not None and not (box.id or "").startswith(("post_", "comment_")):
            box = box.parent
        if box is None:
            return pager
    return None


# ------------------------------------------------------------ posts


def _find_opening(page: Source, root: Node, line: Node | None) -> PostReader | None:
    """The first post of a portal page. Before one that must be paid for stands a free part with another's number."""
    box = first(root, ".vw > .d")
    if box is None or not select(box, ".pcb"):
        return None
    numbers = (found[1] for cell in select(box, '[id^="postmessage_"]') if (found := _BODY(cell.id or "")))
    number = next(numbers, "0")
    if select(root, f"#post_{number}"):
        number = "0"
    reader = PostReader(page, number, box, "posts[0]")
    reader.post["pid"] = int(number) or None
    reader.posted, reader.dated = line if line is not None else box, True
    if line is not None:
        reader.author.update(read_author(line) or {})
        bar = next((node for node in children(line) if has_class(node, "pipe")), None)
        told = takewhile(lambda node: node.tag_id == TEXT or not has_class(node, "pipe"), after(bar)) if bar else ()
        reader.post.update(read_time(page, told, "posts[0]"))
    return reader


def read_frame(page: Source, reader: PostReader) -> None:
    """Author and time of a post in a list of definitions; a deleted one has neither."""
    near = islice(elements(reader.node), _FRAME)
    box = next((node for node in near if node.tag_id == _DL and has_class(node, "bbda")), None)
    head = next((node for node in children(box) if node.tag_id == _DT), None) if box is not None else None
    if box is None or head is None:
        return
    reader.author.update(read_author(head) or {})
    if "kind" not in reader.author:
        for image in select(box, "dd.avt img"):
            read_avatar(page, reader.author, image)
    label = next((node for node in children(head) if node.tag_id == _EM), None)
    shown = next((node for node in children(head) if has_class(node, "xg1")), None)
    reader.posted, reader.dated = label or shown or head, True
    reader.post.update(read_time(page, [shown] if shown is not None else (), reader.path))


def read_author(line: Node) -> Record | None:
    """The author in a line: the first link to a member, else a word for those who have none."""
    author: Record = {}
    node = line.first_child
    while node is not None and not author:
        words = one_line(text_of(node))
        if node.tag_id == _A:
            href = node.attributes.get("href") or ""
            if words is not None and uid_in(href) is not None:
                read_name_link(author, node, href, words)
        elif node.tag_id == TEXT and words is not None:
            word = words[max(words.rfind(":"), words.rfind("：")) + 1 :].strip()
            if word in ANONYMOUS:
                author = {"kind": "guest"} if word in GUESTS else {"kind": "anonymous", "anonymous": True}
        node = node.next
    return author or None


def read_counters(thread: Record, words: str) -> None:
    """Views and replies, by the words before them."""
    for name, pattern in (("views", VIEWS), ("replies", COMMENTS)):
        if (found := pattern.search(words)) is not None:
            thread[name] = int(found[1].replace(",", "").replace(" ", ""))
