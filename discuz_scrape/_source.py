"""What surrounds the posts: the facts in head and footer, and where the part with the posts lies.

Head and footer are read as text, for the tree is built of the middle only: from the breadcrumb to the end of the post
list. Where a skin lacks the marks of that part, the tree is built of the whole page and everything else stays the same.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import unquote

from discuz_scrape import _urls
from discuz_scrape._ajax import unwrap_ajax
from discuz_scrape._bounds import check_bounds, check_size
from discuz_scrape._copies import address_before, original_address, with_hidden_words, without_replay
from discuz_scrape._data import is_data, read_object
from discuz_scrape._dates import DEFAULT_OFFSET, Clock, DayOrder, day_order, offset_text, read_footer
from discuz_scrape._encoding import decode
from discuz_scrape._html import Node, one_line, parse
from discuz_scrape.models import Issue

__all__ = ["Source", "build", "encodable", "open_source"]

_POST_MARK = re.compile(r"""id(?<=\bid)\s{0,9}=\s{0,9}["']?(?:post_|pid|postmessage_)\d""")
_SHOUTED_POST_MARK = re.compile(r"""ID(?<=\bID)\s{0,9}=\s{0,9}["']?(?i:post_|pid|postmessage_)\d""")
# Patterns that begin with a literal are found twenty times faster, on every page that has no post.
_LAST_POST_MARKS = ("postmessage_", "authorposton")

_BOARD_TAG, _BOARD_ROW = '<body id="nv_forum" class="pg_forumdisplay', '<tbody id="normalthread_'

_DATE_LINES = re.compile(r"""\bid=["']?authorposton(\d{1,18})""")
_HEAD_LIMIT = 100_000
_TAIL_LIMIT = 20_000
_GENERATOR = re.compile(r"\s*Discuz!\s*(X?[\d.]+\w*)", re.IGNORECASE)
_BEFORE_X = ("Discuz! 6", "Discuz! 7")
_POWERED = re.compile(r"Discuz!(?:\s|<[^>]{1,200}>){0,8}(X[\d.]+|[67]\.[\d.]+)", re.IGNORECASE)
_META = re.compile(r"""<meta\s(?=[^<>]{0,500}name\s*=\s*["']?([\w-]{1,50}))[^<>]{1,500}>""", re.IGNORECASE)
_CONTENT = re.compile(r"""\scontent\s*=\s*(?:["']([^"'>]*)["']|([^"'\s>]+))""", re.IGNORECASE)
_HREF = re.compile(r"""href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>(.{0,1000}?)</title", re.IGNORECASE | re.DOTALL)
_TITLE_DASH = re.compile(r"\s+-\s+")
_TITLE_TAIL = re.compile(r"Powered by|第\s?\d+\s?[页頁]$|Discuz!|手[机機]版$", re.IGNORECASE)
_VALUE = re.compile(r"""\s*=\s*(?:parseInt\()?['"]?([^'"\s;,)]+)""")


@dataclass(slots=True)
class Source:
    """One decoded page as a reader gets it, and everything that is read from it as text."""

    text: str
    """The page; of an ajax answer what its XML holds."""
    url: str | None
    timezone: tzinfo | None
    now: datetime | None
    charset: str | None = None
    """How its bytes were read; None where text was given."""
    formats: frozenset[str] = frozenset({"text"})
    """The bodies that are wanted."""
    ajax: bool = False
    """Whether it came wrapped in XML, as an answer to a script."""
    for_phones: bool = False
    """Whether it is a page for phones: each link within the forum then says so."""
    issues: list[Issue] = field(default_factory=list)
    authors: dict[int, dict[str, Any]] = field(default_factory=dict)
    """What the author columns told so far, by uid: a member's column is the same under each of the posts."""
    is_board: bool = field(init=False, default=False)
    """Whether this is a board beyond doubt: its body tag says so, and threads are listed."""
    first_mark: int = field(init=False)
    base: str | None = field(init=False)
    clock: Clock = field(init=False)
    rendered_at: datetime | None = field(init=False)
    footer_words: str | None = field(init=False)
    offset_assumed: bool = field(init=False)
    _unclosed_posts: frozenset[str] | None = None
    _root: Node | None = None
    _answer: dict[str, Any] | None = None
    _head_end: int = field(init=False)
    """Where the first post begins; no slice is taken of the text, for that costs more than to search it."""

    def __post_init__(self) -> None:
        if is_data(self.text):  # it has neither head nor footer, whatever its posts say
            self.first_mark, self._head_end = -1, 0
        else:
            self.is_board = _is_board(self.text)
            self.first_mark = -1 if self.is_board else _find_post_mark(self.text)
            self._head_end = min(self.first_mark if self.has_posts else len(self.text), _HEAD_LIMIT)
        self.base = self._read_base()
        self._set_clock(*(read_footer(self.text) if self._head_end else (None, None)))

    @property
    def has_posts(self) -> bool:
        """Whether the source carries an id that only posts have; a first sieve, the tree decides."""
        return self.first_mark >= 0

    @property
    def rich(self) -> bool:
        """Whether a body is wanted beyond the plain one."""
        return len(self.formats) > ("text" in self.formats)

    @property
    def unclosed_posts(self) -> frozenset[str]:
        """Numbers of the posts of a page that lost its end tags: there each stands inside the body before it."""
        if self._unclosed_posts is None:
            closed = "</td" in self.text or "</TD" in self.text
            self._unclosed_posts = frozenset() if closed else frozenset(_DATE_LINES.findall(self.text))
        return self._unclosed_posts

    @property
    def is_fragment(self) -> bool:
        """Whether this is a piece of a page, such as the answer to a script: without head, breadcrumb and pager."""
        return all(self._in_head(tag) < 0 for tag in ("<head", "<HEAD", "<body"))

    @property
    def root(self) -> Node:
        """The tree of the whole page; raises ParseError for one that the engine must not be given."""
        if self._root is None:
            self._root = build(self.text, self.url)
        return self._root

    @property
    def answer(self) -> dict[str, Any] | None:
        """The object of an answer in JSON; None where this is none."""
        if self._answer is None:
            self._answer = read_object(self.text)
        return self._answer

    def absolute(self, href: str | None) -> str | None:
        """The full URL of what the page links to."""
        return _urls.absolute(self.base, _urls.without_mobile(href) if self.for_phones and href else href)

    def note(self, path: str, message: str) -> None:
        """Remember something odd that does not stop the parse."""
        self.issues.append(Issue(path=path, message=message))

    def middle(self) -> slice:
        """From the breadcrumb to the end of the post list; the whole page where that cannot be told for sure."""
        markup, posts = self.text, self.first_mark
        start = markup.rfind("<", 0, max(markup.find('id="pt"', 0, posts), 0))
        end = markup.rfind('id="postlistreply"')
        end = markup.rfind("<", 0, end) if end > posts else -1
        if end < 0 or any(markup.find(mark, end) >= 0 for mark in _LAST_POST_MARKS):
            end = len(markup)
        return slice(max(start, 0), end)

    # ------------------------------------------------------------ head

    def _in_head(self, words: str, start: int = 0) -> int:
        """Where words stand in the head; -1 where they do not."""
        return self.text.find(words, start, self._head_end)

    def _read_base(self) -> str | None:
        given = _urls.site_of(self.url)
        if not self._head_end:
            return given
        at = self._in_head("<base")
        at = self._in_head("<BASE") if at < 0 else at
        found = _HREF.search(self.text, at, self._in_head(">", at)) if at >= 0 else None
        named = html.unescape(found[1]) if found else self._global("SITEURL")
        if named:
            return _urls.site_of(_urls.join(given, named))
        return given or _urls.site_of(self.canonical()) or self._root_of_archive()

    def _root_of_archive(self) -> str | None:
        """The folder above the archiver, to which pages from before X have a link."""
        site, archiver, _ = (self._link("archives") or "").rpartition("archiver/")
        return _urls.site_of(site) if archiver else None

    def canonical(self) -> str | None:
        """What the page calls its own address, as written."""
        return self._link("canonical")

    def _link(self, relation: str) -> str | None:
        """The address of a `<link>` in the head, as written."""
        at = self._in_head(relation)
        if at < 0:
            return None
        start = self.text.rfind("<", 0, at)
        found = _HREF.search(self.text, start, min(at + 500, self._head_end))
        return html.unescape(found[1]) if found else None

    def _global(self, name: str) -> str | None:
        """A value that the page's inline scripts set for Discuz's own."""
        at = self._in_head(name)
        found = _VALUE.match(self.text, at + len(name), self._head_end) if at >= 0 else None
        return found[1] if found else None

    def address(self) -> str | None:
        """Where the page came from: as the caller says, else as its scripts keep it for reports."""
        kept = self._global("REPORTURL") if self.url is None else None
        try:
            return base64.b64decode(unquote(kept)).decode("latin-1") if kept else self.url
        except ValueError:
            return None

    def number(self, name: str) -> int | None:
        """`fid` or `tid` as the first script of the body sets it: the surest place on the page."""
        at = self.text.rfind(f"{name} = parseInt", 0, self._head_end)
        found = _VALUE.match(self.text, at + len(name), self._head_end) if at >= 0 else None
        return int(found[1]) or None if found and found[1].isdecimal() and len(found[1]) < 19 else None

    def title_words(self) -> str | None:
        """The title, also where it only stands in a comment."""
        found = _TITLE.finditer(self.text, 0, self._head_end)
        titles = [words for title in found if (words := one_line(html.unescape(title[1])))]
        return next((words for words in titles if " - " in words), titles[-1] if titles else None)

    def title(self, known: set[str]) -> str | None:
        """The title without its tail: the software, the page, and `known` names such as those of board and site."""
        words = self.title_words()
        if words is None:
            return None
        parts = _TITLE_DASH.split(words)
        tail = known | {self.site_name() or ""}
        whole = len(parts)
        met = False
        while len(parts) > 1 and (parts[-1] in tail or (_TITLE_TAIL.match(parts[-1]) and not met)):
            met = parts.pop() in known or met
        if len(parts) == whole or not tail & set(_TITLE_DASH.split(words)):
            return parts[0]
        if not met:  # behind the board stands a name of the site that nothing else tells
            named = [at for at, part in enumerate(parts) if at and part in known]
            parts = parts[: named[-1]] if named else parts
        return " - ".join(parts)

    def viewer_uid(self) -> int | None:
        """Whom the page was rendered for; 0 is a guest."""
        uid = self._global("discuz_uid")
        return int(uid) if uid is not None and uid.isdecimal() and len(uid) < 19 else None

    def _meta(self, name: str) -> str | None:
        """What a `<meta>` of the head tells, as written."""
        stock = f'<meta name="{name}" content="'
        at = self._in_head(stock)
        end = self._in_head('"', at + len(stock)) if at >= 0 else -1
        if end >= 0:
            return self.text[at + len(stock) : end]
        at = self._in_head(name)
        while at >= 0:
            tag = _META.match(self.text, max(self.text.rfind("<", 0, at), 0), self._head_end)
            if tag and tag[1].lower() == name:
                found = _CONTENT.search(tag[0])
                return found[1] or found[2] if found else None
            at = self._in_head(name, at + 1)
        return None

    def site_name(self) -> str | None:
        """Name of the forum in the head."""
        named = self._meta("application-name")
        return one_line(html.unescape(named)) if named else None

    def version(self) -> str | None:
        """Version of Discuz! as head or footer name it."""
        tail = max(len(self.text) - _TAIL_LIMIT, 0) if self._head_end else len(self.text)
        found = _GENERATOR.match(self._meta("generator") or "") or _POWERED.search(self.text, tail)
        return found[1].upper() if found else None

    @property
    def before_x(self) -> bool:
        """Whether the page is of Discuz! 6 or 7, which had a script for each kind of page."""
        named = self._meta("generator")
        return named.startswith(_BEFORE_X) if named is not None else self._in_head("forumdata/cache/") >= 0

    def site(self, name: str | None = None) -> dict[str, Any]:
        """The record of the forum; `name` is for pages whose head does not tell it."""
        return {
            "name": self.site_name() or name,
            "url": self.base,
            "version": self.version(),
            "charset": self.charset,
            "utc_offset": offset_text(self.clock.offset, self.rendered_at),
            "utc_offset_assumed": self.offset_assumed,
            "rendered_at": self.rendered_at,
            "viewer_uid": self.viewer_uid(),
        }

    # ------------------------------------------------------------ footer

    def forget_footer(self) -> None:
        """On a page that has no footer: what looks like one is somebody's own text."""
        self._set_clock(None, None)

    def _set_clock(self, offset: tzinfo | None, words: str | None) -> None:
        self.footer_words = words
        self.offset_assumed = offset is None and self.timezone is None
        zone = offset or self.timezone or DEFAULT_OFFSET
        self.rendered_at = Clock(zone).read(words) if words else None
        now = self.rendered_at or self.now
        self.clock = Clock(zone, now)

    def settle_date_order(self, texts: Iterable[str]) -> None:
        """Tell day from month by the dates in some texts and in the footer, where they end with the year."""
        self.order_dates(day_order([*texts, self.footer_words or ""], self.now))

    def order_dates(self, order: DayOrder | None) -> None:
        """Read times from now on with what the page's dates told of the order of day and month."""
        clock = Clock(self.clock.offset, self.clock.now, order)
        if self.rendered_at is None and self.footer_words:
            self.rendered_at = clock.read(self.footer_words)
        self.clock = Clock(clock.offset, self.rendered_at or self.now, order)

    def settle_clock(self, clock: Clock) -> None:
        """Read times from now on by a clock that the answer itself tells."""
        self.clock = clock
        self.offset_assumed = False


def open_source(
    content: str | bytes,
    url: str | None,
    content_type: str | None,
    timezone: tzinfo | None,
    now: datetime | None,
    formats: Collection[str],
) -> Source:
    """Decode a page and take it out of what was wrapped around it; raises ParseError for one that is too large."""
    check_size(content, url)
    text, charset = decode(content, content_type) if isinstance(content, bytes) else (content, None)
    inside = unwrap_ajax(text)
    came_from = url or address_before(text) or ""
    url = original_address(came_from)
    text = without_replay(text if inside is None else inside, sure=url != came_from)
    return Source(
        with_hidden_words(text),
        encodable(url) if url else None,
        timezone,
        now,
        charset,
        frozenset(formats),
        inside is not None,
    )


def build(markup: str, url: str | None) -> Node:
    """The tree of a page, or of a piece of it; raises ParseError for one that the engine must not be given."""
    encoded = markup.encode("utf-8", "replace")
    check_bounds(encoded, url)
    return parse(encoded)


def encodable(text: str) -> str:
    """Text without halves of surrogate pairs, which no model can take; the text itself where it has none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def _is_board(text: str) -> bool:
    at = text.find("<body", 0, _HEAD_LIMIT)
    return at >= 0 and text.startswith(_BOARD_TAG, at) and text.find(_BOARD_ROW, at) >= 0


def _find_post_mark(text: str) -> int:
    """Where the first id of a post stands, or -1."""
    at = text.find('id="post_')
    if at >= 0 and text[at + 9 : at + 10].isdecimal():
        return at
    mark = _POST_MARK.search(text) or _SHOUTED_POST_MARK.search(text)
    return mark.start() if mark else -1
