"""Texts that their author split into parts with `[page]` or `[index]`: how many there are, where one alone is shown.

A table of contents stands before the text, or behind it a script that builds the links to the other parts.
"""

from __future__ import annotations

import re

from discuz_scrape._html import TAG_IDS, Node, beginning_of, elements
from discuz_scrape._source import Source

__all__ = ["parts_in_contents", "parts_in_script"]

_SCRIPT = TAG_IDS["script"]
_WHOLE = re.compile(r"[?&]cp=all\b").search
_PART = re.compile(r"&cp=(\d{1,9})\b").search
_COUNT = re.compile(r"\bshow_threadpage\(\d{1,18}, ?\d{1,9}, ?(\d{1,9})\b").search
_NEAR = 3  # nodes from the place of the links to their script


def parts_in_contents(page: Source, box: Node) -> int | None:
    """The highest part that a table of contents leads to; it stays where the whole is shown, which only the URL tells.

    Its links name their part in an attribute; once the script has run, as in pages saved by a browser, in another one.
    """
    if _WHOLE(page.url or ""):
        return None
    highest = 0
    for entry in elements(box):
        attributes = entry.attributes
        number = attributes.get("page") or ""
        if (led := _PART(attributes.get("onclick") or "")) is not None:
            number = led[1]
        if number.isdecimal() and len(number) < 10:
            highest = max(highest, int(number))
    return highest if highest > 1 else None


def parts_in_script(place: Node) -> int | None:
    """The number of parts in the script behind the place of the links."""
    node = place.next
    for _ in range(_NEAR):
        if node is None:
            break
        if node.tag_id == _SCRIPT:
            found = _COUNT(beginning_of(node))
            return int(found[1]) if found is not None and int(found[1]) > 1 else None
        node = node.next
    return None
