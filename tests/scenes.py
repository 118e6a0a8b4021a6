"""Scenes that all clients go through alike; each tells what must come out, and gives what is to be compared."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from clients import SCENES, Scene, caught, scene
from forum import Thread

__all__ = ["SCENES"]

RETRIED: dict[str, dict[str, Any]] = {
    "busy": {},
    "throttle": {},
    "reset": {},
    "hangup": {},
    "cut": {},
    "short": {},
    "empty": {},
    "noise": {},
    "badgzip": {},
    "flood": {},
    "search_interval": {},
    "system_error": {},
    "database_error": {"status": 503},
}
HARMLESS = ("chunked", "gzip", "wrong_charset", "wrong_type")
FINAL = {
    "cloudflare": "ChallengeError",
    "sum": "ChallengeError",
    "reload": "ChallengeError",
    "dsign": "ChallengeError",
    "closed": "SiteClosedError",
    "banned": "PermissionDeniedError",
    "ip_banned": "PermissionDeniedError",
    "proxy": "PermissionDeniedError",
    "login": "LoginRequiredError",
    "bomb": "FetchError",
    "huge": "FetchError",
}


def pids_of(pages: Any) -> list[int | None]:
    return [post.pid for page in pages for post in page.posts]


def held(thread: Thread) -> list[int]:
    return [post.pid for post in thread.posts]


# --- Threads ----------------------------------------------------------------------------------------------------------


@scene
def a_whole_thread(on: Scene) -> object:
    thread = on.forum.thread(12, posts=25)
    thread.posts[14].sticky = thread.posts[3].recommended = True
    read = on.client().thread(on.url(rest="&page=2"))
    assert pids_of([read]) == held(thread)
    assert [request.path for request in on.site.log if request.path == "/robots.txt"] == ["/robots.txt"]
    return read


@scene
def a_thread_by_rewritten_links(on: Scene) -> object:
    on.forum.rewrite, on.forum.charset = True, "gbk"
    thread = on.forum.thread(12, posts=25)
    client = on.client()
    posts = list(client.posts(f"{on.site.url}thread-12-3-1.html"))
    assert [post.pid for post in posts] == held(thread)
    assert on.paths[1:] == ["/thread-12-2-1.html", "/thread-12-3-1.html"]
    return posts


@scene
def a_thread_that_changes_while_it_is_read(on: Scene) -> object:
    thread = on.forum.thread(12, posts=40)
    before = held(thread)
    gone = thread.posts[4]
    on.forum.before("page=2", lambda: thread.delete(gone))
    on.forum.before("page=3", lambda: [thread.add() for _ in range(12)])
    on.forum.before("page=4", lambda: thread.delete(thread.posts[20]))
    pages = list(on.client().pages(on.url()))
    read = pids_of(pages)
    assert len(read) == len(set(read))
    assert {*held(thread), *before} == {*read}
    return pages


@scene
def a_thread_that_redirects_to_itself_at_a_hole(on: Scene) -> object:
    thread = on.forum.thread(12, posts=25)
    thread.delete(thread.posts[12])
    read = on.client().thread(on.url())
    assert pids_of([read]) == held(thread)
    assert on.paths.count("/forum.php?mod=viewthread&tid=12&page=2") >= 2
    return read


@scene
def the_newest_first(on: Scene) -> object:
    thread = on.forum.thread(12, posts=25)
    thread.newest_first = True
    on.forum.before("page=2", thread.add)
    read = on.client().thread(on.url(rest="&ordertype=1"))
    assert pids_of([read]) == held(thread)
    base = "/forum.php?mod=viewthread&tid=12"
    rest = ["", "&ordertype=2", "&page=2&ordertype=2", "&page=3&ordertype=2"]
    assert on.paths == [base + part for part in rest]
    return read


@scene
def one_author_only(on: Scene) -> object:
    thread = on.forum.thread(12, posts=45, authors=("老渡口", "夜航船"))
    read = on.client().thread(on.url(), author=thread.authors[1].uid)
    assert pids_of([read]) == held(thread)[1::2]
    return read


@scene
def some_pages_and_those_since_a_time(on: Scene) -> object:
    thread = on.forum.thread(12, posts=85)
    client = on.client()
    some = list(client.pages(on.url(), start=2, stop=3))
    assert pids_of(some) == held(thread)[10:30]
    since = thread.posts[66].time
    late = list(client.posts(on.url(), since=since))
    assert [post.pid for post in late] == held(thread)[66:]
    return some, late


@scene
def a_walk_that_goes_on_later(on: Scene) -> object:
    thread = on.forum.thread(12, posts=25)
    client = on.client()
    pages = client.pages(on.url())
    first = next(pages)
    told = pages.page, pages.total_pages
    cursor = json.dumps(pages.state)
    rest = list(on.client().pages(on.url(), state=cursor))
    assert pids_of([first, *rest]) == held(thread)
    return told, rest, pages.state


@scene
def links_that_lead_to_posts(on: Scene) -> object:
    thread = on.forum.thread(12, posts=25)
    client = on.client(robots=False)
    links = ["goto=findpost&ptid=12&pid=120014", "tid=12&goto=lastpost", "ptid=12&postno=22&goto=postno"]
    pages = [client.page(f"{on.site.url}forum.php?mod=redirect&{link}") for link in links]
    assert [page.page for page in pages] == [2, 3, 3]
    whole = client.thread(f"{on.site.url}forum.php?mod=redirect&{links[0]}")
    assert pids_of([whole]) == held(thread)
    assert "/robots.txt" not in on.site.paths
    return pages, whole


@scene
def links_that_robots_txt_forbids(on: Scene) -> object:
    on.forum.thread(12, posts=25)
    told = caught(lambda: on.client().thread(f"{on.site.url}forum.php?mod=redirect&tid=12&goto=lastpost"))
    assert told[0] == "FetchError"
    assert "Disallow: /forum.php?mod=redirect*" in told[1]
    assert on.paths == []
    return told[:3]


@scene
def long_posts_in_parts(on: Scene) -> object:
    thread = on.forum.thread(12, posts=13)
    for post in (thread.posts[0], thread.posts[11]):
        post.parts = ("山在北边。", "水在南边。", "人在桥上。")
    read = on.client().thread(on.url())
    assert [post.body for post in read.posts if "山" in post.body] == ["山在北边。\n水在南边。\n人在桥上。"] * 2
    return read


@scene
def remarks_and_ratings_on_request(on: Scene) -> object:
    post = on.forum.thread(12, posts=3).posts[1]
    for number in range(12):
        post.comment(on.forum.person("夜航船"), f"第{number}句")
        post.rate(on.forum.person(f"客{number}"), {"威望": number + 1})
    read = on.client(robots=False).thread(on.url(), extras=True)
    assert (len(read.posts[1].comments), len(read.posts[1].ratings)) == (12, 12)
    return read


@scene
def remarks_that_robots_txt_forbids(on: Scene) -> object:
    post = on.forum.thread(12, posts=3).posts[1]
    for number in range(12):
        post.comment(on.forum.person("夜航船"), f"第{number}句")
    told = caught(lambda: on.client().thread(on.url(), extras=True))
    assert "Disallow: /*?mod=misc*" in told[1]
    return told


# --- Boards -----------------------------------------------------------------------------------------------------------


@scene
def the_rows_of_a_board(on: Scene) -> object:
    for tid in range(1, 46):
        on.forum.thread(tid, posts=2)
    on.forum.threads[7].sticky = True
    on.forum.before("page=2", lambda: on.forum.threads[3].add("顶", time=on.forum.now))
    rows = list(on.client().board(f"{on.site.url}forum.php?mod=forumdisplay&fid=2"))
    assert sorted(row.tid for row in rows) == [*range(1, 46)]
    return rows


@scene
def the_posts_of_a_board_with_threads_that_are_refused(on: Scene) -> object:
    for tid in range(1, 7):
        on.forum.thread(tid, posts=12)
    on.forum.threads[2].refusal, on.forum.threads[3].refusal, on.forum.threads[5].refusal = "gone", "level", "members"
    client = on.client()
    posts = list(client.posts(f"{on.site.url}forum.php?mod=forumdisplay&fid=2"))
    assert sorted({(post.pid or 0) // 10_000 for post in posts}) == [1, 4, 6]
    assert [type(error).__name__ for error in client.stats.problems] == [
        "LoginRequiredError",
        "PermissionDeniedError",
        "NotFoundError",
    ]
    return posts


@scene
def a_board_whose_forum_closes_while_it_is_read(on: Scene) -> object:
    for tid in range(1, 7):
        on.forum.thread(tid, posts=2)
    on.forum.fail("tid=4", "closed")
    told = caught(lambda: list(on.client().posts(f"{on.site.url}forum.php?mod=forumdisplay&fid=2")))
    assert told[0] == "SiteClosedError"
    assert told[3] is not None
    return told


# --- What goes wrong --------------------------------------------------------------------------------------------------


def one_fault(on: Scene, kind: str, options: dict[str, Any]) -> object:
    thread = on.forum.thread(12, posts=25)
    on.forum.fail("page=2", kind, **options)
    client = on.client()
    read = client.thread(on.url())
    assert pids_of([read]) == held(thread)
    assert client.stats.failures == 1
    assert on.paths.count("/forum.php?mod=viewthread&tid=12&page=2") == 2
    return read


def no_fault(on: Scene, kind: str) -> object:
    thread = on.forum.thread(12, posts=25)
    on.forum.fail(None, kind, times=None)
    client = on.client()
    read = client.thread(on.url())
    assert pids_of([read]) == held(thread)
    assert client.stats.failures == 0
    return read


def the_end(on: Scene, kind: str, error: str) -> object:
    on.forum.thread(12, posts=25)
    on.forum.fail("page=2", kind, times=None, **({"size": 1 << 20} if kind in {"bomb", "huge"} else {}))
    client = on.client(max_bytes=1 << 19)
    told = caught(lambda: client.thread(on.url()))
    assert told[0] == error
    assert (told[3] or {})["page"] == 1
    assert len(on.paths) == 2
    return told


for _kind, _options in RETRIED.items():
    SCENES[f"another_try_after_{_kind}"] = partial(one_fault, kind=_kind, options=_options)
for _kind in HARMLESS:
    SCENES[f"nothing_wrong_with_{_kind}"] = partial(no_fault, kind=_kind)
for _kind, _error in FINAL.items():
    SCENES[f"the_end_by_{_kind}"] = partial(the_end, kind=_kind, error=_error)


@scene
def retry_after_in_seconds_and_as_a_date(on: Scene) -> object:
    on.forum.thread(12, posts=5)
    later = on.forum.now + timedelta(seconds=90)
    on.forum.fail(None, "throttle", retry_after=40)
    on.forum.fail(None, "busy", retry_after=later)
    on.forum.fail(None, "throttle", retry_after="soon")
    page = on.client().page(on.url())
    assert {40, 90} <= set(on.time.waits)
    return page


@scene
def more_patience_than_there_is(on: Scene) -> object:
    on.forum.thread(12, posts=5)
    on.forum.fail(None, "throttle", retry_after=86_400)
    client = on.client()
    told = [caught(lambda: client.page(on.url())) for _ in range(2)]
    assert {error for error, *_ in told} == {"FetchError"}
    assert sum(on.time.waits) < 5
    assert len(on.paths) == 1
    return told


@scene
def faults_without_end(on: Scene) -> object:
    on.forum.thread(12, posts=5)
    on.forum.fail(None, "busy", times=None)
    client = on.client(attempts=3)
    told = caught(lambda: client.thread(on.url()))
    assert told[0] == "FetchError"
    assert len(on.paths) == 3
    return told


@scene
def faults_until_the_time_is_over(on: Scene) -> object:
    on.forum.thread(12, posts=5)
    on.forum.fail(None, "busy", times=None, retry_after=20)
    told = caught(lambda: on.client(attempts=99, total_timeout=70).page(on.url()))
    assert sum(on.time.waits) <= 70
    assert len(on.paths) == 4
    return told


@scene
def the_interval_and_more_after_complaints(on: Scene) -> object:
    on.forum.thread(12, posts=95)
    on.forum.fail("page=2", "flood", times=3)
    read = on.client(interval=5, jitter=0.5).thread(on.url())
    assert len(read.posts) == 95
    assert max(on.time.waits[-2:]) < 10 < max(on.time.waits)
    return read


@scene
def a_crawl_delay(on: Scene) -> object:
    on.forum.robots = "User-agent: *\nCrawl-delay: 9\nDisallow: /member.php\n"
    on.forum.thread(12, posts=35)
    read = on.client(jitter=0).thread(on.url())
    assert on.time.waits[-3:] == [9, 9, 9]
    return read


@scene
def a_robots_txt_that_fails_and_then_forbids(on: Scene) -> object:
    on.forum.robots = "User-agent: discuz-scrape\nDisallow: /\n"
    on.forum.fail("robots.txt", "status", times=2, status=500)
    told = caught(lambda: on.client().page(on.url()))
    assert "Disallow: /" in told[1]
    assert on.site.paths == ["/robots.txt"] * 3
    return told


@scene
def a_wall_that_stops_all_further_requests(on: Scene) -> object:
    on.forum.thread(12, posts=25)
    on.forum.fail("tid=12", "cloudflare")
    client = on.client()
    told = [caught(lambda: client.page(on.url())), caught(lambda: client.thread(on.url(tid=13)))]
    assert [error for error, *_ in told] == ["ChallengeError"] * 2
    assert len(on.paths) == 1
    return told


# --- Redirects --------------------------------------------------------------------------------------------------------


@scene
def redirects_that_lead_off_the_site(on: Scene) -> object:
    on.forum.thread(12, posts=5)
    places = ["host", "file", "private", "metadata", "port", "//elsewhere.example/", "broken", "script"]
    client = on.client()
    told = []
    for place in places:
        on.forum.fail(None, "redirect", to=place)
        told.append(caught(lambda: client.page(on.url())))
    assert {error for error, *_ in told} == {"FetchError"}
    assert len(on.paths) == len(places)
    return told[:-2]  # of the last two the library below makes its own words


@scene
def a_redirect_to_https_that_nobody_speaks(on: Scene) -> object:
    on.forum.thread(12, posts=5)
    on.forum.fail(None, "redirect", to="https", times=None)
    client = on.client(attempts=3)
    told = caught(lambda: client.page(on.url()))
    assert (told[0], client.stats.failures) == ("FetchError", 3)
    assert "SSL" in told[1]
    assert len(on.paths) == 3
    return told[0]


@scene
def redirects_without_end(on: Scene) -> object:
    on.forum.thread(12, posts=5)
    on.forum.fail(None, "loop", times=None)
    told = caught(lambda: on.client().page(on.url()))
    assert "redirects more than 10 times" in told[1]
    assert len(on.paths) == 10
    return told


@scene
def the_page_for_phones(on: Scene) -> object:
    thread = on.forum.thread(12, posts=25)
    on.forum.wall("touch")
    read = on.client().thread(on.url())
    assert pids_of([read]) == held(thread)
    assert any("mobile=no" in path for path in on.paths)
    assert not any("mobile=2" in path for path in on.paths)
    return read


@scene
def a_thread_that_was_moved(on: Scene) -> object:
    on.forum.thread(12, posts=3).moved_to = 13
    thread = on.forum.thread(13, posts=25)
    read = on.client().thread(on.url())
    assert pids_of([read]) == held(thread)
    return read


# --- Members ----------------------------------------------------------------------------------------------------------


@scene
def a_member_who_logs_in(on: Scene) -> object:
    on.forum.charset = "gbk"
    thread = on.forum.thread(12, posts=25)
    on.forum.member("芦花白", "秘密", question=3, answer="青石桥")
    on.forum.members_only()
    client = on.client()
    client.login("芦花白", "秘密", question=3, answer="青石桥")
    assert on.site.log == []
    read = client.thread(on.url())
    assert pids_of([read]) == held(thread)
    client.save_cookies(on.folder / "cookies.txt")
    kept = (on.folder / "cookies.txt").read_text()
    assert "qsq0_2132_auth" in kept
    again = on.client(cookies=on.folder / "cookies.txt").page(on.url())
    return read, kept.replace(on.site.host, ""), again


@scene
def a_member_who_mistypes(on: Scene) -> object:
    on.forum.thread(12)
    on.forum.member("芦花白", "秘密")
    client = on.client()
    client.login("芦花白", "wrong")
    told = [caught(lambda: client.page(on.url()))]
    page = client.page(on.url())
    told.append(caught(lambda: client.login("芦花白", "wrong")))
    client.login("芦花白", "秘密")
    assert len(on.forum.sessions) == 1
    assert "您还可以尝试 4 次" in told[0][1]
    return told, page


@scene
def a_login_that_wants_a_captcha(on: Scene) -> object:
    on.forum.thread(12)
    on.forum.member("芦花白", "秘密")
    on.forum.captcha = "script"
    client = on.client()
    client.login("芦花白", "秘密")
    told = caught(lambda: client.page(on.url()))
    assert told[0] == "ChallengeError"
    return told


@scene
def a_session_that_ends_in_the_middle(on: Scene) -> object:
    thread = on.forum.thread(12, posts=45)
    on.forum.member("芦花白", "秘密")
    on.forum.members_only(pages=3)
    client = on.client()
    client.login("芦花白", "秘密")
    told = caught(lambda: client.thread(on.url()))
    assert told[0] == "LoginRequiredError"
    assert len(on.paths) == 2 + 4
    return told, len(thread.posts)


@scene
def a_session_that_is_taken_up_again(on: Scene) -> object:
    thread = on.forum.thread(12, posts=45)
    on.forum.member("芦花白", "秘密")
    on.forum.members_only(pages=3)
    client = on.client()
    client.login("芦花白", "秘密")
    read: list[Any] = []
    told = caught(lambda: read.extend(client.pages(on.url())))
    assert told[0] == "LoginRequiredError"
    assert "page 4 of 5" in told[1]
    client.login("芦花白", "秘密")
    read += client.pages(on.url(), state=told[3])
    assert pids_of(read) == held(thread)
    return told, read


# --- Files ------------------------------------------------------------------------------------------------------------


@scene
def files_of_a_post(on: Scene) -> object:
    post = on.forum.thread(12).posts[0]
    post.attach("灯.jpg", b"\xff\xd8picture", image=True)
    post.attach("../../账本?.zip", b"zipped" * 999)
    client = on.client()
    items = client.page(on.url()).posts[0].attachments
    on.forum.fail("data/attachment", "cut")
    placed = [client.download(item, on.folder) for item in (*items, items[0])]
    assert [path.read_bytes() for path in placed] == [b"\xff\xd8picture", b"zipped" * 999, b"\xff\xd8picture"]
    names = sorted(path.name for path in on.folder.iterdir())
    assert len(names) == 3
    return names


@scene
def files_that_are_messages(on: Scene) -> object:
    post = on.forum.thread(12).posts[0]
    post.attach("诗.txt", b"lines", by_token=True)
    client = on.client(robots=False)
    item = client.page(on.url()).posts[0].attachments[0]
    on.forum.fail("mod=attachment", "notice", text="抱歉，该附件无法读取")
    told = [caught(lambda: client.download(item, on.folder))]
    on.forum.fail("mod=attachment", "status", status=404)
    told.append(caught(lambda: client.download(item, on.folder)))
    on.forum.fail("mod=attachment", "huge", size=1 << 20)
    told.append(caught(lambda: on.client(robots=False, max_bytes=1 << 10).download(item, on.folder)))
    assert [error for error, *_ in told] == ["NotFoundError", "FetchError", "FetchError"]
    assert list(on.folder.iterdir()) == []
    return told


@scene
def pages_that_are_kept(on: Scene) -> object:
    on.forum.thread(12, posts=15)
    on.client(save=on.folder / "kept", cookies={"qsq0_2132_auth": "S3CRET"}).thread(on.url())
    kept = sorted(path.name for path in (on.folder / "kept").iterdir())
    assert len(kept) == 4
    assert not any(b"S3CRET" in path.read_bytes() for path in (on.folder / "kept").iterdir())
    return len(kept), datetime.now(UTC).tzinfo
