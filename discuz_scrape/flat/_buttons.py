"""Rows of buttons below a post: its tools (回复 编辑 举报 …), and the bar of the first post (收藏 转播 淘帖 …)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from discuz_scrape.flat._authors import author_in
from discuz_scrape.flat._lines import Line, compact, word_list

_tools = re.compile(
    r"(?:管理)?(?:[点點][评評])?(?:回[复復覆])?(?:[编編][辑輯])?(?:推送)?(?:支持\d*)?(?:反[对對]\d*)?(?:使用道具)?"
    r"(?:[评評]分)?(?:撤[销銷][评評]分)?(?:[举舉][报報])?(?:返回[顶頂]部)?"
)
"""In the order in which they stand."""
_FIRST_OF_TOOLS = frozenset("管点點回编編推支反使评評撤举舉返|")
_VOTE = r"(?:[评評]分|[转轉]播|分享|淘帖|支持|反[对對]|[顶頂]|踩)\d*"
_bar = re.compile(
    rf"收藏\d*(?:{_VOTE})*|(?:分享到[:：]?)?(?:分享|淘帖|[转轉]播|[评評]分)\d*(?:{_VOTE})+|支持\d+反[对對]\d+"
)
_FIRST_OF_BAR = frozenset("收分淘转轉评評支")
_end_of_bar = re.compile(r"支持|反[对對]|[顶頂踩]|收藏|淘帖|\d$")

_LONGEST_TOOLS = 40
_LONGEST_BAR = 80
_TOOLS_PIECES = 10  # lines into which a tool may tear the row
_BAR_PIECES = 14
_LONGEST_BUTTON = 20
_COLUMN_REACH = 160  # lines that the tools and the author's column after them may take
_SIGNATURE_REACH = 300  # lines between the end of a body and the tools


def is_tools(text: str) -> bool:
    """Whether a line is a row of tools, or one of them."""
    if len(text) > _LONGEST_TOOLS or text[0] not in _FIRST_OF_TOOLS:
        return False
    words = "".join(word_list(text))
    return bool(words) and _tools.fullmatch(words) is not None


def find_tools(lines: Sequence[Line], *, last: bool) -> tuple[int, int] | None:
    """The last row of tools; one word alone is taken for it only where a column, or the page's end, follows."""
    for end in range(len(lines), max(0, len(lines) - _COLUMN_REACH), -1):
        if not is_tools(lines[end - 1].text):
            continue
        start = _start_of_tools(lines, end)
        alone = end - start == 1 and len(word_list(lines[start].text)) == 1
        at_end = last and end == len(lines)
        if not alone or at_end or len(lines) - end <= 1 or author_in(lines[end : end + 3]) is not None:
            return start, end
    return None


def _start_of_tools(lines: Sequence[Line], end: int) -> int:
    start = end - 1
    for begin in range(end - 2, max(end - _TOOLS_PIECES, -1), -1):
        if _tools.fullmatch(compact(lines[begin:end])):
            start = begin
        elif len(lines[begin].text) > _LONGEST_BUTTON:
            break
    return start


def find_bar(lines: Sequence[Line]) -> tuple[int, int] | None:
    """The last bar, which stands between body and signature of a first post."""
    for end in range(len(lines), max(0, len(lines) - _SIGNATURE_REACH), -1):
        if _end_of_bar.search(lines[end - 1].text[-_LONGEST_BUTTON:]):
            for begin in range(max(0, end - _BAR_PIECES), end):
                if lines[begin].text[0] in _FIRST_OF_BAR and _is_bar(lines[begin:end]):
                    return begin, end
    return None


def _is_bar(lines: Sequence[Line]) -> bool:
    if sum(len(line.text) for line in lines) > _LONGEST_BAR:
        return False
    words = compact(lines)
    return _bar.fullmatch(words) is not None and (len(words) > 4 or words[-1].isdecimal())
