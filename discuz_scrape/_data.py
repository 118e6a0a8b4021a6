"""Answers that are data and no page: the JSON of the mobile API, and feeds.

What their posts say must not be taken for the head or the footer of a page, so they are told apart first.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic_core import from_json

__all__ = ["is_data", "is_feed", "read_object"]

_BLANKS = "\ufeff \t\r\n"
_OBJECT = re.compile(r"[\ufeff\s]{0,99}\{\s{0,99}[\"}]").match
"""How JSON begins; a page may begin with a tag that a template left behind, `{hook/global_header}`."""
_PROLOG = re.compile(
    r"\ufeff?\s{0,99}(?>(?:<(?:\?[^>]{0,400}|!--.{0,999}?--|![A-Za-z][^>]{0,400})>\s{0,99}){0,9})", re.DOTALL
)
"""What may stand before the first element of XML: its declaration, a style sheet's, remarks, the type of document."""
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF)\b")

_HALF = re.compile(
    r"\\ud[89ab][\da-f]{2}(?!\\ud[c-f][\da-f]{2})|(?<!\\ud[89ab][\da-f]{2})\\ud[c-f][\da-f]{2}", re.IGNORECASE
)
"""Half of a pair of surrogates, which a title has that was cut in the middle of it: strictly no JSON."""
_NUL = re.compile(r"(\\[^u])|\\u0000")
"""An escaped NUL, which databases do not take; the other escapes are passed over, for one may be of the backslash."""


def is_data(text: str) -> bool:
    """Whether an answer begins as JSON or a feed does."""
    return _begins_as_json(text) or is_feed(text)


def is_feed(text: str) -> bool:
    """Whether this is RSS or Atom."""
    prolog = _PROLOG.match(text)
    return prolog is not None and _FEED.match(text, prolog.end()) is not None


def read_object(text: str) -> dict[str, Any] | None:
    """The object in an answer of JSON; None where it is none."""
    if not _begins_as_json(text):
        return None
    text = text.strip(_BLANKS)
    if "\\u0000" in text:
        text = _NUL.sub(lambda escape: escape[1] or "", text)
    try:
        found = from_json(text, allow_inf_nan=False)
    except ValueError:
        try:
            found = from_json(_HALF.sub(r"\\ufffd", text), allow_inf_nan=False)
        except ValueError:
            return None
    return found if isinstance(found, dict) else None


def _begins_as_json(text: str) -> bool:
    return _OBJECT(text) is not None
