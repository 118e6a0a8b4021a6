"""Every way in which a forum, or what lies between, answers badly."""

from __future__ import annotations

import gzip as gzip_module
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from forum import walls
from forum.frame import Visit
from forum.wire import Answer, Match, Normal, page, redirect

Option: TypeAlias = Any
RetryAfter: TypeAlias = int | str | datetime | None
"""What the header says: nothing, seconds, any words, a moment."""

PLACES = {
    "host": "http://elsewhere.example/forum.php",
    "file": "file:///etc/passwd",
    "private": "http://10.0.0.7/forum.php",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "script": "javascript:alert(1)",
    "broken": "http://[::1/forum.php",
}
"""Places that a redirect may name."""


@dataclass(frozen=True)
class Scene:
    """Who asks, and what gives the answer when nothing goes wrong."""

    visit: Visit
    normal: Normal

    @property
    def charset(self) -> str:
        return self.visit.forum.charset


@dataclass(eq=False)
class Fault:
    """A fault that waits for its requests."""

    match: Match
    kind: str
    times: int | None
    options: dict[str, Option]

    def answer(self, scene: Scene) -> Answer:
        return KINDS[self.kind](scene, **self.options)


# --- Refusals of the server -------------------------------------------------------------------------------------------


def status(scene: Scene, *, status: int = 500, retry_after: RetryAfter = None, body: str | None = None) -> Answer:
    """A bare status page."""
    words = f"<html><body><h1>{status}</h1></body></html>" if body is None else body
    answer = page(words, scene.charset, status)
    if retry_after is None:
        return answer
    if isinstance(retry_after, datetime):
        retry_after = format_datetime(retry_after.astimezone(UTC), usegmt=True)
    return answer.with_header("Retry-After", str(retry_after))


def busy(scene: Scene, *, retry_after: RetryAfter = None) -> Answer:
    return status(scene, status=503, retry_after=retry_after)


def throttle(scene: Scene, *, retry_after: RetryAfter = 1) -> Answer:
    return status(scene, status=429, retry_after=retry_after)


# --- Broken transport -------------------------------------------------------------------------------------------------


def reset(_: Scene) -> Answer:
    return Answer(end="reset")


def hangup(_: Scene) -> Answer:
    return Answer(end="hangup")


def cut(scene: Scene, *, share: float = 0.5, chunked: bool = False) -> Answer:
    """The connection ends in the middle of the body."""
    answer = scene.normal()
    answer.cut, answer.chunked = share, chunked
    return answer


def short(scene: Scene, *, share: float = 0.5) -> Answer:
    """A complete answer whose page ends in the middle."""
    answer = scene.normal()
    answer.body = answer.body[: int(len(answer.body) * share)]
    return answer


def empty(scene: Scene) -> Answer:
    return page("", scene.charset)


def chunked(scene: Scene) -> Answer:
    """Nothing bad: the normal answer, without Content-Length."""
    answer = scene.normal()
    answer.chunked = True
    return answer


def gzip(scene: Scene) -> Answer:
    """Nothing bad: the normal answer, compressed."""
    answer = scene.normal()
    answer.body = gzip_module.compress(answer.body, mtime=0)
    return answer.with_header("Content-Encoding", "gzip")


def badgzip(scene: Scene) -> Answer:
    return scene.normal().with_header("Content-Encoding", "gzip")


def bomb(scene: Scene, *, size: int = 64 << 20) -> Answer:
    """A page that is small on the wire and has `size` bytes when it is unpacked."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = packer.compress(b"<!DOCTYPE html><html><body>")
    block = b" " * (1 << 20)
    for _ in range(size >> 20):
        body += packer.compress(block)
    body += packer.compress(b"</body></html>") + packer.flush()
    return Answer(200, body, [("Content-Type", f"text/html; charset={scene.charset}"), ("Content-Encoding", "gzip")])


def huge(scene: Scene, *, size: int = 33 << 20, chunked: bool = False) -> Answer:
    """The normal page with blanks before its end, `size` bytes in all."""
    answer = scene.normal()
    head, end = answer.body[:-7], answer.body[-7:]
    answer.body = head + b" " * (size - len(answer.body)) + end
    answer.chunked = chunked
    return answer


def wrong_charset(scene: Scene, *, charset: str = "iso-8859-1") -> Answer:
    """The header names another charset than the page is written in."""
    return scene.normal().with_header("Content-Type", f"text/html; charset={charset}")


def wrong_type(scene: Scene, *, content_type: str = "application/octet-stream") -> Answer:
    return scene.normal().with_header("Content-Type", content_type)


def noise(scene: Scene, *, size: int = 4096) -> Answer:
    """Bytes that are no text, called a page."""
    return Answer(200, bytes(range(256)) * (size // 256), [("Content-Type", f"text/html; charset={scene.charset}")])


def altered(
    scene: Scene,
    *,
    body: str | bytes | None = None,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """The normal answer with another body, status, or further headers."""
    answer = scene.normal()
    if body is not None:
        answer.body = body.encode(scene.charset) if isinstance(body, str) else body
    answer.status = status or answer.status
    answer.headers += (headers or {}).items()
    return answer


# --- Redirects --------------------------------------------------------------------------------------------------------


def redirected(scene: Scene, *, to: str, status: int = 302) -> Answer:
    """To an address, one of `PLACES`, or the same page by another "port" of this host, or by "https"."""
    request = scene.visit.request
    same = {
        "port": f"http://{urlsplit('//' + request.host).hostname}:9{request.path}",
        "https": f"https://{request.host}{request.path}",
    }
    return redirect(same.get(to) or PLACES.get(to, to), status)


def loop(scene: Scene, *, status: int = 302) -> Answer:
    """To the same address again."""
    return redirect(scene.visit.request.path, status)


def touch(scene: Scene) -> Answer:
    """To the page for phones, unless address or cookie say mobile=no; the address leaves the cookie behind."""
    request, cookie = scene.visit.request, scene.visit.forum.cookie_prefix + "mobile"
    path, asked = request.path, request.query.get("mobile")
    if asked == "no":
        return scene.normal().with_header("Set-Cookie", f"{cookie}=no; path=/")
    if asked is not None or request.cookies.get(cookie) == "no":
        return scene.normal()
    return redirect(f"{path}{'&' if '?' in path else '?'}mobile=2")


def login_wall(scene: Scene) -> Answer:
    return redirect(scene.visit.login_link)


# --- Pages of the forum that are not what was asked for ---------------------------------------------------------------


def notice(scene: Scene, *, text: str, mood: str = "alert_error", login: bool = False, status: int = 200) -> Answer:
    """Any message of the forum."""
    return walls.told(scene.visit, text, mood, login=login, status=status)


def closed(scene: Scene, *, text: str = "抱歉，本站点暂时关闭，详情请 联系管理员") -> Answer:
    return walls.told(scene.visit, text, "alert_info", login=True)


def banned(scene: Scene) -> Answer:
    text = "抱歉，您的 IP 地址不在允许范围内，或您的账号被禁用，无法访问本站点"
    return walls.told(scene.visit, text)


def search_interval(scene: Scene, *, seconds: int = 30) -> Answer:
    return walls.told(scene.visit, f"抱歉，您在 {seconds} 秒内只能进行一次搜索")


def system_error(scene: Scene, *, status: int = 200) -> Answer:
    return walls.system_error(scene.visit, "System", status)


def database_error(scene: Scene, *, status: int = 200) -> Answer:
    return walls.system_error(scene.visit, "Database", status)


def cloudflare(_: Scene, *, status: int = 403) -> Answer:
    return walls.cloudflare(status)


KINDS: dict[str, Callable[..., Answer]] = {
    "status": status, "busy": busy, "throttle": throttle,
    "reset": reset, "hangup": hangup, "cut": cut, "short": short, "empty": empty, "noise": noise,
    "chunked": chunked, "gzip": gzip, "badgzip": badgzip, "bomb": bomb, "huge": huge,
    "wrong_charset": wrong_charset, "wrong_type": wrong_type, "altered": altered,
    "redirect": redirected, "loop": loop, "touch": touch, "login": login_wall,
    "notice": notice, "closed": closed, "banned": banned, "search_interval": search_interval,
    "system_error": system_error, "database_error": database_error, "cloudflare": cloudflare,
    "flood": lambda scene: walls.flood(scene.visit),
    "proxy": lambda scene: walls.proxy(scene.visit),
    "ip_banned": lambda scene: walls.ip_banned(scene.visit),
    "reload": lambda scene: walls.reload(scene.visit),
    "sum": lambda scene: walls.sum_to_solve(scene.visit),
    "dsign": lambda scene: walls.dsign(scene.visit),
}  # fmt: skip
"""The faults by name; what follows the `*` of each are its options."""
