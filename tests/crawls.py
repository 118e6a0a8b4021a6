"""WARC files for tests, as crawlers write them."""

import gzip
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pages import Page

from discuz_scrape.sources import Fault, Item, readable

FIXTURES = Path(__file__).parent.parent / "fixtures"
PAGE = (FIXTURES / "thread" / "x34" / "first-page.in.html").read_bytes()
GBK_PAGE = (FIXTURES / "thread" / "x34" / "second-page-gbk.in.html").read_bytes()
SHOP = b"<html><body><p>a shop, not a forum</p></body></html>"
DATE = "2024-05-01T12:00:00Z"


@dataclass
class Capture:
    body: bytes = PAGE
    url: str = "https://bbs.example/thread-1-1-1.html"
    kind: str = "response"
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)
    date: str = DATE


def warc(captures: Iterable[Capture], *, compressed: bool = True) -> bytes:
    """Write records; each is a gzip member of its own where they are compressed."""
    records = [_record("warcinfo", "application/warc-fields", b"software: test\r\n", DATE, "")]
    for capture in captures:
        content, content_type = capture.body, "text/plain"
        if capture.kind in ("response", "revisit"):
            head = "".join(f"{name}: {value}\r\n" for name, value in capture.headers)
            content = f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + content
            content_type = "application/http; msgtype=response"
        records.append(_record(capture.kind, content_type, content, capture.date, capture.url))
    return b"".join(map(gzip.compress, records)) if compressed else b"".join(records)


def write_warc(path: Path, pages: Iterable[Page], *, requests: bool = True) -> Path:
    """A crawl of generated pages: for each the request and the response, compressed where the name tells so."""
    captures: list[Capture] = []
    for page in pages:
        captures += [Capture(b"GET / HTTP/1.1\r\n\r\n", page.url, "request")] * requests
        captures.append(Capture(page.content, page.url, headers=(("Content-Type", "text/html"),)))
    path.write_bytes(warc(captures, compressed=path.suffix == ".gz"))
    return path


def _record(kind: str, content_type: str, content: bytes, date: str, url: str) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uuid.uuid4()}>\r\nWARC-Date: {date}\r\n"
        f"{f'WARC-Target-URI: {url}' if url else 'WARC-Filename: test.warc'}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def chunked(body: bytes) -> bytes:
    """A body as a server sends it in pieces."""
    pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in [*pieces, b""])


def in_one_member(content: bytes) -> bytes:
    """A whole WARC in one gzip member, as some tools leave it."""
    return gzip.compress(content)


def read(*paths: Path | str) -> list[Item | Fault]:
    """Everything that is found, in order."""
    return [item for chunk in readable(paths) for item in chunk.items()]
