"""Many pages of a thread to one `Thread`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from discuz_scrape.models import Issue, Post, Thread

__all__ = ["merged", "with_posts"]

_POST_PATH = re.compile(r"posts\[(\d{1,9})\]")
_COUNTERS = ("views", "replies", "total_pages")
_NEVER = datetime.max.replace(tzinfo=UTC)


def with_posts(page: Thread, places: Sequence[int]) -> Thread:
    """The page with some of its posts only, and the issues of those."""
    if len(places) == len(page.posts):
        return page
    posts = tuple(page.posts[at] for at in places)
    issues = tuple(_moved(page.issues, {old: new for new, old in enumerate(places)}))
    return page.model_copy(update={"posts": posts, "issues": issues})


def _moved(issues: Iterable[Issue], places: Mapping[int, int]) -> Iterable[Issue]:
    """Issues whose posts stand elsewhere now; those of posts that are gone are gone with them."""
    for issue in issues:
        found = _POST_PATH.match(issue.path)
        if found is None:
            yield issue
        elif (place := places.get(int(found[1]))) is not None:
            yield issue.model_copy(update={"path": f"posts[{place}]{issue.path[found.end() :]}"})


def merged(pages: Iterable[Thread], floors: Mapping[int, int] | None = None) -> Thread:
    """Put the pages of one walk together: posts by floor, a sticky or recommended reply once, at its own place.

    What heads the thread is that of the first page, `views`, `replies` and `total_pages` those of the last page that
    tells them; `page` is None.

    Args:
        pages: The pages in the order in which they were read, each post on one of them.
        floors: The floors that `ThreadWalk.floors` knows of replies shown early.

    Raises:
        ValueError: There is no page.

    """
    read = list(pages)
    if not read:
        raise ValueError("there is no page to put together")
    update: dict[str, object] = {"page": None}
    for name in _COUNTERS:
        told = (getattr(page, name) for page in reversed(read))
        update[name] = next((value for value in told if value is not None), None)
    shown = [(page_at, at, post) for page_at, page in enumerate(read) for at, post in enumerate(page.posts)]
    ordered = _by_floor(shown, floors or {})
    places: dict[int, dict[int, int]] = {}
    for place, (page_at, at, _) in enumerate(ordered):
        places.setdefault(page_at, {})[at] = place
    issues = [issue for at, page in enumerate(read) for issue in _moved(page.issues, places.get(at, {}))]
    update["posts"] = tuple(post for _, _, post in ordered)
    update["issues"] = tuple(dict.fromkeys(issues))
    update["site"] = read[-1].site
    return read[0].model_copy(update=update)


Shown = tuple[int, int, Post]
"""Which page, which place on it, and the post."""


def _by_floor(shown: Sequence[Shown], floors: Mapping[int, int]) -> list[Shown]:
    """Posts as they stand in the thread. A floor is a label of one fetch, so the order read goes before it."""
    opening = [found for found in shown if found[2].is_first]
    ordinary = [found for found in shown if not (found[2].is_first or found[2].sticky or found[2].recommended)]
    told = [post.floor for page_at, _, post in ordinary if post.floor is not None and page_at == ordinary[0][0]]
    if len(told) > 1 and told[0] > told[-1]:
        ordinary.reverse()
    ordered = opening + ordinary
    for page_at, at, post in shown:
        if post.is_first or not (post.sticky or post.recommended):
            continue
        floor = floors.get(post.pid or 0, post.floor)
        placed = post if floor == post.floor else post.model_copy(update={"floor": floor})
        ordered.insert(_place_of(placed, ordered, first=len(opening)), (page_at, at, placed))
    return ordered


def _place_of(post: Post, ordered: Sequence[Shown], first: int) -> int:
    """Where a reply belongs that was shown early: by its floor, else by its time."""
    for place in range(first, len(ordered)):
        other = ordered[place][2]
        if post.floor is not None and other.floor is not None:
            if other.floor > post.floor:
                return place
        elif (other.timestamp or _NEVER) > (post.timestamp or _NEVER):
            return place
    return len(ordered)
