"""Pages on a cluster, by Ray Data: what one machine does with `parse_many`, many do with `read_pages`.

    dataset = read_pages("s3://crawl/*.warc.gz")
    dataset.write_parquet("s3://corpus/posts/")

A task has its pages parsed by a process of its own, which can be lost without it: a page that breaks, hangs or takes
all memory is an error, and the task goes on. A task whose node is lost is done again on another, as Ray Data does with
its own readers; the pieces are the same then, so each row is there once.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from datetime import tzinfo
from typing import Any

from discuz_scrape._doors import check_formats
from discuz_scrape.bulk._made import RowsOf
from discuz_scrape.bulk._pool import MEMORY
from discuz_scrape.bulk._work import Job
from discuz_scrape.output import ROWS

try:
    import ray
    from ray.data import Dataset

    from discuz_scrape.ray._read import Work, dataset, error_type, located
    from discuz_scrape.ray._write import Folder, Summary
except ImportError as error:
    raise ImportError('Ray needs more: pip install "discuz-scrape[ray]"') from error

__all__ = ["Summary", "error_type", "read_pages", "run"]


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
            holds why and all others nothing; of posts it is the other way round. Without it, each task logs how many
            there were, as a warning of the logger `discuz_scrape.ray`.
        seconds: Longest time for one page.
        memory: Bytes that parsing may take in one task.
        override_num_blocks: How many tasks to part the work into; by default that follows the size of the sources.
        concurrency: How many tasks may run at once; by default one on each core.

    Raises:
        ValueError: There is no such kind or format, or a path is that of a pipe.

    """
    work = Work(_job(kind, formats, timezone, sieve, seconds), kind, memory, errors=errors)
    inputs = located(paths, filesystem)
    _start(None)
    return dataset(work, inputs, filesystem, override_num_blocks, concurrency)


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
        kind: As for `read_pages`.
        formats: As for `read_pages`.
        timezone: As for `read_pages`.
        sieve: As for `read_pages`.
        seconds: As for `read_pages`.
        memory: As for `read_pages`.
        override_num_blocks: As for `read_pages`.

    Raises:
        FileExistsError: There is something in the folder.
        ValueError: There is no such kind or format, or a path is that of a pipe.

    """
    work = Work(_job(kind, formats, timezone, sieve, seconds), kind, memory, errors=True, counts=True)
    inputs = located(paths, None)
    sink = Folder(os.fspath(out), kind)
    sink.prepare()
    started = _start(address)
    try:
        dataset(work, inputs, None, override_num_blocks, None).write_datasink(sink)
    finally:
        if started:
            ray.shutdown()
        sink.tidy()
    return sink.summary


def _job(kind: str, formats: Collection[str], timezone: tzinfo | None, sieve: bool, seconds: float) -> Job:  # noqa: FBT001
    if kind not in ROWS:
        raise ValueError(f"unknown kind {kind!r}: choose from {', '.join(ROWS)}")
    check_formats(formats)
    return Job(RowsOf(kind), tuple(formats), timezone, sieve, seconds)


def _start(address: str | None) -> bool:
    """See that Ray runs; tell whether it did not before. What is started here reports to nobody."""
    if ray.is_initialized():
        return False
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    ray.init(address, include_dashboard=False)
    return True
