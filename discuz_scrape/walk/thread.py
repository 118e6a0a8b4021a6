"""The walk through the pages of one thread.

Pages do not hold still while they are read. New replies make the thread longer; a post that is deleted moves all that
follow one place up, so that the first of the next page slips to the page just read. Where something tells of that (a
floor is left out, the number of pages falls, the forum redirects to the very page, as it does when it meets a deleted
post), the walk goes back until it meets a post that it knows, and forward again. Each pid is given out once.

The oldest post comes first, for only at the end can a thread grow without pushing down what was read: a thread that
begins with the newest one is asked for the other way round.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from discuz_scrape.errors import DiscuzScrapeError, ParseError
from discuz_scrape.models import Issue, Page, PageRef, Post, Thread
from discuz_scrape.urls import DEFAULT_RULES, parse_url
from discuz_scrape.walk._border import Border, falls, is_early, ordinary_of
from discuz_scrape.walk._cursor import Cursor, State, open_state, report
from discuz_scrape.walk._errands import Errand, errands_of
from discuz_scrape.walk._merge import with_posts
from discuz_scrape.walk._pages import Rules, address_of, check_options, is_passing, open_thread
from discuz_scrape.walk._seek import Seek

__all__ = ["ThreadWalk"]

_OLDEST_FIRST = 2  # as `ordertype`
_STALE = 3  # pages without anything new, beside as many as had some: then the forum repeats itself


class ThreadWalk:
    """Reads a thread from its first page to its last: `ask` for an address, `feed` the page that it gives.

    Args:
        url: Any address of the thread, whatever page, post or order it names; also a link that redirects to it.
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
        check_options(start, stop, since)
        ref = open_thread(url, rewrite)
        self._given = None if ref.kind == "thread" and ref.tid is not None else url
        self._ref = ref if author is None else ref.model_copy(update={"authorid": author})
        self._author = author
        self._start, self._stop, self._since, self._extras = start or 1, stop, since, extras
        self._asked: int | None = self._start
        self._last: int | None = None
        self._border = Border()
        self._given_out = False
        self._furthest = self._fresh = self._stale = 0
        self._may_seek = since is not None
        self._seek: Seek | None = None
        self._hand: Thread
        self._hand_pids: tuple[int, ...] = ()
        self._hand_number = 0
        self._errands: deque[Errand] = deque()
        self._state = self._first_cursor()
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
    def floors(self) -> Mapping[int, int]:
        """Floors of sticky and recommended replies, as their own place tells them."""
        return self._border.floors

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
        if self._given is not None:
            self._given = None
            if thread.page not in (None, self._asked) or self._author is not None:
                return ()
        number = min(self._asked, thread.page or thread.total_pages or self._asked)
        if self._seek is not None:
            return self._probe(self._seek, thread, number)
        return self._take(thread, number, redirected=redirected)

    def fail(self, error: DiscuzScrapeError) -> tuple[Thread, ...]:
        """Tell that what was asked for could not be had; give the pages that are whole all the same.

        An error that ends the walk is raised again: it says where the walk stood, and its `state` is the cursor.
        """
        if not (self._errands and is_passing(error)):
            total = f" of {self._last}" if self._last else ""
            report(error, self.state, f"the walk stood at page {self.page}{total}: its state leads on")
            raise error
        errand = self._errands.popleft()
        at = next(i for i, post in enumerate(self._hand.posts) if post.pid == errand.pid)
        issue = Issue(path=f"posts[{at}].{errand.field}", message=f"what is left could not be had: {error}")
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
            if self._state.tid not in (None, page.tid):
                raise ParseError(f"the cursor is of thread {self._state.tid}, the page of {page.tid}", url=self.ask)
            self._ref = PageRef(kind="thread", site=site, tid=page.tid, authorid=self._author, page=1)
        elif page.tid is not None and page.tid != self._ref.tid:
            if self._given_out:
                raise ParseError(f"asked for thread {self._ref.tid}, got thread {page.tid}", url=self.ask)
            self._ref = self._ref.model_copy(update={"tid": page.tid})  # it was moved
        return page

    def _take(self, thread: Thread, number: int, *, redirected: bool = False) -> tuple[Thread, ...]:
        ordinary = ordinary_of(thread.posts)
        if self._last is None and falls(ordinary):
            if self._ref.ordertype != _OLDEST_FIRST:
                self._ref = self._ref.model_copy(update={"ordertype": _OLDEST_FIRST})
                return ()
            self._may_seek = False  # the forum does not care: it is read as it comes
        fell = self._last is not None and (thread.total_pages or number) < self._last
        self._last = thread.total_pages or max(number, self._last or 1)
        suspicious = redirected or fell or number < (self._asked or 0)
        if number > self._start and self._border.goes_back(number, ordinary, suspicious=suspicious):
            self._asked = number - 1
            return ()
        return self._absorb(thread, number, ordinary)

    def _absorb(self, thread: Thread, number: int, ordinary: Sequence[Post]) -> tuple[Thread, ...]:
        """Keep what is new on a page, and see what is to be asked for next."""
        self._hand_pids = tuple(p.pid for p in thread.posts if p.pid is not None and not is_early(p))
        self._border.pass_over(number, self._hand_pids)
        new = self._border.take(thread.posts, ordinary, again=number <= self._furthest)
        self._count(number, new)
        self._asked = self._next(number)
        if self._since is not None:
            new = {at for at in new if (thread.posts[at].timestamp or self._since) >= self._since}
        if number < self._start and not self._given_out:  # the thread ends before the page that was asked for
            new = set()
        self._hand, self._hand_number = with_posts(thread, sorted(new)), number
        self._errands.extend(errands_of(self._ref, self._hand.posts, extras=self._extras))
        return () if self._errands else self._give_out()

    def _count(self, number: int, new: Collection[int]) -> None:
        """Count pages without anything new: a forum that shows the same again and again is not read for ever."""
        if new:
            self._fresh, self._stale = self._fresh + 1, 0
        elif number > self._furthest:
            self._stale += 1
        self._furthest = max(number, self._furthest)

    def _next(self, number: int) -> int | None:
        """The page after this one; None where there is none, or it was read already."""
        last = self._last or number
        end = last if self._stop is None else min(last, self._stop)
        if self._may_seek and self._since is not None and end > number + 1:
            self._seek = Seek(number, end, self._since)
            self._border.jump()
            return self._seek.probe
        if number >= (self._asked or 0) and number < end and self._stale <= self._fresh + _STALE:
            return number + 1
        return None

    def _give_out(self) -> tuple[Thread, ...]:
        """The page in hand, now that it is whole; a page without a new post is none, but for the first."""
        self._may_seek = False
        self._state = self._cursor()
        if self._given_out and not self._hand.posts:
            return ()
        self._given_out = True
        return (self._hand,)

    def _run_errand(self, answer: Page) -> tuple[Thread, ...]:
        errand, hand = self._errands[0], self._hand
        at = next(i for i, post in enumerate(hand.posts) if post.pid == errand.pid)
        post, following = errand.done(hand.posts[at], answer)
        self._hand = hand.model_copy(update={"posts": (*hand.posts[:at], post, *hand.posts[at + 1 :])})
        if following is None:
            self._errands.popleft()
        else:
            self._errands[0] = following
        return () if self._errands else self._give_out()

    # --- Posts since a time -------------------------------------------------------------------------------------------

    def _probe(self, seek: Seek, thread: Thread, number: int) -> tuple[Thread, ...]:
        """Look at one page for the time of its first post; go on from the last page that begins before `since`."""
        times = (post.timestamp for post in ordinary_of(thread.posts))
        found = seek.look(number, next(times, None), thread)
        if not seek.done:
            self._asked = seek.probe
            return ()
        self._seek = None
        self._asked = seek.low if found is not None else seek.low + 1
        return self._take(found, seek.low) if found is not None else ()

    # --- Going on later -----------------------------------------------------------------------------------------------

    def _first_cursor(self) -> Cursor:
        url = self._given or address_of(self._ref, 1)
        return Cursor(kind="thread", url=url, tid=self._ref.tid, page=self._start, next_page=self._start)

    def _cursor(self) -> Cursor:
        # a page that was read again does not undo what follows it
        page, pids = max(self._hand_number, self._state.page), self._hand_pids
        pids = (*pids, *(pid for pid in self._state.border_pids if pid > max(pids, default=pid)))
        return self._first_cursor().model_copy(
            update={
                "page": page,
                "next_page": max(page, self._asked or (page if pids else page + 1)),
                "border_pids": pids,
                "early_pids": tuple(sorted(self._border.early)),
            }
        )

    def _go_on(self, cursor: Cursor) -> None:
        if None not in (self.tid, cursor.tid) and self.tid != cursor.tid:
            raise ValueError(f"the cursor is of thread {cursor.tid}, the address of thread {self.tid}")
        self._state = cursor
        if parse_url(cursor.url).ordertype == _OLDEST_FIRST:  # an earlier walk found out
            self._ref = self._ref.model_copy(update={"ordertype": _OLDEST_FIRST})
        if not cursor.border_pids and cursor.next_page == cursor.page:
            return  # nothing was read
        self._given_out = True
        self._border.resume(cursor.border_pids, cursor.early_pids, cursor.page)
        self._asked = max(cursor.page if cursor.border_pids else cursor.next_page, self._start)
        self._fresh, self._furthest = cursor.page, cursor.page - bool(cursor.border_pids)
        self._may_seek = self._may_seek and cursor.page == self._start
