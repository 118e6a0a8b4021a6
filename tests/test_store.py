"""Answers kept as they were fetched, and read again offline."""

import io
import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discuz_scrape import ParseError, parse_url
from discuz_scrape.__main__ import main
from discuz_scrape._saved import SIDECAR, Saved, Store, read_beside
from discuz_scrape.sources import PAGE_SUFFIXES

FIXTURES = Path(__file__).parent.parent / "fixtures"
PAGE = (FIXTURES / "thread" / "x34" / "first-page.in.html").read_bytes()
HTML = [("Content-Type", "text/html; charset=utf-8")]
SITE = "https://bbs.qingshiqiao.example/"
THREAD = SITE + "thread-4821-1-1.html"
AT = datetime(2024, 3, 19, 4, 5, tzinfo=UTC)

posix = pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")


def few(examples: int) -> settings:
    shared = [HealthCheck.function_scoped_fixture]  # one folder for all examples will do
    return settings(max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=shared)


def keep(folder: Path, url: str = THREAD, **told: Any) -> Path:
    given: dict[str, Any] = {"status": 200, "headers": HTML, "content": PAGE, "fetched_at": AT}
    return Store(folder).keep(url=url, **(given | told))


def beside(path: Path) -> Path:
    return path.with_name(path.name + SIDECAR)


def known(path: Path) -> Saved:
    saved = read_beside(path)
    assert saved is not None
    return saved


# What is kept


def test_an_answer_is_kept_as_it_came(tmp_path: Path) -> None:
    path = keep(
        tmp_path, headers=[*HTML, ("Date", "Tue, 19 Mar 2024 04:05:00 GMT"), ("X-Cache", "a"), ("X-Cache", "b")]
    )
    assert path.read_bytes() == PAGE
    saved = known(path)
    assert (saved.url, saved.status, saved.fetched_at) == (THREAD, 200, AT)
    assert saved.content_type == "text/html; charset=utf-8"
    assert saved.headers[-2:] == (("X-Cache", "a"), ("X-Cache", "b"))
    assert sorted(tmp_path.iterdir()) == [path, beside(path)]


def test_a_later_capture_leaves_the_first_alone(tmp_path: Path) -> None:
    paths = [keep(tmp_path, content=b"<p>%d" % n, fetched_at=AT + timedelta(seconds=n // 3)) for n in range(6)]
    assert len(set(paths)) == 6
    assert [path.read_bytes() for path in paths] == [b"<p>%d" % n for n in range(6)]
    assert [known(path).fetched_at for path in paths] == [AT] * 3 + [AT + timedelta(seconds=1)] * 3


def test_a_file_that_somebody_put_there_stays(tmp_path: Path) -> None:
    first = keep(tmp_path)
    beside(first).unlink()
    first.write_bytes(b"theirs")
    second = keep(tmp_path)
    assert first.read_bytes() == b"theirs"
    assert not beside(first).exists()
    assert second.read_bytes() == PAGE


@posix
def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "raw"
    path = keep(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o755)
    keep(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755  # as its owner wants it
    assert {stat.S_IMODE(file.stat().st_mode) for file in (path, beside(path))} == {0o600}


@posix
def test_a_failure_leaves_no_half_of_a_page(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(TypeError):
        store.keep(url=THREAD, status=200, headers=HTML, content="text", fetched_at=AT)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_time_without_an_offset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="aware"):
        keep(tmp_path, fetched_at=datetime(2024, 3, 19))  # noqa: DTZ001
    with pytest.raises(ParseError):
        keep(tmp_path, url="javascript:alert(1)")


@pytest.mark.parametrize(
    ("url", "begin"),
    [
        ("thread-4821-2-1.html", "thread-tid4821-page00002-"),
        ("forum.php?mod=viewthread&tid=4821&page=12&mobile=2", "thread-touch-tid4821-page00012-"),
        ("forum.php?mod=viewthread&tid=4821&authorid=7", "thread-tid4821-authorid7-page00001-"),
        ("forum-12-3.html", "board-fid12-page00003-"),
        ("space-username-%E9%98%BF%E6%A2%85.html", "space-"),
        ("misc.php?mod=tag&name=../../%2e%2e/x", "tag-page00001-"),
        ("", "index-"),
    ],
)
def test_names_are_made_of_numbers(tmp_path: Path, url: str, begin: str) -> None:
    path = keep(tmp_path, SITE + url)
    assert path.parent == tmp_path
    assert path.name.startswith(begin)
    assert path.name.removeprefix(begin).removesuffix("-20240319T040500Z.html").isalnum()


def test_pages_lie_in_their_order(tmp_path: Path) -> None:
    paths = [keep(tmp_path, SITE + f"thread-4821-{page}-1.html") for page in (1, 2, 9, 10, 100)]
    assert sorted(paths) == paths


@given(st.text("abft-/.?=&%0123456789modviewthreadpgtiduidpostno", max_size=300), st.integers(0, 10**18 - 1))
@few(300)
def test_any_address_gives_a_short_name_in_the_folder(tmp_path: Path, tail: str, number: int) -> None:
    for url in (SITE + tail, SITE + f"forum.php?mod=viewthread&tid={number}&page={number}&authorid={number}&{tail}"):
        path = keep(tmp_path, url, content=b"<p>")
        assert path.parent == tmp_path
        assert len(path.name) < 200
        assert path.name.isascii()
        assert known(path).url.startswith(SITE)


# What is not


@pytest.mark.parametrize(
    "name",
    ["Cookie", "set-cookie", "SET-COOKIE2", "Authorization", "Proxy-Authorization", "proxy-authenticate", "Proxy-X"],
)
def test_headers_that_open_a_session_are_left_out(tmp_path: Path, name: str) -> None:
    path = keep(tmp_path, headers=[(name, "c0ffee"), *HTML])
    assert known(path).headers == tuple(HTML)
    assert b"c0ffee" not in beside(path).read_bytes()


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("forum.php?mod=rss&fid=12&auth=c0ffee%2Bx", "forum.php?mod=rss&fid=12"),
        ("forum.php?auth=c0ffee&mod=rss&fid=12", "forum.php?mod=rss&fid=12"),
        ("search.php?mod=forum&formhash=c0ffee&srchtxt=x", "search.php?mod=forum&srchtxt=x"),
        (
            "member.php?mod=logging&action=login&loginhash=Lc0ffee&username=amei&password=c0ffee",
            "member.php?mod=logging&action=login&username=amei",
        ),
        ("forum.php?mod=viewthread&tid=5&sid=c0ffee#auth=c0ffee", "forum.php?mod=viewthread&tid=5"),
        ("space-username-auth.html", "space-username-auth.html"),
        ("forum.php?mod=viewthread&tid=5&author=7", "forum.php?mod=viewthread&tid=5&author=7"),
        ("member.php?referer=%2Frss.php%3Fauth%3Dc0ffee%26fid%3D1", "member.php?referer=%2Frss.php%3F"),
        ("member.php?referer=x%2526auth%253Dc0ffee", "member.php?referer=x%2526"),
    ],
)
def test_secrets_of_an_address_are_left_out(tmp_path: Path, url: str, clean: str) -> None:
    path = keep(tmp_path, SITE.replace("//", "//amei:c0ffee@") + url, headers=[("Location", "/" + url), *HTML])
    assert known(path).url == SITE + clean
    assert "c0ffee" not in beside(path).read_text()
    assert "c0ffee" not in path.name


def test_a_secret_may_hide_its_name(tmp_path: Path) -> None:
    assert known(keep(tmp_path, SITE + "search.php?%46ormHash=c0ffee&mod=forum")).url == SITE + "search.php?mod=forum"


def test_a_token_of_an_attachment_is_left_out(tmp_path: Path) -> None:
    url = SITE + "forum.php?mod=attachment&aid=OTE3fDNmMGMyYjFhfDE3MTA2Nzc3NzZ8NzA3fDQ4MjE%3D"
    assert parse_url(url).token is not None
    assert known(keep(tmp_path, url)).url == SITE + "forum.php?mod=attachment&aid=917"


def test_users_in_headers_are_left_out(tmp_path: Path) -> None:
    path = keep(
        tmp_path, headers=[("Location", "https://amei:c0ffee@bbs.example/x"), ("Refresh", "0;url=?auth=c0ffee")]
    )
    assert known(path).headers == (("Location", "https://bbs.example/x"), ("Refresh", "0;url=?"))


@pytest.mark.parametrize("unit", ["auth=", "//", "26auth%25", "//a@", "auth%25"])
def test_no_header_takes_long(tmp_path: Path, unit: str) -> None:
    assert known(keep(tmp_path, headers=[("X-Long", unit * 20_000)]))


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5), st.binary(max_size=99))
@few(200)
def test_any_headers_and_any_body_can_be_kept(tmp_path: Path, headers: list[tuple[str, str]], content: bytes) -> None:
    path = keep(tmp_path, headers=headers, content=content)
    assert path.read_bytes() == content
    assert len(known(path).headers) <= len(headers)


# How names end


@pytest.mark.parametrize(
    ("content_type", "content", "ending"),
    [
        ("text/html; charset=gbk", b"<html>", ".html"),
        ("text/html", b'<?xml version="1.0"?><root>', ".xml"),
        ("text/html", b'{"Version":"4"}', ".json"),
        ("text/html", b"welcome", ".html"),
        ("application/xhtml+xml", b'<?xml version="1.0"?><html>', ".html"),
        ("TEXT/XML; charset=utf-8", b"<root>", ".xml"),
        ("application/rss+xml", b"<rss>", ".xml"),
        ("application/json", b"[]", ".json"),
        ("text/plain", b"words", ".txt"),
        ("text/plain", b'\xef\xbb\xbf\n{"Version":"4"}', ".json"),
        (None, b"\n<!DOCTYPE html>", ".html"),
        (None, b'<?xml version="1.0"?>', ".xml"),
        (None, b"words", ".txt"),
        ("text/html", b"", ".raw"),
        ("image/jpeg", b"\xff\xd8", ".raw"),
        ("application/octet-stream", b"<html>", ".raw"),
    ],
)
def test_the_ending_says_what_it_is(tmp_path: Path, content_type: str | None, content: bytes, ending: str) -> None:
    path = keep(tmp_path, headers=[("content-type", content_type)] if content_type else [], content=content)
    assert path.suffix == ending
    assert (ending in PAGE_SUFFIXES) == (ending != ".raw")


def test_what_is_no_page_is_not_read_as_one(tmp_path: Path) -> None:
    assert keep(tmp_path, SITE + "robots.txt", headers=[("Content-Type", "text/plain")]).suffix == ".raw"
    assert keep(tmp_path, status=301).suffix == ".raw"
    assert keep(tmp_path, status=404).suffix == ".html"  # a message page of the forum
    assert SIDECAR not in PAGE_SUFFIXES


# What is read again


def test_nothing_lies_beside_other_files(tmp_path: Path) -> None:
    assert read_beside(tmp_path / "page.html") is None
    beside(tmp_path / "page.html").mkdir()
    assert read_beside(tmp_path / "page.html") is None


WHOLE = {"url": THREAD, "status": 200, "headers": [], "fetched_at": "2024-03-19T12:05:00+08:00"}


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 50_000, b" " * (1 << 19),
        *(json.dumps(WHOLE | change).encode() for change in (
            {"url": None}, {"url": "javascript:alert(1)"}, {"url": "thread-1-1-1.html"}, {"url": "//bbs.example/"},
            {"url": "https://bbs.example/" + "x" * 9_000}, {"headers": [["a"]]}, {"headers": {"a": "b"}},
            {"fetched_at": "2024-03-19T12:05:00"}, {"fetched_at": "yesterday"}, {"status": "fine"},
            {"url": "\ud800"}, {"headers": [["Content-Type", 5]]},
        )),
    ],
)  # fmt: skip
def test_a_broken_sidecar_is_a_clear_error_and_the_page_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(PAGE)
    beside(path).write_bytes(content)
    with pytest.raises(ParseError, match=r"^page\.html\.fetched (is|cannot)"):
        read_beside(path)
    assert main(["parse", str(tmp_path)]) == ParseError.exit_code
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 3
    assert err.startswith(f"{path}: ParseError: page.html.fetched ")
    assert len(err.splitlines()) == 1


@posix
def test_a_pipe_beside_a_page_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(beside(tmp_path / "page.html"))
    assert read_beside(tmp_path / "page.html") is None


@pytest.mark.parametrize("year", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_the_ends_of_time_do_no_harm(tmp_path: Path, capsys: pytest.CaptureFixture[str], year: str) -> None:
    (tmp_path / "page.html").write_bytes(without_clock(PAGE))
    beside(tmp_path / "page.html").write_text(json.dumps(WHOLE | {"fetched_at": year}))
    main(["parse", str(tmp_path)])
    assert "Traceback" not in capsys.readouterr().err


VALUES = st.text() | st.integers() | st.none() | st.lists(st.lists(st.text(), max_size=3))
TOLD = st.dictionaries(
    st.sampled_from(["url", "status", "headers", "fetched_at", "more"]),
    VALUES | st.just(THREAD) | st.datetimes().map(lambda time: f"{time}Z"),
)


@given(st.binary() | TOLD.map(lambda told: json.dumps(told).encode()))
@few(500)
def test_any_sidecar_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    beside(tmp_path / "page.html").write_bytes(content)
    try:
        read_beside(tmp_path / "page.html")
    except ParseError as error:
        assert str(error).startswith("page.html.fetched ")


# By the command line


def without_clock(page: bytes) -> bytes:
    """Take away what tells the site, the footer's clock and every absolute time of the third post."""
    page = page.replace(SITE.encode(), b"").replace(b"GMT+8, 2024-3-19 12:05", b"")
    return page.replace(b'<span title="2024-3-19 08:40:12">', b"<span>")


def parsed(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict[str, Any]]:
    assert main(["parse", *map(str, arguments)]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_folder_is_read_with_what_is_known_of_its_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(tmp_path, "https://mirror.example/bbs/thread-4821-1-1.html", content=without_clock(PAGE))
    keep(tmp_path, status=302)
    rows = parsed(capsys, tmp_path)
    assert len(rows) == 3
    assert rows[1]["url"].startswith("https://mirror.example/bbs/")
    assert rows[2]["timestamp"] == "2024-03-19T09:05:00+08:00"


def test_options_go_before_what_is_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = keep(tmp_path, "https://mirror.example/bbs/thread-4821-1-1.html", content=without_clock(PAGE))
    options = ["--url", "https://other.example/thread-4821-1-1.html", "--now", "2024-03-20T12:05:00"]
    rows = parsed(capsys, path, *options)
    assert rows[1]["url"].startswith("https://other.example/")
    assert rows[2]["timestamp"] == "2024-03-20T09:05:00+08:00"


def test_the_charset_of_the_server_is_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = (FIXTURES / "thread" / "x34" / "second-page-gbk.in.html").read_bytes().replace(b"charset=gbk", b"")
    keep(tmp_path, content=content, headers=[("Content-Type", "text/html; charset=big5")])
    (read,) = parsed(capsys, tmp_path, "--threads")
    assert read["site"]["charset"] == "big5hkscs"
    (told,) = parsed(capsys, tmp_path, "--threads", "--encoding", "gbk")
    assert told["site"]["charset"] == "gb18030"


def test_detect_knows_the_address_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    keep(tmp_path)
    assert main(["detect", "--json", str(tmp_path)]) == 0
    (row,) = map(json.loads, out.getvalue().splitlines())
    assert row["kind"] == "thread"


def test_reading_kept_pages_needs_no_network_library(tmp_path: Path) -> None:
    keep(tmp_path)
    code = (
        "import sys; from discuz_scrape.__main__ import main\n"
        "assert main(['parse', sys.argv[1]]) == 0\n"
        "print(*{'httpx', 'tenacity', 'discuz_scrape.fetch', 'http.cookiejar'} & set(sys.modules), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert ran.stderr.split() == []
