"""Pages that nobody should send: the posts that are there come out, or one clear error, and never another exception."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from discuz_scrape import DiscuzScrapeError, ParseError, Thread, parse_text, parse_thread

FORMATS = ("text", "html", "markdown")
LONG = 20_000  # characters: a pattern that looks at each pair of them would not come back
RUNS = {
    "digits": "1",
    "spaces": " ",
    "nbsp": "\xa0",
    "line breaks": "\n",
    "square brackets": "[",
    "brackets": "(",
    "double quotes": '"',
    "single quotes": "'",
    "escaped tags": "&lt;",
    "commas": "1,",
    "dots": "1.",
    "dashes": " - ",
    "years": "2024-",
    "dates": "2024-1-2 ",
    "times": " 1:1",
    "colons": "a:",
    "stars": "*",
    "ticks": "`",
    "backslashes": "\\",
    "pictures": "![",
    "links": "[a](",
    "prepositions": " 于 2024",
    "edit marks": "本帖最后由 甲 于 ",
    "labels": "发表于 ",
    "prices": "支付 ",
    "downloads": "下载次数: ",
    "scores": "+1 ",
    "software": "Discuz!",
    "addresses": "1.1.",
}


def post(pid: int = 7, body: str = "潮水", *, author: str = "甲", time: str = "2024-1-2 03:04", below: str = "") -> str:
    return (
        f'<div id="post_{pid}"><table id="pid{pid}"><tr><td class="pls"><div class="authi">'
        f'<a href="home.php?mod=space&amp;uid=7" class="xw1">{author}</a></div></td>'
        f'<td class="plc"><div class="authi"><em id="authorposton{pid}">发表于 {time}</em></div>'
        f'<table><tr><td class="t_f" id="postmessage_{pid}">{body}</td></tr></table>{below}</td></tr></table></div>'
    )


def page(
    posts: str, *, title: str = "潮汐 - 海边 - Powered by Discuz!", subject: str = "潮汐", footer: str = ""
) -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8" /><title>{title}</title>'
        '<meta name="generator" content="Discuz! X3.4" /></head><body>'
        f'<div id="pt"><a href="forum.php?mod=forumdisplay&amp;fid=2">海边</a></div>'
        f'<span id="thread_subject">{subject}</span><div id="postlist">{posts}</div><div id="postlistreply"></div>'
        f'<div id="ft">GMT+8, 2024-1-3 10:00 {footer}</div></body></html>'
    )


def read(content: str | bytes) -> Thread:
    """Read a page with all formats, and write it as JSON."""
    thread = parse_thread(content, formats=FORMATS)
    assert Thread.model_validate_json(thread.model_dump_json()) == thread
    return thread


def body_of(body: str) -> str:
    (only,) = read(page(post(body=body))).posts
    return only.body


@pytest.mark.parametrize(
    "content",
    [
        "",
        b"",
        " \r\n\t",
        "\0" * 100_000,
        bytes(range(256)) * 4_000,
        b"\xff\xfe",
        b"\xfe\xff\x00",
        b"\xff\xfe" + b"\x00\xd8" * 1_000,
        "\ud800" * 1_000,
        "<" * 100_000,
        "&" * 100_000,
        "<!--" * 50_000,
        "<![CDATA[" * 20_000,
        "x" * (4 * 2**20),
        "<junk> " * (64 * 2**20 // 7),
        b"\xffjunk" * (64 * 2**20 // 5),
        "<div>" * 200_000,
        "Discuz! " + "<div>" * 200_000,
        "".join(f'<div id="post_{pid}"></div>' for pid in range(100_000)),
    ],
    ids=lambda content: repr(content[:20]),
)
def test_no_page_at_all(content: str | bytes) -> None:
    with pytest.raises(ParseError):
        parse_thread(content)
    if isinstance(content, str):
        with pytest.raises(ParseError):
            parse_text(content)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<div>" * 200_000, "nested more than 2,000 deep"),
        ("<div>" * 2_001, "nested more than 2,000 deep"),
        ("<b>潮</b><span>潮" * 2_001, "nested more than 2,000 deep"),
        ("<table><tr><td>" * 2_001, "nested more than 2,000 deep"),
        ("<p" + "".join(f" a{n}" for n in range(2_001)) + ">", "2,000 attributes"),
        ("<p" + "".join(f' a{n}="<"' for n in range(2_001)) + ">", "2,000 attributes"),
        ("潮" * (11 * 2**20), "larger than 32 MiB"),
    ],
    ids=["200,000 deep", "deep", "deep between others", "tables", "attributes", "attributes with <", "large"],
)
def test_pages_out_of_bounds_are_refused(body: str, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        read(page(post(body=body)))


def test_nul_bytes() -> None:
    assert "退" in body_of("潮\0水\0退")
    assert len(read(page(post(7) + "\0\0" + post(8)).encode()).posts) == 2


def test_line_breaks_in_an_address_are_passed_over_as_browsers_do() -> None:
    links = '<a href="http://a.example/tide\n/low">1</a><a href="forum.php?mod=viewthread\n&amp;tid=5">2</a>'
    (told,) = parse_thread(page(post(body=links)), url="https://b.example/forum.php").posts
    assert [link.url for link in told.links] == [
        "http://a.example/tide/low", "https://b.example/forum.php?mod=viewthread&tid=5"
    ]  # fmt: skip


def test_lone_surrogates() -> None:
    wild = "\ud800潮\udfff"
    thread = read(
        page(post(body=wild + f'<a href="http://a.example/{wild}">{wild}</a>', author=wild), title=wild, subject=wild)
    )
    assert "潮" in thread.posts[0].body
    assert "潮" in read(page(post(body="&#xD800;潮"))).posts[0].body


def test_utf_16_with_bad_units() -> None:
    content = b"\xff\xfe" + page(post()).encode("utf-16-le")
    assert read(content).posts[0].body == "潮水"
    assert read(content + b"\x00").posts[0].body == "潮水"


def test_huge_attributes() -> None:
    assert body_of(f'<p title="{"a b " * 250_000}">潮</p>') == "潮"
    assert body_of(f'<a href="http://a.example/{"a" * 1_000_000}">潮</a>') == "潮"


def test_a_million_line_breaks() -> None:
    assert parse_thread(page(post(body="潮" + "<br>" * 1_000_000 + "水"))).posts[0].body == "潮\n\n水"


def test_all_end_tags_missing() -> None:
    posts = "".join(post(pid) for pid in range(10, 30))
    thread = read(re.sub(r"</[^>]*>", "", page(posts)))
    assert [found.pid for found in thread.posts] == list(range(10, 30))


def test_all_end_tags_missing_on_a_long_page() -> None:
    posts = "".join(post(pid) for pid in range(10, 1_010))
    try:
        thread = read(re.sub(r"</[^>]*>", "", page(posts)))
    except ParseError:
        return
    assert len(thread.posts) == 1_000


@pytest.mark.parametrize(
    "start",
    [
        "<blockquote>",
        "<b>",
        "<i>",
        "<span>",
        "<font>",
        "<center>",
        "<pre>",
        "<ignore_js_op>",
        '<div class="quote">',
        '<div class="locked">',
        '<div class="blockcode">',
        '<div class="media">',
        '<div class="ad_pr">',
        '<div id="postmessage_7">',
        '<div class="showhide">',
    ],
)
def test_nested_deeply(start: str) -> None:
    name = start[1:].split()[0].rstrip(">")
    read(page(post(body=f"{start}潮" * 1_500 + f"</{name}>" * 1_500) + post(8)))


@pytest.mark.parametrize(
    "start",
    ['<div class="quote"><blockquote>', "<ul><li>", "<ol><li>", '<div><a href="http://a.example/">', "<table><tr><td>"],
)
def test_nested_deeply_in_pairs(start: str) -> None:
    thread = read(page(post(body=f"{start}潮" * 480)))
    assert len(thread.posts) == 1


def test_frames_without_content_beside_a_post() -> None:
    frames = "".join(f'<div id="post_{pid}"></div>' for pid in range(100, 20_100))
    assert read(page(post() + frames)).posts[0].body == "潮水"


def test_many_of_everything() -> None:
    number = 10_000
    links = '<a href="http://a.example/1">潮</a> ' * number
    images = '<img src="http://a.example/1.png" /> ' * number
    files = "".join(
        f'<span id="attach_{n}"><a href="forum.php?mod=attachment&amp;aid={n}">a.zip</a> <em>(1.5 KB)</em></span>'
        for n in range(1, number + 1)
    )
    found = read(page(post(body=links + images + files))).posts[0]
    assert (len(found.links), len(found.images), len(found.attachments)) == (number, number, number)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("_7", "_" + "9" * 5_000),
        ("uid=7", "uid=" + "9" * 5_000),
        ("fid=2", "fid=" + "9" * 5_000),
        ("2024-1-2", "9" * 5_000 + "-1-2"),
        ("2024-1-2", "0000-0-0"),
        ("2024-1-2 03:04", "99999999999999999999 天前"),
        ("2024-1-2 03:04", "9999999 天前"),
        ("2024-1-3 10:00", "9999-12-31 23:59"),
        ("2024-1-3 10:00", "0001-1-1 00:00"),
        ("GMT+8", "GMT+99"),
        ("GMT+8", "GMT-" + "9" * 5_000),
        ("GMT+8", "GMT+²"),
        ("2024", "٢٠٢٤"),
        ("_7", "_²"),
        ("http", "http://[::1"),
        ("<head>", '<head><base href="http://[">'),
        ("home.php", "http://[z/home.php"),
        ("<body>", "<body><script>var discuz_uid = '²', fid = parseInt('²'), tid = parseInt('²');</script>"),
    ],
)
def test_numbers_and_addresses_that_are_none(old: str, new: str) -> None:
    text = page(post(body='潮水<a href="http://a.example/">潮</a>')).replace(old, new)
    try:
        read(text)
    except DiscuzScrapeError as error:
        assert "broke the parser" not in str(error)


@pytest.mark.parametrize(
    "url", ["", "http://[", "http://[::1", "//", "x" * 100_000, "javascript:1", "http://a.example:99999999/"]
)
def test_addresses_of_the_page_that_are_none(url: str) -> None:
    assert parse_thread(page(post(body='<a href="thread-7-1-1.html">潮</a>')), url=url).posts[0].body == "潮"


@pytest.mark.parametrize("charset", ["", "base64", "undefined", "idna", "rot13", "unicode_escape", "\0", "x" * 100_000])
def test_charsets_that_are_none(charset: str) -> None:
    content = page(post()).encode()
    assert parse_thread(content, content_type=f"text/html; charset={charset}").posts[0].body == "潮水"


PLACES: dict[str, Callable[[str], str]] = {
    "body": lambda run: page(post(body=run)),
    "code": lambda run: page(post(body=f'<div class="blockcode"><ol><li>{run}</ol></div><pre>{run}</pre>')),
    "cell": lambda run: page(post(body=f"<table><tr><td>{run}</td></tr></table>")),
    "edit mark": lambda run: page(post(body=f'<i class="pstatus">{run}</i>')),
    "quote": lambda run: page(
        post(body=f'<div class="quote"><blockquote><font size="2">{run}</font><br />潮</blockquote></div>')
    ),
    "notice": lambda run: page(post(body=f'<div class="locked">{run}</div>')),
    "link": lambda run: page(post(body=f'<a href="http://a.example/">{run}</a>')),
    "address": lambda run: page(
        post(body=f"<a href='http://a.example/{attribute(run)}'>潮</a><img src='{attribute(run)}' />")
    ),
    "style": lambda run: page(post(body=f"<span style='display{attribute(run)}'>潮</span>")),
    "player": lambda run: page(post(body=f"<script>detectPlayer('a', 'b', {run}</script>")),
    "file": lambda run: page(
        post(body=f'<span id="attach_5"><a href="forum.php?mod=attachment&amp;aid=5">a.zip</a> <em>({run})</em></span>')
    ),
    "author": lambda run: page(post(author=run)),
    "time": lambda run: page(post(time=run)),
    "after the time": lambda run: page(post(time=f"2024-1-2 03:04 {run}")),
    "signature": lambda run: page(post(below=f'<div class="sign">{run}</div>')),
    "moderation": lambda run: page(
        post(below=f'<div class="modact"><a href="forum.php?mod=misc">本主题由 {run} 于</a></div>')
    ),
    "rating": lambda run: page(
        post(
            below=f'<dl id="ratelog_7" class="rate"><dd><table><tbody class="ratl_l"><tr id="rate_7_5"><td><a '
            f'href="home.php?mod=space&amp;uid=5">乙</a></td><td>{run}</td><td>{run}</td></tr></tbody></table></dd></dl>'
        )
    ),
    "comment": lambda run: page(
        post(
            below='<div id="comment_7" class="cm"><div class="pstl"><div class="psta">'
            '<a href="home.php?mod=space&amp;uid=5">乙</a></div>'
            f'<div class="psti">{run}<span class="xg1">发表于 {run}</span></div></div></div>'
        )
    ),
    "poll": lambda run: page(
        post(
            below=f'<form id="poll"><div class="pinf">单选投票, 共有 {run} 人参与</div><div class="pcht"><table><tr>'
            f'<td class="pvt"><label>1. {run}</label></td></tr></table></div></form>'
        )
    ),
    "heading": lambda run: page(post()).replace(
        "<span id=", f'<div class="hm">查看: {run} 回复: {run}</div><span id=', 1
    ),
    "title": lambda run: page(post(), title=run),
    "subject": lambda run: page(post(), subject=run),
    "footer": lambda run: page(post(), footer=run),
}


def attribute(run: str) -> str:
    return run.replace("'", "")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("run", RUNS)
def test_long_runs(place: str, run: str) -> None:
    text = PLACES[place](RUNS[run] * (LONG // len(RUNS[run])))
    assert len(read(text).posts) == 1


@pytest.mark.parametrize("run", RUNS)
def test_long_runs_in_messages_and_texts(run: str) -> None:
    words = RUNS[run] * (LONG // len(RUNS[run]))
    with pytest.raises(DiscuzScrapeError):
        parse_thread(f'<title>提示信息 - Powered by Discuz!</title><div id="messagetext"><p>{words}</p></div>')
    line = "发表于 2024-1-2 03:04 | 显示全部楼层"
    parse_text(f"潮汐\n\n{line}\n{words}\n\n{line}\n{words} 潮\n\nPowered by Discuz! X3.4\nGMT+8, 2024-1-3 10:00")


@pytest.mark.parametrize("formats", [("pdf",), ("text", "")])
def test_unknown_formats(formats: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="unknown formats"):
        parse_thread("", formats=formats)


# --- What a page does not show of a post ---

@pytest.mark.parametrize(
    ("below", "parts"),
    [
        ('<div id="threadindex"><a page="3"></a><a page="2"></a></div>', 3),
        ('<div id="threadindex"><a page="1"></a><a tid="5" pid="6"></a></div>', None),
        ('<div id="threadindex"><a page="-4"></a><a page="²"></a><a page="' + "9" * 5_000 + '"></a></div>', None),
        ('<div id="threadpage"></div><script>show_threadpage(7, 1, 4, 0);</script>', 4),
        ('<div id="threadpage"></div>\n<script>show_threadpage(7, 1, 1, 0);</script>', None),
        ('<div id="threadpage"></div><script>show_threadpage(7, 1, ' + "9" * 5_000 + ", 0);</script>", None),
        ("<script>show_threadpage(7, 1, 4, 0);</script>", None),
        ('<div id="threadindex"></div><div id="threadpage"></div>', None),
        ('<div id="threadindex">' * 500, None),
    ],
)
def test_parts_are_counted_where_the_forum_tells_them(below: str, parts: int | None) -> None:
    assert read(page(post(below=below))).posts[0].parts == parts


def test_parts_that_an_author_wrote_are_words() -> None:
    written = '<div id="threadindex"><a page="9">一</a></div><div id="threadpage"></div>show_threadpage(7, 1, 9, 0)'
    assert read(page(post(body=written))).posts[0].parts is None


def test_the_pager_of_a_thread_leads_to_no_remarks() -> None:
    said = '<div class="pstl"><div class="psta"><a href="?2" class="xw1">乙</a></div><div class="psti">好</div></div>'
    link = '<div class="pgs"><div class="pg"><a href="?mod=viewthread&amp;page=2" class="nxt">2</a></div></div>'
    found = read(page(post(below=f'<div id="comment_7">{said}{link}'))).posts[0]
    assert [comment.text for comment in found.comments] == ["好"]
    assert not found.more_comments


@pytest.mark.parametrize(
    ("head", "more"),
    [
        ("<th>参与人数 2</th>", True),
        ("<th>已有2人评分</th>", True),
        ("<th>1</th>", False),
        ("<th>参与人数</th>", False),
        ("<th>威望 +22</th>", False),
        ("<th>威望 - 22</th>", False),
        ("<th>" + "9" * 5_000 + "</th>", False),
        ("", False),
    ],
)
def test_more_members_rated_where_their_number_says_so(head: str, more: bool) -> None:
    row = '<tr id="rate_7_2"><td><a href="?2">乙</a></td><td>+ 1</td><td>好</td></tr>'
    table = f'<dl id="ratelog_7"><dd><table><tr>{head}<th>威望</th><th>理由</th></tr>{row}</table></dd></dl>'
    (rating,) = read(page(post(below=table))).posts[0].ratings
    assert rating.user.name == "乙"
    assert read(page(post(below=table))).posts[0].more_ratings is more
