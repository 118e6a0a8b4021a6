"""Pages that came by way of others: what a web archive, a browser or a proxy changed is undone.

The replay of a web archive (the Wayback Machine, and what is built on pywb or OpenWayback) leads each address of a page
to its own copy, `/web/20190102030405im_/http://bbs.example/…`, and puts a bar above the page. A browser that saves a
page says in a comment at its beginning where it came from. Cloudflare, a proxy before many forums, puts out of sight
what it takes for mail addresses; a script at the end of the page shows them again.
"""

from __future__ import annotations

import html
import re

__all__ = ["address_before", "original_address", "with_hidden_words", "without_replay"]

_REACH = 5_000  # characters in which a replay has loaded its own scripts and begun with those of the page
_COMMENT_REACH = 1_000
_SCRIPT_REACH = 5_000  # characters before the end of a page, in which its last scripts stand

_TO_COPY = r"(?:https?:)?(?://[\w.:-]{1,99})?(?:/[\w.-]{1,99}){0,4}/\d{14}(?:[a-z]{2}_)?/(?=https?:/)"
_OWN_MARK = re.compile(r"<!-- End Wayback Rewrite JS Include|<!-- WB Insert|\b__wm\.wombat\(|/wombat\.js")
_LOADED = re.compile(rf"""<(link|script|base)\s[^<>]{{0,500}}?(?:href|src)=["']{_TO_COPY}""", re.IGNORECASE)
_LEAST_LOADED = 2  # an owner may load a script of a site that is gone out of an archive
_LINK = re.compile(rf"""(?:(?<==["'])|(?<=\(["'])|(?<=\burl\()){_TO_COPY}""")
_ADDRESS = re.compile(rf"{_TO_COPY.replace('{14}', '{4,14}')}(https?:)/{{1,2}}(?=[^/])")
_BAR = "<!-- BEGIN WAYBACK TOOLBAR INSERT -->", "<!-- END WAYBACK TOOLBAR INSERT -->"
_SAVED_FROM = re.compile(r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(https?://[^\s<>]+)")

_SHOWS_AGAIN = "email-decode"  # in the name of Cloudflare's script
_HIDDEN_LINK = re.compile(r'(?<=href=")[^"<>]{0,200}/cdn-cgi/l/email-protection#([0-9a-fA-F]{4,2000})(?=")')
_HIDDEN_WORDS = re.compile(
    r'<(a|span)\s[^<>]{0,200}?\bclass="__cf_email__"[^<>]{0,200}?\bdata-cfemail="([0-9a-fA-F]{4,2000})"'
    r"[^<>]{0,200}>[^<>]{0,99}</\1>"
)


def without_replay(text: str, *, sure: bool = False) -> str:
    """A page as the forum sent it, where `text` is its replay; any other page as it is.

    What tells a replay, if its address does not, is how the head loads scripts and styles, for links to a web archive
    may stand in any post. Addresses are changed back where an archive changes them, in attributes and scripts; of one
    that was a copy before, the outer copy is taken off. What somebody wrote in words stays.
    """
    if not sure and text.find("/http", 0, _REACH) < 0 and text.find("wombat", 0, _REACH) < 0:
        return text
    if not sure and not _is_replay(text):
        return text
    before, _, rest = text.partition(_BAR[0])
    bar, ended, after = rest.partition(_BAR[1])
    return _LINK.sub("", before + (after if ended else bar))


def _is_replay(text: str) -> bool:
    if _OWN_MARK.search(text, 0, _REACH):
        return True
    loaded = [tag.lower() for tag in _LOADED.findall(text, 0, _REACH)]
    return "base" in loaded or len(loaded) >= _LEAST_LOADED


def original_address(url: str) -> str:
    """Where a page was that is replayed at `url`; any other address as it is."""
    copy = _ADDRESS.match(url)
    return f"{copy[1]}//{url[copy.end() :]}" if copy else url


def address_before(text: str) -> str | None:
    """Where a page came from, as the browser that saved it wrote down before it; None where none did."""
    saved = _SAVED_FROM.search(text, 0, _COMMENT_REACH) if text.find("aved ", 0, _COMMENT_REACH) >= 0 else None
    return html.unescape(saved[1]) if saved else None


def with_hidden_words(text: str) -> str:
    """A page with the words that Cloudflare put out of sight; any other page as it is."""
    if text.find(_SHOWS_AGAIN, max(len(text) - _SCRIPT_REACH, 0)) < 0:
        return text
    shown = _HIDDEN_WORDS.sub(lambda found: _escaped(found[2]) or found[0], text)
    return _HIDDEN_LINK.sub(lambda found: f"mailto:{words}" if (words := _escaped(found[1])) else found[0], shown)


def _escaped(code: str) -> str | None:
    """The words of a code, as markup: each byte but the first is one of theirs combined with the first."""
    try:
        key, *hidden = bytes.fromhex(code)
        words = bytes(byte ^ key for byte in hidden).decode()
    except ValueError:
        return None
    return html.escape(words) if words.isprintable() else None
