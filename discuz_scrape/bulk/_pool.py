"""Many processes at work, a stream in and a stream out.

Each process tells which page it is at. When one dies or hangs, that page is reported as lost, and the rest of its piece
of work is done by another. pebble keeps the processes, and replaces those that are gone.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from discuz_scrape.bulk._outcome import Batch, Outcome
from discuz_scrape.bulk._work import Job, run
from discuz_scrape.errors import DiscuzScrapeError, ParseError
from discuz_scrape.sources import Chunk, spread

__all__ = ["MEMORY", "batches", "cores"]

MEMORY = 4 << 30
"""Bytes that one process may have; a page of 32 MiB takes some hundred MiB."""

_BROKEN = (
    "the processes end as soon as they begin: what they import cannot be imported there, "
    'such as a script without `if __name__ == "__main__":`'
)
_AHEAD = 2  # pieces of work that wait for each process
_LONGEST_END = 10.0  # seconds for processes to end
_ON_THE_WAY = -1  # the place of a process that has still to go past pages that others have done


def cores() -> int:
    """How many processes this one may have at work at once; a container may have few of the machine's cores."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def batches(
    chunks: Iterable[Chunk], job: Job, *, workers: int, ordered: bool = True, memory: int = MEMORY
) -> Generator[Batch, None, None]:
    """Do the job on all pieces of work; with 0 workers in this process, which nobody guards then.

    Raises DiscuzScrapeError where the processes end as soon as they begin.
    """
    if workers == 0:
        yield from (run(chunk, job) for chunk in spread(chunks))
        return
    crew = _Crew(job, workers, memory)
    try:
        yield from crew.work(spread(chunks), ordered=ordered)
    except BrokenProcessPool as error:
        crew.stop()
        raise DiscuzScrapeError(_BROKEN) from error
    except BaseException:
        crew.stop()
        raise
    crew.pool.close()
    crew.pool.join()


@dataclass(slots=True)
class _Task:
    """A piece of work under way, or what is left of it."""

    chunk: Chunk
    place: int
    """Where its process tells at which page it is."""
    ranges: list[tuple[int, int | None]]
    """Pages that are still to be done, the next ones last."""
    done: list[tuple[int, Batch]] = field(default_factory=list)
    """What was done, and the place where each part begins."""
    future: Any = None
    patience: float = 4.0
    """How many times the longest time of a page its process has, before somebody looks after it."""


class _Crew:
    """The processes, and what they are at."""

    def __init__(self, job: Job, workers: int, memory: int) -> None:
        self._job, self._workers, self._memory = job, workers, memory
        most = workers * (1 + _AHEAD)
        self._context = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")
        self._told = self._context.Array("d", 2 * most, lock=False)
        self._free = list(range(most))
        self._running: deque[_Task] = deque()
        self._is_proved = False  # whether these processes have done something
        self.pool = self._processes()

    def _processes(self) -> Any:
        try:
            from pebble import ProcessPool
        except ImportError as error:
            raise ParseError('many processes need more: pip install "discuz-scrape[bulk]"') from error
        given = (self._told, self._memory)
        return ProcessPool(self._workers, initializer=_begin, initargs=given, context=self._context)

    def stop(self) -> None:
        """End all processes; not for ever, for what broke in may have left a lock of pebble's behind."""
        self.pool.stop()
        end = threading.Thread(target=self.pool.join, daemon=True)
        end.start()
        end.join(_LONGEST_END)

    def work(self, chunks: Iterable[Chunk], *, ordered: bool) -> Iterator[Batch]:
        for chunk in chunks:
            if not self._free:
                yield self._next(ordered=ordered)
            task = _Task(chunk, self._free.pop(), [(0, None)])
            self._running.append(task)
            self._start(task)
        while self._running:
            yield self._next(ordered=ordered)

    def _start(self, task: _Task) -> None:
        try:
            self._schedule(task)
        except RuntimeError as error:  # pebble's, of a pool that it has given up
            self._renew(BrokenProcessPool(str(error)))

    def _schedule(self, task: _Task) -> None:
        start, stop = task.ranges[-1]
        self._told[2 * task.place : 2 * task.place + 2] = [_ON_THE_WAY if start else 0, time.monotonic()]
        timeout = task.patience * self._job.seconds
        task.future = self.pool.schedule(_run, args=(task.chunk, self._job, start, stop, task.place), timeout=timeout)

    def _renew(self, error: BrokenProcessPool) -> None:
        """Go on with other processes: pebble gives up when one dies while all of them have nothing to do."""
        if not self._is_proved:
            raise error
        self._is_proved = False
        self.stop()
        self.pool = self._processes()
        for task in self._running:
            if task.future is None or not task.future.done() or isinstance(task.future.exception(), BrokenProcessPool):
                self._schedule(task)

    def _next(self, *, ordered: bool) -> Batch:
        """The next batch that is whole."""
        running = self._running
        while True:
            if not ordered:
                done, _ = wait([task.future for task in running], return_when=FIRST_COMPLETED)
                running.rotate(-next(at for at, task in enumerate(running) if task.future in done))
            task = running[0]
            try:
                self._settle(task)
            except BrokenProcessPool as error:
                self._renew(error)
                continue
            if not task.ranges:
                running.popleft()
                self._free.append(task.place)
                return _joined(task)
            self._start(task)

    def _settle(self, task: _Task) -> None:
        """Take what a process has done, or see at which page it was lost."""
        from pebble import ProcessExpired

        start, stop = task.ranges[-1]
        try:
            batch = task.future.result()
        except BrokenProcessPool:
            raise
        except (ProcessExpired, TimeoutError) as error:
            at, since = int(self._told[2 * task.place]), self._told[2 * task.place + 1]
            if isinstance(error, TimeoutError) and time.monotonic() - since < self._job.seconds:
                task.patience *= 2  # it is slow but moves
                return
            task.ranges.pop()
            if at == _ON_THE_WAY:  # it must go past what others died of
                task.done.append((start, _lost(f"{task.chunk.name} from page {start + 1}", error)))
            else:
                task.ranges.append((at + 1, stop))
                task.done.append((at, _lost(f"{task.chunk.name} page {at + 1}", error)))
            if at > start:
                task.ranges.append((start, at))
        except Exception as error:  # noqa: BLE001 - what was made of its pages cannot be put together, or sent
            task.ranges.pop()
            end = int(self._told[2 * task.place]) if stop is None else stop
            if end - start > 1:
                half = (start + end) // 2
                task.ranges += [(half, stop), (start, half)]
            else:
                task.ranges.append((start + 1, stop))
                task.done.append((start, _lost(f"{task.chunk.name} page {start + 1}", error)))
        else:
            task.ranges.pop()
            task.done.append((start, batch))
            self._is_proved = True


def _joined(task: _Task) -> Batch:
    """All parts as one, in the order of the pages."""
    whole = Batch(task.chunk.identity)
    for _, part in sorted(task.done, key=lambda done: done[0]):
        whole.outcomes += part.outcomes
        whole.sealed += part.sealed
        whole.pages += part.pages
        whole.dropped.update(part.dropped)
    return whole


_told: Any = None  # in a process of the crew: where it tells at which page it is


def _begin(told: Any, memory: int) -> None:
    """Make a fresh process ready: Ctrl-C is for the one that started it, and its memory has an end."""
    global _told  # noqa: PLW0603 - what pebble offers for the state of a process
    _told = told
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        import resource
    except ImportError:  # on Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    bound = memory if most == resource.RLIM_INFINITY else min(memory, most)
    with suppress(ValueError, OverflowError):  # more than a system can count, or one that cannot bound it
        resource.setrlimit(resource.RLIMIT_AS, (bound, most))


def _run(chunk: Chunk, job: Job, start: int, stop: int | None, place: int) -> Batch:
    def tell(at: int) -> None:
        _told[2 * place : 2 * place + 2] = [at if at >= start else _ON_THE_WAY, time.monotonic()]

    return run(chunk, job, start, stop, tell)


def _lost(source: str, error: Exception) -> Batch:
    """The report on a page that cost a process its life, or on what lies behind such a page and was not reached."""
    from pebble import ProcessExpired

    if isinstance(error, TimeoutError):
        how = "the process that read it hung"
    elif isinstance(error, ProcessExpired):
        how = f"the process that read it died ({error})"
    else:
        how = f"what it holds cannot be kept: {type(error).__name__} {error}".strip()
    what = ParseError(how)
    return Batch(source, [Outcome(source, None, "", None, what, 0.0)], pages=1)
