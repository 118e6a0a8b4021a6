"""The library that sends: httpx, or a fork of it with the same names, such as httpx2."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.request import getproxies

from discuz_scrape.errors import FetchError
from discuz_scrape.fetch._policy import Transient
from discuz_scrape.fetch._steps import Answer, Send

__all__ = ["Body", "caching", "is_direct", "library_of", "peer_of", "translated"]

_LIBRARIES = ("httpx", "httpx2")


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
        """Take some bytes; whether to read on. Raises FetchError for too many, and Transient when the time is over."""
        send = self._send
        self.size += len(chunk)
        if self.size > send.max_bytes and not send.is_cut:
            raise FetchError(f"{send.url} is larger than max_bytes={send.max_bytes}", url=send.url)
        if now > send.budget.deadline:
            raise Transient(FetchError(f"{send.url} took longer than total_timeout", url=send.url))
        if send.into is not None:
            send.into.write(chunk)
        else:
            self._chunks.append(chunk)
        return self.size <= send.max_bytes

    def answer(self, response: Any, *, peer: str | None) -> Answer:
        """The whole answer."""
        headers = tuple(response.headers.multi_items())
        return Answer(self._send.url, response.status_code, headers, b"".join(self._chunks), self.size, peer)


def is_direct(proxy: str | None) -> bool:
    """Whether the other end of a connection is the server itself, as far as can be told."""
    return proxy is None and not getproxies()


def peer_of(response: Any) -> str | None:
    """The IP address at the other end of the connection that gives a response. Raises Transient where that is gone."""
    stream = response.extensions.get("network_stream")
    try:
        address = stream.get_extra_info("server_addr") if stream is not None else None
    except OSError as error:
        url = str(response.url)
        raise Transient(FetchError(f"{url}: the connection is gone: {error}", url=url)) from error
    return str(address[0]) if isinstance(address, tuple) else None


def caching(folder: Any, transport: Callable[..., Any], proxy: str | None) -> dict[str, Any]:
    """How to set up a client of httpx: with a cache where there is a folder for it, else by itself."""
    if folder is None:
        return {"proxy": proxy}
    try:
        import hishel
        import hishel.httpx as cached
    except ImportError as error:
        raise ValueError('cache needs more: pip install "discuz-scrape[cache]"') from error
    place = Path(folder)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    raise NotImplementedError(hishel, cached, transport)
