"""The archiver's page of a thread: a stream of author lines, titles, and text without codes.

The software cuts the codes out of what people wrote and escapes the rest, so an element in a text is always its own.
Quotes and edit notices have become text; they are known by their place and their words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._body import Enter
from discuz_scrape._content import EDGE, to_text
from discuz_scrape._html import TAG_IDS, TEXT, Node, children, elements, has_class, one_line, select, text_of
from discuz_scrape._notices import notice_kind
from discuz_scrape._source import Source
from discuz_scrape._words import EDIT
from discuz_scrape.flat._body import Body as Lines
from discuz_scrape.flat._lines import LONGEST, Line
from discuz_scrape.flat._quotes import cut_quotes
from discuz_scrape.models import Edit, Thread
from discuz_scrape.pages.plain._archiver import Frame
from discuz_scrape.pages.plain._stream import (
    StreamBody,
    after,
    mark_starter,
    only_text,
    own_marks,
    pieces_of,
    read_time,
)
from discuz_scrape.pages.threads._floors import settle_floors
from discuz_scrape.pages.threads._opening import price_in
from discuz_scrape.pages.threads._post import take_over

__all__ = ["read"]

_A, _B, _H3, _I, _P, _STRONG = (TAG_IDS[name] for name in ("a", "b", "h3", "i", "p", "strong"))
_OFFER = frozenset({TEXT, _A, _STRONG, TAG_IDS["br"]})
"""Of what the sentence consists that asks for payment."""
_HIDDEN = re.compile(r"\*{3,} Hidden Message \*{3,}")
_ITEM = re.compile(r"^\[\*\]", re.MULTILINE)
"""The one code that is not cut out: the head of a list's item."""
_BACK_LINK = re.compile(r"\s\S*static/image/common/back\.gif$")
"""What is left of the picture in the header of an old quote."""
_AFTER_EDIT = ("", "编辑", "編輯")
_BEFORE_EDIT = 20  # characters: `This post was`

Record = dict[str, Any]


def read(page: Source) -> Thread:
    """The thread of an archiver page."""
    frame = Frame(page)
    thread = _read_head(page, frame)
    marks, end = _find_marks(frame.root)
    page.settle_date_order(map(text_of, marks))
    readers = [_Post(page, mark, f"posts[{index}]") for index, mark in enumerate(marks)]
    for reader, stop in zip(readers, [*marks[1:], end], strict=True):
        reader.read(stop)
    _cut_quotes(readers)
    posts = thread["posts"] = [reader.finish(thread["tid"]) for reader in readers]
    _settle_order(thread, posts)
    thread["issues"] = tuple(page.issues)
    return Thread.model_validate(thread)


def _read_head(page: Source, frame: Frame) -> Record:
    pager = [link.attributes.get("href") for link in select(frame.root, "div.page a[href]")]
    hrefs = (page.canonical(), frame.original_href, page.url, *pager[:1])
    current, total = frame.pages()
    return {
        "tid": next(filter(None, map(_urls.tid_in, hrefs)), None),
        "url": frame.url,
        "subject": frame.title,
        "breadcrumbs": frame.breadcrumbs,
        "forum": _read_forum(frame),
        "page": current,
        "total_pages": total,
        "site": frame.site(),
    }


def _read_forum(frame: Frame) -> Record | None:
    if len(frame.path) < 2:
        return None
    href, words = frame.path[-1]
    return {"fid": _urls.fid_in(href), "name": words}


def _find_marks(root: Node) -> tuple[list[Node], Node | None]:
    """The author lines of the posts, and what ends the last of them."""
    found = select(root, "p.author, div.page, #end")
    places = [place for place, node in enumerate(found) if node.tag_id == _P]
    end = next(iter(found[places[-1] + 1 :]), None) if places else None
    return own_marks([found[place] for place in places], end), end


def _settle_order(thread: Record, posts: list[Record]) -> None:
    """Floors, the first post and what its author wrote, where the number of the page is known."""
    first = posts[0]
    if thread["page"] is None and first.get("subject") and first["subject"] == thread["subject"]:
        thread["page"] = 1  # replies have no title as a rule, and never this one
    if thread["page"] is None:
        return
    settle_floors(thread, posts, None)
    mark_starter(posts)
    if first.get("is_first"):
        first["subject"] = thread["subject"] = thread["subject"] or first.get("subject")
        thread["author"] = first["author"]
        if (price := price_in(first.get("notices", ()))) is not None:
            thread["price"] = price


# ------------------------------------------------------------ one post


class _Text(StreamBody):
    """The text of one post."""

    __slots__ = ()

    def _enter(self, node: Node, tag: int | None) -> Enter:
        if tag == _B and (words := only_text(node)) and _HIDDEN.fullmatch(words):
            self.pieces.append(EDGE)
            self.notices.append({"kind": "hidden", "text": words})
            return None
        return super()._enter(node, tag)


class _Post:
    """What stands between the author line of a post and that of the next one."""

    def __init__(self, page: Source, mark: Node, path: str) -> None:
        self.page = page
        self.mark = mark
        self.path = path
        self.body = _Text(page)
        name = next((node for node in children(mark) if node.tag_id == _STRONG), None)
        line = after(name) if name is not None else iter([mark])
        self.author = _read_author(name)
        self.post: Record = {"author": self.author, "body": "", **read_time(page, line, path)}
        self.lines = Lines([], page.clock)

    def read(self, stop: Node | None) -> None:
        """Read up to the next post."""
        first = next(after(self.mark), None)
        if first is not None and stop is not None and first.mem_id == stop.mem_id:
            self.post["status"] = "shielded"  # by a moderator, or with all that its author wrote: it is not said
        elif first is not None and first.tag_id == _H3:
            self.post["subject"] = one_line(text_of(first))
            self.body.read_up_to(first.next, stop)
            self._part_lines()
        elif first is None:
            self.page.note(f"{self.path}.body", "no body: the page breaks off here")
        elif not self._read_offer(stop):
            self.body.read_up_to(self.mark.next, stop)
            self._part_lines()

    def _read_offer(self, stop: Node | None) -> bool:
        """In place of a text that must be paid for: its free part in a box, and what is asked for the rest."""
        end = stop.mem_id if stop is not None else 0
        box, words, is_paid = None, "", False
        for node in takewhile(lambda node: node.mem_id != end, after(self.mark)):
            if box is None and has_class(node, "t_f"):
                box = node
            elif node.tag_id not in _OFFER:
                return False
            else:
                words += text_of(node)
                is_paid = is_paid or (node.tag_id == _A and "action=pay" in (node.attributes.get("href") or ""))
        sentence = one_line(words)
        if sentence is None or not (is_paid or notice_kind(sentence, self.mark) == "paid"):
            return False
        if box is not None:
            self.body.read(box)
        self.body.notices.append({"kind": "paid", "text": sentence})
        self.post["status"] = "paid"
        return True

    def _part_lines(self) -> None:
        """Part the text into lines, and take the edit notice from them."""
        gap = 0
        for row in _ITEM.sub("", to_text(self.body.pieces)).split("\n"):
            if row:
                self.lines.lines.append(Line(row, gap))
            gap = 0 if row else gap + 1
        self.body.pieces = []
        self._cut_edit()
        if self.lines.lines:
            text, gap = self.lines.lines[0]
            self.lines.lines[0] = Line(_BACK_LINK.sub("", text[:LONGEST]) + text[LONGEST:], gap)

    def _cut_edit(self) -> None:
        """The notice leads the text, and a blank line follows it."""
        lines = self.lines
        words = lines.line(0)
        if len(words) > LONGEST or any(line.gap == 0 for line in lines.lines[1:2]):
            return
        found = EDIT.search(words)
        if found is None or found.start() > _BEFORE_EDIT:
            return
        at, start, end = self.page.clock.find(words[found.end() :])
        if at is not None and start == 0 and words[found.end() + end :].strip(" []") in _AFTER_EDIT:
            lines.edit = Edit(by=one_line(found["by"]), at=at)
            lines.take(0, 1)

    def finish(self, tid: int | None) -> Record:
        """The record for the model."""
        post, lines = self.post, self.lines
        post["tid"] = tid
        self.body.pieces += pieces_of(lines.text())
        take_over(post, self.body, self.page.formats)
        if self.body.notices:
            post["notices"] = tuple(self.body.notices)
        if lines.edit is not None:
            post["edit"] = lines.edit
        if lines.quote is not None:
            post["quotes"] = (lines.quote,)
        return post


def _read_author(name: Node | None) -> Record:
    """The author is bare words; only the software's own word for a hidden one has a tag."""
    words = one_line(text_of(name)) if name is not None else None
    if name is not None and any(node.tag_id == _I for node in elements(name)):
        return {"kind": "anonymous", "anonymous": True}
    return {"name": words} if words else {"kind": "guest"}


def _cut_quotes(readers: Sequence[_Post]) -> None:
    cut_quotes([reader.lines for reader in readers], [reader.author.get("name") for reader in readers])
