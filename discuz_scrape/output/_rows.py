"""What a page consists of, row by row: posts, threads of a list, boards, entries, each with what the page tells of it.

A kind of page is one row model and one line in `ROWS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from discuz_scrape.models import (
    Announcements,
    AnnouncementText,
    Author,
    Board,
    BoardSummary,
    Feed,
    FeedEntry,
    Forum,
    ForumIndex,
    ListName,
    Model,
    Page,
    Post,
    Tag,
    TagIndex,
    Thread,
    ThreadList,
    ThreadSummary,
    UserPost,
    UserPosts,
    UserProfile,
)
from discuz_scrape.output._visible import json_text

__all__ = ["ROWS", "PostRow", "Row", "items", "json_lines", "row_model", "rows"]


class ThreadRef(Model):
    """The thread that a post belongs to."""

    tid: int | None = None
    """Number of the thread."""
    subject: str | None = None
    """Its title."""
    url: str | None = None
    """Its absolute canonical URL."""
    forum: Forum | None = None
    """The board that it is in."""
    page: int | None = None
    """The page that the post stands on."""


class PostRow(Post):
    """A post and the thread that it is in."""

    kind: Literal["thread"] = "thread"
    """What the page is."""
    thread: ThreadRef
    """The thread of the post."""


class BoardRef(Forum):
    """The board on whose page a thread is listed."""

    url: str | None = None
    """Its absolute URL."""
    page: int | None = None
    """The page of the board."""


class ThreadRow(ThreadSummary):
    """A thread in the list of a board."""

    kind: Literal["board"] = "board"
    """What the page is."""
    board: BoardRef
    """The board whose page it is."""


class ListRef(Model):
    """The list in which a thread was found."""

    list: ListName
    """What sort of list it is."""
    title: str | None = None
    """Its title: the tag, the words that were searched for, the view of the guide."""
    member: Author | None = None
    """Whose threads they are."""
    page: int | None = None
    """The page of the list."""


class ListedRow(ThreadSummary):
    """A thread in a list beyond boards."""

    kind: Literal["thread_list"] = "thread_list"
    """What the page is."""
    list: ListRef
    """The list that it stands in."""


class CategoryRef(Model):
    """The category that a board belongs to."""

    fid: int | None = None
    """Number of the category."""
    name: str | None = None
    """Its name."""


class ForumRow(BoardSummary):
    """A board on the forum's first page."""

    kind: Literal["index"] = "index"
    """What the page is."""
    category: CategoryRef
    """The category that it stands in."""


class UserPostRow(UserPost):
    """Something that a member wrote, as their own list shows it."""

    kind: Literal["user_posts"] = "user_posts"
    """What the page is."""
    member: Author | None = None
    """Who wrote it. None where the page does not tell."""


class TagRow(Tag):
    """A tag of the index."""

    kind: Literal["tag_index"] = "tag_index"
    """What the page is."""


class AnnouncementRow(AnnouncementText):
    """An announcement."""

    kind: Literal["announcements"] = "announcements"
    """What the page is."""


class FeedRef(Model):
    """The feed that an entry belongs to."""

    title: str | None = None
    """Its title."""
    url: str | None = None
    """What it links to."""
    forum: Forum | None = None
    """The board that it is about."""


class EntryRow(FeedEntry):
    """An entry of a feed."""

    kind: Literal["feed"] = "feed"
    """What the page is."""
    feed: FeedRef
    """The feed that it stands in."""


Row = (
    PostRow
    | ThreadRow
    | ListedRow
    | ForumRow
    | UserPostRow
    | UserProfile
    | TagRow
    | AnnouncementRow
    | EntryRow
)
"""Every line that can come out; its `kind` is that of the page."""


class Group(NamedTuple):
    """Rows that share what the page tells of them."""

    items: tuple[Model, ...]
    shared: dict[str, Model | None]


class Rows(NamedTuple):
    """How a kind of page falls into rows."""

    row: type[Model]
    groups: Callable[[Any], Iterator[Group]]


def _posts(page: Thread) -> Iterator[Group]:
    ref = ThreadRef(tid=page.tid, subject=page.subject, url=page.url, forum=page.forum, page=page.page)
    yield Group(page.posts, {"thread": ref})


def _threads(page: Board) -> Iterator[Group]:
    forum = page.forum
    yield Group(page.threads, {"board": BoardRef(fid=forum.fid, name=forum.name, url=forum.url, page=page.page)})


def _listed(page: ThreadList) -> Iterator[Group]:
    yield Group(page.threads, {"list": ListRef(list=page.list, title=page.title, member=page.member, page=page.page)})


def _forums(page: ForumIndex) -> Iterator[Group]:
    for category in page.categories:
        yield Group(category.forums, {"category": CategoryRef(fid=category.fid, name=category.name)})


def _written(page: UserPosts) -> Iterator[Group]:
    yield Group(page.posts, {"member": page.member})


def _tags(page: TagIndex) -> Iterator[Group]:
    yield Group(page.tags, {})


def _announcements(page: Announcements) -> Iterator[Group]:
    yield Group(page.announcements, {})


def _entries(page: Feed) -> Iterator[Group]:
    yield Group(page.entries, {"feed": FeedRef(title=page.title, url=page.url, forum=page.forum)})


def _profile(page: UserProfile) -> Iterator[Group]:
    yield Group((page,), {})


ROWS: dict[str, Rows] = {
    "thread": Rows(PostRow, _posts),
    "board": Rows(ThreadRow, _threads),
    "index": Rows(ForumRow, _forums),
    "thread_list": Rows(ListedRow, _listed),
    "user_posts": Rows(UserPostRow, _written),
    "profile": Rows(UserProfile, _profile),
    "tag_index": Rows(TagRow, _tags),
    "announcements": Rows(AnnouncementRow, _announcements),
    "feed": Rows(EntryRow, _entries),
}
"""Kind of a page to its rows."""


def row_model(kind: str) -> type[Model]:
    """The model of a row of a kind of page."""
    return ROWS[kind].row


def items(page: Page) -> Iterator[Model]:
    """Give what a page consists of."""
    for group in ROWS[page.kind].groups(page):
        yield from group.items


def rows(page: Page, mode: Literal["json", "python"] = "json") -> Iterator[dict[str, Any]]:
    """Give what a page consists of as plain data, as it stands in lines of JSON, or with times as `datetime`.

    A page of a thread gives its posts, a board and a list of threads their threads, the index its boards; each with all
    its fields, the `kind` of the page, and what the page tells of it (`thread`, `board`, `list`, `category`, …).
    """
    for items, shared in ROWS[page.kind].groups(page):
        told = {name: ref and ref.model_dump(mode=mode) for name, ref in shared.items()}
        for item in items:
            yield {**item.model_dump(mode=mode), "kind": page.kind, **told}


def json_lines(page: Page) -> Iterator[str]:
    """Give every row as one line of JSON, without the line end: the data of `rows`, and much faster."""
    row, groups = ROWS[page.kind]
    for items, shared in groups(page):
        told = "".join(f',"{name}":{ref.model_dump_json() if ref else "null"}' for name, ref in shared.items())
        tail = (f',"kind":"{page.kind}"{told}}}' if row is not type(page) else "}").encode()
        for item in items:
            yield json_text(item.__pydantic_serializer__.to_json(item)[:-1] + tail)
