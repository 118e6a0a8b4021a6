"""What addresses lead to, and back."""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discuz_scrape import (
    DEFAULT_RULES,
    DiscuzScrapeError,
    PageRef,
    ParseError,
    _urls,
    board_url,
    canonical_url,
    learn_rules,
    parse_url,
    thread_url,
)
from discuz_scrape._address import MAX_LENGTH
from discuz_scrape._rewrite import compile_rules
from discuz_scrape._routes import NOISE, ROUTES

FIXTURES = Path(__file__).parent.parent / "fixtures"
SITE = "https://bbs.qingshiqiao.example/"
TOKEN = base64.b64encode(b"917|3f0c2b1a|1710677776|0|4821").decode()


def few(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, derandomize=True, database=None)


def examples() -> list[tuple[str, dict[str, str], str]]:
    """The table: an address, what it must say, and its canonical form."""
    found: list[tuple[str, dict[str, str], str]] = []
    blocks = (Path(__file__).parent / "urls.txt").read_text("utf-8").split("\n\n")
    for block in blocks:
        if block.startswith("#"):
            continue
        path, told, *rest = (line.strip().replace("(root)", "") for line in block.strip().splitlines())
        fields = dict(part.partition("=")[::2] for part in told.split())
        found.append((path, fields, rest[0].removeprefix("->").strip() if rest else path))
    return found


def said(ref: PageRef, name: str) -> str:
    """What a reference says of one thing, as the table writes it."""
    group, _, parameter = name.partition(".")
    value = dict(ref.query).get(parameter) if group == "query" else getattr(ref, name)
    return "-" if value is None else str(value)


EXAMPLES = examples()
IDS = [example[0] or "/" for example in EXAMPLES]


@pytest.mark.parametrize(("path", "told", "canonical"), EXAMPLES, ids=IDS)
@pytest.mark.parametrize("folder", ["", "bbs/"])
def test_examples(path: str, told: dict[str, str], canonical: str, folder: str) -> None:
    ref = parse_url(SITE + folder + path)
    assert {name: said(ref, name) for name in told} == told
    assert ref.site == SITE + folder
    assert canonical_url(SITE + folder + path) == canonical_url(ref) == SITE + folder + canonical
    assert canonical_url(SITE + folder + canonical) == SITE + folder + canonical


@pytest.mark.parametrize("path", [example[0] for example in EXAMPLES], ids=IDS)
def test_canonical_address_is_of_the_same_page(path: str) -> None:
    assert same_page(parse_url(canonical_url(SITE + path)), parse_url(SITE + path))


def same_page(ref: PageRef, other: PageRef) -> bool:
    """Whether two agree in all but how they were written, the anchor, and what only describes."""
    dropped: dict[str, None] = dict.fromkeys(["rule", "charset", "token", "words", "fid", "pid"])
    return ref.model_copy(update=dropped) == other.model_copy(update=dropped)


def test_every_row_of_the_table_has_an_example() -> None:
    refs = [parse_url(SITE + path) for path, *_ in EXAMPLES]
    assert {(route.kind, route.face or "desktop") for route in ROUTES} <= {(ref.kind, ref.face) for ref in refs}


@pytest.mark.parametrize(("path", "canonical"), [(path, canonical) for path, _, canonical in EXAMPLES], ids=IDS)
def test_numbers_are_those_that_the_links_of_a_page_are_read_by(path: str, canonical: str) -> None:
    ref = parse_url(SITE + canonical)
    if ref.kind in {"thread", "board", "group", "redirect", "space", "goods"}:
        assert _urls.tid_in(canonical) == ref.tid
        assert _urls.fid_in(canonical) == ref.fid
        assert _urls.uid_in(canonical) == ref.uid
        assert ref.face in {"ajax", "api"} or _urls.pid_in(canonical) == ref.pid
        if "mod=" not in path and ref.kind in {"thread", "board", "space"}:  # rewritten, or short
            assert (_urls.tid_in(path), _urls.fid_in(path), _urls.uid_in(path)) == (ref.tid, ref.fid, ref.uid)


# Equal pages


@pytest.mark.parametrize(
    "urls",
    [
        [
            "thread-5-1-1.html",
            "thread-5-1-9.html",
            "forum.php?mod=viewthread&tid=5",
            "forum.php?tid=5&mod=viewthread&page=1#pid3",
            "forum.php?mod=viewthread&tid=5&extra=page%3D3&mobile=no",
            "t5-1-1",
            "thread/5.html",
        ],
        [
            "forum-7-2.html",
            "forum.php?mod=forumdisplay&fid=7&page=2",
            "forum.php?page=2&fid=7&mod=forumdisplay&sid=a1b2",
        ],
        ["forum.php", "index.php", "", "./", "?fromuid=3"],
        ["?9", "space-uid-9.html", "home.php?mod=space&uid=9", "home.php?uid=9"],
        ["forum.php?mod=redirect&goto=findpost&pid=3&ptid=5", "forum.php?mod=redirect&ptid=5&pid=3&fromuid=8"],
    ],
)
def test_equal_pages_get_equal_strings(urls: list[str]) -> None:
    assert len({canonical_url(SITE + url) for url in urls}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("thread-5-1-1.html", "thread-5-2-1.html"),
        ("thread-5-1-1.html", "thread-6-1-1.html"),
        ("forum.php?mod=viewthread&tid=5", "forum.php?mod=viewthread&tid=5&mobile=2"),
        ("forum.php?mod=viewthread&tid=5", "forum.php?mod=viewthread&tid=5&ordertype=1"),
        ("forum.php?mod=viewthread&tid=5", "archiver/?tid-5.html"),
        ("forum-7-1.html", "group-7-1.html"),
        ("forum-7-1.html", "forum.php?mod=forumdisplay&fid=7&filter=digest&digest=1"),
        ("bbs/thread-5-1-1.html", "club/thread-5-1-1.html"),
    ],
)
def test_other_pages_get_other_strings(one: str, other: str) -> None:
    assert canonical_url(SITE + one) != canonical_url(SITE + other)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://BBS.Example:443/forum.php", "https://bbs.example/"),
        ("http://bbs.example:8080//forum.php?gid=1", "http://bbs.example:8080/forum.php?gid=1"),
        ("http://me:secret@bbs.example/?3", "http://bbs.example/home.php?mod=space&uid=3"),
        ("https://bbs.example/a/../bbs/./thread-5-1-1.html", "https://bbs.example/bbs/forum.php?mod=viewthread&tid=5"),
        ("//bbs.example/thread-5-1-1.html", "//bbs.example/forum.php?mod=viewthread&tid=5"),
        ("/bbs/thread-5-1-1.html", "/bbs/forum.php?mod=viewthread&tid=5"),
        ("thread-5-1-1.html", "forum.php?mod=viewthread&tid=5"),
        ("  https://bbs.example/thread-5-1-1.html\n", "https://bbs.example/forum.php?mod=viewthread&tid=5"),
        ("https://other.example/a/b/c/d/?q=1#x", "https://other.example/a/b/c/d/?q=1"),
        ("https://other.example/a b/c.html?q=版", "https://other.example/a%20b/c.html?q=%E7%89%88"),
    ],
)
def test_hosts_folders_and_relative_addresses(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


def test_noise_is_dropped_wherever_it_stands() -> None:
    for name in sorted(NOISE - {"mobile", "inajax"}):
        assert (
            canonical_url(f"{SITE}forum.php?{name}=zz9&mod=viewthread&tid=5") == f"{SITE}forum.php?mod=viewthread&tid=5"
        )


# Names


@pytest.mark.parametrize("path", ["home.php?mod=space&username={}", "space-username-{}.html"])
@pytest.mark.parametrize(
    ("name", "charset"),
    [
        ("看门的老周", "utf-8"),
        ("看门的老周", "gbk"),
        ("目", "gbk"),
        ("深山★鹿", "gbk"),
        ("繁體字", "gbk"),
        ("Ünïcødé", "utf-8"),
        ("路人甲2026", "gbk"),
    ],
)
def test_names_in_the_charset_of_the_forum(path: str, name: str, charset: str) -> None:
    url = SITE + path.format(quote(name.encode(charset)))
    ref = parse_url(url)
    assert (ref.kind, ref.username) == ("space", name)
    assert ref.charset == {"gbk": "gb18030"}.get(charset, charset)
    assert canonical_url(url) == SITE + "home.php?mod=space&username=" + quote(name.encode(charset))


def test_charset_of_the_forum_can_be_told() -> None:
    url = SITE + "home.php?mod=space&username=" + quote("繁體用戶".encode("big5"))
    ref = parse_url(url, charset="big5")
    assert ref.username == "繁體用戶"
    assert canonical_url(ref) == canonical_url(url)


def test_names_written_without_escapes() -> None:
    assert parse_url(SITE + "space-username-看门的老周.html").username == "看门的老周"


def test_bytes_of_no_charset_are_kept() -> None:
    url = SITE + "home.php?mod=space&username=%FF%80a"
    assert canonical_url(url) == url


# Attachments


def test_token_of_an_attachment() -> None:
    token = parse_url(f"{SITE}forum.php?mod=attachment&aid={quote(TOKEN, safe='')}").token
    assert token is not None
    assert (token.aid, token.key, token.uid, token.tid) == (917, "3f0c2b1a", 0, 4821)
    assert token.made_at == datetime.fromtimestamp(1710677776, UTC)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ("5", (5, None, None, None)),
        ("5|k|soon|x|", (5, "k", None, None)),
        ("5|k|1710677776||12|9", (5, "k", None, 12)),
        ("5|k|99999999999999|3|", (5, "k", 3, None)),
    ],
)
def test_odd_tokens(parts: str, told: tuple[Any, ...]) -> None:
    aid = quote(base64.b64encode(parts.encode()).decode(), safe="")
    token = parse_url(f"{SITE}forum.php?mod=attachment&aid={aid}").token
    assert token is not None
    assert (token.aid, token.key, token.uid, token.tid) == told


@pytest.mark.parametrize("aid", ["", "%%%", "MA", "nonsense", base64.b64encode("甲|1".encode()).decode(), "9" * 40])
def test_what_is_no_token(aid: str) -> None:
    assert parse_url(f"{SITE}forum.php?mod=attachment&aid={aid}").kind == "misc"


# Building


@pytest.mark.parametrize(
    "base",
    [
        "https://x.example/bbs/",
        "https://x.example/bbs",
        "https://x.example/bbs/forum.php",
        "https://x.example/bbs/thread-9-1-1.html",
        "https://x.example/bbs/archiver/?tid-3.html",
        "https://x.example/bbs/index.html",
    ],
)
def test_base_may_be_any_page_of_the_forum(base: str) -> None:
    assert thread_url(base, 5) == "https://x.example/bbs/forum.php?mod=viewthread&tid=5"
    assert board_url(base, 7, 2) == "https://x.example/bbs/forum.php?mod=forumdisplay&fid=7&page=2"
    assert thread_url(base, 5, 2, rewrite=DEFAULT_RULES) == "https://x.example/bbs/thread-5-2-1.html"
    assert board_url(base, 7, rewrite="f{fid}-{page}") == "https://x.example/bbs/f7-1"


def test_what_a_pattern_cannot_tell_stays_dynamic() -> None:
    assert thread_url(SITE, 5, rewrite="thread/{tid}") == SITE + "thread/5"
    assert thread_url(SITE, 5, 2, rewrite="thread/{tid}") == SITE + "forum.php?mod=viewthread&tid=5&page=2"
    assert thread_url(SITE, 5, 2, rewrite=["thread/{tid}", "thread/{tid}/{page}"]) == SITE + "thread/5/2"
    assert board_url(SITE, 5, rewrite="thread/{tid}") == SITE + "forum.php?mod=forumdisplay&fid=5"


@pytest.mark.parametrize(("tid", "page"), [(0, 1), (-4, 1), (5, 0)])
def test_numbers_begin_at_one(tid: int, page: int) -> None:
    with pytest.raises(ValueError, match="numbers begin at 1"):
        thread_url(SITE, tid, page)


@pytest.mark.parametrize("ref", [PageRef(kind="thread"), PageRef(kind="misc"), PageRef(kind="tag", face="api")])
def test_a_reference_that_lacks_something_has_no_address(ref: PageRef) -> None:
    with pytest.raises(ValueError, match="no address is known"):
        canonical_url(ref)


# Rules


@pytest.mark.parametrize(
    ("rule", "url", "told"),
    [
        ("read/{tid}_{page}", "read/5_2", {"kind": "thread", "tid": 5, "page": 2}),
        ("/a/b/{tid}.shtml", "a/b/5.shtml", {"kind": "thread", "tid": 5, "page": 1}),
        ("read/{tid}/", "read/5/", {"kind": "thread", "tid": 5}),
        ("bk-{fid}", "bk-7", {"kind": "board", "fid": 7}),
        ("group:circle/{fid}", "circle/7", {"kind": "group", "fid": 7}),
        ("~{username}", "~%D3%C3%BB%A7", {"kind": "space", "username": "用户"}),
        ("p{id}", "p31", {"kind": "article", "id": 31}),
        ("blog/{uid}/{id}", "blog/3/31", {"kind": "blog", "uid": 3, "id": 31}),
    ],
)
def test_rules_can_be_given(rule: str, url: str, told: dict[str, Any]) -> None:
    ref = parse_url(SITE + "bbs/" + url, rewrite=rule)
    assert {name: getattr(ref, name) for name in told} == told
    assert (ref.site, ref.rule) == (SITE + "bbs/", rule)


def test_given_rules_take_the_place_of_the_usual_ones() -> None:
    assert parse_url(SITE + "thread-5-1-1.html", rewrite="t{tid}").kind == "other"
    assert parse_url(SITE + "thread-5-1-1.html", rewrite=()).kind == "other"
    assert (
        parse_url(SITE + "thread-5-1-1.html", rewrite=("thread-{page}-{prevpage}-{tid}.html", *DEFAULT_RULES)).tid == 1
    )


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("", "no rewrite pattern"),
        ("thread.html", "does not tell"),
        ("t-{page}", "does not tell"),
        ("t-{thread}", "not known: {thread}"),
        ("{tid}{page}", "ambiguous"),
        ("{tid}-{tid}", "ambiguous"),
        ("{name}-{value}-{tid}", "ambiguous"),
        ("https://x.example/t{tid}", "no rewrite pattern"),
        ("x.php?t={tid}", "no rewrite pattern"),
        ("nothing:{tid}", "does not tell"),
        ("t{tid}" + "x" * 300, "no rewrite pattern"),
    ],
)
def test_what_is_no_rule(rule: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_url(SITE, rewrite=rule)


def test_default_rules_are_rules_and_differ() -> None:
    assert len(set(DEFAULT_RULES)) == len(DEFAULT_RULES)
    assert {rule.kind for rule in compile_rules(DEFAULT_RULES)} == {
        "thread",
        "board",
        "group",
        "space",
        "blog",
        "article",
        "topic",
        "archiver",
        "plugin",
    }


# Learning


def page(
    *, canonical: str | None, links: str, tid: int | None = 4821, fid: int = 12, base: str = "https://x.example/bbs/"
) -> str:
    head = f'<link rel="canonical" href="{canonical}" />' if canonical else ""
    own = f"tid = parseInt('{tid}')" if tid else ""
    return (
        f'<html><head><base href="{base}" />{head}</head><body id="nv_forum" class="pg_viewthread">'
        f"<script>var fid = parseInt('{fid}'), {own};</script>"
        f'<a href="forum.php">论坛</a><a href="home.php?mod=spacecp">设置</a>{links}</body></html>'
    )


@pytest.mark.parametrize(
    ("canonical", "links", "rules"),
    [
        ("https://x.example/bbs/thread-4821-1-1.html", "", ("thread-{tid}-{page}-{prevpage}.html",)),
        ("forum.php?mod=viewthread&tid=4821", "", ()),
        ("https://x.example/bbs/t4821-1-1", '<a href="t4821-2-1">2</a>', ("t{tid}-{page}-{prevpage}",)),
        ("https://x.example/bbs/thread/4821", "", ("thread/{tid}",)),
        (
            "https://x.example/bbs/thread/4821",
            '<a href="thread/4821/2">2</a><a href="thread/4821/9">... 9</a><a href="thread/4821/2">下一页</a>',
            ("thread/{tid}", "thread/{tid}/{page}"),
        ),
        # the order of the numbers is told by the pager, not by their place
        (
            None,
            '<a href="read-1-4821-2.html">2</a><a href="read-1-4821-3.html">3</a>',
            ("read-{prevpage}-{tid}-{page}.html",),
        ),
        (None, '<a href="p2/4821">2</a><a href="p3/4821">3</a>', ("p{page}/{tid}",)),
        # links of another host, and links that are no pager
        (None, '<a href="https://y.example/bbs/t4821-2">2</a>', ()),
        (None, '<a href="tag/4821-5.html">2</a>', ()),
        # boards and members
        (None, '<div id="pt"><a href="ban12-1.html">修车铺</a></div>', ("ban{fid}-{page}.html",)),
        (None, '<a href="forum-12-1.html">返回列表</a>', ("forum-{fid}-{page}.html",)),
        (None, '<a href="ren/77"><img src="uc_server/avatar.php?uid=77&size=small"></a>', ("ren/{uid}",)),
        (None, '<a href="people-77"><img src="uc_server/avatar.php?uid=78"></a>', ()),
    ],
)
def test_rules_are_learned(canonical: str | None, links: str, rules: tuple[str, ...]) -> None:
    assert learn_rules(page(canonical=canonical, links=links)) == rules


def test_learned_rules_read_and_build() -> None:
    links = '<a href="go_4821_2">2</a><a href="go_4821_3">3</a>'
    rules = learn_rules(page(canonical="https://x.example/bbs/go_4821_1", links=links))
    assert rules == ("go_{tid}_{page}",)
    url = thread_url("https://x.example/bbs/", 99, 4, rewrite=rules)
    assert url == "https://x.example/bbs/go_99_4"
    ref = parse_url(url, rewrite=(*rules, *DEFAULT_RULES))
    assert (ref.kind, ref.tid, ref.page, ref.site) == ("thread", 99, 4, "https://x.example/bbs/")


def test_a_site_in_a_folder_of_its_own_links() -> None:
    """Without a base, scripts tell where the root is: not the folder that the page seems to lie in."""
    content = page(canonical="https://x.example/thread/4821", links="", base="").replace('<base href="" />', "")
    content = content.replace('"forum.php"', '"/forum.php"').replace('"home.php', '"/home.php')
    assert learn_rules(content, url="https://x.example/thread/4821") == ("thread/{tid}",)


def test_tid_one_is_told_from_page_one() -> None:
    links = '<a href="thread-1-2-1.html">2</a><a href="thread-1-3-1.html">3</a>'
    assert learn_rules(page(canonical="https://x.example/bbs/thread-1-1-1.html", links=links, tid=1)) == (
        "thread-{tid}-{page}-{prevpage}.html",
    )


@pytest.mark.parametrize("tid", [1, 2, 3, 12])
def test_small_numbers_are_not_confused(tid: int) -> None:
    """Related threads, other boards, members and pages that have the number of the thread by chance."""
    links = (
        '<div id="pt"><a href="forum-12-1.html">修车铺</a><a href="forum-1-1.html">论坛</a></div>'
        '<a href="thread-55-1-1.html">相关</a><a href="thread-56-2-1.html">2</a><a href="thread-57-3-1.html">3</a>'
        f'<a href="space-uid-{tid}.html">阿梅</a><a href="tag-{tid}-2.html">2</a><a href="blog-{tid}-9.html">9</a>'
        f'<a href="thread-{tid}-2-1.html">2</a><a href="thread-{tid}-3-1.html">3</a>'
    )
    rules = learn_rules(page(canonical=f"thread-{tid}-1-1.html", links=links, tid=tid))
    assert rules == ("thread-{tid}-{page}-{prevpage}.html", "forum-{fid}-{page}.html")


def test_a_board_with_the_number_of_one_of_its_threads() -> None:
    links = (
        '<a href="thread-12-1-1.html">老凤头</a><a href="thread-12-2-1.html">2</a><a href="thread-12-3-1.html">3</a>'
    )
    assert learn_rules(page(canonical=None, links=links, tid=None)) == ()


def test_what_people_link_to_teaches_nothing() -> None:
    links = '<table><td id="postmessage_9"><a href="trap/4821/2">2</a><a href="trap/4821/3">3</a></td></table>'
    assert learn_rules(page(canonical=None, links=links)) == ()


def test_a_page_without_scripts_is_known_by_its_canonical_link() -> None:
    content = page(canonical="https://x.example/bbs/thread-4821-1-1.html", links="", tid=None)
    assert learn_rules(content) == ("thread-{tid}-{page}-{prevpage}.html",)


def test_learning_from_a_hostile_page_costs_little() -> None:
    avatars = "".join(f'<a href="u{n}/x{n}"><img src="uc_server/avatar.php?uid={n}"></a>' for n in range(1, 8000))
    forms = "".join(f'<a href="a{"b" * (n % 90)}{n}c4821-2">2</a>' for n in range(8000))
    began = time.process_time()
    learn_rules(page(canonical=None, links=avatars + forms))
    assert time.process_time() - began < 3


@given(st.sampled_from(sorted(FIXTURES.rglob("*.in.html"))), st.floats(0, 1), st.floats(0, 1))
@few(60)
def test_rules_of_a_broken_page_are_rules(path: Path, place: float, further: float) -> None:
    content = path.read_bytes()
    start, end = sorted((int(len(content) * place), int(len(content) * further)))
    try:
        rules = learn_rules(content[:start] + content[end:])
    except DiscuzScrapeError:
        return
    assert len(compile_rules(rules)) == len(rules)


def test_rules_of_a_board_page() -> None:
    links = '<a href="b12-2.html">2</a><a href="b12-3.html">3</a>'
    assert learn_rules(page(canonical=None, links=links, tid=None)) == ("b{fid}-{page}.html",)


def test_rules_of_a_saved_page() -> None:
    content = (FIXTURES / "thread" / "x35" / "skin-own-urls.in.html").read_bytes()
    assert learn_rules(content) == ("t{tid}-{page}-{prevpage}", "f{fid}-{page}", "suid-{uid}")


def test_rules_that_the_api_names() -> None:
    answer = """{"Variables": {"setting_rewriterule": {"forum_viewthread": "t-{tid}-{page}.html", "forum_forumdisplay":
        "b/{fid}/{page}", "group_group": "quan-{fid}-{page}.html", "forum_archiver": "{action}-{value}.html", "plugin":
        "{broken}"}, "setting_rewritestatus": ["forum_viewthread", "group_group", "forum_archiver", "plugin"]}}"""
    rules = ("t-{tid}-{page}.html", "group:quan-{fid}-{page}.html", "archiver/{action}-{value}.html")
    assert learn_rules(answer) == rules


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[" * 9999,
        '{"Variables": 3}',
        '{"Variables": {"setting_rewriterule": [], "setting_rewritestatus": ""}}',
        "<p>",
        b"\x00\xff",
    ],
)
def test_nothing_is_learned_from_nothing(content: str | bytes) -> None:
    assert learn_rules(content) == ()


# Whatever comes


@pytest.mark.parametrize(
    "url",
    [
        "",
        "  ",
        "#pid3",
        "javascript:;",
        "mailto:a@b.example",
        "data:text/html,x",
        "ftp://x.example/",
        "http://",
        "http:///x",
        "https://[",
        "https://x.example:port/",
        "https://x.example:99999/",
        "https://a b.example/",
        "https://<x>/",
        "http://x\ud800/",
        "ed2k://|file|x|/",
        "https://x.example/" + "a" * MAX_LENGTH,
    ],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(ParseError):
        parse_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example/" + "/" * 8000,
        "https://x.example/" + "../" * 2600,
        "https://x.example/?" + "&" * 8000,
        "https://x.example/forum.php?" + "a=%C4%C4&" * 880,
        "https://x.example/" + "-1" * 4000 + ".html",
        "https://x.example/space-uid-" + "1-" * 3900 + ".html",
        "https://x.example/forum.php?mod=attachment&aid=" + "A" * 8000,
        "https://x.example/thread-" + "1" * 8000,
        "https://x.example/forum.php@" + ".html" * 1600 + "x",
        "https://x.example/archiver/?tid-" + "1-page-" * 1100,
        "https://x.example/" + "%" * 8000,
        "https://" + "x." * 4000 + "/",
    ],
    ids=range(12),
)
def test_hostile_addresses_cost_little(url: str) -> None:
    parse_url(url)  # compiles what is compiled once
    began = time.process_time()
    for _ in range(5):
        canonical_url(url)
    assert time.process_time() - began < 0.5


PARTS = """
thread- forum- space-uid- t / - 1 23 .html ? & = mod viewthread tid page #pid forum.php home.php archiver/ m/ a gid fid
api/mobile/index.php redirect goto findpost aid %C4 % + .. . // https:// x.example : @ 中 mobile=2 inajax=1 &amp; uid
username uc_server/avatar.php search.php searchid kw plugin.php id \\ [ ] ;
"""
words = st.sampled_from([*PARTS.split(), " ", "\n", "\x00"])
addresses = st.one_of(
    st.text(),
    st.text().map(SITE.__add__),
    st.lists(words, max_size=14).map("".join),
    st.lists(words, max_size=14).map("".join).map(SITE.__add__),
    st.sampled_from(EXAMPLES).flatmap(
        lambda example: st.lists(words, max_size=4).map(lambda more: SITE + example[0] + "".join(more))
    ),
)


@given(addresses)
@few(1500)
def test_any_address_is_read_or_refused(url: str) -> None:
    try:
        ref = parse_url(url)
    except ParseError as error:
        assert isinstance(error, DiscuzScrapeError)
        return
    assert parse_url(url) == ref
    assert PageRef.model_validate_json(ref.model_dump_json()) == ref
    assert hash(ref) == hash(parse_url(url))
    canonical = canonical_url(ref)
    assert canonical.isascii() or not url.isascii()
    assert canonical_url(canonical) == canonical
    assert same_page(parse_url(canonical), ref)


@given(st.sampled_from(["", *DEFAULT_RULES]), st.text("{}-/.tidfpagenxvlue:?# 中", max_size=12), st.text(max_size=20))
@few(300)
def test_any_text_is_a_rule_or_refused(rule: str, more: str, path: str) -> None:
    try:
        ref = parse_url(SITE + quote(path, errors="replace"), rewrite=rule + more)
    except ValueError as error:
        assert "rewrite pattern" in str(error)
    else:
        assert canonical_url(ref)


numbers = st.integers(1, 10**9)


def patterns_of(kind: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *(rule.pattern for rule in compile_rules(DEFAULT_RULES) if rule.kind == kind)])


@given(
    numbers,
    st.integers(1, 5000),
    patterns_of("thread"),
)
@few(300)
def test_built_threads_are_read_back(tid: int, number: int, rule: str | None) -> None:
    url = thread_url("https://x.example/bbs/", tid, number, rewrite=rule)
    ref = parse_url(url, rewrite=rule or ())
    assert (ref.kind, ref.site, ref.tid, ref.page) == ("thread", "https://x.example/bbs/", tid, number)
    assert canonical_url(ref) == thread_url("https://x.example/bbs/", tid, number)


@given(
    numbers,
    st.integers(1, 5000),
    patterns_of("board"),
)
@few(300)
def test_built_boards_are_read_back(fid: int, number: int, rule: str | None) -> None:
    url = board_url("https://x.example/", fid, number, rewrite=rule)
    ref = parse_url(url, rewrite=rule or ())
    assert (ref.kind, ref.site, ref.fid, ref.page) == ("board", "https://x.example/", fid, number)


@given(
    numbers,
    st.integers(2, 40),
    st.integers(1, 9),
    st.sampled_from(
        [
            "t{tid}-{page}-{prevpage}",
            "thread-{tid}-{page}.html",
            "x/{tid}/{page}",
            "read.{page}.{tid}",
            "{prevpage}_{tid}_{page}.shtml",
        ]
    ),
)
@few(200)
def test_what_a_site_does_is_learned_from_its_pager(tid: int, total: int, prevpage: int, pattern: str) -> None:
    (rule,) = compile_rules(pattern)
    pager = [(n, rule.build({"tid": tid, "page": n, "prevpage": prevpage})) for n in range(1, total + 1)]
    links = "".join(f'<a href="{href}">{n}</a>' for n, href in pager)
    learned = learn_rules(page(canonical=f"https://x.example/bbs/{pager[0][1]}", links=links, tid=tid, fid=987654321))
    assert len(learned) == 1
    ref = parse_url(f"https://x.example/bbs/{pager[-1][1]}", rewrite=learned)
    assert (ref.tid, ref.page) == (tid, total)
