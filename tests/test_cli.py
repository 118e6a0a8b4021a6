"""The command line, as a shell and as a person see it."""

import gzip
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from command import spawn

from discuz_scrape import Thread, __version__, _any, parse_thread
from discuz_scrape.sources import _bytes

FIXTURES = Path(__file__).parent.parent / "fixtures"
PAGE = FIXTURES / "thread" / "x34" / "first-page.in.html"
GBK_PAGE = FIXTURES / "thread" / "x34" / "second-page-gbk.in.html"
DETECTED = ["kind", "is_discuz", "version", "charset", "style_id", "template", "viewer_uid", "logged_in"]
NO_FORUM = "<html><body><p>a shop, not a forum</p></body></html>"
NOT_FOUND = (
    '<html><head><meta name="generator" content="Discuz! X3.4" /></head><body id="nv_forum" class="pg_viewthread">'
    '<div id="messagetext" class="alert_error"><p>抱歉，指定的主题不存在或已被删除或正在被审核</p></div></body></html>'
)


# What comes out


def test_every_post_is_a_line(run: Any) -> None:
    ran = run("parse", PAGE, GBK_PAGE)
    assert (ran.code, ran.err) == (0, "")
    assert [row["floor"] for row in ran.rows] == [1, 2, 3, 11, 12]
    assert ran.rows[0]["author"]["name"] == "骑慢车的阿梅"
    assert ran.rows[0]["thread"]["forum"] == {"fid": 12, "name": "修车铺"}
    assert ran.rows[0]["body_html"] is None


def test_threads(run: Any) -> None:
    (page,) = run("parse", PAGE, "--threads").rows
    assert len(page["posts"]) == 3
    assert page["site"]["name"] == "青石桥论坛"


def test_every_page_gives_rows_of_its_kind(run: Any) -> None:
    ran = run("parse", *(page for kind in ("board", "index", "feed", "thread_list", "profile") for page in one(kind)))
    assert {row["kind"] for row in ran.rows} == {"board", "index", "feed", "thread_list", "profile"}


def one(kind: str) -> list[Path]:
    """The first page of a kind that can be read."""
    pages = sorted((FIXTURES / kind).rglob("*.in.*"))
    told = [page.with_name(page.name.split(".")[0] + ".out.json").read_text("utf-8") for page in pages]
    return [page for page, words in zip(pages, told, strict=True) if '"error"' not in words][:1]


def test_pages_of_other_kinds_are_passed_over(run: Any) -> None:
    ran = run("parse", PAGE, *one("board"), "--kind", "board", "--kind", "index")
    assert (ran.code, ran.err) == (0, "")
    assert {row["kind"] for row in ran.rows} == {"board"}


def test_unknown_kind_is_refused(run: Any) -> None:
    ran = run("parse", PAGE, "--kind", "shop")
    assert ran.code == 2
    assert "'shop' is no kind of page: choose from thread, board," in ran.err


def test_a_table_holds_pages_of_the_first_kind(run: Any) -> None:
    (board,) = one("board")
    ran = run("parse", PAGE, board, PAGE, "--format", "csv")
    assert ran.code == 4
    assert ran.err == f"{board}: Kind: left out, for a table of 'thread' cannot hold 'board': choose with --kind\n"
    assert ran.out.count("骑慢车的阿梅") > 2


def test_data_is_read_as_it_is(run: Any, tmp_path: Path) -> None:
    (answer,), (feed,) = one("api"), one("feed")
    (tmp_path / "answer.json").write_bytes(answer.read_bytes())
    (tmp_path / "feed.xml").write_bytes(feed.read_bytes())
    ran = run("parse", tmp_path)
    assert ran.code == 0
    assert {row["kind"] for row in ran.rows} == {"thread", "feed"}


@pytest.mark.parametrize("body", ["html", "markdown"])
def test_body_fills_its_field(run: Any, body: str) -> None:
    row = run("parse", PAGE, "--body", body).rows[1]
    assert "没有旷量也不发涩" in row[f"body_{body}"]
    assert "没有旷量也不发涩" in row["body"]


@pytest.mark.parametrize(
    ("fmt", "shown"), [("csv", "转起来没有旷量"), ("text", "转起来没有旷量"), ("markdown", "转起来**没有旷量")]
)
def test_formats_that_show_one_body(run: Any, fmt: str, shown: str) -> None:
    assert shown in run("parse", PAGE, "--format", fmt).out
    assert "转起来<strong>没有旷量" in run("parse", PAGE, "--format", fmt, "--body", "html").out


def test_json_is_an_array(run: Any) -> None:
    assert len(json.loads(run("parse", PAGE, "--format", "json").out)) == 3


def test_json_is_an_array_when_nothing_could_be_read(run: Any) -> None:
    ran = run("parse", "-", "--format", "json", stdin=NO_FORUM.encode())
    assert (ran.code, json.loads(ran.out)) == (4, [])


# What goes in


def test_stdin_and_url(run: Any) -> None:
    content = PAGE.read_bytes().replace(b"https://bbs.qingshiqiao.example/", b"")
    ran = run("parse", "-", "--url", "https://mirror.example/bbs/thread-4821-1-1.html", stdin=content)
    assert ran.code == 0
    assert ran.rows[1]["url"].startswith("https://mirror.example/bbs/")


def test_stdin_can_be_read_once(run: Any) -> None:
    assert run("parse", "-", "-").code == 2


def test_gzip_by_its_content(run: Any, tmp_path: Path) -> None:
    packed = tmp_path / "page"
    packed.write_bytes(gzip.compress(PAGE.read_bytes()))
    assert run("parse", packed).out == run("parse", PAGE).out
    assert run("parse", "-", stdin=packed.read_bytes()).out == run("parse", PAGE).out


def test_gzip_bomb_is_refused(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_bytes, "MAX_BYTES", 1 << 20)
    bomb = tmp_path / "bomb.html.gz"
    bomb.write_bytes(gzip.compress(b"<html>" + bytes(1 << 24)))
    ran = run("parse", bomb)
    assert ran.code == 4
    assert ran.err == f"{bomb}: ParseError: larger than 1 MiB\n"


def test_broken_gzip_cannot_be_read(run: Any, tmp_path: Path) -> None:
    packed = gzip.compress(PAGE.read_bytes())
    (tmp_path / "cut.gz").write_bytes(packed[:200])
    (tmp_path / "sum.gz").write_bytes(packed[:-8] + bytes(8))
    (tmp_path / "bad.gz").write_bytes(packed[:20] + b"\xff" * 99)
    ran = run("parse", tmp_path)
    assert ran.code == 1
    assert len(ran.err.splitlines()) == 3


def test_folder_is_walked_in_order(run: Any, tmp_path: Path) -> None:
    for name in ("b/2.HTM", "a.html", "b/c/3.txt", "d.html.gz", "b/.hidden.html", ".git/x.html", "notes.md"):
        page = tmp_path / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_bytes(NO_FORUM.encode())
    (tmp_path / "b" / "loop").symlink_to(tmp_path, target_is_directory=True)
    ran = run("parse", tmp_path)
    assert ran.code == 4
    named = [line.split(": ")[0] for line in ran.err.splitlines()]
    assert named == [str(tmp_path / name) for name in ("a.html", "b/2.HTM", "b/c/3.txt", "d.html.gz")]


def test_folder_without_pages(run: Any, tmp_path: Path) -> None:
    ran = run("parse", tmp_path)
    assert (ran.code, ran.out) == (0, "")
    suffixes = ".htm, .html, .json, .mht, .mhtml, .txt, .xml (.gz and .zst too), .warc, .zip and .tar"
    assert ran.err == f"{tmp_path}: Empty: no page in it: files ending in {suffixes} are read\n"


def test_page_without_any_tag_is_flattened_text(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def parse_text(text: str, **_: object) -> Thread:
        seen.append(text)
        return parse_thread(PAGE.read_bytes())

    monkeypatch.setattr(_any, "parse_text", parse_text)
    assert run("parse", "-", stdin="标题 1 < 2 而且 3 > 2\n发表于".encode("utf-16")).code == 0
    assert seen == ["标题 1 < 2 而且 3 > 2\n发表于"]


def test_encoding_is_told(run: Any) -> None:
    content = GBK_PAGE.read_bytes().replace(b"charset=gbk", b"charset=latin-1")
    assert "繁體說明書" in run("parse", "-", "--encoding", "gbk", stdin=content).out


def without_clock(page: bytes) -> bytes:
    """Take away the footer's clock and every absolute time of the third post."""
    return page.replace(b"GMT+8, 2024-3-19 12:05", b"").replace(b'<span title="2024-3-19 08:40:12">', b"<span>")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--now", "2024-03-19T12:05:00"], "2024-03-19T09:05:00+08:00"),
        (["--now", "2024-03-19T12:05:00+08:00"], "2024-03-19T09:05:00+08:00"),
        (["--now", "2024-03-19T12:05:00", "--timezone", "+09:00"], "2024-03-19T09:05:00+09:00"),
        (["--now", "2024-03-19T12:05:00Z", "--timezone", "-0330"], "2024-03-19T05:35:00-03:30"),
        (["--now", "2024-03-19T12:05:00", "--timezone", "Asia/Tokyo"], "2024-03-19T09:05:00+09:00"),
    ],
)
def test_relative_times_count_from_now(run: Any, options: list[str], expected: str) -> None:
    ran = run("parse", "-", *options, stdin=without_clock(PAGE.read_bytes()))
    assert ran.rows[2]["timestamp"] == expected


def test_modification_time_is_never_taken_for_now(run: Any, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(without_clock(PAGE.read_bytes()))
    ran = run("parse", page)
    assert ran.code == 0
    assert ran.rows[2]["timestamp"] is None
    assert ran.rows[2]["timestamp_text"] == "3 小时前"
    (line,) = ran.err.splitlines()  # what was odd is told, and costs nothing
    assert line.startswith(f"{page}: Issue: posts[2].timestamp: ")


# What goes wrong


def test_exit_codes_add_up_and_the_others_go_on(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(NO_FORUM)
    (tmp_path / "b.html").write_text(NOT_FOUND)
    ran = run("parse", tmp_path, tmp_path / "none.html", PAGE)
    assert ran.code == 1 | 4 | 8
    assert len(ran.rows) == 3
    kinds = [line.split(": ")[1] for line in ran.err.splitlines()]
    assert kinds == ["ParseError", "NotFoundError", "FileNotFoundError"]


def test_problem_is_one_harmless_line(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m\n.html").write_text(NO_FORUM)
    ran = run("parse", tmp_path)
    (line,) = ran.err.splitlines()
    assert "a\\u001b[31m\\u000a.html: ParseError: " in line


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["parse"], ["fold"], ["parse", PAGE, "--format", "yaml"], ["parse", PAGE, "--body", "pdf"],
        ["parse", PAGE, "--timezone", "Mars/Base"], ["parse", PAGE, "--timezone", "+99:00"],
        ["parse", PAGE, "--now", "yesterday"], ["parse", PAGE, "--encoding", "klingon"], ["schema", "--of", "forum"],
        ["url"], ["url", "https://bbs.example/", "--rewrite", "t{td}"],
    ],
)  # fmt: skip
def test_usage_errors(run: Any, arguments: list[object]) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert "discuz-scrape" in ran.out + ran.err


def test_closed_pipe_ends_quietly() -> None:
    with spawn("parse", *[PAGE] * 200) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_interrupt(tmp_path: Path) -> None:
    out = tmp_path / "posts.jsonl"
    out.write_text("old\n")
    with spawn("parse", PAGE, "-", stdin=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        for _ in range(3):  # they came while standard input is still open: every line is flushed
            process.stdout.readline()
        # now it waits for the page from standard input; a signal that comes just before it waits is not seen
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
        assert process.returncode == 130
        assert process.stderr.read() == b""


def test_interrupt_while_a_command_is_loaded(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("discuz_scrape.cli._check_inputs", interrupted)
    ran = run("parse", PAGE)
    assert (ran.code, ran.out, ran.err) == (130, "", "")


def test_missing_extra_is_one_line() -> None:
    code = (
        "import sys; sys.modules['typer'] = None\n"
        "from discuz_scrape.__main__ import main; sys.exit(main(['--version']))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == 'the command line needs typer and rich: pip install "discuz-scrape[cli]"\n'


# Where it goes


def test_output_file(run: Any, tmp_path: Path) -> None:
    out = tmp_path / "posts.jsonl"
    ran = run("parse", PAGE, "-o", out)
    assert (ran.code, ran.out) == (0, "")
    assert out.read_text("utf-8") == run("parse", PAGE).out
    assert list(tmp_path.iterdir()) == [out]


def test_output_file_keeps_its_mode_and_its_links(run: Any, tmp_path: Path) -> None:
    real, link = tmp_path / "real.jsonl", tmp_path / "link.jsonl"
    real.touch(mode=0o640)
    link.symlink_to(real)
    assert run("parse", PAGE, "-o", link).code == 0
    assert link.is_symlink()
    assert len(real.read_text("utf-8").splitlines()) == 3
    assert real.stat().st_mode & 0o777 == 0o640


def test_old_output_stays_when_nothing_could_be_read(run: Any, tmp_path: Path) -> None:
    out = tmp_path / "posts.jsonl"
    out.write_text("old\n")
    assert run("parse", "-", "-o", out, stdin=NO_FORUM.encode()).code == 4
    assert run("parse", tmp_path / "none.html", "--format", "csv", "-o", out).code == 1
    assert out.read_text() == "old\n"
    assert list(tmp_path.iterdir()) == [out]


def test_old_output_stays_when_the_run_breaks(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "posts.jsonl"
    out.write_text("old\n")

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(_any, "parse_page", interrupted)
    assert run("parse", PAGE, "-o", out).code == 130
    assert out.read_text() == "old\n"
    assert list(tmp_path.iterdir()) == [out]


def test_output_that_cannot_be_written(run: Any, tmp_path: Path) -> None:
    ran = run("parse", PAGE, "-o", tmp_path / "none" / "posts.jsonl")
    assert ran.code == 1
    assert ran.err.startswith(f"{tmp_path / 'none' / 'posts.jsonl'}: FileNotFoundError: ")


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no devices")
def test_device_is_not_replaced(run: Any) -> None:
    assert run("parse", PAGE, "-o", "/dev/null").code == 0
    assert not Path("/dev/null").is_file()


def test_progress_is_for_terminals(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = run("parse", *[PAGE] * 9)
    assert quiet.err == ""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(type(sys.stderr), "isatty", lambda _: True)
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: False, raising=False)
    assert run("parse", *[PAGE] * 9).out == quiet.out


# Addresses


def test_urls_are_explained(run: Any) -> None:
    ran = run("url", "https://bbs.example/bbs/thread-5-2-1.html", "https://bbs.example/?7")
    assert (ran.code, ran.err) == (0, "")
    thread, space = ran.rows
    assert (thread["kind"], thread["tid"], thread["page"]) == ("thread", 5, 2)
    assert thread["canonical"] == "https://bbs.example/bbs/forum.php?mod=viewthread&tid=5&page=2"
    assert space == {
        "url": "https://bbs.example/?7", "kind": "space", "face": "desktop", "site": "https://bbs.example/", "uid": 7,
        "canonical": "https://bbs.example/home.php?mod=space&uid=7",
    }  # fmt: skip


def test_urls_from_stdin(run: Any) -> None:
    ran = run(
        "url", "-", "https://bbs.example/forum-7-1.html", stdin=b"https://bbs.example/?7\n\n https://bbs.example/?8\r\n"
    )
    assert [row.get("uid") for row in ran.rows] == [7, 8, None]


def test_rewrite_patterns_go_before_the_usual_ones(run: Any) -> None:
    urls = ["https://bbs.example/thread-1-2-5.html", "https://bbs.example/forum-7-1.html"]
    ran = run("url", *urls, "--rewrite", "thread-{page}-{prevpage}-{tid}.html", "--rewrite", "x{tid}")
    assert [(row["kind"], row.get("tid"), row.get("fid")) for row in ran.rows] == [
        ("thread", 5, None),
        ("board", None, 7),
    ]


def test_what_is_no_url(run: Any) -> None:
    ran = run("url", "javascript:;", "https://bbs.example/?7", "https://[\x1b[31m")
    assert (ran.code, len(ran.rows)) == (4, 1)
    assert ran.err.splitlines() == [
        "javascript:;: ParseError: not an address: 'javascript:;'",
        "https://[\\u001b[31m: ParseError: not an address: 'https://[\\x1b[31m'",
    ]


def test_control_characters_of_a_url_do_not_reach_a_terminal(run: Any) -> None:
    ran = run("url", "https://bbs.example/home.php?mod=space&username=%1B%5B31m%E2%80%AE")
    assert ran.out.isascii()
    assert ran.rows[0]["username"] == "\x1b[31m\u202e"


# The rest


def test_version(run: Any) -> None:
    assert run("--version").out == f"discuz-scrape {__version__}\n"


def test_schema_describes_what_comes_out(run: Any) -> None:
    thread = json.loads(run("schema").out)
    (page,) = run("parse", PAGE, "--threads").rows
    assert list(thread["properties"]) == list(page)
    assert thread["required"] == list(page)
    row = json.loads(run("schema", "--of", "post").out)
    assert list(row["properties"]) == list(run("parse", PAGE).rows[0])
    for schema in (thread, row):
        for part in (schema, *schema["$defs"].values()):
            assert part["description"]
            assert all(field["description"] for field in part["properties"].values())
    assert thread["$defs"]["Post"]["properties"]["pid"]["description"].startswith("Number of the post")


# The sieve


def test_detect_writes_a_line_for_every_page(run: Any, tmp_path: Path) -> None:
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(GBK_PAGE.read_bytes()))
    (tmp_path / "shop.html").write_text(NO_FORUM)
    ran = run("detect", tmp_path, PAGE)
    assert (ran.code, ran.err) == (0, "")
    assert [list(row) for row in ran.rows] == [["file", *DETECTED]] * 3
    assert [row["file"] for row in ran.rows] == [*map(str, sorted(tmp_path.iterdir())), str(PAGE)]
    assert [(row["kind"], row["charset"]) for row in ran.rows] == [
        ("thread", "gb18030"), ("unknown", None), ("thread", "utf-8")
    ]  # fmt: skip


def test_detect_is_told_what_the_server_said(run: Any) -> None:
    wall = b"<script>location.href='a'+'b';</script>"
    (row,) = run("detect", "-", "--url", "https://bbs.example.org/thread-5-1-1.html", stdin=wall).rows
    assert (row["file"], row["kind"], row["is_discuz"]) == ("-", "message", True)
    content = PAGE.read_text().replace("charset=utf-8", "").encode("big5", "replace")
    assert run("detect", "-", "--encoding", "big5", stdin=content).rows[0]["charset"] == "big5hkscs"
    assert run("detect", "-", "--encoding", "nosuch", stdin=content).code == 2
    assert run("detect", "-", "-").code == 2


def test_detect_draws_a_table_for_a_person(run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("discuz_scrape.cli.sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "400")
    odd = tmp_path / "a[b]\u202e.html"
    odd.write_text(NO_FORUM)
    lines = run("detect", PAGE, odd).out.splitlines()
    assert len(lines) == 3
    assert lines[1].split() == ["yes", "thread", "X3.4", "utf-8", "style", "1", "guest", str(PAGE)]
    assert lines[2].split() == ["no", "unknown", str(odd).replace("\u202e", "\\u202e")]
    assert len(run("detect", PAGE, "--json").rows) == 1


def test_detect_goes_on_after_a_file_that_cannot_be_read(run: Any, tmp_path: Path) -> None:
    ran = run("detect", tmp_path / "nosuch.html", PAGE)
    assert (ran.code, len(ran.rows)) == (1, 1)
    assert ran.err == f"{tmp_path / 'nosuch.html'}: FileNotFoundError: No such file or directory\n"
