"""What robots.txt forbids, by which rule, and how long it asks to wait."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discuz_scrape.fetch._robots import AGENT, MAX_BYTES, MAX_DELAY, Robots

SITE = "https://bbs.qingshi.example/"
STOCK = """\
#
# robots.txt for a forum
#

User-agent: *

Disallow: /api/
Disallow: /data/
Disallow: /source/
Disallow: /install/
Disallow: /template/default/
Disallow: /config/
Disallow: /uc_client/
Disallow: /uc_server/
Disallow: /admin.php
Disallow: /search.php
Disallow: /member.php
Disallow: /api.php
Disallow: /misc.php
Disallow: /connect.php
Disallow: /forum.php?mod=redirect*
Disallow: /forum.php?mod=post*
Disallow: /home.php?mod=spacecp*
Disallow: /*?mod=misc*
Disallow: /*?mod=attachment*
Disallow: /*mobile=yes*
Allow: /data/attachment/
Allow: /data/cache/
Allow: /uc_server/data/avatar/
"""


def rule(content: bytes | str, url: str, agent: str = AGENT) -> str | None:
    return Robots.parse(content).forbids(url, agent)


def few(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, derandomize=True, database=None)


# --- the file as Discuz ships it


@pytest.mark.parametrize("base", [SITE, "/", "", "HTTP://bbs.qingshi.example:8080/", "//bbs.qingshi.example/"])
@pytest.mark.parametrize(
    "path",
    [
        "",
        "forum.php",
        "forum.php?mod=viewthread&tid=2&extra=page%3D1",
        "forum.php?mod=viewthread&tid=2&viewpid=31&cp=all",
        "forum.php?mod=viewthread&tid=2&authorid=7&page=2#pid31",
        "thread-2-1-1.html",
        "forum.php?mod=forumdisplay&fid=3",
        "forum-3-1.html",
        "archiver/?tid-2.html",
        "archiver/tid-2.html?page=2",
        "home.php?mod=space&uid=7",
        "data/attachment/forum/202403/18/a.jpg",
        "uc_server/data/avatar/000/00/00/07_avatar_small.jpg",
        "robots.txt",
        "forum.php?mod=viewthread&tid=2#mobile=yes",
        "forum.php?mobile=no",
        "forum.php?mod=forumdisplay&fid=3&keyword=" + quote("青石桥", encoding="gbk"),
    ],
)
def test_threads_boards_and_the_archiver_are_allowed_by_the_stock_file(base: str, path: str) -> None:
    assert rule(STOCK, base + path) is None


@pytest.mark.parametrize("base", [SITE, "/", "", "HTTP://bbs.qingshi.example:8080/", "//bbs.qingshi.example/"])
@pytest.mark.parametrize(
    ("path", "forbidden"),
    [
        ("member.php?mod=logging&action=login", "/member.php"),
        ("forum.php?mod=redirect&goto=findpost&ptid=2&pid=31", "/forum.php?mod=redirect*"),
        ("forum.php?mod=%72edirect&goto=lastpost&tid=2", "/forum.php?mod=redirect*"),
        ("forum.php?mod=misc&action=viewratings&tid=2&pid=31", "/*?mod=misc*"),
        ("forum.php?mod=attachment&aid=OTE3fDNm", "/*?mod=attachment*"),
        ("bbs/forum.php?mod=attachment&aid=OTE3fDNm", "/*?mod=attachment*"),
        ("forum.php?mod=post&action=reply&tid=2", "/forum.php?mod=post*"),
        ("home.php?mod=spacecp&ac=pm", "/home.php?mod=spacecp*"),
        ("api/mobile/index.php?module=viewthread&tid=2", "/api/"),
        ("api.php?mod=js&bid=1", "/api.php"),
        ("search.php?mod=forum", "/search.php"),
        ("search.php?mod=forum&srchtxt=" + quote("青石桥", encoding="gbk"), "/search.php"),
        ("search.php?mod=forum&srchtxt=青石桥", "/search.php"),
        ("misc.php?mod=tag&id=4", "/misc.php"),
        ("forum.php?mod=viewthread&tid=2&mobile=yes", "/*mobile=yes*"),
        ("data/cache.php", "/data/"),
        ("uc_server/avatar.php?uid=7&size=small", "/uc_server/"),
    ],
)
def test_what_the_stock_file_forbids_is_told_with_its_rule(base: str, path: str, forbidden: str) -> None:
    assert rule(STOCK, base + path) == f"Disallow: {forbidden}"


# --- which rule counts


def test_the_longest_rule_counts_and_is_the_one_named() -> None:
    content = (
        "User-agent: *\nDisallow: /\nAllow: /forum\nDisallow: /forum.php\nDisallow: /forum.php?mod=r\nAllow: /*tid=9"
    )
    assert rule(content, "/home.php") == "Disallow: /"
    assert rule(content, "/forum-1-1.html") is None
    assert rule(content, "/forum.php?mod=redirect") == "Disallow: /forum.php?mod=r"
    assert rule(content, "/forum.php?tid=9") == "Disallow: /forum.php"
    assert rule(content, "/x?tid=9") is None


def test_a_rule_is_named_as_the_file_has_it() -> None:
    content = "User-agent: *\r\n  DISALLOW :  /search.php   # no robots here\r\nAllow: /\r\n"
    assert rule(content, "/search.php") == "DISALLOW :  /search.php"


def test_a_rule_of_a_stranger_is_shown_short_and_without_control_characters() -> None:
    told = rule(b"User-agent: *\nDisallow: /*\x1b[2J" + b"*" * 1000, "/a%1B[2J")
    assert told is not None
    assert told.startswith("Disallow: /*?[2J**")
    assert len(told) < 250


@pytest.mark.parametrize(
    "name", ["discuz_scrape", "discuz-scrape", "Discuz_Scrape", "DISCUZ-SCRAPE/1.0", "discuz_scrape / 2"]
)
def test_a_group_of_our_own_goes_before_that_of_all(name: str) -> None:
    content = f"User-agent: *\nDisallow: /\nCrawl-delay: 9\n\nUser-agent: {name}\nDisallow: /home.php\nCrawl-delay: 4\n"
    assert rule(content, "/forum.php") is None
    assert rule(content, "/home.php?mod=space") == "Disallow: /home.php"
    assert rule(content, "/forum.php", "someone-else") == "Disallow: /"
    assert Robots.parse(content).crawl_delay() == 4
    assert Robots.parse(content).crawl_delay("someone-else") == 9


def test_an_empty_group_of_our_own_allows_all() -> None:
    assert rule("User-agent: discuz_scrape\nDisallow:\n\nUser-agent: *\nDisallow: /", "/forum.php") is None


@pytest.mark.parametrize("name", ["discuz", "scrape", "googlebot", "discuz_scraper", "_scrape", ""])
def test_the_group_of_another_name_is_not_ours(name: str) -> None:
    assert rule(f"User-agent: {name}\nDisallow: /", "/forum.php") is None


def test_names_share_the_rules_below_them_and_groups_of_one_name_are_one() -> None:
    content = (
        "User-agent: other\nUser-agent: discuz_scrape\nSitemap: https://bbs.qingshi.example/map.xml\nDisallow: /a\n\n"
        "Host: bbs.qingshi.example\nUser-agent: other\nDisallow: /b\n\nuseragent discuz-scrape\nDisallow: /c\n"
    )
    assert [rule(content, path) for path in ("/a", "/b", "/c")] == ["Disallow: /a", None, "Disallow: /c"]


@pytest.mark.parametrize("line", ["User-agent: *", "USER-AGENT:*", "Useragent : *", "user agent *", "User-Agent\t*"])
def test_the_line_that_opens_a_group_is_known_however_it_is_written(line: str) -> None:
    assert rule(f"User-agent: other\nDisallow: /b\n{line}\nDisallow: /a", "/a") == "Disallow: /a"
    assert rule(f"User-agent: other\nDisallow: /b\n{line}\nDisallow: /a", "/b") is None


# --- bytes


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_file_of_any_encoding_is_read(encoding: str, newline: str) -> None:
    content = STOCK.replace("a forum", "青石论坛全部").replace("\n", newline).encode(encoding)
    assert rule(content, SITE + "member.php") == "Disallow: /member.php"
    assert rule(content, SITE + "thread-2-1-1.html") is None


@pytest.mark.parametrize("word", ["青石桥", "全部", "版块"])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_chinese_words_in_rules_and_addresses_are_compared_byte_by_byte(word: str, encoding: str) -> None:
    bare = f"User-agent: *\nDisallow: /*key={word}".encode(encoding)
    escaped = b"User-agent: *\nDisallow: /*key=" + quote(word, encoding=encoding).lower().encode()
    url = f"{SITE}search?key={quote(word, encoding=encoding)}&page=2"
    assert rule(bare, url) == f"Disallow: /*key={word}"
    assert rule(escaped, url) is not None
    for content in (bare, escaped):  # of the same length, so all are the same where bad bytes become one character
        assert rule(content, f"{SITE}search?key={quote('市' * len(word), encoding=encoding)}") is None
        assert rule(content, f"{SITE}search?key={quote(word, encoding='big5', errors='replace')}") is None


def test_a_bare_chinese_address_is_sent_as_utf8_and_read_so() -> None:
    assert rule("User-agent: *\nDisallow: /*key=全部", "/search?key=全部") == "Disallow: /*key=全部"


@pytest.mark.parametrize(
    "page", ["<!DOCTYPE html>\n<p>\nUser-agent: *\nDisallow: /\n", "\n  <html>User-agent: *\nDisallow: /"]
)
def test_a_page_of_html_in_its_place_has_no_rules(page: str) -> None:
    assert rule(page, "/forum.php") is None
    assert rule(b"\xef\xbb\xbf" + page.encode(), "/forum.php") is None


@pytest.mark.parametrize(
    "content", ["", b"", "\n\n", "Disallow: /", b"\x00\xff\xfe" * 100, "User-agent", "404 not found"]
)
def test_what_has_no_rules_allows_all(content: bytes | str) -> None:
    assert rule(content, "/forum.php") is None
    assert Robots.parse(content).crawl_delay() is None


# --- hostile files


@pytest.mark.parametrize("newline", ["\n", "\r"])
def test_only_the_first_500_kib_are_read_and_no_rule_is_cut_in_two(newline: str) -> None:
    start = newline.join(("User-agent: *", "Disallow: /a", "#" * (MAX_BYTES - 40), "Disallow: "))
    content = start + "/" * (MAX_BYTES - len(start)) + "forum.php"
    for given_as in (content, content.encode()):
        assert rule(given_as, "/a") == "Disallow: /a"
        assert rule(given_as, "//") is None
        assert rule(given_as, "/" * 500) is None
    assert rule(f"#{'的' * MAX_BYTES}{newline}User-agent: *{newline}Disallow: /", "/a") is None


def test_patterns_of_many_stars_take_no_time() -> None:
    for pattern in ("a*" * 100_000 + "b$", "*a" * 30 + "b$", "/" + "*" * 200_000 + "$b"):
        assert rule(f"User-agent: *\nDisallow: /{pattern}", SITE + "a" * 8000) is None
    assert rule("User-agent: *\nDisallow: /" + "a*" * 100_000, SITE + "a" * 8000) is None


def test_many_names_above_many_rules_take_no_time() -> None:
    names = "".join(f"User-agent: a{number}\n" for number in range(15_000))
    content = names + "User-agent: *\n" + "Disallow: /x\n" * 15_000
    assert rule(content, "/x") == "Disallow: /x"
    assert rule(content, "/y") is None


def test_the_rule_is_found_among_very_many() -> None:
    content = "User-agent: *\n" + "".join(f"Disallow: /{number}*x\nAllow: /{number}*xyz\n" for number in range(9_000))
    assert rule(content, "/8999/x") == "Disallow: /8999*x"
    assert rule(content, "/7/x") == "Disallow: /7*x"
    assert rule(content, "/7/xyz") is None


FIELDS = st.sampled_from(["Disallow", "Allow", "Crawl-delay", "Request-rate", "User-agent", ""])
VALUES = st.text("/*$%a9?=&#:.-\t\x00\x1c全 ", max_size=12)
LINES = st.one_of(
    st.sampled_from(["User-agent: *", "User-agent: discuz_scrape", "Disallow: /", "Allow: /a", "Disallow: /*%", ""]),
    st.builds("{}{}{}".format, FIELDS, st.sampled_from([":", " ", ": "]), VALUES),
    st.text(max_size=12),
)


@few(400)
@given(st.lists(LINES, max_size=12), st.text(max_size=30))
def test_any_file_and_any_address_have_an_answer(lines: list[str], url: str) -> None:
    robots = Robots.parse("\n".join(lines))
    told = robots.forbids(url)
    assert told is None or told.strip()
    delay = robots.crawl_delay()
    assert delay is None or 0 <= delay <= MAX_DELAY


@few(200)
@given(st.binary(max_size=60), st.text(max_size=30))
def test_any_bytes_are_a_file(content: bytes, url: str) -> None:
    robots = Robots.parse(b"User-agent: *\nDisallow: " + content)
    told = robots.forbids(url)
    assert told is None or told.startswith(("Disallow:", "Disallow", "disallow"))
    Robots.parse(content).forbids(url)


# --- how long to wait


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ("Crawl-delay: 5", 5),
        ("crawl-delay: 0.5", 0.5),
        ("Crawl-delay: 0", 0),
        ("Crawl-delay: 86400", MAX_DELAY),
        ("Crawl-delay: -1", None),
        ("Crawl-delay: nan", None),
        ("Crawl-delay: inf", None),
        ("Crawl-delay: 1e999", None),
        ("Crawl-delay: soon", None),
        ("Crawl-delay:", None),
        ("Request-rate: 1/10", 10),
        ("Request-rate: 10/1m", 6),
        ("Request-rate: 1/10 0600-0845", 10),
        ("Request-rate: 1/1d", MAX_DELAY),
        ("Request-rate: 0/10", None),
        ("Request-rate: 1/-10", None),
        ("Request-rate: often", None),
        ("Request-rate: 1/" + "9" * 400, MAX_DELAY),
        ("Request-rate: " + "9" * 400 + "/" + "9" * 400, 1),
        ("Request-rate: 1/" + "9" * 9000, None),
        ("Crawl-delay: 2\nRequest-rate: 1/10", 10),
        ("Crawl-delay: 20\nRequest-rate: 1/10", 20),
        ("Disallow: /", None),
    ],
)
def test_the_wait_that_a_file_asks_for_is_read_and_nonsense_is_not(lines: str, seconds: float | None) -> None:
    assert Robots.parse(f"User-agent: *\n{lines}\n").crawl_delay() == seconds


# --- what the answer's status means


@pytest.mark.parametrize("status", [200, 203])
def test_a_file_that_came_is_read(status: int) -> None:
    robots = Robots.for_status(status, STOCK.encode())
    assert robots is not None
    assert robots.forbids("/member.php") == "Disallow: /member.php"


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 410, 451])
def test_a_file_that_is_not_there_allows_all(status: int) -> None:
    robots = Robots.for_status(status, STOCK.encode())
    assert robots is not None
    assert robots.forbids("/member.php") is None


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 520])
def test_a_server_at_fault_has_said_nothing_yet(status: int) -> None:
    assert Robots.for_status(status, STOCK.encode()) is None


def test_a_site_without_rules_can_be_made() -> None:
    assert Robots.allow_all().forbids(SITE) is None
    assert Robots.allow_all().crawl_delay() is None
