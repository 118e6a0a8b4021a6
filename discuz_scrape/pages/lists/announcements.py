"""The forum's announcements: a heading for each, and a box below it that the heading opens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from discuz_scrape._body import Body
from discuz_scrape._content import to_text
from discuz_scrape._html import TAG_IDS, Node, children, elements, first, one_line, select, skip, text_of
from discuz_scrape._source import Source
from discuz_scrape.models import Announcements
from discuz_scrape.pages.lists._lists import Record, front_name, read_all, refuse, settle_date_order

__all__ = ["read"]

_EM, _P = (TAG_IDS[name] for name in ("em", "p"))

_ID = re.compile(r"announce(\d{1,18})").fullmatch


def read(page: Source) -> Announcements:
    """All announcements of the page."""
    named = select(page.root, '[id^="announce"]')
    boxes = list(_boxes(page.root))
    if not boxes and not select(page.root, "#annofilter, #annonav, .emp"):
        raise refuse(page, "an announcement page")
    settle_date_order(page, select(page.root, '[id^="announce"] h3 em'))
    headings = {box.id: heading for box in named if (heading := next(children(box), None)) is not None}
    found = read_all(page, boxes, partial(_read_box, headings), "announcements")
    return Announcements.model_validate(
        {"announcements": found, "site": page.site(front_name(page)), "issues": tuple(page.issues)}
    )  # fmt: skip


def _boxes(root: Node) -> Iterator[Node]:
    """The boxes of announcements; what lies inside one is its text."""
    walk = elements(root)
    for node in walk:
        if node.id is not None and _number(node) is not None:
            yield node
            skip(walk, node)


def _number(box: Node) -> int | None:
    """The number of an announcement in the id of its box: `announce7`; that of its heading ends in `_c`."""
    found = _ID(box.id or "")
    return int(found[1]) if found is not None else None


def _read_box(headings: dict[str | None, Node], page: Source, box: Node) -> Record | None:
    number = _number(box)
    heading = headings.get(f"{box.id}_c")
    subject = one_line(text_of(heading)) if heading is not None else None
    if heading is None or subject is None:
        return None
    span = next((node for node in children(heading) if node.tag_id == _EM), None)
    dates = one_line(text_of(span)) if span is not None else None
    announcement: Record = {"id": number, "url": page.absolute(f"forum.php?mod=announcement&id={number}")}
    announcement["subject"] = subject.removesuffix(dates or "\0").strip() or subject
    if dates is not None:
        announcement["at"], _, end = page.clock.find(dates)
        announcement["until"] = page.clock.read(dates[end:])
    _read_text(page, announcement, box)
    return announcement


def _read_text(page: Source, announcement: Record, box: Node) -> None:
    """The words, and in a line before them who wrote them."""
    reader = Body(page, rich=False, quoted=True)
    reader.read(box)
    words = to_text(reader.pieces)
    line = next(children(box), None)
    link = first(line, "a[href]") if line is not None and line.tag_id == _P else None
    if line is not None and link is not None:
        announcement["author"] = one_line(text_of(link))
        words = words.removeprefix(one_line(text_of(line)) or "").strip("\n")
    announcement["text"] = words or None
