"""What the first post tells of the whole thread: stamp, moderator line, tags, sort form, and what makes it special."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from discuz_scrape._html import TAG_IDS, Node, elements, one_line, select, text_of
from discuz_scrape._source import Source
from discuz_scrape.pages.threads._post import PostReader
from discuz_scrape.pages.threads._special import read_sort_fields, read_special

__all__ = ["price_in", "read_opening"]

_A, _IMG, _SPAN = (TAG_IDS[name] for name in ("a", "img", "span"))
_SPOTS = "#threadstamp,.modact,.pcbs,.ptg,.typeoption"
_MODERATION = re.compile(r"由\s?(?P<by>.{1,80}?)\s?(?:[于於]|at)\s?(?P<at>.{0,60}?)\s(?P<action>\S.*)$")
_TIME_LEFT_OVER = re.compile(r"^[\d:]+(?:\s?[AP]M)?\s")
_PRICE = re.compile(r"支付\s{0,9}(\d{1,9})|[价價]格\s{0,9}[:：]\s{0,9}(\d{1,9})")

Record = dict[str, Any]


def read_opening(page: Source, thread: Record, reader: PostReader) -> None:
    """Add to the thread what its first post tells of it."""
    spots = _find_spots(reader)
    if (stamp := spots.get("threadstamp")) is not None:
        thread["stamp"] = _read_stamp(stamp)
    if (line := spots.get("modact")) is not None:
        thread["moderation"] = _read_moderation(page, line)
    if (tags := spots.get("ptg")) is not None:
        thread["tags"] = _read_tags(tags)
    if (form := spots.get("typeoption")) is not None:
        name, thread["sort_fields"] = read_sort_fields(form)
        if name:
            thread.setdefault("sort_name", name)
    thread.update(read_special(page, reader.node))
    if "special" not in thread and "pcbs" in spots:
        thread["special"] = "plugin"
    if (price := price_in(reader.notices)) is not None:
        thread["price"] = price
    told = f"{thread.get('stamp') or ''} {(thread.get('moderation') or {}).get('action') or ''}"
    if "精华" in told or "精華" in told:
        thread["digest"] = "解除精" not in told
    if "置顶" in told or "置頂" in told:
        thread["sticky"] = "解除置" not in told


def price_in(notices: Iterable[Record]) -> int | None:
    """The price that a notice names, the last one where there are several."""
    price = None
    for notice in notices:
        if notice["kind"] == "paid" and (found := _PRICE.search(notice["text"])):
            price = int(found[1] or found[2])
    return price


def _read_stamp(box: Node) -> str | None:
    """The word of the stamp, from its picture."""
    pictures = [node.attributes for node in elements(box) if node.tag_id == _IMG]
    return one_line(pictures[0].get("title") or pictures[0].get("alt")) if pictures else None


def _read_tags(box: Node) -> tuple[str, ...]:
    links = [node for node in elements(box) if node.tag_id == _A and "tag" in (node.attributes.get("href") or "")]
    return tuple(words for link in links if (words := one_line(text_of(link))))


def _find_spots(reader: PostReader) -> dict[str, Node]:
    """The boxes of `_SPOTS` by id and class; those in the body are the author's own."""
    seen = reader.body.seen if reader.body is not None else ()
    spots: dict[str, Node] = {}
    for box in select(reader.node, _SPOTS):
        if box.mem_id not in seen:
            for name in (box.id or "", *(box.attributes.get("class") or "").split()):
                spots.setdefault(name, box)
    return spots


def _read_moderation(page: Source, line: Node) -> Record | None:
    """`本主题由 NAME 于 TIME ACTION`; the time may stand in a title."""
    words = one_line(text_of(line))
    if words is None:
        return None
    shown = next((node for node in elements(line) if node.tag_id == _SPAN and node.attributes.get("title")), None)
    at = page.clock.read((shown.attributes.get("title") if shown is not None else None) or words)
    found = _MODERATION.search(words)
    if found is None:
        return {"action": words, "at": at}
    action = _TIME_LEFT_OVER.sub("", found["action"])
    if shown is not None:
        action = words.partition(one_line(text_of(shown)) or "\0")[2].strip() or action
    return {"by": found["by"], "at": at, "action": action}
