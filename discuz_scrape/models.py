"""What a page becomes: frozen, picklable pydantic models.

A field that the page does not show is None, never "" or 0. Sequences are tuples, URLs absolute, times aware: they are
in the offset that the page itself is written in (`Site.utc_offset`). Names are Discuz's own: tid, fid, pid, uid, aid,
floor.
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

Special = Literal["poll", "reward", "activity", "debate", "trade", "plugin"]
Status = Literal[
    "normal", "author_banned", "shielded", "deleted", "password", "paid", "author_only", "pending", "blocked"
]
NoticeKind = Literal[
    "reply_to_view", "credits_to_view", "login_to_view", "attachments_hidden", "paid", "password", "shielded",
    "author_banned", "author_only", "pending", "deleted", "warned",
]  # fmt: skip
AuthorKind = Literal["member", "anonymous", "guest", "deleted", "external"]
DebateSideName = Literal["pro", "con", "neutral"]


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
    """True where the author placed it in the text, False in the list below the body."""
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
    """When it was uploaded, to the minute. None where the page does not tell."""


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


class Issue(Model):
    """Something odd that did not stop the parse."""

    path: str
    """The field it is about, such as `posts[3].timestamp`."""
    message: str
    """What was met there."""


class Author(Model):
    """Who wrote a post, as far as the page tells."""

    name: str | None = None
    """User name; None for anonymous posts and where the skin hides the author column."""
    uid: int | None = None
    """Number of the member; None for anonymous, guests, deleted and external accounts."""
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
    ratings: tuple[Rating, ...] = ()
    """Ratings: the newest few, as the page shows."""
    support: int | None = None
    """Votes for it; None where the page has no counter, or an empty one."""
    against: int | None = None
    """Votes against it. None where the page does not tell."""
    signature: str | None = None
    """The author's signature as plain text. None where the page does not tell."""
    debate_side: DebateSideName | None = None
    """The side taken in a debate. None where the page does not tell."""


class PollOption(Model):
    """One choice of a poll."""

    text: str
    """Its words."""
    votes: int | None = None
    """Votes for it; None while results are hidden."""
    percent: float | None = None
    """Share in percent as displayed; None while results are hidden."""
    image_url: str | None = None
    """Its picture in a picture poll. None where the page does not tell."""


class Poll(Model):
    """A poll."""

    options: tuple[PollOption, ...]
    """The choices in order."""
    multiple: bool
    """Whether more than one may be chosen."""
    max_choices: int | None = None
    """How many at most; 1 for a single choice. None where the page does not tell."""
    voters: int | None = None
    """How many people voted. None where the page does not tell."""
    closed: bool
    """Whether it has ended."""
    ends_at: datetime | None = None
    """When it ends, to the minute: the page's clock plus the time left. None without an end, or when it is over."""
    results_visible: bool
    """Whether this viewer sees votes."""


class BestAnswer(Model):
    """The answer that won a reward, as excerpted in the first post."""

    pid: int | None = None
    """The reply that it is. None where the page does not tell."""
    author: Author
    """Who wrote it."""
    text: str
    """Its words, cut by Discuz at 400 characters."""


class Reward(Model):
    """A question with a reward."""

    price: int | None = None
    """How much is offered. None where the page does not tell."""
    unit: str | None = None
    """Name of the credit. None where the page does not tell."""
    solved: bool
    """Whether an answer was chosen."""
    best_answer: BestAnswer | None = None
    """The chosen answer; its full text is also a reply of its own. None where the page does not tell."""


class Field(Model):
    """A label and its value, as printed."""

    name: str
    """The label without its colon."""
    value: str | None = None
    """The value with its unit; None where the page shows a dash."""


class Activity(Model):
    """An event."""

    kind: str | None = None
    """Its type, in the forum's words. None where the page does not tell."""
    starts: str | None = None
    """When it starts, as printed: a time or a range. None where the page does not tell."""
    place: str | None = None
    """Where. None where the page does not tell."""
    gender: str | None = None
    """Who may come. None where the page does not tell."""
    cost: str | None = None
    """Cost for each, as printed. None where the page does not tell."""
    applied: int | None = None
    """How many applied. None where the page does not tell."""
    places_left: int | None = None
    """How many places are left. None where the page does not tell."""
    apply_until: datetime | None = None
    """Last moment to apply. None where the page does not tell."""
    poster_url: str | None = None
    """Its picture. None where the page does not tell."""
    fields: tuple[Field, ...] = ()
    """Everything the box tells, label and value as printed."""
    applicants: tuple[str, ...] = ()
    """Names in the list of applicants, accepted ones first."""


class DebateSide(Model):
    """One side of a debate."""

    text: str | None = None
    """Its thesis. None where the page does not tell."""
    votes: int | None = None
    """Votes for it. None where the page does not tell."""
    debaters: int | None = None
    """How many argue for it. None where the page does not tell."""


class Debate(Model):
    """A debate."""

    pro: DebateSide
    """The affirmative side."""
    con: DebateSide
    """The opposing side."""
    ends_at: datetime | None = None
    """When it ends. None where the page does not tell."""
    umpire: str | None = None
    """Name of the judge. None where the page does not tell."""
    winner: Literal["pro", "con", "draw"] | None = None
    """The verdict; None before it is given."""
    verdict: str | None = None
    """The judge's words. None where the page does not tell."""


class Goods(Model):
    """An article for sale."""

    pid: int | None = None
    """The hidden post that describes it. None where the page does not tell."""
    name: str
    """What it is."""
    url: str | None = None
    """Its own page. None where the page does not tell."""
    price: str | None = None
    """What is asked, as printed with its unit. None where the page does not tell."""
    list_price: str | None = None
    """The price struck out. None where the page does not tell."""
    condition: str | None = None
    """New or used, in the forum's words. None where the page does not tell."""
    time_left: str | None = None
    """How long it is offered, as printed. None where the page does not tell."""
    image_url: str | None = None
    """Its picture. None where the page does not tell."""


class Moderation(Model):
    """The last action of a moderator on the thread."""

    by: str | None = None
    """Name of the moderator or team. None where the page does not tell."""
    at: datetime | None = None
    """When, to the minute. None where the page does not tell."""
    action: str
    """What was done, in the forum's words."""


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


class Thread(Model):
    """One page of a thread."""

    kind: Literal["thread"] = "thread"
    """Tells the models of pages apart."""
    tid: int | None = None
    """Number of the thread. None where the page does not tell."""
    url: str | None = None
    """Absolute canonical URL of the thread. None where the page does not tell."""
    subject: str | None = None
    """Its title, without type and sort. None where the page does not tell."""
    type_name: str | None = None
    """The type (主题分类) set before the title, without brackets. None where the page does not tell."""
    sort_name: str | None = None
    """The sort (分类信息) set before the title, without brackets. None where the page does not tell."""
    forum: Forum | None = None
    """The board that it is in. None where the page does not tell."""
    breadcrumbs: tuple[Link, ...] = ()
    """The way from the site to the thread."""
    author: Author | None = None
    """Who started it, where the page tells. None where the page does not tell."""
    special: Special | None = None
    """What sort of thread it is; None for an ordinary one, and where the page does not show the first post."""
    views: int | None = None
    """How often it was viewed; on first pages only. None where the page does not tell."""
    replies: int | None = None
    """Replies as the header counts them: remarks included since X3.0. On first pages only.
    None where the page does not tell."""
    page: int | None = None
    """The page that this is. None where the page does not tell."""
    total_pages: int | None = None
    """How many pages the thread has in this view. None where the page does not tell."""
    closed: bool = False
    """Whether the page marks it as closed."""
    digest: bool | None = None
    """True where stamp or moderator line mark it as digest; None where the page does not tell."""
    sticky: bool | None = None
    """True where stamp or moderator line mark it as sticky; None where the page does not tell."""
    price: int | None = None
    """Credits asked for reading it; None where it is free."""
    read_permission: int | None = None
    """Reading level asked for it; None where the page does not tell."""
    stamp: str | None = None
    """The stamp put on it, such as 精华. None where the page does not tell."""
    tags: tuple[str, ...] = ()
    """Names of its tags."""
    posts: tuple[Post, ...] = ()
    """The posts in page order."""
    poll: Poll | None = None
    """The poll of a poll thread. None where the page does not tell."""
    reward: Reward | None = None
    """The reward of a question. None where the page does not tell."""
    activity: Activity | None = None
    """The event of an activity thread. None where the page does not tell."""
    debate: Debate | None = None
    """The two sides of a debate. None where the page does not tell."""
    goods: tuple[Goods, ...] = ()
    """The articles of a trade thread."""
    sort_fields: tuple[Field, ...] = ()
    """The form (分类信息) above the first post."""
    moderation: Moderation | None = None
    """The last moderator action that the page shows. None where the page does not tell."""
    site: Site
    """The forum, and the clock of the page."""
    issues: tuple[Issue, ...] = ()
    """What was odd."""
