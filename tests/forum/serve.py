"""The forum on loopback: reads requests, keeps the log, sends answers well or badly."""

from __future__ import annotations

import socket
import struct
import sys
from contextlib import suppress
from datetime import UTC
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from forum.answers import answer
from forum.wire import Answer, Request

if TYPE_CHECKING:
    from forum.site import Forum


class Site:
    """A forum that is being served: `url`, ending in a slash, and `log`, the requests in order of arrival."""

    def __init__(self, forum: Forum) -> None:
        self.forum = forum
        self.log: list[Request] = []
        self.most_at_once = 0
        """The largest number of requests that were under way at the same time."""
        self.connections = 0
        """How many connections were opened."""
        self.errors: list[BaseException] = []
        """What went wrong in the forum itself, or in a hook; raised when the serving ends."""
        self._under_way = 0
        self._lock = Lock()

    def __enter__(self) -> Self:
        self._server = _Server(self)
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http://{self.host}/{self.forum.root}"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.close_connections()
        self._server.server_close()
        if self.errors and error is None:
            raise self.errors[0]

    @property
    def paths(self) -> list[str]:
        """Path and query of each request."""
        return [request.path for request in self.log]

    def arrived(self, request: Request) -> None:
        with self._lock:
            self.log.append(request)
            self._under_way += 1
            self.most_at_once = max(self.most_at_once, self._under_way)

    def answered(self) -> None:
        with self._lock:
            self._under_way -= 1


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for the threads, and leaves no socket open
    request_queue_size = 128

    def __init__(self, site: Site) -> None:
        self.site = site
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        self.site.connections += 1
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """End the connections that clients keep for later."""
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, *_: object) -> None:
        """Keep what went wrong here for the test; a client that goes away in the middle is no news."""
        error = sys.exception()
        if error is not None and not isinstance(error, ConnectionError):
            self.site.errors.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        site, forum = self.server.site, self.server.site.forum
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            joiner = "; " if name.lower() == "cookie" else ", "
            headers[name.lower()] = headers[name.lower()] + joiner + value if name.lower() in headers else value
        body = self.rfile.read(int(headers.get("content-length") or 0))
        path, proxied = self.path, self.path.startswith("http://")
        if proxied:
            headers["host"], _, path = path.removeprefix("http://").partition("/")
            path = "/" + path
        request = Request(self.command, path, headers, body, proxied=proxied)
        site.arrived(request)
        try:
            for callback in forum.take_hooks(request):
                callback()
            with forum.lock:
                given = answer(forum, request)
        finally:
            site.answered()  # before it is sent: whoever has the answer may ask again
        self._send(request, given)

    def _send(self, request: Request, given: Answer) -> None:
        if given.end:
            self._close_without_answer(given.end)
            return
        request.status = given.status
        self.send_response_only(given.status)
        forum = self.server.site.forum
        now = forum.date if forum.date is not None else format_datetime(forum.now.astimezone(UTC), usegmt=True)
        for name, value in (("Server", "nginx"), ("Date", now), *given.headers):
            self.send_header(name, value.encode(forum.charset, "replace").decode("latin-1"))
        if given.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif given.status != 304:
            self.send_header("Content-Length", str(len(given.body)))
        if given.cut is not None:
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD" and given.status != 304:
            self._send_body(given)
        self.wfile.flush()

    def _send_body(self, given: Answer) -> None:
        body = given.body if given.cut is None else given.body[: int(len(given.body) * given.cut)]
        if not given.chunked:
            self.wfile.write(body)
            return
        for start in range(0, len(body), 16_384):
            chunk = body[start : start + 16_384]
            self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
        if given.cut is None:
            self.wfile.write(b"0\r\n\r\n")

    def _close_without_answer(self, how: str) -> None:
        self.close_connection = True
        if how == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def log_message(self, *_: object) -> None:
        """Nothing is printed: there is `Site.log`."""
