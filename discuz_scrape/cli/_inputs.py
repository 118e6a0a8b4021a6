"""Files, folders and standard input to bytes, and bytes to pages."""

from __future__ import annotations

import gzip
import io
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from discuz_scrape import parse_page, parse_text
from discuz_scrape._bounds import MAX_BYTES
from discuz_scrape._data import is_data
from discuz_scrape._encoding import decode
from discuz_scrape._saved import read_beside
from discuz_scrape.errors import ParseError
from discuz_scrape.models import Page

STDIN = Path("-")
PAGE_SUFFIXES = frozenset({".html", ".htm", ".xml", ".json", ".txt", ".gz"})

_GZIP = b"\x1f\x8b"
_TAG = re.compile(r"<[/!?]?[A-Za-z][^<>]*>")
_TAG_BYTES = re.compile(_TAG.pattern.encode())


def find(paths: Iterable[Path], failed: Callable[[Path, OSError], None]) -> Iterator[Path]:
    """List the pages that are meant: files as they are named, folders with all pages below them, in order."""
    for path in paths:
        try:
            folder = path != STDIN and path.is_dir()
        except OSError as error:
            failed(path, error)
        else:
            yield from _walk(path, failed) if folder else [path]


def _walk(folder: Path, failed: Callable[[Path, OSError], None]) -> Iterator[Path]:
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        try:
            # a link to a folder is not followed, so no loop can arise; one to a file is a page like any other
            if path == folder or (path.is_dir() and not path.is_symlink()):
                waiting += sorted((entry for entry in path.iterdir() if entry.name[0] != "."), reverse=True)
            elif path.suffix.lower() in PAGE_SUFFIXES and path.is_file():
                yield path
        except OSError as error:
            failed(path, error)


def addresses(given: Iterable[str]) -> Iterator[str]:
    """List the addresses that are meant: those given, and for - one for each line of standard input."""
    for url in given:
        if url != str(STDIN):
            yield url
            continue
        lines = (line.decode("utf-8", "replace").strip() for line in sys.stdin.buffer)
        yield from filter(None, lines)


def read(path: Path) -> bytes:
    """Read one page, decompressed. Raises OSError, EOFError or zlib.error; what is too large is a `ParseError`."""
    if path == STDIN:
        return _read(sys.stdin.buffer)
    with path.open("rb") as file:
        return _read(file)


def _read(file: BinaryIO) -> bytes:
    content = _bounded(file)
    if content.startswith(_GZIP):
        content = _bounded(gzip.GzipFile(fileobj=io.BytesIO(content)))
    return content


def _bounded(file: BinaryIO | gzip.GzipFile) -> bytes:
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ParseError(f"larger than {MAX_BYTES >> 20} MiB")
    return content


def known(path: Path) -> dict[str, Any]:
    """List what is known of a page that the client kept, as options. Raises ParseError where that is broken."""
    saved = read_beside(path) if path != STDIN else None
    if saved is None:
        return {}
    return {"url": saved.url, "content_type": saved.content_type, "now": saved.fetched_at}


def parse(content: bytes, *, content_type: str | None, formats: Collection[str], **options: Any) -> Page:
    """Parse a page, or flattened text where the page has not one tag and is no data either."""
    if not _TAG_BYTES.search(content):  # UTF-16 hides its tags from this
        text = decode(content, content_type).text
        if not _TAG.search(text) and not is_data(text):
            return parse_text(text, **options)
    return parse_page(content, content_type=content_type, formats=formats, **options)
