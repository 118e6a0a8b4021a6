"""How a site rewrites its addresses, learned from one of its pages.

A page knows its own tid and fid, its pager says which page each link leads to, and an avatar says whose space is behind
it. So of each number in an address it can be told what it is, and the words around the numbers are the pattern. An
answer of the JSON API names the patterns outright.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic_core import from_json

from discuz_scrape import _urls
from discuz_scrape._address import Address, open_address
from discuz_scrape._html import children, inline_text, select
from discuz_scrape._rewrite import DEFAULT_RULES, compile_rules
from discuz_scrape._routes import SCRIPTS
from discuz_scrape._source import Source
from discuz_scrape.errors import ParseError

__all__ = ["learned_rules"]

_API_NAMES = {
    "forum_viewthread": "thread", "forum_forumdisplay": "board", "group_group": "group", "home_space": "space",
    "home_blog": "blog", "portal_article": "article", "portal_topic": "topic", "forum_archiver": "archiver",
    "plugin": "plugin",
}  # fmt: skip
_RUNS = re.compile(r"([0-9]+)")
_LABEL = re.compile(r"[\s.…]*([0-9]{1,9})[\s.…]*").fullmatch
_OWN_POSTS = re.compile(r"\bptid=([1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class _Link:
    path: str
    """Behind the root of the site."""
    page: int | None
    """The page that its text names, where it is but a number."""
    uid: int | None
    """The member whose avatar it holds."""
    sure: bool
    """Whether its place tells what it leads to: the canonical link, or the breadcrumb."""


def learned_rules(page: Source) -> tuple[str, ...]:
    """The rewrite patterns that a page shows, those of threads first; none where its site does not rewrite."""
    if page.text.lstrip("\ufeff \t\r\n").startswith("{"):
        return tuple(_told(page.text))
    links = list(_rewritten(page))
    plain = [link for link in links if link.uid is None]
    tid, fid = _own_tid(page), page.number("fid")
    found = list(_patterns("thread", "tid", plain, tid)) if tid else []
    if fid:
        others = [link for link in plain if tid is None or str(tid) not in _RUNS.findall(link.path)]
        found += _patterns("board", "fid", others, fid)
    for uid in dict.fromkeys(link.uid for link in links if link.uid is not None):
        found += _patterns("space", "uid", [link for link in links if link.uid == uid], uid)
    return tuple(dict.fromkeys(found))


def _told(text: str) -> Iterator[str]:
    """The patterns that are in use, by an answer of the JSON API."""
    try:
        answer = from_json(text.lstrip("\ufeff"))
    except ValueError:
        return
    variables = answer.get("Variables") if isinstance(answer, dict) else None
    if not isinstance(variables, dict):
        return
    patterns, used = variables.get("setting_rewriterule"), variables.get("setting_rewritestatus")
    if not isinstance(patterns, dict) or not isinstance(used, list | dict):
        return
    names = list(used.values() if isinstance(used, dict) else used)
    for name, kind in _API_NAMES.items():
        pattern = patterns.get(name)
        if name in names and isinstance(pattern, str):
            pattern = "archiver/" + pattern.lstrip("/") if kind == "archiver" else pattern
            try:
                (rule,) = compile_rules(pattern)
                yield rule.pattern if rule.kind == kind else f"{kind}:{pattern}"
            except ValueError:
                continue


def _own_tid(page: Source) -> int | None:
    """Number of the thread that a page shows: of a skin without scripts, the one that its permanent links name."""
    named = page.number("tid")
    if named is not None or not page.has_posts:
        return named
    counts = Counter(_OWN_POSTS.findall(page.text))
    return int(counts.most_common(1)[0][0]) if counts else None


def _rewritten(page: Source) -> Iterator[_Link]:
    """The links of a page to its own site that name no script."""
    trail = {id_ for node in select(page.root, "#pt a[href]") if (id_ := node.attributes.get("href"))}
    seen = []
    for node in select(page.root, "a[href]"):
        href = node.attributes.get("href") or ""
        address = _opened(page.absolute(href) or href)
        if address is not None:
            images = (child.attributes.get("src") for child in children(node))
            uid = next(filter(None, map(_urls.avatar_uid, images)), None)
            label = _LABEL(inline_text(node))
            seen.append((address, int(label[1]) if label else None, uid, href in trail))
    canonical = page.canonical()
    address = _opened(page.absolute(canonical) or canonical) if canonical else None
    if address is not None:
        seen.insert(0, (address, 1, None, True))
    root = _root([address for address, *_ in seen], page)
    for address, label_page, uid, sure in seen:
        whole = address.origin + address.path
        if whole.startswith(root) and not _is_script(address) and _RUNS.search(address.path):
            yield _Link(whole[len(root) :], label_page, uid, sure)


def _opened(href: str) -> Address | None:
    try:
        return open_address(href)
    except ParseError:
        return None


def _is_script(address: Address) -> bool:
    return address.path.rpartition("/")[2] in SCRIPTS or "archiver/" in address.path


def _root(addresses: Iterable[Address], page: Source) -> str:
    """The root of the site: the folder in which most scripts lie, for some links always stay dynamic."""
    folders = Counter(
        (address.origin + address.path).rpartition("/")[0] + "/"
        for address in addresses
        if address.path.rpartition("/")[2] in {"forum.php", "home.php"}
    )
    if folders:
        return folders.most_common(1)[0][0].lstrip("/") if page.base is None else folders.most_common(1)[0][0]
    return page.base or ""


def _patterns(kind: str, place: str, links: Iterable[_Link], number: int) -> Iterator[str]:
    """The patterns by which links to one thread, board or member are written, the surest first."""
    forms: dict[tuple[str, ...], list[tuple[list[str], _Link]]] = {}
    for link in links:
        parts = _RUNS.split(link.path)
        if str(number) in parts[1::2]:
            forms.setdefault(tuple(parts[::2]), []).append((parts[1::2], link))
    ordered = sorted(forms.items(), key=lambda form: not any(link.sure for _, link in form[1]))
    for words, rows in ordered:
        pattern = _pattern(kind, place, words, rows, str(number))
        if pattern is not None:
            yield pattern


def _pattern(
    kind: str, place: str, words: tuple[str, ...], rows: list[tuple[list[str], _Link]], number: str
) -> str | None:
    """One pattern for links that differ in their numbers only; None where it cannot be told what these are."""
    columns = list(zip(*(runs for runs, _ in rows), strict=True))
    own = next((at for at, column in enumerate(columns) if set(column) == {number}), None)
    if own is None:
        return None
    rest = [at for at in range(len(columns)) if at != own]
    labelled = [(runs, str(link.page)) for runs, link in rows if link.page is not None and link.page > 1]
    fitting = [at for at in rest if labelled and all(runs[at] == label for runs, label in labelled)]
    paged = bool(fitting)
    sure = any(link.sure or link.uid for _, link in rows) or (paged and kind != "space")
    if (labelled and not paged) or not (sure or _is_usual(kind, rows[0][1].path)):
        return None
    places = {own: place}
    if rest:
        page = fitting[0] if paged else rest[0]
        places[page] = "page"
        places |= dict.fromkeys([at for at in rest if at != page][:1], "prevpage")
    numbers = [f"{{{places[at]}}}" if at in places else column[0] for at, column in enumerate(columns)]
    pattern = "".join(word + number for word, number in zip(words, [*numbers, ""], strict=True))
    try:
        (rule,) = compile_rules(pattern)
        prefixed = pattern if rule.kind == kind else f"{kind}:{pattern}"
        (rule,) = compile_rules(prefixed)
    except ValueError:
        return None
    return prefixed if all(rule.read(link.path.lstrip("/")) for _, link in rows) else None


def _is_usual(kind: str, path: str) -> bool:
    """Whether a path is of a form that many sites have."""
    return any(rule.kind == kind and rule.read(path) for rule in compile_rules(DEFAULT_RULES))
