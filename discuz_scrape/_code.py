"""Blocks of code: their lines with the white space that counts, without junk, gutters and labels."""

from __future__ import annotations

from discuz_scrape._content import TAB
from discuz_scrape._html import TAG_IDS, TEXT, Node, has_class, is_unseen

__all__ = ["code_lines"]

_BR, _LI = TAG_IDS["br"], TAG_IDS["li"]
_GUTTERS = ("gutter", "line-numbers-rows", "linenumber", "lineno")


def code_lines(block: Node) -> list[str]:
    """Lines below a node with their white space, blanks as nbsp; no junk, gutters and labels."""
    text: list[str] = []
    stack: list[Node] = []
    keep_newlines = block.tag == "pre"
    node = block.first_child
    while node is not None or stack:
        if node is None:
            node = stack.pop().next
            continue
        tag = node.tag_id
        if tag == TEXT:
            words = node.text_content or ""
            text.append(words if keep_newlines else words.replace("\r", "").replace("\n", ""))
        elif tag == _BR:
            text.append("\n")
        elif not _is_code_chrome(node) and (child := node.first_child) is not None:
            if tag == _LI and text:
                text.append("\n")
            stack.append(node)
            node = child
            continue
        node = node.next
    return [line.rstrip().replace("\t", TAB).replace(" ", "\xa0") for line in "".join(text).strip("\r\n").split("\n")]


def _is_code_chrome(node: Node) -> bool:
    attributes = node.attributes
    classes = attributes.get("class") or ""
    label = node.tag in ("a", "em", "h5") or "headactions" in classes
    if label and node.parent is not None and has_class(node.parent, "blockcode"):
        return True  # the word above the code, and what copies it, in any language
    if is_unseen(attributes) or node.tag in ("script", "style"):
        return True
    return any(name in classes for name in _GUTTERS)
