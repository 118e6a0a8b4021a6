"""What an address of a forum leads to."""

from datetime import datetime
from typing import Literal

from discuz_scrape.models._base import Model

PageKind = Literal[
    "thread", "board", "index", "redirect", "space", "user_threads", "user_posts", "guide", "search", "tag", "feed",
    "attachment", "image", "avatar", "comments", "ratings", "goods", "group", "groups", "collection", "announcement",
    "form", "login", "register", "follow", "blog", "portal", "article", "topic", "plugin", "misc", "file", "other",
]  # fmt: skip
"""What a page shows, whatever its face."""

Face = Literal[
    "desktop", "touch", "mobile", "wml", "archiver", "print", "album", "preview", "portal", "ajax", "api", "app", "old"
]  # fmt: skip
"""The form in which a page is given."""


class AttachmentToken(Model):
    """What the token in a link to an attachment holds; it changes with every page load, and is of no use for long."""

    aid: int
    """Number of the attachment."""
    key: str | None = None
    """The signature of the forum."""
    made_at: datetime | None = None
    """When the page was rendered that the link stood on, in UTC."""
    uid: int | None = None
    """Number of the member whom the page was rendered for; 0 for a guest."""
    tid: int | None = None
    """Number of the thread. None where the token does not tell."""


class PageRef(Model):
    """What an address of a forum leads to."""

    kind: PageKind
    """What sort of page this is: "misc" is any other address of the software, "file" what lies on the server as it is,
    "other" whatever has no form that is known."""
    face: Face = "desktop"
    """The form in which it is given: the touch template ("touch", mobile=2), the old mobile one ("mobile", mobile=1),
    "wml" (mobile=3), "archiver", "print", "album", "preview" or "portal" (from=), the XML answer to a script ("ajax"),
    the JSON API ("api"), the JavaScript application below `m/` ("app"), or a page of Discuz! 6 or 7 ("old")."""
    site: str | None = None
    """Root folder of the forum, ending in a slash. None where the address does not tell: a relative or foreign one."""
    tid: int | None = None
    """Number of the thread."""
    fid: int | None = None
    """Number of the board."""
    board: str | None = None
    """The keyword that stands for the number of the board where its owner gave it one."""
    gid: int | None = None
    """Number of the category, on an index of one."""
    pid: int | None = None
    """Number of the post that is meant, be it as `pid=`, `viewpid=` or `#pid`."""
    uid: int | None = None
    """Number of the member."""
    username: str | None = None
    """Name of the member, decoded, where the address has it instead of the number."""
    aid: int | None = None
    """Number of the attachment."""
    token: AttachmentToken | None = None
    """What the token of an attachment holds. None where the number stands there plainly."""
    id: int | None = None
    """Number of a tag, announcement, article, topic, collection or blog entry."""
    name: str | None = None
    """Name of a tag or topic; of a plugin, `plugin:module`."""
    page: int | None = None
    """Number of the page, 1 where the address names none. None for what has no pages."""
    authorid: int | None = None
    """Number of the member whose posts alone are shown."""
    ordertype: int | None = None
    """1 for the newest posts first, 2 for the oldest first. None where the address does not ask for an order."""
    goto: str | None = None
    """Where a redirect leads: "findpost", "postno", "lastpost", "nextnewset", "nextoldset" …"""
    postno: int | None = None
    """Number of the floor that a redirect leads to."""
    do: str | None = None
    """The part of a member's space; of a posting form, what it is for: "newthread", "reply" or "edit"."""
    view: str | None = None
    """The list of a guide, or the part of a list of one's own."""
    searchid: int | None = None
    """Number under which the forum keeps a search result; it expires."""
    words: str | None = None
    """The words searched for, decoded."""
    query: tuple[tuple[str, str], ...] = ()
    """All other parameters that may change the page, decoded, in the order of their names."""
    path: str | None = None
    """What stands behind the site's root, or the whole address where no site is known; None where other fields tell
    it."""
    charset: str | None = None
    """How names and words were percent-encoded, as a Python codec name; None where all are ASCII."""
    rule: str | None = None
    """The rewrite pattern that read the address; None for one that is not rewritten."""
