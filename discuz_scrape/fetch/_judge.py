"""What an answer is worth: a page, a failure that another try may mend, or one that it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import SEEK_END
from typing import BinaryIO, TypeVar
from urllib.parse import quote, urljoin

from discuz_scrape import detect
from discuz_scrape.errors import (
    ChallengeError,
    DiscuzScrapeError,
    FetchError,
    NoticeError,
    ParseError,
    RateLimitedError,
    SiteFaultError,
)
from discuz_scrape.fetch._policy import Transient
from discuz_scrape.fetch._retry_after import moment_of, retry_after
from discuz_scrape.fetch._steps import Answer
from discuz_scrape.models import Page

__all__ = ["check_whole", "is_busy", "judge", "judge_file", "patience", "quoted", "rendered_at", "target_of"]

T = TypeVar("T")

_ASK_AGAIN = frozenset({408, 425, 429})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ORIGIN = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]{0,20}:)?//[^/?#\\]*")
_SAFE = "!#$%&'()*+,/:;=?@[]~"  # what addresses are made of; all else is quoted, as browsers do
_TOP = 1_024
_OPENED = re.compile(rb"<(?:!doctype html|html)\b", re.IGNORECASE)
_CLOSED = re.compile(rb"</html\s{0,99}>", re.IGNORECASE)
_TAIL = 4_096


def is_busy(status: int) -> bool:
    """Whether a status asks to come back later."""
    return status in _ASK_AGAIN or status >= 500


def target_of(answer: Answer) -> str | None:
    """Where an answer redirects to, without the fragment; None where it does not."""
    location = answer.header("location")
    if answer.status not in _REDIRECTS or not location:
        return None
    try:
        return urljoin(answer.url, quoted(location)).partition("#")[0]
    except ValueError as error:
        raise FetchError(f"{answer.url} redirects to no address: {location[:200]!r}", url=answer.url) from error


def quoted(address: str) -> str:
    """An address of a page or header as browsers send it: what no address is made of is quoted, but for the host."""
    address = address.strip()
    found = _ORIGIN.match(address)
    origin = found[0] if found else ""
    return origin + quote(address[len(origin) :], safe=_SAFE)


def rendered_at(answer: Answer) -> datetime | None:
    """The clock of the server when it answered; None where it does not tell."""
    return moment_of(answer.header("date") or "")


def check_whole(answer: Answer) -> None:
    """Raise Transient for an answer that may be right another time, whatever it holds."""
    fault = _fault_of(answer)
    if fault is not None:
        raise Transient(fault, after=patience(answer), busy=is_busy(answer.status))


def judge(answer: Answer, parse: Callable[[Answer], T]) -> T:
    """The page that an answer holds, as `parse` reads it.

    Raises:
        Transient: Another try may mend it: the server is busy, the body is cut, the forum asks for patience.
        NoticeError: It is a message or a wall.
        ParseError: It is a page that cannot be read.
        FetchError: Its status says that it is none.

    """
    try:
        page = parse(answer)
    except ChallengeError:
        raise  # whatever the status: asking again would make it worse
    except (RateLimitedError, SiteFaultError) as notice:
        after, asked = patience(answer), notice.retry_after if isinstance(notice, RateLimitedError) else None
        raise Transient(notice, after=asked if after is None else after, busy=True) from notice
    except DiscuzScrapeError as error:
        check_whole(answer)
        if isinstance(error, NoticeError) or answer.status < 400:
            raise
        raise _refusal(answer) from error
    check_whole(answer)
    if answer.status >= 400:
        raise _refusal(answer)
    return page


def judge_file(answer: Answer, file: BinaryIO | None, parse: Callable[[Answer], Page]) -> None:
    """See whether a file is what was asked for, and not a page that tells why it is not; raises as `judge` does."""
    is_page = "html" in (answer.header("content-type") or "").lower()
    if file is None or not (is_page or answer.status >= 400):
        return
    file.seek(0)
    read = replace(answer, content=file.read())
    try:
        page = judge(read, parse)
    except ParseError:  # a page, but none of the forum: it is the file
        pass
    else:
        if answer.header("content-disposition") is None:
            raise FetchError(f"{answer.url} gave a page of kind {page.kind!r} instead of the file", url=answer.url)
    file.seek(0, SEEK_END)


def patience(answer: Answer) -> float | None:
    """The seconds that an answer asks to wait."""
    return retry_after(answer.header("retry-after"), answer.header("date"), datetime.now(UTC))


def _fault_of(answer: Answer) -> FetchError | ParseError | None:
    """What is wrong with an answer that may be right another time."""
    if is_busy(answer.status):
        return _refusal(answer)
    if answer.status >= 400:  # it says no, in whatever words
        return None
    if not answer.content.strip():
        return FetchError(f"{answer.url} answered {answer.status} without a word", url=answer.url)
    if "html" not in (answer.header("content-type") or "html").lower():
        return None
    if _OPENED.search(answer.content, 0, _TOP):
        start = max(len(answer.content) - _TAIL, 0)
        if not _CLOSED.search(answer.content, start) and not _CLOSED.search(answer.content):
            return FetchError(f"the page is cut short: {answer.url} gave no </html>", url=answer.url)
    elif detect(answer.content).kind == "binary":
        return FetchError(f"{answer.url} gave bytes that are no text", url=answer.url)
    return None


def _refusal(answer: Answer) -> FetchError:
    return FetchError(f"{answer.url} answered with status {answer.status}", url=answer.url)
