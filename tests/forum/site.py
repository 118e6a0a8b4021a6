"""The forum itself: what it holds, how it is set, how it is told to misbehave."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from threading import RLock
from typing import Literal

from forum.data import NAMES, ZONE, Author, Board, File, Member, Thread
from forum.faults import KINDS, Fault, Option
from forum.serve import Site
from forum.wire import Match, Request, matches

STOCK_ROBOTS = """\
#
# robots.txt for Discuz! X3
#

User-agent: *
Allow: /data/attachment/
Allow: /data/cache/
Allow: /uc_server/data/avatar/
Disallow: /api/
Disallow: /data/
Disallow: /source/
Disallow: /install/
Disallow: /template/default/
Disallow: /config/
Disallow: /uc_client/
Disallow: /uc_server/
Disallow: /admin.php
Disallow: /search.php
Disallow: /member.php
Disallow: /api.php
Disallow: /misc.php
Disallow: /connect.php
Disallow: /forum.php?mod=redirect*
Disallow: /forum.php?mod=post*
Disallow: /home.php?mod=spacecp*
Disallow: /*?mod=misc*
Disallow: /*?mod=attachment*
Disallow: /*mobile=yes*
"""
_WALLS: dict[str, Match] = {
    "touch": r"/(?:forum\.php|thread-|forum-|$)",
    "dsign": lambda request: bool(re.search(r"thread-\d+-1-|mod=viewthread(?!.*[&?]page=(?!1\b))", request.path)),
    "reload": lambda request: not any(name.endswith("_lastrequest") for name in request.cookies),
}
"""Whom a wall stops, where that is not everybody."""


@dataclass(eq=False)
class Hook:
    """What a test does before requests are answered."""

    match: Match
    callback: Callable[[], object]
    times: int


class Forum:
    """A forum. Change it as you like, also while it is served: in `before` hooks, or holding `lock`."""

    def __init__(
        self,
        *,
        per_page: int = 10,
        threads_per_page: int = 20,
        rewrite: bool = False,
        charset: str = "utf-8",
        name: str = "青石桥论坛",
        root: str = "",
    ) -> None:
        self.lock = RLock()
        self.per_page, self.threads_per_page = per_page, threads_per_page
        self.comments_per_page, self.ratings_shown = 5, 3
        self.rewrite, self.charset, self.name = rewrite, charset, name
        self.root = root
        """The folder that the forum lies in, ending in a slash; robots.txt stays above it."""
        self.now = datetime(2024, 5, 20, 12, 0, tzinfo=ZONE)
        """The clock of its pages and of the Date header."""
        self.date: str | None = None
        """A Date header of its own."""
        self.robots: str | None = STOCK_ROBOTS
        """The text of robots.txt; None for a 404."""
        self.etags = False
        """Whether pages carry an ETag, and 304 answers who knows it; files always do."""
        self.captcha: Literal["", "script", "field"] = ""
        self.captcha_answer = "k7Qm"
        self.cookie_prefix, self.cookie_attributes = "qsq0_2132_", "; path=/; HttpOnly"
        self.loginhash = "Lk3x9"
        self.boards: dict[int, Board] = {}
        self.threads: dict[int, Thread] = {}
        self.members: dict[str, Member] = {}
        self.members_only_pages: int | None = None
        self.sessions: dict[str, tuple[Member, int | None]] = {}
        """Who is logged in, by the cookie's value, and for how many pages more."""
        self.attempts_left = 5
        self.faults: list[Fault] = []
        self.hooks: list[Hook] = []
        self._people: dict[str, Author] = {}
        self._visitors = self._logins = 0

    # --- What it holds ---

    def person(self, name: str) -> Author:
        """Give the member of that name, the same each time."""
        return self._people.setdefault(name, Author(len(self._people) + 101, name))

    def member(self, name: str, password: str, *, question: int = 0, answer: str = "") -> Member:
        """Let somebody log in."""
        self.members[name] = Member(self.person(name), password, question, answer)
        return self.members[name]

    def board(self, fid: int = 2, name: str = "桥头茶馆") -> Board:
        self.boards[fid] = Board(fid, name)
        return self.boards[fid]

    def thread(
        self,
        tid: int,
        posts: int = 1,
        *,
        fid: int = 2,
        subject: str | None = None,
        authors: Sequence[str] = NAMES,
        start: datetime | None = None,
        sticky: bool = False,
    ) -> Thread:
        """Open a thread with that many posts, the same each time: one later in the day for each number of a thread."""
        if fid not in self.boards:
            self.board(fid)
        begun = start or datetime(2024, 3, 1, 8, 0, tzinfo=ZONE) + timedelta(minutes=tid % 10_000)
        thread = Thread(tid, fid, subject or f"第{tid}号闲话", tuple(map(self.person, authors)), begun)
        thread.sticky, thread.views = sticky, 100 + tid
        for _ in range(posts):
            thread.add()
        self.threads[tid] = thread
        return thread

    def threads_of(self, fid: int) -> list[Thread]:
        """The threads of a board in its order: sticky ones, then whichever was replied to last."""
        listed = [thread for thread in self.threads.values() if thread.fid == fid and thread.posts]
        return sorted(listed, key=lambda thread: (thread.sticky, thread.last_post.time, thread.tid), reverse=True)

    def files(self) -> Iterator[File]:
        """All files of all posts."""
        return (file for thread in self.threads.values() for post in thread.posts for file in post.files)

    def thread_link(self, tid: int, page: int = 1) -> str:
        """The address of a page of a thread as the pages link it."""
        if self.rewrite:
            return f"thread-{tid}-{page}-1.html"
        return f"forum.php?mod=viewthread&amp;tid={tid}" + (f"&amp;page={page}" if page > 1 else "")

    def board_link(self, fid: int) -> str:
        return f"forum-{fid}-1.html" if self.rewrite else f"forum.php?mod=forumdisplay&amp;fid={fid}"

    # --- Who may come in ---

    def members_only(self, pages: int | None = None) -> None:
        """Show pages to members alone; a session is good for that many of them, None for any number."""
        with self.lock:
            self.members_only_pages = -1 if pages is None else pages

    def session(self, member: Member) -> str:
        """Log a member in, and give the value of the cookie."""
        limit = self.members_only_pages
        self._logins += 1
        token = sha256(f"{member.author.name}|{self._logins}".encode()).hexdigest()[:24]
        self.sessions[token] = (member, None if limit is None or limit < 0 else limit)
        return token

    def new_salt(self) -> str:
        self._visitors += 1
        return f"salt{self._visitors:04}"

    def formhash(self, salt: str, member: Member | None) -> str:
        """What a form must bring back: it hangs on the visitor's cookie, so a form of somebody else is of no use."""
        return sha256(f"{salt}|{member.author.uid if member else 0}".encode()).hexdigest()[:8]

    # --- How it misbehaves ---

    def fail(self, match: Match, kind: str, *, times: int | None = 1, **options: Option) -> None:
        """Let the next `times` requests that match meet a fault (None: all of them), after those told before.

        The kinds are the keys of `KINDS`, where their options are told. None matches all but robots.txt.
        """
        if kind not in KINDS:
            raise ValueError(f"no fault is called {kind!r}: choose from {sorted(KINDS)}")
        with self.lock:
            self.faults.append(Fault(match, kind, times, options))

    def wall(self, kind: str, **options: Option) -> None:
        """Put up a wall that stays, as the real ones do: "dsign" lets later pages pass, "reload" who has its cookie."""
        self.fail(_WALLS.get(kind), kind, times=None, **options)

    def clear(self) -> None:
        """Take back all faults, walls and hooks."""
        with self.lock:
            self.faults.clear()
            self.hooks.clear()

    def before(self, match: Match, callback: Callable[[], object], *, times: int = 1) -> None:
        """Call back before the next request that matches is answered; it may change the forum, or wait for others."""
        with self.lock:
            self.hooks.append(Hook(match, callback, times))

    def take_hooks(self, request: Request) -> list[Callable[[], object]]:
        with self.lock:
            due = [hook for hook in self.hooks if matches(hook.match, request)]
            for hook in due:
                hook.times -= 1
            self.hooks = [hook for hook in self.hooks if hook.times > 0]
        return [hook.callback for hook in due]

    def take_fault(self, request: Request) -> Fault | None:
        for fault in self.faults:
            if matches(fault.match, request):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.faults.remove(fault)
                return fault
        return None

    def served(self) -> Site:
        """Serve it on loopback, as a context manager."""
        return Site(self)
