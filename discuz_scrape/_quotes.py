"""The line that names the post which a quote was taken from."""

from __future__ import annotations

import re

from discuz_scrape._html import TAG_IDS, TEXT, Node, descendants, one_line
from discuz_scrape._words import QUOTE_HEADER

__all__ = ["quote_header"]

_A, _BR = TAG_IDS["a"], TAG_IDS["br"]
_HEADER_NODES = 40  # the header is the first line; further than this none begins
_TIME = re.compile(r"[\d\-/. :年月日]{8,20}(?:[AP]M)?|[今昨前]天\s?[\d:]+|\d+\s?\S{1,2}前")


def quote_header(block: Node) -> tuple[str, str | None] | None:
    """Words and link of the line that names the quoted post; None where the quote begins with its text."""
    words = ""
    href = None
    for count, node in enumerate(descendants(block)):
        tag = node.tag_id
        if count > _HEADER_NODES or (tag == _BR and words.strip()):
            break
        if tag == TEXT:
            words += node.text_content or ""
        elif tag == _A:
            target = node.attributes.get("href") or ""
            if "goto=findpost" in target or ("pid=" in target and "ptid=" in target):
                href = target
    line = one_line(words[:400])
    if line is None or (href is None and not _is_old_header(line)):
        return None
    return line, href


def _is_old_header(line: str) -> bool:
    """Whether a line without a link says `NAME 发表于 TIME` and nothing else, as old versions and phones wrote."""
    found = QUOTE_HEADER.fullmatch(line)
    return found is not None and _TIME.fullmatch(found["at"]) is not None
