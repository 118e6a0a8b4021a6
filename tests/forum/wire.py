"""What goes over the wire: what is asked, and what is answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Literal, TypeAlias
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Request:
    """A request as the log keeps it."""

    method: str
    path: str
    """Path and query, as sent."""
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes = b""
    status: int = 0
    """What it was answered with; 0 where the connection was closed instead."""
    fault: str | None = None
    """The fault that it met."""
    proxied: bool = False
    """Sent as to a proxy, with the whole address: the site then answers for any host."""

    @property
    def host(self) -> str:
        """The host that is asked for."""
        return self.headers.get("host", "localhost")

    @property
    def script(self) -> str:
        """The path without its query and leading slash."""
        return urlsplit("//x" + self.path).path.lstrip("/")

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit("//x" + self.path).query, keep_blank_values=True))

    def form(self, charset: str) -> dict[str, str]:
        """The fields that were posted."""
        return dict(parse_qsl(self.body.decode("ascii", "replace"), keep_blank_values=True, encoding=charset))

    @property
    def cookies(self) -> dict[str, str]:
        try:
            return {name: morsel.value for name, morsel in SimpleCookie(self.headers.get("cookie", "")).items()}
        except CookieError:
            return {}


@dataclass
class Answer:
    """An answer before it is sent."""

    status: int = 200
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)
    """Without Date, Content-Length, Connection."""
    cut: float | None = None
    """The share of the body after which the connection is closed, though all of it was promised."""
    chunked: bool = False
    """Sent in chunks, without Content-Length."""
    end: Literal["", "reset", "hangup"] = ""
    """Close the connection without a word, hard or softly."""

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def with_header(self, name: str, value: str) -> Answer:
        self.headers = [(key, old) for key, old in self.headers if key.lower() != name.lower()]
        self.headers.append((name, value))
        return self


Match: TypeAlias = str | Callable[[Request], bool] | None
"""Which requests are meant: a part of path and query, a pattern in them, a rule of the caller's own; None is all but
robots.txt."""
Normal: TypeAlias = Callable[[], Answer]
"""What gives the answer that a request gets when nothing goes wrong."""


def matches(match: Match, request: Request) -> bool:
    if match is None:
        return request.script != "robots.txt"
    if callable(match):
        return match(request)
    return match in request.path or re.search(match, request.path) is not None


def page(text: str, charset: str = "utf-8", status: int = 200, kind: str = "text/html") -> Answer:
    """An answer with text; what the charset lacks becomes a reference, as browsers send it."""
    body = text.encode(charset, "xmlcharrefreplace")
    return Answer(status, body, [("Content-Type", f"{kind}; charset={charset}")])


def redirect(to: str, status: int = 302) -> Answer:
    return Answer(status, b"", [("Content-Type", "text/html"), ("Location", to)])
