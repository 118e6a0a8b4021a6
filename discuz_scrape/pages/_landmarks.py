"""Where things are on a thread page: one selection over the tree, sorted by the post that they belong to.

All selectors of the thread page stand here. Ids survive nearly every skin, so they come first; the classes are those
that have no id. Everything else is reached from these landmarks by a few steps.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from discuz_scrape._html import Node, inside, select

__all__ = ["Landmarks", "Spot", "find_landmarks"]

_CLASSES = (
    "attach_nopermission",  # files hidden from this viewer, behind the body
    "locked",  # a notice in place of the body, or before it
    "mobile-location",
    "modact",  # last moderator action
    "pattl",  # files below the body
    "pcbs",  # box of a special thread
    "pdbts",  # side taken in a debate
    "pg",  # pager
    "ptg",  # tags
    "sign",  # signature
    "typeoption",  # sort form
)
_SELECTOR = "[id],h1,h2," + ",".join(f".{name}" for name in _CLASSES)
_CLASS_SET = frozenset(_CLASSES)
_DIGITS = "0123456789"

Spot = tuple[str, str, Node]
"""A landmark: id without its number (or class, or tag), the number, and the element."""


@dataclass(slots=True)
class Landmarks:
    """The landmarks of one post, in page order."""

    pid: int | None
    node: Node
    spots: list[Spot] = field(default_factory=list)

    def first(self, name: str) -> Node | None:
        """The first element of a name."""
        for spot in self.spots:
            if spot[0] == name:
                return spot[2]
        return None

    def all(self, name: str) -> list[Node]:
        """Every element of a name, in page order."""
        return [spot[2] for spot in self.spots if spot[0] == name]

    def without(self, seen: set[int]) -> dict[str, Node]:
        """First element of each name, leaving out those inside the body: what an author wrote is no landmark."""
        found: dict[str, Node] = {}
        for name, _, node in self.spots:
            if name not in found and node.mem_id not in seen:
                found[name] = node
        return found


def find_landmarks(root: Node) -> tuple[Landmarks, list[Landmarks]]:
    """The landmarks before the first post, and those of each post."""
    head = Landmarks(None, root)
    posts: list[Landmarks] = []
    current = head
    bodies: set[int] = set()
    siblings: int | None = None
    for node in select(root, _SELECTOR):
        ident = node.id
        if ident:
            name = ident.rstrip(_DIGITS)
            number = ident[len(name) :]
            if number and name in ("post_", "pid") and len(number) < 19:
                pid = int(number)
                if name == "post_" or pid != current.pid:
                    parent = node.parent
                    place = parent.mem_id if parent is not None else None
                    if place != siblings and inside(node, frozenset(bodies)):
                        continue  # somebody's own HTML that looks like a post
                    siblings = place
                    current = Landmarks(pid, node)
                    posts.append(current)
                    continue
            elif name == "postmessage_":
                bodies.add(node.mem_id)
            current.spots.append((name, number, node))
        else:
            current.spots.append((_class_or_tag(node), "", node))
    return head, posts


def _class_or_tag(node: Node) -> str:
    for name in (node.attributes.get("class") or "").split():
        if name in _CLASS_SET:
            return name
    return node.tag or ""
