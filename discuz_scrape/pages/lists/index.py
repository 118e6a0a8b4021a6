"""The index of a forum, and the page of one of its categories: boards by category, and the numbers around them."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape._html import TAG_IDS, TEXT, Node, elements, inline_text, one_line, select, text_of, topmost
from discuz_scrape._source import Source
from discuz_scrape._words import MEMBERS, MODERATORS, POSTS, TODAY, YESTERDAY, count_of
from discuz_scrape.errors import ParseError
from discuz_scrape.models import ForumIndex
from discuz_scrape.pages.lists._boards import names_behind, read_boards
from discuz_scrape.pages.lists._counts import count_in, counted_text
from discuz_scrape.pages.lists._rows import moment_in

__all__ = ["read", "read_announcements"]

_A, _EM, _H1, _H2, _H3, _IMG, _P, _STRONG = (
    TAG_IDS[name] for name in ("a", "em", "h1", "h2", "h3", "img", "p", "strong")
)
_HEADINGS = (_H1, _H2, _H3)
_SELECTOR = "[id],a.nvhm,table.fl_tb"
_CATEGORY = re.compile(r"category_(-?\d{1,18})").fullmatch

Record = dict[str, Any]


def read(page: Source) -> ForumIndex:
    """The index; raises ParseError for a page that lists no board."""
    spots, boxes = _find_landmarks(page.root)
    categories = [category for box in boxes if (category := _read_category(page, box))["forums"]]
    if not categories:
        raise ParseError("a forum index that lists no board", url=page.url)
    home = spots.get("nvhm")
    index: Record = {
        "categories": tuple(categories),
        "stats": _read_stats(spots.get("chart")),
        "online": _read_online(page, spots.get("online")),
        "announcements": read_announcements(page, spots.get("ancl")),
        "links": _read_links(page, spots.get("category_lk")),
        "site": page.site(one_line(inline_text(home)) if home is not None else None),
        "issues": tuple(page.issues),
    }
    return ForumIndex.model_validate(index)


def _find_landmarks(root: Node) -> tuple[dict[str, Node], list[Node]]:
    """The elements that stand once, and the lists of boards: boxes with a number, else the tables themselves."""
    spots: dict[str, Node] = {}
    boxes, tables = [], []
    for node in select(root, _SELECTOR):
        ident = node.id or ""
        if _CATEGORY(ident) is not None:
            boxes.append(node)
        elif ident:
            spots.setdefault(ident, node)
        elif node.tag_id == _A:
            spots.setdefault("nvhm", node)
        else:
            tables.append(node)
    return spots, list(topmost(boxes or tables)) or _boxes_of_boards(root)


def _boxes_of_boards(root: Node) -> list[Node]:
    """On a skin with its own boxes, the whole content."""
    return select(root, "#ct") or select(root, "#wp, body")[:1]


def _read_category(page: Source, box: Node) -> Record:
    """A category: its boards, and what stands above them."""
    number = _CATEGORY(box.id or "")
    fid = int(number[1]) if number is not None else None
    category: Record = {"fid": fid if fid is not None and fid > 0 else None}
    head = box.prev
    while head is not None and (head.tag_id == TEXT or not inline_text(head).strip()):
        head = head.prev
    if head is not None:
        _read_category_head(page, category, head)
    category["forums"] = tuple(read_boards(page, box, "categories"))
    return category


def _read_category_head(page: Source, category: Record, head: Node) -> None:
    """Name and moderators; the moderators stand before the name."""
    for node in elements(head):
        first = node.first_child
        if node.tag_id in _HEADINGS and "name" not in category:
            link = next((each for each in elements(node) if each.tag_id == _A), None)
            category["name"] = one_line(text_of(node))
            category["url"] = page.absolute(link.attributes.get("href")) if link is not None else None
        elif first is not None and first.tag_id == TEXT and MODERATORS.match((first.text_content or "").strip()):
            category["moderators"] = names_behind(first)


def _read_stats(box: Node | None) -> Record | None:
    """The numbers above the boards: by the words beside them, else in the order of the stock page."""
    if box is None:
        return None
    line = next((node for node in elements(box) if node.tag_id == _P), box)
    words = one_line(counted_text(line)) or ""
    stats: Record = {}
    for name, pattern in (("today", TODAY), ("yesterday", YESTERDAY), ("posts", POSTS), ("members", MEMBERS)):
        if (found := pattern.search(words)) is not None:
            stats[name] = count_of(found[1])
    marked = [node for node in elements(line) if node.tag_id == _EM]
    if not stats:
        numbers = [count_in(node) for node in marked]
        stats = dict(zip(("today", "yesterday", "posts", "members"), numbers, strict=False))
    newest = [node for node in marked if any(each.tag_id == _A for each in elements(node))]
    if newest:
        stats["newest_member"] = one_line(inline_text(newest[-1]))
    return stats or None


def _read_online(page: Source, box: Node | None) -> Record | None:
    """Who is there: six numbers in the heading, or five, or three, as the forum and the viewer chose."""
    heading = next((node for node in elements(box) if node.tag_id in _HEADINGS), None) if box is not None else None
    if heading is None:
        return None
    marked = [node for node in elements(heading) if node.tag_id == _STRONG]
    numbers = [node for node in marked if count_in(node) is not None]
    names = _ONLINE.get(len(numbers))
    if names is None:
        return None
    online: Record = {name: count_in(node) for name, node in zip(names, numbers, strict=True)}
    day = moment_in(page, marked[-1])
    online["record_on"] = day.date() if day is not None else None
    return online


_ONLINE = {
    5: ("total", "members", "invisible", "guests", "record"),
    4: ("total", "members", "guests", "record"),
    2: ("total", "record"),
}
"""What the numbers are, by how many there are; the day of the record is none of them."""


def read_announcements(page: Source, box: Node | None) -> tuple[Record, ...]:
    """The line of announcements, with the day of each in brackets."""
    notices: list[Record] = []
    for node in elements(box) if box is not None else ():
        if node.tag_id == _A and (subject := one_line(inline_text(node))) is not None:
            notices.append({"subject": subject, "url": page.absolute(node.attributes.get("href"))})
        elif node.tag_id == _EM and notices:
            notices[-1]["at"] = moment_in(page, node)
    return tuple(notices)


def _read_links(page: Source, box: Node | None) -> tuple[Record, ...]:
    """Links to friendly sites; one by its logo only is named by what the logo says."""
    links: dict[str, Record] = {}
    for node in elements(box) if box is not None else ():
        url = page.absolute(node.attributes.get("href")) if node.tag_id == _A else None
        if url is None:
            continue
        picture = next((each for each in elements(node) if each.tag_id == _IMG), None)
        label = picture.attributes.get("alt") if picture is not None else None
        links.setdefault(url, {"url": url, "text": one_line(inline_text(node)) or one_line(label)})
    return tuple(links.values())
