"""Messages of the JSON API that need no tree: words, breaks, and the few tags that the forum writes for its codes.

A tree costs more than all the rest of a post. Whatever is not written to the letter as below is left to it, so that
both ways read the same.
"""

from __future__ import annotations

import html
import re

from discuz_scrape._body import Body
from discuz_scrape._content import BREAK, EDGE, to_text
from discuz_scrape._dates import Clock
from discuz_scrape._quotes import Header, is_permalink, line_header

__all__ = ["read_flat", "unescape"]

_VALUE = r'[^"<>&\x00-\x1f]*+(?:&(?:amp;|\w++=)[^"<>&\x00-\x1f]*+)*+'  # the only entity is `&amp;`
_LINK = rf'<a href="({_VALUE})" target="_blank">'
_WORDS = r"([^<\x00]*+)"
_LINE = rf"([^<\x00{BREAK}]*+)"
_HEADER = rf"([^<\x00{BREAK}]{{1,200}}+)"
_NAMES = "aid|alt|attach|border|file|height|smilieid|src|width|zoomfile"  # none that hides a picture
_KNOWN = re.compile(
    rf"{_LINK}{_LINE}</a>"
    rf'|<img((?:\ (?:{_NAMES})="{_VALUE}")++)\ ?/?>'
    rf'|<div\ class="(?:reply_wrap"|quote"><blockquote)>(?:{_LINK}{_HEADER}</a>|{_HEADER}){BREAK}{_WORDS}'
    r"(?:</blockquote>)?</div>"
)
_ATTRIBUTE = re.compile(rf'([a-z]+)="({_VALUE})"')


def read_flat(body: Body, message: str) -> bool:
    """Read a message that has its breaks as `BREAK`; False, and nothing read, where it needs a tree."""
    parts = _KNOWN.split(message)
    stride = _KNOWN.groups + 1
    if "<" in "".join(parts[::stride]) or "\0" in message:
        return False
    tags = [parts[at : at + _KNOWN.groups] for at in range(1, len(parts), stride)]
    headers = [_header(tag[3], tag[4] or tag[5], body.page.clock) for tag in tags if tag[6] is not None]
    if not all(headers):
        return False
    words = [unescape(parts[0])]
    for tag, after in zip(tags, parts[stride::stride], strict=True):
        words += (_read_tag(body, tag, headers), unescape(after))
    body.read_text("".join(words))
    return True


def unescape(words: str) -> str:
    """Words without entities."""
    return html.unescape(words) if "&" in words else words


def _header(href: str | None, line: str | None, clock: Clock) -> Header | None:
    """The line that heads a quote, if nothing else stands in it."""
    href = _plain(href or "")
    header = line_header(unescape(line or ""), clock, href if is_permalink(href) else None)
    return header if header is not None and header.whole else None


def _read_tag(body: Body, tag: list[str | None], headers: list[Header | None]) -> str:
    """Take what a tag holds; the words that stay in the text."""
    href, linked, image, _, _, _, quoted = tag
    if linked is not None:
        words, href = unescape(linked), _plain(href or "")
        url = body.page.absolute(href)
        if url is not None:
            body.add_link(href, url, words)
        return words
    if image is not None:
        body.add_image({name: _plain(value) for name, value in reversed(_ATTRIBUTE.findall(image))})
    elif (header := headers.pop(0)) is not None:
        body.add_quote(header, to_text([unescape(quoted or "")]))
        return EDGE
    return ""


def _plain(value: str) -> str:
    return value.replace("&amp;", "&") if "&" in value else value
