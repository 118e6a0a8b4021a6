"""Who wrote a post: name, group, avatar and numbers of the author column, or what a skin left of them.

The column is read from its markup, either cut out of the page as shipped (`_frame`) or as the engine writes a box of
its tree: half of a page is author columns, and no tree is needed for a few links and a list.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import TAG_IDS, TEXT, Node, is_hidden, one_line, text_of, unescape_attribute
from discuz_scrape._source import Source
from discuz_scrape._words import ANONYMOUS, GUESTS

__all__ = [
    "is_space", "read_avatar", "read_bare_name", "read_column", "read_name_link", "read_trace", "settle_name",
]  # fmt: skip

_A, _EM, _IMG = (TAG_IDS[name] for name in ("a", "em", "img"))

# Every repetition is possessive and stops at the next tag of its kind, so no markup is gone through twice.
_ATTRIBUTES = r'[^<>"]*+(?>(?:"[^"]*+"[^<>"]*+)*)'
_LINKED = rf'<a\b{_ATTRIBUTES}>(?:<span\ title=")?(?P<{{}}>\d++)(?:">[^<]*+</span>)?</a>'
_PARTS = re.compile(
    rf"""
    <a\b (?:[ ]href="(?P<href>[^"]*+)")? (?P<link>{_ATTRIBUTES}>) (?P<inside>[^<]*+(?>(?:<(?!/?a\b)[^<]*+)*)) </a>
      (?:\s*+ <em\b{_ATTRIBUTES}> (?P<remark>[^<]*+))?
    | <img\b (?P<image>{_ATTRIBUTES}>)
    | <dt\b{_ATTRIBUTES}> (?P<label>[^<]*+(?>(?:<(?!/?d[dlt]\b)[^<]*+)*)) </dt> \s*+ <dd\b{_ATTRIBUTES}>
      (?:{_LINKED.format("points")}</dd> | (?P<value>[^<]*+(?>(?:<(?!/?d[dlt]\b)[^<]*+)*)) </dd>)
    | <t[dh]\b{_ATTRIBUTES}> \s*+ <p\b{_ATTRIBUTES}>
      (?:{_LINKED.format("count")}</p> | (?P<number>[^<]*+(?>(?:<(?!/?(?:p|t[dhr])\b)[^<]*+)*)) </p>)
      \s*+ (?P<unit>[^<\s][^<]*+)
    | <p\s(?=[^<>]*?class="[^"<>]*\b(?:xg1|customstatus)\b){_ATTRIBUTES}> (?P<line>[^<]*+(?>(?:<(?!/?p\b)[^<]*+)*)) </p>
    """,
    re.VERBOSE,
).finditer
"""Links and the remark behind them, pictures, labels with values, numbers with labels, grey lines.

Where a link is all there is of a value, as with most, it has a group for the digits: those of a title, where the page
shortens the number (`2万`).
"""
_NAME_MARK = re.compile(r' class="[^"]*xw1').search
_PLACE = re.compile(r'<div\b[^<>]*?\sclass="(?:[^"<>]*[ ])?(authi|pi)[ "]').match
_VALUE_TITLE = re.compile(rf'(?:<{_ATTRIBUTES}>)*?<span\b[^<>]*\btitle="(\d+)"').match
_REMARK_INSIDE = re.compile(rf"<em\b{_ATTRIBUTES}>([^<]*+)").search
_LABEL_INSIDE = re.compile(rf"<(\w+)\b({_ATTRIBUTES})>([^<]*+)</\1>(?=.)", re.DOTALL).match
_BARE = re.compile(
    rf'<div\b(?=[^<>]*?\sclass="(?:[^"<>]* )?pi[ "]){_ATTRIBUTES}>([^<]+)(?:<em\b({_ATTRIBUTES})>([^<]*+))?'
)
_BOX = re.compile(rf'<div\b(?=[^<>]*?\bid="(?!favatar)){_ATTRIBUTES}>')
_DIV = re.compile(r"<(/?)div\b")
_REACH = 2_000  # characters from the head of a box to a name in it
_LONGEST = 60_000  # characters of a column, or of what stands before a time

_MASKED_IP = re.compile(r"((?:\d{1,3}\.){1,3}[x*.]+|[\da-f:]*\.x)(?::\d+)?", re.IGNORECASE)
_TOOL = re.compile(r"admin\.php|[?&](?:action|ac|op|do)=|plugin")  # moderators' links and plugins' carry a uid too

Record = dict[str, Any]


def read_column(page: Source, author: Record, markup: str) -> None:
    """Everything that the markup of an author column tells. Boxes with an id are hidden menus and the hover card."""
    if "<!--" in markup:  # in which a skin has put what it does not show
        shown, *comments = markup.split("<!--")
        markup = shown + "".join([comment.partition("-->")[2] for comment in comments])
    if ' id="userinfo' in markup:
        markup = _without_boxes(markup[:_LONGEST])
    profile: dict[str, str] = {}
    for part in _PARTS(markup, 0, _LONGEST):
        last = part.lastgroup
        if last == "unit":
            _read_number(profile, part["unit"], part["count"] or _value_of(part["number"]))
        elif last in ("points", "value"):
            _read_number(profile, part["label"], part["points"] or _value_of(part["value"]))
        elif last == "image":
            _settle_avatar(page, author, _picture(part["image"]))
        elif last == "line":
            if "name" in author and (title := one_line(_text(part["line"]))) is not None:
                author.setdefault("title", title)
        elif _read_link(page, author, part):
            return
    if profile:
        author["profile"] = profile
    if "name" in author:
        page.authors[author.get("uid", 0)] = author
    elif "kind" not in author:
        _read_bare_column(author, markup)


def _read_link(page: Source, author: Record, part: re.Match[str]) -> bool:
    """A link before the time: of the name, the group, or the avatar. True where all else is known of this author."""
    inside = part["inside"]
    if "<img" in inside:
        _settle_avatar(page, author, _picture(inside))
    if "group" in author:
        return False
    href = unescape_attribute(part["href"] or "") or _attribute(part["link"], ' href="') or ""
    if "usergroup" in href or "grouppermission" in href:
        words = one_line(_text(inside)) or one_line(_attribute(inside, ' alt="') or _attribute(inside, ' title="'))
        if words is not None:
            author["group"] = words
        return False
    if "name" in author and "uid" in author:
        return False
    words = one_line(_text(inside))
    uid = _urls.uid_in(href)
    if words is None:
        if "uid" not in author and uid is not None:
            author["uid"] = uid
    elif "name" not in author and "kind" not in author and _names_a_member(part, href):
        inner = None
        if "<" in inside:
            label = _LABEL_INSIDE(inside)
            said = one_line(_text(label[3])) or "" if label is not None else ""
            if label is not None and (said.endswith((":", "：")) or "none" in label[2]):
                words = words.removeprefix(said).strip() or words
            inner = _REMARK_INSIDE(inside)
        settle_name(author, href, uid, words, inner[1] if inner else None, part["remark"])
        known = page.authors.get(author["uid"]) if "name" in author and "uid" in author else None
        if known is not None:
            author.update(known)
            return True
    return False


def _names_a_member(part: re.Match[str], href: str) -> bool:
    """Whether a link leads to a member, or stands where the name of the author does."""
    if _NAME_MARK(part["link"]) is not None or is_space(href):
        return True
    markup, at = part.string, part.start()
    nearby = max(at - _REACH, 0)
    box = markup.rfind("<div", nearby, at)
    place = _PLACE(markup, box) if box > markup.rfind("</div", nearby, at) else None
    in_place = place is not None and (place[1] == "authi" or href.startswith("javascript"))
    return in_place and _urls.tid_in(href) is None


def is_space(href: str) -> bool:
    """Whether an address is that of a member's own page."""
    is_one = _urls.uid_in(href) is not None or "mod=space&" in href or "space-" in href
    return is_one and _TOOL.search(href) is None


def read_name_link(author: Record, link: Node, href: str, words: str) -> None:
    """The link that names an author."""
    label = link.first_child
    if label is not None and label.tag_id != TEXT and label.next is not None:  # a label such as 作者： inside the link
        said = one_line(text_of(label)) or ""
        if is_hidden(label.attributes) or said.endswith((":", "：")):
            words = words.removeprefix(said).strip() or words
    inner = link.first_child
    while inner is not None and inner.tag_id != _EM:
        inner = inner.next
    behind = link.next
    while behind is not None and behind.tag_id == TEXT:
        behind = behind.next
    settle_name(
        author,
        href,
        _urls.uid_in(href),
        words,
        text_of(inner) if inner is not None else None,
        text_of(behind) if behind is not None and behind.tag_id == _EM else None,
    )


def settle_name(
    author: Record, href: str, uid: int | None, words: str, inner: str | None, behind: str | None
) -> None:
    """Whom a link names.

    One that leads nowhere belongs to a guest, whose masked address stands inside the link or behind it, or to an
    account from elsewhere.
    """
    if href.startswith("javascript"):
        if inner is not None:
            words = words.removesuffix(one_line(inner) or "").rstrip()
        remark = inner if inner is not None else behind
        masked = _MASKED_IP.search(remark) if remark is not None else None
        if masked is not None or words in ANONYMOUS:
            ip = masked[1] if masked is not None else None
            author.update(kind="guest", ip=ip or None, name=None if words in ANONYMOUS else words)
        else:
            author.update(kind="external", name=words)
        return
    if uid is not None:
        author["uid"] = uid
    if words in ANONYMOUS and words not in GUESTS:  # to moderators the label is a link
        author.update(kind="anonymous", anonymous=True)
    else:
        author["name"] = words


def _read_bare_column(author: Record, markup: str) -> None:
    """A name without a link: the bare words of the box at the head of the column."""
    for found in _BARE.finditer(markup, 0, _LONGEST):
        if (words := one_line(_text(found[1]))) is not None:
            is_remark = found[2] is not None and " id=" not in found[2]
            _settle_bare_name(author, words, _text(found[3]) if is_remark else None)
            return


def read_bare_name(author: Record, node: Node, words: str) -> None:
    """A name without a link, outside a column."""
    remark = node.next
    is_remark = remark is not None and remark.tag_id == _EM and not remark.id
    _settle_bare_name(author, words, text_of(remark) if remark is not None and is_remark else None)


def _settle_bare_name(author: Record, words: str, remark: str | None) -> None:
    """Words in the place of a name: anonymous, or a guest or deleted member where a remark stands behind them."""
    said = one_line(remark)
    if said is None:
        author.update(kind="anonymous", anonymous=True)
    elif (masked := _MASKED_IP.search(said)) is not None:
        author.update(kind="guest", ip=masked[1], name=None if words in ANONYMOUS else words)
    else:
        author.update(kind="deleted", name=words)


def read_avatar(page: Source, author: Record, image: Node) -> None:
    """The face of a member, outside a column."""
    attributes = image.attributes
    _settle_avatar(page, author, attributes.get("src") or attributes.get("file"))


def read_trace(page: Source, author: Record, node: Node) -> None:
    """What an element outside a column tells: a face, or the first link to a member."""
    if node.tag_id == _IMG:
        read_avatar(page, author, node)
    elif node.tag_id == _A and not author.keys() & {"name", "kind"}:
        href = node.attributes.get("href") or ""
        words = one_line(text_of(node)) if is_space(href) else None
        if words is not None:
            read_name_link(author, node, href, words)


def _picture(markup: str) -> str | None:
    """Address of a picture; that of one that loads late stands in an attribute of its own."""
    return _attribute(markup, ' src="') or _attribute(markup, ' file="')


def _settle_avatar(page: Source, author: Record, src: str | None) -> None:
    """What the address of a face tells: it also holds the uid, which is all that some skins leave."""
    if src and "avatar" in src and "avatar_url" not in author:
        if "noavatar" not in src:
            author["avatar_url"] = page.absolute(src)
        if "uid" not in author and (uid := _urls.avatar_uid(src)) is not None:
            author["uid"] = uid


def _read_number(profile: dict[str, str], label: str, told: str | None) -> None:
    """What a label names, the first time that it stands there."""
    name = _text(label).strip(" \t\r\n\xa0:：")
    if name and told and name not in profile:
        profile[name] = told


def _value_of(inside: str) -> str | None:
    """Text of a value; the full number where the page shortens it (`2万` with a title)."""
    if ' title="' in inside and (title := _VALUE_TITLE(inside)) is not None:
        return title[1]
    return one_line(_text(inside))


def _attribute(attributes: str, name: str) -> str | None:
    """Value of an attribute, given as ` href="`: blank, name, and the opening quote."""
    start = attributes.find(name)
    if start < 0:
        return None
    start += len(name)
    return unescape_attribute(attributes[start : attributes.find('"', start)])


def _text(inside: str) -> str:
    """What a piece of markup shows: as written by Discuz or the engine, no text holds a bare `>`."""
    if "<" in inside:
        inside = "".join([piece.rpartition(">")[2] for piece in inside.split("<")])
    return unescape(inside) if "&" in inside else inside


def _without_boxes(markup: str) -> str:
    """A column without the boxes in it that have an id."""
    kept = []
    done = 0
    while (box := _BOX.search(markup, done)) is not None:
        kept.append(markup[done : box.start()])
        depth, done = 1, len(markup)
        for tag in _DIV.finditer(markup, box.end()):
            depth += -1 if tag[1] else 1
            if depth == 0:
                done = tag.start()
                break
    kept.append(markup[done:])
    return "".join(kept)
