"""The line that names the post which a quote was taken from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from discuz_scrape._dates import Clock
from discuz_scrape._html import TAG_IDS, TEXT, Node, descendants, elements, is_unseen, one_line, text_of
from discuz_scrape._words import OLD_QUOTE_HEADER, QUOTE_HEADER

__all__ = ["Header", "is_permalink", "last_line_header", "line_header", "quote_header"]

_A, _BR, _FONT = TAG_IDS["a"], TAG_IDS["br"], TAG_IDS["font"]
_HEADER_NODES = 41  # the header is the first line; further than this none begins
_HEADER_LENGTH = 400
_TIME = re.compile(r"[\d\-/. :年月日]{8,20}(?:[AP]M)?|[今昨前]天\s?[\d:]+|\d+\s?\S{1,2}前")


_STOCK = re.compile(r"([^\s发]{1,80}) 发表于 (\d{4})-(\d\d?)-(\d\d?) (\d\d?):(\d\d)").fullmatch  # what nearly all are


@dataclass(slots=True)
class Header:
    """What a quote's first line tells."""

    author: str | None
    at: datetime | None
    href: str | None
    """The link to the quoted post; None in old versions and from phones."""
    words: str
    """The line up to the end of its date: all of it is the forum's."""
    whole: bool
    """Whether nothing else stands in the line."""
    ends: Node | None = None
    """The line break behind it, where nothing else stands in the line."""

    def rest_of(self, line: str) -> str:
        """What the quoted one wrote in the header's own line; nothing as a rule."""
        return line.removeprefix(self.words).strip()


def quote_header(block: Node, clock: Clock, label: str = "") -> Header | None:
    """Read the line that names the quoted post, behind a label; None where the quote begins with its text."""
    words = ""
    link: Node | None = None
    ends: Node | None = None
    href: str | None = None
    for node in islice(descendants(block), _HEADER_NODES):
        tag = node.tag_id
        if tag == TEXT:
            words += "" if _is_junk(node.parent) else node.text_content or ""
        elif tag == _BR:
            if words.strip():
                box = node.parent
                ends = node if box is not None and box.mem_id == block.mem_id else None
                break
        elif tag == _A and link is None and is_permalink(address := node.attributes.get("href") or ""):
            link, href = node, address
    header = line_header(words, clock, href, label, link)
    if header is not None and header.whole:
        header.ends = ends
    return header


def last_line_header(block: Node, clock: Clock) -> Header | None:
    """Read that line where it stands behind the text, in small print with a link, as in 7.2 and X1."""
    box = _before_blanks(block.last_child)
    if box is None or box.tag_id != _FONT:
        return None
    above = _before_blanks(box.prev)
    small_print = list(islice(elements(box), _HEADER_NODES))
    if above is None or above.tag_id != _BR or any(node.tag_id == _BR for node in small_print):
        return None
    for link in small_print:
        if link.tag_id == _A and is_permalink(address := link.attributes.get("href") or ""):
            header = line_header(text_of(box), clock, address)
            return header if header is not None and header.author and header.whole else None
    return None


def _before_blanks(node: Node | None) -> Node | None:
    while node is not None and node.tag_id == TEXT and not (node.text_content or "").strip():
        node = node.prev
    return node


def line_header(
    words: str, clock: Clock, href: str | None, label: str = "", link: Node | None = None
) -> Header | None:
    """Read that line by its words and the link in it, of which `link` is given where it may hold a part of them."""
    stock = _STOCK(words) if not label else None
    if stock is not None:
        author, *numbers = stock.groups()
        if (at := clock.read_default(*numbers)) is not None:
            return Header(author, at, href, words, whole=True)
    line = one_line(words[:_HEADER_LENGTH])
    if line is not None and label:
        line = one_line(line.removeprefix(label))
    if line is None:
        return None
    old = OLD_QUOTE_HEADER.match(line)
    if old is not None and (header := _old_header(old, clock, href)) is not None:
        return header
    found = QUOTE_HEADER.match(line)
    if href is None:  # `NAME 发表于 TIME` and nothing else, as old versions and phones wrote
        if found is None or _TIME.fullmatch(found["at"]) is None:
            return None
        return Header(one_line(found["author"]), clock.read(found["at"]), None, line, whole=True)
    start = found.start("at") if found is not None else 0
    at, _, end = clock.find(line[start:])
    if at is None and link is not None and one_line(text_of(link)) not in (line, None):
        return None  # a link to a post in somebody's own first line
    author = one_line(found["author"]) if found is not None else None
    return Header(author, at, href, line[: start + end], whole=start + end == len(line))


def _old_header(found: re.Match[str], clock: Clock, href: str | None) -> Header | None:
    """The header of an old quote; without a link it must be the software's own line, time of day and all."""
    at, start, end = clock.find(found["at"])
    whole = found.end() == len(found.string)
    if at is None or start > 0 or end < len(found["at"]):
        return None
    if href is None and (not whole or ":" not in found["at"] or found["loose"]):
        return None
    return Header(one_line(found["author"]), at, href, found[0], whole)


def _is_junk(box: Node | None) -> bool:
    return box is not None and is_unseen(box.attributes)


def is_permalink(href: str) -> bool:
    """Whether a link leads to a post."""
    return "goto=findpost" in href or ("pid=" in href and "ptid=" in href)
