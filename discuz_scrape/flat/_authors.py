"""The author's column, which stands above the date line of a post."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from discuz_scrape._words import ANONYMOUS
from discuz_scrape.flat._lines import LONGEST, Line
from discuz_scrape.models import Author

_online = re.compile(r"\s*[当當]前[在离離][线線]")
_deleted = re.compile(r"(?P<name>\S.*?)\s*[该該]用[户戶]已被[删刪]除")
_not_a_name = re.compile(
    r"\||\d+|[电電]梯直[达達]|[积積]分.*|收[听聽]TA|[发發]消息|加好友|\[.*\]|查看[:：].*|(?:楼主|樓主)[:：].*"
    r"|[上下]一主[题題]|[打列]印"
)
"""What stands there where the name does not: numbers, buttons of the column and of the header."""
_LONGEST_NAME = 40


def read_author(column: Sequence[Line], *, anonymous: bool) -> Author:
    """The author at the head of a column."""
    name = author_in(column) or next((line.text for line in column if not _is_no_name(line.text)), None)
    if anonymous or name in ANONYMOUS:
        return Author(anonymous=True, kind="anonymous")
    gone = _deleted.fullmatch(name) if name else None
    return Author(name=gone["name"], kind="deleted") if gone else Author(name=name)


def author_in(lines: Sequence[Line]) -> str | None:
    """The name that stands twice, in the column and in the card above it: `NAME`, `NAME 当前在线`."""
    return next((line.text for line, below in pairwise(lines) if _stands_twice(line.text, below.text)), None)


def column_start(lines: Sequence[Line]) -> int | None:
    """Where the last column begins: at a name that stands twice."""
    ends = range(len(lines) - 2, -1, -1)
    return next((index for index in ends if _stands_twice(lines[index].text, lines[index + 1].text)), None)


def _stands_twice(name: str, below: str) -> bool:
    return below.startswith(name) and not _is_no_name(name) and _online.sub("", below[:LONGEST]) == name


def _is_no_name(text: str) -> bool:
    return len(text) > _LONGEST_NAME or _not_a_name.fullmatch(text) is not None
