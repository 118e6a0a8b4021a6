"""What the pages for phones share: the walk over their landmarks, and how a thread is put together of its parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from discuz_scrape import _urls
from discuz_scrape._html import Node, one_line, select, text_of
from discuz_scrape._source import Source
from discuz_scrape.errors import ParseError
from discuz_scrape.models import Thread
from discuz_scrape.pages.phones._touch_post import TouchPost
from discuz_scrape.pages.phones._touch_special import read_sort_lines, read_touch_special
from discuz_scrape.pages.threads._byline import read_byline
from discuz_scrape.pages.threads._floors import settle_floors
from discuz_scrape.pages.threads._head import BRACKETS, Link, read_pages, thread_url
from discuz_scrape.pages.threads._opening import price_in
from discuz_scrape.pages.threads._post import PostReader
from discuz_scrape.pages.threads.thread import complete_posts, finish_posts, mark_pending

__all__ = ["assemble", "fill_head", "forum_name", "is_way", "read_landmarks", "split_types"]

_MOST_MARKS = 2  # a type and a sort
_DASH = re.compile(r"\s+-\s+")

Record = dict[str, Any]
PostT = TypeVar("PostT", bound=TouchPost)


def read_landmarks(
    page: Source,
    nodes: list[Node],
    number_of: Callable[[Node], str | None],
    landmarks: Mapping[str, Callable[[PostT, Node], None]],
    post: type[PostT],
) -> list[PostT]:
    """Go through the landmarks in page order: each frame begins a post, the others are read by the post they are in.

    What lies inside a body is no landmark: somebody may have written HTML that looks like a post.
    """
    readers: list[PostT] = []
    for node in nodes:
        reader = readers[-1] if readers else None
        if reader is not None and node.mem_id in reader.seen:
            continue
        number = number_of(node)
        if number and len(number) < 19 and (reader is None or reader.number != number):
            reader = post(page, number, node, f"posts[{len(readers)}]")
            readers.append(reader)
        read = next((landmarks[name] for name in _names_of(node) if name in landmarks), None)
        if read is not None and reader is not None and reader.broken is None:
            try:
                read(reader, node)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one post, the others come out
                reader.broken = f"{type(error).__name__}: {error}"
    if not readers:
        raise ParseError("a thread page for phones without a post that can be read", url=page.url)
    return readers


def _names_of(node: Node) -> list[str]:
    attributes = node.attributes
    names = [(attributes.get("id") or "").rstrip("0123456789"), *(attributes.get("class") or "").split()]
    return [*names, "attachpay" if "attachpay" in (attributes.get("href") or "") else node.tag or ""]


def split_types(page: Source, heading: Node, aside: Callable[[Node], bool]) -> tuple[str | None, list[str], str]:
    """Subject of a heading, type and sort before it, and the words of those of its elements that are `aside`.

    Type and sort are in brackets, each in an element or in a line of its own.
    """
    marks: list[str] = []
    own = ""
    beside = ""
    node = heading.first_child
    while node is not None:
        if node.tag == "em" and (found := BRACKETS.fullmatch(one_line(text_of(node)) or "")) and not own.strip():
            marks.append(found[1])
        elif aside(node):
            beside += text_of(node)
        else:
            own += text_of(node)
        node = node.next
    lines = [words for line in own.splitlines() if (words := one_line(line))]
    while len(lines) > 1 and len(marks) < _MOST_MARKS and (found := BRACKETS.fullmatch(lines[0])):
        marks.append(found[1])
        lines.pop(0)
    subject = " ".join(lines)
    while len(marks) < _MOST_MARKS and (found := BRACKETS.match(subject)) and not _begins(page.title_words(), subject):
        marks.append(found[1])
        subject = subject[found.end() :].lstrip()
    return subject or None, marks, beside


def _begins(title: str | None, subject: str) -> bool:
    """Whether the title begins with words that are thus the subject, brackets and all; without a title they are."""
    return title is None or title.startswith(subject)


def is_way(links: list[Link]) -> bool:
    """Whether these are the links that lead to a thread: one of them to its board."""
    return any(_urls.is_board(href) for href, _ in links)


def fill_head(page: Source, thread: Record, *, crumbs: list[Link], links: list[Node]) -> None:
    """Board, address and title of the page; `links` are those that are sure to lead to the thread itself."""
    board = next(((href, words) for href, words in reversed(crumbs) if _urls.is_board(href)), None)
    thread["forum"] = {"fid": _urls.fid_in(board[0]), "name": board[1] or None} if board is not None else None
    ways = [(page.absolute(href), words) for href, words in crumbs if words]
    thread["breadcrumbs"] = tuple({"url": url, "text": words} for url, words in ways if url is not None)
    canonical = page.absolute(page.canonical())
    told = [canonical, *(link.attributes.get("href") for link in links), page.url]
    thread["tid"] = next((tid for tid in map(_urls.tid_in, told) if tid is not None), None)
    thread["url"] = canonical or thread_url(page, thread["tid"])
    thread["closed"] = False
    if not thread.get("subject"):
        thread["subject"] = page.title({words for _, words in crumbs})
        if thread["subject"] is None and not page.is_fragment:
            page.note("subject", "the page has neither a subject nor a title")


def assemble(
    page: Source,
    root: Node,
    thread: Record,
    readers: Sequence[TouchPost],
    *,
    pending: bool,
    heading: Node | None = None,
) -> Thread:
    """The thread of its head and the readers of its posts; below the `heading` a skin may name author and time."""
    _read_pager(page, root, thread, readers)
    everyone: list[PostReader] = [*readers]
    posts = finish_posts(page, everyone)
    first = next(reader for reader in readers if reader is everyone[0])
    settle_floors(thread, posts, None)
    posts[0]["is_first"] = bool(posts[0].get("is_first")) or first.opens
    if posts[0]["is_first"]:
        if heading is not None and "timestamp" not in posts[0]:
            read_byline(page, thread, posts[0], heading, first.node)
        thread["author"] = posts[0]["author"]
        _read_opening(page, thread, first)
        if pending:
            mark_pending(posts[0])
    complete_posts(page, thread, posts)
    thread["posts"] = posts
    thread["site"] = page.site(_site_name(page, thread))
    thread["issues"] = tuple(page.issues)
    return Thread.model_validate(thread)


def _read_pager(page: Source, root: Node, thread: Record, readers: Sequence[TouchPost]) -> None:
    """The pager stands behind the posts; what somebody wrote is none."""
    pagers = [node for node in select(root, ".pg") if not any(node.mem_id in reader.seen for reader in readers)]
    read_pages(page, thread, next((node for node in pagers if select(node, "strong")), None))


def _read_opening(page: Source, thread: Record, reader: TouchPost) -> None:
    """What the first post tells of the whole thread."""
    for counter, count in zip(("views", "replies"), reader.counts, strict=True):
        if count is not None:
            thread[counter] = count
    if reader.sort_box is not None:
        name, thread["sort_fields"] = read_sort_lines(reader.sort_box)
        if name and thread.get("type_name") == name:
            del thread["type_name"]
        if name:
            thread["sort_name"] = name
    if reader.box is not None and reader.cell is not None:
        thread.update(read_touch_special(page, reader.box, reader.cell))
    thread["tags"] = tuple(reader.tags)
    if (price := price_in(reader.notices)) is not None:
        thread["price"] = price


def _site_name(page: Source, thread: Record) -> str | None:
    """Name of the forum: in the title behind that of the board, before the words that say it is a page for phones."""
    parts = _DASH.split(page.title_words() or "")
    board = (thread["forum"] or {}).get("name")
    at = parts.index(board) + 1 if board in parts else len(parts)
    return parts[at] if at < len(parts) - 1 else None


def forum_name(page: Source) -> str | None:
    """Name of the forum on a page that is no thread: the end of its description, if its title has the name too."""
    for node in select(page.root, 'meta[name="description"]')[:1]:
        name = one_line((node.attributes.get("content") or "").rpartition(",")[2])
        if name in _DASH.split(page.title_words() or ""):
            return name
    return None
