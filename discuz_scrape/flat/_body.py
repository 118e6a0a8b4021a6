"""A body, from which everything that is not its author's words is taken away part by part."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from discuz_scrape._dates import Clock
from discuz_scrape.flat._chrome import DATE
from discuz_scrape.flat._lines import LONGEST, Line, Row, compact, joined, matches
from discuz_scrape.models import Edit, Moderation, Notice, NoticeKind, Quote, Special, Status

_reply_credit = Row(re.compile(r"回帖[奖獎][励勵]\s*\+\s*\d+\s*\S{1,8}"))
_price = Row(re.compile(r"(?:[记記][录錄]\s*)?付[费費]主[题題],\s*[价價]格[:：]\s*\d+\s*\S{1,8}"))
_guest_tip = re.compile(r"登[录錄][后後]查看更多精彩[内內]容.*|[马馬]上[注註][册冊]，[结結]交更多好友.*")
_login_to_see = Row(
    re.compile(
        r"您需要\s*(?:登录|登錄)\s*才可以下[载載]或查看，?\s*(?:[没沒]有[账帳][号號]？?\s*(?:立即)?[注註][册冊])?(?:\s*[x×])?"
        r"|您所在的用[户戶][组組][无無]法下[载載]或查看附件.*"
    )
)
_more_inside = Row(re.compile(r"本帖子中包含更多[资資]源"), first=("本帖",))
_edited = Row(
    re.compile(rf"\[?\s*本帖最[后後]由\s*(?P<by>.{{1,60}}?)\s*[于於]\s*(?P<at>{DATE})\s*[编編][辑輯]\s*\]?", re.VERBOSE)
)
_must_pay = Row(
    re.compile(
        r"(?:[购購][买買]主[题題]\s*)?(?:已有\s*\d+\s*人[购購][买買]\s*)?本主[题題]需向作者支付\s*\d+.{1,20}才能[浏瀏][览覽].*"
    ),
    first=("购", "購", "已有", "本主"),
)

_STATES: tuple[tuple[re.Pattern[str], Status, NoticeKind], ...] = (
    (re.compile(r"提示[:：]作者被禁止或[删刪]除[内內]容自[动動]屏蔽"), "author_banned", "author_banned"),
    (re.compile(r"提示[:：][该該]帖被管理[员員]或版主屏蔽"), "shielded", "shielded"),
    (re.compile(r"此帖[仅僅]作者可[见見]"), "author_only", "author_only"),
    (re.compile(r"本帖[为為]密[码碼]帖，[请請][输輸]入密[码碼](?:提交)?"), "password", "password"),
)
"""Sentences of the forum in place of a body."""
_staff_note = re.compile(r"，只有管理[员員](?:或有管理[权權]限的成[员員])?可[见見]")

_TO_YOU = r"(?:游客|遊客|^[^\s:：，。]{1,40})，"
_hidden: tuple[tuple[re.Pattern[str], NoticeKind], ...] = (
    (re.compile(rf"{_TO_YOU}如果您要查看本帖[隐隱]藏[内內]容[请請]\s*回[复復覆]"), "reply_to_view"),
    (
        re.compile(
            rf"(?:{_TO_YOU}本帖[隐隱]藏的|以下)[内內]容需要[积積]分高[于於]\s*\d+\s*才可[浏瀏][览覽]"
            r"(?:，您[当當]前[积積]分[为為]\s*-?\d+)?"
        ),
        "credits_to_view",
    ),
)
_no_words = re.compile(
    r"登[录錄]/[注註][册冊][后後]可看大[图圖]|如果[无無]法播放，[请請][点點][击擊]此[处處]在新窗口打[开開]"
    r"|(?:^|(?<=[:：]))本帖[隐隱]藏的[内內]容[:：]?"
)
"""Labels that the forum set into a line."""
_SIGNS = "看览覽播帖"  # one of them is in each of these sentences
_copy_code = re.compile(r"\s*(?:复制代码|複製代碼)$")


@dataclass(slots=True)
class Body:
    """The lines of a body, and what the parts that were taken away told."""

    lines: list[Line]
    clock: Clock
    status: Status = "normal"
    notices: list[Notice] = field(default_factory=list)
    edit: Edit | None = None
    quote: Quote | None = None
    moderation: Moderation | None = None
    tags: tuple[str, ...] = ()
    special: Special | None = None

    def text(self) -> str:
        """The words that are left, with one blank line where the text has some."""
        return "".join(("\n\n" if line.gap else "\n") + line.text for line in self.lines).lstrip("\n")

    def line(self, index: int) -> str:
        """The words of a line; "" where there is none."""
        return self.lines[index].text if -len(self.lines) <= index < len(self.lines) else ""

    def take(self, start: int, size: int) -> str:
        """Take lines away; gives their words."""
        words = joined(self.lines[start : start + size])
        del self.lines[start : start + size]
        return words

    def take_notice(self, kind: NoticeKind, start: int, size: int) -> None:
        """Take lines away that are a notice."""
        self.notices.append(Notice(kind=kind, text=self.take(start, size)))


def cut_lead(body: Body) -> None:
    """What stands before the author's first word."""
    body.take(0, _reply_credit.size(body.lines))
    if size := _price.size(body.lines):
        body.take_notice("paid", 0, size)
    if matches(_guest_tip, body.line(0)):
        body.take_notice("login_to_view", 0, 1)
        body.take(0, _login_to_see.size(body.lines))
        if body.line(0) in ("x", "×"):
            body.take(0, 1)
    if edited := _edited.pattern.fullmatch(body.take(0, _edited.size(body.lines))):
        body.edit = Edit(by=edited["by"], at=body.clock.read(edited["at"]))


def cut_box_of_files(body: Body) -> None:
    """Below a body stands a box that tells only members may see its files."""
    box = _more_inside.find(body.lines)
    if box is not None and _login_to_see.size(body.lines, box + 1):
        size = 1 + _login_to_see.size(body.lines, box + 1)
        body.take_notice("attachments_hidden", box, size)
        del body.lines[box:]


def read_state(body: Body) -> bool:
    """Whether a sentence of the forum stands where the body should; then nothing of it is readable."""
    for size in (1, 2):
        words = compact(body.lines[:size])[:LONGEST]
        for pattern, status, kind in _STATES:
            found = pattern.match(words)
            if found is None:
                continue
            if found.end() == len(words):
                body.take_notice(kind, 0, size)
                body.status = status
                body.lines.clear()
                return True
            if _staff_note.fullmatch(words, found.end()):
                body.take_notice(kind, 0, size)
                return False
    return False


def cut_notices(body: Body) -> None:
    """Take sentences of the forum out of the text: what is to be paid, what is hidden."""
    pay = _must_pay.find(body.lines)
    if pay is not None:
        body.take_notice("paid", pay, _must_pay.size(body.lines, pay))
        body.status = "paid"
    body.lines = [Line(text, line.gap) for line in body.lines if (text := _own_words(line.text, body.notices))]


def _own_words(text: str, notices: list[Notice]) -> str:
    text = _copy_code.sub("", text) if text.endswith(("代码", "代碼")) else text
    if len(text) > LONGEST or not any(sign in text for sign in _SIGNS):
        return text
    for pattern, kind in _hidden:
        if found := pattern.search(text):
            notices.append(Notice(kind=kind, text=found.group()))
            text = text[: found.start()] + text[found.end() :]
    return _no_words.sub("", text).strip()
