"""The pieces of a body as clean HTML: a whitelist of tags, attributes and URL schemes, all else is text or gone.

What comes out is safe to show in a browser, and is written so that a browser builds the same tree from it again.
Links carry rel="nofollow noopener": they are other people's, and stay safe for whoever adds a target.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from discuz_scrape._content import (
    BREAK,
    CODE,
    EDGE,
    TAB,
    Close,
    Code,
    Open,
    Part,
    Piece,
    collapse,
    link_target,
    numbering,
    parts,
)

__all__ = ["to_html"]

_INLINE = frozenset({"a", "b", "strong", "i", "em", "u", "s", "del", "strike", "sub", "sup", "small", "big", "code"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset({"p", "div", "blockquote", "ul", "ol", "dl", "table"})
_PARENTS = {
    "li": {"ul", "ol"},
    "dt": {"dl"},
    "dd": {"dl"},
    "caption": {"table"},
    "thead": {"table"},
    "tbody": {"table"},
    "tfoot": {"table"},
    "tr": {"table", "thead", "tbody", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
}
"""Tags that stand only in these; elsewhere they are a plain block."""
_FRAME = _BLOCKS | _HEADINGS | _PARENTS.keys()
_PLAIN_BLOCKS = (
    "address", "article", "aside", "center", "details", "fieldset", "figcaption", "figure", "footer", "form", "header",
    "legend", "main", "nav", "section", "summary",
)  # fmt: skip
_RENAMED = {"ins": "u", "tt": "code", "dir": "ul", "menu": "ul"} | dict.fromkeys(_PLAIN_BLOCKS, "div")
_NUMBERS = {"td": ("colspan", "rowspan"), "th": ("colspan", "rowspan"), "img": ("width", "height"), "ol": ("start",)}
_WORDS = {"a": ("title",), "img": ("alt", "title")}
_NUMBER = re.compile(r"-?\d{1,5}")
_NOTHING = frozenset({" ", "<br>"})


def to_html(pieces: Sequence[Piece]) -> str:
    """Render a body as HTML."""
    writer = _Writer()
    for part in _roomy_paragraphs([_renamed(part) for part in parts(pieces)]):
        writer.write(part)
    return writer.html()


def _renamed(part: Part) -> Part:
    """Give the tags that are only another's older or newer name that name."""
    if isinstance(part, Close):
        return Close(_RENAMED.get(part.tag, part.tag))
    return part._replace(tag=_RENAMED.get(part.tag, part.tag)) if isinstance(part, Open) else part


def _is_block(part: Part) -> bool:
    return isinstance(part, Code) or (isinstance(part, Open) and (part.tag in _FRAME or part.tag == "hr"))


def _roomy_paragraphs(body: list[Part]) -> Iterable[Part]:
    """Make a `div` of each `p` that holds a block: a browser would close it there."""
    paragraphs: list[int] = []
    for index, part in enumerate(body):
        if _is_block(part) and paragraphs:  # an outer one holds this `p`, a block, and is a `div` already
            body[paragraphs[-1]] = Open("div", {})
        if isinstance(part, Open) and part.tag == "p":
            paragraphs.append(index)
        elif isinstance(part, Close) and part.tag == "p":
            paragraphs.pop()
    return body


class _Writer:
    """Writes part after part; knows what is open, and whether a line has ended."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._open: list[str] = []  # the tags as written, "" for one that was left out
        self._frame: list[str] = []  # the blocks among them
        self._links = 0
        self._edge = False  # a block has ended since the last content
        self._fresh = True  # and something written shows it

    def html(self) -> str:
        """Return what was written, without empty lines around it."""
        out = self._out
        start, end = 0, len(out)
        while start < end and out[start] in _NOTHING:
            start += 1
        while end > start and out[end - 1] in _NOTHING:
            end -= 1
        return "".join(out[start:end]).strip(" ")

    def write(self, part: Part) -> None:
        if isinstance(part, Open):
            self._open_tag(part)
        elif isinstance(part, Close):
            self._close_tag()
        elif isinstance(part, Code):
            self._block(f"<pre><code>{escape(part.text, quote=False)}</code></pre>")
        elif part == EDGE:
            self._edge = True
        elif part == BREAK:
            self._content("<br>")
            self._fresh = True
        elif part != CODE:
            self._text(" " if part == TAB else collapse(part))

    def _text(self, text: str) -> None:
        if text == " ":
            self._out.append(text)
        else:
            self._content(escape(text, quote=False).replace("\xa0", "&nbsp;"))

    def _content(self, html: str) -> None:
        if self._edge and not self._fresh:  # the block itself was left out, its edge is not
            self._out.append("<br>")
        self._out.append(html)
        self._edge = self._fresh = False

    def _block(self, html: str) -> None:
        self._out.append(html)
        self._fresh = True

    def _open_tag(self, part: Open) -> None:
        if part.tag == "img":
            if link_target(part):
                self._content(_markup(part))
        elif part.tag == "hr":
            self._block("<hr>")
        else:
            self._open.append(self._opened(part))

    def _opened(self, part: Open) -> str:
        """Write an opening tag; return its name as written, "" where it was left out."""
        if part.tag in _INLINE:
            if part.tag == "a":
                if self._links or not link_target(part):
                    return ""
                self._links += 1
            self._out.append(_markup(part))
            return part.tag
        if part.tag not in _FRAME:
            return ""
        part = self._fitting(part)
        self._frame.append(part.tag)
        self._block(_markup(part))
        return part.tag

    def _fitting(self, part: Open) -> Open:
        """Return the block that may stand here."""
        above = self._frame[-1] if self._frame else ""
        if part.tag in ("ul", "ol"):
            return part._replace(tag="ol" if numbering(part) else "ul")
        misplaced = part.tag in _PARENTS and above not in _PARENTS[part.tag]
        return Open("div", {}) if misplaced or (part.tag in _HEADINGS and above in _HEADINGS) else part

    def _close_tag(self) -> None:
        tag = self._open.pop() if self._open else ""
        if tag in _FRAME:
            self._frame.pop()
            self._block(f"</{tag}>")
        elif tag:
            self._links -= tag == "a"
            self._out.append(f"</{tag}>")


def _markup(part: Open) -> str:
    values: dict[str, str] = {}
    if part.tag in ("a", "img"):
        values["href" if part.tag == "a" else "src"] = link_target(part) or ""
    if part.tag == "ol" and (kind := numbering(part)) != "1":
        values["type"] = kind or ""
    values |= {name: part.attrs.get(name) or "" for name in _WORDS.get(part.tag, ())}
    for name in _NUMBERS.get(part.tag, ()):
        if _NUMBER.fullmatch(value := part.attrs.get(name) or ""):
            values[name] = value
    if part.tag == "a":
        values["rel"] = "nofollow noopener"
    return f"<{part.tag}" + "".join(f' {name}="{escape(value)}"' for name, value in values.items() if value) + ">"
