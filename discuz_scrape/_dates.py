"""Dates as Discuz prints them: absolute in any of its formats, or relative to the clock of the page.

A date is read or it is None; it is never guessed. Nothing here asks the computer for its clock or zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal

__all__ = ["DEFAULT_OFFSET", "Clock", "DayOrder", "day_order", "offset_text", "read_footer"]

DayOrder = Literal["dmy", "mdy"]

DEFAULT_OFFSET = timezone(timedelta(hours=8))
"""What an install of Discuz! begins with."""

_YEARS = {str(year): year for year in range(1990, 2101)}  # Discuz is younger; 1970 is a missing time
_NUMBERS = {text: number for number in range(60) for text in (str(number), f"{number:02}")}  # faster than int()
_NUMBERS[""] = 0  # a time of day that is not printed
_FOOTER_SHARE = 5  # the footer stands in the last fifth of a page
_FOOTER_LEAST = 8192  # characters, so that a short page is searched whole
_FOOTER_TRIES = 64

# What nearly every post has: `Y-n-j H:i:s`, alone or after its label; lists have the day only.
_DEFAULT_DATE = r"([0-9]{4})-([0-9]{1,2}+)-([0-9]{1,2}+)(?>(?: ([0-9]{1,2}+):([0-9]{2})(?>(?::([0-9]{2}))?))?)"
_DEFAULT = re.compile(rf"(?:[发發]表[于於] )?{_DEFAULT_DATE}").fullmatch
_DEFAULT_LINES = re.compile(rf"^{_DEFAULT_DATE}$", re.MULTILINE).findall

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_NTH = "(?:st|nd|rd|th)?"
_HALF = r"(?:[ap]\.?m\.?(?![a-z])|[上下]午)"  # of the day, on a 12-hour clock
_TIME = rf"""
    (?: (?P<half>{_HALF}) \s{{0,4}} )?
    (?<!\d) (?P<hour>\d\d?) \s?[:：时時点點]\s? (?P<minute>\d\d) (?!\d)
    (?: \s?[:：分]\s? (?P<second>\d\d) (?!\d) (?:\.\d+)? | \s?分 )? (?:\s?秒(?!前))?
    (?: \s{{0,4}} (?P<half_after>{_HALF}) | (?P<zone>z (?![a-z]) | [+-]\d\d:?\d\d) )?
"""
_YEAR_LAST = r"(?<!\d)(?<!\d[-/.])(?P<first>\d\d?)(?P<mark>[-/.])(?P<middle>\d\d?)(?P=mark)(?P<year_last>\d{4})(?!\d)"
_DATE = rf"""
    (?<!\d) (?P<year>\d{{4}}) (?: (?P<sep>[-/.]) (?P<month>\d\d?) (?P=sep) (?P<day>\d\d?) (?!\d)
        | \s?年\s? (?P<month_cn>\d\d?) \s?月\s? (?P<day_cn>\d\d?) \s?[日号號] )
    | {_YEAR_LAST}
    | (?<![a-z]) (?P<month_en>{_MONTH}) [\s-]? (?P<day_en>\d\d?) {_NTH} [,\s-]{{1,2}} (?P<year_en>\d{{4}}) (?!\d)
    | (?<!\d) (?P<day_uk>\d\d?) {_NTH} [\s/-]? (?P<month_uk>{_MONTH}) [,\s/-]{{1,2}} (?P<year_uk>\d{{4}}) (?!\d)
"""
_WEEKDAY = r"\(?(?:(?:星期|[周週])[一二三四五六日天]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)\)?"
_FLAGS = re.VERBOSE | re.IGNORECASE
_ABSOLUTE = rf"(?:{_DATE}) (?: \s{{0,4}} (?:{_WEEKDAY}\s{{0,4}})? (?:(?:at\b|[t,，])\s{{0,4}})? {_TIME} )?"
_absolute = re.compile(_ABSOLUTE, _FLAGS)
_year_last = re.compile(_YEAR_LAST)
_a_time = re.compile(r"\d[:：]\d\d")

_DAYS_BACK = {"今": 0, "昨": 1, "前": 2}
_UNITS = {"秒": "seconds", "分": "minutes", "小": "hours"}
_relative = re.compile(
    rf"""
    (?P<just>[刚剛][刚剛])
    | (?P<half_hour>半[个個]?小[时時]前)
    | (?<![\d.:-]) (?P<count>\d{{1,3}}) \s{{0,4}} [个個]? (?P<unit>秒|分[钟鐘]|小[时時]|天) 前
    | (?<!大) (?P<days_back>[今昨前])天 \s{{0,4}} {_TIME}
    """,
    _FLAGS,
)

_footer = re.compile(r"GMT(?:\s?([+-])\s?(\d{1,2})(?:\.(\d{1,2})|:(\d\d))?)?\s?,\s*(?:[现現]在[时時][间間]是\s*)?")


@dataclass(frozen=True, slots=True)
class Clock:
    """How the times of one page are to be read."""

    offset: tzinfo
    """Offset of all times of the page."""

    now: datetime | None = None
    """What relative times count from; without it they are None."""

    order: DayOrder | None = None
    """Order of day and month in dates that end with the year; None where it is not known."""

    def read(self, text: str) -> datetime | None:
        """Read the first date in `text`; None where there is none, or where it would be a guess.

        A date without a time of day is its midnight. Of the relative times only those that name a time of day
        (`昨天 10:05`) are exact: `3 小时前` is now minus three hours, `4 天前` this time of day four days ago.
        """
        text = text.strip()
        plain = _DEFAULT(text)
        return self.read_default(*plain.groups("0")) if plain is not None else self.find(text)[0]

    def read_all(self, texts: Sequence[str]) -> list[datetime | None]:
        """The same for many texts, faster where each is nothing but a date in the default format."""
        lines = "\n".join(texts)
        plain = _DEFAULT_LINES(lines)
        if len(plain) == len(texts) == lines.count("\n") + 1:
            return [self.read_default(*numbers) for numbers in plain]
        return [self.read(text) for text in texts]

    def find(self, text: str) -> tuple[datetime | None, int, int]:
        """Read the first date in `text`, and tell where it begins and ends: at the end of the text if there is none."""
        plain = _DEFAULT(text)
        if plain is not None:
            return self.read_default(*plain.groups("0")), plain.start(1), plain.end()
        absolute, relative = _absolute.search(text), _relative.search(text)
        if relative is not None and (absolute is None or relative.start() < absolute.start()):
            return self._read_relative(relative), *relative.span()
        if absolute is not None:
            return self._read_absolute(absolute), *absolute.span()
        return None, len(text), len(text)

    def read_default(
        self, year: str, month: str, day: str, hour: str, minute: str, second: str = "0"
    ) -> datetime | None:
        """Read the numbers of a date that is printed in the stock format, `Y-n-j H:i:s`."""
        number = _NUMBERS
        try:
            return datetime(
                _YEARS[year], number[month], number[day], number[hour], number[minute], number[second], 0, self.offset
            )
        except (KeyError, ValueError):
            return None

    def _moment(self, year: int, month: int, day: int, hour: int, minute: int, second: int) -> datetime | None:
        try:
            return datetime(_YEARS[str(year)], month, day, hour, minute, second, 0, self.offset)
        except (KeyError, ValueError):
            return None

    def _read_absolute(self, found: re.Match[str]) -> datetime | None:
        day = _day(found, self.order)
        if day is None:
            return None
        if found["hour"] is None:
            nearby = found.string[max(0, found.start() - 12) : found.end() + 12]
            if _a_time.search(nearby):  # a time stands there in words that we do not know
                return None
            return self._moment(*day, 0, 0, 0)
        time = _time_of_day(found)
        moment = self._moment(*day, *time) if time else None
        if moment is None or found["zone"] is None:
            return moment
        zone = _iso_zone(found["zone"])
        return moment.replace(tzinfo=zone).astimezone(self.offset) if zone else None

    def _read_relative(self, found: re.Match[str]) -> datetime | None:
        if self.now is None:
            return None
        now = self.now if self.now.tzinfo else self.now.replace(tzinfo=self.offset)
        try:
            return self._count_back(found, now)
        except (OverflowError, ValueError):
            return None

    def _count_back(self, found: re.Match[str], now: datetime) -> datetime | None:
        today = now.astimezone(self.offset)
        if found["days_back"]:
            time = _time_of_day(found)
            day = today.date() - timedelta(days=_DAYS_BACK[found["days_back"]])
            return self._moment(day.year, day.month, day.day, *time) if time and not found["zone"] else None
        if found["unit"] == "天":
            return today - timedelta(days=int(found["count"]))
        if found["just"]:
            age = timedelta()
        elif found["half_hour"]:
            age = timedelta(minutes=30)
        else:
            age = timedelta(**{_UNITS[found["unit"][0]]: int(found["count"])})
        return (now.astimezone(UTC) - age).astimezone(self.offset)


def day_order(texts: Iterable[str], latest: datetime | None = None) -> DayOrder | None:
    """Whether day or month comes first in the dates of a page that end with the year; None without clear evidence.

    A number above 12 decides. Failing that, so does an order that would date something later than `latest`.
    """
    dates = [
        (int(found["first"]), int(found["middle"]), int(found["year_last"]))
        for text in texts
        for found in _year_last.finditer(text)
    ]
    seen: set[DayOrder] = set()
    for first, middle, _ in dates:
        if middle <= 12 < first <= 31:
            seen.add("dmy")
        elif first <= 12 < middle <= 31:
            seen.add("mdy")
    if not seen and latest is not None:
        seen = _orders_up_to(latest, dates)
    return seen.pop() if len(seen) == 1 else None


def _orders_up_to(latest: datetime, dates: list[tuple[int, int, int]]) -> set[DayOrder]:
    """Find the orders under which no date is later than `latest`."""
    limit = latest.date()
    if limit < date.max:
        limit += timedelta(days=1)  # `latest` may be told in another zone
    last = (limit.year, limit.month, limit.day)
    orders: set[DayOrder] = set()
    if all((year, middle, first) <= last for first, middle, year in dates):
        orders.add("dmy")
    if all((year, first, middle) <= last for first, middle, year in dates):
        orders.add("mdy")
    return orders


def read_footer(text: str) -> tuple[timezone | None, str | None]:
    """Offset and date text of a footer such as `GMT+8, 2023-6-15 10:00`, the last one in the tail of a page."""
    for found in _footers(text):
        moment = _absolute.match(text, found.end())
        offset = _footer_offset(found)
        if moment is not None and offset is not None:
            return offset, moment.group()
    return None, None


@lru_cache(maxsize=64)
def offset_text(zone: tzinfo, moment: datetime | None) -> str:
    """`+08:00`: the offset of a zone, at a moment where it changes over the year."""
    delta = zone.utcoffset(moment or datetime(2000, 1, 1)) or timedelta()  # noqa: DTZ001 - tzinfo wants it naive
    minutes = round(delta.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _footers(text: str) -> Iterator[re.Match[str]]:
    start, end = max(0, len(text) - max(len(text) // _FOOTER_SHARE, _FOOTER_LEAST)), len(text)
    for _ in range(_FOOTER_TRIES):
        end = text.rfind("GMT", start, end)
        if end < 0:
            return
        found = _footer.match(text, end)
        if found:
            yield found


def _footer_offset(found: re.Match[str]) -> timezone | None:
    sign, hours, decimals, minutes = found.groups()
    offset = timedelta(hours=float(f"{int(hours or 0)}.{decimals or 0}"), minutes=int(minutes or 0))
    if offset > timedelta(hours=14):
        return None
    return timezone(-offset if sign == "-" else offset)


def _day(found: re.Match[str], order: DayOrder | None) -> tuple[int, int, int] | None:
    """Year, month and day of an absolute date, unchecked."""
    if found["year"]:
        return int(found["year"]), int(found["month"] or found["month_cn"]), int(found["day"] or found["day_cn"])
    if found["month_en"]:
        return int(found["year_en"]), _month(found["month_en"]), int(found["day_en"])
    if found["month_uk"]:
        return int(found["year_uk"]), _month(found["month_uk"]), int(found["day_uk"])
    year, first, middle = int(found["year_last"]), int(found["first"]), int(found["middle"])
    if first > 12 or first == middle:
        return year, middle, first
    if middle > 12:
        return year, first, middle
    if order is None:
        return None
    return (year, middle, first) if order == "dmy" else (year, first, middle)


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _time_of_day(found: re.Match[str]) -> tuple[int, int, int] | None:
    """Hour (of 24), minute and second; None for an hour that the 12-hour clock does not have."""
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    half = found["half"] or found["half_after"]
    if half:
        afternoon = half[0] in "pP下"
        if hour > 12 or hour == 0:  # a 24-hour clock that prints AM and PM all the same
            return (hour, minute, second) if afternoon == (hour >= 12) else None
        hour = hour % 12 + 12 * afternoon
    return hour, minute, second


def _iso_zone(text: str) -> timezone | None:
    if text in "zZ":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    if offset > timedelta(hours=14):
        return None
    return timezone(-offset if text[0] == "-" else offset)
