"""WARC files for tests, written by warcio."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from benchmarks.pages import Page
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

CAPTURED = "2024-06-01T08:00:00Z"


def write_warc(path: Path, pages: Iterable[Page], *, requests: bool = True) -> Path:
    """A crawl of pages: for each the request and the response, compressed one by one where the name tells so."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=path.suffix == ".gz")
        for page in pages:
            for kind, content in [("request", b"")] * requests + [("response", page.content)]:
                first = "GET / HTTP/1.1" if kind == "request" else "200 OK"
                http = StatusAndHeaders(first, [("Content-Type", "text/html")], protocol="HTTP/1.1")
                record = writer.create_warc_record(
                    page.url,
                    kind,
                    payload=io.BytesIO(content),
                    http_headers=http,
                    warc_headers_dict={"WARC-Date": CAPTURED},
                )
                writer.write_record(record)
                record.raw_stream.close()  # warcio leaves the file that it made of it
    return path
