"""The functions that people call: content in, model out.

What reads a kind of page is loaded when the first page asks for it, so that importing the library stays cheap.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, tzinfo

from discuz_scrape.errors import DiscuzScrapeError, ParseError
from discuz_scrape.models import Thread

__all__ = ["FORMATS", "parse_text", "parse_thread"]

FORMATS = frozenset({"text", "html", "markdown"})
"""What `formats` may name."""


def parse_thread(
    html: str | bytes,
    *,
    url: str | None = None,
    content_type: str | None = None,
    timezone: tzinfo | None = None,
    now: datetime | None = None,
    formats: Collection[str] = ("text",),
) -> Thread:
    """Read one saved page of a Discuz! X thread.

    Args:
        html: The page. A `str` is always content, never a path or an address; `bytes` are decoded as a browser would.
        url: Where the page came from; makes links absolute where the page does not name its own site.
        content_type: The `Content-Type` header that it came with; its charset goes before that in the page.
        timezone: Offset of the page's times where its footer does not tell. Without both, +08:00 is assumed and
            `Site.utc_offset_assumed` says so.
        now: What relative times ("5 分钟前") count from where the footer has no clock; never read from the computer.
        formats: Which bodies to render: "text" (always there), "html", "markdown".

    Raises:
        NoticeError: The page is a message or a wall; the subclass says which, `.text` has the forum's own words.
        ParseError: The page is no thread page, or too large or too deep to be read.
        ValueError: `formats` names something unknown, or `now` has no offset.

    """
    wanted = frozenset(formats)
    if wanted - FORMATS:
        raise ValueError(f"unknown formats {sorted(wanted - FORMATS)}: choose from {sorted(FORMATS)}")
    if not isinstance(html, str | bytes):
        raise TypeError(f"html must be str or bytes, not {type(html).__name__}")
    _check_now(now)
    try:
        return _read(html, url, content_type, timezone, now, wanted)
    except DiscuzScrapeError:
        raise
    except Exception as error:
        raise _broken(error, url) from error


def parse_text(
    text: str, *, url: str | None = None, timezone: tzinfo | None = None, now: datetime | None = None
) -> Thread:
    """Read a thread page that somebody's crawler has already turned into plain text, such as Common Crawl's WET files.

    What the text cannot tell is None: numbers of posts and members, links, pictures. The arguments are those of
    `parse_thread`.

    Raises:
        NoticeError: The text is that of a message page or a wall.
        ParseError: It is no flattened thread page, or too large.
        ValueError: `now` has no offset.

    """
    from discuz_scrape.flat import parse_text as read_text

    _check_now(now)
    try:
        return read_text(text, url=url, timezone=timezone, now=now)
    except DiscuzScrapeError:
        raise
    except Exception as error:
        raise _broken(error, url) from error


def _check_now(now: datetime | None) -> None:
    if now is not None and now.tzinfo is None:
        raise ValueError("now must be aware: give it an offset, such as now.astimezone()")


def _broken(error: Exception, url: str | None) -> ParseError:
    """No exception but ours crosses the border."""
    return ParseError(
        f"this page broke the parser ({type(error).__name__}: {error}): please report it with the page", url=url
    )


def _read(
    html: str | bytes,
    url: str | None,
    content_type: str | None,
    timezone: tzinfo | None,
    now: datetime | None,
    formats: frozenset[str],
) -> Thread:
    from discuz_scrape._ajax import unwrap_ajax
    from discuz_scrape._bounds import check_bounds, check_size
    from discuz_scrape._encoding import decode
    from discuz_scrape._page import Page
    from discuz_scrape.pages.thread import read_thread

    check_size(html, url)
    text, charset = decode(html, content_type) if isinstance(html, bytes) else (_encodable(html), None)
    page = Page(unwrap_ajax(text) or text, _encodable(url) if url else None, timezone, now)
    thread = read_thread(page, charset=charset, formats=formats) if page.has_posts else None
    if thread is None:
        from discuz_scrape.pages.notice import refuse

        check_bounds(text, url)
        refuse(text, wanted="thread", url=url)
    return thread


def _encodable(text: str) -> str:
    """Text without halves of surrogate pairs, which the engine cannot take."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text
