"""The lines of each post: the author's column, the body, the signature."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from discuz_scrape.flat._authors import column_start
from discuz_scrape.flat._buttons import find_bar, find_tools
from discuz_scrape.flat._chrome import POWERED
from discuz_scrape.flat._lines import Line, matches
from discuz_scrape.flat._marks import Mark

_footer_start = re.compile(r"您需要登[录錄][后後]才可以回帖.*|本版[积積]分[规規][则則].*|高[级級]模式")
_footer_more = re.compile(
    r"返回列表|[发發](?:新|表)帖子?|回[复復覆]|[选選][择擇][观觀][点點]|中立|正方|反方|上一[页頁]|GMT.*|Powered by.*"
    r"|[\d\s.…/页頁]*(?:下一[页頁]\s*»?)?(?:\s*返回列表)?"
)
_FOOTER_SPAN = 40  # lines between the first and the last of its marks
_LEAST_UNIT = 4  # blank lines; with fewer above the bodies, a tool kept too little white space


@dataclass(slots=True)
class Segment:
    """The lines of one post."""

    mark: Mark
    column: list[Line]
    body: list[Line] = field(default_factory=list)
    signature: list[Line] = field(default_factory=list)


def split_posts(lines: list[Line], marks: Sequence[Mark], column: list[Line]) -> list[Segment]:
    """All posts; `column` is that of the first one."""
    segments = []
    unit = max(_LEAST_UNIT, min((lines[mark.start].gap for mark in marks if mark.start < len(lines)), default=0))
    ends = [*(mark.top for mark in marks[1:]), _footer(lines, marks[-1].start)]
    for mark, end in zip(marks, ends, strict=True):
        segment = Segment(mark, column)
        between = lines[mark.start : end]
        column = between if mark.deleted else _cut(segment, between, unit, last=mark is marks[-1])
        segments.append(segment)
    return segments


def _footer(lines: Sequence[Line], start: int) -> int:
    """The line at which the page goes on below the last post."""
    end = _last(lines, start, lambda text: matches(_footer_start, text))
    if end is None:
        end = _last(lines, start, lambda text: POWERED.match(text) is not None)
        end = len(lines) if end is None else end
    else:
        near = range(max(start, end - _FOOTER_SPAN), end)
        end = next((index for index in near if matches(_footer_start, lines[index].text)), end)
    while end > start and matches(_footer_more, lines[end - 1].text):
        end -= 1
    return end


def _last(lines: Sequence[Line], start: int, test: Callable[[str], bool]) -> int | None:
    return next((index for index in range(len(lines) - 1, start - 1, -1) if test(lines[index].text)), None)


def _cut(segment: Segment, lines: list[Line], unit: int, *, last: bool) -> list[Line]:
    """Part the lines between two date lines: body and signature of the upper post, column of the lower."""
    start, end = find_tools(lines, last=last) or _without_tools(lines, last=last)
    above = lines[:start]
    if bar := find_bar(above):
        segment.body, segment.signature = above[: bar[0]], above[bar[1] :]
    else:
        at = _signature_start(above, lines[start].gap if start < len(lines) else 0, unit)
        segment.body, segment.signature = above[:at], above[at:]
    return lines[end:]


def _without_tools(lines: Sequence[Line], *, last: bool) -> tuple[int, int]:
    at = len(lines) if last else column_start(lines)
    at = max(0, len(lines) - 1) if at is None else at
    return at, at


def _signature_start(lines: Sequence[Line], gap: int, unit: int) -> int:
    """Where a tool kept the white space of the source, a signature stands apart: wide gaps before and after it.

    `gap` is the one before the buttons, `unit` the one between date line and body. Without a signature the buttons are
    four units away, with it two.
    """
    if gap < 3 * unit:
        for index in range(len(lines) - 1, 0, -1):
            if lines[index].gap >= 1.8 * unit:
                return index
    return len(lines)
