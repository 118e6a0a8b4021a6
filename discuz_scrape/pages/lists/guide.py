"""The guide (导读): lists of threads of all boards by what is new or hot, and what the viewer wrote."""

from __future__ import annotations

import re

from discuz_scrape import _urls
from discuz_scrape._html import TAG_IDS, Node, beginning_of, first, inline_text, one_line, select, text_of
from discuz_scrape._source import Source
from discuz_scrape.models import ThreadList
from discuz_scrape.pages.lists._lists import (
    Record,
    complete,
    read_all,
    read_rows,
    refuse,
    settle_date_order,
    thread_rows,
)
from discuz_scrape.pages.lists._rows import moment_in, read_row
from discuz_scrape.pages.lists._titles import read_subject
from discuz_scrape.pages.members._labels import inside

__all__ = ["read"]

_A, _EM = TAG_IDS["a"], TAG_IDS["em"]
_FEW, _SHORT = 20, 100  # nodes and characters of a number or a time
_VIEW = re.compile(r"[?&]view=(\w{1,20})")
_ATTENDED = re.compile(r"(\d{1,18})[^\d\[\]]{1,40}").fullmatch


def read(page: Source) -> ThreadList:
    """One view of the guide, or its first page with the beginnings of several."""
    root = page.root
    tab = first(root, "#thread_types li.a a")
    heading = first(root, "#ct h1, h1.xs2") or tab
    found = _VIEW.search((tab.attributes.get("href") if tab is not None else None) or page.url or "")
    guide: Record = {"list": "guide", "title": one_line(text_of(heading)) if heading is not None else None}
    table = first(root, "#threadlist")
    if table is not None:
        settle_date_order(page, select(table, "td.by em"))
        guide["threads"] = read_all(page, thread_rows(table), _read_row)
    elif items := select(root, ".xl > li"):
        guide["threads"] = read_all(page, items, _read_item)
    elif rows := select(root, 'tbody[id^="normalthread_"], tbody[id^="stickthread_"]'):
        guide["threads"] = read_rows(page, rows)
    elif not select(root, ".emp"):
        raise refuse(page, "a guide page")
    guide["view"] = found[1] if found is not None else ("index" if table is None else None)
    return ThreadList.model_validate(complete(page, guide))


def _read_row(page: Source, row: Node) -> Record | None:
    """A row; the view of hot threads prints behind the title how many take part."""
    thread = read_row(page, row)
    if thread is not None and "heat" not in thread:
        for mark in select(row, "th > span.xi1"):
            if (attended := _ATTENDED(text_of(mark).strip())) is not None:
                thread["heat"] = int(attended[1])
    return thread


def _read_item(page: Source, item: Node) -> Record | None:
    """A line of the first page: heat or time in front, then the thread and its board."""
    thread: Record = {}
    for node in inside(item):
        if node.tag_id == _EM:
            words = beginning_of(node, _FEW).strip()
            if (attended := _ATTENDED(words)) is not None:
                thread["heat"] = int(attended[1])
            if 0 < len(words) < _SHORT and (moment := moment_in(page, node)) is not None:
                thread["last_post_at"] = moment
                thread.pop("heat", None)
        elif node.tag_id == _A:
            href = node.attributes.get("href")
            if "tid" not in thread and _urls.tid_in(href) is not None:
                read_subject(page, thread, node)
            elif href and _urls.is_board(href):
                thread["forum"] = {"fid": _urls.fid_in(href), "name": one_line(inline_text(node))}
    return thread if "tid" in thread else None
