"""Pages by the million: many sources, many processes, one stream of results.

`discuz_scrape.sources` parts what is to be read into pieces of work; `_work` does one piece, `_pool` has many processes
do them, and what is made of each page travels back in order.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import closing
from datetime import tzinfo

from discuz_scrape._doors import check_formats
from discuz_scrape.bulk._made import page_itself
from discuz_scrape.bulk._outcome import Batch, Result
from discuz_scrape.bulk._pool import MEMORY, batches, cores
from discuz_scrape.bulk._work import Job
from discuz_scrape.sources import readable

__all__ = ["Result", "parse_many"]


def parse_many(
    sources: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    workers: int | None = None,
    ordered: bool = True,
    formats: Collection[str] = ("text",),
    timezone: tzinfo | None = None,
    sieve: bool = False,
    seconds: float = 30.0,
    memory: int = MEMORY,
) -> Iterator[Result]:
    """Parse many pages in many processes; neither a broken page nor a lost process ends the stream.

    The processes import the script that calls this, as all of Python's do: it needs `if __name__ == "__main__":`.

    Args:
        sources: Files, folders, patterns such as `dump/**/*.html`, zip and tar archives, WARCs, and "-"; one or many.
        workers: How many processes; None for one on each core, 0 for none but this one.
        ordered: Whether results come in the order of the sources, else as they are done.
        formats: Which bodies of posts to render, as in `parse_page`.
        timezone: Offset of the pages' times where their footer does not tell.
        sieve: Whether to drop pages that are not Discuz!, for crawls; see `detect`.
        seconds: Longest time for one page.
        memory: Bytes that one process may have.

    Raises:
        DiscuzScrapeError: The processes cannot be started.
        ValueError: A format is unknown.

    """
    check_formats(formats)
    job = Job(page_itself, tuple(formats), timezone, sieve, seconds)
    named = [sources] if isinstance(sources, str | os.PathLike) else sources
    crew = cores() if workers is None else workers
    return _results(batches(readable(named), job, workers=crew, ordered=ordered, memory=memory))


def _results(work: Generator[Batch, None, None]) -> Iterator[Result]:
    with closing(work):
        for batch in work:
            for outcome in batch.outcomes:
                yield Result(outcome.source, outcome.url, outcome.made, outcome.error, outcome.seconds)
