"""What each kind of page looks like in bytes: the registry of `pages/_kinds`, as far as `find` can see it.

A kind here may be several of the registry's: every page of a member's space is "space", whoever reads it. The words on
the body tag tell most. Where a skin took them away, or the page is another face of the forum, strings stand for the
registry's selectors: a few that every page of the kind has and no other.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

__all__ = ["FACES", "Body", "find_body", "has_structure", "is_archiver", "kind_of", "kind_of_fragment"]

_HEAD = 16_384  # bytes in which a page shows what it is, unless its header is very long
_TOP = 4_096  # bytes in which the title stands
_NEAR = 1_024  # bytes behind the body tag in which a face of the forum shows itself
_REACH = 32_768  # bytes in which the body tag stands
_TRIES = 16  # hits of a string that are looked at

_BODY_WORDS = {
    b"pg_guide": "guide",
    b"pg_forumdisplay": "board",
    b"pg_post": "form",
    b"nv_group": "group",
    b"pg_index": "index",
    b"pg_tag": "tag",
    b"pg_announcement": "announcement",
    b"pg_register": "form",
    b"pg_follow": "space",
    b"nv_search": "search",
    b"nv_home": "space",
    b"nv_portal": "portal",
    b"pg_group": "group",
}
"""The words on the body tag that tell the kind; the first that is there does."""

FACES = frozenset({"archiver", "touch", "mobile", "print"})
"""The kinds that have a header of their own."""

_OWN = {
    "board": b'id="threadlist',
    "guide": b'id="threadlist',
    "index": b'id="category_',
    "space": b'id="uhd"',
}
"""What only a page of the kind has, not a message in its place, and has early."""

_PARTS: tuple[tuple[str, tuple[bytes, ...]], ...] = (
    ("album", (b"imagelist_nav",)),
    ("goods", (b"spvimg", b"spi cl")),
    ("message", (b'class="jump_c',)),
    ("message", (b"action=pwverify",)),
    ("guide", (b"thread_types", b"mod=guide")),
    ("board", (b"threadlisttableid",)),
    ("board", (b'summary="forum_',)),
    ("board", (b'id="waterfall"',)),
    ("board", (b"normalthread_",)),
    ("board", (b'id="subforum_',)),
    ("group", (b'id="groupnav"',)),
    ("index", (b'id="category_',)),
    ("search", (b'id="scform',)),
    ("search", (b'class="searchform',)),
    ("announcement", (b"annofilter",)),
    ("form", (b'id="postform"',)),
    ("form", (b'id="registerform"',)),
    ("space", (b'id="uhd"',)),
    ("space", (b'class="u_profile"',)),
    ("space", (b'id="delform"',)),
    ("space", (b'id="pbbs"',)),
    ("space", (b'id="psts"',)),
    ("portal", (b"article_content",)),
    ("message", (b"loginform",)),
    ("old", (b"postauthor",)),
    ("old", (b"t_msgfont",)),
    ("old", (b'id="wrap" class="wrap s_clear',)),
    ("old", (b'href="viewthread.php?tid=',)),
    ("tag", (b'id="pt"', b"misc.php?mod=tag")),
)


class Body(NamedTuple):
    """The body tag: where it stands, and what it says."""

    at: int
    tag: Tag


class Tag(NamedTuple):
    """What the id and the classes of a body tag say."""

    is_frame: bool
    """Whether the id is one that Discuz! gives to its desktop pages (`nv_forum`)."""
    words: tuple[bytes, ...] = ()
    kind: str | None = None
    """The kind that one of the words tells."""


_NO_TAG = Tag(is_frame=False)
_ID = re.compile(rb"\sid\s{0,3}=\s{0,3}[\"']?([\w-]{1,60})", re.IGNORECASE)
_CLASS = re.compile(rb"\sclass\s{0,3}=\s{0,3}[\"']?([^\"'>]{1,500})", re.IGNORECASE)


def find_body(page: bytes, start: int) -> Body:
    """Find the body tag behind `start`."""
    at = page.find(b"<body", start, start + _REACH)
    if at < 0:
        at = page.find(b"<BODY", start, start + _REACH)
    return Body(at, _read_tag(page[at : page.find(b">", at, at + _NEAR)]) if at >= 0 else _NO_TAG)


@lru_cache(maxsize=256)  # a site has a dozen of them
def _read_tag(tag: bytes) -> Tag:
    named, classed = _ID.search(tag), _CLASS.search(tag)
    name = named[1] if named else b""
    words = (*(classed[1].split() if classed else ()), name)
    kind = next((kind for word, kind in _BODY_WORDS.items() if word in words), None)
    return Tag(name.startswith(b"nv_"), words, kind)


# --- Kinds ------------------------------------------------------------------------------------------------------------


def kind_of(page: bytes, body: Body) -> str:
    """Name the kind of a page that is known to be Discuz!; "unknown" where nothing tells it."""
    at = max(body.at, 0)
    if body.tag.is_frame:
        return _in_frame(page, at, body.tag) or "unknown"
    kind = _face(page, at) or _by_posts(page, at)
    return kind or ("message" if _is_message(page, at) else _by_parts(page)) or "unknown"


def _in_frame(page: bytes, at: int, tag: Tag) -> str | None:
    if b"pg_viewthread" in tag.words:
        post = page.find(_STOCK_POST, at, at + _HEAD) + len(_STOCK_POST)
        if post > len(_STOCK_POST) and page[post : post + 1].isdigit():
            return "thread"
        if _is_message(page, at):
            return "message"
        return "album" if b"imagelist_nav" in page else _by_posts(page, at) or _by_parts(page)
    if b"pg_logging" in tag.words:
        return "message" if b"loginform" in page or _is_message(page, at) else None
    own = _OWN.get(tag.kind) if tag.kind else None
    if own is not None and page.find(own, at, at + _HEAD) >= 0:
        return tag.kind
    if _is_message(page, at) or (tag.kind == "board" and b"action=pwverify" in page):
        return "message"
    return tag.kind or _by_parts(page)


def _face(page: bytes, at: int) -> str | None:
    """The faces of the forum other than its desktop pages; their posts have ids that look like those."""
    near = at + _NEAR
    if page.find(b"/js/mobile/", 0, near) >= 0 or page.find(b"/image/mobile/", 0, near) >= 0:
        return _of_phone(page, at)
    if page.find(b"window.print()", at, near) >= 0:
        return "print"
    if is_archiver(page, at):
        return "archiver"
    return "touch" if _is_touch(page) else None


def _of_phone(page: bytes, at: int) -> str:
    if page.find(b"MobileOptimized", 0, at) >= 0:
        return "message" if _is_message(page, at) else "mobile"
    if page.find(b'class="threadlist', at, at + _HEAD) >= 0 or _find_number(page, b'id="pid', at) >= 0:
        return "touch"
    walls = (b'class="jump_c', b'id="loginform', b"action=pwverify")
    return "message" if any(wall in page for wall in walls) or _is_message(page, at) else "touch"


def _is_touch(page: bytes) -> bool:
    """Whether a skin of the touch template has kept what its posts are made of."""
    if b'class="message"' not in page or _find_number(page, b"pid", 0) < 0:
        return False
    return _find_number(page, b'id="post_', 0) < 0


_STOCK_POST = b'<div id="post_'


def is_archiver(page: bytes, at: int) -> bool:
    """Whether the heading of the archiver follows `at`."""
    found = page.find(b"<center id=", at, at + _TOP)
    if found < 0:
        found = page.find(b"<CENTER id=", at, at + _TOP)
    return found >= 0 and b"header" in page[found : found + 20]


def _by_posts(page: bytes, at: int) -> str | None:
    found = _find_number(page, b'id="post_', at) >= 0 or _find_number(page, b"postmessage_", at) >= 0
    return "thread" if found else None


def _by_parts(page: bytes) -> str | None:
    return next((kind for kind, marks in _PARTS if all(mark in page for mark in marks)), None)


def _is_message(page: bytes, at: int) -> bool:
    found = page.find(b"messagetext", at)
    return found >= 0 and _in_tag(page, found)


_HANDLED = re.compile(rb"(?:errorhandle_\w{0,40}\(|showDialog\(|succeedhandle_\w{0,40}\('[^']{0,500}',)\s{0,9}'")
_AJAX_MARKS = (
    b".php?mod=", b"handle_", b"showDialog", b"hideWindow", b"postmessage_", b'class="alert_', b'id="return_',
)  # fmt: skip


def kind_of_fragment(page: bytes) -> str | None:
    """Name the kind of what an ajax answer wraps; None where it is not Discuz!."""
    if not any(mark in page for mark in _AJAX_MARKS):
        return None
    if _by_posts(page, 0):
        return "thread"
    said = b"handle_" in page or b"showDialog(" in page
    if b'class="alert_' in page or (said and _HANDLED.search(page)) or _is_message(page, 0) or b"loginform" in page:
        return "message"
    return "goods" if b"spvimg" in page and b"do=tradeinfo" in page else "ajax"


# --- Without a frame --------------------------------------------------------------------------------------------------

_LINK = b"forum.php?mod="
_STRONG = (b'id="postmessage_', b'id="normalthread_')
_BESIDE = (b"authorposton", b"favatar", b"postnum", b"stickthread_")
_OWN_LINKS = (b'"forum.php?', b'"member.php?mod=')
_FRAME_ID = b'id="append_parent"'  # the first element of every desktop page
_PRINT = b"visibility='hidden';window.print()"


def has_structure(page: bytes, body: Body) -> bool:
    """Whether a page without globals and name is built as only Discuz! builds: by two of its ids, title and links."""
    if any(_find_number(page, name, 0) >= 0 for name in _STRONG):
        return _LINK in page or any(_find_number(page, name, 0) >= 0 for name in _BESIDE)
    at = max(body.at, 0)
    end = at + _HEAD
    titled = _is_titled(page)
    if titled and page.find(_PRINT, at, at + _NEAR) >= 0:
        return True
    if titled or page.find(_FRAME_ID, at, at + _NEAR) >= 0:
        return any(page.find(link, at, end) >= 0 for link in _OWN_LINKS)
    return _links_to_itself(page) and _is_touch(page)


def _is_titled(page: bytes) -> bool:
    """Whether the title ends as shipped."""
    end = page.find(b"</title", 0, _TOP)
    return page.find(b"Powered by Discuz!", max(end - 40, 0), end) >= 0


def _links_to_itself(page: bytes) -> bool:
    at = page.find(_LINK)
    return at > 0 and page[at - 1 : at] in b"\"'="


def _find_number(page: bytes, name: bytes, start: int) -> int:
    """Where an attribute's value in a tag is `name` with a number behind it, or -1."""
    at = page.find(name, start)
    for _ in range(_TRIES):
        if at < 0:
            break
        end = at + len(name)
        if page[end : end + 1].isdigit() and _in_tag(page, at):
            return at
        at = page.find(name, end)
    return -1


def _in_tag(page: bytes, at: int) -> bool:
    near = max(at - 400, 0)
    return page.rfind(b"<", near, at) > page.rfind(b">", near, at)
