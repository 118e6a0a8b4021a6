"""What the client does, one thing at a time; that AsyncClient does the same stands in test_parity.py."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from clients import Time, Wire, run_at_once, thread_url
from forum import Forum, Site

from discuz_scrape import AsyncClient, Attachment, Client, Image, Thread, fetch_thread
from discuz_scrape.errors import (
    ChallengeError,
    FetchError,
    LoginRequiredError,
    NotFoundError,
    NoticeError,
    ParseError,
    RateLimitedError,
)

STOCK = {"user-agent", "accept", "accept-language", "accept-encoding", "connection", "host"}


@pytest.fixture
def forum() -> Forum:
    forum = Forum()
    forum.board()
    return forum


@pytest.fixture
def client(time: Time) -> Iterator[Client]:
    with Client(**time.options) as client:
        yield client


def thread_of(client: Client, site: Site, tid: int = 12) -> Thread:
    page = client.page(thread_url(site, tid))
    assert isinstance(page, Thread)
    return page


# --- What people use --------------------------------------------------------------------------------------------------


def test_one_line_fetches_a_thread(forum: Forum, site: Site, time: Time) -> None:
    thread = forum.thread(12, posts=25)
    read = fetch_thread(thread_url(site), start=2, **time.options, user_agent="tester/1")
    assert [post.pid for post in read.posts] == [post.pid for post in thread.posts[10:]]
    assert {request.headers["user-agent"] for request in site.log} == {"tester/1"}
    assert site.paths == ["/robots.txt", *(f"/forum.php?mod=viewthread&tid=12&page={page}" for page in (2, 3))]


def test_any_page_can_be_fetched(forum: Forum, site: Site, client: Client) -> None:
    forum.thread(12, posts=3)
    assert client.page(site.url).kind == "index"
    assert client.page(f"{site.url}forum.php?mod=forumdisplay&fid=2").kind == "board"
    with pytest.raises(NotFoundError) as caught:
        client.page(thread_url(site, 99))
    assert caught.value.url == thread_url(site, 99)


def test_the_walk_of_a_board_gives_its_pages_and_a_cursor(forum: Forum, site: Site, client: Client) -> None:
    for tid in range(1, 46):
        forum.thread(tid)
    url = f"{site.url}forum.php?mod=forumdisplay&fid=2"
    pages = client.pages(url)
    assert (pages.page, pages.total_pages) == (1, None)
    first = next(pages)
    assert (first.kind, pages.page, pages.total_pages) == ("board", 2, 3)
    rest = client.pages(url, state=json.loads(json.dumps(pages.state)))
    tids = [row.tid or 0 for page in (first, *rest) for row in page.threads]  # type: ignore[union-attr]
    assert sorted(tids) == [*range(1, 46)]
    assert list(pages)
    assert next(pages, None) is None


def test_the_words_for_a_page_are_the_caller_s(forum: Forum, site: Site, time: Time) -> None:
    forum.thread(12)
    with Client(**time.options, formats=("html", "markdown")) as client:
        post = thread_of(client, site).posts[0]
    assert post.body_html is not None
    assert post.body_markdown is not None


def test_a_site_with_addresses_of_its_own_form_is_read_by_rules(forum: Forum, site: Site, time: Time) -> None:
    forum.thread(12)
    moved = {"Location": thread_url(site)}
    forum.fail("topic/12", "altered", status=301, headers=moved)
    with Client(**time.options, rewrite="topic/{tid}/{page}", robots=False) as client:
        assert client.thread(f"{site.url}topic/12/1").tid == 12
    with Client(**time.options, rewrite=["topic/{tid}/{page}"], robots=False) as client:
        forum.fail("topic/12", "altered", status=301, headers=moved)
        assert client.thread(f"{site.url}topic/12/1").tid == 12


@pytest.mark.parametrize(
    "options",
    [
        {"interval": -1},
        {"interval": float("nan")},
        {"jitter": -0.1},
        {"attempts": 0},
        {"concurrency": 0},
        {"max_bytes": 0},
        {"timeout": -1},
        {"total_timeout": -1},
        {"formats": ["pdf"]},
        {"cookies": "no-such-file.txt"},
        {"headers": {"A b": "c"}},
        {"user_agent": "a\r\nb"},
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    for kind in (Client, AsyncClient):
        with pytest.raises(ValueError) as caught:
            kind(**options)
        assert str(caught.value)


def test_a_client_given_as_http_has_a_proxy_of_its_own_and_is_known() -> None:
    with httpx.Client() as http:
        for options in ({"proxy": "http://127.0.0.1:9"}, {"cache": "there"}):
            with pytest.raises(ValueError, match="set them up in the client given as http"):
                Client(http=http, **options)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="must be a client of httpx or httpx2"):
        Client(http=Forum())


class Own(httpx.Client):
    """A client of the caller's own making."""


@pytest.mark.parametrize("kind", [httpx.Client, httpx2.Client, Own])
def test_a_client_given_as_http_stays_open_and_keeps_the_cookies(
    kind: Any, forum: Forum, site: Site, time: Time, tmp_path: Path
) -> None:
    forum.member("阿青", "right")
    forum.members_only()
    forum.thread(12)
    with kind(cookies={"mine": "1"}) as http:
        with Client(http=http, cookies={"theirs": "2"}, **time.options) as client:
            client.login("阿青", "right")
            assert client.page(thread_url(site)).kind == "thread"
            client.save_cookies(tmp_path / "cookies.txt")
        assert not http.is_closed
        assert "qsq0_2132_auth" in [cookie.name for cookie in http.cookies.jar]
    assert site.log[-1].cookies.keys() >= {"theirs", "qsq0_2132_auth"}
    assert "qsq0_2132_auth" in (tmp_path / "cookies.txt").read_text()


def test_own_connections_are_closed_at_the_end(forum: Forum, site: Site, time: Time) -> None:
    forum.thread(12)
    with Client(**time.options) as client:
        client.page(thread_url(site))
    with pytest.raises(RuntimeError, match="closed"):
        client.page(thread_url(site))

    async def visit() -> None:
        async with AsyncClient(**time.options) as client:
            await client.page(thread_url(site))
        with pytest.raises(RuntimeError, match="closed"):
            await client.page(thread_url(site))

    asyncio.run(visit())
    client.close()


def test_connections_are_kept_for_the_next_request(forum: Forum, site: Site, client: Client) -> None:
    forum.thread(12, posts=95)
    client.thread(thread_url(site))
    assert (len(site.log), site.connections) == (11, 1)


def test_sleep_may_be_a_coroutine(forum: Forum) -> None:
    forum.thread(12, posts=25)
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def visit() -> None:
        wire = Wire(forum)
        async with wire.on_loop() as http, AsyncClient(http=http, clock=lambda: 0.0, sleep=sleep) as client:
            await client.thread("http://bbs.hewan.example/thread-12-1-1.html")

    run_at_once(visit())
    assert len(waits) == 3


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_server_that_closes_each_connection_is_read_as_well(forum: Forum, site: Site, time: Time, kind: str) -> None:
    forum.thread(12, posts=25)
    forum.fail(lambda _: True, "altered", times=None, headers={"Connection": "close"})

    async def visit() -> Thread:
        async with AsyncClient(**time.options) as client:
            return await client.thread(thread_url(site))

    if kind == "async":
        assert len(asyncio.run(visit()).posts) == 25
    else:
        assert len(fetch_thread(thread_url(site), **time.options).posts) == 25


def test_the_figures_add_up(forum: Forum, site: Site, client: Client, time: Time) -> None:
    forum.thread(12, posts=25)
    forum.fail("page=2", "busy", times=2)
    forum.fail("page=3", "gzip")
    client.thread(thread_url(site))
    stats = client.stats
    assert (stats.requests, stats.pages, stats.failures, stats.problems) == (6, 3, 2, [])
    assert stats.requests == len(site.log)
    assert stats.waited == pytest.approx(sum(time.waits))
    assert stats.bytes > 3 * 5_000


# --- What is sent -----------------------------------------------------------------------------------------------------


def test_a_plain_visitor_is_seen_who_says_his_name(forum: Forum, site: Site, client: Client) -> None:
    forum.thread(12)
    client.page(thread_url(site))
    for request in site.log:
        assert request.headers.keys() - {"cookie"} <= STOCK
        assert "discuz_scrape/" in request.headers["user-agent"]
        assert request.headers["accept-language"].startswith("zh-CN")


def test_headers_of_the_caller_s_go_first_and_along(forum: Forum, site: Site, time: Time) -> None:
    forum.thread(12)
    with Client(**time.options, headers={"Accept-Language": "zh-TW", "X-Reader": "阿".encode().hex()}) as client:
        client.page(thread_url(site))
    for request in site.log:
        assert (request.headers["accept-language"], request.headers["x-reader"]) == ("zh-TW", "e998bf")


@pytest.mark.parametrize("name", ["Cookie", "cookie"])
def test_a_cookie_header_of_the_caller_s_is_the_only_one(forum: Forum, site: Site, time: Time, name: str) -> None:
    forum.thread(12)
    with Client(**time.options, headers={name: "mine=1"}) as client:
        client.page(thread_url(site))
        client.page(thread_url(site))
    assert {request.headers["cookie"] for request in site.log} == {"mine=1"}


def test_the_fragment_stays_at_home(forum: Forum, site: Site, client: Client) -> None:
    forum.thread(12)
    forum.wall("touch")
    assert client.page(thread_url(site) + "#pid120001").kind == "thread"
    assert not any("pid120001" in path for path in site.paths)
    assert site.paths[-1].endswith("&mobile=no")


def test_who_asks_for_the_page_for_phones_gets_it(forum: Forum, site: Site, client: Client) -> None:
    forum.thread(12)
    forum.fail("tid=12$", "redirect", to=f"{thread_url(site)}&mobile=2")
    assert client.page(thread_url(site) + "&mobile=2").kind == "thread"
    assert client.page(f"{site.url}forum.php?tid=12&mod=viewthread&mobile=no").kind == "thread"


def test_a_forum_that_sends_all_to_the_page_for_phones_ends_in_an_error(
    forum: Forum, site: Site, client: Client
) -> None:
    forum.thread(12)
    forum.fail("tid=12", "redirect", times=None, to=f"{thread_url(site)}&mobile=2")
    with pytest.raises(FetchError, match="redirects more than 10 times"):
        client.page(thread_url(site))


# --- robots.txt -------------------------------------------------------------------------------------------------------


def test_robots_txt_is_asked_for_once_whatever_happens(forum: Forum, site: Site, client: Client) -> None:
    forum.thread(12, posts=25)
    forum.fail("robots.txt", "hangup")
    client.thread(thread_url(site))
    client.page(site.url)
    assert site.paths[:2] == ["/robots.txt"] * 2
    assert site.paths.count("/robots.txt") == 2


@pytest.mark.parametrize("kind", ["reset", "cut", "badgzip"])
def test_a_robots_txt_that_cannot_be_read_is_read_again(forum: Forum, site: Site, client: Client, kind: str) -> None:
    forum.robots = "User-agent: *\nDisallow: /forum.php\n"
    forum.fail("robots.txt", kind)
    with pytest.raises(FetchError, match=r"Disallow: /forum\.php"):
        client.page(thread_url(site))
    assert site.paths == ["/robots.txt"] * 2


def test_no_robots_txt_no_page_for_now(forum: Forum, site: Site, client: Client) -> None:
    forum.fail("robots.txt", "status", times=None, status=503)
    with pytest.raises(FetchError, match=r"robots\.txt answered with status 503"):
        client.page(thread_url(site))
    assert site.paths == ["/robots.txt"] * 5


@pytest.mark.parametrize("to", ["host", "private", "member.php?mod=logging&action=login", "file", "broken"])
def test_a_robots_txt_that_leads_elsewhere_is_none(forum: Forum, site: Site, client: Client, to: str) -> None:
    forum.thread(12)
    forum.fail("robots.txt", "redirect", to=to)
    assert client.page(thread_url(site)).kind == "thread"
    assert site.paths == ["/robots.txt", "/forum.php?mod=viewthread&tid=12"]


def test_a_robots_txt_that_is_too_large_counts_as_far_as_it_was_read(forum: Forum, site: Site, time: Time) -> None:
    forum.thread(12)
    forum.robots = "User-agent: *\nDisallow: /forum.php\n" + "# nothing\n" * 200_000
    with Client(**time.options, max_bytes=1_000) as client, pytest.raises(FetchError, match="Disallow"):
        client.page(thread_url(site))
    with Client(**time.options, max_bytes=1 << 20) as client, pytest.raises(FetchError, match="Disallow"):
        client.page(thread_url(site))

    async def visit() -> None:
        async with AsyncClient(**time.options) as client:
            with pytest.raises(FetchError, match="Disallow"):
                await client.page(thread_url(site))

    asyncio.run(visit())


def test_robots_txt_is_obeyed_on_the_way_too(forum: Forum, site: Site, client: Client) -> None:
    forum.thread(12)
    forum.fail("tid=12", "redirect", to="/forum.php?mod=redirect&tid=12")
    with pytest.raises(FetchError, match=r"Disallow: /forum\.php\?mod=redirect"):
        client.page(thread_url(site))
    assert len(site.paths) == 2


@pytest.mark.parametrize(
    ("agent", "refused"),
    [(None, True), ("discuz_scrape/9", True), ("Mozilla/5.0 (X11)", True), ("reader/1 (me)", False), ("other", True)],
)
def test_the_rules_are_those_for_the_name_that_is_sent(
    forum: Forum, site: Site, time: Time, agent: str | None, *, refused: bool
) -> None:
    forum.thread(12)
    forum.robots = "User-agent: reader\nAllow: /\n\nUser-agent: *\nDisallow: /\n"
    with Client(**time.options, user_agent=agent) as client:
        if not refused:
            assert client.page(thread_url(site)).kind == "thread"
            return
        with pytest.raises(FetchError, match="is your decision: robots=False"):
            client.page(thread_url(site))


def test_without_robots_nobody_asks_for_it(forum: Forum, site: Site, time: Time) -> None:
    forum.thread(12)
    forum.robots = "User-agent: *\nDisallow: /\n"
    with Client(**time.options, robots=False) as client:
        client.page(thread_url(site))
    assert len(site.paths) == 1


# --- Members ----------------------------------------------------------------------------------------------------------


def test_a_redirect_to_the_login_form_is_not_followed(forum: Forum, site: Site, client: Client) -> None:
    forum.thread(12).refusal = "wall"
    with pytest.raises(LoginRequiredError, match="give a member's cookies, or log in"):
        client.page(thread_url(site))
    assert not any("member.php" in path for path in site.paths)


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_the_login_posts_the_forum_s_own_form(charset: str, time: Time) -> None:
    forum = Forum(charset=charset)
    forum.thread(12)
    forum.member("青石&路=人", "密 码+", question=3, answer="青石桥")
    forum.members_only()
    with forum.served() as site, Client(**time.options) as client:
        client.login("青石&路=人", "密 码+", question=3, answer="青石桥")
        assert client.page(thread_url(site)).site.viewer_uid
        form, posted = site.log[0], site.log[1]
        assert [form.method, posted.method] == ["GET", "POST"]
        assert posted.path == "/member.php?mod=logging&action=login&loginsubmit=yes&loginhash=Lk3x9"
        assert posted.headers["content-type"] == "application/x-www-form-urlencoded"
        sent = posted.form(charset)
        assert len(sent.pop("formhash")) == 8
        assert sent.pop("referer") == site.url
        assert sent == {
            "username": "青石&路=人",
            "password": "密 码+",
            "questionid": "3",
            "answer": "青石桥",
            "loginfield": "username",
            "cookietime": "2592000",
            "loginsubmit": "true",
        }
        client.login("青石&路=人", "密 码+", question=3, answer="青石桥")
        assert [request.method for request in site.log].count("POST") == 2


def test_a_login_may_be_answered_by_a_redirect(forum: Forum, site: Site, client: Client) -> None:
    forum.thread(12)
    forum.member("阿青", "right")
    forum.members_only()
    headers = {"Location": "./"}
    forum.fail(lambda request: request.method == "POST", "altered", body="", status=302, headers=headers)
    client.login("阿青", "right")
    assert client.page(thread_url(site)).site.viewer_uid
    assert [request.method for request in site.log].count("POST") == 1


def test_a_login_waits_for_a_site_and_is_done_once(forum: Forum, site: Site, client: Client) -> None:
    forum.thread(12, posts=25)
    forum.member("阿青", "right")
    client.login("阿青", "right")
    assert site.log == []
    client.thread(thread_url(site))
    assert [request.method for request in site.log].count("POST") == 1
    assert len(forum.sessions) == 1


def test_the_login_says_what_the_forum_says(forum: Forum, site: Site, client: Client) -> None:
    forum.member("阿青", "right", question=1, answer="甲")
    client.page(site.url)
    with pytest.raises(NoticeError, match="登录失败，您还可以尝试 4 次"):
        client.login("阿青", "wrong")
    with pytest.raises(NoticeError, match="请选择安全提问"):
        client.login("阿青", "right")
    forum.captcha = "field"
    with pytest.raises(ChallengeError, match="the login asks for a captcha: 抱歉，验证码填写错误") as caught:
        client.login("阿青", "right", question=1, answer="甲")
    assert caught.value.text == "抱歉，验证码填写错误"
    assert client.page(site.url).kind == "index"


def test_who_failed_too_often_is_not_made_to_fail_more(forum: Forum, site: Site, client: Client, time: Time) -> None:
    forum.member("阿青", "right")
    forum.attempts_left = 1
    client.page(site.url)
    with pytest.raises(RateLimitedError, match="15 分钟") as caught:
        client.login("阿青", "wrong")
    assert caught.value.retry_after == 900
    assert [request.method for request in site.log].count("POST") == 1
    client.page(site.url)
    assert sum(time.waits) < 10


@pytest.mark.parametrize("kind", ["busy", "throttle", "reset", "cut", "short", "empty"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_login_is_tried_again_where_nobody_took_it(
    forum: Forum, site: Site, client: Client, kind: str, method: str
) -> None:
    forum.member("阿青", "right")
    client.page(site.url)
    forum.fail(lambda request: request.method == method, kind)
    client.login("阿青", "right")
    assert forum.sessions
    assert client.stats.failures == 1


def test_a_flood_page_in_the_place_of_the_form_is_waited_for(forum: Forum, site: Site, client: Client) -> None:
    forum.member("阿青", "right")
    client.page(site.url)
    forum.fail("member.php", "flood")
    client.login("阿青", "right")
    assert len(forum.sessions) == 1


def test_a_wall_in_front_of_the_form_stops_all(forum: Forum, site: Site, client: Client) -> None:
    client.page(site.url)
    forum.fail("member.php", "cloudflare")
    with pytest.raises(ChallengeError):
        client.login("阿青", "right")
    with pytest.raises(ChallengeError, match="put up a wall"):
        client.page(site.url)
    assert len(site.log) == 3


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"body": "<html><body>nothing here</body></html>"}, ParseError),
        ({"body": "<html><form action='s.php'><input type=password></form></html>"}, ParseError),
        ({"status": 403}, FetchError),
    ],
)
def test_a_page_without_a_form_is_no_login(
    forum: Forum, site: Site, client: Client, options: dict[str, Any], error: type[Exception]
) -> None:
    client.page(site.url)
    forum.fail("member.php", "altered", **options)
    with pytest.raises(error):
        client.login("阿青", "right")
    forum.thread(12)
    forum.fail("member.php", "altered", body=httpx.get(thread_url(site, rest="&mobile=2")).content)
    with pytest.raises(ParseError, match="there is no login form"):
        client.login("阿青", "right")
    assert not any(request.method == "POST" for request in site.log)


def test_a_login_that_opens_no_session_is_told(forum: Forum, site: Site, client: Client) -> None:
    client.page(site.url)
    for headers in ({}, {"Set-Cookie": "qsq0_2132_auth=deleted; path=/"}, {"Set-Cookie": "qsq0_2132_auth=; path=/"}):
        forum.fail(lambda request: request.method == "POST", "altered", body="<html>ok</html>", headers=headers)
        with pytest.raises(LoginRequiredError, match="opened no session and does not say why"):
            client.login("阿青", "right")


def test_a_login_is_forgotten_when_it_was_refused(forum: Forum, site: Site, client: Client) -> None:
    forum.thread(12)
    forum.member("阿青", "right")
    client.login("阿青", "wrong")
    with pytest.raises(NoticeError):
        client.page(thread_url(site))
    assert client.page(thread_url(site)).kind == "thread"
    assert [request.method for request in site.log].count("POST") == 1


def test_a_password_shows_nowhere(forum: Forum, site: Site, tmp_path: Path) -> None:
    forum.member("阿青", "right")
    with Client(save=tmp_path, interval=0) as keeping:
        keeping.login("阿青", "hunter2-hunter2")
        assert "Login('阿青')" in repr(keeping.__dict__)
        assert "hunter2" not in repr(keeping.__dict__)
        with pytest.raises(NoticeError) as caught:
            keeping.page(site.url)
        assert "hunter2" not in str(caught.value) + repr(keeping.__dict__) + repr(caught.value.__dict__)
        keeping.page(site.url)
        forum.member("阿青", "hunter2-hunter2")
        keeping.login("阿青", "hunter2-hunter2")
        keeping.page(site.url)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    session = next(iter(forum.sessions))
    assert b"hunter2" not in kept
    assert session.encode() not in kept
    assert b"member.php?mod=logging&amp;action=login&amp;loginsubmit=yes&amp;loginhash" not in kept
    assert len(list(tmp_path.iterdir())) == 4


def test_a_session_that_ends_says_where_the_walk_stood(forum: Forum, site: Site, client: Client) -> None:
    thread = forum.thread(12, posts=45)
    forum.member("阿青", "right")
    forum.members_only(pages=3)
    client.login("阿青", "right")
    read: list[Any] = []
    with pytest.raises(LoginRequiredError, match="the walk stood at page 4 of 5") as caught:
        read.extend(client.pages(thread_url(site)))
    state = json.dumps(caught.value.state)
    assert next(iter(forum.sessions), "none") not in state
    client.login("阿青", "right")
    read.extend(client.pages(thread_url(site), state=state))
    assert [post.pid for page in read for post in page.posts] == [post.pid for post in thread.posts]


def test_cookies_are_written_for_their_owner_only(forum: Forum, site: Site, client: Client, tmp_path: Path) -> None:
    forum.thread(12)
    client.page(thread_url(site))
    client.save_cookies(tmp_path / "cookies.txt")
    assert stat.S_IMODE((tmp_path / "cookies.txt").stat().st_mode) == 0o600
    with Client(cookies=tmp_path / "cookies.txt") as again:
        again.page(thread_url(site))
    assert site.log[-1].cookies == {"qsq0_2132_saltkey": "salt0002"}
    assert "salt0002" in (tmp_path / "cookies.txt").read_text()


# --- Files ------------------------------------------------------------------------------------------------------------


def attachments(client: Client, site: Site) -> tuple[Attachment, ...]:
    return thread_of(client, site).posts[0].attachments


def test_files_go_into_a_folder_by_their_own_names_and_to_a_place_by_its(
    forum: Forum, site: Site, client: Client, tmp_path: Path
) -> None:
    post = forum.thread(12).posts[0]
    post.attach("../../etc/灯.jpg", b"light", image=True)
    post.attach("CON.txt", b"device")
    items = attachments(client, site)
    first = client.download(items[0], tmp_path)
    assert client.download(items[0], tmp_path).name == f"{first.stem} (2).jpg"
    assert first.parent == tmp_path
    assert client.download(items[1], str(tmp_path)).name == "_CON.txt"
    chosen = tmp_path / "chosen.bin"
    assert client.download(items[0], chosen) == chosen
    assert client.download(items[1], chosen).read_bytes() == b"device"
    assert len(list(tmp_path.iterdir())) == 4


def test_a_file_without_a_name_takes_that_of_its_answer_or_address(
    forum: Forum, site: Site, client: Client, tmp_path: Path
) -> None:
    file = forum.thread(12).posts[0].attach("灯.jpg", b"light", image=True)
    client.page(site.url)
    image = Image(url=f"{site.url}{file.path}")
    assert client.download(image, tmp_path).name == "1200010.jpg"
    file.disposition = 'attachment; filename="..\\..\\x:y.jpg"'
    assert client.download(image, tmp_path).name == "_._x_y.jpg"
    forum.fail("data/", "altered", headers={"Content-Disposition": "attachment; filename=.."})
    file.disposition = None
    assert client.download(Image(url=f"{site.url}data/attachment/forum/202403/17/1200010.jpg?"), tmp_path).exists()


def test_addresses_of_files_are_quoted_as_browsers_do(forum: Forum, site: Site, client: Client, tmp_path: Path) -> None:
    file = forum.thread(12).posts[0].attach("灯.jpg", b"light", image=True)
    client.page(thread_url(site))
    assert client.download(Image(url=f" {site.url}{file.path}?x=图 片 "), tmp_path).read_bytes() == b"light"
    assert site.paths[-1].endswith("?x=%E5%9B%BE%20%E7%89%87")


def test_files_are_fetched_before_any_page_of_their_site(forum: Forum, site: Site, time: Time, tmp_path: Path) -> None:
    file = forum.thread(12).posts[0].attach("灯.jpg", b"light", image=True)
    with Client(**time.options) as client:
        assert client.download(Image(url=f"{site.url}{file.path}"), tmp_path).read_bytes() == b"light"


def test_files_of_other_hosts_are_not_fetched(forum: Forum, site: Site, client: Client, tmp_path: Path) -> None:
    forum.thread(12).posts[0].attach("远.jpg", b"far", image=True, url="http://cdn.elsewhere.example/a.jpg")
    item = attachments(client, site)[0]
    with pytest.raises(FetchError, match="lies on none of the sites that were asked for"):
        client.download(item, tmp_path)
    with pytest.raises(FetchError, match="has no address"):
        client.download(item.model_copy(update={"url": None}), tmp_path)
    assert len(site.log) == 2


@pytest.mark.parametrize("kind", ["cut", "reset", "busy", "empty"])
def test_failures_leave_no_file_and_no_half_of_one(
    forum: Forum, site: Site, client: Client, tmp_path: Path, kind: str
) -> None:
    forum.thread(12).posts[0].attach("灯.jpg", b"light" * 100, image=True)
    item = attachments(client, site)[0]
    forum.fail("data/attachment", kind)
    assert client.download(item, tmp_path).read_bytes() == b"light" * 100
    forum.fail("data/attachment", kind, times=None)
    with pytest.raises(FetchError):
        client.download(item, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("kind", "options", "error"),
    [
        ("notice", {"text": "抱歉，该附件无法读取"}, NotFoundError),
        ("notice", {"text": "抱歉，您尚未登录", "login": True}, LoginRequiredError),
        ("login", {}, LoginRequiredError),
        ("cloudflare", {}, ChallengeError),
        ("status", {"status": 404}, FetchError),
        ("redirect", {"to": "/forum.php"}, FetchError),
        ("redirect", {"to": "host"}, FetchError),
        ("huge", {"size": 1 << 20}, FetchError),
    ],
)
def test_messages_in_the_place_of_files_are_raised(
    forum: Forum, site: Site, time: Time, tmp_path: Path, kind: str, options: dict[str, Any], error: type[Exception]
) -> None:
    forum.thread(12).posts[0].attach("诗.txt", b"lines", by_token=True)
    with Client(**time.options, robots=False, max_bytes=1 << 19) as client:
        item = attachments(client, site)[0]
        forum.fail("mod=attachment", kind, times=None, **options)
        with pytest.raises(error):
            client.download(item, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_links_by_token_are_for_those_whom_robots_txt_lets(
    forum: Forum, site: Site, client: Client, tmp_path: Path
) -> None:
    forum.thread(12).posts[0].attach("诗.txt", b"lines", by_token=True)
    with pytest.raises(FetchError, match="mod=attachment"):
        client.download(attachments(client, site)[0], tmp_path)


# --- What is kept -----------------------------------------------------------------------------------------------------


def test_every_page_is_kept_also_those_that_refuse_and_no_secret(
    forum: Forum, site: Site, time: Time, tmp_path: Path
) -> None:
    forum.thread(12)
    forum.thread(13).refusal = "level"
    forum.fail("tid=14", "cloudflare")
    with Client(**time.options, save=tmp_path / "kept", headers={"Authorization": "Bearer T0KEN"}) as client:
        client.page(thread_url(site))
        for tid in (13, 14):
            with pytest.raises(NoticeError):
                client.page(thread_url(site, tid))
    folder = tmp_path / "kept"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    pages = sorted(path.name.partition("-tid")[2][:2] for path in folder.iterdir() if path.suffix == ".html")
    assert pages == ["12", "13", "14"]
    everything = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"T0KEN" not in everything
    assert b"saltkey" not in everything


@pytest.mark.parametrize(
    "date", ["Mon, 01 Jan 1 00:00:00 GMT", "31 Dec 9999 23:0:0 -1200", "x" * 9_000, "1 Jan 100 0:0"]
)
def test_a_hostile_clock_breaks_nothing(forum: Forum, site: Site, time: Time, tmp_path: Path, date: str) -> None:
    forum.thread(12).add("早", time=forum.now - timedelta(hours=3))
    forum.date = date
    with Client(**time.options, save=tmp_path) as client:
        assert len(thread_of(client, site).posts) == 2
    assert len(list(tmp_path.iterdir())) == 2
