"""What is compared between captures of one page, and what each face of a forum is known not to tell.

A face that has no word on a field stands in `SILENT`, with the reason; everything else that one capture tells and the
other does not is a difference, like two values that are not equal. So a reader that loses something is seen, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from discuz_scrape import Post

Getter = Callable[[Any], Any]
Fields: TypeAlias = "tuple[Field, ...]"

HIDDEN = {"reply_to_view", "credits_to_view", "login_to_view"}


def chars(text: str | None) -> str | None:
    """Text as it is compared: without white space."""
    return re.sub(r"[\s\u200b\ufeff]+", "", text) if text is not None else None


def without_codes(text: str) -> str:
    """Text without whatever looks like a code."""
    return re.sub(r"\[[^\[\]]*\]", "", text)


def to_minute(moment: datetime | None) -> datetime | None:
    return moment.replace(second=0, microsecond=0) if moment is not None else None


@dataclass(frozen=True)
class Field:
    """One thing that two captures may both know."""

    name: str
    of: Getter
    fact: str = ""
    """Key of the database's row that has to be the same for both: the forum went on between captures."""
    first_page: bool = False
    """Whether only first pages tell it."""
    drifts: bool = False
    """Whether every capture changes it, so that it is compared less what the database had."""

    @property
    def counted(self) -> bool:
        """Whether only a reply changes it."""
        return self.fact in ("replies", "lastpost")


def _fields(getters: Mapping[str, Getter], facts: Mapping[str, str], first_page: Sequence[str] = ()) -> Fields:
    return tuple(
        Field(name, of, facts.get(name, ""), name in first_page, name == "views") for name, of in getters.items()
    )


# ------------------------------------------------------------ threads

THREAD = _fields(
    {
        "tid": lambda page: page.tid,
        "subject": lambda page: page.subject,
        "fid": lambda page: page.forum and page.forum.fid,
        "forum": lambda page: page.forum and page.forum.name,
        "posts": lambda page: tuple(post.pid for post in page.posts if post.pid),
        "number of posts": lambda page: len(page.posts),
        "pages": lambda page: page.page and page.total_pages and (page.page, page.total_pages),
        "site": lambda page: page.site.name,
        "site url": lambda page: page.site.url,
        "viewer": lambda page: page.site.viewer_uid,
        "type": lambda page: page.type_name,
        "sort": lambda page: page.sort_name,
        "starter": lambda page: page.author and (page.author.name, page.author.anonymous),
        "starter uid": lambda page: page.author and page.author.uid,
        "views": lambda page: page.views,
        "replies": lambda page: page.replies,
        "closed": lambda page: page.closed,
        "digest": lambda page: page.digest or None,
        "price": lambda page: page.price,
        "stamp": lambda page: page.stamp,
        "tags": lambda page: page.tags,
        "special": lambda page: page.special,
        "poll": lambda page: page.poll,
        "reward": lambda page: page.reward,
        "activity": lambda page: page.activity,
        "debate": lambda page: page.debate,
        "goods": lambda page: page.goods,
        "articles": lambda page: tuple((each.pid, each.name, each.price, chars(each.time_left)) for each in page.goods),
        "sort fields": lambda page: page.sort_fields,
        "moderation": lambda page: page.moderation,
    },
    facts={"views": "views_db_before_request", "replies": "replies_shown"},
    first_page=("starter", "starter uid", "views", "replies", "special", "stamp", "tags", "moderation"),
)


def _comments(post: Post) -> object:
    return tuple((each.author.name, each.author.uid, chars(each.text)) for each in post.comments)


def _ratings(post: Post) -> object:
    rows = [(each.user, tuple(sorted(each.scores.items())), each.reason) for each in post.ratings]
    return tuple((user.name, user.uid, *given) for user, *given in rows)


def _quotes(post: Post) -> object:
    return tuple((each.author, to_minute(each.timestamp), chars(each.text)) for each in post.quotes)


POST = _fields(
    {
        "pid": lambda post: post.pid,
        "floor": lambda post: post.floor,
        "first": lambda post: post.is_first or None,
        "by starter": lambda post: post.is_starter,
        "sticky": lambda post: post.sticky,
        "recommended": lambda post: post.recommended,
        "author": lambda post: post.author.name,
        "uid": lambda post: post.author.uid,
        "anonymous": lambda post: post.author.anonymous,
        "deleted author": lambda post: post.author.kind == "deleted" or None,
        "time": lambda post: post.timestamp,
        "client": lambda post: post.client,
        "post subject": lambda post: post.subject,
        "body": lambda post: chars(post.body) or None,
        "quotes": _quotes,
        "quoted pids": lambda post: tuple(each.pid for each in post.quotes if each.pid),
        "attachments": lambda post: tuple(sorted(each.aid for each in post.attachments)),
        "files": lambda post: {each.aid: each for each in post.attachments},
        "images": lambda post: post.images,
        "mentions": lambda post: tuple((each.name, each.uid) for each in post.mentions),
        "links": lambda post: tuple((each.url, each.text) for each in post.links),
        "edit": lambda post: post.edit,
        "status": lambda post: post.status,
        "notices": lambda post: tuple(sorted(each.kind for each in post.notices)),
        "comments": _comments,
        "more comments": lambda post: post.more_comments or None,
        "comment times": lambda post: tuple(each.timestamp for each in post.comments),
        "ratings": _ratings,
        "more ratings": lambda post: post.more_ratings or None,
        "support": lambda post: post.support or None,
        "against": lambda post: post.against or None,
        "signature": lambda post: chars(post.signature),
        "debate side": lambda post: post.debate_side,
    },
    facts={
        "time": "dateline", "comments": "comments", "comment times": "comments", "ratings": "rates",
        "support": "support", "against": "against", "files": "attachments",
    },
)  # fmt: skip

# ------------------------------------------------------------ boards and the index

BOARD = _fields(
    {
        "fid": lambda page: page.forum.fid,
        "forum": lambda page: page.forum.name,
        "parent": lambda page: page.forum.parent and page.forum.parent.fid,
        "description": lambda page: chars(page.forum.description),
        "rules": lambda page: chars(page.forum.rules),
        "moderators": lambda page: page.forum.moderators,
        "threads of the board": lambda page: page.forum.thread_count,
        "posts of the board": lambda page: page.forum.post_count,
        "subforums": lambda page: tuple((each.fid, each.name) for each in page.subforums),
        "types": lambda page: tuple((each.id, each.name) for each in page.types),
        "site": lambda page: page.site.name,
        "site url": lambda page: page.site.url,
        "viewer": lambda page: page.site.viewer_uid,
    },
    facts={"threads of the board": "threads", "posts of the board": "posts"},
    first_page=("rules", "subforums"),
)

ROW = _fields(
    {
        "subject": lambda row: row.subject,
        "type": lambda row: row.type_name,
        "author": lambda row: row.author and row.author.name,
        "uid": lambda row: row.author and row.author.uid,
        "created": lambda row: row.created_at,
        "replies": lambda row: row.replies,
        "views": lambda row: row.views,
        "last post": lambda row: to_minute(row.last_post_at),
        "last poster": lambda row: row.last_poster,
        "sticky": lambda row: row.sticky,
        "closed": lambda row: row.closed,
        "digest": lambda row: row.digest,
        "digest level": lambda row: row.digest_level,
        "special": lambda row: row.special,
        "credits": lambda row: row.reward,
        "solved": lambda row: row.reward_solved,
        "reply bonus": lambda row: row.reply_bonus,
        "price": lambda row: row.price,
        "read permission": lambda row: row.read_permission,
        "has image": lambda row: row.has_image,
        "has attachment": lambda row: row.has_attachment,
        "moved": lambda row: row.moved,
    },
    facts={
        "replies": "replies", "views": "views", "created": "dateline", "last post": "lastpost",
        "last poster": "lastpost", "closed": "closed", "sticky": "displayorder", "digest": "digest",
    },
)  # fmt: skip

INDEX = _fields(
    {
        "site": lambda page: page.site.name,
        "site url": lambda page: page.site.url,
        "categories": lambda page: tuple(
            (each.name, tuple(board.fid for board in each.forums)) for each in page.categories
        ),
    },
    facts={},
)

FORUM = _fields(
    {
        "name": lambda board: board.name,
        "subforums": lambda board: tuple(each.fid for each in board.subforums),
        "description": lambda board: chars(board.description),
        "moderators": lambda board: board.moderators,
        "thread count": lambda board: board.thread_count,
        "post count": lambda board: board.post_count,
        "today": lambda board: board.today or None,
        "last post": lambda board: board.last_post,
    },
    facts={},
)

# ------------------------------------------------------------ what faces do not tell

NO_IDS = "carries no numbers of posts and members"
NO_CODES = "text without codes"
NOT_PRINTED = "not printed"
NOT_GIVEN = "not in its answer"
IN_FIRST = "follows from the first post, which is on the first page"
PART = "a part of the page"
SUBJECTS = "a list of subjects"

_BELOW = (
    "comments", "comment times", "more comments", "ratings", "more ratings", "support", "against", "signature",
    "client",
)  # fmt: skip
"""What a face leaves out that prints nothing but texts."""
_HEAD = (
    "starter uid", "views", "replies", "type", "sort", "closed", "digest", "stamp", "tags", "special", "poll",
    "reward", "activity", "debate", "goods", "articles", "sort fields", "moderation", "debate side",
)  # fmt: skip
"""What it leaves out around them."""



def _because(reason: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, reason)


SILENT: dict[str, dict[str, dict[str, str]]] = {
    "thread": {
        "archiver": {
            **_because(NOT_PRINTED, *_HEAD, *_BELOW),
            **_because(NO_IDS, "posts", "pid", "uid", "quoted pids"),
            **_because(NO_CODES, "attachments", "files", "images", "links", "mentions"),
            **_because("pulled up without a mark", "sticky", "recommended"),
            **_because("no script that names the viewer", "viewer"),
            **_because("the name without a word on the account", "deleted author"),
            **_because("a blocked post is nothing but its author's line", "notices"),
        },
        "archiver, later pages": _because(IN_FIRST, "by starter"),
        "print": {
            **_because(NOT_PRINTED, *_HEAD, *_BELOW),
            **_because(NO_IDS, "posts", "pid", "uid"),
            **_because("no way from the board to the thread", "fid", "forum"),
            **_because("stands at its place in time, without a mark", "sticky", "recommended"),
            **_because("the name without a word on the account", "deleted author"),
            **_because("no mark of a warning", "notices.warned"),
        },
        "touch": {
            **_because(NOT_PRINTED, "signature", "tags", "moderation", "client"),
            **_because("only their number", "activity.applicants"),
        },
        "touch, later pages": _because(IN_FIRST, "by starter"),
        "touch X3.4": {
            **_because(NOT_PRINTED, "views", "replies", "comments", "comment times", "ratings", "support", "against"),
            **_because(NOT_PRINTED, "more comments", "more ratings", "sort", "sort fields", "debate side"),
            **_because("not linked", "goods.url"),
        },
        "mobile": {
            **_because(NOT_PRINTED, *_BELOW, "tags"),
            **_because("no script that names the viewer", "viewer"),
            **_because("under its plain floor, without a mark", "sticky"),
        },
        "api": {
            **_because(NOT_GIVEN, "forum", "site", "ratings", "more ratings", "signature", "client"),
            **_because(NOT_GIVEN, "debate side", "tags"),
            **_because("numbers, whose names the board's answer has", "type", "sort"),
            **_because("of the first post only", "support", "against"),
            **_because("placed files leave no trace in the text", "files.inline"),
        },
        "api v4": _because("cut out of the text", "edit"),
        "ajax": _because("without the head, and so without the script that names the viewer", "viewer"),
        "ajax post": _because(
            PART,
            "subject", "type", "sort", "fid", "forum", "site", "starter", "starter uid", "views", "replies", "pages",
            "post subject",
        ),
        "preview": {
            **_because(PART, "subject", "type", "sort", "forum", "site", "viewer", "views", "replies", "post subject"),
            **_because(NOT_PRINTED, "support", "against", "signature", "client"),
            **_because("linked like any other", "deleted author"),
        },
        "desktop for robots": _because("plain pictures, without numbers", "attachments", "files"),
        "goods": _because(PART, "pages", "starter", "starter uid", "views", "replies"),
        "window": _because(
            "more remarks, or all ratings, of one post",
            *(each.name for each in (*THREAD, *POST) if each.name not in ("tid", "pid")),
        ),
        "album": {
            **_because(NO_IDS, "posts", "pid"),
            **_because("only what shows the pictures", "attachments", "files"),
        },
    },
    "board": {
        "archiver": {
            **_because(NOT_PRINTED, "parent", "description", "rules", "moderators", "viewer", "types"),
            **_because(NOT_PRINTED, "threads of the board", "posts of the board"),
            **_because(SUBJECTS, "type", "author", "uid", "created", "views", "last post", "last poster", "sticky"),
            **_because(SUBJECTS, "closed", "digest", "special", "price", "read permission", "moved"),
            **_because(SUBJECTS, "has image", "has attachment", "digest level", "credits", "solved", "reply bonus"),
        },
        "api": {
            **_because(NOT_GIVEN, "site", "moderators"),
            **_because("no state of the thread", "moved", "closed"),
        },
        "touch": _because(NOT_PRINTED, "digest level", "moderators", "parent", "rules", "uid"),
        "touch X3.5": {
            **_because(NOT_PRINTED, "last post", "last poster", "read permission", "reply bonus"),
            **_because("pinned ones are subjects alone", "author"),
        },
        "desktop": _because(NOT_PRINTED, "posts of the board"),
        "desktop pictures": _because(
            "cards with picture, subject, author and two counters",
            "created", "has attachment", "has image", "last post", "last poster",
        ),
    },
    "index": {
        "archiver": {
            **_because("a list of names", "description", "moderators", "subforums", "last post", "today"),
            **_because("a list of names", "thread count", "post count"),
        },
        "api": _because(NOT_GIVEN, "site", "last post", "moderators"),
        "touch": _because("names with their posts of today", "moderators", "subforums", "last post"),
        "touch X3.4": _because("names with their posts of today", "description", "thread count", "post count"),
        "touch X3.5": _because("names with their posts of today", "thread count", "post count"),
        "desktop": _because("where the owner does not want them named", "subforums"),
    },
}  # fmt: skip
"""Kind of page, face, field: why the face may say nothing of it. What it does say is compared nevertheless."""

OTHERWISE: dict[str, dict[str, dict[str, str]]] = {
    "thread": {
        "print": {
            "floor": "counts by time, also where a reply was pulled up; nothing tells which",
            "pages": "the first hundred posts on one page",
        },
        "mobile": {"replies": "without the remarks that all others count"},
        "goods": {"goods": "more of the article, its words set apart"},
        "window": _because("the remarks that the page has no room for", "comments", "comment times", "pages"),
        "api v4": {"attachments": "pictures placed in the text leave the list"},
        "api without URL": {"images": "the addresses of listed files are relative, and of no use"},
    },
    "board": {
        "archiver": {"replies": "without the remarks that the page of the board counts"},
        "api": {"replies": "without the remarks that the page of the board counts"},
    },
    "index": {},
}
"""Kind of page, face, field: what the face tells instead, so that it cannot be compared."""
