"""Pages without a thread: the forum's messages, the walls in front of it, and every other kind by its name.

A page comes here when no post was found on it. The recognisers are asked in order; each knows one thing and answers
with the error to raise, with the kind of the page, or with None. Words count only inside a message or on a bare page:
a list of threads may well hold a thread called "does not exist".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NoReturn

from discuz_scrape._data import is_feed
from discuz_scrape._html import TEXT, Node, first, has_class, one_line, parse, select, text_of
from discuz_scrape._source import Source
from discuz_scrape.errors import (
    ChallengeError,
    LoginRequiredError,
    NotFoundError,
    NoticeError,
    PasswordRequiredError,
    PermissionDeniedError,
    RateLimitedError,
    SiteClosedError,
    SiteFaultError,
)
from discuz_scrape.pages._kinds import (
    AJAX,
    API,
    BINARY,
    BOARD,
    EMPTY,
    FEED,
    Kind,
    content_around,
    is_discuz,
    kind_of,
    shown_kind,
)
from discuz_scrape.pages._others import seems

__all__ = ["identify", "refuse_words"]

_LONGEST_TEXT = 2_000
_LONGEST_LINE = 200
_SCRIPT_READ = 16_384
_SMALL_PAGE = 300_000  # walls are small; no words are looked for on a larger page
_FEW_WORDS = 1_500  # a wall has no more to say


def identify(source: Source) -> Kind:
    """Name the kind of a page that has no desktop posts; raises the NoticeError class of a message or wall."""
    page = _Page(source)
    found: NoticeError | Kind | None = None
    for recognise in _RECOGNISERS:
        if (found := recognise(page)) is not None:
            break
    else:
        found = _unknown(page)
    if isinstance(found, Kind):
        return found
    found.url = source.url
    raise found


def refuse_words(words: str, *, url: str | None = None) -> NoReturn:
    """Raise the NoticeError class of a message of which only the words are left."""
    found = _notice(_class_of(words[:_LONGEST_TEXT], _WORDS) or NoticeError, words)
    found.url = url
    raise found


class _Page:
    """A page without posts, as the recognisers look at it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.html = source.text

    @property
    def root(self) -> Node:
        return self.source.root

    @cached_property
    def title(self) -> str:
        return next((one_line(text_of(node)) or "" for node in self.find("title", "title")), "")

    @cached_property
    def words(self) -> str:
        """What a reader sees of a small page; "" on a large one, which is no wall."""
        if len(self.html) > _SMALL_PAGE:
            return ""
        return next((_words(body) for body in select(self.root, "body")), "")

    @cached_property
    def script(self) -> str:
        """The beginning of what the scripts say."""
        inner = (node.first_child for node in self.find("script", "script"))
        return "".join(text.text_content or "" for text in inner if text is not None)[:_SCRIPT_READ]

    def find(self, mark: str, selector: str) -> list[Node]:
        """Nodes by selector; the text is searched for `mark` first, far cheaper than walking the tree in vain."""
        return select(self.root, selector) if mark in self.html else []

    def message_box(self, mark: str, selector: str) -> Node | None:
        """The box of a message; None also on a page of another kind: there it is what somebody wrote."""
        box = next(iter(self.find(mark, selector)), None)
        if box is None or shown_kind(self.root, content_around(box)) is not None:
            return None
        return box


# --- What the words of a message mean ---------------------------------------------------------------------------------

_WORDS: tuple[tuple[re.Pattern[str], type[NoticeError]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        # Sentences that a general word further down would misread.
        (r"登[录錄入]失[败敗]|login failed", NoticeError),
        (r"[来來]路不正[确確]|表[单單]驗?验?[证證]?串", NoticeError),
        (r"(?:主题|主題|帖子|thread).{0,8}(?:关闭|關閉|closed)|不再接受", PermissionDeniedError),
        (r"功能.{0,8}(?:关闭|關閉|未[开開][启啟])|功能已?关", PermissionDeniedError),
        (r"每日.{0,99}不能[进進]行此操作", SiteClosedError),
        (r"(?:搜索|搜尋).{0,9}(?:不存在|[过過]期)|(?:无|無|没有|沒有)手[机機]", NotFoundError),
        (r"[没沒]有比[当當]前", NotFoundError),
        # Words that mean the same wherever they stand.
        (
            r"[间間]隔|[频頻]繁|[过過]快|太快|次[数數][过過]多|秒[内內]|稍[候后後]再[发發試试]|每分[钟鐘]",
            RateLimitedError,
        ),
        (r"too (?:many|fast|often|quickly)|flood|try again in|please wait \d", RateLimitedError),
        (
            r"不存在|(?:已|被).{0,8}?[删刪]除|回收站|[没沒]有找到|找不到|正在被?[审審]核|[无無]法[读讀]取|已失效"
            r"|已[过過]期",
            NotFoundError,
        ),
        (r"(?:does not|doesn't|no longer) exist|not found|(?:been|was) (?:deleted|removed)", NotFoundError),
        (
            r"[未先请請][您你]?登[录錄入陸]|登[录錄入陸](?:后|後|才|之)|需要登[录錄入]|[请請先]注[册冊]|[请請先]註冊",
            LoginRequiredError,
        ),
        (
            r"(?:need|have|required?|must|please)\b.{0,20}\blog(?:ged)?[ -]?in|not logged in|login required",
            LoginRequiredError,
        ),
        (
            r"[权權]限|[无無][权權]|用[户戶][组組]|[无無]法[进進]行此|禁止|禁用|封禁|[勋勳]章|需要支付|付[费費]|特定用[户戶]"
            r"|(?:[积積]分|金[币幣]|[余餘][额額]).{0,4}不足|[满滿]足以下|不允[许許]|不在允[许許]|外部[链鏈鍊][接结結]",
            PermissionDeniedError,
        ),
        (r"permission|not allowed|not authori[sz]ed|\bbanned\b|access denied", PermissionDeniedError),
        (r"密[码碼]|password", PasswordRequiredError),
        (r"繁忙|[负負][载載]|[数數][据據][库庫]", SiteFaultError),
        (r"[维維][护護]|[关關][闭閉]|[暂暫]停|升[级級]|恢[复復]|maintenance|\bclosed\b", SiteClosedError),
    )
)
"""In order: the first that is found in the message decides."""

_KEYS: tuple[tuple[re.Pattern[str], type[NoticeError]], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"non_?exist|not_?exist|noexist|not_found|expired?$", NotFoundError),
        (r"_ctrl|flood|interval|strike|too_(?:fast|many)", RateLimitedError),
        (r"login|loggedin", LoginRequiredError),
        (r"passw", PasswordRequiredError),
        (r"thread_closed|mobile_is_closed", PermissionDeniedError),
        (r"closed|period", SiteClosedError),
        (r"perm|banned|disallow|forbid|credits?_", PermissionDeniedError),
    )
)
"""The same for the names that the JSON API gives to messages ("viewperm_login_nopermission//1")."""

_SECONDS = re.compile(r"(\d{1,6})\s?(秒|分[钟鐘]|小[时時]|seconds?|minutes?|hours?)")
_UNITS = {"秒": 1.0, "分": 60.0, "小": 3600.0, "s": 1.0, "m": 60.0, "h": 3600.0}


def _class_of(text: str, table: tuple[tuple[re.Pattern[str], type[NoticeError]], ...]) -> type[NoticeError] | None:
    return next((kind for pattern, kind in table if pattern.search(text)), None)


def _retry_after(text: str) -> float | None:
    """The seconds that a message names ("… 15 分钟后 …")."""
    named = _SECONDS.search(text)
    return int(named[1]) * _UNITS[named[2][0]] if named else None


def _notice(kind: type[NoticeError], text: str | None, speaker: str = "the forum answered") -> NoticeError:
    """The error for a message: its whole words in `.text`, one short line of them in the error's own."""
    text = (one_line(text) or "")[:_LONGEST_TEXT]
    line = f"{speaker}: {text}" if text else f"{speaker} without a word"
    if len(line) > _LONGEST_LINE:
        line = line[: _LONGEST_LINE - 1] + "…"
    if issubclass(kind, RateLimitedError):
        return kind(line, text=text, retry_after=_retry_after(text))
    return kind(line, text=text)


# --- Answers that are no page -----------------------------------------------------------------------------------------


def _empty(page: _Page) -> Kind | None:
    return None if page.html.strip("\ufeff\0 \t\r\n\f") else EMPTY


_CONTROLS = re.compile("[\0-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ufffd]")


def _binary(page: _Page) -> Kind | None:
    """A file that is no text: one character in forty of its beginning is a control or could not be decoded."""
    sample = page.html[:4_096]
    return BINARY if len(_CONTROLS.findall(sample)) * 40 > len(sample) else None


def _feed(page: _Page) -> Kind | None:
    return FEED if is_feed(page.html) else None


_FEED_ANSWERS: dict[str, type[NoticeError]] = {
    "RSS Disabled": PermissionDeniedError,
    "Specified forum not found": NotFoundError,
}


def _plain(page: _Page) -> NoticeError | None:
    """The two refusals of the feed, plain words without a page."""
    line = page.html.strip() if len(page.html) < _LONGEST_LINE else ""
    return _notice(_FEED_ANSWERS[line], line) if line in _FEED_ANSWERS else None


def _api(page: _Page) -> NoticeError | Kind | None:
    """The JSON API: `Message` and `error` are messages, `Variables` is data."""
    answer = page.source.answer
    if answer is None:
        return None
    variables = answer.get("Variables")
    message = answer.get("Message")
    has_posts = isinstance(variables, dict) and bool(variables.get("postlist"))
    if isinstance(message, dict) and not message.keys().isdisjoint(_MESSAGE) and not has_posts:
        return _api_message(str(message.get("messageval") or ""), str(message.get("messagestr") or ""))
    if isinstance(answer.get("error"), str) and len(answer) == 1:  # other software says more
        return _api_message("", answer["error"])
    return API if isinstance(variables, dict) or "discuzversion" in answer else None


_MESSAGE = ("messageval", "messagestr")
_KEY = re.compile(r"[a-z_0-9]{1,80}(?://\d)?")


def _api_message(key: str, text: str) -> NoticeError:
    text = text[: 2 * _LONGEST_TEXT].removeprefix("mobile:") or key
    kind = _class_of(key, _KEYS)
    if kind is None:
        kind = _class_of(text, _KEYS if _KEY.fullmatch(text) else _WORDS)
    if kind is None and not key and not text.isascii():
        kind = SiteClosedError  # `error` is a name or the owner's reason for closing
    return _notice(kind or NoticeError, _words(parse(text)) if "<" in text else text)


def _board(page: _Page) -> Kind | None:
    """A board as shipped needs no tree to be known."""
    return BOARD if page.source.is_board and not page.source.ajax else None


# --- Messages of the forum --------------------------------------------------------------------------------------------

_BREAKING = frozenset({"br", "div", "dd", "dt", "h1", "h2", "h3", "hr", "li", "p", "td", "tr", "ul"})
_SILENT = frozenset({"button", "noscript", "option", "script", "style", "template"})
_ASIDE = frozenset({"alert_btnleft", "sql"})  # the link that leads on; the query that failed


def _words(node: Node) -> str:
    """The words of a message in one line: no scripts, no buttons, nothing that stands aside."""
    return one_line("".join(_word_pieces(node))) or ""


def _word_pieces(node: Node) -> Iterator[str]:
    stack: list[Node] = []
    current = node.first_child
    while current is not None or stack:
        if current is None:
            current = stack.pop().next
            continue
        if current.tag_id == TEXT:
            yield current.text_content or ""
        else:
            tag = current.tag or ""
            if tag in _BREAKING:
                yield " "
            child = current.first_child
            if child is not None and tag not in _SILENT and _ASIDE.isdisjoint(_classes(current)):
                stack.append(current)
                current = child
                continue
        current = current.next


def _classes(node: Node) -> list[str]:
    return (node.attributes.get("class") or "").split()


def _message(page: _Page) -> NoticeError | None:
    """The message page of the desktop, of the archiver and of the old mobile template."""
    box = page.message_box("messagetext", "#messagetext")
    if box is None:
        return None
    lines = map(_words, select(box, "p:not(.alert_btnleft)"))
    first = next(filter(None, lines), "") or _words(box)
    if has_class(box, "alert_right"):
        return _notice(NoticeError, first or _announced(page))
    kind = _class_of(first[:_LONGEST_TEXT], _WORDS) or _class_by_frame(page, box)
    return _notice(kind, f"{first} {_detail(box)}")


def _detail(box: Node) -> str:
    """What a permission message says more: its own closing tags push that out of the box into the next one."""
    after = box.next
    while after is not None and after.tag_id == TEXT:
        after = after.next
    return _words(after) if after is not None and after.tag == "div" and not after.attributes else ""


def _class_by_frame(page: _Page, box: Node) -> type[NoticeError]:
    """What the frame tells of a message in the owner's own words."""
    if not (has_class(box, "alert_info") and page.find("messagelogin", "#messagelogin")):
        return NoticeError
    board = next(iter(page.find("srhfid", 'body#nv_forum input[name="srhfid"]')), None)
    # A forum page refused before any board was read, with the login offered: only a closed site does that.
    return (
        SiteClosedError
        if board is not None and board.attributes.get("value") in {"", "0", None}
        else LoginRequiredError
    )


_ANNOUNCED = re.compile(r"\$\('succeedlocation'\)\.innerHTML = '([^']{0,2000})'")


def _announced(page: _Page) -> str | None:
    """The sentence after a login, which stands in a script only."""
    found = _ANNOUNCED.search(page.script)
    return found[1] if found else None


def _touch_message(page: _Page) -> NoticeError | None:
    box = page.message_box("jump_c", ".jump_c")
    if box is None:
        return None
    text = next(filter(None, map(_words, select(box, "p"))), "") or _words(box)
    return _notice(_class_of(text[:_LONGEST_TEXT], _WORDS) or NoticeError, text)


_HANDLED = re.compile(
    r"(?:(?:errorhandle_\w{0,40}|showDialog)\(|succeedhandle_\w{0,40}\('[^']{0,500}',)\s{0,9}'((?>(?:[^'\\]|\\.){0,2000}))'"
)


def _ajax_message(page: _Page) -> NoticeError | None:
    """A message in an ajax answer: a small window, or bare words beside a script that hands them on."""
    if not page.source.ajax:
        return None
    box = next(iter(page.find("alert_", '.altw > [class^="alert_"]')), None)
    handled = _HANDLED.search(page.script)
    if box is None and handled is None:
        return None
    text = _words(box) if box is not None else page.words
    text = text or (handled[1].replace("\\'", "'") if handled else "") or _announced(page) or ""
    succeeded = (box is not None and has_class(box, "alert_right")) or "succeedhandle_" in page.script
    kind = None if succeeded else _class_of(text[:_LONGEST_TEXT], _WORDS)
    return _notice(kind or NoticeError, text)


def _board_password(page: _Page) -> NoticeError | None:
    form = page.message_box("pw", 'form[action*="pwverify"] input[name="pw"], .nfl input[name="pw"]')
    if form is None:
        return None
    headings = (_words(node) for node in select(page.root, ".nfl h3, .login_from .message"))
    return _notice(PasswordRequiredError, next(headings, "") or page.title)


def _login(page: _Page) -> NoticeError | None:
    """The login page, or its window: a visitor was sent here instead of the page."""
    form = page.find("loginform", 'form[id^="loginform"]:not([action*="wp-login"])')
    if not form:
        return None
    kind = kind_of(page.root, content_around(form[0]))
    if kind is not None and (kind.name != "touch" or kind.reads):
        return None  # a skin may carry the form in a corner of any page
    heading = next((_words(node) for node in page.find("<h3", "#main_message h3, h3.flb > em")), "")
    return _notice(LoginRequiredError, heading or page.title, "the forum shows its login form")


def _fault(page: _Page) -> NoticeError | None:
    """Discuz's own page for a system or database error."""
    box = page.message_box("container", "#container > h1")
    heading = _words(box) if box is not None else ""
    if not heading.endswith(("System Error", "Database Error")):
        return None
    info = first(page.root, "#container > .info")
    said = _words(info) if info is not None else ""
    return _notice(SiteFaultError, f"{heading}: {said}" if said else heading)


# --- Walls: pages without the forum's frame ---------------------------------------------------------------------------

_GATES: tuple[tuple[re.Pattern[str], type[NoticeError]], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"[频頻]繁刷新", RateLimitedError),
        (r"代理(?:服[务務]|伺服)器", PermissionDeniedError),
        (r"[页頁]面重[载載]", ChallengeError),
        (r"\d+(?: \+ \d+)+ = \?", ChallengeError),
        (r"站[点點](?:信息|資訊)", PermissionDeniedError),  # the page of a banned address
    )
)
"""Titles of Discuz's own gates (`attackevasive`, banned address), which have no other mark."""


def _gate(page: _Page) -> NoticeError | None:
    kind = _class_of(page.title[:_LONGEST_LINE], _GATES)
    return _notice(kind, page.words) if kind is not None and 0 < len(page.words) < _FEW_WORDS else None


_FIREWALL = re.compile(
    "cf-chl|_cf_chl|challenge-platform|cf-turnstile|cf-error-details|__jsl_clearance|acw_sc__v2|aliyun_?waf|yunsuo"
    "|safedog|btwaf|waf_?captcha|_Incapsula_|ddos-guard|sucuri_cloudproxy|wangzhanbao|geetest|TencentCaptcha|h-captcha"
    "|g-recaptcha|Just a moment|Attention Required|Checking your browser"
    "|[Vv]erify(?:ing)? (?:that )?you are (?:a )?human"
    "|[Ee]nable JavaScript and cookies|[开開][启啟] ?JavaScript"
    "|安全[验驗][证證]|人[机機][验驗][证證]|[滑拖][动動][验驗][证證]"
    "|[访訪][问問][验驗][证證]|安全[检檢][测測查]|[请請]求.{0,20}[拦攔]截|防火[墙牆]"
)


def _firewall(page: _Page) -> NoticeError | None:
    """A firewall's page or a captcha: one of their marks on a page that hardly says a word."""
    if len(page.html) > _SMALL_PAGE or len(page.words) >= _FEW_WORDS or not _FIREWALL.search(page.html):
        return None
    return _notice(ChallengeError, page.words or page.title, "a firewall answered")


_MOVES = re.compile(r"\blocation\b|document\.cookie|\.submit\(|\beval\(")


def _bare_script(page: _Page) -> NoticeError | None:
    """A page that is only a script which sets a cookie or goes elsewhere (`_dsign`, and most home-made walls)."""
    if len(page.html) > _SMALL_PAGE or page.words or not _MOVES.search(page.script):
        return None
    if select(page.root, "img, iframe, frame, object, svg, canvas, a[href], script[src]"):
        return None  # an application that builds its page by script
    return _notice(ChallengeError, "", "a bare script stands in front of the page,")


# --- All the rest -----------------------------------------------------------------------------------------------------


def _kind(page: _Page) -> Kind | None:
    kind = kind_of(page.root)
    return AJAX if page.source.ajax and (kind is None or not kind.reads) else kind


def _unknown(page: _Page) -> Kind:
    title = f" (title '{page.title[:80]}')" if page.title else " (no title)"
    if is_discuz(page.root, page.html):
        return Kind("unknown", f"a Discuz! page of unknown kind{title}")
    other = seems(page.source)
    return Kind("unknown", f"not a Discuz! page{title}" + (f": it seems to be {other}" if other else ""))


_RECOGNISERS: tuple[Callable[[_Page], NoticeError | Kind | None], ...] = (
    _board,
    _empty,
    _api,
    _feed,
    _binary,
    _plain,
    _message,
    _touch_message,
    _ajax_message,
    _board_password,
    _fault,
    _login,
    _kind,
    _gate,
    _firewall,
    _bare_script,
)
"""In the order in which they are asked: what needs no tree, the forum's messages, its kinds of page, then walls."""
