"""One post of a desktop thread page: one walk of its frame, which hands the body cell to the walk of the body.

All ids and classes of the frame stand in the tables at the end. Ids survive nearly every skin, so they come first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from discuz_scrape._body import Body
from discuz_scrape._content import to_text
from discuz_scrape._html import TAG_IDS, TEXT, Node, descendants, has_class, one_line, text_of
from discuz_scrape._html_out import to_html
from discuz_scrape._markdown_out import to_markdown
from discuz_scrape._page import Page
from discuz_scrape._words import (
    CLIENT, DATE_LABEL, DEBATE_SIDES, FLOOR_NAMES, RECOMMENDED, REGION, STARTER, notice_kind,
)  # fmt: skip
from discuz_scrape.pages._author import read_avatar, read_bare_name, read_counters, read_link, read_profile
from discuz_scrape.pages._remarks import read_comments, read_ratings
from discuz_scrape.pages._walk import DIGITS, Handlers, walk

__all__ = ["PostReader"]

_A, _EM, _IMG, _SPAN, _STRONG = (TAG_IDS[name] for name in ("a", "em", "img", "span", "strong"))
_DATE = re.compile(r"\d{4}-\d\d?-\d\d? \d\d?:\d\d(?::\d\d)?")
_DIGITS = re.compile(r"\d+")
_AROUND_LOCATION = " \xa0\t\r\n·|,，-—/()（）[]"
_STATUSES = frozenset({"author_banned", "shielded", "deleted", "password", "paid", "author_only", "pending"})

Record = dict[str, Any]


class PostReader:
    """What the markup of one post tells; what needs its neighbours is added by the thread."""

    def __init__(self, page: Page, pid: int, node: Node, formats: frozenset[str], path: str) -> None:
        self.page = page
        self.node = node
        self.path = path
        self.formats = formats
        self.author: Record = {}
        self.notices: list[Record] = []
        self.post: Record = {"pid": pid, "author": self.author, "notices": self.notices}
        self.body = Body(page, rich=len(formats) > ("text" in formats))
        self.landmarks: dict[str, Node] = {}
        """Boxes in this post that tell of the whole thread: stamp, tags, moderator line, sort form."""
        self.floor_words: str | None = None
        self.floor_href: str | None = None
        self.nested: list[Node] = []
        """Posts that broken markup left inside this one."""
        self._posted = False
        self._has_cell = False
        self._own_cell = False
        self._locked: list[Record] = []

    def read(self) -> Record:
        """Walk the frame of the post and return the record for its model."""
        walk(self, self.node, _BY_TAG)
        post, body = self.post, self.body
        if post.get("subject") is not None and not self._has_cell:
            del post["subject"]
        post["body"] = to_text(body.pieces)
        if "html" in self.formats:
            post["body_html"] = to_html(body.pieces)
        if "markdown" in self.formats:
            post["body_markdown"] = to_markdown(body.pieces)
        self._settle_status()
        for name in ("quotes", "links", "images", "mentions"):
            found = getattr(body, name)
            if found:
                post[name] = tuple(found)
        if body.edit is not None:
            post["edit"] = body.edit
        files = body.files
        if files.records:
            post["attachments"] = tuple(files.records.values())
            if files.listed:
                post["images"] = (*body.images, *files.listed)
        if self.notices:
            post["notices"] = tuple(self.notices)
        return post

    # ------------------------------------------------------------ dispatch

    def _block(self, node: Node) -> bool:
        """A `div` or `td`: known by id, else by class, else only a wrapper."""
        ident = node.id
        if ident is not None:
            known = _BY_ID.get(ident.rstrip(DIGITS))
            if known is not None:
                return known(self, node)
        classes = node.attributes.get("class")
        if classes is None:
            return True
        known = _BY_CLASS.get(classes)  # a class that stands alone needs no splitting
        if known is None and " " in classes:
            known = next((_BY_CLASS[name] for name in classes.split() if name in _BY_CLASS), None)
        return True if known is None else known(self, node)

    def _cell(self, node: Node) -> bool:
        """A cell is a wrapper, unless its id says that it holds the body."""
        ident = node.id
        return ident is None or not ident.startswith("postmessage_") or self._body_cell(node)

    def _skip(self, _node: Node) -> bool:
        return False

    def _landmark(self, node: Node) -> bool:
        for name in (node.id, *(node.attributes.get("class") or "").split()):
            if name:
                self.landmarks.setdefault(name, node)
        return False

    def _special_box(self, node: Node) -> bool:
        self.landmarks["pcbs"] = node
        return True

    def _nested_post(self, node: Node) -> bool:
        if not (node.id or "")[5:].isdigit():
            return True
        self.nested.append(node)
        return False

    # ------------------------------------------------------------ author

    def _link(self, node: Node) -> bool:
        ident = node.id
        if ident is not None and ident.startswith("postnum"):
            self._floor(node)
            return False
        if self._posted:
            return True  # buttons: the vote counters are inside
        if ident is None and self.floor_words is None and _is_bare_floor(node):
            self._floor(node)
            return False
        return read_link(self.author, node)

    def _image(self, node: Node) -> bool:
        if not self._posted and "avatar_url" not in self.author:
            read_avatar(self.page, self.author, node)
        return False

    def _head_line(self, node: Node) -> bool:
        """The box at the head of either cell; in the author column its bare words are a name without a link."""
        first = node.first_child
        if first is not None and first.tag_id == TEXT and not self._posted and not self.author:
            words = one_line(first.text_content)
            if words is not None:
                read_bare_name(self.author, first, words)
        return True

    def _counters(self, node: Node) -> bool:
        if not self._posted:
            read_counters(self.author, node)
        return False

    def _paragraph(self, node: Node) -> bool:
        if self._posted:
            return not self._has_cell
        classes = node.attributes.get("class")
        if classes is None:
            return True
        if "xg1" in classes and "name" in self.author and (words := one_line(text_of(node))):
            self.author.setdefault("title", words)
        return "md_ctrl" not in classes and "cp_pls" not in classes

    def _definitions(self, node: Node) -> bool:
        ident = node.id
        if ident is not None and ident.startswith("ratelog_"):
            self.post["ratings"] = read_ratings(self.page, node)
        elif not self._posted and node.first_child is not None:
            read_profile(self.author, node)
        return False

    # ------------------------------------------------------------ floor

    def _floor(self, link: Node) -> None:
        """The number of a floor: digits, or a name out of the table; what neither tells is settled by order."""
        post = self.post
        said = ""
        child = link.first_child
        while child is not None:
            if child.tag_id == TEXT:
                said += child.text_content or ""
            else:
                said += text_of(child)
                if _is_sticky_mark(child):
                    post["sticky"] = True
            child = child.next
        self.floor_words = words = said.strip()
        self.floor_href = link.attributes.get("href")
        floor = FLOOR_NAMES.get(words)
        if floor is None:
            digits = _DIGITS.findall(words)
            if len(digits) == 1 and len(digits[0]) < 10:
                floor = int(digits[0])
            elif not digits:
                floor = FLOOR_NAMES.get(words.rstrip("#楼樓F"))
                if floor is None and RECOMMENDED.search(words):
                    post["recommended"] = True
        post["floor"] = floor
        box = link.parent
        before = box.prev if box is not None else None
        while before is not None:
            if before.tag_id == _A and "viewwarning" in (before.attributes.get("href") or ""):
                self.notices.append({"kind": "warned", "text": _warning_words(before)})
            before = before.prev

    # ------------------------------------------------------------ date line

    def _emphasis(self, node: Node) -> bool:
        ident = node.id
        if ident is None or not ident.startswith("authorposton"):
            return True
        if not self._posted:
            self._date_line(node)
            self._posted = True
        return False

    def _date_line(self, posted: Node) -> None:
        """When it was posted; what stands behind the time is a client or a place, never part of it."""
        post = self.post
        only = posted.first_child
        shown = None
        if only is not None and only.next is None and only.tag_id == TEXT:
            words = only.text_content or ""
        else:
            words = text_of(posted)
            shown = _titled_span(posted)
        if shown is not None:
            as_shown = text_of(shown)
            post["timestamp_text"] = one_line(as_shown)
            moment = self.page.clock.read(shown.attributes.get("title") or "")
            rest = words.partition(as_shown)[2]
        else:
            found = _DATE.search(words)
            if found is not None:
                post["timestamp_text"] = time = found.group()
                rest = words[found.end() :]
            else:
                label = DATE_LABEL.match(words)
                time = one_line(words[label.end() :] if label else words) or ""
                post["timestamp_text"] = time or None
                rest = ""
            moment = self.page.clock.read(time)
        post["timestamp"] = moment
        if moment is None:
            self.page.note(f"{self.path}.timestamp", f"no certain date in {post['timestamp_text']!r}")
        if rest and (place := one_line(rest.strip(_AROUND_LOCATION))):
            post["location"] = place
        self._behind_date(posted)
        self._before_date(posted)

    def _behind_date(self, posted: Node) -> None:
        post = self.post
        node = posted.next
        while node is not None:
            if node.tag_id == _SPAN:
                classes = node.attributes.get("class") or ""
                if "pipe" in classes:
                    break
                if "xg1" in classes and (words := one_line(text_of(node))):
                    is_region = REGION.search(words) is not None and CLIENT.search(words) is None
                    post.setdefault("location" if is_region else "client", words)
            node = node.next

    def _before_date(self, posted: Node) -> None:
        """The starter's mark; and the bare name of an author who has no link, where the column did not name one."""
        nameless = not self.author
        node = posted.prev
        while node is not None:
            tag = node.tag_id
            if tag == TEXT:
                words = one_line(node.text_content)
                if words is not None:
                    words = words.strip("| ")
                    if words in STARTER:
                        self.post["is_starter"] = True
                    elif words and nameless and not _is_label(node):
                        read_bare_name(self.author, node, words)
                        nameless = False
            elif tag == _IMG:
                if "ico_lz" in (node.attributes.get("src") or ""):
                    self.post["is_starter"] = True
            elif tag == _EM and "fico-person" in (node.attributes.get("class") or ""):
                self.post["is_starter"] = True
            node = node.prev

    # ------------------------------------------------------------ body and what is around it

    def _body_cell(self, node: Node) -> bool:
        """The body. In a paid thread the free part carries another post's number; a trade thread has a second cell."""
        if self._has_cell:
            return False
        number = (node.id or "")[len("postmessage_") :]
        if not number:
            return True
        self._has_cell = True
        self._own_cell = number == str(self.post["pid"])
        self.body.read(node)
        return False

    def _heading(self, node: Node) -> bool:
        if not self._has_cell and self._posted and (words := one_line(text_of(node))):
            self.post.setdefault("subject", words)
        return False

    def _notice(self, node: Node) -> bool:
        words = _notice_words(node)
        if words:
            self._locked.append({"kind": notice_kind(words, node) or "shielded", "text": words})
        return False

    def _hidden_files(self, node: Node) -> bool:
        if words := one_line(text_of(node)):
            self.notices.append({"kind": "attachments_hidden", "text": words.rstrip("x× ")})
        return False

    def _files(self, node: Node) -> bool:
        self.body.files.add_list(node)
        return False

    def _comments(self, node: Node) -> bool:
        first = node.first_child
        if first is not None and (first.tag_id != TEXT or first.next is not None):
            self.post["comments"] = read_comments(self.page, node)
        return False

    def _signature(self, node: Node) -> bool:
        reader = Body(self.page, rich=False, quoted=True)
        reader.read(node)
        if words := to_text(reader.pieces):
            self.post["signature"] = words
        return False

    def _place(self, node: Node) -> bool:
        if words := one_line(text_of(node)):
            self.post.setdefault("location", words)
        return False

    def _label(self, node: Node) -> bool:
        for name in (node.attributes.get("class") or "").split():
            if name in DEBATE_SIDES:
                self.post["debate_side"] = DEBATE_SIDES[name]
        return False

    def _span(self, node: Node) -> bool:
        ident = node.id
        if ident is None:
            return not self._posted
        if self._posted:
            field = _COUNTERS.get(ident.rstrip(DIGITS))
            if field is not None and (words := one_line(text_of(node))) and words.isdigit():
                self.post[field] = int(words[:18])
        return False

    # ------------------------------------------------------------ status

    def _settle_status(self) -> None:
        """What this viewer gets. A notice in place of the body decides; beside a whole body it is only noted."""
        self.notices[:0] = self._locked
        self.notices += self.body.notices
        post = self.post
        if not self._own_cell:
            if self._locked:
                kind = self._locked[0]["kind"]
                post["status"] = kind if kind in _STATUSES else "shielded"
                if kind not in _STATUSES:
                    self.notices.append({"kind": "shielded", "text": self._locked[0]["text"]})
                return
            if not self._posted and not self._has_cell:
                post["status"] = "deleted"
                self.notices.append({"kind": "deleted", "text": _last_words(self.node)})
                return
        if self.body.notices and any(notice["kind"] == "pending" for notice in self.body.notices):
            post["status"] = "pending"
        elif "none" in (self.node.attributes.get("style") or ""):
            post["status"] = "blocked"


def _is_bare_floor(link: Node) -> bool:
    """The floor link of a deleted floor has neither id nor address; it stands in a `strong`."""
    box = link.parent
    return box is not None and box.tag_id == _STRONG and not link.attributes.get("href")


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


def _is_label(node: Node) -> bool:
    """Whether words in a date line are a mark and no name: a bar follows them."""
    after = node.next
    return after is not None and after.tag_id == _SPAN and "pipe" in (after.attributes.get("class") or "")


def _notice_words(box: Node) -> str | None:
    """The sentence of a notice."""
    return one_line(text_of(box))


def _last_words(node: Node) -> str:
    """The sentence of a deleted floor: the last words in its box."""
    last = ""
    for inner in descendants(node):
        if inner.tag_id == TEXT and (words := one_line(inner.text_content)):
            last = words
    return last


_Known = Callable[[PostReader, Node], bool]

_BY_ID: dict[str, _Known] = {
    "post_": PostReader._nested_post,
    "postmessage_": PostReader._body_cell,
    "comment_": PostReader._comments,
    "threadstamp": PostReader._landmark,
    "fj": PostReader._skip,  # box to jump to a floor
    "post_rate_div_": PostReader._skip,
    "post_rate_": PostReader._skip,
    "userinfo": PostReader._skip,  # the hidden card repeats the name
}
_BY_CLASS: dict[str, _Known] = {
    "a_p": PostReader._skip,  # ads
    "a_pb": PostReader._skip,
    "a_pr": PostReader._skip,
    "a_pt": PostReader._skip,
    "attach_nopermission": PostReader._hidden_files,
    "locked": PostReader._notice,
    "mobile-location": PostReader._place,
    "modact": PostReader._landmark,
    "p_pop": PostReader._skip,  # menus
    "pattl": PostReader._files,
    "pcbs": PostReader._special_box,
    "pi": PostReader._head_line,
    "ptg": PostReader._landmark,
    "sign": PostReader._signature,
    "tip": PostReader._skip,
    "tns": PostReader._counters,
    "typeoption": PostReader._landmark,
}
_COUNTERS = {
    "recommendv_add": "support",
    "recommendv_subtract": "against",
    "review_against_": "against",
    "review_support_": "support",
}
_BY_TAG: Handlers[PostReader] = {
    TAG_IDS["a"]: PostReader._link,
    TAG_IDS["dl"]: PostReader._definitions,
    TAG_IDS["div"]: PostReader._block,
    TAG_IDS["em"]: PostReader._emphasis,
    TAG_IDS["h2"]: PostReader._heading,
    TAG_IDS["img"]: PostReader._image,
    TAG_IDS["label"]: PostReader._label,
    TAG_IDS["p"]: PostReader._paragraph,
    TAG_IDS["span"]: PostReader._span,
    TAG_IDS["td"]: PostReader._cell,
    **{TAG_IDS[name]: PostReader._skip for name in "form h3 input option script select style ul".split()},
}
