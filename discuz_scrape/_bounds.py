"""What is refused before the parse: the engine's time is quadratic in nesting, and in the attributes of one tag.

A text is looked at in three steps, each dearer and rarer than the one before:

1. `_check_samples`: tags are counted in every twentieth part of the text, for 2-3 % of the time of the parse.
2. `_seems_deep`: where that leaves a doubt, the names of the tags in a sample tell what stays open.
3. `_check_tags`: where that does too, and for every text of more than `_SAMPLED` bytes, tag by tag.

The last step bounds what the engine can be given, whoever wrote the text. The samples find the shapes that come about
by themselves: tags of one name or of many that are closed late or never, with text, voids or stray end tags between
them, and attributes unless end tags stand in their values. They estimate: up to half as deep again as the limit may
pass, at a cost that nobody notices. A text of up to `_SAMPLED` bytes that was made to hide its tags from the
samples can cost the engine some seconds, no more, for it is short. Tags that a browser closes by itself (`br`, `img`,
`p`, `li`, `a`, cells and rows) nest in nothing, however many there are.
"""

from __future__ import annotations

import re
from collections import Counter

from .errors import ParseError

__all__ = ["MAX_ATTRIBUTES", "MAX_BYTES", "MAX_DEPTH", "check_bounds", "check_size"]

MAX_BYTES = 32 * 1024 * 1024
"""Size of the largest page, in bytes of UTF-8."""

MAX_DEPTH = 2_000
"""Elements within each other."""

MAX_ATTRIBUTES = 2_000
"""Attributes on one tag."""

_MAX_REOPENED = 5_000_000  # elements that the engine makes of formatting tags that nobody closed
_SAMPLED = 256 * 1024  # bytes: about 40 posts; a longer text is always read tag by tag

_STEP, _WINDOW, _REACH = 3_300, 128, 700  # a tag with too many attributes is longer than step and reach together
_MANY_TAGS, _DENSE = 6_000, 22  # stray end tags hide what is open, but they stand closer than a page's: one in 27
_MANY_OPEN = 900  # by the samples, which may tell half of what there is
_NAMES_STEP, _NAMES_WINDOW, _MANY_NAMES_OPEN = 2_816, 128, 1_000

_S = r" \t\n\f\r"  # white space within a tag
_VALUE = rf"""(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|(?!["'])[^{_S}>]*+)"""
_ATTRIBUTE = rf"[^{_S}/>][^{_S}/>=]*+(?>(?:[{_S}]*+=[{_S}]*+{_VALUE})?)"
_REST = rf"(?>(?:[{_S}/]++|{_ATTRIBUTE})*)(?:>|\Z)"
_tag = re.compile(
    rf"""<(?:
        !--(?:-?>|.*?(?:--!?>|\Z))
      | [!?][^>]*+
      | (?P<raw>(?i:script|style|textarea|title|xmp|iframe|noembed|noframes))(?=[\s/>])(?P<raw_rest>{_REST})
        .*?(?:</(?=(?i:(?P=raw)))|\Z)
      | (?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?P<rest>{_REST})
    )""".encode(),
    re.VERBOSE | re.DOTALL,
)
_crowded = re.compile(rf"</?[a-zA-Z][^{_S}/>]*+(?:[{_S}/]*+{_ATTRIBUTE}){{{MAX_ATTRIBUTES + 1}}}".encode())
_nested = re.compile(
    rb"(?:</[^<>]*+>)?[^<]{0,4000}+(?:<[a-zA-Z][^<>]*+>[^<]{0,4000}+){0,9}?"
    rb"(?:<(?:div|span|font|b|i|u|s|em|strong|big|small|center|blockquote|ul|ol)(?=[\s>])[^<>]*+>[^<]*+)"
    + b"{%d}" % (MAX_DEPTH + 1),
    re.IGNORECASE,
)
_name = re.compile(rb"<(/?[a-zA-Z]++)")

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_SELF_CLOSING = frozenset(  # by the next of them
    {"a", "body", "button", "dd", "dt", "form", "head", "html", "li", "nobr", "optgroup", "option", "p", "select"}
)
_NOT_COUNTED = _VOID | _SELF_CLOSING
_FORMATTING = frozenset({"b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"})
_TABLE = {"td": "tr", "th": "tr", "tr": "table", "tbody": "table", "thead": "table", "tfoot": "table"}
_SCOPES = frozenset({"td", "th", "table", "caption", "object", "marquee", "applet", "template"})
_BLOCKS = (
    _SCOPES
    | frozenset(_TABLE)
    | frozenset({
        "address", "article", "aside", "blockquote", "center", "details", "dir", "div", "dl", "fieldset",
        "figcaption", "figure", "footer", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "header",
        "hgroup", "iframe", "listing", "main", "menu", "nav", "noscript", "ol", "pre", "section",
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


def check_bounds(markup: bytes, url: str | None = None, *, sampled: int = _SAMPLED) -> None:
    """Raise ParseError for markup (in UTF-8) that nests too deep, or has a tag with too many attributes.

    `sampled` is for one of many: the size up to which samples are enough.
    """
    if len(markup) > sampled or (_check_samples(markup, url) and _seems_deep(markup)):
        _check_tags(markup, url)


def _utf8_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _check_samples(markup: bytes, url: str | None) -> bool:
    """Raise for what is plain to see; else tell whether so many tags seem open that a closer look is needed."""
    count, find = markup.count, markup.find
    tags = opened = deepest = checked = 0
    for at in range(0, len(markup), _STEP):
        ends = count(b"</", at, at + _WINDOW)
        if not ends and find(b"</", at, at + _REACH) < 0:
            _check_stretch(markup, checked, at, url)
            checked = at
        starts = count(b"<", at, at + _WINDOW) - ends
        tags += starts + ends
        opened += starts - ends
        if opened > deepest:
            deepest = opened
    share = _WINDOW / _STEP
    return deepest > _MANY_OPEN * share or tags > max(_MANY_TAGS, len(markup) // _DENSE) * share


def _check_stretch(markup: bytes, checked: int, end: int, url: str | None) -> None:
    """Check a stretch without end tags: nothing but one tag's attributes, perhaps, or tags that nobody closes."""
    start = max(markup.rfind(b"</", 0, end), 0)
    if _nested.match(markup, start):
        raise _too_deep(url)
    start = max(start, checked)
    while 0 <= start <= end:
        if _crowded.match(markup, start):
            raise _too_many_attributes(url)
        start = markup.find(b"<", start + 1)


def _seems_deep(markup: bytes) -> bool:
    """Count what stays open, by the names of the tags in a sample."""
    sample = b"".join([markup[at : at + _NAMES_WINDOW] for at in range(0, len(markup), _NAMES_STEP)])
    opened: Counter[bytes] = Counter()
    depth = deepest = 0
    for tag in _name.findall(sample):
        name = tag.lstrip(b"/").lower()
        if name.decode() in _NOT_COUNTED:
            continue
        if name == tag.lower():
            opened[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
    return deepest * _NAMES_STEP > _MANY_NAMES_OPEN * _NAMES_WINDOW


def _too_deep(url: str | None) -> ParseError:
    return ParseError(f"nested more than {MAX_DEPTH:,} deep", url=url)


def _too_many_attributes(url: str | None) -> ParseError:
    return ParseError(f"more than {MAX_ATTRIBUTES:,} attributes on one tag", url=url)


def _check_tags(markup: bytes, url: str | None) -> None:
    elements = _OpenElements()
    foreign = re.search(b"<(?:svg|math)", markup, re.IGNORECASE) is not None
    for found in _tag.finditer(markup):
        start, end = found.span()
        if end - start > 2 * MAX_ATTRIBUTES and _crowded.match(markup, start):
            raise _too_many_attributes(url)
        name = found["name"]
        if name is None:
            if foreign and found["raw"] is not None:  # within a drawing a style or title holds elements
                for _ in range(min(found.group().count(b"<") - 2, MAX_DEPTH + 1)):
                    elements.open("g", b"")
        elif found["end"]:
            elements.close(name.decode("latin-1").lower())
        else:
            elements.open(name.decode("latin-1").lower(), found["rest"])
        if elements.depth > MAX_DEPTH:
            raise _too_deep(url)
        if elements.reopened > _MAX_REOPENED:
            raise ParseError("too many formatting tags that are never closed", url=url)


class _OpenElements:
    """The open elements as a browser would have them, near enough; each tag costs the same however many are open."""

    def __init__(self) -> None:
        self.depth = 0
        self.reopened = 0
        self._stack: list[str | None] = []  # None: closed out of order, while elements within it stay open
        self._rests: list[bytes] = []
        self._places: dict[str, list[int]] = {}
        self._blocks: list[int] = [-1]
        self._scopes: list[int] = [-1]
        self._unclosed: Counter[tuple[str, bytes]] = Counter()  # formatting that its block took along
        self._unclosed_names: dict[str, list[bytes]] = {}
        self._unclosed_count = 0

    def open(self, name: str, rest: bytes) -> None:
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
