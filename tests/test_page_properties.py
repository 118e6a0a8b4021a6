"""Whatever is done to a page of any kind, its model comes out whole, or an error of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from test_properties import FIXTURES, FORMATS, LINK, check_bodies, few, places, urls

from discuz_scrape import DiscuzScrapeError, NoticeError, Thread, parse_page
from discuz_scrape._encoding import decode
from discuz_scrape.models import Page

BOARD = {
    "Version": "4",
    "Charset": "UTF-8",
    "Variables": {
        "member_uid": "0",
        "forum": {"fid": "7", "fup": "1", "name": "渡口", "threads": "2", "description": "<b>摆渡</b>"},
        "forum_threadlist": [
            {"tid": "70", "subject": "退潮以后", "author": "船工", "authorid": "4", "typeid": "1", "special": "3",
             "price": "5", "dbdateline": "1700000000", "dateline": "2023-11-15 06:13", "displayorder": "1"},
            {"tid": "71", "subject": "夜班船", "author": "", "authorid": "0", "replies": "3", "views": "9"},
        ],
        "sublist": [{"fid": "8", "name": "对岸"}],
        "threadtypes": {"types": {"1": "问答"}},
        "tpp": "20",
        "page": "1",
    },
}  # fmt: skip
INDEX = {
    "Version": "4",
    "Charset": "UTF-8",
    "Variables": {
        "catlist": [{"fid": "1", "name": "江边", "forums": ["7", "8"]}],
        "forumlist": [
            {"fid": "7", "name": "渡口", "threads": "2", "posts": "5", "todayposts": "1", "description": "摆渡<br>"},
            {"fid": "8", "name": "对岸", "sublist": [{"fid": "9", "name": "渔火"}]},
        ],
    },
}
OTHERS = {
    str(path.relative_to(FIXTURES)): path.read_bytes()
    for path in sorted(FIXTURES.rglob("*.in.*"))
    if path.suffix in (".html", ".xml") and "thread" not in path.parts
}
ANSWERS: dict[str, bytes] = {
    **{str(path.relative_to(FIXTURES)): path.read_bytes() for path in sorted(FIXTURES.rglob("*.in.json"))},
    "board": json.dumps(BOARD).encode(),
    "index": json.dumps(INDEX).encode(),
}
TAG = re.compile(rb"<[^<>]*>")
NUMBER = re.compile(rb"\d+")
HOSTILE = [
    b"", b"<", b">", b'"', b"<!--", b"]]>", b"<![CDATA[", b"&#0;", b"&#xD800;", b"&x;", b"\0", b"\x1b", b"\xff",
    b"\xed\xa0\x80", b"</td>", b"</table>", b"<table>", b"<div>" * 9, b"<script>", b'<a href="http://[">x</a>',
    b"9" * 30, b"1" * 5_000, b"0", b"-1", "²".encode(), "٣".encode(), b"9999-12-31 23:59", b"\xc2\xa0", b"\xe2\x80\xa8",
]  # fmt: skip

pages = st.sampled_from(sorted(OTHERS)).map(OTHERS.__getitem__)
answers = st.sampled_from(sorted(ANSWERS)).map(ANSWERS.__getitem__)
hostile = st.sampled_from(HOSTILE)
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([2**63, -(2**64), 10**4_000, 1e308, float("nan"), float("inf")]),
    st.floats(),
    st.text(st.characters(), max_size=9),
    st.sampled_from(["9" * 5_000, "x" * 9_000, "<div>" * 2_500, "<", "\0", "\ud83d", "nan", "1e999", "²"]),
    st.recursive(st.just([]), lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner)),
    st.just(json.loads("[" * 150 + "]" * 150)),
)  # fmt: skip


def read(content: str | bytes) -> Page | None:
    try:
        return parse_page(content, formats=FORMATS)
    except DiscuzScrapeError as error:
        words = f"{error}{error.text if isinstance(error, NoticeError) else ''}"
        assert "broke the parser" not in words
        assert_holdable(words)
        return None


def check(content: str | bytes) -> None:
    page = read(content)
    assert read(content) == page
    if page is None:
        return
    line = page.model_dump_json()
    assert type(page).model_validate_json(line) == page
    assert_holdable(line)
    assert "\\u0000" not in line.replace("\\\\", "")
    for url in urls(page):
        assert LINK.match(url), url
    if isinstance(page, Thread):
        for post in page.posts:
            check_bodies(post)
    if isinstance(content, bytes):
        as_text = read(decode(content).text)
        assert as_text is not None
        site = page.site.model_copy(update={"charset": None})
        assert page.model_copy(update={"site": site}) == as_text


def assert_holdable(words: str) -> None:
    assert "\0" not in words
    words.encode()  # no half of a pair of surrogates


def cut_and_sewn(page: bytes, tags: list[re.Match[bytes]]) -> Iterator[bytes]:
    """A tag taken out, doubled, and changed for another one."""
    first, last = sorted(tags[:2], key=lambda tag: tag.start())
    yield page[: first.start()] + page[first.end() :]
    yield page[: first.end()] + page[first.start() :]
    middle = page[first.end() : last.start()]
    yield page[: first.start()] + last[0] + middle + first[0] + page[last.end() :]


@pytest.mark.parametrize("name", [*OTHERS, *ANSWERS])
def test_whole_pages_keep_the_promises(name: str) -> None:
    check(OTHERS[name] if name in OTHERS else ANSWERS[name])


@given(st.one_of(pages, answers), places)
@few(300)
def test_truncated(page: bytes, place: float) -> None:
    check(page[: int(len(page) * place)])


@given(pages, st.randoms(use_true_random=False))
@few(200)
def test_tags_dropped_doubled_and_swapped(page: bytes, random: Any) -> None:
    found = list(TAG.finditer(page))
    assume(len(found) > 1)
    tags = random.sample(found, 2)
    for changed in cut_and_sewn(page, tags):
        check(changed)


@given(pages, places, places, st.integers(0, 3))
@few(250)
def test_a_slice_dropped_or_repeated(page: bytes, place: float, further: float, times: int) -> None:
    start, end = sorted((int(len(page) * place), int(len(page) * further)))
    check(page[:start] + page[start:end] * times + page[end:])


@given(st.one_of(pages, answers), st.lists(st.tuples(places, st.booleans(), hostile), min_size=1, max_size=8))
@few(400)
def test_hostile_bytes(page: bytes, changes: list[tuple[float, bool, bytes]]) -> None:
    for place, replace, change in changes:
        at = int(len(page) * place)
        page = page[:at] + change + page[at + replace * len(change) :]
    check(page)


@given(pages, places, hostile)
@few(250)
def test_hostile_numbers(page: bytes, place: float, change: bytes) -> None:
    numbers = list(NUMBER.finditer(page))
    assume(numbers)
    number = numbers[int((len(numbers) - 1) * place)]
    check(page[: number.start()] + change + page[number.end() :])
    check(page.replace(number[0], change) if len(change) < 100 else page)


@given(pages, pages, places, places)
@few(200)
def test_two_kinds_in_one(page: bytes, other: bytes, place: float, further: float) -> None:
    check(page[: int(len(page) * place)] + other[int(len(other) * further) :])


@given(st.one_of(pages, answers), st.sampled_from(["utf-8", "gb18030", "big5", "utf-16", "latin-1", "utf-7"]))
@few(150)
def test_another_charset_than_the_page_says(page: bytes, charset: str) -> None:
    check(page.decode("utf-8", "replace").encode(charset, "replace"))


def places_in(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places_in(inner, (*path, key))


@given(
    answers,
    st.lists(st.tuples(places, st.sampled_from(["put", "put", "drop"]), values), min_size=1, max_size=5),
    st.booleans(),
)
@few(700)
def test_values_of_answers(page: bytes, changes: list[tuple[float, str, object]], escaped: bool) -> None:
    answer = json.loads(page)
    for place, action, value in changes:
        paths = list(places_in(answer))
        *way, last = paths[int((len(paths) - 1) * place)] if paths else (None,)
        if last is None:
            continue
        box = answer
        for key in way:
            box = box[key]
        if action == "put":
            box[last] = deepcopy(value)
        else:
            del box[last]
    check(json.dumps(answer, ensure_ascii=escaped).encode("utf-8", "surrogatepass"))


@given(st.text(st.sampled_from('{}[]":,\\nu0d83 tfal1eE.-+甲'), max_size=60), answers, places)
@few(200)
def test_anything_in_an_answer(words: str, page: bytes, place: float) -> None:
    at = int(len(page) * place)
    check(page[:at] + words.encode() + page[at:])
    check("{" + words)
