"""What lists of threads from more than one board share: their rows, and what surrounds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from discuz_scrape._html import (
    TAG_IDS,
    Node,
    beginning_of,
    children,
    first,
    has_class,
    one_line,
    outermost,
    select,
    text_of,
)
from discuz_scrape._source import Source
from discuz_scrape.errors import ParseError
from discuz_scrape.pages.lists._rows import read_row
from discuz_scrape.pages.threads._head import read_pages

__all__ = [
    "complete",
    "front_name",
    "is_thread_row",
    "read_all",
    "read_rows",
    "refuse",
    "settle_date_order",
    "thread_rows",
]

_TH = TAG_IDS["th"]
_FEW, _SHORT = 20, 200  # nodes and characters

Record = dict[str, Any]


def thread_rows(scope: Node) -> Iterator[Node]:
    """Rows of a table that may hold a thread; those of headings do not lead to one."""
    return (row for row in outermost(scope, "tr") if is_thread_row(row))


def is_thread_row(row: Node) -> bool:
    """Whether a row has the cell of a title: a heading's in the stock, else a link of its class."""
    return any(cell.tag_id == _TH for cell in children(row)) or bool(select(row, "a.xst"))


def read_rows(page: Source, rows: Iterable[Node]) -> tuple[Record, ...]:
    """The threads of rows as boards have them."""
    return read_all(page, rows, read_row)


def read_all(
    page: Source, rows: Iterable[Node], read: Callable[[Source, Node], Record | None], field: str = "threads"
) -> tuple[Record, ...]:
    """The records of rows, without those that hold none; one that could not be read is told and left out."""
    records: list[Record] = []
    for row in rows:
        try:
            record = read(page, row)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one row, the others come out
            page.note(f"{field}[{len(records)}]", f"a row was left out: {type(error).__name__}: {error}")
        else:
            if record is not None:
                records.append(record)
    return tuple(records)


def settle_date_order(page: Source, nodes: Iterable[Node]) -> None:
    """Tell day from month by the dates with which some elements begin."""
    page.settle_date_order(beginning_of(node, _FEW)[:_SHORT] for node in nodes)


def complete(page: Source, record: Record, name: str | None = None) -> Record:
    """Add pager, site and issues: the record is whole then. `name` is that of the forum, if the head lacks it."""
    pagers = [pager for pager in select(page.root, "#pgt .pg, .pgs .pg, div.pg") if not has_class(pager, "pgb")]
    read_pages(page, record, pagers[0] if pagers else None)
    record["site"] = page.site(name or front_name(page))
    record["issues"] = tuple(page.issues)
    return record


def front_name(page: Source) -> str | None:
    """Name of the forum in the link to its front, with which the breadcrumb begins."""
    home = first(page.root, "a.nvhm")
    return one_line(text_of(home)) if home is not None else None


def refuse(page: Source, what: str) -> ParseError:
    """The error for a page that has no list."""
    return ParseError(f"{what}: there is no list on it", url=page.url)
