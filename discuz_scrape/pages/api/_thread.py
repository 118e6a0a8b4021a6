"""A thread out of the JSON API: the richest of its faces, and the only one that names its times in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._source import Source
from discuz_scrape._words import ANONYMOUS
from discuz_scrape.errors import ParseError
from discuz_scrape.models import Thread
from discuz_scrape.pages.api._body import BodyReader
from discuz_scrape.pages.api._special import read_sort_fields, read_special
from discuz_scrape.pages.api._values import (
    moment,
    number,
    positive,
    printed,
    record,
    records,
    site,
    starter,
    text,
    told_clock,
)
from discuz_scrape.pages.threads._head import permalink, thread_url

__all__ = ["read_thread"]

Record = dict[str, Any]

_HOT = -1  # what stands in the place of the floor of a reply that is shown early for its votes
_DESCENDING = 1
_YES = ("1", 1)


def read_thread(page: Source, data: Record) -> Thread:
    """The thread of a `viewthread` answer."""
    about, rows = record(data.get("thread")), records(data.get("postlist"))
    clock = told_clock(page.clock, rows) or told_clock(page.clock, _attached(rows))
    if clock is not None:
        page.settle_clock(clock)
    thread = _read_about(page, data, about)
    posts = _read_posts(page, data, about, rows)
    _read_pages(page, data, about, thread, posts)
    if thread["page"] in (1, None) and number(about.get("stickreply")) and not number(about.get("ordertype")):
        _mark_sticky(posts, rows)
    first = next((post for post in posts if post.get("is_first")), None)
    if first is not None:
        thread["author"] = first["author"]
    thread["posts"] = posts
    thread["site"] = site(page, data)
    thread["issues"] = tuple(page.issues)
    return Thread.model_validate(thread)


def _attached(rows: list[Record]) -> Iterator[Record]:
    """The files of all posts."""
    for row in rows:
        yield from records(row.get("attachments"))


# ------------------------------------------------------------ the thread


def _read_about(page: Source, data: Record, about: Record) -> Record:
    tid, fid = positive(about.get("tid")), positive(about.get("fid")) or positive(data.get("fid"))
    name = text(record(data.get("forum")).get("name"))
    thread: Record = {
        "tid": tid,
        "url": thread_url(page, tid),
        "subject": text(about.get("subject")),
        "forum": {"fid": fid, "name": name} if fid is not None or name is not None else None,
        "author": starter(about),
        "views": number(about.get("views")),
        "replies": number(about.get("allreplies")),
        "closed": bool(number(about.get("closed"))),
        "read_permission": positive(about.get("readperm")),
        **read_special(page, data, about),
    }
    if thread["replies"] is None:
        thread["replies"] = number(about.get("replies"))
    if (digest := number(about.get("digest"))) is not None:
        thread["digest"] = digest > 0
    if (order := number(about.get("displayorder"))) is not None:
        thread["sticky"] = order > 0
    if thread.get("special") is None:  # in a question this is the reward
        thread["price"] = positive(about.get("price"))
    thread["sort_name"], thread["sort_fields"] = read_sort_fields(record(data.get("threadsortshow")))
    return thread


def _read_pages(page: Source, data: Record, about: Record, thread: Record, posts: list[Record]) -> None:
    """The pages by their size; which one this is, by the floors of its replies, for a page past the end is the last."""
    size, replies = positive(data.get("ppp")), number(about.get("replies"))
    asked = _urls.page_in(page.url)
    thread["page"] = asked
    if size is None or replies is None or "viewpid=" in (page.url or ""):
        return
    thread["total_pages"] = total = max(-(-(replies + 1) // size), 1)
    floor = next((post["floor"] for post in reversed(posts) if post.get("floor")), None)
    if asked is None and floor is not None:
        before = replies + 1 - floor if number(about.get("ordertype")) == _DESCENDING else floor - 1
        asked = 1 if posts[0].get("is_first") else before // size + 1
    thread["page"] = min(max(asked or 1, 1), total)


# ------------------------------------------------------------ its posts


def _read_posts(page: Source, data: Record, about: Record, rows: list[Record]) -> list[Record]:
    """The posts in order; rows that cannot be read are taken out."""
    posts: list[Record] = []
    kept: list[Record] = []
    reader = _PostReader(page, data, about, rows)
    for row in rows:
        try:
            posts.append(reader.read(row, len(posts)))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one post, the others come out
            what = f"post {number(row.get('pid'))} was left out: {type(error).__name__}: {error}"
            page.note(f"posts[{len(posts)}]", what)
        else:
            kept.append(row)
    rows[:] = kept
    if not posts:
        raise ParseError("none of the posts of this answer could be read", url=page.url)
    return posts


class _PostReader:
    """Reads the posts of one answer; what is the same for all of them is held here."""

    def __init__(self, page: Source, data: Record, about: Record, rows: list[Record]) -> None:
        self.page = page
        self.about = about
        self.tid = positive(about.get("tid")) or next(filter(None, (positive(row.get("tid")) for row in rows)), None)
        self.subject = text(about.get("subject"))
        self.starter = (starter(about) or {}).get("uid")
        self.permalink = permalink(page, self.tid)
        self.remarks = record(data.get("comments"))
        self.remark_counts = record(data.get("commentcount"))
        self.names_members = any(row.get("username") for row in rows)
        """Whether the answer tells which accounts still exist."""
        self.bodies = BodyReader(page, data, about)

    def read(self, row: Record, place: int) -> Record:
        """The record of one post."""
        page, told = self.page, row.get
        pid, first, author = positive(told("pid")), told("first") in _YES, _read_author(row)
        uid = author.get("uid")
        if self.names_members and uid is not None and not told("username"):
            author["kind"] = "deleted"
        shown = text(told("dateline"))
        posted = moment(told("dbdateline"), page.clock.offset) or page.clock.read(printed(told("dateline")) or "")
        if posted is None:
            page.note(f"posts[{place}].timestamp", f"no certain date in {shown!r}")
        post: Record = {
            "pid": pid,
            "tid": self.tid,
            "url": f"{self.permalink}{pid}" if pid is not None and self.permalink is not None else None,
            "is_first": first,
            "is_starter": first or (uid is not None and uid == self.starter),
            "author": author,
            "timestamp": posted,
            "timestamp_text": shown,
        }
        floor = number(told("number"))
        if floor == _HOT:
            post["recommended"] = True
        else:
            post["floor"] = floor or positive(told("position"))
        if first:
            post["subject"] = self.subject
            post["support"] = number(self.about.get("recommend_add"))
            post["against"] = number(self.about.get("recommend_sub"))
        elif subject := told("subject"):
            post["subject"] = text(subject)
        if self.remarks and (remarks := self.remarks.get(str(pid))):
            post["comments"] = _read_comments(page, remarks)
            post["more_comments"] = (number(self.remark_counts.get(str(pid))) or 0) > len(post["comments"])
        self.bodies.read(post, row)
        return post


def _read_author(row: Record) -> Record:
    """Who wrote a post or a remark; the label of anonymous posts is no name."""
    name, uid = text(row.get("author")), positive(row.get("authorid"))
    hidden = row.get("anonymous")
    if hidden and hidden != "0":
        return {"kind": "anonymous", "anonymous": True, "uid": uid}
    if uid is None and (name is None or name in ANONYMOUS):
        return {"kind": "guest"}
    return {"name": name, "uid": uid}


def _read_comments(page: Source, rows: object) -> tuple[Record, ...]:
    comments = []
    for row in records(rows):
        author = _read_author(row)
        if author.get("uid") is not None:  # else the face is that of nobody
            author["avatar_url"] = page.absolute(text(row.get("avatar")))
        when = page.clock.read(printed(row.get("dateline")) or "")
        comments.append({"author": author, "timestamp": when, "text": text(row.get("comment")) or ""})
    return tuple(comments)


def _mark_sticky(posts: list[Record], rows: list[Record]) -> None:
    """Replies that moderators pinned stand before those of an earlier place."""
    places = [number(row.get("position")) or 0 for row in rows]
    earliest = [0] * len(places)  # of all that follow
    least = 10**18
    for at in range(len(places) - 1, -1, -1):
        earliest[at] = least
        least = min(least, places[at])
    for post, place, later in zip(posts, places, earliest, strict=True):
        if post.get("is_first") or post.get("recommended"):
            continue
        if place <= later:
            return
        post["sticky"] = True
