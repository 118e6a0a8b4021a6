"""The pace at one host, as its owner sees it in his log; and what is tried again, how often, and how long."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import httpx
import pytest
from clients import Time, Wire, run_at_once, thread_url
from forum import Forum, Site
from hypothesis import given
from hypothesis import strategies as st

from discuz_scrape import AsyncClient, ChallengeError, Client, DiscuzScrapeError, FetchError
from discuz_scrape.fetch._policy import Pace

HOST = "http://bbs.hewan.example/"
THREAD = f"{HOST}forum.php?mod=viewthread&tid=12"


def turn(pace: Pace, time: Time) -> float:
    """Wait for a turn, and take it; gives when it came."""
    time.sleep(pace.pause())
    pace.leave()
    return time.now


# --- The pace ---------------------------------------------------------------------------------------------------------

SECONDS = st.floats(0, 1_000)
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("pass"), SECONDS),
        st.tuples(st.just("complain"), st.one_of(st.none(), SECONDS)),
        st.tuples(st.just("praise"), st.none()),
    ),
    max_size=40,
)


@given(interval=st.floats(0, 100), jitter=st.floats(0, 2), deeds=DEEDS)
def test_whatever_happens_the_interval_is_kept_and_patience_shown(
    interval: float, jitter: float, deeds: list[tuple[str, float | None]]
) -> None:
    time = Time()
    pace = Pace(interval, jitter, time.clock)
    last, earliest = turn(pace, time), 0.0
    for deed, seconds in deeds:
        if deed == "pass":
            time.now += seconds or 0
        elif deed == "complain":
            pace.complain(seconds, number=1)
            earliest = time.now + (seconds or pace.extra)
        else:
            pace.praise()
        began = turn(pace, time)
        assert began >= max(last + interval, earliest) - 1e-6
        last = began


@given(jitter=st.floats(0, 2))
def test_jitter_adds_its_share_at_most(jitter: float) -> None:
    time = Time()
    pace = Pace(10, jitter, time.clock)
    times = [turn(pace, time) for _ in range(20)]
    gaps = gaps_of(times)
    assert all(10 - 1e-6 <= gap <= 10 * (1 + jitter) + 1e-6 for gap in gaps)


def test_nothing_is_waited_for_that_is_over_already() -> None:
    time = Time()
    pace = Pace(5, 0, time.clock)
    turn(pace, time)
    time.now += 3
    turn(pace, time)
    time.now += 60
    turn(pace, time)
    turn(pace, time)
    assert time.waits == [0, 2, 0, 5]


def test_complaints_make_it_slower_up_to_a_minute_and_good_answers_faster_again() -> None:
    time = Time()
    pace = Pace(1, 0, time.clock)
    slower = []
    for _ in range(8):
        pace.complain(None, pace.leave())
        slower.append(pace.extra)
    assert slower == [1, 2, 4, 8, 16, 32, 60, 60]
    faster = []
    for _ in range(27):
        pace.praise()
        faster.append(pace.extra)
    assert faster[::3] == [60, 30, 15, 7.5, 3.75, 1.875, 0.9375, 0.46875, 0.0][: len(faster[::3])]
    assert faster[2::3] == [30, 15, 7.5, 3.75, 1.875, 0.9375, 0.46875, 0.0, 0.0]


def test_a_complaint_in_between_starts_the_way_to_forgiveness_anew() -> None:
    pace = Pace(1, 0, Time().clock)
    pace.complain(None, pace.leave())
    pace.praise()
    pace.praise()
    pace.complain(None, pace.leave())
    pace.praise()
    assert pace.extra == 2


def test_threads_take_turns_that_nobody_else_has() -> None:
    pace = Pace(1, 0.3, lambda: 0.0)
    turns: list[int] = []
    on_threads(lambda: turns.extend(pace.leave() for _ in range(50)), 8)
    assert sorted(turns) == list(range(1, 401))
    assert pace.pause() >= 400


def on_threads(act: Callable[[], object], count: int) -> None:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - told below
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures, failures


# --- Many at once -----------------------------------------------------------------------------------------------------


def visited(
    forum: Forum, urls: list[str], *, takes: float = 0.0, **options: Any
) -> tuple[Wire, list[object], AsyncClient]:
    """Ask for all addresses at once."""

    async def visit() -> tuple[Wire, list[object], AsyncClient]:
        wire = Wire(forum, asyncio.get_running_loop().time)
        wire.takes = takes
        async with wire.on_loop() as http, AsyncClient(http=http, clock=wire.clock, **options) as client:
            return wire, await asyncio.gather(*map(client.page, urls), return_exceptions=True), client

    return run_at_once(visit())


def gaps_of(times: list[float]) -> list[float]:
    return [after - before for before, after in pairwise(times)]


@pytest.mark.parametrize("concurrency", [1, 8])
def test_tasks_keep_the_interval_and_the_number_of_requests_under_way(forum: Forum, concurrency: int) -> None:
    forum.thread(12, posts=20)
    urls = [f"{THREAD}&page={1 + number % 2}" for number in range(32)]
    wire, pages, client = visited(forum, urls, takes=30, interval=2, concurrency=concurrency)
    assert not [page for page in pages if isinstance(page, Exception)]
    gaps = gaps_of([time for time, _ in wire.log])
    assert min(gaps) >= 2 - 1e-6
    assert wire.most_at_once == concurrency
    assert wire.urls.count("bbs.hewan.example/robots.txt") == 1
    assert client.stats.requests == 33


def test_hosts_are_paced_apart(forum: Forum) -> None:
    forum.thread(12, posts=5)
    other = THREAD.replace("hewan", "dukou")
    wire, _, _ = visited(forum, [THREAD, other] * 4, interval=100, jitter=0)
    by_host: dict[str, list[float]] = {}
    for time, request in wire.log:
        by_host.setdefault(request.host, []).append(time)
    assert len(by_host) == 2
    assert all(gaps_of(times) == pytest.approx([100] * 4) for times in by_host.values())
    assert len(wire.times) == 8


def test_all_ports_of_a_host_are_one_host(forum: Forum) -> None:
    forum.thread(12, posts=5)
    ports = ("", ":8080", ":8081")
    urls = [THREAD.replace(".example", f".example{port}") for port in ports * 4]
    wire, pages, _ = visited(forum, urls, takes=10, interval=2)
    assert not [page for page in pages if isinstance(page, Exception)]
    assert min(gaps_of([time for time, _ in wire.log])) >= 2 - 1e-6
    assert wire.most_at_once == 1


def test_a_complaint_reaches_those_who_wait_for_their_turn(forum: Forum) -> None:
    forum.thread(12, posts=5)
    forum.fail("n=2", "throttle", retry_after=300)
    urls = [f"{THREAD}&n={number}" for number in range(8)]
    wire, pages, _ = visited(forum, urls, interval=2, jitter=0, concurrency=8, robots=False)
    assert not [page for page in pages if isinstance(page, Exception)]
    told = next(time for time, request in wire.log if "n=2" in request.path)
    assert [time for time in wire.times if told < time < told + 300] == []
    assert min(gaps_of(wire.times)) >= 2 - 1e-6


def test_it_goes_slower_after_a_flood_page_and_faster_again(forum: Forum) -> None:
    forum.thread(12, posts=200)
    forum.fail("page=3$", "flood", times=2)

    async def visit() -> list[float]:
        wire = Wire(forum, asyncio.get_running_loop().time)
        async with wire.on_loop() as http, AsyncClient(http=http, clock=wire.clock, jitter=0) as client:
            await client.thread(THREAD)
        return gaps_of(wire.times)

    gaps = run_at_once(visit())
    assert gaps[0] == pytest.approx(1.5)
    assert gaps[4] == pytest.approx(1.5 + 2)
    assert gaps[-1] == pytest.approx(1.5)
    assert min(gaps) >= 1.5 - 1e-6
    assert sorted(gaps[4:], reverse=True) == pytest.approx(gaps[4:])


def test_a_crawl_delay_counts_from_robots_txt_on_and_the_longer_one_wins(forum: Forum) -> None:
    forum.robots = "User-agent: *\nCrawl-delay: 20\n"
    forum.thread(12, posts=5)
    for interval, gap in ((1, 20), (30, 30)):
        wire, _, _ = visited(forum, [THREAD] * 5, interval=interval, jitter=0, concurrency=8)
        assert gaps_of([time for time, _ in wire.log]) == pytest.approx([gap] * 5)


def test_a_forum_that_limits_refreshing_is_believed(forum: Forum, site: Site, time: Time) -> None:
    forum.thread(12, posts=5)
    page = httpx.get(thread_url(site)).text
    with Client(**time.options, interval=0.5, jitter=0, robots=False) as client:
        for limits, gap in (("0", 0.5), ("4", 0.5), ("1", 2), ("0", 2)):
            told = page.replace("<head>", f"<head><script>var attackevasive = '{limits}';</script>")
            forum.fail(None, "altered", body=told)
            client.page(thread_url(site))
            client.page(thread_url(site))
            assert time.waits[-1] == pytest.approx(gap)


def test_threads_keep_the_number_of_requests_under_way(forum: Forum, site: Site) -> None:
    forum.thread(12, posts=5)
    for concurrency in (1, 4):
        site.most_at_once = 0
        forum.before("tid=12", threading.Barrier(concurrency, timeout=20).wait, times=concurrency)
        with Client(interval=0, concurrency=concurrency) as client:
            client.page(site.url)
            on_threads(lambda: [client.page(thread_url(site)) for _ in range(2)], 8)
            assert client.stats.pages == 17
        assert site.most_at_once == concurrency


def test_threads_keep_the_interval(forum: Forum, site: Site, time: Time) -> None:
    forum.thread(12, posts=5)
    with Client(**time.options, interval=2, jitter=0, concurrency=8) as client:
        on_threads(lambda: [client.page(thread_url(site)) for _ in range(4)], 8)
    assert time.waits == pytest.approx([2] * 32)
    assert len(site.log) == 33


def test_one_client_serves_many_threads(forum: Forum, site: Site) -> None:
    forum.members_only()
    member = forum.member("老渡口", "桥")
    for tid in range(12, 20):
        forum.thread(tid, posts=25)
    threads = iter(range(12, 20))
    read: dict[int, list[int | None]] = {}

    def visit() -> None:
        tid = next(threads)
        read[tid] = [post.pid for post in client.thread(thread_url(site, tid)).posts]

    with Client(interval=0, concurrency=8) as client:
        client.login(member.author.name, "桥")
        on_threads(visit, 8)
        assert client.stats.pages == 24
    assert read == {tid: [post.pid for post in thread.posts] for tid, thread in forum.threads.items()}
    assert site.paths.count("/robots.txt") == 1
    assert [request.method for request in site.log].count("POST") == 1


# --- Cancellation and interrupts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [0.0, 1.0, 2.0, 3.5, 7.0, 40.0])
def test_tasks_that_are_cancelled_hold_up_nobody(forum: Forum, after: float) -> None:
    """Whether they wait for robots.txt, for their turn, for others, or for the answer."""
    forum.thread(12, posts=5)

    async def visit() -> int:
        wire = Wire(forum, asyncio.get_running_loop().time)
        wire.takes = 5
        async with wire.on_loop() as http, AsyncClient(http=http, clock=wire.clock, concurrency=2) as client:
            tasks = [asyncio.create_task(client.page(THREAD)) for _ in range(8)]
            await asyncio.sleep(after)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert all(task.cancelled() or not task.exception() for task in tasks)
            assert wire.under_way == 0
            wire.most_at_once = 0
            await asyncio.wait_for(asyncio.gather(*(client.page(THREAD) for _ in range(8))), 1_000)
            return wire.most_at_once

    assert run_at_once(visit()) == 2


class Interrupted(BaseException):
    """What is no Exception, as KeyboardInterrupt and CancelledError."""


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit, Interrupted])
def test_an_interrupt_passes_and_the_client_goes_on(
    forum: Forum, site: Site, interrupt: type[BaseException], tmp_path: Any
) -> None:
    post = forum.thread(12, posts=5).posts[0]
    post.attach("灯.jpg", b"light", image=True)
    time = Time()

    def sleep(seconds: float) -> None:
        time.sleep(seconds)
        if len(time.waits) in interrupting:
            raise interrupt

    interrupting = {1}
    with Client(clock=time.clock, sleep=sleep) as client:
        with pytest.raises(interrupt):
            client.page(thread_url(site))
        item = client.page(thread_url(site)).posts[0].attachments[0]  # type: ignore[union-attr]
        forum.fail("data/attachment", "cut")
        interrupting.add(len(time.waits) + 2)
        with pytest.raises(interrupt) as caught:
            client.download(item, tmp_path)
        assert caught.tb is not None
        assert list(tmp_path.iterdir()) == []
        assert client.download(item, tmp_path).read_bytes() == b"light"


# --- Another try ------------------------------------------------------------------------------------------------------


def test_tries_are_counted_and_the_last_failure_is_the_cause(forum: Forum, site: Site, time: Time) -> None:
    forum.thread(12)
    forum.fail(None, "hangup", times=None)
    with Client(**time.options, attempts=4, robots=False) as client, pytest.raises(FetchError) as caught:
        client.page(thread_url(site))
    assert len(site.paths) == 4
    assert "no tries are left" in str(caught.value)
    assert caught.value.url == thread_url(site)
    assert isinstance(caught.value.__cause__, FetchError)
    assert "RemoteProtocolError" in str(caught.value.__cause__)
    assert type(caught.value.__cause__.__cause__).__name__ == "RemoteProtocolError"


def test_waits_grow_between_tries(forum: Forum, site: Site, time: Time) -> None:
    forum.fail(None, "hangup", times=None)
    with Client(**time.options, interval=0, attempts=9, robots=False) as client, pytest.raises(FetchError):
        client.page(site.url)
    for number, wait in enumerate(time.waits):
        assert min(2**number, 60) <= wait <= min(2**number + 1, 60)
    assert len(time.waits) == 8


def test_retry_after_is_obeyed_by_the_server_s_clock(forum: Forum, site: Site, time: Time) -> None:
    forum.thread(12)
    forum.fail(None, "busy", retry_after="Mon, 20 May 2024 04:02:00 GMT")  # its clock says 04:00:00
    forum.fail(None, "busy", retry_after="Mon, 20 May 2024 03:59:00 GMT")
    forum.fail(None, "throttle", retry_after=45)
    with Client(**time.options, interval=0, robots=False) as client:
        client.page(thread_url(site))
    assert time.waits[0] == pytest.approx(120)
    assert time.waits[1] < 10
    assert 45 in time.waits


@pytest.mark.parametrize("asked", ["86400", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_nobody_sleeps_for_a_day(forum: Forum, site: Site, time: Time, asked: str) -> None:
    forum.fail(None, "busy", retry_after=asked)
    with Client(**time.options, robots=False) as client:
        with pytest.raises(FetchError, match="no tries are left"):
            client.page(thread_url(site))
        with pytest.raises(FetchError, match="asks to be left alone"):
            client.page(thread_url(site))
    assert sum(time.waits) < 2
    assert len(site.log) == 1


def test_patience_that_robots_txt_asked_for_is_no_leave_to_pass_it_by(forum: Forum, site: Site, time: Time) -> None:
    forum.robots = "User-agent: *\nDisallow: /\n"
    forum.fail("robots.txt", "busy", retry_after=3_600)
    with Client(**time.options) as client:
        for _ in range(2):
            with pytest.raises(FetchError, match="no tries are left"):
                client.page(thread_url(site))
        time.now += 3_600
        with pytest.raises(FetchError, match="Disallow: /"):
            client.page(thread_url(site))
    assert site.paths == ["/robots.txt"] * 2


def test_who_asked_for_patience_is_asked_again_when_the_time_is_over(forum: Forum, site: Site, time: Time) -> None:
    forum.thread(12)
    forum.fail(None, "busy", retry_after=3_600)
    with Client(**time.options, robots=False) as client:
        with pytest.raises(FetchError):
            client.page(thread_url(site))
        time.now += 3_590
        assert client.page(thread_url(site)).kind == "thread"
    assert time.waits[-1] == pytest.approx(10)


@pytest.mark.parametrize(
    ("kind", "options"),
    [("status", {"status": status}) for status in (400, 401, 402, 403, 404, 405, 406, 410, 418, 421, 451)]
    + [("cloudflare", {}), ("cloudflare", {"status": 503}), ("cloudflare", {"status": 429}), ("login", {})]
    + [("altered", {"body": "<html><body>今天休息</body></html>"}), ("closed", {}), ("redirect", {"to": "broken"})],
)
def test_what_no_other_try_can_mend_is_asked_for_once(
    forum: Forum, site: Site, time: Time, kind: str, options: dict[str, Any]
) -> None:
    forum.thread(12)
    forum.fail(None, kind, times=None, **options)
    with Client(**time.options, robots=False) as client, pytest.raises(DiscuzScrapeError) as caught:
        client.page(thread_url(site))
    assert len(site.log) == 1
    assert "no tries are left" not in str(caught.value)
    assert client.stats.failures == 0


@pytest.mark.parametrize("status", [408, 425, 429, 500, 501, 502, 503, 504, 520, 599])
def test_what_another_try_may_mend_is_asked_for_again(forum: Forum, site: Site, time: Time, status: int) -> None:
    forum.thread(12)
    forum.fail(None, "status", status=status)
    with Client(**time.options, robots=False) as client:
        assert client.page(thread_url(site)).kind == "thread"
        assert (client.stats.failures, client.stats.requests, client.stats.pages) == (1, 2, 1)
    assert sum(time.waits) == pytest.approx(client.stats.waited)
    assert time.waits[0] >= 1


def test_a_challenge_stops_the_host_and_no_other_one(forum: Forum) -> None:
    forum.thread(12, posts=5)
    forum.fail("n=1", "cloudflare")
    urls = [f"{THREAD}&n={number}" for number in range(8)]
    wire, pages, _ = visited(forum, [*urls, THREAD.replace("hewan", "dukou")], interval=2, robots=False)
    assert [type(page).__name__ for page in pages] == ["Thread"] + ["ChallengeError"] * 7 + ["Thread"]
    assert len(wire.log) == 3
    told = pages[3]
    assert isinstance(told, ChallengeError)
    assert isinstance(told.__cause__, ChallengeError)
