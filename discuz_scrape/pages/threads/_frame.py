"""What is taken out of the posts of a page before its tree is built.

Author columns, date lines and tools are two thirds of a page, and most bodies are words and breaks. They are cut only
where they stand as Discuz! ships them; whatever looks different stays in the tree.
"""

from __future__ import annotations

import re
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
_SIGNATURE = re.compile(r'<div class="sign"[^<>]*>([^<]*+(?>(?:<(?!/?div\b)[^<]*+)*))</div>').match
_SIGN = '<div class="sign"'
_TOOLS, _TOOLS_END = '<tr id="_postposition', "</table>"
_TOOLS_LIMIT = 12_000
_VOTE = '<span id="review_'
_VOTES = re.compile(rf'{_VOTE}(support|against)_\d+">(\d+)</span>', re.ASCII).findall
"""Counters among the tools below a post; those without a number tell nothing either."""
_POST = '<div id="post_'
_TELLS_NOTHING_MORE = re.compile(
    r"""
    (?>(?: \s++ | </(?:div|table|tbody|tr|td)> | <(?:div|table|tbody|tr|td) (?>(?:[ ](?:
        id="(?:post_|pid|postmessage_|comment_|post_rate_div_)\d++"
      | class="(?>(?:(?:cm|pcb|pct|plc|plhin|plm|pls|t_fsz|t_f)[ ]?)*)"
      | summary="pid\d++" | (?:cellspacing|cellpadding)="0" | rowspan="2"
    ))*) [ ]?> )*)
    """,
    re.VERBOSE | re.ASCII,
).fullmatch
"""What is left of a post of which all else was taken: a frame without words, marks and styles."""


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
    bare: set[str] = set()
    column = markup.find(_COLUMN, done, end)
    while column >= 0:
        following = markup.find(_COLUMN, column + len(_COLUMN), end)
        begin = max(markup.rfind(_POST, done, column), done)
        post = _Post(page, begin, following if following >= 0 else end)
        number = post.cut_all(column)
        if number in cuts:  # two posts of one number: somebody wrote a frame
            return Frame(markup[middle], {})
        kept.append(markup[done:begin])
        if number:
            cuts[number] = post.cut
            post.keep_until(following)
        rest = "".join(post.rest)
        if post.cut.body is not None and _is_bare(rest, number, bare):
            post.cut.whole = True
            rest = f'{_POST}{number}"></div>'
        kept.append(rest)
        done = post.at
        column = following
    kept.append(markup[done:end])
    return Frame("".join(kept), cuts)


def _is_bare(rest: str, number: str, bare: set[str]) -> bool:
    """Whether the rest of a post tells nothing; `bare` are rests that do not: all of a page are alike."""
    shape = rest.replace(number, "")
    if shape not in bare:
        if _TELLS_NOTHING_MORE(rest) is None:
            return False
        bare.add(shape)
    return True


class _Post:
    """Goes down one post and cuts out what stands as shipped."""

    def __init__(self, page: Source, begin: int, limit: int) -> None:
        self.cut = Cut()
        self.rest: list[str] = []
        """What stays in the tree, up to where it has come."""
        self.at = begin
        """Where it has come."""
        self._page = page
        self._markup = page.text
        self._limit = limit

    def cut_all(self, column: int) -> str:
        """Cut what can be cut and tell the number of the post, which its column names; none where nothing was cut."""
        number = self._cut_column(column)
        if number:
            below = self._cut_line(number) and self._cut_body(number)
            tools = self._markup.find(_TOOLS, self.at, self._limit)
            if below:
                self._cut_below_body(tools if tools >= 0 else self._limit)
            if tools >= 0:
                self._cut_tools(tools)
        return number

    def keep_until(self, following: int) -> None:
        """Leave the rest of the post in the tree: up to the next one, whose column is known, else to its own end."""
        if following >= 0:
            begin = self._markup.rfind(_POST, self.at, following)
            end = begin if begin >= 0 else following
        else:
            end = self._markup.find("</div>", self.at, self._limit) + len("</div>")
        self._take(max(end, self.at), max(end, self.at))

    def _take(self, start: int, end: int) -> None:
        self.rest.append(self._markup[self.at : start])
        self.at = end

    def _cut_column(self, start: int) -> str:
        behind = self._markup.find(_COLUMN_END, start, min(start + _COLUMN_LIMIT, self._limit))
        end = self._markup.rfind("</td>", start, behind) if behind >= 0 else -1
        if end < 0:
            return ""
        number, column = _column(self._markup, start, end)
        if number:
            self.cut.column = column
            self._take(start, end)
        return number

    def _cut_line(self, number: str) -> bool:
        found = _LINE(self._markup, self._markup.find("<td", self.at))
        if found is None or not found[3] == found[6] == number:
            return False
        _, href, _, words, digits, _, posted = found.groups("")
        self.cut.line = Line(href, unescape(words) + digits, unescape(posted))
        self._take(found.start(1), found.end())
        return True

    def _cut_body(self, number: str) -> bool:
        if self._page.rich:  # of its markup is more wanted than the words
            return False
        cell = f'<td class="t_f" id="postmessage_{number}">'
        begin = self._markup.find(cell, self.at, min(self.at + _CELL_REACH, self._limit)) + len(cell)
        end = self._markup.find("</td>", begin, self._limit) if begin >= len(cell) else -1
        if end < 0:
            return False
        body = Body(self._page, rich=False)
        if not read_as_text(body, self._markup[begin:end]):
            return False
        self.cut.body = body
        self._take(begin, end)
        return True

    def _cut_below_body(self, end: int) -> None:
        """Remarks, ratings and the signature."""
        find = self._markup.find
        at = find(SECTION, self.at, end)
        while at >= 0 and (section := take_section(self._page, self._markup, at)) is not None:
            self.cut.fields.update(section[0])
            self._take(at, section[1])
            at = find(SECTION, self.at, end)
        at = find(_SIGN, self.at, end)
        sign = _SIGNATURE(self._markup, at) if at >= 0 else None
        if sign is not None:
            reader = Body(self._page, rich=False, quoted=True)
            if read_as_text(reader, sign[1]):
                self.cut.fields["signature"] = to_text(reader.pieces) or None
                self._take(at, sign.end())

    def _cut_tools(self, start: int) -> None:
        """The tools below a post, but for the votes among them."""
        find = self._markup.find
        end = find(_TOOLS_END, start, start + _TOOLS_LIMIT)
        if end >= 0:
            vote = find(_VOTE, start, end)
            if vote >= 0:
                self.cut.fields.update((side, int(votes[:18])) for side, votes in _VOTES(self._markup, vote, end))
            self._take(start, end)


def _column(markup: str, at: int, end: int) -> tuple[str, str]:
    """Number of the post and the column without what tells nothing; no number where it is not as shipped."""
    find = markup.find
    number = markup[at + len(_COLUMN) : at + len(_COLUMN) + 19].partition('"')[0]
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        return "", ""
    kept = []
    for begin, behind, keeper in _TELLS_NOTHING if end - at > _SHORT_COLUMN else ():
        start = find(begin, at, end)
        stop = find(behind, start, end) if start >= 0 else -1
        if stop >= 0 and not (keeper and find(keeper, start, stop) >= 0):
            kept.append(markup[at:start])
            at = stop
    kept.append(markup[at:end])
    column = "".join(kept)
    return ("", "") if "'" in column and "='" in column else (number, column)
