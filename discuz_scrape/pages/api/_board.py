"""Boards and the index out of the JSON API."""

from __future__ import annotations

from typing import Any

from discuz_scrape._prose import prose
from discuz_scrape._source import Source
from discuz_scrape._words import ANONYMOUS
from discuz_scrape.errors import PasswordRequiredError
from discuz_scrape.models import Board, ForumIndex
from discuz_scrape.pages.api._special import SPECIAL
from discuz_scrape.pages.api._values import (
    moment,
    number,
    positive,
    record,
    records,
    site,
    starter,
    text,
    told_clock,
    values,
)
from discuz_scrape.pages.lists._boards import board_url, category_url
from discuz_scrape.pages.threads._head import thread_url

__all__ = ["read_board", "read_index"]

_STICKY = {1: "board", 2: "category", 3: "global", 4: "multi"}
_REWARD = 3
_PICTURES = 2  # what `attachment` says where pictures are among the files

Record = dict[str, Any]


# ------------------------------------------------------------ a board


def read_board(page: Source, data: Record) -> Board:
    """The board of a `forumdisplay` answer."""
    rows = records(data.get("forum_threadlist"))
    if (clock := told_clock(page.clock, rows) or told_clock(page.clock, map(_last_post, rows))) is not None:
        page.settle_clock(clock)
    head = record(data.get("forum"))
    _check_password(page, head, rows)
    types, sorts = (_read_types(data.get(name)) for name in ("threadtypes", "threadsorts"))
    names = ({kind["id"]: kind["name"] for kind in kinds} for kinds in (types, sorts))
    reader = _RowReader(page, *names)
    threads = []
    for place, row in enumerate(rows):
        try:
            threads.append(reader.read(row))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one row, the others come out
            page.note(f"threads[{place}]", f"a row was left out: {type(error).__name__}: {error}")
    size, count = positive(data.get("tpp")), number(head.get("threadcount"))
    return Board.model_validate(
        {
            "forum": _read_head(page, head),
            "subforums": tuple(_read_summary(page, row) for row in records(data.get("sublist"))),
            "types": types,
            "sorts": sorts,
            "threads": tuple(threads),
            "page": positive(data.get("page")),
            "total_pages": max(-(-count // size), 1) if size is not None and count is not None else None,
            "site": site(page, data),
            "issues": tuple(page.issues),
        }
    )


def _check_password(page: Source, head: Record, rows: list[Record]) -> None:
    """Raise PasswordRequiredError for a board that was not opened: its threads are neither listed nor counted."""
    if number(head.get("password")) and not rows and number(head.get("threadcount")) is None:
        raise PasswordRequiredError("the board asks for its password", text="", url=page.url)


def _last_post(row: Record) -> Record:
    return {"dbdateline": row.get("dblastpost"), "dateline": row.get("lastpost")}


def _read_head(page: Source, head: Record) -> Record:
    parent = positive(head.get("fup"))
    return {
        **_read_board(page, head),
        "parent": {"fid": parent} if parent is not None else None,
        "rules": prose(page, head.get("rules") or ""),
        "moderators": _read_moderators(head),
    }


def _read_board(page: Source, row: Record) -> Record:
    """What is said of a board on its own page and elsewhere."""
    fid, count = positive(row.get("fid")), number(row.get("threads"))
    return {
        "fid": fid,
        "name": text(row.get("name")),
        "url": page.absolute(text(row.get("redirect"))) or board_url(page, fid),
        "description": prose(page, row.get("description") or ""),
        "today": number(row.get("todayposts")),
        "thread_count": count if count is not None else number(row.get("threadcount")),
        "post_count": number(row.get("posts")),
    }


def _read_moderators(row: Record) -> tuple[str, ...]:
    """Names between tabs, as the database keeps them."""
    names = row.get("moderators")
    return tuple(name for part in names.split("\t") if (name := text(part))) if isinstance(names, str) else ()


def _read_summary(page: Source, row: Record) -> Record:
    below = [{"fid": positive(each.get("fid")), "name": text(each.get("name"))} for each in records(row.get("sublist"))]
    return {**_read_board(page, row), "moderators": _read_moderators(row), "subforums": tuple(below)}


def _read_types(value: object) -> tuple[Record, ...]:
    """Types or sorts: number to name, and a name may be in colour."""
    named = record(record(value).get("types"))
    return tuple({"id": number(ident), "name": words} for ident, name in named.items() if (words := text(name)))


class _RowReader:
    """Reads the threads of one board; the names of its types and sorts are held here."""

    def __init__(self, page: Source, types: dict[int | None, str], sorts: dict[int | None, str]) -> None:
        self.page = page
        self.types = types
        self.sorts = sorts

    def read(self, row: Record) -> Record:
        """The record of one thread."""
        page, tid = self.page, positive(row.get("tid"))
        special, price = number(row.get("special")) or 0, number(row.get("price")) or 0
        order, digest, files = (number(row.get(name)) or 0 for name in ("displayorder", "digest", "attachment"))
        replies, state = number(row.get("allreplies")), number(row.get("closed")) or 0
        last = text(row.get("lastposter"))
        return {
            "tid": tid,
            "url": thread_url(page, tid),
            "subject": text(row.get("subject")),
            "type_name": self.types.get(number(row.get("typeid"))),
            "sort_name": self.sorts.get(number(row.get("sortid"))),
            "author": starter(row),
            "created_at": moment(row.get("dbdateline"), page.clock.offset),
            "replies": number(row.get("replies")) if replies is None else replies,
            "views": number(row.get("views")),
            "last_post_at": moment(row.get("dblastpost"), page.clock.offset),
            "last_poster": last if last not in ANONYMOUS else None,
            "sticky": _STICKY.get(order),
            "closed": state == 1,  # any higher number is that of the thread that it went to
            "moved": state > 1,
            "digest": digest > 0,
            "digest_level": digest if digest > 0 else None,
            "special": SPECIAL.get(special, "plugin") if special else None,
            "price": price if price > 0 and not special else None,
            "read_permission": positive(row.get("readperm")),
            "reward": price if price > 0 and special == _REWARD else None,
            "reward_solved": price < 0 if special == _REWARD else None,
            "reply_bonus": positive(row.get("replycredit")),
            "has_image": files == _PICTURES,
            "has_attachment": files > 0,
            "excerpt": text(row.get("message")),
            "cover_url": page.absolute(text(row.get("coverpath"))),
        }


# ------------------------------------------------------------ the index


def read_index(page: Source, data: Record) -> ForumIndex:
    """The boards of a `forumindex` answer by category; those that lie in none come last."""
    boards = {}
    for row in records(data.get("forumlist")):
        try:
            boards[positive(row.get("fid"))] = _read_summary(page, row)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one board, the others come out
            page.note("categories", f"a board was left out: {type(error).__name__}: {error}")
    categories = []
    for row in records(data.get("catlist")):
        fid, below = positive(row.get("fid")), row.get("forums")
        numbers = map(number, values(below))
        categories.append(
            {
                "fid": fid,
                "name": text(row.get("name")),
                "url": category_url(page, fid),
                "moderators": _read_moderators(row),
                "forums": tuple(boards.pop(each) for each in dict.fromkeys(numbers) if each in boards),
            }
        )
    if boards:
        categories.append({"forums": tuple(boards.values())})
    return ForumIndex.model_validate(
        {
            "categories": tuple(categories),
            "site": site(page, data),
            "issues": tuple(page.issues),
        }
    )
