"""The library that sends: httpx, or a fork of it with the same names, such as httpx2."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from importlib import import_module
from os import PathLike
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

from discuz_scrape.errors import FetchError
from discuz_scrape.fetch._policy import Transient
from discuz_scrape.fetch._steps import Answer, Send

if TYPE_CHECKING:
    from discuz_scrape.fetch._cache import Cache

__all__ = ["Body", "NoCookies", "cache_in", "is_direct", "library_of", "peer_of", "translated"]

_LIBRARIES = ("httpx", "httpx2")
_LENGTH = re.compile(r"[0-9]{1,18}").fullmatch


def library_of(http: object) -> Any:
    """The module that a client is of. Raises TypeError for what is no such client."""
    for kind in type(http).__mro__:
        root = kind.__module__.partition(".")[0]
        if root in _LIBRARIES:
            return import_module(root)
    raise TypeError(f"http must be a client of httpx or httpx2, not {type(http).__name__}")


@contextmanager
def translated(library: Any, url: str) -> Iterator[None]:
    """Tell in our own words what went wrong on the way, and whether another try may mend it."""
    try:
        yield
    except (library.TransportError, library.DecodingError) as error:
        failure = FetchError(f"{url}: {type(error).__name__}: {error}", url=url)
        failure.__cause__ = error
        hopeless = isinstance(error, library.UnsupportedProtocol | library.LocalProtocolError)
        if hopeless or "location header" in str(error) or _is_untrusted(error):
            raise failure from error
        raise Transient(failure) from error
    except (library.HTTPError, library.InvalidURL, library.CookieConflict, ValueError) as error:
        raise FetchError(f"{url} cannot be fetched: {type(error).__name__}: {error}", url=url) from error


def _is_untrusted(error: BaseException | None) -> bool:
    """Whether the certificate of a server was refused: no other try will change that."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


class Body:
    """Takes a body as it comes, within bounds."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._chunks: list[bytes] = []
        self.size = 0
        if send.into is not None:  # what an earlier try has left
            send.into.seek(0)
            send.into.truncate()

    def take(self, chunk: bytes, now: float) -> bool:
        """Take some bytes from a server; whether to read on. Raises Transient when the time is over."""
        self.put(chunk)
        if now > self._send.budget.deadline:
            raise Transient(FetchError(f"{self._send.url} took longer than total_timeout", url=self._send.url))
        return self.size <= self._send.max_bytes

    def put(self, chunk: bytes) -> None:
        """Take some bytes that were there. Raises FetchError for too many."""
        send = self._send
        self.size += len(chunk)
        if self.size > send.max_bytes and not send.is_cut:
            raise FetchError(f"{send.url} is larger than max_bytes={send.max_bytes}", url=send.url)
        if send.into is not None:
            send.into.write(chunk)
        else:
            self._chunks.append(chunk)

    @property
    def content(self) -> bytes:
        """What was taken, where it was not written to a file."""
        return b"".join(self._chunks)

    def answer(self, response: Any, *, peer: str | None) -> Answer:
        """The whole answer. Raises Transient where less came than announced, which not all that sends looks after."""
        announced = response.headers.get("content-length", "")
        is_plain = response.status_code == 200 and "content-encoding" not in response.headers
        if is_plain and not self._send.is_cut and _LENGTH(announced) and self.size < int(announced):
            words = f"{self._send.url} gave {self.size} of {announced} bytes"
            raise Transient(FetchError(words, url=self._send.url))
        headers = tuple(response.headers.multi_items())
        return Answer(self._send.url, response.status_code, headers, self.content, self.size, peer)


class NoCookies(CookieJar):
    """A jar that takes nothing and gives nothing."""

    def extract_cookies(self, response: object, request: object) -> None:
        pass

    def add_cookie_header(self, request: object) -> None:
        pass


def is_direct(proxy: str | None) -> bool:
    """Whether the other end of a connection is the server itself, as far as can be told."""
    return proxy is None and not getproxies()


def peer_of(response: Any) -> str | None:
    """The IP address at the other end of the connection that gives a response. Raises Transient where it is lost."""
    stream = response.extensions.get("network_stream")
    try:
        address = stream.get_extra_info("server_addr") if stream is not None else None
    except OSError as error:
        raise Transient(FetchError(f"{response.url}: the connection was lost", url=str(response.url))) from error
    return str(address[0]) if isinstance(address, tuple) else None


def cache_in(folder: str | PathLike[str]) -> Cache:
    """Open the cache in a folder. Raises ValueError where it cannot be used, or hishel is not installed."""
    try:
        from discuz_scrape.fetch._cache import Cache
    except ImportError as error:
        raise ValueError('cache needs more: pip install "discuz-scrape[cache]"') from error
    return Cache(folder)
