"""What the walks of threads and boards share: addresses of pages, and errors that end a walk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from discuz_scrape.errors import ChallengeError, DiscuzScrapeError, NoticeError, ParseError, SiteClosedError
from discuz_scrape.models import PageRef, ThreadSummary
from discuz_scrape.urls import board_url, canonical_url, parse_url, thread_url

__all__ = ["Rules", "address_of", "check_options", "is_passing", "open_ref", "open_thread", "tids_of", "times_of"]

Rules = str | Iterable[str]

_OF_ONE_POST = frozenset({"pid", "goto", "cp", "threadindex"})
"""Parameters by which the address of a thread names a post, or a part of one."""


def open_ref(url: str, rules: Rules) -> PageRef:
    """Tell what the address of a walk leads to. Raises ValueError for one without a host."""
    ref = parse_url(url, rewrite=rules)
    address = ref.site or ref.path or ""
    if not address.startswith(("http://", "https://")):
        raise ValueError(f"a walk needs a full address with http:// or https://, not {url!r}")
    return ref


def open_thread(url: str, rules: Rules) -> PageRef:
    """The same for the walk of a thread: the whole thread, whatever post or order the address names."""
    ref = open_ref(url, rules)
    if ref.kind != "thread" or ref.tid is None:
        return ref
    face = "desktop" if ref.face == "ajax" else ref.face
    query = tuple((name, value) for name, value in ref.query if name not in _OF_ONE_POST)
    return ref.model_copy(update={"face": face, "pid": None, "query": query, "ordertype": None})


@lru_cache(maxsize=64)  # a walk is asked for the same one more than once
def address_of(ref: PageRef, page: int) -> str:
    """The address of a page, in the form in which its site writes it."""
    plain = ref.face == "desktop" and ref.site and not (ref.authorid or ref.ordertype or ref.query)
    if ref.rule is not None and plain and ref.site:
        if ref.kind == "thread" and ref.tid:
            return thread_url(ref.site, ref.tid, page, rewrite=ref.rule)
        if ref.kind == "board" and ref.fid:
            return board_url(ref.site, ref.fid, page, rewrite=ref.rule)
    return canonical_url(ref.model_copy(update={"page": page}))


def check_options(start: int | None, stop: int | None, since: datetime | None) -> None:
    """Check what a walk is told: the numbers of the first and the last page, and the time."""
    if start is not None and start < 1:
        raise ValueError(f"start is {start}; pages are numbered from 1")
    if stop is not None and stop < (start or 1):
        raise ValueError(f"stop is {stop}, which lies before the first page")
    if since is not None and (not isinstance(since, datetime) or since.tzinfo is None):
        raise ValueError(f"since must be an aware datetime, with an offset such as that of astimezone(), not {since!r}")


def is_passing(error: DiscuzScrapeError) -> bool:
    """Whether this one thing only cannot be had: it was refused, or cannot be read. The rest may still be asked for."""
    refused = isinstance(error, NoticeError) and not isinstance(error, ChallengeError | SiteClosedError)
    return refused or isinstance(error, ParseError)


def tids_of(rows: Iterable[ThreadSummary]) -> tuple[int, ...]:
    """The numbers of the threads that some rows lead to."""
    return tuple(row.tid for row in rows if row.tid is not None)


def times_of(rows: Iterable[ThreadSummary]) -> list[datetime]:
    """When those threads were last replied to."""
    return [row.last_post_at for row in rows if row.last_post_at is not None]
