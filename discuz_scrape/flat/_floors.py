"""Floors: how they are written (`沙发`, `5#`, `来自 12#`, `十二楼`), and those that a page leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from discuz_scrape._words import FLOOR_NAMES, RECOMMENDED

_number = re.compile(r"(?P<sticky>(?:顶\s*)?[来來]自\s*)?(?P<number>\d{1,7})\s*(?:[#＃楼樓层層F]|\^#)")
_in_words = re.compile(r"(?P<tens>[一二三四五六七八九]?十)?(?P<ones>[一二三四五六七八九])?[楼樓]")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_LONGEST = 20


class Floor(NamedTuple):
    """A floor as a page writes it."""

    number: int | None
    sticky: bool = False
    """Whether the reply was put on top of the page."""
    recommended: bool = False


def read_floor(text: str) -> Floor | None:
    """The floor that a line is."""
    if len(text) > _LONGEST:
        return None
    if text in FLOOR_NAMES:
        return Floor(FLOOR_NAMES[text])
    if found := _number.fullmatch(text):
        return Floor(int(found["number"]), sticky=found["sticky"] is not None)
    if (found := _in_words.fullmatch(text)) and len(text) > 1:
        tens = _DIGITS.get(found["tens"][0], 1) if found["tens"] else 0
        return Floor(tens * 10 + _DIGITS[found["ones"] or "零"])
    return Floor(None, recommended=True) if RECOMMENDED.fullmatch(text) else None


def infer_floors(shown: Iterable[Floor | None], page: int | None) -> list[tuple[int | None, bool]]:
    """Number of each floor, and whether it was inferred from the order of the page."""
    floors: list[tuple[int | None, bool]] = []
    for floor in shown:
        before = floors[-1][0] if floors else 0 if page == 1 else None
        if floor is not None:
            floors.append((floor.number, False))
        else:
            floors.append((before + 1, True) if before is not None else (None, False))
    return floors
