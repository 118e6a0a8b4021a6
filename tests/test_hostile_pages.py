"""Pages of every kind, blown up where a reader might look twice: they come back, with what is on them.

Nothing is timed. Each of these took minutes, or all memory, where a part was read again for every element around it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from test_hostile import LONG, RUNS, page, post, read

from discuz_scrape import (
    Board,
    DiscuzScrapeError,
    Feed,
    ForumIndex,
    ParseError,
    Thread,
    ThreadList,
    canonical_url,
    detect,
    learn_rules,
    parse_page,
    parse_url,
)
from discuz_scrape._encoding import decode

FIXTURES = Path(__file__).parent.parent / "fixtures"
DEPTH, MANY = 300, 3_000
KINDS = {
    group: decode(next(iter(sorted((FIXTURES / group).glob("*.in.*ml")))).read_bytes()).text
    for group in (
        "album/x34", "announcements/stock", "archiver/x34", "board/x34", "feed/rss", "index/x34", "mobile/x34",
        "preview/portal", "printable/x34", "profile/x34", "tag_index/stock", "thread_list/guide", "thread_list/member",
        "thread_list/search", "thread_list/tag", "touch/x34", "touch/x35", "user_posts/own", "user_posts/space",
    )
}  # fmt: skip
ROW = '<p>潮水<b>退</b></p><img src="a.png" /><a href="home.php?mod=space&amp;uid=4">甲</a>'


def outcome(text: str) -> str:
    """The kind of a page, or the class of its error; whatever comes out can be written."""
    try:
        found = parse_page(text)
    except DiscuzScrapeError as error:
        assert "broke the parser" not in str(error)
        return type(error).__name__
    found.model_dump_json()
    return found.kind


# --- What nests without end -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "start",
    [
        '<div class="sign">',
        '<div id="comment_{n}">',
        '<dl id="ratelog_{n}">',
        "<h2><div>",
        '<div class="locked">',
        '<div class="attach_nopermission">',
        '<div class="mobile-location">',
        '<label class="pdbts">',
        '<div id="favatar{n}">',
        '<span id="review_support_{n}">',
    ],
)
def test_posts_that_nest_within_parts_of_each_other(start: str) -> None:
    frames = "".join(
        f'<div id="post_{n}"><em id="authorposton{n}">发表于 2024-1-2</em>{start.format(n=n)}'
        for n in range(100, 100 + DEPTH)
    )
    found = parse_page(page(post() + f"{frames}{ROW * MANY}<td></td>"))
    assert isinstance(found, Thread)
    assert found.posts[0].body == "潮水"
    assert len(found.model_dump_json()) < 20_000_000


@pytest.mark.parametrize(
    "start",
    [
        '<i class="pstatus">',
        '<span class="xg1">',
        '<div class="a" style="width:1px">',
        '<a href="http://a.example/"><table><tr><td>',
        '<div class="blockcode"><ul><li>',
        '<div class="quote"><blockquote>',
    ],
)
def test_parts_of_a_body_that_nest(start: str) -> None:
    (only,) = read(page(post(body=f"{start * DEPTH}{'潮水' * MANY}{'<img src=a.png>' * MANY}"))).posts
    assert "潮水" in only.body
    assert len(only.model_dump_json()) < 5_000_000


@pytest.mark.parametrize(
    ("group", "start", "part"),
    [
        ("index/x34", '<div id="category_{n}">', '<dl><dt><a href="forum-{n}-1.html">渡口</a></dt><dd>1 / 2</dd></dl>'),
        ("board/x34", "<em>", '<em>2024-1-2</em><a href="thread-{n}-1-1.html" class="xst">潮</a>'),
        ("thread_list/guide", "<em>", "<em>2024-1-2 03:04</em>"),
        ("touch/x35", '<div class="display pi" href="#replybtn_{n}">', "<p>潮水</p>"),
        ("mobile/x34", '<i class="pstatus">', "<p>潮水</p>"),
        ("album/x34", '<div id="comment_{n}" class="cm">', '<div class="psti">潮水</div>'),
    ],
)
def test_parts_of_other_pages_that_nest(group: str, start: str, part: str) -> None:
    nest = "".join(start.format(n=n) for n in range(9_000, 9_000 + DEPTH))
    parts = "".join(part.format(n=n) for n in range(20_000, 20_000 + MANY))
    text = KINDS[group]
    for name in re.findall(r"<(?:em|dd|li|dl|td|p)\b[^>]*>", text)[:9]:
        assert outcome(text.replace(name, name + nest + parts, 1)) != ""


def test_titles_without_number_in_one_row() -> None:
    text = KINDS["board/x34"]
    rows = '<ul id="threadlist"><li>' + '<a class="xst" href="thread-5-1-1.html">潮</a>' * 20_000 + "</li></ul>"
    assert outcome(f"{text[: text.index('<body')]}<body id='nv_forum' class='pg_forumdisplay'>{rows}</body></html>")


def test_edges_without_a_cell() -> None:
    body = "<table><tr><td>潮</td></tr></table>" + "<hr>" * 50_000 + "水"
    assert read(page(post(body=body))).posts[0].body == "潮\n水"


# --- What hides from the bounds ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("begin", "end"), [("<!--", "-->"), ("<script>", "</script>"), ('<p title="', '">')])
def test_nesting_that_shows_once_the_columns_are_cut_out(begin: str, end: str) -> None:
    column = (
        '<td class="pls" rowspan="2"><div id="favatar7" class="pls favatar"><div class="authi">'
        f'<a href="home.php?mod=space&amp;uid=7" class="xw1">甲</a></div>{begin}</div></td><td class="plc"><div></div>'
    )
    hidden = post(body="<div>" * 200_000 + end + "潮水").replace('<td class="plc">', column, 1)
    with pytest.raises(ParseError, match="nested more than 2,000 deep"):
        parse_page(page(hidden))


def answer(**variables: object) -> str:
    return json.dumps({"Version": "4", "Charset": "UTF-8", "Variables": variables})


def test_pieces_of_an_answer_out_of_bounds() -> None:
    deep = "潮" + "<div>" * 100_000
    rows = [{"tid": "5", "subject": deep}, {"tid": "6", "subject": "水"}]
    found = parse_page(answer(forum={"fid": "7", "name": "渡口"}, forum_threadlist=rows))
    assert isinstance(found, Board)
    assert [row.tid for row in found.threads] == [6]
    assert "nested more than 2,000 deep" in found.issues[0].message
    boards = [{"fid": "7", "name": "渡口", "description": deep}, {"fid": "8", "name": "对岸"}]
    index = parse_page(answer(catlist=[{"fid": "1", "forums": ["7", "8"]}], forumlist=boards))
    assert isinstance(index, ForumIndex)
    assert [forum.fid for category in index.categories for forum in category.forums] == [8]
    posts = [{"pid": "1", "message": deep}, {"pid": "2", "message": "水"}]
    thread = parse_page(answer(thread={"tid": "5"}, postlist=posts))
    assert isinstance(thread, Thread)
    assert [found.pid for found in thread.posts] == [2]


@pytest.mark.parametrize("percent", [10**4_000, "1e999", "nan", "9" * 400, [], True])
def test_percents_that_are_none(percent: object) -> None:
    poll = {"polloptions": {"1": {"polloption": "甲", "votes": "1", "percent": percent}}}
    found = parse_page(answer(thread={"tid": "5", "special": "1"}, postlist=[{"pid": "1"}], special_poll=poll))
    assert isinstance(found, Thread)
    assert found.poll is not None
    assert found.poll.options[0].percent is None


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_does_not_have(word: str) -> None:
    with pytest.raises(ParseError):
        parse_page(answer(thread={"tid": "5"}, postlist=[{"pid": "1"}]).replace('"5"', word))


def test_nul_is_dropped_and_what_looks_like_it_stays() -> None:
    rows = [{"pid": "1", "message": "潮\0水 C:\\u0000"}]
    found = parse_page(answer(thread={"tid": "5", "subject": "退\0潮"}, postlist=rows))
    assert isinstance(found, Thread)
    assert (found.subject, found.posts[0].body) == ("退潮", "潮水 C:\\u0000")
    assert read(page(post(author="甲\0乙"))).posts[0].author.name == "甲乙"


def test_one_entry_of_a_feed_out_of_bounds() -> None:
    text = KINDS["feed/rss"]
    whole = parse_page(text)
    found = parse_page(text.replace("松针土", "<div>" * 100_000, 1))
    assert isinstance(whole, Feed)
    assert isinstance(found, Feed)
    assert len(found.entries) == len(whole.entries) - 1
    assert found.issues[0].path == "entries[0]"


@pytest.mark.parametrize(
    "inside",
    ["<a>" * 50_000, "<!--" * 50_000, "<![CDATA[" * 50_000, "<a " + "a" * LONG + " =", "<a" * 50_000, "&#1;" * 50_000],
    ids=["tags", "comments", "cdata", "attribute", "open tags", "references"],
)
def test_feeds_cut_and_blown_up(inside: str) -> None:
    text = KINDS["feed/rss"]
    for mark in ("<item>", "<description>", "<link>"):
        at = text.index(mark) + len(mark)
        assert outcome(text[:at] + inside + text[at:]) in ("feed", "ParseError")
        assert outcome(text[:at] + inside) in ("feed", "ParseError")


# --- Long runs, for every kind ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", KINDS)
def test_long_runs_in_words_and_attributes(group: str) -> None:
    text = KINDS[group]
    words = [found.span(1) for found in re.finditer(r">([^<>]*[^<>\s][^<>]*)<", text)]
    values = [found.span(1) for found in re.finditer(r'="([^"<>]+)"', text)]
    for number, run in enumerate(RUNS.values()):
        long = run * (LONG // len(run))
        for spans, inside in ((words, long), (values, long.replace('"', "'"))):
            start, end = spans[number * len(spans) // len(RUNS)]
            assert outcome(text[:end] + inside + text[end:])
            assert outcome(text[:start] + inside + text[end:])


@pytest.mark.parametrize("run", [*RUNS.values(), "%41", "&amp;", "tid=1&", "a/", "../", "//", "?", "{tid}", "%E4"])
def test_long_runs_in_addresses(run: str) -> None:
    long = run * (LONG // len(run))
    for url in (long, f"https://bbs.example/{long[:7_000]}", f"https://bbs.example/forum.php?{long[:7_000]}"):
        for read_address in (parse_url, canonical_url):
            try:
                read_address(url)
            except ParseError:
                continue
    assert detect(long, url=long[:7_000]).kind
    assert detect("<!DOCTYPE html><html>Discuz! forum.php?mod=" + long).kind
    assert isinstance(learn_rules(f'<a href="{long.replace(chr(34), "")}">1</a>', url="https://bbs.example/"), tuple)


def test_a_list_of_many_rows() -> None:
    text = KINDS["thread_list/search"]
    row = re.search(r"<li class=\"pbw\".*?</li>", text, re.DOTALL)
    assert row is not None
    found = parse_page(text[: row.start()] + row[0] * MANY + text[row.end() :])
    assert isinstance(found, ThreadList)
    assert len(found.threads) >= MANY
