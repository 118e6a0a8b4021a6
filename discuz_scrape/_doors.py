"""The functions that people call: content in, model out.

What reads a kind of page is loaded when the first page asks for it, so that importing the library stays cheap.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, tzinfo
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from discuz_scrape.errors import DiscuzScrapeError, ParseError
from discuz_scrape.models import Page, Thread

if TYPE_CHECKING:
    from discuz_scrape._source import Source

__all__ = ["FORMATS", "check_formats", "guarded", "parse_page", "parse_text", "parse_thread"]

FORMATS = frozenset({"text", "html", "markdown"})
"""What `formats` may name."""

P = ParamSpec("P")
T = TypeVar("T")
PageT = TypeVar("PageT", bound=Page)


def check_formats(formats: Collection[str]) -> None:
    """Raise ValueError for what `formats` may not name."""
    if unknown := set(formats) - FORMATS:
        raise ValueError(f"unknown formats {sorted(unknown)}: choose from {sorted(FORMATS)}")


def guarded(door: Callable[P, T]) -> Callable[P, T]:
    """Check the arguments that all doors share, and let no exception but ours out."""

    @wraps(door)
    def enter(*args: P.args, **options: P.kwargs) -> T:
        now, formats, url = options.get("now"), options.get("formats"), options.get("url")
        if isinstance(now, datetime) and now.tzinfo is None:
            raise ValueError("now must be aware: give it an offset, such as now.astimezone()")
        if formats is not None and isinstance(formats, Collection):
            check_formats(formats)
        if args and not isinstance(args[0], str | bytes):
            raise TypeError(f"a page must be str or bytes, not {type(args[0]).__name__}")
        try:
            return door(*args, **options)
        except DiscuzScrapeError:
            raise
        except Exception as error:
            what = f"this page broke the parser ({type(error).__name__}: {error}): please report it with the page"
            raise ParseError(what, url=url if isinstance(url, str) else None) from error

    return enter


def _read(read: Callable[[Source], PageT], content: str | bytes, *options: Any) -> PageT:
    """Read a page; once more where halves of surrogate pairs may have spoilt it.

    No model takes them, so a page that has some fails, or tells an issue: only then is it worth while to look for them.
    """
    from discuz_scrape._source import encodable, open_source

    try:
        page = read(open_source(content, *options))
        if isinstance(content, bytes) or not page.issues or encodable(content) is content:
            return page
    except Exception:
        if isinstance(content, bytes) or encodable(content) is content:
            raise
    return read(open_source(encodable(content), *options))


@guarded
def parse_page(
    content: str | bytes,
    *,
    url: str | None = None,
    content_type: str | None = None,
    timezone: tzinfo | None = None,
    now: datetime | None = None,
    formats: Collection[str] = ("text",),
) -> Page:
    """Read one saved page of a Discuz! X site, whatever kind it is; its `kind` tells which model came out.

    Args:
        content: The page: HTML, the XML of an ajax answer or a feed, or the JSON of the mobile API. A `str` is always
            content, never a path or an address; `bytes` are decoded as a browser would.
        url: Where the page came from; makes links absolute where the page does not name its own site. For the copy in a
            web archive, that is where the page was. None: as a browser wrote into the file it saved, if one did.
        content_type: The `Content-Type` header that it came with; its charset goes before that in the page.
        timezone: Offset of the page's times where its footer does not tell. Without both, +08:00 is assumed and
            `Site.utc_offset_assumed` says so.
        now: What relative times ("5 分钟前") count from where the footer has no clock; never read from the computer.
        formats: Which bodies of posts to render: "text" (always there), "html", "markdown".

    Raises:
        NoticeError: The page is a message or a wall; the subclass says which, `.text` has the forum's own words.
        ParseError: The page is none that can be read, or too large or too deep.
        ValueError: `formats` names something unknown, or `now` has no offset.

    """
    from discuz_scrape.pages import read_page

    return _read(read_page, content, url, content_type, timezone, now, formats)


@guarded
def parse_thread(
    html: str | bytes,
    *,
    url: str | None = None,
    content_type: str | None = None,
    timezone: tzinfo | None = None,
    now: datetime | None = None,
    formats: Collection[str] = ("text",),
) -> Thread:
    """Read one saved page of a Discuz! X thread, as a desktop browser shows it; other faces are for `parse_page`.

    The arguments are those of `parse_page`.

    Raises:
        NoticeError: The page is a message or a wall; the subclass says which, `.text` has the forum's own words.
        ParseError: The page is no thread page, or too large or too deep to be read.
        ValueError: `formats` names something unknown, or `now` has no offset.

    """
    from discuz_scrape.pages import read_thread

    return _read(read_thread, html, url, content_type, timezone, now, formats)


@guarded
def parse_text(
    text: str, *, url: str | None = None, timezone: tzinfo | None = None, now: datetime | None = None
) -> Thread:
    """Read a thread page that somebody's crawler has already turned into plain text, such as Common Crawl's WET files.

    What the text cannot tell is None: numbers of posts and members, links, pictures. The arguments are those of
    `parse_page`.

    Raises:
        NoticeError: The text is that of a message page or a wall.
        ParseError: It is no flattened thread page, or too large.
        ValueError: `now` has no offset.

    """
    from discuz_scrape.flat import parse_text as read_text

    return read_text(text, url=url, timezone=timezone, now=now)
