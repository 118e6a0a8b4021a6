"""The title of a thread in a list: its words, and the address that it leads to."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import TEXT, Node, inline_text, one_line
from discuz_scrape._source import Source

__all__ = ["read_subject", "thread_url"]

_NOISE = re.compile(r"(?<=[?&])(?:extra|fromguid|highlight)=[^&#]*&?")

Record = dict[str, Any]


def thread_url(page: Source, href: str | None) -> str | None:
    """The full address of a thread, without the parts that remind of the list or the search that led to it."""
    if href and ("extra=" in href or "highlight=" in href):
        href = _NOISE.sub("", href).rstrip("&?")
    return page.absolute(href)


def read_subject(page: Source, thread: Record, title: Node, *, searched: bool = False) -> None:
    """The link of the title; in that of one that was `searched` for, boxes are words that were found."""
    attributes = title.attributes
    href = attributes.get("href")
    thread["tid"] = _urls.tid_in(href)
    thread["url"] = thread_url(page, href)
    words = one_line(inline_text(title) if searched else _without_badges(title))
    thread["subject"] = _whole_words(words, one_line(attributes.get("title")))
    thread["highlight"] = one_line(attributes.get("style"))


def _without_badges(title: Node) -> str:
    """The text of a title without the small boxes that a skin puts beside its bare words."""
    bare, badges = "", ""
    part = title.first_child
    while part is not None:
        if part.tag_id == TEXT:
            bare += part.text_content or ""
        elif "class" in part.attributes:
            badges += inline_text(part)
        else:
            bare += inline_text(part)
        part = part.next
    return bare if len(bare.strip()) > len(badges) else inline_text(title)


def _whole_words(words: str | None, whole: str | None) -> str | None:
    """The words of a title; those of its tooltip, where a skin cut them short or put a badge beside them."""
    if words and whole and words != whole:
        stem = words.rstrip(".… ")
        if words.startswith(whole) or words.endswith(whole) or (stem != words and whole.startswith(stem)):
            return whole
    return words
