"""Whatever happens to a thread while it is read: what was there all the time comes out, once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from walks import URL, Simulated, numbers, walked

from discuz_scrape import ThreadWalk

Deed = tuple[str, int]
deeds = st.lists(
    st.lists(
        st.tuples(st.sampled_from(["reply", "delete", "undelete", "visit", "resume"]), st.integers(1, 40)), max_size=3
    ),
    max_size=25,
)


class Life:
    """What happens to a forum between two asks, and whether the forum lets nobody know of it."""

    def __init__(self, forum: Simulated, deeds: list[list[Deed]]) -> None:
        self.forum, self.deeds = forum, deeds
        self.always = forum.ever()

    def between(self, asks: int) -> None:
        for what, number in self.deeds[asks] if asks < len(self.deeds) else ():
            self.do(what, number)
        self.always &= self.forum.ever()

    def do(self, what: str, number: int) -> None:
        forum = self.forum
        if what == "reply":
            forum.count += number % 5
        elif what == "delete" and number in forum.ever() and number > 1:
            forum.gone.add(number)
        elif what == "undelete" and forum.gone:
            forum.gone.discard(sorted(forum.gone)[number % len(forum.gone)])


@given(st.integers(1, 20), st.integers(1, 4), deeds)
def test_replies_and_deletions_while_pages_are_places(count: int, per_page: int, deeds: list[list[Deed]]) -> None:
    forum = Simulated(count, per_page)
    life = Life(forum, deeds)
    got = numbers(walked(ThreadWalk(URL), forum, between=life.between))
    assert len(got) == len(set(got))
    assert life.always <= set(got) or forum.ordinals
