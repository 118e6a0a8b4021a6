"""The pruned walk that every part of a thread page is read with.

An element is either known, and then its handler reads it and tells whether to go on inside, or it is a wrapper of some
skin and simply entered. That is what survives renamed, added and missing wrappers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from discuz_scrape._html import TEXT, Node, elements

__all__ = ["DIGITS", "Handlers", "walk"]

DIGITS = "0123456789"

Reader = TypeVar("Reader")
Handlers = Mapping[int | None, Callable[[Reader, Node], bool]]
"""Number of a tag to what reads such an element; it returns whether the walk enters it."""


def walk(reader: Reader, top: Node, handlers: Handlers[Reader]) -> None:
    """Visit the elements below `top` in page order; a tag without a handler is entered."""
    find = handlers.get
    awaited = 0  # the element behind one that is not entered
    for node in elements(top):
        if awaited:
            if node.mem_id != awaited:
                continue
            awaited = 0
        handler = find(node.tag_id)
        if handler is not None and not handler(reader, node):
            awaited = _behind(node)


def _behind(node: Node) -> int:
    """Identity of the first element behind a node's own; 0 where it has none inside, -1 where it is the last."""
    if _element_from(node.first_child) is None:
        return 0
    above: Node | None = node
    while above is not None:
        after = _element_from(above.next)
        if after is not None:
            return after.mem_id
        above = above.parent
    return -1


def _element_from(node: Node | None) -> Node | None:
    while node is not None and node.tag_id == TEXT:
        node = node.next
    return node
