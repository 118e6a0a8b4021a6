"""Answers of the mobile JSON API (`api/mobile/index.php`): which module of it was asked, and who reads that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from discuz_scrape._source import Source
from discuz_scrape.errors import ParseError
from discuz_scrape.models import Board, ForumIndex, Thread
from discuz_scrape.pages.api._board import read_board, read_index
from discuz_scrape.pages.api._thread import read_thread
from discuz_scrape.pages.api._values import record

__all__ = ["read"]


def read(page: Source) -> Thread | Board | ForumIndex:
    """The model of an answer; ParseError for those that hold no thread, board or index."""
    answer = page.answer or {}
    data = record(answer.get("Variables"))
    for names, reader in _READERS:
        if not data.keys().isdisjoint(names):
            return reader(page, data)
    raise ParseError(f"an answer of the JSON API with {_contents(answer, data)}: {_advice(data)}", url=page.url)


_Reader = Callable[[Source, dict[str, Any]], Thread | Board | ForumIndex]
_READERS: tuple[tuple[tuple[str, ...], _Reader], ...] = (
    (("postlist",), read_thread),
    (("forum_threadlist",), read_board),
    (("forumlist", "catlist"), read_index),
)
"""What an answer holds, and who reads it."""

_COMMON = frozenset({
    "auth", "cookiepre", "formhash", "group", "groupid", "ismoderator", "member_avatar", "member_credits",
    "member_email", "member_uid", "member_username", "notice", "readaccess", "saltkey", "setting_bbclosed",
})  # fmt: skip
"""What every answer has."""


def _contents(answer: dict[str, Any], data: dict[str, Any]) -> str:
    """The names of what an answer holds; never a value, for there are secrets of the session among them."""
    names = [name for name in data or answer if name not in _COMMON and name.isidentifier()]
    return ", ".join(names[:5]) or "nothing"


def _advice(data: dict[str, Any]) -> str:
    if "webview_page" in data:
        return "ask for version=4 or version=1"
    return "only those of viewthread, forumdisplay and forumindex are read"
