"""What is done with each page: the sieve, the parser, and what is to be made of it; in whatever process."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import count, islice
from types import FrameType
from typing import Any, NoReturn

from discuz_scrape import detect, parse_text
from discuz_scrape._any import parse_any
from discuz_scrape._encoding import decode
from discuz_scrape.bulk._outcome import Batch, Make, Outcome
from discuz_scrape.errors import DiscuzScrapeError, ParseError
from discuz_scrape.models import Detection, Page
from discuz_scrape.sources import Chunk, Fault, Item

__all__ = ["Job", "run"]


@dataclass(frozen=True, slots=True)
class Job:
    """How pages are to be read; the same for all."""

    make: Make
    formats: tuple[str, ...] = ("text",)
    timezone: tzinfo | None = None
    sieve: bool | None = False
    """Whether pages that are not Discuz! are dropped before they are parsed; None for those of crawls only."""
    seconds: float = 30.0
    """Longest time for one page."""
    url: str | None = None
    content_type: str | None = None
    now: datetime | None = None
    """What is known of all pages, whatever their sources tell."""
    seal: Callable[[Batch], None] | None = None
    """What to do with a batch before it is sent, such as to make one thing of what was made of its pages."""


def run(
    chunk: Chunk, job: Job, start: int = 0, stop: int | None = None, tell: Callable[[int], None] | None = None
) -> Batch:
    """Read the pages of a piece of work; of some of them, where `start` and `stop` tell their places.

    Before each page, also one that is passed by, `tell` is told its place, so that somebody else knows which one it was
    if this process dies of it.
    """
    batch = Batch(chunk.identity)
    items = _items(chunk)
    for at, _ in enumerate(islice(items, start)):
        if tell is not None:
            tell(at)
    for at in count(start):
        if at == stop:
            break
        if tell is not None:
            tell(at)  # before it is read: that may be what it dies of
        item = next(items, None)
        if item is None:
            break
        batch.pages += 1
        if isinstance(item, Fault):
            error = ParseError(f"cannot be read: {item.message}")
            batch.outcomes.append(Outcome(item.source, None, "", None, error, 0.0, item))
            continue
        sieve = item.crawled if job.sieve is None else job.sieve
        if sieve and not item.flattened and not (seen := _detected(item, job)).is_discuz:
            batch.dropped[seen.kind] += 1
        else:
            outcome = _outcome(item, job)
            if sieve and item.flattened and isinstance(outcome.error, ParseError):  # a text shows only there what it is
                batch.dropped["text"] += 1
            else:
                batch.outcomes.append(outcome)
    if job.seal is not None:
        job.seal(batch)
    return batch


def _detected(item: Item, job: Job) -> Detection:
    content_type = job.content_type or item.content_type
    return detect(item.content, url=job.url or item.url, content_type=content_type)


def _items(chunk: Chunk) -> Iterator[Item | Fault]:
    """The pages of a piece of work; what cannot be opened at all is one that cannot be read."""
    try:
        yield from chunk.items()
    except Exception as error:  # noqa: BLE001 - nobody knows what the file systems and formats of others raise
        yield Fault.of(chunk.name, error)


def _outcome(item: Item, job: Job) -> Outcome:
    began = time.process_time()
    kind, made = "", None
    failure: DiscuzScrapeError | None = None
    try:
        with _at_most(job.seconds):
            page = _parse(item, job)
            kind, made = page.kind, job.make(page, item)
    except DiscuzScrapeError as error:
        failure = error
    except MemoryError:
        failure = ParseError("takes more memory than a page may", url=item.url)
    except Exception as error:  # noqa: BLE001 - a fault of ours costs a page, not the run
        failure = ParseError(f"{type(error).__name__}: {error}", url=item.url)
    return Outcome(item.source, item.url, kind, made, failure, time.process_time() - began)


def _parse(item: Item, job: Job) -> Page:
    content_type = job.content_type or item.content_type
    options: dict[str, Any] = {"url": job.url or item.url, "timezone": job.timezone, "now": job.now or item.date}
    if item.flattened:
        return parse_text(decode(item.content, content_type or "text/plain; charset=utf-8").text, **options)
    return parse_any(item.content, content_type=content_type, formats=job.formats, **options)


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Break off what takes longer, where it is Python that takes the time and a main thread that waits for it."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _break_off)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _break_off(_number: int, _frame: FrameType | None) -> NoReturn:
    raise ParseError("takes longer than a page may")
