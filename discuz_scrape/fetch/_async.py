"""The client for asynchronous code, under asyncio."""

from __future__ import annotations

import asyncio
import socket
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from inspect import isawaitable
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, Unpack

import httpx
from tenacity import AsyncRetrying

from discuz_scrape.errors import DiscuzScrapeError
from discuz_scrape.fetch._ask import Ask
from discuz_scrape.fetch._core import Core, Trail, Walk, Walked, WalkedT, WalkOptions
from discuz_scrape.fetch._library import Body, NoCookies, is_direct, library_of, peer_of, translated
from discuz_scrape.fetch._policy import giving_up
from discuz_scrape.fetch._steps import Answer, Lookup, Once, Send, Step, Steps
from discuz_scrape.models import Attachment, Board, Image, Page, Post, Thread, ThreadSummary
from discuz_scrape.walk import merged

__all__ = ["AsyncClient", "AsyncPages"]

T = TypeVar("T")


class AsyncPages(Trail[WalkedT], AsyncIterator[WalkedT]):
    """The pages of a thread or board, fetched one by one; `state` is a cursor to go on later."""

    def __init__(self, client: AsyncClient, walk: Walk, home: str) -> None:
        super().__init__(walk, home)
        self._client = client

    async def __anext__(self) -> WalkedT:
        while not self._ready:
            if self._walk.ask is None:
                raise StopAsyncIteration
            self._ready.extend(await self._client._advance(self._walk, self._home))
        return self._ready.popleft()


class AsyncClient(Core[Any]):
    __doc__ = Core.__doc__

    def _set_up(self, http: Any, *, timeout: float, proxy: str | None, sleep: Any) -> None:
        self._owned = http is None
        self._timeout = timeout if self._owned else None
        self._http = http or httpx.AsyncClient(timeout=timeout, proxy=proxy)
        if self._owned:
            self._http.cookies.jar = NoCookies()
        self._library = library_of(self._http)
        self._direct = self._owned and is_direct(proxy)
        self._sleep = sleep or asyncio.sleep
        self._gates: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(self._concurrency))
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections, but not those of a client that was given as `http`, and the cache."""
        if self._owned:
            await self._http.aclose()
        if self._settings.cache is not None:
            self._settings.cache.close()

    # --- What people use ----------------------------------------------------------------------------------------------

    async def page(self, url: str) -> Page:
        """Fetch one page of a forum, whatever it shows."""
        ask = self._ask(url)
        return (await self._try(ask, lambda: self._page(ask))).page

    def pages(
        self,
        url: str,
        *,
        start: int | None = None,
        stop: int | None = None,
        author: int | None = None,
        since: datetime | None = None,
        extras: bool = False,
        state: Mapping[str, Any] | str | None = None,
    ) -> AsyncPages[Walked]:
        """Walk through a thread or a board, page by page; each pid or tid is given out once."""
        walk = self._walk(url, start=start, stop=stop, author=author, since=since, extras=extras, state=state)
        return AsyncPages(self, walk, url)

    async def posts(self, url: str, **options: Unpack[WalkOptions]) -> AsyncIterator[Post]:
        """Walk through the posts of a thread, or of all threads of a board."""
        async for page in AsyncPages[Walked](self, self._walk(url, threads=True, **options), url):
            for post in page.posts if isinstance(page, Thread) else ():
                yield post

    async def thread(self, url: str, **options: Unpack[WalkOptions]) -> Thread:
        """Fetch a whole thread: all its pages in one `Thread`, as `discuz_scrape.merged` puts them together."""
        walk = self._thread_walk(url, **options)
        return merged([page async for page in AsyncPages[Thread](self, walk, url)], walk.floors)

    async def board(self, url: str, **options: Unpack[WalkOptions]) -> AsyncIterator[ThreadSummary]:
        """Walk through the rows of a board."""
        async for page in AsyncPages[Board](self, self._board_walk(url, **options), url):
            for row in page.threads:
                yield row

    async def download(self, item: Attachment | Image, path: str | PathLike[str]) -> Path:
        """Fetch a file of a post, to a place or into a folder; gives where it lies. Raises OSError beside ours."""
        ask = self._file_ask(item)
        return await self._try(ask, lambda: self._file(item, path, ask))

    async def login(self, username: str, password: str, *, question: int = 0, answer: str = "") -> None:
        """Log in by the forum's own form; before a site was asked for, it is done with the first page."""
        ask = self._login_ask(username, password, question, answer)
        if ask is not None:
            await self._try(ask, lambda: self._enter(ask))

    async def _advance(self, walk: Walk, home: str) -> tuple[Any, ...]:
        """Fetch what a walk asks for; give the pages that are whole now."""
        ask = self._ask(walk.ask or "", home)
        try:
            fetched = await self._try(ask, lambda: self._page(ask))
            return walk.feed(fetched.page, redirected=fetched.redirected)
        except DiscuzScrapeError as error:
            return self._failed(walk, error)

    # --- The world outside --------------------------------------------------------------------------------------------

    async def _try(self, ask: Ask, steps: Callable[[], Steps[T]]) -> T:
        async def once() -> T:
            return await self._run(steps())

        with giving_up(ask.url):
            return await AsyncRetrying(sleep=self._wait, **self._retry(ask))(once)

    async def _run(self, steps: Steps[T]) -> T:
        try:
            step = next(steps)
            while True:
                try:
                    outcome = await self._do(step)
                except Exception as error:  # noqa: BLE001 - the steps decide what it means
                    step = steps.throw(error)
                else:
                    step = steps.send(outcome)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        finally:
            steps.close()  # a task that is cancelled must not leave drafts behind

    async def _do(self, step: Step) -> Any:
        if isinstance(step, Send):
            async with self._gates[step.host]:
                async with self._locks[f"turn {step.host}"]:
                    for pause in step.pauses():
                        await self._wait(pause)
                with step.under_way():
                    return await self._exchange(step)
        if isinstance(step, Once):
            async with self._locks[step.key]:
                return await self._run(step.steps())
        return await self._addresses(step)

    async def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self.stats.waited += seconds
            slept = self._sleep(seconds)
            if isawaitable(slept):
                await slept

    async def _exchange(self, step: Send) -> Answer:
        with translated(self._library, step.url):
            async with self._http.stream(**step.request(self._timeout)) as response:
                body, peer = Body(step), peer_of(response) if self._direct else None
                async for chunk in response.aiter_bytes():
                    if not body.take(chunk, self._clock()):
                        break
                return body.answer(response, peer=peer)

    async def _addresses(self, step: Lookup) -> list[str]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(step.host, step.port, type=socket.SOCK_STREAM)
        except OSError:
            return []
        return [str(address[4][0]) for address in found]
