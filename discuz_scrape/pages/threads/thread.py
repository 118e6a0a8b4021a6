"""The desktop thread page: from its text to a `Thread`.

The page is read from its landmarks: elements with an id or class that Discuz gives them, in page order. Those before
the first post belong to the head (`_head`), each post reads its own (`_post`), and the first one tells of the thread as
well (`_opening`).
"""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape._dates import day_order
from discuz_scrape._html import TAG_IDS, Node, has_class
from discuz_scrape._source import Source, build
from discuz_scrape._urls import is_board, tid_in
from discuz_scrape.errors import ParseError
from discuz_scrape.models import Thread
from discuz_scrape.pages.threads._byline import read_byline
from discuz_scrape.pages.threads._floors import settle_floors
from discuz_scrape.pages.threads._frame import NOTHING, WHOLE, Frame, take_apart
from discuz_scrape.pages.threads._head import find_subject, is_pending, permalink, read_head
from discuz_scrape.pages.threads._opening import read_opening
from discuz_scrape.pages.threads._post import LANDMARKS, PostReader

__all__ = ["assemble", "complete_posts", "finish_posts", "mark_pending", "read", "read_landmarks"]

_DIV = TAG_IDS["div"]
_YEAR_LAST = re.compile(r"[-/.](?<=\d.)\d{1,2}[-/.]\d{4}\b")
_DATE_REACH = 200  # characters behind the id of a date line in which its date stands

_POST_IDS = frozenset({"post_", "pid"})
_NAMES = frozenset({"pages", "pg", "pt", "tath", "thread_subject", *_POST_IDS, *LANDMARKS})
_SELECTOR = (
    "[id],h2,label.pdbts,div:not([id]):is(.attach_nopermission,.locked,.mobile-location,.pages,.pattl,.pg,"
    ".postattachlist,.sign,.signatures)"
)
"""All landmarks of the page in one selection; the names above and in `_post` say what each is."""

Record = dict[str, Any]


def read(page: Source) -> Thread | None:
    """The thread of a page; None where the tree has no post of a desktop page."""
    middle = page.middle()
    _settle_date_order(page)
    frame = take_apart(page, middle)
    found = _read_frame(page, frame)
    if found is None and frame.cuts:  # a piece stood in what somebody wrote, or broken markup hides what is left
        found = _read_frame(page, Frame(page.text[middle], {}))
    if found is None:
        return None
    root, head, readers = found
    readers[0].may_lack_mark = True
    posts = finish_posts(page, readers)
    _look_for_lost_posts(page, readers, middle.stop)
    thread = read_head(page, root, head)
    if thread["tid"] is None:
        thread["tid"] = next(filter(None, (tid_in(reader.floor_href) for reader in readers)), None)
    settle_floors(thread, posts, readers[0].floor_href)
    first = posts[0]
    if first.get("is_first"):
        lacking = "timestamp" not in first or thread.get("views") is None
        if lacking and (subject := find_subject(root, head)) is not None:
            read_byline(page, thread, first, subject, readers[0].node)
        thread.setdefault("author", first["author"])
        read_opening(page, thread, readers[0])
        if is_pending(head.get("thread_subject")):
            mark_pending(first)
    return assemble(page, thread, posts)


# ------------------------------------------------------------ landmarks


def _is_thread_page(page: Source, head: dict[str, Node], readers: list[PostReader]) -> bool:
    """Whether these are posts of a desktop page: two marks of Discuz!, and frames that are tables.

    Other software has an element `post_12` too, and the pages for phones have `pidN` boxes.
    """
    if any(reader.in_box for reader in readers):
        return False
    posted = any(reader.dated for reader in readers)
    bodies = any(reader.body is not None for reader in readers)
    if not (posted or bodies):
        return False
    return (
        (posted and bodies)
        or "thread_subject" in head
        or page.number("tid") is not None
        or page.viewer_uid() is not None
    )


_Landmarks = tuple[Node, dict[str, Node], list[PostReader]]
"""The tree, the landmarks before the first post, and a reader for each post."""


def _read_frame(page: Source, frame: Frame) -> _Landmarks | None:
    """The landmarks of a page taken apart; None where a piece has no post, and on a page of another kind."""
    root = build(frame.markup, page.url)
    head, readers = read_landmarks(page, root, frame)
    bodies = {reader.number: reader.body for reader in readers}
    placed = all(number in bodies and cut.body in (None, bodies[number]) for number, cut in frame.cuts.items())
    if placed and _is_thread_page(page, head, readers):
        return root, head, readers
    page.issues.clear()
    return None


def read_landmarks(
    page: Source, root: Node, frame: Frame = WHOLE, reader: PostReader | None = None
) -> tuple[dict[str, Node], list[PostReader]]:
    """Go through the landmarks in page order: those before the first post, and for each post a reader fed with its own.

    What lies inside a body is no landmark, whatever its id says: somebody may have written HTML that looks like a post.
    `reader` is of a post whose frame has no id: it too gets what stands before the first frame that has one.
    """
    unframed = reader
    head: dict[str, Node] = {}
    readers: list[PostReader] = [] if reader is None else [reader]
    for node in root.css(_SELECTOR):
        ident = node.id
        name = _class_of(node) if ident is None else ident.rstrip("0123456789")
        if name not in _NAMES:
            continue
        if reader is not None and reader.has_read(node):
            continue
        read = LANDMARKS.get(name)
        if read is not None:
            if reader is not None:
                try:
                    read(reader, node)
                except Exception as error:  # noqa: BLE001 - whatever is wrong with one post, the others come out
                    reader.broken = f"{type(error).__name__}: {error}"
        elif ident is not None and name in _POST_IDS:
            number = ident[len(name) :]
            if number and len(number) < 19:
                if reader is None or reader.number != number:
                    reader = PostReader(page, number, node, f"posts[{len(readers)}]", frame.cuts.get(number, NOTHING))
                    readers.append(reader)
                if name == "pid":
                    reader.has_table = True
                    reader.in_box = reader.in_box or (reader.node is node and node.tag_id == _DIV)
                elif reader.body is None and has_class(node, "bm_c"):
                    reader.in_box = True
        elif reader is unframed:
            head.setdefault(name, node)
    return head, readers


def _class_of(node: Node) -> str:
    for name in (node.attributes.get("class") or "").split():
        if name in _NAMES:
            return name
    return node.tag or ""


def finish_posts(page: Source, readers: list[PostReader]) -> list[Record]:
    """The records of all posts that could be read; readers of the others are taken out."""
    posts = []
    kept = []
    for reader in readers:
        try:
            if reader.broken is None:
                posts.append(reader.finish())
                kept.append(reader)
                continue
        except Exception as error:  # noqa: BLE001 - as above
            reader.broken = f"{type(error).__name__}: {error}"
        page.note(reader.path, f"post {reader.number} was left out: {reader.broken}")
    readers[:] = kept
    if not posts:
        raise ParseError(f"none of the posts of this page could be read: {page.issues[-1].message}", url=page.url)
    return posts


def _look_for_lost_posts(page: Source, readers: list[PostReader], end: int) -> None:
    """Say so where broken markup left the rest of the posts, which end at a place, inside a body."""
    at = page.text.rfind('id="authorposton', 0, end)
    number = page.text[at + 16 : at + 40].partition('"')[0]
    if at >= 0 and not any(reader.number == number for reader in reversed(readers)):
        page.note("posts", f"post {number} lies inside the body of another one: the page's markup is broken")


# ------------------------------------------------------------ what the parts tell together


def _settle_date_order(page: Source) -> None:
    """On a page whose dates end with the year, tell day from month by all of them."""
    text = page.text
    at = text.find("authorposton", page.first_mark)
    if at < 0 or not _YEAR_LAST.search(text, at, at + _DATE_REACH):
        return
    words = [page.footer_words] if page.footer_words else []
    while at >= 0:
        words.append(text[at : at + _DATE_REACH])
        at = text.find("authorposton", at + 1)
    page.order_dates(day_order(words, page.now) or day_order([text], page.now))


def mark_pending(post: Record) -> None:
    """The state of a whole thread is that of its first post."""
    if post.get("status", "normal") == "normal":
        post["status"] = "pending"
        post["notices"] = (*post.get("notices", ()), {"kind": "pending", "text": "审核中"})


def assemble(page: Source, thread: Record, posts: list[Record]) -> Thread:
    """The thread of its head and its posts."""
    complete_posts(page, thread, posts)
    thread["posts"] = posts
    crumbs = thread["breadcrumbs"]
    thread["site"] = page.site(crumbs[0]["text"] if crumbs and not is_board(crumbs[0]["url"]) else None)
    thread["issues"] = tuple(page.issues)
    return Thread.model_validate(thread)


def complete_posts(page: Source, thread: Record, posts: list[Record]) -> None:
    """Tell posts what only the thread knows: its number, their links, and who started it."""
    tid = thread["tid"]
    starter = (thread.get("author") or {}).get("uid")
    link = permalink(page, tid)
    for post in posts:
        post["tid"] = tid
        if link is not None and post["pid"] is not None:
            post["url"] = f"{link}{post['pid']}"
        if post.get("is_first"):
            post["is_starter"] = True
            post["subject"] = thread["subject"]
        elif starter is not None and post["author"].get("uid") == starter:
            post["is_starter"] = True
