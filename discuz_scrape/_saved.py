"""Pages as they were fetched: each body in a file, and beside it a small one that tells where it came from.

What is kept is for reading again, and may be handed on: what opens a member's session is left out. The body holds what
the forum sent, untouched. This module is loaded by the parser's command line too, so it knows nothing of the network.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote_plus

from pydantic import AwareDatetime, ConfigDict, ValidationError

from discuz_scrape._address import open_address
from discuz_scrape._draft import Draft
from discuz_scrape._source import encodable
from discuz_scrape.errors import ParseError
from discuz_scrape.models import PageRef
from discuz_scrape.models._base import Model
from discuz_scrape.urls import canonical_url, parse_url

__all__ = ["MAX_SIDECAR", "SIDECAR", "Saved", "Store", "harmless", "read_beside", "read_saved"]

SIDECAR = ".fetched"
"""What is added to the name of a body for the file that tells of it; no page ends so."""

MAX_SIDECAR = 1 << 18
"""Bytes that such a file has at most."""
_MAX_TYPE = 200
_MAX_STEM = 120
_NUMBERS = ("tid", "fid", "gid", "pid", "uid", "aid", "id", "authorid", "ordertype", "postno", "searchid")

_SECRET_HEADERS = frozenset({"cookie", "cookie2", "set-cookie", "set-cookie2", "authorization", "authentication-info"})
_SECRETS = frozenset({
    "auth", "formhash", "hash", "loginhash", "sid", "phpsessid", "token", "password", "password2", "newpassword",
    "oldpassword", "questionid", "answer", "secanswer", "seccodeverify", "seccodehash", "pw",
})  # fmt: skip
"""Parameters that open a session or were typed into a form, in lower case."""
_SECRET_IN_TEXT = re.compile(
    rf"""(?:(?<![\w-])|(?<=26)|(?<=3F))(?:{"|".join(sorted(_SECRETS))})(?:=|%(?:25){{0,9}}3D)[^&;,\s"'<>]*+""",
    re.IGNORECASE,
)
_USER_IN_TEXT = re.compile(r"//[^/?#\s@\"'<>]{1,999}+@")

_TEXTS = {"text/html": ".html", "application/xhtml+xml": ".html", "text/plain": ".txt", "": ""}
_NO_PAGE = ".raw"
"""What `discuz-scrape parse` passes over: pictures, redirects, robots.txt."""


class Saved(Model):
    """What is known of a page that was kept."""

    model_config = ConfigDict(extra="ignore")  # a later version may say more

    url: str
    """Its address, without secrets."""
    status: int
    """The status of the answer."""
    headers: tuple[tuple[str, str], ...]
    """The headers of the answer, without secrets."""
    fetched_at: AwareDatetime
    """When it came."""

    @property
    def content_type(self) -> str | None:
        """The `Content-Type`, None where there was none."""
        return _content_type(self.headers)[:_MAX_TYPE] or None


def _content_type(headers: Sequence[tuple[str, str]]) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def read_beside(path: Path) -> Saved | None:
    """Read what is known of a page; None where nothing lies beside it. Raises ParseError where that is broken."""
    sidecar = path.with_name(path.name + SIDECAR)
    try:
        if not sidecar.is_file():  # a pipe would never end
            return None
        with sidecar.open("rb") as file:
            content = file.read(MAX_SIDECAR + 1)
    except (OSError, ValueError) as error:
        raise ParseError(f"{sidecar.name} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    return read_saved(content, sidecar.name)


def read_saved(content: bytes, name: str) -> Saved:
    """Read what lies beside a page. Raises ParseError, with the name in it, where that is broken."""
    if len(content) > MAX_SIDECAR:
        raise ParseError(f"{name} is too large")
    try:
        saved = Saved.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ParseError(f"{name} is broken: {place}: {first['msg']}".replace(": : ", ": ")) from error
    try:
        whole = open_address(saved.url).origin.startswith("http")
    except ParseError as error:
        raise ParseError(f"{name} is broken: {error}") from error
    if not whole:
        raise ParseError(f"{name} is broken: its url has no host")
    return saved


class Store:
    """A folder in which answers are kept; nobody but its owner can read them."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def keep(
        self, *, url: str, status: int, headers: Sequence[tuple[str, str]], content: bytes, fetched_at: datetime
    ) -> Path:
        """Keep one answer; give the path of its body. An earlier one of the same page stays.

        Raises:
            ParseError: `url` is no address that a browser could open.
            ValueError: `fetched_at` has no offset.
            OSError: It cannot be written.

        """
        if fetched_at.tzinfo is None:
            raise ValueError("fetched_at must be aware")
        ref = parse_url(url)
        address = _without_secrets(url, ref)
        saved = Saved(url=address, status=status, headers=harmless(headers), fetched_at=fetched_at)
        stem = f"{_stem(ref)}-{hashlib.sha256(address.encode()).hexdigest()[:8]}"
        stem += f"-{fetched_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        return self._write(stem, _ending(saved, content), saved, content)

    def _write(self, stem: str, ending: str, saved: Saved, content: bytes) -> Path:
        with Draft(self.folder, private=True) as beside, Draft(self.folder, private=True) as body:
            body.file.write(content)
            beside.file.write(saved.model_dump_json().encode())
            name, number = stem + ending, 1
            # the body comes last: whoever finds it finds what is beside it, and one without a body harms nobody
            while os.path.lexists(self.folder / name) or beside.claim(name + SIDECAR) is None:
                number += 1
                name = f"{stem}-{number}{ending}"
            return body.place_at(self.folder / name)


def _stem(ref: PageRef) -> str:
    """Name a page by numbers only; padded, so that pages lie in their order."""
    parts: list[str] = [ref.kind, *([ref.face] if ref.face != "desktop" else [])]
    parts += [f"{name}{value}" for name in _NUMBERS if (value := getattr(ref, name)) is not None]
    parts += [f"page{ref.page:05}"] if ref.page is not None else []
    return "-".join(parts)[:_MAX_STEM]


def _without_secrets(url: str, ref: PageRef) -> str:
    if ref.token is not None:  # it carries the rights of the member whom its page was made for
        url = canonical_url(ref)
    address = open_address(url)
    kept = [part for part in address.query.split("&") if unquote_plus(part.partition("=")[0]).lower() not in _SECRETS]
    return _clean_text(str(replace(address, query="&".join(kept))))


def _clean_text(text: str) -> str:
    """A text without the secrets of the addresses in it, be they parameters of parameters."""
    return _USER_IN_TEXT.sub("//", _SECRET_IN_TEXT.sub("", text))


def harmless(headers: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Headers without what opens a session."""
    kept = ((name, value) for name, value in headers if not _is_secret(name.lower()))
    return tuple((encodable(name), encodable(_clean_text(value))) for name, value in kept)


def _is_secret(name: str) -> bool:
    return name in _SECRET_HEADERS or name.startswith("proxy-")


def _ending(saved: Saved, content: bytes) -> str:
    """Tell by type and first bytes how the name of a body ends."""
    media = _content_type(saved.headers).partition(";")[0].strip().lower()
    is_page = saved.status < 300 or saved.status >= 400
    if not is_page or not content or saved.url.partition("?")[0].endswith("/robots.txt"):
        return _NO_PAGE
    if media.endswith(("/json", "+json")):
        return ".json"
    if media.endswith(("/xml", "+xml")) and media not in _TEXTS:
        return ".xml"
    if media not in _TEXTS:
        return _NO_PAGE
    begin = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if begin.startswith(b"<?xml") and media != "application/xhtml+xml":
        return ".xml"
    if begin.startswith((b'{"', b"[{")):
        return ".json"
    return _TEXTS[media] or (".html" if begin.startswith(b"<") else ".txt")
