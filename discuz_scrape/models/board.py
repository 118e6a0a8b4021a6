"""A board: what heads it, and the rows of threads that it and other pages list."""

from datetime import datetime
from typing import Literal

from discuz_scrape.models._base import Author, Forum, Issue, Model, Site
from discuz_scrape.models.thread import Special

Sticky = Literal["board", "category", "global", "multi"]


class LastPost(Model):
    """The latest post of a board."""

    tid: int | None = None
    """The thread that it is in. None where the page does not tell."""
    subject: str | None = None
    """Subject of that thread, cut by Discuz at about 30 columns. None where the page shows the time only."""
    url: str | None = None
    """Absolute URL that leads to the post. None where the page does not tell."""
    author: str | None = None
    """Name of who wrote it; None where it is anonymous or the page does not tell."""
    at: datetime | None = None
    """When, to the minute. None where the page does not tell."""


class BoardInfo(Forum):
    """A board, by the head of its own page."""

    url: str | None = None
    """Absolute URL of its first page. None where the page does not tell."""
    parent: Forum | None = None
    """The board or category that it lies in. None where the page does not tell."""
    description: str | None = None
    """What it is for, in the owner's words. None where the page does not tell."""
    rules: str | None = None
    """Its rules as plain text, printed on first pages only. None where the page does not tell."""
    moderators: tuple[str, ...] = ()
    """Names of its moderators."""
    today: int | None = None
    """Posts of today. None where the page does not tell."""
    thread_count: int | None = None
    """How many threads it has. None where the page does not tell."""
    post_count: int | None = None
    """How many posts it has; the stock page does not tell. None where the page does not tell."""


class BoardSummary(Forum):
    """A board as the index and the board above it list it."""

    url: str | None = None
    """Absolute URL of the board, or of the place elsewhere that it stands for. None where the page does not tell."""
    description: str | None = None
    """What it is for, in the owner's words. None where the page does not tell."""
    moderators: tuple[str, ...] = ()
    """Names of its moderators."""
    subforums: tuple[Forum, ...] = ()
    """The boards below it, as far as the page names them."""
    today: int | None = None
    """Posts of today; pages print no zero. None where the page does not tell."""
    thread_count: int | None = None
    """How many threads it has. None where the page does not tell, or rounds without the full number in a title."""
    post_count: int | None = None
    """How many posts it has, as above. None where the page does not tell."""
    last_post: LastPost | None = None
    """Its latest post; None where there is none, or the viewer may not know."""


class Announcement(Model):
    """A notice of the forum's owner above the threads."""

    subject: str
    """Its title."""
    url: str | None = None
    """Absolute URL of it. None where it leads nowhere."""
    author: str | None = None
    """Name of who wrote it. None where the page does not tell."""
    at: datetime | None = None
    """From when it holds: a date. None where the page does not tell."""


class ThreadType(Model):
    """A type (主题分类) or sort (分类信息) that threads of a board may have."""

    id: int | None = None
    """Its number. None where the page does not tell."""
    name: str
    """Its name."""


class ThreadSummary(Model):
    """A thread as a list shows it."""

    tid: int | None = None
    """Number of the thread that the row leads to. None where the page does not tell."""
    url: str | None = None
    """Absolute URL of its first page, without what reminds of the list. None where the page does not tell."""
    subject: str | None = None
    """Its title, without type and sort; some lists cut it. None where the page does not tell."""
    type_name: str | None = None
    """The type (主题分类) before the title, without brackets. None where the page does not tell."""
    sort_name: str | None = None
    """The sort (分类信息) before the title, without brackets. None where the page does not tell."""
    author: Author | None = None
    """Who started it. None where the list does not tell."""
    created_at: datetime | None = None
    """When it was started; most lists print the day only, which is read as its midnight.
    None where the list does not tell."""
    replies: int | None = None
    """Replies as printed: remarks included since X3.0, but not on pages for phones.
    None where the list does not tell."""
    views: int | None = None
    """How often it was viewed. None where the list does not tell."""
    last_post_at: datetime | None = None
    """When it was last replied to, to the minute. None where the list does not tell."""
    last_poster: str | None = None
    """Name of who wrote last; None where it is anonymous or the list does not tell."""
    sticky: Sticky | None = None
    """Where it is pinned to the top; "board" also where the page does not tell how far it reaches.
    None for ordinary threads."""
    closed: bool = False
    """Whether the row marks it as closed."""
    digest: bool = False
    """Whether the row marks it as digest, or the list holds nothing else."""
    digest_level: int | None = None
    """Level of the digest, 1 to 3. None where the list does not tell."""
    stamp: str | None = None
    """Word of the small stamp behind the title, such as 新人帖. None where there is none."""
    special: Special | None = None
    """What sort of thread it is; None for an ordinary one, and where the list does not tell."""
    price: int | None = None
    """Credits asked for reading it; None where it is free."""
    read_permission: int | None = None
    """Reading level asked for it; None where there is none."""
    reward: int | None = None
    """Credits offered for an answer; None where there are none, or it is solved."""
    reward_solved: bool | None = None
    """Whether an answer was chosen; None for threads that offer no reward."""
    reply_bonus: int | None = None
    """Credits that are left for those who reply. None where there are none."""
    heat: int | None = None
    """Its heat, from the flame behind the title; None where there is no flame, or it tells its level only."""
    has_image: bool = False
    """Whether the row marks pictures among its attachments."""
    has_attachment: bool = False
    """Whether the row marks attachments of any kind."""
    highlight: str | None = None
    """CSS that sets the title off, as the page has it. None for a plain title."""
    pages: int | None = None
    """How many pages it has, by the links behind the title. None where the row has none."""
    moved: bool = False
    """Whether the row is what remains of a thread that went elsewhere; it leads to the thread."""
    hidden: bool = False
    """Whether the row is folded away, for members voted it down."""
    forum: Forum | None = None
    """The board that it is in, on lists of more than one. None where the row does not tell."""
    excerpt: str | None = None
    """Some words of it. None where the list shows none."""
    cover_url: str | None = None
    """Absolute URL of its picture. None where the list shows none."""


class Board(Model):
    """One page of a board."""

    kind: Literal["board"] = "board"
    """Tells the models of pages apart."""
    forum: BoardInfo
    """The board."""
    subforums: tuple[BoardSummary, ...] = ()
    """The boards below it; printed on first pages only."""
    types: tuple[ThreadType, ...] = ()
    """The types that its threads may be filtered by."""
    sorts: tuple[ThreadType, ...] = ()
    """The sorts that its threads may be filtered by."""
    announcements: tuple[Announcement, ...] = ()
    """Announcements above the threads."""
    threads: tuple[ThreadSummary, ...] = ()
    """The threads in page order: sticky ones first, hidden and moved ones too."""
    page: int | None = None
    """The page that this is. None where the page does not tell."""
    total_pages: int | None = None
    """How many pages the board has in this view. None where the page does not tell."""
    site: Site
    """The forum, and the clock of the page."""
    issues: tuple[Issue, ...] = ()
    """What was odd."""
