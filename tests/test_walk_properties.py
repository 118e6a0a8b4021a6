"""Whatever happens to a thread while it is read: what was there all the time comes out, once."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from walks import URL, Simulated, minutes, numbers, post, thread

from discuz_scrape import ThreadWalk
from discuz_scrape.models import Page, Thread

Deed = tuple[str, int]
DEEDS = ["reply", "delete", "delete", "undelete", "visit", "resume"]


def lives(*without: str) -> st.SearchStrategy[list[list[Deed]]]:
    """What happens before each ask."""
    deed = st.tuples(st.sampled_from([name for name in DEEDS if name not in without]), st.integers(1, 40))
    return st.lists(st.lists(deed, max_size=3), max_size=25)


class Life:
    """A forum that goes on living while a walk reads it."""

    def __init__(
        self, forum: Simulated, deeds: list[list[Deed]], *, silent: bool = False, **options: Any
    ) -> None:
        self.forum, self.deeds, self.options = forum, deeds, options
        self.silent = silent
        """Whether posts that were read may be deleted where nothing tells of it."""
        self.losses = 0
        self.resumed = False
        self.restored: set[int] = set()
        """Posts that were gone for a while: a walk that is resumed cannot know them all."""
        self.always = forum.ever()
        self.walk = ThreadWalk(URL, **options)
        self.pages: list[Thread] = []
        self.asks = 0

    def read(self) -> list[int]:
        while self.walk.ask is not None:
            for what, number in self.deeds[self.asks] if self.asks < len(self.deeds) else ():
                self.do(what, number)
                self.always &= self.forum.ever()
            page, redirected = self.forum.answer(self.walk.ask)
            self.pages += self.walk.feed(page, redirected=redirected)
            self.asks += 1
            assert self.asks < 400, "the walk does not end"
        got = numbers(self.pages)
        if self.resumed:
            return [number for at, number in enumerate(got) if number not in self.restored or number not in got[:at]]
        return got

    def do(self, what: str, number: int) -> None:
        forum = self.forum
        if what == "reply":
            forum.count += number % 5
        elif what == "delete" and number in forum.ever() and number > 1:
            self.delete(number)
        elif what == "undelete" and forum.gone:
            back = sorted(forum.gone)[number % len(forum.gone)]
            forum.gone.discard(back)
            self.restored.add(back)
        elif what == "visit" and not forum.ordinals and (self.silent or not self.was_read(*forum.gone)):
            self.losses += sum(self.was_read(gone) for gone in forum.gone)
            forum.ordinals = bool(forum.gone)
        elif what == "resume":
            self.walk = ThreadWalk(URL, **self.options, state=json.loads(json.dumps(self.walk.state)))
            self.resumed = True

    def delete(self, number: int) -> None:
        hushed = self.forum.ordinals and self.was_read(number)
        if self.silent or not hushed:
            self.losses += hushed
            self.forum.gone.add(number)

    def was_read(self, *of: int) -> bool:
        read = [number for number in numbers(self.pages) if number > 1]
        return bool(read and of) and min(of) <= max(read)


sizes = st.integers(1, 20), st.integers(1, 4)


@settings(deadline=None, max_examples=200)
@given(*sizes, lives("resume"), st.sampled_from(["shown", "missing", "inferred"]), st.booleans())
def test_what_was_there_all_the_time_comes_once(
    count: int, per_page: int, deeds: list[list[Deed]], floors: str, ordinals: bool
) -> None:
    life = Life(Simulated(count, per_page, floors=floors, ordinals=ordinals), deeds)
    got = life.read()
    assert len(got) == len(set(got))
    assert life.always <= set(got)


@settings(deadline=None, max_examples=200)
@given(*sizes, lives(), st.sampled_from(["shown", "missing", "inferred"]), st.booleans())
def test_a_walk_may_be_resumed_at_any_moment(
    count: int, per_page: int, deeds: list[list[Deed]], floors: str, ordinals: bool
) -> None:
    life = Life(Simulated(count, per_page, floors=floors, ordinals=ordinals), deeds)
    got = life.read()
    assert len(got) == len(set(got))
    assert life.always <= set(got)


@settings(deadline=None, max_examples=200)
@given(*sizes, lives(), st.sampled_from(["shown", "missing", "inferred"]), st.booleans())
def test_the_newest_first_is_read_as_well(
    count: int, per_page: int, deeds: list[list[Deed]], floors: str, ordinals: bool
) -> None:
    life = Life(Simulated(count, per_page + 2, floors=floors, ordinals=ordinals, newest_first=True), deeds)
    got = life.read()
    assert len(got) == len(set(got))
    assert life.always <= set(got)


@settings(deadline=None, max_examples=200)
@given(*sizes, lives("delete", "undelete", "visit", "resume"), st.sampled_from(["shown", "missing", "inferred"]))
def test_an_order_that_cannot_be_changed_loses_nothing_either(
    count: int, per_page: int, deeds: list[list[Deed]], floors: str
) -> None:
    calm = [asks[:1] if asks and asks[0][1] % 5 <= per_page else [] for asks in deeds]  # not a page of them at a time
    life = Life(Simulated(count, per_page + 2, floors=floors, newest_first=True, heeds_order=False), calm)
    got = life.read()
    assert len(got) == len(set(got))
    assert life.always <= set(got)


@settings(deadline=None, max_examples=200)
@given(*sizes, lives("resume"), st.booleans())
def test_a_deletion_that_nothing_tells_of_costs_one_post_at_most(
    count: int, per_page: int, deeds: list[list[Deed]], ordinals: bool
) -> None:
    life = Life(Simulated(count, per_page, ordinals=ordinals), deeds, silent=True)
    got = life.read()
    assert len(got) == len(set(got))
    assert len(life.always - set(got)) <= life.losses


lifted = st.frozensets(st.integers(2, 20), max_size=3)


@settings(deadline=None, max_examples=200)
@given(*sizes, lives(), st.sampled_from(["shown", "missing", "inferred"]), st.booleans(), lifted, lifted)
def test_replies_shown_early_come_once(
    count: int,
    per_page: int,
    deeds: list[list[Deed]],
    floors: str,
    ordinals: bool,
    sticky: frozenset[int],
    recommended: frozenset[int],
) -> None:
    forum = Simulated(count, per_page, floors=floors, ordinals=ordinals, sticky=sticky, recommended=recommended)
    life = Life(forum, deeds)
    got = life.read()
    assert len(got) == len(set(got))
    assert life.always <= set(got)


@settings(deadline=None, max_examples=200)
@given(*sizes, lives(), st.booleans(), st.booleans(), st.booleans())
def test_pages_that_tell_little_are_read_as_far_as_they_go(
    count: int, per_page: int, deeds: list[list[Deed]], pids: bool, page: bool, total: bool
) -> None:
    life = Life(Simulated(count, per_page, pids=pids, tells_page=page, tells_total=total), deeds)
    got = life.read()
    assert not got or got[0] == 1
    assert len(got) == len(set(got)) or not pids


@settings(deadline=None, max_examples=200)
@given(*sizes, st.booleans(), st.integers(0, 22), st.lists(st.just([("resume", 1)]) | st.just([]), max_size=12))
def test_posts_since_a_time_are_those_and_the_rest_is_not_read(
    count: int, per_page: int, newest_first: bool, since: int, deeds: list[list[Deed]]
) -> None:
    per_page += 2 * newest_first
    life = Life(Simulated(count, per_page, newest_first=newest_first), deeds, since=minutes(since))
    got = life.read()
    assert sorted(got) == [number for number in range(1, count + 1) if number >= since]
    wanted = -(-len(got) // per_page) + 2
    resumed = sum(map(len, deeds))
    assert life.asks <= wanted + resumed * 12 + 2 * count.bit_length()


@settings(deadline=None, max_examples=200)
@given(*sizes, st.integers(1, 9), st.integers(0, 4), lives("delete", "undelete", "visit"))
def test_the_first_and_the_last_page_may_be_chosen(
    count: int, per_page: int, start: int, more: int, deeds: list[list[Deed]]
) -> None:
    forum = Simulated(count, per_page)
    life = Life(forum, deeds, start=start, stop=start + more)
    got = life.read()
    pages = -(-count // per_page)
    assert len(got) == len(set(got))
    if start <= pages:
        wanted = range((start - 1) * per_page + 1, min(count, (start + more) * per_page) + 1)
        assert set(wanted) <= set(got) <= set(range(wanted[0], (start + more) * per_page + 1))


numberings = st.none() | st.integers(1, 10) | st.just(10**9)
strange_posts = st.builds(post, st.none() | st.integers(1, 12), st.none() | st.integers(0, 10**6), sticky=st.booleans())
strange_pages = st.builds(
    lambda posts, **told: thread(*posts, **told),
    st.lists(strange_posts, max_size=5),
    page=numberings,
    total_pages=numberings,
)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(strange_pages, st.booleans()), min_size=1, max_size=8), st.none() | st.integers(0, 20))
def test_no_forum_keeps_a_walk_for_ever(answers: list[tuple[Page, bool]], since: int | None) -> None:
    walk = ThreadWalk(URL, since=None if since is None else minutes(since))
    given: list[int] = []
    for asks in range(300):
        if walk.ask is None:
            return
        page, redirected = answers[asks % len(answers)]
        given += [post.pid for got in walk.feed(page, redirected=redirected) for post in got.posts if post.pid]
        assert len(given) == len(set(given))
    raise AssertionError("the walk does not end")
