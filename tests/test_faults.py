"""Faults of a forum that met the client: what another try mends, and what it must not try again."""

import asyncio
from dataclasses import dataclass, field

import pytest
from forum import Forum, Site

from discuz_scrape import AsyncClient, Client, FetchError, NoticeError


@dataclass
class Time:
    """Time that passes by sleeping alone."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def clock(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def client(time: Time) -> Client:
    return Client(interval=0, sleep=time.sleep, clock=time.clock)


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
