"""What heads a board: name, place among the boards, counters, moderators, rules, and the filters by type."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import (
    TAG_IDS,
    TEXT,
    Node,
    children,
    descendants,
    elements,
    has_class,
    inline_text,
    one_line,
    select,
    text_of,
)
from discuz_scrape._source import Source
from discuz_scrape._words import MODERATORS
from discuz_scrape.pages.lists._boards import board_url, counts_in, fid_of, lines_of, names_behind
from discuz_scrape.pages.lists._counts import count_in, counted_text
from discuz_scrape.pages.threads._head import links_in

__all__ = ["is_logo", "read_board_head", "read_types"]

_A, _DT, _SPAN, _STRONG = (TAG_IDS[name] for name in ("a", "dt", "span", "strong"))
_COUNTERS = ("today", "thread_count", "post_count")
_NUMBER_OF_LIST = re.compile(r"(?:forum|subforum|forum_rules)_(\d{1,18})").fullmatch
_ACTION = re.compile(r"\bfid=(\d{1,18})").search
_CATEGORY = re.compile(r"\bs?gid=(\d{1,18})").search  # `sgid` where groups have two levels of them
_TYPE = re.compile(r"(type|sort)id[=/_-](\d{1,18})").search
_DESCRIPTION = '[class*="desc" i],[class*="intro" i],dd:not([class])'

Record = dict[str, Any]
Spots = dict[str, Node]


def read_board_head(page: Source, spots: Spots, below: Node | None) -> Record:
    """The board itself; `below` is the first list on the page, under the head."""
    heading = spots.get("h1") or spots.get("dt")
    link = _board_link(heading) if heading is not None else None
    crumbs = _read_crumbs(spots)
    fid = _read_fid(page, spots, link.attributes.get("href") if link is not None else _own_crumb(heading, crumbs))
    board: Record = {
        "fid": fid,
        "name": _read_name(page, heading, link, crumbs),
        "url": _read_url(page, fid, link, crumbs),
        "parent": _read_parent(fid, crumbs),
        "rules": lines_of(page, spots["forum_rules_"]) if "forum_rules_" in spots else None,
    }
    if heading is not None:
        outer = _around(below)
        around = heading.parent
        if not _read_numbers(board, heading) and around is not None and around.mem_id not in outer:
            _read_numbers(board, around)  # skins put them beside the heading
        _read_box(page, board, _box_of(heading, outer))
    return board


def _board_link(heading: Node) -> Node | None:
    for node in elements(heading):
        if node.tag_id == _A and _urls.is_board(node.attributes.get("href") or "") and inline_text(node).strip():
            return node
    return None


def is_logo(heading: Node) -> bool:
    """Whether a heading leads elsewhere than to a board: skins have the forum's own name in one."""
    return _board_link(heading) is None and any(node.tag_id == _A for node in elements(heading))


def _read_crumbs(spots: Spots) -> list[tuple[str, str]]:
    """The links of the breadcrumb: in its stock box, or around the link to the site's front."""
    box = spots.get("pt")
    if box is None and "nvhm" in spots:
        box = spots["nvhm"].parent
    return links_in(box) if box is not None else []


def _own_crumb(heading: Node | None, crumbs: list[tuple[str, str]]) -> str | None:
    """The link of the breadcrumb that has the words of a heading that is no link."""
    name = one_line(text_of(heading)) if heading is not None else None
    return next((href for href, words in reversed(crumbs) if words == name), None)


def _read_fid(page: Source, spots: Spots, href: str | None) -> int | None:
    """Number of the board: from the list's own marks, the heading, the scripts, or the page's address."""
    table = spots.get("table")
    marks = [table.attributes.get("summary") if table is not None else None]
    marks += [spots[name].id for name in ("forum_rules_", "subforum_") if name in spots]
    for mark in marks:
        if mark and (found := _NUMBER_OF_LIST(mark)) is not None:
            return int(found[1])
    form = spots.get("moderate")
    if form is not None and (found := _ACTION(form.attributes.get("action") or "")) is not None:
        return int(found[1])
    hrefs = (href, page.canonical(), page.url)
    return next((fid for each in hrefs if (fid := fid_of(each)) is not None), page.number("fid"))


def _read_name(page: Source, heading: Node | None, link: Node | None, crumbs: list[tuple[str, str]]) -> str | None:
    if link is not None:
        return one_line(inline_text(link))
    boards = [words for href, words in crumbs if _urls.is_board(href)]
    if heading is not None and heading.tag_id == _DT:  # the head of a group
        return one_line(text_of(heading))
    return page.title({words for _, words in crumbs}) or (boards[-1] if boards else None)


def _read_url(page: Source, fid: int | None, link: Node | None, crumbs: list[tuple[str, str]]) -> str | None:
    if link is not None:
        return page.absolute(link.attributes.get("href"))
    own = next((href for href, _ in crumbs if fid is not None and fid_of(href) == fid), None)
    if own is not None:
        return page.absolute(own)
    return board_url(page, fid)


def _read_parent(fid: int | None, crumbs: list[tuple[str, str]]) -> Record | None:
    """The last board or category of the breadcrumb that is not the board itself."""
    for href, words in reversed(crumbs):
        category = _CATEGORY(href)
        number = int(category[1]) if category is not None else fid_of(href)
        if number != fid and (category is not None or _urls.is_board(href)):
            return {"fid": number, "name": words}
    return None


def _read_numbers(board: Record, box: Node) -> bool:
    """Posts of today, threads, posts: by the words beside them, else in the order of the stock page; whether any."""
    words = one_line(counted_text(box)) or ""
    words = words.removeprefix(board["name"] or "")
    board.update(counts_in(words))
    if not any(board.get(name) is not None for name in _COUNTERS):
        strong = [count_in(node) for node in elements(box) if node.tag_id == _STRONG]
        board.update(zip(("today", "thread_count"), strong, strict=False))
    return any(board.get(name) is not None for name in _COUNTERS)


def _around(list_of_threads: Node | None) -> set[int]:
    """What the list is in."""
    outer = set()
    node = list_of_threads.parent if list_of_threads is not None else None
    while node is not None:
        outer.add(node.mem_id)
        node = node.parent
    return outer


def _box_of(heading: Node, outer: set[int]) -> Node:
    """The largest box around the heading that the list is not in."""
    box = heading
    while outer and box.parent is not None and box.parent.mem_id not in outer:
        box = box.parent
    return box


def _read_box(page: Source, board: Record, box: Node) -> None:
    """Moderators behind their label; a description where a skin or a group shows one."""
    label = next((node for node in descendants(box) if node.tag_id == TEXT and _names_moderators(node)), None)
    if label is not None:
        board["moderators"] = names_behind(label)
    described = next(filter(_is_description, select(box, _DESCRIPTION)), None)
    if described is not None:
        board["description"] = lines_of(page, described)


def _names_moderators(label: Node) -> bool:
    return MODERATORS.match((label.text_content or "").strip()) is not None


def _is_description(node: Node) -> bool:
    """Whether it has the class of one, or is the bare part of a group's head."""
    return "class" in node.attributes or not node.attributes


# ------------------------------------------------------------ filters


def read_types(page: Source, root: Node, spots: Spots) -> dict[str, tuple[Record, ...]]:
    """The types and sorts that the list may be filtered by; that of this view has no number in its own link."""
    box = spots.get("thread_types") or spots.get("ttp")
    found: dict[str, list[Record]] = {"types": [], "sorts": []}
    kind = "types"
    for item in children(box) if box is not None else ():
        link = next((node for node in elements(item) if node.tag_id == _A), None)
        if link is None:
            kind = "sorts"  # the bar between them
        elif item.id != "ttp_all":
            mark = None if has_class(item, "a") else _TYPE(link.attributes.get("href") or "")
            if mark is not None:
                kind = f"{mark[1]}s"
            number = int(mark[2]) if mark else _chosen(page, root, kind) if has_class(item, "a") else None
            found[kind].append({"id": number, "name": _name_of(link)})
    return {kind: tuple(types) for kind, types in found.items()}


def _chosen(page: Source, root: Node, kind: str) -> int | None:
    """Number of the type or sort that this view holds: from its address, or the links that order it."""
    pattern = re.compile(rf"\b{kind[:-1]}id[=/_-](\d{{1,18}})")
    hrefs = [page.url, *(node.attributes.get("href") for node in select(root, ".tf a[href]"))]
    return next((int(found[1]) for href in hrefs if href and (found := pattern.search(href)) is not None), None)


def _name_of(link: Node) -> str:
    """Words of a filter without the number of its threads."""
    words = inline_text(link)
    for node in elements(link):
        if node.tag_id == _SPAN and has_class(node, "num"):
            words = words.removesuffix(inline_text(node))
    return one_line(words) or ""
