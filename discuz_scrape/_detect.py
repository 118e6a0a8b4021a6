"""A sieve for crawls: is this a page of Discuz!, and of which kind? Told from the bytes, without decoding or a tree.

Most pages of a crawl are not Discuz!, so the first question is a cheap one: a word in the first kilobytes, or one of
three strings anywhere; no page of a forum lacks them all. `in` and `find` read some 3 GB a second, a regular expression
a tenth of that: one is matched only where a string was found. What passes is looked at again, for a page may talk about
Discuz!, link to a forum or show its source: a mark counts in a tag or a script only, and a page without one of the
frame's marks needs two of its ids. Which kind it is stands in `_sights`.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import NamedTuple

from discuz_scrape import _sights
from discuz_scrape._encoding import sniff
from discuz_scrape.models import Detection

__all__ = ["detect"]

_TOP = 4_096  # bytes that name the software, if anything does; no wall is larger
_HEAD = 16_384
_FAR = 65_536  # bytes in which the globals stand, whatever a skin has put before them
_TAIL = 8_192  # bytes that hold the footer

_NAME = b"iscuz"
_LINK, _POST, _ROW = b"forum.php?mod=", b'id="postmessage_', b'id="normalthread_'
_HTML = (b"<!", b"<h", b"<H")

_UNKNOWN = Detection(kind="unknown", is_discuz=False)
_EMPTY = Detection(kind="empty", is_discuz=False)
_BINARY = Detection(kind="binary", is_discuz=False)
_FEED = Detection(kind="feed", is_discuz=False)


def detect(content: bytes | str, *, url: str | None = None, content_type: str | None = None) -> Detection:
    """Tell whether a page is Discuz! and of which kind, without parsing it: some microseconds a page.

    Nothing that a page holds makes it raise. A page that talks about Discuz! is not one, nor is a wall that carries no
    mark of the forum, unless it came from an address of Discuz!. `parse_page` looks closer and has the last word.

    Args:
        content: The page, as bytes or text; a `str` is always content, never a path or an address.
        url: Where it came from; counts only for answers without a mark: a bare script, an error of the JSON API.
        content_type: The `Content-Type` header that it came with; only its charset counts.

    """
    page, codec = _readable(content)
    at = 0 if page.startswith(b"<") else _skip_blank(page)
    first = page[at : at + 2]
    if not first:
        return _EMPTY
    if first[:1] == b"{" and _OBJECT.match(page, at):
        return _api(page, url, None if codec == _TEXT else "utf-8")
    if first[:1] == b"<" and first not in _HTML:
        wrapped = _XML.match(page, at)
        if wrapped is not None and (first == b"<?" or wrapped[1].lower() in _XML_ROOTS):
            return _of_xml(wrapped[1].lower(), page, codec, content_type)
    elif first[:1] != b"<" and _is_binary(page[:_TOP]):
        return _BINARY
    named = page.find(_NAME, 0, _TOP)
    if named >= 0 or _LINK in page or _POST in page or _ROW in page:
        return _examine(page, named, codec, content_type)
    if len(page) < _TOP and _is_wall(page, url):
        return _found("message", None, _charset(page, codec, content_type))
    return _UNKNOWN


# --- Bytes ------------------------------------------------------------------------------------------------------------

_BLANK = re.compile(rb"(?:\xef\xbb\xbf)?[\s\0]*")
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\f\r\x1b"))
_BOMS = (b"\xef", b"\xff", b"\xfe")
_TEXT = "str"


def _readable(content: bytes | str) -> tuple[bytes, str | None]:
    """The page as bytes that have ASCII as ASCII, and how to read it where that is known already."""
    if isinstance(content, str):
        return content.encode("utf-8", "surrogatepass"), _TEXT
    if not isinstance(content, bytes):
        raise TypeError(f"a page must be str or bytes, not {type(content).__name__}")
    if content[:1] not in _BOMS:
        return content, None
    if content.startswith(codecs.BOM_UTF16_LE):
        return content[2::2], "utf-16-le"  # the lower half of each unit: ASCII as it is, the rest of no account
    if content.startswith(codecs.BOM_UTF16_BE):
        return content[3::2], "utf-16-be"
    return content, "utf-8" if content.startswith(codecs.BOM_UTF8) else None


def _skip_blank(page: bytes) -> int:
    blank = _BLANK.match(page)
    return blank.end() if blank else 0


def _is_binary(sample: bytes) -> bool:
    return len(sample) - len(sample.translate(None, _CONTROLS)) > len(sample) // 40


def _charset(page: bytes, codec: str | None, content_type: str | None) -> str | None:
    if codec is None:
        return sniff(page, content_type)
    return codec if codec != _TEXT else None


# --- HTML -------------------------------------------------------------------------------------------------------------

_SCRIPT_REACH = 2_000  # bytes of the script in which the globals stand, before them
_GLOBALS = re.compile(rb"discuz_uid\s{0,3}=\s{0,3}[\"']?(\d{1,18})")
_STYLE = re.compile(rb"STYLEID\s{0,3}=\s{0,3}[\"']?(\d{1,9})")
_GENERATOR = re.compile(rb"generator[\"'][^>]{0,200}?content=[\"']\s{0,9}Discuz!\s{0,9}(X?[\d.]{1,9}\w{0,9})", re.I)
_POWERED = re.compile(rb"Discuz!(?:\s|<[^>]{1,200}>){0,8}(X[\d.]{1,9}|[67]\.[\d.]{1,9})", re.IGNORECASE)
_FAULT = re.compile(rb"<h1>\s{0,9}Discuz! (?:System|Database) Error", re.IGNORECASE)
"""The heading of its own page for a system or database error."""
_TEMPLATE = re.compile(rb"template/([\w-]{1,60})/")


class _Globals(NamedTuple):
    """What the script in the head sets for Discuz's own: where it stands, for whom and in which style."""

    at: int
    uid: int
    style: int | None


def _examine(page: bytes, named: int, codec: str | None, content_type: str | None) -> Detection:
    """Look closer at a page that passed the sieve; `named` is where it first says the name, or -1."""
    told = _find_globals(page)
    body = _sights.find_body(page, told.at if told else 0)
    if told is None and not body.tag.is_frame:
        if named >= 0 and _FAULT.search(page, body.at, _TOP):
            return _found("message", None, _charset(page, codec, content_type))
        if not _is_named(page, named) and not _sights.has_structure(page, body):
            return _UNKNOWN
    charset = _charset(page, codec, content_type)
    kind = _sights.kind_of(page, body)
    template = _template(page, body.at)
    if told is None:
        member = _has_user_bar(page, max(body.at, 0)) if kind not in _sights.FACES else None
        return _found(kind, _version(page, max(body.at, _TOP)), charset, None, template, None, member)
    return _found(kind, _version(page, max(body.at, told.at)), charset, told.style, template, told.uid, told.uid > 0)


@lru_cache(maxsize=1024)  # what pages of one site have in common; making a model takes longer than reading a page
def _found(
    kind: str,
    version: str | None,
    charset: str | None,
    style: int | None = None,
    template: str | None = None,
    uid: int | None = None,
    member: bool | None = None,  # noqa: FBT001 - a cache takes positions faster
) -> Detection:
    return Detection(
        kind=kind,
        is_discuz=True,
        version=version,
        charset=charset,
        style_id=style,
        template=template,
        viewer_uid=uid,
        logged_in=member,
    )


def _find_globals(page: bytes) -> _Globals | None:
    at = page.find(b"discuz_uid", 0, _FAR)
    for _ in range(8):
        if at < 0:
            break
        start = page.rfind(b"<", max(at - _SCRIPT_REACH, 0), at)
        found = _GLOBALS.match(page, at) if page[start : start + 7] in (b"<script", b"<SCRIPT") else None
        if found is not None:
            style = page.find(b"STYLEID", start, at + 200)  # up to 6.1 it stands behind
            if style >= 0 or page.find(b"cookiepre", at, at + 100) >= 0:
                number = _STYLE.match(page, style) if style >= 0 else None
                return _Globals(at, int(found[1]), int(number[1]) if number else None)
        at = page.find(b"discuz_uid", at + 1, _FAR)
    return None


def _is_named(page: bytes, at: int) -> bool:
    """Whether a meta tag names the software, or the title of its archiver does."""
    for _ in range(16):
        if at < 0:
            break
        start = page.rfind(b"<", max(at - 200, 0), at)
        if start >= 0:
            end = page.find(b">", at, at + 200)
            tag = page[start:end].lower()
            if tag.startswith(b"<meta") and b"discuz! " in tag and (b'"generator"' in tag or b'"author"' in tag):
                return True
            if b"rchiver" in page[at:end] and _sights.is_archiver(page, at):
                return True
        at = page.find(_NAME, at + 1, _TOP)
    return False


def _version(page: bytes, end: int) -> str | None:
    """The version that the head names before `end`, else the last lines of the page."""
    at = page.find(b"generator", 0, end)
    found = _GENERATOR.match(page, at) if at >= 0 else None
    if found is None:
        tail = max(len(page) - _TAIL, 0)
        at = page.rfind(b"Discuz!", tail)
        while at >= 0 and (found := _POWERED.match(page, at)) is None:
            at = page.rfind(b"Discuz!", tail, at)
    return found[1].decode("ascii", "replace").upper() if found else None


def _template(page: bytes, body: int) -> str | None:
    end = max(body, 0)
    at = page.find(b"template/", 0, end)
    while at >= 0:
        found = _TEMPLATE.match(page, at)
        if found is not None and found[1] != b"default":
            return found[1].decode("ascii", "replace")
        at = page.find(b"template/", at + 1, end)
    return None


def _has_user_bar(page: bytes, start: int) -> bool | None:
    """Whether the header of a page without globals greets a member; it shows guests the form to log in."""
    end = start + _HEAD
    if page.find(b'id="lsform"', start, end) >= 0:
        return False
    return True if page.find(b'id="um"', start, end) >= 0 else None


# --- What is not HTML -------------------------------------------------------------------------------------------------

_XML = re.compile(
    rb"(?>(?:<(?:\?[^>]{0,400}|!--(?:(?!-->).){0,999}--|!doctype (?!html)[^>]{0,400})>\s{0,99}){0,9})"
    rb"<(?!!doctype html|html)!?([\w:]{1,20})",
    re.IGNORECASE | re.DOTALL,
)
_OBJECT = re.compile(rb"\{\s{0,99}[\"}]")
_XML_ROOTS = (b"root", b"rss", b"feed", b"rdf:rdf")
_ITEM = re.compile(rb"<(?:item|entry)\b")


def _of_xml(root: bytes, page: bytes, codec: str | None, content_type: str | None) -> Detection:
    """An answer to a script, or a feed, by its outermost element."""
    kind: str | None = None
    if root == b"root":
        kind = _sights.kind_of_fragment(page)
    elif root in _XML_ROOTS:
        item = _ITEM.search(page)
        top = page[: item.start() if item else _TOP]
        if b"<generator>Discuz!" not in top and b"/forum.php" not in top:
            return _FEED
        kind = "feed"
    if kind is None:
        return _UNKNOWN
    return _found(kind, None, _charset(page, codec, content_type))


_DISCUZ_URL = re.compile(
    r"/(?:forum|home|member|misc|search|group|portal)\.php\?(?:.{0,200}&)?(?:mod|gid)="
    r"|/archiver/(?:$|\?)|/api/mobile/(?:index\.php)?\?|/thread-\d+-\d+-\d+\.html|/forum-\w+-\d+\.html"
)
_GATE = b'width="700" align="center" height="85%"'
_GATE_TITLES = tuple(
    title.encode(codec)
    for codec, titles in (
        ("utf-8", ("频繁刷新限制", "代理服务器访问限制", "页面重载开启", "頻繁刷新限制", "頁面重載開啟")),
        ("gb18030", ("频繁刷新限制", "代理服务器访问限制", "页面重载开启")),
        ("big5", ("頻繁刷新限制", "代理伺服器訪問限制", "頁面重載開啟")),
    )
    for title in titles
)
_MOVES = re.compile(rb"\blocation\b|document\.cookie|\.submit\(|\beval\(")


def _is_wall(page: bytes, url: str | None) -> bool:
    """Whether a small page is one of Discuz's own gates, or a bare script that came from an address of Discuz!."""
    lower = page.lower()
    title = lower.find(b"<title>") + len(b"<title>")
    if _GATE in lower or page.startswith(_GATE_TITLES, title):
        return True
    bare = b"<body" not in lower and lower.lstrip().startswith(b"<script")
    return bare and _is_address(url) and _MOVES.search(page) is not None


def _is_address(url: str | None) -> bool:
    return url is not None and _DISCUZ_URL.search(url) is not None


_API_KEYS = (b'"Version":', b'"Charset":', b'"Variables":')
_CHECK = re.compile(rb'"discuzversion":"([\w.]{1,20})"')
_MEMBER = re.compile(rb'"member_uid":"?(\d{1,18})')
_REFUSALS = (b"mobile_is_closed", b"module_not_exists")


def _api(page: bytes, url: str | None, charset: str | None) -> Detection:
    """The JSON API: data, the answer to `check=check`, or a refusal."""
    top = page[:_TOP]
    checked = _CHECK.search(top)
    if checked is not None:
        return _found("api", checked[1].decode(), charset)
    if all(key in top for key in _API_KEYS):
        member = _MEMBER.search(top)
        uid = int(member[1]) if member else None
        refused = b'"Message":{"messageval"' in page and b'"postlist":[{' not in page
        kind = "message" if refused else "api"
        return _found(kind, None, charset, None, None, uid, uid > 0 if uid is not None else None)
    if len(page) < _TOP and b'"error":"' in top and (_is_address(url) or any(name in top for name in _REFUSALS)):
        return _found("message", None, charset)
    return _UNKNOWN
