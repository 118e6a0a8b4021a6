"""The walk through the pages of one thread.

Pages do not hold still while they are read. New replies make the thread longer; a post that is deleted moves all that
follow one place up, so that the first of the next page slips to the page just read. Where something tells of that (a
floor is left out, the number of pages falls, the forum redirects to the very page, as it does when it meets a deleted
post), the walk goes back until it meets a post that it knows, and forward again. Each pid is given out once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from discuz_scrape.errors import DiscuzScrapeError, ParseError
from discuz_scrape.models import Issue, Page, PageRef, Post, Thread
from discuz_scrape.urls import DEFAULT_RULES
from discuz_scrape.walk._cursor import Cursor, State, open_state, report
from discuz_scrape.walk._errands import Errand, errands_of
from discuz_scrape.walk._merge import with_posts
from discuz_scrape.walk._pages import Rules, address_of, check_range, is_passing, open_ref
from discuz_scrape.walk._seek import Seek

__all__ = ["ThreadWalk"]

_FALSE_ALARMS = 3  # floors left out without a lost post: then it is the way of this forum


class ThreadWalk:
    """Reads a thread from its first page to its last: `ask` for an address, `feed` the page that it gives.

    Args:
        url: Any address of the thread, whatever page or post it names; also a link that redirects to it.
        start: Number of the first page to read.
        stop: Number of the last page to read.
        author: Number of a member: only that member's posts are read. Floors and pages are then counted among those.
        since: Only posts of this time or later; the pages before it are skipped, not read.
        extras: Whether to ask for the remarks and ratings too that a page leaves out.
        rewrite: Rewrite patterns of the site, for addresses of its own form.
        state: A cursor, from `state` of an earlier walk: what that has read is not given out again.

    Raises:
        ParseError: The address is none that a browser could open.
        ValueError: It has no host, a number makes no sense, or the cursor is of something else.

    """

    def __init__(
        self,
        url: str,
        *,
        start: int | None = None,
        stop: int | None = None,
        author: int | None = None,
        since: datetime | None = None,
        extras: bool = False,
        rewrite: Rules = DEFAULT_RULES,
        state: Mapping[str, Any] | str | None = None,
    ) -> None:
        check_range(start, stop)
        if since is not None and since.tzinfo is None:
            raise ValueError("since must be aware: give it an offset, such as since.astimezone()")
        ref = open_ref(url, rewrite)
        self._given = None if ref.kind == "thread" and ref.face != "ajax" else url
        self._ref = ref if author is None else ref.model_copy(update={"authorid": author})
        self._author = author
        self._start, self._stop, self._since, self._extras = start or 1, stop, since, extras
        self._asked: int | None = self._start
        self._last: int | None = None
        self._floor: int | None = None
        self._descending = ref.ordertype == 1
        self._known: set[int] = set()
        self._early: set[int] = set()
        self._anchor: frozenset[int] = frozenset()
        self._going_back = False
        self._gone_back: set[int] = set()
        self._false_alarms = 0
        self._overlapped = self._catching_up = self._given_out = False
        self._seek: Seek | None = None
        self._hand: Thread | None = None
        self._hand_pids: tuple[int, ...] = ()
        self._hand_number = 0
        self._errands: deque[Errand] = deque()
        self.floors: dict[int, int] = {}
        """Floors of sticky and recommended replies, as their own place tells them."""
        self._state = self._cursor(self._start, ())
        if state is not None:
            self._go_on(open_state(state, "thread"))

    # --- What people use ----------------------------------------------------------------------------------------------

    @property
    def ask(self) -> str | None:
        """The address to ask for next; None at the end."""
        if self._errands:
            return self._errands[0].url
        if self._asked is None:
            return None
        return self._given or address_of(self._ref, self._asked)

    @property
    def tid(self) -> int | None:
        """Number of the thread; None as long as only a link is known that redirects to it."""
        return self._ref.tid

    @property
    def page(self) -> int | None:
        """Number of the page that is asked for next, or completed; None at the end."""
        return self._hand_number if self._errands else self._asked

    @property
    def begun(self) -> bool:
        """Whether a page was given out, by this walk or an earlier one that it goes on with."""
        return self._given_out

    @property
    def total_pages(self) -> int | None:
        """How many pages there are, as the last page read tells. None before the first."""
        return self._last

    @property
    def state(self) -> State:
        """A cursor to go on later, for JSON: what was given out so far counts as read. It never holds cookies."""
        return self._state.state

    def feed(self, page: Page, *, redirected: bool = False) -> tuple[Thread, ...]:
        """Take the page that was asked for; give the pages that are whole now, with the posts not given out yet.

        Args:
            page: What the address gave.
            redirected: Whether the forum answered with a redirect to that very page first.

        Raises:
            ParseError: It is no page of this thread.

        """
        if self._errands:
            return self._run_errand(page)
        if self._asked is None:
            raise ValueError("the walk is at its end and asks for nothing")
        thread = self._expected(page)
        number = thread.page or self._asked
        if self._given is not None:
            self._given = None
            if number != self._asked:
                return ()
        if self._seek is not None:
            return self._probe(self._seek, thread, number)
        return self._take(thread, number, redirected=redirected)

    def fail(self, error: DiscuzScrapeError) -> tuple[Thread, ...]:
        """Tell that what was asked for could not be had; give the pages that are whole all the same.

        An error that ends the walk is raised again: it says where the walk stood, and its `state` is the cursor.
        """
        if not (self._errands and self._hand and is_passing(error)):
            total = f" of {self._last}" if self._last else ""
            report(error, self.state, f"the walk stood at page {self.page}{total}: its state leads on")
            raise error
        errand = self._errands.popleft()
        at = next(i for i, post in enumerate(self._hand.posts) if post.pid == errand.pid)
        issue = Issue(path=f"posts[{at}].{errand.field}", message=f"the forum refused what is left: {error}")
        self._hand = self._hand.model_copy(update={"issues": (*self._hand.issues, issue)})
        return () if self._errands else self._give_out()

    # --- One page -----------------------------------------------------------------------------------------------------

    def _expected(self, page: Page) -> Thread:
        if not isinstance(page, Thread):
            raise ParseError(f"asked for a page of a thread, got one of kind {page.kind!r}", url=self.ask)
        if self._given is not None:
            site = self._ref.site or page.site.url
            if site is None or page.tid is None:
                raise ParseError("the page does not tell which thread it is of", url=self.ask)
            self._ref = PageRef(kind="thread", site=site, tid=page.tid, authorid=self._author, page=1)
        elif page.tid is not None and page.tid != self._ref.tid:
            if self._given_out:
                raise ParseError(f"asked for thread {self._ref.tid}, got thread {page.tid}", url=self.ask)
            self._ref = self._ref.model_copy(update={"tid": page.tid})  # it was moved
        return page

    def _take(self, thread: Thread, number: int, *, redirected: bool = False) -> tuple[Thread, ...]:
        ordinary = [post for post in thread.posts if not (post.sticky or post.recommended or post.is_first)]
        if number <= self._start:
            self._descending = self._descending or _falls(ordinary)
        fell = self._last is not None and thread.total_pages is not None and thread.total_pages < self._last
        self._last = thread.total_pages or max(number, self._last or 1)
        may_go_back = number > self._start and number not in self._gone_back
        if may_go_back and self._has_lost_its_place(ordinary, suspicious=redirected or fell):
            self._gone_back.add(number)
            self._going_back, self._asked = True, number - 1
            return ()
        return self._absorb(thread, number, ordinary)

    def _has_lost_its_place(self, ordinary: Sequence[Post], *, suspicious: bool) -> bool:
        """Whether posts may have slipped to the page before this one."""
        first = ordinary[0] if ordinary else None
        if self._anchor:
            return self._anchor.isdisjoint(post.pid for post in ordinary)
        if self._going_back:
            return first is not None and first.pid is not None and first.pid not in self._known
        return suspicious or (first is not None and self._leaves_out(first))

    def _leaves_out(self, first: Post) -> bool:
        """Whether floors are left out between the last post read and the first of this page."""
        if first.floor is None or first.floor_inferred or self._floor is None or self._false_alarms >= _FALSE_ALARMS:
            return False
        return first.floor < self._floor - 1 if self._descending else first.floor > self._floor + 1

    def _absorb(self, thread: Thread, number: int, ordinary: Sequence[Post]) -> tuple[Thread, ...]:
        """Keep what is new on a page, and see what is to be asked for next."""
        if self._anchor:
            self._pass_over(ordinary)
        seen = bool(ordinary) and ordinary[0].pid in self._known
        met = any(post.pid in self._known for post in ordinary)
        new = self._new(thread.posts, again=number < (self._asked or number))
        if self._going_back:
            self._going_back = False
            self._false_alarms += not new
        elif seen and self._descending and number > self._start:
            self._overlapped = True
        self._floor = next((post.floor for post in reversed(ordinary) if post.floor is not None), self._floor)
        self._asked = self._next(number, met=met)
        if self._since is not None:
            new = {at for at in new if _is_since(thread.posts[at], self._since)}
        self._hand, self._hand_number = with_posts(thread, sorted(new)), number
        self._hand_pids = tuple(post.pid for post in thread.posts if post.pid is not None)
        self._errands.extend(errands_of(self._ref, self._hand.posts, extras=self._extras))
        return () if self._errands else self._give_out()

    def _new(self, posts: Sequence[Post], *, again: bool) -> set[int]:
        """Places of the posts that were not given out yet. Those without a pid are known by their page only."""
        new = set()
        for at, post in enumerate(posts):
            if post.pid is None:
                if not again:
                    new.add(at)
            elif post.pid not in self._known:
                self._known.add(post.pid)
                new.add(at)
                if post.sticky or post.recommended:
                    self._early.add(post.pid)
            elif post.pid in self._early and post.floor is not None and not (post.sticky or post.recommended):
                self.floors[post.pid] = post.floor
        return new

    def _next(self, number: int, *, met: bool) -> int | None:
        """The page after this one; None where there is none, or it was read already."""
        end = min(self._last or number, self._stop or number + 1)
        if self._since is not None and not self._given_out and not self._descending and end > number + 1:
            self._seek, self._floor = Seek(number, end, self._since), None
            return self._seek.probe
        if self._catching_up and met:
            return None
        if number >= (self._asked or 0) and number < end:
            return number + 1
        if self._overlapped and self._start == 1:  # new replies came in on the first page
            self._overlapped, self._catching_up = False, True
            return 1
        return None

    def _give_out(self) -> tuple[Thread, ...]:
        """The page in hand, now that it is whole; a page without a new post is none, but for the first."""
        page, self._hand = self._hand, None
        self._state = self._cursor(self._hand_number, self._hand_pids)
        if page is None or (self._given_out and not page.posts):
            return ()
        self._given_out = True
        return (page,)

    def _run_errand(self, answer: Page) -> tuple[Thread, ...]:
        errand = self._errands.popleft()
        if self._hand is not None:
            posts = list(self._hand.posts)
            at = next(i for i, post in enumerate(posts) if post.pid == errand.pid)
            posts[at], following = errand.done(posts[at], answer)
            self._hand = self._hand.model_copy(update={"posts": tuple(posts)})
            if following is not None:
                self._errands.appendleft(following)
        return () if self._errands else self._give_out()

    # --- Posts since a time -------------------------------------------------------------------------------------------

    def _probe(self, seek: Seek, thread: Thread, number: int) -> tuple[Thread, ...]:
        """Look at one page for the time of its first post; go on from the last page that begins before `since`."""
        times = (post.timestamp for post in thread.posts if not (post.sticky or post.recommended or post.is_first))
        found = seek.look(number, next(times, None), thread)
        if not seek.done:
            self._asked = seek.probe
            return ()
        self._seek = None
        self._asked = seek.low if found is not None else seek.low + 1
        return self._take(found, seek.low) if found is not None else ()

    # --- Going on later -----------------------------------------------------------------------------------------------

    def _cursor(self, number: int, pids: tuple[int, ...]) -> Cursor:
        if self._descending and number == self._start:
            self._early.update(pids)  # new replies push these down: they tell what was read
        return Cursor(
            kind="thread",
            url=self._given or address_of(self._ref, 1),
            tid=self._ref.tid,
            page=number,
            next_page=self._asked or number,
            border_pids=pids,
            early_pids=tuple(sorted(self._early)),
        )

    def _go_on(self, cursor: Cursor) -> None:
        if None not in (self.tid, cursor.tid) and self.tid != cursor.tid:
            raise ValueError(f"the cursor is of thread {cursor.tid}, the address of thread {self.tid}")
        self._anchor = frozenset(cursor.border_pids)
        self._early = set(cursor.early_pids)
        self._known = set(self._anchor | self._early)
        if self._anchor:
            self._asked = max(cursor.page, self._start)
            self._given_out = True
            self._overlapped = self._descending
        self._state = cursor

    def _pass_over(self, ordinary: Sequence[Post]) -> None:
        """Take for read what stands before the posts that an earlier walk has given out last."""
        at = next((at for at, post in enumerate(ordinary) if post.pid in self._anchor), 0)
        self._known.update(post.pid for post in ordinary[:at] if post.pid is not None)
        self._anchor = frozenset()
        self._going_back = False


def _falls(ordinary: Sequence[Post]) -> bool:
    """Whether the newest post comes first."""
    floors = [post.floor for post in ordinary if post.floor is not None and not post.floor_inferred]
    return len(floors) > 1 and floors[0] > floors[-1]


def _is_since(post: Post, since: datetime) -> bool:
    return post.timestamp is None or post.timestamp >= since
