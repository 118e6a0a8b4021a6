"""Addresses of a Discuz site: made absolute, and the numbers in them read.

A URL may be dynamic, rewritten or of the owner's own taste, so numbers are read by their role: `uid` in the link of an
author, `pid` in the link of a quote. A number may also be missing (`uid=`); digits are demanded everywhere.
"""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

__all__ = [
    "absolute", "aid_in_token", "avatar_uid", "fid_in", "is_board", "is_web", "join", "page_in", "pid_in",
    "post_in", "site_of", "tid_in", "token_parts", "uid_in", "without_mobile",
]  # fmt: skip

LINK_SCHEMES = frozenset({"http", "https", "ftp", "mailto", "magnet", "ed2k", "thunder", "tel"})
"""Schemes that a link in a post may have; scripts and data are none."""

_PLAIN_SITE = re.compile(r"(https?://[a-zA-Z0-9.-]+(?::\d+)?/(?:[\w.~-]+/)*)[\w.~-]*(?:[?#]|$)").match
_STOCK = ("forum.php?", "home.php?", "thread-", "forum-", "space-", "data/attachment/")
_WEB = ("http://", "https://")
_API = "api/mobile/"  # the folder that the JSON API has below the root
_SCRIPT = re.compile(r"\./|[a-z]+\.php").fullmatch
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):(?=\S)")
_LINE_BREAKS = re.compile(r"[\t\n\r]")  # browsers pass over them
# Patterns that begin with a literal are found several times faster, so the stock parameters go before the rest.
_STOCK_TID = re.compile(r"tid(?:(?<=\btid)|(?<=\bptid))=(\d+)")
_STOCK_FID = re.compile(r"fid(?<=\bfid)=(\d+)\b")
_TID = re.compile(r"(?:\btid=|\bptid=|thread[-/]|/t|^t|tid-)(\d+)")
_FID = re.compile(r"(?:\bfid=|forum-|group-|fid-|forum/|/f|^f)(\d+)\b")  # a board may have a keyword: 3c
_BOARD = re.compile(r"\bforum-\w|\bgroup-\d|(?:^|/)f\d|mod=group\b|(?:^|/)fid-\d")
_STOCK_POST = re.compile(r"goto=findpost&pid=(\d{1,18})&ptid=(\d{1,18})$").search
_PID = re.compile(r"pid(?:(?<=\bpid)=|(?<=#pid))(\d+)")
_UID = re.compile(r"(?:\buid[=-]|space-uid-|suid-|(?:^|/)(?:u(?:id|ser)?|people)[-/]?)(\d+)|\?(\d+)$")
_STOCK_UID = re.compile(r"home\.php\?mod=space&uid=(\d{1,18})").match
_STOCK_PAGE = re.compile(r"page=(?<=\bpage=)(\d+)")
_PAGE = re.compile(r"\bpage=(\d+)|thread-\d+-(\d+)")
_MOBILE = re.compile(r"&mobile=(?:[123]|yes)(?![^&#])|\?mobile=(?:[123]|yes)$")
_AVATAR = re.compile(r"[?&]uid=(\d+)|avatar/(\d{3})/(\d\d)/(\d\d)/(\d\d)_avatar")
_TOKEN = re.compile(r"\baid=([A-Za-z0-9+/%=_-]+)")


def _number(pattern: re.Pattern[str], href: str | None) -> int | None:
    found = pattern.search(href) if href else None
    if found is None:
        return None
    digits = found[found.lastindex or 0]
    return int(digits) or None if len(digits) < 19 else None


def tid_in(href: str | None) -> int | None:
    """Number of the thread in a link to one of its pages or posts."""
    return _number(_STOCK_TID, href) or _number(_TID, href)


def fid_in(href: str | None) -> int | None:
    """Number of the board in a link to it."""
    return _number(_STOCK_FID, href) or _number(_FID, href)


def pid_in(href: str | None) -> int | None:
    """Number of the post in a permanent link."""
    return _number(_PID, href)


def uid_in(href: str | None) -> int | None:
    """Number of the member in a link to the space; None for links by name."""
    if href and (stock := _STOCK_UID(href)) is not None:
        return int(stock[1]) or None
    return _number(_UID, href)


def page_in(href: str | None) -> int | None:
    """Number of the page in a link to a thread."""
    if href is None or "page=" not in href:
        return _number(_PAGE, href) if href and "thread-" in href else None
    return _number(_PAGE if "thread-" in href else _STOCK_PAGE, href)


def post_in(href: str | None) -> tuple[int | None, int | None]:
    """Numbers of the post and of its thread in a permanent link."""
    if href and (stock := _STOCK_POST(href)) is not None:
        return int(stock[1]) or None, int(stock[2]) or None
    return pid_in(href), tid_in(href)


def is_board(href: str) -> bool:
    """Whether a link leads to a board."""
    return "forumdisplay" in href or _BOARD.search(href) is not None


def avatar_uid(src: str | None) -> int | None:
    """Number of the member whose avatar this is, from either form of its address."""
    found = _AVATAR.search(src) if src else None
    if found is None:
        return None
    digits = found[1] or "".join(found.groups()[1:])
    return int(digits) or None if len(digits) < 19 else None


def aid_in_token(href: str | None) -> int | None:
    """Number of the attachment in a link to it: plain, or first in the token that changes with every page load."""
    found = _TOKEN.search(href) if href and "aid=" in href else None
    if found is None:
        return None
    token = unquote(found[1])
    if token.isascii() and token.isdecimal():
        return int(token) if len(token) < 19 else None
    parts = token_parts(token)
    return int(parts[0]) if parts else None


def token_parts(token: str) -> list[str] | None:
    """The parts of an attachment's token, the first of which is the aid; None where it is no token."""
    try:
        parts = base64.b64decode(token + "=" * (-len(token) % 4)).decode("latin-1").split("|")
    except (binascii.Error, ValueError):
        return None
    return parts if parts[0].isdecimal() and len(parts[0]) < 19 else None


def is_web(url: str | None) -> bool:
    """Whether a URL is one that a browser fetches."""
    return bool(url) and url[:8].lower().startswith(("http://", "https://"))  # type: ignore[index]


def join(base: str | None, href: str) -> str | None:
    """`href` against `base`, in full; None where that is impossible."""
    try:
        url = urljoin(base, href) if base and not is_web(href) else href
        return url if is_web(url) and urlsplit(url).netloc else None
    except ValueError:  # an address that only looks like one: http://[
        return None


def absolute(base: str | None, href: str | None) -> str | None:
    """The full URL of what a page links to; None for scripts, data, fragments, and where no site is known."""
    if not href:
        return None
    href = href.strip()
    if not href.isprintable():
        href = _LINE_BREAKS.sub("", href)
    if href.startswith(_WEB) and len(href) > 8:
        return href
    if base is not None and base.endswith("/"):  # what Discuz writes nearly always
        if href.startswith(_STOCK):
            return base + href
        if _SCRIPT(href):
            return base + href.removeprefix("./")
    scheme = _SCHEME.match(href)
    if scheme is not None:
        name = scheme[1].lower()
        if name in ("http", "https"):
            return href if len(href) > len(name) + 3 else None
        if name in LINK_SCHEMES:
            return href
        if "." not in name or "/" in href[: scheme.end()]:
            return None
    if href.startswith("#"):
        return None
    return join(base, href)


def without_mobile(href: str) -> str:
    """A link within the forum without the parameter that pages for phones add to each of theirs."""
    return href if "://" in href[:12] else _MOBILE.sub("", href).rstrip("&")


def site_of(url: str | None) -> str | None:
    """Root folder of the forum that a page's own URL lies in, ending in a slash."""
    folder = _folder_of(url.partition("?")[0]) if url else None
    return folder.removesuffix(_API) if folder is not None and folder.endswith(f"/{_API}") else folder


@lru_cache(maxsize=256)
def _folder_of(url: str) -> str | None:
    if (plain := _PLAIN_SITE(url)) is not None:
        return plain[1]
    root = join(None, url)
    if root is None:
        return None
    parts = urlsplit(root)
    folder = parts.path.rsplit("/", 1)[0]
    return f"{parts.scheme}://{parts.netloc}{folder}/"
