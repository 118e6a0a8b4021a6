"""Lists of what is on more than one board: threads, replies of a member, tags, announcements."""

from datetime import datetime
from typing import Literal

from discuz_scrape.models._base import Author, Issue, Model, Site
from discuz_scrape.models.board import Announcement, ThreadSummary

ListName = Literal["guide", "search", "tag", "member"]


class ThreadList(Model):
    """One page of a list of threads that is no board."""

    kind: Literal["thread_list"] = "thread_list"
    """Tells the models of pages apart."""
    list: ListName
    """Which list: the guide (导读), a search, a tag, or the threads of a member."""
    title: str | None = None
    """What the page calls it: the name of the guide's view, the words that were sought, the tag, the member.
    None where the page does not tell."""
    view: str | None = None
    """View of the guide as its links name it, such as "hot" or "newthread". None on other lists."""
    tag_id: int | None = None
    """Number of the tag. None on other lists, and where the page does not tell."""
    member: Author | None = None
    """Whose threads these are. None on other lists."""
    found: int | None = None
    """How many a search found, on all of its pages. None on other lists."""
    threads: tuple[ThreadSummary, ...] = ()
    """The threads in page order; none where nothing was found."""
    page: int | None = None
    """The page that this is. None where the page does not tell."""
    total_pages: int | None = None
    """How many pages the list has. None where the page does not tell."""
    site: Site
    """The forum, and the clock of the page."""
    issues: tuple[Issue, ...] = ()
    """What was odd."""


class UserPost(Model):
    """A post as the list of a member's replies shows it."""

    pid: int | None = None
    """Number of the post. None where the page does not tell."""
    tid: int | None = None
    """Number of the thread that it is in. None where the page does not tell."""
    url: str | None = None
    """Absolute URL that leads to the post. None where the page does not tell."""
    excerpt: str | None = None
    """How it begins, cut by Discuz at about 100 columns and without its quote; of a remark the whole.
    None where there are no words, such as in a post of pictures only."""
    thread: ThreadSummary | None = None
    """The thread that it is in. None where the page does not tell."""


class UserPosts(Model):
    """One page of a member's replies or remarks."""

    kind: Literal["user_posts"] = "user_posts"
    """Tells the models of pages apart."""
    list: Literal["replies", "comments"] = "replies"
    """Whether these are posts, or remarks (点评) below posts."""
    member: Author | None = None
    """Who wrote them. None where the page does not tell."""
    posts: tuple[UserPost, ...] = ()
    """The posts in page order, those of one thread together; none where there are none."""
    page: int | None = None
    """The page that this is. None where the page does not tell."""
    total_pages: int | None = None
    """How many pages the list has. None where the page does not tell."""
    site: Site
    """The forum, and the clock of the page."""
    issues: tuple[Issue, ...] = ()
    """What was odd."""


class Tag(Model):
    """A tag that threads may carry."""

    id: int | None = None
    """Its number. None where the page does not tell."""
    name: str
    """Its name."""
    url: str | None = None
    """Absolute URL of the page that lists what carries it. None where the site is not known."""


class TagIndex(Model):
    """The page that names the tags of a forum, newest first, or those that a search for a tag found."""

    kind: Literal["tag_index"] = "tag_index"
    """Tells the models of pages apart."""
    tags: tuple[Tag, ...] = ()
    """The tags in page order."""
    site: Site
    """The forum, and the clock of the page."""
    issues: tuple[Issue, ...] = ()
    """What was odd."""


class AnnouncementText(Announcement):
    """A notice of the forum's owner, with its words."""

    id: int | None = None
    """Its number. None where the page does not tell."""
    until: datetime | None = None
    """Until when it holds: a date. None without an end."""
    text: str | None = None
    """Its words as plain text. None where it has none."""


class Announcements(Model):
    """The page of the forum's announcements (mod=announcement)."""

    kind: Literal["announcements"] = "announcements"
    """Tells the models of pages apart."""
    announcements: tuple[AnnouncementText, ...] = ()
    """The announcements in page order."""
    site: Site
    """The forum, and the clock of the page."""
    issues: tuple[Issue, ...] = ()
    """What was odd."""
