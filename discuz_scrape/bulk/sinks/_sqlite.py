"""SQLite: one file with a table for each sort of row, for Datasette, DuckDB and SQL by hand."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from discuz_scrape._place import Place
from discuz_scrape.bulk._outcome import Batch
from discuz_scrape.bulk.sinks._sink import chosen
from discuz_scrape.bulk.sinks._store import Store, Stored, told_as_os_error
from discuz_scrape.bulk.sinks._tables import CHILDREN, MERGED, ROW_TABLES, Entry, Record, Table, records

__all__ = ["Sqlite"]

_UNIQUE = {"threads": ("site", "tid"), "forums": ("site", "fid")}
_SEEN = "_seen"


class Sqlite(Stored):
    """All rows in tables of their own; threads and boards, which many pages tell of, once each."""

    def __init__(self, *, dedupe: bool = False) -> None:
        self._dedupe = dedupe
        self.make = records
        self._next: dict[str, int] = {}

    def begin(self, place: Place, at: dict[str, Any]) -> None:  # noqa: ARG002 - it knows itself where it stands
        """Open the database and make the tables."""
        if place.is_device:
            raise OSError(f"{place.path} is no place for a database")
        self._draft = place.draft
        with told_as_os_error():
            self._store = Store(place.draft, lasting=place.lasting)
            for table in ROW_TABLES.values():
                self._make(table, "id INTEGER PRIMARY KEY, ")
                last = self._base.execute(f"SELECT max(id) FROM {table.name}").fetchone()[0]  # noqa: S608 - our names
                self._next[table.name] = (last or 0) + 1
            for table in CHILDREN.values():
                keyed = "post_id INTEGER NOT NULL REFERENCES posts(id), place INTEGER NOT NULL, "
                self._make(table, keyed, ", PRIMARY KEY (post_id, place)) WITHOUT ROWID")
            for table in MERGED.values():
                unique = ", ".join(_UNIQUE[table.name])
                self._make(table, "id INTEGER PRIMARY KEY, ", f", UNIQUE ({unique}))")
            if self._dedupe:
                columns = "key BLOB PRIMARY KEY, id INTEGER NOT NULL, captured_at TEXT NOT NULL"
                self._base.execute(f"CREATE TABLE IF NOT EXISTS {_SEEN} ({columns}) WITHOUT ROWID")

    def _make(self, table: Table, first: str, last: str = ")") -> None:
        columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
        self._base.execute(f"CREATE TABLE IF NOT EXISTS {table.name} ({first}{columns}{last}")

    def write(self, batch: Batch, kind: str) -> None:
        """Write the rows of all pages."""
        made: list[Record] = chosen(batch, kind)
        with told_as_os_error():
            self._base.begin()
            self._write_entries(made)
            for record in made:
                for name, values in record.heads:
                    self._base.execute(_merging(MERGED[name]), values)

    def _write_entries(self, made: list[Record]) -> None:
        placed: dict[str, dict[int, Entry]] = {kind: {} for kind in ROW_TABLES}
        for record in made:
            for entry in record.entries:
                number = self._number(entry, record.captured_at)
                if number is not None:
                    placed[entry.table][number] = entry
        for kind, entries in placed.items():
            table = ROW_TABLES[kind]
            marks = ", ".join("?" * (len(table.columns) + 1))
            self._base.many(
                f"INSERT OR REPLACE INTO {table.name} VALUES ({marks})",  # noqa: S608 - our names
                ((number, *entry.values) for number, entry in entries.items()),
            )
        self._write_children(placed["thread"])

    def _write_children(self, posts: dict[int, Entry]) -> None:
        rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in CHILDREN}
        for number, entry in posts.items():
            for name, children in entry.children:
                rows[name] += ((number, place, *values) for place, values in enumerate(children))
        for name, table in CHILDREN.items():
            if self._dedupe:
                self._base.many(f"DELETE FROM {name} WHERE post_id = ?", ((number,) for number in posts))  # noqa: S608
            marks = ", ".join("?" * (len(table.columns) + 2))
            self._base.many(f"INSERT INTO {name} VALUES ({marks})", rows[name])  # noqa: S608

    def _number(self, entry: Entry, captured_at: str) -> int | None:
        """The number of a row: its own, that of an older capture, or None where a newer one is there."""
        seen = None
        if self._dedupe:
            seen = self._base.execute(f"SELECT id, captured_at FROM {_SEEN} WHERE key = ?", (entry.key,)).fetchone()  # noqa: S608
            if seen is not None:
                self.duplicates += 1
                if captured_at < seen[1]:
                    return None
        table = ROW_TABLES[entry.table].name
        number: int = seen[0] if seen else self._next[table]
        if seen is None:
            self._next[table] += 1
        if self._dedupe:
            self._base.execute(f"INSERT OR REPLACE INTO {_SEEN} VALUES (?, ?, ?)", (entry.key, number, captured_at))  # noqa: S608
        return number

    def end(self) -> Path:
        """Make the indexes, which is cheaper when all rows are there."""
        with told_as_os_error():
            for table in (*ROW_TABLES.values(), *CHILDREN.values(), *MERGED.values()):
                for columns in table.indexes:
                    name = f"{table.name}_by_{'_'.join(columns)}"
                    self._base.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {table.name} ({', '.join(columns)})")
            self._base.execute("PRAGMA journal_mode = DELETE")
            self._base.close()
        return self._draft

    def tidy(self, whole: Path) -> None:
        """Take out the state, and the keys of the rows."""
        with told_as_os_error():
            base = sqlite3.connect(whole, isolation_level=None)
            try:
                base.execute("DROP TABLE IF EXISTS _state")
                if self._dedupe:
                    base.execute(f"DROP TABLE IF EXISTS {_SEEN}")
                    base.execute("VACUUM")
            finally:
                base.close()


def _merging(table: Table) -> str:
    """The statement that puts together what two pages tell: the newer one is right, the older one fills the gaps."""
    names = [column.name for column in table.columns]
    newer = f"ifnull(excluded.captured_at, '') >= ifnull({table.name}.captured_at, '')"
    updates = ", ".join(
        f'"{name}" = CASE WHEN {newer} THEN ifnull(excluded."{name}", {table.name}."{name}") '
        f'ELSE ifnull({table.name}."{name}", excluded."{name}") END'
        for name in names
    )
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join("?" * len(names))
    return (
        f"INSERT INTO {table.name} ({columns}) VALUES ({marks}) "  # noqa: S608 - our names
        f"ON CONFLICT ({', '.join(_UNIQUE[table.name])}) DO UPDATE SET {updates}"
    )
