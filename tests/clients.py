"""Clients as tests drive them: with time that nobody waits for, and all six of them through the same scenes."""

from __future__ import annotations

import asyncio
import random
import re
import selectors
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

import httpx
import httpx2
from forum import Forum, Request, Site
from forum.answers import answer
from pydantic import BaseModel

from discuz_scrape import AsyncClient, AsyncPages, Client
from discuz_scrape.errors import DiscuzScrapeError, NoticeError

__all__ = [
    "SCENES", "WAYS", "Record", "Scene", "Time", "Wire", "caught", "play", "run_at_once", "scene", "thread_url",
]  # fmt: skip

T = TypeVar("T")

_UNTRUSTING = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_OURS = frozenset({"user-agent", "accept", "accept-language", "content-type", "authorization", "x-reader", "referer"})


class Time:
    """Time that passes only when somebody sleeps, so that nobody waits."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.waits: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    @property
    def options(self) -> dict[str, Any]:
        """What a client is made with."""
        return {"clock": self.clock, "sleep": self.sleep}


class Blocking:
    """An AsyncClient with the face of a Client."""

    def __init__(self, stack: ExitStack, options: dict[str, Any], make_http: Callable[[], Any] | None) -> None:
        self._runner = stack.enter_context(asyncio.Runner())
        http = make_http() if make_http else None
        if http is not None:
            stack.callback(lambda: self._runner.run(http.aclose()))
        self.under = AsyncClient(http=http, **options)
        stack.callback(lambda: self._runner.run(self.under.aclose()))

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.under, name)
        if name == "pages":
            return lambda *given, **options: BlockingPages(self._runner, found(*given, **options))
        if name in {"posts", "board"}:
            return lambda *given, **options: self._each(found(*given, **options))
        if asyncio.iscoroutinefunction(found):
            return lambda *given, **options: self._runner.run(found(*given, **options))
        return found

    def _each(self, items: AsyncIterator[Any]) -> Iterator[Any]:
        while True:
            try:
                item = self._runner.run(_next_of(items))
            except StopAsyncIteration:
                return
            yield item


class BlockingPages:
    """The pages of an AsyncClient with the face of those of a Client."""

    def __init__(self, runner: asyncio.Runner, pages: AsyncPages[Any]) -> None:
        self._runner, self._pages = runner, pages

    def __iter__(self) -> BlockingPages:
        return self

    def __next__(self) -> Any:
        try:
            return self._runner.run(_next_of(self._pages))
        except StopAsyncIteration:
            raise StopIteration from None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pages, name)


async def _next_of(items: AsyncIterator[Any]) -> Any:
    return await anext(items)


Way = tuple[bool, Any]
"""Whether it is async, and the module of the caller's own http client, None for none."""
WAYS: dict[str, Way] = {
    "sync": (False, None),
    "sync, httpx": (False, httpx),
    "sync, httpx2": (False, httpx2),
    "async": (True, None),
    "async, httpx": (True, httpx),
    "async, httpx2": (True, httpx2),
}


def thread_url(site: Site, tid: int = 12, rest: str = "") -> str:
    return f"{site.url}forum.php?mod=viewthread&tid={tid}{rest}"


@dataclass
class Scene:
    """One scene in one way: a forum that is served, and clients that visit it."""

    forum: Forum
    site: Site
    way: Way
    time: Time
    stack: ExitStack
    folder: Any
    clients: list[Any] = field(default_factory=list)

    def client(self, **options: Any) -> Any:
        """Give a client of this way; with a face that does not wait for anything."""
        library = self.way[1]
        options = {**self.time.options, **options}
        if self.way[0]:
            make = None if library is None else lambda: library.AsyncClient(verify=_UNTRUSTING)
            made: Any = Blocking(self.stack, options, make)
        else:
            http = None if library is None else self.stack.enter_context(library.Client(verify=_UNTRUSTING))
            made = self.stack.enter_context(Client(http=http, **options))
        self.clients.append(made)
        return made

    def url(self, tid: int = 12, rest: str = "") -> str:
        return thread_url(self.site, tid, rest)

    @property
    def paths(self) -> list[str]:
        """What was asked for, robots.txt aside."""
        return [path for path in self.site.paths if path != "/robots.txt"]


Play = Callable[[Scene], object]
SCENES: dict[str, Play] = {}


def scene(play: Play) -> Play:
    """Put a scene on the list of those that all clients go through."""
    SCENES[play.__name__] = play
    return play


@dataclass(frozen=True)
class Record:
    """All that can be seen of a visit, from within and from without; without the port, which is another each time."""

    outcome: object
    waits: list[float]
    log: list[tuple[object, ...]]
    stats: list[object]


def caught(act: Callable[[], object]) -> tuple[str, str, str | None, dict[str, Any] | None]:
    """Tell the error of ours that something ends with: class, words, the forum's words, cursor."""
    try:
        act()
    except DiscuzScrapeError as error:
        return (type(error).__name__, str(error), error.text if isinstance(error, NoticeError) else None, error.state)
    raise AssertionError("nothing went wrong")


def play(name: str, way: Way, folder: Any) -> Record:
    """Let the clients of one way go through a scene."""
    forum, time = Forum(per_page=10), Time()
    random.seed(20240520)
    with forum.served() as site, ExitStack() as stack:
        on = Scene(forum, site, way, time, stack, folder)
        outcome = _plain(SCENES[name](on), site)
        stats = [_plain(asdict(client.stats), site) for client in on.clients]
        return Record(outcome, time.waits, [_logged(request, site) for request in site.log], stats)


def _plain(value: object, site: Site) -> object:
    """A value as it can be compared."""
    if isinstance(value, BaseModel):
        return _plain(value.model_dump(), site)
    if isinstance(value, dict):
        return {key: _plain(item, site) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, site) for item in value]
    if isinstance(value, DiscuzScrapeError):
        return [type(value).__name__, _plain(str(value), site)]
    return value.replace(site.host, "forum.test") if isinstance(value, str) else value


def _logged(request: Request, site: Site) -> tuple[object, ...]:
    ours = {name: value for name, value in request.headers.items() if name in _OURS}
    body = re.sub(rb"127\.0\.0\.1%3A[0-9]+", b"forum.test", request.body)
    return request.method, _plain(request.path, site), ours, request.cookies, body, request.status, request.fault


# --- Without a network ------------------------------------------------------------------------------------------------


class Wire:
    """Answers of a forum without a network, for any host; `log` has the requests, with the time of each."""

    def __init__(self, forum: Forum, clock: Callable[[], float] | None = None) -> None:
        self.forum = forum
        self.clock = clock or (lambda: 0.0)
        self.log: list[tuple[float, Request]] = []
        self.takes: float = 0.0
        """Seconds that an answer takes, in asynchronous code."""
        self.under_way = self.most_at_once = 0

    @property
    def urls(self) -> list[str]:
        return [f"{request.headers['host']}{request.path}" for _, request in self.log]

    @property
    def times(self) -> list[float]:
        """When requests began, robots.txt aside."""
        return [time for time, request in self.log if request.path != "/robots.txt"]

    def sync(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._answer))

    def on_loop(self) -> httpx.AsyncClient:
        async def answered(request: httpx.Request) -> httpx.Response:
            self.under_way += 1
            self.most_at_once = max(self.most_at_once, self.under_way)
            try:
                response = self._answer(request)
                await asyncio.sleep(self.takes)
            finally:
                self.under_way -= 1
            return response

        return httpx.AsyncClient(transport=httpx.MockTransport(answered))

    def _answer(self, sent: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in sent.headers.items()}
        request = Request(sent.method, sent.url.raw_path.decode("ascii"), headers, sent.content)
        self.log.append((self.clock(), request))
        for callback in self.forum.take_hooks(request):
            callback()
        given = answer(self.forum, request)
        if given.end:
            raise httpx.ReadError("the connection is gone", request=sent)
        return httpx.Response(given.status, headers=given.headers, content=given.body)


class _Unwaiting(selectors.SelectSelector):
    """Lets time jump to where the next thing happens."""

    now = 1_000.0

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None:
            found = super().select(10)
            assert found, "everybody waits, and nothing will ever happen"
            return found
        self.now += max(timeout, 0)
        return super().select(0)


def run_at_once(main: Coroutine[Any, Any, T]) -> T:
    """Run asynchronous code in a time that nobody waits for."""
    selector = _Unwaiting()
    loop = asyncio.SelectorEventLoop(selector)
    loop.time = lambda: selector.now  # type: ignore[method-assign]
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(main)
