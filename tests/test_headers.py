"""What the client says of itself, and how long a server asks it to wait."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discuz_scrape import __version__
from discuz_scrape.fetch._headers import headers, user_agent
from discuz_scrape.fetch._retry_after import retry_after

NOW = datetime(2024, 3, 18, 12, 0, 0, tzinfo=UTC)

# The words that Discuz! X3.4 looks for in a User-Agent, in lower case. Those of robots count where no browser is named,
# or where a link is in it; those of phones unless one of a tablet is there.
ROBOTS = "bot, crawl, spider, slurp, sohu-search, lycos, robozilla"
BROWSERS = "msie, netscape, opera, konqueror, mozilla"
TABLETS = "pad, gt-p1000"
PHONES = (
    "176x220, 240x320, 320x320, ^lct, alcatel, amoi, android, benq, bird, blackberry, blazer, bunjalloo, cldc, "
    "coolpad, docomo, dopod, ericsson, foma, gionee, haier, helio, hiptop, hosin, huawei, iemobile, iphone, "
    "java, jig browser, ktouch, longcos, maui, meizu, midp, mobile, motorola, netfront, nexian, nokia, "
    "novarra, opera mini, opera mobi, palmsource, pantech, philips, phone, pieplus, portalmmm, sagem, samsung, "
    "series, smartphone, sony, spice, symbian, techfaith, ucweb, up.browser, up.link, wap, webos, wellcom, "
    "windows ce, windows phone, xda, zte-"
)
OLD_PHONES = (
    "alcatel, amoi, benq, bird, capitel, cect, compal, ctl, daxian, dbtel, dopod, eastcom, ericsson, haier, "
    "kejian, konka, lenovo, lg, mot, nec, nokia, panasonic, panda, pantech, philips, sagem, sed, sgh, sharp, "
    "sonyericsson, soutec, tcl, zte"
)


def few(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, derandomize=True, database=None)


# --- User-Agent


def test_the_user_agent_names_the_library_and_its_version() -> None:
    assert user_agent().endswith(f" discuz_scrape/{__version__}")


@pytest.mark.parametrize("words", [ROBOTS, PHONES, OLD_PHONES, TABLETS, "http, +, @"])
def test_the_user_agent_has_no_word_that_switches_discuz_to_another_template(words: str) -> None:
    assert [word for word in words.split(", ") if word in user_agent().lower()] == []


def test_the_user_agent_is_that_of_a_browser_to_discuz() -> None:
    assert any(word in user_agent().lower() for word in BROWSERS.split(", "))


# --- headers


def test_pages_are_asked_for_in_chinese_first() -> None:
    ours = headers()
    assert list(ours) == ["User-Agent", "Accept", "Accept-Language"]
    assert ours["User-Agent"] == user_agent()
    assert ours["Accept"].startswith("text/html,")
    assert ours["Accept-Language"].startswith("zh")


def test_no_word_in_the_headers_says_phone() -> None:
    assert "wap" not in "".join(headers().values()).lower()


@pytest.mark.parametrize("own", ["curl/8.5", "Mozilla/5.0 (iPhone) bot +http://archiv.example/ é", ""])
def test_the_callers_own_user_agent_is_taken_as_it_is(own: str) -> None:
    assert headers(own)["User-Agent"] == own


def test_what_the_caller_adds_goes_before_ours_in_whatever_case() -> None:
    sent = headers("mine/1", {"accept-language": "en", "USER-AGENT": "other/2", "Referer": "https://bbs.example/"})
    assert sent == {
        "Accept": headers()["Accept"], "accept-language": "en", "USER-AGENT": "other/2",
        "Referer": "https://bbs.example/",
    }  # fmt: skip
    assert headers(None, {"X-A": "1", "x-a": "2"})["x-a"] == "2"


def test_blanks_around_a_value_are_left_out() -> None:
    assert headers(None, {"Cookie": " a=1\t"})["Cookie"] == "a=1"


@pytest.mark.parametrize(
    "value", ["geheim\r\nX: 1", "geheim\n", "geheim\r", "ge\0heim", "ge\x1bheim", "geheim\x7f", "geheim的"]
)
@pytest.mark.parametrize("name", ["Cookie", "authorization", "X-Token"])
def test_a_value_that_cannot_be_sent_is_refused_by_its_name_alone(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"the header {name} has") as caught:
        headers(None, {name: value})
    assert "geheim" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("own", ["a\nb", "青石/1"])
def test_a_user_agent_that_cannot_be_sent_is_refused(own: str) -> None:
    with pytest.raises(ValueError, match="the header User-Agent has"):
        headers(own)


@pytest.mark.parametrize("name", ["", "X A", "X:", "X\r\nY", "Ключ", "X" * 101])
def test_a_name_that_cannot_be_sent_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a name of a header"):
        headers(None, {name: "1"})


@few(300)
@given(st.text(max_size=20), st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3))
def test_any_headers_can_be_sent_or_raise_a_value_error(own: str, extra: dict[str, str]) -> None:
    try:
        sent = headers(own, extra)
    except ValueError:
        return
    for name, value in sent.items():
        assert name.isascii()
        assert not set(name + value) & set("\r\n\0")
        assert value.encode("latin-1") == value.strip(" \t").encode("latin-1")


# --- Retry-After


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("1.5", 1.5),
        ("99999999999", 99999999999),
        ("9" * 400, math.inf),
        ("Mon, 18 Mar 2024 12:02:00 GMT", 120),
        ("Monday, 18-Mar-24 12:02:00 GMT", 120),
        ("Mon Mar 18 12:02:00 2024", 120),
        ("Mon, 18 Mar 2024 20:02:00 +0800", 120),
        ("Mon, 18 Mar 2024 11:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC) - NOW).total_seconds()),
    ],
)
def test_seconds_and_dates_are_read_and_never_below_zero(value: str, seconds: float) -> None:
    assert retry_after(value, None, NOW) == seconds


@pytest.mark.parametrize(
    "value",
    [
        None, "", " ", "-5", "+5", "1e3", "0x10", "５", "1,5", "5 s", "soon", "nan", "inf",
        "Mon, 99 Mar 2024 12:00:00 GMT",
        "Mon, 18 Mar 2024 12:00:00 +9999", "Mon, 18 Mar 99999 12:00:00 GMT", "1" * 1001, "Mon, " * 500, "\0", ",", "()",
    ],
)  # fmt: skip
def test_nonsense_says_nothing(value: str | None) -> None:
    assert retry_after(value, None, NOW) is None


def test_a_date_is_measured_by_the_clock_of_the_server_that_wrote_it() -> None:
    late = "Mon, 18 Mar 2030 12:00:30 GMT"
    assert retry_after(late, "Mon, 18 Mar 2030 12:00:00 GMT", NOW) == 30
    assert retry_after("30", "Mon, 18 Mar 2030 12:00:00 GMT", NOW) == 30


@pytest.mark.parametrize("date", [None, "", "yesterday", "Mon, 99 Mar 2024 12:00:00 GMT", "Mon, " * 500])
def test_without_that_clock_a_date_is_measured_by_ours(date: str | None) -> None:
    here = NOW.astimezone(timezone(timedelta(hours=8)))
    assert retry_after("Mon, 18 Mar 2024 12:00:30 GMT", date, here) == 30


DATES = st.one_of(
    st.text(max_size=40),
    st.builds("{}, {} {} {} {}:{}:{} {}".format, st.sampled_from(["Mon", "x", ""]), st.integers(-1, 40),
              st.sampled_from(["Mar", "Foo"]), st.integers(-1, 100_000), st.integers(-1, 99), st.integers(-1, 99),
              st.integers(-1, 99), st.one_of(st.sampled_from(["GMT", "EST", ""]), st.integers(-99_999, 99_999))),
)  # fmt: skip


@few(600)
@given(DATES, DATES)
def test_any_value_is_a_wait_or_nothing(value: str, date: str) -> None:
    wait = retry_after(value, date, NOW)
    assert wait is None or wait >= 0
