"""Faults of a forum that met the client: what another try mends, and what it must not try again."""

import asyncio
from threading import Barrier

import pytest
from clients import Time
from forum import Forum, Site

from discuz_scrape import AsyncClient, Client, FetchError, NoticeError
from discuz_scrape.fetch._policy import Budget, Pace, Transient
from discuz_scrape.fetch._steps import Send


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def client(time: Time) -> Client:
    return Client(interval=0, **time.options)


@pytest.mark.parametrize("kind", ["short", "empty", "flood", "busy", "reset"])
def test_a_login_that_meets_a_fault_is_tried_again(forum: Forum, site: Site, client: Client, kind: str) -> None:
    forum.thread(12, posts=3)
    forum.member("渡口的风", "right")
    forum.members_only()
    forum.fail("action=login", kind)
    with client:
        client.login("渡口的风", "right")
        assert len(client.thread(f"{site.url}thread-12-1-1.html").posts) == 3
    assert client.stats.failures == 1


@pytest.mark.parametrize("kind", ["short", "empty", "busy", "reset"])
def test_a_login_form_that_was_not_answered_well_is_sent_again(
    forum: Forum, site: Site, client: Client, kind: str
) -> None:
    forum.thread(12, posts=3)
    forum.member("渡口的风", "right")
    forum.members_only()
    forum.fail(lambda request: request.method == "POST", kind)
    with client:
        client.login("渡口的风", "right")
        assert len(client.thread(f"{site.url}thread-12-1-1.html").posts) == 3
    assert [request.method for request in site.log if "action=login" in request.path].count("POST") == 2


def test_a_wrong_password_is_sent_once(forum: Forum, site: Site, client: Client) -> None:
    forum.thread(12)
    forum.member("渡口的风", "right")
    with client, pytest.raises(NoticeError):
        client.login("渡口的风", "wrong")
        client.thread(f"{site.url}thread-12-1-1.html")
    assert [request.method for request in site.log].count("POST") == 1


@pytest.mark.parametrize("body", ["", "<html><body>Forbidden"])
def test_a_refusal_is_one_whatever_its_body(forum: Forum, site: Site, client: Client, body: str) -> None:
    forum.thread(12)
    forum.fail("thread-12", "status", times=None, status=403, body=body)
    with client, pytest.raises(FetchError, match="status 403"):
        client.thread(f"{site.url}thread-12-1-1.html")
    assert len([path for path in site.paths if "thread-12" in path]) == 1


def test_complaints_to_requests_under_way_together_slow_down_once(forum: Forum, site: Site, time: Time) -> None:
    """Eight that doubled it each would make it a minute, and the last would have to wait for eight of them."""
    together = Barrier(8)
    for tid in range(11, 19):
        forum.thread(tid)
    forum.fail("mod=viewthread", "busy", times=8)
    forum.before("mod=viewthread", together.wait, times=8)

    async def fetch() -> None:
        async with AsyncClient(interval=0, concurrency=8, **time.options) as client:
            await client.page(site.url)  # so that robots.txt is known
            urls = [f"{site.url}forum.php?mod=viewthread&tid={tid}" for tid in range(11, 19)]
            await asyncio.gather(*map(client.page, urls))

    asyncio.run(fetch())
    assert max(time.waits) < 4


@pytest.fixture
def pace(time: Time) -> Pace:
    return Pace(interval=10, jitter=0, clock=time.clock)


def _send(pace: Pace, seconds: float = 600) -> Send:
    return Send("https://bbs.example.com/", pace, {}, 1 << 20, Budget(seconds))


def test_patience_that_is_asked_for_meanwhile_is_had(pace: Pace, time: Time) -> None:
    assert list(_send(pace).pauses()) == [0.0]
    pauses = _send(pace).pauses()
    time.sleep(next(pauses))
    pace.complain(after=30, number=1)
    time.sleep(next(pauses))
    assert not list(pauses)
    assert time.waits == [10, 30]


def test_only_the_own_turn_is_taken_from_the_time_for_a_page(pace: Pace, time: Time) -> None:
    for _ in range(20):
        send = _send(pace, seconds=15)
        for pause in send.pauses():
            time.sleep(pause)
    assert send.budget.left == 5


def test_more_patience_than_there_is_time_is_an_error(pace: Pace) -> None:
    pace.complain(after=700, number=1)
    with pytest.raises(Transient, match="asks to be left alone for 700 s more"):
        list(_send(pace).pauses())
