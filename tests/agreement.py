"""Compares captures of one page: whatever two of them know has to be the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from textwrap import wrap
from typing import Any

from faces import BOARD, FORUM, INDEX, OTHERWISE, POST, ROW, SILENT, THREAD, Field, to_minute, without_codes

from discuz_scrape import Attachment, Image, Post

Pair = tuple[str, str]
Images = tuple[Image, ...]
Facts = Mapping[str, Any]


NO_URL = " without URL"
"""Ending of the face of a page that was read without its address."""


@dataclass(frozen=True)
class Capture:
    """One page as it was fetched, and what the forum's database held at that moment."""

    name: str
    face: str
    page: Any
    content: bytes = b""
    view: tuple[str, ...] = ()
    """What was asked for beside thread and page, and by whom: only equal views are compared."""
    facts: Facts = field(default_factory=dict)
    """The row of the thread or board."""
    item_facts: Mapping[int, Facts] = field(default_factory=dict)
    """The rows of its posts or threads, by number."""
    alive: bool = False
    """Whether the forum went on between such captures: then counters are compared only where both rows are known."""
    unusual: bool = False
    """Whether the owner changed settings for it: then it may be silent on what others tell."""

    @property
    def is_later(self) -> bool:
        return (getattr(self.page, "page", None) or 1) > 1

    @property
    def is_stale(self) -> bool:
        """Whether the forum served it from its own cache, with the counters of an earlier moment."""
        return b'", Updated at ' in self.content

    def silent_on(self, name: str) -> bool:
        return self._is_in(SILENT, name)

    def tells_otherwise(self, name: str) -> bool:
        return self._is_in(OTHERWISE, name)

    def _is_in(self, table: Mapping[str, Mapping[str, Mapping[str, str]]], name: str) -> bool:
        later = ", later pages" if self.is_later else ""
        base = base_of(self.face)
        faces = {self.face, self.face.removesuffix(NO_URL), base, base + later}
        if self.face.endswith(NO_URL):
            faces.add(base + NO_URL)
        return any(name in table[self.page.kind].get(face, ()) for face in faces)


class Comparison:
    """All that was compared, and what differs."""

    def __init__(self) -> None:
        self.made: dict[Pair, Counter[str]] = defaultdict(Counter)
        self.chances: dict[Pair, Counter[str]] = defaultdict(Counter)
        """Where a pair should know something: another capture of the page does, and the tables do not excuse them."""
        self.differences: list[str] = []

    def compare(self, captures: Sequence[Capture]) -> None:
        """Compare every two captures of one page."""
        known = set(_all_known(captures))
        for one, other in combinations(captures, 2):
            if one.view == other.view:
                first, second = sorted((one, other), key=lambda capture: capture.face)
                _Two(self, first, second, known).compare()

    def add(self, other: Comparison) -> None:
        for pair in other.chances:
            self.made[pair] += other.made[pair]
            self.chances[pair] += other.chances[pair]
        self.differences += other.differences

    def table(self) -> Iterator[str]:
        """How many comparisons: a row and a column for each face, of how many fields; then how many of each field."""
        pairs: dict[Pair, Counter[str]] = defaultdict(Counter)
        fields: Counter[str] = Counter()
        for (one, other), counts in self.made.items():
            first, second = sorted((base_of(one), base_of(other)))
            pairs[first, second] += counts
            fields += counts
        faces = sorted({face for pair in pairs for face in pair})
        yield f"{fields.total()} comparisons between faces, {len(self.differences)} differences (comparisons/fields):"
        yield " " * 10 + "".join(f"{face:>13}" for face in faces)
        for row in faces:
            cells = [pairs.get((row, column), Counter()) if row <= column else Counter() for column in faces]
            yield f"{row:10}" + "".join(f"{f'{each.total()}/{len(each)}' if each else '':>13}" for each in cells)
        yield from wrap(", ".join(f"{name} {count}" for name, count in fields.most_common()), 120)

    def never_made(self) -> list[str]:
        """What a pair of faces should have been compared by, and never was."""
        return [
            f"{one} = {other}: {name}"
            for (one, other), counts in sorted(self.chances.items())
            for name in counts
            if not self.made[one, other][name]
        ]


class _Two:
    """Two captures of one page."""

    def __init__(self, told: Comparison, one: Capture, other: Capture, known: set[tuple[str, object]]) -> None:
        self.known = known
        self.told = told
        self.one = one
        self.other = other
        self.pair = (one.face, other.face)
        self.hot = (one.unusual and is_hot(one)) or (other.unusual and is_hot(other))

    def compare(self) -> None:
        whole, part = _FIELDS[self.one.page.kind]
        for each in whole:
            if not each.first_page or not (self.one.is_later or self.other.is_later):
                self.field(each, self.one.page, self.other.page, self.one.facts, self.other.facts, None)
        for mine, yours, number in _matched(self.one, self.other):
            facts = [capture.item_facts.get(number or 0, {}) for capture in (self.one, self.other)]
            for each in part:
                self.field(each, mine, yours, facts[0], facts[1], number or _moment(mine))

    def field(self, each: Field, mine: Any, yours: Any, my_facts: Facts, your_facts: Facts, place: object) -> None:
        """Compare one thing."""
        both = (self.one, self.other)
        if any(capture.tells_otherwise(each.name) for capture in both):
            return
        if not self.is_same_state(each, my_facts, your_facts) and not (each.counted and self.is_same_row(mine, yours)):
            return
        told = [_told(each, *of) for of in ((self.one, mine, my_facts), (self.other, yours, your_facts))]
        if each.name == "notices":
            told = [tuple(kind for kind in kinds if not self.is_silent(f"notices.{kind}")) for kinds in told]
        known = [_is_known(value) for value in told]
        if each.name == "uid" and not all(known) and "deleted" in (_kind_of_author(mine), _kind_of_author(yours)):
            return  # the API and previews go on telling the number of an account that is gone
        excused = [not value and capture.silent_on(each.name) for capture, value in zip(both, told, strict=True)]
        if any(excused) or (not all(known) and (self.one.unusual or self.other.unusual)):
            return
        same = self.same(each.name, told[0], told[1], mine, yours) if all(known) else not any(known)
        if same is None:
            return
        self.told.chances[self.pair][each.name] += (each.name, place) in self.known
        self.told.made[self.pair][each.name] += all(known)
        if not same:
            names = f"{self.one.name} ({self.one.face}) = {self.other.name} ({self.other.face})"
            self.told.differences.append(f"{names} at {place} {each.name}: {told[0]!r} | {told[1]!r}")

    def is_silent(self, name: str) -> bool:
        """Whether one of them cannot know it."""
        return self.one.silent_on(name) or self.other.silent_on(name)

    def is_same_state(self, each: Field, my_facts: Facts, your_facts: Facts) -> bool:
        """Whether nothing happened to this field between the captures."""
        if not each.fact or not (self.one.alive and self.other.alive):
            return True
        mine, yours = my_facts.get(each.fact), your_facts.get(each.fact)
        return mine is not None and yours is not None and (each.drifts or bool(mine == yours))

    def is_same_row(self, mine: Any, yours: Any) -> bool:
        """Whether two rows of boards have the same counters, so that nobody replied in between."""
        return self.one.page.kind == "board" and None not in _counters(mine) and _counters(mine) == _counters(yours)

    def same(self, name: str, mine: Any, yours: Any, my_item: Any, your_item: Any) -> bool | None:
        """Whether two known values agree; None where they cannot be compared."""
        rule = _RULES.get(name)
        if rule is not None:
            return rule(self, mine, yours, my_item, your_item)
        if name in ("activity", "goods", "reward", "debate"):
            return self.same_parts(name, mine, yours)
        return bool(mine == yours)

    # ---------------------------------------------------------- rules

    def same_body(self, mine: str, yours: str, *_: Any) -> bool:
        faces = {base_of(face) for face in self.pair}
        if "archiver" in faces:
            mine, yours = without_codes(mine), without_codes(yours)
        if "album" in faces:
            mine, yours = sorted((mine, yours), key=len)
            return yours.startswith(mine)
        return mine == yours

    def same_time(self, mine: Any, yours: Any, my_item: Any, your_item: Any) -> bool:
        texts = [getattr(item, "timestamp_text", None) for item in (my_item, your_item)]
        grains = map(_grain, (self.one, self.other), (mine, yours), texts)
        return bool(abs(mine - yours) < sum(grains, timedelta()))

    def same_day(self, mine: datetime, yours: datetime, *_: Any) -> bool:
        """Lists print the day only, as a rule."""
        if _is_midnight(mine) or _is_midnight(yours):
            return mine.date() == yours.astimezone(mine.tzinfo).date()
        return to_minute(mine) == to_minute(yours)

    def same_times(self, mine: Any, yours: Any, *_: Any) -> bool:
        relative = any(base_of(face) in _RELATIVE for face in self.pair)
        grain = timedelta(hours=1) if relative else timedelta(minutes=1)  # what was printed is not kept
        return len(mine) == len(yours) and all(abs(one - other) < grain for one, other in zip(mine, yours, strict=True))

    def same_status(self, mine: str, yours: str, *_: Any) -> bool:
        if "archiver" in self.pair:
            return (mine in _READABLE) == (yours in _READABLE)
        return mine == yours

    def same_notices(self, mine: Any, yours: Any, *_: Any) -> bool | None:
        if "login_to_view" in mine + yours:
            return None  # the owner keeps guests from full pictures on one of them
        if "archiver" in self.pair:
            return bool(len(mine) == len(yours))
        return bool(mine == yours)

    def same_floor(self, mine: int, yours: int, *_: Any) -> bool | None:
        if self.hot:
            return None  # a page shows replies early for their votes, and counts from there
        return mine == yours

    def same_posts(self, mine: tuple[int, ...], yours: tuple[int, ...], *_: Any) -> bool | None:
        """Numbers of all posts, where the pages are of one length."""
        return mine == yours if _is_same_page(self.one, self.other) else None

    def same_number(self, mine: int, yours: int, one: Any, other: Any) -> bool | None:
        """How many posts, where the thread has as many pages."""
        pages = [(page.page, page.total_pages) for page in (one, other)]
        return mine == yours if pages[0] == pages[1] and None not in pages[0] else None

    def same_pages(self, mine: tuple[int, int], yours: tuple[int, int], one: Any, other: Any) -> bool | None:
        """Numbers of pages, where both hold the same posts: a page's length is a setting."""
        keys: list[list[object]] = [[post.pid for post in page.posts] for page in (one, other)]
        if None in keys[0] + keys[1]:
            keys = [[to_minute(post.timestamp) for post in page.posts] for page in (one, other)]
        return mine == yours if keys[0] == keys[1] else None

    def same_recommended(self, mine: bool, yours: bool, *_: Any) -> bool | None:
        return None if self.hot else mine == yours

    def same_files(self, mine: dict[int, Attachment], yours: dict[int, Attachment], *_: Any) -> bool | None:
        known = [
            (getattr(mine[aid], name), getattr(yours[aid], name))
            for aid in mine.keys() & yours.keys()
            for name in _FILE
            if not self.is_silent(f"files.{name}")
        ]
        both = [(one, other) for one, other in known if one is not None and other is not None]
        return all(one == other for one, other in both) if both else None

    def same_images(self, mine: Images, yours: Images, my_item: Post, your_item: Post) -> bool | None:
        if any(notice.kind == "login_to_view" for item in (my_item, your_item) for notice in item.notices):
            return None  # smaller renderings for guests
        whole = [tuple((each.aid, _file_of(each.url)) for each in images) for images in (mine, yours)]
        names = [tuple(name for _, name in images) for images in whole]
        aids = [tuple(aid for aid, _ in images) for images in whole]
        by_aid = aids[0] == aids[1] if None not in aids[0] + aids[1] else None
        if "forum.php" in names[0] + names[1]:
            return by_aid  # an address that hides the file
        return names[0] == names[1] and by_aid is not False

    def same_parts(self, name: str, mine: Any, yours: Any) -> bool:
        """Whether two models agree, part by part."""
        if isinstance(mine, tuple):
            return len(mine) == len(yours) and all(
                self.same_parts(name, one, other) for one, other in zip(mine, yours, strict=True)
            )
        for part in type(mine).model_fields:
            one, other = getattr(mine, part), getattr(yours, part)
            silent = self.one.silent_on(f"{name}.{part}"), self.other.silent_on(f"{name}.{part}")
            if one != other and not (silent[0] and not one) and not (silent[1] and not other):
                return False
        return True

    def same_poll(self, mine: Any, yours: Any, *_: Any) -> bool:
        """Equal but for the end: a page tells the time that is left, to the minute."""
        near = (mine.ends_at is None) == (yours.ends_at is None) and (
            mine.ends_at is None or abs(mine.ends_at - yours.ends_at) <= timedelta(minutes=1)
        )
        return near and mine.model_copy(update={"ends_at": None}) == yours.model_copy(update={"ends_at": None})


_READABLE = {"normal", "blocked"}
_FILE = ("filename", "is_image", "inline", "size", "downloads", "description", "price", "read_permission")
_FIELDS = {"thread": (THREAD, POST), "board": (BOARD, ROW), "index": (INDEX, FORUM)}
_RULES: dict[str, Callable[..., bool | None]] = {
    "body": _Two.same_body,
    "posts": _Two.same_posts,
    "number of posts": _Two.same_number,
    "pages": _Two.same_pages,
    "time": _Two.same_time,
    "comment times": _Two.same_times,
    "status": _Two.same_status,
    "notices": _Two.same_notices,
    "floor": _Two.same_floor,
    "recommended": _Two.same_recommended,
    "created": _Two.same_day,
    "files": _Two.same_files,
    "images": _Two.same_images,
    "poll": _Two.same_poll,
}

_RELATIVE = {"touch", "mobile"}
"""Faces that print relative times without the moment itself."""
_GRAINS = (("天前", timedelta(days=1)), ("小时", timedelta(hours=1)), ("分钟", timedelta(minutes=1)))


def _grain(capture: Capture, moment: datetime, text: str | None) -> timedelta:
    """How exact a printed time is."""
    if base_of(capture.face) in _RELATIVE:
        for word, grain in _GRAINS:
            if word in (text or ""):
                return grain
    return timedelta(seconds=0.5) if moment.second else timedelta(minutes=1)


def _is_midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute, moment.second) == (0, 0, 0)


def _told(each: Field, capture: Capture, item: Any, facts: Facts) -> Any:
    value = each.of(item)
    if each.drifts and value is not None:
        return None if capture.is_stale else value - (facts.get(each.fact) or 0)
    return value


def _is_known(value: Any) -> bool:
    return value is not None and value != () and value != {}


def _kind_of_author(item: Any) -> str | None:
    return item.author.kind if item.author is not None else None


def _moment(item: Any) -> object:
    """What tells a post without a number from the others."""
    return to_minute(getattr(item, "timestamp", None))


def _all_known(captures: Sequence[Capture]) -> Iterator[tuple[str, object]]:
    """Every field that some ordinary capture knows, of the page and of each of its items."""
    for capture in captures:
        if capture.unusual:
            continue
        whole, part = _FIELDS[capture.page.kind]
        yield from ((each.name, None) for each in whole if _is_known(each.of(capture.page)))
        for item in _items(capture.page):
            for each in part:
                if _is_known(each.of(item)):
                    yield from ((each.name, place) for place in (_number(item), _moment(item)) if place is not None)


def _counters(item: Any) -> tuple[int | None, ...]:
    return getattr(item, "replies", None), getattr(item, "views", None)


def base_of(face: str) -> str:
    """`touch` for `touch X3.5`."""
    return face.split(" ")[0]


def _file_of(url: str) -> str:
    return url.split("?")[0].rsplit("/", 1)[-1]


def _items(page: Any) -> list[Any]:
    if page.kind == "index":
        return [board for category in page.categories for board in category.forums]
    return list(page.posts if page.kind == "thread" else page.threads)


def is_hot(capture: Capture) -> bool:
    """Whether the page shows replies early for their votes, which moves the others."""
    return any(getattr(post, "recommended", False) for post in _items(capture.page))


def _number(item: Any) -> int | None:
    return item.pid if isinstance(item, Post) else getattr(item, "tid", None) or getattr(item, "fid", None)


def _is_same_page(one: Capture, other: Capture) -> bool:
    """Whether two pages hold the same items in the same order."""
    pages = [(len(_items(each.page)), each.page.page or 1) for each in (one, other)]
    return pages[0] == pages[1] and not (is_hot(one) or is_hot(other))


def _matched(one: Capture, other: Capture) -> Iterator[tuple[Any, Any, int | None]]:
    """The items of two captures that are the same: by number, else by place, else by time and author."""
    mine, yours = _items(one.page), _items(other.page)
    numbers = [[_number(item) for item in items] for items in (mine, yours)]
    if None not in numbers[0] + numbers[1]:
        found = dict(zip(numbers[1], yours, strict=True))
        for number, item in zip(numbers[0], mine, strict=True):
            if number in found:
                yield item, found[number], number
    elif _is_same_page(one, other):
        for item, twin in zip(mine, yours, strict=True):
            yield item, twin, _number(item) or _number(twin)
    else:
        moments = {(to_minute(item.timestamp), item.author.name): item for item in yours}
        for item in mine:
            twin = moments.get((to_minute(item.timestamp), item.author.name))
            if twin is not None:
                yield item, twin, _number(item) or _number(twin)
