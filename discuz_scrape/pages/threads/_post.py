"""One post of a desktop thread page, read from its landmarks: elements with an id or class that Discuz gives them.

They stand in the tables at the end. Ids survive nearly every skin, so they come first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Any

from discuz_scrape._body import Body
from discuz_scrape._content import to_text
from discuz_scrape._dates import Clock
from discuz_scrape._html import (
    SILENT_TAGS,
    TAG_IDS,
    TEXT,
    Node,
    beginning_of,
    descendants,
    elements,
    has_class,
    inline_text,
    is_hidden,
    is_unseen,
    one_line,
    pass_over,
    text_of,
)
from discuz_scrape._html_out import to_html
from discuz_scrape._markdown_out import to_markdown
from discuz_scrape._notices import notice_kind, notice_words
from discuz_scrape._source import Source
from discuz_scrape._words import (
    CLIENT,
    DATE_LABEL,
    DEBATE_SIDES,
    FLOOR_NAMES,
    NEUTRAL,
    RECOMMENDED,
    REGION,
    STARTER,
)  # fmt: skip
from discuz_scrape.pages.threads._author import read_bare_name, read_column
from discuz_scrape.pages.threads._frame import NOTHING, Cut, Line
from discuz_scrape.pages.threads._parts import parts_in_contents, parts_in_script
from discuz_scrape.pages.threads._remarks import read_comments, read_ratings

__all__ = ["LANDMARKS", "PostReader", "floor_of", "take_over", "time_alone"]

_A, _DT, _EM, _IMG, _SPAN, _STRONG, _TD = (TAG_IDS[name] for name in ("a", "dt", "em", "img", "span", "strong", "td"))
_BOXES = frozenset(TAG_IDS[name] for name in ("article", "div", "section", "td"))
_PLAIN_FLOOR = re.compile(r"(\d{1,9})\D{0,12}$").match
_DIGITS = re.compile(r"\d+")
_AROUND_LOCATION = " \xa0\t\r\n·|,，-—/()（）[]"
_STATUSES = frozenset({"author_banned", "shielded", "deleted", "password", "paid", "author_only", "pending"})
_MOST_NOTICES = 20  # one or two stand above a body; nested without end they would be read again and again
_MOST_NODES = 1_000  # of a deleted floor, which has a dozen
_FEW, _LONGEST_LINE, _LONGEST_COLUMN = 40, 1_000, 60_000  # nodes; characters of a title or place, of a column
_LONGEST_DATE = 100  # characters
_IN_BODIES = frozenset({"attach_nopermission", "blockcode", "locked", "quote", "showhide"})

Record = dict[str, Any]


class PostReader:
    """What the landmarks of one post tell; what needs its neighbours is added by the thread."""

    def __init__(self, page: Source, number: str, node: Node, path: str, cut: Cut = NOTHING) -> None:
        self.page = page
        self.number = number
        self.node = node
        self.path = path
        self.formats = page.formats
        self.rich = page.rich
        self.author: Record = {}
        self.notices: list[Record] = []
        self.post: Record = {"pid": int(number), "author": self.author}
        self.body: Body | None = None
        self.floor_href: str | None = None
        self.posted: Node | None = None
        """The element with the time; None on a deleted floor, and where the line was taken out of the page."""
        self.dated = False
        """Whether there is a time; only a deleted floor has none."""
        self.in_box = False
        """Whether the frame is no table, as on pages for phones and in previews."""
        self.has_table = cut is not NOTHING
        """Whether the table, or what a skin made of it, is there: deleted posts have it too."""
        self.may_lack_mark = False
        """Whether its body may be without the id that marks it, as some skins show the first post."""
        self.broken: str | None = None
        """What went wrong while reading it."""
        self.aside: set[int] = set()
        """What its signature holds: written by somebody, as a body is."""
        self._own_cell = False
        self._floor: Node | None = None
        self._locked: list[Record] = []
        self.column = cut.column
        """Markup of the author column; None where no box is marked as one."""
        self._cut = cut
        if cut.line is not None:
            self._line(cut.line)
        if cut.fields:
            self.post.update(cut.fields)
        if cut.whole:
            self._own_cell, self.body = True, cut.body

    def has_read(self, node: Node) -> bool:
        """Whether an element lies in the body or the signature, where nothing is a landmark."""
        identity = node.mem_id
        return (self.body is not None and identity in self.body.seen) or identity in self.aside

    def finish(self) -> Record:
        """The record for the model, once all landmarks were read."""
        if self.may_lack_mark and not (self.body or self.dated or self.has_table or self._locked):
            self._find_body()
        if not self.dated and self._floor is not None:
            self._date_behind(self._floor)
        post, body = self.post, self.body
        if not self.dated and "floor" not in post:
            self._find_floor()
        if self.column is not None:
            read_column(self.page, self.author, self.column)
        if "name" not in self.author and "kind" not in self.author:
            self._find_author()
        take_over(post, body, self.formats)
        self._settle_status()
        if self.notices:
            post["notices"] = tuple(self.notices)
        return post

    # ------------------------------------------------------------ author

    def author_column(self, box: Node) -> None:
        """The author column; where it is not closed, all the rest of the page is inside."""
        if self.column is None:
            self.column = (box.html or "")[:_LONGEST_COLUMN]

    def _find_author(self) -> None:
        """The author where no column has an id: the cell before that of the time, then what stands before the time."""
        posted = self.posted
        if posted is None:
            return
        cell: Node | None = posted
        while cell is not None and cell.tag_id != _TD:
            cell = cell.parent
        before = cell.prev if cell is not None else None
        while before is not None and before.tag_id != _TD:
            before = before.prev
        if before is not None:
            read_column(self.page, self.author, before.html or "")
        if "name" not in self.author and "kind" not in self.author:
            read_column(self.page, self.author, (self.node.html or "").partition(f' id="{posted.id}"')[0])
        if not self.author.keys() & {"name", "kind", "uid"}:
            self._bare_name_in_line(posted)

    def _bare_name_in_line(self, posted: Node) -> None:
        node = posted.prev
        while node is not None:
            if node.tag_id == TEXT and (words := one_line(node.text_content)) is not None:
                words = words.strip("| ")
                if words and words not in STARTER and not _is_label(node):
                    read_bare_name(self.author, node, words)
                    return
            node = node.prev

    # ------------------------------------------------------------ floor

    def floor(self, link: Node) -> None:
        """The number of a floor: digits, or a name out of the table; what neither tells is settled by order."""
        words = inline_text(link).strip()
        self.floor_href = link.attributes.get("href")
        self._floor = link
        if self._settle_floor(words) and any(_is_sticky_mark(node) for node in elements(link)):
            self.post["sticky"] = True
        box = link.parent
        before = box.prev if box is not None else None
        while before is not None:
            if before.tag_id == _A and "viewwarning" in (before.attributes.get("href") or ""):
                self.notices.append({"kind": "warned", "text": _warning_words(before)})
            before = before.prev

    def _settle_floor(self, words: str) -> bool:
        """A number or a name; whether it is neither: sticky replies name their real floor, recommended ones none."""
        post = self.post
        post["floor"] = floor_of(words)
        if post["floor"] is not None:
            return False
        digits = _DIGITS.findall(words)
        if len(digits) == 1 and len(digits[0]) < 10:
            post["floor"] = int(digits[0])
        elif not digits and RECOMMENDED.search(words):
            post["recommended"] = True
        if "来自" in words or "來自" in words:
            post["sticky"] = True
        return True

    def _find_floor(self) -> None:
        """The floor link of a deleted floor has neither id nor address; it stands in a `strong`."""
        for node in islice(elements(self.node), _MOST_NODES):
            if node.tag_id == _A and node.parent is not None and node.parent.tag_id == _STRONG:
                self.floor(node)
                return

    # ------------------------------------------------------------ date line

    def date_line(self, posted: Node) -> None:
        """When it was posted; what stands behind the time is a client or a place, never part of it."""
        if self.dated:
            return
        self.posted = posted
        self.dated = True
        only = posted.first_child
        shown = None
        if only is not None and only.next is None and only.tag_id == TEXT:
            words = only.text_content or ""
        else:
            words = text_of(posted)
            shown = _titled_span(posted)
        self.read_time(words, shown)
        self._behind_date(posted)
        self._before_date(posted)

    def read_time(self, words: str, shown: Node | None) -> None:
        """The time in the words of a date line, or in the title of the element that shows it."""
        post = self.post
        if shown is not None:
            as_shown = text_of(shown)
            post["timestamp_text"] = one_line(as_shown)
            clock = self.page.clock
            moment = clock.read(shown.attributes.get("title") or "") or clock.read(as_shown)
            rest = words.partition(as_shown)[2] if as_shown else ""
        else:
            moment, rest = self._bare_time(words)
        self._settle_time(moment)
        if rest and (place := one_line(rest.strip(_AROUND_LOCATION))):
            post["location"] = place

    def _date_behind(self, floor: Node) -> None:
        """The time in the bare words behind the floor and a label, as up to 7.0."""
        node, few = floor.next, _FEW
        while node is not None and few:
            words = (node.text_content or "")[:_LONGEST_DATE] if node.tag_id == TEXT else ""
            label = DATE_LABEL.match(words)
            if label is not None and self.page.clock.find(words)[1] == label.end():
                self.posted, self.dated = floor, True
                self.read_time(words, None)
                return
            node, few = node.next, few - 1

    def preview_line(self, posted: Node) -> None:
        """The date line of a post that is shown in a list of definitions: in a preview, below an album."""
        if posted.parent is not None and posted.parent.tag_id == _DT:
            self.in_box = self.dated = True
            self.posted = posted

    def _line(self, line: Line) -> None:
        """Floor and time of a post whose line was taken out of the page."""
        self.dated = True
        self.floor_href = line.href
        self._settle_floor(line.floor.strip())
        moment, rest = self._bare_time(line.posted)
        self._settle_time(moment)
        if rest and (place := one_line(rest.strip(_AROUND_LOCATION))):
            self.post["location"] = place

    def _settle_time(self, moment: datetime | None) -> None:
        self.post["timestamp"] = moment
        if moment is None:
            self.page.note(f"{self.path}.timestamp", f"no certain date in {self.post['timestamp_text']!r}")

    def _bare_time(self, words: str) -> tuple[datetime | None, str]:
        """The time in words without a title, and what stands behind it."""
        moment, start, end = self.page.clock.find(words)
        if start == end:
            label = DATE_LABEL.match(words)
            self.post["timestamp_text"] = one_line(words[label.end() :] if label else words)
        else:
            self.post["timestamp_text"] = one_line(words[start:end])
        return moment, words[end:]

    def _behind_date(self, posted: Node) -> None:
        """Up to the first bar: what it was sent from, and where."""
        node = posted.next
        while node is not None:
            tag = node.tag_id
            attributes = node.attributes if tag in (_SPAN, _A) else {}
            classes = attributes.get("class") or ""
            if "pipe" in classes or _is_tool(attributes.get("href") or ""):
                break
            shown = tag == TEXT or (bool(attributes) and "none" not in classes and not is_hidden(attributes))
            if shown and (words := one_line(text_of(node).strip(_AROUND_LOCATION))) is not None:
                self._client_or_place(words, marked="xg1" in classes)
            node = node.next

    def _client_or_place(self, words: str, *, marked: bool) -> None:
        """Marked words without a known meaning are the name that an owner gave to phones."""
        is_client = "client" not in self.post and not REGION.search(words) and (marked or CLIENT.search(words))
        self.post.setdefault("client" if is_client else "location", words)

    def _before_date(self, posted: Node) -> None:
        """The starter's mark, and on the left of it the side taken in a debate."""
        node = posted.prev
        while node is not None:
            tag = node.tag_id
            if tag == TEXT:
                words = node.text_content or ""
                if words.strip(" \t\r\n\xa0|") in STARTER:
                    self.post["is_starter"] = True
            elif tag == _IMG:
                if "ico_lz" in (node.attributes.get("src") or ""):
                    self.post["is_starter"] = True
            elif tag == _EM and "fico-person" in (node.attributes.get("class") or ""):
                self.post["is_starter"] = True
            node = node.prev

    # ------------------------------------------------------------ body and what is around it

    def body_cell(self, cell: Node) -> None:
        """The body. In a paid thread the free part carries another post's number; a trade thread has a second cell."""
        if self.body is None:
            self._own_cell = cell.id == "postmessage_" + self.number
            if self._own_cell and self._cut.body is not None:
                self.body = self._cut.body
            else:
                self.body = Body(self.page, rich=self.rich)
                self.body.read(cell)

    def _find_body(self) -> None:
        """The body that has no mark, where a skin shows the first post like an article.

        It is the one of the skin's boxes, those with a class or an id, that holds most words beside the boxes in it.
        """
        cell = self._wordiest_box()
        if cell is None:
            return
        self.body = Body(self.page, rich=self.rich)
        self.body.read(cell)
        self._own_cell = True
        self.page.note(f"{self.path}.body", "no element is marked as the body: the box with most words was taken")

    def _wordiest_box(self) -> Node | None:
        words: dict[int, int] = {}
        boxes: dict[int, Node] = {}
        titled: set[int] = set()
        walk = descendants(self.node)
        for node in islice(walk, _MOST_NODES):
            if node.tag_id == TEXT:
                said = (node.text_content or "").strip()
                if said and not said.isdecimal() and (box := self._box_around(node)) is not None:
                    boxes[box.mem_id] = box
                    words[box.mem_id] = words.get(box.mem_id, 0) + len(said)
                continue
            if node.id == "thread_subject" and (box := self._box_around(node)) is not None:
                titled.add(box.mem_id)
            if node.tag_id == _A or node.tag_id in SILENT_TAGS or is_unseen(node.attributes):
                pass_over(walk, node)
        most = max(words.keys() - titled, key=words.__getitem__, default=None)
        return boxes[most] if most is not None else None

    def _box_around(self, node: Node) -> Node | None:
        """The box of the skin that a node stands in, within this post."""
        box = node.parent
        while box is not None and box.mem_id != self.node.mem_id:
            if box.tag_id in _BOXES and (box.id or box.attributes.get("class")):
                names = (box.attributes.get("class") or "").split()
                if _IN_BODIES.isdisjoint(names):
                    return box
            box = box.parent
        return None

    def heading(self, node: Node) -> None:
        """A reply may have a title of its own, before its body."""
        if self.body is not None or not (self.dated or self._floor) or "subject" in self.post:
            return
        if words := one_line(beginning_of(node, _FEW)[:_LONGEST_LINE]):
            self.post["subject"] = words

    def notice(self, node: Node) -> None:
        """A sentence in place of the body, or above it."""
        if len(self._locked) < _MOST_NOTICES and (words := notice_words(node)):
            self._locked.append({"kind": notice_kind(words, node) or "shielded", "text": words})

    def hidden_files(self, node: Node) -> None:
        """The box below the body that stands for files which this viewer may not see."""
        if len(self.notices) < _MOST_NOTICES and (words := notice_words(node)):
            self.notices.append({"kind": "attachments_hidden", "text": words})

    def contents(self, node: Node) -> None:
        """The table of contents of a text in parts."""
        if "parts" not in self.post:
            self.post["parts"] = parts_in_contents(self.page, node)

    def part_links(self, node: Node) -> None:
        """The place of the links to the other parts of a text."""
        if self.post.get("parts") is None:
            self.post["parts"] = parts_in_script(node)

    def files(self, node: Node) -> None:
        """The files below the body."""
        if self.body is None:
            self.body = Body(self.page, rich=False)
        self.body.files.add_list(node)

    def comments(self, node: Node) -> None:
        """Remarks; the box is there, and mostly empty, under every body."""
        first = node.first_child
        if "comments" not in self.post and first is not None and (first.tag_id != TEXT or first.next is not None):
            self.post.update(read_comments(self.page, node))

    def ratings(self, node: Node) -> None:
        """Ratings."""
        if "ratings" not in self.post:
            self.post.update(read_ratings(self.page, node))

    def signature(self, node: Node) -> None:
        """The signature, read as a body is."""
        reader = Body(self.page, rich=False, quoted=True)
        reader.read(node)
        if words := to_text(reader.pieces):
            self.post["signature"] = words
        self.aside |= reader.seen

    def place(self, node: Node) -> None:
        """A place name that a phone sent."""
        if words := one_line(beginning_of(node, _FEW)[:_LONGEST_LINE]):
            self.post.setdefault("location", words)

    def side(self, node: Node) -> None:
        """The side taken in a debate; in rush threads the same label congratulates."""
        inside = islice(elements(node), _FEW)
        links = [link.attributes.get("href") or "" for link in inside if link.tag_id == _A]
        if "stand=" not in "".join(links) and one_line(beginning_of(node, _FEW)) not in NEUTRAL:
            return
        for name in (node.attributes.get("class") or "").split():
            if name in DEBATE_SIDES:
                self.post["debate_side"] = DEBATE_SIDES[name]

    def support(self, node: Node) -> None:
        """Votes for the post; an empty counter is none."""
        self._counter("support", node)

    def against(self, node: Node) -> None:
        """Votes against the post."""
        self._counter("against", node)

    def _counter(self, field: str, node: Node) -> None:
        words = beginning_of(node, _FEW).strip()
        if words.isdecimal():
            self.post[field] = int(words[:18])

    # ------------------------------------------------------------ status

    def _settle_status(self) -> None:
        """What this viewer gets. A notice in place of the body decides; beside a whole body it is only noted."""
        post, body = self.post, self.body
        self.notices[:0] = self._locked
        hidden = body.notices if body is not None else ()
        self.notices += hidden
        if not self._own_cell:
            if self._locked:
                kind = self._locked[0]["kind"]
                if kind == "attachments_hidden":  # only the files are withheld
                    return
                post["status"] = kind if kind in _STATUSES else "shielded"
                if kind not in _STATUSES:
                    self.notices.append({"kind": "shielded", "text": self._locked[0]["text"]})
                return
            if body is None and not self.dated and not self.author and (words := _last_words(self.node)):
                post["status"] = "deleted"
                self.notices.append({"kind": "deleted", "text": words})
                return
            if body is None:
                self.page.note(f"{self.path}.body", "no body: the page breaks off here, or hides it without a word")
        if hidden and any(notice["kind"] == "pending" for notice in hidden):
            post["status"] = "pending"
        elif not self._cut.whole and is_hidden(self.node.attributes):
            post["status"] = "blocked"


def take_over(post: Record, body: Body | None, formats: frozenset[str]) -> None:
    """What the walk of the body found, rendered as asked for."""
    pieces = body.pieces if body is not None else []
    post["body"] = to_text(pieces)
    if "html" in formats:
        post["body_html"] = to_html(pieces)
    if "markdown" in formats:
        post["body_markdown"] = to_markdown(pieces)
    if body is None:
        return
    if body.edit is not None:
        post["edit"] = body.edit
    if body.quotes:
        post["quotes"] = tuple(body.quotes)
    if body.links:
        post["links"] = tuple(body.links)
    if body.mentions:
        post["mentions"] = tuple(body.mentions)
    files = body.files
    if files.records:
        post["attachments"] = tuple(files.records.values())
    if body.images or files.listed:
        post["images"] = (*body.images, *files.listed)


def time_alone(clock: Clock, words: str) -> str | None:
    """The time that is all there is of some words but for a label before it; None where they say more, or none."""
    label = DATE_LABEL.match(words)
    told = words[label.end() :] if label else words
    _, start, end = clock.find(told)
    return told if start == 0 < end == len(told) else None


def floor_of(words: str) -> int | None:
    """The number in a floor's words, or the one that its name stands for."""
    found = _PLAIN_FLOOR(words)
    if found is not None:
        return int(found[1])
    return FLOOR_NAMES.get(words) or FLOOR_NAMES.get(words.rstrip("#楼樓F"))


def _is_sticky_mark(node: Node) -> bool:
    if node.tag_id == _IMG:
        return "settop" in (node.attributes.get("src") or "")
    return node.tag_id == _EM and has_class(node, "replystick")


def _warning_words(link: Node) -> str:
    places = [link, *descendants(link)]
    said = [node.attributes.get(name) for node in places if node.tag_id != TEXT for name in ("title", "alt")]
    return next((words for words in said if words), "受到警告")


def _titled_span(posted: Node) -> Node | None:
    return next(
        (node for node in descendants(posted) if node.tag_id == _SPAN and node.attributes.get("title")), None
    )  # fmt: skip


def _is_tool(href: str) -> bool:
    """Whether a link in a date line is one of the tools behind a bar, which is bare text in some skins."""
    return "authorid=" in href or href.startswith("javascript")


def _is_label(node: Node) -> bool:
    """Whether words in a date line are a mark and no name: a bar follows them."""
    after = node.next
    return after is not None and after.tag_id == _SPAN and "pipe" in (after.attributes.get("class") or "")


def _last_words(node: Node) -> str:
    """The sentence of a deleted floor: the last words in its box."""
    last = ""
    for inner in islice(descendants(node), _MOST_NODES):
        if inner.tag_id == TEXT and (words := one_line(inner.text_content)):
            last = words
    return last


Landmark = Callable[[PostReader, Node], None]

LANDMARKS: dict[str, Landmark] = {
    "attach_nopermission": PostReader.hidden_files,
    "author_": PostReader.preview_line,
    "authorposton": PostReader.date_line,
    "comment_": PostReader.comments,
    "favatar": PostReader.author_column,
    "h2": PostReader.heading,
    "locked": PostReader.notice,
    "mobile-location": PostReader.place,
    "pattl": PostReader.files,
    "pdbts": PostReader.side,
    "postattachlist": PostReader.files,
    "postmessage_": PostReader.body_cell,
    "postnum": PostReader.floor,
    "ratelog_": PostReader.ratings,
    "recommendv_add": PostReader.support,
    "recommendv_subtract": PostReader.against,
    "review_against_": PostReader.against,
    "review_support_": PostReader.support,
    "sign": PostReader.signature,
    "signatures": PostReader.signature,
    "threadindex": PostReader.contents,
    "threadpage": PostReader.part_links,
}
"""Id without its number, class, or tag of an element to what reads it."""
