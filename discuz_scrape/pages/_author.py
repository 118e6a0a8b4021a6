"""Who wrote a post: name, group, avatar and numbers of the author column, or what a skin left of them."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import (
    TAG_IDS,
    TEXT,
    Node,
    elements,
    has_class,
    inline_text,
    is_hidden,
    one_line,
    skip,
    text_of,
)
from discuz_scrape._source import Source
from discuz_scrape._words import ANONYMOUS, GUESTS

__all__ = ["is_space", "read_avatar", "read_bare_name", "read_column", "read_link", "read_name_link"]

_A, _DD, _DIV, _DL, _DT, _EM, _IMG, _P, _SPAN, _UL = (
    TAG_IDS[name] for name in ("a", "dd", "div", "dl", "dt", "em", "img", "p", "span", "ul")
)
_CELLS = (TAG_IDS["td"], TAG_IDS["th"])
_MASKED_IP = re.compile(r"((?:\d{1,3}\.){1,3}[x*.]+|[\da-f:]*\.x)(?::\d+)?", re.IGNORECASE)
_TOOL = re.compile(r"admin\.php|[?&](?:action|ac|op|do)=|plugin")  # moderators' links and plugins' carry a uid too

Record = dict[str, Any]


def read_column(page: Source, author: Record, column: Node) -> None:
    """Everything that the author column tells. Boxes with an id of their own are hidden menus and the hover card."""
    profile: dict[str, str] = {}
    walk = elements(column)
    for node in walk:
        tag = node.tag_id
        if tag == _UL or (tag == _DIV and node.id is not None):
            skip(walk, node)
        elif tag == _A:
            if (known := _read_link(page, author, node)) is not None:
                author.update(known)
                return
        elif tag == _IMG:
            read_avatar(page, author, node)
        elif tag == _P:
            _read_title(author, node)
        elif tag in _CELLS:
            _read_counter(profile, node)
        elif tag == _DL:
            _read_profile(profile, node)
            skip(walk, node)
    if profile:
        author["profile"] = profile
    if "name" in author:
        page.authors[author.get("uid", 0)] = author
    elif "kind" not in author:
        _read_bare_column(author, column)


def _read_link(page: Source, author: Record, link: Node) -> Record | None:
    """A link of the column; the whole author where it names one whose column was read before."""
    if "group" in author:
        return None
    named = "name" in author
    read_link(author, link)
    return page.authors.get(author["uid"]) if not named and "name" in author and "uid" in author else None


def _read_title(author: Record, line: Node) -> None:
    """The member's own title, in a grey line somewhere below the name."""
    if "name" in author and "title" not in author and "xg1" in (line.attributes.get("class") or ""):
        words = one_line(text_of(line))
        if words is not None:
            author["title"] = words


def _read_bare_column(author: Record, column: Node) -> None:
    """A name without a link: the bare words of the box at the head of the column."""
    for box in elements(column):
        first = box.first_child
        words = one_line(first.text_content) if first is not None and first.tag_id == TEXT else None
        if first is not None and words is not None and has_class(box, "pi"):
            read_bare_name(author, first, words)
            return


def read_link(author: Record, link: Node) -> None:
    """A link before the time: of the name, the group, or the avatar."""
    attributes = link.attributes
    href = attributes.get("href") or ""
    if "name" in author and "uid" in author and "usergroup" not in href:
        return
    words = one_line(text_of(link))
    if words is None and "usergroup" in href:
        picture = link.first_child
        if picture is not None and picture.tag_id == _IMG:
            words = one_line(picture.attributes.get("alt") or picture.attributes.get("title"))
    if words is None:
        if "uid" not in author and (uid := _urls.uid_in(href)) is not None:
            author["uid"] = uid
    elif "usergroup" in href:
        author.setdefault("group", words)
    elif "name" not in author and "kind" not in author and _is_member_link(link, attributes, href):
        read_name_link(author, link, href, words)


def _is_member_link(link: Node, attributes: dict[str, str | None], href: str) -> bool:
    """Whether a link leads to a member, or stands where the name of the author does."""
    if "xw1" in (attributes.get("class") or ""):
        return True
    box = link.parent
    in_place = box is not None and (has_class(box, "authi") or (href.startswith("javascript") and has_class(box, "pi")))
    if in_place and _urls.tid_in(href) is None:
        return True
    return is_space(href)


def is_space(href: str) -> bool:
    """Whether an address is that of a member's own page."""
    is_one = _urls.uid_in(href) is not None or "mod=space&" in href or "space-" in href
    return is_one and _TOOL.search(href) is None


def read_name_link(author: Record, link: Node, href: str, words: str) -> None:
    """The link that names the author; one that leads nowhere belongs to a guest or an account from elsewhere."""
    label = link.first_child
    if label is not None and label.tag_id != TEXT and label.next is not None:  # a label such as 作者： inside the link
        said = one_line(text_of(label)) or ""
        if is_hidden(label.attributes) or said.endswith((":", "：")):
            words = words.removeprefix(said).strip() or words
    if href.startswith("javascript"):
        _read_stranger(author, link, words)
        return
    uid = _urls.uid_in(href)
    if uid is not None:
        author["uid"] = uid
    if words in ANONYMOUS and words not in GUESTS:  # to moderators the label is a link
        author.update(kind="anonymous", anonymous=True)
    else:
        author["name"] = words


def _read_stranger(author: Record, link: Node, words: str) -> None:
    """A guest, whose masked address stands inside the link or behind it, or an account from elsewhere."""
    remark = link.first_child
    while remark is not None and remark.tag_id != _EM:
        remark = remark.next
    if remark is not None:
        words = words.removesuffix(one_line(text_of(remark)) or "").rstrip()
    else:
        remark = link.next
        while remark is not None and remark.tag_id == TEXT:
            remark = remark.next
    masked = _MASKED_IP.search(text_of(remark)) if remark is not None and remark.tag_id == _EM else None
    if masked is not None or words in ANONYMOUS:
        ip = masked[1] if masked is not None else None
        author.update(kind="guest", ip=ip or None, name=None if words in ANONYMOUS else words)
    else:
        author.update(kind="external", name=words)


def read_bare_name(author: Record, node: Node, words: str) -> None:
    """Words in the place of a name: anonymous, or a guest or deleted member where a remark stands behind them."""
    remark = node.next
    said = one_line(text_of(remark)) if remark is not None and remark.tag_id == _EM and not remark.id else None
    if said is None:
        author.update(kind="anonymous", anonymous=True)
    elif (masked := _MASKED_IP.search(said)) is not None:
        author.update(kind="guest", ip=masked[1], name=None if words in ANONYMOUS else words)
    else:
        author.update(kind="deleted", name=words)


def read_avatar(page: Source, author: Record, image: Node) -> None:
    """The face in the author column; its address also holds the uid, which is all that some skins leave."""
    if "avatar_url" in author:
        return
    attributes = image.attributes
    src = attributes.get("src") or attributes.get("file")
    if src and "avatar" in src:
        if "noavatar" not in src:
            author["avatar_url"] = page.absolute(src)
        if "uid" not in author and (uid := _urls.avatar_uid(src)) is not None:
            author["uid"] = uid


def _read_profile(profile: dict[str, str], box: Node) -> None:
    """A list of labels and values."""
    label = None
    node = box.first_child
    while node is not None:
        tag = node.tag_id
        if tag == _DT:
            label = text_of(node).strip(" \t\r\n\xa0:：")
        elif tag == _DD and label and label not in profile and (value := _value_of(node)):
            profile[label] = value
        node = node.next


def _read_counter(profile: dict[str, str], cell: Node) -> None:
    """A number above its label."""
    number = cell.first_child
    label = number.next if number is not None else None
    if number is not None and label is not None and label.tag_id == TEXT:
        name, value = (label.text_content or "").strip(), _value_of(number)
        if name and value and name not in profile:
            profile[name] = value


def _value_of(node: Node) -> str | None:
    """Text of a value; the full number where the page shortens it (`2万` with a title)."""
    inner = node.first_child
    while inner is not None and inner.tag_id != TEXT:
        if inner.tag_id == _SPAN and (title := inner.attributes.get("title")) and title.isdigit():
            return title
        inner = inner.first_child
    return one_line(inline_text(node))
