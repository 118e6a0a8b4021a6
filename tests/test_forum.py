"""The small forum of the tests serves what the real software does: its pages are read as that one's are."""

from __future__ import annotations

import gzip
import http.client
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from urllib.parse import urlencode

import pytest
from forum import KINDS, Forum, Site
from forum.data import Refusal

from discuz_scrape import Board as BoardPage
from discuz_scrape import Page, parse_page
from discuz_scrape import Thread as ThreadPage
from discuz_scrape.errors import (
    ChallengeError,
    LoginRequiredError,
    NotFoundError,
    NoticeError,
    ParseError,
    PasswordRequiredError,
    PermissionDeniedError,
    RateLimitedError,
    SiteClosedError,
    SiteFaultError,
)

WRONG = {"password": "wrong"}
THREAD = "forum.php?mod=viewthread&tid=12"


class Got:
    """What came back."""

    def __init__(self, site: Site, path: str, response: http.client.HTTPResponse) -> None:
        self.url = f"http://{site.host}/{path}"
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()
        self.location = response.headers.get("Location")

    @property
    def page(self) -> Page:
        return parse_page(self.body, url=self.url, content_type=self.headers.get("Content-Type"))

    @property
    def thread(self) -> ThreadPage:
        page = self.page
        assert isinstance(page, ThreadPage)
        assert page.issues == ()
        return page

    @property
    def pids(self) -> list[int | None]:
        return [post.pid for post in self.thread.posts]

    @property
    def board(self) -> BoardPage:
        page = self.page
        assert isinstance(page, BoardPage)
        assert page.issues == ()
        return page


def get(site: Site, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Got:
    connection = http.client.HTTPConnection(site.host, timeout=20)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, f"/{path}", body, sent)
        return Got(site, path, connection.getresponse())
    finally:
        connection.close()


def cookies_of(got: Got) -> str:
    return "; ".join(value.split(";")[0] for value in got.headers.get_all("Set-Cookie") or [])


# --- Threads ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
@pytest.mark.parametrize("rewrite", [False, True])
def test_a_thread_is_read_as_it_is_held(charset: str, *, rewrite: bool) -> None:
    forum = Forum(per_page=10, rewrite=rewrite, charset=charset)
    thread = forum.thread(12, posts=25, subject="桥头的灯 <亮> 了吗")
    with forum.served() as site:
        pages = [get(site, f"{THREAD}&page={number}") for number in (1, 2, 3)]
        assert get(site, "thread-12-2-1.html").pids == pages[1].pids
    read = [post for got in pages for post in got.thread.posts]
    assert [(post.pid, post.author.uid, post.author.name, post.timestamp, post.body) for post in read] == [
        (post.pid, post.author.uid, post.author.name, post.time, post.text) for post in thread.posts
    ]
    assert [post.floor for post in read] == [*range(1, 26)]
    assert not any(post.floor_inferred for post in read)
    assert [(got.thread.page, got.thread.total_pages) for got in pages] == [(1, 3), (2, 3), (3, 3)]
    assert [got.thread.subject for got in pages] == ["桥头的灯 <亮> 了吗"] * 3
    assert [(got.thread.views, got.thread.replies) for got in pages] == [(112, 24), (None, None), (None, None)]
    page = "thread-12-1-1.html" if rewrite else "forum.php?mod=viewthread&tid=12"
    assert pages[2].thread.url == site.url + page
    assert pages[0].thread.site.name == "青石桥论坛"


def test_equal_forums_hold_equal_posts() -> None:
    assert [(post.pid, post.text, post.time) for post in Forum().thread(3, posts=40).posts] == [
        (post.pid, post.text, post.time) for post in Forum().thread(3, posts=40).posts
    ]
    texts = [post.text for tid in (3, 4) for post in Forum().thread(tid, posts=90).posts]
    assert len(set(texts)) == len(texts)


def test_a_page_past_the_end_is_the_last_page(forum: Forum, site: Site) -> None:
    forum.thread(12, posts=25)
    got = get(site, f"{THREAD}&page=9")
    assert (got.status, got.thread.page, len(got.pids)) == (200, 3, 5)


def test_pages_are_positions_until_a_hole_is_met_and_ordinals_from_then_on(forum: Forum, site: Site) -> None:
    thread = forum.thread(12, posts=25)
    thread.delete(thread.posts[12])
    pids = [post.pid for post in thread.posts]
    assert get(site, f"{THREAD}&page=3").pids == pids[19:]
    hole = get(site, f"{THREAD}&page=2")
    assert (hole.status, hole.location) == (302, f"{site.url}{THREAD}&page=2")
    assert get(site, f"{THREAD}&page=2").pids == pids[10:20]
    assert get(site, f"{THREAD}&page=3").pids == pids[20:]
    assert [post.floor for post in get(site, f"{THREAD}&page=3").thread.posts] == [21, 22, 23, 24]


def test_a_thread_may_change_in_the_middle_of_a_walk(forum: Forum, site: Site) -> None:
    thread = forum.thread(12, posts=20)
    forum.before("page=2", lambda: thread.add("刚写的"))
    assert get(site, THREAD).thread.total_pages == 2
    assert get(site, f"{THREAD}&page=2").thread.total_pages == 3
    assert [post.body for post in get(site, f"{THREAD}&page=3").thread.posts] == ["刚写的"]


def test_the_newest_first_and_one_author_only(forum: Forum, site: Site) -> None:
    thread = forum.thread(12, posts=25, authors=("老渡口", "夜航船"))
    first = get(site, f"{THREAD}&ordertype=1").thread
    assert [post.floor for post in first.posts] == [1, *range(25, 16, -1)]
    assert [post.floor for post in get(site, f"{THREAD}&ordertype=1&page=3").thread.posts] == [6, 5, 4, 3, 2]
    alone = get(site, f"{THREAD}&authorid={thread.authors[1].uid}&page=2").thread
    assert [post.pid for post in alone.posts] == [post.pid for post in thread.posts[21::2]]
    assert (alone.page, alone.total_pages) == (2, 2)
    assert b"authorid=" in get(site, f"{THREAD}&authorid={thread.authors[1].uid}").body
    assert type_of(get(site, f"{THREAD}&authorid=9999")) is NotFoundError
    thread.newest_first = True
    assert [post.floor for post in get(site, THREAD).thread.posts] == [1, *range(25, 16, -1)]


def test_sticky_and_recommended_replies_stand_on_page_1_and_on_their_own_later_page(forum: Forum, site: Site) -> None:
    thread = forum.thread(12, posts=25)
    thread.posts[14].sticky = thread.posts[3].recommended = True
    first = get(site, THREAD).thread
    assert [(post.pid, post.floor, post.sticky, post.recommended) for post in first.posts[:4]] == [
        (120001, 1, False, False),
        (120015, 15, True, False),
        (120004, None, False, True),
        (120002, 2, False, False),
    ]
    assert len(first.posts) == 11
    again = get(site, f"{THREAD}&page=2").thread.posts[4]
    assert (again.pid, again.floor, again.sticky) == (120015, 15, False)


@pytest.mark.parametrize(
    ("query", "status", "location"),
    [
        ("goto=findpost&ptid=12&pid=120014", 301, f"{THREAD}&page=2#pid120014"),
        ("goto=findpost&pid=120003", 301, f"{THREAD}#pid120003"),
        ("goto=findpost&ptid=12&pid=77", 301, THREAD),
        ("ptid=12&postno=22", 301, f"{THREAD}&page=3#pid120022"),
        ("tid=12&goto=lastpost", 302, f"{THREAD}&page=3#lastpost"),
    ],
)
def test_redirects_lead_to_posts(forum: Forum, site: Site, query: str, status: int, location: str) -> None:
    forum.thread(12, posts=25)
    got = get(site, f"forum.php?mod=redirect&{query}")
    assert (got.status, got.location) == (status, location)


def test_a_moved_thread_leads_to_the_new_one_and_a_missing_one_is_a_404(forum: Forum, site: Site) -> None:
    forum.thread(12, posts=3).moved_to = 13
    got = get(site, THREAD)
    assert (got.status, got.location) == (302, f"{site.url}forum.php?mod=viewthread&tid=13")
    gone = get(site, "forum.php?mod=viewthread&tid=13")
    assert (gone.status, type_of(gone)) == (404, NotFoundError)


@pytest.mark.parametrize("labels", [(), ("山", "水", "人")])
def test_a_long_post_is_split_and_can_be_asked_for_as_a_whole(
    forum: Forum, site: Site, labels: tuple[str, ...]
) -> None:
    post = forum.thread(12, posts=3).posts[0]
    post.parts, post.labels = ("山在北边。", "水在南边。", "人在桥上。"), labels
    got = get(site, THREAD)
    assert got.thread.posts[0].body == "山在北边。"
    mark = b"show_threadindex(120001, 0)" if labels else b"show_threadpage(120001, 1, 3, 0)"
    assert mark in got.body
    whole = get(site, f"{THREAD}&viewpid=120001&cp=all&inajax=1")
    assert whole.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert [(post.pid, post.body) for post in whole.thread.posts] == [(120001, "山在北边。\n水在南边。\n人在桥上。")]
    assert get(site, f"{THREAD}&viewpid=120001&cp=2").thread.posts[0].body == "水在南边。"
    assert get(site, f"{THREAD}&cp=all").thread.posts[0].body == "山在北边。\n水在南边。\n人在桥上。"


def test_remarks_and_ratings_go_on_behind_the_page(forum: Forum, site: Site) -> None:
    post = forum.thread(12, posts=3).posts[1]
    for number in range(7):
        post.comment(forum.person("夜航船"), f"第{number}句")
        post.rate(forum.person(f"客{number}"), {"威望": number + 1, "铜板": -1}, "<好>")
    got = get(site, THREAD)
    shown = got.thread.posts[1]
    assert [comment.text for comment in shown.comments] == ["第6句", "第5句", "第4句", "第3句", "第2句"]
    assert [(rating.user.name, rating.scores, rating.reason) for rating in shown.ratings] == [
        (f"客{number}", {"威望": number + 1, "铜板": -1}, "<好>") for number in (6, 5, 4)
    ]
    assert b"action=commentmore&tid=12&pid=120002&page=2'" in got.body
    assert got.thread.replies == 2 + 7
    more = get(site, "forum.php?mod=misc&action=commentmore&tid=12&pid=120002&page=2&inajax=1").thread
    assert [comment.text for comment in more.posts[0].comments] == ["第1句", "第0句"]
    assert (more.page, more.total_pages) == (2, 2)
    every = get(site, "forum.php?mod=misc&action=viewratings&tid=12&pid=120002&inajax=1").thread.posts[0].ratings
    assert [(rating.user.name, rating.scores["威望"]) for rating in every] == [
        (f"客{n}", n + 1) for n in range(6, -1, -1)
    ]


def test_quotes_and_shielded_posts_are_marked_as_such(forum: Forum, site: Site) -> None:
    posts = forum.thread(12, posts=3).posts
    posts[1].quoted, posts[2].shielded = posts[0], True
    read = get(site, THREAD).thread.posts
    assert [(quote.pid, quote.tid, quote.author) for quote in read[1].quotes] == [(120001, 12, posts[0].author.name)]
    assert (read[1].body, read[2].status) == (posts[1].text, "shielded")


def test_a_time_of_today_is_told_in_words_with_the_whole_one_beside_it(forum: Forum, site: Site) -> None:
    written = forum.now - timedelta(hours=3, minutes=20)
    forum.thread(12).add("早", time=written)
    read = get(site, THREAD).thread.posts[1]
    assert (read.timestamp, read.timestamp_text) == (written, "3 小时前")


def test_files_are_linked_by_path_and_by_token(forum: Forum, site: Site) -> None:
    post = forum.thread(12, posts=1).posts[0]
    post.attach("灯.jpg", b"\xff\xd8picture", image=True, placed=True)
    post.attach("账本 & 图.zip", b"zipped")
    post.attach("夜.png", b"png", image=True, by_token=True)
    post.attach("诗.txt", b"lines", placed=True, by_token=True)
    post.attach("远.jpg", b"far", image=True, url="http://cdn.elsewhere.example/a.jpg")
    attachments = get(site, THREAD).thread.posts[0].attachments
    assert [(file.filename, file.is_image, file.inline, file.size) for file in attachments] == [
        ("灯.jpg", True, True, 9),
        ("诗.txt", False, True, 5),
        ("账本 & 图.zip", False, False, 6),
        ("夜.png", True, False, 3),
        ("远.jpg", True, False, 3),
    ]
    urls = [file.url or "" for file in attachments]
    assert urls[0] == f"{site.url}data/attachment/forum/202403/17/1200010.jpg"
    assert urls[4] == "http://cdn.elsewhere.example/a.jpg"
    assert [get(site, url.removeprefix(site.url)).body for url in urls[:4]] == [
        b"\xff\xd8picture",
        b"lines",
        b"zipped",
        b"png",
    ]
    named = get(site, urls[1].removeprefix(site.url)).headers["Content-Disposition"]
    assert named.encode("latin-1").decode() == 'attachment; filename="诗.txt"'
    assert type_of(get(site, "forum.php?mod=attachment&aid=MTIz")) is NotFoundError


def test_a_name_of_a_file_may_be_hostile(forum: Forum, site: Site) -> None:
    file = forum.thread(12, posts=1).posts[0].attach("../../etc/passwd", by_token=True)
    file.disposition = 'attachment; filename="..\\..\\CON"'
    read = get(site, THREAD).thread.posts[0].attachments[0]
    assert read.filename == "../../etc/passwd"
    assert read.url is not None
    got = get(site, read.url.removeprefix(site.url))
    assert (got.body, got.headers["Content-Disposition"]) == (b"hello", file.disposition)


def test_a_forum_may_lie_in_a_folder() -> None:
    forum = Forum(per_page=10, root="bbs/")
    thread = forum.thread(12, posts=25)
    file = thread.posts[0].attach("灯.jpg", b"light", image=True)
    thread.delete(thread.posts[12])
    with forum.served() as site:
        assert site.url == f"http://{site.host}/bbs/"
        got = get(site, f"bbs/{THREAD}")
        assert got.thread.posts[0].attachments[0].url == site.url + file.path
        assert get(site, f"bbs/{file.path}").body == b"light"
        assert get(site, f"bbs/{THREAD}&page=2").location == f"{site.url}{THREAD}&page=2"
        assert [get(site, path).status for path in ("robots.txt", THREAD, "bbs/robots.txt")] == [200, 404, 200]


def test_a_thread_of_many_posts_is_made_at_once(forum: Forum, site: Site) -> None:
    forum.thread(12, posts=3_000)
    assert get(site, f"{THREAD}&page=299").thread.total_pages == 300


# --- Boards -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rewrite", [False, True])
def test_a_board_lists_sticky_threads_and_then_the_newest_replies(*, rewrite: bool) -> None:
    forum = Forum(threads_per_page=5, rewrite=rewrite)
    for tid in range(1, 13):
        forum.thread(tid, posts=tid)
    forum.threads[2].sticky = forum.threads[12].closed = True
    forum.threads[5].moved_to = 77
    with forum.served() as site:
        pages = [get(site, f"forum.php?mod=forumdisplay&fid=2&page={page}").board for page in (1, 2, 3)]
        assert get(site, "forum-2-9-1.html").status == 200
        assert get(site, "forum-2-2.html").board.threads == pages[1].threads
    rows = [row for page in pages for row in page.threads]
    assert [row.tid for row in rows] == [2, 12, 11, 10, 9, 8, 7, 6, 77, 4, 3, 1]
    assert (rows[0].sticky, rows[1].closed) == ("board", True)
    last = forum.threads[12].last_post
    assert (rows[1].replies, rows[1].views, rows[1].last_poster) == (11, 112, last.author.name)
    assert rows[1].last_post_at == last.time.replace(second=0)
    assert (rows[1].author and rows[1].author.name, rows[1].subject) == ("青石路人", "第12号闲话")
    assert [(page.page, page.total_pages) for page in pages] == [(1, 3), (2, 3), (3, 3)]
    assert pages[0].forum and pages[0].forum.name == "桥头茶馆"


def test_a_reply_brings_a_thread_to_the_top(forum: Forum, site: Site) -> None:
    for tid in range(1, 31):
        forum.thread(tid, posts=2)
    forum.before("page=2", lambda: forum.threads[3].add("顶", time=forum.now))
    first = get(site, "forum.php?mod=forumdisplay&fid=2").board
    second = get(site, "forum.php?mod=forumdisplay&fid=2&page=2").board
    assert first.threads[-1].tid == second.threads[0].tid == 11
    assert get(site, "forum.php?mod=forumdisplay&fid=2").board.threads[0].tid == 3


def test_the_index_lists_boards(forum: Forum, site: Site) -> None:
    forum.board(2, "桥头茶馆")
    forum.board(7, "修车铺")
    forum.thread(12, posts=3, fid=7)
    page = get(site, "").page
    assert page.kind == "index"
    assert [(board.name, board.thread_count) for board in page.categories[0].forums] == [("桥头茶馆", 0), ("修车铺", 1)]


def type_of(got: Got) -> type[Exception]:
    with pytest.raises((NoticeError, ParseError)) as caught:
        got.page  # noqa: B018
    return type(caught.value)


@pytest.mark.parametrize(
    ("refusal", "status", "error"),
    [
        ("gone", 404, NotFoundError),
        ("level", 200, PermissionDeniedError),
        ("group", 200, PermissionDeniedError),
        ("members", 200, LoginRequiredError),
    ],
)
def test_refusals_are_messages(forum: Forum, site: Site, refusal: Refusal, status: int, error: type[Exception]) -> None:
    forum.thread(12).refusal = forum.board(7, "里屋").refusal = refusal
    for path in (THREAD, "forum.php?mod=forumdisplay&fid=7"):
        got = get(site, path)
        assert (got.status, type_of(got)) == (status, error)


def test_some_refusals_are_redirects(forum: Forum, site: Site) -> None:
    forum.thread(12).refusal = "wall"
    login = get(site, THREAD)
    assert login.status == 302
    assert (login.location or "").startswith("member.php?mod=logging&action=login&referer=http%3A%2F%2F127.0.0.1")
    assert type_of(get(site, login.location or "")) is LoginRequiredError
    forum.board(7, "里屋").refusal = "password"
    forum.thread(13, fid=7)
    board = get(site, "forum.php?mod=viewthread&tid=13")
    assert (board.status, board.location) == (302, "forum.php?mod=forumdisplay&fid=7")
    assert type_of(get(site, "forum.php?mod=forumdisplay&fid=7")) is PasswordRequiredError
    assert type_of(get(site, "forum.php?mod=forumdisplay&fid=8")) is NotFoundError


# --- The login --------------------------------------------------------------------------------------------------------


def post_login(site: Site, forum: Forum, cookie: str = "", **fields: str) -> Got:
    form = get(site, "member.php?mod=logging&action=login")
    own = cookies_of(form)
    salt = own.partition("=")[2]
    sent = {"formhash": forum.formhash(salt, None), "username": "阿青", "password": "right", **fields}
    assert sent["formhash"].encode() in form.body or "formhash" in fields
    path = "member.php?mod=logging&action=login&loginsubmit=yes&loginhash=Lk3x9"
    body = urlencode(sent, encoding=forum.charset)
    return get(site, path, "POST", body, Cookie=cookie or own, Content_Type="application/x-www-form-urlencoded")


def text_of(got: Got) -> str:
    with pytest.raises(NoticeError) as caught:
        got.page  # noqa: B018
    return caught.value.text


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_members_only_until_the_session_ends(charset: str) -> None:
    forum = Forum(charset=charset)
    forum.thread(12, posts=3)
    forum.member("阿青", "right")
    forum.members_only(pages=2)
    with forum.served() as site:
        assert get(site, THREAD).status == 302
        assert get(site, "robots.txt").status == 200
        entered = post_login(site, forum)
        assert "欢迎您回来，论坛元老 阿青" in text_of(entered)
        session = cookies_of(entered)
        assert session.startswith("qsq0_2132_auth=")
        assert [get(site, THREAD, Cookie=session).status for _ in range(3)] == [200, 200, 302]


def test_the_login_says_what_is_wrong(forum: Forum, site: Site) -> None:
    forum.member("阿青", "right", question=3, answer="青石桥")
    assert text_of(post_login(site, forum, formhash="00000000")).startswith("抱歉，您的请求来路不正确")
    assert text_of(post_login(site, forum, cookie="other=1")).startswith("抱歉，您的请求来路不正确")
    assert text_of(post_login(site, forum, **WRONG)) == "登录失败，您还可以尝试 4 次"
    assert text_of(post_login(site, forum)) == "请选择安全提问以及填写正确的答案"
    assert text_of(post_login(site, forum, questionid="3", answer="石板桥")).startswith("抱歉，安全提问")
    assert "阿青" in text_of(post_login(site, forum, questionid="3", answer="青石桥"))
    forum.captcha = "field"
    assert b'name="seccodeverify"' in get(site, "member.php?mod=logging&action=login").body
    assert text_of(post_login(site, forum, questionid="3", answer="青石桥")) == "抱歉，验证码填写错误"
    forum.captcha, forum.attempts_left = "script", 1
    assert b"updateseccode(" in get(site, "member.php?mod=logging&action=login").body
    many = post_login(site, forum, **WRONG, seccodeverify="k7Qm")
    assert text_of(many) == "密码错误次数过多，请 15 分钟后重新登录"


# --- Walls and faults -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "status", "error"),
    [
        ("flood", 200, RateLimitedError),
        ("search_interval", 200, RateLimitedError),
        ("system_error", 200, SiteFaultError),
        ("database_error", 200, SiteFaultError),
        ("cloudflare", 403, ChallengeError),
        ("sum", 200, ChallengeError),
        ("reload", 200, ChallengeError),
        ("dsign", 200, ChallengeError),
        ("closed", 200, SiteClosedError),
        ("banned", 200, PermissionDeniedError),
        ("ip_banned", 200, PermissionDeniedError),
        ("proxy", 200, PermissionDeniedError),
        ("empty", 200, ParseError),
        ("noise", 200, ParseError),
    ],
)
def test_walls_and_messages_are_known_for_what_they_are(
    forum: Forum, site: Site, kind: str, status: int, error: type[Exception]
) -> None:
    forum.thread(12)
    forum.fail("tid=12", kind)
    got = get(site, THREAD)
    assert (got.status, type_of(got)) == (status, error)
    assert get(site, THREAD).pids == [120001]
    assert [request.fault for request in site.log] == [kind, None]


def test_walls_stand_where_the_real_ones_do(forum: Forum, site: Site) -> None:
    forum.thread(12, posts=25)
    forum.wall("dsign")
    passed = [THREAD, f"{THREAD}&page=1", "thread-12-1-1.html", f"{THREAD}&page=2", "thread-12-2-1.html", "forum.php"]
    assert [len(get(site, path).body) > 1_000 for path in passed] == [False, False, False, True, True, True]
    forum.clear()
    forum.wall("reload")
    stopped = get(site, THREAD)
    assert type_of(stopped) is ChallengeError
    assert get(site, THREAD, Cookie=cookies_of(stopped)).status == 200
    assert len(get(site, THREAD, Cookie=cookies_of(stopped)).pids) == 10
    forum.clear()
    forum.wall("system_error", status=503)
    assert [get(site, THREAD).status for _ in range(3)] == [503, 503, 503]
    assert get(site, "robots.txt").status == 200


def test_the_touch_page_comes_to_whoever_does_not_refuse_it(forum: Forum, site: Site) -> None:
    thread = forum.thread(12, posts=25)
    forum.wall("touch")
    sent = get(site, f"{THREAD}&page=2")
    assert (sent.status, sent.location) == (302, f"/{THREAD}&page=2&mobile=2")
    touch = get(site, f"{THREAD}&page=2&mobile=2").thread
    assert [(post.pid, post.body) for post in touch.posts] == [(post.pid, post.text) for post in thread.posts[10:20]]
    desktop = get(site, f"{THREAD}&page=2&mobile=no")
    assert len(desktop.pids) == 10
    assert get(site, THREAD, Cookie=cookies_of(desktop)).status == 200


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (None, None),
        (7, "7"),
        ("bald", "bald"),
        (datetime(2024, 5, 20, 4, 0, 9, tzinfo=UTC), "Mon, 20 May 2024 04:00:09 GMT"),
    ],
)
def test_statuses_come_with_any_retry_after(
    forum: Forum, site: Site, status: int, given: datetime | str | int | None, sent: str | None
) -> None:
    forum.fail(None, "status", times=2, status=status, retry_after=given)
    got = get(site, THREAD)
    assert (got.status, got.headers["Retry-After"]) == (status, sent)
    assert got.headers["Date"] == "Mon, 20 May 2024 04:00:00 GMT"
    assert [get(site, THREAD).status for _ in range(2)] == [status, 404]


@pytest.mark.parametrize(
    ("kind", "options", "error"),
    [
        ("reset", {}, ConnectionResetError),
        ("hangup", {}, http.client.RemoteDisconnected),
        ("cut", {}, http.client.IncompleteRead),
        ("cut", {"chunked": True}, http.client.IncompleteRead),
    ],
)
def test_connections_break(
    forum: Forum, site: Site, kind: str, options: dict[str, Any], error: type[Exception]
) -> None:
    forum.thread(12)
    forum.fail("tid=12", kind, **options)
    with pytest.raises(error):
        get(site, THREAD)
    assert get(site, THREAD).pids == [120001]
    assert [request.status for request in site.log] == [200 if kind == "cut" else 0, 200]


def test_bodies_are_not_what_they_are_said_to_be(forum: Forum, site: Site) -> None:
    forum.thread(12)
    cookie = cookies_of(get(site, THREAD))
    whole = get(site, THREAD, Cookie=cookie)

    def met(kind: str, **options: Any) -> Got:
        forum.fail(None, kind, **options)
        return get(site, THREAD, Cookie=cookie)

    short = met("short")
    assert short.body == whole.body[: len(whole.body) // 2]
    assert b"</html>" not in short.body
    assert met("gzip").body != whole.body
    assert gzip.decompress(met("gzip").body) == whole.body
    bad = met("badgzip")
    assert (bad.body, bad.headers["Content-Encoding"]) == (whole.body, "gzip")
    bomb = met("bomb", size=8 << 20)
    assert len(bomb.body) < 20_000
    assert len(gzip.decompress(bomb.body)) > 8 << 20
    huge = met("huge", size=1 << 20)
    assert (len(huge.body), huge.headers["Content-Length"]) == (1 << 20, str(1 << 20))
    loose = met("huge", size=1 << 20, chunked=True)
    assert (len(loose.body), loose.headers["Content-Length"]) == (1 << 20, None)
    assert met("chunked").body == whole.body
    assert met("wrong_charset").headers["Content-Type"] == "text/html; charset=iso-8859-1"
    altered = met("altered", body="今天休息", status=403, headers={"Set-Cookie": "a=b", "X-Waf": "1"})
    assert (altered.status, altered.body.decode(), altered.headers["X-Waf"]) == (403, "今天休息", "1")
    assert met("wrong_type", content_type="text/plain").headers["Content-Type"] == "text/plain"


@pytest.mark.parametrize(
    ("to", "location"),
    [
        ("host", "http://elsewhere.example/forum.php"),
        ("file", "file:///etc/passwd"),
        ("private", "http://10.0.0.7/forum.php"),
        ("https", "https://{host}/forum.php?mod=viewthread&tid=12"),
        ("port", "http://127.0.0.1:9/forum.php?mod=viewthread&tid=12"),
        ("thread-5-1-1.html", "thread-5-1-1.html"),
    ],
)
def test_redirects_lead_astray(forum: Forum, site: Site, to: str, location: str) -> None:
    forum.fail(None, "redirect", to=to, status=307)
    got = get(site, THREAD)
    assert (got.status, got.location) == (307, location.format(host=site.host))
    forum.fail(None, "loop")
    assert get(site, THREAD).location == f"/{THREAD}"


def test_every_fault_can_be_met_and_is_then_over(forum: Forum, site: Site) -> None:
    forum.thread(12)
    needed: dict[str, dict[str, Any]] = {
        "redirect": {"to": "host"},
        "notice": {"text": "今天休息"},
        "bomb": {"size": 1 << 20},
        "huge": {"size": 1 << 20},
    }
    for kind in KINDS:
        forum.fail(
            "tid=12", kind, **{**needed.get(kind, {}), **({"size": 1 << 20} if kind in {"bomb", "huge"} else {})}
        )
        try:
            get(site, THREAD)
        except (OSError, http.client.HTTPException):
            assert kind in {"reset", "hangup", "cut"}
        assert get(site, THREAD).pids == [120001]
    assert [request.fault for request in site.log] == [fault for kind in KINDS for fault in (kind, None)]


def test_faults_are_met_in_the_order_in_which_they_were_told(forum: Forum, site: Site) -> None:
    forum.thread(12)
    forum.fail("tid=12", "busy", times=2)
    forum.fail(r"tid=\d+$", "throttle")
    forum.fail(lambda request: request.headers.get("user-agent") == "x", "flood", times=None)
    assert [get(site, THREAD).status for _ in range(4)] == [503, 503, 429, 200]
    assert [request.fault for request in site.log] == ["busy", "busy", "throttle", None]
    assert type_of(get(site, THREAD, User_Agent="x")) is RateLimitedError
    with pytest.raises(ValueError, match="no fault is called 'bussy'"):
        forum.fail(None, "bussy")


# --- The wire ---------------------------------------------------------------------------------------------------------


def test_robots_txt_is_the_stock_one_or_another_or_none(forum: Forum, site: Site) -> None:
    stock = get(site, "robots.txt")
    assert stock.headers["Content-Type"].startswith("text/plain")
    assert b"Disallow: /forum.php?mod=redirect*" in stock.body
    forum.robots = "User-agent: *\nCrawl-delay: 9\n"
    assert get(site, "robots.txt").body == b"User-agent: *\nCrawl-delay: 9\n"
    forum.robots = None
    assert get(site, "robots.txt").status == 404
    forum.fail("robots.txt", "status", status=500)
    assert get(site, "robots.txt").status == 500


def test_the_log_has_what_was_sent(forum: Forum, site: Site) -> None:
    forum.date = "Thu, 01 Jan 1970 00:00:00 GMT"
    got = get(site, "search.php?mod=forum", "POST", "a=1", User_Agent="tester", Cookie="a=b")
    assert got.headers["Date"] == forum.date
    request = site.log[0]
    assert (request.method, request.path, request.body) == ("POST", "/search.php?mod=forum", b"a=1")
    assert (request.headers["user-agent"], request.cookies, request.status) == ("tester", {"a": "b"}, 200)
    assert get(site, "forum.php", "HEAD").body == b""
    assert site.paths == ["/search.php?mod=forum", "/forum.php"]


def test_a_connection_serves_many_requests(forum: Forum, site: Site) -> None:
    forum.thread(12, posts=25)
    connection = http.client.HTTPConnection(site.host, timeout=20)
    for page in (1, 2, 3):
        connection.request("GET", f"/{THREAD}&page={page}")
        assert b"</html>" in connection.getresponse().read()
    connection.close()
    assert (site.connections, len(site.log), site.most_at_once) == (1, 3, 1)


def test_a_proxy_answers_for_any_host(forum: Forum, site: Site) -> None:
    forum.thread(12)
    connection = http.client.HTTPConnection(site.host, timeout=20)
    connection.request("GET", f"http://bbs.hewan.example/{THREAD}")
    answer = connection.getresponse().read()
    connection.close()
    assert parse_page(answer).site.url == "http://bbs.hewan.example/"
    assert [(request.host, request.path, request.proxied) for request in site.log] == [
        ("bbs.hewan.example", f"/{THREAD}", True)
    ]


def test_requests_under_way_at_once_are_counted(forum: Forum, site: Site) -> None:
    forum.before("n=", Barrier(3, timeout=20).wait, times=3)
    askers = [Thread(target=get, args=(site, f"?n={number}")) for number in range(3)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert site.most_at_once == 3


def test_unchanged_pages_and_files_are_told_by_their_etag(forum: Forum, site: Site) -> None:
    file = forum.thread(12).posts[0].attach("灯.jpg", image=True)
    first = get(site, THREAD)
    cookie = cookies_of(first)
    assert first.headers["ETag"] is None
    forum.etags = True
    for path in (THREAD, file.path, "robots.txt"):
        tag = get(site, path, Cookie=cookie).headers["ETag"]
        known = [get(site, path, Cookie=cookie, If_None_Match=known).status for known in (tag, '"other"')]
        assert known == [304, 200]
    tag = get(site, THREAD, Cookie=cookie).headers["ETag"]
    forum.threads[12].add("又来一条")
    assert get(site, THREAD, Cookie=cookie, If_None_Match=tag).status == 200


def test_what_goes_wrong_in_a_hook_is_told_at_the_end(forum: Forum) -> None:
    def fall() -> None:
        raise LookupError("in the hook")

    forum.before("forum.php", fall)
    with (
        pytest.raises(LookupError, match="in the hook"),
        forum.served() as site,
        pytest.raises(http.client.RemoteDisconnected),
    ):
        get(site, "forum.php")
