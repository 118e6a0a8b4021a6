"""A reader of XML as feeds are written: in one pass, whatever is wrong with it, and blind to entities of its own.

Forums write such files by hand: control characters, stray ampersands and cut ends are common. So nothing is checked,
and nothing that a document type declares is looked at.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from discuz_scrape.errors import ParseError

__all__ = ["Leaf", "leaves"]

_TAG = re.compile(r"<(/?)([A-Za-z_][\w:.-]{0,60})")
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([\w:.-]{1,60})\s{0,9}=\s{0,9}(?:"([^"]{0,4000})"|'([^']{0,4000})')""")
_MOST_DEPTH = 100
_MOST_ELEMENTS = 300_000  # a feed of Discuz has two hundred


class Leaf(NamedTuple):
    """An element, once it is closed; of those inside of it the text is not repeated."""

    path: tuple[str, ...]
    """Names of the elements that it lies in, the outermost first, and its own: lower case, without prefixes."""
    text: str
    attributes: dict[str, str]
    inside: slice | None
    """Where its content stands in the XML, if there are elements in it."""


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet."""

    name: str
    attributes: dict[str, str]
    start: int
    words: list[str] = field(default_factory=list)
    is_parent: bool = False


def leaves(text: str) -> Iterator[Leaf]:
    """All elements in the order in which they are closed; one left open is closed by its parent, or the end."""
    open_: list[_Open] = []
    at, end, count = 0, len(text), 0
    while at < end:
        start = text.find("<", at)
        if start < 0:
            start = end
        if start > at and open_:
            open_[-1].words.append(html.unescape(text[at:start]))
        if start == end:
            break
        if text.startswith("<![CDATA[", start):
            at = _behind(text, "]]>", start)
            if open_:
                open_[-1].words.append(text[start + 9 : at].removesuffix("]]>"))
            continue
        found = _TAG.match(text, start)
        if found is None:
            at = _behind(text, "-->" if text.startswith("<!--", start) else ">", start)
            continue
        at = _behind(text, ">", found.end())
        count += 1
        if count > _MOST_ELEMENTS:
            raise ParseError(f"more than {_MOST_ELEMENTS:,} elements: no feed of a forum")
        name = found[2].rpartition(":")[2].lower()
        if found[1]:
            yield from _close(open_, name, start)
        elif len(open_) < _MOST_DEPTH:
            rest = text[found.end() : at]
            if open_:
                open_[-1].is_parent = True
            open_.append(_Open(name, _attributes(rest), at))
            if rest.endswith("/>"):
                yield from _close(open_, name, at)
    while open_:
        yield from _close(open_, open_[-1].name, end)


def _behind(text: str, mark: str, start: int) -> int:
    found = text.find(mark, start)
    return found + len(mark) if found >= 0 else len(text)


def _attributes(rest: str) -> dict[str, str]:
    if "=" not in rest:
        return {}
    return {name: html.unescape(one or other) for name, one, other in _ATTRIBUTE.findall(rest)}


def _close(open_: list[_Open], name: str, end: int) -> Iterator[Leaf]:
    """Close an element and those inside of it that were left open; an end of what was never open closes nothing."""
    names = [each.name for each in open_]
    if name not in names:
        return
    last = len(names) - 1 - names[::-1].index(name)
    while len(open_) > last:
        path = tuple(each.name for each in open_)
        closed = open_.pop()
        inside = slice(closed.start, end) if closed.is_parent else None
        yield Leaf(path, "".join(closed.words), closed.attributes, inside)
