"""Rows kept aside until the newest capture of each is known, then written in the order in which they first came."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from discuz_scrape._place import Place
from discuz_scrape.bulk._outcome import Batch
from discuz_scrape.bulk.sinks._keys import key_of
from discuz_scrape.bulk.sinks._sink import Sink, chosen
from discuz_scrape.bulk.sinks._store import Store, Stored, told_as_os_error
from discuz_scrape.bulk.sinks._tables import captured_at
from discuz_scrape.models import Page
from discuz_scrape.output import json_lines
from discuz_scrape.output._rows import items
from discuz_scrape.sources import Item

__all__ = ["Spool"]

_TABLE = """
    CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, key BLOB UNIQUE, captured_at TEXT, kind TEXT, line TEXT)
"""
_PUT = """
    INSERT INTO rows (key, captured_at, kind, line) VALUES (?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET captured_at = excluded.captured_at, line = excluded.line
    WHERE excluded.captured_at >= captured_at
"""  # of two of one time, the later one in the order of the sources
_PIECE = 1000

Spooled = tuple[bytes, str, str, str]


class Spool(Stored):
    """The rows of another output, in a database until the end; memory stays flat however many they are."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.kinds, self.one_kind = sink.kinds, sink.one_kind
        self.make = _spooled

    def begin(self, place: Place, at: dict[str, Any]) -> None:  # noqa: ARG002 - it knows itself where it stands
        """Open the database."""
        if place.is_device:
            raise OSError(f"{place.path} is no file: with --dedupe, rows are kept aside beside it")
        self._place = place
        with told_as_os_error():
            self._store = Store(place.draft, lasting=place.lasting)
            self._base.execute(_TABLE)

    def write(self, batch: Batch, kind: str) -> None:
        """Keep the rows; an older capture is replaced."""
        made: list[list[Spooled]] = chosen(batch, kind)
        with told_as_os_error():
            before = self._count()
            self._base.begin()
            self._base.many(_PUT, (row for rows in made for row in rows))
            self.duplicates += sum(map(len, made)) - (self._count() - before)

    def _count(self) -> int:
        return int(self._base.execute("SELECT ifnull(max(id), 0) FROM rows").fetchone()[0])

    def end(self) -> Path:
        """Write all rows."""
        self._place.create_second()
        self._sink.begin(_Second(self._place), {})
        with told_as_os_error():
            for kind, lines in self._pieces():
                self._sink.write_lines(lines, kind)
        whole = self._sink.end()
        self._base.close()
        return whole

    def _pieces(self) -> Iterable[tuple[str, list[str]]]:
        found = self._base.execute("SELECT kind, line FROM rows ORDER BY id")
        while some := found.fetchmany(_PIECE):
            for kind, rows in groupby(some, key=lambda row: str(row[0])):
                yield kind, [line for _, line in rows]

    def close(self) -> None:
        """Close all."""
        self._sink.close()
        super().close()


class _Second(Place):
    """The place of what is made of the rows: it does not last, for it can be made again."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.path)
        self.draft = place.second


def _spooled(page: Page, item: Item) -> list[Spooled]:
    captured = captured_at(item.date) or ""
    return [
        (key_of(page, row), captured, page.kind, line.encode("utf-8", "backslashreplace").decode())
        for row, line in zip(items(page), json_lines(page), strict=True)
    ]
