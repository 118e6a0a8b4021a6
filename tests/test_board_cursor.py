"""A board that is read with its threads, in pieces."""

import json
from typing import Any

import pytest
from forum import Forum

from discuz_scrape import BoardWalk, Client, LoginRequiredError, Pages, Thread


def read(client: Client, url: str, at_most: int, state: Any = None) -> tuple[list[int | None], Any]:
    """Read so many pages of the first three threads of a board; give the posts, and the cursor."""
    trail = Pages[Any](client, BoardWalk(url, threads=3, state=state), url)
    posts: list[int | None] = []
    for _ in range(at_most):
        page = next(trail, None)
        posts += [post.pid for post in page.posts] if isinstance(page, Thread) else []
    return posts, json.loads(json.dumps(trail.state))


def test_the_first_threads_of_a_board_are_as_many_in_pieces() -> None:
    forum = Forum(per_page=2, threads_per_page=2)
    for tid in range(11, 16):
        forum.thread(tid, posts=3)
    with forum.served() as site, Client(interval=0) as client:
        url = f"{site.url}forum-2-1.html"
        whole, _ = read(client, url, 99)
        assert len(whole) == 9
        for first in range(10):
            begun, state = read(client, url, first)
            rest, state = read(client, url, 99, state)
            assert begun + rest == whole
            assert read(client, url, 99, state)[0] == []


def test_a_session_that_ends_in_the_middle_of_a_thread_leaves_nothing_out_and_gives_nothing_twice() -> None:
    """The pages do not tell that a member reads them, so it is the thread that was open before that tells it."""
    forum = Forum(per_page=2)
    for tid in range(11, 17):
        forum.thread(tid, posts=6)
    with forum.served() as site, Client(interval=0) as client:
        url = f"{site.url}forum-2-1.html"
        whole = [post.pid for post in client.posts(url)]
        assert len(whole) == 36
        for good in (at for at in range(2, 20) if at % 3 != 1):
            posts: list[int | None] = []
            trail = Pages[Any](client, BoardWalk(url, threads=True), url)
            for _ in range(good):
                page = next(trail)
                posts += [post.pid for post in page.posts] if isinstance(page, Thread) else []
            for match in ("mod=viewthread", "thread-"):
                forum.fail(match, "login", times=None)
            with pytest.raises(LoginRequiredError) as caught:
                list(trail)
            forum.clear()
            assert caught.value.state == trail.state
            trail = Pages[Any](client, BoardWalk(url, threads=True, state=trail.state), url)
            posts += [post.pid for page in trail if isinstance(page, Thread) for post in page.posts]
            assert posts == whole
