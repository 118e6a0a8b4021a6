"""Values in answers of the JSON API: numbers come as strings, lists as objects, and what is empty may be missing."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Any

from discuz_scrape._dates import Clock
from discuz_scrape._html import one_line, text_of
from discuz_scrape._prose import content_of
from discuz_scrape._source import Source

__all__ = [
    "moment", "number", "positive", "printed", "record", "records", "site", "starter", "text", "told_clock", "values",
]  # fmt: skip

_INTEGER = re.compile(r"-?[0-9]{1,18}").fullmatch
_SMALL = {str(small): small for small in range(100)}  # faster than int()
_TIME = re.compile(r"\d[:：]\d\d").search
_TITLE = re.compile(r"<span\s[^<>]{0,200}?\btitle=\"([^<>\"]{1,100})\"").match
_BEGIN, _END = 631_152_000, 4_133_980_800  # 1990 and 2101, as for times that are printed
_QUARTER = 900  # seconds: offsets of zones are quarters of hours
_MOST_OFFSET = 14 * 3_600
_CLOCKS = tuple(Clock(UTC, None, order) for order in (None, "dmy", "mdy"))

Record = dict[str, Any]


def record(value: object) -> Record:
    """An object; an empty one comes as a list."""
    return value if isinstance(value, dict) else {}


def values(value: object) -> Iterable[object]:
    """What a list holds, also where it comes as an object with numbers for keys."""
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def records(value: object) -> list[Record]:
    """The objects of a list."""
    return [each for each in values(value) if isinstance(each, dict)]


def number(value: object) -> int | None:
    """A whole number."""
    if isinstance(value, str):
        if (small := _SMALL.get(value)) is not None:
            return small
        if value.isdecimal() and value.isascii() and len(value) < 19:  # as nearly all are
            return int(value)
        return int(value) if _INTEGER(value) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18 else None


def positive(value: object) -> int | None:
    """A number above 0: where 0 says that there is none."""
    found = number(value)
    return found if found is not None and found > 0 else None


def text(value: object) -> str | None:
    """Plain words, in one line, of a value that is written as HTML."""
    if isinstance(value, str):
        if value.isalnum():  # as most names are
            return value
        if "<" in value:
            return one_line(text_of(content_of(value.replace("<br", " <br"))))
        return one_line(html.unescape(value) if "&" in value else value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def moment(value: object, offset: tzinfo) -> datetime | None:
    """A time that is told in seconds since 1970."""
    seconds = number(value)
    return datetime.fromtimestamp(seconds, offset) if seconds is not None and _BEGIN <= seconds < _END else None


def printed(value: object) -> str | None:
    """A time as it is printed: what is relative has its moment in a title, as on pages."""
    found = _TITLE(value) if isinstance(value, str) and value.startswith("<") else None
    return text(found[1] if found is not None else value)


def told_clock(clock: Clock, rows: Iterable[Record]) -> Clock | None:
    """The clock that the rows tell: each has its time in seconds and in print; None where all is relative."""
    for row in rows:
        seconds, words = number(row.get("dbdateline")), printed(row.get("dateline"))
        if seconds is None or words is None or not (_BEGIN <= seconds < _END and _TIME(words)):
            continue
        if clock.order is None and isinstance(clock.offset, timezone) and words == _stock(seconds, clock.offset):
            return clock
        for reader in _CLOCKS:
            read = reader.read(words)
            if read is None:
                continue
            ahead = int(read.timestamp()) - seconds
            offset = round(ahead / _QUARTER) * _QUARTER
            if abs(ahead - offset) < 60 and abs(offset) <= _MOST_OFFSET:
                return Clock(_zone(offset), clock.now, reader.order)
    return None


def _stock(seconds: int, offset: tzinfo) -> str:
    """A time as it is printed in the stock format."""
    at = datetime.fromtimestamp(seconds, offset)
    return f"{at.year}-{at.month}-{at.day} {at.hour:02}:{at.minute:02}:{at.second:02}"


@cache
def _zone(offset: int) -> tzinfo:
    return timezone(timedelta(seconds=offset))


def starter(row: Record) -> Record | None:
    """Who started a thread; one who hides has no number, and no name but the forum's word for that."""
    if "author" not in row:
        return None
    name = text(row["author"])
    if name is None or number(row.get("authorid")) == 0:
        return {"kind": "anonymous", "anonymous": True}
    return {"name": name, "uid": positive(row.get("authorid"))}


def site(page: Source, data: Record) -> Record:
    """The record of the forum, which an answer hardly speaks of."""
    return {**page.site(), "viewer_uid": number(data.get("member_uid"))}
