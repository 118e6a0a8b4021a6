"""The walk through the pages of a board, and if asked through its threads.

The thread with the newest reply stands first, so a board moves down while it is read: rows come twice, and a thread
that gets a reply jumps from a page not read yet to one that was. Where rows came twice, the walk reads from page 1
again until it meets a row it knows, and so on while the board moves. Each tid is given out once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from discuz_scrape.errors import DiscuzScrapeError, LoginRequiredError, ParseError
from discuz_scrape.models import Board, Page, PageRef, Thread, ThreadList, ThreadSummary
from discuz_scrape.urls import DEFAULT_RULES, thread_url
from discuz_scrape.walk._cursor import Cursor, State, open_state, report
from discuz_scrape.walk._pages import Rules, address_of, check_options, is_passing, open_ref, tids_of, times_of
from discuz_scrape.walk.thread import ThreadWalk

__all__ = ["BOARDS", "BoardWalk"]

_SHUT_IN_A_ROW = 3
"""Threads that ask for a login before a guest's walk takes it that all do."""
_STALE = 3
"""Pages without a new row, beside as many as had some, before it is taken that the forum repeats itself."""

BOARDS = frozenset({"board", "group", "user_threads", "guide", "tag", "search"})
"""Kinds of address that list threads page by page."""


class BoardWalk:
    """Reads a board from its first page to its last: `ask` for an address, `feed` the page that it gives.

    Args:
        url: Any address of the board; also of another list of threads, such as the guide or a tag.
        start: Number of the first page to read.
        stop: Number of the last page to read.
        author: Number of a member: only threads by that member are given out.
        since: Only threads with a post of this time or later; the walk ends where all are older.
        threads: Whether to read the threads too, each right after the page that lists it; a number reads that many.
        extras: Whether to ask for the remarks and ratings that their pages leave out.
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
        threads: bool | int = False,
        extras: bool = False,
        rewrite: Rules = DEFAULT_RULES,
        state: Mapping[str, Any] | str | None = None,
    ) -> None:
        check_options(start, stop, since)
        self._ref = open_ref(url, rewrite)
        self._given = None if self._ref.kind in BOARDS else url
        self._start, self._stop, self._author, self._since = start or 1, stop, author, since
        self._extras, self._rules = extras, rewrite
        self._wanted: float = float("inf") if threads is True else int(threads)
        self._begun = 0
        self._asked: int | None = self._start
        self._last: int | None = None
        self._known: set[int] = set()
        self._top: tuple[int, ...] = ()
        self._overlapped = self._catching_up = self._given_out = False
        self._fresh = self._stale = self._steps_back = 0
        self._count: int | None = None
        self._top_at: datetime | None = None
        self._newest_at: datetime | None = None
        self._passed: set[int] = set()
        self._number = self._start
        self._border: tuple[int, ...] = ()
        self._waiting: deque[int] = deque()
        self._inner: ThreadWalk | None = None
        self._shut: list[int] = []
        self._as_member = False
        self.problems: list[DiscuzScrapeError] = []
        """What kept single threads from being read: the walk went on without them."""
        if state is not None:
            self._go_on(open_state(state, "board"))

    # --- What people use ----------------------------------------------------------------------------------------------

    @property
    def ask(self) -> str | None:
        """The address to ask for next; None at the end."""
        if self._inner is not None:
            return self._inner.ask
        return (self._given or address_of(self._ref, self._asked)) if self._asked is not None else None

    @property
    def page(self) -> int | None:
        """Number of the page of the board that is asked for next; None at the end."""
        return self._asked

    @property
    def total_pages(self) -> int | None:
        """How many pages there are, as the last page read tells. None before the first."""
        return self._last

    @property
    def state(self) -> State:
        """A cursor to go on later, for JSON: what was given out so far counts as read. It never holds cookies."""
        return Cursor(
            kind="board",
            url=self._given or address_of(self._ref, 1),
            page=self._number,
            next_page=self._asked or self._number,
            border_tids=self._border,
            early_tids=self._top,
            top_at=self._top_at,
            waiting=tuple(self._waiting),
            begun=self._begun,
            thread=Cursor.model_validate(self._inner.state, strict=False) if self._inner is not None else None,
        ).state

    def feed(self, page: Page, *, redirected: bool = False) -> tuple[Board | ThreadList | Thread, ...]:
        """Take the page that was asked for; give the pages that are whole now, with what was not given out yet.

        Args:
            page: What the address gave.
            redirected: Whether the forum answered with a redirect to that very page first.

        Raises:
            ParseError: It is no page of this board, or thread.

        """
        self._as_member = self._as_member or bool(page.site.viewer_uid)
        if self._inner is not None:
            pages = self._inner.feed(page, redirected=redirected)
            self._shut.clear()
            self._go_to_thread()
            return pages
        if self._asked is None:
            raise ValueError("the walk is at its end and asks for nothing")
        if not isinstance(page, Board | ThreadList):
            raise ParseError(f"asked for a page of a board, got one of kind {page.kind!r}", url=self.ask)
        if self._given is not None:
            self._settle(page)
            if page.page not in (None, self._asked):
                return ()
        return self._absorb(page, min(self._asked, page.page or page.total_pages or self._asked))

    def fail(self, error: DiscuzScrapeError) -> tuple[Board | ThreadList | Thread, ...]:
        """Tell that what was asked for could not be had; give the pages that are whole all the same.

        A thread that the forum refuses is put down in `problems`, and the walk goes on. An error that ends the walk is
        raised again: it says where the walk stood, and its `state` is the cursor.
        """
        if self._inner is not None:
            return self._fail_thread(self._inner, error)
        total = f" of {self._last}" if self._last else ""
        report(error, self.state, f"the walk stood at page {self._asked}{total} of the board: its state leads on")
        raise error

    def _fail_thread(self, walk: ThreadWalk, error: DiscuzScrapeError) -> tuple[Thread, ...]:
        try:
            pages = walk.fail(error)
        except DiscuzScrapeError:
            self._inner = None
            self._pass_or_raise(walk, error)
            pages = ()
        self._go_to_thread()
        return pages

    def _pass_or_raise(self, walk: ThreadWalk, error: DiscuzScrapeError) -> None:
        """Put down why a thread cannot be read; raise it where no other can be read either."""
        shut = isinstance(error, LoginRequiredError)
        tid = walk.tid
        all_shut = shut and (self._as_member or walk.begun or len(self._shut) + 1 >= _SHUT_IN_A_ROW)
        if is_passing(error) and not all_shut:
            self._shut = [*self._shut, tid] if shut and tid else []
            self.problems.append(error)
            return
        if shut:  # the session is at its end: the threads that it has closed are still to be read
            self._waiting.extendleft(reversed(self._shut))
            self._begun -= len(self._shut)
            del self.problems[len(self.problems) - len(self._shut) :]
            self._shut = []
        self._inner = walk
        error.state = self.state
        raise error

    def _settle(self, page: Board | ThreadList) -> None:
        """Go on with the board that an address shows which the rules do not know."""
        site, fid = self._ref.site or page.site.url, page.forum.fid if isinstance(page, Board) else None
        if site is None or fid is None:
            raise ParseError("the page does not tell which board it is of", url=self.ask)
        self._given, self._ref = None, PageRef(kind="board", site=site, fid=fid, page=1)

    # --- One page -----------------------------------------------------------------------------------------------------

    def _absorb(self, page: Board | ThreadList, number: int) -> tuple[Board | ThreadList, ...]:
        """Give out the rows that are new on a page, and see what is to be asked for next."""
        ordinary = [row for row in page.threads if row.sticky is None]
        if self._has_shrunk(page) and number > self._start and self._steps_back <= number:
            self._asked, self._steps_back = number - 1, self._steps_back + 1
            return ()  # what followed a thread that is gone may have slipped there
        met = any(row.tid in self._known for row in ordinary)
        again = any(row.tid in self._passed for row in ordinary) if self._catching_up else met
        if again and number > self._start:
            self._overlapped = True
        self._passed.update(tids_of(ordinary))
        self._last = page.total_pages or max(number, self._last or 1)
        self._number, self._border = number, tids_of(page.threads)
        if number == self._start:
            self._top = tids_of(ordinary)
            self._newest_at = max(times_of(ordinary), default=None)
            if not self._catching_up:
                self._top_at = self._top_at or self._newest_at
        known = len(self._known)
        rows = tuple(row for row in page.threads if self._is_wanted(row))
        if number < self._start and not self._given_out:  # the board ends before the page that was asked for
            rows = ()
        if len(self._known) > known:
            self._fresh, self._stale = self._fresh + 1, 0
        else:
            self._stale += 1
        if self._top_at is not None:  # what was read may have come to the top since; what is older has not
            met = min(times_of(ordinary), default=self._top_at) < self._top_at
        self._asked = self._next(number, met=met and self._catching_up, over=self._is_over(ordinary))
        self._waiting.extend(tids_of(rows))
        self._go_to_thread()
        if self._given_out and not rows:
            return ()
        self._given_out = True
        return (page.model_copy(update={"threads": rows}),)

    def _has_shrunk(self, page: Board | ThreadList) -> bool:
        """Whether the board has fewer threads than when it was last looked at."""
        before, self._count = self._count, page.forum.thread_count if isinstance(page, Board) else None
        return before is not None and self._count is not None and self._count < before

    def _is_wanted(self, row: ThreadSummary) -> bool:
        """Whether to give out a row: it is new, and what was asked for."""
        if row.tid is not None:
            if row.tid in self._known:
                return False
            self._known.add(row.tid)
        if self._author is not None and (row.author is None or row.author.uid != self._author):
            return False
        return self._since is None or row.last_post_at is None or row.last_post_at >= self._since

    def _is_over(self, ordinary: Sequence[ThreadSummary]) -> bool:
        """Whether all that follows is older than was asked for."""
        times = times_of(ordinary)
        return self._since is not None and bool(times) and max(times) < self._since

    def _next(self, number: int, *, met: bool, over: bool) -> int | None:
        last = self._last or number
        end = last if self._stop is None else min(last, self._stop)
        on = number >= (self._asked or 0) and number < end and not over and self._stale <= self._fresh + _STALE
        if on and not met:
            return number + 1
        if self._overlapped and self._start == 1:
            self._catch_up()
            return 1
        return None

    def _catch_up(self) -> None:
        """Read from page 1 again, as far as what has moved since that page was last read."""
        if self._catching_up:
            self._top_at = self._newest_at
        self._overlapped, self._catching_up = False, True
        self._passed.clear()

    def _go_to_thread(self) -> None:
        """Turn to the next thread that waits, where the one in hand is read."""
        if self._inner is not None and self._inner.ask is not None:
            return
        self._inner = None
        enough = self._begun >= self._wanted
        if enough:
            self._waiting.clear()
        if self._waiting:
            self._begun += 1
            self._inner = self._walk(self._waiting.popleft())
        elif enough and self._wanted:
            self._asked = None

    def _walk(self, tid: int, state: State | None = None) -> ThreadWalk:
        url = thread_url(self._ref.site or "", tid)
        return ThreadWalk(url, since=self._since, extras=self._extras, rewrite=self._rules, state=state)

    def _go_on(self, cursor: Cursor) -> None:
        there = open_ref(cursor.url, self._rules)
        if self._given is not None and there.kind == "board":
            self._given, self._ref = None, there
        if there.kind == self._ref.kind == "board" and there.fid != self._ref.fid:
            raise ValueError(f"the cursor is of board {there.fid}, the address of board {self._ref.fid}")
        self._fresh, self._top_at = cursor.page, cursor.top_at
        self._known = {*cursor.border_tids, *cursor.early_tids}
        self._top, self._border = cursor.early_tids, cursor.border_tids
        self._number, self._asked, self._begun = cursor.page, cursor.page, cursor.begun
        self._given_out = self._overlapped = bool(self._known)
        self._waiting.extend(cursor.waiting)
        if cursor.thread is not None and cursor.thread.tid is not None:
            self._inner = self._walk(cursor.thread.tid, cursor.thread.state)
        self._go_to_thread()
