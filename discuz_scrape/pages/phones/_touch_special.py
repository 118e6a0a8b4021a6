"""Special threads and forms as pages for phones show them: the same facts as on the desktop page in plainer boxes."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._attachments import best_source
from discuz_scrape._html import (
    TAG_IDS,
    TEXT,
    Node,
    beginning_of,
    children,
    descendants,
    elements,
    first,
    has_class,
    one_line,
    pass_over,
    select,
    text_of,
)
from discuz_scrape._source import Source
from discuz_scrape.pages.threads._special import (
    MAX_CHOICES,
    MULTIPLE,
    NUMBER,
    NUMBERING,
    OVER,
    PERCENT,
    VOTERS,
    VOTES,
    end_of_poll,
    photo,
    price_of,
    read_best_answer,
    read_event,
    read_sort_fields,
)

__all__ = ["read_sort_lines", "read_touch_special"]

_BR, _H4, _IMG, _P, _STRONG = (TAG_IDS[name] for name in ("br", "h4", "img", "p", "strong"))
_MOST_NODES = 400  # the two sides of a debate are smaller
_COLON = re.compile("[:：]")
_TIME_LEFT = re.compile(r"(?:\d{1,6}\s?天\s?)?(?:\d{1,6}\s?小[时時]\s?)?\d{1,6}\s?分")
_GAP = re.compile(r"(?<=[^\x00-\x7f])\s(?=[^\x00-\x7f])")
"""Between words of one value that the template has on lines of their own: `二手 商品`."""
_REWARD = re.compile("[悬懸][赏賞]|reward", re.IGNORECASE)
_SOLVED = re.compile("已解[决決]")
_SOLUTION = re.compile("未解[决決]|已解[决決]")
_SIDES = (("pro", re.compile("正方[观觀][点點]|affirmative", re.IGNORECASE)),
          ("con", re.compile("反方[观觀][点點]|negative|opposing", re.IGNORECASE)))  # fmt: skip
_SIDE_VOTES = re.compile(r"\(\s?(\d{1,9})\s?\)")
_DEBATERS = re.compile(r"(?:[辩辯]手|debaters?)\s?[:：]\s?(\d{1,9})", re.IGNORECASE)
_ENDS = re.compile(
    r"(?:[结結]束[时時][间間]|ends)\s?[:：]\s?(?P<at>.{0,40}?)\s?(?:裁判\s?[:：]\s?(?P<umpire>.{1,80}))?$",
    re.IGNORECASE,
)
_WINNERS = (
    ("pro", re.compile("正方[获獲][胜勝]")),
    ("con", re.compile("反方[获獲][胜勝]")),
    ("draw", re.compile("平局")),
)

Record = dict[str, Any]


def read_touch_special(page: Source, box: Node, cell: Node) -> Record:
    """What makes a thread special, by the boxes around the body of its first post."""
    boxes = [node for node in children(box) if node.mem_id != cell.mem_id]
    form = next((node for part in boxes for node in [part, *select(part, "form")] if node.id == "poll"), None)
    if form is not None:
        return {"special": "poll", "poll": _read_poll(page, form)}
    if reward := _read_reward(box, boxes):
        return {"special": "reward", "reward": reward}
    goods = tuple(item for part in boxes if _is_goods(part) if (item := _read_goods(page, part)) is not None)
    if goods or any(_is_goods(part) for part in boxes):
        return {"special": "trade", "goods": goods}
    if debate := _read_debate(page, boxes):
        return {"special": "debate", "debate": debate}
    if activity := _read_activity(page, boxes):
        return {"special": "activity", "activity": activity}
    return {}


def _words(node: Node | None) -> str:
    return one_line(text_of(node)) or "" if node is not None else ""


def _labelled(box: Node) -> list[tuple[str, str | None]]:
    """Label and value of each `dt`, which hold both."""
    pairs = []
    for line in select(box, "dt"):
        label, colon, value = re.sub(_COLON, "\0", _words(line), count=1).partition("\0")
        if colon and label.strip():
            pairs.append((label.strip(), value.strip() or None))
    return pairs


# ------------------------------------------------------------ poll


def _read_poll(page: Source, form: Node) -> Record:
    about, parts = _parts_of_poll(form)
    options = [_option(page, *part) for part in parts]
    voters, most, left = VOTERS.search(about), MAX_CHOICES.search(about), _TIME_LEFT.search(about)
    multiple = MULTIPLE.search(about) is not None
    closed = OVER.search(about) is not None or re.search("已[經经][关關][闭閉]或者[过過]期", _words(form)) is not None
    return {
        "options": tuple(options),
        "multiple": multiple,
        "max_choices": int(most[1] or most[2]) if most else (None if multiple else 1),
        "voters": int(voters[1] or voters[2]) if voters else None,
        "closed": closed,
        "ends_at": None if closed or left is None else end_of_poll(page, left.group()),
        "results_visible": any(option["votes"] is not None for option in options),
    }


Part = tuple[Node, Node | None, list[str]]
"""The label of a choice, the picture before it, the words behind it."""


def _parts_of_poll(form: Node) -> tuple[str, list[Part]]:
    """The words above the choices, and the parts of each: its result stands behind its label, a picture before it."""
    about: list[str] = []
    parts: list[Part] = []
    image: Node | None = None
    walk = descendants(form)
    for node in walk:
        tag = node.tag_id
        if tag == _IMG:
            image = node
        elif tag == TEXT:
            (parts[-1][2] if parts else about).append(node.text_content or "")
        elif node.tag == "label" and (node.attributes.get("for") or "").startswith("option_"):
            parts.append((node, image, []))
            image = None
            pass_over(walk, node)
    return one_line("".join(about)) or "", parts


def _option(page: Source, label: Node, image: Node | None, behind: list[str]) -> Record:
    result = one_line("".join(behind)) or ""
    percent, votes = PERCENT.search(result), VOTES.search(result)
    return {
        "text": NUMBERING.sub("", _words(label)),
        "votes": int(votes[1] or votes[2]) if votes else None,
        "percent": float(percent[1]) if percent else None,
        "image_url": photo(page, best_source(image.attributes)) if image is not None else None,
    }


# ------------------------------------------------------------ reward


def _read_reward(box: Node, boxes: list[Node]) -> Record | None:
    """The line with the amount, in a box of its own, and the answer that was chosen."""
    line = first(box, ".reward_txt") or next((node for node in boxes if _is_reward(node)), None)
    if line is None:
        return None
    amount = _words(first(line, "strong"))
    digits = NUMBER.search(amount)
    words = _words(line)
    best = first(box, ".rwdbst")
    return {
        "price": int(digits.group()) if digits else None,
        "unit": _SOLUTION.sub("", words.partition(amount)[2] if amount else "").strip() or None,
        "solved": best is not None or _SOLVED.search(words) is not None,
        "best_answer": read_best_answer(best) if best is not None else None,
    }


def _is_reward(node: Node) -> bool:
    return node.id is None and _REWARD.match(_words(node)[:40]) is not None and first(node, "strong") is not None


# ------------------------------------------------------------ trade


def _is_goods(node: Node) -> bool:
    digits = (node.id or "").removeprefix("trade")
    return digits != node.id and digits.isdecimal() and len(digits) < 19


def _read_goods(page: Source, box: Node) -> Record | None:
    name = _words(first(box, "h4"))
    if not name:
        return None
    link = next((node for node in select(box, "a") if "tradeinfo" in (node.attributes.get("href") or "")), None)
    image = first(box, "img")
    item: Record = {
        "pid": int((box.id or "").removeprefix("trade")) or None,
        "name": name,
        "url": page.absolute(link.attributes.get("href")) if link is not None else None,
        "price": price_of(box),
        "list_price": _words(first(box, "del")) or None,
        "image_url": photo(page, best_source(image.attributes)) if image is not None else None,
    }
    for label, value in _labelled(box):
        if re.search("[类類]型", label):
            item["condition"] = _GAP.sub("", value) if value else None
        else:
            item["time_left"] = value
    return item


# ------------------------------------------------------------ debate


def _read_debate(page: Source, boxes: list[Node]) -> Record | None:
    """The two sides by the words over them; the end stands in a line of its own below."""
    debate: Record = {}
    for part in boxes:
        for node in islice(elements(part), _MOST_NODES):
            if node.tag_id not in (_STRONG, _P) and not has_class(node, "endtime"):
                continue
            words = one_line(beginning_of(node)) or ""
            side = next((name for name, pattern in _SIDES if pattern.match(words)), None)
            if node.tag_id == _STRONG and side is not None and side not in debate:
                debate[side] = _read_side(node, words)
            elif (ends := _ENDS.match(words)) is not None:
                debate["ends_at"], debate["umpire"] = page.clock.read(ends["at"]), ends["umpire"]
            elif node.tag_id == _STRONG:
                winner = next((name for name, pattern in _WINNERS if pattern.match(words)), None)
                verdict = node.parent.parent if winner is not None and node.parent is not None else None
                if verdict is not None:
                    debate.update(winner=winner, verdict=one_line(beginning_of(verdict)))
    return debate if "pro" in debate and "con" in debate else None


def _read_side(heading: Node, words: str) -> Record:
    votes, debaters = _SIDE_VOTES.search(words), _DEBATERS.search(words)
    thesis = heading.next
    while thesis is not None and thesis.tag_id != _P:
        thesis = thesis.next
    return {
        "text": _words(thesis) or None,
        "votes": int(votes[1]) if votes else None,
        "debaters": int(debaters[1]) if debaters else None,
    }


# ------------------------------------------------------------ activity


def _read_activity(page: Source, boxes: list[Node]) -> Record | None:
    """An event: a list of labels below a picture."""
    box = next((part for part in boxes if len(_labelled(part)) > 1 and first(part, "dl") is not None), None)
    if box is None:
        return None
    activity = read_event(page, _labelled(box))
    image = first(box, "img")
    activity["poster_url"] = photo(page, best_source(image.attributes)) if image is not None else None
    rows = (row for part in boxes for row in select(part, "table tr"))
    links = (next((a for a in select(row, "td a") if _urls.uid_in(a.attributes.get("href"))), None) for row in rows)
    activity["applicants"] = tuple(name for link in links if (name := _words(link)))
    return activity


# ------------------------------------------------------------ sort form


def read_sort_lines(box: Node) -> tuple[str | None, tuple[Record, ...]]:
    """Name of the sort, and the lines of its form, `LABEL: VALUE` each; or a table as on the desktop page."""
    if first(box, "table") is not None:
        return read_sort_fields(box)
    name = None
    fields = []
    line = ""
    node = box.first_child
    while node is not None:
        if node.tag_id == _H4:
            name = _words(node) or None
        elif node.tag_id != _BR:
            line += text_of(node)
        if node.tag_id == _BR or node.next is None:
            label, colon, value = re.sub(_COLON, "\0", one_line(line) or "", count=1).partition("\0")
            if colon:
                value = value.strip()
                fields.append({"name": label.strip(), "value": None if value.strip("-") == "" else value})
            line = ""
        node = node.next
    return name, tuple(fields)
