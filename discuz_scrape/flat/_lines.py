"""The lines of a flattened page, and the rows of chrome that a tool may have torn into several of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from discuz_scrape.flat._chrome import DATE, POSTED
from discuz_scrape.flat._junk import without_junk

LONGEST = 240
"""Characters of a line of chrome: no longer line is looked at as one."""
MOST_PIECES = 6
"""Lines into which a tool may tear a row of chrome."""

_WORD_SPACE = re.compile(r"[\s|]+")
_posted_alone = re.compile(rf"(?:.{{0,30}}\s)?{POSTED}[:：]?")
_date_alone = re.compile(rf"{DATE}(?:\s*\|.*)?", re.VERBOSE)


class Line(NamedTuple):
    """A line that holds something."""

    text: str
    """Trimmed, never empty; nbsp became a space."""
    gap: int
    """Blank lines before it."""


def split_lines(text: str) -> list[Line]:
    """The lines that hold something; a label and its value that were torn apart stand together again."""
    lines: list[Line] = []
    gap = 0
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").replace("\0", "")
    for row in without_junk(text.split("\n")):
        words = row.strip()
        if not words:
            gap += 1
        elif lines and _continues(lines[-1].text, words):
            lines[-1] = Line(f"{lines[-1].text} {words}", lines[-1].gap)
            gap = 0
        else:
            lines.append(Line(words, gap))
            gap = 0
    return lines


def _continues(label: str, text: str) -> bool:
    """Whether a line only goes on with the one before: `5` and `#`, a tag and its comma, `发表于` and the date."""
    if text in ("#", "楼", "樓"):
        return label.isdecimal()
    if text == "," or label.endswith(" ,"):
        return len(label) <= LONGEST
    return "表" in label[-3:] and _posted_alone.fullmatch(label) is not None and matches(_date_alone, text)


def matches(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a line is chrome of that shape."""
    return len(text) <= LONGEST and pattern.fullmatch(text) is not None


def word_list(text: str) -> list[str]:
    """The words of a row of buttons, which spaces and bars part."""
    return _WORD_SPACE.split(text)


def compact(lines: Iterable[Line]) -> str:
    """The words of a row of buttons without what parts them, however a tool laid them out."""
    return _WORD_SPACE.sub("", "".join(line.text for line in lines))


def joined(lines: Iterable[Line]) -> str:
    """The words of a row in one line."""
    return " ".join(line.text for line in lines)


class Row(NamedTuple):
    """A row of chrome of many words."""

    pattern: re.Pattern[str]
    first: tuple[str, ...] = ("",)
    """How it may begin: a cheap sieve."""

    def size(self, lines: Sequence[Line], index: int = 0) -> int:
        """How many lines from here on are this row; 0 if none."""
        if index >= len(lines) or not lines[index].text.startswith(self.first):
            return 0
        pieces = lines[index : index + MOST_PIECES]
        sizes = range(1, len(pieces) + 1)
        return next((size for size in sizes if matches(self.pattern, joined(pieces[:size]))), 0)

    def find(self, lines: Sequence[Line], start: int = 0) -> int | None:
        """The first line from which on this row stands."""
        return next((index for index in range(start, len(lines)) if self.size(lines, index)), None)
