"""Pieces of HTML that are no page: values of data, read as text."""

from __future__ import annotations

from discuz_scrape._body import Body
from discuz_scrape._bounds import check_bounds
from discuz_scrape._content import to_text
from discuz_scrape._html import Node, parse
from discuz_scrape._source import Source

__all__ = ["content_of", "prose"]


def content_of(markup: str) -> Node:
    """The element around a piece of HTML."""
    root = parse(f"<body>{markup}")
    head = root.first_child
    body = head.next if head is not None else None
    return root if body is None else body


def prose(page: Source, markup: str) -> str | None:
    """A piece of HTML as text with its lines, as the body of a post is read."""
    check_bounds(markup.encode(), page.url)
    body = Body(page, rich=False)
    body.read(content_of(markup))
    return to_text(body.pieces) or None
