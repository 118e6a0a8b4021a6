"""One post of a desktop thread page."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._attachments import Files
from discuz_scrape._body import Body
from discuz_scrape._content import to_text
from discuz_scrape._html import TAG_IDS, TEXT, Node, descendants, has_class, one_line, text_of
from discuz_scrape._html_out import to_html
from discuz_scrape._markdown_out import to_markdown
from discuz_scrape._page import Page
from discuz_scrape._words import (
    CLIENT, DATE_LABEL, DEBATE_SIDES, FLOOR_NAMES, RECOMMENDED, STARTER, notice_kind,
)  # fmt: skip
from discuz_scrape.pages._author import read_author, side_column
from discuz_scrape.pages._landmarks import Landmarks
from discuz_scrape.pages._remarks import read_comments, read_ratings

__all__ = ["read_post"]

_A, _EM, _IMG, _SPAN, _STRONG, _TD = (TAG_IDS[name] for name in ("a", "em", "img", "span", "strong", "td"))
_DATE = re.compile(r"\d{4}-\d\d?-\d\d? \d\d?:\d\d(?::\d\d)?")
_DIGITS = re.compile(r"\d+")
_AROUND_LOCATION = " \xa0\t\r\n·|,，-—/()（）[]"

Record = dict[str, Any]


def read_post(page: Page, marks: Landmarks, path: str, formats: frozenset[str]) -> Record:
    """Everything that a post's own markup tells, ready for the model; what needs its neighbours is added later."""
    body, own_body = _read_body(page, marks, rich=bool(formats - {"text"}))
    spots = marks.without(body.seen)
    posted = spots.get("authorposton")
    column = spots.get("favatar") or side_column(posted)
    post: Record = {
        "pid": marks.pid,
        "author": read_author(page, column, posted),
        "body": to_text(body.pieces),
    }
    if "html" in formats:
        post["body_html"] = to_html(body.pieces)
    if "markdown" in formats:
        post["body_markdown"] = to_markdown(body.pieces)
    _read_floor(post, spots)
    if posted is not None:
        _read_date_line(page, post, posted, path)
    _read_status(post, marks, spots, body, own_body=own_body)
    if "pattl" in spots:
        for box in marks.all("pattl"):
            if box.mem_id not in body.seen:
                body.files.add_list(box)
    _take_over(post, body)
    _read_below(page, post, marks, spots)
    return post


def _read_body(page: Page, marks: Landmarks, *, rich: bool) -> tuple[Body, bool]:
    """Walk the body cell. In a paid thread the free part carries another post's number: then it is not its own."""
    body = Body(page, rich=rich)
    cells = [(number, node) for name, number, node in marks.spots if name == "postmessage_" and number]
    cell = next((node for number, node in cells if int(number) == marks.pid), None)
    own = cell is not None
    if cell is None and cells:
        cell = cells[0][1]
    if cell is not None:
        body.seen.add(cell.mem_id)
        body.read(cell)
    return body, own


# ------------------------------------------------------------ floor


def _read_floor(post: Record, spots: dict[str, Node]) -> None:
    """The number of a floor: digits, or a name out of the table; what neither tells is settled by order."""
    link = spots.get("postnum") or _unnamed_floor(spots)
    if link is None:
        return
    words = one_line(text_of(link)) or ""
    post["_floor_words"] = words
    post["_floor_href"] = link.attributes.get("href")
    digits = _DIGITS.findall(words)
    if any(_is_sticky_mark(node) for node in descendants(link)):
        post["sticky"] = True
    if len(digits) == 1 and len(digits[0]) < 10:
        post["floor"] = int(digits[0])
    elif not digits:
        name = words.rstrip("#楼樓F")
        post["floor"] = FLOOR_NAMES.get(words) or FLOOR_NAMES.get(name)
        if post["floor"] is None and RECOMMENDED.search(words):
            post["recommended"] = True
    if _has_warning(link):
        post.setdefault("notices", []).append({"kind": "warned", "text": _warning(link)})


def _unnamed_floor(spots: dict[str, Node]) -> Node | None:
    """The floor link of a deleted floor has neither id nor address."""
    table = spots.get("pid")
    if table is None or "authorposton" in spots:
        return None
    for node in descendants(table):
        if node.tag_id == _A and node.parent is not None and node.parent.tag_id == _STRONG:
            return node
    return None


def _is_sticky_mark(node: Node) -> bool:
    if node.tag_id == _IMG:
        return "settop" in (node.attributes.get("src") or "")
    return node.tag_id == _EM and has_class(node, "replystick")


def _warning_node(link: Node) -> Node | None:
    box = link.parent
    node = box.prev if box is not None else None
    while node is not None:
        if node.tag_id == _A and "viewwarning" in (node.attributes.get("href") or ""):
            return node
        node = node.prev
    return None


def _has_warning(link: Node) -> bool:
    return _warning_node(link) is not None


def _warning(link: Node) -> str:
    node = _warning_node(link)
    assert node is not None  # noqa: S101 - asked before
    inner = node.first_child
    while inner is not None and inner.tag_id == TEXT:
        inner = inner.next
    attributes = inner.attributes if inner is not None else {}
    return node.attributes.get("title") or attributes.get("title") or attributes.get("alt") or "受到警告"


# ------------------------------------------------------------ date line


def _read_date_line(page: Page, post: Record, posted: Node, path: str) -> None:
    """When it was posted; what stands behind the time is a client or a place, never part of it."""
    title = None
    shown: Node | None = None
    child = posted.first_child
    while child is not None:
        if child.tag_id == _SPAN and (title := child.attributes.get("title")):
            shown = child
            break
        child = child.next
    words = text_of(posted)
    if shown is not None and title is not None:
        moment = page.clock.read(title)
        post["timestamp_text"] = one_line(text_of(shown))
        rest = words.partition(text_of(shown))[2]
    else:
        label = DATE_LABEL.match(words)
        words = words[label.end() :] if label else words
        found = _DATE.search(words)
        moment = page.clock.read(found.group() if found else words)
        post["timestamp_text"] = found.group() if found else one_line(words)
        rest = words[found.end() :] if found else ""
    post["timestamp"] = moment
    if moment is None:
        page.note(f"{path}.timestamp", f"no date that can be read for certain in {post['timestamp_text']!r}")
    place = rest.strip(_AROUND_LOCATION)
    if place:
        post["location"] = one_line(place)
    _read_behind_date(post, posted)


def _read_behind_date(post: Record, posted: Node) -> None:
    node = posted.next
    while node is not None:
        if node.tag_id == _SPAN:
            classes = node.attributes.get("class") or ""
            if "pipe" in classes:
                break
            if "xg1" in classes and (words := one_line(text_of(node))):
                if CLIENT.search(words) or ("location" in post and "属地" not in words):
                    post.setdefault("client", words)
                elif "属地" in words or "屬地" in words or "IP" in words:
                    post.setdefault("location", words)
                else:
                    post.setdefault("client", words)
        node = node.next
    node = posted.prev
    while node is not None:
        if _is_starter_mark(node):
            post["is_starter"] = True
            break
        node = node.prev


def _is_starter_mark(node: Node) -> bool:
    tag = node.tag_id
    if tag == TEXT:
        return (one_line(node.text_content) or "").strip("| ") in STARTER
    if tag == _IMG:
        return "ico_lz" in (node.attributes.get("src") or "")
    return tag == _EM and "fico-person" in (node.attributes.get("class") or "")


# ------------------------------------------------------------ status


def _read_status(post: Record, marks: Landmarks, spots: dict[str, Node], body: Body, *, own_body: bool) -> None:
    """What this viewer gets. A notice in place of the body decides; beside a whole body it is only noted."""
    notices: list[Record] = post.setdefault("notices", [])
    outside: list[Record] = []
    for box in marks.all("locked"):
        if box.mem_id in body.seen:
            continue
        words = _notice_words(box)
        if words:
            outside.append({"kind": notice_kind(words, box) or "shielded", "text": words})
    notices += outside
    box = spots.get("attach_nopermission")
    if box is not None and (words := one_line(text_of(box))):
        notices.append({"kind": "attachments_hidden", "text": words.rstrip("x×").rstrip()})
    notices += body.notices
    if any(notice["kind"] == "pending" for notice in body.notices):
        post["status"] = "pending"
    elif not own_body and outside:
        kind = outside[0]["kind"]
        post["status"] = kind if kind in _STATUSES else "shielded"
        if kind not in _STATUSES:
            notices.append({"kind": "shielded", "text": outside[0]["text"]})
    elif not own_body and "authorposton" not in spots and not post["body"]:
        post["status"] = "deleted"
        notices.append({"kind": "deleted", "text": _deleted_words(marks.node)})
    elif "none" in (marks.node.attributes.get("style") or ""):
        post["status"] = "blocked"


_STATUSES = frozenset({"author_banned", "shielded", "deleted", "password", "paid", "author_only", "pending"})


def _notice_words(box: Node) -> str | None:
    """The sentence of a notice, without its buttons on the right."""
    parts = []
    left: list[Node] = []
    node = box.first_child
    while node is not None or left:
        if node is None:
            node = left.pop().next
            continue
        if node.tag_id == TEXT:
            parts.append(node.text_content or "")
        elif (child := node.first_child) is not None and node.tag not in ("script", "button", "style"):
            left.append(node)
            node = child
            continue
        node = node.next
    return one_line("".join(parts))


def _deleted_words(node: Node) -> str:
    """The sentence of a deleted floor: the last words in its box."""
    last = ""
    for inner in descendants(node):
        if inner.tag_id == TEXT and (words := one_line(inner.text_content)):
            last = words
    return last


# ------------------------------------------------------------ around the body


def _take_over(post: Record, body: Body) -> None:
    """What the walk of the body found."""
    post["quotes"] = tuple(body.quotes)
    post["links"] = tuple(body.links)
    post["images"] = (*body.images, *body.files.listed)
    post["mentions"] = tuple(body.mentions)
    post["attachments"] = body.files.records()
    post["edit"] = body.edit


def _read_below(page: Page, post: Record, marks: Landmarks, spots: dict[str, Node]) -> None:
    if (comments := spots.get("comment_")) is not None and comments.first_child is not None:
        post["comments"] = read_comments(page, comments)
    if (ratings := spots.get("ratelog_")) is not None:
        post["ratings"] = read_ratings(page, ratings)
    if (sign := spots.get("sign")) is not None:
        post["signature"] = _plain(page, sign)
    if (heading := spots.get("h2")) is not None and _stands_before_body(heading, marks):
        post["subject"] = one_line(text_of(heading))
    if (side := spots.get("pdbts")) is not None:
        names = (side.attributes.get("class") or "").split()
        post["debate_side"] = next((DEBATE_SIDES[name] for name in names if name in DEBATE_SIDES), None)
    if (place := spots.get("mobile-location")) is not None:
        post.setdefault("location", one_line(text_of(place)))
    for field, names in (("support", ("review_support_", "recommendv_add")),
                         ("against", ("review_against_", "recommendv_subtract"))):  # fmt: skip
        for name in names:
            if (counter := spots.get(name)) is not None and (digits := one_line(text_of(counter))) and digits.isdigit():
                post[field] = int(digits[:18])


def _plain(page: Page, node: Node) -> str | None:
    """Text of a box that a member wrote, read as a body is."""
    reader = Body(page, rich=False, quoted=True)
    reader.read(node)
    return to_text(reader.pieces) or None


def _stands_before_body(heading: Node, marks: Landmarks) -> bool:
    for name, _, node in marks.spots:
        if node.mem_id == heading.mem_id:
            return True
        if name == "postmessage_":
            return False
    return False
