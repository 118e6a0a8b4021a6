"""A database in the making, for outputs that collect their rows in one: SQLite itself, and rows kept aside."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from discuz_scrape.bulk.sinks._journal import MismatchError
from discuz_scrape.bulk.sinks._sink import Keeper

__all__ = ["Store", "Stored", "told_as_os_error"]


@contextmanager
def told_as_os_error() -> Iterator[None]:
    """Tell of a database that cannot be written as of any file that cannot."""
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_BUSY:
            raise MismatchError("another run writes to the draft of the output") from error
        raise OSError(f"{error}") from error


class Store:
    """A database in the making, with the state of the run in it."""

    def __init__(self, path: Path, *, lasting: bool) -> None:
        self._base = sqlite3.connect(path, timeout=0, isolation_level=None)
        self.execute("PRAGMA locking_mode = EXCLUSIVE")  # two runs would write everything twice
        # what does not last is gone with the run, so it needs no protection
        self.execute(f"PRAGMA journal_mode = {'WAL' if lasting else 'OFF'}")
        self.execute(f"PRAGMA synchronous = {'NORMAL' if lasting else 'OFF'}")
        self.execute("PRAGMA cache_size = -16384")
        self.execute("CREATE TABLE IF NOT EXISTS _state (one INTEGER PRIMARY KEY, state TEXT)")

    def execute(self, sql: str, values: Iterable[Any] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        return self._base.execute(sql, tuple(values))

    def many(self, sql: str, values: Iterable[tuple[Any, ...]]) -> None:
        """Run one statement for many rows."""
        self._base.executemany(sql, values)

    def begin(self) -> None:
        """Put what is written from now on with what was written since the state was kept."""
        if not self._base.in_transaction:
            self.execute("BEGIN")

    def recall(self) -> str | None:
        """Give the state that was kept last."""
        found = self.execute("SELECT state FROM _state").fetchone()
        return str(found[0]) if found else None

    def keep(self, state: str) -> None:
        """Keep the state and all that was written since the last one."""
        self.begin()
        self.execute("INSERT OR REPLACE INTO _state VALUES (1, ?)", (state,))
        self.execute("COMMIT")

    def close(self) -> None:
        """Close it; what was not kept is gone."""
        self._base.close()


class Stored(Keeper):
    """An output that is collected in a database."""

    _store: Store | None = None

    @property
    def _base(self) -> Store:
        assert self._store is not None  # noqa: S101 - `begin` comes first
        return self._store

    def mark(self) -> dict[str, Any]:
        """It knows itself."""
        return {}

    def recall(self) -> str | None:
        """Give the state in it."""
        with told_as_os_error():
            return self._base.recall()

    def keep(self, state: str) -> None:
        """Commit."""
        with told_as_os_error():
            self._base.keep(state)

    def close(self) -> None:
        """Close the database."""
        if self._store is not None:
            self._store.close()
