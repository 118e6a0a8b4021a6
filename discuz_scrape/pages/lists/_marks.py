"""What marks a thread in a list: icons before its title; icons, remarks in brackets and page links behind it.

The icons are pictures up to X3.4 and letters of icon fonts since.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import TAG_IDS, TEXT, Node, elements, inline_text, one_line, pass_over
from discuz_scrape._words import BONUS, CHINESE, CLOSED, PRICE, READ_PERMISSION, REWARD, SOLVED, SPECIALS, STICKY

__all__ = ["read_icons", "read_mark", "read_marks", "read_picture"]

_A, _I, _IMG, _STRONG = (TAG_IDS[name] for name in ("a", "i", "img", "strong"))
_SILENT = (TAG_IDS["script"], TAG_IDS["style"])
_DIGITS = re.compile(r"\d{1,18}")
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


def read_marks(thread: Record, walk: Iterator[Node]) -> None:
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
    pass_over(walk, node)
    return said.rpartition("[")[0]


def _read_remark(thread: Record, words: str) -> None:
    """`[阅读权限 20]`, `[售价 5 金钱]`, `[悬赏 50 金钱]`, `[已解决]`; in another language by what stands where."""
    label, amount, unit = (found[1], int(found[2]), found[3]) if (found := _AMOUNT(words)) else (words, None, "")
    offers = thread.get("special") == "reward"
    guess = CHINESE.search(label) is None  # all that Discuz! says in Chinese is known: the rest is a plugin's
    if amount is None:
        if (offers and guess) or SOLVED.search(label):
            thread["reward_solved"] = True
    elif READ_PERMISSION.search(label):
        thread["read_permission"] = amount
    elif BONUS.search(label):
        thread["reply_bonus"] = amount
    elif REWARD.search(label) or (offers and guess and not PRICE.search(label)):
        thread["reward"] = amount
        thread["reward_solved"] = False
    elif guess or PRICE.search(label):
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
