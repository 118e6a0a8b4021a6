"""The only module that knows the HTML engine (selectolax on Lexbor).

Everything else reads a tree through `Node`'s own surface: `tag`, `tag_id`, `id`, `attributes`, `text_content`,
`first_child`, `next`, `prev`, `parent`, and through the functions below. An engine that offers those can replace this
one. A tree is never changed, and no node outlives the parse: models hold plain values only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import islice

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser
from selectolax.lexbor import LexborNode as Node

__all__ = [
    "BLOCK_TAGS", "SILENT_TAGS", "TAG_IDS", "TEXT", "Node", "beginning_of", "children", "descendants", "elements",
    "has_class", "inline_text", "is_hidden", "is_unseen", "one_line", "parse", "pass_over", "select", "skip", "text_of",
    "unescape_attribute",
]  # fmt: skip

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def parse(text: str | bytes) -> Node:
    """The root of the tree of a page, or of a piece of one (bytes are UTF-8); never raises on odd markup."""
    root = LexborHTMLParser(text, options=LexborDocumentOptions.WO_EVENTS).root
    if root is None:  # an empty text has no tree of its own
        root = LexborHTMLParser("<html></html>").root
    assert root is not None  # noqa: S101 - the engine makes html, head and body for any text
    return root


_BLOCKS = """
    address article aside blockquote center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5
    h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul
"""
_OTHERS = """
    a audio b br button cite em embed font i iframe img input noscript object option script select source span strong
    style td template th video
"""


def _learn_tag_ids() -> dict[str, int]:
    """The engine's numbers for the tags that matter: comparing numbers is three times cheaper than comparing names."""
    names = f"{_BLOCKS} {_OTHERS}".split()
    ids = {}
    for name in names:
        inside_table = name in {"tbody", "td", "tfoot", "th", "thead", "tr"}
        markup = f"<table><{name}></{name}></table>" if inside_table else f"<{name}></{name}>"
        found = LexborHTMLParser(markup).css_first(name)
        if found is not None and found.tag_id is not None:
            ids[name] = found.tag_id
    return ids


TAG_IDS = _learn_tag_ids()
"""Name of a tag to the number in `Node.tag_id`."""

SILENT_TAGS = frozenset(TAG_IDS[name] for name in ("noscript", "script", "style", "template"))
"""Numbers of the tags that hold text which is not shown."""


def _learn_text_id() -> int:
    body = LexborHTMLParser("x").body
    assert body is not None and body.first_child is not None and body.first_child.tag_id is not None  # noqa: S101
    return body.first_child.tag_id


BLOCK_TAGS = frozenset(
    TAG_IDS[name]
    for name in _BLOCKS.split()
)
"""Numbers of the tags that stand on lines of their own."""


TEXT: int = _learn_text_id()
"""`Node.tag_id` of a text node."""


def select(node: Node, selector: str) -> list[Node]:
    """All descendants that match a CSS selector, once each, in page order."""
    found = node.css(selector)
    if "," not in selector:
        return found
    once, before = [], 0
    for each in found:  # the engine names a node again for each alternative that it matches
        if (identity := each.mem_id) != before:
            once.append(each)
            before = identity
    return once


def first(node: Node, selector: str) -> Node | None:
    """The first element that a selector finds."""
    return next(iter(select(node, selector)), None)


def descendants(node: Node, *, blank: bool = True) -> Iterator[Node]:
    """All nodes below `node` in page order, text included, whatever the depth; on demand without blank text."""
    below = node.traverse(include_text=True, skip_empty=not blank)
    next(below, None)
    return below


def children(node: Node) -> Iterator[Node]:
    """The elements directly inside `node`."""
    return node.iter()


def elements(node: Node) -> Iterator[Node]:
    """All elements below `node` in page order, without text: twice as fast as `descendants`."""
    below = node.traverse()
    next(below, None)
    return below


def skip(walk: Iterator[Node], node: Node) -> None:
    """Lead a walk over `elements` past those below the one that it has just reached."""
    if node.first_child is not None:
        for _ in elements(node):
            next(walk, None)


def pass_over(walk: Iterator[Node], node: Node) -> None:
    """The same for a walk over `descendants`."""
    for _ in descendants(node):
        next(walk, None)


def outermost(scope: Node, tag: str) -> Iterator[Node]:
    """The elements of a tag, without those inside another one of them: each part of the page is read once."""
    number = TAG_IDS[tag]
    walk = elements(scope)
    for node in walk:
        if node.tag_id == number:
            yield node
            skip(walk, node)


def topmost(nodes: Iterable[Node]) -> Iterator[Node]:
    """Of elements in page order those that lie in none of the others: each part of the page is read once."""
    within: set[int] = set()
    for node in nodes:
        if node.mem_id not in within:
            within.update(inner.mem_id for inner in elements(node))
            yield node


def text_of(node: Node, *, shown: bool = False) -> str:
    """All text below `node` as it stands, without scripts and styles; on demand only what is shown of it."""
    only = node.first_child
    if only is None:
        return node.text_content or ""
    while only is not None and only.next is None:  # most that are asked for hold one text or picture
        tag = only.tag_id
        if tag == TEXT:
            return only.text_content or ""
        only = None if tag in SILENT_TAGS or (shown and is_unseen(only.attributes)) else only.first_child
    if only is None:
        return ""
    parts = []
    walk = descendants(node)
    for each in walk:
        tag = each.tag_id
        if tag == TEXT:
            parts.append(each.text_content or "")
        elif tag in SILENT_TAGS or (shown and is_unseen(each.attributes)):
            pass_over(walk, each)
    return "".join(parts)


def beginning_of(node: Node, most: int = 400) -> str:
    """The text among the first nodes below an element: all of a small one, bounded where they nest without end."""
    return "".join(part.text_content or "" for part in islice(descendants(node), most) if part.tag_id == TEXT)


def inline_text(node: Node) -> str:
    """All text below an element that holds no scripts, such as a link: read by the engine, not node by node."""
    return node.text()


def one_line(text: str | None) -> str | None:
    """`text` with runs of white space (nbsp too) as one space, trimmed; None where nothing remains."""
    if text and "\0" in text:  # browsers show none, and databases take none
        text = text.replace("\0", "")
    return " ".join(text.split()) or None if text else None


def unescape_attribute(value: str) -> str:
    """The value of an attribute as it is written in markup; one without `;` holds no entity, such as an address."""
    if ";" not in value:
        return value
    plain = value.replace("&amp;", "&")
    return unescape(value) if ";" in plain else plain


def has_class(node: Node, name: str) -> bool:
    """Whether `name` is one of the classes of `node`."""
    return name in (node.attributes.get("class") or "").split()


def is_hidden(attributes: dict[str, str | None]) -> bool:
    """Whether the attributes of an element keep it from being shown."""
    style = attributes.get("style")
    return "hidden" in attributes or (style is not None and _HIDDEN.search(style) is not None)


def is_unseen(attributes: dict[str, str | None]) -> bool:
    """Whether an element is hidden, or holds the junk that boards put between words against copying."""
    return "jammer" in (attributes.get("class") or "") or is_hidden(attributes)
