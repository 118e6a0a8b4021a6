"""What several posts of a page tell together: signatures and advertisements are the lines that come again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from os.path import commonprefix

from discuz_scrape.flat._lines import MOST_PIECES, Line
from discuz_scrape.flat._segments import Segment

_LEAST_POSTS = 3  # fewer with the same line tell nothing
_LEAST_SHARE = 0.8
_LEAST_PREFIX = 4  # characters


def cut_signatures(segments: Sequence[Segment], names: Sequence[str | None]) -> None:
    """Part signatures from bodies where a tool dropped the white space: other posts of the author tell them."""
    known = _last_lines(segments, names)
    for segment, name in zip(segments, names, strict=True):
        if name and segment.signature:
            known[name] = segment.signature
    for segment, name in zip(segments, names, strict=True):
        lines = known.get(name or "", [])
        at = len(segment.body) - len(lines)
        if lines and at > 0 and not segment.signature and _texts(segment.body[at:]) == _texts(lines):
            segment.signature = segment.body[at:]
            del segment.body[at:]


def _texts(lines: Sequence[Line]) -> list[str]:
    return [line.text for line in lines]


def _last_lines(segments: Sequence[Segment], names: Sequence[str | None]) -> dict[str, list[Line]]:
    """The lines with which more than half of an author's posts end, below words of their own."""
    bodies: dict[str, list[list[str]]] = defaultdict(list)
    for segment, name in zip(segments, names, strict=True):
        if name and len(segment.body) > 1 and not segment.signature:
            bodies[name].append(_texts(segment.body[-1 - MOST_PIECES :]))
    return {name: [Line(text, 0) for text in _common_end(own)] for name, own in bodies.items()}


def _common_end(bodies: Sequence[Sequence[str]]) -> tuple[str, ...]:
    best: tuple[str, ...] = ()
    for size in range(1, MOST_PIECES + 1):
        ends = Counter(tuple(body[-size:]) for body in bodies if len(body) > size)
        end, times = ends.most_common(1)[0] if ends else ((), 0)
        if times < 2 or times * 2 <= len(bodies):
            break
        best = end
    return best


def cut_advertisements(segments: Sequence[Segment]) -> None:
    """Cut lines with which nearly every post of the page begins or ends, the first one too."""
    tops = [segment.body for segment in segments if segment.body]
    ends = [lines for segment in segments if (lines := segment.signature or segment.body)]
    if len(tops) < _LEAST_POSTS:
        return
    cut: list[list[Line]] = []
    for _ in range(MOST_PIECES):
        same = _with_same_line(tops, 0)
        cut = same or cut
        for body in same:
            del body[0]
    _cut_prefix(cut)
    for _ in range(MOST_PIECES):
        for body in _with_same_line(ends, -1):
            del body[-1]


def _with_same_line(bodies: Sequence[list[Line]], at: int) -> list[list[Line]]:
    """The bodies that share this line with the first one, where nearly all do and have more to say."""
    if not bodies[0]:
        return []
    text = bodies[0][at].text
    same = [body for body in bodies if body and body[at].text == text and (len(body) > 1 or (at and body is bodies[0]))]
    return same if same and same[0] is bodies[0] and len(same) >= _LEAST_SHARE * len(bodies) else []


def _cut_prefix(bodies: Sequence[list[Line]]) -> None:
    """The end of an advertisement that a tool glued to the first words after it."""
    prefix = commonprefix([body[0].text for body in bodies])  # noqa: RUF071 - these are no paths
    if len(prefix) < _LEAST_PREFIX or any(body[0].text == prefix for body in bodies):
        return
    for body in bodies:
        body[0] = Line(body[0].text[len(prefix) :].strip(), body[0].gap)
