"""One post of a page for phones, read from its landmarks as a desktop post is.

The touch template has an id on the frame of a post only: its parts are known by class.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from typing import Any

from discuz_scrape._attachments import aid_of_id, picture
from discuz_scrape._content import BLANK
from discuz_scrape._html import (
    TAG_IDS,
    TEXT,
    Node,
    children,
    descendants,
    elements,
    has_class,
    one_line,
    text_of,
)
from discuz_scrape._notices import notice_kind, notice_words
from discuz_scrape._source import Source
from discuz_scrape._urls import aid_in_token
from discuz_scrape._words import ANONYMOUS, FLOOR_NAMES, STARTER, count_of
from discuz_scrape.pages.phones._body import TouchBody, caption, placed_picture
from discuz_scrape.pages.phones._touch_remarks import read_touch_comments, read_touch_ratings
from discuz_scrape.pages.threads._author import is_space, read_avatar, read_bare_name, read_name_link, read_trace
from discuz_scrape.pages.threads._post import PostReader, floor_of, time_alone

__all__ = ["FIRST_NODES", "TOUCH_LANDMARKS", "TouchPost"]

_A, _BLOCKQUOTE, _DIV, _DL, _EM, _H2, _IMG, _LI, _SPAN = (
    TAG_IDS[name] for name in ("a", "blockquote", "div", "dl", "em", "h2", "img", "li", "span")
)
FIRST_NODES = 400  # who and when stand at the head of a post; nested without end they would be read again and again
_FLOOR = re.compile(r"\d{1,9}\s?(?:[#楼樓层層FL]|floor)", re.IGNORECASE).fullmatch
_COUNTERS = 2  # of views and of replies
_FILE_DEPTH = 8  # how far above the link to a file its box may be
_SORT_BOXES = ("viewsort", "typeoption")


class TouchPost(PostReader):
    """What the landmarks of one post of the touch template tell."""

    def __init__(self, page: Source, number: str, node: Node, path: str) -> None:
        super().__init__(page, number, node, path)
        self.box: Node | None = None
        """The element with the body, and with what makes a thread special."""
        self.cell: Node | None = None
        """The element of the body alone."""
        self.sort_box: Node | None = None
        """The form (分类信息) above the body."""
        self.counts: list[int | None] = [None, None]
        """Views and replies, beside the time of the first post of X3.5."""
        self.tags: list[str] = []
        self.opens = False
        """Whether the template marks it as the first post."""
        self.seen: set[int] = set()
        """Elements inside the body or inside what makes the thread special: none of them is a landmark."""
        self._face: Node | None = None
        self._headed = False

    # ------------------------------------------------------------ who and when

    def frame(self, box: Node) -> None:
        """The box around all but the avatar; X3.5 marks that of the first post."""
        self.opens = self.opens or has_class(box, "pione")

    def avatar(self, box: Node) -> None:
        """The face; it stands before the name."""
        if self._face is None:
            self._face = next((node for node in islice(elements(box), FIRST_NODES) if node.tag_id == _IMG), None)

    def lines(self, box: Node) -> None:
        """Floor and author, the time, and in debates the side: a line each."""
        if self._headed:
            return
        lines = [node for node in islice(elements(box), FIRST_NODES) if node.tag_id == _LI]
        self._headed = bool(lines)
        for read, line in zip((self._who, self._when, self._side), lines, strict=False):
            read(line)
        if self._face is not None and "kind" not in self.author:
            read_avatar(self.page, self.author, self._face)

    def _who(self, line: Node) -> None:
        floor = next((node for node in children(line) if node.tag_id == _EM or has_class(node, "y")), None)
        within = {floor.mem_id} if floor is not None else set()
        if floor is not None:
            self.floor(floor)
            within.update(node.mem_id for node in descendants(floor))
        for node in islice(descendants(line), FIRST_NODES):
            if node.mem_id in within or "name" in self.author or "kind" in self.author:
                continue
            words = one_line(text_of(node)) if node.tag_id in (_A, TEXT) else None
            if words is not None and node.tag_id == TEXT:
                read_bare_name(self.author, node, words)
            elif words is not None:
                self.name_link(node, words)

    def name_link(self, link: Node, words: str) -> None:
        """The link that names the author; one that leads nowhere names a guest."""
        href = link.attributes.get("href") or ""
        if "usergroup" in href:
            self.author.setdefault("group", words)
        elif href.startswith("javascript") or is_space(href):
            read_name_link(self.author, link, href, words)

    def _when(self, line: Node) -> None:
        """The time stands bare behind buttons and counters."""
        self.posted, self.dated = line, True
        words = ""
        shown = None
        node = line.first_child
        while node is not None:
            if node.tag_id == TEXT:
                words += node.text_content or ""
            elif node.tag_id == _SPAN and has_class(node, "y"):
                numbers = [count_of(text_of(part)) for part in children(node) if part.tag_id == _EM]
                self.counts = numbers if len(numbers) == _COUNTERS else self.counts
            elif node.tag_id == _SPAN and node.attributes.get("title"):
                shown = node
                words += text_of(node)
            node = node.next
        self.read_time(words, shown)

    def _side(self, line: Node) -> None:
        for link in elements(line):
            stand = (link.attributes.get("href") or "").partition("stand=")[2][:1] if link.tag_id == _A else ""
            if side := {"0": "neutral", "1": "pro", "2": "con"}.get(stand):
                self.post["debate_side"] = side
                return

    def finish(self) -> dict[str, Any]:
        """The record for the model; where a skin has other lines, who and when are told by what they look like."""
        if self.box is not None and not (self.dated and self.author):
            self._find_head(self.box)
        self._floor = None  # the words behind it are a name
        return super().finish()

    def _find_author(self) -> None:
        """There is no column to look for."""

    def _find_head(self, body: Node) -> None:
        """Before the body: the first link to a member, the first words that are nothing but a time, or a floor."""
        walk = descendants(self.node)
        for node in islice(walk, FIRST_NODES):
            if node.tag_id == TEXT:
                if words := one_line(node.text_content):
                    self._bare_words(node, words)
            elif node.mem_id == body.mem_id:
                return
            else:
                read_trace(self.page, self.author, node)

    def _bare_words(self, node: Node, words: str) -> None:
        if words in STARTER:
            self.post["is_starter"] = True
        elif words in ANONYMOUS and not self.author.keys() & {"name", "kind"}:
            read_bare_name(self.author, node, words)
        elif "floor" not in self.post and (words in FLOOR_NAMES or _FLOOR(words)):
            self.post["floor"] = floor_of(words)
        elif not self.dated:
            box = node.parent
            shown = box if box is not None and self.page.clock.read(box.attributes.get("title") or "") else None
            if shown is not None or time_alone(self.page.clock, words) is not None:
                self.posted, self.dated = node, True
                self.read_time(words, shown)

    # ------------------------------------------------------------ body

    def message(self, box: Node) -> None:
        """The body, behind what the forum says of the post; in special threads the body has an element of its own."""
        if self.box is not None:
            return
        self.box = box
        self.cell = self._find_cell(box)
        aside = self._read_aside(box)
        cell = self.cell or box
        own = self.cell is None or self.cell.id in ("", None, f"postmessage_{self.number}")
        body = TouchBody(self.page, rich=self.rich, aside=frozenset(aside))
        body.read(cell)
        self.body = body
        self.seen |= body.seen | aside
        withheld = any(notice["kind"] in ("paid", "password") for notice in self._locked)
        self._own_cell = own and not withheld and (not self._locked or _has_content(body))

    def _find_cell(self, box: Node) -> Node | None:
        """The element of the body inside the box: the first that holds something, for trades have two."""
        cells = [node for node in children(box) if has_class(node, "postmessage") or _is_cell(node)]
        filled = (cell for cell in cells if text_of(cell).strip() or cell.first_child is not None)
        return next(filled, cells[0] if cells else None)

    def _read_aside(self, box: Node) -> set[int]:
        """Read what is the forum's own among the children of the box; tell what the walk must not enter."""
        aside: set[int] = set()
        leads = True
        node = box.first_child
        while node is not None:
            tag = node.tag_id
            if tag == TEXT:
                leads = leads and not (node.text_content or "").strip()
            elif (self.cell is None or node.mem_id != self.cell.mem_id) and self._is_aside(node, leads=leads):
                aside.add(node.mem_id)
                if has_class(node, "quote"):  # read already
                    self.seen.add(node.mem_id)
            elif tag not in _SILENT:
                leads = False
            if self.cell is not None and _is_special(node):
                self.seen.update(inner.mem_id for inner in elements(node))
            node = node.next
        return aside

    def _is_aside(self, node: Node, *, leads: bool) -> bool:
        """Whether a child of the box is the forum's own; it is read then."""
        classes = (node.attributes.get("class") or "").split()
        tag = node.tag_id
        if any(name in classes for name in _SORT_BOXES):
            self.sort_box = self.sort_box or node
            return True
        if "locked" in classes and _is_withheld(node):
            self.notice(node)
            return True
        if not leads:
            return False
        if tag == _SPAN and "quote" in classes:
            self.warning(node)
            return True
        if tag == _H2 and self.number and next(children(node), node).tag == "strong":
            self.heading(node)
            return True
        if tag == _DIV and ("quote" in classes or "xi1" in classes) and not node.id and _BLOCKQUOTE not in _tags(node):
            self.notice(node)
            return True
        return False

    def warning(self, mark: Node) -> None:
        """The mark of a post whose author was warned for it."""
        if words := one_line(text_of(mark)):
            self.notices.append({"kind": "warned", "text": words})
        self._done_with(mark)

    # ------------------------------------------------------------ below the body

    def withheld_files(self, box: Node) -> None:
        """The box that stands for files which this viewer may not see."""
        if self.box is not None and _BLOCKQUOTE not in _tags(box):
            self.hidden_files(box)
            self._done_with(box)

    def _done_with(self, box: Node) -> None:
        """Nothing in the box is a landmark any more: all of it was read."""
        self.seen.update(inner.mem_id for inner in elements(box))

    def picture(self, image: Node) -> None:
        """A picture below the body."""
        placed = placed_picture(image)
        if placed is None or self.body is None:
            return
        aid = int(placed["aid"] or 0)
        files = self.body.files
        known = aid in files.records
        files.add_picture(aid, placed, inline=False)
        files.add_caption(aid, None if known else caption(placed))
        if (shown := picture(self.page, placed, aid)) is not None:
            files.listed.append(shown)

    def file(self, link: Node) -> None:
        """A file below the body: the box around its link tells all of it."""
        aid = aid_of_id(link.id) or aid_in_token(link.attributes.get("href"))
        box = link.parent
        for _ in range(_FILE_DEPTH):
            if box is None or box.tag_id in (_LI, _DL) or has_class(box, "box"):
                break
            box = box.parent
        if aid is None or box is None or self.body is None:
            return
        if box.tag_id == _DL:  # as on the desktop page
            self.body.files.add_entry(box)
        else:
            self.body.files.add_box(aid, box)
            for image in [node for node in elements(box) if node.tag_id == _IMG and aid_of_id(node.id) == aid]:
                self.picture(image)
        self._done_with(box)

    def comments(self, node: Node) -> None:
        """Remarks."""
        if (told := read_touch_comments(self.page, node))["comments"]:
            self.post.update(told)
        self._done_with(node)

    def ratings(self, node: Node) -> None:
        """Ratings."""
        self.post.update(read_touch_ratings(node))
        self._done_with(node)

    def tag_list(self, box: Node) -> None:
        """Tags of the thread."""
        links = (node for node in elements(box) if node.tag_id == _A and "tag" in (node.attributes.get("href") or ""))
        self.tags += [words for link in links if (words := one_line(text_of(link)))]
        self._done_with(box)


_SILENT = frozenset(TAG_IDS[name] for name in ("script", "style"))


def _is_cell(node: Node) -> bool:
    return (node.id or "").startswith("postmessage_")


def _is_withheld(box: Node) -> bool:
    """Whether a notice stands in place of the whole body: a price to pay, or a password to give."""
    return notice_kind(notice_words(box) or "", box) in ("paid", "password")


def _is_special(node: Node) -> bool:
    """Whether a box beside the body belongs to what makes the thread special, rather than to the post's files."""
    if _is_cell(node) or node.tag_id in (TEXT, _LI):
        return False
    return not any(
        inner.tag_id == _A and (aid_of_id(inner.id) is not None or "attachpay" in (inner.attributes.get("href") or ""))
        for inner in elements(node)
    )


def _tags(node: Node) -> frozenset[int | None]:
    return frozenset(inner.tag_id for inner in islice(elements(node), FIRST_NODES))


def _has_content(body: TouchBody) -> bool:
    return bool(body.images or body.quotes or body.files.records) or any(
        isinstance(piece, str) and piece.strip(BLANK) for piece in body.pieces
    )


Landmark = Callable[[TouchPost, Node], None]

TOUCH_LANDMARKS: dict[str, Landmark] = {
    "aid": TouchPost.file,
    "aimg_": TouchPost.picture,
    "attachpay": TouchPost.file,
    "authi": TouchPost.lines,
    "avatar": TouchPost.avatar,
    "comment_": TouchPost.comments,
    "display": TouchPost.frame,
    "message": TouchPost.message,
    "quote": TouchPost.withheld_files,
    "ratelog_": TouchPost.ratings,
    "recommendv_add": TouchPost.support,
    "recommendv_subtract": TouchPost.against,
    "review_against_": TouchPost.against,
    "review_support_": TouchPost.support,
    "tags": TouchPost.tag_list,
}
"""Id without its number, class, or `attachpay` for a link that sells a file, to what reads it."""
