"""Remarks and ratings as the touch template of X3.5 shows them; the older one shows none."""

from __future__ import annotations

from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import TAG_IDS, Node, children, elements, one_line, select, skip, text_of
from discuz_scrape._source import Source
from discuz_scrape._words import ANONYMOUS, GUESTS
from discuz_scrape.pages.lists._rows import moment_in
from discuz_scrape.pages.threads._author import read_avatar
from discuz_scrape.pages.threads._remarks import COMPACT_SCORE, SCORE, credit_name, leads_on, raters_in, unescape_reason

__all__ = ["read_touch_comments", "read_touch_ratings"]

_A, _DIV, _IMG, _LI, _P = (TAG_IDS[name] for name in ("a", "div", "img", "li", "p"))

Record = dict[str, Any]


def read_touch_comments(page: Source, box: Node) -> Record:
    """The remarks of a post, in page order, and whether there are more: a small post each, with an id of its own."""
    comments: list[Record] = []
    more = False
    walk = elements(box)
    for node in walk:
        tag = node.tag_id
        if tag == _DIV and (node.id or "").startswith("commentdetail_"):
            comments.append({"author": {}, "timestamp": None, "text": ""})
        elif not comments:
            continue
        elif tag == _IMG:
            read_avatar(page, comments[-1]["author"], node)
        elif tag == _LI:
            _read_line(page, comments[-1], node)
            skip(walk, node)
        elif tag == _A:
            more = more or leads_on(node)
    return {"comments": tuple(comments), "more_comments": more}


def _read_line(page: Source, comment: Record, line: Node) -> None:
    """One of the lines of a remark: who, when, what."""
    classes = (line.attributes.get("class") or "").split()
    words = one_line(text_of(line)) or ""
    if "mtit" in classes:
        _read_author(comment["author"], line)
    elif "mtime" in classes:
        comment["timestamp"] = moment_in(page, line)
    elif "mtxt" in classes:
        comment["text"] = words


def _read_author(author: Record, line: Node) -> None:
    links = [part.attributes.get("href") for part in select(line, "a")]
    name = next((words for part in select(line, "a,.z") if (words := one_line(text_of(part)))), None)
    author["uid"] = next((uid for uid in map(_urls.uid_in, links) if uid is not None), None)
    if author["uid"] is None:  # the face is that of nobody
        author.pop("avatar_url", None)
    if author["uid"] is None and name in GUESTS:
        author["kind"] = "guest"
    elif author["uid"] is None and name in ANONYMOUS:
        author.update(kind="anonymous", anonymous=True)
    else:
        author["name"] = name


def read_touch_ratings(box: Node) -> Record:
    """The rows of the ratings, or faces with scores, and whether there are more.

    The first row tells how many rated and names the credits; a blank cell gave none.
    """
    names: list[str] = []
    ratings = []
    raters = 0
    walk = elements(box)
    for row in walk:
        if row.tag_id != _LI:
            continue
        skip(walk, row)
        user = _read_user(row)
        cells = [cell for cell in children(row) if cell.tag_id == _DIV]
        if user is not None and len(cells) > 1:
            ratings.append(_read_row(user, cells, names))
        elif user is not None:
            ratings.append(_read_face(user, row))
        elif not names:
            names = [credit_name(cell) for cell in cells[1:]]
            raters = raters or raters_in(row)
    return {"ratings": tuple(ratings), "more_ratings": raters > len(ratings)}


def _read_user(row: Node) -> Record | None:
    """The member of a row; the heading and the link to all ratings name none."""
    user: Record = {}
    for link in select(row, "a"):
        uid = _urls.uid_in(link.attributes.get("href"))
        if uid is not None:
            user["uid"] = uid
            user["name"] = one_line(text_of(link)) or user.get("name")
    return user or None


def _read_row(user: Record, cells: list[Node], names: list[str]) -> Record:
    scores = {}
    for name, cell in zip(names, cells[1:-1], strict=False):
        if (given := SCORE.search(text_of(cell))) is not None:
            scores[name] = int(given[2]) * (-1 if given[1] == "-" else 1)
    return {"user": user, "scores": scores, "reason": unescape_reason(one_line(text_of(cells[-1])))}


def _read_face(user: Record, row: Node) -> Record:
    """A face with its scores below; the reason is not shown."""
    lines = (one_line(text_of(line)) or "" for line in elements(row) if line.tag_id == _P)
    given = filter(None, map(COMPACT_SCORE.fullmatch, lines))
    return {"user": user, "scores": {f[1]: int(f[3]) * (-1 if f[2] == "-" else 1) for f in given}, "reason": ""}
