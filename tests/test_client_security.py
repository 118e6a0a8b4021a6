"""What a hostile forum, or a hostile page, tries with the client, and what comes of it."""

from __future__ import annotations

import asyncio
import pickle
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from http.cookiejar import CookieJar
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from typing import Any

import httpx
import pytest
from clients import Time, Wire, run_at_once, thread_url
from forum import Forum, Site

from discuz_scrape import AsyncClient, Client, Image
from discuz_scrape.errors import FetchError, LoginRequiredError, NoticeError
from discuz_scrape.fetch._library import peer_of, translated
from discuz_scrape.fetch._policy import Transient

HOST = "http://bbs.hewan.example/"
THREAD = f"{HOST}forum.php?mod=viewthread&tid=12"
PUBLIC, PRIVATE = "93.184.216.34", "192.168.1.1"
MEMBER = {"qsq0_2132_auth": "S3CRET"}


@pytest.fixture
def forum() -> Forum:
    forum = Forum()
    forum.thread(12, posts=3)
    return forum


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[str]]]:
    """The names that can be resolved, beside the numbers of loopback."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def resolve(host: Any, port: Any, *rest: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name in ("127.0.0.1", "::1", None):
            return real(host, port, *rest, **options)
        if name not in known:
            raise socket.gaierror(f"no such name: {name}")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known[name]]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    yield known


@pytest.fixture
def wire(forum: Forum) -> Wire:
    return Wire(forum)


def on_wire(wire: Wire, time: Time, act: Callable[[Client], object], **options: Any) -> object:
    """Do something with a client to which all hosts are the forum."""
    with wire.sync() as http, Client(http=http, **{"robots": False} | time.options | options) as client:
        return act(client)


def on_proxy(site: Site, time: Time, **options: Any) -> Client:
    """Give a client with connections of its own, to which all hosts are the forum."""
    return Client(proxy=f"http://{site.host}", **{"robots": False} | time.options | options)


# --- Redirects --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "to"),
    [
        (THREAD, "http://dukou.example/"),
        (THREAD, "http://bbs.hewan.example.dukou.example/"),
        (THREAD, "http://bbs.hewan.example@dukou.example/"),
        (THREAD, "http://dukou.example\\@bbs.hewan.example/"),
        (THREAD, "http://bbs.hewan.example:8080/"),
        (THREAD, "http://img.hewan.example/"),
        (THREAD, "http://hewan.example/"),
        (THREAD, "//dukou.example/forum.php"),
        (THREAD, "\\\\dukou.example/forum.php"),
        (THREAD, "http:\\\\dukou.example/forum.php"),
        (THREAD, "http://127.0.0.1/"),
        (THREAD, "http://2130706433/"),
        (THREAD, "http://[::1]/"),
        (THREAD, "http://169.254.169.254/latest/meta-data/"),
        (THREAD, "ftp://bbs.hewan.example/"),
        (THREAD, "file:///etc/passwd"),
        (THREAD, "data:text/html,x"),
        (THREAD.replace("http:", "https:"), THREAD),
        (THREAD.replace("http:", "https:"), "http://www.bbs.hewan.example/"),
    ],
)
def test_redirects_never_leave_the_site(
    forum: Forum, wire: Wire, time: Time, names: dict[str, list[str]], start: str, to: str
) -> None:
    names.update({"bbs.hewan.example": [PUBLIC], "dukou.example": [PUBLIC]})
    forum.fail(None, "redirect", to=to)
    forum.fail(None, "status", status=404, times=None)
    with pytest.raises(FetchError):
        on_wire(wire, time, lambda client: client.page(start))
    hosts = {url.partition("/")[0] for url in wire.urls}
    assert hosts == {"bbs.hewan.example"}


@pytest.mark.parametrize(
    "to", ["https://bbs.hewan.example/thread-12-1-1.html", "http://www.bbs.hewan.example/thread-12-1-1.html"]
)
def test_https_and_www_are_the_same_site(
    forum: Forum, wire: Wire, time: Time, names: dict[str, list[str]], to: str
) -> None:
    names.update({"bbs.hewan.example": [PUBLIC], "www.bbs.hewan.example": [PUBLIC]})
    forum.fail(None, "redirect", to=to)
    assert on_wire(wire, time, lambda client: client.page(THREAD).kind) == "thread"
    assert wire.urls[1].endswith("bbs.hewan.example/thread-12-1-1.html")


def test_sub_domains_are_for_who_asks_for_them(
    forum: Forum, wire: Wire, time: Time, names: dict[str, list[str]]
) -> None:
    names.update({"bbs.hewan.example": [PUBLIC], "old.hewan.example": [PUBLIC]})
    forum.fail(None, "redirect", to="http://old.hewan.example/thread-12-1-1.html", times=2)
    with pytest.raises(FetchError, match="subdomains=True"):
        on_wire(wire, time, lambda client: client.page(THREAD))
    assert on_wire(wire, time, lambda client: client.page(THREAD).kind, subdomains=True) == "thread"


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_names_that_lead_to_private_addresses_are_not_connected_to(
    forum: Forum, wire: Wire, time: Time, names: dict[str, list[str]], kind: str
) -> None:
    names.update({"bbs.hewan.example": [PUBLIC], "www.bbs.hewan.example": [PUBLIC, PRIVATE]})
    forum.fail(None, "redirect", to="http://www.bbs.hewan.example/thread-12-1-1.html")

    async def visit() -> None:
        async with wire.on_loop() as http, AsyncClient(http=http, **time.options) as client:
            await client.page(THREAD)

    with pytest.raises(FetchError, match=r"192\.168\.1\.1"):
        if kind == "sync":
            on_wire(wire, time, lambda client: client.page(THREAD))
        else:
            asyncio.run(visit())
    assert {url.partition("/")[0] for url in wire.urls} == {"bbs.hewan.example"}


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_forum_of_the_house_may_lead_about_in_the_house(
    forum: Forum, wire: Wire, time: Time, names: dict[str, list[str]], kind: str
) -> None:
    names.update({"bbs.hewan.example": [PRIVATE], "www.bbs.hewan.example": [PRIVATE]})
    forum.fail(None, "redirect", to="http://www.bbs.hewan.example/thread-12-1-1.html")

    async def visit() -> str:
        async with wire.on_loop() as http, AsyncClient(http=http, **time.options) as client:
            return (await client.page(THREAD)).kind

    if kind == "sync":
        assert on_wire(wire, time, lambda client: client.page(THREAD).kind) == "thread"
    else:
        assert asyncio.run(visit()) == "thread"


def test_a_name_that_is_not_known_ends_as_an_error_of_ours(time: Time, names: dict[str, list[str]]) -> None:
    assert names == {}
    with Client(**time.options, attempts=2) as client, pytest.raises(FetchError, match="no such name"):
        client.page(THREAD)

    async def visit() -> None:
        async with AsyncClient(**time.options, attempts=2) as client:
            await client.page(THREAD)

    with pytest.raises(FetchError, match="no tries are left"):
        asyncio.run(visit())


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_name_that_is_not_known_here_may_be_known_to_who_connects(
    forum: Forum, wire: Wire, time: Time, names: dict[str, list[str]], kind: str
) -> None:
    names["bbs.hewan.example"] = [PUBLIC]
    forum.fail(None, "redirect", to="http://www.bbs.hewan.example/thread-12-1-1.html")

    async def visit() -> None:
        async with wire.on_loop() as http, AsyncClient(http=http, **time.options) as client:
            await client.page(THREAD)

    # behind a proxy, or below the client of the caller
    if kind == "sync":
        on_wire(wire, time, lambda client: client.page(THREAD))
    else:
        asyncio.run(visit())
    assert wire.urls[-1].startswith("www.bbs.hewan.example/")


def test_what_answers_is_checked_too(site: Site, time: Time, names: dict[str, list[str]]) -> None:
    """A name that led to a public address a moment ago, and now to the house itself."""
    port = site.host.partition(":")[2]
    names["bbs.hewan.example"] = ["127.0.0.1"]
    with Client(**time.options, robots=False) as client:
        url = f"http://bbs.hewan.example:{port}/forum.php?mod=viewthread&tid=12"
        assert client.page(url).kind == "thread"
        client._visitor.border_of(url).is_public = True
        with pytest.raises(FetchError, match=r"127\.0\.0\.1"):
            client.page(url)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://bbs.hewan.example/",
        "file:///etc/passwd",
        "bbs.hewan.example/thread-12-1-1.html",
        "http://a:b@bbs.hewan.example/",
        "http://bbs.hewan.example/\r\nX-Evil: 1",
        "http:///thread-12-1-1.html",
        "http://bbs.hewan.example:0/",
        "http://" + "a." * 200 + "example/",
        "",
    ],
)
def test_addresses_that_are_none_are_refused_at_once(wire: Wire, time: Time, url: str) -> None:
    with pytest.raises(FetchError):
        on_wire(wire, time, lambda client: client.page(url))
    assert wire.log == []


# --- Secrets ----------------------------------------------------------------------------------------------------------


def test_cookies_of_a_mapping_are_for_the_first_site_only(site: Site, time: Time) -> None:
    with on_proxy(site, time, cookies=MEMBER) as client:
        client.page(THREAD)
        client.page(THREAD.replace("hewan", "dukou"))
        client.page(THREAD.replace("bbs.", "www.bbs."))
        client.page(THREAD.replace("bbs.", "img.bbs."))
        client.page(THREAD)
    sent = [(request.host, request.cookies.get("qsq0_2132_auth")) for request in site.log]
    assert sent[0] == sent[-1] == ("bbs.hewan.example", "S3CRET")
    assert {value for host, value in sent if host != "bbs.hewan.example"} == {None}


def test_cookies_of_https_are_not_sent_over_http(site: Site, time: Time, tmp_path: Path) -> None:
    (tmp_path / "cookies.txt").write_text(
        "bbs.hewan.example\tFALSE\t/\tTRUE\t0\tsecure\tS3CRET\n"
        "bbs.hewan.example\tFALSE\t/\tFALSE\t0\tplain\t1\n"
        ".dukou.example\tTRUE\t/\tFALSE\t0\tother\t2\n"
    )
    with on_proxy(site, time, cookies=tmp_path / "cookies.txt") as client:
        client.page(THREAD)
        client.page(THREAD.replace("hewan", "dukou"))
    assert site.log[0].cookies == {"plain": "1"}
    assert site.log[1].cookies.get("other") == "2"
    assert b"S3CRET" not in repr(site.log).encode()


def test_a_jar_is_copied_and_another_host_sets_no_cookies_for_it(forum: Forum, site: Site, time: Time) -> None:
    jar = CookieJar()
    forum.cookie_attributes = "; path=/; domain=.hewan.example"
    with on_proxy(site, time, cookies=jar) as client:
        client.page(THREAD.replace("hewan", "dukou"))
        client.page(THREAD)
        client.page(THREAD)
    assert [len(request.cookies) for request in site.log] == [0, 0, 1]
    assert len(jar) == 0


def test_what_the_caller_sends_to_his_site_goes_to_no_other_host(
    forum: Forum, wire: Wire, time: Time, names: dict[str, list[str]]
) -> None:
    names.update({"bbs.hewan.example": [PUBLIC], "www.bbs.hewan.example": [PUBLIC]})
    forum.fail(None, "redirect", to="http://www.bbs.hewan.example/thread-12-1-1.html")
    secret = {"Authorization": "Bearer S3CRET", "cookie": "a=S3CRET", "X-Reader": "me"}
    on_wire(wire, time, lambda client: client.page(THREAD), headers=secret)
    first, second = (request.headers for _, request in wire.log)
    assert (first["authorization"], first["cookie"]) == ("Bearer S3CRET", "a=S3CRET")
    assert second["x-reader"] == "me"
    assert "S3CRET" not in repr(second)


def test_the_password_goes_to_no_other_site(forum: Forum, site: Site, time: Time) -> None:
    for action in (
        "http://dukou.example/member.php?mod=logging&amp;action=login",
        "//dukou.example/member.php?mod=logging&amp;action=login",
        "javascript:member.php?mod=logging&amp;action=login",
    ):
        form = f'<html><form action="{action}"><input type="password" name="password"></form></html>'
        forum.fail("member.php", "altered", body=form)
        with Client(**time.options) as client:
            client.login("阿青", "S3CRET")
            with pytest.raises(FetchError):
                client.page(thread_url(site))
    assert not any(request.method == "POST" for request in site.log)


def test_the_password_is_not_sent_on_by_a_redirect(forum: Forum, site: Site, time: Time) -> None:
    for status in (302, 307, 308):
        forum.fail(lambda request: request.method == "POST", "redirect", to="/forum.php", status=status)
        with Client(**time.options) as client:
            client.login("阿青", "S3CRET")
            with pytest.raises(LoginRequiredError):
                client.page(thread_url(site))
    assert [request.method for request in site.log if b"S3CRET" in request.body] == ["POST"] * 3
    assert {request.path.partition("?")[0] for request in site.log if request.body} == {"/member.php"}


def test_a_file_that_a_stranger_names_before_any_page_gets_nothing_of_the_caller_s(
    site: Site, time: Time, tmp_path: Path
) -> None:
    """It may come from a page that was kept: whoever wrote a post chose the host."""
    headers = {"Authorization": "Bearer S3CRET"}
    with on_proxy(site, time, robots=True, cookies=MEMBER, headers=headers) as client:
        client.login("阿青", "S3CRET")
        with pytest.raises(NoticeError, match="未定义操作"):
            client.download(Image(url="http://dukou.example/a.jpg"), tmp_path)
        strange = list(site.log)
        with pytest.raises(NoticeError, match="登录失败"):
            client.page(THREAD)
    assert [request.path for request in strange] == ["/robots.txt", "/a.jpg"]
    assert "S3CRET" not in repr(strange)
    assert site.log[-1].headers["authorization"] == "Bearer S3CRET"
    assert site.log[-1].cookies["qsq0_2132_auth"] == "S3CRET"


def test_pages_cannot_send_for_files_elsewhere(wire: Wire, time: Time, tmp_path: Path) -> None:
    def visit(client: Client) -> None:
        client.page(THREAD)
        for url in ("http://127.0.0.1/x", "file:///etc/passwd", "http://dukou.example/a.jpg", "http://[::1]/"):
            with pytest.raises(FetchError):
                client.download(Image(url=url), tmp_path)

    on_wire(wire, time, visit)
    assert len(wire.log) == 1
    assert list(tmp_path.iterdir()) == []


# --- Bodies -----------------------------------------------------------------------------------------------------------


class Drip(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that comes byte by byte, one a minute."""

    def __init__(self, time: Time) -> None:
        self._time = time
        self.sent = 0

    def _byte(self) -> bytes:
        self._time.now += 60
        self.sent += 1
        assert self.sent < 1_000
        return b" "

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield self._byte()

    async def __aiter__(self) -> Any:
        while True:
            yield self._byte()


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_body_that_drips_is_not_waited_for(time: Time, kind: str, tmp_path: Path) -> None:
    drip = Drip(time)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=drip))

    async def visit() -> None:
        async with (
            httpx.AsyncClient(transport=transport) as http,
            AsyncClient(http=http, robots=False, **time.options) as client,
        ):
            await client.page(THREAD)

    with pytest.raises(FetchError, match="took longer than total_timeout"):
        if kind == "async":
            asyncio.run(visit())
        else:
            with (
                httpx.Client(transport=transport) as http,
                Client(http=http, robots=False, **time.options) as client,
            ):
                client.download(Image(url=THREAD), tmp_path)
    assert time.now - 1_000 <= 600 + 60 + 60
    assert drip.sent <= 12
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_silence_is_not_listened_to_beyond_the_time_for_a_page(forum: Forum, site: Site, time: Time, kind: str) -> None:
    over = Event()
    forum.before("tid=12", lambda: over.wait(10))
    options: dict[str, Any] = {**time.options, "robots": False, "timeout": 600.0, "total_timeout": 0.05}

    async def visit() -> None:
        async with AsyncClient(**options) as client:
            await client.page(thread_url(site))

    with pytest.raises(FetchError, match="Timeout"):
        if kind == "async":
            asyncio.run(visit())
        else:
            with Client(**options) as client:
                client.page(thread_url(site))
    over.set()


@pytest.mark.parametrize("kind", ["bomb", "huge"])
@pytest.mark.parametrize("chunked", [False, True])
def test_bodies_end_at_max_bytes(forum: Forum, site: Site, time: Time, kind: str, *, chunked: bool) -> None:
    size = 8 << 20
    options = {"chunked": chunked} if kind == "huge" else {}
    forum.fail("tid=12", kind, size=size, **options)
    with Client(**time.options, max_bytes=1 << 20) as client:
        with pytest.raises(FetchError, match="larger than max_bytes=1048576"):
            client.page(thread_url(site))
        assert len(site.paths) == 2
        assert client.page(thread_url(site)).kind == "thread"
    forum.fail("tid=12", "huge", size=1 << 20)
    with Client(**time.options, max_bytes=1 << 20) as client:
        assert client.page(thread_url(site)).kind == "thread"


# --- The wire ---------------------------------------------------------------------------------------------------------


def failing_with(error: Exception) -> httpx.MockTransport:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    return httpx.MockTransport(fail)


def untrusted() -> httpx.ConnectError:
    failure = httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]")
    failure.__cause__ = OSError()
    failure.__cause__.__context__ = ssl.SSLCertVerificationError("self-signed certificate")
    return failure


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (untrusted(), 1),
        (httpx.UnsupportedProtocol("gopher"), 1),
        (httpx.LocalProtocolError("illegal header"), 1),
        (httpx.RemoteProtocolError("Invalid URL in location header: x"), 1),
        (httpx.InvalidURL("no"), 1),
        (httpx.CookieConflict("two of them"), 1),
        (httpx.TooManyRedirects("eleven"), 1),
        (UnicodeError("label too long"), 1),
        (httpx.ConnectError("refused"), 5),
        (httpx.ConnectTimeout("slow"), 5),
        (httpx.ReadTimeout("slow"), 5),
        (httpx.WriteTimeout("slow"), 5),
        (httpx.PoolTimeout("slow"), 5),
        (httpx.ReadError("reset"), 5),
        (httpx.WriteError("reset"), 5),
        (httpx.CloseError("reset"), 5),
        (httpx.ProxyError("403"), 5),
        (httpx.RemoteProtocolError("not HTTP"), 5),
        (httpx.DecodingError("bad gzip"), 5),
    ],
)
def test_failures_of_the_wire_are_told_in_our_words(time: Time, error: Exception, tries: int) -> None:
    with (
        httpx.Client(transport=failing_with(error)) as http,
        Client(http=http, robots=False, **time.options) as client,
        pytest.raises(FetchError) as caught,
    ):
        client.page(THREAD)
    assert client.stats.requests == tries
    assert str(error) in str(caught.value)
    found: BaseException | None = caught.value
    while found is not None and found is not error:
        found = found.__cause__
    assert found is error


@pytest.mark.parametrize(("announced", "tries"), [(4, 5), (3, 1), (2, 1), ("x", 1), ("9" * 99, 1)])
def test_a_file_shorter_than_announced_is_asked_for_again_whoever_fetches_it(
    time: Time, tmp_path: Path, announced: object, tries: int
) -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(200, content=b"abc", headers={"Content-Length": str(announced)})

    file = Image(url="http://bbs.qingshiqiao.example/data/attachment/forum/a.png")
    with (
        httpx.Client(transport=httpx.MockTransport(answer)) as http,
        Client(http=http, robots=False, **time.options) as client,
        ExitStack() as stack,
    ):
        if tries > 1:
            stack.enter_context(pytest.raises(FetchError, match="gave 3 of 4 bytes"))
        assert client.download(file, tmp_path / "a.png").read_bytes() == b"abc"
    assert len(asked) == tries


def test_errors_can_be_sent_to_another_process(time: Time) -> None:
    with (
        httpx.Client(transport=failing_with(httpx.ReadError("reset"))) as http,
        Client(http=http, robots=False, **time.options) as client,
        pytest.raises(FetchError) as caught,
    ):
        client.page(THREAD)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - our own


def test_an_untrusted_certificate_is_no_matter_of_another_try() -> None:
    with pytest.raises(FetchError, match="CERTIFICATE_VERIFY_FAILED"), translated(httpx, THREAD):
        raise untrusted()
    with pytest.raises(Transient), translated(httpx, THREAD):
        raise httpx.ConnectError("refused")


class Gone:
    """A connection that was lost."""

    def get_extra_info(self, _: str) -> None:
        raise OSError(9, "Bad file descriptor")


OK = b"<!DOCTYPE html><html><body>hi</body></html>"


@pytest.fixture
def served_raw() -> Iterator[Callable[[bytes], str]]:
    """Serve the same bytes to whoever comes, HTTP or not; gives the address."""
    with ExitStack() as stack:

        def serve(raw: bytes) -> str:
            class Answer(BaseRequestHandler):
                def handle(self) -> None:
                    with suppress(OSError):  # a client may hang up at the first bytes of it
                        self.request.recv(65_536)
                        self.request.sendall(raw)

            # As often as it is asked: a second try may go down the connection of the first, if its end is not heard of
            server = stack.enter_context(ThreadingTCPServer(("127.0.0.1", 0), Answer))
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            return f"http://127.0.0.1:{server.server_address[1]}/thread-12-1-1.html"

        yield serve


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 999 No\r\n\r\n" + OK,
        b"HTTP/1.1 204 No\r\n\r\n",
        b"HTTP/1.1 304 No\r\n\r\n",
        b"HTTP/1.1 101 Up\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" + OK,
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n" + OK,
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1_500_000 + b"\r\n\r\n" + OK,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n" + OK,
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip, gzip\r\n\r\n" + OK,
        b"HTTP/1.1 302 Found\r\nLocation: \r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\0\r\n\r\n" + OK,
    ],
)
def test_garbage_on_the_wire_is_an_error_of_ours(served_raw: Callable[[bytes], str], time: Time, raw: bytes) -> None:
    url = served_raw(raw)
    with Client(**time.options, attempts=2, robots=False) as client:
        with pytest.raises(FetchError, match="no tries are left") as caught:
            client.page(url)
        assert client.stats.requests == 2
    assert len(str(caught.value)) < 2_000


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/html; charset=base64"},
        {"Content-Type": "text/html; charset=idna"},
        {"Set-Cookie": "a=" + "b" * 9_000},
        {"Set-Cookie": "=;;;"},
        {"Set-Cookie": "a=b; expires=Thu, 99 Foo 99999 99:99:99 GMT; Max-Age=99999999999999999999"},
        {"Set-Cookie": 'a=b; domain=..; path=\x01; Version=1; Port="x"'},
        {"Retry-After": "1e999"},
        {"Content-Disposition": "attachment; filename*=utf-7''+AC8-; filename=\"/\\"},
    ],
)
def test_hostile_headers_change_nothing(
    forum: Forum, site: Site, time: Time, tmp_path: Path, headers: dict[str, str]
) -> None:
    file = forum.threads[12].posts[0].attach("灯.jpg", b"light", image=True)
    (tmp_path / "files").mkdir()
    with Client(**time.options, save=tmp_path / "kept") as client:
        forum.fail(lambda _: True, "altered", headers=headers, times=None)
        assert client.page(thread_url(site)).kind == "thread"
        assert client.download(Image(url=f"{site.url}{file.path}"), tmp_path / "files").read_bytes() == b"light"
        assert client.page(thread_url(site)).kind == "thread"
        client.save_cookies(tmp_path / "cookies.txt")
    assert "bbbbb" not in site.log[-1].headers.get("cookie", "")
    assert len((tmp_path / "cookies.txt").read_bytes()) < 1_000


def test_nobody_is_trusted_who_is_gone_before_he_could_be_asked_his_address() -> None:
    request = httpx.Request("GET", THREAD)
    with pytest.raises(Transient, match="the connection was lost"):
        peer_of(httpx.Response(200, extensions={"network_stream": Gone()}, request=request))
    assert peer_of(httpx.Response(200, request=request)) is None


def test_tls_is_verified_and_no_http_is_taken_for_it(site: Site, time: Time) -> None:
    with Client(**time.options, attempts=2) as client, pytest.raises(FetchError, match="SSL"):
        client.page(f"https://{site.host}/forum.php")
    assert site.log == []


# --- Proxies ----------------------------------------------------------------------------------------------------------


def test_a_proxy_is_asked_for_all_and_nothing_is_resolved_here(
    site: Site, time: Time, names: dict[str, list[str]]
) -> None:
    assert names == {}
    with on_proxy(site, time, robots=True) as client:
        assert client.thread(THREAD).url is not None
    assert {(request.host, request.proxied) for request in site.log} == {("bbs.hewan.example", True)}

    async def visit() -> str:
        async with AsyncClient(proxy=f"http://{site.host}", **time.options) as client:
            return (await client.page(THREAD)).kind

    assert asyncio.run(visit()) == "thread"


def test_a_proxy_of_the_environment_is_no_peer(site: Site, time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://{site.host}")
    monkeypatch.setenv("no_proxy", "")
    with Client(**time.options) as client:
        assert client.page(THREAD).kind == "thread"
        assert client.page(THREAD).kind == "thread"


# --- Together ---------------------------------------------------------------------------------------------------------


def test_many_tasks_of_one_client_mix_up_nothing(forum: Forum) -> None:
    for tid in range(100, 132):
        forum.thread(tid, posts=25)

    async def visit() -> list[list[int | None]]:
        wire = Wire(forum)
        wire.takes = 0.01
        async with wire.on_loop() as http, AsyncClient(http=http, interval=0, concurrency=32) as client:
            threads = (client.thread(f"{HOST}thread-{tid}-1-1.html") for tid in range(100, 132))
            read = await asyncio.gather(*threads)
        assert wire.urls.count("bbs.hewan.example/robots.txt") == 1
        return [[post.pid for post in thread.posts] for thread in read]

    held = [[post.pid for post in forum.threads[tid].posts] for tid in range(100, 132)]
    assert run_at_once(visit()) == held
