"""The pieces of a post's body, and its plain text.

A body is read once into a list of pieces in reading order: raw text of the page, marks for what a line is, and, only
where HTML or Markdown was asked for, the tags that open and close. `_html_out` and `_markdown_out` read the same list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

__all__ = ["BLANK", "BREAK", "CELL", "CODE", "EDGE", "TAB", "Close", "Open", "Piece", "to_text"]

CODE = "\x00"
"""Begins a line whose white space counts; spaces in such a line come as nbsp, tabs as `TAB`."""
BREAK = "\x01"
"""A line break."""
TAB = "\x02"
"""Stands between two cells of a row."""
CELL = "\x04"
"""The end of a cell."""
EDGE = "\x03"
"""The edge of a block: a line break unless the line is still empty."""
BLANK = f" \t\r\n\f\xa0{BREAK}{EDGE}"
"""What stands between the words of a body."""


class Open(NamedTuple):
    """A tag opens; `img` and `hr` have no `Close`."""

    tag: str
    attrs: dict[str, str | None]


class Close(NamedTuple):
    """A tag closes."""

    tag: str


Piece: TypeAlias = str | Open | Close

_CELL_BEGINS = re.compile(f"[ ]*{TAB}[ {EDGE}]*")
_CELL_ENDS = re.compile(f"(?<![ {EDGE}])[ {EDGE}]*{CELL}")  # a block that fills a cell breaks no line
_BLANK_LINES = re.compile("\n{3,}")
_WHITE = " \t\r\n\f"
_MARKS = re.compile(f"([{CODE}{BREAK}{TAB}{CELL}{EDGE}])")


def collapse(text: str) -> str:
    """Make one space of every run of white space, as a browser does; nbsp is none."""
    for white in ("\r\n", "\n", "\r", "\t", "\f"):
        if white in text:
            text = text.replace(white, " ")
    while "  " in text:  # halves the runs each time, and is faster than a pattern
        text = text.replace("  ", " ")
    return text


def to_text(pieces: Sequence[Piece]) -> str:
    """Return what a person selecting the body would copy: trimmed lines, single blank lines, code with its indents."""
    try:
        text = "".join(pieces)  # type: ignore[arg-type] # only strings where neither HTML nor Markdown was asked for
    except TypeError:
        text = "".join([piece for piece in pieces if isinstance(piece, str)])
    lines = text.split(BREAK)
    if EDGE in text:
        lines = _lines_of_blocks(lines)
    lines = [line.strip() for line in lines]
    words = "".join(lines)
    plain = words.isprintable() and "  " not in words  # words and breaks: marks and nbsp are no printable characters
    if not plain:
        lines = [line.strip() for line in _lines(text)]
        if CODE in text:  # it has kept the indent from strip()
            lines = [line.replace(CODE, "").rstrip() for line in lines]
    text = "\n".join(lines)
    if "\n\n\n" in text:
        text = _BLANK_LINES.sub("\n\n", text)
    text = text.strip("\n")
    return text if plain else text.replace("\xa0", " ")


def _lines(text: str) -> list[str]:
    text = collapse(text)
    if TAB in text:
        text = _CELL_BEGINS.sub("\t", text)
    if CELL in text:
        text = _CELL_ENDS.sub("", text)
    lines = text.split(BREAK)
    return _lines_of_blocks(lines) if EDGE in text else lines


def _lines_of_blocks(lines: list[str]) -> list[str]:
    """Part lines at the edges of blocks; an edge on an empty line is none, a break on one is a blank line."""
    parted = []
    for line in lines:
        if EDGE in line:
            *blocks, line = line.split(EDGE)  # noqa: PLW2901
            parted += [block for block in blocks if block.strip(_WHITE)]
        parted.append(line)
    return parted


class Code(NamedTuple):
    """A whole block of code."""

    text: str


Part: TypeAlias = str | Open | Close | Code
"""What a renderer reads: a mark, text without marks, a tag, or a block of code."""


def parts(pieces: Iterable[Piece]) -> Iterator[Part]:
    """Part strings at their marks, and make one `Code` of each `pre`; pictures inside it stand after it."""
    depth = 0
    code: list[str] = []
    pictures: list[Open] = []
    for piece in pieces:
        if isinstance(piece, Open) and piece.tag == "pre":
            depth += 1
        elif isinstance(piece, Close) and piece.tag == "pre":
            depth -= 1
            if depth == 0:
                yield Code(_code(code))
                yield from pictures
                code, pictures = [], []
        elif depth == 0:
            if isinstance(piece, str):
                yield from (part for part in _MARKS.split(piece) if part and part != CELL)
            else:
                yield piece
        elif isinstance(piece, str):
            code.append(piece)
        elif isinstance(piece, Open) and piece.tag == "img":
            pictures.append(piece)


def _code(strings: list[str]) -> str:
    # white space that counts comes as nbsp and TAB, so what stands before CODE is only the page's own
    lines = [line.lstrip(" ").replace(CODE, "").rstrip() for line in _lines("".join(strings))]
    return "\n".join(lines).strip("\n").replace("\xa0", " ")


_LINK = re.compile(r"(?:https?|ftp|mailto|magnet|ed2k|thunder):[^\s]", re.IGNORECASE)
_PICTURE = re.compile(r"https?:[^\s]", re.IGNORECASE)
_NUMBERING = {"1": "1", "a": "a", "A": "A", "i": "i", "I": "I", "litype_1": "1", "litype_2": "a", "litype_3": "A"}


def link_target(tag: Open) -> str | None:
    """Return the address of an `a` or the source of an `img`; None where it is none that may be shown."""
    url = tag.attrs.get("src" if tag.tag == "img" else "href") or ""
    return url if (_PICTURE if tag.tag == "img" else _LINK).match(url) else None


def numbering(tag: Open) -> str | None:
    """Return how a list counts ("1", "a", "A", "i", "I"); None for bullets. Discuz writes ordered lists as `ul` too."""
    words = [tag.attrs.get("type") or "", *(tag.attrs.get("class") or "").split()]
    found = [_NUMBERING[word] for word in words if word in _NUMBERING]
    if found:
        return found[0]
    return "1" if tag.tag == "ol" else None
