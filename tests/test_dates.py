from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from discuz_scrape._dates import Clock, DayOrder, day_order, read_footer

BEIJING = timezone(timedelta(hours=8))
NOW = datetime(2024, 3, 10, 15, 30, tzinfo=BEIJING)


def shown(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else None


ABSOLUTE = [
    ("2023-6-5 10:05:09", "2023-06-05 10:05:09"),
    ("2023-06-05 10:05:09", "2023-06-05 10:05:09"),
    ("2023-6-5 10:05", "2023-06-05 10:05:00"),
    ("2023-6-5 9:05", "2023-06-05 09:05:00"),
    ("发表于 2023-6-5 10:05:09", "2023-06-05 10:05:09"),
    ("發表於 2023-6-5 10:05:09", "2023-06-05 10:05:09"),
    ("发表于：\n 2023-6-5\xa010:05:09 \n", "2023-06-05 10:05:09"),
    ("发表于 2023-6-5 10:05:09 · 海边", "2023-06-05 10:05:09"),
    ("本帖最后由 梧桐 于 2023-6-5 10:05 编辑", "2023-06-05 10:05:00"),
    ("2023/6/5 10:05:09", "2023-06-05 10:05:09"),
    ("2023.06.05 10:05:09", "2023-06-05 10:05:09"),
    ("2023年6月5日 10:05:09", "2023-06-05 10:05:09"),
    ("2023年06月05日10:05", "2023-06-05 10:05:00"),
    ("2023年6月5日 10时05分09秒", "2023-06-05 10:05:09"),
    ("2023年6月5日 星期一 10:05", "2023-06-05 10:05:00"),
    ("2023-06-05T10:05:09", "2023-06-05 10:05:09"),
    ("2023-06-05T10:05:09Z", "2023-06-05 18:05:09"),
    ("2023-06-05T10:05:09-04:00", "2023-06-05 22:05:09"),
    ("2023/6/5 01:39 PM", "2023-06-05 13:39:00"),
    ("2023-6-5 01:39:07 pm", "2023-06-05 13:39:07"),
    ("2023-6-5 AM 10:05", "2023-06-05 10:05:00"),
    ("2023-6-5 上午 10:05", "2023-06-05 10:05:00"),
    ("2023年6月5日 下午1:05", "2023-06-05 13:05:00"),
    ("2023-6-5 12:05 AM", "2023-06-05 00:05:00"),
    ("2023-6-5 12:05 PM", "2023-06-05 12:05:00"),
    ("2023-6-5 13:05 PM", "2023-06-05 13:05:00"),
    ("2023-6-5", "2023-06-05 00:00:00"),
    ("2024-2-29 00:00", "2024-02-29 00:00:00"),
    ("21-11-2026 13:39", "2026-11-21 13:39:00"),
    ("21/11/2026 01:39 PM", "2026-11-21 13:39:00"),
    ("11/21/2026 13:39", "2026-11-21 13:39:00"),
    ("4.4.2026 13:39", "2026-04-04 13:39:00"),
    ("Jun 5, 2023 10:05", "2023-06-05 10:05:00"),
    ("June 5th, 2023, 1:05 pm", "2023-06-05 13:05:00"),
    ("5 Jun 2023", "2023-06-05 00:00:00"),
    ("05-Sep-2023 10:05", "2023-09-05 10:05:00"),
    ("Mon, 5 June 2023 10:05:09", "2023-06-05 10:05:09"),
    ("٢٠٢٣-٦-٥ ١٠:٠٥", "2023-06-05 10:05:00"),
    ("2023-6-5 10:05:09, 昨天 08:00", "2023-06-05 10:05:09"),
]


@pytest.mark.parametrize(("text", "expected"), ABSOLUTE)
def test_absolute_times_are_read_in_the_offset_of_the_page(text: str, expected: str) -> None:
    moment = Clock(BEIJING).read(text)
    assert shown(moment) == expected
    assert moment is not None
    assert moment.tzinfo is BEIJING


RELATIVE = [
    ("刚刚", "2024-03-10 15:30:00"),
    ("剛剛", "2024-03-10 15:30:00"),
    ("40\xa0秒前", "2024-03-10 15:29:20"),
    ("40 秒前", "2024-03-10 15:29:20"),
    ("12\xa0分钟前", "2024-03-10 15:18:00"),
    ("12分鐘前", "2024-03-10 15:18:00"),
    ("半小时前", "2024-03-10 15:00:00"),
    ("半小時前", "2024-03-10 15:00:00"),
    ("发表于 3\xa0小时前", "2024-03-10 12:30:00"),
    ("3 小時前", "2024-03-10 12:30:00"),
    ("3 个小时前", "2024-03-10 12:30:00"),
    ("今天 08:15", "2024-03-10 08:15:00"),
    ("昨天\xa023:59", "2024-03-09 23:59:00"),
    ("昨天 10:05 AM", "2024-03-09 10:05:00"),
    ("昨天 下午 1:05", "2024-03-09 13:05:00"),
    ("前天 00:10", "2024-03-08 00:10:00"),
    ("5\xa0天前", "2024-03-05 15:30:00"),
    ("10 天前", "2024-02-29 15:30:00"),
    ("٥ 天前", "2024-03-05 15:30:00"),
]


@pytest.mark.parametrize(("text", "expected"), RELATIVE)
def test_relative_times_count_back_from_now(text: str, expected: str) -> None:
    assert shown(Clock(BEIJING, NOW).read(text)) == expected


@pytest.mark.parametrize(("text", "_expected"), RELATIVE)
def test_relative_times_without_now_are_none(text: str, _expected: str) -> None:
    assert Clock(BEIJING).read(text) is None


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["2023-6-5"],
        ["2023-6-5", "2023-6-5 9:05", "2023-06-05 10:05:09", "2023-2-30"],
        ["2023-6-5", "昨天 10:05", "2023/6/5 10:05", "", "?"],
        ["2023-6-5\n2023-6-6", "?"],
    ],
)
def test_many_times_are_read_as_one_by_one(texts: list[str]) -> None:
    clock = Clock(BEIJING, NOW)
    assert clock.read_all(texts) == [clock.read(text) for text in texts]


def test_days_of_relative_times_are_those_of_the_page() -> None:
    late_in_utc = datetime(2024, 3, 9, 20, 0, tzinfo=UTC)  # already the 10th in Beijing
    assert shown(Clock(BEIJING, late_in_utc).read("昨天 10:05")) == "2024-03-09 10:05:00"
    assert shown(Clock(BEIJING, late_in_utc).read("2 小时前")) == "2024-03-10 02:00:00"


def test_now_without_a_zone_is_a_clock_of_the_page() -> None:
    assert shown(Clock(BEIJING, NOW.replace(tzinfo=None)).read("2 小时前")) == "2024-03-10 13:30:00"


def test_hours_are_hours_across_a_change_to_summer_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    morning = datetime(2024, 3, 31, 4, 0, tzinfo=berlin)
    assert shown(Clock(berlin, morning).read("2 小时前")) == "2024-03-31 01:00:00"


NONE = [
    "",
    "发表于",
    "hace 3 días",
    "3 hours ago",
    "晚上 8 点",
    "昨天",
    "大前天 10:05",
    "昨天 25:10",
    "昨天 10:75",
    "昨天 13:05 AM",
    "23-6-5 10:05",
    "5-6-23 10:05",
    "2023-13-5 10:05",
    "2023-2-29 10:05",
    "2023-0-5 10:05",
    "2023-6-5 24:05",
    "2023-6-5 10:60:00",
    "2023-6-5 10:05:61",
    "2023-6-5 00:30 PM",
    "2023-6-5 晚上 8:05",
    "10:05 2023-6-5",
    "1970-1-1 08:00",
    "9999-12-31 10:05",
    "12023-6-5 10:05",
    "31/31/2026 10:05",
    "1.21.11.2026",
    "99999 天前",
    "2023-06-05T10:05:09+99:00",
    "Jux 5, 2023",
    "Feb 30, 2023",
    "²⁰²³-6-5 10:05",
]


@pytest.mark.parametrize("text", NONE)
def test_what_is_not_known_is_none(text: str) -> None:
    assert Clock(BEIJING, NOW).read(text) is None


def test_counting_back_beyond_the_first_year_is_none() -> None:
    early = datetime(1, 1, 1, tzinfo=UTC)
    for text in ("3 天前", "5 小时前", "昨天 10:05"):
        assert Clock(timezone(timedelta(hours=-8)), early).read(text) is None


@pytest.mark.parametrize(
    ("order", "expected"),
    [("dmy", "2026-04-03 10:05:00"), ("mdy", "2026-03-04 10:05:00"), (None, None)],
)
def test_an_ambiguous_date_follows_the_order_of_its_page(order: DayOrder | None, expected: str | None) -> None:
    assert shown(Clock(BEIJING, order=order).read("3-4-2026 10:05")) == expected


def test_a_number_above_twelve_beats_the_order_of_the_page() -> None:
    assert shown(Clock(BEIJING, order="mdy").read("21-4-2026 10:05")) == "2026-04-21 10:05:00"


@pytest.mark.parametrize(
    ("texts", "latest", "expected"),
    [
        (["3-4-2026 10:05", "21-4-2026 08:00"], None, "dmy"),
        (["3/4/2026", "4/21/2026 08:00"], None, "mdy"),
        (["21/4/2026", "4/21/2026"], None, None),
        (["3-4-2026"], None, None),
        (["4-4-2026"], NOW, None),
        (["2-9-2024"], NOW, "mdy"),
        (["9-2-2024"], NOW, "dmy"),
        (["9-2-2024", "2-9-2024"], NOW, None),
        (["9-9-2024"], NOW, None),
        (["3-2-2024"], NOW, None),
        (["21-2-2024", "2-9-2024"], NOW, "dmy"),
        (["2023-6-5 10:05", "昨天 10:05", ""], NOW, None),
        ([], None, None),
        (["31-31-2024"], None, None),
        (["2-9-2024"], datetime.max.replace(tzinfo=UTC), None),
    ],
)
def test_day_order_needs_evidence(texts: list[str], latest: datetime | None, expected: DayOrder | None) -> None:
    assert day_order(texts, latest) == expected


@pytest.mark.parametrize(
    ("text", "hours", "date"),
    [
        ("GMT+8, 2023-6-15 10:00", 8, "2023-6-15 10:00"),
        ('<p>GMT+8, 2023-6-15 10:00<span id="debuginfo">\n, 9 queries</span></p>', 8, "2023-6-15 10:00"),
        ("GMT-5, 2023-6-15 10:00, Processed in 0.02 second(s)", -5, "2023-6-15 10:00"),
        ("GMT+5.5, 2023/6/15 01:39 PM", 5.5, "2023/6/15 01:39 PM"),
        ("GMT-3.5, 15-6-2023 13:39", -3.5, "15-6-2023 13:39"),
        ("GMT+5:45, 2023-6-15 13:39", 5.75, "2023-6-15 13:39"),
        ("GMT +8, 2023-6-15 10:00", 8, "2023-6-15 10:00"),
        ("GMT, 2023-6-15 10:00", 0, "2023-6-15 10:00"),
        ("GMT+3, 2023-1-1 09:00 … GMT+8, 2023-6-15 10:00", 8, "2023-6-15 10:00"),
        ("GMT+8, 2023-6-15 10:00 … GMT+9", 8, "2023-6-15 10:00"),
        ("GMT+8, 2023-6-15 10:00 … GMT+99, 2023-1-1 09:00", 8, "2023-6-15 10:00"),
    ],
)
def test_the_footer_tells_offset_and_clock(text: str, hours: float, date: str) -> None:
    assert read_footer(text) == (timezone(timedelta(hours=hours)), date)
    assert read_footer("正文 " * 20_000 + text) == (timezone(timedelta(hours=hours)), date)


@pytest.mark.parametrize(
    "text",
    ["", "GMT+8", "GMT+8, soon", "GMT+15, 2023-6-15 10:00", "UTC", "GMT+8, 2023-6-15 10:00" + "." * 100_000],
)
def test_no_footer_is_none(text: str) -> None:
    assert read_footer(text) == (None, None)
