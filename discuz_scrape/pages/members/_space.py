"""What the pages of a member's space share: whose it is."""

from __future__ import annotations

from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import TAG_IDS, TEXT, Node, elements, first, one_line, select, text_of
from discuz_scrape._source import Source
from discuz_scrape.pages.threads._author import read_avatar

__all__ = ["find_avatar", "read_member", "read_owner"]

_A, _H2, _IMG = (TAG_IDS[name] for name in ("a", "h2", "img"))

Record = dict[str, Any]


def read_owner(page: Source) -> Record:
    """Number, name and avatar of the member, from the header of the space or the card beside it."""
    owner: Record = {}
    for box in (*select(page.root, "#uhd")[:1], *select(page.root, "#pcd")[:1]):
        for node in elements(box):
            tag = node.tag_id
            if tag == _IMG:
                read_avatar(page, owner, node)
            elif tag == _H2 and "name" not in owner and (name := _name_in(node)) is not None:
                owner["name"] = name
            elif tag == _A and "uid" not in owner and (uid := _urls.uid_in(node.attributes.get("href"))) is not None:
                owner["uid"] = uid
    if "name" not in owner or "uid" not in owner:
        _read_crumb(page, owner)
    return owner


def find_avatar(page: Source, owner: Record) -> None:
    """The member's face, where a skin shows it in a place of its own."""
    if "avatar_url" not in owner and owner.get("uid") is not None:
        for image in select(page.root, 'img[src*="avatar"]'):
            if _urls.avatar_uid(image.attributes.get("src")) == owner["uid"]:
                read_avatar(page, owner, image)


def _name_in(heading: Node) -> str | None:
    """The name in a heading, bare or as a link; other elements in it are icons and the viewer's own note."""
    parts = []
    node = heading.first_child
    while node is not None:
        if node.tag_id == TEXT or node.tag_id == _A:
            parts.append(text_of(node) if node.tag_id == _A else node.text_content or "")
        node = node.next
    return one_line("".join(parts))


def _read_crumb(page: Source, owner: Record) -> None:
    """The link to the space in the breadcrumb."""
    for link in select(page.root, "#pt a[href]"):
        uid = _urls.uid_in(link.attributes.get("href"))
        if uid is not None and owner.get("uid", uid) == uid:
            owner.setdefault("uid", uid)
            if (words := one_line(text_of(link))) is not None:
                owner.setdefault("name", words)
            return


def read_member(page: Source) -> Record | None:
    """The member whose list this is; on a page of one's own without a header, the viewer."""
    member = read_owner(page)
    find_avatar(page, member)
    if "uid" not in member and (viewer := page.viewer_uid()):
        member["uid"] = viewer
        if (link := first(page.root, "#um .vwmy a")) is not None:
            member["name"] = one_line(text_of(link))
    return member or None
