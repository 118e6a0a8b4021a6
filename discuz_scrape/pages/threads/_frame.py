"""What is taken out of the posts of a page before its tree is built.

Author columns, date lines and tools are two thirds of a page, and most bodies are words and breaks. They are cut only
where they stand as Discuz! ships them; whatever looks different stays in the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from discuz_scrape._body import Body
from discuz_scrape._body_as_text import read_as_text, unescape
from discuz_scrape._content import to_text
from discuz_scrape._source import Source
from discuz_scrape.pages.threads._remarks_as_text import SECTION, take_section

__all__ = ["NOTHING", "WHOLE", "Cut", "Frame", "take_apart"]

Record = dict[str, Any]

_COLUMN, _COLUMN_END = '<div id="favatar', '<td class="plc"'
_COLUMN_LIMIT = 12_000  # characters of one
_SHORT_COLUMN = 800  # has none of the following, as a rule
_TELLS_NOTHING = (  # in a column, from its top: what begins it, what stands behind it, and what keeps it in
    ('<div class="p_pop', '<div class="avatar"', None),  # the hover card
    (' onmouseover="showauthor(', ">", None),  # what shows it
    ('<p><span id="g_up', '<dl class="pil', "xg1"),  # stars, unless the member's title stands there too
    ('<ul class="xl xl2 o cl">', "</ul>", None),  # links to follow and to write
)
_LINE = re.compile(
    r"""
    <td[ ]class="plc">\s*
    (<div[ ]class="pi">\s* <strong>\s* <a[ ]href="([^"]*)"\s+id="postnum(\d+)"[^<>]*>
      ([^<]*)(?:<em>(\d+)</em><sup>\#</sup>)? </a>\s* </strong>\s*
    <div[ ]class="pti">\s* <div[ ]class="pdbt">\s*</div>\s* <div[ ]class="authi">\s*
      <img[ ]class="authicn[ ]vm"[^<>]*>\s* <em[ ]id="authorposton(\d+)">([^<]*)</em>\s* <span[ ]class="pipe">
      [^<]*+(?>(?:<(?!/?div\b)[^<]*+)*) </div>\s* </div>\s* </div>\s* )(?=<div[ ]class="pct">)
    """,
    re.VERBOSE | re.ASCII,
).match
"""The line above a body, with nothing in it but floor, time and tools."""
_CELL_REACH = 6_000  # characters between the line and the body; above a first post stand stamp, tags and more
_TOOLS, _TOOLS_END = '<tr id="_postposition', "</table>"
_TOOLS_LIMIT = 12_000
_VOTES = re.compile(r'<span id="review_(support|against)_\d+">(\d+)</span>', re.ASCII).findall
"""Counters among the tools below a post."""
_EMPTY_VOTES = 2  # most posts have both without a number
_POST, _BODY = '<div id="post_', "postmessage_"
_SIGNATURE = re.compile(r'<div class="sign"[^<>]*+>([^<]*+(?>(?:<(?!/?div\b)[^<]*+)*))</div>').match

# The frame of a post as shipped, without words, marks and styles. From top to bottom:
_TOP = re.compile(
    r'<div id="post_(\d++)" ?><table id="pid\1" class="plhin"(?: summary="pid\1")? cellspacing="0" cellpadding="0">\s*+'
    r'<tr>\s*+(?>(?:<a name="(?:new|last)post"></a>\s*+)*)<td class="pls" rowspan="2">\s*+(?=<div id="favatar\1")'
).match
_ABOVE_BODY = re.compile(
    r'<div class="pct"><div class="pcb">\s*+<div class="t_fsz">\s*+'
    r'<table cellspacing="0" cellpadding="0"><tr><td class="t_f" id="postmessage_(\d++)">'
).match
_BELOW_BODY = re.compile(r'</td></tr></table>\s*+</div>\s*+<div id="comment_\d++" class="cm">\s*+').match
_BELOW_REMARKS = re.compile(r'</div>\s*+(?:<div id="post_rate_div_\d++"></div>\s*+)?').match
_BELOW_RATINGS = re.compile(r'\s*+</div>\s*+</div>\s*+</td>\s*+</tr>\s*+<tr>\s*+<td class="plc plm">\s*+').match
_BELOW_SIGNATURE = re.compile(r'\s*+</td>\s*+</tr>\s*+(?=<tr id="_postposition)').match
_BOTTOM = re.compile(r"</table>\s*+</div>").match


class Line(NamedTuple):
    """What the line above a body tells."""

    href: str
    """Address of the post as written, in the link of its floor."""
    floor: str
    """The floor as printed."""
    posted: str
    """The time as printed, with its label."""


@dataclass(slots=True)
class Cut:
    """What was taken out of one post."""

    column: str | None = None
    """Markup of the author column."""
    line: Line | None = None
    """The line above the body; only where the column was taken, too."""
    body: Body | None = None
    """The body, where that needs no tree; only where the line was taken, too."""
    fields: Record = field(default_factory=dict)
    """What stands below the body: remarks, ratings, signature, votes."""
    whole: bool = False
    """Whether nothing else is left of the post."""


NOTHING = Cut()
"""Of a post that stands in the tree as it is."""


class Frame(NamedTuple):
    """A page taken apart."""

    markup: str
    """What the tree is built of; of a post that was taken whole, its outermost box is left, without content."""
    cuts: dict[str, Cut]
    """Number of a post to what was taken out of it."""


WHOLE = Frame("", {})
"""Of a page from which nothing was taken out."""


def take_apart(page: Source, middle: slice) -> Frame:
    """Cut whatever stands as shipped out of the posts in a part of a page."""
    markup, done, end = page.text, middle.start, middle.stop
    kept: list[str] = []
    cuts: dict[str, Cut] = {}
    column = markup.find(_COLUMN, done, end)
    while column >= 0:
        following = markup.find(_COLUMN, column + len(_COLUMN), end)
        begin = max(markup.rfind(_POST, done, column), done)
        post = _Post(page, begin, following if following >= 0 else end)
        number = post.cut_all(column)
        if number in cuts:  # two posts of one number: somebody wrote a frame
            return Frame(markup[middle], {})
        if number:
            cuts[number] = post.cut
            kept.append(markup[done:begin])
            kept += [f'{_POST}{number}"></div>'] if post.cut.whole else post.rest()
            done = post.at
        column = following
    kept.append(markup[done:end])
    return Frame("".join(kept), cuts)


class _Post:
    """Goes down one post and cuts out what stands as shipped."""

    def __init__(self, page: Source, begin: int, limit: int) -> None:
        self.cut = Cut()
        self.at = begin
        """Where it has come: behind the last piece that was cut out."""
        self._page = page
        self._markup = page.text
        self._begin = begin
        self._limit = limit
        self._pieces: list[tuple[int, int]] = []

    def rest(self) -> Iterator[str]:
        """What stays in the tree, up to where it has come."""
        at = self._begin
        for start, end in self._pieces:
            yield self._markup[at:start]
            at = end

    def cut_all(self, column: int) -> str:
        """Cut what can be cut and tell the number of the post, which its column names; none where nothing was cut."""
        number, line = self._cut_column(column)
        if not number:
            return ""
        tools = -1
        if self._cut_line(number, line):
            above = _ABOVE_BODY(self._markup, self.at)
            body = above.end() if above is not None and above[1] == number else -1
            if self._cut_body(number, body):
                tools = self._cut_below_body()
                self.cut.whole = tools >= 0 and body >= 0 and _TOP(self._markup, self._begin) is not None
        self._cut_tools(number, tools if tools >= 0 else self._markup.find(_TOOLS, self.at, self._limit))
        return number

    def _take(self, start: int, end: int) -> int:
        self._pieces.append((start, end))
        self.at = end
        return end

    def _cut_column(self, start: int) -> tuple[str, int]:
        """Number of the post, and where the line above the body begins."""
        markup = self._markup
        line = markup.find(_COLUMN_END, start, min(start + _COLUMN_LIMIT, self._limit))
        end = markup.rfind("</td>", start, line) if line >= 0 else -1
        if end < 0 or markup[end + len("</td>") : line].strip():
            return "", -1
        number, column = _column(markup, start, end)
        if number:
            self.cut.column = column
            self._take(start, end)
        return number, line

    def _cut_line(self, number: str, at: int) -> bool:
        found = _LINE(self._markup, at)
        if found is None or not found[3] == found[6] == number:
            return False
        _, href, _, words, digits, _, posted = found.groups("")
        self.cut.line = Line(href, unescape(words) + digits, unescape(posted))
        self._take(found.start(1), found.end())
        return True

    def _cut_body(self, number: str, begin: int) -> bool:
        """The body, which begins at a place, or somewhere below the line."""
        if self._page.rich:  # of its markup is more wanted than the words
            return False
        markup, limit = self._markup, self._limit
        if begin < 0:
            cell = f'<td class="t_f" id="postmessage_{number}">'
            begin = markup.find(cell, self.at, min(self.at + _CELL_REACH, limit))
            if begin < 0 or markup.find("<!--", self.at, begin) >= 0:  # a skin may have commented another one out
                return False
            begin += len(cell)
        end = markup.find("</td>", begin, limit)
        if end < 0:
            return False
        body = Body(self._page, rich=False)
        if not read_as_text(body, markup[begin:end]):
            return False
        self.cut.body = body
        self._take(begin, end)
        return True

    def _cut_below_body(self) -> int:
        """Remarks, ratings and the signature; where the tools begin if all down to there is as shipped, else -1."""
        markup = self._markup
        found = _BELOW_BODY(markup, self.at)
        if found is None:
            return -1
        found = _BELOW_REMARKS(markup, self._cut_section(found.end()))
        if found is None:
            return -1
        found = _BELOW_RATINGS(markup, self._cut_section(found.end()))
        if found is None:
            return -1
        found = _BELOW_SIGNATURE(markup, self._cut_signature(found.end()))
        return found.end() if found is not None else -1

    def _cut_section(self, at: int) -> int:
        """Remarks or ratings at a place, if there are any; tells where they end."""
        section = take_section(self._page, self._markup, at) if self._markup.startswith(SECTION, at) else None
        if section is None:
            return at
        self.cut.fields.update(section[0])
        return self._take(at, section[1])

    def _cut_signature(self, at: int) -> int:
        """The signature at a place, if there is one; tells where it ends."""
        found = _SIGNATURE(self._markup, at)
        if found is None:
            return at
        body = Body(self._page, rich=False, quoted=True)
        if not read_as_text(body, found[1]):
            return at
        self.cut.fields["signature"] = to_text(body.pieces) or None
        return self._take(at, found.end())

    def _cut_tools(self, number: str, start: int) -> None:
        """The tools below a post, but for the votes among them, and of a post that was taken whole what ends it."""
        find = self._markup.find
        end = find(_TOOLS_END, start, start + _TOOLS_LIMIT) if start >= 0 else -1
        if end < 0 or (self.cut.body is None and find(_BODY, start, end) >= 0):  # they would take the body along
            self.cut.whole = False
            return
        if self._markup.count(f'_{number}"></span>', start, end) != _EMPTY_VOTES:
            self.cut.fields.update((side, int(votes[:18])) for side, votes in _VOTES(self._markup, start, end))
        self._take(start, end)
        if self.cut.whole:
            bottom = _BOTTOM(self._markup, end)
            self.cut.whole = bottom is not None
            self.at = bottom.end() if bottom is not None else end


def _column(markup: str, at: int, end: int) -> tuple[str, str]:
    """Number of the post and the column without what tells nothing; no number where it is not as shipped."""
    find = markup.find
    number = markup[at + len(_COLUMN) : find('"', at + len(_COLUMN), end)]
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        return "", ""
    column = ""
    for begin, behind, keeper in _TELLS_NOTHING if end - at > _SHORT_COLUMN else ():
        start = find(begin, at, end)
        stop = find(behind, start, end) if start >= 0 else -1
        if stop >= 0 and not (keeper and find(keeper, start, stop) >= 0):
            column += markup[at:start]
            at = stop
    column += markup[at:end]
    strange = ("'" in column and "='" in column) or _BODY in column  # then it is no column alone
    return ("", "") if strange else (number, column)
