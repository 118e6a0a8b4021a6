"""What reads pages in the tasks of Ray Data."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import ray
from ray.data import Dataset, Datasource, ReadTask
from ray.data.block import BlockMetadata

from discuz_scrape.bulk._arrow import schema_of
from discuz_scrape.bulk._outcome import Batch, Outcome
from discuz_scrape.bulk._pool import batches
from discuz_scrape.bulk._work import Job
from discuz_scrape.errors import ParseError
from discuz_scrape.output import visible_line
from discuz_scrape.sources import Chunk, Fault, chunks, is_piped
from discuz_scrape.sources._place import is_remote
from discuz_scrape.sources._warc import Warc

__all__ = ["Work", "dataset", "error_type", "located"]

_LEAST, _MOST = 8 << 20, 128 << 20  # bytes of a WARC for one task, so that its start costs little and its loss too
_PARTABLE = 1 << 16
_FILE = 1 << 16  # bytes that a page in a file of its own is taken for

error_type = pa.struct([(name, pa.string()) for name in ("source", "url", "class", "message")])
"""The Arrow type of the column `error`: where, at what address, which of `discuz_scrape.errors`, and its message."""

_log = logging.getLogger("discuz_scrape.ray")

_COUNTS = pa.map_(pa.string(), pa.int64())


@dataclass(frozen=True, slots=True)
class Work:
    """What a task does with its pieces of the sources."""

    job: Job
    kind: str
    memory: int
    errors: bool = False
    """Whether to tell of errors in a column of their own."""
    counts: bool = False
    """Whether to tell of all pages in a column of their own, in a row for each piece."""

    def schema(self) -> Any:
        """The columns of the rows."""
        schema = schema_of(self.kind)
        if self.errors:
            schema = schema.append(pa.field("error", error_type))
        if self.counts:
            schema = schema.append(pa.field("counts", _COUNTS))
        return schema

    def blocks(self, pieces: Sequence[Chunk | Fault]) -> Iterator[Any]:
        """Read pieces of the sources; a table for each."""
        failures, first, looked = Counter[str](), "", 0
        for batch in self._batches(pieces):
            looked += batch.pages
            for outcome in () if self.errors else batch.outcomes:
                if outcome.error is not None:
                    failures[_class_of(outcome)] += 1
                    first = first or f"{outcome.source}: {outcome.error}"
            yield self._table(batch)
        if failures:
            _warn(failures, looked, first)
        if not pieces:
            yield self.schema().empty_table()

    def _batches(self, pieces: Sequence[Chunk | Fault]) -> Iterator[Batch]:
        faults = [piece for piece in pieces if isinstance(piece, Fault)]
        if faults:
            yield _told(faults)
        readable = [piece for piece in pieces if not isinstance(piece, Fault)]
        yield from batches(readable, self.job, workers=1, memory=self.memory)

    def _table(self, batch: Batch) -> Any:
        schema = self.schema()
        try:
            return pa.Table.from_pylist(self._rows(batch), schema=schema)
        except (pa.ArrowException, ValueError, OverflowError):  # a number or a text that Arrow cannot hold
            batch.outcomes = [_fitting(outcome, schema) for outcome in batch.outcomes]
            return pa.Table.from_pylist(self._rows(batch), schema=schema)

    def _rows(self, batch: Batch) -> list[dict[str, Any]]:
        rows = [row for outcome in batch.outcomes for row in outcome.made or ()]
        if self.errors:
            rows += [{"error": _error(outcome)} for outcome in batch.outcomes if outcome.error is not None]
        if self.counts:
            rows.append({"counts": list(_counts(batch).items())})
        return rows


def _told(faults: Iterable[Fault]) -> Batch:
    batch = Batch("")
    for fault in faults:
        what = ParseError(f"cannot be read: {fault.message}")
        batch.outcomes.append(Outcome(fault.source, None, "", None, what, 0.0, fault))
        batch.pages += 1
    return batch


def _fitting(outcome: Outcome, schema: Any) -> Outcome:
    try:
        pa.Table.from_pylist(outcome.made or [], schema=schema)
    except (pa.ArrowException, ValueError, OverflowError) as error:
        what = ParseError(f"does not fit into a table: {error}", url=outcome.url)
        return Outcome(outcome.source, outcome.url, "", None, what, outcome.seconds)
    return outcome


def _error(outcome: Outcome) -> dict[str, str | None]:
    return {
        "source": outcome.source,
        "url": outcome.url,
        "class": type(outcome.error).__name__,
        "message": str(outcome.error),
    }


def _class_of(outcome: Outcome) -> str:
    return outcome.fault.kind if outcome.fault is not None else type(outcome.error).__name__


def _warn(failures: Counter[str], looked: int, first: str) -> None:
    classes = ", ".join(f"{number} {name}" for name, number in failures.most_common())
    told = "%d of %d pages could not be read (%s), the first: %s; errors=True gives each as a row"
    _log.warning(told, failures.total(), looked, classes, visible_line(first))


def _counts(batch: Batch) -> Counter[str]:
    counts = Counter({"pages": batch.pages})
    for outcome in batch.outcomes:
        counts[f"error {_class_of(outcome)}" if outcome.error else f"kind {outcome.kind}"] += 1
    for kind, number in batch.dropped.items():
        counts[f"dropped {kind}"] += number
    return counts


def located(paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], filesystem: Any) -> list[str]:
    """Paths that mean the same wherever a task runs. Raises ValueError for a pipe, which no other process can read."""
    inputs = [paths] if isinstance(paths, str | os.PathLike) else paths
    return [_anywhere(os.fspath(path), filesystem) for path in inputs]


def dataset(work: Work, paths: Iterable[str], filesystem: Any, tasks: int | None, concurrency: int | None) -> Dataset:
    """The rows of the pages in some sources, from as many tasks as their size asks for."""
    found = list(chunks(paths, filesystem=filesystem))
    pages = _Pages(work, found, least=_PARTABLE if tasks else _LEAST)
    return ray.data.read_datasource(pages, override_num_blocks=tasks, concurrency=concurrency)


def _anywhere(name: str, filesystem: Any) -> str:
    if filesystem is not None or is_remote(name):
        return name
    if is_piped(name):
        raise ValueError(f"what comes through a pipe cannot be read on a cluster: {name}")
    return str(Path(name).absolute())


class _Pages(Datasource):  # type: ignore[misc]
    """The pages of sources, as Ray Data reads them."""

    def __init__(self, work: Work, found: Sequence[Chunk | Fault], *, least: int) -> None:
        super().__init__()
        self._work = work
        self._found = found
        self._least = least
        self._size = sum(map(_size, found))

    def get_name(self) -> str:
        return "Pages"

    def estimate_inmemory_data_size(self) -> int | None:
        return self._size  # posts out of a page take about as much as the page when it is compressed

    def get_read_tasks(
        self,
        parallelism: int,
        per_task_row_limit: int | None = None,
        data_context: Any = None,  # noqa: ARG002 - the signature is Ray's
    ) -> list[ReadTask]:
        piece = min(max(self._size // max(parallelism, 1), self._least), _MOST)
        tasks = []
        schema = self._work.schema()
        shares = list(_shares(self._parted(piece), piece))
        for pieces in shares or [[]]:  # without any task, Ray would not know the columns
            size = sum(map(_size, pieces))
            metadata = BlockMetadata(num_rows=None, size_bytes=size, input_files=None, exec_stats=None)
            read = partial(self._work.blocks, pieces)
            tasks.append(ReadTask(read, metadata, schema=schema, per_task_row_limit=per_task_row_limit))
            schema = None  # once is enough, and most of what there is to a task
        return tasks

    def _parted(self, piece: int) -> Iterator[Chunk | Fault]:
        for chunk in self._found:
            if isinstance(chunk, Warc):
                yield from chunk.parted(piece)
            else:
                yield chunk


def _size(chunk: Chunk | Fault) -> int:
    return chunk.end - chunk.start if isinstance(chunk, Warc) else len(getattr(chunk, "paths", "1")) * _FILE


def _shares(pieces: Iterable[Chunk | Fault], size: int) -> Iterator[list[Chunk | Fault]]:
    """Deal out pieces, those that stand side by side to one task, until it has enough."""
    share: list[Chunk | Fault] = []
    total = 0
    for piece in pieces:
        if share and total + _size(piece) > size:
            yield share
            share, total = [], 0
        share.append(piece)
        total += _size(piece)
    if share:
        yield share
