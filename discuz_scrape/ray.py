"""Pages on a cluster, by Ray Data: what one machine does with `parse_many`, many do with `read_pages`.

    dataset = read_pages("s3://crawl/*.warc.gz")
    dataset.write_parquet("s3://corpus/posts/")

A task has its pages parsed by a process of its own, which can be lost without it: a page that breaks, hangs or takes
all memory is an error, and the task goes on. A task whose node is lost is done again on another, as Ray Data does with
its own readers; the pieces are the same then, so each row is there once.
"""

from __future__ import annotations

import json
import os
import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any

from discuz_scrape.bulk._arrow import schema_of
from discuz_scrape.bulk._made import RowsOf
from discuz_scrape.bulk._outcome import Batch, Outcome
from discuz_scrape.bulk._pool import MEMORY, batches
from discuz_scrape.bulk._work import Job
from discuz_scrape.errors import ParseError
from discuz_scrape.sources import Chunk, Fault, chunks
from discuz_scrape.sources._find import STDIN
from discuz_scrape.sources._place import is_remote
from discuz_scrape.sources._warc import Warc

try:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq
    import ray
    from fsspec.core import url_to_fs
    from ray.data import Dataset, Datasink, Datasource, ReadTask
    from ray.data.block import BlockMetadata
except ImportError as error:
    raise ImportError('Ray needs more: pip install "discuz-scrape[ray]"') from error

__all__ = ["Summary", "error_type", "read_pages", "run"]

_LEAST, _MOST = 8 << 20, 128 << 20  # bytes of a WARC for one task, so that its start costs little and its loss too
_PARTABLE = 1 << 16
_FILE = 1 << 16  # bytes that a page in a file of its own is taken for
_ROW_GROUP = 16_384
_DRAFT = ".part"

error_type = pa.struct([(name, pa.string()) for name in ("source", "url", "class", "message")])
"""The Arrow type of the column `error`: where, at what address, which of `discuz_scrape.errors`, and its message."""

_COUNTS = pa.map_(pa.string(), pa.int64())


def read_pages(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    kind: str = "thread",
    formats: Collection[str] = ("text",),
    timezone: tzinfo | None = None,
    sieve: bool = True,
    filesystem: Any = None,
    errors: bool = False,
    seconds: float = 30.0,
    memory: int = MEMORY,
    override_num_blocks: int | None = None,
    concurrency: int | None = None,
) -> Dataset:
    """Read pages to a Ray Dataset of their rows: posts of threads, or what pages of another kind consist of.

    Ray is started where it does not run yet: at `RAY_ADDRESS`, else on this machine, without its telemetry.

    Args:
        paths: Files, folders and patterns as for `parse_many`; what has a scheme, such as `s3://…`, is opened by fsspec
            on whichever node reads it.
        kind: What to read; pages of other kinds give no rows.
        formats: Which bodies of posts to render, as in `parse_page`.
        timezone: Offset of the pages' times where their footer does not tell.
        sieve: Whether to drop pages that are not Discuz! before they are parsed; see `detect`.
        filesystem: The fsspec file system that all paths are on; None to tell by their schemes.
        errors: Whether there is a row too for each page that cannot be read. Its column `error` (see `error_type`)
            holds why and all others nothing; of posts it is the other way round.
        seconds: Longest time for one page.
        memory: Bytes that parsing may take in one task.
        override_num_blocks: How many tasks to part the work into; by default that follows the size of the sources.
        concurrency: How many tasks may run at once; by default one on each core.

    """
    job = Job(RowsOf(kind), tuple(formats), timezone, sieve, seconds)
    work = _Work(job, kind, memory, errors=errors)
    _start(None)
    return _dataset(work, paths, filesystem, override_num_blocks, concurrency)


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a run."""

    pages: int
    """How many pages were looked at."""
    rows: int
    """How many rows were written."""
    kinds: dict[str, int]
    """How many pages of each kind were parsed."""
    dropped: dict[str, int]
    """How many pages the sieve dropped, by what they are."""
    errors: dict[str, int]
    """How many pages could not be read, by class of error."""


def run(
    paths: Iterable[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    address: str = "local",
    *,
    kind: str = "thread",
    formats: Collection[str] = ("text",),
    timezone: tzinfo | None = None,
    sieve: bool = True,
    seconds: float = 30.0,
    memory: int = MEMORY,
    override_num_blocks: int | None = None,
) -> Summary:
    """Parse pages on a cluster into a folder of Parquet files: what `discuz-scrape parse --ray ADDRESS` does.

    The pages that could not be read are told of in `errors-*.jsonl` beside them.

    Args:
        paths: As for `read_pages`.
        out: The folder, by a path that all nodes share or an address that fsspec knows; there must be nothing in it.
        address: Where the cluster is; "local" for one on this machine that ends with the run.
        kind: As for `read_pages`, like all that follow.
        formats: …
        timezone: …
        sieve: …
        seconds: …
        memory: …
        override_num_blocks: …

    Raises:
        FileExistsError: There is something in the folder.

    """
    job = Job(RowsOf(kind), tuple(formats), timezone, sieve, seconds)
    work = _Work(job, kind, memory, errors=True, counts=True)
    sink = _Folder(os.fspath(out), kind)
    sink.prepare()
    started = _start(address)
    try:
        _dataset(work, paths, None, override_num_blocks, None).write_datasink(sink)
    finally:
        if started:
            ray.shutdown()
    return sink.summary


def _start(address: str | None) -> bool:
    """See that Ray runs; tell whether it did not before. What is started here reports to nobody."""
    if ray.is_initialized():
        return False
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    ray.init(address, include_dashboard=False)
    return True


# ----------------------------------------------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class _Work:
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
        faults = [piece for piece in pieces if isinstance(piece, Fault)]
        if faults:
            yield self._table(_told(faults))
        readable = [piece for piece in pieces if not isinstance(piece, Fault)]
        for batch in batches(readable, self.job, workers=1, memory=self.memory):
            yield self._table(batch)

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
        batch.outcomes.append(Outcome(fault.source, None, "", None, what, 0.0))
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


def _counts(batch: Batch) -> Counter[str]:
    counts = Counter({"pages": batch.pages})
    for outcome in batch.outcomes:
        counts[f"error {type(outcome.error).__name__}" if outcome.error else f"kind {outcome.kind}"] += 1
    for kind, number in batch.dropped.items():
        counts[f"dropped {kind}"] += number
    return counts


def _dataset(
    work: _Work,
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    filesystem: Any,
    tasks: int | None,
    concurrency: int | None,
) -> Dataset:
    inputs = [paths] if isinstance(paths, str | os.PathLike) else paths
    found = list(chunks((_anywhere(path, filesystem) for path in inputs), filesystem=filesystem))
    pages = _Pages(work, found, least=_PARTABLE if tasks else _LEAST)
    return ray.data.read_datasource(pages, override_num_blocks=tasks, concurrency=concurrency)


def _anywhere(path: str | os.PathLike[str], filesystem: Any) -> str:
    """A path that means the same wherever a task runs."""
    name = os.fspath(path)
    return name if filesystem is not None or is_remote(name) or name == STDIN else str(Path(name).absolute())


class _Pages(Datasource):  # type: ignore[misc]
    """The pages of sources, as Ray Data reads them."""

    def __init__(self, work: _Work, found: Sequence[Chunk | Fault], *, least: int) -> None:
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
        return [self._task(pieces, per_task_row_limit) for pieces in _shares(self._parted(piece), piece)]

    def _parted(self, piece: int) -> Iterator[Chunk | Fault]:
        for chunk in self._found:
            if isinstance(chunk, Warc):
                yield from chunk.parted(piece)
            else:
                yield chunk

    def _task(self, pieces: list[Chunk | Fault], limit: int | None) -> ReadTask:
        work = self._work
        metadata = BlockMetadata(num_rows=None, size_bytes=sum(map(_size, pieces)), input_files=None, exec_stats=None)
        return ReadTask(lambda: work.blocks(pieces), metadata, schema=work.schema(), per_task_row_limit=limit)


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


# ----------------------------------------------------------------------------------------------------------- writing


class _Folder(Datasink[Counter[str]]):  # type: ignore[misc]
    """A folder of Parquet files, one of each task, and of errors as JSON lines."""

    def __init__(self, out: str, kind: str) -> None:
        self._out = out if is_remote(out) else Path(out).absolute().as_uri()
        self._kind = kind
        self.summary = _summary([])

    def prepare(self) -> None:
        """Make the folder."""
        system, folder = url_to_fs(self._out)
        if system.exists(folder) and system.ls(folder):
            raise FileExistsError(f"{self._out}: there is something in it")
        system.makedirs(folder, exist_ok=True)

    def write(self, blocks: Iterable[Any], ctx: Any) -> Counter[str]:
        """Write what one task has read; when it is done again, over what it wrote before it was lost."""
        counts: Counter[str] = Counter()
        errors: list[str] = []
        with self._file(f"{ctx.task_idx:06}.parquet") as file, self._rows(file) as writer:
            for block in blocks:
                rows = block.filter(pc.is_valid(block["kind"]))
                writer.write_table(rows.select(writer.schema.names), row_group_size=_ROW_GROUP)
                counts["rows"] += rows.num_rows
                errors += (json.dumps(error, ensure_ascii=False) for error in block["error"].drop_null().to_pylist())
                for told in block["counts"].drop_null().to_pylist():
                    counts.update(dict(told))
        if errors:
            with self._file(f"errors-{ctx.task_idx:06}.jsonl") as file:
                file.write("".join(f"{line}\n" for line in errors).encode())
        return counts

    def on_write_complete(self, write_result: Any) -> None:
        """Add up what the tasks tell, and leave nothing of those that were lost."""
        self.summary = _summary(write_result.write_returns)
        system, folder = url_to_fs(self._out)
        for path in system.glob(f"{folder}/.*{_DRAFT}"):
            system.rm_file(path)

    @contextmanager
    def _file(self, name: str) -> Iterator[Any]:
        """A file that is there when it is whole."""
        system, folder = url_to_fs(self._out)
        draft = f"{folder}/.{name}-{secrets.token_hex(4)}{_DRAFT}"
        with system.open(draft, "wb") as file:
            yield file
        system.mv(draft, f"{folder}/{name}")

    def _rows(self, file: Any) -> Any:
        return pq.ParquetWriter(file, schema_of(self._kind), compression="zstd")


def _summary(told: Iterable[Counter[str]]) -> Summary:
    counts = sum(told, Counter())
    groups: dict[str, dict[str, int]] = {"kind": {}, "dropped": {}, "error": {}}
    for name, number in counts.items():
        group, _, what = name.partition(" ")
        if group in groups:
            groups[group][what] = number
    return Summary(counts["pages"], counts["rows"], groups["kind"], groups["dropped"], groups["error"])
