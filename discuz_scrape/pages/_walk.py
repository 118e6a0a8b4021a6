"""The pruned walk that every part of a thread page is read with.

An element is either known, and then its handler reads it and tells whether to go on inside, or it is a wrapper of some
skin and simply entered. That is what survives renamed, added and missing wrappers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from discuz_scrape._html import TEXT, Node

__all__ = ["DIGITS", "Handlers", "walk"]

DIGITS = "0123456789"

Reader = TypeVar("Reader")
Handlers = Mapping[int | None, Callable[[Reader, Node], bool]]
"""Number of a tag to what reads such an element; it returns whether the walk enters it."""


def walk(reader: Reader, top: Node, handlers: Handlers[Reader]) -> None:
    """Visit the elements below `top` in page order; a tag without a handler is entered."""
    left: list[Node] = []
    node = top.first_child
    find = handlers.get
    while True:
        if node is None:
            if not left:
                return
            node = left.pop().next
            continue
        tag = node.tag_id
        if tag != TEXT:
            handler = find(tag)
            if handler is None or handler(reader, node):
                child = node.first_child
                if child is not None:
                    left.append(node)
                    node = child
                    continue
        node = node.next
