"""What others put below a post: remarks (点评) and ratings (评分)."""

from __future__ import annotations

import html
import re
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import (
    TAG_IDS,
    TEXT,
    Node,
    children,
    elements,
    has_class,
    inline_text,
    one_line,
    select,
    text_of,
)
from discuz_scrape._page import Page
from discuz_scrape._words import ANONYMOUS

__all__ = ["read_comments", "read_ratings"]

_A, _IMG, _SPAN = TAG_IDS["a"], TAG_IDS["img"], TAG_IDS["span"]
_CELLS = (TAG_IDS["td"], TAG_IDS["th"])
_SCORE = re.compile(r"([+-])?\s*(\d{1,9})")

Record = dict[str, Any]


def read_comments(page: Page, box: Node) -> tuple[Record, ...]:
    """The remarks of a post, in page order. The summary of scores on top has no author and is none."""
    comments = []
    for entry in select(box, ".pstl"):
        comment = _read_comment(page, entry)
        if comment is not None:
            comments.append(comment)
    return tuple(comments)


def _read_comment(page: Page, entry: Node) -> Record | None:
    author: Record = {}
    said = None
    for part in elements(entry):
        names = (part.attributes.get("class") or "").split()
        if "psta" in names:
            _read_remark_author(author, part)
        elif "psti" in names:
            said = part
            break
    if said is None or (not author and not select(said, "a.xw1")):
        return None
    words: list[str] = []
    moment = None
    node = said.first_child
    while node is not None:
        if node.tag_id == TEXT:
            words.append(node.text_content or "")
        elif node.tag_id == _A:
            href = node.attributes.get("href") or ""
            if not author and has_class(node, "xw1"):  # X2.5 and ajax: the name leads the words
                author.update(name=one_line(text_of(node)), uid=_urls.uid_in(href))
            elif "mod=redirect" not in href and "mod=post" not in href and "action=" not in href:
                words.append(text_of(node))  # 详情 and 回复 are the forum's, any other link the author's
        elif node.tag_id == _SPAN and has_class(node, "xg1"):
            titles = [inner.attributes.get("title") for inner in elements(node) if inner.tag_id == _SPAN]
            moment = page.clock.read(next(filter(None, titles), None) or text_of(node))
        elif node.tag is not None and not node.tag.startswith("-") and node.tag not in ("script", "style"):
            words.append("\n" if node.tag == "br" else text_of(node))
        node = node.next
    return {"author": author, "timestamp": moment, "text": one_line("".join(words)) or ""}


def _read_remark_author(author: Record, part: Node) -> None:
    for link in elements(part):
        if link.tag_id != _A:
            continue
        href = link.attributes.get("href")
        words = one_line(inline_text(link))
        uid = _urls.uid_in(href)
        if uid is not None:
            author.setdefault("uid", uid)
        if words:
            author["name"] = words
    if "name" not in author and (words := one_line(text_of(part))):
        author.update(kind="guest", anonymous=words in ANONYMOUS, name=None if words in ANONYMOUS else words)


def read_ratings(page: Page, box: Node) -> tuple[Record, ...]:
    """The rows of a rating table: a credit's name heads each column, a blank cell gave none."""
    credits: list[str] = []
    ratings = []
    for row in select(box, "tr"):
        cells = [cell for cell in children(row) if cell.tag_id in _CELLS]
        if row.id and row.id.startswith("rate_"):
            ratings.append(_read_rating(page, row.id, cells, credits))
        elif not credits and len(cells) > 1:
            credits = [_credit_name(cell) for cell in cells[1:]]
    return tuple(ratings) or tuple(_read_compact(page, box))


def _credit_name(cell: Node) -> str:
    """`威望 +22` names the credit 威望."""
    node = cell.first_child
    while node is not None:
        if node.tag_id == TEXT and (words := one_line(node.text_content)):
            return words
        node = node.next
    return one_line(text_of(cell)) or ""


def _read_rating(page: Page, ident: str, cells: list[Node], credits: list[str]) -> Record:
    user: Record = {}
    for node in elements(cells[0]) if cells else ():
        if node.tag_id == _A:
            if words := one_line(inline_text(node)):
                user["name"] = words
            user.setdefault("uid", _urls.uid_in(node.attributes.get("href")))
        elif node.tag_id == _IMG:
            user.setdefault("avatar_url", page.absolute(node.attributes.get("src")))
    digits = ident.rsplit("_", 1)[-1]
    if not user.get("uid") and digits.isdigit():
        user["uid"] = int(digits[:18]) or None
    scores = {}
    for name, cell in zip(credits, cells[1:-1], strict=False):
        if (given := _SCORE.search(text_of(cell))) is not None:
            scores[name] = int(given[2]) * (-1 if given[1] == "-" else 1)
    reason = one_line(text_of(cells[-1])) if len(cells) > 1 else None
    return {"user": user, "scores": scores, "reason": _unescape(reason)}


def _unescape(reason: str | None) -> str:
    """Reasons are escaped three times over; the parser undid one."""
    return html.unescape(html.unescape(reason)) if reason else ""


def _read_compact(page: Page, box: Node) -> list[Record]:
    """The other style of the list: faces whose tip holds reason and scores as HTML."""
    ratings = []
    for item in select(box, "li"):
        for face in select(item, "[tip]"):
            words = html.unescape(re.sub(r"<[^>]{0,500}>", "\n", face.attributes.get("tip") or ""))
            lines = [line.strip() for line in words.split("\n") if line.strip()]
            user: Record = {}
            for link in select(item, "a"):
                user.setdefault("uid", _urls.uid_in(link.attributes.get("href")))
                user["name"] = one_line(text_of(link)) or user.get("name")
            scores = {}
            for line in lines:
                if found := re.fullmatch(r"(\S{1,20})\s+([+-])\s*(\d{1,9})(?:\s\S{0,10})?", line):
                    scores[found[1]] = int(found[3]) * (-1 if found[2] == "-" else 1)
            reason = next((line for line in lines if not re.search(r"[+-]\s*\d", line) and line != user.get("name")), None)
            ratings.append({"user": user, "scores": scores, "reason": _unescape(reason)})
    return ratings
