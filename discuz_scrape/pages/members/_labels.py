"""Rows of a label and its value: `li` elements that begin with an `em`.

No row is read with what it swallowed where its end tag is missing, and no part of a page is read twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from discuz_scrape._html import TAG_IDS, TEXT, Node, one_line
from discuz_scrape._source import Source

__all__ = ["inside", "label_of", "section_of", "value_of", "words_in"]

_BR, _EM, _IMG = (TAG_IDS[name] for name in ("br", "em", "img"))
_NO_VALUE = tuple(TAG_IDS[name] for name in ("div", "li", "script", "style", "ul"))
"""What lies inside a row only where its end tag is missing, or is no words."""
_BREAK = "\v"
_MOST_BOXES = 4  # around a row, of which one has an id


def label_of(row: Node) -> Node | None:
    """The label of a row: an `em` with nothing before it."""
    node = row.first_child
    while node is not None and node.tag_id == TEXT and not (node.text_content or "").strip():
        node = node.next
    return node if node is not None and node.tag_id == _EM else None


def inside(top: Node) -> Iterator[Node]:
    """The nodes of a row itself, text too, not of those that it swallowed."""
    waiting = [top.first_child]
    while waiting:
        node = waiting.pop()
        if node is not None:
            waiting.append(node.next)
            if node.tag_id not in _NO_VALUE:
                yield node
                waiting.append(node.first_child)


def section_of(row: Node) -> str:
    """The id of the list that a row stands in, or of the box around it."""
    box = row.parent
    for _ in range(_MOST_BOXES):
        if box is None or box.id is not None:
            break
        box = box.parent
    return (box.id or "") if box is not None else ""


def value_of(page: Source, row: Node, label: Node) -> str | None:
    """What stands behind the label, with its line breaks; the address of a picture without words."""
    behind = list(inside(row))
    within = {node.mem_id for node in inside(label)}
    said = _words(node for node in behind if node.mem_id not in within)
    words = "\n".join(filter(None, map(one_line, said.split(_BREAK))))
    if words:
        return words
    pictures = (page.absolute(node.attributes.get("src")) for node in behind if node.tag_id == _IMG)
    return next(filter(None, pictures), None)


def words_in(top: Node) -> str | None:
    """The words of an element in one line."""
    return one_line(_words(inside(top)))


def _words(nodes: Iterable[Node]) -> str:
    """The text of nodes as it stands, with a mark for each break of a line."""
    pieces = (_BREAK if node.tag_id == _BR else _text(node) for node in nodes if node.tag_id in (_BR, TEXT))
    return "".join(pieces)


def _text(node: Node) -> str:
    return (node.text_content or "").replace(_BREAK, " ")
