"""A post, and everything that belongs to one."""

from datetime import datetime
from typing import Literal

from discuz_scrape.models._base import Author, Link, Model

Status = Literal[
    "normal", "author_banned", "shielded", "deleted", "password", "paid", "author_only", "pending", "blocked"
]
NoticeKind = Literal[
    "reply_to_view", "credits_to_view", "login_to_view", "attachments_hidden", "paid", "password", "shielded",
    "author_banned", "author_only", "pending", "deleted", "warned", "hidden",
]  # fmt: skip
DebateSideName = Literal["pro", "con", "neutral"]


class Mention(Model):
    """A member named with @ in a post."""

    name: str
    """The name without the @."""
    uid: int | None = None
    """Number of the member, from the link; None for a link by name."""
    url: str
    """Absolute URL of the member's page."""


class Edit(Model):
    """The edit notice that leads a body."""

    by: str | None = None
    """Who edited last; None where the notice (of a translated interface) does not tell."""
    at: datetime | None = None
    """When, to the minute: the wall clock on the page read in its offset. None where it cannot be read."""


class Quote(Model):
    """A post quoted at the head of a reply; its words are not part of the reply's body."""

    pid: int | None = None
    """The quoted post, from the link in the quote's header; None for quotes of old versions and phones."""
    tid: int | None = None
    """Its thread, from the same link. None where the page does not tell."""
    author: str | None = None
    """Name in the quote's header. None where the page does not tell."""
    timestamp: datetime | None = None
    """Time in the quote's header, as it was printed when quoting; None where it cannot be read."""
    text: str
    """The quoted words, as frozen when quoting: Discuz strips and cuts them."""


class Attachment(Model):
    """A file of a post, pictures included."""

    aid: int
    """Number of the attachment: its identity. Its URLs change with every page load."""
    filename: str | None = None
    """Name given by the uploader; None where the page hides it (guests' thumbnails)."""
    is_image: bool
    """Whether Discuz holds it for a picture."""
    inline: bool
    """True where the author placed it in the text, False in the list below the body.
    Version 4 of the JSON API does not tell it of files that are no pictures: False."""
    url: str | None = None
    """Absolute URL of the file (of a picture: the full size); None where only a thumbnail is offered."""
    thumbnail_url: str | None = None
    """Absolute URL of a smaller rendering; None where the page has none."""
    size: int | None = None
    """Bytes, computed from what is displayed ("1.68 KB"), so exact only for files below 1 KB.
    None where the page does not tell."""
    downloads: int | None = None
    """How often it was downloaded. None where the page does not tell."""
    description: str | None = None
    """The uploader's words on it. None where the page does not tell."""
    price: int | None = None
    """Credits asked for it; None where it is free."""
    read_permission: int | None = None
    """Reading level asked for it; None where there is none."""
    uploaded_at: datetime | None = None
    """When it was uploaded: to the minute, from the JSON API to the second. None where the page does not tell."""


class Image(Model):
    """A picture at its place in the content; smileys, icons and placeholders are none."""

    url: str
    """Absolute URL of the best rendering that the page names."""
    thumbnail_url: str | None = None
    """Absolute URL of a smaller rendering; None where the page has none."""
    aid: int | None = None
    """The attachment that it shows; None for remote pictures and on pages served to robots."""
    width: int | None = None
    """Width in CSS pixels as the page sets it. None where the page does not tell."""
    height: int | None = None
    """Height in CSS pixels as the page sets it. None where the page does not tell."""


class Notice(Model):
    """A sentence that the forum put in place of content, or beside it."""

    kind: NoticeKind
    """What it says."""
    text: str
    """The forum's own words."""


class Comment(Model):
    """A short remark (点评) below a post."""

    author: Author
    """Who wrote it."""
    timestamp: datetime | None = None
    """When, to the minute. None where the page does not tell."""
    text: str
    """Its words."""


class Rating(Model):
    """What one member gave to a post."""

    user: Author
    """Who rated."""
    scores: dict[str, int]
    """Name of the credit to points, negative ones too; only credits that were given."""
    reason: str
    """The member's words; "" where they gave none, for the page has a place for them."""
    timestamp: datetime | None = None
    """When, to the minute. None where the page does not tell: only the window of all ratings does."""


class Post(Model):
    """One post of the page."""

    pid: int | None = None
    """Number of the post: its identity. None on views that do not carry it."""
    tid: int | None = None
    """The thread that it is in. None where the page does not tell."""
    url: str | None = None
    """Absolute permanent link; None where pid or site are unknown."""
    floor: int | None = None
    """Number printed for it, 1 for the first post; of a sticky reply its real one. A label of one fetch, no identity.
    None for a recommended reply, whose number is not on the page."""
    floor_inferred: bool = False
    """True where the page prints no floor and `floor` follows from order and page."""
    is_first: bool = False
    """True for the post that opens the thread."""
    is_starter: bool = False
    """True where the author of the thread wrote it."""
    sticky: bool = False
    """A reply that moderators pinned to the first page."""
    recommended: bool = False
    """A reply shown early for its votes."""
    author: Author
    """Who wrote it."""
    timestamp: datetime | None = None
    """When it was posted, in the page's own offset; None where the page does not show it or it cannot be read."""
    timestamp_text: str | None = None
    """The time as printed. None where the page does not tell."""
    client: str | None = None
    """What it was sent from ("来自手机"). None where the page does not tell."""
    location: str | None = None
    """Text after the time, such as the region of the address. None where the page does not tell."""
    subject: str | None = None
    """A title of its own; for the first post that of the thread. None where the page does not tell."""
    body: str
    """What a person would copy, as plain text; "" where nothing is readable."""
    parts: int | None = None
    """How many parts the author split the text into with `[page]` or `[index]`; `body` is the one that the page shows.
    None where the page shows the whole; where that has a table of contents, only the URL tells it (`cp=all`)."""
    body_html: str | None = None
    """The same content as clean HTML; None unless asked for by `formats`."""
    body_markdown: str | None = None
    """The same content as Markdown; None unless asked for by `formats`."""
    quotes: tuple[Quote, ...] = ()
    """Posts quoted in it."""
    attachments: tuple[Attachment, ...] = ()
    """Its files, pictures included, in page order."""
    images: tuple[Image, ...] = ()
    """Its pictures in reading order, remote ones included."""
    mentions: tuple[Mention, ...] = ()
    """Members named with @."""
    links: tuple[Link, ...] = ()
    """Links of the body in reading order, media of players included."""
    edit: Edit | None = None
    """The last edit that the page tells. None where the page does not tell."""
    status: Status = "normal"
    """What this viewer gets of it."""
    notices: tuple[Notice, ...] = ()
    """Sentences of the forum about hidden or limited content."""
    comments: tuple[Comment, ...] = ()
    """Remarks below it: the newest few, as the page shows."""
    more_comments: bool = False
    """Whether the forum offers further remarks, on pages of their own."""
    ratings: tuple[Rating, ...] = ()
    """Ratings: the newest few, as the page shows."""
    more_ratings: bool = False
    """Whether more members rated than the page shows; the window of all ratings has them."""
    support: int | None = None
    """Votes for it; None where the page has no counter, or an empty one."""
    against: int | None = None
    """Votes against it. None where the page does not tell."""
    signature: str | None = None
    """The author's signature as plain text. None where the page does not tell."""
    debate_side: DebateSideName | None = None
    """The side taken in a debate. None where the page does not tell."""
