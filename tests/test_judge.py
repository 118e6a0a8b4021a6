"""What an answer is taken for: a page, a failure that another try may mend, or the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from forum import Forum, Request
from forum.answers import answer as given_by
from hypothesis import given
from hypothesis import strategies as st

from discuz_scrape import parse_page
from discuz_scrape.errors import (
    ChallengeError,
    DiscuzScrapeError,
    FetchError,
    LoginRequiredError,
    NotFoundError,
    ParseError,
    RateLimitedError,
    SiteClosedError,
    SiteFaultError,
)
from discuz_scrape.fetch._judge import check_whole, judge, judge_file, rendered_at, target_of
from discuz_scrape.fetch._policy import Transient
from discuz_scrape.fetch._steps import Answer
from discuz_scrape.models import Page

URL = "http://bbs.hewan.example/forum.php?mod=viewthread&tid=12"


def an_answer(kind: str = "", **options: Any) -> Answer:
    """What a forum answers that meets such a fault."""
    forum = Forum()
    forum.thread(12, posts=3)
    if kind:
        forum.fail(None, kind, **options)
    got = given_by(forum, Request("GET", "/forum.php?mod=viewthread&tid=12", {"host": "bbs.hewan.example"}))
    headers = tuple((name.lower(), value) for name, value in got.headers)
    return Answer(URL, got.status, headers, got.body, len(got.body))


def parse(answer: Answer) -> Page:
    return parse_page(answer.content, url=answer.url, content_type=answer.header("content-type"))


def verdict(answer: Answer) -> Exception | str:
    try:
        return judge(answer, parse).kind
    except (Transient, DiscuzScrapeError) as error:
        return error


def test_a_page_is_a_page() -> None:
    for kind in ("", "wrong_charset", "wrong_type"):
        assert verdict(an_answer(kind)) == "thread"


@pytest.mark.parametrize(
    ("kind", "options", "cause", "busy"),
    [
        ("busy", {}, FetchError, True),
        ("throttle", {}, FetchError, True),
        ("status", {"status": 408}, FetchError, True),
        ("status", {"status": 500, "body": ""}, FetchError, True),
        ("altered", {"status": 503}, FetchError, True),
        ("short", {}, FetchError, False),
        ("short", {"share": 0.01}, FetchError, False),
        ("empty", {}, FetchError, False),
        ("altered", {"body": " \r\n\t"}, FetchError, False),
        ("noise", {}, FetchError, False),
        ("flood", {}, RateLimitedError, True),
        ("search_interval", {}, RateLimitedError, True),
        ("system_error", {}, SiteFaultError, True),
        ("database_error", {"status": 500}, SiteFaultError, True),
    ],
)
def test_another_try_may_mend_it(kind: str, options: dict[str, Any], cause: type[Exception], *, busy: bool) -> None:
    found = verdict(an_answer(kind, **options))
    assert isinstance(found, Transient)
    assert (type(found.cause), found.busy) == (cause, busy)
    assert str(found) == str(found.cause)


@pytest.mark.parametrize(
    ("kind", "options", "error"),
    [
        ("cloudflare", {}, ChallengeError),
        ("cloudflare", {"status": 503}, ChallengeError),
        ("cloudflare", {"status": 429}, ChallengeError),
        ("sum", {}, ChallengeError),
        ("dsign", {}, ChallengeError),
        ("closed", {}, SiteClosedError),
        ("notice", {"text": "抱歉，指定的主题不存在", "status": 404}, NotFoundError),
        ("notice", {"text": "抱歉，您尚未登录，没有权限访问该版块", "login": True, "status": 403}, LoginRequiredError),
        ("status", {"status": 403}, FetchError),
        ("status", {"status": 404, "body": "gone"}, FetchError),
        ("altered", {"status": 410}, FetchError),
        ("altered", {"body": "<html><body>今天休息</body></html>"}, ParseError),
        ("altered", {"body": "今天休息，明天再来"}, ParseError),
    ],
)
def test_no_other_try_can_mend_it(kind: str, options: dict[str, Any], error: type[Exception]) -> None:
    found = verdict(an_answer(kind, **options))
    assert type(found) is error
    assert getattr(found, "url", None) == URL


@pytest.mark.parametrize(
    ("header", "kind", "options", "after"),
    [
        ("30", "busy", {}, 30),
        ("30", "search_interval", {"seconds": 15}, 30),
        (None, "search_interval", {"seconds": 15}, 15),
        (None, "busy", {}, None),
        ("0", "busy", {}, 0),
        ("-5", "busy", {}, None),
        ("soon", "busy", {}, None),
        ("9" * 1_001, "busy", {}, None),
        ("Mon, 20 May 2024 04:00:30 GMT", "busy", {}, 30),
        ("Mon, 20 May 2024 03:00:30 GMT", "busy", {}, 0),
        ("30", "short", {}, 30),
    ],
)
def test_what_was_asked_for_is_waited_for(
    header: str | None, kind: str, options: dict[str, Any], after: float | None
) -> None:
    answer = an_answer(kind, **options)
    added = [("retry-after", header)] if header is not None else []
    dated = Answer(
        answer.url,
        answer.status,
        (*answer.headers, ("date", "Mon, 20 May 2024 04:00:00 GMT"), *added),
        answer.content,
    )
    found = verdict(dated)
    assert isinstance(found, Transient)
    assert found.after == after


def test_the_end_of_a_page_is_looked_for_in_all_of_it() -> None:
    page = an_answer()
    late = page.content + b"<!-- " + b"x" * 10_000 + b" -->"
    assert verdict(Answer(URL, 200, page.headers, late)) == "thread"
    spaced = page.content.replace(b"</html>", b"</HTML \n>")
    assert verdict(Answer(URL, 200, page.headers, spaced)) == "thread"


def test_what_is_no_html_needs_no_end() -> None:
    check_whole(Answer(URL, 200, (("content-type", "text/xml"),), b"<?xml version='1.0'?><root>"))
    check_whole(Answer(URL, 200, (("content-type", "text/html"),), "没有了".encode("gbk")))


@given(st.binary(max_size=300), st.sampled_from([200, 204, 206, 404, 503]), st.text(max_size=30))
def test_whatever_comes_there_is_a_verdict(content: bytes, status: int, content_type: str) -> None:
    verdict(Answer(URL, status, (("content-type", content_type), ("retry-after", content_type)), content))


# --- Headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("thread-5-1-1.html", "http://bbs.hewan.example/thread-5-1-1.html"),
        ("/a b", "http://bbs.hewan.example/a%20b"),
        (" /a ", "http://bbs.hewan.example/a"),
        ("?x=山", "http://bbs.hewan.example/forum.php?x=%E5%B1%B1"),
        ("/a%E5#pid3", "http://bbs.hewan.example/a%E5"),
        ("//elsewhere.example/\r\nX: y", "http://elsewhere.example/%0D%0AX:%20y"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("http://河湾.example/山 水", "http://河湾.example/%E5%B1%B1%20%E6%B0%B4"),
        ("http://dukou.example\\@bbs.hewan.example/", "http://dukou.example%5C@bbs.hewan.example/"),
        ("", None),
    ],
)
def test_a_redirect_is_read_as_browsers_do(location: str, target: str | None) -> None:
    for status in (301, 302, 303, 307, 308):
        assert target_of(Answer(URL, status, (("location", location),), b"")) == target
    for status in (200, 201, 300, 304, 305, 306, 404):
        assert target_of(Answer(URL, status, (("location", location),), b"")) is None


def test_a_redirect_to_no_address_is_an_error_of_ours() -> None:
    with pytest.raises(FetchError, match="redirects to no address") as caught:
        target_of(Answer(URL, 302, (("location", "http://[::1" + "x" * 10_000),), b""))
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    "date",
    ["", "soon", "Mon, 99 May 2024 04:00:00 GMT", "9" * 5_000, "1 Jan 99999999999999 0:0", "31 Dec 9999 23:0:0 -1200"],
)
def test_a_date_that_is_none_is_passed_over(date: str) -> None:
    assert rendered_at(Answer(URL, 200, (("date", date),), b"")) is None
    assert rendered_at(Answer(URL, 200, (), b"")) is None


@pytest.mark.parametrize("zone", ["GMT", "-0000", "", "+0800"])
def test_the_clock_of_the_server_has_a_zone(zone: str) -> None:
    found = rendered_at(Answer(URL, 200, (("date", f"Mon, 20 May 2024 04:00:00 {zone}"),), b""))
    assert found is not None
    assert found.utcoffset() == timedelta(0)


# --- Files ------------------------------------------------------------------------------------------------------------


def judged(answer: Answer, content: bytes, read: Callable[[Answer], Page] = parse) -> BytesIO:
    file = BytesIO()
    file.write(content)
    judge_file(answer, file, read)
    return file


def test_a_file_is_what_is_not_called_a_page() -> None:
    message = an_answer("notice", text="抱歉，该附件无法读取").content
    for headers in ((("content-type", "image/jpeg"),), ()):
        assert judged(Answer(URL, 200, headers, b""), message).getvalue() == message


def test_a_page_of_somebody_else_is_a_file_too() -> None:
    page = b"<html><body>recipe</body></html>"
    file = judged(Answer(URL, 200, (("content-type", "text/html"),), b""), page)
    assert (file.getvalue(), file.tell()) == (page, len(page))


@pytest.mark.parametrize(
    ("kind", "options", "error"),
    [
        ("notice", {"text": "抱歉，该附件无法读取"}, NotFoundError),
        ("cloudflare", {}, ChallengeError),
        ("status", {"status": 404}, FetchError),
        ("busy", {}, Transient),
        ("flood", {}, Transient),
        ("", {}, FetchError),
    ],
)
def test_a_message_in_the_place_of_a_file_is_none(kind: str, options: dict[str, Any], error: type[Exception]) -> None:
    answer = an_answer(kind, **options)
    with pytest.raises(error):
        judged(Answer(URL, answer.status, answer.headers, b""), answer.content)


def test_a_page_of_a_forum_that_was_attached_is_a_file() -> None:
    page = an_answer()
    headers = (*page.headers, ("content-disposition", 'attachment; filename="thread.html"'))
    assert judged(Answer(URL, 200, headers, b""), page.content).getvalue() == page.content


def test_a_status_that_refuses_is_no_file_whatever_comes_with_it(tmp_path: Path) -> None:
    for status, error in ((403, FetchError), (503, Transient)):
        with (tmp_path / "draft").open("w+b") as file:
            file.write(b"GIF89a" + bytes(range(256)))
            with pytest.raises(error):
                judge_file(Answer(URL, status, (("content-type", "image/gif"),), b""), file, parse)


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("Fri, 01 Mar 2024 12:00:00 GMT", datetime(2024, 3, 1, 12, tzinfo=UTC)),
        ("Fri, 01 Mar 2024 20:00:00 +0800", datetime(2024, 3, 1, 12, tzinfo=UTC)),
        ("Fri, 31 Dec 9999 23:59:59 -2359", None),
        ("Tue, 99 Foo 99999 99:99:99 +9999", None),
        ("", None),
    ],
)
def test_clock_of_the_server_is_a_moment_or_nothing(date: str, moment: datetime | None) -> None:
    assert rendered_at(Answer("http://bbs.example.com/", 200, [("date", date)], b"")) == moment
