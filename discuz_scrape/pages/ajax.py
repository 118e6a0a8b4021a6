"""Answers to scripts (`inajax=1`) that hold no post, but what belongs to one: further remarks, all ratings.

Each gives a thread with one post that has no more than its number and what the answer tells, so that it can be put
together with the same post of another page: `comments` of `action=commentmore`, a page of them after the other, and
`ratings` of `action=viewratings`, which are all that there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import Node, children, first, one_line, select, text_of
from discuz_scrape._source import Source
from discuz_scrape.errors import ParseError
from discuz_scrape.models import Thread
from discuz_scrape.pages.lists._rows import moment_in
from discuz_scrape.pages.phones._touch_remarks import read_touch_comments
from discuz_scrape.pages.threads._head import permalink, read_pages, thread_url
from discuz_scrape.pages.threads._remarks import SCORE, read_comments, unescape_reason

__all__ = ["read"]

_CREDIT = re.compile(r"(\S.{0,40}?)\s+([+-]\s?\d.*)")
_OTHERS = (
    (".voterlist, .voterl", "the window of a poll's voters", "give the thread that it belongs to"),
    ("", "an ajax fragment without a post", "give the whole page (without inajax=1)"),
)
"""What else may come: how it is known, what it is, and what to give instead."""

Record = dict[str, Any]


def read(page: Source) -> Thread:
    """The thread with the one post that the answer is about."""
    root = page.root
    told = _told(page, root)
    if told is None:
        _, what, advice = next(other for other in _OTHERS if not other[0] or select(root, other[0]))
        raise ParseError(f"{what}, not a page that is read: {advice}", url=page.url)
    tid, pid = _numbers(page, root)
    if pid is None:
        page.note("posts[0].pid", "the answer does not tell which post it belongs to: give the URL that it came from")
    thread: Record = {
        "tid": tid,
        "url": thread_url(page, tid),
        "posts": ({"pid": pid, "tid": tid, "url": _post_url(page, tid, pid), "author": {}, "body": "", **told},),
        "site": page.site(),
        "issues": tuple(page.issues),
    }
    if (pager := first(root, ".pg")) is not None:
        read_pages(page, thread, pager)
    return Thread.model_validate(thread)


def _told(page: Source, root: Node) -> Record | None:
    """What the answer tells of its post; None where it is of another sort."""
    for told in (read_comments(page, root), read_touch_comments(page, root)):
        if told["comments"]:
            return told
    if ratings := tuple(_read_ratings(page, _rows_of(root))):
        return {"ratings": ratings}
    return None


def _rows_of(root: Node) -> list[list[Node]]:
    """Credit, member, time and reason of each rating; for phones the reason, if any, stands in a line below."""
    rows: list[list[Node]] = []
    for row in select(root, "table.list tr, .post_box > li"):
        cells = list(children(row))
        if len(cells) == 1 and rows:
            rows[-1] += cells
        else:
            rows.append(cells)
    return [cells for cells in rows if len(cells) in (3, 4)]


def _numbers(page: Source, root: Node) -> tuple[int | None, int | None]:
    """Thread and post, by the answer's own address or a link to another part of it."""
    links = (link.attributes.get("href") or "" for link in select(root, 'a[href*="action="][href*="pid="]'))
    for href in (page.url, *links):
        if (pid := _urls.pid_in(href)) is not None:
            return _urls.tid_in(href), pid
    return None, None


def _post_url(page: Source, tid: int | None, pid: int | None) -> str | None:
    link = permalink(page, tid)
    return f"{link}{pid}" if link is not None and pid is not None else None


def _read_ratings(page: Source, rows: list[list[Node]]) -> Iterator[Record]:
    """One for each time that a member rated: every credit has a row of its own."""
    last: Record | None = None
    for cells in rows:
        given = _CREDIT.fullmatch(one_line(text_of(cells[0])) or "")
        score = SCORE.match(given[2]) if given is not None else None
        if given is None or score is None:  # the head of the table
            continue
        rating = {
            "user": _read_user(cells[1]),
            "timestamp": moment_in(page, cells[2]),
            "reason": unescape_reason(one_line(text_of(cells[3]))) if len(cells) == 4 else "",
        }
        points = int(score[2]) * (-1 if score[1] == "-" else 1)
        if last is None or given[1] in last["scores"] or any(last[name] != rating[name] for name in rating):
            if last is not None:
                yield last
            last = {**rating, "scores": {}}
        last["scores"][given[1]] = points
    if last is not None:
        yield last


def _read_user(cell: Node) -> Record:
    for link in select(cell, "a"):
        if (words := one_line(text_of(link))) is not None:
            return {"name": words, "uid": _urls.uid_in(link.attributes.get("href"))}
    return {"name": one_line(text_of(cell))}
