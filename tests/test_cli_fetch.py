"""`discuz-scrape fetch`, against the small forum."""

from __future__ import annotations

import getpass
import io
import json
import logging
import os
import pty
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from command import Ran, spawn
from forum import Forum, Site

from discuz_scrape import DEFAULT_RULES, Client, output
from discuz_scrape.cli import _fetch
from discuz_scrape.models import Page

Run = Callable[..., Ran]
PASSWORD = "Zwiebel-7-桥"  # noqa: S105
QUICK = ("--interval", 0)


@pytest.fixture
def forum() -> Forum:
    """A forum with a thread of three pages."""
    forum = Forum(per_page=3)
    forum.thread(12, posts=8)
    return forum


@pytest.fixture
def fetch(run: Run) -> Run:
    """The command without pauses."""
    return partial(run, "fetch", *QUICK)


def of(tid: int, *positions: int) -> list[int]:
    """The pids of posts of a thread."""
    return [tid * 10_000 + position for position in positions]


ALL = of(12, 1, 2, 3, 4, 5, 6, 7, 8)


# What comes out


@pytest.mark.parametrize("path", ["thread-12-1-1.html", "thread-12-2-1.html", "forum.php?mod=viewthread&tid=12#pid3"])
def test_a_thread_is_fetched_whole_whatever_page_is_named(fetch: Run, site: Site, path: str) -> None:
    ran = fetch(site.url + path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.pids == ALL
    assert ran.rows[7]["thread"] == {
        "tid": 12, "subject": "第12号闲话", "url": f"{site.url}forum.php?mod=viewthread&tid=12",
        "forum": {"fid": 2, "name": "桥头茶馆"}, "page": 3,
    }  # fmt: skip


def test_a_link_to_a_post_needs_a_redirect_which_robots_txt_forbids(fetch: Run, site: Site) -> None:
    link = f"{site.url}forum.php?mod=redirect&goto=findpost&ptid=12&pid=120007"
    ran = fetch(link)
    assert (ran.code, ran.out) == (16, "")
    assert ran.err.startswith(f"{link}: FetchError: {site.url}robots.txt forbids {link} by its rule ")
    assert fetch("--no-robots", link).pids == ALL


def test_a_board_gives_its_rows(fetch: Run, forum: Forum, site: Site) -> None:
    forum.thread(13, posts=1)
    ran = fetch(f"{site.url}forum-2-1.html")
    assert ran.code == 0
    assert [(row["kind"], row["tid"], row["board"]["fid"]) for row in ran.rows] == [("board", 12, 2), ("board", 13, 2)]


def test_threads_gives_the_posts_of_the_first_threads_of_a_board(fetch: Run, forum: Forum, site: Site) -> None:
    for tid in (13, 14, 15):
        forum.thread(tid, posts=4)
    ran = fetch(f"{site.url}forum-2-1.html", "--threads", 2)
    assert (ran.code, ran.err) == (0, "")
    assert ran.pids == [*ALL, *of(15, 1, 2, 3, 4)]
    assert not any("tid=13" in path for path in site.paths)


def test_any_other_page_is_written_as_parse_writes_it(fetch: Run, site: Site) -> None:
    ran = fetch(site.url)
    assert ran.code == 0
    assert [(row["kind"], row["fid"]) for row in ran.rows] == [("index", 2)]


def test_a_single_post_is_written_alone(fetch: Run, site: Site) -> None:
    ran = fetch(f"{site.url}forum.php?mod=viewthread&tid=12&viewpid=120005&inajax=1")
    assert (ran.code, ran.pids) == (0, of(12, 5))


def test_an_address_of_no_known_form_may_lead_to_a_thread(fetch: Run, forum: Forum, site: Site) -> None:
    forum.fail("go/there", "redirect", to="/thread-12-3-1.html", times=None)
    assert fetch(f"{site.url}go/there").pids == ALL


def test_addresses_are_read_from_standard_input(fetch: Run, forum: Forum, site: Site) -> None:
    forum.thread(13, posts=1)
    ran = fetch("-", stdin=f"{site.url}thread-13-1-1.html\n\n{site.url}thread-12-1-1.html\r\n".encode())
    assert ran.pids == [*of(13, 1), *ALL]


@pytest.mark.parametrize(
    ("pages", "positions"), [("2-3", range(4, 9)), ("2", range(4, 7)), ("3-", range(7, 9)), ("-2", range(1, 7))]
)
def test_pages(fetch: Run, site: Site, pages: str, positions: range) -> None:
    assert fetch(f"{site.url}thread-12-1-1.html", "--pages", pages).pids == of(12, *positions)


def test_author_and_since(fetch: Run, forum: Forum, site: Site) -> None:
    url, post = f"{site.url}thread-12-1-1.html", forum.threads[12].posts[5]
    assert fetch(url, "--author", post.author.uid).pids == of(12, 6)
    when = f"{post.time:%Y-%m-%dT%H:%M:%S}"
    assert fetch(url, "--since", when).pids == of(12, 6, 7, 8)
    assert fetch(url, "--since", f"{post.time.isoformat()}").pids == of(12, 6, 7, 8)
    assert fetch(url, "--since", when, "--timezone", "+07:00").pids == []
    assert fetch(url, "--since", "2024-03-01").pids == ALL


def test_extras(fetch: Run, forum: Forum, site: Site) -> None:
    post = forum.threads[12].posts[1]
    for number in range(7):
        post.comment(forum.person("夜航船"), f"点评{number}")
    url = f"{site.url}thread-12-1-1.html"
    assert len(fetch(url).rows[1]["comments"]) == 5
    assert len(fetch(url, "--extras", "--no-robots").rows[1]["comments"]) == 7
    refused = fetch(url, "--extras")
    assert (refused.code, refused.pids) == (16, of(12))


@pytest.mark.parametrize("fmt", ["json", "csv", "markdown", "text"])
def test_other_formats(fetch: Run, site: Site, fmt: str) -> None:
    ran = fetch(f"{site.url}thread-12-1-1.html", "--format", fmt)
    assert (ran.code, ran.err) == (0, "")
    assert "（12 之 8）" in ran.out
    assert fmt != "json" or len(json.loads(ran.out)) == 8


def test_body_fills_its_field(fetch: Run, site: Site) -> None:
    assert all(row["body_html"] for row in fetch(f"{site.url}thread-12-1-1.html", "--body", "html").rows)


def test_rewrite_patterns_of_the_site(fetch: Run, forum: Forum, site: Site) -> None:
    forum.fail("lies/12", "redirect", to="/thread-12-1-1.html", times=None)
    ran = fetch(f"{site.url}lies/12/1", "--rewrite", "lies/{tid}/{page}")
    assert site.paths[1] == "/lies/12/1"
    assert ran.rows[0]["thread"]["tid"] == 12


def test_what_a_title_writes_to_a_terminal_is_escaped(fetch: Run, forum: Forum, site: Site) -> None:
    forum.threads[12].subject = "红\x1b[31m色\u202e"
    ran = fetch(f"{site.url}thread-12-1-1.html")
    assert "\u202e" in ran.rows[0]["thread"]["subject"]
    assert not {"\x1b", "\u202e"} & set(ran.out)
    forum.fail("tid=12", "notice", text="没有\x1b]0;x\x07这个\u202e", times=None)
    ran = fetch(f"{site.url}forum.php?mod=viewthread&tid=12\x1b[31m")
    assert ran.code
    assert not {"\x1b", "\x07", "\u202e"} & set(ran.err)
    assert len(ran.err.splitlines()) == 1


# Kept pages


def test_kept_pages_give_the_same_rows_again(fetch: Run, run: Run, site: Site, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    fetched = fetch(f"{site.url}thread-12-1-1.html", "--save", kept)
    parsed = run("parse", kept)
    assert (parsed.code, parsed.err) == (0, "")
    assert parsed.out == fetched.out
    assert kept.stat().st_mode & 0o777 == 0o700


# Files


def test_attachments_lie_in_a_folder_of_their_number(fetch: Run, forum: Forum, site: Site, tmp_path: Path) -> None:
    post, other = forum.threads[12].posts[0], forum.threads[12].posts[4]
    post.attach("图纸.zip", b"one")
    post.attach("车.jpg", b"\xff\xd8two", image=True, placed=True)
    other.attach("图纸.zip", b"three")
    files = tmp_path / "files"
    ran = fetch(f"{site.url}thread-12-1-1.html", "--attachments", files)
    assert (ran.code, ran.err, ran.pids) == (0, "", ALL)
    (forum_folder,) = files.iterdir()
    assert forum_folder.name == site.host.replace(":", "_")
    found = {str(path.relative_to(forum_folder)): path.read_bytes() for path in files.rglob("*.*") if path.is_file()}
    assert found == {"1200010/图纸.zip": b"one", "1200011/车.jpg": b"\xff\xd8two", "1200050/图纸.zip": b"three"}
    asked = len(site.log)
    assert fetch(f"{site.url}thread-12-1-1.html", "--attachments", files).code == 0
    assert len(site.log) == asked + 4  # robots.txt and the pages


def test_a_refused_file_is_a_problem_and_costs_no_row(fetch: Run, forum: Forum, site: Site, tmp_path: Path) -> None:
    post = forum.threads[12].posts[0]
    post.attach("a.zip", by_token=True)
    post.attach("b.zip", b"fine")
    post.attach("c.zip")
    forum.fail("1200012.zip", "status", status=404)
    ran = fetch(f"{site.url}thread-12-1-1.html", "--attachments", tmp_path / "files")
    assert (ran.code, ran.pids) == (16, ALL)
    lines = ran.err.splitlines()
    assert len(lines) == 2
    assert "mod=attachment" in lines[0]
    assert ": FetchError: " in lines[0]
    assert "status 404" in lines[1]
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["b.zip"]
    assert len(list(tmp_path.rglob("1*"))) == 2  # the host and b.zip: no folder stays empty


def test_files_that_a_script_serves_need_the_callers_decision(
    fetch: Run, forum: Forum, site: Site, tmp_path: Path
) -> None:
    post, files = forum.threads[12].posts[0], tmp_path / "files"
    post.attach("说明.pdf", b"words", by_token=True)
    post.attach(
        "x.jpg", b"\xff\xd8", image=True, placed=True, by_token=True, disposition='inline; filename="../../y.jpg"'
    )
    command = partial(fetch, f"{site.url}thread-12-1-1.html", "--attachments", files)
    assert command().code == 16
    assert not [path for path in files.rglob("*") if path.is_file()]
    assert command("--no-robots").code == 0
    found = {f"{path.parent.name}/{path.name}" for path in files.rglob("*") if path.is_file()}
    assert found == {"1200010/说明.pdf", "1200011/x.jpg"}


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd", "/etc/cron.d/x", "CON.zip", "a\x1b[31m\u202eb.zip", "..", ".bashrc", "长" * 300 + ".zip"],
)
def test_hostile_names_stay_in_their_folder(fetch: Run, forum: Forum, site: Site, tmp_path: Path, name: str) -> None:
    forum.threads[12].posts[0].attach(name, b"hello")
    files = tmp_path / "files"
    ran = fetch(f"{site.url}thread-12-1-1.html", "--attachments", files)
    assert (ran.code, ran.pids) == (0, ALL)
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert path.parent.name == "1200010"
    assert path.parent.parent.parent == files
    assert path.name.isprintable()
    assert path.name[0] != "."


def test_files_that_cannot_be_written_are_problems(fetch: Run, forum: Forum, site: Site, tmp_path: Path) -> None:
    forum.threads[12].posts[0].attach("a.zip")
    (tmp_path / "files").write_text("no folder")
    ran = fetch(f"{site.url}thread-12-1-1.html", "--attachments", tmp_path / "files")
    assert (ran.code, ran.pids) == (1, ALL)
    assert "NotADirectoryError: Not a directory" in ran.err


# Members


def test_cookies_of_a_member(fetch: Run, forum: Forum, site: Site, tmp_path: Path) -> None:
    forum.members_only()
    session = forum.session(forum.member("老渡口", PASSWORD))
    cookies = tmp_path / "cookies.txt"
    line = ["127.0.0.1", "FALSE", "/", "FALSE", "0", f"{forum.cookie_prefix}auth", session]
    cookies.write_text("# Netscape HTTP Cookie File\n" + "\t".join(line) + "\n")
    url = f"{site.url}thread-12-1-1.html"
    assert fetch(url).code == 8
    assert fetch(url, "--cookies", cookies).pids == ALL


def test_the_password_comes_from_the_environment_and_goes_to_the_form_alone(
    forum: Forum, site: Site, tmp_path: Path
) -> None:
    forum.members_only()
    forum.member("老渡口", PASSWORD)
    seen: list[bytes] = []
    forum.before(
        lambda request: request.method == "POST",
        lambda: seen.append(Path(f"/proc/{process.pid}/cmdline").read_bytes() if sys.platform == "linux" else b""),
    )
    process = spawn(
        "fetch", *QUICK, "--login", "老渡口", "--save", tmp_path / "kept", "--resume", tmp_path / "cursor",
        f"{site.url}thread-12-1-1.html", env=os.environ | {"DISCUZ_SCRAPE_PASSWORD": PASSWORD},
    )  # fmt: skip
    out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert len(out.splitlines()) == 8
    assert sum(PASSWORD in request.form("utf-8").values() for request in site.log) == 1
    assert PASSWORD.encode() not in b"".join([out, err, *seen])
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or PASSWORD.encode() not in path.read_bytes()


def test_the_password_is_asked_for_and_never_shown(
    fetch: Run, forum: Forum, site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    forum.members_only()
    forum.member("老渡口", PASSWORD)
    asked: list[str] = []

    def prompt(words: str) -> str:
        asked.append(words)
        return PASSWORD

    monkeypatch.delenv("DISCUZ_SCRAPE_PASSWORD", raising=False)
    monkeypatch.setattr(getpass, "getpass", prompt)
    ran = fetch("--login", "老渡口", f"{site.url}thread-12-1-1.html")
    assert (ran.code, ran.pids) == (0, ALL)
    assert asked == ["Password of 老渡口: "]
    assert PASSWORD not in ran.err + caplog.text


def test_a_password_that_would_be_shown_is_not_asked_for(
    fetch: Run, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prompt(_: str) -> str:
        warnings.warn("Can not control echo on the terminal.", getpass.GetPassWarning, stacklevel=2)
        return PASSWORD

    monkeypatch.delenv("DISCUZ_SCRAPE_PASSWORD", raising=False)
    monkeypatch.setattr(getpass, "getpass", prompt)
    ran = fetch("--login", "老渡口", f"{site.url}thread-12-1-1.html")
    assert ran.code == 2
    assert "set DISCUZ_SCRAPE_PASSWORD" in ran.err
    assert site.log == []


def test_ctrl_c_at_the_prompt(fetch: Run, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def prompt(_: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.delenv("DISCUZ_SCRAPE_PASSWORD", raising=False)
    monkeypatch.setattr(getpass, "getpass", prompt)
    ran = fetch("--login", "老渡口", site.url)
    assert (ran.code, ran.out, ran.err, site.log) == (130, "", "", [])


def test_no_password_at_all_is_a_usage_error(fetch: Run, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISCUZ_SCRAPE_PASSWORD", raising=False)
    monkeypatch.setattr(getpass, "getpass", lambda _: "")
    assert fetch("--login", "老渡口", site.url).code == 2


def test_after_a_refused_login_nothing_is_read_as_a_guest(
    fetch: Run, forum: Forum, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    forum.member("老渡口", "another")
    monkeypatch.setenv("DISCUZ_SCRAPE_PASSWORD", PASSWORD)
    ran = fetch("--login", "老渡口", f"{site.url}thread-12-1-1.html", f"{site.url}forum-2-1.html")
    assert (ran.code, ran.out) == (8, "")
    assert len(ran.err.splitlines()) == 1
    assert "登录失败，您还可以尝试 4 次" in ran.err
    assert PASSWORD not in ran.err


def test_a_session_that_ends_in_the_middle_can_be_gone_on_from(
    fetch: Run, forum: Forum, site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    forum.members_only(pages=2)
    forum.member("老渡口", PASSWORD)
    monkeypatch.setenv("DISCUZ_SCRAPE_PASSWORD", PASSWORD)
    url, cursor = f"{site.url}thread-12-1-1.html", tmp_path / "cursor"
    plain = fetch("--login", "老渡口", url)
    assert (plain.code, plain.pids) == (8, of(12, 1, 2, 3, 4, 5, 6))
    assert plain.err.startswith(f"{url}: LoginRequiredError: ")
    assert plain.err.endswith("; with fresh --cookies or --login, --pages 3- goes on from there\n")
    first = fetch("--login", "老渡口", "--resume", cursor, url)
    assert first.pids == plain.pids
    assert first.err.endswith("; with fresh --cookies or --login, the same command goes on from there\n")
    second = fetch("--login", "老渡口", "--resume", cursor, url)
    assert (second.code, second.pids) == (0, of(12, 7, 8))


# Going on


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
@pytest.mark.parametrize("to_file", [True, False])
def test_a_run_that_is_broken_off_is_gone_on_with(
    forum: Forum, site: Site, tmp_path: Path, number: signal.Signals, code: int, to_file: bool
) -> None:
    out, cursor = tmp_path / "out.jsonl", tmp_path / "cursor"

    def end() -> None:
        process.send_signal(number)
        process.wait()

    forum.before("thread-12-3", end)
    command = ["fetch", *QUICK, "--resume", cursor, f"{site.url}thread-12-1-1.html"]
    with out.open("ab") as stream:
        where: dict[str, Any] = {} if to_file else {"stdout": stream}
        more = ["-o", out] if to_file else []
        process = spawn(*command, *more, **where)
        process.communicate()
        assert process.returncode == code
        lines = out.read_bytes()
        assert [json.loads(line)["pid"] for line in lines.splitlines()] == of(12, 1, 2, 3, 4, 5, 6)
        assert lines.endswith(b"\n")
        assert cursor.stat().st_mode & 0o777 == 0o600
        again = spawn(*command, *more, **where)
        assert again.communicate()[1] == b""
        assert again.returncode == 0
    assert [json.loads(line)["pid"] for line in out.read_bytes().splitlines()] == ALL


def test_a_broken_line_at_the_end_of_the_output_is_taken_away(fetch: Run, site: Site, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    for there, left in ((b'{"pid": 1}\n{"pid": 2', [1]), (b'{"pid"', []), (b"x" * 70_000, []), (b"", [])):
        out.write_bytes(there)
        (tmp_path / "cursor").unlink(missing_ok=True)
        assert fetch(f"{site.url}thread-12-1-1.html", "-o", out, "--resume", tmp_path / "cursor").code == 0
        assert [json.loads(line)["pid"] for line in out.read_bytes().splitlines()] == [*left, *ALL]


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_keeps_what_was_read(forum: Forum, site: Site, tmp_path: Path) -> None:
    def end() -> None:
        process.send_signal(signal.SIGINT)
        process.wait()

    forum.before("thread-12-3", end)
    out = tmp_path / "out.json"
    process = spawn("fetch", *QUICK, f"{site.url}thread-12-1-1.html", "--format", "json", "-o", out)
    assert process.communicate() == (b"", b"")
    assert process.returncode == 130
    assert len(json.loads(out.read_bytes())) == 6
    assert list(tmp_path.iterdir()) == [out]


def test_new_replies_are_fetched_by_the_same_command(fetch: Run, forum: Forum, site: Site, tmp_path: Path) -> None:
    urls = [f"{site.url}thread-12-1-1.html", f"{site.url}thread-13-1-1.html", site.url]
    forum.thread(13, posts=2)
    command = partial(fetch, *urls, "--resume", tmp_path / "cursor")
    assert command().pids == [*ALL, *of(13, 1, 2), None]
    assert command().out == ""
    forum.threads[13].add()
    assert command().pids == of(13, 3)
    kept = json.loads((tmp_path / "cursor").read_text())
    assert list(kept["cursors"]) == urls
    assert list(tmp_path.iterdir()) == [tmp_path / "cursor"]


def test_a_board_is_gone_on_with_in_the_middle_of_a_thread(
    fetch: Run, forum: Forum, site: Site, tmp_path: Path
) -> None:
    for tid in (13, 14):
        forum.thread(tid, posts=4)
    command = partial(fetch, f"{site.url}forum-2-1.html", "--threads", 2, "--resume", tmp_path / "cursor")
    forum.fail("tid=12&page=3", "closed")
    first = command()
    assert (first.code, first.pids) == (8, of(12, 1, 2, 3, 4, 5, 6))
    assert command().pids == [*of(12, 7, 8), *of(14, 1, 2, 3, 4)]
    assert command().pids == []


def test_an_empty_file_is_a_cursor_of_nothing(fetch: Run, site: Site, tmp_path: Path) -> None:
    (tmp_path / "cursor").touch()
    assert fetch(f"{site.url}thread-12-1-1.html", "--resume", tmp_path / "cursor").pids == ALL
    assert (tmp_path / "cursor").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no devices")
def test_a_device_is_not_replaced_by_a_cursor(fetch: Run, site: Site) -> None:
    assert fetch(site.url, "--resume", "/dev/null").code == 2
    assert not Path("/dev/null").is_file()


def test_a_file_of_something_else_is_no_cursor(fetch: Run, site: Site, tmp_path: Path) -> None:
    for words in ("important", '{"version": 2, "cursors": {}}', '{"cursors": {"x": 5}}'):
        (tmp_path / "cursor").write_text(words)
        ran = fetch(site.url, "--resume", tmp_path / "cursor")
        assert ran.code == 2
        assert "is no file that --resume has written" in " ".join(ran.err.split())
        assert (tmp_path / "cursor").read_text() == words
    assert site.log == []


def test_a_cursor_of_another_address_is_a_problem(fetch: Run, site: Site, tmp_path: Path) -> None:
    url = f"{site.url}thread-12-1-1.html"
    (tmp_path / "cursor").write_text(json.dumps({"cursors": {url: {"kind": "board"}}}))
    ran = fetch(url, site.url, "--resume", tmp_path / "cursor")
    assert (ran.code, len(ran.rows)) == (4, 1)
    assert ran.err.startswith(f"{url}: ParseError: not what `state` of a walk gave")


def test_a_cursor_that_cannot_be_kept_ends_the_run(fetch: Run, forum: Forum, site: Site, tmp_path: Path) -> None:
    cursor = tmp_path / "none" / "cursor"
    ran = fetch(site.url, "--resume", cursor)
    assert (ran.code, site.log) == (1, [])
    assert ran.err == f"{cursor}: FileNotFoundError: No such file or directory\n"
    folder = tmp_path / "folder"
    folder.mkdir()
    forum.before("thread-12-2", (folder / "cursor").unlink)
    forum.before("thread-12-2", folder.rmdir)
    ran = fetch(f"{site.url}thread-12-1-1.html", site.url, "--resume", folder / "cursor")
    assert (ran.code, ran.pids) == (1, of(12, 1, 2, 3, 4, 5, 6))
    assert ran.err == f"{folder / 'cursor'}: FileNotFoundError: No such file or directory\n"


# What goes wrong


def test_exit_codes_add_up_and_the_others_go_on(fetch: Run, forum: Forum, site: Site) -> None:
    forum.fail("thread-7", "status", status=403, times=None)
    urls = [f"{site.url}{path}" for path in ("thread-99-1-1.html", "thread-7-1-1.html", "thread-12-1-1.html")]
    ran = fetch("javascript:;", "bbs.example/thread-1-1-1.html", *urls)
    assert ran.code == 4 | 8 | 16
    assert ran.pids == ALL
    told = [line.split(": ")[:2] for line in ran.err.splitlines()]
    assert told == [
        ["javascript:;", "ParseError"], ["bbs.example/thread-1-1-1.html", "ParseError"],
        [urls[0], "NotFoundError"], [urls[1], "FetchError"],
    ]  # fmt: skip


def test_threads_is_for_boards(fetch: Run, forum: Forum, site: Site) -> None:
    assert fetch(f"{site.url}thread-12-1-1.html", site.url, "--threads", 1).pids == [*ALL, None]
    forum.threads[12].refusal = "gone"
    assert fetch(f"{site.url}forum-2-1.html", "--threads", 1).code == 8


@pytest.mark.parametrize("refused", [12, 13])
def test_threads_of_a_board_that_are_refused_count(forum: Forum, site: Site, refused: int) -> None:
    forum.thread(13, posts=1)
    forum.threads[refused].refusal = "level"
    process = spawn("fetch", *QUICK, f"{site.url}forum-2-1.html", "--threads", 5)
    out, err = process.communicate()
    assert process.returncode == 8
    assert [json.loads(line)["tid"] for line in out.splitlines()] == ([13] if refused == 12 else [12] * 8)
    (line,) = err.decode().splitlines()
    assert line.startswith(f"{site.url}forum.php?mod=viewthread&tid={refused}: PermissionDeniedError: ")


def test_a_wall_ends_what_is_asked_of_its_host(fetch: Run, forum: Forum, site: Site) -> None:
    forum.fail("thread-12-2", "cloudflare", times=None)
    ran = fetch(f"{site.url}thread-12-1-1.html", f"{site.url}forum-2-1.html")
    assert (ran.code, ran.pids) == (8, of(12, 1, 2, 3))
    assert [line.split(": ")[1] for line in ran.err.splitlines()] == ["ChallengeError", "ChallengeError"]
    assert "forum-2-1" not in "".join(site.paths)


def test_tries_that_are_used_up(forum: Forum, site: Site) -> None:
    forum.fail("thread-12-2", "reset", times=None)
    waited: list[float] = []
    assert fetched(f"{site.url}thread-12-1-1.html", sleep=waited.append, attempts=3) == 16
    assert len(waited) == 2
    assert len([path for path in site.paths if "thread-12-2" in path]) == 3


def fetched(
    *urls: str,
    sleep: Callable[[float], object],
    out: Path = Path(os.devnull),
    resume: Path | None = None,
    write: Callable[[Iterable[Page]], Iterable[str]] = output.write,
    **options: Any,
) -> int:
    """Fetch with another clock than that of the wall."""
    plan = _fetch.Plan(
        walk={"rewrite": DEFAULT_RULES}, threads=0, login=None, write=write, alike=False, out=out, files=None,
        resume=resume,
    )  # fmt: skip
    return _fetch.run(urls, plan, {"interval": 0, **options}, sleep=sleep)


def test_an_interrupt_between_the_lines_of_a_page_waits_until_all_are_out(site: Site, tmp_path: Path) -> None:
    def interrupted(pages: Iterable[Page]) -> Iterator[str]:
        for number, line in enumerate(output.write(pages)):
            yield line
            if number == 3:
                signal.raise_signal(signal.SIGINT)

    url, out, resume = f"{site.url}thread-12-1-1.html", tmp_path / "out.jsonl", tmp_path / "cursor"
    for write, code, pids in ((interrupted, 130, of(12, 1, 2, 3, 4, 5, 6)), (output.write, 0, ALL)):
        assert fetched(url, sleep=lambda _: None, out=out, resume=resume, write=write) == code
        assert [json.loads(line)["pid"] for line in out.read_text().splitlines()] == pids


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["--pages", "5-2"], ["--pages", "0"], ["--pages", "-"], ["--pages", "x"], ["--threads", 0],
        ["--since", "yesterday"], ["--timezone", "Mars/Base"], ["--interval", -1], ["--interval", "nan"],
        ["--attempts", 0], ["--cookies", "/none/cookies.txt"], ["--user-agent", "a\nb"], ["--proxy", "x"],
        ["--rewrite", "t{td}"], ["--resume", "cursor", "--format", "csv"], ["--kind", "thread"],
    ],
)  # fmt: skip
def test_usage_errors(fetch: Run, arguments: list[object]) -> None:
    ran = fetch(*arguments, *(["http://bbs.example/"] if arguments else []))
    assert ran.code == 2
    assert "discuz-scrape fetch" in ran.err


def test_a_folder_for_pages_that_cannot_be_made(fetch: Run, site: Site, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("no folder")
    ran = fetch(site.url, "--save", tmp_path / "kept")
    assert (ran.code, site.log) == (1, [])
    assert ran.err == f"{tmp_path / 'kept'}: FileExistsError: File exists\n"


def test_a_table_holds_pages_of_the_first_kind(fetch: Run, site: Site) -> None:
    ran = fetch(f"{site.url}thread-12-1-1.html", site.url, "--format", "csv")
    assert ran.code == 4
    assert ran.err == f"{site.url}: Kind: left out, for a table of 'thread' cannot hold 'index'\n"


def test_closed_pipe_ends_quietly(forum: Forum, site: Site, tmp_path: Path) -> None:
    forum.thread(14, posts=600)
    cursor = tmp_path / "cursor"
    with spawn("fetch", *QUICK, "--resume", cursor, f"{site.url}thread-14-1-1.html") as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0
    assert len(site.log) < 100
    (kept,) = json.loads(cursor.read_text())["cursors"].values() or [{"page": 0}]
    assert kept["page"] < 100


def test_the_old_output_stays_when_nothing_could_be_read(fetch: Run, site: Site, tmp_path: Path) -> None:
    out = tmp_path / "posts.jsonl"
    out.write_text("old\n")
    assert fetch(f"{site.url}thread-99-1-1.html", "-o", out).code == 8
    assert out.read_text() == "old\n"


# What people see


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_is_drawn_on_a_terminal(site: Site) -> None:
    master, slave = pty.openpty()
    process = spawn(
        "fetch", *QUICK, f"{site.url}thread-12-1-1.html", f"{site.url}thread-99-1-1.html",
        stderr=slave, env=os.environ | {"TERM": "xterm", "COLUMNS": "160"},
    )  # fmt: skip
    os.close(slave)
    out, _ = process.communicate()
    drawn = b""
    try:
        while piece := os.read(master, 65536):
            drawn += piece
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(master)
    assert len(out.splitlines()) == 8
    assert b"NotFoundError" in drawn
    assert b"pages, 8 posts" in drawn


def test_a_long_pause_shows_in_the_bar(forum: Forum, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    forum.fail("thread-12-2", "throttle", retry_after=120)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    waited: list[float] = []
    assert fetched(f"{site.url}thread-12-1-1.html", sleep=waited.append) == 0
    assert max(waited) >= 120
    assert "waits 1" in terminal.getvalue()
    assert "3/8" not in terminal.getvalue()
    assert "pages, 3 posts" in terminal.getvalue()


def test_there_is_no_bar_where_nobody_watches(fetch: Run, site: Site) -> None:
    assert fetch(f"{site.url}thread-12-1-1.html").err == ""


def test_parse_does_not_load_what_fetches() -> None:
    code = (
        "import sys; from discuz_scrape.__main__ import main; main(['parse', '/dev/null'])\n"
        "print(*{'httpx', 'tenacity', 'discuz_scrape.fetch', 'discuz_scrape.cli._fetch'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "\n"


def test_a_client_forgets_a_refused_login_when_another_is_given(forum: Forum, site: Site) -> None:
    forum.member("老渡口", PASSWORD)
    with Client(interval=0) as client:
        client.login("老渡口", "wrong")
        with pytest.raises(Exception, match="登录失败"):
            client.page(site.url)
        assert client.login_error is not None
        client.login("老渡口", PASSWORD)
        assert client.login_error is None
