"""Posts that stand in no boxes of their own: one follows the other in a stream, as on archiver pages and in print.

A post begins at a mark that only the software writes, and goes on to the next one. Somebody's own text may hold what
looks like a mark; what tells them apart is the box that it lies in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from discuz_scrape._body import Body, Enter
from discuz_scrape._content import BREAK, Piece
from discuz_scrape._html import TAG_IDS, TEXT, Node, descendants, has_class, one_line
from discuz_scrape._source import Source
from discuz_scrape._words import DATE_LABEL

__all__ = ["StreamBody", "after", "mark_starter", "only_text", "own_marks", "pieces_of", "read_time"]

_DL, _SPAN = TAG_IDS["dl"], TAG_IDS["span"]

_LINE = 8  # nodes of a date line, and within each of them

Record = dict[str, Any]


class StreamBody(Body):
    """A body without a box: from one node up to the mark of the next post."""

    __slots__ = ("_stop",)

    def __init__(self, page: Source) -> None:
        super().__init__(page, rich=page.rich)
        self._stop = 0

    def read_up_to(self, first: Node | None, stop: Node | None) -> None:
        """Walk from a node up to another one, or to the end of the page."""
        self._stop = stop.mem_id if stop is not None else 0
        node, box = first, first.parent if first is not None else None
        while not self.ended and box is not None:
            self._walk(node)
            node, box = box.next, box.parent  # the box in which the post began may be closed within it

    def _enter(self, node: Node, tag: int | None) -> Enter:
        if node.mem_id == self._stop:
            self.ended = True
            return None
        if tag == _DL and has_class(node, "tattl"):
            self.files.add_entry(node)
            return None
        return super()._enter(node, tag)


def after(node: Node) -> Iterator[Node]:
    """What follows a node in its box, without blanks."""
    following = node.next
    while following is not None:
        if following.tag_id != TEXT or (following.text_content or "").strip():
            yield following
        following = following.next


def only_text(node: Node | None) -> str | None:
    """The words of an element that holds nothing else."""
    inner = node.first_child if node is not None else None
    return one_line(inner.text_content) if inner is not None and inner.tag_id == TEXT and inner.next is None else None


def own_marks(marks: Sequence[Node], end: Node | None) -> list[Node]:
    """The marks that the software wrote: one in a box that was closed before the page's end is somebody's own.

    Where broken markup left a box open, all that follows lies in it, the end too; where it closed one too many, at
    least the first mark lies in it.
    """
    edges = [*marks[:1], marks[-1] if end is None else end] if marks else []
    boxes = {box for edge in edges for box in _boxes(edge)}
    return [mark for mark in marks if mark.parent is not None and mark.parent.mem_id in boxes]


def _boxes(node: Node) -> Iterator[int]:
    box = node.parent
    while box is not None:
        yield box.mem_id
        box = box.parent


def read_time(page: Source, nodes: Iterable[Node], path: str) -> Record:
    """The time that stands in some nodes, behind its label; a relative one has its moment in a title."""
    words, title = "", None
    for node in islice(nodes, _LINE):
        for each in (node, *islice(descendants(node), _LINE)):
            if each.tag_id == TEXT:
                words += each.text_content or ""
            elif each.tag_id == _SPAN:
                title = title or each.attributes.get("title")
    moment, start, end = page.clock.find(words)
    if start == end:
        label = DATE_LABEL.match(words)
        start, end = label.end() if label else 0, len(words)
    moment = (page.clock.read(title) if title else None) or moment
    shown = one_line(words[start:end])
    if moment is None:
        page.note(f"{path}.timestamp", f"no certain date in {shown!r}")
    return {"timestamp": moment, "timestamp_text": shown}


def pieces_of(text: str) -> list[Piece]:
    """The pieces of a text that has nothing but lines; blanks that stand together were not for the browser's taking."""
    pieces: list[Piece] = []
    for row in text.replace("  ", "\xa0\xa0").split("\n") if text else ():
        pieces += [BREAK, row] if pieces else [row]
    return pieces


def mark_starter(posts: Sequence[Record]) -> None:
    """Tell what the author of the first post wrote by the name: these pages have no numbers of members."""
    if not posts[0].get("is_first"):
        return
    name = posts[0]["author"].get("name")
    posts[0]["is_starter"] = True
    for post in posts[1:]:
        post["is_starter"] = name is not None and post["author"].get("name") == name
