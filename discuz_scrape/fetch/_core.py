"""What the two clients share: everything but sending, sleeping and looking up names."""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from http.cookiejar import CookieJar
from os import PathLike, fspath, sep
from pathlib import Path
from typing import Any, Generic, TypedDict, TypeVar, Unpack

from discuz_scrape._doors import check_formats
from discuz_scrape._draft import Draft
from discuz_scrape._saved import Store
from discuz_scrape.errors import DiscuzScrapeError, FetchError
from discuz_scrape.fetch import _cookies, _headers
from discuz_scrape.fetch._ask import Ask, Fetched, Settings
from discuz_scrape.fetch._files import name_from, safe_name
from discuz_scrape.fetch._judge import quoted
from discuz_scrape.fetch._library import cache_in, library_of
from discuz_scrape.fetch._login import Login, check_session, opens_session, read_form
from discuz_scrape.fetch._policy import Budget, RetryOptions, Transient, retry_options
from discuz_scrape.fetch._robots import agent_in
from discuz_scrape.fetch._site import Site
from discuz_scrape.fetch._stats import Stats
from discuz_scrape.fetch._steps import Once, Steps
from discuz_scrape.fetch._visit import Visitor
from discuz_scrape.models import Attachment, Board, Image, Thread, ThreadList
from discuz_scrape.urls import DEFAULT_RULES, parse_url
from discuz_scrape.walk import BoardWalk, ThreadWalk
from discuz_scrape.walk._cursor import State
from discuz_scrape.walk.board import BOARDS

__all__ = ["Core", "Walk"]

log = logging.getLogger("discuz_scrape")
log.addHandler(logging.NullHandler())  # what is told here is for who asks for it, and stderr is not ours

HttpT = TypeVar("HttpT", bound=Any)
WalkedT = TypeVar("WalkedT")
Walk = ThreadWalk | BoardWalk
Walked = Thread | Board | ThreadList
Cookies = Mapping[str, str] | CookieJar | str | PathLike[str]

_MAX_BYTES = 32 << 20


class WalkOptions(TypedDict, total=False):
    """What a walk may be told."""

    start: int | None
    """Number of the first page to read."""
    stop: int | None
    """Number of the last page to read."""
    author: int | None
    """Number of a member: only what that member wrote."""
    since: datetime | None
    """Only what is of this time or later; pages before it are skipped, not read."""
    extras: bool
    """Whether to ask for the remarks and ratings too that the pages leave out."""
    state: Mapping[str, Any] | str | None
    """A cursor, to go on where an earlier walk stopped."""


class Trail(Generic[WalkedT]):
    """Pages to come: those of one walk."""

    def __init__(self, walk: Walk, home: str) -> None:
        self._walk, self._home = walk, home
        self._ready: deque[WalkedT] = deque()

    @property
    def state(self) -> State:
        """A cursor to go on later, for JSON: the pages given out so far count as read. It never holds cookies."""
        return self._walk.state

    @property
    def page(self) -> int | None:
        """Number of the page that comes next; None at the end."""
        return self._walk.page

    @property
    def total_pages(self) -> int | None:
        """How many pages there are, as the last one read tells. None before the first."""
        return self._walk.total_pages


class Core(ABC, Generic[HttpT]):
    """Reads pages of live forums, politely.

    Args:
        interval: Seconds between the beginnings of two requests to one host, at least.
        jitter: Up to this share of the interval is added to it at random.
        attempts: How often to try what another try may mend: lost connections, busy servers, cut pages.
        timeout: Seconds to wait for a connection, and for more bytes of an answer.
        total_timeout: Seconds for one page, all tries and pauses included.
        concurrency: Requests under way to one host at the same time.
        robots: Whether to obey robots.txt. Not to is your own decision.
        user_agent: What to call ourselves; by default a plain desktop browser that names this library.
        cookies: Those of a member: a mapping (for the first site that is asked for, and no other), a cookie jar, or the
            path of a Netscape `cookies.txt`.
        headers: More headers to send; they go before ours.
        proxy: Address of a proxy for all requests.
        subdomains: Whether the other sub-domains of its domain belong to a site.
        save: Folder in which every page is kept as it came, for `discuz-scrape parse`.
        cache: Folder of a disk cache: what has not changed is not sent again, and what the site said is good for some
            time is not asked for, without a pause. What a member saw is given to nobody else. Needs the extra
            `[cache]`.
        max_bytes: Longest body to take, without its Content-Encoding.
        rewrite: Rewrite patterns of the site, beside the usual ones.
        timezone: Offset of the pages' times where their footer does not tell.
        formats: Which bodies of posts to render: "text" (always there), "html", "markdown".
        sleep: What waits so many seconds.
        clock: What tells the seconds since some moment.
        http: A client of your own to send with, of httpx or httpx2. Its cookies are used and kept, and it stays open.

    Raises:
        ValueError: A number makes no sense, the cookies cannot be read, or the cache cannot be used.
        OSError: The folder to `save` pages in cannot be made.

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
        cookies: Cookies | None = None,
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
        _check(0, interval=interval, jitter=jitter, timeout=timeout, total_timeout=total_timeout)
        _check(1, attempts=attempts, concurrency=concurrency, max_bytes=max_bytes)
        check_formats(formats)
        if http is not None and (proxy is not None or cache is not None):
            raise ValueError("proxy and cache are for connections of ours: set them up in the client given as http")
        rules = (rewrite,) if isinstance(rewrite, str) else tuple(rewrite or ())
        sent = _headers.headers(user_agent, headers)
        jar = _cookies.load(cookies)
        if http is not None and library_of(http):  # its own cookies are used and kept, and it sends them itself
            jar = _cookies.added(jar, http.cookies.jar)
        settings = Settings(
            interval=interval,
            jitter=jitter,
            robots=robots,
            agent=agent_in(sent),
            headers=sent,
            subdomains=subdomains,
            max_bytes=max_bytes,
            rules=(*rules, *DEFAULT_RULES),
            parsing={"timezone": timezone, "formats": formats},
            jar=jar,
            sends_cookies=http is None,
            store=Store(save) if save is not None else None,
            cache=cache_in(cache) if cache is not None else None,
            clock=clock,
        )
        self._visitor = Visitor(settings)
        self._settings, self._clock = settings, clock
        self._attempts, self._total_timeout, self._concurrency = attempts, total_timeout, concurrency
        self._login: Login | None = None
        self.login_error: DiscuzScrapeError | None = None
        """What the forum said to a login that it refused; from then on pages are read as by a guest."""
        self._root: str | None = None
        self._set_up(http, timeout=timeout, proxy=proxy, sleep=sleep)

    @abstractmethod
    def _set_up(self, http: HttpT | None, *, timeout: float, proxy: str | None, sleep: Any) -> None:
        """Make what sends and what sleeps."""

    @property
    def stats(self) -> Stats:
        """What was done so far."""
        return self._visitor.stats

    def save_cookies(self, path: str | PathLike[str]) -> None:
        """Write the cookies as `cookies.txt`, for its owner's eyes only (0600). Raises OSError."""
        _cookies.save(self._settings.jar, path)

    # --- What to ask for ----------------------------------------------------------------------------------------------

    def _ask(self, url: str, home: str | None = None) -> Ask:
        return Ask(url.partition("#")[0], home or url, Budget(self._total_timeout))

    def _retry(self, ask: Ask) -> RetryOptions:
        return retry_options(self._attempts, ask.budget)

    def _walk(self, url: str, *, threads: bool = False, **options: Unpack[WalkOptions]) -> Walk:
        """The walk of a board, with its threads or without, or of a thread."""
        if parse_url(url, rewrite=self._settings.rules).kind in BOARDS:
            return self._board_walk(url, threads=threads, **options)
        return self._thread_walk(url, **options)

    def _thread_walk(self, url: str, **options: Unpack[WalkOptions]) -> ThreadWalk:
        return ThreadWalk(url, rewrite=self._settings.rules, **options)

    def _board_walk(self, url: str, *, threads: bool = False, **options: Unpack[WalkOptions]) -> BoardWalk:
        return BoardWalk(url, rewrite=self._settings.rules, threads=threads, **options)

    def _file_ask(self, item: Attachment | Image) -> Ask:
        if item.url is None:
            raise FetchError(f"attachment {item.aid} has no address: the page offers this viewer a small picture only")
        # before a page was asked for, the site is not known: the item may come from a page of anybody
        url = quoted(item.url)
        return replace(self._ask(url, self._visitor.home_of(url)), is_guest=self._root is None)

    def _login_ask(self, username: str, password: str, question: int, answer: str) -> Ask | None:
        """Keep what to log in with; what to do at once, where the site is known."""
        self._login, self.login_error = Login(username, password, question, answer), None
        return self._ask(self._root) if self._root is not None else None

    def _failed(self, walk: Walk, error: DiscuzScrapeError) -> tuple[Any, ...]:
        """Tell a walk that something could not be had; put it down where the walk goes on without."""
        pages = walk.fail(error)
        self.stats.problems.append(error)
        log.warning("%s: %s", type(error).__name__, error)
        return pages

    # --- Steps --------------------------------------------------------------------------------------------------------

    def _page(self, ask: Ask) -> Steps[Fetched]:
        """Fetch a page once."""
        yield from self._enter(ask)
        return (yield from self._visitor.fetch(ask))

    def _enter(self, ask: Ask) -> Steps[None]:
        """Bring the cookies along, and log in if that was asked for before there was a site to do so."""
        if self._root is None or self._login is not None:
            yield Once("enter", lambda: self._settle(ask))

    def _settle(self, ask: Ask) -> Steps[None]:
        """Do it, unless somebody else just did. The wish to log in stays as long as another try may fulfil it."""
        if self._root is None:
            site = Site.of(ask.home)
            _cookies.bind(self._settings.jar, site.host, secure=site.scheme == "https")
            self._root = parse_url(ask.home, rewrite=self._settings.rules).site or f"{site}/"
        login = self._login
        if login is None:
            return
        try:
            yield from self._send_login(login, ask)
        except Transient:
            raise
        except DiscuzScrapeError as error:
            self._login, self.login_error = None, error
            raise
        self._login = None

    def _send_login(self, login: Login, ask: Ask) -> Steps[None]:
        url = f"{self._root}member.php?mod=logging&action=login"
        form = yield from self._visitor.fetch_form(replace(ask, url=url, exempt=True), read_form)
        sent = replace(ask, url=form.action, exempt=True, form=form.filled(login))
        check_session((yield from self._visitor.post_form(sent, opens_session)))

    def _file(self, item: Attachment | Image, path: str | PathLike[str], ask: Ask) -> Steps[Path]:
        """Fetch a file once, into a folder (one that exists, or a path that ends in a slash) or to a place."""
        if not ask.is_guest:
            yield from self._enter(ask)
        place = Path(path)
        into_folder = place.is_dir() or fspath(path).endswith(("/", sep))
        folder = place if into_folder else place.parent
        folder.mkdir(parents=True, exist_ok=True)
        with Draft(folder) as draft:
            answer = yield from self._visitor.fetch_file(replace(ask, into=draft.file))
            if not into_folder:
                return draft.place_at(place)
            told = getattr(item, "filename", None) or name_from(dict(answer.headers), answer.url)
            return draft.place(safe_name(told, fallback=f"attachment-{item.aid}" if item.aid else "file"))


def _check(least: float, **numbers: float) -> None:
    for name, number in numbers.items():
        if not number >= least:
            raise ValueError(f"{name} is {number}; it must be at least {least}")
