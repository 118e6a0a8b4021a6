"""Pages that come from a copy: what a web archive or a browser changed when it kept the page is undone.

The replay of a web archive (the Wayback Machine, and what is built on pywb or OpenWayback) leads each address of a page
to its own copy, `/web/20190102030405im_/http://bbs.example/…`, and puts a bar above the page. A browser that saves a
page says in a comment at its beginning where it came from.
"""

from __future__ import annotations

import html
import re

__all__ = ["address_before", "original_address", "without_replay"]

_REACH = 5_000  # characters in which a replay has loaded its own scripts and begun with those of the page
_COMMENT_REACH = 1_000

_TO_COPY = r"(?:https?:)?(?://[\w.:-]{1,99})?(?:/[\w.-]{1,99}){0,4}/\d{14}(?:[a-z]{2}_)?/(?=https?:/)"
_REPLAYED = re.compile(rf"""<(?:link|script|base)\s[^<>]{{0,500}}?(?:href|src)=["']{_TO_COPY}""", re.IGNORECASE)
_LINK = re.compile(rf"""(?<=["'(]){_TO_COPY}""")
_ADDRESS = re.compile(rf"{_TO_COPY}(https?:)/{{1,2}}(?=[^/])")
_BAR = "<!-- BEGIN WAYBACK TOOLBAR INSERT -->", "<!-- END WAYBACK TOOLBAR INSERT -->"
_SAVED_FROM = re.compile(r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(https?://[^\s<>]+)")


def without_replay(text: str) -> str:
    """A page as the forum sent it, where `text` is its replay; any other page as it is.

    What tells a replay is how the head loads scripts and styles. A link to a web archive in a post is no sign of it;
    within a replay it leads to the copy of a copy, of which the outer one is taken off.
    """
    if text.find("/http", 0, _REACH) < 0 or not _REPLAYED.search(text, 0, _REACH):
        return text
    before, _, rest = text.partition(_BAR[0])
    bar, ended, after = rest.partition(_BAR[1])
    return _LINK.sub("", before + (after if ended else bar))


def original_address(url: str) -> str:
    """Where a page was that is replayed at `url`; any other address as it is."""
    copy = _ADDRESS.match(url)
    return f"{copy[1]}//{url[copy.end() :]}" if copy else url


def address_before(text: str) -> str | None:
    """Where a page came from, as the browser that saved it wrote down before it; None where none did."""
    saved = _SAVED_FROM.search(text, 0, _COMMENT_REACH) if text.find("aved ", 0, _COMMENT_REACH) >= 0 else None
    return html.unescape(saved[1]) if saved else None
