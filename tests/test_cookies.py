"""Cookies in and out, and which of them goes where."""

import json
import os
import stat
from http.cookiejar import Cookie, CookieJar, MozillaCookieJar
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discuz_scrape.fetch._cookies import bind, header_for, load, save, take

SITE = "https://bbs.qingshiqiao.example/forum.php"
LATER = 4_102_444_800
VALUE = "c0ffee-4821"

posix = pytest.mark.skipif(os.name == "nt", reason="modes and links of POSIX")


def few(examples: int) -> settings:
    shared = [HealthCheck.function_scoped_fixture]  # one folder for all examples will do
    return settings(max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=shared)


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "cookies.txt"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def line(*fields: object) -> str:
    return "\t".join(map(str, fields)) + "\n"


def facts(jar: CookieJar) -> set[tuple[object, ...]]:
    return {
        (
            cookie.domain, cookie.path, cookie.name, cookie.value, cookie.secure, cookie.expires, cookie.discard,
            cookie.domain_specified, cookie.has_nonstandard_attr("HttpOnly"),
        )
        for cookie in jar
    }  # fmt: skip


OWN = line("bbs.qingshiqiao.example", "FALSE", "/", "TRUE", LATER, "auth", VALUE)


# A cookies.txt


@pytest.mark.parametrize(
    "text",
    [
        "# Netscape HTTP Cookie File\n\n" + OWN,
        OWN,
        OWN.rstrip("\n"),
        "\ufeff# HTTP Cookie File\r\n\r\n" + OWN.replace("\n", "\r\n"),
        ("# Netscape HTTP Cookie File\n" + OWN).encode("utf-16"),
        "#HttpOnly_" + OWN,
        "# a remark: bbs.example\tFALSE\n" + OWN,
        OWN.replace("\t", "   "),
        OWN.replace(str(LATER), f"{LATER}.123456"),
        OWN.replace(str(LATER), "0"),
        OWN.replace(str(LATER), "-1"),
        OWN.replace(str(LATER), ""),
        OWN.replace("TRUE", "true").replace("FALSE", "false"),
        OWN.upper().replace("AUTH", "auth").replace(VALUE.upper(), VALUE),
        OWN.replace("bbs.", ".").replace("FALSE", "TRUE"),
        OWN.replace("bbs.", "").replace("FALSE", "TRUE"),
        OWN.replace("bbs.", ".", 1),
        OWN + line("bbs.qingshiqiao.example", "FALSE", "/", "FALSE", 946_684_800, "old", "gone"),
        OWN + line("other.example", "FALSE", "/", "FALSE", LATER, "else", "x"),
        OWN + line("bbs.qingshiqiao.example", "FALSE", "/uc", "FALSE", LATER, "elsewhere", "x"),
    ],
)
def test_what_browsers_and_editors_write_is_read(tmp_path: Path, text: str | bytes) -> None:
    path = written(tmp_path, text)
    for given_path in (path, str(path)):
        assert header_for(load(given_path), SITE) == f"auth={VALUE}"


def test_values_may_be_empty_or_hold_nearly_anything(tmp_path: Path) -> None:
    host = ("bbs.qingshiqiao.example", "FALSE", "/", "FALSE", 0)
    text = line(*host, "a", "") + "\t".join(map(str, (*host, "b"))) + "\n" + line(*host, "c", 'x="y" %E9%93 z')
    assert header_for(load(written(tmp_path, text)), SITE) == 'a=; b=; c=x="y" %E9%93 z'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"auth={VALUE}; sid=1", "line 1: not a cookie: 7 fields"),
        (OWN + f"auth\t{VALUE}", "line 2: not a cookie: 7 fields"),
        (OWN.rstrip("\n") + f"\t{VALUE}", "line 1: not a cookie: 7 fields"),
        (OWN.replace("TRUE", VALUE), "line 1: not a cookie: the fields are"),
        (OWN.replace(str(LATER), VALUE), "line 1: not a cookie: the fields are"),
        ("\n\n" + OWN.replace("auth", "au;th"), "line 3: its name"),
        (OWN.replace(VALUE, VALUE + ";x=1"), "line 1: it has characters"),
        (OWN.replace(VALUE, VALUE + "\x0b"), "line 1: it has characters"),
        (OWN.replace(VALUE, VALUE + "é"), "line 1: it has characters"),
        (OWN.replace(VALUE, VALUE * 999), "line 1: it is longer than"),
        (OWN.replace("bbs.qingshiqiao.example", " "), "line 1: its domain is none"),
        (f'{{"auth": "{VALUE}"}}', "JSON, but no list of cookies"),
        (f'[{{"name": "auth", "value": "{VALUE}"}}]', "cookie 1: not a cookie: it needs a name, a value and a domain"),
        (f'[{{"name": "auth", "value": "{VALUE}"', "neither a cookies.txt nor JSON"),
        ("[" * 100_000, "neither a cookies.txt nor JSON"),
        ('["x"]', "cookie 1: not a cookie"),
        (b"\x00" * ((8 << 20) + 1), "too large"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_never_its_value(tmp_path: Path, text: str | bytes, told: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ValueError, match="cookies") as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert told in str(caught.value)
    assert VALUE not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path, tmp_path / ("x" * 999), "a\0b"):
        with pytest.raises(ValueError, match="cookies cannot be read: "):
            load(path)


def test_a_cookie_header_is_no_path_and_is_not_shown() -> None:
    with pytest.raises(ValueError, match="not for a Cookie header") as caught:
        load(f"auth={VALUE}; sid=1")
    assert VALUE not in str(caught.value)
    assert caught.value.__suppress_context__


@given(st.binary() | st.text().map(str.encode) | st.lists(st.sampled_from(
    [b"\t", b"TRUE", b"0", b"a", b".", b"\n", b"#HttpOnly_", b"{", b"[", b'"name"', b":", b'"x"', b"\xff"]
)).map(b"".join))  # fmt: skip
@few(300)
def test_any_file_gives_cookies_or_a_value_error(tmp_path: Path, content: bytes) -> None:
    try:
        jar = load(written(tmp_path, content))
    except ValueError:
        return
    header_for(jar, SITE)


# JSON of extensions


@pytest.mark.parametrize(
    "entry",
    [
        {"domain": ".qingshiqiao.example", "hostOnly": False, "httpOnly": True, "expirationDate": LATER + 0.5},
        {"domain": "qingshiqiao.example", "hostOnly": False, "path": "/", "expirationDate": LATER},
        {"domain": "bbs.qingshiqiao.example", "hostOnly": True, "secure": True, "session": True},
        {"domain": "bbs.qingshiqiao.example", "expires": -1, "sameSite": "Lax"},
        {"domain": "bbs.qingshiqiao.example", "expiry": LATER * 1_000},
        {"domain": "bbs.qingshiqiao.example", "expires": 1e300, "path": None},
    ],
)
def test_exports_in_json_are_read_too(tmp_path: Path, entry: dict[str, Any]) -> None:
    cookies = [entry | {"name": "auth", "value": VALUE}]
    for text in (json.dumps(cookies), json.dumps({"cookies": cookies, "origins": []}, indent=1)):
        jar = load(written(tmp_path, text))
        assert header_for(jar, SITE) == f"auth={VALUE}"
        assert [cookie.secure for cookie in jar] == [entry.get("secure", False)]


# A mapping, a jar


def test_cookies_of_a_mapping_go_to_the_first_host_only() -> None:
    jar = load({"auth": VALUE, "sid": "1"})
    assert header_for(jar, SITE) is None
    assert {cookie.name for cookie in bind(jar, "BBS.qingshiqiao.example")} == {"auth", "sid"}
    assert header_for(jar, SITE) == f"auth={VALUE}; sid=1"
    assert list(bind(jar, "other.example")) == []
    for host in ("other.example", "qingshiqiao.example", "img.bbs.qingshiqiao.example", "unbound.invalid"):
        assert header_for(jar, f"https://{host}/") is None


def test_cookies_that_were_bound_to_a_site_under_tls_stay_under_it() -> None:
    jar = load({"auth": VALUE})
    bind(jar, "bbs.qingshiqiao.example", secure=True)
    assert header_for(jar, SITE) == f"auth={VALUE}"
    assert header_for(jar, SITE.replace("https", "http")) is None


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_a_host_may_be_an_address_or_a_bare_name(host: str) -> None:
    jar = load({"auth": VALUE})
    bind(jar, host)
    assert header_for(jar, f"http://{host}:8099/forum.php") == f"auth={VALUE}"


def test_a_cookie_of_one_host_is_not_for_those_below_it() -> None:
    jar = load(None)
    take(jar, "https://qingshiqiao.example/", ["own=1", "all=2; domain=qingshiqiao.example"])
    assert header_for(jar, "https://qingshiqiao.example/") == "own=1; all=2"
    assert header_for(jar, SITE) == "all=2"


def test_a_host_sets_no_cookies_for_others() -> None:
    jar = load(None)
    foreign = ("other.example", "com.cn", "cn", "", "a.bbs.qingshiqiao.com.cn", "127.0.0.1")
    take(jar, "https://bbs.qingshiqiao.com.cn/", [f"a{n}=1; domain={domain}" for n, domain in enumerate(foreign)])
    assert {cookie.domain for cookie in jar} <= {"bbs.qingshiqiao.com.cn"}


def test_an_answer_takes_cookies_away() -> None:
    jar = load({"auth": VALUE})
    bind(jar, "bbs.qingshiqiao.example")
    take(jar, SITE, ["auth=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0; path=/"])
    assert header_for(jar, SITE) is None


def test_what_no_header_can_carry_is_not_taken() -> None:
    jar = load(None)
    take(jar, SITE, ["a=\x01", "b=é", "c=" + "x" * 9_999, "d=1"])
    assert header_for(jar, SITE) == "d=1"


SAID = st.text(st.characters(max_codepoint=255)) | st.text("abc=;, \"'\\-0189:pathdomnexirs/.ATZ")


@given(st.lists(SAID, max_size=4))
@few(500)
def test_any_answer_leaves_a_jar_that_can_be_sent(headers: list[str]) -> None:
    jar = load(None)
    take(jar, SITE, [header.replace("\r", "").replace("\n", "") for header in headers])
    header = header_for(jar, SITE)
    assert header is None or header.isprintable()


def test_a_jar_is_copied() -> None:
    jar = load({"auth": VALUE})
    bind(jar, "bbs.qingshiqiao.example")
    copied = load(jar)
    assert facts(copied) == facts(jar)
    take(copied, SITE, ["auth=other; path=/"])
    assert header_for(jar, SITE) == f"auth={VALUE}"


class Wrapped(dict[str, str]):
    """As httpx wraps a jar."""

    def __init__(self, jar: CookieJar) -> None:
        self.jar = jar


def made(name: str, value: str | None, domain: str, **facts: Any) -> Cookie:
    told: dict[str, Any] = {"path": "/", "secure": False, "expires": LATER, "discard": False, "rest": {}} | facts
    return Cookie(
        version=0, name=name, value=value, port=None, port_specified=False, domain=domain, path_specified=True,
        domain_specified=bool(domain), domain_initial_dot=domain.startswith("."), comment=None, comment_url=None,
        **told,
    )  # fmt: skip


def test_a_jar_of_others_is_read_with_the_same_care() -> None:
    theirs = CookieJar()
    for cookie in (made("a", "1", ""), made("b", "2", "other.example"), made("c", "3", "localhost")):
        theirs.set_cookie(cookie)
    theirs.set_cookie(made("old", "4", "other.example", expires=1))
    for cookies in (theirs, Wrapped(theirs)):
        jar = load(cookies)
        assert header_for(jar, SITE) is None
        assert header_for(jar, "https://www.other.example/") is None
        assert header_for(jar, "https://other.example/") == "b=2"
        assert header_for(jar, "http://localhost:8099/") == "c=3"
        bind(jar, "bbs.qingshiqiao.example")
        assert header_for(jar, SITE) == "a=1"


@pytest.mark.parametrize(
    ("cookies", "told"),
    [
        ({"auth": f"{VALUE}; more=1"}, "cookie 'auth': it has characters"),
        ({"auth": f"{VALUE}\r\nX: y"}, "cookie 'auth': it has characters"),
        ({f"auth={VALUE}": ""}, "a cookie: its name"),
        ({"": VALUE}, "a cookie: its name"),
        ({"uid": 5}, "cookie 'uid': name and value must be text"),
    ],
)
def test_a_mapping_holds_cookies_that_can_be_sent(cookies: Any, told: str) -> None:
    with pytest.raises(ValueError, match="cookie") as caught:
        load(cookies)
    assert str(caught.value).startswith(told)
    assert VALUE not in str(caught.value)


def test_cookies_of_a_session_pass_through_the_jar_that_python_has_for_files(tmp_path: Path) -> None:
    jar = load({"auth": VALUE})
    bind(jar, "bbs.qingshiqiao.example")
    save(jar, tmp_path / "cookies.txt")
    theirs = MozillaCookieJar(tmp_path / "cookies.txt")
    theirs.load(ignore_discard=True, ignore_expires=True)
    assert header_for(load(theirs), SITE) == f"auth={VALUE}"


def test_a_jar_with_what_no_header_can_carry_is_refused() -> None:
    jar = CookieJar()
    jar.set_cookie(made(f"{VALUE}\n", None, "bbs.example"))
    with pytest.raises(ValueError, match=r"^a cookie of bbs\.example: its name") as caught:
        load(jar)
    assert VALUE not in str(caught.value)


def test_nothing_else_is_taken_for_cookies() -> None:
    assert not list(load(None))
    with pytest.raises(TypeError, match="not list"):
        load([("a", "1")])  # type: ignore[arg-type]


# Back into a file

PRINTED = st.characters(min_codepoint=32, max_codepoint=126)
NAMES = st.text(PRINTED.filter(lambda char: char not in ";="), min_size=1, max_size=20)
VALUES = st.text(PRINTED.filter(lambda char: char != ";"), max_size=60) | st.none()
COOKIES = st.builds(
    lambda name, value, domain, **facts: made(name, value, domain, discard=facts["expires"] is None, **facts),
    NAMES,
    VALUES,
    st.from_regex(r"\A\.?[a-z0-9]{1,9}(\.[a-z0-9]{1,9}){1,3}\Z") | st.sampled_from(["localhost", "", "127.0.0.1"]),
    path=st.sampled_from(["/", "/bbs/", "/a b", "/#x"]),
    secure=st.booleans(),
    expires=st.none() | st.integers(LATER, 253_402_300_799),
    rest=st.sampled_from([{}, {"HttpOnly": None}]),
)


@given(st.lists(COOKIES, max_size=6))
@few(300)
def test_what_is_saved_is_read_back_equal(tmp_path: Path, cookies: list[Cookie]) -> None:
    theirs = CookieJar()
    for cookie in cookies:
        theirs.set_cookie(cookie)
    jar = load(theirs)
    save(jar, tmp_path / "cookies.txt")
    assert facts(load(tmp_path / "cookies.txt")) == facts(jar)


def test_cookies_of_the_session_and_hidden_ones_are_saved(tmp_path: Path) -> None:
    jar = load(None)
    take(jar, SITE, [f"auth={VALUE}; path=/; HttpOnly; Secure", "sid=1; path=/; httponly", "last"])
    save(jar, tmp_path / "jar")
    assert (tmp_path / "jar").read_text().splitlines() == [
        "# Netscape HTTP Cookie File",
        "",
        f"#HttpOnly_bbs.qingshiqiao.example\tFALSE\t/\tTRUE\t0\tauth\t{VALUE}",
        "#HttpOnly_bbs.qingshiqiao.example\tFALSE\t/\tFALSE\t0\tsid\t1",
        "bbs.qingshiqiao.example\tFALSE\t/\tFALSE\t0\t\tlast",
    ]
    assert header_for(load(tmp_path / "jar"), SITE) == header_for(jar, SITE) == f"auth={VALUE}; sid=1; last"


def test_neither_expired_cookies_nor_such_as_break_the_file_are_saved(tmp_path: Path) -> None:
    jar = CookieJar()
    jar.set_cookie(made("a", "x\ty", "a.example"))
    jar.set_cookie(made("b", "1", "#b.example"))
    jar.set_cookie(made("c", "1", "c.example", expires=0))
    save(jar, tmp_path / "jar")
    assert not list(load(tmp_path / "jar"))


@posix
def test_only_the_owner_can_read_what_is_saved(tmp_path: Path) -> None:
    path = tmp_path / "jar"
    path.write_text("old")
    path.chmod(0o644)
    save(load({"auth": VALUE}), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["jar"]


@posix
def test_no_link_is_followed(tmp_path: Path) -> None:
    theirs, path = tmp_path / "theirs", tmp_path / "jar"
    theirs.write_text("old")
    path.symlink_to(theirs)
    save(load({"auth": VALUE}), path)
    assert theirs.read_text() == "old"
    assert not path.is_symlink()


def test_cookies_that_were_never_bound_are_saved_unbound(tmp_path: Path) -> None:
    save(load({"auth": VALUE}), tmp_path / "jar")
    jar = load(tmp_path / "jar")
    bind(jar, "bbs.qingshiqiao.example")
    assert header_for(jar, SITE) == f"auth={VALUE}"


def test_a_place_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match=r"."):
        save(load({"auth": VALUE}), tmp_path / "folder")
    assert [entry.name for entry in tmp_path.rglob("*")] == ["folder"]
