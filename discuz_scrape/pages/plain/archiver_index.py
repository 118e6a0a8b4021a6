"""The archiver's index: the names of categories, each with the list of its boards."""

from __future__ import annotations

from typing import Any

from discuz_scrape._html import TAG_IDS, Node, children, first, one_line, select, text_of
from discuz_scrape._source import Source
from discuz_scrape.errors import ParseError
from discuz_scrape.models import ForumIndex
from discuz_scrape.pages.notice import refuse_words
from discuz_scrape.pages.plain._archiver import Frame

__all__ = ["read"]

_H3, _UL = TAG_IDS["h3"], TAG_IDS["ul"]

Record = dict[str, Any]


def read(page: Source) -> ForumIndex:
    """The index of an archiver; where it is switched off, a message stands alone in its frame."""
    frame = Frame(page)
    content = first(frame.root, "#content")
    categories = _read_categories(frame, content) if content is not None else ()
    if not categories:
        words = one_line(text_of(content)) if content is not None and not select(frame.root, "#nav, #end") else None
        if words is not None:
            refuse_words(words, url=page.url)
        raise ParseError("an archiver page that lists neither posts nor threads nor boards", url=page.url)
    index: Record = {"categories": categories, "site": frame.site(), "issues": tuple(page.issues)}
    return ForumIndex.model_validate(index)


def _read_categories(frame: Frame, content: Node) -> tuple[Record, ...]:
    found: list[Record] = []
    for node in children(content):
        if node.tag_id == _H3:
            found.append({"name": one_line(text_of(node)), "forums": ()})
        elif node.tag_id == _UL and (forums := frame.boards(node)):
            if not found:
                found.append({"forums": ()})
            found[-1]["forums"] += forums
    return tuple(category for category in found if category["forums"])
