"""The walk of a body on pages for phones: the touch template and the older one for `mobile=1`.

They put a word before each quote, a link to the album around each picture, and a box in the place of each file.
Everything else is as on the desktop page.
"""

from __future__ import annotations

import re

from discuz_scrape._attachments import aid_of_id
from discuz_scrape._body import Body, Enter, Record
from discuz_scrape._content import BREAK, Piece, to_text
from discuz_scrape._html import TAG_IDS, TEXT, Node, children, has_class, one_line, text_of
from discuz_scrape._source import Source
from discuz_scrape._urls import aid_in_token

__all__ = ["TouchBody"]

_A, _IMG, _P, _SPAN = (TAG_IDS[name] for name in ("a", "img", "p", "span"))
_LABEL = re.compile(r"\s{0,99}((?:引用|quote)\s?[:：])", re.IGNORECASE)
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
        for start, label in self._labels:
            _take_label(self.pieces, start, label)
        self.notices[:0] = self._prices

    def _enter(self, node: Node, tag: int | None) -> Enter:
        if node.mem_id in self._aside:
            return None
        attributes = node.attributes
        if tag == _A:
            href = attributes.get("href") or ""
            image = _placed_picture(node, href)
            if image is not None:
                self.seen.add(node.mem_id)
                self._place(image, href)
                return None
            if "action=viewpayments" in href and self._take_price(node):
                return None
        elif tag != _SPAN and "attach_" in (ident := attributes.get("id") or "") and (aid := aid_of_id(ident)):
            self.seen.add(node.mem_id)
            self.files.add_box(aid, node, inline=True)
            return None
        return super()._enter(node, tag)

    def _place(self, image: Node, href: str) -> None:
        """A picture in the text. The album shows no more than the page does; any other link leads to the full size."""
        attributes = image.attributes
        aid = aid_of_id(image.id)
        if aid is not None:
            full = None if "from=album" in href else href
            self.seen.add(image.mem_id)
            self._image(image, {**attributes, "aid": str(aid), "zoomfile": full}, "")
            self.files.add_caption(aid, one_line(attributes.get("alt") or attributes.get("title")))

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


def _placed_picture(link: Node, href: str) -> Node | None:
    """The attached picture that a link of the forum's own holds; authors link to other addresses."""
    image = next(children(link), None)
    if image is None or image.tag_id != _IMG or (aid := aid_of_id(image.id)) is None:
        return None
    return image if aid_in_token(href) == aid or "data/attachment/" in href else None


def _take_label(pieces: list[Piece], start: int, label: str) -> None:
    for position in range(start, len(pieces)):
        piece = pieces[position]
        if isinstance(piece, str) and label in piece:
            pieces[position] = piece.replace(label, "", 1).lstrip()
            return
