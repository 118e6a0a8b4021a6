"""Numbers as lists print them: large ones are rounded, and whole in a title."""

from __future__ import annotations

import re

from discuz_scrape._html import TAG_IDS, TEXT, Node, descendants, pass_over
from discuz_scrape._words import count_of

__all__ = ["count_in", "counted_text", "counts_of"]

_COUNTS = re.compile(r"\d(?:[\d,.]{0,20}\d)?\s?[万萬kK]?")
_SILENT = (TAG_IDS["script"], TAG_IDS["style"])


def counted_text(box: Node, without: int | None = None) -> str:
    """The text of a box, with the whole number of a title in place of its words, `without` the elements of a tag."""
    if (whole := _whole(box)) is not None:
        return whole
    parts = []
    walk = descendants(box)
    for node in walk:
        if node.tag_id == TEXT:
            parts.append(node.text_content or "")
        elif node.tag_id in _SILENT or node.tag_id == without:
            pass_over(walk, node)
        elif (whole := _whole(node)) is not None:
            parts.append(whole)
            pass_over(walk, node)
    return "".join(parts)


def count_in(box: Node) -> int | None:
    """The number that a box holds; None where it holds more, or one that is rounded without a title."""
    return count_of(counted_text(box))


def counts_of(words: str) -> list[int | None]:
    """All numbers of a text, in order."""
    return [count_of(found) for found in _COUNTS.findall(words)]


def _whole(node: Node) -> str | None:
    title = node.attributes.get("title")
    return title if title and count_of(title) is not None else None
