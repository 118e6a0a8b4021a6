"""Tables of a database, by the models: which there are, and the rows of a page in them."""

from __future__ import annotations

import json
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from discuz_scrape.bulk.sinks._keys import key_of
from discuz_scrape.models import (
    Attachment,
    Board,
    Comment,
    Image,
    Link,
    Mention,
    Model,
    Notice,
    Page,
    Quote,
    Rating,
    Thread,
)
from discuz_scrape.output._rows import ForumRow, PostRow, items, row_model, rows
from discuz_scrape.sources import Item

__all__ = ["CHILDREN", "MERGED", "ROW_TABLES", "Entry", "Record", "Table", "records"]

_TYPES: dict[Any, str] = {str: "TEXT", int: "INTEGER", bool: "INTEGER", float: "REAL"}
_LARGEST = 1 << 63


class Column(NamedTuple):
    """A column: a field of a model, or of one that lies in it."""

    name: str
    type: str
    path: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table."""

    name: str
    columns: tuple[Column, ...]
    indexes: tuple[tuple[str, ...], ...] = ()

    def values(self, row: dict[str, Any]) -> tuple[Any, ...]:
        """The values of a row that is plain data, as SQLite takes them."""
        return tuple(_value(row, column.path) for column in self.columns)


def _columns(
    model: type[Model], *, without: Iterable[str] = (), json_of: Iterable[str] = (), path: tuple[str, ...] = ()
) -> Iterator[Column]:
    for field, info in model.model_fields.items():
        name = "_".join((*path, field))
        kinds = _kinds(info.annotation)
        if name in without:
            continue
        if _is_model(kinds[0]) and name not in json_of:
            yield from _columns(kinds[0], without=without, json_of=json_of, path=(*path, field))
        else:
            yield Column(name, _TYPES.get(kinds[0], "TEXT"), (*path, field))


def _of_rows(kind: str) -> Iterator[Column]:
    """The columns of the rows of a kind; the number of a tag is not that of its row."""
    for column in _columns(row_model(kind), without={"kind", "site", "issues"}, json_of={"thread"}):
        yield column._replace(name={"tag_index": "tag_id"}.get(kind, "number")) if column.name == "id" else column


def _kinds(annotation: Any) -> list[Any]:
    if get_origin(annotation) in (Union, types.UnionType):
        return [kind for inner in get_args(annotation) for kind in _kinds(inner) if kind is not types.NoneType]
    return [type(get_args(annotation)[0])] if get_origin(annotation) is Literal else [annotation]


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Model)


def _value(row: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if row is None:
            return None
        row = row.get(name)
    if isinstance(row, str):
        return row if row.isascii() else row.encode("utf-8", "backslashreplace").decode()
    if isinstance(row, dict | list):
        return json.dumps(row, ensure_ascii=False) if row else None
    if isinstance(row, int) and not -_LARGEST <= row < _LARGEST:
        return None  # SQLite cannot hold it, and no forum counts so far
    return row


def _extra(*names: str, type_: str = "TEXT") -> tuple[Column, ...]:
    return tuple(Column(name, type_, (name,)) for name in names)


_ORIGIN = _extra("site", "source", "page_url", "captured_at")
"""Where a row was found, in every table of rows."""

CHILDREN: dict[str, Table] = {
    field: Table(field, tuple(_columns(model)), indexes)
    for field, model, indexes in (
        ("attachments", Attachment, (("aid",),)),
        ("images", Image, ()),
        ("quotes", Quote, (("pid",),)),
        ("links", Link, ()),
        ("mentions", Mention, ()),
        ("notices", Notice, ()),
        ("comments", Comment, ()),
        ("ratings", Rating, ()),
    )
}
"""Field of a post to the table of what it holds; keyed by the post and the place in it."""

_POSTS = Table(
    "posts",
    (*_ORIGIN, *_columns(PostRow, without={*CHILDREN, "kind", "thread"}), *_extra("page", type_="INTEGER")),
    (("site", "pid"), ("site", "tid", "floor"), ("author_uid",), ("timestamp",)),
)
_NAMES = {
    "board": "board_threads", "thread_list": "listed_threads", "index": "index_forums", "user_posts": "user_posts",
    "profile": "members", "tag_index": "tags", "announcements": "announcements", "feed": "feed_entries",
}  # fmt: skip
_INDEXES = {"board": "tid", "thread_list": "tid", "user_posts": "pid", "profile": "uid", "feed": "tid"}

ROW_TABLES: dict[str, Table] = {
    "thread": _POSTS,
    **{
        kind: Table(
            name,
            (*_ORIGIN, *_of_rows(kind)),
            (("site", _INDEXES[kind]),) if kind in _INDEXES else (),
        )
        for kind, name in _NAMES.items()
    },
}
"""Kind of page to the table of its rows."""

_SPECIAL = {"poll", "reward", "activity", "debate", "moderation"}
MERGED: dict[str, Table] = {
    "threads": Table(
        "threads",
        (
            *_extra("site", "captured_at"),
            *_columns(Thread, without={"kind", "page", "posts", "site", "issues"}, json_of=_SPECIAL),
        ),
        (("forum_fid",),),
    ),
    "forums": Table(
        "forums",
        (*_extra("site", "captured_at"), *_columns(ForumRow, without={"kind"})),
    ),
}
"""Tables of what many pages tell of: each knows a bit more, and the newest is right."""


class Entry(NamedTuple):
    """A row, and the rows of what it holds."""

    table: str
    """Kind of its page."""
    key: bytes
    """What makes it the same as another capture of it."""
    values: tuple[Any, ...]
    children: tuple[tuple[str, tuple[tuple[Any, ...], ...]], ...]


class Record(NamedTuple):
    """What a page gives."""

    captured_at: str
    entries: tuple[Entry, ...]
    heads: tuple[tuple[str, tuple[Any, ...]], ...]


def records(page: Page, item: Item) -> Record:
    """Give the rows of a page for all tables."""
    captured = captured_at(item.date)
    origin = {"site": page.site.url or "", "source": item.source, "page_url": item.url, "captured_at": captured}
    entries = tuple(
        _entry(page.kind, key_of(page, model), {**row, **origin})
        for model, row in zip(items(page), rows(page), strict=True)
    )
    heads = tuple((table, MERGED[table].values({**row, **origin})) for table, row in _heads(page))
    return Record(captured or "", entries, heads)


def captured_at(date: datetime | None) -> str | None:
    """A time as text that sorts as it does."""
    return date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if date else None


def _entry(kind: str, key: bytes, row: dict[str, Any]) -> Entry:
    children: tuple[tuple[str, tuple[tuple[Any, ...], ...]], ...] = ()
    if kind == "thread":
        row["page"] = row["thread"]["page"]
        row["tid"] = row["tid"] or row["thread"]["tid"]
        children = tuple(
            (name, tuple(map(table.values, row[name]))) for name, table in CHILDREN.items() if row[name]
        )
    return Entry(kind, key, ROW_TABLES[kind].values(row), children)


def _heads(page: Page) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(page, Thread):
        head = page.model_dump(mode="json", exclude={"posts", "site", "issues"})
        yield "threads", head
        if page.forum is not None and page.forum.fid is not None:
            yield "forums", head["forum"]
    elif isinstance(page, Board) and page.forum.fid is not None:
        yield "forums", page.forum.model_dump(mode="json")
    elif page.kind == "index":
        yield from (("forums", row) for row in rows(page) if row["fid"] is not None)
