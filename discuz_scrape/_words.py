"""Literal words of the software, simplified and traditional, where structure alone does not tell.

Structure comes first everywhere; these tables only name what a notice says, or find a name inside a sentence.
"""

from __future__ import annotations

import re

__all__ = [
    "ANONYMOUS", "CLIENT", "DATE_LABEL", "DEBATE_SIDES", "EDIT", "FLOOR_NAMES", "GUESTS", "NEUTRAL", "PENDING",
    "QUOTE_HEADER", "RECOMMENDED", "REGION", "REPLIES", "STARTER", "VIEWS",
]  # fmt: skip

_AT = "(?:发表[于於]|發表[于於]|posted (?:on|at)|wrote (?:on|at))"

EDIT = re.compile(
    r"(?:本帖最[后後]由|last edited by)\s*(?P<by>.{1,80}?)\s*(?:[于於]|at|on)\s*(?=\d)", re.IGNORECASE
)
"""The name in an edit notice."""

QUOTE_HEADER = re.compile(rf"(?P<author>.{{1,80}}?)\s*{_AT}\s*[:：]?\s*(?P<at>\S.*)", re.IGNORECASE)
"""The first line of a quoted post."""

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
CLIENT = re.compile(r"^(?:来自|來自|from |via )|手机|手機|客户端|客戶端|iPhone|iPad|Android|微信|小程序", re.IGNORECASE)
REGION = re.compile(r"[属屬]地|\bIP\b|[归歸][属屬]")
GUESTS = ("游客", "遊客", "Guest")
ANONYMOUS = ("匿名", "匿名者", "Anonymous", *GUESTS)
PENDING = re.compile(r"[（(]\s*[审審]核中\s*[）)]")
VIEWS = re.compile(r"(?:查看|浏览|瀏覽|點擊|点击|views?)\D{0,4}(\d{1,18})", re.IGNORECASE)
REPLIES = re.compile(r"(?:回[复復覆]|replies)\D{0,4}(\d{1,18})", re.IGNORECASE)
DEBATE_SIDES = {"pdbts_1": "pro", "pdbts_2": "con", "pdbts_0": "neutral"}

NEUTRAL = ("中立",)
"""A side that some versions show without a link."""
