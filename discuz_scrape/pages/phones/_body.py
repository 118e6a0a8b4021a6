"""The walk of a body on pages for phones: the touch template and the older one for `mobile=1`.

They put a word before each quote, a link to the album around each picture, and a box in the place of each file.
Everything else is as on the desktop page.
"""

from __future__ import annotations

import re
from itertools import islice

from discuz_scrape._attachments import aid_of_id
from discuz_scrape._body import Body, Enter, Record
from discuz_scrape._content import BREAK, Piece, to_text
from discuz_scrape._html import TAG_IDS, TEXT, Node, children, elements, has_class, one_line, text_of
from discuz_scrape._source import Source
from discuz_scrape._urls import aid_in_token

__all__ = ["TouchBody", "caption", "placed_picture"]

_A, _DIV, _IMG, _P, _SPAN = (TAG_IDS[name] for name in ("a", "div", "img", "p", "span"))
_LABEL = re.compile(r"\s{0,99}((?:引用|quote)\s?[:：])", re.IGNORECASE)
_EXPIRED = re.compile(r"\s*(?:该信息已经过期|該信息已經過期)[ \t]*[\r\n]").match
_FRAME_NODES = 10  # the avatar stands before the box that names the number again
_LONGEST_PRICE = 80  # characters of the line that tells the price of a paid thread


class TouchBody(Body):
    """What the body of one post on a page for phones holds."""

    __slots__ = ("_aside", "_labels", "_prices")

    def __init__(
        self, page: Source, *, rich: bool, quoted: bool = False, aside: frozenset[int] = frozenset()
    ) -> None:
        super().__init__(page, rich=rich, quoted=quoted)
        self._aside = aside
        """Boxes of the forum's own in the same element, by `mem_id`: they are read elsewhere."""
        self._labels: list[tuple[int, str]] = []
        self._prices: list[Record] = []

    def read(self, cell: Node) -> None:
        """Walk the element once, in reading order, and take out the words before quotes without a header."""
        super().read(cell)
        self._drop_expired()
        for start, label in self._labels:
            _take_label(self.pieces, start, label)
        self.notices[:0] = self._prices

    def _drop_expired(self) -> None:
        """Drop the sentence that stands for a form which is out of date; a line of the author's ends with a tag."""
        first = next((place for place, piece in enumerate(self.pieces) if isinstance(piece, str) and piece.strip()), 0)
        if self.pieces and isinstance(words := self.pieces[first], str) and (found := _EXPIRED(words)) is not None:
            self.pieces[first] = words[found.end() :]

    def _enter(self, node: Node, tag: int | None) -> Enter:
        if node.mem_id in self._aside:
            return None
        attributes = node.attributes
        if tag == _DIV and _is_next_post(node, attributes.get("id") or ""):
            self.ended = True
            return None
        if tag == _A:
            href = attributes.get("href") or ""
            image = next(children(node), None)
            if image is not None and (placed := placed_picture(image)) is not None:
                self.seen.update((node.mem_id, image.mem_id))
                self._image(image, placed, "")
                self.files.add_caption(int(placed["aid"] or 0), caption(placed))
                return None
            if "action=viewpayments" in href and self._take_price(node):
                return None
        elif tag != _SPAN and "attach_" in (ident := attributes.get("id") or "") and (aid := aid_of_id(ident)):
            self.seen.add(node.mem_id)
            self.files.add_box(aid, node, inline=True)
            return None
        return super()._enter(node, tag)

    def _take_price(self, link: Node) -> bool:
        """Whether a link ends the line that tells the price of a thread to those who may read it."""
        if len(self.pieces) > _LONGEST_PRICE or BREAK in self.pieces:
            return False
        line = to_text(self.pieces)
        if not line or len(line) > _LONGEST_PRICE or "\n" in line:
            return False
        self._labels.clear()
        self._prices.append({"kind": "paid", "text": f"{line} {one_line(text_of(link)) or ''}".strip()})
        self.pieces.clear()
        self._blank_until = 0
        return True

    def _quote(self, node: Node, attributes: dict[str, str | None]) -> Enter:
        start = len(self.pieces)
        closing = super()._quote(node, attributes)
        if closing is not None and (label := self._label_in(node)):
            self._labels.append((start, label))
        return closing

    def _label_in(self, box: Node) -> str:
        block = next((child for child in children(box) if child.tag == "blockquote"), None)
        return self._quote_label(box, block) if block is not None else ""

    def _for_quote(self) -> Body:
        return TouchBody(self.page, rich=False, quoted=True)

    def _quote_label(self, box: Node, block: Node) -> str:
        """`引用:` in a line of its own, or at the head of a box that is marked as the touch template's."""
        first = block.first_child
        while first is not None and first.tag_id == TEXT and not (first.text_content or "").strip():
            first = first.next
        if first is None or not (first.tag_id == _P or (first.tag_id == TEXT and has_class(box, "grey"))):
            return ""
        words = text_of(first) if first.tag_id == _P else first.text_content or ""
        found = _LABEL.match(words)
        whole = found is not None and (first.tag_id != _P or found.end() == len(words.rstrip()))
        return found[1] if found is not None and whole else ""


def placed_picture(image: Node) -> dict[str, str | None] | None:
    """The attributes of an attached picture with its aid, and its full size where its link leads there.

    The link leads to the album, which shows no more than the page does, or to the file. None for any other picture:
    the ids of those that authors show by address may look the same.
    """
    link = image.parent
    aid = aid_of_id(image.id) if image.tag_id == _IMG else None
    if aid is None or link is None or link.tag_id != _A:
        return None
    href = link.attributes.get("href") or ""
    if aid_in_token(href) != aid and "data/attachment/" not in href:
        return None
    return {**image.attributes, "aid": str(aid), "zoomfile": None if "from=album" in href else href}


def caption(attributes: dict[str, str | None]) -> str | None:
    """What the uploader called a picture."""
    return one_line(attributes.get("alt") or attributes.get("title"))


def _is_next_post(box: Node, ident: str) -> bool:
    """Whether tags that somebody left open put the next post inside this body: its frame tells its number twice."""
    number = ident.removeprefix("pid")
    if number == ident or not number.isdecimal() or not has_class(box, "plc"):
        return False
    return any(node.attributes.get("href") == f"#replybtn_{number}" for node in islice(elements(box), _FRAME_NODES))


def _take_label(pieces: list[Piece], start: int, label: str) -> None:
    for position in range(start, len(pieces)):
        piece = pieces[position]
        if isinstance(piece, str) and label in piece:
            pieces[position] = piece.replace(label, "", 1).lstrip()
            return
