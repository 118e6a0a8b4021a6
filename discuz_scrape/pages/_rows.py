"""One row of a list of threads: of a board, the guide, a tag, a member's threads.

A row is a group of cells: icon, title, board (on lists of several), author, counters, last post. They are told apart by
what they hold and by their order, for skins rename and plugins add. What stands in the title cell behind the title is
marks: icons (pictures up to X3.4, icon fonts since) and remarks in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import (
    TAG_IDS,
    TEXT,
    Node,
    children,
    descendants,
    elements,
    has_class,
    inline_text,
    one_line,
    skip,
    text_of,
)
from discuz_scrape._source import Source
from discuz_scrape._words import (
    ANONYMOUS,
    BONUS,
    CLOSED,
    MOVED,
    PRICE,
    READ_PERMISSION,
    REWARD,
    SOLVED,
    SPECIALS,
    STICKY,
)
from discuz_scrape.pages._author import read_name_link

__all__ = [
    "count_of", "moment_in", "read_icons", "read_mark", "read_picture", "read_row", "read_subject", "read_type",
    "thread_url",
]  # fmt: skip

_A, _CITE, _EM, _I, _IMG, _SPAN, _STRONG, _TD, _TH, _TR = (
    TAG_IDS[name] for name in ("a", "cite", "em", "i", "img", "span", "strong", "td", "th", "tr")
)
_CELLS = (_TD, _TH)
_SILENT = (TAG_IDS["script"], TAG_IDS["style"])
_NOISE = re.compile(r"(?<=[?&])(?:extra|fromguid|highlight)=[^&#]*&?")
_DIGITS = re.compile(r"\d{1,18}")
_NUMBER = re.compile(r"\d{1,3}(?:[, ]\d{3})+|\d{1,18}").fullmatch
_PAGE = re.compile(r"\d{1,9}").fullmatch
_REMARK = re.compile(r"[\[【]([^\[\]【】]{1,100})[\]】]")
_AMOUNT = re.compile(r"(\D{1,80}?)\s?(\d{1,18})\s?(\D{0,80})").fullmatch
_HEAT = re.compile(r"[:：]\s*(\d{1,18})")
_PIN = re.compile(r"\bt?pin_?([1-4])\b")
_PINS = ("board", "category", "global", "multi")
_ICON = re.compile(r"(poll|trade|reward|activity|debate)small|fico-(vote|cart|reward|group|vs)\b")
_FONT_ICONS = {"vote": "poll", "cart": "trade", "reward": "reward", "group": "activity", "vs": "debate"}
_DIGEST = re.compile(r"digest_(\d)")

Record = dict[str, Any]


def read_row(page: Source, row: Node) -> Record | None:
    """The thread of a row; None where no cell of it leads to a thread."""
    cells = _cells_of(row)
    at = next((number for number, cell in enumerate(cells) if cell.tag_id == _TH), None)
    if at is None:
        at = next((number for number, cell in enumerate(cells) if _title_in(cell) is not None), None)
    title = _title_in(cells[at]) if at is not None else None
    if at is None or title is None:
        return None
    thread: Record = {}
    _read_title(page, thread, cells[at], title)
    if has_class(cells[at], "lock"):  # skins put a face in the place of the icon
        thread["closed"] = True
    for cell in cells[:at]:
        read_icons(thread, cell)
    _read_cells(page, thread, cells[at + 1 :])
    if thread.get("moved"):
        thread.pop("closed", None)  # the lock is that of what remains here, not of the thread
    return thread


def _cells_of(row: Node) -> list[Node]:
    """The cells of a row, or of the first row of a group of rows."""
    line: Node | None = row
    if row.tag_id != _TR:
        line = next((child for child in children(row) if child.tag_id == _TR), None)
    return [cell for cell in children(line) if cell.tag_id in _CELLS] if line is not None else []


def _title_in(cell: Node) -> Node | None:
    """The link of the title: by its class, else the first that leads to a thread and has words."""
    other = None
    for node in elements(cell):
        if node.tag_id == _A:
            attributes = node.attributes
            if "xst" in (attributes.get("class") or "").split():
                return node
            if other is None and _urls.tid_in(attributes.get("href")) is not None and inline_text(node).strip():
                other = node
    return other


# ------------------------------------------------------------ title


def thread_url(page: Source, href: str | None) -> str | None:
    """The full address of a thread, without the parts that remind of the list or the search that led to it."""
    if href and ("extra=" in href or "highlight=" in href):
        href = _NOISE.sub("", href).rstrip("&?")
    return page.absolute(href)


def read_subject(page: Source, thread: Record, title: Node) -> None:
    """The link of the title."""
    attributes = title.attributes
    href = attributes.get("href")
    thread["tid"] = _urls.tid_in(href)
    thread["url"] = thread_url(page, href)
    thread["subject"] = one_line(inline_text(title))
    thread["highlight"] = one_line(attributes.get("style"))


def _read_title(page: Source, thread: Record, cell: Node, title: Node) -> None:
    read_subject(page, thread, title)
    walk = descendants(cell)
    _read_before_title(thread, walk, title)
    for _ in descendants(title):
        next(walk, None)
    _read_behind_title(thread, walk)


def _read_before_title(thread: Record, walk: Iterator[Node], title: Node) -> None:
    """Type and sort, and the word that the thread was moved; the rest are buttons."""
    own = title.mem_id
    for node in walk:
        tag = node.tag_id
        if tag == TEXT:
            words = (node.text_content or "").strip()
            if words and MOVED.match(words):
                thread["moved"] = True
        elif tag == _A:
            if node.mem_id == own:
                return
            href = node.attributes.get("href") or ""
            if MOVED.match(inline_text(node).strip()):
                thread["moved"] = True
            elif "typeid=" in href or "sortid=" in href:
                read_type(thread, node, href)


def read_type(thread: Record, link: Node, href: str) -> None:
    """A type or sort: its name in words, or as the label of a picture."""
    name = one_line(inline_text(link))
    if name is None:
        picture = link.first_child
        label = picture.attributes.get("alt") if picture is not None and picture.tag_id == _IMG else None
        name = one_line(label or link.attributes.get("title"))
    if name is not None:
        thread.setdefault("sort_name" if "sortid=" in href else "type_name", name.strip("[]【】"))


def _read_behind_title(thread: Record, walk: Iterator[Node]) -> None:
    """Marks, page links, and remarks in brackets."""
    said = ""
    for node in walk:
        tag = node.tag_id
        if tag == TEXT:
            said += node.text_content or ""
            continue
        attributes = node.attributes
        name = attributes.get("class") or ""
        if tag == _IMG:
            read_picture(thread, attributes)
        elif tag == _A:
            href = attributes.get("href") or ""
            if "rewardtype=" in href:
                thread["special"] = "reward"
            elif _urls.is_board(href) and "filter=" not in href:
                thread["forum"] = {"fid": _urls.fid_in(href), "name": one_line(inline_text(node))}
                said = _pass(walk, node, said)
        elif tag == _STRONG and "[" in said:
            if (amount := _DIGITS.search(inline_text(node))) is not None:
                thread["reply_bonus"] = int(amount.group())
                said = _pass(walk, node, said)
        elif tag == _I or "tbox" in name:
            read_mark(thread, node, attributes)
            said = _pass(walk, node, said + "[")
        elif "tps" in name:
            thread["pages"] = _last_page(node)
            said = _pass(walk, node, said + "[")
        elif tag in _SILENT:
            said = _pass(walk, node, said + "[")
    for remark in _REMARK.findall(said):
        _read_remark(thread, " ".join(remark.split()))


def _pass(walk: Iterator[Node], node: Node, said: str) -> str:
    """Lead the walk past a node that was read as a whole, and drop the bracket in which it stands."""
    for _ in descendants(node):
        next(walk, None)
    return said.rpartition("[")[0]


def _read_remark(thread: Record, words: str) -> None:
    """`[阅读权限 20]`, `[售价 5 金钱]`, `[悬赏 50 金钱]`, `[已解决]`; in another language by what stands where."""
    label, amount, unit = (found[1], int(found[2]), found[3]) if (found := _AMOUNT(words)) else (words, None, "")
    offers = thread.get("special") == "reward"
    if amount is None:
        if offers or SOLVED.search(label):
            thread["reward_solved"] = True
    elif READ_PERMISSION.search(label):
        thread["read_permission"] = amount
    elif BONUS.search(label):
        thread["reply_bonus"] = amount
    elif REWARD.search(label) or (offers and not PRICE.search(label)):
        thread["reward"] = amount
        thread["reward_solved"] = False
    else:
        thread["price" if unit or PRICE.search(label) else "read_permission"] = amount


def read_picture(thread: Record, attributes: dict[str, str | None]) -> None:
    """A mark up to X3.4: a picture with a name of its own."""
    src = attributes.get("src") or ""
    alt = attributes.get("alt") or ""
    if "/stamp/" in src:
        thread["stamp"] = one_line(alt)
    elif alt == "attach_img" or "image_s." in src:
        thread["has_image"] = thread["has_attachment"] = True
    elif alt == "attachment" or "filetype/" in src:
        thread["has_attachment"] = True
    elif alt == "digest" or "digest_" in src:
        _mark_digest(thread, _DIGEST.search(src) or _DIGITS.search(attributes.get("title") or ""))
    elif alt == "heatlevel" or "/hot_" in src:
        _read_heat(thread, attributes.get("title"))


def read_mark(thread: Record, node: Node, attributes: dict[str, str | None]) -> None:
    """A mark of X3.5: a letter of an icon font, or a word in a box."""
    name = attributes.get("class") or ""
    if "fico-image" in name:
        thread["has_image"] = thread["has_attachment"] = True
    elif "fico-attachment" in name:
        thread["has_attachment"] = True
    elif "tdigest" in name:
        _mark_digest(thread, _DIGITS.search(inline_text(node)))
    elif "theatlevel" in name:
        _read_heat(thread, attributes.get("title"))


def _mark_digest(thread: Record, level: re.Match[str] | None) -> None:
    thread["digest"] = True
    if level is not None:
        thread["digest_level"] = int(level[level.lastindex or 0])


def _read_heat(thread: Record, title: str | None) -> None:
    """`热度: 120`; older versions print the level of the flame before the word, which is no heat."""
    found = _HEAT.search(title) if title else None
    if found is not None:
        thread["heat"] = int(found[1])


def _last_page(box: Node) -> int | None:
    """The highest number among the links to single pages."""
    words = (inline_text(link).strip() for link in elements(box) if link.tag_id == _A)
    return max((int(word) for word in words if _PAGE(word)), default=None)


# ------------------------------------------------------------ icons


def read_icons(thread: Record, cell: Node) -> None:
    """The cell before the title: an icon in a link whose title says in words what the icon shows, and more."""
    for node in elements(cell):
        tag = node.tag_id
        attributes = node.attributes
        if tag == _A:
            for words in (attributes.get("title") or "").split(" - "):
                _read_state(thread, words.strip())
        elif tag in (_I, _IMG):
            name = attributes.get("src" if tag == _IMG else "class") or ""
            if "lock" in name:
                thread["closed"] = True
            elif (found := _ICON.search(name)) is not None:
                thread.setdefault("special", found[1] or _FONT_ICONS[found[2]])
            elif (found := _PIN.search(name)) is not None:
                thread.setdefault("sticky", _PINS[int(found[1]) - 1])


def _read_state(thread: Record, words: str) -> None:
    """One of the words for a state, such as 全局置顶主题."""
    if (special := SPECIALS.get(words)) is not None:
        thread["special"] = special
    elif CLOSED.search(words):
        thread["closed"] = True
    elif "顶" in words or "頂" in words or "tick" in words:
        thread["sticky"] = next((kind for pattern, kind in STICKY if pattern.search(words)), "board")


# ------------------------------------------------------------ author, counters, last post


def _read_cells(page: Source, thread: Record, cells: list[Node]) -> None:
    """The cells behind the title; those before the counters tell of the start, the one behind them of the last post."""
    counters = next((number for number, cell in enumerate(cells) if _is_counters(cell)), None)
    if counters is None:
        counters = next((number for number, cell in enumerate(cells) if _holds_replies(cell)), None)
    if counters is None:
        before, behind = cells[:-1] or cells, cells[1:][-1:]
    else:
        before, behind = cells[:counters], cells[counters + 1 :]
        _read_counters(thread, cells[counters])
    for cell in before:
        if (forum := _board_in(cell)) is not None:
            thread["forum"] = forum
        else:
            _read_start(page, thread, cell)
    if behind:
        _read_last(page, thread, behind[-1])


def _is_counters(cell: Node) -> bool:
    return "num" in (cell.attributes.get("class") or "").split()


def _holds_replies(cell: Node) -> bool:
    """Whether a cell that a skin has renamed begins with a number that leads to the thread."""
    link = next((node for node in elements(cell) if node.tag_id == _A), None)
    if link is None or _urls.tid_in(link.attributes.get("href")) is None:
        return False
    words = inline_text(link).strip()
    return words == "-" or count_of(words) is not None


def _board_in(cell: Node) -> Record | None:
    """The board that a cell names, on lists of several boards."""
    link = next((node for node in elements(cell) if node.tag_id in (_A, _CITE)), None)
    href = link.attributes.get("href") if link is not None and link.tag_id == _A else None
    if link is None or not href or not _urls.is_board(href):
        return None
    return {"fid": _urls.fid_in(href), "name": one_line(inline_text(link))}


def _read_counters(thread: Record, cell: Node) -> None:
    """Replies and, in a box of their own, views; a thread that went elsewhere has dashes."""
    words: dict[str, str] = {"replies": "", "views": ""}
    walk = descendants(cell)
    for node in walk:
        if node.tag_id == _EM:
            words["views"] += text_of(node)
            for _ in descendants(node):
                next(walk, None)
        elif node.tag_id == TEXT:
            words["replies"] += node.text_content or ""
    for name, said in words.items():
        thread[name] = count_of(said)
    if all(said.strip() == "-" for said in words.values()):
        thread["moved"] = True


def count_of(words: str) -> int | None:
    """A whole number as printed; None for a rounded one such as `2.1万`, and for none."""
    found = _NUMBER(words.strip())
    return int(found.group().replace(",", "").replace(" ", "")) if found is not None else None


def _read_start(page: Source, thread: Record, cell: Node) -> None:
    """Who started the thread, and on which day."""
    walk = elements(cell)
    author: Record = {}
    for node in walk:
        tag = node.tag_id
        if tag == _A and "name" not in author and "kind" not in author:
            href = node.attributes.get("href") or ""
            if (words := one_line(inline_text(node))) is not None:
                read_name_link(author, node, href, words)
        elif tag == _EM:
            thread["created_at"] = moment_in(page, node)
            skip(walk, node)
        elif tag == _CITE and one_line(inline_text(node)) and next(children(node), None) is None:
            author = {"kind": "anonymous", "anonymous": True}
    if author:
        thread["author"] = author


def _read_last(page: Source, thread: Record, cell: Node) -> None:
    """Who wrote last, and when; an anonymous one is linked as if it were a member of that name."""
    walk = elements(cell)
    for node in walk:
        tag = node.tag_id
        if tag == _EM:
            thread["last_post_at"] = moment_in(page, node)
            skip(walk, node)
        elif tag == _A and "last_poster" not in thread:
            words = one_line(inline_text(node))
            thread["last_poster"] = None if words in ANONYMOUS else words


def moment_in(page: Source, node: Node) -> datetime | None:
    """The time in a box: that in full, if a relative one has it in its title."""
    words = text_of(node)
    for inner in elements(node):
        title = inner.attributes.get("title") if inner.tag_id == _SPAN else None
        if title:
            return page.clock.read(title) or page.clock.read(words)
    return page.clock.read(words)
