"""What was read of a thread, and whether posts have slipped unread over the border to a page that was read already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from discuz_scrape.models import Post

__all__ = ["Border", "falls", "is_early", "ordinary_of"]

_FALSE_ALARMS = 3  # in a row, without a lost post: then it is the way of this forum


class Border:
    """Keeps the posts that were read, and tells when to go back by a page."""

    def __init__(self) -> None:
        self.known: set[int] = set()
        self.early: set[int] = set()
        """Posts that were shown before their place."""
        self.floors: dict[int, int] = {}
        """Floors of those, as their own place tells them."""
        self.searching = False
        """Whether the walk looks for what it knows: after going back, and at the start of a walk that is resumed."""
        self._anchor: frozenset[int] = frozenset()
        self._anchored_at = 0
        self._floor: int | None = None
        self._alarms = self._steps_back = 0
        self._gone_back: set[int] = set()
        self._nameless: set[int] = set()

    def resume(self, anchor: Iterable[int], early: Iterable[int], page: int) -> None:
        """Take up what an earlier walk has read: the posts of its last page, and what stands before them."""
        self._anchor, self.early, self._anchored_at = frozenset(anchor), set(early), page
        self.known = set(self._anchor | self.early)
        self.searching = bool(self._anchor)

    def goes_back(self, number: int, ordinary: Sequence[Post], *, suspicious: bool) -> bool:
        """Whether posts may have slipped to the page before this one, so that it must be read again."""
        pids = [post.pid for post in ordinary if post.pid is not None and post.pid not in self.early]
        if all(post.pid is None for post in ordinary) or self._steps_back > number + _FALSE_ALARMS:
            return False
        if self.searching:
            lost = self._is_behind(number, pids)
        else:
            lost = self._alarms < _FALSE_ALARMS and (suspicious or self._leaves_out(number, ordinary))
        if lost:
            self.searching = True
            self._steps_back += 1
            self._gone_back.add(number)
        return lost

    def _is_behind(self, number: int, pids: Sequence[int]) -> bool:
        if not pids:  # nothing but replies that were shown early
            return True
        if number <= self._anchored_at:
            return self.known.isdisjoint(pids) and all(map(self._is_beyond, pids))
        return pids[0] not in self.known

    def _is_beyond(self, pid: int) -> bool:
        """Whether a post comes after those that an earlier walk read last, for numbers grow with time."""
        return pid > max(self._anchor, default=pid)

    def _leaves_out(self, number: int, ordinary: Sequence[Post]) -> bool:
        """Whether floors are left out between the last post read and the first of this page."""
        first = ordinary[0]
        if first.floor is None or first.floor_inferred or self._floor is None or number in self._gone_back:
            return False
        return first.floor > self._floor + 1

    def pass_over(self, number: int, pids: Sequence[int]) -> None:
        """Take for read what stands before the posts that an earlier walk has given out last."""
        if not self._anchor:
            return
        at = next((at for at, pid in enumerate(pids) if pid in self._anchor), 0)
        if number <= self._anchored_at and self._anchor.isdisjoint(pids):
            at = next((at for at, pid in enumerate(pids) if self._is_beyond(pid)), len(pids))
        self.known.update(pids[:at])

    def take(self, posts: Sequence[Post], ordinary: Sequence[Post], *, again: bool) -> set[int]:
        """Places of the posts that were not given out yet. Those without a pid are known by their page only."""
        new = set()
        nameless = hash(tuple((post.author.name, post.timestamp, post.body) for post in posts if post.pid is None))
        again = again or nameless in self._nameless
        self._nameless.add(nameless)
        for at, post in enumerate(posts):
            if post.pid is None:
                if not again:
                    new.add(at)
            elif post.pid not in self.known:
                self.known.add(post.pid)
                new.add(at)
                if is_early(post):
                    self.early.add(post.pid)
            elif post.pid in self.early and post.floor is not None and not is_early(post):
                self.floors[post.pid] = post.floor
        if self.searching and self._steps_back:
            self._alarms = 0 if new else self._alarms + 1
        self.searching = False
        self._floor = self._last_floor(posts, ordinary)
        return new

    def _last_floor(self, posts: Sequence[Post], ordinary: Sequence[Post]) -> int | None:
        told = [post.floor for post in ordinary if post.floor is not None and not post.floor_inferred]
        if not told:
            return None
        last = told[-1]
        shown = {post.floor for post in posts}
        while last + 1 in shown:  # a sticky reply is not repeated on its own page
            last += 1
        return last

    def jump(self) -> None:
        """Forget the floor read last: the next page does not follow."""
        self._floor = None


def is_early(post: Post) -> bool:
    """Whether a post is shown before its place."""
    return post.sticky or post.recommended


def ordinary_of(posts: Sequence[Post]) -> list[Post]:
    """The posts that stand at their own place: neither the opening one, nor those shown early."""
    return [post for post in posts if not (post.is_first or is_early(post))]


def falls(ordinary: Sequence[Post]) -> bool:
    """Whether the newest post comes first; but for floor 1, which heads a page of one author's too."""
    floors = [post.floor for post in ordinary if post.floor not in (None, 1) and not post.floor_inferred]
    if len(floors) > 1:
        return floors[0] > floors[-1]
    times = [post.timestamp for post in ordinary if post.timestamp is not None]
    return len(times) > 1 and times[0] > times[-1]
