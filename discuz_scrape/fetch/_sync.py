"""The client for ordinary code."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, Unpack

import httpx
from tenacity import Retrying

from discuz_scrape.errors import DiscuzScrapeError
from discuz_scrape.fetch._ask import Ask
from discuz_scrape.fetch._core import Core, Trail, Walk, Walked, WalkedT, WalkOptions
from discuz_scrape.fetch._library import Body, NoCookies, is_direct, library_of, peer_of, translated
from discuz_scrape.fetch._policy import giving_up
from discuz_scrape.fetch._steps import Answer, Lookup, Once, Send, Step, Steps
from discuz_scrape.models import Attachment, Board, Image, Page, Post, Thread, ThreadSummary
from discuz_scrape.walk import merged

__all__ = ["Client", "Pages"]

T = TypeVar("T")


class Pages(Trail[WalkedT], Iterator[WalkedT]):
    """The pages of a thread or board, fetched one by one; `state` is a cursor to go on later."""

    def __init__(self, client: Client, walk: Walk, home: str) -> None:
        super().__init__(walk, home)
        self._client = client

    def __next__(self) -> WalkedT:
        while not self._ready:
            if self._walk.ask is None:
                raise StopIteration
            self._ready.extend(self._client._advance(self._walk, self._home))
        return self._ready.popleft()


class Client(Core[Any]):
    __doc__ = Core.__doc__

    def _set_up(self, http: Any, *, timeout: float, proxy: str | None, sleep: Any) -> None:
        self._owned = http is None
        self._timeout = timeout if self._owned else None
        self._http = http or httpx.Client(timeout=timeout, proxy=proxy)
        if self._owned:
            self._http.cookies.jar = NoCookies()
        self._library = library_of(self._http)
        self._direct = self._owned and is_direct(proxy)
        self._sleep = sleep or time.sleep
        self._gates: dict[str, threading.BoundedSemaphore] = {}
        self._locks: dict[str, threading.Lock] = {}

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, but not those of a client that was given as `http`, and the cache."""
        if self._owned:
            self._http.close()
        if self._settings.cache is not None:
            self._settings.cache.close()

    # --- What people use ----------------------------------------------------------------------------------------------

    def page(self, url: str) -> Page:
        """Fetch one page of a forum, whatever it shows."""
        ask = self._ask(url)
        return self._try(ask, lambda: self._page(ask)).page

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
    ) -> Pages[Walked]:
        """Walk through a thread or a board, page by page; each pid or tid is given out once."""
        walk = self._walk(url, start=start, stop=stop, author=author, since=since, extras=extras, state=state)
        return Pages(self, walk, url)

    def posts(self, url: str, **options: Unpack[WalkOptions]) -> Iterator[Post]:
        """Walk through the posts of a thread, or of all threads of a board."""
        for page in Pages[Walked](self, self._walk(url, threads=True, **options), url):
            yield from page.posts if isinstance(page, Thread) else ()

    def thread(self, url: str, **options: Unpack[WalkOptions]) -> Thread:
        """Fetch a whole thread: all its pages in one `Thread`, as `discuz_scrape.merged` puts them together."""
        walk = self._thread_walk(url, **options)
        return merged(Pages[Thread](self, walk, url), walk.floors)

    def board(self, url: str, **options: Unpack[WalkOptions]) -> Iterator[ThreadSummary]:
        """Walk through the rows of a board."""
        for page in Pages[Board](self, self._board_walk(url, **options), url):
            yield from page.threads

    def download(self, item: Attachment | Image, path: str | PathLike[str]) -> Path:
        """Fetch a file of a post, to a place or into a folder; gives where it lies. Raises OSError beside ours."""
        ask = self._file_ask(item)
        return self._try(ask, lambda: self._file(item, path, ask))

    def login(self, username: str, password: str, *, question: int = 0, answer: str = "") -> None:
        """Log in by the forum's own form; before a site was asked for, it is done with the first page."""
        ask = self._login_ask(username, password, question, answer)
        if ask is not None:
            self._try(ask, lambda: self._enter(ask))

    def _advance(self, walk: Walk, home: str) -> tuple[Any, ...]:
        """Fetch what a walk asks for; give the pages that are whole now."""
        ask = self._ask(walk.ask or "", home)
        try:
            fetched = self._try(ask, lambda: self._page(ask))
            return walk.feed(fetched.page, redirected=fetched.redirected)
        except DiscuzScrapeError as error:
            return self._failed(walk, error)

    # --- The world outside --------------------------------------------------------------------------------------------

    def _try(self, ask: Ask, steps: Callable[[], Steps[T]]) -> T:
        with giving_up(ask.url):
            return Retrying(sleep=self._wait, **self._retry(ask))(lambda: self._run(steps()))

    def _run(self, steps: Steps[T]) -> T:
        try:
            step = next(steps)
            while True:
                try:
                    outcome = self._do(step)
                except Exception as error:  # noqa: BLE001 - the steps decide what it means
                    step = steps.throw(error)
                else:
                    step = steps.send(outcome)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        finally:
            steps.close()  # an interrupt must not leave drafts behind

    def _do(self, step: Step) -> Any:
        if isinstance(step, Send):
            with self._gate(step.host):
                with self._lock(f"turn {step.host}"):
                    for pause in step.pauses():
                        self._wait(pause)
                with step.under_way():
                    return self._exchange(step)
        if isinstance(step, Once):
            with self._lock(step.key):
                return self._run(step.steps())
        return self._addresses(step)

    def _gate(self, host: str) -> threading.BoundedSemaphore:
        return self._gates.setdefault(host, threading.BoundedSemaphore(self._concurrency))

    def _lock(self, key: str) -> threading.Lock:
        return self._locks.setdefault(key, threading.Lock())

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self.stats.waited += seconds
            self._sleep(seconds)

    def _exchange(self, step: Send) -> Answer:
        with translated(self._library, step.url), self._http.stream(**step.request(self._timeout)) as response:
            body, peer = Body(step), peer_of(response) if self._direct else None
            for chunk in response.iter_bytes():
                if not body.take(chunk, self._clock()):
                    break
            return body.answer(response, peer=peer)

    def _addresses(self, step: Lookup) -> list[str]:
        try:
            return [str(found[4][0]) for found in socket.getaddrinfo(step.host, step.port, type=socket.SOCK_STREAM)]
        except OSError:
            return []
