"""Which addresses belong to the site that was asked for, and where its hosts may lead."""

from __future__ import annotations

import socket

import pytest
from hypothesis import settings

from discuz_scrape.errors import FetchError
from discuz_scrape.fetch._private import is_private
from discuz_scrape.fetch._site import Border, Site, check, check_addresses

HOME = Site.of("https://bbs.qingshi.example/")
PUBLIC = "93.184.216.34"


def few(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, derandomize=True, database=None)


def refused(home: str, url: str, *, subdomains: bool = False, came_from: str = "") -> str:
    with pytest.raises(FetchError) as caught:
        check(url, home=Site.of(home), subdomains=subdomains, came_from=came_from)
    return str(caught.value)


# --- what an address says


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://bbs.example.com/thread-1-1-1.html", Site("https", "bbs.example.com", 443)),
        ("HTTP://BBS.Example.COM", Site("http", "bbs.example.com", 80)),
        ("http://bbs.example.com.:8080/?a@b", Site("http", "bbs.example.com", 8080)),
        ("http://bbs.example.com:/", Site("http", "bbs.example.com", 80)),
        ("http://bbs_1.example.com/", Site("http", "bbs_1.example.com", 80)),
        ("http://论坛.中国/", Site("http", "xn--kfsr23j.xn--fiqs8s", 80)),
        ("http://bbs_1.论坛。中国/", Site("http", "bbs_1.xn--kfsr23j.xn--fiqs8s", 80)),
        ("http://ＢＢＳ.example/", Site("http", "bbs.example", 80)),
        ("http://faß.example/", Site("http", "xn--fa-hia.example", 80)),
        ("http://[2001:DB8:0::1]:81/", Site("http", "2001:db8::1", 81)),
        ("http://[::ffff:127.0.0.1]/", Site("http", "::ffff:7f00:1", 80)),
        ("http://localhost", Site("http", "localhost", 80)),
    ],
)
def test_scheme_host_and_port_are_read_in_their_one_form(url: str, site: Site) -> None:
    assert Site.of(url) == site


@pytest.mark.parametrize(
    "spelling", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "0X7F000001.", "1２7.0.0.1"]
)
def test_every_spelling_of_an_ip_address_is_seen_through(spelling: str) -> None:
    site = Site.of(f"http://{spelling}/")
    assert site.host == "127.0.0.1"
    assert site.is_literal


@pytest.mark.parametrize(
    "spelling", ["127.1", "0x7f.1", "2130706433", "0177.0.0.1", "1.2.3", "1.2.65535", "0xffffffff"]
)
def test_an_ip_address_is_read_as_the_c_library_reads_it(spelling: str) -> None:
    assert Site.of(f"http://{spelling}/").host == socket.inet_ntoa(socket.inet_aton(spelling))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "thread-1-1-1.html",
        "//bbs.example.com/",
        "http:///thread",
        "http:bbs.example.com",
        "http://",
        "http://:80/",
        "ftp://bbs.example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://bbs.example.com:0/",
        "http://bbs.example.com:65536/",
        "http://bbs.example.com:8080x/",
        "http://bbs.example.com:８０/",
        "http://bbs.example.com:-1/",
        "http://bbs..example.com/",
        "http://.example.com/",
        "http://bbs.example.com../",
        "http://bbs%2eexample.com/",
        "http://bbs.example.com\\.else.example/",
        "http://bbs.example.com\\@else.example/",
        "http://a b.example/",
        "http://bbs.example.com/a b",
        "http://bbs.example.com/\r\nSet-Cookie:x",
        "\thttp://bbs.example.com/",
        "http://bbs.example.com/\0",
        "http://bbs.example.com/\u3000",
        "http://bbs.example.com/\ud800",
        "http://bbs.ex\u00adample.com\u2028/",
        "http://" + "a" * 64 + ".example/",
        "http://" + "a." * 200 + "example/",
        "http://" + "坛" * 200 + ".example/",
        "http://a℀b.example/",
        "http://☃️❤.example\u200b/",
        "http://[::1/",
        "http://[::1]x/",
        "http://[1.2.3.4]/",
        "http://[fe80::1%25eth0]/",
        "http://[::1::]/",
        "http://256.1.1.1/",
        "http://1.2.3.4.5/",
        "http://08.1.1.1/",
        "http://1.2.65536/",
        "http://4294967296/",
        "http://0x/",
        "http://bbs.example.1/",
        "http://1_0.1/",
        "http://bbs.example.com/" + "a" * 8192,
    ],
)
def test_what_is_no_plain_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(FetchError, match="is no address that can be fetched: "):
        Site.of(url)


@pytest.mark.parametrize(
    "url", ["https://wang:geheim@bbs.example.com/", "https://wang:geheim＠bbs.example.com/", "https://geheim@[::1/"]
)
def test_a_password_in_an_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        Site.of(url)
    told = [str(caught.value), str(caught.value.url), str(caught.value.__cause__)]
    assert "geheim" not in "".join(told)


@pytest.mark.parametrize(
    "url", ["https://bbs.example.com", "http://bbs.example.com:8080", "http://[::1]", "https://[::1]:1"]
)
def test_a_site_is_written_as_its_address_begins(url: str) -> None:
    assert str(Site.of(url + "/forum.php")) == url


# --- what belongs to a site


@pytest.mark.parametrize(
    ("home", "url"),
    [
        ("https://bbs.example.com/", "https://bbs.example.com/forum.php?mod=viewthread&tid=1#pid2"),
        ("https://bbs.example.com/", "https://BBS.example.com.:443/"),
        ("http://bbs.example.com/", "https://bbs.example.com/"),
        ("http://example.com/", "https://www.example.com/"),
        ("https://www.example.com/", "https://example.com/"),
        ("http://bbs.example.com:8080/", "https://bbs.example.com:8080/"),
        ("http://论坛.中国/", "http://xn--kfsr23j.xn--fiqs8s/"),
        ("http://127.0.0.1:8099/", "http://0x7f.1:8099/"),
        ("http://localhost/", "http://www.localhost/"),
    ],
)
def test_the_site_itself_with_www_or_with_https_is_the_site(home: str, url: str) -> None:
    assert Site.of(home).admits(url, subdomains=False)
    assert Site.of(home).admits(url, subdomains=True)


@pytest.mark.parametrize(
    ("home", "url", "why"),
    [
        ("https://bbs.example.com/", "http://bbs.example.com/", "leaves https"),
        ("https://example.com/", "http://www.example.com/", "leaves https"),
        ("https://bbs.example.com/", "https://bbs.example.com:8443/", "another port than https://bbs.example.com;"),
        ("http://bbs.example.com:8080/", "http://bbs.example.com/", "another port than http://bbs.example.com:8080;"),
        ("http://bbs.example.com:8080/", "https://bbs.example.com/", "another port"),
        ("http://bbs.example.com/", "https://bbs.example.com:8443/", "another port"),
        ("https://bbs.example.com/", "https://else.example/", "another host than https://bbs.example.com;"),
        ("https://bbs.example.com/", "https://bbs.example.com.else.example/", "another host"),
        ("https://bbs.example/", "https://notbbs.example/", "another host"),
        ("https://bbs.example.com/", "https://93.184.216.34/", "another host"),
        ("https://bbs.example.com/", "ftp://bbs.example.com/", "neither with http:// nor with https://"),
        ("https://bbs.example.com/", "https://bbs.example.com@else.example/", "name or a password"),
        ("http://127.0.0.1/", "http://127.0.0.2/", "another host"),
    ],
)
def test_another_host_port_or_scheme_and_the_way_back_from_https_are_not(home: str, url: str, why: str) -> None:
    assert not Site.of(home).admits(url, subdomains=True)
    assert why in refused(home, url)


@pytest.mark.parametrize(
    ("home", "url", "related"),
    [
        ("https://bbs.example.com/", "https://img.example.com/", True),
        ("https://example.com/", "https://img.example.com/", True),
        ("https://bbs.example.com/", "https://example.com/", True),
        ("https://bbs.example.com/", "https://www.www.bbs.example.com/", True),
        ("https://a.bbs.example.com/", "https://img.cdn.example.com/", True),
        ("https://bbs.example.com.cn/", "https://img.example.com.cn/", True),
        ("https://bbs.example.cn/", "https://img.example.cn/", True),
        ("https://bbs.论坛.公司.cn/", "https://img.论坛.公司.cn/", True),
        ("https://bbs.论坛.中国/", "https://img.论坛.中国/", True),
        ("https://bbs.example.com.cn/", "https://other.com.cn/", False),
        ("https://example.com.cn/", "https://other.com.cn/", False),
        ("https://com.cn/", "https://example.com.cn/", False),
        ("https://bbs.example.co.uk/", "https://other.co.uk/", False),
        ("https://example.bj.cn/", "https://other.bj.cn/", False),
        ("https://论坛.公司.cn/", "https://other.公司.cn/", False),
        ("https://論壇.個人.hk/", "https://other.個人.hk/", False),
        ("https://example.com/", "https://other.com/", False),
        ("https://example.cn/", "https://other.cn/", False),
        ("https://bbs.example.com/", "https://badexample.com/", False),
        ("http://localhost/", "http://bbs.localhost/", False),
        ("http://intranet/", "http://elsewhere/", False),
        ("http://10.1.2.3/", "http://9.1.2.3/", False),
        ("http://[2001:db8::1]/", "http://[2001:db8::2]/", False),
    ],
)
def test_other_sub_domains_of_the_same_domain_belong_to_it_by_option_only(home: str, url: str, related: bool) -> None:
    assert Site.of(home).admits(url, subdomains=True) is related
    assert not Site.of(home).admits(url, subdomains=False)
    assert ("subdomains=True" in refused(home, url)) is related


def test_a_refusal_says_which_address_led_where_and_what_to_do() -> None:
    told = refused(
        "https://bbs.example.com/", "https://else.example/x", came_from="https://bbs.example.com/thread-1-1-1.html"
    )
    assert told == (
        "'https://else.example/x', where 'https://bbs.example.com/thread-1-1-1.html' leads, is on another host than "
        "https://bbs.example.com; ask for that address itself"
    )


def test_a_refusal_stays_short_however_long_the_address() -> None:
    long = "https://else.example/" + "a" * 8000
    assert len(refused("https://bbs.example.com/", long, came_from=long)) < 600


def test_https_once_reached_is_not_left_though_http_was_asked_for() -> None:
    home = "http://bbs.example.com/"
    assert "leaves https" in refused(home, "http://bbs.example.com/forum.php", came_from="HTTPS://bbs.example.com/")
    assert Site.of(home).admits("http://bbs.example.com/forum.php", subdomains=False)


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("HTTPS://BBS.青石.Example.:443/a?b=中#c", "https://bbs.xn--y7y328d.example/a?b=中#c"),
        ("https://bbs.青石.example", "https://bbs.xn--y7y328d.example"),
        ("https://www.bbs.青石.example?", "https://www.bbs.xn--y7y328d.example?"),
    ],
)
def test_what_is_sent_has_the_host_as_it_was_checked_and_all_else_as_written(url: str, sent: str) -> None:
    assert Border(Site.of("https://bbs.青石.example/")).check(url) == sent


@pytest.mark.parametrize("url", ["http://0x7f.1:8099/x", "http://2130706433:8099/x", "http://127.0.0.1:08099/x"])
def test_what_is_sent_has_no_odd_spelling_of_an_ip_address(url: str) -> None:
    assert Border(Site.of("http://127.0.0.1:8099/")).check(url) == "http://127.0.0.1:8099/x"


# --- private addresses


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.0.1", "0.1.0.0", "10.0.0.5", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
        "100.127.255.255", "169.254.169.254", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
        "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
        "2001:20::1", "3fff::1", "100::1", "64:ff9b:1::1", "::127.0.0.1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::169.254.169.254", "2002:7f00:1::1", "2002:c0a8:101::",
        "2001:0:a00:1::1", "2001:0:5db8:d822:0:0:80ff:fffe",
        "", "localhost", "2130706433", "0x7f.1", "１２７.0.0.1", "127.0.0.1 ",
    ],
)  # fmt: skip
def test_private_reserved_and_unreadable_addresses_are_private(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize(
    "address",
    [
        PUBLIC, "8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "192.167.0.1",
        "223.255.255.255", "2606:4700::1111", "2001:da8::1", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
        "2002:808:808::1", "2001:0:808:808::f7f7:f7f7",
    ],
)  # fmt: skip
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert not is_private(address)


@pytest.mark.parametrize("addresses", [["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["::ffff:169.254.169.254"]])
def test_a_public_site_leads_to_no_private_address(addresses: list[str]) -> None:
    with pytest.raises(FetchError, match=r"https://img\.example\.com/"):
        check_addresses("https://img.example.com/", addresses, home_private=False)
    check_addresses("https://img.example.com/", addresses, home_private=True)


def test_a_name_without_an_address_is_left_to_whoever_connects() -> None:
    check_addresses("https://img.example.com/", [], home_private=False)


def test_names_are_resolved_where_a_redirect_or_another_host_comes_in_and_ip_addresses_never() -> None:
    border = Border(HOME)
    assert not border.must_be_resolved("https://bbs.qingshi.example/forum.php")
    assert border.must_be_resolved("https://bbs.qingshi.example/forum.php", "https://bbs.qingshi.example/")
    assert border.must_be_resolved("https://www.bbs.qingshi.example/")
    assert not Border(Site.of("http://[::1]/")).must_be_resolved("http://[::1]/", "http://[::1]/x")


def test_a_public_site_cannot_lead_its_reader_into_his_own_network() -> None:
    border = Border(HOME, subdomains=True)
    border.note_home([PUBLIC, "2606:4700::1111"])
    with pytest.raises(FetchError, match=r"from a public site into a private network \('192\.168\.0\.1'\)"):
        border.check_addresses("https://router.qingshi.example/", [PUBLIC, "192.168.0.1"])


def test_a_public_site_stays_public_when_its_name_is_pointed_elsewhere() -> None:
    border = Border(HOME)
    border.check_peer(f"{HOME}/", PUBLIC)
    border.check_peer(f"{HOME}/", None)
    with pytest.raises(FetchError, match="private network"):
        border.check_peer(f"{HOME}/", "127.0.0.1")


@pytest.mark.parametrize("addresses", [["10.0.0.5"], ["10.0.0.5", "2001:da8::5"]])
def test_a_site_asked_for_in_a_private_network_may_stay_there(addresses: list[str]) -> None:
    border = Border(Site.of("http://bbs.campus.example/"), subdomains=True)
    border.note_home(addresses)
    border.check_addresses("http://img.campus.example/", ["10.0.0.6"])
    border.check_peer("http://img.campus.example/", "10.0.0.6")


def test_a_site_asked_for_by_a_private_address_may_stay_there() -> None:
    border = Border(Site.of("http://127.0.0.1:8099/"))
    assert (
        border.check("http://127.0.0.1:8099/forum.php", "http://127.0.0.1:8099/") == "http://127.0.0.1:8099/forum.php"
    )
    border.check_addresses("http://127.0.0.1:8099/", ["127.0.0.1"])


def test_a_site_is_taken_for_public_until_its_own_name_was_looked_up() -> None:
    border = Border(HOME, subdomains=True)
    with pytest.raises(FetchError):
        border.check_addresses("https://img.qingshi.example/", ["10.0.0.1"])


def test_who_answers_first_tells_whether_the_site_is_public() -> None:
    border = Border(HOME, subdomains=True)
    border.check_peer(f"{HOME}/", "10.0.0.5")
    border.check_addresses("https://img.qingshi.example/", ["10.0.0.6"])


def test_a_border_admits_what_it_would_not_refuse() -> None:
    border = Border(HOME)
    assert border.admits(f"{HOME}/forum.php")
    assert not border.admits("https://elsewhere.example/forum.php")
