"""Thread pages that somebody's crawler has already turned into plain text, such as Common Crawl's WET files.

What is left of a page is its lines. Discuz! prints the same words around every post in the same order, so a post
is found by its date line (`发表于 2023-6-5 10:00:00 | 只看该作者`), and everything around it by its place: the
author's column and the floor stand before that line, the body after it, then what belongs to the post (remarks,
ratings, files), the signature and the row of buttons. Words of this chrome count only at their place and as whole
lines: the same words inside a body are the author's.

Tools that flatten differ: a line for each text node, block or paragraph, with all the white space of the source or
none. Blank lines are counted but never needed, with one exception: only they tell a signature from the end of a
reply, unless the page shows the signature twice.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo
from html import escape
from itertools import pairwise
from typing import NamedTuple, NoReturn

from discuz_scrape._dates import Clock, day_order, read_footer
from discuz_scrape._urls import tid_in
from discuz_scrape.errors import ParseError
from discuz_scrape.models import (
    Author,
    AuthorKind,
    Edit,
    Forum,
    Issue,
    Moderation,
    Notice,
    NoticeKind,
    Post,
    Quote,
    Site,
    Special,
    Status,
    Thread,
)

__all__ = ["parse_text"]

# ---------------------------------------------------------------- bounds

_MAX_BYTES = 32 * 1024 * 1024
_MAX_LINES = 500_000
_MOST_PIECES = 6  # lines into which a tool may tear a row of chrome
_LONGEST = 240  # characters of a line of chrome: no longer line is looked at as one
_HEAD_REACH = 8  # lines from a date line back to its floor
_COLUMN_REACH = 160  # lines that a row of buttons and the author's column after it may take
_SIGNATURE_REACH = 300  # lines between the end of a body and those buttons
_HEADER_REACH = 400  # lines of the page's own header that are looked at
_FOOTER_REACH = 16384  # characters of a page's end that are looked at for its version and name

# ---------------------------------------------------------------- words of the chrome, simplified and traditional

_DATE = r"""(?:
    \d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?:\s?日)?(?:\s+(?:[上下]午\s*)?\d{1,2}:\d\d(?::\d\d)?(?:\s*[AaPp][Mm])?)?
  | \d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?:\s+\d{1,2}:\d\d(?::\d\d)?(?:\s*[AaPp][Mm])?)?
  | [刚剛][刚剛] | 半[个個]?小[时時]前 | \d{1,5}\s*(?:秒|分[钟鐘]|小[时時]|天)前
  | [今昨前]天\s*\d{1,2}:\d\d(?::\d\d)?(?:\s*[AaPp][Mm])?
)"""
_POSTED = r"(?:[发發]表[于於])"
_ANONYMOUS = r"(?:匿名|匿名者|游客|遊客)"

_date_line = re.compile(
    rf"(?P<before>.*?)\s*{_POSTED}[:：]?\s*(?P<time>{_DATE})(?:\s*[·•]\s*(?P<place>[^\s|·•]{{1,20}}))?(?P<tail>.*)",
    re.VERBOSE,
)
_tail = re.compile(
    r"""(?:\s | \| | 只看[该該]作者 | [显顯]示全部[楼樓][层層] | [阅閱][读讀]模式 | [倒正]序[浏瀏][览覽] | 只看大[图圖]
        | 回帖[奖獎][励勵] | 来自手机 | 來自手機 | (?:来自|來自)[^\s|]{1,16}(?=\s*(?:\||$)) )*""",
    re.VERBOSE,
)
_client = re.compile(r"[来來]自[^\s|]{1,16}")
_posted_alone = re.compile(rf"(?:.{{0,30}}\s)?{_POSTED}[:：]?")
_date_alone = re.compile(rf"{_DATE}(?:\s*\|.*)?", re.VERBOSE)

_STARTER = re.compile(r"(?:楼主|樓主)\s*\|")
_FLOOR_NAMES = {
    "楼主": 1, "樓主": 1, "沙发": 2, "沙發": 2, "板凳": 3, "地板": 4, "推荐": None, "推薦": None,
}  # fmt: skip
_CHINESE_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_floor_number = re.compile(r"(?P<sticky>(?:顶\s*)?[来來]自\s*)?(?P<number>\d{1,7})\s*(?:[#＃楼樓层層F]|\^#)")
_floor_words = re.compile(r"(?P<tens>[一二三四五六七八九]?十)?(?P<ones>[一二三四五六七八九])?[楼樓]")
_between_floor_and_date = re.compile(
    rf"\||(?:楼主|樓主)\s*\|?|{_ANONYMOUS}|正方|反方|中立|支持\s*\d*|恭喜|抢中本楼|搶中本樓|恭喜\s*[抢搶]中本[楼樓]|受到警告"
)
_deleted_floor = re.compile(r"[无無]效[楼樓][层層]，[该該]帖已[经經]被[删刪]除")

# What stands below a post, in the order in which it stands there.
_tools = re.compile(
    r"(?:管理)?(?:[点點][评評])?(?:回[复復覆])?(?:[编編][辑輯])?(?:推送)?(?:支持\d*)?(?:反[对對]\d*)?(?:使用道具)?"
    r"(?:[评評]分)?(?:撤[销銷][评評]分)?"
    r"(?:[举舉][报報])?(?:返回[顶頂]部)?"
)
_FIRST_OF_TOOLS = frozenset("管点點回编編推支反使评評撤举舉返|")
_marks_row = re.compile(
    r"收藏\d*(?:(?:[评評]分|[转轉]播|分享|淘帖|支持|反[对對]|[顶頂]|踩)\d*)*"
    r"|(?:分享到[:：]?)?(?:分享|淘帖|[转轉]播|[评評]分)\d*(?:(?:[评評]分|[转轉]播|分享|淘帖|支持|反[对對]|[顶頂]|踩)\d*)+"
    r"|支持\d+反[对對]\d+"
)
_last_of_marks = re.compile(r"支持|反[对對]|[顶頂踩]|收藏|淘帖")
_WORD_SPACE = re.compile(r"[\s|]+")
_debate_filter = re.compile(r"按立[场場][筛篩][选選][:：]?|全部|正方|反方|中立")

# What stands between body and buttons.
_comments_end = re.compile(
    rf"(?:.*\s)?{_POSTED}\s*{_DATE}(?:\s*IP:\S+)?(?:\s*[删刪]除)?|下一[页頁]|[删刪]除", re.VERBOSE
)
_rating_head = re.compile(r"[参參][与與]人[数數](?:\s*\d+.*)?")
_COMMENTS = ("点评", "點評")
_RATINGS = ("评分", "評分")
_moderated = re.compile(
    rf"本主[题題]由\s*(?P<by>.{{1,60}}?)\s*[于於]\s*(?P<at>{_DATE})\s*(?P<action>\S.{{0,60}})", re.VERBOSE
)
_related = re.compile(r"相[关關]帖子")
_album = re.compile(r"本帖被以下淘[专專][辑輯]推[荐薦][:：]?")
_more_inside = re.compile(r"本帖子中包含更多[资資]源")
_login_to_see = re.compile(
    r"您需要\s*(?:登录|登錄)\s*才可以下[载載]或查看，?\s*(?:[没沒]有[账帳][号號]？?\s*(?:立即)?[注註][册冊])?(?:\s*[x×])?"
    r"|您所在的用[户戶][组組][无無]法下[载載]或查看附件.*"
)
_special_ends: tuple[tuple[re.Pattern[str], Special], ...] = (
    (re.compile(r"[单單多][选選]投票(?:\s*[:：]?\s*\(\s*最多可[选選]\s*\d+\s*[项項]\s*\))?\s*,?.*[人投].*"), "poll"),
    (re.compile(rf"[结結]束[时時][间間][:：]\s*{_DATE}\s*裁判[:：].*", re.VERBOSE), "debate"),
    (re.compile(r"正方[观觀][点點]\s*\(\d+\)"), "debate"),
    (re.compile(r"(?:[暂暫]未通[过過]|已通[过過])\s*\(\d+\s*人\)"), "activity"),
)
_reward = re.compile(r"(?:[悬懸][赏賞]\s*)?\d+\s*[^\d\s]{1,6}(?:\s*(?:未解[决決]|已解[决決]))?")
_BEST_ANSWER = ("最佳答案",)
_ANSWER = ("我来回答", "我來回答")
_whole_answer = re.compile(r"查看完整[内內]容")
_activity_head = re.compile(r"活[动動][类類]型[:：].*")
_activity_last = re.compile(r"(?:[报報]名截止|剩[余餘]名[额額])[:：](?P<value>.*)")
_activity_buttons = re.compile(r"我要[参參]加|您的加入申[请請].*|取消[报報]名|[报報]名已[经經]?截止.*")
_activity_form = re.compile(r"留言|提交|留言\s*提交")
_goods_kind = re.compile(r"商品[类類][型別别][:：].*")
_goods_time = re.compile(r"剩[余餘][时時][间間][:：].*")
_tags = re.compile(r"[^\s,，。！？!?：:；;、.]{1,30}(?:\s?, [^\s,，。！？!?：:；;、.]{1,30})+")

# What stands at the head of a body, or in its place.
_edited = re.compile(
    rf"\[?\s*本帖最[后後]由\s*(?P<by>.{{1,60}}?)\s*[于於]\s*(?P<at>{_DATE})\s*[编編][辑輯]\s*\]?", re.VERBOSE
)
_reply_credit = re.compile(r"回帖[奖獎][励勵]\s*\+\s*\d+\s*\S{1,8}")
_guest_tip = re.compile(r"登[录錄][后後]查看更多精彩[内內]容.*|[马馬]上[注註][册冊]，[结結]交更多好友.*")
_CLOSE = ("x", "×")
_quote_head = re.compile(rf"(?P<name>\S.{{0,40}}?)\s+{_POSTED}\s+(?P<at>{_DATE})", re.VERBOSE)
_STATES: tuple[tuple[re.Pattern[str], Status], ...] = (
    (re.compile(r"提示[:：]作者被禁止或[删刪]除[内內]容自[动動]屏蔽"), "author_banned"),
    (re.compile(r"提示[:：][该該]帖被管理[员員]或版主屏蔽"), "shielded"),
    (re.compile(r"此帖[仅僅]作者可[见見]"), "author_only"),
    (re.compile(r"本帖[为為]密[码碼]帖，[请請][输輸]入密[码碼](?:提交)?"), "password"),
)
_STAFF_NOTE = re.compile(r"，只有管理[员員](?:或有管理[权權]限的成[员員])?可[见見]")
_paid = re.compile(
    r"(?:[购購][买買]主[题題]\s*)?(?:已有\s*\d+\s*人[购購][买買]\s*)?本主[题題]需向作者支付\s*\d+.{1,20}才能[浏瀏][览覽].*"
)
_hidden: tuple[tuple[re.Pattern[str], NoticeKind], ...] = (
    (
        re.compile(r"(?:游客|遊客|^[^\s:：，。]{1,40})，如果您要查看本帖[隐隱]藏[内內]容[请請]\s*回[复復覆]"),
        "reply_to_view",
    ),
    (
        re.compile(
            r"(?:游客|遊客|^[^\s:：，。]{1,40})，本帖[隐隱]藏的[内內]容需要[积積]分高[于於]\s*\d+\s*才可[浏瀏][览覽]"
            r"(?:，您[当當]前[积積]分[为為]\s*-?\d+)?"
        ),
        "credits_to_view",
    ),
    (re.compile(r"以下[内內]容需要[积積]分高[于於]\s*\d+\s*才可[浏瀏][览覽]"), "credits_to_view"),
)
_revealed = re.compile(r"(?:^|(?<=[:：]))本帖[隐隱]藏的[内內]容[:：]?")
_RECORD = ("记录", "記錄")
_paid_head = re.compile(r"(?:[记記][录錄]\s*)?付[费費]主[题題],\s*[价價]格[:：]\s*\d+\s*\S{1,8}")
_copy_code = re.compile(r"\s*(?:复制代码|複製代碼)$")

# A file in a body: its name, its size, and a tip that is hidden on the page.
_file_size = re.compile(r"\(?\d[\d.]*\s*(?:Bytes|KB|MB|GB)(?:, (?:[阅閱][读讀]|下[载載]|售[价價])[^)]*)?\)?")
_file_with_size = re.compile(
    r".*?[^\s(]\s*\(\d[\d.]*\s*(?:Bytes|KB|MB|GB)(?:, 下[载載]次[数數][:：]?\s*\d+)?(?:, 售[价價].*)?\)"
)
_uploaded = re.compile(rf"{_DATE}\s*上[传傳]", re.VERBOSE)
_file_behind_words = re.compile(r"(?P<words>.*[：:，。,.；！？])\s+\S+\s+\(\d[^()]*\)$")
_file_terms = re.compile(
    r"[点點][击擊]文件名下[载載]附件.*|售[价價][:：].*|[阅閱][读讀][权權]限[:：]\s*\d+|下[载載][积積]分[:：].*"
    r"|\[|\]|[购購][买買]|(?:\[\s*(?:[记記][录錄]|[购購][买買])\s*\]\s*)+"
)
_click_file = re.compile(r"[点點][击擊]文件名下[载載]附件(?:下[载載][积積]分.*)?")
_file_buttons = re.compile(r"(?:下[载載]附件|保存到相[册冊]|[设設][为為]封面|[\s|])+")
_see_large = re.compile(r"登[录錄]/[注註][册冊][后後]可看大[图圖]")
_player = re.compile(r"如果[无無]法播放，[请請][点點][击擊]此[处處]在新窗口打[开開]")

# The page around the posts.
_COPY_LINK = re.compile(r"\[(?:复制链接|複製鏈接|複製連結)\]")
_header_state = re.compile(r"\((?:审核中|審核中|已忽略|草稿|隐藏|隱藏)\)")
_views = re.compile(r"查看[:：]\s*(\d+)\s*\|?\s*回[复復覆][:：]\s*(\d+)")
_page_of_title = re.compile(r"第\s*(\d+)\s*[页頁]")
_pages = re.compile(r"/\s*(\d{1,7})\s*[页頁]")
_started_by = re.compile(r"(?:楼主|樓主)[:：]\s*(\S.{0,40})")
_POWERED = re.compile(r"Powered\s+by\s+Discuz!", re.IGNORECASE)
_version = re.compile(r"Powered\s+by\s+(?:Discuz!\s*)?(X?\d+(?:\.\d+)*)\b", re.IGNORECASE)
_licence = re.compile(r"(?:^|[|\n])\s*([^|\n()]{1,60}?)\s*\(\s*[^()\n]{0,12}ICP", re.IGNORECASE)
_footer_start = re.compile(r"您需要登[录錄][后後]才可以回帖.*|本版[积積]分[规規][则則].*|高[级級]模式")
_footer_more = re.compile(
    r"返回列表|[发發](?:新|表)帖子?|[发發]新帖|回[复復覆]|下一[页頁]\s*»?|[选選][择擇][观觀][点點]|中立|正方|反方"
    r"|[\d\s.…]*/?\s*\d+\s*[页頁]?(?:\s*下一[页頁])?(?:\s*返回列表)?|上一[页頁]|GMT.*|Powered by.*"
)
_message_title = re.compile(r"提示信息(?:\s+-\s|\s*$)")
_sorry = re.compile(r"抱歉|[对對]不起|您需要先登[录錄]|您[无無][权權]")
_not_the_message = re.compile(r"^只需一步|[没沒]有自[动動]跳[转轉]|^[请請]\s*登[录錄]\s*[后後]使用")

# The author's column.
_online = re.compile(r"\s*[当當]前[在离離][线線]")
_deleted_author = re.compile(r"(?P<name>\S.*?)\s*[该該]用[户戶]已被[删刪]除")
_not_a_name = re.compile(
    r"[电電]梯直[达達]|\||[积積]分\s*\d*|\d+\s*(?:主[题題]|帖子|回帖|[万萬])?|收[听聽]TA|[发發]消息|加好友|打招呼|串[个個][门門]"
    r"|主[题題]|回帖|[听聽][众眾]|Rank.*|.*[距離离]+下一[级級].*|[头頭]像被屏蔽|\[.*\]|查看[:：]?.*|(?:楼主|樓主)[:：].*"
    r"|IP|[编編][辑輯]|禁止|帖子|清理|IP\s*[编編][辑輯].*|上一主[题題]|下一主[题題]|[打列]印|.*回[复復覆]本帖可[获獲]得.*|.*[抢搶][楼樓].*"
)

# Junk at line breaks: runs of triplets, a sign or digit, a space, a letter or sign.
_JUNK = r"(?:[!-;]?[ \xa0]{1,2}[?-~]){5,16}"
_junk_at_end = re.compile(rf"[!-;]?{_JUNK}$")
_junk_at_start = re.compile(rf"^{_JUNK}")
_triplet = re.compile(r"[!-;][ \xa0][?-~]")
_LEAST_JUNK = 4
_JUNK_SPAN = 64

_POSTS_THAT_TELL = 3  # fewer posts with the same line tell nothing
_SHARE_THAT_TELLS = 0.8
_LEAST_PREFIX = 4

_POSTS_TO_COMPARE = 60  # of an author, with a quote
_WORDS_TO_COMPARE = 1000  # characters of each: a quote is the beginning of a post


# ---------------------------------------------------------------- lines


class _Line(NamedTuple):
    text: str
    """Trimmed, never empty; nbsp became a space."""
    gap: int
    """Blank lines before it."""


def _matches(pattern: re.Pattern[str], text: str) -> bool:
    return len(text) <= _LONGEST and pattern.fullmatch(text) is not None


def _compact(lines: Iterable[_Line]) -> str:
    """The words of a row, however a tool laid them out."""
    return _WORD_SPACE.sub("", "".join(line.text for line in lines))


def _split(text: str) -> list[_Line]:
    """The lines that hold something; a label and its value that were torn apart stand together again."""
    lines: list[_Line] = []
    gap = 0
    rows = text.replace("\xa0", " ").replace("\x00", "").split("\n")
    has_junk = sum(_without_junk(row) != row for row in rows) > 1
    for row in rows:
        stripped = (_without_junk(row) if has_junk else row).strip()
        if not stripped:
            gap += 1
        elif lines and _belongs_to(lines[-1].text, stripped):
            lines[-1] = _Line(f"{lines[-1].text} {stripped}", lines[-1].gap)
            gap = 0
        else:
            lines.append(_Line(stripped, gap))
            gap = 0
    return lines


def _without_junk(row: str) -> str:
    """A line without the junk that boards put around line breaks against copying."""
    if len(row) < 2 * _LEAST_JUNK or " " not in row:
        return row
    for pattern, part in ((_junk_at_end, row[-_JUNK_SPAN:]), (_junk_at_start, row[:_JUNK_SPAN])):
        found = pattern.search(part)
        if found and len(_triplet.findall(found.group())) >= _LEAST_JUNK:
            row = row[: len(row) - len(found.group())] if pattern is _junk_at_end else row[found.end() :]
    return row


def _belongs_to(label: str, text: str) -> bool:
    """Whether a line only continues the one before: `5` and `#`, `发表于` and the date in its own element."""
    if text in ("#", "楼", "樓"):
        return label.isdecimal()
    if len(label) <= _LONGEST and (text == "," or label.endswith(" ,")):
        return True
    return len(label) <= 40 and _posted_alone.fullmatch(label) is not None and _matches(_date_alone, text)


# ---------------------------------------------------------------- where posts begin


@dataclass(slots=True)
class _Mark:
    """A post as its date line and its floor tell it; indexes are those of lines."""

    top: int
    """The first line of floor and date."""
    start: int
    """The first line of the body."""
    time: str | None = None
    name: str | None = None
    anonymous: bool = False
    starter: bool = False
    tail: bool = False
    client: str | None = None
    place: str | None = None
    floor: int | None = None
    has_floor: bool = False
    sticky: bool = False
    recommended: bool = False
    deleted: bool = False


def _floor(text: str) -> tuple[bool, int | None, bool]:
    """Whether a line is a floor, its number, and whether it belongs to a reply on top of the page."""
    if text in _FLOOR_NAMES:
        return True, _FLOOR_NAMES[text], False
    found = _floor_number.fullmatch(text) if len(text) <= 20 else None
    if found:
        return True, int(found["number"]), found["sticky"] is not None
    words = _floor_words.fullmatch(text) if len(text) <= 4 else None
    if words and (words["tens"] or words["ones"]):
        tens = _CHINESE_DIGITS.get(words["tens"][0], 1) if words["tens"] else 0
        return True, tens * 10 + _CHINESE_DIGITS.get(words["ones"] or "零", 0), False
    return False, None, False


def _read_mark(lines: Sequence[_Line], index: int) -> _Mark | None:
    """The mark at a line, if that is one that may be a date line."""
    text = lines[index].text
    if len(text) > _LONGEST:
        return None
    if _deleted_floor.fullmatch(text) and index and _floor(lines[index - 1].text)[0]:
        _, floor, _ = _floor(lines[index - 1].text)
        return _Mark(top=index - 1, start=index + 1, floor=floor, has_floor=True, deleted=True)
    found = _date_line.fullmatch(text)
    if found is None or _tail.fullmatch(found["tail"]) is None:
        return None
    mark = _Mark(top=index, start=index + 1, time=found["time"], place=found["place"])
    _read_tail(mark, found["tail"], lines)
    if not _read_before(mark, found["before"]):
        return None
    _read_floor(mark, lines, index)
    return mark


def _read_tail(mark: _Mark, tail: str, lines: Sequence[_Line]) -> None:
    """Take the words after the date, on its own line and on the next ones."""
    words = [tail]
    while mark.start < len(lines):
        text = lines[mark.start].text
        following = lines[mark.start + 1].text if mark.start + 1 < len(lines) else ""
        if not _matches(_tail, text) or (_client.fullmatch(text) and not following.startswith("|")):
            break
        words.append(text)
        mark.start += 1
    tail = " ".join(words)
    client = _client.search(tail)
    mark.client = client.group() if client else None
    mark.tail = tail.strip(" |") not in ("", mark.client or "")


def _read_before(mark: _Mark, before: str) -> bool:
    """Take what stands before the word on its line; false for words that no date line has."""
    starter = _STARTER.match(before)
    if starter:
        mark.starter = True
        before = before[starter.end() :].strip()
    if not before:
        return True
    if re.fullmatch(_ANONYMOUS, before):
        mark.anonymous = True
        return True
    mark.name = before
    return mark.tail and len(before) <= 40


def _read_floor(mark: _Mark, lines: Sequence[_Line], index: int) -> None:
    """Look for the floor above a date line."""
    names = 0
    for above in range(index - 1, max(index - 1 - _HEAD_REACH, -1), -1):
        text = lines[above].text
        after = lines[above + 1].text
        if text in ("楼主", "樓主") and after.startswith("|"):
            mark.starter = True
            continue
        found, number, sticky = _floor(text)
        if found:
            mark.top, mark.floor, mark.sticky, mark.has_floor = above, number, sticky, True
            mark.recommended = text in ("推荐", "推薦")
            return
        if not _matches(_between_floor_and_date, text):
            names += 1
            if names > 1 or not mark.tail or len(text) > 40:  # where the name stands in the date line
                return
        mark.starter = mark.starter or _STARTER.fullmatch(text) is not None
        mark.anonymous = mark.anonymous or re.fullmatch(_ANONYMOUS, text) is not None


def _marks(lines: Sequence[_Line]) -> list[_Mark]:
    """The posts of a page. Words that a body only tells of have no floor, or none of the buttons before them."""
    found = [mark for index in range(len(lines)) if (mark := _read_mark(lines, index))]
    has_floors = bool(found) and any(mark.has_floor for mark in found[:3])
    first = next((mark for mark in found if (mark.has_floor if has_floors else mark.tail)), None)
    if first is None:
        return found[:1]
    marks = [first]
    for mark in found:
        if mark.top < marks[-1].start or (not mark.has_floor if has_floors else not mark.tail):
            continue
        if has_floors or _has_buttons(lines, marks[-1].start, mark.top):
            marks.append(mark)
    return marks


def _has_buttons(lines: Sequence[_Line], start: int, end: int) -> bool:
    return any(_tool_words(line.text) for line in lines[max(start, end - 40) : end])


def _tool_words(text: str) -> bool:
    if len(text) > 40 or text[0] not in _FIRST_OF_TOOLS:
        return False
    words = _WORD_SPACE.sub("", text)
    return bool(words) and _tools.fullmatch(words) is not None


# ---------------------------------------------------------------- where bodies end


@dataclass(slots=True)
class _Segment:
    """The lines of one post."""

    mark: _Mark
    head: list[_Line] = field(default_factory=list)
    """The author's column."""
    body: list[_Line] = field(default_factory=list)
    signature: list[_Line] = field(default_factory=list)


def _segments(lines: Sequence[_Line], marks: Sequence[_Mark]) -> list[_Segment]:
    segments = []
    unit = max(4, min((lines[mark.start].gap for mark in marks if mark.start < len(lines)), default=0))
    head = list(lines[max(0, marks[0].top - 60) : marks[0].top])
    for position, mark in enumerate(marks):
        last = position + 1 == len(marks)
        end = _footer(lines, mark.start) if last else marks[position + 1].top
        segment = _Segment(mark, head)
        if mark.deleted:
            head = list(lines[mark.start : end])
        else:
            head = _cut_buttons(segment, lines[mark.start : end], unit, last=last)
        segments.append(segment)
    return segments


def _footer(lines: Sequence[_Line], start: int) -> int:
    """The line at which the page goes on below the last post."""
    ends = [index for index in range(start, len(lines)) if _matches(_footer_start, lines[index].text)]
    end = ends[-1] if ends else len(lines)
    if not ends:
        powered = [index for index in range(start, len(lines)) if _POWERED.match(lines[index].text[:_LONGEST])]
        end = powered[-1] if powered else end
    else:
        editor = [index for index in ends if index >= end - 40]
        end = editor[0]
    while end > start and _matches(_footer_more, lines[end - 1].text):
        end -= 1
    return end


def _cut_buttons(segment: _Segment, lines: Sequence[_Line], unit: int, *, last: bool) -> list[_Line]:
    """Part the lines between two date lines: body and signature of the upper post, column of the lower."""
    start, end = _last_buttons(lines, last=last)
    if start is None:
        end = len(lines) if last else _column_start(lines)
        start = end
    above = list(lines[:start])
    gap = lines[start].gap if start < len(lines) else 0
    marks_at = _last_marks(above)
    if marks_at is not None:
        begin, stop = marks_at
        segment.body, segment.signature = above[:begin], above[stop:]
    else:
        segment.body, segment.signature = _cut_at_gap(above, gap, unit)
    return list(lines[end:])


def _last_buttons(lines: Sequence[_Line], *, last: bool) -> tuple[int | None, int]:
    """The last run of lines that are a row of buttons, in the order that Discuz! has."""
    for end in range(len(lines), max(0, len(lines) - _COLUMN_REACH), -1):
        if not _tool_words(lines[end - 1].text):
            continue
        start = end - 1
        for begin in range(end - 2, max(end - 10, -1), -1):
            if _tools.fullmatch(_compact(lines[begin:end])):
                start = begin
            elif len(lines[begin].text) > 20:
                break
        alone = end - start == 1 and not _is_row(lines[start].text) and not (last and end == len(lines))
        if not alone or _looks_like_column(lines[end:]):
            return start, end
    return None, len(lines)


def _is_row(text: str) -> bool:
    return len(_WORD_SPACE.split(text)) > 1


def _looks_like_column(lines: Sequence[_Line]) -> bool:
    """Whether lines are an author's column, and not the rest of a body."""
    return len(lines) <= 1 or _name_that_stands_twice(lines[:3]) is not None


def _column_start(lines: Sequence[_Line]) -> int:
    """Where the author's column begins in lines that end with it: at the name, which stands there twice."""
    for index in range(len(lines) - 1, 0, -1):
        name = lines[index - 1].text
        if not _is_no_name(name) and _online.sub("", lines[index].text[:_LONGEST]) == name:
            return index - 1
    return max(0, len(lines) - 1)


def _last_marks(lines: Sequence[_Line]) -> tuple[int, int] | None:
    """The bar of the first post (收藏 转播 淘帖 支持 反对), which stands between body and signature."""
    for end in range(len(lines), max(0, len(lines) - _SIGNATURE_REACH), -1):
        text = lines[end - 1].text
        if text.isdecimal() or _last_of_marks.search(text[-20:]):
            for begin in range(max(0, end - 14), end):
                if _marks_words(lines[begin:end]):
                    return begin, end
    return None


def _marks_words(lines: Sequence[_Line]) -> bool:
    if sum(len(line.text) for line in lines) > 80:
        return False
    words = _compact(lines)
    return _marks_row.fullmatch(words) is not None and (len(words) > 4 or words[-1:].isdecimal())


def _cut_at_gap(lines: Sequence[_Line], gap: int, unit: int) -> tuple[list[_Line], list[_Line]]:
    """Where a tool kept the white space of the source, a signature stands apart: wide gaps before and after it.

    `gap` is the one before the buttons, `unit` the one between date line and body. Without a signature the buttons are
    four units away, with it two.
    """
    if gap < 3 * unit:
        for index in range(len(lines) - 1, 0, -1):
            if lines[index].gap >= 1.8 * unit:
                return list(lines[:index]), list(lines[index:])
    return list(lines), []


# ---------------------------------------------------------------- what a body says


class _Body:
    """The lines of one body, from which everything that is not its author's words is taken away, part by part."""

    def __init__(self, lines: list[_Line], clock: Clock) -> None:
        self.lines = lines
        self.clock = clock
        self.status: Status = "normal"
        self.notices: list[Notice] = []
        self.edit: Edit | None = None
        self.quote: Quote | None = None
        self.moderation: Moderation | None = None
        self.tags: tuple[str, ...] = ()
        self.special: Special | None = None

    def read(self, *, first: bool) -> None:
        self._cut_comments()
        self._cut_list_of_files()
        self._cut_below(first=first)
        self._cut_lead()
        if not self._read_state():
            self._drop_files()
            self._drop_notices()

    def text(self) -> str:
        """The words that are left, with one blank line where the text has some."""
        parts: list[str] = []
        for line in self.lines:
            if line.gap and parts:
                parts.append("")
            parts.append(line.text)
        return "\n".join(parts)

    def _find(self, matches: Callable[[int], bool]) -> int | None:
        return next((index for index in range(len(self.lines)) if matches(index)), None)

    def _line(self, index: int) -> str:
        return self.lines[index].text if 0 <= index < len(self.lines) else ""

    def _span(self, pattern: re.Pattern[str], index: int) -> int:
        """How many lines from here on are one row of that shape, which a tool may have torn apart; 0 if none."""
        words = ""
        for size, line in enumerate(self.lines[index : index + _MOST_PIECES], 1):
            words = f"{words} {line.text}" if words else line.text
            if len(words) > _LONGEST:
                break
            if pattern.fullmatch(words):
                return size
        return 0

    def _words(self, index: int, size: int) -> str:
        return " ".join(line.text for line in self.lines[index : index + size])

    def _cut_comments(self) -> None:
        """Remarks and ratings: their titles, and the shape of what follows to the end of the body."""
        rating = None
        for index in range(len(self.lines) - 1, -1, -1):
            if self._line(index) in _RATINGS and _matches(_rating_head, self._line(index + 1)):
                rating = index
                break
        if rating is not None:
            del self.lines[rating:]
        if not self.lines or not _matches(_comments_end, self._line(len(self.lines) - 1)):
            return
        for index in range(len(self.lines) - 3, -1, -1):
            if self._line(index) in _COMMENTS:
                del self.lines[index:]
                return

    def _cut_list_of_files(self) -> None:
        """Below the body stands a list of files, or a box that tells only members may see them."""
        box = self._find(lambda index: self._span(_more_inside, index) > 0)
        if box is not None and (size := self._span(_login_to_see, box + 1)):
            self.notices.append(Notice(kind="attachments_hidden", text=self._words(box, 1 + size)))
            del self.lines[box:]
        files = self._find(
            lambda index: _matches(_click_file, self._line(index))
            and _matches(_uploaded, self._line(index - 1))
            and _matches(_file_size, self._line(index + 1))
        )
        if files is not None:
            del self.lines[max(0, files - 2) :]

    def _cut_below(self, *, first: bool) -> None:
        """Moderator line, tags, related threads and the boxes of special threads."""
        if first:
            self._cut_special()
        for pattern in (_related, _album):
            self._cut_from(pattern)
        for index in range(len(self.lines) - 1, max(len(self.lines) - _MOST_PIECES, 0), -1):
            moderated = _moderated.fullmatch(self._words(index, _MOST_PIECES)[: _LONGEST + 1])
            if moderated:
                self.moderation = Moderation(
                    by=moderated["by"], at=self.clock.read(moderated["at"]), action=moderated["action"]
                )
                del self.lines[index:]
                break
        if first and len(self.lines) > 1 and _matches(_tags, self._line(len(self.lines) - 1)):
            self.tags = tuple(re.split(r"\s*,\s*", self.lines.pop().text))

    def _cut_from(self, pattern: re.Pattern[str], least: int = 1) -> bool:
        at = self._find(lambda index: index >= least and self._span(pattern, index) > 0)
        if at is not None:
            del self.lines[at:]
        return at is not None

    def _cut_special(self) -> None:
        """The box of a poll, reward, activity, debate or of goods, before or after the words of the first post."""
        for pattern, special in _special_ends:
            if self._cut_from(pattern, 0):
                self.special = special
        self._cut_activity()
        self._cut_reward()
        goods = self._find(lambda index: _matches(_goods_kind, self._line(index)))
        if goods is not None and any(_matches(_goods_time, line.text) for line in self.lines[goods : goods + 4]):
            self.special = "trade"
            del self.lines[max(0, goods - 1) :]
            if self._line(len(self.lines) - 1) in ("展开", "展開"):
                self.lines.pop()

    def _cut_activity(self) -> None:
        if not _matches(_activity_head, self._line(0)):
            return
        self.special = "activity"
        size = 1
        for index in range(min(24, len(self.lines))):
            last = _activity_last.fullmatch(self._line(index)[:_LONGEST])
            if last:
                size = index + (1 if last["value"].strip() else 2)
        while _matches(_activity_buttons, self._line(size)):
            size += 1
        del self.lines[:size]
        while self.lines and _matches(_activity_form, self.lines[-1].text):
            self.lines.pop()

    def _cut_reward(self) -> None:
        """The price before the question, and the best answer after it; without either it is no reward."""
        size = self._span(_reward, 0)
        if not size:
            return
        best = self._find(
            lambda index: self._line(index) in _BEST_ANSWER and _matches(_whole_answer, self._line(index + 2))
        )
        if best is not None:
            del self.lines[best:]
        elif self._line(len(self.lines) - 1) in _ANSWER:
            self.lines.pop()
        elif not self._line(0).startswith(("悬赏", "懸賞")):
            return
        self.special = "reward"
        del self.lines[:size]

    def _cut_lead(self) -> None:
        """What stands before the author's first word."""
        if size := self._span(_reply_credit, 0):
            del self.lines[:size]
        if self._line(0) in _RECORD and self._span(_paid_head, 1):
            del self.lines[0]
        if size := self._span(_paid_head, 0):
            self.notices.append(Notice(kind="paid", text=self._words(0, size)))
            del self.lines[:size]
        if _matches(_guest_tip, self._line(0)):
            self.notices.append(Notice(kind="login_to_view", text=self._line(0)))
            del self.lines[: 1 + self._span(_login_to_see, 1)]
            if self._line(0) in _CLOSE:
                del self.lines[0]
        if size := self._span(_edited, 0):
            edited = _edited.fullmatch(self._words(0, size))
            if edited:
                self.edit = Edit(by=edited["by"], at=self.clock.read(edited["at"]))
            del self.lines[:size]

    def _read_state(self) -> bool:
        """Whether a sentence of the forum stands where the body should; then nothing of it is readable."""
        for size in (1, 2):
            words = _compact(self.lines[:size])
            for pattern, state in _STATES:
                found = pattern.match(words) if len(words) <= _LONGEST else None
                if found is None:
                    continue
                text = " ".join(line.text for line in self.lines[:size])
                if _STAFF_NOTE.fullmatch(words, found.end()):
                    self.notices.append(Notice(kind=state, text=text))  # type: ignore[arg-type]
                    del self.lines[:size]
                    return False
                if found.end() == len(words):
                    self.status = state
                    self.notices.append(Notice(kind=state, text=text))  # type: ignore[arg-type]
                    self.lines.clear()
                    return True
        return False

    def _drop_files(self) -> None:
        """Files in the text with their hidden tips, line by line: name (size), buttons, description, time, terms."""
        kept: list[_Line] = []
        since = 0  # what stands before the last file is settled
        tip = False
        for index, line in enumerate(self.lines):
            if _matches(_uploaded, line.text):
                _take_file(kept, since)
                since = len(kept)
                tip = True
            elif tip and (_matches(_file_terms, line.text) or _matches(_file_terms, self._line(index + 1))):
                continue
            else:
                kept.append(line)
                tip = False
        self.lines = kept

    def _drop_notices(self) -> None:
        paid = self._find(lambda index: self._span(_paid, index) > 0)
        if paid is not None:
            size = self._span(_paid, paid)
            self.status = "paid"
            self.notices.append(Notice(kind="paid", text=self._words(paid, size)))
            del self.lines[paid : paid + size]
        kept: list[_Line] = []
        for line in self.lines:
            text = self._without_notices(line.text)
            if text:
                kept.append(_Line(text, line.gap))
        self.lines = kept

    def _without_notices(self, text: str) -> str:
        """A line without the sentences that the forum set into it."""
        if len(text) > _LONGEST:
            return _copy_code.sub("", text) if text.endswith(("代码", "代碼")) else text
        for pattern, kind in _hidden:
            found = pattern.search(text)
            if found:
                self.notices.append(Notice(kind=kind, text=found.group()))
                text = text[: found.start()] + text[found.end() :]
        for pattern in (_see_large, _player, _revealed, _copy_code):
            text = pattern.sub("", text)
        return text.strip()


def _take_file(kept: list[_Line], since: int) -> None:
    """Take away the file whose time of upload comes next; a name may stand behind words on their line."""
    for index in range(len(kept) - 1, max(since, len(kept) - 8) - 1, -1):
        text = kept[index].text
        if _matches(_file_with_size, text):
            has_button = any(_matches(_file_buttons, line.text) for line in kept[index + 1 :])
            behind = None if has_button else _file_behind_words.match(text)
            kept[index:] = [_Line(behind["words"], kept[index].gap)] if behind else []
            return
        if _matches(_file_size, text):
            del kept[max(since, index - 1) :]
            return


# ---------------------------------------------------------------- the page around the posts


@dataclass(slots=True)
class _Page:
    """What a page says of itself, its header and its footer."""

    lines: Sequence[_Line]
    """Those before the first post."""
    title: str | None = None
    powered: bool = False
    """Whether the title ends as Discuz! ends its titles: subject, board, site, name of the software."""
    anchor: int | None = None
    """The line `[复制链接]`, which follows the subject."""

    def __post_init__(self) -> None:
        self.title = next((line.text for line in self.lines[:3] if " - " in line.text), None)
        self.powered = self.title is not None and _POWERED.search(self.title[-40:]) is not None
        for index in range(len(self.lines) - 1, -1, -1):
            if _COPY_LINK.search(self.lines[index].text[-_LONGEST:]):
                self.anchor = index
                break

    def title_parts(self) -> list[str]:
        return [part.strip() for part in re.split(r"\s+-\s+", self.title or "")]

    def subject(self) -> tuple[str | None, str | None]:
        """Subject and type."""
        subject, before = self._header()
        if subject is None:
            parts = self.title_parts()
            return (parts[0] or None) if self.title else None, None
        kind = re.fullmatch(r"\[([^\[\]]{1,40})\]", before)
        if kind:
            return subject, kind[1]
        typed = re.match(r"\[([^\[\]]{1,40})\]\s*(?=\S)", subject)
        if typed and (self.title or "").startswith(subject[typed.end() :]):
            return subject[typed.end() :], typed[1]
        return subject, None

    def _header(self) -> tuple[str | None, str]:
        """The subject's own line, and the one before it."""
        at = self.anchor
        if at is not None:
            text = _header_state.sub("", _COPY_LINK.sub("", self.lines[at].text)).strip()
            while not text and at > 0:
                at -= 1
                text = _header_state.sub("", self.lines[at].text).strip()
            return (text or None), self.lines[at - 1].text if at else ""
        for index in range(len(self.lines) - 1, 0, -1):
            text = self.lines[index].text
            if self.title and self.title != text and self.title.startswith(f"{text} "):
                return text, self.lines[index - 1].text
        return None, ""

    def site_name(self, footer: str) -> str | None:
        parts = self.title_parts()
        if self.powered and len(parts) > 2:
            return parts[-2] or None
        for index, line in enumerate(self.lines):
            name, mark, _ = line.text[:_LONGEST].partition("»")
            if mark and (name.strip() or index):
                return name.strip() or self.lines[index - 1].text[:_LONGEST]
        named = _licence.findall(footer)
        if named:
            return str(named[-1])
        first = self.lines[0].text if self.lines else ""
        return first if self.title is None and first and len(first) <= 60 else None

    def forum(self) -> Forum | None:
        parts = self.title_parts()
        if not self.powered or len(parts) < 4 or _page_of_title.fullmatch(parts[-3]):
            return None
        return Forum(name=parts[-3])

    def page(self) -> int | None:
        numbers = [_page_of_title.fullmatch(part) for part in self.title_parts()[1:]] if self.powered else []
        found = next(filter(None, numbers), None)
        if found:
            return int(found[1])
        return 1 if self.views() else None

    def total_pages(self) -> int | None:
        totals = [int(found[1]) for line in self.lines[-40:] for found in _pages.finditer(line.text[:_LONGEST])]
        return totals[-1] if totals else 1 if self.views() else None

    def views(self) -> tuple[int, int] | None:
        """Views and replies, in the header of a first page."""
        words = "\n".join(line.text[:_LONGEST] for line in self.lines[-40:])
        found = _views.search(words)
        return (int(found[1]), int(found[2])) if found else None

    def starter(self) -> str | None:
        """Who opened the thread, in the header of later pages."""
        for line in self.lines[-20:]:
            found = _started_by.fullmatch(line.text[:_LONGEST])
            if found:
                return found[1]
        return None


# ---------------------------------------------------------------- authors


def _author(segment: _Segment, *, first: bool, anchor: int | None) -> Author:
    """The author at the head of the column, or in the date line of skins without a column."""
    mark = segment.mark
    if mark.name:
        return Author(name=mark.name)
    column = segment.head[anchor:] if first and anchor is not None else segment.head
    kind: AuthorKind = "member"
    name = _name_that_stands_twice(column)
    if name is None and (anchor is not None or not first):
        name = next((line.text for line in column if not _is_no_name(line.text)), None)
    if mark.anonymous or (name is not None and re.fullmatch(_ANONYMOUS, name)):
        return Author(anonymous=True, kind="anonymous")
    gone = _deleted_author.fullmatch(name) if name and len(name) <= _LONGEST else None
    if gone:
        name, kind = gone["name"], "deleted"
    return Author(name=name, kind=kind)


def _name_that_stands_twice(column: Sequence[_Line]) -> str | None:
    """The name, in the column and in the card above it: `NAME`, `NAME 当前在线`."""
    for line, below in pairwise(column):
        name = line.text
        if len(name) <= 40 and not _is_no_name(name) and _online.sub("", below.text[:_LONGEST]) == name:
            return name
    return None


def _is_no_name(text: str) -> bool:
    return len(text) > 40 or _not_a_name.fullmatch(text) is not None or _debate_filter.fullmatch(text) is not None


# ---------------------------------------------------------------- what several posts of a page tell together


def _signatures(segments: Sequence[_Segment], names: Sequence[str | None]) -> dict[str, list[str]]:
    """The signature of each author who has one, where at least one post of the page shows it apart."""
    known: dict[str, list[str]] = {}
    for segment, name in zip(segments, names, strict=True):
        if name and segment.signature:
            known.setdefault(name, [line.text for line in segment.signature])
    return known


def _repeated_ends(segments: Sequence[_Segment], names: Sequence[str | None]) -> dict[str, list[str]]:
    """Signatures known by repetition: the line with which more than half of an author's posts end."""
    ends: dict[str, list[str]] = defaultdict(list)
    for segment, name in zip(segments, names, strict=True):
        if name and len(segment.body) > 1 and not segment.signature:
            ends[name].append(segment.body[-1].text)
    known = {}
    for name, own in ends.items():
        last, times = Counter(own).most_common(1)[0]
        if times > 1 and times * 2 > len(own):
            known[name] = [last]
    return known


def _cut_signatures(segments: Sequence[_Segment], names: Sequence[str | None]) -> None:
    """Where a tool dropped the white space, a signature is the last line of a body."""
    known = _repeated_ends(segments, names) | _signatures(segments, names)
    for segment, name in zip(segments, names, strict=True):
        lines = known.get(name or "", [])
        size = len(lines)
        if lines and not segment.signature and [line.text for line in segment.body[-size:]] == lines:
            segment.signature = segment.body[-size:]
            del segment.body[-size:]


def _cut_repeated(segments: Sequence[_Segment]) -> None:
    """Advertisements: lines with which nearly every post of the page begins or ends, the first one too."""
    tops = [segment.body for segment in segments if segment.body]
    ends = [body for segment in segments if (body := segment.signature or segment.body)]
    if len(tops) < _POSTS_THAT_TELL:
        return
    cut: list[list[_Line]] = []
    for _ in range(_MOST_PIECES):
        same = _repeated(tops, 0)
        cut = same or cut
        for body in same:
            del body[0]
    _cut_prefix(cut)
    for _ in range(_MOST_PIECES):
        for body in _repeated(ends, -1):
            del body[-1]


def _repeated(bodies: Sequence[list[_Line]], at: int) -> list[list[_Line]]:
    """The bodies that share this line with the first one, where nearly all do and have more to say."""
    if not bodies[0]:
        return []
    text = bodies[0][at].text
    same = [
        body for index, body in enumerate(bodies) if len(body) > (1 if index else at == 0) and body[at].text == text
    ]
    return same if len(same) >= _SHARE_THAT_TELLS * len(bodies) and same[0] is bodies[0] else []


def _cut_prefix(bodies: Sequence[list[_Line]]) -> None:
    """The end of an advertisement that a tool glued to the first words after it."""
    prefix = ""
    for letters in zip(*(body[0].text for body in bodies), strict=False):
        if len(set(letters)) > 1:
            break
        prefix += letters[0]
    if len(prefix) < _LEAST_PREFIX or any(body[0].text == prefix for body in bodies):
        return
    for body in bodies:
        body[0] = _Line(body[0].text[len(prefix) :].strip(), body[0].gap)


_WHITE = re.compile(r"\s+")


def _cut_quote(body: _Body, written: dict[str, list[str]]) -> None:
    """Part a reply from the quote that leads it: a header, then at most a few lines of a post.

    Nothing in the text ends a quote. What was written on this page is known and compared; of other posts one line is
    taken, which is what most quotes are, and never the last line: a reply has words of its own.
    """
    head = _quote_head.fullmatch(body._line(0)) if len(body._line(0)) <= _LONGEST else None
    if head is None or len(body.lines) < 2:
        return
    size = _quote_size([line.text for line in body.lines[1:6]], written.get(head["name"], []))
    if size == 0:
        if len(body.lines) < 3:
            return
        size = _size_by_gap(body.lines[1:])
    text = "\n".join(line.text for line in body.lines[1 : 1 + size])
    body.quote = Quote(author=head["name"], timestamp=body.clock.read(head["at"]), text=text)
    del body.lines[: 1 + size]


def _quote_size(lines: Sequence[str], written: Sequence[str]) -> int:
    """How many lines are the beginning of something that its author wrote on this page."""
    best, said = 0, ""
    for size, line in enumerate(lines, 1):
        said += _WHITE.sub("", line)
        cut = said.removesuffix("...")
        if any(cut in words for words in written):
            best = size
        if cut != said:
            return size if best in (size, size - 1) or size == 1 else best
    return best


def _size_by_gap(lines: Sequence[_Line]) -> int:
    for index in range(1, min(4, len(lines))):
        if lines[index].gap:
            return index
        if lines[index - 1].text.endswith(("...", "…")):
            return index
    return 1


# ---------------------------------------------------------------- posts and the thread


def _infer_floors(marks: Sequence[_Mark], page: int | None) -> list[tuple[int | None, bool]]:
    """Floor of each post and whether it was inferred from the order of the page."""
    floors: list[tuple[int | None, bool]] = []
    for index, mark in enumerate(marks):
        if mark.has_floor:
            floors.append((mark.floor, False))
        elif index and floors[-1][0] is not None:
            floors.append((floors[-1][0] + 1, True))
        elif not index and page == 1:
            floors.append((1, True))
        else:
            floors.append((None, False))
    return floors


def _clock(
    text: str, given: tzinfo | None, now: datetime | None, times: Sequence[str]
) -> tuple[Clock, datetime | None, bool]:
    """The clock of the page, the moment in its footer, and whether its offset is only assumed."""
    offset, words = read_footer(text)
    zone = offset or given or timezone(timedelta(hours=8))
    order = day_order([*times, words or ""])
    rendered = Clock(zone, None, order).read(words) if words else None
    if order is None and rendered is not None:
        order = day_order(times, rendered)
    return Clock(zone, rendered or now, order), rendered, offset is None and given is None


def _offset_text(zone: tzinfo, moment: datetime | None) -> str:
    delta = zone.utcoffset(moment or datetime(2000, 1, 1)) or timedelta()  # noqa: DTZ001 - tzinfo wants it naive
    minutes = round(delta.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def parse_text(
    text: str, *, url: str | None = None, timezone: tzinfo | None = None, now: datetime | None = None
) -> Thread:
    """Read a thread page that is plain text already, as corpora made of crawls hold it.

    What a text cannot tell is None: numbers of thread, posts and members, links, pictures. `timezone` is used where the
    footer has no offset, `now` for relative times where it has no clock. Raises ParseError for anything else than a
    thread page, and the NoticeError class of a message page.
    """
    _check_size(text, url)
    lines = _split(text.replace("\r\n", "\n").replace("\r", "\n"))
    marks = _marks(lines)
    if not _is_thread(text, lines, marks):
        _refuse(lines, url)
    segments = _segments(lines, marks)
    page = _Page(lines[: marks[0].top])
    clock, rendered, assumed = _clock(text, timezone, now, [mark.time or "" for mark in marks])
    footer = text[-_FOOTER_REACH:]
    issues: list[Issue] = []
    posts, first_body = _posts(segments, page, clock, issues)
    subject, type_name = page.subject()
    if posts and posts[0].is_first:
        posts[0] = posts[0].model_copy(update={"subject": subject})
    versions = _version.findall(footer)
    views = page.views()
    starter = page.starter()
    return Thread(
        tid=tid_in(url),
        url=url,
        subject=subject,
        type_name=type_name,
        forum=page.forum(),
        author=posts[0].author if posts[0].is_first else Author(name=starter) if starter else None,
        views=views[0] if views else None,
        replies=views[1] if views else None,
        page=page.page(),
        total_pages=page.total_pages(),
        special=first_body.special,
        tags=first_body.tags,
        posts=tuple(posts),
        moderation=first_body.moderation,
        site=Site(
            name=page.site_name(footer),
            version=versions[-1] if versions else None,
            utc_offset=_offset_text(clock.offset, rendered),
            utc_offset_assumed=assumed,
            rendered_at=rendered,
        ),
        issues=tuple(issues),
    )


def _posts(
    segments: Sequence[_Segment], page: _Page, clock: Clock, issues: list[Issue]
) -> tuple[list[Post], _Body]:
    """All posts, and what the first body told of the thread."""
    anchor = None
    if page.anchor is not None:
        anchor = max(0, page.anchor + 1 - len(page.lines) + len(segments[0].head))
    authors = [_author(segment, first=not index, anchor=anchor) for index, segment in enumerate(segments)]
    floors = _infer_floors([segment.mark for segment in segments], page.page())
    names = [author.name for author in authors]
    _cut_repeated(segments)
    bodies = []
    for segment, (floor, _) in zip(segments, floors, strict=True):
        body = _Body(segment.body, clock)
        body.read(first=floor == 1)
        segment.body = body.lines
        bodies.append(body)
    _cut_signatures(segments, names)
    written: dict[str, list[str]] = defaultdict(list)
    for body, name in zip(bodies, names, strict=True):
        if name and len(written[name]) < _POSTS_TO_COMPARE:
            written[name].append(_WHITE.sub("", body.text()[:_WORDS_TO_COMPARE]))
    posts = []
    for index, (segment, body) in enumerate(zip(segments, bodies, strict=True)):
        _cut_quote(body, written)
        posts.append(_post(segment, body, authors[index], floors[index], index, issues))
    return posts, bodies[0]


def _post(
    segment: _Segment, body: _Body, author: Author, floor: tuple[int | None, bool], index: int, issues: list[Issue]
) -> Post:
    mark = segment.mark
    moment = body.clock.read(mark.time) if mark.time else None
    if mark.time and moment is None:
        issues.append(Issue(path=f"posts[{index}].timestamp", message=f"not a time that can be read: {mark.time}"))
    is_first = floor[0] == 1 and not mark.sticky
    return Post(
        floor=floor[0],
        floor_inferred=floor[1],
        is_first=is_first,
        is_starter=is_first or mark.starter,
        sticky=mark.sticky,
        recommended=mark.recommended,
        author=Author() if mark.deleted else author,
        timestamp=moment,
        timestamp_text=mark.time,
        client=mark.client,
        location=mark.place,
        body="" if mark.deleted else body.text(),
        quotes=(body.quote,) if body.quote else (),
        edit=body.edit,
        status="deleted" if mark.deleted else body.status,
        notices=tuple(body.notices),
        signature="\n".join(line.text for line in segment.signature) or None,
    )


# ---------------------------------------------------------------- what is no thread page


def _check_size(text: str, url: str | None) -> None:
    if len(text) > _MAX_BYTES or (len(text) * 4 > _MAX_BYTES and len(text.encode("utf-8", "replace")) > _MAX_BYTES):
        raise ParseError("the text is larger than 32 MiB", url=url)
    if text.count("\n") + text.count("\r") > _MAX_LINES:
        raise ParseError(f"the text has more than {_MAX_LINES:,} lines", url=url)


def _is_thread(text: str, lines: Sequence[_Line], marks: Sequence[_Mark]) -> bool:
    """Whether the date lines stand in a page of Discuz!: beside words that no other text has around them."""
    if not marks:
        return False
    if any(mark.has_floor or mark.tail for mark in marks):
        return True
    return _POWERED.search(text[-_FOOTER_REACH:]) is not None and any(
        _COPY_LINK.fullmatch(line.text) for line in lines[: marks[0].top]
    )


def _refuse(lines: Sequence[_Line], url: str | None) -> NoReturn:
    """Raise what a text is that has no post in it."""
    head = next((line.text for line in lines[:3]), "")
    if any(_message_title.match(line.text[:_LONGEST]) for line in lines[:3]):
        _raise_notice(_message_of(lines), url)
    what = f"no flattened Discuz! thread page (begins with {head[:60]!r})" if head else "an empty text"
    raise ParseError(what, url=url)


def _message_of(lines: Sequence[_Line]) -> str:
    """The words of a message page: a sentence between the header's menus and the footer."""
    sentences = [
        line.text
        for line in lines[1:_HEADER_REACH]
        if re.search("[，。！]", line.text[:_LONGEST]) and not _not_the_message.search(line.text[:_LONGEST])
    ]
    return next((text for text in sentences if _sorry.search(text[:_LONGEST])), sentences[0] if sentences else "")


def _raise_notice(words: str, url: str | None) -> NoReturn:
    """Raise the error that a message stands for: classified where messages of HTML pages are."""
    from discuz_scrape.pages.notice import refuse  # needs the HTML parser, which text does not

    refuse(f'<div id="messagetext"><p>{escape(words)}</p></div>', wanted="thread", url=url)
