"""Who wrote a post: read from the author column, else from the date line."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import TAG_IDS, TEXT, Node, descendants, has_class, one_line, text_of
from discuz_scrape._page import Page
from discuz_scrape._words import ANONYMOUS

__all__ = ["read_author", "side_column"]

_A, _IMG, _EM, _P, _DIV, _SPAN = (TAG_IDS[name] for name in ("a", "img", "em", "p", "div", "span"))
_TH, _TD, _DT, _DD, _TR, _UL, _SCRIPT = (TAG_IDS[name] for name in ("th", "td", "dt", "dd", "tr", "ul", "script"))
_CELLS = (_TD, _TH)
_MASKED_IP = re.compile(r"((?:\d{1,3}\.){1,3}[x*.]+|[\da-f:]*\.x)(?::\d+)?", re.IGNORECASE)
_TOOL = re.compile(r"admin\.php|[?&](?:action|ac|op|do)=|plugin")  # moderators' links and plugins' carry a uid too
_NO_AVATAR = re.compile(r"noavatar|hidden\.gif")
_PRUNED = frozenset({"p_pop", "tip", "md_ctrl"})  # the hover card repeats the name, tips the group

Record = dict[str, Any]


def side_column(date_line: Node | None) -> Node | None:
    """The cell of the author column: the one before the cell that holds the date line."""
    node = date_line
    for _ in range(12):
        if node is None:
            return None
        if node.tag_id == _TD:
            break
        node = node.parent
    before = node.prev if node is not None else None
    while before is not None and before.tag_id not in _CELLS:
        before = before.prev
    return before


def read_author(page: Page, column: Node | None, posted: Node | None) -> Record:
    """The author as far as column and date line tell; `posted` is the element with the time."""
    author: Record = {}
    if column is not None:
        _Column(page, author).read(column)
    if "name" not in author and "kind" not in author and posted is not None:
        _read_date_line(page, author, posted)
    return author


class _Column:
    """The walk of one author column: name, avatar, group, title, and the numbers of the profile."""

    def __init__(self, page: Page, author: Record) -> None:
        self.page = page
        self.author = author
        self.profile: dict[str, str] = {}
        self.label: str | None = None

    def read(self, column: Node) -> None:
        left: list[Node] = []
        node = column.first_child
        while node is not None or left:
            if node is None:
                node = left.pop().next
                continue
            if self._enter(node, node.tag_id):
                child = node.first_child
                if child is not None:
                    left.append(node)
                    node = child
                    continue
            node = node.next
        if self.profile:
            self.author["profile"] = self.profile
        if "name" not in self.author and "kind" not in self.author:
            self._read_bare_name(column)

    def _read_bare_name(self, column: Node) -> None:
        """A name without a link, anonymous or deleted: the only words of the box at the head of the column."""
        for node in descendants(column):
            if node.tag_id == TEXT and (words := one_line(node.text_content)):
                box = node.parent
                if box is not None and has_class(box, "pi"):
                    read_bare_name(self.author, node, words)
                    return

    def _enter(self, node: Node, tag: int | None) -> bool:
        if tag == TEXT:
            return False
        if tag == _A:
            self._link(node)
            return "avatar_url" not in self.author
        if tag == _IMG:
            self._picture(node)
            return False
        if tag == _TH or tag == _TD:
            self._counter(node)
            return False
        if tag == _DT:
            self.label = one_line(text_of(node))
            return False
        if tag == _DD:
            value = _value_of(node)
            if self.label and value:
                self.profile.setdefault(self.label.rstrip(":："), value)
            return False
        if tag == _UL or tag == _SCRIPT:
            return False
        if tag == _P and "xg1" in (node.attributes.get("class") or "") and "name" in self.author:
            if words := one_line(text_of(node)):
                self.author.setdefault("title", words)
            return False
        if tag == _DIV:
            classes = node.attributes.get("class") or ""
            return not classes or _PRUNED.isdisjoint(classes.split())
        return True

    def _link(self, link: Node) -> None:
        author = self.author
        href = link.attributes.get("href") or ""
        words = one_line(text_of(link))
        if words is None:
            uid = _urls.uid_in(href)
            if uid is not None:
                author.setdefault("uid", uid)
        elif "usergroup" in href:
            author.setdefault("group", words)
        elif "name" not in author and "kind" not in author and _is_member_link(link, href):
            read_name_link(author, link, href, words)

    def _picture(self, image: Node) -> None:
        src = image.attributes.get("src") or image.attributes.get("file")
        if src and "avatar" in src and "avatar_url" not in self.author:
            if not _NO_AVATAR.search(src):
                self.author["avatar_url"] = self.page.absolute(src)
            uid = _urls.avatar_uid(src)
            if uid is not None:
                self.author.setdefault("uid", uid)

    def _counter(self, cell: Node) -> None:
        """A number above its label; numbers that are shortened stand in full in a title."""
        number = label = None
        child = cell.first_child
        while child is not None:
            if child.tag_id == TEXT:
                label = one_line(child.text_content) or label
            elif number is None:
                number = _value_of(child)
            child = child.next
        if number and label:
            self.profile.setdefault(label, number)


def _is_member_link(link: Node, href: str) -> bool:
    """Whether a link leads to a member, or stands where the name of the author does."""
    box = link.parent
    if has_class(link, "xw1") or (box is not None and has_class(box, "authi")):
        return True
    is_space = _urls.uid_in(href) is not None or "mod=space&" in href or "space-" in href
    return is_space and _TOOL.search(href) is None


def _value_of(node: Node) -> str | None:
    """Text of a value; the full number where the page shortens it (`2万` with a title)."""
    inner = node.first_child
    while inner is not None:
        if inner.tag_id == _SPAN and (title := inner.attributes.get("title")) and title.isdigit():
            return title
        if inner.tag_id == _A or inner.tag_id == _P:
            return _value_of(inner) or one_line(text_of(node))
        inner = inner.next
    return one_line(text_of(node))


def read_name_link(author: Record, link: Node, href: str, words: str) -> None:
    """The link that names the author; one that leads nowhere belongs to a guest or an account from elsewhere."""
    label = link.first_child
    if label is not None and label.tag_id != TEXT and label.next is not None:
        words = one_line((label.next.text_content if label.next.tag_id == TEXT else None) or words) or words
    if href.startswith("javascript"):
        remark = link.next
        while remark is not None and remark.tag_id == TEXT:
            remark = remark.next
        masked = _MASKED_IP.search(text_of(remark)) if remark is not None and remark.tag_id == _EM else None
        if masked is not None:
            author.update(kind="guest", ip=masked[1], anonymous=words in ANONYMOUS)
        else:
            author.update(kind="external", name=words)
        return
    author["name"] = words
    uid = _urls.uid_in(href)
    if uid is not None:
        author["uid"] = uid


def read_bare_name(author: Record, node: Node, words: str) -> None:
    """Words in the place of a name."""
    remark = node.next
    if remark is not None and remark.tag_id == _EM and not (remark.id or "") and one_line(text_of(remark)):
        masked = _MASKED_IP.search(text_of(remark))
        if masked is not None:
            author.update(kind="guest", ip=masked[1], name=None if words in ANONYMOUS else words)
        else:
            author.update(kind="deleted", name=words)
    else:
        author.update(kind="anonymous", anonymous=True)


def _read_date_line(page: Page, author: Record, posted: Node) -> None:
    """A name in the date line: the first link to a member that has text, or bare words before the time."""
    line = posted.parent
    node = line.first_child if line is not None else None
    while node is not None and node.mem_id != posted.mem_id:
        tag = node.tag_id
        if tag == _A:
            attributes = node.attributes
            href = attributes.get("href") or ""
            words = one_line(text_of(node))
            if words is not None:
                read_name_link(author, node, href, words)
                return
            uid = _urls.uid_in(href)
            if uid is not None:
                author.setdefault("uid", uid)
                image = node.first_child
                src = image.attributes.get("src") if image is not None and image.tag_id == _IMG else None
                if src and not _NO_AVATAR.search(src):
                    author.setdefault("avatar_url", page.absolute(src))
        elif tag == TEXT and "uid" not in author:
            words = one_line(node.text_content)
            if words and words.strip("|· ") and not _is_label(node):
                read_bare_name(author, node, words)
                return
        node = node.next


def _is_label(node: Node) -> bool:
    """Whether words in a date line are the starter's mark: a bar follows them."""
    after = node.next
    return after is not None and after.tag_id == _SPAN and "pipe" in (after.attributes.get("class") or "")
