"""The models as an Arrow schema, and rows as Arrow tables: for Parquet and for Ray."""

from __future__ import annotations

import types
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

import pyarrow as pa

from discuz_scrape.models import Page
from discuz_scrape.models._base import Model
from discuz_scrape.output import rows
from discuz_scrape.output._rows import row_model

__all__ = ["schema_of", "table_of"]

_PLAIN: dict[Any, Any] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    datetime: pa.timestamp("ms", tz="UTC"),  # the shortest that Parquet has, so that what is read is of the same type
}


@cache
def schema_of(kind: str = "thread") -> Any:
    """The Arrow schema of the rows of a kind of page; times are instants in UTC."""
    return pa.schema(_fields(row_model(kind)))


def table_of(pages: Iterable[Page], kind: str = "thread") -> Any:
    """The rows of pages of one kind as an Arrow table."""
    return pa.Table.from_pylist([row for page in pages for row in rows(page, mode="python")], schema=schema_of(kind))


def _fields(model: type[Model]) -> list[Any]:
    return [pa.field(name, _type(field.annotation)) for name, field in model.model_fields.items()]


def _type(annotation: Any) -> Any:
    """The Arrow type of what a field may hold; None is possible everywhere."""
    origin, inner = get_origin(annotation), [kind for kind in get_args(annotation) if kind is not types.NoneType]
    if origin in (Union, types.UnionType):
        return _type(inner[0])
    if origin is Literal:
        return pa.string()
    if origin is tuple:
        return pa.list_(_type(inner[0]))
    if origin is dict:
        return pa.map_(_type(inner[0]), _type(inner[1]))
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return pa.struct(_fields(annotation))
    return _PLAIN[annotation]
