"""The profile in a member's space: rows of a label and its value, and a line of counters.

Ids and links tell what a row is. Words are asked only where neither does: for the times and a few rows of text. A row
that is not understood stays under its own label.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._body import Body
from discuz_scrape._content import to_text
from discuz_scrape._html import TAG_IDS, Node, children, elements, first, one_line, select, skip, text_of
from discuz_scrape._source import Source
from discuz_scrape._words import count_of
from discuz_scrape.errors import ParseError
from discuz_scrape.models import UserProfile
from discuz_scrape.pages.lists._counts import counted_text, counts_of
from discuz_scrape.pages.lists._lists import front_name, settle_date_order
from discuz_scrape.pages.members._labels import inside, label_of, section_of, value_of, words_in
from discuz_scrape.pages.members._space import find_avatar, read_owner

__all__ = ["ProfileReader", "read"]

_A, _IMG, _LI, _SPAN, _TABLE = (TAG_IDS[name] for name in ("a", "img", "li", "span", "table"))
_UID_MARK = re.compile(r"[(（]\s?UID\s?[:：]\s?(\d{1,18})\b")
_SIZE = re.compile(r"\d[\d.,]* ?[KMGT]?B").fullmatch
_AMOUNT = re.compile(r"([+-]?)(\d(?:[\d,.]{0,20}\d)?[万萬kK]?)").match
_MOST_HEADINGS = 8  # in which the name is looked for
_PLACES = re.compile(r"[?&](?:do|type|view)=(\w{1,20})")

_COUNTERS = {
    "reply": "replies",
    "thread": "threads",
    "friend": "friends",
    "doing": "doings",
    "blog": "blogs",
    "album": "albums",
    "share": "shares",
    "following": "following",
    "follower": "followers",
    "view": "broadcasts",
}
"""Where the link of a counter leads to the counter; the list of replies is one of threads, so it comes first."""

_TIMES = (
    (re.compile(r"[注註][册冊][时時][间間]|regist", re.IGNORECASE), "registered_at"),
    (re.compile(r"(?:最[后後]|上次)[访訪][问問]|last visit", re.IGNORECASE), "last_visit_at"),
    (re.compile(r"(?:最[后後]|上次)活[动動]|last activ", re.IGNORECASE), "last_active_at"),
    (re.compile(r"(?:最[后後]|上次)[发發](?:表|帖|文)|last post", re.IGNORECASE), "last_post_at"),
)
_ALWAYS = ("registered_at", "last_visit_at")
"""The two times that every profile has, in their order, for languages that the table above does not know."""
_ADDRESS = re.compile(r"\bIP\b|IP$", re.IGNORECASE)
_REGISTRATION = re.compile(r"[注註][册冊]|regist", re.IGNORECASE)
_LAST_MAIL = re.compile(r"[邮郵]件|mail", re.IGNORECASE)
_HOURS = re.compile(r"[在线線]上?[线線]?[时時][间間數数]|online", re.IGNORECASE)
_TITLE = re.compile(r"^自定[义義]|custom (?:title|status)", re.IGNORECASE)
_SIGNATURE = re.compile(r"[签簽]名|signature", re.IGNORECASE)
_VISITS = re.compile(r"[访訪][问問]量|visits", re.IGNORECASE)
_GROUP = re.compile(r"用[户戶][组組]|user ?group", re.IGNORECASE)

Record = dict[str, Any]


def read(page: Source) -> UserProfile:
    """The member of a profile page, or of the first page of a space that only has the header of one."""
    reader = ProfileReader(page)
    scope = _scope(page.root)
    if scope is not None:
        settle_date_order(page, select(scope, "#pbbs li"))
        reader.read_heading(scope)
        reader.read_rows(scope)
        reader.read_links(scope)
    for link in select(page.root, "#uhd .tns a[href]"):
        reader.read_counter(link)
    return reader.finish()


def _amount_of(value: str) -> int | None:
    """The whole number with which a value begins; None where it is rounded or none."""
    found = _AMOUNT(value)
    number = count_of(found[2]) if found is not None else None
    return -number if found is not None and number is not None and found[1] == "-" else number


def _scope(root: Node) -> Node | None:
    """The part of the page that is the profile; None where there is none, only the header of a space."""
    box = first(root, ".u_profile")
    if box is None and select(root, "#pbbs, #psts"):
        return next(iter(select(root, "#ct")), root)
    return box


class ProfileReader:
    """A profile as its rows are met."""

    def __init__(self, page: Source) -> None:
        self.page = page
        self.profile: Record = read_owner(page)
        self.counters: Record = {}
        self.credits: dict[str, int] = {}
        self.fields: dict[str, str] = {}
        self.groups: list[str] = []
        self._group_list = 0  # identity of the list in which they stand
        self.unnamed_times: list[tuple[str, datetime]] = []

    def finish(self, site_name: str | None = None) -> UserProfile:
        """The whole profile; raises ParseError where nobody is named."""
        page, profile = self.page, self.profile
        profile.setdefault("uid", _urls.uid_in(page.url))
        find_avatar(page, profile)
        if profile["uid"] is not None:
            profile["url"] = page.absolute(f"home.php?mod=space&uid={profile['uid']}")
        if self.groups:
            profile["group"] = self.groups[-1]
            if len(self.groups) > 1:
                profile["admin_group"] = self.groups[0]
        self._settle_times()
        profile["counters"] = self.counters
        profile["credits"] = self.credits or None
        profile["fields"] = self.fields or None
        profile["site"] = page.site(site_name or front_name(page))
        profile["issues"] = tuple(page.issues)
        if profile["uid"] is None and profile.get("name") is None:
            raise ParseError("a page of a user's space that does not say whose it is", url=page.url)
        return UserProfile.model_validate(profile)

    def read_heading(self, scope: Node) -> None:
        """Name and number above the rows: `NAME (UID: N)`, with an icon between them if the member is there now."""
        for heading in select(scope, "h1, h2")[:_MOST_HEADINGS]:
            words = one_line(text_of(heading)) or ""
            mark = _UID_MARK.search(words)
            if mark is not None:
                self.profile["uid"] = int(mark[1])
                self.profile["name"] = words[: mark.start()].strip() or self.profile.get("name")
                self.profile["online"] = bool(select(heading, 'img[src*="ol.gif"], .olicon'))
                return

    # ------------------------------------------------------------ rows

    def read_rows(self, scope: Node) -> None:
        """All rows, in page order; one that could not be read is told and left out."""
        walk = elements(scope)
        for node in walk:
            if node.tag_id == _TABLE:  # a signature: what is listed there is no row
                skip(walk, node)
            elif node.tag_id == _LI and (label := label_of(node)) is not None:
                try:
                    self._row(node, label)
                except Exception as error:  # noqa: BLE001 - whatever is wrong with one row, the others come out
                    self.page.note("fields", f"a row was left out: {type(error).__name__}: {error}")

    def _row(self, row: Node, label: Node) -> None:
        name = (words_in(label) or "").rstrip(":： ")
        links = [node for node in inside(row) if node.tag_id == _A]
        addresses = [link.attributes.get("href") or "" for link in links]
        if sum("mod=space" in href for href in addresses) > 1:
            for link in links:
                self.read_counter(link)
        elif any("usergroup" in href for href in addresses):
            self._group(row, label, next(link for link in links if "usergroup" in (link.attributes.get("href") or "")))
        elif not name:
            return
        elif section_of(row) == "psts":
            self._credit(name, row, label, linked=bool(links))
        elif section_of(row) == "pbbs":
            self._activity(name, row, label)
        else:
            self._about(name, row, label)

    def _group(self, row: Node, label: Node, link: Node) -> None:
        """The groups come in order: that of the staff, if the member is one of them, then that of everybody."""
        words = one_line(text_of(link))
        if words is None:  # a picture for a name
            pictures = [node.attributes for node in inside(row) if node.tag_id == _IMG]
            words = next((alt for image in pictures if (alt := one_line(image.get("alt")))), None)
        if words is not None:
            self.groups.append(words)
            self._group_list = row.parent.mem_id if row.parent is not None else 0
        behind = (value_of(self.page, row, label) or "").partition(words or "\0")[2]
        if (expires := self.page.clock.read(behind)) is not None:
            self.profile["group_expires_at"] = expires

    def _about(self, name: str, row: Node, label: Node) -> None:
        """A row of the first part: the signature stands in a table, the title of one's own in a grey row."""
        box = next((node for node in children(row) if node.tag_id == _TABLE), None)
        value = value_of(self.page, row, label)
        if (box is not None or _SIGNATURE.search(name)) and "signature" not in self.profile:
            self.signature(box, value)
        elif value is None:
            return
        elif _TITLE.search(name) or (row.attributes.get("class") or "").split() == ["xg1"]:
            self.profile.setdefault("title", value)
        elif _GROUP.fullmatch(name):
            self.groups.append(value)
        elif row.parent is not None and row.parent.mem_id == self._group_list:
            self.profile["extended_groups"] = tuple(filter(None, (part.strip() for part in value.split(","))))
        elif _VISITS.search(name) and value.isdecimal():
            self.counters["visits"] = int(value[:18])
        elif not self._known_time(name, row, value):
            self.fields.setdefault(name, value)

    def fact(self, row: Node, name: str, value: str) -> None:
        """A row of which only the label tells what it is, as pages for phones have them."""
        if _TITLE.search(name):
            self.profile.setdefault("title", value)
        elif _GROUP.fullmatch(name):
            self.groups.append(value)
        elif _HOURS.search(name) and (hours := _amount_of(value)) is not None:
            self.profile["online_hours"] = hours
        elif not self._known_time(name, row, value):
            self.fields.setdefault(name, value)

    def signature(self, box: Node | None, value: str | None = None) -> None:
        """What stands below the member's posts: in a box with its markup, or as bare words."""
        if box is not None:
            reader = Body(self.page, rich=False, quoted=True)
            reader.read(box)
            value = to_text(reader.pieces)
        if value:
            self.profile["signature"] = value

    def _activity(self, name: str, row: Node, label: Node) -> None:
        """A row among the times: mostly one of them, else hours, an address or the zone."""
        value = value_of(self.page, row, label)
        if value is None:
            return
        if _ADDRESS.search(name):
            field = "registered_ip" if _REGISTRATION.search(name) else "last_visit_ip"
            self.profile[field] = value.rstrip("- ")
        elif _HOURS.search(name) and (hours := _amount_of(value)) is not None:
            self.profile["online_hours"] = hours
        elif not self._known_time(name, row, value):
            self.fields.setdefault(name, value)
            if not _LAST_MAIL.search(name) and (moment := self._moment(row, value)) is not None:
                self.unnamed_times.append((name, moment))

    def _known_time(self, name: str, row: Node, value: str) -> bool:
        field = next((field for pattern, field in _TIMES if pattern.search(name)), None)
        moment = self._moment(row, value) if field is not None else None
        if field is None or moment is None:
            if field is not None:
                self.page.note(field, f"no certain date in {value!r}")
            return False
        self.profile[field] = moment
        return True

    def _moment(self, row: Node, value: str) -> datetime | None:
        """The time of a row: that of a tooltip where the words are relative to the page's clock."""
        titles = (node.attributes.get("title") for node in inside(row) if node.tag_id == _SPAN)
        full = (self.page.clock.read(title) for title in titles if title)
        return next(filter(None, full), None) or self.page.clock.read(value)

    def _settle_times(self) -> None:
        """In a language that is not known, the first two times are those that every profile has."""
        if any(field in self.profile for _, field in _TIMES) or len(self.unnamed_times) < len(_ALWAYS):
            return
        for field, (name, moment) in zip(_ALWAYS, self.unnamed_times, strict=False):
            self.profile[field] = moment
            self.fields.pop(name, None)

    def _credit(self, name: str, row: Node, label: Node, *, linked: bool) -> None:
        """A credit is a number with or without a unit. Above them stand the space that is used, and linked grades."""
        value = value_of(self.page, row, label)
        if value is None:
            return
        number = _amount_of(value)
        if number is None or linked or (not self.credits and _SIZE(value)):
            self.fields.setdefault(name, value)
        else:
            self.credits.setdefault(name, number)

    # ------------------------------------------------------------ links

    def read_counter(self, link: Node) -> None:
        """A number in a link; where it leads says what it counts."""
        numbers = counts_of(counted_text(link))
        places = _PLACES.findall(link.attributes.get("href") or "")
        field = next((field for place, field in _COUNTERS.items() if place in places), None)
        if numbers and field is not None:
            self.counters.setdefault(field, numbers[-1])

    def read_links(self, scope: Node) -> None:
        """Medals, and below their headings the boards that the member moderates and the groups joined."""
        medals = []
        places: dict[str, list[Record]] = {"moderates": [], "joined_groups": []}
        for node in select(scope, '.md_ctrl img, img[id^="md_"], div > a[href]'):
            attributes = node.attributes
            if node.tag_id == _IMG:
                medals.append(one_line(attributes.get("alt") or attributes.get("title")))
            elif _urls.is_board(href := attributes.get("href") or "") and (words := one_line(text_of(node))):
                is_group = "mod=group" in href or "group-" in href
                places["joined_groups" if is_group else "moderates"].append({"fid": _urls.fid_in(href), "name": words})
        self.profile["medals"] = tuple(filter(None, medals))
        self.profile.update((field, tuple(found)) for field, found in places.items())
