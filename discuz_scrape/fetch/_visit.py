"""One try at one address: robots.txt, redirects as far as they stay on the site, and what came back.

Everything is decided here, as generators of steps: where the world outside is needed, a step is yielded, and the driver
sends back what came of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from discuz_scrape._doors import parse_page
from discuz_scrape.errors import ChallengeError, DiscuzScrapeError, FetchError, LoginRequiredError, ParseError
from discuz_scrape.fetch import _cookies
from discuz_scrape.fetch._ask import Ask, Fetched, Settings
from discuz_scrape.fetch._judge import check_whole, judge, judge_file, patience, rendered_at, target_of
from discuz_scrape.fetch._policy import Pace, Transient
from discuz_scrape.fetch._robots import MAX_BYTES as ROBOTS_BYTES
from discuz_scrape.fetch._robots import Robots
from discuz_scrape.fetch._site import Border, Site
from discuz_scrape.fetch._stats import Stats
from discuz_scrape.fetch._steps import Answer, Lookup, Once, Send, Steps, remembered
from discuz_scrape.models import Page
from discuz_scrape.urls import canonical_url, parse_url

__all__ = ["Visitor"]

T = TypeVar("T")

_MOST_HOPS = 10
_OWN = frozenset({"authorization", "cookie", "proxy-authorization"})
_HEAD = 8_192
_LIMITS_REFRESHING = re.compile(rb"attackevasive\s?=\s?'\d{0,2}[13579]'").search  # the lowest bit
_REFRESH_INTERVAL = 2.0  # seconds that such a forum wants between two requests: it says so in the head of its pages
_PHONES = frozenset({"touch", "mobile", "wml"})


class Visitor:
    """Makes tries, and remembers of each host what it needs for the next: its pace, its rules, its walls."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.stats = Stats()
        self._paces: dict[str, Pace] = {}
        self._robots: dict[Site, Robots] = {}
        self._borders: dict[Site, Border] = {}

    # --- What people ask for ------------------------------------------------------------------------------------------

    def fetch(self, ask: Ask) -> Steps[Fetched]:
        """Fetch a page. Raises Transient for what another try may mend."""
        with self._watched(ask):
            answer, redirected = yield from self.follow(ask)
            try:
                with remembered(answer), self._noting_walls(answer):
                    page = judge(answer, self.parse)
            except Transient:
                raise
            except DiscuzScrapeError:
                self._keep(answer)
                raise
        self._keep(answer)
        pace = self._pace_of(answer.url)
        pace.praise()
        if _LIMITS_REFRESHING(answer.content, 0, _HEAD):
            pace.slow_down(_REFRESH_INTERVAL)
        self.stats.pages += 1
        return Fetched(page, redirected)

    def fetch_form(self, ask: Ask, read: Callable[[Answer], T]) -> Steps[T]:
        """Fetch a form, and read it; it is not kept."""
        with self._watched(ask):
            answer, _ = yield from self.follow(ask)
            with self._noting_walls(answer):
                return judge(answer, read)

    def post_form(self, ask: Ask, is_done: Callable[[Answer], bool]) -> Steps[Answer]:
        """Post a form; an answer by which it `is_done` is the last one. Raises Transient where nobody took it."""
        with self._watched(ask):
            answer, _ = yield from self.follow(ask, is_done)
            if target_of(answer) is None:
                check_whole(answer)
        return answer

    @contextmanager
    def _noting_walls(self, answer: Answer) -> Iterator[None]:
        try:
            yield
        except ChallengeError as error:
            self._pace_of(answer.url).wall = error
            raise

    def parse(self, answer: Answer) -> Page:
        """Read the page that an answer holds."""
        now = rendered_at(answer) or datetime.now(UTC)
        content_type = answer.header("content-type")
        return parse_page(answer.content, url=answer.url, content_type=content_type, now=now, **self.settings.parsing)

    def follow(self, ask: Ask, is_done: Callable[[Answer], bool] | None = None) -> Steps[tuple[Answer, bool]]:
        """Send a request and follow redirects; gives the last answer, and whether one led to the very page again."""
        border = self.border_of(ask.home)
        url, came_from, redirected, form = ask.url, "", False, ask.form
        for _ in range(_MOST_HOPS):
            url = border.check(url, came_from)
            self._pace_of(url).check_open(url)
            if border.must_be_resolved(url, came_from):
                yield from self._look_up(border, url)
            if not ask.exempt:
                yield from self._obey(url, ask)
            answer = yield from self._send(url, ask, form)
            border.check_peer(url, answer.peer)
            target = None if is_done is not None and is_done(answer) else target_of(answer)
            if target is None:
                return answer, redirected
            if form is None and self._is_login(target):
                words = f"{url} leads to the login form: give a member's cookies, or log in"
                raise LoginRequiredError(words, text="", url=url)
            redirected = redirected or self._is_same(url, border.check(target, url))
            came_from, url, form = url, self._desktop(ask.url, url, target), None
        raise FetchError(f"{ask.url} redirects more than {_MOST_HOPS} times, at last to {url}", url=ask.url)

    def fetch_file(self, ask: Ask) -> Steps[Answer]:
        """Fetch a file into `ask.into`. Raises Transient, or the error of the page that was given in its place."""
        with self._watched(ask):
            answer, _ = yield from self.follow(ask)
            with remembered(answer, ask.into), self._noting_walls(answer):
                judge_file(answer, ask.into, self.parse)
        self._pace_of(answer.url).praise()
        return answer

    # --- Before a request ---------------------------------------------------------------------------------------------

    def border_of(self, home: str) -> Border:
        """The border of the site that an address lies on."""
        site = Site.of(home)
        return self._borders.setdefault(site, Border(site, subdomains=self.settings.subdomains))

    def home_of(self, url: str) -> str:
        """The site asked for before that an address belongs to. Raises FetchError where it belongs to none."""
        if not self._borders:
            return url
        for site, border in list(self._borders.items()):  # another thread may come to a new one
            if border.admits(url):
                return f"{site}/"
        sites = ", ".join(map(str, self._borders))
        raise FetchError(f"{url} lies on none of the sites that were asked for ({sites})", url=url)

    def _look_up(self, border: Border, url: str) -> Steps[None]:
        if border.is_public is None:
            border.note_home((yield Lookup(border.home.host, border.home.port)))
        site = Site.of(url)
        border.check_addresses(url, (yield Lookup(site.host, site.port)))

    def _obey(self, url: str, ask: Ask) -> Steps[None]:
        """Ask robots.txt, once for each site. Raises FetchError naming the rule that forbids the address."""
        if not self.settings.robots:
            return
        site = Site.of(url)
        if site not in self._robots:
            yield Once(f"{site}/robots.txt", lambda: self._learn_robots(site, ask))
        rule = self._robots[site].forbids(url, self.settings.agent)
        if rule is not None:
            words = f"{site}/robots.txt forbids {url} by its rule {rule!r}"
            raise FetchError(f"{words}; to read it all the same is your decision: robots=False", url=url)

    def _learn_robots(self, site: Site, ask: Ask) -> Steps[None]:
        if site in self._robots:
            return
        try:
            own = replace(ask, url=f"{site}/robots.txt", exempt=True, form=None, into=None, is_cut=True)
            answer, _ = yield from self.follow(own)
            robots = Robots.for_status(answer.status, answer.content)
        except (FetchError, LoginRequiredError):  # it leads elsewhere, so there is none
            robots = Robots.allow_all()
        if robots is None:
            busy = FetchError(f"{site}/robots.txt answered with status {answer.status}", url=answer.url)
            raise Transient(busy, after=patience(answer), busy=True)
        self._pace_of(f"{site}/").slow_down(robots.crawl_delay(self.settings.agent) or 0.0)
        self._robots[site] = robots

    # --- The request --------------------------------------------------------------------------------------------------

    def _send(self, url: str, ask: Ask, form: bytes | None) -> Generator[Any, Any, Answer]:
        settings = self.settings
        headers = dict(settings.headers)
        # what the caller sends to his site is not for another one
        if ask.is_guest or Site.of(url).host != Site.of(ask.home).host:
            headers = {name: value for name, value in headers.items() if name.lower() not in _OWN}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if settings.sends_cookies and "cookie" not in map(str.lower, headers):
            cookie = _cookies.header_for(settings.jar, url)
            headers = ({"Cookie": cookie} if cookie else {}) | headers
        most = ROBOTS_BYTES if ask.is_cut else settings.max_bytes
        send = Send(url, self._pace_of(url), headers, most, ask.budget, form, ask.into, ask.is_cut)
        if settings.cache is None or ask.exempt or form is not None:
            return (yield from self._exchange(send))
        return (yield from settings.cache.fetch(send, self._exchange))

    def _exchange(self, send: Send) -> Generator[Any, Any, Answer]:
        settings = self.settings
        self.stats.requests += 1
        answer: Answer = yield send
        if settings.sends_cookies:
            _cookies.take(settings.jar, send.url, (value for name, value in answer.headers if name == "set-cookie"))
        self.stats.bytes += answer.size
        return answer

    def _pace_of(self, url: str) -> Pace:
        host = Site.of(url).host
        settings = self.settings
        return self._paces.setdefault(host, Pace(settings.interval, settings.jitter, settings.clock))

    @contextmanager
    def _watched(self, ask: Ask) -> Iterator[None]:
        """Count failures, and slow down for a host that complains."""
        try:
            yield
        except Transient as failure:
            self.stats.failures += 1
            if failure.busy:
                self._pace_of(ask.url).complain(failure.after, ask.budget.number)
            raise

    # --- After it -----------------------------------------------------------------------------------------------------

    def _keep(self, answer: Answer) -> None:
        if self.settings.store is not None:
            self.settings.store.keep(
                url=answer.url,
                status=answer.status,
                headers=answer.headers,
                content=answer.content,
                fetched_at=rendered_at(answer) or datetime.now(UTC),
            )

    def _is_login(self, url: str) -> bool:
        try:
            return parse_url(url, rewrite=self.settings.rules).kind == "login"
        except ParseError:
            return False

    def _is_same(self, url: str, target: str) -> bool:
        rules = self.settings.rules
        return canonical_url(url, rewrite=rules) == canonical_url(target, rewrite=rules)

    def _desktop(self, asked: str, url: str, target: str) -> str:
        """Where a redirect leads; once back to the desktop page where it leads to the one for phones."""
        faces = [parse_url(address, rewrite=self.settings.rules).face for address in (asked, target)]
        if faces[0] != "desktop" or faces[1] not in _PHONES or "mobile=no" in url:
            return target
        return f"{asked}{'&' if '?' in asked else '?'}mobile=no"
