"""Generated pages as a crawl keeps them."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from .pages import Page


def write_warc(path: Path, pages: Iterable[Page]) -> None:
    """Write a compressed WARC, each record a gzip member of its own."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for page in pages:
            payload = BytesIO(page.content)
            writer.write_record(writer.create_warc_record(page.url, "response", payload=payload, http_headers=headers))
