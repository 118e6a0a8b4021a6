"""Feeds: the RSS of Discuz (`mod=rss`), and what plugins offer in its place."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._dates import offset_text
from discuz_scrape._html import one_line
from discuz_scrape._prose import prose
from discuz_scrape._source import Source
from discuz_scrape._words import ANONYMOUS
from discuz_scrape._xml import Leaf, leaves
from discuz_scrape.errors import ParseError
from discuz_scrape.models import Feed

__all__ = ["read"]

_ENTRIES = frozenset({"item", "entry"})
_STOCK = "Discuz! Board"
_LONGEST_GENERATOR = 60
_VERSION = re.compile(r"Discuz!\s*(X[\d.]+)", re.IGNORECASE)
_MARKUP = {"title": "title_markup", "description": "description"}
"""What may also be markup as it is, neither escaped nor in CDATA, and where that is kept."""
_CDATA = "<![CDATA["
_TAG = re.compile(r"<[a-z][^<>]{0,400}>", re.IGNORECASE)
_NAMES = {
    "link": "url",
    "pubdate": "published_at",
    "published": "published_at",
    "date": "published_at",
    "updated": "updated_at",
    "lastbuilddate": "updated_at",
    "description": "description",
    "subtitle": "description",
    "summary": "description",
    "content": "description",
    "encoded": "description",
    "title": "title",
    "generator": "generator",
    "author": "author",
    "creator": "author",
    "name": "author",
    "category": "category",
    "enclosure": "enclosure_url",
}
"""What an element of RSS or Atom is for."""
_ADDRESSES = {"url": "href", "enclosure_url": "url", "category": "term"}
"""The attribute in which a value stands where it is no text."""

_SLASHED = re.compile(r"""(?>(?:[^\\']|\\(?:[\\'"]|&quot;))*)""").fullmatch
_SLASH = re.compile(r"""\\([\\'"]|&quot;)""")
"""Since X2.5 the feed of Discuz! puts a backslash before each quote and backslash that somebody wrote."""

Facts = dict[str, str]
Record = dict[str, Any]


def read(page: Source) -> Feed:
    """The feed in a page of XML; whatever is no part of a feed is passed over."""
    head: Facts = {}
    entry: Facts = {}
    entries: list[Facts] = []
    site_name = None
    for leaf in leaves(page.text):
        name, inside = leaf.path[-1], leaf.path[:-1]
        if name in _ENTRIES:
            entries.append(entry)
            entry = {}
        elif "image" in inside:
            site_name = one_line(leaf.text) if name == "title" else site_name
        elif not _ENTRIES.isdisjoint(inside):
            _take(entry, leaf, page.text)
        else:
            _take(head, leaf, page.text)
    _check_maker(page, head, entries)
    if head.get("generator", "").startswith(_STOCK):
        entries = [{name: _without_slashes(words) for name, words in facts.items()} for facts in entries]
    url = page.absolute(head.get("url"))
    page.base = _urls.site_of(url) or page.base
    title = _title(page, head)
    times = [*(entry.get("published_at") or entry.get("updated_at") for entry in entries), head.get("updated_at")]
    offset = next((moment.tzinfo for words in times if (moment := _moment(words)) is not None), None)
    read_entries: list[Record] = []
    for facts in entries:
        try:
            read_entries.append(_read_entry(page, facts, len(read_entries), offset))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one entry, the others come out
            page.note(f"entries[{len(read_entries)}]", f"an entry was left out: {type(error).__name__}: {error}")
    return Feed.model_validate(
        {
            "title": title,
            "url": url,
            "forum": _read_forum(url, title, site_name),
            "description": _summary(page, head.get("description")),
            "generator": one_line(head.get("generator")),
            "updated_at": _moment(head.get("updated_at"), offset),
            "entries": tuple(read_entries),
            "site": _site(page, head, site_name, offset),
            "issues": tuple(page.issues),
        }
    )


def _check_maker(page: Source, head: Facts, entries: list[Facts]) -> None:
    """Raise ParseError for the feed of another site: one that neither says Discuz! nor leads to a thread or a board."""
    generator = head.get("generator") or ""
    hrefs = [facts.get("url") or "" for facts in (head, *entries)]
    if "discuz" in generator.lower() or any(map(_leads_to_forum, hrefs)):
        return
    made_by = f"made by {generator[:_LONGEST_GENERATOR]}" if generator else "without an entry that leads to a thread"
    raise ParseError(f"a feed, but not of Discuz!: {one_line(made_by)}", url=page.url)


def _leads_to_forum(href: str) -> bool:
    return ".php?mod=" in href or _urls.tid_in(href) is not None or _urls.is_board(href)


def _take(facts: Facts, leaf: Leaf, xml: str) -> None:
    """Keep the first value of a kind; that of an attribute where there is no text."""
    name = _NAMES.get(leaf.path[-1])
    if name is None or name in facts:
        return
    if name == "url" and leaf.attributes.get("rel", "alternate") != "alternate":  # in Atom: the feed's own, and others
        return
    value = leaf.text.strip() or leaf.attributes.get(_ADDRESSES.get(name, ""), "")
    if leaf.inside is not None and name in _MARKUP and _CDATA not in (markup := xml[leaf.inside]):
        name, value = _MARKUP[name], markup
    if value:
        facts[name] = value


def _without_slashes(words: str) -> str:
    """What somebody wrote, where all of it is written as it would be with backslashes added."""
    return _SLASH.sub(r"\1", words) if "\\" in words and _SLASHED(words) else words


def _read_entry(page: Source, facts: Facts, place: int, offset: tzinfo | None) -> Record:
    url = page.absolute(facts.get("url"))
    printed = facts.get("published_at") or facts.get("updated_at")
    published = _moment(printed, offset)
    if printed and published is None:
        page.note(f"entries[{place}].published_at", f"no certain date in {printed[:80]!r}")
    name, board = one_line(facts.get("author")), one_line(facts.get("category"))
    return {
        "tid": _urls.tid_in(url),
        "url": url,
        "title": _title(page, facts),
        "author": {"name": name} if name is not None and name not in ANONYMOUS else None,
        "forum": {"name": board} if board is not None else None,
        "published_at": published,
        "summary": _summary(page, facts.get("description")),
        "enclosure_url": page.absolute(facts.get("enclosure_url")),
    }


def _read_forum(url: str | None, title: str | None, site_name: str | None) -> Record | None:
    """The board, by the link; its name stands in the title behind that of the site."""
    fid = _urls.fid_in(url)
    if fid is None:
        return None
    name = title.removeprefix(f"{site_name} - ") if title and site_name and title != site_name else None
    return {"fid": fid, "name": name}


def _title(page: Source, facts: Facts) -> str | None:
    return one_line(facts.get("title") or prose(page, facts.get("title_markup")))


def _summary(page: Source, markup: str | None) -> str | None:
    """Plain text of what is mostly plain text with its characters escaped; that has lines of its own."""
    if not markup:
        return None
    if not _TAG.search(markup):
        markup = markup.replace("\r\n", "\n").replace("\n", "<br>")
    return prose(page, markup)


def _moment(words: str | None, offset: tzinfo | None = None) -> datetime | None:
    """A time as mail prints it, or as ISO 8601 does; one without a zone is none."""
    if not words or len(words) > 100:
        return None
    for read_time in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read_time(words.strip())
            if moment.tzinfo is not None:
                return moment.astimezone(offset or moment.tzinfo)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _site(page: Source, head: Facts, name: str | None, offset: tzinfo | None) -> Record:
    version = _VERSION.search(head.get("generator") or "")
    about: Record = {**page.site(name), "version": version[1].upper() if version else None}
    if offset is not None:
        about.update(utc_offset=offset_text(offset, None), utc_offset_assumed=False)
    return about
