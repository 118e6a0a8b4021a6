"""Sentences that the forum puts in place of content: what they say, and what kind they are."""

from __future__ import annotations

import re
from itertools import islice

from discuz_scrape._html import BLOCK_TAGS, TAG_IDS, TEXT, Node, descendants, one_line
from discuz_scrape.models import NoticeKind

__all__ = ["notice_kind", "notice_words"]

_NO_WORDS = frozenset(TAG_IDS[name] for name in ("button", "input", "script", "style"))
_BREAKS = BLOCK_TAGS | {TAG_IDS["br"]}
_MOST_NODES, _LONGEST = 1_000, 20_000  # and characters: where nothing is closed, the rest of the page is inside
_BESIDE = frozenset({"atips_close", "right", "y"})  # classes of what floats beside a notice

_NOTICES: tuple[tuple[NoticeKind, re.Pattern[str]], ...] = (
    ("author_banned", re.compile(r"作者被禁止或[删刪]除|(?i:\bauthor(?: \w+){0,6} (?:banned|deleted|removed)\b)")),
    ("shielded", re.compile(r"被管理[员員]或版主屏蔽|[该該]帖被屏蔽|(?i:\bpost(?: \w+){0,3} (?:blocked|shielded)\b)")),
    ("pending", re.compile("[审審]核中|待[审審]核|(?i:under review|awaiting (?:approval|moderation|review))")),
    (
        "author_only",
        re.compile("[仅僅]作者可[见見]|隐藏.{0,4}仅.{0,6}可见|(?i:only the author|visible (?:only )?to the author)"),
    ),
    ("password", re.compile("密[码碼]帖")),
    ("paid", re.compile("需向作者支付|付[费費]主[题題]|[购購][买買]主[题題]")),
    ("credits_to_view", re.compile("[积積]分高[于於]")),
    (
        "reply_to_view",
        re.compile("[隐隱]藏[内內]容.{0,4}[请請]回[复復覆]|回[复復覆].{0,6}可[见見]|本帖[隐隱]藏的[内內]容"),
    ),
    ("deleted", re.compile("[无無]效[楼樓][层層]|已[经經]?被[删刪]除|(?i:(?:has been|was) deleted)")),
)
_LOOSE: tuple[tuple[NoticeKind, re.Pattern[str]], ...] = (  # words that other notices may hold too
    ("attachments_hidden", re.compile(r"附件|更多[资資]源")),
    ("login_to_view", re.compile(r"登[录錄入]|[注註][册冊]|(?i:\blog ?in\b|\bsign ?in\b|\bregister\b)")),
)
_NOTICE_LINKS: tuple[tuple[NoticeKind, str], ...] = (("paid", "action=pay"), ("reply_to_view", "action=reply"))


def notice_kind(words: str, node: Node | None) -> NoticeKind | None:
    """What a notice says, by its words, else (in other words or languages) by what it links to or asks for."""
    for kind, pattern in _NOTICES:
        if pattern.search(words):
            return kind
    for inner in islice(descendants(node), _MOST_NODES) if node is not None else ():
        if inner.tag == "input" and (inner.id or "").startswith("postpw_"):
            return "password"
        href = inner.attributes.get("href") if inner.tag == "a" else None
        for kind, mark in _NOTICE_LINKS:
            if href and mark in href:
                return kind
    loose = next((kind for kind, pattern in _LOOSE if pattern.search(words)), None)
    return loose or ("credits_to_view" if re.search(r"\d", words) else None)


def notice_words(box: Node) -> str | None:
    """The sentence of a notice, without the buttons that float beside it."""
    words: list[str] = []
    left: list[Node] = []
    node = box.first_child
    for _ in range(_MOST_NODES):
        if node is None and not left:
            break
        if node is None:
            node = left.pop().next
            continue
        tag = node.tag_id
        if tag == TEXT:
            words.append(node.text_content or "")
        elif tag not in _NO_WORDS and _BESIDE.isdisjoint((node.attributes.get("class") or "").split()):
            words.append(" " if tag in _BREAKS else "")
            if (child := node.first_child) is not None:
                left.append(node)
                node = child
                continue
        node = node.next
    return one_line("".join(words)[:_LONGEST])
