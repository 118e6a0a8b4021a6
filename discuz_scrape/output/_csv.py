"""CSV: one object inside another becomes columns of its own, a list becomes JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from discuz_scrape.models import Page
from discuz_scrape.output._rows import row_model, rows
from discuz_scrape.output._shape import Body, Shape, rich_body
from discuz_scrape.output._visible import escape_json, visible

__all__ = ["Table", "to_csv"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FORMS = ("body_html", "body_markdown")  # `body` is the chosen one


def to_csv(pages: Iterable[Page], shape: Shape) -> Iterator[str]:
    """A table of one kind of page, which the first one decides: another kind would have other columns."""
    table: Table | None = None
    kind = head = ""
    for page in pages:
        if table is None:
            kind = page.kind
            table = Table(type(page) if shape.whole else row_model(kind), shape)
            head = table.head()
        elif page.kind != kind:
            raise ValueError(f"one table cannot hold pages of the kinds {kind!r} and {page.kind!r}: choose one")
        yield head + table.rows([page.model_dump(mode="json")] if shape.whole else rows(page))
        head = ""


class Table:
    """Rows of one model as CSV."""

    def __init__(self, model: type[BaseModel], shape: Shape) -> None:
        self._body = shape.body
        self._lines = io.StringIO()
        self._writer = csv.DictWriter(
            self._lines, list(_columns(model)), extrasaction="ignore", lineterminator="\n"
        )

    def head(self) -> str:
        """The line that names the columns."""
        self._writer.writeheader()
        return self._taken()

    def rows(self, data: Iterable[dict[str, Any]]) -> str:
        """Lines for rows that are plain data."""
        for row in data:
            _choose_body(row, self._body)
            self._writer.writerow({name: _cell(value) for name, value in _flat(row)})
        return self._taken()

    def _taken(self) -> str:
        text = self._lines.getvalue()
        self._lines.seek(0)
        self._lines.truncate()
        return text


def _choose_body(row: dict[str, Any], body: Body) -> None:
    for post in (row, *row.get("posts", ())):
        if "body" in post:
            post["body"] = rich_body(post, body) or post["body"]


def _columns(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        if nested := _nested(field.annotation):
            yield from _columns(nested, f"{prefix}{name}_")
        elif name not in _FORMS:
            yield prefix + name


def _nested(annotation: object) -> type[BaseModel] | None:
    """Find the model of a field that holds one object."""
    kinds = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def _flat(row: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        yield prefix + name, value
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}_")


def _cell(value: object) -> str:
    """Write a value as a cell that no spreadsheet takes for a formula."""
    if value is None or value in ([], {}):
        return ""
    if not isinstance(value, str):
        return escape_json(json.dumps(value, ensure_ascii=False))
    return visible(f"'{value}" if value.startswith(_FORMULA) else value)
