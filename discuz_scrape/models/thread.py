"""A page of a thread, and what its first post makes special."""

from datetime import datetime
from typing import Literal

from discuz_scrape.models._base import Author, Forum, Issue, Link, Model, Site
from discuz_scrape.models.post import Post

Special = Literal["poll", "reward", "activity", "debate", "trade", "plugin"]


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
    amount: int | None = None
    """How many are left. Only its own page and the JSON API tell."""
    sold: int | None = None
    """How many were sold. Only its own page and the JSON API tell."""
    shipping: str | None = None
    """How it is sent and what that costs, in the forum's words. Only its own page tells."""
    place: str | None = None
    """Where it is, in the seller's words. Only its own page and the JSON API tell."""
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
    """The page that this is; of an answer with further remarks of a post, the page of those.
    None where the page does not tell."""
    total_pages: int | None = None
    """How many pages the thread has in this view, or the remarks of the post. None where the page does not tell."""
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
