"""The registry of kinds: what a kind of page needs beside its module and its line, checked for all of them at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from discuz_scrape import PageRef, parse_url
from discuz_scrape._html import select
from discuz_scrape._source import Source, open_source
from discuz_scrape.errors import DiscuzScrapeError
from discuz_scrape.pages._kinds import AJAX, API, BINARY, EMPTY, FEED, KINDS, Kind, _body_words
from discuz_scrape.pages.notice import identify
from discuz_scrape.pages.threads.thread import read as read_desktop_thread
from discuz_scrape.testing import Case, find_cases

FIXTURES = Path(__file__).parent.parent / "fixtures"
SITE = "https://bbs.qingshiqiao.example/"
EVERY = (*KINDS, EMPTY, BINARY, FEED, AJAX, API)
DESKTOP_THREAD = "thread"  # the one kind that is known by its posts, before the registry is asked


def label(kind: object) -> str:
    return f"{kind.name}-{kind.reads or EVERY.index(kind)}" if isinstance(kind, Kind) else str(kind)


@cache
def fixtures() -> dict[Kind | str, list[tuple[Case, Source]]]:
    """The fixtures by the kind that they are identified as, without messages."""
    found: dict[Kind | str, list[tuple[Case, Source]]] = defaultdict(list)
    for case in find_cases(FIXTURES):
        told = case.expected()["case"]
        page = open_source(case.page.read_bytes(), told.get("url"), told.get("content_type"), None, None, ())
        try:
            is_thread = page.has_posts and read_desktop_thread(page) is not None
            found[DESKTOP_THREAD if is_thread else identify(page)].append((case, page))
        except DiscuzScrapeError:
            continue
    return dict(found)


def pages_of(kind: Kind) -> list[Source]:
    return [page for _, page in fixtures().get(kind, [])]


def alternatives(selector: str) -> list[str]:
    """The parts of a list of selectors; a comma inside brackets is none of the list's."""
    parts, depth = [""], 0
    for char in selector:
        depth += (char in "([") - (char in ")]")
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts if part.strip()]


# ------------------------------------------------------------ fixtures


@pytest.mark.parametrize("kind", [kind for kind in EVERY if kind.reads], ids=label)
def test_reader_is_there_and_has_a_fixture(kind: Kind) -> None:
    assert callable(import_module(f"discuz_scrape.pages.{kind.reads}").read)
    read = [case for case, _ in fixtures().get(kind, []) if "page" in case.expected()]
    assert read, f"no fixture is {kind.what} that is read"


@pytest.mark.parametrize("kind", [kind for kind in EVERY if not kind.reads], ids=label)
def test_kind_without_reader_is_named_in_an_error(kind: Kind) -> None:
    messages = [case.expected().get("error", {}).get("message", "") for case, _ in fixtures().get(kind, [])]
    assert any(kind.what in message for message in messages), f"no error of a fixture says {kind.what!r}"


SELECTORS = [
    (kind, part) for kind in KINDS for part in dict.fromkeys(alternatives(kind.marks) + alternatives(kind.shape))
]


@pytest.mark.parametrize(("kind", "selector"), SELECTORS, ids=label)
def test_selector_is_hit(kind: Kind, selector: str) -> None:
    hit = any(select(page.root, selector) for page in pages_of(kind))
    assert hit, f"no fixture that is {kind.what} has {selector!r}"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.body], ids=label)
def test_words_on_the_body_tag_are_met(kind: Kind) -> None:
    met = frozenset().union(*(_body_words(page.root) for page in pages_of(kind)))
    assert kind.body <= met, f"no fixture that is {kind.what} has {', '.join(kind.body - met)} on its body tag"


# ------------------------------------------------------------ addresses

Claim = Callable[[PageRef], bool]


def of(*kinds: str, **values: object) -> Claim:
    """The desktop pages of these kinds of address whose fields have these values, `...` for any."""

    def claims(ref: PageRef) -> bool:
        fits = ((getattr(ref, name) is not None) if value is ... else getattr(ref, name) == value
                for name, value in values.items())  # fmt: skip
        return ref.face == "desktop" and ref.kind in kinds and all(fits)

    return claims


def face(*faces: str) -> Claim:
    return lambda ref: ref.face in faces


CLAIMS: dict[str, tuple[Claim, ...]] = {
    DESKTOP_THREAD: (of("thread"), lambda ref: ref.kind == "thread" and ref.face == "ajax"),
    "archiver": (face("archiver"),),
    "touch": (face("touch"),),
    "mobile": (face("mobile"),),
    "print": (face("print"),),
    "album": (face("album"),),
    "preview": (face("preview", "portal"),),
    "board": (of("board"),),
    "index": (of("index"),),
    "guide": (lambda ref: of("guide")(ref) and ref.view != "my",),
    "user_posts": (of("user_posts"), of("guide", view="my")),
    "member_threads": (of("user_threads"),),
    "search": (of("search", searchid=...), of("search", searchid=None, words=...)),
    "search_form": (of("search", searchid=None, words=None),),
    "tag": (of("tag", id=...), of("tag", id=None, name=...)),
    "tag_index": (of("tag", id=None, name=None),),
    "announcement": (of("announcement"),),
    "form": (of("form", "register"),),
    "profile": (of("space", do=None), of("space", do="profile"), of("follow")),
    "space": (lambda ref: of("space")(ref) and ref.do not in (None, "profile"), of("blog")),
    "portal": (of("portal", "article", "topic"),),
    "group": (of("group", "groups"),),
    "goods": (lambda ref: ref.kind == "goods",),
    "feed": (of("feed"),),
    "ajax": (lambda ref: ref.kind in ("comments", "ratings"),),
    "api": (face("api"),),
    "old": (face("old"),),
}
"""Which addresses show which kind of page."""

ELSEWHERE = frozenset(
    {"redirect", "attachment", "image", "avatar", "file", "misc", "plugin", "login", "collection", "other"}
)
"""Kinds of address that show no page, a message, or what an extension makes of it."""

EXAMPLES = re.findall(r"^(?![ #\n])\S.*", (Path(__file__).parent / "urls.txt").read_text("utf-8"), re.MULTILINE)


def claimants(ref: PageRef) -> list[str]:
    return [name for name, claims in CLAIMS.items() for claim in claims if claim(ref)]


@pytest.mark.parametrize("path", EXAMPLES)
def test_address_is_claimed_by_one_kind(path: str) -> None:
    ref = parse_url(SITE + path.replace("(root)", ""))
    if ref.kind not in ELSEWHERE and ref.face != "app":
        assert len(claimants(ref)) == 1, f"{path!r} is claimed by {claimants(ref) or 'none'}"


def test_every_kind_has_an_address() -> None:
    claimed = {name for path in EXAMPLES for name in claimants(parse_url(SITE + path.replace("(root)", "")))}
    without = {"empty", "binary"}
    assert claimed == {DESKTOP_THREAD, *(kind.name for kind in EVERY)} - without


def test_fixtures_are_what_their_addresses_say() -> None:
    wrong = []
    for kind, cases in fixtures().items():
        name = kind if isinstance(kind, str) else kind.name
        for case, page in cases:
            ref = parse_url(page.url) if page.url else None
            if ref is not None and ref.kind not in ELSEWHERE and name not in claimants(ref):
                wrong.append(f"{case.page.relative_to(FIXTURES)} is {name}, its address of {claimants(ref)}")
    assert not wrong, "\n".join(wrong)


BY_WORDS_ALONE = ("own-boxes", "errors")  # nothing else tells these pages


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.reads.startswith(("lists.", "members."))], ids=label)
def test_a_page_of_a_skin_without_words_on_its_body_is_known_by_its_structure(kind: Kind) -> None:
    for case, page in fixtures().get(kind, []):
        if kind.name != "group" and not any(name in str(case.page) for name in BY_WORDS_ALONE):
            bare = re.sub("<body[^>]*>", "<body>", page.text, count=1)
            assert identify(open_source(bare, page.url, None, None, None, ())).reads == kind.reads, case.page
