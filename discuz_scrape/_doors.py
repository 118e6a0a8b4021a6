"""The functions that people call: content in, model out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, tzinfo

from discuz_scrape._bounds import check_bounds, check_size
from discuz_scrape._encoding import decode
from discuz_scrape._page import Page
from discuz_scrape.errors import DiscuzScrapeError, ParseError
from discuz_scrape.models import Thread
from discuz_scrape.pages.notice import refuse, unwrap_ajax
from discuz_scrape.pages.thread import read_thread

__all__ = ["FORMATS", "parse_thread"]

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
    if now is not None and now.tzinfo is None:
        raise ValueError("now must be aware: give it an offset, such as now.astimezone()")
    charset = None
    check_size(html, url)
    if isinstance(html, bytes):
        html, charset = decode(html, content_type)
    return _read(html, url, charset, timezone, now, wanted)


def _read(
    text: str, url: str | None, charset: str | None, timezone: tzinfo | None, now: datetime | None, formats: frozenset[str]
) -> Thread:
    try:
        page = Page(unwrap_ajax(text) or text, url, timezone, now)
        if page.has_posts:
            thread = read_thread(page, charset=charset, formats=formats)
            if thread is not None:
                return thread
        check_bounds(text, url)
        refuse(text, wanted="thread", url=url)
    except DiscuzScrapeError:
        raise
    except Exception as error:  # noqa: BLE001 - no exception but ours crosses the border
        raise ParseError(f"this page broke the parser ({type(error).__name__}: {error}); please report it", url=url) from error
