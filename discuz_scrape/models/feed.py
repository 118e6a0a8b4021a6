"""A feed: the latest threads of a forum or a board, as it offers them to readers of RSS."""

from datetime import datetime
from typing import Literal

from discuz_scrape.models._base import Author, Forum, Issue, Model, Site


class FeedEntry(Model):
    """One entry: a thread, by its first post."""

    tid: int | None = None
    """Number of the thread, from the link. None where the feed does not tell, and for entries that are no thread."""
    url: str | None = None
    """Absolute URL that it leads to. None where the feed does not tell."""
    title: str | None = None
    """Subject of the thread. None where the feed does not tell."""
    author: Author | None = None
    """Who started it. None where the feed does not tell, as for anonymous threads."""
    forum: Forum | None = None
    """The board that it is in: its name, the category of the entry. None where the feed does not tell."""
    published_at: datetime | None = None
    """When it was started. None where the feed does not tell, or it cannot be read."""
    summary: str | None = None
    """The beginning of the first post as plain text, cut by Discuz at 250 characters and empty for what guests may not
    read. None where the feed does not tell."""
    enclosure_url: str | None = None
    """Absolute URL of a file that comes with it, such as its picture. None where there is none."""


class Feed(Model):
    """A feed."""

    kind: Literal["feed"] = "feed"
    """Tells the models of pages apart."""
    title: str | None = None
    """Its title: the name of the forum, and of the board. None where the feed does not tell."""
    url: str | None = None
    """Absolute URL of the page that it follows. None where the feed does not tell."""
    forum: Forum | None = None
    """The board that it follows. None for the whole forum."""
    description: str | None = None
    """What it says of itself. None where the feed does not tell."""
    generator: str | None = None
    """What software made it, in its own words. None where the feed does not tell."""
    updated_at: datetime | None = None
    """When it was built. None where the feed does not tell, or it cannot be read."""
    entries: tuple[FeedEntry, ...] = ()
    """Its entries in order."""
    site: Site
    """The forum, and the offset of the feed's times."""
    issues: tuple[Issue, ...] = ()
    """What was odd."""
