"""The rows of a board as Discuz! ships them, read as text and cut out before the tree is built of the rest.

Such a row has its facts in places that one pattern names. What many rows have in common, icons, types and marks, goes
to the reader of rows in a tree (`_rows`), and only the first time that it is met. Whatever looks different stays in the
tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from html import unescape
from itertools import repeat, zip_longest
from typing import Any, NamedTuple

from discuz_scrape import _urls
from discuz_scrape._html import one_line, parse, select, unescape_attribute
from discuz_scrape._source import Source
from discuz_scrape._words import ANONYMOUS, MOVED
from discuz_scrape.pages.lists._rows import read_form
from discuz_scrape.pages.lists._titles import thread_url
from discuz_scrape.pages.threads._author import settle_name

__all__ = ["Frame", "take_rows"]

_ROW_BEGIN = re.compile(r'<tbody id="(?:normal|stick)thread_')
_FORM_LIMIT = 2_000  # characters

# Every repetition is possessive and stops at the next tag of its kind or row, so no markup is gone through twice. No
# text as shipped holds a bare `>`: where one does, the tag before it did not end where it seems to.
_TEXT = "([^<>]*+)"
_SPANS = r'(?:<span(?:\ class="[^"]*+")?>)?(?:<span\ title="([^"]*+)">)?'
_NEW = r'a\ href="[^"]*+"\ class="xi1">New</a>'  # behind threads of this week
_ROW = re.compile(
    rf"""
    <tbody\ id="(normal|stick)thread_\d++">\s*+ <tr>\s*+
    <td\ class="icn">\s*+ <a\ href="[^"]*+"([^>]*+>[^<]*+(?>(?:<(?!/td>|tbody)[^<]*+)*))</td>\s*+
    (?:<td\ class="o">\s*+ (?:<input[^>]*+>\s*+)? </td>\s*+)?  # for moderators
    <th\ class="(\w*+)">\s*+
    (?>(?:<a\ (?:class="tdpre\ y"\ )?href="javascript:[^>]*+>(?:</a>|(?![^<]*?(?i:{MOVED.pattern}))[^<>]*+</a>)\s*+)*)
    ([^<>]*+(?>(?:<em>[^<]*+(?>(?:<(?!/em>|tbody)[^<]*+)*)</em>[^<>]*+)*))  # type and sort, and whether it was moved
    <a\ href="(?:forum\.php\?mod=viewthread&(?:amp;)?tid=(\d{{1,18}}+)(?:&(?:amp;)?extra=[^"&]*+)?|([^"]*+))"
    (?:\ style="([^"]*+)")?(?:\ (?:onclick|target)="[^"]*+")?\ class="(?:s\ )?xst"\ ?>{_TEXT}</a>
    ([^<]*+(?>(?:<(?!/th>|span\ class="tps"|{_NEW}|tbody)[^<]*+)*))  # marks
    (?:<span\ class="tps">([^<]*+(?>(?:<a[^>]*+>[^<>]*+</a>[^<]*+)*))</span>\s*+)? (?:<{_NEW}\s*+)? </th>\s*+
    <td\ class="by">\s*+ <cite>\s*+
    (?:<a\ href="(?:home\.php\?mod=space&(?:amp;)?uid=(\d{{1,18}}+)|([^"]*+))"[^>]*+>{_TEXT}</a>\s*+|{_TEXT})
    </cite>\s*+ <em>{_SPANS}(?P<started>[^<>]*+)(?>(?:</span>)*)</em>\s*+ </td>\s*+
    <td\ class="num"><a\ href="[^"]*+"\ class="xi2">(\d{{1,18}}+|-)</a><em>(\d{{1,18}}+|-)</em></td>\s*+
    <td\ class="by">\s*+ <cite>\s*+ (?:<a[^>]*+>{_TEXT}</a>\s*+|[^<]*+)</cite>\s*+
    <em>(?:<a[^>]*+>)?{_SPANS}(?P<latest>[^<>]*+)(?>(?:</span>)*)(?:</a>)?</em>\s*+ </td>\s*+ </tr>\s*+ </tbody>
    """,
    re.VERBOSE,
)
_STEP = _ROW.groups + 1  # pieces that splitting makes of a row and what stands before it
_THREAD = "forum.php?mod=viewthread&tid="
_ANONYMOUS = {"kind": "anonymous", "anonymous": True}
_PAGES = re.compile(r">\s*(\d{1,9})\s*<").findall

_PAGERS = ('"pg"', '"pg ')
_LANDMARKS = ("<tbody", 'id="subforum_', 'id="forum_rules_', 'id="thread_types"')
"""What is looked for in the tree and stands above the rows as shipped."""

Record = dict[str, Any]


class Frame(NamedTuple):
    """A page taken apart."""

    markup: str
    """What the tree is built of: from the breadcrumb to the last row, without the rows that were taken."""
    rows: list[Record | None]
    """The threads of the rows in page order; None for each row that is still in the tree."""


def take_rows(page: Source) -> Frame | None:
    """Read the rows that stand as shipped and cut them out; None where there are none, or a comment may hold some."""
    pieces = _ROW.split(page.text)
    if len(pieces) < 2:
        return None
    reader = _Reader(page)
    try:
        started, latest = (_times(page, pieces, _ROW.groupindex[name]) for name in ("started", "latest"))
        rows = (pieces[at : at + _ROW.groups] for at in range(1, len(pieces), _STEP))
        taken = list(map(reader.read, rows, started, latest))
    except ValueError:  # an entity with thousands of digits: the tree loses no other row to it
        return None
    kept = pieces[::_STEP]
    kept[0] = _from_breadcrumb(kept[0])
    kept[-1] = _below(kept[0], kept[-1])
    odd = [markup for markup in kept if not markup.isspace()]
    if None in taken or any(map(_ends_in_comment, odd)):
        return None
    in_order = list(_in_order(kept, taken)) if any(map(_ROW_BEGIN.search, odd)) else taken
    return Frame("".join(kept), in_order)


def _in_order(kept: list[str], taken: list[Record | None]) -> Iterator[Record | None]:
    """The rows that were taken, and None for each that stands in what was kept around them."""
    for between, row in zip_longest(kept, taken):
        yield from repeat(None, len(_ROW_BEGIN.findall(between)))
        if row is not None:
            yield row


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


class _Reader:
    """Reads the rows of one page."""

    def __init__(self, page: Source) -> None:
        self._page = page
        self._thread = page.absolute(_THREAD)

    def read(self, groups: list[Any], started: datetime | None, latest: datetime | None) -> Record | None:
        """The thread of a row, by the groups of its pattern; None where only the tree can tell."""
        (
            state, icon, folder, before, tid, href, style, subject, marks, pages, uid, member, name, unlinked,
            _, _, replies, views, last, _, _,
        ) = groups  # fmt: skip
        form = _form(icon, folder, before.strip(), marks.strip())
        if form is None:
            return None
        thread = {
            **form,
            "subject": _words(subject),
            "created_at": started,
            "last_post_at": latest,
        }
        if tid:
            thread["tid"] = int(tid) or None
            thread["url"] = self._thread and self._thread + tid
        else:
            href = unescape_attribute(href)
            thread["tid"] = _urls.tid_in(href)
            thread["url"] = thread_url(self._page, href)
        if replies == views == "-":
            thread["moved"] = True
        else:
            thread["replies"] = int(replies) if replies != "-" else None
            thread["views"] = int(views) if views != "-" else None
        if thread.get("moved"):
            thread.pop("closed", None)  # the lock is that of what remains here, not of the thread
        if state == "stick":
            thread.setdefault("sticky", "board")
        if style:
            thread["highlight"] = one_line(unescape_attribute(style))
        if pages:
            thread["pages"] = max(map(int, _PAGES(pages)), default=None)
        if last and (poster := _words(last)) not in ANONYMOUS:
            thread["last_poster"] = poster
        author = _author(uid, member, name) if name is not None else _ANONYMOUS if _words(unlinked) else None
        if author:
            thread["author"] = author
        return thread


def _times(page: Source, pieces: list[Any], at: int) -> list[datetime | None]:
    """A time of each row: that in full, if a relative one has it in its title, which is the group before."""
    titles, printed = pieces[at - 1 :: _STEP], pieces[at::_STEP]
    words = [title or said for title, said in zip(titles, printed, strict=True)]
    moments = page.clock.read_all([unescape(markup) if "&" in markup else markup for markup in words])
    return [moment or page.clock.read(unescape(said)) for moment, said in zip(moments, printed, strict=True)]


def _author(uid: str | None, href: str, name: str) -> Record:
    """Who started the thread, by number and name, or by the address that the name leads to."""
    author: Record = {}
    words = _words(name)
    if words is not None:
        href = "" if uid else unescape_attribute(href)
        settle_name(author, href, int(uid) or None if uid else _urls.uid_in(href), words, None, None)
    return author


def _words(markup: str) -> str | None:
    """Text in which no tags stand, in one line."""
    return one_line(unescape(markup) if "&" in markup else markup)


# Most rows have one of a few forms, and so have those of the next page: what it tells is remembered.


@lru_cache(maxsize=1_000)
def _form(icon: str, folder: str, before: str, marks: str) -> Record | None:
    """What the form of a row tells; None where it is too long to be read apart, or not what it seems."""
    if len(icon) + len(before) + len(marks) > _FORM_LIMIT or "xst" in before:
        return None
    markup = f'<a{icon}</td><th class="{folder}">{before}<a class="xst"></a>{marks}</th></tr></table>'
    root = parse(f"<table><tr><td>{markup}")
    cells, titles = select(root, "tr > *"), select(root, "tr > th > a.xst")
    return read_form(cells[:1], cells[1], titles[0]) if len(cells) == 2 and titles else None
