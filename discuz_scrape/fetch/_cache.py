"""Copies of pages and files on disk, so that only what has changed is sent again.

hishel keeps them, and knows the rules for caches (RFC 9111). What is decided here is whose a copy is, and what of an
answer may lie on a disk. Nothing is sent from here, so both clients share it.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache, partial
from hashlib import pbkdf2_hmac, sha256
from os import PathLike
from pathlib import Path
from typing import BinaryIO, cast
from uuid import uuid4

from hishel import (
    AnyState,
    CacheMiss,
    CacheOptions,
    Entry,
    FromCache,
    Headers,
    IdleClient,
    InvalidateEntries,
    NeedRevalidation,
    NeedToBeUpdated,
    Request,
    Response,
    SqliteStorage,
    StoreAndUse,
)

from discuz_scrape._saved import harmless
from discuz_scrape.fetch._judge import rendered_at
from discuz_scrape.fetch._library import Body
from discuz_scrape.fetch._steps import Answer, Send, Steps

__all__ = ["Cache", "Copy"]

_FILE = "pages.sqlite"
_PRIVATE = CacheOptions(shared=False, supported_methods=["GET"], allow_stale=False)
_QUESTIONS = ("if-none-match", "if-modified-since")
_OPEN = frozenset({"user-agent", "accept", "accept-language"})
"""Headers that tell nothing of who asks; hishel sees to it where an answer varies with them."""
_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding"})  # the body is kept without them
_RENDERED = "discuz-scrape-date"
"""Where the first `Date` of a copy is kept: times as "3 hours ago" count from it, whenever it was confirmed later."""
_MAX_HEADER = 4_096
_CHUNK = 1 << 17
_BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

_is_of_any_visitor = re.compile(
    r"[^=]{0,64}[0-9a-f]{4}_(?:saltkey|sid|lastvisit|lastact|lastrequest|ulastactivity|visitedfid|viewid|sendmail|st_t"
    r"|st_p|forum_lastvisit|onlineusernum|noticeTitle|checkpm|checkfollow|lastcheckfeed|lip)|__cf_bm|_cfuvid|acw_tc"
).fullmatch
"""Cookies that Discuz and firewalls give to everybody, other ones all the time; no page shows more because of them."""


class Cache:
    """A folder with copies of answers, which nobody but its owner can read.

    A copy is for who asks with the same cookies and headers of his own, and for nobody else: a guest never gets what a
    member saw. Neither these nor addresses are kept in clear, and no `Set-Cookie`. It grows to 1 GiB; then what was
    not used for long makes room.

    Raises:
        ValueError: The file in it is of another kind, or cannot be used.
        OSError: The folder cannot be made.

    """

    def __init__(self, folder: str | PathLike[str]) -> None:
        place = Path(folder)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._storage = _opened(place / _FILE)
        self._asked: set[bytes] = set()

    def close(self) -> None:
        """Close the file."""
        self._storage.close()

    def fetch(self, send: Send, exchange: Callable[[Send], Steps[Answer]]) -> Steps[Answer]:
        """Give the copy where the site said for how long it is good; else ask whether it has changed.

        What this client has had before is asked for in any case: who asks again wants to know what is new.
        """
        copy = self._copy_for(send)
        if copy.is_good and (known := copy.read(send)):
            return known
        answer = yield from exchange(replace(send, headers={**send.headers, **copy.questions}))
        if answer.status == 304 and copy.questions:
            copy.confirm(answer)
            known = copy.read(send)
            if known is not None:
                return replace(known, peer=answer.peer)
            answer = yield from exchange(send)  # it is gone, or another one is meant
        return replace(answer, copy=copy)

    def _copy_for(self, send: Send) -> Copy:
        key = sha256(f"{_whose(send.headers)}\n{send.url}".encode("utf-8", "replace")).hexdigest()
        mark = bytes.fromhex(key)[:8]  # there may be many; at worst, one is asked for that need not be
        again = mark in self._asked
        self._asked.add(mark)
        return Copy(self._storage, key, send.headers, again=again)


class Copy:
    """What there is of one address for who asks with certain headers, as far as there is something."""

    def __init__(self, storage: SqliteStorage, key: str, headers: Mapping[str, str], *, again: bool) -> None:
        self._storage = storage
        told = {name: value for name, value in headers.items() if name.lower() in _OPEN}
        self._request = Request("GET", key, Headers(told))
        asked = replace(self._request, headers=Headers({**told, **({"cache-control": "no-cache"} if again else {})}))
        self._state: AnyState = IdleClient(_PRIVATE).next(asked, storage.get_entries(key))
        self._was_read = False

    @property
    def is_good(self) -> bool:
        """Whether it may be used as it is."""
        return isinstance(self._state, FromCache)

    @property
    def questions(self) -> dict[str, str]:
        """The headers that ask whether it has changed."""
        return _questions(self._state)

    def confirm(self, answer: Answer) -> None:
        """The site says that it has not changed."""
        state: AnyState = cast("NeedRevalidation", self._state).next(Response(304, Headers(_known(answer))))
        while isinstance(state, InvalidateEntries | NeedToBeUpdated):
            if isinstance(state, InvalidateEntries):
                for number in state.entry_ids:
                    self._storage.remove_entry(number)
            else:
                for entry in state.updating_entries:
                    self._storage.update_headers(entry.id, entry.response.headers)
            state = state.next()
        self._state = state

    def read(self, send: Send) -> Answer | None:
        """Give the answer that was kept; None where none can be read. Raises FetchError where it is too large."""
        if not isinstance(self._state, FromCache):
            return None
        response, body = self._state.entry.response, Body(send)
        try:
            for chunk in cast("Iterable[bytes]", response.stream):
                body.put(chunk)
        except (sqlite3.Error, RuntimeError):  # the file is damaged, or somebody made room in it
            self.forget()
            return None
        self._was_read = True
        headers = {name: response.headers.get_list(name) or [] for name in response.headers}
        headers["date"] = headers.pop(_RENDERED, headers.get("date", []))
        pairs = tuple((name, value) for name, values in headers.items() for value in values)
        return Answer(send.url, response.status_code, pairs, body.content, body.size, copy=self)

    def keep(self, answer: Answer, file: BinaryIO | None) -> None:
        """Keep what came anew, where it may be kept and can be of use."""
        if self._was_read or answer.status != 200:
            return
        self.forget()
        headers = _known(answer) | {_RENDERED: [value for name, value in answer.headers if name == "date"][:1]}
        headers.setdefault("expires", ["0"])  # no guess from Last-Modified how long it is good: threads grow
        state = CacheMiss(_PRIVATE, self._request).next(Response(200, Headers(headers), _pieces(answer, file)))
        if isinstance(state, StoreAndUse) and _is_of_use(self._request, state.response):
            entry = self._storage.create_entry(self._request, state.response, self._request.url)
            for _ in cast("Iterator[bytes]", entry.response.stream):
                pass  # it is kept while it is read

    def reject(self, answer: Answer) -> None:
        """Remove it where it gave this answer, or the site gave this in its place; a busy server says nothing of it."""
        if answer.status == 200:
            self.forget()

    def forget(self) -> None:
        """Remove it."""
        for entry in self._storage.get_entries(self._request.url):
            self._storage.remove_entry(entry.id)


def _opened(place: Path) -> SqliteStorage:
    """The file of copies; begun anew where it is damaged."""
    _make(place)
    try:
        with closing(sqlite3.connect(place)) as file:
            file.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _BROKEN:
            raise ValueError(f"cache: {place} cannot be used: {error}") from error
        for ending in ("", "-wal", "-shm"):
            place.with_name(place.name + ending).unlink(missing_ok=True)
        _make(place)
    storage = SqliteStorage(database_path=place)
    try:
        storage.get_entries("")  # opens it
    except RuntimeError as error:
        storage.close()
        raise ValueError(f"cache: {place} cannot be used: {error}") from error
    return storage


def _make(place: Path) -> None:
    """Make the file if there is none, for its owner only; SQLite gives what lies beside it the same rights."""
    os.close(os.open(place, os.O_RDWR | os.O_CREAT, 0o600))


def _whose(headers: Mapping[str, str]) -> str:
    """What tells one visitor from others: "" for a guest."""
    told: list[str] = []
    for name, value in headers.items():
        if name.lower() == "cookie":
            told += (pair for pair in value.split("; ") if not _is_of_any_visitor(pair.partition("=")[0]))
        elif name.lower() not in _OPEN:
            told.append(f"{name.lower()}: {value}")
    return _blurred("\n".join(sorted(told))) if told else ""


@lru_cache(maxsize=64)
def _blurred(told: str) -> str:
    """What secrets cannot be found out from, be they as short as the password of a board."""
    return pbkdf2_hmac("sha256", told.encode(), b"discuz_scrape", 100_000).hex()


def _known(answer: Answer) -> dict[str, list[str]]:
    """The headers that a copy keeps: none that opens a session, and a `Date` that its age can be told from."""
    headers: dict[str, list[str]] = {}
    for name, value in harmless(answer.headers):
        if name.lower() not in _OF_THE_WIRE and len(value) <= _MAX_HEADER:
            headers.setdefault(name.lower(), []).append(value)
    now, told = datetime.now(UTC), rendered_at(answer)
    headers["date"] = [format_datetime(min(now, told or now), usegmt=True)]
    return headers


def _pieces(answer: Answer, file: BinaryIO | None) -> Iterator[bytes]:
    """The body, from where it was written to."""
    if file is None:
        return iter((answer.content,))
    file.seek(0)
    return iter(partial(file.read, _CHUNK), b"")


def _questions(state: object) -> dict[str, str]:
    headers = state.request.headers if isinstance(state, NeedRevalidation) else {}
    return {name: headers[name] for name in _QUESTIONS if name in headers and headers[name].isascii()}


def _is_of_use(request: Request, response: Response) -> bool:
    """Whether a copy could ever be used: it is good for some time, or the site can be asked whether it has changed."""
    state = IdleClient(_PRIVATE).next(request, [Entry(uuid4(), request, response)])
    return isinstance(state, FromCache) or bool(_questions(state))
