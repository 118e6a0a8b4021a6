"""Addresses of a forum: what they lead to, and back.

A rewritten address is read as the dynamic one that it stands for, so there is one table of meanings (`_routes`), and
equal pages are equal whatever they are called by. Every text gives a `PageRef` or a `ParseError`, in bounded time.
"""

from __future__ import annotations

from collections.abc import Iterable

from discuz_scrape._address import open_address, written
from discuz_scrape._doors import guarded
from discuz_scrape._resolve import resolve
from discuz_scrape._rewrite import DEFAULT_RULES, compile_rules
from discuz_scrape._routes import ROUTES, Route
from discuz_scrape.models import PageRef

__all__ = ["DEFAULT_RULES", "board_url", "canonical_url", "learn_rules", "parse_url", "thread_url"]

_SUFFIX = {
    "desktop": (), "touch": (("mobile", "2"),), "mobile": (("mobile", "1"),), "wml": (("mobile", "3"),),
    "ajax": (("inajax", "1"),),
}  # fmt: skip
"""What the addresses of those faces end in that any page may have."""


def parse_url(url: str, *, rewrite: str | Iterable[str] = DEFAULT_RULES, charset: str | None = None) -> PageRef:
    """Tell what an address of a forum leads to.

    Args:
        url: The address, absolute or not.
        rewrite: Rewrite patterns, tried in this order. Those that a site has beside the usual ones:
            `(*learn_rules(page), *DEFAULT_RULES)`.
        charset: Charset of the forum, for the names in an address; where it is not given, the bytes tell it.

    Raises:
        ParseError: The text is no address that a browser could open.
        ValueError: A rewrite pattern is none.

    """
    rules = compile_rules(rewrite)
    return PageRef(**resolve(open_address(url), rules, charset))


def canonical_url(url: str | PageRef, *, rewrite: str | Iterable[str] = DEFAULT_RULES) -> str:
    """Give the one address of a page, whatever it was called by: dynamic, without what does not change the page.

    It says which page is meant. That of an attachment names its number only, and a server does not take it as such.

    Raises:
        ParseError: The text is no address that a browser could open.
        ValueError: A rewrite pattern is none, or a `PageRef` made by hand lacks what its kind needs.

    """
    ref = url if isinstance(url, PageRef) else parse_url(url, rewrite=rewrite)
    if ref.path is not None:
        query = written((*ref.query, *_SUFFIX.get(ref.face, ())), ref.charset)
        return (ref.site or "") + ref.path + (f"?{query}" if query else "")
    if ref.face == "archiver":
        return (ref.site or "") + _archiver(ref)
    route = next((route for route in ROUTES if _tells(route, ref)), None)
    if route is None:
        raise ValueError(f"no address is known for a page of this kind and face: {ref!r}")
    query = written((*_parameters(route, ref), *ref.query, *_face_suffix(route, ref)), ref.charset)
    script = "" if ref.kind == "index" and not query else route.script
    return (ref.site or "") + script + (f"?{query}" if query else "") or "./"


def thread_url(base: str, tid: int, page: int = 1, *, rewrite: str | Iterable[str] | None = None) -> str:
    """Give the address of a page of a thread.

    Args:
        base: Root folder of the forum, or the address of any page of it.
        tid: Number of the thread.
        page: Number of the page.
        rewrite: Rewrite patterns of the site; the first that can tell this page is used. Without one, and where none
            can, the address is dynamic, which every site understands.

    Raises:
        ParseError: `base` is no address that a browser could open.
        ValueError: A number is not positive, or a rewrite pattern is none.

    """
    return _built(base, PageRef(kind="thread", tid=_positive("tid", tid), page=_positive("page", page)), rewrite)


def board_url(base: str, fid: int, page: int = 1, *, rewrite: str | Iterable[str] | None = None) -> str:
    """Give the address of a page of a board; as `thread_url` does."""
    return _built(base, PageRef(kind="board", fid=_positive("fid", fid), page=_positive("page", page)), rewrite)


@guarded
def learn_rules(content: str | bytes, *, url: str | None = None, content_type: str | None = None) -> tuple[str, ...]:
    """Learn from one page how its site rewrites addresses: rewrite patterns for `parse_url` and `thread_url`.

    A thread page tells most: its canonical link and its pager are held against its own tid. A board page tells of
    boards, an answer of the JSON API of all. Where a site does not rewrite, there is no pattern.

    Args:
        content: The page, as text or as bytes of any encoding.
        url: Its address, for pages that do not name their site.
        content_type: The server's `Content-Type`, if known.

    Raises:
        ParseError: The page is too large or too deep.

    """
    from discuz_scrape._learn import learned_rules
    from discuz_scrape._source import open_source

    return learned_rules(open_source(content, url, content_type, None, None, ()))


def _tells(route: Route, ref: PageRef) -> bool:
    """Whether a row of the table can write this page."""
    if route.kind != ref.kind or (ref.face not in _SUFFIX if route.face == "" else route.face != ref.face):
        return False
    if route.needs and all(getattr(ref, name) is None for name in route.needs):
        return False
    return all(getattr(ref, name) == value for name, value in route.sets)


def _parameters(route: Route, ref: PageRef) -> Iterable[tuple[str, str]]:
    for name, values in route.fixed:
        if values[0]:
            yield name, values[0]
    for name, field in route.fields:
        value = getattr(ref, field)
        if field == "fid" and value is None:
            value = ref.board
        if value is not None and not (field == "page" and value == 1):
            yield name, str(value)


def _face_suffix(route: Route, ref: PageRef) -> Iterable[tuple[str, str]]:
    return _SUFFIX[ref.face] if not route.face or (route.face == ref.face == "ajax") else ()


def _archiver(ref: PageRef) -> str:
    number = f"tid-{ref.tid}" if ref.kind == "thread" else f"fid-{ref.fid or ref.board}" if ref.kind == "board" else ""
    page = (("page", str(ref.page)),) if ref.page and ref.page > 1 else ()
    query = written((*page, *ref.query), ref.charset)
    return "archiver/" + "&".join(filter(None, (f"?{number}.html" if number else "", query)))


def _built(base: str, ref: PageRef, rewrite: str | Iterable[str] | None) -> str:
    site = _site_of(base)
    values = ref.model_dump(include={"tid", "fid", "page"}, exclude_none=True)
    for rule in compile_rules(rewrite or ()):
        path = rule.build(values) if rule.kind == ref.kind else None
        if path is not None:
            return site + path
    return canonical_url(ref.model_copy(update={"site": site}))


def _site_of(base: str) -> str:
    """The root of the forum that an address lies in; one that is not known is taken for the root itself."""
    ref = parse_url(base)
    if ref.site is not None:
        return ref.site
    path, _, query = (ref.path or "").partition("?")
    folder, _, name = path.rpartition("/")
    return folder + "/" if query or "." in name else path.rstrip("/") + "/"


def _positive(name: str, number: int) -> int:
    if number < 1:
        raise ValueError(f"{name} is {number}; numbers begin at 1")
    return number
