"""Floors of posts whose link carries no number, from the order of the page."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

__all__ = ["settle_floors"]

_PAGE_SIZE = 10  # what an install begins with
_LEAST_REPLIES = 3  # with fewer, one that was pulled up would look like the other order

Record = dict[str, Any]


def settle_floors(thread: Record, posts: list[Record], first_href: str | None) -> None:
    """Tell the first post, and give a floor to those that print none; `first_href` is the floor link of the first."""
    missing = [post for post in posts if post.get("floor") is None and not post.get("recommended")]
    for post in missing:
        post["floor_inferred"] = True
    first = posts[0]
    if thread.get("page") in (1, None) and first.get("floor") in (1, None) and not first.get("sticky"):
        first["is_first"] = first_href is None or ("findpost" not in first_href and "pid=" not in first_href)
    if missing:
        _infer(thread, posts)


def _newest_first(posts: list[Record]) -> bool:
    """Whether the times of all posts say that the thread is shown from its end."""
    times = [post.get("timestamp") for post in posts]
    if len(times) < _LEAST_REPLIES or None in times or times[0] == times[-1]:
        return False
    return all(upper >= lower for upper, lower in pairwise(times))  # type: ignore[operator]


def _count_down(posts: list[Record], replies: list[Record]) -> None:
    """Floors of a thread shown from its end: known where all of it is on the page."""
    for post in posts:
        post["floor_inferred"] = False
    if replies:
        for floor, post in enumerate([posts[0], *reversed(replies)], 1):
            post.update(floor=floor, floor_inferred=True)


def _infer(thread: Record, posts: list[Record]) -> None:
    """Floors by order: from the last neighbour that has one, else from the page and the number of posts on it."""
    own = [post for post in posts if not post.get("sticky") and not post.get("recommended")]
    known = [(place, post["floor"]) for place, post in enumerate(own) if post.get("floor") is not None]
    if not known:
        page = thread.get("page") or 1
        last = page == (thread.get("total_pages") or page)
        if (replies := own[1:] if page == 1 else own) and _newest_first(replies):
            _count_down(own, replies if last and page == 1 else [])
            return
        size = max(len(own), _PAGE_SIZE) if last else len(own)
        own[0]["floor"] = (page - 1) * size + 1
    printed = {floor for _, floor in known}
    known = known or [(0, own[0]["floor"])]
    step = -1 if len(known) > 1 and known[-1][1] < known[-2][1] else 1
    at, floor = known[0]
    for place, post in enumerate(own):
        if post.get("floor") is None:
            post["floor"] = max(floor + step * (place - at), 1)
            if post["floor"] in printed:  # a badge in the place of the number: this floor is another's
                post["floor"] = None
                post["floor_inferred"] = False
        else:
            at, floor = place, post["floor"]
