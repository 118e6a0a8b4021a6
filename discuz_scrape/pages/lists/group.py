"""The home of a group (`mod=group`): a board of which only the newest threads stand here, in rows without numbers.

The list of all its threads is a page as other boards have it (`action=list`), and read as such.
"""

from __future__ import annotations

from typing import Any

from discuz_scrape._html import inline_text, select
from discuz_scrape._source import Source
from discuz_scrape._words import count_of
from discuz_scrape.models import Board
from discuz_scrape.pages.lists._boards import lines_of
from discuz_scrape.pages.lists.board import read as read_board

__all__ = ["read"]


def read(page: Source) -> Board:
    """The group; which page of its threads this is, cannot be told."""
    board = read_board(page)
    counts = [count_of(inline_text(node).strip()) for node in select(page.root, ".tns th p")]
    told: dict[str, Any] = {"post_count": counts[0] if counts else None}
    if board.forum.description is None and (words := select(page.root, "#gh .bm_c > .pbn")):
        told["description"] = lines_of(page, words[0])
    forum = board.forum.model_copy(update=told)
    return board.model_copy(update={"forum": forum, "page": None, "total_pages": None})
