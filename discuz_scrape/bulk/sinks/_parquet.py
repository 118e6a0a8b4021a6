"""Parquet: a typed table of one kind of page, in groups of rows of bounded size."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from discuz_scrape._disk import bring_to_disk
from discuz_scrape._place import Place
from discuz_scrape.bulk._made import page_itself
from discuz_scrape.bulk._outcome import Batch, Outcome
from discuz_scrape.bulk.sinks._journal import reopened
from discuz_scrape.bulk.sinks._sink import Sink, chosen, forget
from discuz_scrape.errors import ParseError

__all__ = ["Parquet"]

_ROWS = 20_000
_BYTES = 64 << 20
_LENGTH = 8


class Parquet(Sink):
    """Workers send their rows as Arrow streams. With a journal these are collected in the draft, which can be cut."""

    kinds = ("thread",)
    one_kind = True

    def __init__(self) -> None:
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError as error:
            raise ParseError('Parquet needs more: pip install "discuz-scrape[parquet]"') from error
        self.make = page_itself
        self.seal = _sealed
        self._groups: _Groups | None = None
        self._streams: BinaryIO | None = None

    def begin(self, place: Place, at: dict[str, Any]) -> None:
        """Open the draft; the file of a run that may be resumed is made at its end."""
        if place.is_device:
            raise OSError(f"{place.path} is no place for Parquet, which is written at two ends")
        self._place = place
        self._kind = at.get("kind", "")
        if place.lasting:
            self._streams = reopened(place, at.get("size", 0))

    def write(self, batch: Batch, kind: str) -> None:
        """Write what the worker has put together of one kind."""
        for sealed in batch.sealed:
            if kind in sealed:
                self._kind = kind
                self._put(sealed[kind])

    def _put(self, stream: bytes) -> None:
        if self._streams is not None:
            self._streams.write(len(stream).to_bytes(_LENGTH, "little") + stream)
        else:
            self._rows().add(_table(stream))

    def write_lines(self, lines: Iterable[str], kind: str) -> None:
        """Write rows that are JSON."""
        from pyarrow import Table

        from discuz_scrape.bulk._arrow import schema_of
        from discuz_scrape.output._rows import row_model

        self._kind = kind
        model = row_model(kind)
        rows = [model.model_validate_json(line).model_dump() for line in lines]
        self._rows().add(Table.from_pylist(rows, schema=schema_of(kind)))

    def _rows(self) -> _Groups:
        if self._groups is None:
            from discuz_scrape.bulk._arrow import schema_of

            path = self._place.create_second() if self._streams is not None else self._place.draft
            self._groups = _Groups(path, schema_of(self._kind or "thread"))
        return self._groups

    def mark(self) -> dict[str, Any]:
        """Tell the size of what was collected."""
        assert self._streams is not None  # noqa: S101 - none but those that last are asked
        bring_to_disk(self._streams)
        return {"size": self._streams.tell(), "kind": self._kind}

    def end(self) -> Path:
        """Write the last group, and what tells where all are."""
        groups = self._rows()
        if self._streams is not None:
            self._streams.seek(0)
            for stream in _parts(self._streams):
                groups.add(_table(stream))
        groups.end()
        return groups.path

    def close(self) -> None:
        """Close all files."""
        if self._streams is not None:
            with suppress(OSError):
                self._streams.close()
        if self._groups is not None:
            self._groups.close()


class _Groups:
    """A Parquet file that gets its rows in groups of bounded size, whatever pieces they come in."""

    def __init__(self, path: Path, schema: Any) -> None:
        from pyarrow import set_memory_pool, system_memory_pool
        from pyarrow.parquet import ParquetWriter

        set_memory_pool(system_memory_pool())  # Arrow's own keeps what was needed once, and grows with the run
        self.path = path
        self._file = path.open("r+b")
        self._writer = ParquetWriter(self._file, schema, compression="zstd")
        self._waiting: list[Any] = []
        self._rows = self._bytes = 0

    def add(self, table: Any) -> None:
        self._waiting.append(table)
        self._rows += table.num_rows
        self._bytes += table.nbytes
        if self._rows >= _ROWS or self._bytes >= _BYTES:
            self._flush()

    def _flush(self) -> None:
        from pyarrow import concat_tables

        if self._waiting:
            self._writer.write_table(concat_tables(self._waiting), row_group_size=_ROWS)
        self._waiting, self._rows, self._bytes = [], 0, 0

    def end(self) -> None:
        self._flush()
        self._writer.close()
        self._file.close()

    def close(self) -> None:
        with suppress(OSError, ValueError):  # what is not whole is thrown away
            self._writer.close()
        with suppress(OSError):
            self._file.close()


def _sealed(batch: Batch) -> None:
    """Make an Arrow stream of the rows of each kind; a page that Arrow cannot hold becomes an error."""
    import pyarrow as pa

    from discuz_scrape.bulk._arrow import table_of

    unfit = (pa.ArrowException, OverflowError, UnicodeError)
    sealed = {}
    for kind in dict.fromkeys(outcome.kind for outcome in batch.outcomes if outcome.made is not None):
        try:
            table = table_of(chosen(batch, kind), kind)
        except unfit:
            batch.outcomes = [_checked(outcome, unfit) for outcome in batch.outcomes]
            table = table_of(chosen(batch, kind), kind)
        sealed[kind] = _stream(table)
    forget(batch)
    if sealed:
        batch.sealed.append(sealed)


def _checked(outcome: Outcome, unfit: tuple[type[Exception], ...]) -> Outcome:
    """The page again, or why Arrow cannot hold it."""
    from discuz_scrape.bulk._arrow import table_of

    try:
        if outcome.made is not None:
            table_of([outcome.made.payload], outcome.kind)
    except unfit as error:
        return _failed(outcome, error)
    return outcome


def _failed(outcome: Outcome, error: Exception) -> Outcome:
    what = ParseError(f"cannot be put into a table: {error}", url=outcome.url)
    return Outcome(outcome.source, outcome.url, "", None, what, outcome.seconds)


def _stream(table: Any) -> bytes:
    import pyarrow as pa

    written = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_stream(written, table.schema, options=options) as writer:
        writer.write_table(table)
    return written.getvalue()


def _table(stream: bytes) -> Any:
    import pyarrow as pa

    return pa.ipc.open_stream(stream).read_all()


def _parts(file: BinaryIO) -> Iterator[bytes]:
    while length := file.read(_LENGTH):
        yield file.read(int.from_bytes(length, "little"))
