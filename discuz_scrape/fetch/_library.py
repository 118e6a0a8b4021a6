"""The library that sends: httpx, or a fork of it with the same names, such as httpx2."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from discuz_scrape.errors import FetchError
from discuz_scrape.fetch._policy import Transient
from discuz_scrape.fetch._steps import Answer, Send

__all__ = ["Body", "library_of", "translated"]

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
        if isinstance(error, library.UnsupportedProtocol | library.LocalProtocolError) or _is_untrusted(error):
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

    def take(self, chunk: bytes, now: float) -> None:
        """Take some bytes. Raises FetchError for too many, and Transient when the time is over."""
        send = self._send
        self.size += len(chunk)
        if self.size > send.max_bytes:
            raise FetchError(f"{send.url} is larger than max_bytes={send.max_bytes}", url=send.url)
        if now > send.deadline:
            raise Transient(FetchError(f"{send.url} took longer than total_timeout", url=send.url))
        if send.into is not None:
            send.into.write(chunk)
        else:
            self._chunks.append(chunk)

    def answer(self, response: Any) -> Answer:
        """The whole answer."""
        headers = tuple(response.headers.multi_items())
        return Answer(self._send.url, response.status_code, headers, b"".join(self._chunks))
