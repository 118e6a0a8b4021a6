"""Pieces of HTML that are no page: values of data, read as text."""

from __future__ import annotations

from discuz_scrape._body import Body
from discuz_scrape._bounds import MAX_ATTRIBUTES, MAX_DEPTH, check_bounds
from discuz_scrape._content import to_text
from discuz_scrape._html import Node, parse
from discuz_scrape._source import Source

__all__ = ["content_of", "prose"]

_SHORT = 2 * min(MAX_ATTRIBUTES, MAX_DEPTH)  # characters: less cannot go beyond these bounds
_SAMPLED = 16 * 1024  # bytes: an answer may hold thousands of pieces, each made to cost the engine its worst


def content_of(markup: str, url: str | None = None) -> Node:
    """The element around a piece of HTML; raises ParseError for one that the engine must not be given."""
    if len(markup) > _SHORT:
        check_bounds(markup.encode(), url, sampled=_SAMPLED)
    root = parse(f"<body>{markup}")
    head = root.first_child
    body = head.next if head is not None else None
    return root if body is None else body


def prose(page: Source, markup: object) -> str | None:
    """A piece of HTML as text with its lines, as the body of a post is read; None for what is no text."""
    if not isinstance(markup, str):
        return None
    body = Body(page, rich=False)
    body.read(content_of(markup, page.url))
    return to_text(body.pieces) or None
