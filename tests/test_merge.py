"""Many pages to one thread."""

from __future__ import annotations

import pytest
from walks import URL, Simulated, minutes, numbers, post, thread, walked

from discuz_scrape import ThreadWalk, merged
from discuz_scrape.models import Issue, Thread


def floors(whole: Thread) -> list[tuple[int | None, int | None]]:
    return [(one.pid, one.floor) for one in whole.posts]


def test_the_first_page_heads_the_thread_and_the_last_that_tells_counts() -> None:
    whole = merged(
        [
            thread(post(1001, 1), subject="桥头的灯", views=10, replies=4, total_pages=2),
            thread(post(1002, 2), subject="别的", views=12, total_pages=3, page=2),
            thread(post(1003, 3), total_pages=None, page=3),
        ]
    )
    assert (whole.page, whole.subject, whole.views, whole.replies, whole.total_pages) == (None, "桥头的灯", 12, 4, 3)
    assert [one.pid for one in whole.posts] == [1001, 1002, 1003]


def test_a_counter_of_zero_is_told() -> None:
    assert merged([thread(post(1001, 1), replies=3), thread(replies=0, page=2)]).replies == 0


def test_there_is_nothing_to_put_together_without_a_page() -> None:
    with pytest.raises(ValueError, match="no page"):
        merged([])


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("ordinals", [False, True])
def test_replies_shown_early_stand_at_their_own_place_with_their_flags(newest_first: bool, ordinals: bool) -> None:
    forum = Simulated(14, 4, sticky=frozenset({7}), recommended=frozenset({10, 12}), newest_first=newest_first)
    forum.ordinals = ordinals
    forum.heeds_order = False
    walk = ThreadWalk(URL)
    whole = merged(walked(walk, forum), walk.floors)
    assert [int(one.body) for one in whole.posts] == list(range(1, 15))
    assert [int(one.body) for one in whole.posts if one.sticky] == [7]
    assert [int(one.body) for one in whole.posts if one.recommended] == [10, 12]
    assert [one.floor for one in whole.posts if not (newest_first and one.recommended)] == [
        int(one.body) for one in whole.posts if not (newest_first and one.recommended)
    ]


def test_a_recommended_reply_without_a_floor_is_placed_by_its_time() -> None:
    early = post(1003, recommended=True)
    assert [one.pid for one in merged([thread(post(1001, 1), early, post(1002, 2), post(1004, 4))]).posts] == [
        1001,
        1002,
        1003,
        1004,
    ]
    timeless = post(1003, recommended=True, timestamp=None)
    assert merged([thread(post(1001, 1), timeless, post(1002, 2))]).posts[-1].pid == 1003


def test_an_opening_post_that_is_pinned_stays_first() -> None:
    whole = merged([thread(post(1001, 1, sticky=True), post(1002, 2))])
    assert floors(whole) == [(1001, 1), (1002, 2)]


def test_floors_of_two_numberings_do_not_change_the_order_read() -> None:
    forum = Simulated(10, 3)

    def between(asks: int) -> None:
        if asks == 2:
            forum.gone |= {4, 8}

    whole = merged(walked(ThreadWalk(URL), forum, between=between))
    assert [int(one.body) for one in whole.posts] == [1, 2, 3, 4, 5, 6, 7, 9, 10]


def test_issues_follow_their_posts() -> None:
    def issue(path: str) -> Issue:
        return Issue(path=path, message="odd")

    first = thread(
        post(1001, 1),
        post(1004, 4, sticky=True),
        post(1002, 2),
        issues=(issue("posts[1].timestamp"), issue("posts[2]"), issue("forum"), issue("posts[9].body")),
    )
    second = thread(post(1003, 3), issues=(issue("posts[0].body"), issue("forum")), page=2)
    assert [one.path for one in merged([first, second]).issues] == [
        "posts[3].timestamp",
        "posts[1]",
        "forum",
        "posts[2].body",
    ]


def test_a_page_of_which_some_is_known_keeps_the_issues_of_the_rest() -> None:
    walk = ThreadWalk(URL)
    walk.feed(thread(post(1001, 1), post(1002, 2), total_pages=2))
    odd = (Issue(path="posts[0].body", message="old"), Issue(path="posts[1].body", message="new"))
    (page,) = walk.feed(thread(post(1002, 3), post(1003, 4), page=2, total_pages=2, issues=odd))
    assert [(one.path, one.message) for one in page.issues] == [("posts[0].body", "new")]


def test_posts_without_time_or_floor_keep_the_order_of_the_pages() -> None:
    pages = [thread(post(None, timestamp=None), post(None, timestamp=minutes(3))), thread(post(None), page=2)]
    assert len(merged(pages).posts) == 3
    assert numbers(walked(ThreadWalk(URL), Simulated(7, 3, pids=False))) == [1, 2, 3, 4, 5, 6, 7]
