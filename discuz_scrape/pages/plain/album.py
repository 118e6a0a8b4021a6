"""The album view of a thread: pictures of the first post in a script, the beginning of its text, and the replies."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from discuz_scrape._body import Body
from discuz_scrape._html import TEXT, Node, first, select, text_of
from discuz_scrape._source import Source
from discuz_scrape.models import Thread
from discuz_scrape.pages.plain._stream import after, pieces_of, read_time
from discuz_scrape.pages.plain.preview import finish, read_author, read_counters, read_frame
from discuz_scrape.pages.threads._author import read_avatar
from discuz_scrape.pages.threads._head import read_head
from discuz_scrape.pages.threads._post import take_over
from discuz_scrape.pages.threads.thread import finish_posts, read_landmarks

__all__ = ["read"]

_LISTS = [re.compile(rf"imglist\['{name}'\]\s{{0,9}}=\s{{0,9}}\[([^\]]{{0,200000}})\]") for name in ("aid", "url")]
_ITEM = re.compile(r"'([^']*)'")

Record = dict[str, Any]


def read(page: Source) -> Thread:
    """The thread of an album view."""
    root = page.root
    head, readers = read_landmarks(page, root)
    for reader in readers:
        read_frame(page, reader)
    posts = [_read_first(page, root), *(finish_posts(page, readers) if readers else ())]
    thread = read_head(page, root, head)
    counters = first(root, ".ph_r_con")
    if counters is not None:
        read_counters(thread, text_of(counters))
    if thread.get("replies") != len(posts) - 1:
        thread["total_pages"] = None
    posts[0]["subject"] = thread["subject"]
    return finish(page, thread, posts, ())


def _read_first(page: Source, root: Node) -> Record:
    """The post whose pictures are shown; neither its number nor all of its text is on the page."""
    side = next(iter(select(root, ".album_side")), root)
    name = first(side, ".tit_author")
    author: Record = (read_author(name) or {}) if name is not None else {}
    if "kind" not in author:
        for image in select(side, "a.avt img, .hm > a > img"):
            read_avatar(page, author, image)
    date = first(side, ".date")
    post: Record = {"pid": None, "author": author, "images": _read_pictures(page, root)}
    post.update(read_time(page, _behind_label(date), "posts[0]"))
    summary = first(side, ".album_info p")
    body = Body(page, rich=False)
    body.pieces = pieces_of(text_of(summary).strip()) if summary is not None else []
    take_over(post, body, page.formats)
    page.note("posts[0].body", "the album view has only the beginning of the text")
    return post


def _behind_label(date: Node | None) -> Iterator[Node]:
    """The time stands behind a label of its own."""
    label = date.first_child if date is not None else None
    while label is not None and label.tag_id == TEXT:
        label = label.next
    return after(label) if label is not None else iter(() if date is None else (date,))


def _read_pictures(page: Source, root: Node) -> tuple[Record, ...]:
    """The pictures, from the two lists that the page's script holds."""
    scripts = (text.text_content or "" for node in select(root, "script") if (text := node.first_child) is not None)
    source = next((words for words in scripts if "imglist[" in words), "")
    aids, urls = (_ITEM.findall(found[1]) if (found := pattern.search(source)) else [] for pattern in _LISTS)
    numbers = [int(aid) if aid.isdecimal() and len(aid) < 19 else None for aid in aids]
    numbers += [None] * (len(urls) - len(numbers))
    pictures = ((page.absolute(html.unescape(url)), aid) for url, aid in zip(urls, numbers, strict=False))
    return tuple({"url": url, "aid": aid} for url, aid in pictures if url is not None)
