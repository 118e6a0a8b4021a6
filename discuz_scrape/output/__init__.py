"""Pages to JSON lines, JSON, CSV, Markdown and text.

A format is one generator function, from pages to pieces of text, and one line in `FORMATS`. Nothing is held back: what
came in is out before the next page is asked for, so a writer can stand in the middle of a pipe. Whatever the format, no
control character of a page comes out raw (`_visible`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum

from discuz_scrape.models import Page
from discuz_scrape.output._csv import to_csv
from discuz_scrape.output._documents import to_markdown, to_text
from discuz_scrape.output._rows import ROWS, PostRow, Row, json_lines, rows
from discuz_scrape.output._shape import Body, Shape
from discuz_scrape.output._visible import escape_json, visible, visible_line

__all__ = [
    "FORMATS",
    "ROWS",
    "Body",
    "Format",
    "PostRow",
    "Row",
    "Shape",
    "default_body",
    "json_lines",
    "rows",
    "visible",
    "visible_line",
    "write",
]


class Format(StrEnum):
    """What pages are written as."""

    jsonl = "jsonl"
    json = "json"
    csv = "csv"
    markdown = "markdown"
    text = "text"


Writer = Callable[[Iterable[Page], Shape], Iterator[str]]


def write(pages: Iterable[Page], fmt: str = "jsonl", *, body: str | None = None, whole: bool = False) -> Iterator[str]:
    """Write pages in one of `FORMATS`, piece by piece.

    `whole` makes one object of a page instead of one of each post, thread or entry on it; Markdown and text are
    documents either way. `body` is the one that CSV, Markdown and text show, None the `default_body`; JSON carries
    every one that was parsed. CSV is a table of one kind of page: ValueError for pages of two.
    """
    return FORMATS[Format(fmt)](pages, Shape(Body(body or default_body(fmt)), whole))


def default_body(fmt: str) -> Body:
    """Name the body that a format shows unless another is asked for."""
    return Body.markdown if fmt == Format.markdown else Body.text


def _objects(pages: Iterable[Page], *, whole: bool) -> Iterator[str]:
    for page in pages:
        if whole:
            yield escape_json(page.model_dump_json())
        else:
            yield from json_lines(page)


def _jsonl(pages: Iterable[Page], shape: Shape) -> Iterator[str]:
    for line in _objects(pages, whole=shape.whole):
        yield line + "\n"


def _json(pages: Iterable[Page], shape: Shape) -> Iterator[str]:
    before = "[\n"
    for line in _objects(pages, whole=shape.whole):
        yield before + line
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


FORMATS: dict[Format, Writer] = {
    Format.jsonl: _jsonl,
    Format.json: _json,
    Format.csv: to_csv,
    Format.markdown: to_markdown,
    Format.text: to_text,
}
"""Name of a format to its writer."""
