"""What every model is, and the parts that all kinds of page share."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

AuthorKind = Literal["member", "anonymous", "guest", "deleted", "external"]


class Model(BaseModel):
    """Base of all models: immutable and closed; validators are built at first use, so that importing stays cheap."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Forum(Model):
    """A board."""

    fid: int | None = None
    """Number of the board; None where the page names it only."""
    name: str | None = None
    """Its name as plain text; None where the page gives the number only."""


class Link(Model):
    """A link: in the breadcrumb, or written into a post."""

    url: str
    """Absolute URL; for a player, the media's own address."""
    text: str | None = None
    """What the link shows; None for a link around a picture and for players."""


class Author(Model):
    """Who wrote a post, as far as the page tells."""

    name: str | None = None
    """User name; None for anonymous posts and where the skin hides the author column."""
    uid: int | None = None
    """Number of the member; None for anonymous, guests and external accounts.
    That of a deleted account is told by the JSON API only."""
    anonymous: bool = False
    """True where the post hides its author behind the anonymous label."""
    kind: AuthorKind = "member"
    """What sort of author this is."""
    group: str | None = None
    """Name of the user group, such as the level. None where the page does not tell."""
    title: str | None = None
    """The member's own title below the group. None where the page does not tell."""
    avatar_url: str | None = None
    """Absolute URL of the avatar; None where there is none or it is hidden."""
    profile: dict[str, str] | None = None
    """What the author column tells, label to value, both as printed; numbers in full. None where it tells nothing."""
    ip: str | None = None
    """Masked address of a guest, such as `1.2.3.x`. None where the page does not tell."""


class Site(Model):
    """The forum that the page comes from, and the clock it is written by."""

    name: str | None = None
    """Name of the forum. None where the page does not tell."""
    url: str | None = None
    """Its root, ending in a slash. None where the page does not tell."""
    version: str | None = None
    """Version of Discuz!, such as `X3.4`; None where the owner removed every mark of it."""
    charset: str | None = None
    """How the bytes were read, as a Python codec name; None where text was given."""
    utc_offset: str
    """Offset of all times of the page, such as `+08:00`."""
    utc_offset_assumed: bool
    """True where neither the page nor the caller told the offset, and Discuz's default of +08:00 was taken."""
    rendered_at: datetime | None = None
    """The clock in the footer, to the minute; of a cached page, when it was rendered.
    None where the page does not tell."""
    viewer_uid: int | None = None
    """Who the page was rendered for: 0 for a guest; None where the page does not tell."""


class Issue(Model):
    """Something odd that did not stop the parse."""

    path: str
    """The field it is about, such as `posts[3].timestamp`."""
    message: str
    """What was met there."""
