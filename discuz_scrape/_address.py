"""An address taken apart: host, path and parameters, as a PHP script would get them. Knows nothing of Discuz."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

from discuz_scrape._encoding import codec_of
from discuz_scrape.errors import ParseError

__all__ = ["MAX_LENGTH", "Address", "decoded", "open_address", "written"]

MAX_LENGTH = 8192
"""Characters of an address; servers take no more either."""

_BAD_HOST = re.compile(r"""[\s\x00-\x20"'<>\\^`{|}%/?#@]""")
_PORTS = {"http": ":80", "https": ":443"}
_COMMON_HANZI = re.compile(rb"(?:[\xb0-\xd7][\xa1-\xfe])+[0-9]*").fullmatch
_SAFE = "/%:=&~!$'()*+,;@"


@dataclass(frozen=True, slots=True)
class Address:
    """An address; all but its path as written."""

    origin: str
    """Scheme and host, such as `https://bbs.example`; "" where the address has none."""
    path: str
    """The path without `.` and `..`, with a slash in front where the address has a host; what must be is escaped."""
    query: str
    fragment: str

    def __str__(self) -> str:
        """The address without its fragment."""
        return self.origin + self.path + ("?" + quote(self.query, safe=_SAFE + "?") if self.query else "")

    def params(self) -> dict[str, str]:
        """The parameters, still encoded; of two with one name the last counts, as in PHP."""
        pairs = (part.replace("+", " ").partition("=") for part in self.query.split("&"))
        return {name: value for name, _, value in pairs if name}


def open_address(url: str) -> Address:
    """Take an address apart. Raises ParseError for what is none that a browser could open."""
    text = url.strip().replace("&amp;", "&")
    if len(text) > MAX_LENGTH:
        raise ParseError(f"the address is longer than {MAX_LENGTH} characters")
    if not text or text.startswith("#"):
        raise ParseError("the address is empty", url=url)
    try:
        text.encode()
        parts = urlsplit(text)
        origin = _origin(parts)
    except ValueError as error:
        raise ParseError(f"not an address: {text[:200]!r}", url=url) from error
    path = _without_dots(parts.path)
    if origin:
        path = path or "/"
    elif path.startswith("/"):  # it must not look like a host
        path = "/" + path.lstrip("/")
    safe = _SAFE if path.startswith("/") else _SAFE.replace(":", "")  # nor like a scheme
    return Address(origin, quote(path, safe=safe), parts.query, parts.fragment)


def _origin(parts: SplitResult) -> str:
    if parts.scheme not in ("", "http", "https"):
        raise ValueError("another scheme")
    if not parts.netloc:
        if parts.scheme:
            raise ValueError("no host")
        return ""
    host = parts.netloc.rpartition("@")[2].lower()
    if parts.port is None:  # reading it checks it
        host = host.removesuffix(":")
    host = host.removesuffix(_PORTS.get(parts.scheme, " "))
    if not host or _BAD_HOST.search(host):
        raise ValueError("a bad host")
    return f"{parts.scheme}://{host}" if parts.scheme else f"//{host}"


def _without_dots(path: str) -> str:
    """A path without `.` and `..`, as far as they can be told."""
    if not path.startswith(".") and "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for at, segment in enumerate(segments):
        if segment == "..":
            if kept and kept != [""]:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
            continue
        if at == len(segments) - 1:
            kept.append("")
    return "/".join(kept)


def decoded(values: list[str], charset: str | None) -> tuple[list[str], str | None]:
    """Values without their percent-encoding, and the charset they were in; None where all are ASCII.

    The charset is that of the forum, and the address does not name it: `charset` goes before what the bytes tell.
    """
    if all("%" not in value and value.isascii() for value in values):
        return values, None
    raw = [unquote_to_bytes(value) for value in values]
    beyond = [value for value in raw if not value.isascii()]
    if not beyond:
        return [value.decode("ascii") for value in raw], None
    likely = ["gb18030", "utf-8"] if all(map(_COMMON_HANZI, beyond)) else ["utf-8", "gb18030"]
    given = codec_of(charset)
    for codec in [given, *likely] if given else likely:
        try:
            texts = [value.decode(codec) for value in raw]
        except UnicodeDecodeError:
            continue
        if all(text.encode(codec, "replace") == value for text, value in zip(texts, raw, strict=True)):
            return texts, codec
    return [value.decode("latin-1") for value in raw], "latin-1"


def written(pairs: Iterable[tuple[str, str]], charset: str | None) -> str:
    """A query string, in the charset that its values came in."""
    codec = charset or "utf-8"
    return "&".join(f"{_escaped(name, codec)}={_escaped(value, codec)}" for name, value in pairs)


def _escaped(text: str, codec: str) -> str:
    return quote(text.encode(codec, "backslashreplace"), safe=":,[]")
