"""A list of boards: one category of the index, or the boards below a board.

Boards stand in rows of a table or side by side in boxes, and skins have layouts of their own. All have a heading with
the link to the board, and what follows belongs to it until the next heading: words, counters, the last post.
"""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._body import Body
from discuz_scrape._content import to_text
from discuz_scrape._html import (
    TAG_IDS,
    TEXT,
    Node,
    children,
    elements,
    inline_text,
    one_line,
    skip,
    text_of,
)
from discuz_scrape._source import Source
from discuz_scrape._words import ANONYMOUS, MODERATORS, POSTS, THREADS, TODAY, count_of
from discuz_scrape.pages.lists._counts import counted_text, counts_of
from discuz_scrape.pages.lists._rows import moment_in
from discuz_scrape.pages.threads._author import is_space

__all__ = ["board_url", "category_url", "counts_in", "fid_of", "lines_of", "names_behind", "read_boards"]

_A, _CITE, _DD, _DT, _EM, _H2, _H3, _P, _TD = (
    TAG_IDS[name] for name in ("a", "cite", "dd", "dt", "em", "h2", "h3", "p", "td")
)
_HEADINGS = (_DT, _H2, _H3)
_ONLY_COUNTS = re.compile(r"[\s\d,.万萬kK/|()（）]+").fullmatch
_OTHER_LISTS = re.compile(r"[?&](?:ctid|gid|uid)=|\bmod=(?!forumdisplay|group)")
_SEPARATORS = re.compile(r"[,，、;；\s]+")
_LABEL = re.compile(r"\A[^:：]{1,40}[:：]")

_LABELLED = (("today", TODAY), ("thread_count", THREADS), ("post_count", POSTS))

Record = dict[str, Any]


def read_boards(page: Source, box: Node, path: str) -> list[Record]:
    """The boards of a list in order; one that cannot be read is left out and noted."""
    boards: list[Record] = []
    walk = elements(box)
    for node in walk:
        tag = node.tag_id
        try:
            if tag in _HEADINGS and (link := _board_link(node)) is not None:
                boards.append(_open_board(page, node, link))
                skip(walk, node)
            elif boards and _read_part(page, boards[-1], node, tag):
                skip(walk, node)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one board, the others come out
            page.note(
                f"{path}[{max(len(boards) - 1, 0)}]", f"a board has parts left out: {type(error).__name__}: {error}"
            )
    return boards or _boards_by_links(page, box)


def _boards_by_links(page: Source, box: Node) -> list[Record]:
    """The boards of a list without headings: no more than their names."""
    boards: dict[str, Record] = {}
    for node in elements(box):
        href = node.attributes.get("href") or "" if node.tag_id == _A else ""
        if href and _urls.is_board(href) and (words := one_line(inline_text(node))) is not None:
            boards.setdefault(href, {"fid": fid_of(href), "name": words, "url": page.absolute(href)})
    return list(boards.values())


def _board_link(heading: Node) -> Node | None:
    """The link of a heading, if it leads to a board: by its address, or by a domain that the board has to itself."""
    for node in elements(heading):
        if node.tag_id == _A and inline_text(node).strip():
            href = node.attributes.get("href") or ""
            own = _urls.is_web(href) and _OTHER_LISTS.search(href) is None and _urls.tid_in(href) is None
            return node if _urls.is_board(href) or own else None
    return None


def _open_board(page: Source, heading: Node, link: Node) -> Record:
    href = link.attributes.get("href") or ""
    board: Record = {"fid": fid_of(href), "name": one_line(inline_text(link)), "url": page.absolute(href)}
    for node in elements(heading):
        if node.tag_id == _EM and (counts := counts_of(counted_text(node))):
            board["today"] = counts[0]
    return board


def fid_of(href: str | None) -> int | None:
    """Number of the board in a link to it."""
    return _urls.fid_in(href) if href and _urls.is_board(href) else None


def _read_part(page: Source, board: Record, node: Node, tag: int | None) -> bool:
    """One element behind a heading; whether it was read as a whole."""
    if tag == _P:
        _read_words(page, board, node)
    elif tag == _CITE:
        _read_time(page, board, node)
    elif tag == _A and _urls.tid_in(href := node.attributes.get("href")) is not None:
        if "tid" not in board.get("last_post", ()):  # skins show several, the latest first
            _read_last_post(page, board, node, href)
    elif tag not in (_DD, _TD) or not _read_counts(board, node, tag):
        return False
    return True


def _read_words(page: Source, board: Record, line: Node) -> None:
    """A line of words: the boards below, the moderators, or what the board is for."""
    words = one_line(text_of(line))
    if words is None:
        return
    if "xg2" not in (line.attributes.get("class") or ""):
        below = _boards_in(line)
        if below:
            board["subforums"] = below
            return
        if MODERATORS.match(words) and line.first_child is not None:
            board["moderators"] = names_behind(line.first_child)
            return
        if told := _read_line_of_counts(one_line(counted_text(line)) or ""):
            board.update(told)
            return
    if "description" not in board:
        board["description"] = lines_of(page, line)


def lines_of(page: Source, box: Node) -> str | None:
    """What an owner wrote, as text with its lines."""
    if next(children(box), None) is None:
        return one_line(text_of(box))
    reader = Body(page, rich=False, quoted=True)
    reader.read(box)
    return to_text(reader.pieces).strip() or None


def counts_in(words: str) -> Record:
    """Posts of today, threads and posts, by the words beside them."""
    told = ((name, pattern.search(words)) for name, pattern in _LABELLED)
    return {name: count_of(found[1]) for name, found in told if found is not None}


def board_url(page: Source, fid: int | None) -> str | None:
    """Address of a board, where nothing but its number is told."""
    return page.absolute(f"forum.php?mod=forumdisplay&fid={fid}") if fid is not None else None


def category_url(page: Source, fid: int | None) -> str | None:
    """Address of a category, the same way."""
    return page.absolute(f"forum.php?gid={fid}") if fid is not None else None


def _read_line_of_counts(words: str) -> Record:
    """Numbers beside their words; nothing where the line says more than that."""
    told: Record = {}
    for name, pattern in _LABELLED:
        if (found := pattern.search(words)) is not None:
            told[name] = count_of(found[1])
            words = words.replace(found.group(), "", 1)
    return told if not any(map(str.isalnum, words)) else {}


def _boards_in(line: Node) -> tuple[Record, ...]:
    links = [(node, node.attributes.get("href") or "") for node in elements(line) if node.tag_id == _A]
    return tuple(
        {"fid": fid_of(href), "name": one_line(inline_text(node))} for node, href in links if _urls.is_board(href)
    )


def names_behind(label: Node) -> tuple[str, ...]:
    """The names of the members in a list behind its label: those of links, or the words where there are none."""
    names: list[str | None] = []
    said = _LABEL.sub("", label.text_content or "", count=1)
    node = label.next
    while node is not None:
        if node.tag_id == TEXT:
            said += node.text_content or ""
        else:
            links = [each for each in (node, *elements(node)) if each.tag_id == _A]
            names += [one_line(inline_text(link)) for link in links if is_space(link.attributes.get("href") or "")]
            said += "" if links else inline_text(node)
        node = node.next
    return tuple(dict.fromkeys(name for name in names or _SEPARATORS.split(said) if name and name != "*"))


def _read_last_post(page: Source, board: Record, link: Node, href: str | None) -> None:
    """The link to the latest post: its subject, or in narrow columns its time."""
    words = one_line(text_of(link)) or ""
    moment, begin, end = page.clock.find(words)
    only_time = begin < end == len(words) and (words[:begin].rstrip() or ":")[-1] in ":："
    post = {"tid": _urls.tid_in(href), "url": page.absolute(href)}
    if only_time:
        board["last_post"] = {**post, "at": moment_in(page, link) or moment}
    else:
        board["last_post"] = {**post, "subject": words or None}


def _read_time(page: Source, board: Record, line: Node) -> None:
    """When the latest post was written, and by whom; an anonymous one is no link, or a link to the label."""
    post = board.setdefault("last_post", {})
    post["at"] = moment_in(page, line)
    name = next((one_line(inline_text(node)) for node in elements(line) if node.tag_id == _A), None)
    post["author"] = None if name in ANONYMOUS else name


def _read_counts(board: Record, box: Node, tag: int) -> bool:
    """Threads and posts, in this order on all pages; whether there are any."""
    words = text_of(box)
    if not any(map(str.isdecimal, words)) or any(node.tag_id == _A for node in elements(box)):
        return False
    if tag == _TD and "fl_i" not in (box.attributes.get("class") or "").split() and not _ONLY_COUNTS(words):
        return False
    board["thread_count"], board["post_count"] = (*counts_of(counted_text(box)), None, None)[:2]
    return True
