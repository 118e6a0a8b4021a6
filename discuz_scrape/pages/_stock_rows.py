"""The rows of a board as Discuz! ships them, read as text and cut out before the tree is built of the rest.

Such a row has its facts in places that one pattern names. What many rows have in common, icons, types and marks, goes
to the reader of rows in a tree (`_rows`) once for each form that occurs on the page. Whatever looks different stays in
the tree.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from html import unescape
from typing import Any, NamedTuple

from discuz_scrape import _urls
from discuz_scrape._dates import Clock
from discuz_scrape._html import descendants, one_line, parse, select, unescape_attribute
from discuz_scrape._source import Source
from discuz_scrape._words import ANONYMOUS, MOVED
from discuz_scrape.pages._author import settle_name
from discuz_scrape.pages._marks import read_icons, read_marks
from discuz_scrape.pages._rows import read_before_title, thread_url

__all__ = ["Frame", "take_rows"]

_ROW_BEGIN = re.compile(r'<tbody id="(?:normal|stick)thread_')
_FORM_LIMIT = 2_000  # characters

# Every repetition is possessive and stops at the next tag of its kind or row, so no markup is gone through twice.
_ATTRIBUTES = r'(?:\ [a-z-]++="[^"]*+")*+\ ?'
_TIME = rf"((?:<span{_ATTRIBUTES}>)*+)([^<]*+)(?:</span>)*+"
_ROW = re.compile(
    rf"""
    <tbody\ id="(normal|stick)thread_\d++">\s*+ <tr>\s*+
    <td\ class="icn">\s*+ <a\ href="[^"]*+"({_ATTRIBUTES}>[^<]*+(?:<(?!/td>|tbody)[^<]*+)*+)</td>\s*+
    (?:<td\ class="o">\s*+ (?:<input{_ATTRIBUTES}/?>\s*+)? </td>\s*+)?  # for moderators
    <th\ class="\w*+">\s*+
    (?:<a\ (?:class="tdpre\ y"\ )?href="javascript:[^>]*+>(?![^<]*?(?i:{MOVED.pattern}))[^<]*+</a>\s*+)*+  # buttons
    ([^<]*+)  # the word that it was moved
    ((?:<em>[^<]*+(?:<(?!/em>|tbody)[^<]*+)*+</em>\s*+)*+)  # type and sort
    <a\ href="(?:forum\.php\?mod=viewthread&(?:amp;)?tid=(\d{{1,18}}+)(?:&(?:amp;)?extra=[^"&]*+)?|([^"]*+))"
    (?:\ style="([^"]*+)")?(?:\ (?:onclick|target)="[^"]*+")?\ class="(?:s\ )?xst"\s*+>([^<]*+)</a>
    ([^<]*+(?:<(?!/th>|span\ class="tps"|tbody)[^<]*+)*+)  # marks
    (?:<span\ class="tps">([^<]*+(?:<a{_ATTRIBUTES}>[^<]*+</a>[^<]*+)*+)</span>\s*+)? </th>\s*+
    <td\ class="by">\s*+ <cite>\s*+
    (?:<a\ href="(?:home\.php\?mod=space&(?:amp;)?uid=(\d{{1,18}}+)|([^"]*+))"{_ATTRIBUTES}>([^<]*+)</a>\s*+|([^<]*+))
    </cite>\s*+ <em>{_TIME}</em>\s*+ </td>\s*+
    <td\ class="num"><a{_ATTRIBUTES}>(\d{{1,18}}+|-)</a><em>(\d{{1,18}}+|-)</em></td>\s*+
    <td\ class="by">\s*+ <cite>\s*+ (?:<a{_ATTRIBUTES}>([^<]*+)</a>\s*+|[^<]*+)</cite>\s*+
    <em>(?:<a{_ATTRIBUTES}>)?{_TIME}(?:</a>)?</em>\s*+ </td>\s*+ </tr>\s*+ </tbody>
    """,
    re.VERBOSE,
)
_GROUPS = _ROW.groups + 1
_TITLE = re.compile(r'\stitle="([^"]+)"').search
_PAGES = re.compile(r">\s*(\d{1,9})\s*<").findall

_PAGERS = ('"pg"', '"pg ')
_LANDMARKS = ("<tbody", 'id="subforum_', 'id="forum_rules_', 'id="thread_types"')
"""What is looked for in the tree and stands above the rows as shipped."""

Record = dict[str, Any]


class Frame(NamedTuple):
    """A page taken apart."""

    markup: bytes
    """What the tree is built of: from the breadcrumb to the last row, without the rows that were taken."""
    rows: list[Record | None]
    """The threads of the rows in page order; None for each row that is still in the tree."""


def take_rows(page: Source) -> Frame | None:
    """Read the rows that stand as shipped and cut them out; None where there are none, or a comment may hold some."""
    pieces = _ROW.split(page.text)
    kept = pieces[::_GROUPS]
    if len(kept) < 2 or b"\0" in page.markup:
        return None
    rows: list[Record | None] = []
    for number, between in enumerate(kept):
        if number:
            row = _read_row(page, *pieces[(number - 1) * _GROUPS + 1 : number * _GROUPS])
            if row is None:
                return None
            rows.append(row)
        if not between.isspace():
            if _ends_in_comment(between):
                return None
            rows += [None] * len(_ROW_BEGIN.findall(between))
    kept[0] = _from_breadcrumb(kept[0])
    kept[-1] = _below(kept[0], kept[-1])
    return Frame("".join(kept).encode(), rows)


def _ends_in_comment(markup: str) -> bool:
    return "<!--" in markup and markup.rfind("<!--") > markup.rfind("-->")


def _from_breadcrumb(above: str) -> str:
    """What stands above the rows, without the head of the page where the breadcrumb tells its end."""
    start = above.rfind("<", 0, max(above.find('id="pt"'), 0))
    return above[start:] if start >= 0 and above.find("<h1", start) >= 0 else above


def _below(above: str, below: str) -> str:
    """What stands below the rows, where something may be there that is looked for in the tree."""
    marks = _LANDMARKS if 'class="pg"' in above else _LANDMARKS + _PAGERS
    return below if any(mark in below for mark in marks) else ""


def _read_row(
    page: Source, state: str, icon: str, before: str, types: str, tid: str | None, href: str | None,
    style: str | None, subject: str, marks: str, pages: str | None, uid: str | None, member: str | None,
    name: str | None, unlinked: str | None, starts: str, started: str, replies: str, views: str, last: str | None,
    ends: str, latest: str,
) -> Record | None:  # fmt: skip
    """The thread of a row, by the groups of its pattern; None where only the tree can tell."""
    marks = marks.strip()
    if len(icon) + len(types) + len(marks) > _FORM_LIMIT:
        return None
    form = {**_types(types), **_marks(marks)} if types or marks else {}
    if "moved" in form or "xst" in types:
        return None
    href = f"forum.php?mod=viewthread&tid={tid}" if tid else unescape_attribute(href or "")
    thread = {
        **form,
        **_icons(icon, form.get("special")),
        "tid": _urls.tid_in(href) if tid is None else int(tid) or None,
        "url": thread_url(page, href),
        "subject": _words(subject),
        "created_at": _moment(page.clock, starts, started),
        "replies": int(replies) if replies != "-" else None,
        "views": int(views) if views != "-" else None,
        "last_post_at": _moment(page.clock, ends, latest),
    }
    if MOVED.match(before.strip()) or replies == views == "-":
        thread["moved"] = True
        thread.pop("closed", None)  # the lock is that of what remains here, not of the thread
    if state == "stick":
        thread.setdefault("sticky", "board")
    if style:
        thread["highlight"] = one_line(unescape_attribute(style))
    if pages:
        thread["pages"] = max(map(int, _PAGES(pages)), default=None)
    if last is not None and (poster := _words(last)) not in ANONYMOUS:
        thread["last_poster"] = poster
    if name is None:
        if _words(unlinked) is not None:
            thread["author"] = {"kind": "anonymous", "anonymous": True}
    elif (words := _words(name)) is not None:
        member = unescape_attribute(member or "")
        thread["author"] = {}
        settle_name(thread["author"], member, int(uid) or None if uid else _urls.uid_in(member), words, None, None)
    return thread


def _moment(clock: Clock, spans: str, words: str) -> datetime | None:
    """The time in a box: that in full, if a relative one has it in its title."""
    title = _TITLE(spans) if spans else None
    moment = clock.read(unescape_attribute(title[1])) if title is not None else None
    return moment or clock.read(unescape(words) if "&" in words else words)


# Most rows have the same icons, types and marks, and so has the next page: what they tell is remembered.


@lru_cache(maxsize=500)
def _types(markup: str) -> Record:
    thread: Record = {}
    root = parse(f"{markup}<a></a>")
    read_before_title(thread, descendants(root), select(root, "a")[-1])
    return thread


@lru_cache(maxsize=500)
def _marks(markup: str) -> Record:
    thread: Record = {}
    read_marks(thread, descendants(parse(markup)))
    return thread


@lru_cache(maxsize=500)
def _icons(markup: str, special: str | None) -> Record:
    thread: Record = {"special": special} if special is not None else {}
    read_icons(thread, parse(f"<a{markup}"))
    return thread


def _words(markup: str | None) -> str | None:
    """Text in which no tags stand, in one line."""
    return one_line(unescape(markup) if markup and "&" in markup else markup)
