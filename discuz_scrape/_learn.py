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
from itertools import islice

from pydantic_core import from_json

from discuz_scrape import _urls
from discuz_scrape._address import Address, open_address
from discuz_scrape._html import children, inline_text, select
from discuz_scrape._rewrite import DEFAULT_RULES, Rule, compile_rules
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
_ENOUGH = 50  # members, or forms of links; a page that has more of them is no honest one
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


_Row = tuple[list[str], _Link]
"""The numbers in the path of a link, and the link."""


def learned_rules(page: Source) -> tuple[str, ...]:
    """The rewrite patterns that a page shows, those of threads first; none where its site does not rewrite."""
    if page.text.lstrip("\ufeff \t\r\n").startswith("{"):
        return tuple(_told(page.text))
    links = list(_rewritten(page))
    plain = [link for link in links if link.uid is None]
    tid, fid = _own_tid(page), page.number("fid")
    found = _patterns("thread", "tid", plain, tid) if tid else []
    if fid:
        threads = compile_rules(found)
        others = [link for link in plain if not any(rule.read(link.path) for rule in threads)]
        found += _patterns("board", "fid", others, fid)
    spaces: dict[int, list[_Link]] = {}
    for link in links:
        if link.uid is not None:
            spaces.setdefault(link.uid, []).append(link)
    for uid, own in islice(spaces.items(), _ENOUGH):
        found += _patterns("space", "uid", own, uid)
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
    """Number of the thread that a page shows: its scripts name it, its permanent links, or a usual canonical link."""
    named = page.number("tid")
    if named is not None:
        return named
    counts = Counter(_OWN_POSTS.findall(page.text)) if page.has_posts else None
    if counts:
        return int(counts.most_common(1)[0][0])
    canonical = page.canonical()
    return _urls.tid_in(canonical) if canonical and "thread" in _usual(canonical) else None


def _rewritten(page: Source) -> Iterator[_Link]:
    """The links of a page to its own site that name no script."""
    trail = {node.mem_id for node in select(page.root, "#pt a[href]")}
    written = {node.mem_id for node in select(page.root, '[id^="postmessage_"] a[href]')}  # by anybody
    seen = []
    for node in select(page.root, "a[href]"):
        href = node.attributes.get("href") or ""
        if node.mem_id in written:
            continue
        address = _opened(page.absolute(href) or href)
        if address is not None:
            images = (child.attributes.get("src") for child in children(node))
            uid = next(filter(None, map(_urls.avatar_uid, images)), None)
            label = _LABEL(inline_text(node))
            seen.append((address, int(label[1]) if label else None, uid, node.mem_id in trail))
    canonical = page.canonical()
    address = _opened(page.absolute(canonical) or canonical) if canonical else None
    if address is not None:
        seen.insert(0, (address, 1, None, True))
    root = _root([address for address, *_ in seen], page)
    for address, label_page, uid, sure in seen:
        whole = address.origin + address.path
        if whole.startswith(root) and not _is_script(address) and _RUNS.search(address.path):
            yield _Link(whole[len(root) :].lstrip("/"), label_page, uid, sure)


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


def _patterns(kind: str, place: str, links: Iterable[_Link], number: int) -> list[str]:
    """The patterns by which links to one thread, board or member are written, the surest first."""
    forms: dict[tuple[str, ...], list[_Row]] = {}
    for link in links:
        parts = _RUNS.split(link.path)
        if str(number) in parts[1::2]:
            forms.setdefault(tuple(parts[::2]), []).append((parts[1::2], link))
    ordered = sorted(forms.items(), key=lambda form: (-max(map(_weight, form[1])), -len(form[1])))
    found: list[str] = []
    for words, rows in ordered[:_ENOUGH]:
        pattern = _pattern(kind, place, words, rows, str(number))
        if pattern is not None:
            found.append(pattern)
            if "{page}" in pattern:  # it tells all pages: there is no other
                break
    return found


def _weight(row: _Row) -> int:
    """How much a link proves: by its place or its picture, by the page that it names, or nothing."""
    _, link = row
    return 2 if link.sure or link.uid else int((link.page or 1) > 1)


def _pattern(kind: str, place: str, words: tuple[str, ...], rows: list[_Row], number: str) -> str | None:
    """One pattern for links that differ in their numbers only; None where it cannot be told what these are."""
    path = rows[0][1].path
    usual = _usual(path)
    if usual and kind not in usual:
        return None
    rule = usual.get(kind)
    if rule is not None and rule.segments == path.count("/") + 1 and _explains(rule, place, rows, number):
        return rule.pattern
    if not any(map(_weight, rows)):
        return None
    width = len(words) - 1
    own = max(range(width), key=lambda at: sum(1 for row in rows if row[0][at] == number and _weight(row)))
    rows = [row for row in rows if row[0][own] == number]
    rest = [at for at in range(width) if at != own]
    labelled = [(runs, str(link.page)) for runs, link in rows if link.page is not None and link.page > 1]
    paged = [at for at in rest if all(runs[at] == label for runs, label in labelled)]
    if not any(map(_weight, rows)) or (labelled and not paged):
        return None
    places = {own: place} | ({paged[0]: "page"} if paged else {})
    places |= dict.fromkeys([at for at in rest if at not in places][:1], "prevpage")
    numbers = [f"{{{places[at]}}}" if at in places else rows[0][0][at] for at in range(width)]
    return _checked(kind, "".join(map("".join, zip(words, [*numbers, ""], strict=True))), rows)


def _explains(rule: Rule, place: str, rows: list[_Row], number: str) -> bool:
    """Whether a usual pattern gives links their right number and page."""
    own = []
    for _, link in rows:
        read = rule.read(link.path)
        if read is not None and read[2].get(place) == number:
            own.append((link.page or 1) == 1 or read[2].get("page") == str(link.page))
    return bool(own) and all(own)


def _checked(kind: str, pattern: str, rows: list[_Row]) -> str | None:
    """The pattern, with what it stands for where that is not plain; None where it does not read its own links."""
    try:
        (rule,) = compile_rules(pattern)
        if rule.kind != kind:
            (rule,) = compile_rules(f"{kind}:{pattern}")
    except ValueError:
        return None
    return rule.pattern if all(rule.read(link.path) for _, link in rows) else None


def _usual(path: str) -> dict[str, Rule]:
    """What a path may stand for by the usual patterns, and the first of these; plugins have no names of their own."""
    rules = [rule for rule in compile_rules(DEFAULT_RULES) if rule.kind != "plugin" and rule.read(path)]
    return {rule.kind: rule for rule in reversed(rules)}
