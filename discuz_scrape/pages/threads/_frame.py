"""What is taken out of the posts of a page before its tree is built.

Author columns, date lines and tools are two thirds of a page, and most bodies are words and breaks. They are cut only
where they stand as Discuz! ships them; whatever looks different stays in the tree.
"""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

from discuz_scrape._body import Body
from discuz_scrape._body_as_text import read_as_text
from discuz_scrape._source import Source

__all__ = ["WHOLE", "Frame", "take_apart"]

_COLUMN, _COLUMN_END = '<div id="favatar', '<td class="plc"'
_COLUMN_LIMIT = 12_000  # characters of one
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
_TOOLS, _TOOLS_END = '<tr id="_postposition', "</table>"
_TOOLS_LIMIT = 12_000
_VOTE = '<span id="review_'
_VOTES = re.compile(rf'{_VOTE}\w+">\d+</span>', re.ASCII).findall
"""Counters among the tools below a post; those without a number tell nothing either."""


_CELL_REACH = 6_000  # characters between the line and the body; above a first post stand stamp, tags and more


class Line(NamedTuple):
    """What the line above a body tells."""

    href: str
    """Address of the post as written, in the link of its floor."""
    floor: str
    """The floor as printed."""
    posted: str
    """The time as printed, with its label."""


class Frame(NamedTuple):
    """A page taken apart."""

    markup: str
    """What the tree is built of."""
    columns: dict[str, str]
    """Number of a post to the markup of its author column."""
    lines: dict[str, Line]
    """Number of a post to the line above its body; only posts whose column was taken, too."""
    bodies: dict[str, Body]
    """Number of a post to its body, where that needs no tree; only posts whose line was taken, too."""


WHOLE = Frame("", {}, {}, {})
"""Of a page from which nothing was taken out."""


def take_apart(page: Source, markup: str) -> Frame:
    """Cut author columns, tools and the plainer bodies out of the markup of posts."""
    find = markup.find
    kept: list[str] = []
    columns: dict[str, str] = {}
    lines: dict[str, Line] = {}
    bodies: dict[str, Body] = {}
    done = 0
    start = find(_COLUMN)
    while start >= 0:
        behind = find(_COLUMN_END, start, start + _COLUMN_LIMIT)
        following = find(_COLUMN, start + len(_COLUMN))
        limit = following if following >= 0 else len(markup)
        end = markup.rfind("</td>", start, behind) if behind >= 0 and not 0 <= following < behind else -1
        if end >= 0:
            number, column = _column(markup, start, end)
            if number in columns:  # two posts of one number: somebody wrote a frame
                return Frame(markup, {}, {}, {})
            if number:
                columns[number] = column
                kept.append(markup[done:start])
                done = end
                found = _LINE(markup, behind)
                if found is not None and found[3] == found[6] == number:
                    _, href, _, words, digits, _, posted = found.groups("")
                    lines[number] = Line(href, _plain(words) + digits, _plain(posted))
                    kept.append(markup[done : found.start(1)])
                    done = end = found.end()
                    if not page.rich and (spot := _body_spot(markup, number, end, limit)) is not None:
                        body = Body(page, rich=False)
                        if read_as_text(body, markup[spot]):
                            bodies[number] = body
                            kept.append(markup[done : spot.start])
                            done = end = spot.stop
            tools = find(_TOOLS, end, limit)
            stop = find(_TOOLS_END, tools, tools + _TOOLS_LIMIT) if tools >= 0 else -1
            if stop >= 0:
                kept.append(markup[done:tools])
                vote = find(_VOTE, tools, stop)
                if vote >= 0:
                    kept += ["<tr><td>", *_VOTES(markup, vote, stop), "</td></tr>"]
                done = stop
        start = following
    kept.append(markup[done:])
    return Frame("".join(kept), columns, lines, bodies)


def _body_spot(markup: str, number: str, start: int, limit: int) -> slice | None:
    """Where the body of a post stands, below its line; None where that is not as shipped, or surely needs a tree."""
    cell = f'<td class="t_f" id="postmessage_{number}">'
    begin = markup.find(cell, start, min(start + _CELL_REACH, limit))
    if begin < 0:
        return None
    begin += len(cell)
    end = markup.find("</td>", begin, limit)
    return slice(begin, end) if end >= 0 else None


def _column(markup: str, at: int, end: int) -> tuple[str, str]:
    """Number of the post and the column without what tells nothing; no number where it is not as shipped."""
    find = markup.find
    number = markup[at + len(_COLUMN) : at + len(_COLUMN) + 19].partition('"')[0]
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        return "", ""
    kept = []
    for begin, behind, keeper in _TELLS_NOTHING:
        start = find(begin, at, end)
        stop = find(behind, start, end) if start >= 0 else -1
        if stop >= 0 and not (keeper and find(keeper, start, stop) >= 0):
            kept.append(markup[at:start])
            at = stop
    kept.append(markup[at:end])
    column = "".join(kept)
    return ("", "") if "'" in column and "='" in column else (number, column)


def _plain(text: str) -> str:
    """Text as it is shown, from a piece of markup without tags."""
    return unescape(text) if "&" in text else text
