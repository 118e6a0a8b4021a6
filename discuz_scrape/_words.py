"""Literal words of the software, simplified and traditional, where structure alone does not tell.

Structure comes first everywhere; these tables only name what a notice says, or find a name inside a sentence.
"""

from __future__ import annotations

import re

__all__ = [
    "ANONYMOUS", "BONUS", "CHINESE", "CLIENT", "CLOSED", "COMMENTS", "COUNTER", "DATE_LABEL", "DEBATE_SIDES", "EDIT",
    "FLOOR_NAMES", "GUESTS", "MEMBERS", "MODERATORS", "MOVED", "NEUTRAL", "OLD_QUOTE_HEADER", "PENDING", "PLAIN_EDIT",
    "POSTS", "PRICE", "QUOTE_HEADER", "READ_PERMISSION", "RECOMMENDED", "REGION", "REPLIES", "REWARD", "SOLVED",
    "SPECIALS", "STARTER", "STICKY", "THREADS", "TODAY", "VIEWS", "YESTERDAY", "count_of",
]  # fmt: skip

_AT = "(?:发表[于於]|發表[于於]|posted (?:on|at)|wrote (?:on|at))"

EDIT = re.compile(
    r"(?:本帖最[后後]由|last edited by)\s*(?P<by>.{1,80}?)\s*(?:[于於]|at|on)\s*"
    r"(?=\d{4}|\d\d?[-/.]|[今昨前]天|\d+\s?\S{1,2}前|半)",
    re.IGNORECASE,
)
"""The name in an edit notice."""

PLAIN_EDIT = re.compile(
    r"\s*\[\s*(?:本帖最[后後]由|last edited by)\s*(?P<by>[^\[\]]{1,80}?)\s*(?:[于於]|at|on)\s*(?P<at>\d[^\[\]]{5,40}?)"
    r"\s*(?:[编編][辑輯])?\s*\]",
    re.IGNORECASE,
)
"""The same in brackets, as plain text."""

CHINESE = re.compile("[\u4e00-\u9fff]")

QUOTE_HEADER = re.compile(
    rf"(?P<author>.{{1,80}}?)\s*{_AT}\s*[:：]?\s*(?P<at>(?=\d|[今昨前半刚剛])\S.*)", re.IGNORECASE
)
"""The line that names a quoted post."""

OLD_QUOTE_HEADER = re.compile(
    r"(?:原[帖貼]由|original(?:ly)? posted by|(?P<loose>posted by))\s*(?P<author>.{1,80}?)\s*(?:[于於]|at|on)\s*"
    r"(?P<at>(?=\d|[今昨前半刚剛])\S.{0,40}?)\s*(?:[发發]表|$)",
    re.IGNORECASE,
)
"""The same as Discuz! wrote it up to 7.0: a forum that was brought up to X keeps its posts."""

DATE_LABEL = re.compile(rf"\s*(?:{_AT}|[^\d\s][^\d:：]{{0,40}}[:：](?!\d))\s*[:：]?\s*", re.IGNORECASE)
"""What stands before the time in a date line."""

FLOOR_NAMES = {
    name: floor
    for floor, names in enumerate((("楼主", "樓主"), ("沙发", "沙發"), ("板凳",), ("地板",), ("地下室",)), 1)
    for name in names
}
"""Names that Discuz ships for the first floors."""

STARTER = ("楼主", "樓主")
RECOMMENDED = re.compile("推[荐薦]|recommend", re.IGNORECASE)
CLIENT = re.compile(
    r"^(?:from |via )|^[来來]自.{0,12}(?:版|端|app|web)|手[机機]|客[户戶]端|iPhone|iPad|Android|微信|小程序",
    re.IGNORECASE,
)
REGION = re.compile(r"[属屬]地|\bIP\b|[归歸][属屬]")
GUESTS = ("游客", "遊客", "Guest")
ANONYMOUS = ("匿名", "匿名者", "Anonymous", *GUESTS)
PENDING = re.compile(r"[（(]\s*[审審]核中\s*[）)]")
_COUNT = r"\D{0,4}(\d{1,3}(?:[, ]\d{3})+|\d{1,18})(?![\d.]*\s?[万萬kK]|\.\d)"  # a rounded number is none
_SEEN = "查看|浏览|瀏覽|點擊|点击|views?"
VIEWS = re.compile(rf"(?:{_SEEN}){_COUNT}", re.IGNORECASE)
REPLIES = re.compile(rf"(?:回[复復覆]|replies){_COUNT}", re.IGNORECASE)
COMMENTS = re.compile(rf"(?:[评評][论論]|comments?|回[复復覆]|replies){_COUNT}", re.IGNORECASE)
"""The same as replies, on pages that show the thread as a portal does."""
_SEEN_ALONE = rf"{_SEEN}|[阅閱][读讀]"  # in a sentence it may be the permission to read
_ANSWERED_ALONE = r"回[复復覆]|[评評][论論]|repl(?:y|ies)|comments?"
COUNTER = re.compile(
    rf"(?:(?P<views>{_SEEN_ALONE})|{_ANSWERED_ALONE})[\s:：(（]{{0,3}}(?P<count>\d{{1,18}})[)）]?\s?次?"
    rf"|(?P<before>\d{{1,18}})\s?次?(?:(?P<viewed>{_SEEN_ALONE})|{_ANSWERED_ALONE})",
    re.IGNORECASE,
)
"""All words of an element that is nothing but a counter of views or replies, its label before or behind the number."""
DEBATE_SIDES = {"pdbts_1": "pro", "pdbts_2": "con", "pdbts_0": "neutral"}

NEUTRAL = ("中立",)
"""A side that some versions show without a link."""

# What the rows of a list of threads say.
MOVED = re.compile(r"移[动動]|[转轉]移|moved", re.IGNORECASE)
CLOSED = re.compile(r"[关關][闭閉]|closed|locked", re.IGNORECASE)
STICKY = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        ("[本版]{2}置[顶頂]|sticky in (?:this|current) forum", "board"),
        ("分[类類区區]置[顶頂]|category", "category"),
        ("[全总總][局站]?置[顶頂]|global", "global"),
        ("多版置[顶頂]|multi", "multi"),
    )
)
"""How far a pinned thread reaches."""
SPECIALS = {
    "投票": "poll", "商品": "trade", "悬赏": "reward", "懸賞": "reward", "活动": "activity", "活動": "activity",
    "辩论": "debate", "辯論": "debate", "poll": "poll", "trade": "trade", "reward": "reward", "activity": "activity",
    "debate": "debate",
}  # fmt: skip
READ_PERMISSION = re.compile(r"[阅閱][读讀][权權]限|read", re.IGNORECASE)
BONUS = re.compile(r"回[帖复復覆][奖獎][励勵]|bonus", re.IGNORECASE)
REWARD = re.compile(r"[悬懸][赏賞]|reward", re.IGNORECASE)
SOLVED = re.compile(r"(?<![未没沒])解[决決]|(?<!un)solved", re.IGNORECASE)
PRICE = re.compile(r"售[价價]|price|sell", re.IGNORECASE)

# What heads a board and the index.
MODERATORS = re.compile(r"(?:分[区區])?版[主務务]|[群組组][主長长]|管理[员員]|moderat", re.IGNORECASE)
TODAY = re.compile(rf"(?:今日|本日|today){_COUNT}", re.IGNORECASE)
YESTERDAY = re.compile(rf"(?:昨日|yesterday){_COUNT}", re.IGNORECASE)
THREADS = re.compile(rf"(?:主[题題]|threads?|topics?){_COUNT}", re.IGNORECASE)
POSTS = re.compile(rf"(?:帖子|帖[数數]|[貼贴][数數]|posts?){_COUNT}", re.IGNORECASE)
MEMBERS = re.compile(rf"(?:(?<!新)[会會][员員]|members?){_COUNT}", re.IGNORECASE)

_NUMBER = re.compile(r"\d{1,3}(?:[, ]\d{3})+|\d{1,18}").fullmatch


def count_of(words: str) -> int | None:
    """A whole number as printed; None for a rounded one such as `2.1万`, and for none."""
    found = _NUMBER(words.strip())
    return int(found.group().replace(",", "").replace(" ", "")) if found is not None else None
