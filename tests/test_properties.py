"""Whatever is done to a page, a thread comes out that keeps the promises of its fields, or an error of ours."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from discuz_scrape import DiscuzScrapeError, Post, Thread, parse_text, parse_thread

FIXTURES = Path(__file__).parent.parent / "fixtures"
PAGES = {
    str(path.relative_to(FIXTURES)): path.read_bytes()
    for path in sorted(FIXTURES.rglob("*.in.*"))
    if path.suffix in (".html", ".xml")
}
FORMATS = ("text", "html", "markdown")
TAGS = frozenset(
    {
        "a",
        "b",
        "big",
        "blockquote",
        "br",
        "caption",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
    }
    | {"h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "s", "small", "strike", "strong", "sub", "sup", "table"}
    | {"tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"}
)
ATTRIBUTES = frozenset({"href", "src", "alt", "title", "width", "height", "colspan", "rowspan", "start", "type", "rel"})
LINK = re.compile(r"(?:https?|ftp|mailto|magnet|ed2k|thunder):\S", re.IGNORECASE)
URL_FIELDS = re.compile(r"(?:^|_)url$")

pages = st.sampled_from(sorted(PAGES)).map(PAGES.__getitem__)
places = st.floats(0, 1)


def few(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


class Whitelisted(HTMLParser):
    """Fails at whatever may not be in a body's HTML."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        for name, value in attrs:
            assert name in ATTRIBUTES
            if name in ("href", "src"):
                assert LINK.match(value or "")

    def handle_comment(self, data: str) -> None:
        pytest.fail(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        pytest.fail(f"a declaration: {decl}")

    def unknown_decl(self, data: str) -> None:
        pytest.fail(f"a declaration: {data}")

    def handle_pi(self, data: str) -> None:
        pytest.fail(f"an instruction: {data}")


def read(content: str | bytes) -> Thread | None:
    try:
        return parse_thread(content, formats=FORMATS)
    except DiscuzScrapeError:
        return None


def check(content: str | bytes) -> None:
    thread = read(content)
    if thread is not None:
        check_thread(thread)
        assert parse_thread(content, formats=FORMATS) == thread


def check_thread(thread: Thread) -> None:
    assert Thread.model_validate_json(thread.model_dump_json()) == thread
    assert pickle.loads(pickle.dumps(thread)) == thread  # noqa: S301 - made one line up
    for post in thread.posts:
        check_bodies(post)
    for url in urls(thread):
        assert LINK.match(url), url


def check_bodies(post: Post) -> None:
    assert not re.search(r"[\xa0\r\x00-\x03]| $|\n{3}|\A\n|\n\Z", post.body, re.MULTILINE), post.body
    assert (post.body_html is None) == (post.body_markdown is None)
    assert post.body_html is not None or not post.body  # there is no body at all
    Whitelisted().feed(post.body_html or "")


def urls(model: BaseModel) -> Iterator[str]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, str) and URL_FIELDS.search(name):
            yield value
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, BaseModel):
                yield from urls(item)


@pytest.mark.parametrize("name", PAGES)
def test_whole_pages_keep_the_promises(name: str) -> None:
    check(PAGES[name])


@given(pages, places)
@few(120)
def test_truncated(page: bytes, place: float) -> None:
    check(page[: int(len(page) * place)])


@given(pages, places)
@few(120)
def test_posts_of_a_truncated_page_are_the_first_ones(page: bytes, place: float) -> None:
    whole, part = read(page), read(page[: int(len(page) * place)])
    if whole is not None and part is not None:
        pids = [post.pid for post in part.posts]
        assert pids == [post.pid for post in whole.posts][: len(pids)]


@given(pages, pages, places, places)
@few(120)
def test_spliced(page: bytes, other: bytes, place: float, further: float) -> None:
    check(page[: int(len(page) * place)] + other[int(len(other) * further) :])


@given(pages, st.integers(2, 12), st.randoms(use_true_random=False))
@few(80)
def test_shuffled(page: bytes, number: int, random: Random) -> None:
    size = len(page) // number + 1
    chunks = [page[at : at + size] for at in range(0, len(page), size)]
    random.shuffle(chunks)
    check(b"".join(chunks))


@given(pages, places, places, st.integers(0, 4))
@few(120)
def test_a_slice_dropped_or_repeated(page: bytes, place: float, further: float, times: int) -> None:
    start, end = sorted((int(len(page) * place), int(len(page) * further)))
    check(page[:start] + page[start:end] * times + page[end:])


@given(
    pages,
    st.lists(
        st.tuples(places, st.one_of(st.binary(max_size=4), st.sampled_from([b"<", b'"', b">", b"<!--"]))), max_size=30
    ),
)
@few(120)
def test_mutated(page: bytes, changes: list[tuple[float, bytes]]) -> None:
    mutant = bytearray(page)
    for place, change in changes:
        at = int(len(mutant) * place)
        mutant[at : at + len(change)] = change
    check(bytes(mutant))


@given(st.one_of(st.text(st.characters()), st.binary()))
@few(150)
def test_anything(content: str | bytes) -> None:
    check(content)


@given(pages, st.text(st.characters(), max_size=60), places)
@few(100)
def test_anything_typed_into_a_page(page: bytes, words: str, place: float) -> None:
    text = page.decode("utf-8", "replace")
    at = text.find(">", int(len(text) * place)) + 1
    check(text[:at] + words + text[at:])


@given(
    st.one_of(
        st.text(st.characters()), pages.map(lambda page: re.sub(r"<[^>]*>", "", page.decode("utf-8", "replace")))
    ),
    places,
)
@few(120)
def test_any_text_as_a_flattened_page(text: str, place: float) -> None:
    text = text[: int(len(text) * place) + 1]
    try:
        thread = parse_text(text)
    except DiscuzScrapeError:
        return
    assert Thread.model_validate_json(thread.model_dump_json()) == thread
    assert parse_text(text) == thread
