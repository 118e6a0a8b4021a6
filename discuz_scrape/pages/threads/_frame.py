"""What is taken out of the posts of a page before its tree is built: all but the bodies and what stands around them.

Author columns, date lines and tools are two thirds of a page. They are cut only where they stand as Discuz! ships them;
whatever looks different stays in the tree.
"""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

__all__ = ["WHOLE", "Frame", "take_apart"]

_COLUMN, _COLUMN_END = '<div id="favatar', '<td class="plc"'
_COLUMN_LIMIT = 12_000  # characters of one
_TELLS_NOTHING = (  # in a column: what begins it, what stands behind it, and what keeps it in
    ('<div class="p_pop', '<div class="avatar"', "\0"),  # the hover card
    ('<p><span id="g_up', '<dl class="pil', "xg1"),  # stars, unless the member's title stands there too
    ('<ul class="xl xl2 o cl">', "</ul>", "\0"),  # links to follow and to write
)
_LINE = re.compile(
    r"""
    <td[ ]class="plc">\s* (?P<line>
    <div[ ]class="pi">\s* <strong>\s* <a[ ]href="([^"]*)"\s+id="postnum(\d+)"[^<>]*>
      ([^<]*(?:<em>\d+</em><sup>\#</sup>)?) </a>\s* </strong>\s*
    <div[ ]class="pti">\s* <div[ ]class="pdbt">\s*</div>\s* <div[ ]class="authi">\s*
      <img[ ]class="authicn[ ]vm"[^<>]*>\s* <em[ ]id="authorposton(\d+)">([^<]*)</em>\s* <span[ ]class="pipe">
      [^<]*+(?:<(?!/?div\b)[^<]*+)*+ </div>\s* </div>\s* </div>\s* )(?=<div[ ]class="pct">)
    """,
    re.VERBOSE | re.ASCII,
).match
"""The line above a body, with nothing in it but floor, time and tools."""
_TOOLS, _TOOLS_END = '<tr id="_postposition', "</table>"
_TOOLS_LIMIT = 12_000
_VOTES = re.compile(r'<span id="review_\w+">\d+</span>', re.ASCII).findall
"""Counters among the tools below a post; those without a number tell nothing either."""


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


WHOLE = Frame("", {}, {})
"""Of a page from which nothing was taken out."""


def take_apart(markup: str) -> Frame:
    """Cut author columns and tools out of the markup of posts."""
    find = markup.find
    kept: list[str] = []
    columns: dict[str, str] = {}
    lines: dict[str, Line] = {}
    done = 0
    start = find(_COLUMN)
    while start >= 0:
        behind = find(_COLUMN_END, start, start + _COLUMN_LIMIT)
        following = find(_COLUMN, start + len(_COLUMN))
        end = markup.rfind("</td>", start, behind) if behind >= 0 and not 0 <= following < behind else -1
        if end >= 0:
            number, column = _column(markup[start:end])
            if number in columns:  # two posts of one number: somebody wrote a frame
                return Frame(markup, {}, {})
            if number:
                columns[number] = column
                kept.append(markup[done:start])
                done = end
                line = _LINE(markup, behind)
                if line is not None and line[3] == line[5] == number:
                    lines[number] = Line(line[2], _plain(line[4]), _plain(line[6]))
                    kept.append(markup[done : line.start("line")])
                    done = end = line.end()
            tools = find(_TOOLS, end, following if following >= 0 else len(markup))
            stop = find(_TOOLS_END, tools, tools + _TOOLS_LIMIT) if tools >= 0 else -1
            if stop >= 0:
                kept.append(markup[done:tools])
                if markup.find("review_", tools, stop) >= 0:
                    kept += ["<tr><td>", *_VOTES(markup, tools, stop), "</td></tr>"]
                done = stop
        start = following
    kept.append(markup[done:])
    return Frame("".join(kept), columns, lines)


def _column(markup: str) -> tuple[str, str]:
    """Number of the post and the column without what tells nothing; no number where it is not as shipped."""
    number = markup[len(_COLUMN) : markup.find('"', len(_COLUMN))]
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        return "", ""
    for begin, end, keeper in _TELLS_NOTHING:
        start = markup.find(begin)
        stop = markup.find(end, start) if start >= 0 else -1
        if stop >= 0 and markup.find(keeper, start, stop) < 0:
            markup = markup[:start] + markup[stop:]
    return (number, markup) if "='" not in markup else ("", "")


def _plain(text: str) -> str:
    """Text in which no tags stand but those around a floor's number."""
    if "<" in text:
        text = text.replace("<em>", "").replace("</em><sup>", "").replace("</sup>", "")
    return unescape(text) if "&" in text else text
