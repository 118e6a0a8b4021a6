"""The index of a forum: all its boards."""

from datetime import date
from typing import Literal

from discuz_scrape.models._base import Issue, Link, Model, Site
from discuz_scrape.models.board import Announcement, BoardSummary


class Category(Model):
    """A group of boards (分区)."""

    fid: int | None = None
    """Its number. None where the page does not tell, and for the viewer's favourites."""
    name: str | None = None
    """Its name. None where the page does not tell."""
    url: str | None = None
    """Absolute URL of it. None where the page does not tell."""
    moderators: tuple[str, ...] = ()
    """Names of those who moderate all its boards."""
    forums: tuple[BoardSummary, ...] = ()
    """Its boards in order; a board that the page shows as a link to elsewhere has no fid."""


class ForumStats(Model):
    """Numbers of the whole forum."""

    today: int | None = None
    """Posts of today. None where the page does not tell."""
    yesterday: int | None = None
    """Posts of yesterday. None where the page does not tell."""
    posts: int | None = None
    """All posts. None where the page does not tell."""
    members: int | None = None
    """How many members it has. None where the page does not tell."""
    newest_member: str | None = None
    """Name of the member who joined last. None where the page does not tell."""


class Online(Model):
    """Who is there."""

    total: int | None = None
    """How many people are. None where the page does not tell."""
    members: int | None = None
    """How many of them are members. None where the page does not tell."""
    invisible: int | None = None
    """How many of the members do not want to be seen. None where the page does not tell."""
    guests: int | None = None
    """How many are guests. None where the page does not tell."""
    record: int | None = None
    """The most there ever were. None where the page does not tell."""
    record_on: date | None = None
    """The day of the record. None where the page does not tell."""


class ForumIndex(Model):
    """The index of a forum, or the page of one of its categories."""

    kind: Literal["index"] = "index"
    """Tells the models of pages apart."""
    categories: tuple[Category, ...] = ()
    """The categories in page order."""
    stats: ForumStats | None = None
    """Numbers of the whole forum. None where the page does not tell."""
    online: Online | None = None
    """Who is there. None where the page does not tell."""
    announcements: tuple[Announcement, ...] = ()
    """Announcements in the line above the boards."""
    links: tuple[Link, ...] = ()
    """Friendly links to other sites."""
    site: Site
    """The forum, and the clock of the page."""
    issues: tuple[Issue, ...] = ()
    """What was odd."""
