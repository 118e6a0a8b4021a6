"""Measures the client and prints the table that the README quotes: `python -m tests.benchmarks.client`.

The threads are generated, and served on loopback by another process; `--url` takes those of a board instead. Whole
threads are read by the client, and their pages by bare httpx and `parse_page`, in turns. Without a pause between
requests: run it on no forum but your own.
"""

import argparse
import asyncio
import gc
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from operator import truediv
from urllib.parse import urljoin

import httpx

from discuz_scrape import AsyncClient, Client, NoticeError, Page, parse_page

from .serving import served

_MOST = 1.25  # what the client may cost, to the bare fetch and parse of the same pages
_TIMEOUT = 30.0
_CONCURRENCY = (1, 8, 32)


@dataclass(frozen=True, slots=True)
class Job:
    """One thread, and the addresses of its pages as the client asks for them."""

    url: str
    pages: tuple[str, ...]


Pass = Callable[[], object]
"""Reads all threads once."""


@dataclass(slots=True)
class Times:
    """Seconds that one way to read all threads took, in each round."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def take(self, read: Pass) -> None:
        """Read, and note how long it took."""
        gc.collect()  # nobody pays for the litter of the reader before
        wall, processor = time.perf_counter(), time.process_time()
        read()
        self.processor.append(time.process_time() - processor)
        self.wall.append(time.perf_counter() - wall)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table; the exit code is 1 only where `--check` finds the target missed."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.client", description=(__doc__ or "").partition(":")[0]
    )
    parser.add_argument("--url", metavar="BOARD", help="address of a board whose threads are read")
    parser.add_argument("--threads", type=int, default=32, help="how many threads (default: %(default)s)")
    parser.add_argument("--pages", type=int, default=10, help="pages of each generated one (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="what makes up pages (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="passes over the threads (default: %(default)s)")
    parser.add_argument("--check", action="store_true", help="exit with 1 where the target is missed")
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        if options.url:
            urls = _of_board(options.url, options.threads)
        else:
            urls = stack.enter_context(served(options.threads, options.pages, options.seed))
        _keep_to_one_core()
        jobs = _jobs(urls)
        print(f"{len(jobs)} threads, {sum(len(job.pages) for job in jobs)} pages\n", flush=True)
        missed = _table(jobs, options.rounds)
    return int(options.check and missed > 0)


def _of_board(url: str, count: int) -> list[str]:
    with Client(interval=0) as client:
        rows = islice((row for row in client.board(url) if row.tid), count)
        return [urljoin(url, f"forum.php?mod=viewthread&tid={row.tid}") for row in rows]


def _keep_to_one_core() -> None:
    """So that the processor time is that of one core; the server, which is there already, has the others."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _jobs(urls: Sequence[str]) -> list[Job]:
    """See which addresses the client asks for; threads that are refused are left out."""
    asked: list[str] = []
    jobs = []
    with httpx.Client(event_hooks={"request": [lambda request: asked.append(str(request.url))]}) as http:
        client = Client(interval=0, http=http)
        for url in urls:
            with suppress(NoticeError):
                client.thread(url)  # a forum may redirect those who come first
                asked.clear()
                client.thread(url)
                jobs.append(Job(url, tuple(page for page in asked if not page.endswith("/robots.txt"))))
    return jobs


def _table(jobs: Sequence[Job], rounds: int) -> int:
    """Print the table; gives how many of its lines miss the target."""
    print("| client | pages per second | CPU time of a page | bare fetch and parse | ratio | target |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    pages, missed = sum(len(job.pages) for job in jobs), 0
    ways = {"`Client`": _one_by_one(jobs)}
    ways |= {f"`AsyncClient(concurrency={number})`": _at_once(jobs, number) for number in _CONCURRENCY}
    for name, way in ways.items():
        with way as (read, read_bare):
            ours, bare = measure(read, read_bare, rounds)
        speed = pages / statistics.median(ours.wall)
        cost, least = (statistics.median(times.processor) / pages * 1000 for times in (ours, bare))
        ratio = statistics.median(map(truediv, ours.processor, bare.processor))
        missed += ratio > _MOST
        verdict = f"≤ {_MOST:g}×" + ("" if ratio <= _MOST else " **missed**")
        print(f"| {name} | {speed:.0f} | {cost:.2f} ms | {least:.2f} ms | {ratio:.2f}× | {verdict} |", flush=True)
    return missed


def measure(read: Pass, read_bare: Pass, rounds: int) -> tuple[Times, Times]:
    """Let both read in turns, so that a machine that slows down does so for both; the first turn warms up."""
    ours, bare = Times(), Times()
    read()
    read_bare()
    for _ in range(rounds):
        ours.take(read)
        bare.take(read_bare)
    return ours, bare


# --- The ways to read -------------------------------------------------------------------------------------------------


@contextmanager
def _one_by_one(jobs: Sequence[Job]) -> Iterator[tuple[Pass, Pass]]:
    """The sync client, and bare httpx."""
    with Client(interval=0) as client, httpx.Client(timeout=_TIMEOUT) as http:

        def read() -> None:
            for job in jobs:
                client.thread(job.url)

        def read_bare() -> None:
            for job in jobs:
                pages = [_parsed(http.get(url, follow_redirects=True)) for url in job.pages]
                assert pages

        yield read, read_bare


@contextmanager
def _at_once(jobs: Sequence[Job], concurrency: int) -> Iterator[tuple[Pass, Pass]]:
    """The async client, and bare httpx, so many threads at the same time."""
    with asyncio.Runner() as runner:
        client = AsyncClient(interval=0, concurrency=concurrency)
        http = httpx.AsyncClient(timeout=_TIMEOUT)

        async def read_bare(job: Job) -> None:
            pages = [_parsed(await http.get(url, follow_redirects=True)) for url in job.pages]
            assert pages

        def all_of(read: Callable[[Job], Awaitable[object]]) -> Pass:
            return lambda: runner.run(_spread(read, jobs, concurrency))

        yield all_of(lambda job: client.thread(job.url)), all_of(read_bare)
        runner.run(client.aclose())
        runner.run(http.aclose())


async def _spread(read: Callable[[Job], Awaitable[object]], jobs: Sequence[Job], workers: int) -> None:
    """Read the threads by so many workers, each taking the next one that is left."""
    left = iter(jobs)

    async def work() -> None:
        for job in left:
            await read(job)

    await asyncio.gather(*(work() for _ in range(workers)))


def _parsed(response: httpx.Response) -> Page:
    return parse_page(response.content, url=str(response.url), content_type=response.headers["Content-Type"])


if __name__ == "__main__":
    raise SystemExit(main())
