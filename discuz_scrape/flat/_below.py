"""What stands below the words of a body: remarks, ratings, the moderator's line, tags, boxes of special threads."""

from __future__ import annotations

import re

from discuz_scrape.flat._body import Body
from discuz_scrape.flat._chrome import DATE, POSTED
from discuz_scrape.flat._lines import LONGEST, MOST_PIECES, Row, joined, matches
from discuz_scrape.models import Moderation, Special

_rating_head = re.compile(r"[参參][与與]人[数數](?:\s*\d+.*)?")
_end_of_remarks = re.compile(
    rf"(?:.*\s)?{POSTED}\s*{DATE}(?:\s*IP:\S+)?(?:\s*[删刪]除)?|下一[页頁]|[删刪]除", re.VERBOSE
)
_moderated = re.compile(
    rf"本主[题題]由\s*(?P<by>.{{1,60}}?)\s*[于於]\s*(?P<at>{DATE})\s*(?P<action>\S.{{0,60}})", re.VERBOSE
)
_related = Row(re.compile(r"相[关關]帖子|本帖被以下淘[专專][辑輯]推[荐薦][:：]?"), first=("相", "本帖"))
_tags = re.compile(r"[^\s,，。！？!?：:；;、.]{1,30}(?:\s?, [^\s,，。！？!?：:；;、.]{1,30})+")

_boxes: tuple[tuple[Row, Special], ...] = (
    (Row(re.compile(r"[单單多][选選]投票(?:[\s:：(,]|$).*[人投].*"), ("单选", "單選", "多选", "多選")), "poll"),
    (Row(re.compile(rf"[结結]束[时時][间間][:：]\s*{DATE}\s*裁判[:：].*", re.VERBOSE), ("结束", "結束")), "debate"),
    (Row(re.compile(r"(?:[暂暫]未通[过過]|已通[过過])\s*\(\d+\s*人\)"), ("暂未", "暫未", "已通")), "activity"),
)
"""With these words begins the box below the first post."""
_reward = Row(re.compile(r"(?P<label>[悬懸][赏賞]\s*)?\d+\s*[^\d\s]{1,6}(?:\s*(?:未解[决決]|已解[决決]))?"))
_whole_answer = re.compile(r"查看完整[内內]容")
_activity = re.compile(r"活[动動][类類]型[:：].*")
_end_of_activity = re.compile(r"(?:[报報]名截止|剩[余餘]名[额額])[:：](?P<value>.*)")
_activity_buttons = re.compile(r"我要[参參]加|您的加入申[请請].*|取消[报報]名|[报報]名已[经經]?截止.*")
_activity_form = re.compile(r"留言|提交|留言\s*提交")
_goods = re.compile(r"商品[类類][型別别][:：].*")
_goods_time = re.compile(r"剩[余餘][时時][间間][:：].*")
_ACTIVITY_REACH = 24  # lines of its box


def cut_remarks(body: Body) -> None:
    """Remarks and ratings: their titles, and the shape of what follows to the end of the body."""
    for index in range(len(body.lines) - 2, -1, -1):
        if body.line(index) in ("评分", "評分") and matches(_rating_head, body.line(index + 1)):
            del body.lines[index:]
            break
    if not matches(_end_of_remarks, body.line(-1)):
        return
    for index in range(len(body.lines) - 3, -1, -1):
        if body.line(index) in ("点评", "點評"):
            del body.lines[index:]
            return


def cut_below(body: Body, *, first: bool) -> None:
    """Boxes of special threads, related threads, the moderator's line and tags."""
    if first:
        _cut_special(body)
    _cut_from(body, _related, start=1)
    for index in range(len(body.lines) - 1, max(len(body.lines) - MOST_PIECES, 0), -1):
        if moderated := _moderated.fullmatch(joined(body.lines[index:])[: LONGEST + 1]):
            at = body.clock.read(moderated["at"])
            body.moderation = Moderation(by=moderated["by"], at=at, action=moderated["action"])
            del body.lines[index:]
            break
    if first and len(body.lines) > 1 and matches(_tags, body.line(-1)):
        body.tags = tuple(re.split(r"\s*,\s*", body.lines.pop().text))


def _cut_from(body: Body, row: Row, start: int = 0) -> bool:
    at = row.find(body.lines, start)
    if at is not None:
        del body.lines[at:]
    return at is not None


def _cut_special(body: Body) -> None:
    """The box of a poll, reward, activity, debate or of goods, before or after the words of the first post."""
    for row, special in _boxes:
        if _cut_from(body, row):
            body.special = special
    if matches(_activity, body.line(0)):
        _cut_activity(body)
    _cut_reward(body)
    _cut_goods(body)


def _cut_activity(body: Body) -> None:
    size = 1
    for index in range(min(_ACTIVITY_REACH, len(body.lines))):
        if last := _end_of_activity.fullmatch(body.line(index)[:LONGEST]):
            size = index + (1 if last["value"].strip() else 2)
    while matches(_activity_buttons, body.line(size)):
        size += 1
    body.special = "activity"
    body.take(0, size)
    while matches(_activity_form, body.line(-1)):
        body.lines.pop()


def _cut_reward(body: Body) -> None:
    """The price before the question, and the best answer after it; without either it is no reward."""
    size = _reward.size(body.lines)
    if not size:
        return
    for index in range(len(body.lines) - 2):
        if body.line(index) == "最佳答案" and matches(_whole_answer, body.line(index + 2)):
            del body.lines[index:]
            break
    else:
        if body.line(-1) in ("我来回答", "我來回答"):
            body.lines.pop()
        elif not body.line(0).startswith(("悬赏", "懸賞")):
            return
    body.special = "reward"
    body.take(0, size)


def _cut_goods(body: Body) -> None:
    goods = next((index for index, line in enumerate(body.lines) if matches(_goods, line.text)), None)
    if goods is None or not any(matches(_goods_time, line.text) for line in body.lines[goods : goods + 4]):
        return
    body.special = "trade"
    del body.lines[max(0, goods - 1) :]
    if body.line(-1) in ("展开", "展開"):
        body.lines.pop()
