"""Threads and boards that change while they are walked through, as models: no HTML, no network."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from discuz_scrape import BoardWalk, ThreadWalk, parse_url
from discuz_scrape.models import Author, Board, BoardInfo, Page, Post, Site, Thread, ThreadSummary

SITE = "https://bbs.qingshiqiao.example/"
URL = f"{SITE}forum.php?mod=viewthread&tid=12"
BOARD_URL = f"{SITE}forum.php?mod=forumdisplay&fid=2"
START = datetime(2024, 3, 1, 8, 0, tzinfo=UTC)
THERE = Site(url=SITE, utc_offset="+08:00", utc_offset_assumed=False)
MEMBER = THERE.model_copy(update={"viewer_uid": 7})


def minutes(number: int) -> datetime:
    """The time of the post with this number."""
    return START + timedelta(minutes=number)


def post(pid: int | None, floor: int | None = None, **more: Any) -> Post:
    more.setdefault("timestamp", minutes(pid % 1000) if pid is not None else None)
    return Post(pid=pid, floor=floor, is_first=floor == 1, author=Author(name="老渡口"), body=f"第 {pid} 帖", **more)


def thread(*posts: Post, **more: Any) -> Thread:
    given: dict[str, Any] = {"tid": 12, "site": THERE, "page": 1, "total_pages": 1}
    return Thread(posts=posts, **(given | more))


def row(tid: int | None, **more: Any) -> ThreadSummary:
    return ThreadSummary(tid=tid, subject=f"主题 {tid}", **more)


def board(*rows: ThreadSummary, **more: Any) -> Board:
    given: dict[str, Any] = {"forum": BoardInfo(fid=2, name="桥头茶馆"), "site": THERE, "page": 1, "total_pages": 1}
    return Board(threads=rows, **(given | more))


def number_of(url: str | None) -> int:
    """The page that an address asks for."""
    return parse_url(url or "").page or 1


@dataclass
class Simulated:
    """A thread as the software keeps it: places that no deletion changes, until a hole is met."""

    count: int
    per_page: int = 3
    ordinals: bool = False
    newest_first: bool = False
    heeds_order: bool = True
    """Whether it shows the oldest first to who asks for that."""
    floors: str = "shown"  # or "inferred", "missing"
    pids: bool = True
    tells_page: bool = True
    tells_total: bool = True
    sticky: frozenset[int] = frozenset()
    recommended: frozenset[int] = frozenset()
    gone: set[int] = field(default_factory=set)
    """Numbers of the posts that are deleted. The number of a post is its place, and its pid less 1000."""
    redirects: int = 0

    def ever(self) -> set[int]:
        return set(range(1, self.count + 1)) - self.gone

    def answer(self, url: str | None) -> tuple[Thread, bool]:
        """The page, and whether the forum redirected to that very page first."""
        asked = parse_url(url or "")
        assert asked.tid == 12
        newest_first = self.newest_first and not (self.heeds_order and asked.ordertype == 2)
        shown, number, pages = self._range(asked.page or 1, newest_first=newest_first)
        redirected = not self.ordinals and any(n in self.gone for n in shown)
        if redirected:
            self.ordinals, self.redirects = True, self.redirects + 1
            shown, number, pages = self._range(asked.page or 1, newest_first=newest_first)
        floors = {n: at for at, n in enumerate(sorted(self.ever()), 1)} if self.ordinals else {n: n for n in shown}
        posts = [self._post(n, floors[n]) for n in shown]
        if number == 1:
            posts = list(self._with_lifted(posts, shown))
        site = THERE
        page = thread(*posts, site=site, views=self.count * 9, replies=self.count)
        return page.model_copy(
            update={
                "page": number if self.tells_page else None,
                "total_pages": pages if self.tells_total and (pages > 1) else None,
            }
        ), redirected

    def _range(self, page: int, *, newest_first: bool) -> tuple[list[int], int, int]:
        places = sorted(self.ever()) if self.ordinals else list(range(1, self.count + 1))
        if newest_first:
            places = [*places[:1], *reversed(places[1:])]
        pages = max(1, -(-len(places) // self.per_page))
        number = min(page, pages)
        return places[(number - 1) * self.per_page : number * self.per_page], number, pages

    def _post(self, n: int, floor: int, **more: Any) -> Post:
        told = None if self.floors == "missing" else floor
        made = post(1000 + n, told, floor_inferred=self.floors == "inferred", **more)
        opens = n == min(self.ever())
        return made.model_copy(update={"is_first": opens, "pid": made.pid if self.pids else None, "body": f"{n}"})

    def _with_lifted(self, posts: list[Post], shown: list[int]) -> Iterable[Post]:
        lifted = [n for n in sorted(self.sticky | self.recommended) if n in self.ever() and n != min(self.ever())]
        yield from posts[:1]
        for n in lifted:
            floor = sorted(self.ever()).index(n) + 1 if self.ordinals else n
            flags = {"sticky": True} if n in self.sticky else {"recommended": True, "floor": None}
            yield self._post(n, floor).model_copy(update=flags)
        yield from (one for n, one in zip(shown[1:], posts[1:], strict=True) if n not in lifted)


def walked(
    walk: ThreadWalk, forum: Simulated, *, between: Callable[[int], object] = lambda _: None, most: int = 400
) -> list[Thread]:
    """All pages of a walk; `between` is called with the number of answers so far, before the next is asked for."""
    pages: list[Thread] = []
    for asks in range(most):
        if walk.ask is None:
            return pages
        between(asks)
        page, redirected = forum.answer(walk.ask)
        pages += walk.feed(page, redirected=redirected)
    raise AssertionError(f"the walk goes on after {most} pages")


def numbers(pages: Iterable[Thread]) -> list[int]:
    """The numbers of the posts of some pages."""
    return [int(one.body) for page in pages for one in page.posts]


def board_walked(walk: BoardWalk, answer: Callable[[str], Page], most: int = 400) -> list[Any]:
    pages: list[Any] = []
    for _ in range(most):
        if walk.ask is None:
            return pages
        pages += walk.feed(answer(walk.ask))
    raise AssertionError(f"the walk goes on after {most} pages")
