"""The pieces of a body as CommonMark with the tables and the strikethrough of GitHub's dialect.

A line break is a backslash at the end of the line (two spaces would not survive an editor), a blank line parts
paragraphs. Inside a table cell everything is a line, parted by `<br>`. Quotes and lists nest to `DEPTH`: readers have
such a limit themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from discuz_scrape._content import (
    BREAK,
    CODE,
    EDGE,
    TAB,
    Close,
    Code,
    Open,
    Part,
    Piece,
    collapse,
    link_target,
    numbering,
    parts,
)
from discuz_scrape._markdown_inline import Span, escape_start, fence, image, render_line

__all__ = ["DEPTH", "to_markdown"]

DEPTH = 8
_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strike",
    "strike": "strike",
    "del": "strike",
}
_CODES = frozenset({"code", "tt", "kbd", "samp"})
_HEADINGS = {"h1": "#", "h2": "##", "h3": "###", "h4": "####", "h5": "#####", "h6": "######"}
_PARAGRAPHS = frozenset({"p", "dl", "table", "caption"}) | _HEADINGS.keys()
_LISTS = frozenset({"ul", "ol", "menu", "dir"})


def to_markdown(pieces: Sequence[Piece]) -> str:
    """Render a body as Markdown."""
    writer = _Writer()
    for part in parts(pieces):
        writer.write(part)
    return writer.markdown()


@dataclass(eq=False, slots=True)
class _List:
    """A list that is open."""

    ordered: bool
    number: int
    """Of the next item."""
    sign: str
    """What its markers end with: two lists in a row must differ in it."""
    begun_at: int
    """How much was written before it."""


@dataclass(eq=False, slots=True)
class _Container:
    """A quote or a list item that is open: what its lines begin with."""

    marker: str
    """What begins its first line."""
    indent: str
    """What begins the others."""
    list: _List | None = None
    """The list of an item."""
    begun: bool = False

    def prefix(self) -> str:
        if self.begun:
            return self.indent
        self.begun = True
        return self.marker


@dataclass(eq=False, slots=True)
class _Table:
    """A table that is open."""

    rows: list[list[str]] = field(default_factory=list)
    head: bool = False
    cell: bool = False
    depth: int = 1
    """Of tables: one in another is lines of its cell."""


class _Writer:
    """Collects lines of spans, and writes them as blocks behind the prefixes of the open containers."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._lines: list[list[Span]] = [[]]
        self._tags: list[tuple[str, object]] = []  # what is open, and what it opened
        self._styles = dict.fromkeys((*_STYLES.values(), "code"), 0)
        self._links: list[str] = []
        self._heading = ""
        self._containers: list[_Container] = []
        self._lists: list[_List] = []
        self._table: _Table | None = None
        self._last: list[_Container] = []  # where the last block stood
        self._after_paragraph = False  # it was one
        self._after_list: tuple[list[_Container], str] | None = None  # where a list ended with it, and its sign

    def markdown(self) -> str:
        """Return what was written."""
        self._flush()
        return "\n".join(self._out)

    def write(self, part: Part) -> None:
        if isinstance(part, Open):
            self._open(part)
        elif isinstance(part, Close):
            if self._tags:
                self._close(*self._tags.pop())
        elif isinstance(part, Code):
            self._code(part.text)
        elif part == BREAK:
            self._lines.append([])
        elif part == EDGE:
            self._edge()
        elif part != CODE:
            self._text(" " if part == TAB else collapse(part))

    # -- tags

    def _open(self, part: Open) -> None:
        tag = part.tag
        if tag == "img":
            if url := link_target(part):
                self._add(image(url, part.attrs.get("alt") or "")._replace(link=self._link()))
        elif tag == "hr":
            self._boundary()
            if not self._in_cell():
                self._emit(["***"])
        else:
            self._tags.append((tag, self._opened(part)))

    def _opened(self, part: Open) -> object:
        """Do what a tag does; return what its end needs to know, None for nothing."""
        tag = part.tag
        if tag in _STYLES or tag in _CODES:
            self._styles[_STYLES.get(tag, "code")] += 1
        elif tag == "a":
            if url := link_target(part):
                self._links.append(url)
            return url
        elif tag in ("table", "tr", "td", "th"):
            self._open_table(tag)
        elif tag in _PARAGRAPHS:
            self._boundary()
            self._heading = _HEADINGS.get(tag, self._heading)
        elif tag in _LISTS:
            return self._open_list(part)
        elif tag in ("li", "blockquote"):
            return self._open_container(tag)
        return None

    def _close(self, tag: str, opened: object) -> None:
        if tag in _STYLES or tag in _CODES:
            self._styles[_STYLES.get(tag, "code")] -= 1
        elif tag == "a":
            if opened:
                self._links.pop()
        elif tag in ("table", "td", "th"):
            self._close_table(tag)
        elif tag in _PARAGRAPHS or tag in _LISTS or tag in ("li", "blockquote"):
            self._boundary()
            if tag in _HEADINGS:
                self._heading = ""
            elif isinstance(opened, _Container):
                self._containers.pop()
            elif isinstance(opened, _List):
                self._lists.pop()
                if opened.begun_at < len(self._out):
                    self._after_list = (self._containers.copy(), opened.sign)

    def _open_list(self, part: Open) -> _List:
        self._boundary()
        ordered = numbering(part) is not None
        start = part.attrs.get("start") or ""
        sign, other = (".", ")") if ordered else ("-", "+")
        if self._after_list == (self._containers, sign):
            sign = other
        number = int(start) if start.isdecimal() and len(start) < 8 else 1
        self._lists.append(_List(ordered, number, sign, len(self._out)))
        return self._lists[-1]

    def _open_container(self, tag: str) -> _Container | None:
        self._boundary()
        if self._in_cell() or len(self._containers) >= DEPTH:
            return None
        if tag == "blockquote":
            container = _Container("> ", "> ")
        elif self._lists:
            of = self._lists[-1]
            marker = f"{of.number}{of.sign} " if of.ordered else f"{of.sign} "
            of.number += 1
            container = _Container(marker, " " * len(marker), of)
        else:
            return None
        self._containers.append(container)
        return container

    def _open_table(self, tag: str) -> None:
        self._boundary()
        table = self._table
        if tag == "table":
            if table:
                table.depth += 1
            else:
                self._table = _Table()
        elif table and table.depth == 1:
            if tag == "tr" or not table.rows:
                table.rows.append([])
            if tag != "tr":
                table.cell = True
                table.head = table.head or (tag == "th" and len(table.rows) == 1)

    def _close_table(self, tag: str) -> None:
        table = self._table
        if not table:
            return
        if tag == "table":
            self._boundary()
            table.depth -= 1
            if table.depth == 0:
                self._table = None
                self._emit_table(table)
        elif table.depth == 1 and table.cell:
            table.cell = False
            table.rows[-1].append("<br>".join(self._take_lines()).replace("|", "\\|"))

    # -- content

    def _in_cell(self) -> bool:
        return self._table is not None and self._table.cell

    def _link(self) -> str | None:
        return self._links[0] if self._links else None  # a link holds no other

    def _add(self, span: Span) -> None:
        self._lines[-1].append(span)

    def _text(self, text: str) -> None:
        styles = self._styles
        code = styles["code"] > 0 and not text.isspace()
        bold, italic, strike = styles["bold"] > 0, styles["italic"] > 0, styles["strike"] > 0
        self._add(Span(text, self._link(), bold, italic, strike, "code" if code else "text"))

    def _code(self, text: str) -> None:
        self._boundary()
        lines = text.split("\n") if text else []
        if self._in_cell():
            for line in filter(None, lines):
                self._add(Span(line, kind="code"))
                self._lines.append([])
        elif lines:
            ticks = fence(text, least=3)
            self._emit([ticks, *lines, ticks])

    def _edge(self) -> None:
        if any(span.kind != "text" or span.text.strip(" ") for span in self._lines[-1]):
            self._lines.append([])
        else:
            self._lines[-1].clear()  # blanks that begin a line are none

    def _boundary(self) -> None:
        """End the line inside a cell, the paragraph elsewhere."""
        if self._in_cell():
            self._edge()
        else:
            self._flush()

    def _take_lines(self) -> list[str]:
        lines = [render_line(line) for line in self._lines]
        self._lines = [[]]
        return [line for line in lines if line] if self._in_cell() or self._heading else lines

    # -- blocks

    def _flush(self) -> None:
        """Write the lines that are there as paragraphs, or as a heading."""
        lines = self._take_lines()
        if self._heading:
            if lines:
                title = "<br>".join(lines)
                closing = title[len(title.rstrip("#")) :]  # would be taken for the end of the mark-up
                self._emit([f"{self._heading} {title.removesuffix(closing)}" + ("\\" + closing if closing else "")])
            return
        for filled, members in groupby(lines, key=bool):
            if filled:
                self._emit("\\\n".join(map(escape_start, members)).split("\n"))
                self._after_paragraph = True

    def _emit_table(self, table: _Table) -> None:
        columns = max(map(len, table.rows), default=0)
        if columns:
            rows = [row for row in table.rows if row]
            head = rows.pop(0) if table.head else []
            rows.insert(
                0, head + [""] * (columns - len(head))
            )  # the head counts the columns, other rows may be shorter
            rows.insert(1, ["---"] * columns)
            self._emit(["| " + " | ".join(row) + " |" for row in rows])

    def _emit(self, block: list[str]) -> None:
        """Write the lines of one block, parted from the last one by a blank line unless both are simple items."""
        shared = 0
        for old, new in zip(self._last, self._containers, strict=False):
            if old is not new:
                break
            shared += 1
        if self._out and not self._is_next_item(shared):
            self._out.append("".join(container.indent for container in self._containers[:shared]).rstrip())
        for line in block:
            self._out.append(("".join([container.prefix() for container in self._containers]) + line).rstrip())
        self._last = self._containers.copy()
        self._after_paragraph = False
        self._after_list = None

    def _is_next_item(self, shared: int) -> bool:
        old, new = self._last[shared:], self._containers[shared:]
        simple = self._after_paragraph and all(container.list for container in old)
        return bool(simple and old and new and new[0].list is old[0].list)
