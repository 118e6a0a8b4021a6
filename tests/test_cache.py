"""Copies on disk: what has not changed is not sent again, and nobody gets what another one saw."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from forum import File, Forum, Site

from discuz_scrape import AsyncClient, Client, Thread
from discuz_scrape.errors import DiscuzScrapeError, FetchError, LoginRequiredError, NoticeError

Opened = Callable[..., AbstractContextManager[Any]]

PREFIX = "qsq0_2132_"
SALT = {f"{PREFIX}saltkey": "salt0009"}
"""A visitor that came before: pages hold a hash of his cookie, so others get other pages."""

LASTING = {"Cache-Control": "max-age=3600"}


class Blocking:
    """An AsyncClient that is used like a Client."""

    def __init__(self, runner: asyncio.Runner, client: AsyncClient) -> None:
        self._runner, self._client = runner, client

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        return (lambda *args, **options: self._runner.run(found(*args, **options))) if callable(found) else found


@contextmanager
def opened_sync(**options: Any) -> Iterator[Any]:
    with Client(**options) as client:
        yield client


@contextmanager
def opened_async(**options: Any) -> Iterator[Any]:
    with asyncio.Runner() as runner:
        client = AsyncClient(**options)
        try:
            yield Blocking(runner, client)
        finally:
            runner.run(client.aclose())


@pytest.fixture(params=[opened_sync, opened_async], ids=["sync", "async"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """Opens a client with a cache that waits for nothing; all of one test share the folder."""

    def open_client(**options: Any) -> Any:
        given = {"cache": tmp_path / "cache", "robots": False, "cookies": SALT, "sleep": lambda _: None} | options
        return request.param(**given)

    return open_client


@pytest.fixture
def url(site: Site, forum: Forum) -> str:
    forum.etags = True
    forum.thread(7, posts=3)
    return f"{site.url}forum.php?mod=viewthread&tid=7"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "pages.sqlite"


def lasting(forum: Forum, **headers: str) -> None:
    """Let the forum say of all pages that they are good for some time."""
    forum.date = format_datetime(datetime.now(UTC), usegmt=True)
    forum.fail(None, "altered", times=None, headers=LASTING | headers)


def statuses(site: Site) -> list[int]:
    return [request.status for request in site.log]


def copies(store: Path) -> int:
    with closing(sqlite3.connect(store)) as file:
        (found,) = file.execute("SELECT count(*) FROM entries WHERE expires_at IS NULL").fetchone()
        return int(found)


def change(store: Path, sql: str) -> None:
    with closing(sqlite3.connect(store)) as file, file:
        file.execute(sql)


# --- What has not changed ---------------------------------------------------------------------------------------------


def test_unchanged_page_is_asked_for_but_not_sent_again(opened: Opened, url: str, site: Site) -> None:
    with opened() as client:
        first = client.page(url)
        size = client.stats.bytes
        assert client.page(url) == first
        assert (client.stats.requests, client.stats.pages, client.stats.bytes) == (2, 2, size)
    assert statuses(site) == [200, 304]


def test_copies_are_there_for_later_clients(opened: Opened, url: str, site: Site) -> None:
    pages = []
    for _ in range(3):
        with opened() as client:
            pages.append(client.page(url))
    assert statuses(site) == [200, 304, 304]
    assert pages[0] == pages[1] == pages[2]


def test_both_clients_read_the_same_copies(url: str, site: Site, tmp_path: Path) -> None:
    for open_client in (opened_sync, opened_async, opened_sync):
        with open_client(cache=tmp_path, robots=False, cookies=SALT, interval=0) as client:
            client.page(url)
    assert statuses(site) == [200, 304, 304]


def test_nothing_is_asked_conditionally_without_a_cache(opened: Opened, url: str, site: Site) -> None:
    with opened(cache=None) as client:
        client.page(url)
        client.page(url)
    assert statuses(site) == [200, 200]
    assert not any(name.startswith("if-") for request in site.log for name in request.headers)


def test_changed_page_comes_anew_and_is_the_copy_from_then_on(
    opened: Opened, url: str, site: Site, forum: Forum
) -> None:
    with opened() as client:
        client.page(url)
        forum.threads[7].add()
        assert len(client.page(url).posts) == 4
        assert len(client.page(url).posts) == 4
    assert statuses(site) == [200, 200, 304]


def test_compressed_page_is_kept_as_it_was_read(opened: Opened, url: str, site: Site, forum: Forum) -> None:
    forum.fail("tid=7", "gzip")
    with opened() as client:
        first = client.page(url)
        forum.fail("tid=7", "altered", status=304, body=b"")
        assert client.page(url) == first
    assert statuses(site) == [200, 304]


def test_unchanged_file_is_not_sent_again(opened: Opened, url: str, site: Site, forum: Forum, tmp_path: Path) -> None:
    data = bytes(range(256)) * 2_000
    forum.threads[7].posts[0].files.append(File(9, "堤上的白鹭.zip", data))
    with opened() as client:
        (attachment,) = client.page(url).posts[0].attachments
        assert client.download(attachment, tmp_path / "one.zip").read_bytes() == data
        assert client.download(attachment, tmp_path / "two.zip").read_bytes() == data
    assert statuses(site) == [200, 200, 304]


def test_walk_through_a_thread_takes_its_pages_from_copies(opened: Opened, site: Site, forum: Forum) -> None:
    forum.etags, forum.per_page = True, 10
    forum.thread(8, posts=25)
    threads: list[Thread] = []
    for _ in range(2):
        with opened() as client:
            threads.append(client.thread(f"{site.url}forum.php?mod=viewthread&tid=8"))
    assert threads[0] == threads[1]
    half = len(site.log) // 2
    assert statuses(site) == [200] * half + [304] * half


# --- What is good for some time ---------------------------------------------------------------------------------------


def test_page_that_is_good_for_some_time_costs_no_request_and_no_pause(
    opened: Opened, url: str, site: Site, forum: Forum
) -> None:
    forum.thread(8)
    lasting(forum)
    other = url.replace("tid=7", "tid=8")
    with opened() as client:
        pages = [client.page(url), client.page(other)]
    with opened() as client:
        assert [client.page(url), client.page(other)] == pages
        assert (client.stats.requests, client.stats.pages, client.stats.waited) == (0, 2, 0.0)
    assert len(site.log) == 2


def test_whoever_asks_again_is_told_what_is_new(opened: Opened, url: str, site: Site, forum: Forum) -> None:
    lasting(forum)
    with opened() as client:
        client.page(url)
    with opened() as client:
        client.page(url)
        forum.threads[7].add()
        assert len(client.page(url).posts) == 4
    assert len(site.log) == 2


def test_last_modified_alone_does_not_make_a_page_good_for_some_time(
    opened: Opened, url: str, site: Site, forum: Forum
) -> None:
    forum.date = format_datetime(datetime.now(UTC), usegmt=True)
    forum.fail("tid=7", "altered", times=None, headers={"Last-Modified": "Sun, 17 Mar 2024 12:14:00 GMT"})
    for _ in range(2):
        with opened() as client:
            client.page(url)
    assert statuses(site) == [200, 304]
    assert site.log[1].headers["if-modified-since"] == "Sun, 17 Mar 2024 12:14:00 GMT"


@pytest.mark.parametrize("headers", [{"Cache-Control": "no-store, private"}, {}, {"Expires": "-1"}])
def test_page_that_may_not_be_kept_or_cannot_be_asked_for_is_not_kept(
    opened: Opened, url: str, site: Site, forum: Forum, store: Path, headers: dict[str, str]
) -> None:
    forum.etags = "Cache-Control" in headers
    forum.fail("tid=7", "altered", times=None, headers=headers)
    with opened() as client:
        client.page(url)
        client.page(url)
        assert copies(store) == 0
    assert statuses(site) == [200, 200]


def test_answer_that_varies_is_for_who_asks_alike(opened: Opened, url: str, site: Site, forum: Forum) -> None:
    lasting(forum, Vary="User-Agent")
    for agent in ("Mozilla/5.0 (one)", "Mozilla/5.0 (one)", "Mozilla/5.0 (two)"):
        with opened(user_agent=agent) as client:
            client.page(url)
    assert len(site.log) == 2


# --- Whose it is ------------------------------------------------------------------------------------------------------


def test_guest_never_gets_what_a_member_saw(opened: Opened, url: str, site: Site, forum: Forum) -> None:
    lasting(forum)
    forum.threads[7].refusal = "members"
    tokens = [forum.session(forum.member(name, "secret")) for name in ("老渡口", "芦花白")]
    for token in (*tokens, *tokens):
        with opened(cookies=SALT | {f"{PREFIX}auth": token}) as client:
            client.page(url)
    assert len(site.log) == 2
    with opened() as client, pytest.raises(LoginRequiredError):
        client.page(url)
    assert len(site.log) == 3


def test_login_in_between_leaves_what_the_guest_saw_behind(opened: Opened, url: str, site: Site, forum: Forum) -> None:
    forum.member("老渡口", "secret")
    with opened() as client:
        client.page(url)
        client.login("老渡口", "secret")
        client.page(url)
        client.page(url)
    asked = [request for request in site.log if "viewthread" in request.path]
    assert [request.status for request in asked] == [200, 200, 304]
    assert not any(name.startswith("if-") for name in asked[1].headers)


def test_headers_of_the_callers_own_tell_visitors_apart(opened: Opened, url: str, site: Site, forum: Forum) -> None:
    lasting(forum)
    for word in ("Basic b25lOnR3bw==", "Basic dHdvOm9uZQ=="):
        with opened(headers={"Authorization": word}) as client:
            client.page(url)
    assert len(site.log) == 2


def test_cookies_that_change_all_the_time_do_not_tell_visitors_apart(
    opened: Opened, url: str, site: Site, forum: Forum
) -> None:
    lasting(forum)
    for number in range(2):
        changing = ("saltkey", "sid", "lastact", "lastvisit", "visitedfid", "st_t")
        with opened(cookies={PREFIX + name: f"x{number}" for name in changing}) as client:
            client.page(url)
    assert len(site.log) == 1


@pytest.mark.parametrize("name", [f"{PREFIX}fidpw2", f"{PREFIX}mobile", "sso_sid", "auth"])
def test_other_cookies_do(opened: Opened, url: str, site: Site, forum: Forum, name: str) -> None:
    lasting(forum)
    for number in range(2):
        with opened(cookies={name: f"x{number}"}) as client:
            client.page(url)
    assert len(site.log) == 2


def test_no_secret_is_on_the_disk_and_only_the_owner_may_read_it(
    opened: Opened, url: str, forum: Forum, store: Path
) -> None:
    token = forum.session(forum.member("老渡口", "pw-of-old-ferry"))
    forum.fail("tid=7", "altered", times=None, headers={"Set-Cookie": f"{PREFIX}sid=Zq81yy; path=/"})
    given = {"cookies": {f"{PREFIX}auth": token}, "headers": {"Authorization": "Basic b25lOnR3bw=="}}
    with opened(**given) as client:
        client.page(url + "&token=Kp33vv")
        client.login("老渡口", "pw-of-old-ferry")
        client.page(url)
        files = list(store.parent.iterdir())
        found = b"".join(file.read_bytes() for file in files)
        assert stat.S_IMODE(store.parent.stat().st_mode) == 0o700
        assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files if file.name.startswith(store.name))
    assert "etag" in found.decode("latin-1")
    secrets = (token, *forum.sessions, "Zq81yy", "b25lOnR3bw==", "pw-of-old-ferry", "Kp33vv", "salt00")
    assert [secret for secret in secrets if secret.encode() in found] == []


# --- What is never a copy ---------------------------------------------------------------------------------------------


def test_robots_and_login_are_asked_for_each_time(opened: Opened, url: str, site: Site, forum: Forum) -> None:
    lasting(forum)
    forum.fail(r"robots|member\.php", "altered", times=None, headers=LASTING)
    forum.member("老渡口", "secret")
    for _ in range(2):
        with opened(robots=True) as client:
            client.login("老渡口", "secret")
            client.page(url)
    asked = [(request.method, request.script) for request in site.log if "viewthread" not in request.path]
    once = [("GET", "robots.txt"), ("GET", "member.php"), ("POST", "member.php")]
    assert sorted(asked) == sorted(once * 2)
    assert not any(name.startswith("if-") for request in site.log for name in request.headers)


def test_rules_are_asked_for_though_a_post_made_somebody_keep_them(
    opened: Opened, url: str, site: Site, forum: Forum, tmp_path: Path
) -> None:
    lasting(forum)
    forum.fail("robots", "altered", times=None, headers=LASTING)
    forum.threads[7].posts[0].files.append(File(9, "rules.txt", b"", url=f"{site.url}robots.txt"))
    with opened() as client:
        (attachment,) = client.page(url).posts[0].attachments
        assert client.download(attachment, tmp_path / "rules.txt").read_text() == forum.robots
    with opened(robots=True) as client:
        client.page(url)
    assert [request.script for request in site.log] == ["forum.php", "robots.txt", "robots.txt"]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("notice", {"text": "抱歉，指定的主题不存在或已被删除或正在被审核"}),
        ("altered", {"status": 404, "headers": LASTING}),
        ("altered", {"status": 410, "headers": LASTING, "body": "<html>gone</html>"}),
        ("altered", {"headers": LASTING, "body": "<html><title>别处</title></html>"}),
    ],
)
def test_error_is_not_kept(
    opened: Opened, url: str, forum: Forum, kind: str, options: dict[str, Any], store: Path
) -> None:
    forum.fail(None, kind, **options)
    with opened() as client, pytest.raises(DiscuzScrapeError):
        client.page(url)
    assert copies(store) == 0
    with opened() as client:
        assert len(client.page(url).posts) == 3


@pytest.mark.usefixtures("url")
def test_redirect_is_not_kept(opened: Opened, site: Site, forum: Forum) -> None:
    for _ in range(2):
        with opened() as client:
            client.page(f"{site.url}forum.php?mod=redirect&goto=findpost&ptid=7&pid={forum.threads[7].posts[0].pid}")
    assert statuses(site) == [301, 200, 301, 304]


def test_busy_server_does_not_end_a_copy(opened: Opened, url: str, site: Site, forum: Forum) -> None:
    with opened() as client:
        client.page(url)
        forum.fail("tid=7", "busy")
        client.page(url)
    assert statuses(site) == [200, 503, 304]


def test_cut_page_is_not_kept(opened: Opened, url: str, site: Site, forum: Forum) -> None:
    forum.fail("tid=7", "short")
    with opened() as client:
        assert len(client.page(url).posts) == 3
        client.page(url)
    assert statuses(site) == [200, 200, 304]
    assert "if-none-match" not in site.log[1].headers


def test_message_ends_the_copy_in_whose_place_it_came(opened: Opened, url: str, forum: Forum, store: Path) -> None:
    with opened() as client:
        client.page(url)
        forum.fail("tid=7", "banned")
        with pytest.raises(NoticeError):
            client.page(url)
        assert copies(store) == 0


# --- Bounds and damage ------------------------------------------------------------------------------------------------


def test_copy_is_no_longer_than_max_bytes(opened: Opened, url: str, site: Site, forum: Forum) -> None:
    lasting(forum)
    with opened() as client:
        client.page(url)
    with opened(max_bytes=1_000) as client, pytest.raises(FetchError, match="max_bytes=1000"):
        client.page(url)
    assert len(site.log) == 1


def test_damaged_copy_is_judged_as_any_page_and_fetched_anew(
    opened: Opened, url: str, site: Site, forum: Forum, store: Path
) -> None:
    lasting(forum)
    for damage in (
        "UPDATE streams SET chunk_data = x'3c68746d6c3e3c74723e'",
        "DELETE FROM streams",
        "DELETE FROM entries",
        "UPDATE entries SET data = x'00'",
    ):
        with opened() as client:
            client.page(url)
        change(store, damage)
        with opened() as client:
            assert len(client.page(url).posts) == 3
    assert statuses(site) == [200] * 5


def test_confirmed_copy_that_is_gone_is_fetched_anew(
    opened: Opened, url: str, site: Site, forum: Forum, store: Path
) -> None:
    with opened() as client:
        client.page(url)
        forum.before("tid=7", lambda: change(store, "DELETE FROM streams"))
        assert len(client.page(url).posts) == 3
    assert statuses(site) == [200, 304, 200]


def test_confirmation_of_another_version_is_none(opened: Opened, url: str, site: Site, forum: Forum) -> None:
    with opened() as client:
        client.page(url)
        forum.etags = False
        forum.fail("tid=7", "altered", status=304, body=b"", headers={"ETag": '"another"'})
        assert len(client.page(url).posts) == 3
    assert statuses(site) == [200, 304, 200]
    assert "if-none-match" not in site.log[2].headers


def test_damaged_file_is_begun_anew(opened: Opened, url: str, site: Site, store: Path) -> None:
    store.parent.mkdir()
    for damage in (b"no database at all, but long enough to be one" * 99, b""):
        store.write_bytes(damage)
        with opened() as client:
            client.page(url)
            client.page(url)
    assert statuses(site) == [200, 304, 200, 304]


def test_file_of_another_kind_is_left_alone(opened: Opened, store: Path) -> None:
    store.parent.mkdir()
    change(store, "CREATE TABLE entries (name TEXT)")
    with pytest.raises(ValueError, match="cannot be used"), opened():
        pass
    change(store, "INSERT INTO entries VALUES ('still here')")


def test_file_that_cannot_be_opened_is_told(opened: Opened, store: Path) -> None:
    with opened():
        pass
    store.with_name("pages.sqlite-journal").mkdir()
    with pytest.raises(ValueError, match="cannot be used"), opened():
        pass


def test_folder_that_is_none_is_told(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"")
    with pytest.raises(FileExistsError), opened():
        pass


@pytest.mark.parametrize(
    "headers",
    [
        {"ETag": '"第七号"'},
        {"ETag": '"' + "9" * 60_000 + '"'},
        {"Cache-Control": 'x="' * 20_000, "Last-Modified": "-" * 5_000},
        {"Cache-Control": "max-age=" + "9" * 5_000, "Expires": "9" * 5_000, "Last-Modified": "(" * 5_000},
        {"Cache-Control": "max-age=9", "Vary": "*", "Date": "Tue, 99 Foo 99999 99:99:99 +9999"},
        {"Cache-Control": "max-age=9", "Date": "Fri, 31 Dec 9999 23:59:59 -2359"},
    ],
)
def test_strange_headers_do_no_harm(
    opened: Opened, url: str, site: Site, forum: Forum, headers: dict[str, str]
) -> None:
    headers, forum.etags = dict(headers), False
    forum.date = headers.pop("Date", None)
    forum.fail("tid=7", "altered", times=None, headers=headers)
    with opened() as client:
        assert client.page(url) == client.page(url)
    assert len(site.log) == 2


def test_times_of_a_confirmed_copy_count_from_when_it_was_made(
    opened: Opened, url: str, forum: Forum, tmp_path: Path
) -> None:
    made = datetime(2024, 3, 1, 12, 0, tzinfo=UTC)
    for days in range(2):
        forum.date = format_datetime(made + timedelta(days=days), usegmt=True)
        with opened(save=tmp_path / "saved") as client:
            client.page(url)
    names = [path.name for path in (tmp_path / "saved").glob("*.html")]
    assert len(names) == 2
    assert all("20240301T120000Z" in name for name in names)


# --- What it needs ----------------------------------------------------------------------------------------------------


def test_missing_extra_is_told(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hishel", None)
    monkeypatch.delitem(sys.modules, "discuz_scrape.fetch._cache", raising=False)
    with pytest.raises(ValueError, match=r'pip install "discuz-scrape\[cache\]"'), opened():
        pass


def test_cache_is_for_connections_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cache"):
        Client(http=object(), cache=tmp_path)
