"""Messages of the JSON API that need no tree: words, breaks, and the few tags that the forum writes for its codes.

A tree costs more than all the rest of a post. Whatever is not written to the letter as below is left to it, so that
both ways read the same.
"""

from __future__ import annotations

import html
import re
from typing import Any

from discuz_scrape._body import Body
from discuz_scrape._content import BREAK, EDGE, to_text
from discuz_scrape._dates import Clock
from discuz_scrape._quotes import Header, is_permalink, line_header
from discuz_scrape._source import Source

__all__ = ["read_flat", "take_quote", "unescape"]

_VALUE = r'[^"<>&\x00-\x1f]*+(?>(?:&(?:amp;|\w++=)[^"<>&\x00-\x1f]*+)*)'  # the only entity is `&amp;`
_LINK = rf'<a href="({_VALUE})" target="_blank">'
_WORDS = r"([^<\x00]*+)"
_LINE = rf"([^<\x00{BREAK}]*+)"
_HEADER = rf"([^<\x00{BREAK}]{{1,200}}+)"
_NAMES = "aid|alt|attach|border|file|height|smilieid|src|width|zoomfile"  # none that hides a picture
_KNOWN = re.compile(
    rf"{_LINK}{_LINE}</a>"
    rf'|<img((?>(?:\ (?:{_NAMES})="{_VALUE}")+))\ ?/?>'
    rf'|<div\ class="(?:reply_wrap"|quote"><blockquote)>(?:{_LINK}{_HEADER}</a>|{_HEADER}){BREAK}{_WORDS}'
    r"(?:</blockquote>)?</div>"
)
_STOCK_QUOTE = re.compile(
    r'<div class="reply_wrap"><a href="[^"<>&\x00-\x1f]{0,300}&amp;goto=findpost&amp;pid=(\d{1,18})&amp;ptid=(\d{1,18})'
    r'" target="_blank">([^\s<>&发]{1,80}) 发表于 (\d{4})-(\d\d?)-(\d\d?) (\d\d?):(\d\d)</a>'
    rf"{BREAK}{_WORDS}</div>"
).match
_STRIDE = _KNOWN.groups + 1
_BLANK = " \t\r\n" + BREAK + EDGE
_ATTRIBUTE = re.compile(rf'([a-z]+)="({_VALUE})"')


Record = dict[str, Any]


def read_flat(body: Body, message: str) -> bool:
    """Read a message that has its breaks as `BREAK`; False, and nothing read, where it needs a tree."""
    parts = _KNOWN.split(message)
    if "<" in "".join(parts[::_STRIDE]) or "\0" in message:
        return False
    headers = []
    for at in range(7, len(parts), _STRIDE):
        if parts[at] is not None:
            header = _header(parts[at - 3], parts[at - 2] or parts[at - 1], body.page.clock)
            if header is None:
                return False
            headers.append(header)
    words = []
    for at in range(0, len(parts) - 1, _STRIDE):
        before, href, linked, image, _, _, _, quoted = parts[at : at + _STRIDE]
        words.append(before)
        if linked is not None:
            words.append(linked)
            _read_link(body, _plain(href), unescape(linked))
        elif image is not None:
            body.add_image({name: _plain(value) for name, value in reversed(_ATTRIBUTE.findall(image))})
        else:
            words.append(EDGE)
            body.add_quote(headers.pop(0), to_text([unescape(quoted).strip(_BLANK)]))
    words.append(parts[-1])
    body.read_text(unescape("".join(words)).lstrip(_BLANK))  # a quote that leads breaks no line
    return True


def take_quote(page: Source, message: str) -> tuple[str, Record | None]:
    """The quote that heads a message, if it is written in the stock way; first the words behind it."""
    found = _STOCK_QUOTE(message)
    at = page.clock.read_default(*found.group(4, 5, 6, 7, 8)) if found is not None else None
    if found is None or at is None:
        return message, None
    pid, tid, author, quoted = found.group(1, 2, 3, 9)
    text = to_text([unescape(quoted).strip(_BLANK)])
    quote = {"pid": int(pid) or None, "tid": int(tid) or None, "author": author, "timestamp": at, "text": text}
    return message[found.end() :].lstrip(_BLANK), quote  # it breaks no line


def unescape(words: str) -> str:
    """Words without entities."""
    return html.unescape(words) if "&" in words else words


def _plain(value: str) -> str:
    return value.replace("&amp;", "&") if "&" in value else value


def _read_link(body: Body, href: str, words: str) -> None:
    url = body.page.absolute(href)
    if url is not None:
        body.add_link(href, url, words)


def _header(href: str | None, line: str, clock: Clock) -> Header | None:
    """The line that heads a quote, if nothing else stands in it."""
    href = _plain(href or "")
    header = line_header(unescape(line), clock, href if is_permalink(href) else None)
    return header if header is not None and header.whole else None
