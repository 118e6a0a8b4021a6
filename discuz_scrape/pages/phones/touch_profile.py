"""A member's profile in the touch template (`mobile=2`): up to X3.4 name, face and credits, since X3.5 much more.

In a row the label stands bare before its value, among the credits behind it.
"""

from __future__ import annotations

import re

from discuz_scrape import _urls
from discuz_scrape._html import TAG_IDS, TEXT, Node, children, first, has_class, one_line, select, text_of, topmost
from discuz_scrape._source import Source
from discuz_scrape._words import count_of
from discuz_scrape.models import UserProfile
from discuz_scrape.pages.lists._lists import settle_date_order
from discuz_scrape.pages.members.profile import ProfileReader
from discuz_scrape.pages.phones._phone import forum_name
from discuz_scrape.pages.threads._author import read_avatar

__all__ = ["read"]

_EM, _SPAN = (TAG_IDS[name] for name in ("em", "span"))
_CREDIT = re.compile(r"[+-]?\d{1,18}").match
_STAFF = re.compile(r"管理[组組團团]")
_FURTHER = re.compile(r"[扩擴]展")


def read(page: Source) -> UserProfile:
    """The member of a profile page; raises ParseError for a page that names nobody."""
    page.for_phones = True
    root = page.root
    reader = _TouchProfile(page)
    image = first(root, ".avatar_m img")
    if image is not None:
        read_avatar(page, reader.profile, image)
    name = first(root, ".userinfo .name")
    if name is not None:
        reader.profile["name"] = one_line(text_of(name))
    if "uid" not in reader.profile and (uid := _urls.uid_in(page.address())) is not None:
        reader.profile["uid"] = uid
    rows = list(topmost(select(root, ".myinfo_list li")))
    settle_date_order(page, rows)
    for credit in topmost(select(root, ".user_box li")):
        reader.credit(credit)
    for row in rows:
        try:
            reader.row(row)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one row, the others come out
            page.note("fields", f"a row was left out: {type(error).__name__}: {error}")
    return reader.finish(forum_name(page))


class _TouchProfile(ProfileReader):
    """A profile as its rows are met."""

    def credit(self, row: Node) -> None:
        """A number with its unit, and behind it the name of the credit."""
        label, value = _label_of(row), _value_of(row)
        number = _CREDIT(value) if value else None
        if label and number is not None:
            self.credits.setdefault(label, int(number.group()))

    def row(self, row: Node) -> None:
        """A label and its value; the heading of the rows has a box that tells whether the member is there."""
        if has_class(row, "sig"):
            self.signature(row)
            return
        label, value = _label_of(row), _value_of(row)
        if label is None:
            remark = first(row, ".mtxt")
            self.profile["online"] = remark is not None and not select(remark, "a")
        elif value is None:
            return
        elif label.upper() == "UID":
            self.profile["uid"] = count_of(value) or self.profile.get("uid")
        elif _STAFF.fullmatch(label):
            self.groups.insert(0, value)
        elif _FURTHER.match(label):
            self.profile["extended_groups"] = tuple(filter(None, map(str.strip, value.split(","))))
        else:
            self._group_end(row)
            self.fact(row, label, value)

    def _group_end(self, row: Node) -> None:
        """Until when the group lasts: a remark behind the label."""
        for node in children(row):
            if node.tag_id == _EM and (expires := self.page.clock.read(text_of(node))) is not None:
                self.profile["group_expires_at"] = expires


def _label_of(row: Node) -> str | None:
    """The bare words of a row."""
    words = ""
    node = row.first_child
    while node is not None:
        if node.tag_id == TEXT:
            words += node.text_content or ""
        node = node.next
    return one_line((one_line(words) or "").rstrip(":："))


def _value_of(row: Node) -> str | None:
    """The words of the box in a row."""
    return next((one_line(text_of(node)) for node in children(row) if node.tag_id == _SPAN), None)
