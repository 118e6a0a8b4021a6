"""Where posts begin: the date line of each, and the floor that stands above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from discuz_scrape._words import ANONYMOUS, STARTER
from discuz_scrape.flat._buttons import is_tools
from discuz_scrape.flat._chrome import DATE, POSTED
from discuz_scrape.flat._floors import Floor, read_floor
from discuz_scrape.flat._lines import LONGEST, Line, matches

_date_line = re.compile(
    rf"{POSTED}[:：]?\s*(?P<time>{DATE})(?:\s*[·•]\s*(?P<place>[^\s|·•]{{1,20}}))?(?P<tail>.*)", re.VERBOSE
)
_tail = re.compile(
    r"""(?:\s | \| | 只看[该該]作者 | [显顯]示全部[楼樓][层層] | [阅閱][读讀]模式 | [倒正]序[浏瀏][览覽] | 只看大[图圖]
        | 回帖[奖獎][励勵] | [来來]自[^\s|]{1,16}(?=\s*(?:\||$)) )*""",
    re.VERBOSE,
)
_client = re.compile(r"[来來]自[^\s|]{1,16}")
_starter = re.compile(r"(?:楼主|樓主)\s*\|\s*")
_between_floor_and_date = re.compile(
    r"\||(?:楼主|樓主)\s*\|?|匿名者?|游客|遊客|正方|反方|中立|支持\s*\d*|恭喜|(?:恭喜\s*)?[抢搶]中本[楼樓]|受到警告"
)
_deleted_floor = re.compile(r"[无無]效[楼樓][层層]，[该該]帖已[经經]被[删刪]除")

_LONGEST_NAME = 40
_HEAD_REACH = 8  # lines from a date line back to its floor
_TOOLS_REACH = 40  # lines from a date line without a floor back to the buttons of the post before


@dataclass(slots=True)
class Mark:
    """A post as its date line and its floor tell it; indexes are those of lines."""

    top: int
    """The first line of floor and date."""
    start: int
    """The first line of the body."""
    floor: Floor | None = None
    time: str | None = None
    place: str | None = None
    name: str | None = None
    """The author, where skins put that into the date line."""
    client: str | None = None
    anonymous: bool = False
    starter: bool = False
    has_tail: bool = False
    """Whether words of the forum follow the date: `只看该作者`."""
    deleted: bool = False


def find_marks(lines: Sequence[Line]) -> list[Mark]:
    """The posts of a page. Words that a body only tells of have no floor, or none of the buttons before them."""
    found = [mark for index in range(len(lines)) if (mark := _mark_at(lines, index))]
    has_floors = any(mark.floor for mark in found[:3])
    sure = [mark for mark in found if (mark.floor if has_floors else mark.has_tail)]
    marks = sure[:1]
    for mark in sure[1:]:
        start = marks[-1].start
        if mark.top >= start and (has_floors or _has_tools(lines[max(start, mark.top - _TOOLS_REACH) : mark.top])):
            marks.append(mark)
    return marks or found[:1]


def _has_tools(lines: Sequence[Line]) -> bool:
    return any(is_tools(line.text) for line in lines)


def _mark_at(lines: Sequence[Line], index: int) -> Mark | None:
    """The mark at a line, if that is one that may be a date line."""
    text = lines[index].text
    if len(text) > LONGEST:
        return None
    if _deleted_floor.fullmatch(text):
        floor = read_floor(lines[index - 1].text) if index else None
        return Mark(top=index - 1, start=index + 1, floor=floor, deleted=True) if floor else None
    found = _date_line.search(text) if "表" in text else None
    if found is None or _tail.fullmatch(found["tail"]) is None:
        return None
    mark = Mark(top=index, start=index + 1, time=found["time"], place=found["place"])
    _read_tail(mark, found["tail"], lines)
    if not _read_before(mark, text[: found.start()].strip()):
        return None
    _read_floor(mark, lines, index)
    return mark


def _read_tail(mark: Mark, tail: str, lines: Sequence[Line]) -> None:
    """Take the words after the date, on its own line and on the next ones."""
    while mark.start < len(lines) and matches(_tail, text := lines[mark.start].text):
        following = lines[mark.start + 1].text if mark.start + 1 < len(lines) else ""
        if _client.fullmatch(text) and not following.startswith("|"):
            break
        tail = f"{tail} {text}"
        mark.start += 1
    client = _client.search(tail)
    mark.client = client.group() if client else None
    mark.has_tail = tail.strip(" |") not in ("", mark.client or "")


def _read_before(mark: Mark, before: str) -> bool:
    """Take what stands before the word on its line; false for words that no date line has."""
    if starter := _starter.match(before):
        mark.starter = True
        before = before[starter.end() :]
    if before in ANONYMOUS:
        mark.anonymous = True
    elif before:
        mark.name = before
        return mark.has_tail and len(before) <= _LONGEST_NAME
    return True


def _read_floor(mark: Mark, lines: Sequence[Line], index: int) -> None:
    """Look for the floor above a date line; where the name stands in that line, one more name may be in between."""
    names = 0
    for above in range(index - 1, max(index - 1 - _HEAD_REACH, -1), -1):
        text = lines[above].text
        if text in STARTER and lines[above + 1].text.startswith("|"):
            mark.starter = True
            continue
        if floor := read_floor(text):
            mark.top, mark.floor = above, floor
            return
        if not matches(_between_floor_and_date, text):
            names += 1
            if names > 1 or not mark.has_tail or len(text) > _LONGEST_NAME:
                return
        mark.starter = mark.starter or _starter.fullmatch(text) is not None
        mark.anonymous = mark.anonymous or text in ANONYMOUS
