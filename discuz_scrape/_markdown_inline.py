"""One line of Markdown: what the author typed, escaped so that it shows as typed, and the emphasis in it.

A delimiter run such as `**` opens and closes only beside certain characters, and Chinese text without spaces often
has others there (`**bold:**next` is not closed). Every run is checked; where it would fail, HTML's own tag stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import groupby
from typing import Literal, NamedTuple

__all__ = ["Span", "escape_start", "fence", "image", "render_line"]


class Span(NamedTuple):
    """A stretch of a line in one style."""

    text: str
    link: str | None = None
    bold: bool = False
    italic: bool = False
    strike: bool = False
    kind: Literal["text", "code", "markdown"] = "text"
    """Typed text; the text of a code span; Markdown already."""

    def is_blank(self) -> bool:
        """Whether it is white space only."""
        return self.kind == "text" and not self.text.strip()


_Style = Literal["bold", "italic", "strike"]
_MARKERS: dict[_Style, tuple[tuple[str, ...], str]] = {
    "bold": (("**",), "b"),
    "italic": (("*", "_"), "i"),
    "strike": (("~~",), "s"),
}
_STYLES: tuple[_Style, ...] = ("bold", "italic", "strike")

_SPECIAL = re.compile(
    r"""[\\`*\[\]<~]            # matter everywhere
      | (?<![^\W_])_ | _(?![^\W_])   # not inside of a word
      | &(?=\#?\w{1,32};)            # would be an entity
      | !\Z                     # before a link it would make an image
    """,
    re.VERBOSE,
)
_BLOCK_START = re.compile(
    r"""[-+](?=\s|\Z) | \#{1,6}(?=\s|\Z) | > | =+\s*\Z
      | [-:|\ ]+\Z              # a rule, the line under a heading or under the head of a table
    """,
    re.VERBOSE,
)
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|\Z)")
_ENTITY = re.compile(r"&(?=#?\w{1,32};)")
_PLAIN_URL = re.compile(r"[\w:/?#@!$',;=.+%~&-]+", re.ASCII)
_AUTOLINK = re.compile(r"[a-z][a-z0-9+.-]{1,31}:[^\s<>\\&]+", re.IGNORECASE)
_BACKTICKS = re.compile("`+")


def render_line(spans: Iterable[Span]) -> str:
    """Render a line of spans, trimmed; "" for a blank one."""
    linked = groupby(_tidy(spans), key=lambda span: span.link)
    return "".join(_link(target, list(members)) for target, members in linked).replace("\xa0", " ")


def escape_start(line: str) -> str:
    """Escape what would make a block of a rendered line: a heading, a list item, a quote, a rule."""
    if _BLOCK_START.match(line):
        return "\\" + line
    return _NUMBERED.sub(r"\1\\\2", line, count=1) if _NUMBERED.match(line) else line


def image(source: str, alt: str) -> Span:
    """Return a picture as Markdown."""
    return Span(f"![{_escape(' '.join(alt.split()))}]({_destination(source)})", kind="markdown")


def fence(text: str, least: int = 1) -> str:
    """Return a run of backticks longer than any in `text`."""
    return "`" * max(least, 1 + max(map(len, _BACKTICKS.findall(text)), default=0))


def _tidy(spans: Iterable[Span]) -> list[Span]:
    """Join spans of one style; white space between two styles takes what both have in common, at the ends it goes."""
    split: list[Span] = []
    for span in _joined(spans):
        core = span.text.strip() if span.kind == "text" else span.text
        before, after = span.text.split(core, 1) if core else (span.text, "")
        for text in (before, core, after):
            if text and not (text.isspace() and (not split or split[-1].is_blank())):
                split.append(span._replace(text=text))
    if split and split[-1].is_blank():
        split.pop()
    for index, span in enumerate(split):
        if span.is_blank():
            split[index] = _common(span.text, split[index - 1], split[index + 1])
    return list(_joined(split))


def _joined(spans: Iterable[Span]) -> Iterable[Span]:
    for _, members in groupby(spans, key=lambda span: span[1:]):
        first, *others = members
        yield first._replace(text="".join([first.text, *(other.text for other in others)]))


def _common(text: str, left: Span, right: Span) -> Span:
    return Span(
        text,
        link=left.link if left.link == right.link else None,
        bold=left.bold and right.bold,
        italic=left.italic and right.italic,
        strike=left.strike and right.strike,
    )


def _link(target: str | None, spans: list[Span]) -> str:
    if target is None:
        return _styled(spans, _STYLES, "", "")
    if len(spans) == 1 and spans[0] == Span(target, link=target) and _AUTOLINK.fullmatch(target):
        return f"<{target}>"
    return f"[{_styled(spans, _STYLES, '[', ']')}]({_destination(target)})"


def _styled(spans: list[Span], styles: tuple[_Style, ...], before: str, after: str) -> str:
    """Render spans between the characters `before` and `after`; each style nests in the ones before it."""
    if not styles:
        return "".join(_plain(span) for span in spans)
    style, *inner = styles
    rendered = ""
    groups = [(on, list(members)) for on, members in groupby(spans, key=lambda span: bool(getattr(span, style)))]
    for index, (on, members) in enumerate(groups):
        left = rendered[-1:] or before
        right = _first_character(groups[index + 1][1][0], styles) if index + 1 < len(groups) else after
        if not on:
            rendered += _styled(members, tuple(inner), left, right)
            continue
        markers, tag = _MARKERS[style]
        content = _styled(members, tuple(inner), markers[0][0], markers[0][0])
        marker = next((marker for marker in markers if _flanks(marker, left, content, right)), None)
        rendered += f"{marker}{content}{marker}" if marker else f"<{tag}>{content}</{tag}>"
    return rendered


def _first_character(span: Span, styles: tuple[_Style, ...]) -> str:
    if any(getattr(span, style) for style in styles):
        return "<"  # whatever marker it will be: punctuation that looks at what stands before it
    return _plain(span)[:1]


def _flanks(marker: str, left: str, content: str, right: str) -> bool:
    """Whether `marker` on both sides of `content` opens and closes, and joins no other run, in every CommonMark."""
    own = marker[0]
    if own in (left, right, content[0], content[-1]) or _is_space(content[0]) or _is_space(content[-1]):
        return False
    closed_left, closed_right = (not end or _is_space(end) or _is_punctuation(end) for end in (left, right))
    if own == "_":
        return closed_left and closed_right
    return (closed_left or not _may_be_punctuation(content[0])) and (
        closed_right or not _may_be_punctuation(content[-1])
    )


def _is_space(char: str) -> bool:
    return char in "\t\n\f\r" or unicodedata.category(char) == "Zs"


def _is_punctuation(char: str) -> bool:
    return unicodedata.category(char)[0] == "P" or (char.isascii() and _may_be_punctuation(char))


def _may_be_punctuation(char: str) -> bool:
    """Whether it is punctuation to CommonMark 0.31, which counts symbols; the versions before did not."""
    return unicodedata.category(char)[0] in "PS"


def _plain(span: Span) -> str:
    if span.kind == "markdown":
        return span.text
    if span.kind == "code":
        if span.link is not None and "]" in span.text:  # `[…]:` begins the definition of a link, code or not
            return f"<code>{_escape(span.text)}</code>"
        ticks = fence(span.text)
        pad = " " if span.text[:1] in ("`", " ") or span.text[-1:] in ("`", " ") else ""
        return f"{ticks}{pad}{span.text}{pad}{ticks}"
    return _escape(span.text)


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _destination(url: str) -> str:
    if _PLAIN_URL.fullmatch(url) and not _ENTITY.search(url):
        return url
    for char in "\\<>":
        url = url.replace(char, f"%{ord(char):02X}")
    return "<" + _ENTITY.sub(r"\\&", " ".join(url.split())) + ">"
