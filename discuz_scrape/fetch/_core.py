"""What the two clients share: everything but sending, sleeping and looking up names.

A fetch is a generator of steps. It asks robots.txt, follows redirects as far as they stay on the site, judges what came
back, and yields a step wherever it needs the world outside; the driver does that and sends the outcome back in.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from http.cookiejar import CookieJar
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar
from urllib.parse import urlsplit

from discuz_scrape._doors import parse_page
from discuz_scrape._saved import Store
from discuz_scrape.errors import ChallengeError, DiscuzScrapeError, FetchError, LoginRequiredError, ParseError
from discuz_scrape.fetch import _cookies
from discuz_scrape.fetch._files import Draft, name_from, safe_name
from discuz_scrape.fetch._headers import headers_of
from discuz_scrape.fetch._judge import is_busy, judge, rendered_at, target_of
from discuz_scrape.fetch._login import Login
from discuz_scrape.fetch._policy import Pace, RetryOptions, Transient, retry_options
from discuz_scrape.fetch._robots import Robots
from discuz_scrape.fetch._site import Border, Site
from discuz_scrape.fetch._steps import Answer, Lookup, Once, Send, Steps
from discuz_scrape.models import Attachment, Image, Page
from discuz_scrape.urls import DEFAULT_RULES, canonical_url, parse_url
from discuz_scrape.walk import BoardWalk, ThreadWalk
from discuz_scrape.walk.board import BOARDS

__all__ = ["Ask", "Core", "Fetched", "Stats", "Walk"]

log = logging.getLogger("discuz_scrape")

HttpT = TypeVar("HttpT")
Walk = ThreadWalk | BoardWalk

_MOST_HOPS = 10
_MAX_BYTES = 32 << 20


@dataclass(slots=True)
class Stats:
    """What a client did so far."""

    requests: int = 0
    """Requests sent, robots.txt and redirects included."""
    pages: int = 0
    """Pages read."""
    bytes: int = 0
    """Bytes of bodies, without their Content-Encoding."""
    failures: int = 0
    """Tries that failed and were, or would have been, made again."""
    waited: float = 0.0
    """Seconds spent on waiting, so as to be polite or to try again."""
    problems: list[DiscuzScrapeError] = field(default_factory=list)
    """What kept single threads of a board, or parts of a page, from being read, while the walk went on."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to fetch."""

    url: str
    home: str
    """An address of the site that the caller asked for; nothing leaves it."""
    deadline: float
    """When to give up, by the clock of the client."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page, and how it came."""

    page: Page
    redirected: bool
    """Whether the forum answered with a redirect to the very page first."""


class Core(Generic[HttpT]):
    """Reads pages of live forums, politely: see `Client` and `AsyncClient`.

    Args:
        interval: Seconds between the beginnings of two requests to one host.
        jitter: Up to this share of the interval is added to it at random.
        attempts: How often to try what may be mended by trying: lost connections, busy servers, cut pages.
        timeout: Seconds to wait for a connection, and for more bytes of an answer.
        total_timeout: Seconds for one page, all tries and pauses included.
        concurrency: Requests under way to one host at the same time.
        robots: Whether to obey robots.txt. Not to is your own decision, and your responsibility.
        user_agent: What to call ourselves; by default a plain desktop browser with the name of this library.
        cookies: Those of a member: a mapping (for the first site that is asked for), a cookie jar, or the path of a
            Netscape `cookies.txt`.
        headers: More headers to send; these go before ours.
        proxy: Address of a proxy for all requests.
        subdomains: Whether other sub-domains belong to the site.
        save: Folder in which to keep every answer as it came, for `discuz-scrape parse`.
        cache: Folder of a disk cache that obeys HTTP's rules and asks only for what has changed; needs the extra
            `[cache]`.
        max_bytes: Longest body to take, without its Content-Encoding.
        rewrite: Rewrite patterns of the site beside the usual ones.
        timezone: Offset of the pages' times where their footer does not tell.
        formats: Which bodies of posts to render: "text" (always there), "html", "markdown".
        sleep: What waits so many seconds.
        clock: What tells the seconds that have passed since some moment.
        http: A client of your own to send with, of httpx or httpx2; it stays open. Its own cookies are used and kept.

    Raises:
        ValueError: A number makes no sense, or a file of cookies cannot be read.

    """

    def __init__(
        self,
        *,
        interval: float = 1.5,
        jitter: float = 0.3,
        attempts: int = 5,
        timeout: float = 30.0,
        total_timeout: float = 600.0,
        concurrency: int = 1,
        robots: bool = True,
        user_agent: str | None = None,
        cookies: Mapping[str, str] | CookieJar | str | PathLike[str] | None = None,
        headers: Mapping[str, str] | None = None,
        proxy: str | None = None,
        subdomains: bool = False,
        save: str | PathLike[str] | None = None,
        cache: str | PathLike[str] | None = None,
        max_bytes: int = _MAX_BYTES,
        rewrite: str | Iterable[str] | None = None,
        timezone: tzinfo | None = None,
        formats: Collection[str] = ("text",),
        sleep: Callable[[float], Any] | None = None,
        clock: Callable[[], float] = time.monotonic,
        http: HttpT | None = None,
    ) -> None:
        _check(interval=interval, jitter=jitter, timeout=timeout, total_timeout=total_timeout)
        _check(at_least=1, attempts=attempts, concurrency=concurrency, max_bytes=max_bytes)
        if http is not None and (proxy is not None or cache is not None):
            raise ValueError("proxy and cache are for the client's own connections: set them up in the one given as http")
        self.stats = Stats()
        self._interval, self._jitter, self._attempts = interval, jitter, attempts
        self._timeout, self._total_timeout, self._concurrency = timeout, total_timeout, concurrency
        self._obeys, self._subdomains, self._max_bytes = robots, subdomains, max_bytes
        self._headers = headers_of(user_agent, headers)
        self._cookies = _cookies.load(cookies)
        self._proxy, self._cache = proxy, cache
        self._store = Store(save) if save is not None else None
        rules = (rewrite,) if isinstance(rewrite, str) else tuple(rewrite or ())
        self._rules = (*rules, *DEFAULT_RULES)
        self._options: dict[str, Any] = {"timezone": timezone, "formats": formats}
        self._clock = clock
        self._sleeper = sleep
        self._jar = CookieJar()  # of whoever sends; the driver sets it
        self._own = http is None
        self._paces: dict[str, Pace] = {}
        self._robots: dict[str, Robots] = {}
        self._borders: dict[Site, Border] = {}
        self._stopped: dict[str, str] = {}
        self._login: Login | None = None
        self._root: str | None = None

    # --- What to ask for ----------------------------------------------------------------------------------------------

    def _ask(self, url: str, home: str | None = None) -> Ask:
        return Ask(url, home or url, self._clock() + self._total_timeout)

    def _retry(self, ask: Ask) -> RetryOptions:
        return retry_options(self._attempts, ask.deadline, self._clock)

    def _walk(self, url: str, **options: Any) -> Walk:
        """The walk of a thread, or of a board."""
        if parse_url(url, rewrite=self._rules).kind in BOARDS:
            return BoardWalk(url, rewrite=self._rules, **options)
        return ThreadWalk(url, rewrite=self._rules, **options)

    def _failed(self, walk: Walk, error: DiscuzScrapeError) -> Iterable[Any]:
        """Tell the walk that something could not be had; put it down where the walk goes on."""
        pages = walk.fail(error)
        self.stats.problems.append(error)
        log.warning("%s: %s: %s", error.url, type(error).__name__, error)
        return pages

    # --- One try ------------------------------------------------------------------------------------------------------

    def _fetch(self, ask: Ask) -> Steps[Fetched]:
        """Fetch a page once. Raises Transient for what another try may mend."""
        with self._watched(ask.url):
            yield from self._enter(ask)
            answer, redirected = yield from self._follow(ask)
            try:
                page = judge(answer, self._parse)
            except (DiscuzScrapeError, Transient) as error:
                if not isinstance(error, Transient):
                    self._keep(answer)
                raise
            self._keep(answer)
        self._pace(answer.url).praise()
        self.stats.pages += 1
        return Fetched(page, redirected)

    def _parse(self, answer: Answer) -> Page:
        now = rendered_at(answer) or datetime.now(UTC)
        content_type = answer.header("content-type")
        return parse_page(answer.content, url=answer.url, content_type=content_type, now=now, **self._options)
