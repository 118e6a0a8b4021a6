"""A small fast server of generated threads, in a process of its own: what it costs is not ours."""

import asyncio
import multiprocessing
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection

from .pages import SITE, Page, thread_pages

_ROBOTS = """\
User-agent: *
Disallow: /api/
Disallow: /data/
Disallow: /source/
Disallow: /install/
Disallow: /template/
Disallow: /config/
Disallow: /uc_client/
Disallow: /uc_server/
Disallow: /static/
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
"""
"""As Discuz brings it along."""

_END = b"\r\n\r\n"
_TARGET = re.compile(rb"GET (\S+) HTTP/1\.1\r\n").match


@contextmanager
def served(threads: int, pages: int, seed: int) -> Iterator[list[str]]:
    """Serve so many threads of so many pages; gives the addresses of the threads."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=_serve, args=(theirs, threads, pages, seed), daemon=True)
    server.start()
    theirs.close()
    try:
        yield ours.recv()
    finally:
        server.terminate()
        server.join()


def _serve(ready: Connection, threads: int, pages: int, seed: int) -> None:
    asyncio.run(_run(ready, threads, pages, seed))


async def _run(ready: Connection, threads: int, pages: int, seed: int) -> None:
    answers = {"/robots.txt": _answer(200, _ROBOTS.encode())}
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(answers), "127.0.0.1", 0)
    root = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    urls = []
    for number in range(threads):
        written = thread_pages(number, pages, seed)
        for page in written:
            answers[_target(page)] = _answer(200, page.content.replace(SITE.encode(), root.encode()))
        urls.append(root + _target(written[0])[1:])
    ready.send(urls)
    await server.serve_forever()


class _Connection(asyncio.Protocol):
    """Answers requests one after the other, on one connection."""

    def __init__(self, answers: Mapping[str, bytes]) -> None:
        self._answers, self._received = answers, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        *requests, self._received = (self._received + data).split(_END)
        for request in requests:
            found = _TARGET(request)
            target = found[1].decode("ascii") if found else ""
            self._transport.write(self._answers.get(target, _MISSING))


def _target(page: Page) -> str:
    return page.url.removeprefix(SITE[:-1]).removesuffix("&page=1")


def _answer(status: int, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status} OK",
        "Date: Thu, 16 May 2024 13:30:00 GMT",
        "Server: nginx",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Set-Cookie: Hq7d_2132_lastact=1715866200%09forum.php%09viewthread; path=/",
    )
    return "\r\n".join(head).encode() + _END + body


_MISSING = _answer(404, b"")
