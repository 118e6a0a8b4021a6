"""One module for each kind of page, and the way from a page to the one that reads it.

A module has one function `read`: a `Source` in, the page's model out. Which kinds there are, how each is known and
which module reads it stands in `_kinds`. The modules live in folders by what they read: `threads`, `lists` and
`members` on the desktop, `phones`, `plain` (archiver, print and such) and `api` on other faces; what begins with `_` is
shared by the modules of its folder, and by those of others that show the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module

from discuz_scrape._source import Source
from discuz_scrape.errors import ParseError
from discuz_scrape.models import Page, Thread

__all__ = ["read_page", "read_thread"]


def read_page(page: Source) -> Page:
    """The model of a page of any kind; a message or wall raises its NoticeError, an unreadable page ParseError."""
    return _thread(page) or _other(page)


def read_thread(page: Source) -> Thread:
    """The thread of a desktop page; raises as `read_page` does, and ParseError for a page of another kind."""
    thread = _thread(page)
    if thread is None:
        from discuz_scrape.pages.notice import identify

        raise ParseError(identify(page).instead_of("a thread page"), url=page.url)
    return thread


def _thread(page: Source) -> Thread | None:
    if not page.has_posts:
        return None
    from discuz_scrape.pages.threads.thread import read

    return read(page)


def _other(page: Source) -> Page:
    from discuz_scrape.pages.notice import identify

    kind = identify(page)
    if not kind.reads:
        raise ParseError(kind.instead_of("a page that is read"), url=page.url)
    return _reader(kind.reads)(page)


@cache
def _reader(name: str) -> Callable[[Source], Page]:
    read: Callable[[Source], Page] = import_module(f"discuz_scrape.pages.{name}").read
    return read
