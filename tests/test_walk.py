"""The walk through a thread: what it asks for, what it gives out, where it stops."""

from __future__ import annotations

import json
from typing import Any

import pytest
from walks import BOARD_URL, SITE, START, URL, Simulated, board, minutes, number_of, numbers, post, thread, walked

from discuz_scrape import BoardWalk, ThreadWalk, parse_url
from discuz_scrape.errors import ChallengeError, FetchError, LoginRequiredError, NotFoundError, ParseError
from discuz_scrape.models import Post, Thread


def asks(walk: ThreadWalk, forum: Simulated, **more: Any) -> list[int]:
    """The pages that a walk asks for."""
    asked: list[int] = []
    between = more.pop("between", lambda _: None)

    def note(count: int) -> None:
        asked.append(number_of(walk.ask))
        between(count)

    walked(walk, forum, between=note)
    return asked


# --- Which pages ------------------------------------------------------------------------------------------------------


def test_a_still_thread_is_read_once() -> None:
    for forum in (Simulated(10, 3), Simulated(10, 3, ordinals=True)):
        assert asks(ThreadWalk(URL), forum) == [1, 2, 3, 4]


def test_a_walk_begins_at_page_1_whatever_page_the_address_names() -> None:
    walk = ThreadWalk(f"{URL}&page=7#pid1003")
    assert (walk.ask, walk.page, walk.tid, walk.total_pages) == (URL, 1, 12, None)
    walk.feed(thread(post(1001, 1), total_pages=4))
    assert (walk.ask, walk.page, walk.total_pages) == (f"{URL}&page=2", 2, 4)


@pytest.mark.parametrize("rest", ["&viewpid=1014&inajax=1", "&viewpid=1014&cp=2", "&page=2&pid=1014", "&goto=lastpost"])
def test_the_address_of_one_post_leads_to_its_whole_thread(rest: str) -> None:
    assert ThreadWalk(URL + rest).ask == URL


def test_addresses_keep_the_form_in_which_the_site_writes_them() -> None:
    walk = ThreadWalk(f"{SITE}thread-12-5-2.html")
    walk.feed(thread(post(1001, 1), total_pages=2))
    assert walk.ask == f"{SITE}thread-12-2-1.html"
    alone = ThreadWalk(f"{SITE}thread-12-1-1.html", author=7)
    assert alone.ask == f"{URL}&authorid=7"


def test_a_link_that_redirects_settles_on_the_thread_that_it_leads_to() -> None:
    walk = ThreadWalk(f"{SITE}forum.php?mod=redirect&goto=findpost&pid=1014", author=7)
    assert (walk.tid, walk.ask) == (None, f"{SITE}forum.php?mod=redirect&goto=findpost&pid=1014")
    assert walk.feed(thread(post(1014, 14), page=2, total_pages=3)) == ()
    assert (walk.tid, walk.ask) == (12, f"{URL}&authorid=7")
    direct = ThreadWalk(f"{SITE}huati/12", rewrite=())
    assert numbers(direct.feed(thread(post(1, 1).model_copy(update={"body": "1"}), total_pages=2))) == [1]
    assert direct.ask == f"{URL}&page=2"


def test_a_link_that_leads_to_page_1_is_asked_for_again_where_only_one_author_is_wanted() -> None:
    walk = ThreadWalk(f"{SITE}forum.php?mod=redirect&goto=findpost&pid=1001", author=7)
    assert walk.feed(thread(post(1001, 1))) == ()
    assert walk.ask == f"{URL}&authorid=7"


def test_a_link_whose_page_names_no_thread_is_an_error() -> None:
    with pytest.raises(ParseError, match="which thread"):
        ThreadWalk(f"{SITE}huati/12").feed(thread(tid=None))


def test_a_thread_that_was_moved_is_followed_at_its_first_page_only() -> None:
    walk = ThreadWalk(URL)
    walk.feed(thread(post(1001, 1), tid=34, total_pages=2))
    assert parse_url(walk.ask or "").tid == 34
    with pytest.raises(ParseError, match="asked for thread 34, got thread 35"):
        walk.feed(thread(post(1002, 2), tid=35, page=2, total_pages=2))


def test_a_page_of_another_kind_is_an_error_and_so_is_one_after_the_end() -> None:
    walk = ThreadWalk(URL)
    with pytest.raises(ParseError, match="kind 'board'"):
        walk.feed(board())
    walk.feed(thread(post(1001, 1)))
    assert (walk.ask, walk.page) == (None, None)
    with pytest.raises(ValueError, match="at its end"):
        walk.feed(thread(post(1001, 1)))


def test_a_page_without_posts_heads_the_thread_all_the_same() -> None:
    assert ThreadWalk(URL).feed(thread(subject="空")) == (thread(subject="空"),)


@pytest.mark.parametrize(
    "options",
    [
        {"start": 0},
        {"start": 3, "stop": 2},
        {"stop": 0},
        {"since": START.replace(tzinfo=None)},
        {"since": START.date()},
        {"state": "{}"},
        {"state": "garbage"},
        {"state": "[" * 9999},
        {"state": {"version": 1, "kind": "thread", "url": URL, "page": -1, "next_page": 1}},
        {"state": {"version": 2, "kind": "thread", "url": URL, "page": 1, "next_page": 1}},
        {"state": {"version": 1, "kind": "thread", "url": URL, "page": 1, "next_page": 1, "cookies": "a=b"}},
        {"state": BoardWalk(BOARD_URL).state},
        {"state": ThreadWalk(f"{SITE}thread-13-1-1.html").state},
    ],
)
def test_what_makes_no_sense_is_a_value_error(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        ThreadWalk(URL, **options)


def test_an_address_without_a_host_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="full address"):
        ThreadWalk("thread-12-1-1.html")


# --- Pages that move --------------------------------------------------------------------------------------------------


def test_a_page_past_the_end_is_the_end() -> None:
    forum = Simulated(7, 3)
    assert asks(ThreadWalk(URL, start=9), forum) == [9]
    assert [page.page for page in walked(ThreadWalk(URL, start=9), forum)] == [3]


def test_a_thread_that_ends_before_the_first_page_wanted_gives_no_post() -> None:
    forum = Simulated(7, 3)
    walk = ThreadWalk(URL, start=5)
    assert [(page.tid, page.posts) for page in walked(walk, forum)] == [(12, ())]
    forum.count = 14
    assert numbers(walked(ThreadWalk(URL, start=5, state=walk.state), forum)) == [13, 14]


def test_the_redirect_that_marks_a_thread_sends_the_walk_back_by_one_page() -> None:
    forum = Simulated(10, 3, gone={5})
    walk = ThreadWalk(URL)
    assert asks(walk, forum) == [1, 2, 1, 2, 3]
    assert forum.redirects == 1


def test_fewer_pages_send_the_walk_back_until_it_meets_what_it_knows() -> None:
    forum = Simulated(12, 3, ordinals=True)

    def between(count: int) -> None:
        if count == 3:
            forum.gone |= {2, 3, 4, 5}

    walk = ThreadWalk(URL)
    assert numbers(walked(walk, forum, between=between)) == list(range(1, 13))


def test_a_deletion_that_no_sign_tells_of_hides_the_first_post_of_the_next_page() -> None:
    """The silent case: pages are ordinals, a post of a page that was read is deleted, and nothing tells.

    The page that follows carries the floors that were expected, and the count of pages stays. It would take a second
    look at each page to find out.
    """
    forum = Simulated(11, 3, ordinals=True)

    def between(count: int) -> None:
        if count == 2:
            forum.gone.add(5)

    assert numbers(walked(ThreadWalk(URL), forum, between=between)) == [1, 2, 3, 4, 5, 6, 8, 9, 10, 11]


def test_a_forum_that_leaves_out_floors_by_nature_is_gone_back_for_three_times_only() -> None:
    gaps = {number: thread(post(1000 + number, number * 3), page=number, total_pages=20) for number in range(1, 21)}
    walk, asked = ThreadWalk(URL), []
    while walk.ask is not None:
        asked.append(number_of(walk.ask))
        walk.feed(gaps[asked[-1]])
    assert len(asked) == 20 + 2 * 3


def test_a_sticky_reply_whose_own_place_is_the_end_of_page_1_is_no_gap() -> None:
    assert asks(ThreadWalk(URL), Simulated(9, 3, sticky=frozenset({3}))) == [1, 2, 3]


def test_the_oldest_post_comes_first_whatever_the_address_or_the_thread_says() -> None:
    assert ThreadWalk(f"{URL}&ordertype=1").ask == URL
    forum = Simulated(9, 3, newest_first=True)

    def between(count: int) -> None:
        forum.count += count == 2

    walk = ThreadWalk(URL)
    assert numbers(walked(walk, forum, between=between)) == [*range(1, 11)]
    assert walk.state["url"] == f"{URL}&ordertype=2"
    forum.count += 1
    assert numbers(walked(ThreadWalk(URL, state=walk.state), forum)) == [11]


def test_the_newest_first_is_known_by_its_replies_where_one_author_s_first_post_heads_them() -> None:
    walk = ThreadWalk(URL, author=7)
    first = post(1002, 1).model_copy(update={"is_first": False})
    assert walk.feed(thread(first, post(1009, 3), post(1005, 2))) == ()
    assert walk.ask == f"{URL}&authorid=7&ordertype=2"
    assert len(walk.feed(thread(first, post(1005, 2), post(1009, 3)))) == 1


def test_a_forum_that_does_not_heed_the_order_is_read_as_it_comes() -> None:
    forum = Simulated(9, 3, newest_first=True, heeds_order=False)
    assert asks(ThreadWalk(URL), forum) == [1, 1, 2, 3]
    assert numbers(walked(ThreadWalk(URL), forum)) == [1, 9, 8, 7, 6, 5, 4, 3, 2]
    assert numbers(walked(ThreadWalk(URL, since=minutes(8)), forum)) == [9, 8]


# --- Bounds -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [None, 1, 5, 10**9])
@pytest.mark.parametrize("pid", [None, 1001])
def test_a_forum_that_shows_one_page_for_ever_is_left(page: int | None, pid: int | None) -> None:
    same = thread(post(pid, None), page=page, total_pages=10**9)
    for redirected in (False, True):
        walk = ThreadWalk(URL)
        for _ in range(30):
            if walk.ask is not None:
                walk.feed(same, redirected=redirected)
        assert walk.ask is None


def test_a_forum_that_redirects_for_ever_with_new_posts_is_left() -> None:
    walk = ThreadWalk(URL)
    for at in range(30):
        if walk.ask is not None:
            walk.feed(thread(post(1000 + at), page=number_of(walk.ask), total_pages=2), redirected=True)
    assert walk.ask is None


# --- Since ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("since", [0, 1, 2, 150, 299, 300, 999])
def test_since_reads_few_pages_that_it_does_not_give_out(since: int) -> None:
    forum = Simulated(300, 3)
    walk = ThreadWalk(URL, since=minutes(since))
    asked = asks(walk, forum)
    wanted = len(range(max(since, 1), 301)) // 3 + 1
    assert len(asked) <= wanted + 16


def test_since_with_times_that_are_equal_missing_or_in_disorder_gives_nothing_older() -> None:
    for times in ([5] * 12, [None] * 12, [3, 9, 1, 8, 2, 7, 4, 6, 5, 9, 9, 2]):
        shown: dict[int, Thread] = {}
        for number in range(1, 7):
            posts: list[Post] = []
            for at in ((number - 1) * 2, number * 2 - 1):
                time = times[at]
                posts.append(post(1001 + at, at + 1, timestamp=None if time is None else minutes(time)))
            shown[number] = thread(*posts, page=number, total_pages=6)
        walk, given = ThreadWalk(URL, since=minutes(5)), []
        while walk.ask is not None:
            given += [one for page in walk.feed(shown[number_of(walk.ask)]) for one in page.posts]
        assert all(one.timestamp is None or one.timestamp >= minutes(5) for one in given)
        if len(set(times)) == 1:
            assert len(given) == 12


def test_since_of_a_thread_whose_claim_is_absurd_stays_small() -> None:
    walk, count = ThreadWalk(URL, since=minutes(500)), 0
    while walk.ask is not None:
        count += 1
        walk.feed(thread(post(1001, 1), post(1002, 2), page=min(number_of(walk.ask), 3), total_pages=10**9))
    assert count < 80


# --- Going on later ---------------------------------------------------------------------------------------------------


def test_a_cursor_is_small_and_holds_no_secret() -> None:
    walk = ThreadWalk(URL)
    walk.feed(thread(post(1001, 1), post(1002, 2), total_pages=3))
    assert json.loads(json.dumps(walk.state)) == walk.state
    assert walk.state == {
        "kind": "thread", "url": URL, "tid": 12, "page": 1, "next_page": 2, "border_pids": [1001, 1002], "version": 1,
    }  # fmt: skip


def test_a_walk_at_its_end_is_resumed_for_what_came_in_since() -> None:
    forum = Simulated(7, 3)
    walk = ThreadWalk(URL)
    walked(walk, forum)
    forum.count = 9
    later = ThreadWalk(URL, state=json.dumps(walk.state))
    assert numbers(walked(later, forum)) == [8, 9]


def test_a_walk_whose_last_posts_are_all_deleted_is_resumed_all_the_same() -> None:
    forum = Simulated(12, 3, ordinals=True)
    walk = ThreadWalk(URL)
    for _ in range(3):
        walk.feed(forum.answer(walk.ask)[0])
    forum.gone |= {7, 8, 9}
    assert numbers(walked(ThreadWalk(URL, state=walk.state), forum)) == [10, 11, 12]


def test_pages_without_numbers_of_posts_are_resumed_by_their_page() -> None:
    forum = Simulated(8, 3, pids=False)
    walk = ThreadWalk(URL)
    walk.feed(forum.answer(walk.ask)[0])
    assert numbers(walked(ThreadWalk(URL, state=walk.state), forum)) == [4, 5, 6, 7, 8]
    walked(walk, forum)
    assert numbers(walked(ThreadWalk(URL, state=walk.state), forum)) == []


def test_the_cursor_of_another_thread_shows_when_a_link_is_resolved() -> None:
    state = ThreadWalk(f"{SITE}thread-13-1-1.html").state
    walk = ThreadWalk(f"{SITE}huati/x", state=state)
    with pytest.raises(ParseError, match="cursor is of thread 13"):
        walk.feed(thread(post(1001, 1)))


# --- Extras -----------------------------------------------------------------------------------------------------------


def opened(first: Post, **options: Any) -> ThreadWalk:
    walk = ThreadWalk(URL, **options)
    assert walk.feed(thread(first)) == ()
    return walk


def comment(text: str) -> Any:
    return {"author": {"name": "芦花白"}, "text": text, "timestamp": START}


def rating(name: str) -> Any:
    return {"user": {"name": name}, "scores": {"威望": 1}, "reason": ""}


def test_a_long_post_is_completed() -> None:
    walk = opened(post(1001, 1, parts=3))
    assert walk.page == 1
    assert parse_url(walk.ask or "").pid == 1001
    assert ("cp", "all") in parse_url(walk.ask or "").query
    (page,) = walk.feed(thread(post(1001).model_copy(update={"body": "全文"})))
    assert (page.posts[0].body, page.posts[0].parts, walk.ask) == ("全文", None, None)


def test_remarks_are_read_page_by_page_without_those_known() -> None:
    walk = opened(post(1001, 1, more_comments=True, comments=(comment("a"),)), extras=True)
    assert (parse_url(walk.ask or "").kind, number_of(walk.ask)) == ("comments", 2)
    assert walk.feed(thread(post(1001, more_comments=True, comments=(comment("a"), comment("b"))))) == ()
    assert number_of(walk.ask) == 3
    (page,) = walk.feed(thread(post(None, comments=(comment("c"),))))
    assert [one.text for one in page.posts[0].comments] == ["a", "b", "c"]
    assert not page.posts[0].more_comments


def test_ratings_are_those_of_the_window() -> None:
    walk = opened(post(1001, 1, more_ratings=True, ratings=(rating("甲"), rating("乙"))), extras=True)
    (page,) = walk.feed(thread(post(1001, ratings=(rating("丙"), rating("甲")))))
    assert [one.user.name for one in page.posts[0].ratings] == ["丙", "甲"]


def test_nothing_more_is_asked_for_unless_it_is_wanted_or_can_be_had() -> None:
    rich = post(1001, 1, more_comments=True, more_ratings=True)
    assert len(ThreadWalk(URL).feed(thread(rich))) == 1
    nameless = rich.model_copy(update={"pid": None})
    assert len(ThreadWalk(URL, extras=True).feed(thread(nameless))) == 1
    assert len(ThreadWalk(f"{SITE}archiver/tid-12.html", extras=True).feed(thread(rich))) == 1


def test_a_refused_extra_is_an_issue_and_the_page_comes() -> None:
    walk = opened(post(1001, 1, parts=2, more_ratings=True), extras=True)
    assert walk.fail(NotFoundError("gone", text="抱歉")) == ()
    (page,) = walk.fail(LoginRequiredError("log in", text="请登录"))
    assert [one.path for one in page.issues] == ["posts[0].body", "posts[0].ratings"]
    assert walk.state["border_pids"] == [1001]


@pytest.mark.parametrize("error", [ChallengeError("a wall", text=""), FetchError("lost")])
def test_an_extra_that_meets_a_wall_stops_the_walk_before_its_page(error: Any) -> None:
    walk = opened(post(1001, 1, parts=2))
    with pytest.raises(type(error), match="stood at page 1") as caught:
        walk.fail(error)
    assert numbers(ThreadWalk(URL, state=caught.value.state).feed(Simulated(1).answer(URL)[0])) == [1]


@pytest.mark.parametrize("answer", [board(), thread(), thread(post(1999))])
def test_an_answer_without_the_post_is_an_error(answer: Any) -> None:
    walk = opened(post(1001, 1, parts=2))
    with pytest.raises(ParseError, match="asked for body of post 1001"):
        walk.feed(answer)


def test_an_answer_that_cannot_be_read_does_not_keep_the_rest_from_being_read() -> None:
    walk = opened(post(1001, 1, parts=2))
    with pytest.raises(ParseError) as caught:
        walk.feed(thread())
    (page,) = walk.fail(caught.value)
    assert [one.path for one in page.issues] == ["posts[0].body"]


def test_an_error_on_a_page_says_where_the_walk_stood_once() -> None:
    walk = ThreadWalk(URL)
    walk.feed(thread(post(1001, 1), total_pages=3))
    error = LoginRequiredError("log in", text="")
    for _ in range(2):
        with pytest.raises(LoginRequiredError) as caught:
            walk.fail(error)
    assert str(caught.value).count("the walk stood at page 2 of 3") == 1
    assert caught.value.state == walk.state

