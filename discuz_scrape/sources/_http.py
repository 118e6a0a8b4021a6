"""What a server sent, as crawls keep it: the head, and the body as a browser would see it.

Every reader of WARC files takes bodies apart in a way of its own; here it is done once, so that a crawl gives the same
pages whoever reads it. Many crawlers keep a body without its encodings, but with the headers that tell of them: a
header is believed only as far as the body bears it out.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from discuz_scrape._bounds import MAX_BYTES
from discuz_scrape.errors import ParseError

__all__ = ["Answer", "answer_of", "body_of"]

_HEAD_ENDS = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")
_SIP = 256  # bytes of a body: what they become is looked at before the next ones


class Answer(NamedTuple):
    """The head of an answer, and what follows it."""

    headers: dict[str, str]
    """By their names in lower case; of several with one name the first."""
    body: bytes


def answer_of(content: bytes) -> Answer | None:
    """Part head and body; None for what is no answer of a server."""
    if not content.startswith((b"HTTP/", b"ICY ")):
        return None
    end = _HEAD_ENDS.search(content)
    head, body = (content[: end.start()], content[end.end() :]) if end else (content, b"")
    headers: dict[str, str] = {}
    lines = head.decode("latin-1").replace("\r\n", "\n").replace("\n\t", " ").replace("\n ", " ").split("\n")
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return Answer(headers, body)


def body_of(answer: Answer) -> bytes:
    """The body without its encodings. Raises ParseError for one that is too large."""
    transfer, body = _listed(answer, "transfer-encoding"), answer.body
    if "chunked" in transfer:
        body = _joined(body)
    for name in reversed([*_listed(answer, "content-encoding"), *transfer]):
        body = _unpacked(body, name)
    if len(body) > MAX_BYTES:
        raise ParseError(f"larger than {MAX_BYTES >> 20} MiB")
    return body


def _listed(answer: Answer, name: str) -> list[str]:
    return [part.strip().lower() for part in answer.headers.get(name, "").split(",")]


def _joined(body: bytes) -> bytes:
    """Chunks put together; what is none stays as it stands."""
    pieces: list[bytes] = []
    at = 0
    while (chunk := _CHUNK.match(body, at)) is not None:
        size = int(chunk[1], 16)
        if not size:
            return b"".join(pieces)
        at = chunk.end() + size
        pieces.append(body[chunk.end() : at])
        at += 2 if body.startswith(b"\r\n", at) else body.startswith(b"\n", at)
    return b"".join([*pieces, body[at:]])


def _unpacked(body: bytes, name: str) -> bytes:
    """What was packed, as far as it can be read; the body itself where it was not packed so."""
    for unpack in _PACKINGS.get(name, _none)():
        pieces: list[bytes] = []
        size = 0
        for piece in _pieces(body, unpack):
            pieces.append(piece)
            size += len(piece)
            if size > MAX_BYTES:
                raise ParseError(f"larger than {MAX_BYTES >> 20} MiB")
        if size:
            return b"".join(pieces)
    return body


def _pieces(body: bytes, unpack: Unpack) -> Iterator[bytes]:
    """What comes out, up to where the body breaks off or is none of the kind."""
    for at in range(0, len(body), _SIP):
        try:
            yield unpack(body[at : at + _SIP])
        except Exception:  # noqa: BLE001 - each library has errors of its own
            return


Unpack = Callable[[bytes], Any]


def _none() -> Iterator[Unpack]:
    yield from ()


def _gzip() -> Iterator[Unpack]:
    yield zlib.decompressobj(31).decompress


def _deflate() -> Iterator[Unpack]:
    yield zlib.decompressobj().decompress
    yield zlib.decompressobj(-zlib.MAX_WBITS).decompress  # as some servers understand it


def _brotli() -> Iterator[Unpack]:
    try:
        import brotli
    except ImportError as error:
        raise ParseError('Brotli needs more: pip install "discuz-scrape[warc]"') from error
    yield brotli.Decompressor().process


def _zstd() -> Iterator[Unpack]:
    try:
        import zstandard
    except ImportError as error:
        raise ParseError('Zstandard needs more: pip install "discuz-scrape[bulk]"') from error
    yield zstandard.ZstdDecompressor().decompressobj().decompress


_PACKINGS: dict[str, Callable[[], Iterator[Unpack]]] = {
    "gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd,
}  # fmt: skip
