"""Cookies in and out: a mapping, a jar, a cookies.txt as browsers export it; and which of them goes where.

No message shows the value of a cookie: whoever has it is logged in.
"""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from email.message import Message
from http.client import HTTPResponse
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any, cast
from urllib.request import Request

from pydantic_core import from_json

from discuz_scrape._draft import Draft
from discuz_scrape._encoding import decode

__all__ = ["added", "bind", "header_for", "load", "save", "take"]

_NO_HOST = "unbound.invalid"
"""Where cookies wait that have no host yet: one that no request goes to, so they cannot leave by mistake."""

_MAX_FILE = 8 << 20
_MAX_COOKIE = 4_096  # characters of name and value, as in browsers
_LAST_EXPIRY = 253_402_300_799  # the end of the year 9999
_MAGIC = "# Netscape HTTP Cookie File"
_HTTP_ONLY = "#HttpOnly_"

_NAME = re.compile(r"[ -:<>-~]+").fullmatch  # no "=", no ";"
_TEXT = re.compile(r"[ -:<-~]*").fullmatch
_DOMAIN = re.compile(r"(?!#)[!-~]+").fullmatch
_EXPIRY = re.compile(r"(-?[0-9]{1,18})(?:\.[0-9]{0,18})?").fullmatch
_FLAGS = {"TRUE": True, "FALSE": False}


def load(cookies: Mapping[str, str] | CookieJar | str | os.PathLike[str] | None) -> CookieJar:
    """Read cookies into a new jar, without those that have expired.

    Args:
        cookies: Names and values, which belong to no host until `bind` gives them one; a jar, which is copied; or the
            path of a file: Netscape's `cookies.txt`, or the JSON that extensions of browsers export.

    Raises:
        ValueError: The file cannot be read or is none of these, or a cookie is none that could be sent.

    """
    jar = CookieJar(_Policy(strict_domain=True, strict_ns_domain=DefaultCookiePolicy.DomainStrictNonDomain))
    return added((cookie for cookie in _given(cookies) if not cookie.is_expired()), jar)


def added(cookies: Iterable[Cookie], jar: CookieJar) -> CookieJar:
    """Put cookies into a jar that is there; gives that jar."""
    for cookie in cookies:
        jar.set_cookie(cookie)
    return jar


def bind(jar: CookieJar, host: str, *, secure: bool = False) -> list[Cookie]:
    """Give the cookies that have no host yet to this one, and to no other; `secure` ones go over TLS only.

    The host is written as in the addresses that `header_for` gets. Gives the cookies that were meant, for good: later
    calls find none.
    """
    bound = []
    for cookie in list(jar):
        if cookie.domain == _NO_HOST:
            jar.clear(cookie.domain, cookie.path, cookie.name)
            cookie.domain, cookie.secure = _domain(host), secure
            jar.set_cookie(cookie)
            bound.append(cookie)
    return bound


def header_for(jar: CookieJar, url: str) -> str | None:
    """Write the `Cookie` header for an address; None where no cookie is for it."""
    if next(iter(jar), None) is None:
        return None
    request = Request(url)  # noqa: S310 - nothing is opened
    jar.add_cookie_header(request)
    return request.get_header("Cookie")


def take(jar: CookieJar, url: str, headers: Iterable[str]) -> None:
    """Take over what the `Set-Cookie` headers of an answer say, as far as its host may say so."""
    if given := list(headers):
        jar.extract_cookies(cast("HTTPResponse", _Answer(given)), Request(url))  # noqa: S310 - nothing is opened


def save(jar: CookieJar, path: str | os.PathLike[str]) -> None:
    """Write a jar as `cookies.txt`, those of the session too, for its owner's eyes only.

    A link at this place is replaced, never followed. Raises OSError where it cannot be written.
    """
    place = Path(path)
    lines = [_line(cookie) for cookie in jar if not cookie.is_expired() and not _fault(cookie)]
    with Draft(place.parent, private=True) as draft:
        draft.file.write("\n".join([_MAGIC, "", *lines, ""]).encode("ascii"))
        draft.place_at(place)


class _Policy(DefaultCookiePolicy):
    """Takes what can be sent and written again."""

    def set_ok(self, cookie: Cookie, request: Request) -> bool:
        return _fault(cookie) is None and super().set_ok(cookie, request)


class _Answer:
    """As much of an answer as a jar asks for."""

    def __init__(self, headers: Iterable[str]) -> None:
        self._message = Message()
        for value in headers:
            self._message["Set-Cookie"] = value

    def info(self) -> Message:
        return self._message


def _given(cookies: Any) -> Iterator[Cookie]:
    cookies = getattr(cookies, "jar", cookies)  # as httpx wraps one
    if cookies is None:
        return
    if isinstance(cookies, CookieJar):  # before a mapping, for that of requests is both
        for cookie in map(copy.copy, cookies):
            if cookie.expires == 0:  # as Python reads the cookies of a session from a cookies.txt
                cookie.expires, cookie.discard = None, True
            cookie.domain = _domain(cookie.domain) or _NO_HOST
            cookie.domain_specified = cookie.domain_initial_dot = cookie.domain.startswith(".")
            _check(cookie, f"a cookie of {cookie.domain}")
            yield cookie
    elif isinstance(cookies, Mapping):
        for name, value in cookies.items():
            if not isinstance(name, str) or not isinstance(value, str):
                raise ValueError(f"cookie {name!r}: name and value must be text")  # noqa: TRY004 - as in files
            cookie = _cookie(name, value, _NO_HOST)
            _check(cookie, f"cookie {name!r}" if _NAME(name) else "a cookie")
            yield cookie
    elif isinstance(cookies, str | os.PathLike):
        yield from _of_file(os.fspath(cookies))
    else:
        raise TypeError(f"cookies must be a mapping, a CookieJar or a path, not {type(cookies).__name__}")


def _of_file(path: str) -> Iterator[Cookie]:
    text = decode(_content(path)).text
    if text.lstrip()[:1] in ("[", "{"):
        yield from _of_json(path, text)
        return
    for number, line in enumerate(text.split("\n"), 1):
        line = line.removesuffix("\r")  # noqa: PLW2901 - the same line
        if line.strip() and (not line.startswith("#") or line.startswith(_HTTP_ONLY)):
            where = f"{path}: line {number}"
            cookie = _of_line(line, where)
            _check(cookie, where)
            yield cookie


def _content(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            content = file.read(_MAX_FILE + 1)
    except (OSError, ValueError) as error:
        if "=" in path:  # nor may the traceback show it
            raise ValueError("cookies: text is taken for the path of a cookies.txt, not for a Cookie header") from None
        why = getattr(error, "strerror", None) or error
        raise ValueError(f"{path}: cookies cannot be read: {why}") from error
    if len(content) > _MAX_FILE:
        raise ValueError(f"{path}: too large for a file of cookies")
    return content


def _of_line(line: str, where: str) -> Cookie:
    http_only = line.startswith(_HTTP_ONLY)
    line = line.removeprefix(_HTTP_ONLY)
    # an editor may have made spaces of the tabs, or have cut off those before an empty value
    fields = line.split("\t") if "\t" in line else line.split(None, 6)
    if len(fields) == 6:
        fields.append("")
    if len(fields) != 7:
        raise ValueError(f"{where}: not a cookie: 7 fields with tabs between them were expected, not {len(fields)}")
    domain, within, path, secure, expires, name, value = fields
    expiry = _EXPIRY(expires.strip() or "0")
    if within.upper() not in _FLAGS or secure.upper() not in _FLAGS or expiry is None:
        raise ValueError(f"{where}: not a cookie: the fields are domain, TRUE or FALSE, path, TRUE or FALSE, expiry, …")
    return _cookie(
        name or value,
        value if name else None,  # one without a name, as Python's jar has it
        _domain(domain, within=_FLAGS[within.upper()]),
        path=path,
        secure=_FLAGS[secure.upper()],
        expires=int(expiry[1]),
        http_only=http_only,
    )


def _of_json(path: str, text: str) -> Iterator[Cookie]:
    try:
        found = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise ValueError(f"{path}: neither a cookies.txt nor JSON: {error}") from error
    entries = found.get("cookies") if isinstance(found, dict) else found
    if not isinstance(entries, list):
        raise ValueError(f"{path}: JSON, but no list of cookies")  # noqa: TRY004 - of a file
    for number, entry in enumerate(entries, 1):
        where = f"{path}: cookie {number}"
        cookie = _of_entry(entry if isinstance(entry, dict) else {}, where)
        _check(cookie, where)
        yield cookie


def _of_entry(entry: dict[str, Any], where: str) -> Cookie:
    name, value, domain = entry.get("name"), entry.get("value"), entry.get("domain")
    if not (isinstance(name, str) and isinstance(value, str) and isinstance(domain, str)):
        raise ValueError(f"{where}: not a cookie: it needs a name, a value and a domain")  # noqa: TRY004 - of a file
    expires = next((entry[key] for key in ("expirationDate", "expires", "expiry") if key in entry), None)
    path = entry.get("path")
    return _cookie(
        name,
        value,
        _domain(domain, within=entry.get("hostOnly") is False),
        path=path if isinstance(path, str) else "/",
        secure=entry.get("secure") is True,
        expires=int(expires) if isinstance(expires, int | float) else None,
        http_only=entry.get("httpOnly") is True,
    )


def _domain(host: str, *, within: bool = False) -> str:
    """A domain as Python's jar keeps it: with a dot in front where sub-domains are meant, `.local` on a bare name."""
    host = host.strip().lower()
    name = host.lstrip(".")
    if name and "." not in name:
        name += ".local"
    return "." + name if name and (within or host.startswith(".")) else name


def _cookie(
    name: str,
    value: str | None,
    domain: str,
    *,
    path: str = "/",
    secure: bool = False,
    expires: int | None = None,
    http_only: bool = False,
) -> Cookie:
    expires = min(expires, _LAST_EXPIRY) if expires and expires > 0 else None
    within = domain.startswith(".")
    return Cookie(
        version=0,
        name=name,
        value=value,
        port=None,
        port_specified=False,
        domain=domain,
        domain_specified=within,
        domain_initial_dot=within,
        path=path if path.startswith("/") else "/",
        path_specified=True,
        secure=secure,
        expires=expires,
        discard=expires is None,
        comment=None,
        comment_url=None,
        rest={"HttpOnly": ""} if http_only else {},
    )


def _line(cookie: Cookie) -> str:
    name, value = (cookie.name, cookie.value) if cookie.value is not None else ("", cookie.name)
    hidden = cookie.has_nonstandard_attr("HttpOnly") or cookie.has_nonstandard_attr("httponly")
    within, secure = (str(bool(flag)).upper() for flag in (cookie.domain.startswith("."), cookie.secure))
    expires = str(min(cookie.expires or 0, _LAST_EXPIRY))
    line = "\t".join([cookie.domain, within, cookie.path, secure, expires, name, value])
    return _HTTP_ONLY + line if hidden else line


def _check(cookie: Cookie, where: str) -> None:
    if fault := _fault(cookie):
        raise ValueError(f"{where}: {fault}")


def _fault(cookie: Cookie) -> str | None:
    """Tell why a cookie can be neither sent nor written; None where it can."""
    if not _NAME(cookie.name):
        return "its name is empty or has characters that no cookie can have"
    if not _TEXT(cookie.value or "") or not _TEXT(cookie.path):
        return "it has characters that no cookie can have"
    if not _DOMAIN(cookie.domain):
        return "its domain is none"
    if len(cookie.name) + len(cookie.value or "") > _MAX_COOKIE:
        return f"it is longer than {_MAX_COOKIE} characters"
    return None
