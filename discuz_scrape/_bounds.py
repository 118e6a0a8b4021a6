"""What is refused before the parse: the engine's time is quadratic in nesting, and in the attributes of one tag.

Ordinary pages pass on a count or two. Only a page that these leave in doubt has its tags read one by one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from .errors import ParseError

__all__ = ["MAX_ATTRIBUTES", "MAX_BYTES", "MAX_DEPTH", "check_bounds", "check_size"]

MAX_BYTES = 32 * 1024 * 1024
"""Size of the largest page, in bytes of UTF-8."""

MAX_DEPTH = 2_000
"""Elements within each other."""

MAX_ATTRIBUTES = 2_000
"""Attributes on one tag."""

_MAX_REOPENED = 5_000_000  # elements that the engine makes of formatting tags that nobody closed
_EXACT_FROM = 192 * 1024  # characters: a longer text always has its attributes counted tag by tag
_WINDOW = 2_000  # a tag with too many attributes is longer than two of these, and so covers one whole

_ATTRIBUTE = r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|(?!["'])[^\s>]*+))?+"""
_attribute = re.compile(_ATTRIBUTE)
_REST = rf"(?:[\s/]++|{_ATTRIBUTE})*+(?:>|\Z)"
_tag = re.compile(
    rf"""<(?:
        !--(?:-?>|.*?(?:--!?>|\Z))
      | [!?][^>]*+
      | (?P<raw>(?i:script|style|textarea|title|xmp|iframe|noembed|noframes))(?=[\s/>])(?P<raw_rest>{_REST})
        .*?(?:</(?=(?i:(?P=raw)))|\Z)
      | (?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?P<rest>{_REST})
    )""",
    re.VERBOSE | re.DOTALL,
)

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_SELF_CLOSING = frozenset({"li", "p", "option", "optgroup", "dd", "dt", "html", "head", "body"})  # by the next of them
_NOT_COUNTED = _VOID | _SELF_CLOSING
_FORMATTING = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)
_TABLE = {"td": "tr", "th": "tr", "tr": "table", "tbody": "table", "thead": "table", "tfoot": "table"}
_SCOPES = frozenset({"td", "th", "table", "caption", "object", "marquee", "applet", "template"})
_BLOCKS = (
    _SCOPES
    | frozenset(_TABLE)
    | frozenset({
        "address", "article", "aside", "blockquote", "button", "center", "details", "dir", "div", "dl", "fieldset",
        "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "header",
        "hgroup", "iframe", "listing", "main", "menu", "nav", "noscript", "ol", "pre", "section", "select",
        "summary", "ul",
    })
)  # fmt: skip


def check_size(content: str | bytes, url: str | None = None) -> None:
    """Raise ParseError for a page that is too large to be read at all."""
    size = len(content)
    if size * 4 > MAX_BYTES and isinstance(content, str):
        size = max(size, _utf8_length(content))
    if size > MAX_BYTES:
        raise ParseError(f"larger than {MAX_BYTES // 2**20} MiB: split it, or it is no page of a forum", url=url)


def check_bounds(text: str, url: str | None = None) -> None:
    """Raise ParseError for a text that nests too deep, or has a tag with too many attributes."""
    if not _surely_few_attributes(text):
        _check_attributes(text, url)
    if not _surely_shallow(text):
        if _surely_deep(text):
            raise ParseError(f"nested more than {MAX_DEPTH:,} deep", url=url)
        _check_depth(text, url)


def _utf8_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _surely_few_attributes(text: str) -> bool:
    """Tell whether each stretch of the text holds the beginning of a tag, so that no tag is very long."""
    if len(text) > _EXACT_FROM:
        return False
    find = text.find
    return all(find("<", start, start + _WINDOW) >= 0 for start in range(0, len(text) - _WINDOW, _WINDOW))


def _check_attributes(text: str, url: str | None) -> None:
    for found in _tag.finditer(text):
        if found.end() - found.start() > 2 * MAX_ATTRIBUTES and _too_many_attributes(found):
            raise ParseError(f"more than {MAX_ATTRIBUTES:,} attributes on one tag", url=url)


def _too_many_attributes(found: re.Match[str]) -> bool:
    start, end = found.span("rest" if found["name"] else "raw_rest")
    attributes = _attribute.finditer(found.string, start, end) if start >= 0 else ()  # a comment has none
    return any(number >= MAX_ATTRIBUTES for number, _ in enumerate(attributes))


def _surely_shallow(text: str) -> bool:
    """Tell whether the text has too few start tags to nest too deep."""
    started = text.count("<")
    # Of the end tags only as many need to be counted as are wanted; on a forum's page every second tag is one.
    start, step = 0, len(text) // 8 + 1
    while started > MAX_DEPTH and start < len(text):
        started -= text.count("</", start, start + step + 1)
        start += step + 1
    if started <= MAX_DEPTH:
        return True
    for void in ("<br>", "<br ", "<br/", "<img ", "<input "):
        started -= text.count(void)
    return started <= MAX_DEPTH


def _surely_deep(text: str) -> bool:
    """Tell the plainest case apart at no cost: boxes opened, none ever closed, and nothing that could quote them."""
    return not any(mark in text for mark in ("</d", "</D", "<!", "<s", "<S", '"', "'")) and (
        max(text.count("<div>"), text.count("<div ")) > MAX_DEPTH and "<t" not in text
    )


def _check_depth(text: str, url: str | None) -> None:
    elements = _OpenElements()
    for found in _tags(text):
        end, name, rest = found
        if end:
            elements.close(name)
        else:
            elements.open(name, rest)
            if elements.depth > MAX_DEPTH:
                raise ParseError(f"nested more than {MAX_DEPTH:,} deep", url=url)
            if elements.reopened > _MAX_REOPENED:
                raise ParseError("too many formatting tags that are never closed", url=url)


def _tags(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield whether a tag is an end tag, its name, and its attributes."""
    foreign = re.search("<(?:svg|math)", text, re.IGNORECASE) is not None
    for found in _tag.finditer(text):
        name = found["name"]
        if name is not None:
            yield found["end"], name.lower(), found["rest"]
        elif foreign and found["raw"] is not None:  # within a drawing a style or title holds elements
            for _ in range(min(found.group().count("<") - 2, MAX_DEPTH + 1)):
                yield "", "g", ""


class _OpenElements:
    """The open elements as a browser would have them, near enough; each tag costs the same however many are open."""

    def __init__(self) -> None:
        self.depth = 0
        self.reopened = 0
        self._stack: list[str | None] = []  # None: closed out of order, while elements within it stay open
        self._rests: list[str] = []
        self._places: dict[str, list[int]] = {}
        self._blocks: list[int] = [-1]
        self._scopes: list[int] = [-1]
        self._unclosed: Counter[tuple[str, str]] = Counter()  # formatting that its block took along
        self._unclosed_names: dict[str, list[str]] = {}
        self._unclosed_count = 0

    def open(self, name: str, rest: str) -> None:
        if name in _NOT_COUNTED:
            if name not in _VOID:
                self.reopened += self._unclosed_count
            return
        if name in _TABLE:
            parents = self._places.get(_TABLE[name]) or self._places.get("table")
            if not parents:  # no such thing outside a table
                return
            self._pop_to(parents[-1] + 1)
        place = len(self._stack)
        self._stack.append(name)
        self._rests.append(rest)
        self._places.setdefault(name, []).append(place)
        if name in _BLOCKS:
            self.reopened += self._unclosed_count
            self._blocks.append(place)
            if name in _SCOPES:
                self._scopes.append(place)
        self.depth += 1

    def close(self, name: str) -> None:
        places = self._places.get(name)
        if not places:
            self._forget_unclosed(name)
            return
        place = places[-1]
        if place < self._scopes[-1] and name not in _TABLE and name != "table":
            return
        if name in _BLOCKS or place > self._blocks[-1]:
            self._pop_to(place + 1)
            self._pop(own_end=True)
        elif name in _FORMATTING:
            places.pop()
            self._stack[place] = None
            self.depth -= 1

    def _pop_to(self, height: int) -> None:
        while len(self._stack) > height:
            self._pop()

    def _pop(self, *, own_end: bool = False) -> None:
        name, rest = self._stack.pop(), self._rests.pop()
        if self._blocks[-1] == len(self._stack):
            self._blocks.pop()
        if self._scopes[-1] == len(self._stack):
            self._scopes.pop()
        if name is None:
            return
        self._places[name].pop()
        self.depth -= 1
        if name in _FORMATTING and not own_end and self._unclosed[name, rest] < 3:  # browsers keep three alike
            self._unclosed[name, rest] += 1
            self._unclosed_names.setdefault(name, []).append(rest)
            self._unclosed_count += 1
            self.depth += 1  # it is opened again in what follows

    def _forget_unclosed(self, name: str) -> None:
        rests = self._unclosed_names.get(name)
        if rests:
            self._unclosed[name, rests.pop()] -= 1
            self._unclosed_count -= 1
            self.depth -= 1
