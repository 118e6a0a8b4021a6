"""Rewritten addresses: one pattern string that reads and builds, spelled as in Discuz's own settings.

`thread-{tid}-{page}-{prevpage}.html` stands for `forum.php?mod=viewthread&tid=…`. A pattern is matched against the
end of a path, as many segments as it has, so it says nothing of the folder of the forum. What it stands for is told by
its placeholders; where those leave a doubt, by a name before a colon (`group:circle/{fid}/{page}`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from urllib.parse import quote

__all__ = ["DEFAULT_RULES", "Rule", "compile_rules"]

STOCK_RULES = (
    "thread-{tid}-{page}-{prevpage}.html",
    "forum-{fid}-{page}.html",
    "group-{fid}-{page}.html",
    "space-{user}-{value}.html",
    "blog-{uid}-{blogid}.html",
    "article-{id}-{page}.html",
    "topic-{name}.html",
    "archiver/{action}-{value}.html",
)
"""What Discuz ships."""

_TASTES = (
    ("thread", "-{tid}", "-{tid}-{page}", "-{tid}-{page}-{prevpage}", "/{tid}", "/{tid}/{page}", "/{tid}-{page}"),
    ("t", "{tid}", "{tid}-{page}", "{tid}-{page}-{prevpage}", "/{tid}", "/{tid}/{page}"),
    ("t", "-{tid}", "-{tid}-{page}", "-{tid}-{page}-{prevpage}"),
    ("forum", "-{fid}", "-{fid}-{page}", "/{fid}", "/{fid}/{page}", "/{fid}-{page}"),
    ("f", "{fid}", "{fid}-{page}"),
    ("space", "-{uid}", "/{uid}"),
    ("user", "-{uid}", "/{uid}"),
    ("u", "{uid}", "-{uid}", "/{uid}"),
    ("uid", "-{uid}"),
    ("suid", "-{uid}"),
    ("people", "/{uid}"),
)

DEFAULT_RULES: tuple[str, ...] = (
    *STOCK_RULES,
    *(word + form + end for word, *forms in _TASTES for form, end in product(forms, ("", ".html"))
      if word + form + end not in STOCK_RULES),
    "{pluginid}-{module}.html",
)  # fmt: skip
"""Discuz's own rewrite patterns, then those that owners like; what a site really does, `learn_rules` tells."""

_NUMBER = "[0-9]{1,18}"
_WORDS = {
    "user": "uid|username", "value": "[^/]{1,300}", "name": "[^/]{1,300}", "username": "[^/]{1,300}",
    "action": "tid|fid", "pluginid": "[a-z][a-z0-9_]{0,99}", "module": "[a-z0-9_-]{1,100}",
}  # fmt: skip
_NUMBERS = frozenset({"tid", "page", "prevpage", "uid", "id", "blogid"})
_KEYWORD = "[0-9A-Za-z_]{1,99}"
_FREE = frozenset({"value", "name", "username"})  # they match nearly anything
_PLACE = re.compile(r"\{([^{}]*)\}")

_STANDS_FOR: dict[str, tuple[str, dict[str, str]]] = {
    "thread": ("forum.php", {"mod": "viewthread"}),
    "board": ("forum.php", {"mod": "forumdisplay"}),
    "group": ("forum.php", {"mod": "group"}),
    "space": ("home.php", {"mod": "space"}),
    "blog": ("home.php", {"mod": "space", "do": "blog"}),
    "article": ("portal.php", {"mod": "view"}),
    "topic": ("portal.php", {"mod": "topic"}),
    "archiver": ("archiver/", {}),
    "plugin": ("plugin.php", {}),
}
"""The script and parameters that a pattern of each kind stands for."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern, compiled."""

    pattern: str
    """As given."""
    kind: str
    """What it stands for, a key of `_STANDS_FOR`."""
    segments: int
    """How many segments of a path it describes."""
    places: frozenset[str]
    """Its placeholders."""
    _match: re.Pattern[str]

    def read(self, path: str) -> tuple[str, str, dict[str, str]] | None:
        """Folder, script and parameters (as written) that a path stands for; None where it ends in another way."""
        folder, tail = self._split(path)
        found = self._match.fullmatch(tail)
        if found is None:
            return None
        script, fixed = _STANDS_FOR[self.kind]
        return folder, script, fixed | dict(_params(self.kind, found.groupdict()))

    def _split(self, path: str) -> tuple[str, str]:
        parts = path.rsplit("/", self.segments)
        return (parts[0] + "/", path[len(parts[0]) + 1 :]) if len(parts) > self.segments else ("", path)

    def build(self, values: Mapping[str, int | str]) -> str | None:
        """The path that has these values; None where the pattern cannot tell them all."""
        if values.get("page", 1) != 1 and "page" not in self.places:
            return None
        values = {"page": 1, "prevpage": 1} | dict(values)
        if not self.places <= values.keys():
            return None
        text = self.pattern.removeprefix(self.kind + ":").lstrip("/")
        path = _PLACE.sub(lambda place: quote(str(values[place[1]]), safe=""), text)
        return path if self._match.fullmatch(path) else None


def _params(kind: str, read: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """The parameters of a script for what the placeholders of a pattern hold."""
    for place, value in read.items():
        match kind, place:
            case _, "prevpage" | "user" | "action":  # the page of the list it was reached from says nothing
                pass
            case "space", "value":
                yield read["user"], value
            case "archiver", "value":
                yield read["action"], value
            case "article", "id":
                yield "aid", value
            case "blog", "blogid":
                yield "id", value
            case "topic", "name":
                yield "topic", value
            case "plugin", "pluginid":
                yield "id", f"{value}:{read['module']}" if "module" in read else value
            case "plugin", "module":
                pass
            case _:
                yield place, value


def compile_rules(rules: str | Iterable[str]) -> tuple[Rule, ...]:
    """Patterns ready for use, in the order given. Raises ValueError for one that cannot be a pattern."""
    return _compile_all((rules,) if isinstance(rules, str) else tuple(rules))


@lru_cache(maxsize=64)
def _compile_all(patterns: tuple[str, ...]) -> tuple[Rule, ...]:
    return tuple(map(_compile, patterns))


@lru_cache(maxsize=512)
def _compile(pattern: str) -> Rule:
    named, _, rest = pattern.rpartition(":")
    text = rest.lstrip("/")
    places = _PLACE.findall(text)
    if not 0 < len(pattern) <= 300 or "?" in text or "#" in text or named.startswith("http"):
        raise ValueError(f"{pattern!r} is no rewrite pattern: it is a path such as thread-{{tid}}-{{page}}.html")
    if len(set(places)) < len(places) or re.search(r"\}\{", text) or len(_FREE & set(places)) > 1:
        raise ValueError(f"the rewrite pattern {pattern!r} is ambiguous")
    if unknown := set(places) - _NUMBERS - _WORDS.keys() - {"fid"}:
        raise ValueError(f"the rewrite pattern {pattern!r} has a placeholder that is not known: {{{min(unknown)}}}")
    kind = named or _kind(frozenset(places), text)
    if kind not in _STANDS_FOR:
        raise ValueError(f"the rewrite pattern {pattern!r} does not tell what it stands for")
    parts = _PLACE.split(text)
    source = [
        f"(?P<{part}>{_class(part, parts[at - 1])})" if at % 2 else re.escape(part) for at, part in enumerate(parts)
    ]
    return Rule(pattern, kind, text.count("/") + 1, frozenset(places), re.compile("".join(source)))


def _kind(places: frozenset[str], text: str) -> str:
    """What a pattern stands for, by its placeholders."""
    for place, kind in (("tid", "thread"), ("action", "archiver"), ("pluginid", "plugin"), ("blogid", "blog")):
        if place in places:
            return kind
    if "fid" in places:
        return "group" if "group" in text else "board"
    if "uid" in places:
        return "blog" if "id" in places else "space"
    if "username" in places or {"user", "value"} <= places:
        return "space"
    return "article" if "id" in places else "topic" if "name" in places else ""


def _class(place: str, before: str) -> str:
    """What a placeholder may hold. A board may have a word for its number, but not glued to another word."""
    if place in _NUMBERS:
        return _NUMBER
    if place == "fid":
        return _NUMBER if before[-1:].isalnum() else _KEYWORD
    return _WORDS[place]
