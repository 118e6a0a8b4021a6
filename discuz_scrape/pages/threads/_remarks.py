"""What others put below a post: remarks (点评) and ratings (评分)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import TAG_IDS, TEXT, Node, children, elements, has_class, inline_text, one_line, text_of
from discuz_scrape._source import Source
from discuz_scrape._words import ANONYMOUS, GUESTS

__all__ = [
    "COMPACT_SCORE", "SCORE", "credit_name", "leads_on", "raters_in", "read_comments", "read_ratings",
    "unescape_reason",
]  # fmt: skip

_A, _DIV, _IMG, _LI, _P, _SCRIPT, _SPAN, _TD, _TH, _TR = (
    TAG_IDS[name] for name in ("a", "div", "img", "li", "p", "script", "span", "td", "th", "tr")
)
_CELLS = (_TD, _TH)
_FACES = (_P, _LI, _A)
_FRAME = re.compile(r"(?:post_|pid)\d").match
_FACE = 40  # elements around a face in the list of ratings
_RATERS = re.compile(r"(?<![+\-\d])(?<![+-] )\d{1,9}(?!\d)").search  # a sum of points has a sign
SCORE = re.compile(r"([+-])?\s*(\d{1,9})")
COMPACT_SCORE = re.compile(r"(\S{1,20})\s+([+-])\s*(\d{1,9})(?:\s\S{0,10})?")

Record = dict[str, Any]


def _inside(box: Node) -> Iterator[Node]:
    """The elements in a box, up to the next post where broken markup left that inside of it."""
    for node in elements(box):
        if (ident := node.id) and _FRAME(ident):
            return
        yield node


def read_comments(page: Source, box: Node) -> Record:
    """The remarks of a post, in page order, and whether there are more.

    The summary of scores on top has no author and is none.
    """
    comments = []
    author: Record = {}
    more = in_pager = False
    for node in _inside(box):
        tag = node.tag_id
        if tag == _DIV:
            classes = (node.attributes.get("class") or "").split()
            if "pstl" in classes:
                author = {}
            elif "psta" in classes:
                _read_remark_author(page, author, node)
            elif "psti" in classes and (comment := _read_words(page, author, node)) is not None:
                comments.append(comment)
            elif "pgs" in classes or "pg" in classes:
                in_pager = True
        elif in_pager and tag == _A:
            more = more or leads_on(node)
    return {"comments": tuple(comments), "more_comments": more}


def leads_on(link: Node) -> bool:
    """Whether a link leads to the next page of a post's remarks; on the thread's page a script follows it."""
    attributes = link.attributes
    if "nxt" not in (attributes.get("class") or "").split():
        return False
    return "action=commentmore" in f"{attributes.get('href')} {attributes.get('onclick')}"


def _read_remark_author(page: Source, author: Record, part: Node) -> None:
    for node in elements(part):
        tag = node.tag_id
        if tag == _A:
            if "uid" not in author and (uid := _urls.uid_in(node.attributes.get("href"))) is not None:
                author["uid"] = uid
            if (words := one_line(text_of(node))) is not None:
                author["name"] = words
        elif tag == _IMG:
            author["avatar_url"] = page.absolute(node.attributes.get("src"))
    if "name" not in author and (words := one_line(text_of(part))):
        if words in GUESTS:
            author["kind"] = "guest"
        elif words in ANONYMOUS:
            author.update(kind="anonymous", anonymous=True)
        else:
            author["name"] = words


def _read_words(page: Source, author: Record, said: Node) -> Record | None:
    """Words and time of a remark; None for the summary, which nobody said."""
    words = []
    moment = None
    node = said.first_child
    while node is not None:
        tag = node.tag_id
        if tag == TEXT:
            words.append(node.text_content or "")
        elif tag == _A:
            attributes = node.attributes
            href = attributes.get("href") or ""
            if "name" not in author and "xw1" in (attributes.get("class") or ""):  # X2.5 and ajax: it leads the words
                author["name"], author["uid"] = one_line(text_of(node)), _urls.uid_in(href)
            elif "mod=redirect" not in href and "mod=post" not in href and "action=" not in href:
                words.append(text_of(node))  # 详情 and 回复 are the forum's, any other link the author's
        elif tag == _SPAN and has_class(node, "xg1"):
            moment = page.clock.read(_title_in(node) or text_of(node))
        elif tag != _SCRIPT:
            words.append(text_of(node) or " ")
        node = node.next
    if not author:
        return None
    return {"author": author, "timestamp": moment, "text": one_line("".join(words)) or ""}


def _title_in(line: Node) -> str | None:
    """The title of a `span` in a line of time: the full one, where the words are relative."""
    node = line.first_child
    while node is not None:
        if node.tag_id == _SPAN and (title := node.attributes.get("title")):
            return title
        node = node.next
    return None


def read_ratings(page: Source, box: Node) -> Record:
    """The rows of a rating table, and whether there are more: above the members stands their number.

    A credit's name heads each other column; a blank cell gave none.
    """
    heads: list[Node] = []
    ratings = []
    raters = 0
    for row in _inside(box):
        tag = row.tag_id
        if tag == _TR:
            ident = row.id
            cells = [cell for cell in children(row) if cell.tag_id in _CELLS]
            if ident is not None and ident.startswith("rate_") and cells:
                ratings.append(_read_rating(page, ident, cells, heads))
            elif not heads and len(cells) > 1:
                heads = cells[1:]
                raters = raters or raters_in(cells[0])
        elif tag == _A and not (heads or raters) and "action=viewratings" in (row.attributes.get("href") or ""):
            raters = raters_in(row)  # the other style has no table
    ratings = ratings or _read_compact(box)
    return {"ratings": tuple(ratings), "more_ratings": raters > len(ratings)}


def raters_in(place: Node) -> int:
    """The number of members who rated, in the place where the forum prints it; 0 where it is not there."""
    found = _RATERS(inline_text(place))
    return int(found[0]) if found is not None else 0


def credit_name(cell: Node) -> str:
    """`威望 +22` names the credit 威望."""
    node = cell.first_child
    while node is not None:
        if node.tag_id == TEXT and (words := one_line(node.text_content)):
            return words
        node = node.next
    return one_line(text_of(cell)) or ""


def _read_rating(page: Source, ident: str, cells: list[Node], heads: list[Node]) -> Record:
    user: Record = {}
    digits = ident.rpartition("_")[2]
    if digits.isdecimal():
        user["uid"] = int(digits[:18]) or None
    for node in elements(cells[0]):
        tag = node.tag_id
        if tag == _IMG:
            user["avatar_url"] = page.absolute(node.attributes.get("src"))
        elif tag == _A and (words := one_line(text_of(node))):
            user["name"] = words
    scores = {}
    for head, cell in zip(heads, cells[1:-1], strict=False):
        if (given := SCORE.search(text_of(cell))) is not None:
            scores[credit_name(head)] = int(given[2]) * (-1 if given[1] == "-" else 1)
    return {"user": user, "scores": scores, "reason": unescape_reason(one_line(text_of(cells[-1])))}


def unescape_reason(reason: str | None) -> str:
    """Reasons are escaped three times over; the parser undid one."""
    return html.unescape(html.unescape(reason)) if reason else ""


def _read_compact(box: Node) -> list[Record]:
    """The other style of the list: faces whose tip holds reason and scores as HTML."""
    ratings = []
    for item in _inside(box):
        tip = item.attributes.get("tip") if item.tag_id in _FACES else None
        if not tip:
            continue
        user: Record = {}
        for link in islice(elements(item if item.tag_id == _LI or item.parent is None else item.parent), _FACE):
            if link.tag_id == _A:
                user.setdefault("uid", _urls.uid_in(link.attributes.get("href")))
                user["name"] = one_line(text_of(link)) or user.get("name")
        lines = [one_line(line) for line in html.unescape(re.sub(r"<[^>]{0,500}>", "\n", tip)).split("\n")]
        scores = {}
        others = []
        for line in filter(None, lines):
            if found := COMPACT_SCORE.fullmatch(line):
                scores[found[1]] = int(found[3]) * (-1 if found[2] == "-" else 1)
            elif line != user.get("name"):
                others.append(line)
        ratings.append({"user": user, "scores": scores, "reason": unescape_reason(others[0] if others else None)})
    return ratings
