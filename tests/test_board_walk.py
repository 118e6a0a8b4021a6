"""The walk through a board: rows that move while they are read, and threads that cannot be."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from walks import BOARD_URL, MEMBER, SITE, START, board, board_walked, minutes, number_of, post, row, thread

from discuz_scrape import BoardWalk, ThreadWalk, parse_url
from discuz_scrape.errors import (
    ChallengeError,
    DiscuzScrapeError,
    FetchError,
    LoginRequiredError,
    NotFoundError,
    ParseError,
    SiteClosedError,
)
from discuz_scrape.models import Board, BoardInfo, Page, Thread, ThreadList, ThreadSummary


class Living:
    """A board whose threads are bumped, begun and deleted while it is read."""

    def __init__(self, count: int, per_page: int, pinned: int = 0) -> None:
        self.rows, self.per_page = list(range(count, 0, -1)), per_page
        self.times = {tid: tid for tid in self.rows}
        self.pinned = [row(900 + at, sticky="board") for at in range(pinned)]

    def answer(self, url: str | None) -> Board:
        pages = max(1, -(-len(self.rows) // self.per_page))
        number = min(number_of(url), pages)
        shown = self.rows[(number - 1) * self.per_page : number * self.per_page]
        rows = [row(tid, last_post_at=minutes(self.times[tid])) for tid in shown]
        forum = BoardInfo(fid=2, thread_count=len(self.rows))
        return board(*self.pinned, *rows, page=number, total_pages=pages, forum=forum)

    def do(self, what: str, number: int) -> None:
        if what == "begin":
            self.rows.insert(0, max(self.times, default=0) + 1)
            self.times[self.rows[0]] = max(self.times.values(), default=0) + 1
        elif what == "bump" and number in self.rows:
            self.rows.remove(number)
            self.rows.insert(0, number)
            self.times[number] = max(self.times.values()) + 1
        elif what == "delete" and number in self.rows:
            self.rows.remove(number)


def tids(pages: list[Any]) -> list[int | None]:
    return [one.tid for page in pages for one in page.threads]


deeds = st.lists(
    st.lists(st.tuples(st.sampled_from(["begin", "bump", "resume"]), st.integers(1, 20)), max_size=3), max_size=15
)


@settings(deadline=None, max_examples=200)
@given(st.integers(1, 20), st.integers(2, 5), st.integers(0, 2), deeds)
@example(5, 2, 0, [[], [], [("bump", 1)], [("begin", 1), ("begin", 1)], [("bump", 1)]])  # it jumps twice
def test_each_thread_comes_once_however_the_board_moves(
    count: int, per_page: int, pinned: int, deeds: list[list[tuple[str, int]]]
) -> None:
    forum = Living(count, per_page, pinned)
    walk = BoardWalk(BOARD_URL)
    pages: list[Any] = []
    resumed = False
    for asks in range(300):
        if walk.ask is None:
            break
        for what, number in deeds[asks] if asks < len(deeds) else ():
            forum.do(what, number)
            if what == "resume":
                resumed, walk = True, BoardWalk(BOARD_URL, state=json.loads(json.dumps(walk.state)))
        pages += walk.feed(forum.answer(walk.ask))
    assert walk.ask is None
    got = tids(pages)
    assert set(range(1, count + 1)) <= set(got)
    assert resumed or len(got) == len(set(got))


def test_a_thread_that_is_deleted_sends_the_walk_back_by_one_page() -> None:
    forum, walk = Living(9, 3), BoardWalk(BOARD_URL)
    got = walk.feed(forum.answer(walk.ask))
    forum.do("delete", 8)
    asked = []
    while walk.ask is not None:
        asked.append(number_of(walk.ask))
        got += walk.feed(forum.answer(walk.ask))
    assert tids(list(got)) == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert asked == [2, 1, 2, 3]


def refuse(walk: BoardWalk, error: DiscuzScrapeError) -> DiscuzScrapeError:
    with pytest.raises(type(error)) as caught:
        walk.fail(error)
    assert caught.value is error
    return error


def opened(*rows: ThreadSummary, site: Any = None, **options: Any) -> BoardWalk:
    """A walk through threads, that has read the only page of its board."""
    walk = BoardWalk(BOARD_URL, **({"threads": True} | options))
    walk.feed(board(*rows, **({"site": site} if site else {})))
    return walk


def asked(walk: BoardWalk) -> int | None:
    return parse_url(walk.ask or SITE).tid


@pytest.mark.parametrize("error", [NotFoundError("gone", text="抱歉，指定的主题不存在"), ParseError("no page")])
def test_a_thread_that_cannot_be_had_is_put_down_and_the_walk_goes_on(error: DiscuzScrapeError) -> None:
    walk = opened(row(1), row(2))
    assert (asked(walk), walk.fail(error), walk.problems, asked(walk)) == (1, (), [error], 2)
    (page,) = walk.feed(thread(post(1001, 1), tid=2))
    assert isinstance(page, Thread)
    assert (page.tid, walk.ask) == (2, None)


@pytest.mark.parametrize(
    "error", [ChallengeError("a wall", text=""), SiteClosedError("closed", text=""), FetchError("lost")]
)
def test_what_concerns_the_whole_site_stops_the_walk(error: DiscuzScrapeError) -> None:
    walk = opened(row(1), row(2))
    stopped = refuse(walk, error)
    assert stopped.state is not None
    again = BoardWalk(BOARD_URL, threads=True, state=stopped.state)
    assert asked(again) == 1
    again.feed(thread(post(1001, 1), tid=1))
    assert asked(again) == 2
    assert walk.problems == []


def test_an_error_on_the_board_itself_says_where_the_walk_stood() -> None:
    walk = BoardWalk(BOARD_URL)
    assert "page 1 of the board" in str(refuse(walk, NotFoundError("gone", text="")))
    walk.feed(board(row(1), total_pages=4))
    assert "page 2 of 4 of the board" in str(refuse(walk, FetchError("lost")))


def test_a_members_session_that_ends_stops_the_walk_at_once() -> None:
    walk = opened(row(1), row(2), site=MEMBER)
    state = refuse(walk, LoginRequiredError("log in", text="")).state
    assert asked(BoardWalk(BOARD_URL, threads=True, state=state)) == 1


def test_guests_may_be_refused_some_threads_but_not_all() -> None:
    walk = opened(*(row(tid) for tid in range(1, 7)))
    assert walk.fail(LoginRequiredError("log in", text="")) == ()
    walk.feed(thread(post(1001, 1), tid=2))
    assert len(walk.problems) == 1
    for _ in range(2):
        assert walk.fail(LoginRequiredError("log in", text="")) == ()
    state = refuse(walk, LoginRequiredError("log in", text="")).state
    assert len(walk.problems) == 1
    again = BoardWalk(BOARD_URL, threads=True, state=json.dumps(state))
    left = []
    while again.ask is not None:
        left.append(asked(again))
        tid = asked(again)
        again.feed(board(*map(row, range(1, 7))) if tid is None else thread(post(1001, 1), tid=tid))
    assert [tid for tid in left if tid] == [5, 3, 4, 6]


def test_another_refusal_between_does_not_count_as_one_for_want_of_a_login() -> None:
    walk = opened(*(row(tid) for tid in range(1, 7)))
    for at in range(5):
        kind = NotFoundError if at % 3 == 2 else LoginRequiredError
        assert walk.fail(kind("no", text="")) == ()
    assert len(walk.problems) == 5


def test_a_number_of_threads_ends_the_walk() -> None:
    walk = BoardWalk(BOARD_URL, threads=2)
    walk.feed(board(row(1), row(2), row(3), total_pages=9))
    read = []
    while walk.ask is not None:
        read.append(asked(walk))
        walk.feed(thread(post(1001, 1), tid=asked(walk)))
    assert read == [1, 2]
    assert walk.page is None


def test_pages_and_threads_take_turns() -> None:
    walk = BoardWalk(BOARD_URL, threads=True, extras=True, since=START)
    seen: list[str] = []
    while walk.ask is not None:
        ref = parse_url(walk.ask)
        seen.append(f"{ref.kind} {ref.tid or ref.page}")
        if ref.kind == "board":
            page: Page = board(row(10 * (ref.page or 1)), row(None), page=ref.page, total_pages=2)
        else:
            page = thread(post(1001, 1), tid=ref.tid)
        walk.feed(page)
    assert seen == ["board 1", "thread 10", "board 2", "thread 20"]
    assert walk.total_pages == 2


def test_only_threads_of_one_author_or_of_late_are_given_out() -> None:
    rows = [
        row(1, author={"name": "阿梅", "uid": 5}, last_post_at=minutes(9)),
        row(2, author={"name": "老渡口", "uid": 6}, last_post_at=minutes(8)),
        row(3, last_post_at=minutes(2)),
        row(4),
    ]
    assert tids(board_walked(BoardWalk(BOARD_URL, author=5), lambda _: board(*rows))) == [1]
    late = BoardWalk(BOARD_URL, since=minutes(5))
    assert tids(list(late.feed(board(*rows, total_pages=9)))) == [1, 2, 4]
    assert late.ask is not None
    assert late.feed(board(row(7, last_post_at=minutes(1)), page=2, total_pages=9)) == ()
    assert late.ask is None


def test_pinned_rows_come_once_and_do_not_keep_the_walk_going() -> None:
    pinned = row(9, sticky="global", last_post_at=minutes(99))
    walk = BoardWalk(BOARD_URL, since=minutes(5))
    (first,) = walk.feed(board(pinned, row(1, last_post_at=minutes(6)), total_pages=5))
    assert tids([first]) == [9, 1]
    assert walk.feed(board(pinned, row(2, last_post_at=minutes(4)), page=2, total_pages=5)) == ()
    assert walk.ask is None


def test_start_and_stop_choose_pages() -> None:
    forum = Living(20, 2)
    assert tids(board_walked(BoardWalk(BOARD_URL, start=3, stop=4), forum.answer)) == [16, 15, 14, 13]


def test_a_board_that_ends_before_the_first_page_wanted_gives_no_row() -> None:
    pages = board_walked(BoardWalk(BOARD_URL, start=5, threads=True), Living(7, 3).answer)
    assert [(page.forum.fid, page.threads) for page in pages] == [(2, ())]


def test_other_lists_of_threads_are_read_too() -> None:
    url = f"{SITE}forum.php?mod=guide&view=new"
    pages = board_walked(BoardWalk(url), lambda _: ThreadList(list="guide", threads=(row(1),), site=board().site))
    assert tids(pages) == [1]


def test_an_address_that_the_rules_do_not_know_settles_on_the_board_that_it_shows() -> None:
    walk = BoardWalk("https://bbs.qingshiqiao.example/chaguan/p3")
    assert walk.ask == "https://bbs.qingshiqiao.example/chaguan/p3"
    assert walk.feed(board(row(5), page=3, total_pages=3)) == ()
    assert walk.ask == BOARD_URL
    assert tids(list(walk.feed(board(row(1), page=1, total_pages=3)))) == [1]
    assert walk.ask == f"{BOARD_URL}&page=2"
    direct = BoardWalk("https://bbs.qingshiqiao.example/chaguan")
    assert tids(list(direct.feed(board(row(1), total_pages=3)))) == [1]
    assert direct.ask == f"{BOARD_URL}&page=2"
    assert BoardWalk(BOARD_URL, state=direct.state).ask == BOARD_URL


def test_an_unknown_address_whose_page_names_no_board_is_an_error() -> None:
    walk = BoardWalk("https://bbs.qingshiqiao.example/chaguan")
    with pytest.raises(ParseError, match="which board"):
        walk.feed(board(forum=BoardInfo(name="桥头茶馆")))
    with pytest.raises(ParseError, match="which board"):
        walk.feed(ThreadList(list="guide", site=board().site))


def test_no_forum_keeps_a_walk_for_ever() -> None:
    same = board(row(1), row(2), page=None, total_pages=10**9)
    assert tids(board_walked(BoardWalk(BOARD_URL), lambda _: same, most=20)) == [1, 2]
    backwards = iter(range(10**6, 0, -1))
    assert board_walked(
        BoardWalk(BOARD_URL), lambda _: board(row(next(backwards) % 7), page=1, total_pages=10**9), most=20
    )
    nothing = board(page=None, total_pages=10**9)
    assert len(board_walked(BoardWalk(BOARD_URL), lambda _: nothing, most=20)) == 1
    nameless = board(row(None), page=None, total_pages=10**9)
    assert len(board_walked(BoardWalk(BOARD_URL), lambda _: nameless, most=20)) < 20


def test_a_page_of_another_kind_is_an_error_and_so_is_one_after_the_end() -> None:
    walk = BoardWalk(BOARD_URL)
    with pytest.raises(ParseError, match="kind 'thread'"):
        walk.feed(thread(post(1001, 1)))
    walk.feed(board(row(1)))
    with pytest.raises(ValueError, match="at its end"):
        walk.feed(board(row(1)))


@pytest.mark.parametrize(
    "options",
    [
        {"start": 0},
        {"start": 3, "stop": 2},
        {"since": START.replace(tzinfo=None)},
        {"since": START.date()},
        {"state": "{}"},
        {"state": "garbage"},
        {"state": {"kind": "board"}},
        {"state": ThreadWalk(f"{SITE}thread-1-1-1.html").state},
    ],
)
def test_what_makes_no_sense_is_a_value_error(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        BoardWalk(BOARD_URL, **options)
    with pytest.raises(ValueError, match="full address"):
        BoardWalk("forum-2-1.html")


def test_a_cursor_of_another_board_is_refused() -> None:
    state = BoardWalk(f"{SITE}forum-3-1.html").state
    with pytest.raises(ValueError, match="cursor is of"):
        BoardWalk(BOARD_URL, state=state)


def test_a_thread_in_the_middle_is_taken_up_where_it_stood() -> None:
    walk = opened(row(1), row(2))
    walk.feed(thread(post(1001, 1), post(1002, 2), tid=1, total_pages=2))
    again = BoardWalk(BOARD_URL, threads=True, state=json.loads(json.dumps(walk.state)))
    assert asked(again) == 1
    assert again.feed(thread(post(1001, 1), post(1002, 2), tid=1, total_pages=2)) == ()
    (page,) = again.feed(thread(post(1003, 3), tid=1, page=2, total_pages=2))
    assert isinstance(page, Thread)
    assert asked(again) == 2


def test_a_thread_refused_on_its_second_page_keeps_its_first() -> None:
    walk = opened(row(1), row(2))
    walk.feed(thread(post(1001, 1), post(1002, 2), tid=1, total_pages=2))
    assert walk.fail(NotFoundError("gone", text="")) == ()
    assert (len(walk.problems), asked(walk)) == (1, 2)


def test_a_thread_whose_extras_are_refused_comes_without_them() -> None:
    walk = opened(row(1), extras=True)
    assert walk.feed(thread(post(1001, 1, more_ratings=True), tid=1)) == ()
    (page,) = walk.fail(NotFoundError("gone", text=""))
    assert (page.issues[0].path, walk.ask) == ("posts[0].ratings", None)


def test_an_unknown_address_goes_on_with_the_board_of_its_cursor() -> None:
    walk = BoardWalk(BOARD_URL)
    walk.feed(board(row(1), total_pages=3))
    assert BoardWalk("https://bbs.qingshiqiao.example/chaguan", state=walk.state).ask == BOARD_URL


def test_a_board_that_goes_by_a_word_is_asked_for_by_it() -> None:
    walk = BoardWalk(f"{SITE}forum-chaguan-1.html")
    walk.feed(board(row(1), total_pages=2))
    assert "chaguan" in (walk.ask or "")
    assert number_of(walk.ask) == 2
