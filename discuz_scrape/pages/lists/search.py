"""What a search for threads found: one entry for each, with some words of it."""

from __future__ import annotations

import re

from discuz_scrape import _urls
from discuz_scrape._html import TAG_IDS, Node, children, first, has_class, one_line, outermost, select, text_of
from discuz_scrape._source import Source
from discuz_scrape._words import VIEWS
from discuz_scrape.models import ThreadList
from discuz_scrape.pages.lists._counts import counted_text, counts_of
from discuz_scrape.pages.lists._lists import Record, complete, read_all, refuse, settle_date_order
from discuz_scrape.pages.lists._rows import moment_in
from discuz_scrape.pages.lists._titles import read_subject
from discuz_scrape.pages.threads._author import read_name_link

__all__ = ["read", "read_heading"]

_A, _P, _SPAN = (TAG_IDS[name] for name in ("a", "p", "span"))
_WITHHELD = re.compile(r"[内內]容[隐隱]藏需要[，,].{1,20}").fullmatch
"""In place of the words of a thread that is sold or asks for a reading level."""


def read(page: Source) -> ThreadList:
    """One page of results; none is a result too."""
    root = page.root
    heading = first(root, ".sttl h2, .sttl")
    box = first(root, "#threadlist, .slst")
    entries = [] if box is None else [entry for entry in outermost(box, "li") if first(entry, "h3 a") is not None]
    if heading is None and not entries:
        raise refuse(page, "a search page")
    if not entries and not select(root, ".emp"):
        raise refuse(page, "a search page for something else than threads")
    settle_date_order(page, (node for entry in entries for node in select(entry, "p > span")))
    found: Record = {"list": "search", "threads": read_all(page, entries, _read_entry)}
    if heading is not None:
        read_heading(found, heading)
    asked = first(root, 'input[name="srchtxt"]')
    if found.get("title") is None and asked is not None:
        found["title"] = one_line(asked.attributes.get("value"))
    logo = first(root, ".searchform h1 img, .searchform h1 a")  # the only place that names the forum
    name = one_line(logo.attributes.get("alt") or logo.attributes.get("title")) if logo is not None else None
    return ThreadList.model_validate(complete(page, found, name))


def read_heading(found: Record, heading: Node) -> None:
    """`结果: 找到 “WORDS” 相关内容 N 个`: the words may hold numbers themselves."""
    words = first(heading, ".emfont")
    said = text_of(heading)
    if words is not None:
        sought = text_of(words)
        found["title"] = one_line(sought)
        said = said.replace(sought, " ", 1)
    if counts := counts_of(said):
        found["found"] = counts[-1]


def _read_entry(page: Source, entry: Node) -> Record | None:
    title = next((link for link in select(entry, "h3 a") if _urls.tid_in(link.attributes.get("href"))), None)
    if title is None:
        return None
    thread: Record = {}
    read_subject(page, thread, title, searched=True)
    lines = [line for line in children(entry) if line.tag_id == _P]
    for line in lines:
        spans = [node for node in children(line) if node.tag_id == _SPAN]
        if spans and line is lines[-1]:
            _read_origin(page, thread, spans)
        elif has_class(line, "xg1") and "replies" not in thread:
            numbers = counts_of(counted_text(line))
            if len(numbers) == 2:
                views_first = VIEWS.match(text_of(line).strip()) is not None
                thread["replies"], thread["views"] = reversed(numbers) if views_first else numbers
        elif "excerpt" not in thread and (words := one_line(text_of(line))) and not _WITHHELD(words):
            thread["excerpt"] = words
    return thread


def _read_origin(page: Source, thread: Record, spans: list[Node]) -> None:
    """When, by whom and where: told apart by what they hold."""
    for span in spans:
        link = next((node for node in children(span) if node.tag_id == _A), None)
        href = (link.attributes.get("href") or "") if link is not None else ""
        words = one_line(text_of(span))
        if link is not None and words and _urls.is_board(href):
            thread["forum"] = {"fid": _urls.fid_in(href), "name": words}
        elif link is not None and words:
            author: Record = {}
            read_name_link(author, link, href, words)
            thread["author"] = author
        elif "created_at" not in thread and (moment := moment_in(page, span)) is not None:
            thread["created_at"] = moment
        elif words and "created_at" in thread and "author" not in thread:
            thread["author"] = {"kind": "anonymous", "anonymous": True}
