"""Names for files that a forum gives: what the server says, made safe for every file system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from discuz_scrape._address import decoded, open_address
from discuz_scrape._encoding import codec_of
from discuz_scrape.errors import ParseError

__all__ = ["MAX_NAME", "name_from", "safe_name"]

MAX_NAME = 200
"""Bytes of UTF-8; file systems take 255, and a number may be added."""

_LONG = 2_000  # characters of each end that are looked at
_MAX_SUFFIX = 24  # bytes; what is longer is no suffix
_REFUSED = str.maketrans(dict.fromkeys('<>:"/\\|?*\u2044\u2215\u29f5\u29f8\u29f9\ufe68\uff0f\uff3c', "_"))
"""What Windows refuses, and what looks like a separator or becomes one."""
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""What shows nothing and whose category does not say so."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})
_DOTS = re.compile(r"\.(?:\s?\.)+")
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³]) ?(?:\.|$)", re.IGNORECASE)

_PARAMETER = re.compile(r""";\s*+([\w*-]++)\s*+=\s*+(?:"((?>(?:[^"\\]|\\.)*))"|([^;]*+))""", re.DOTALL)
_QUOTED_PAIR = re.compile(r'\\(["\\])')
_MAX_HEADER = 8_192


def safe_name(name: str | None, *, fallback: str) -> str:
    """Make a name of a file of any text: one component of a path, on every system, that shows what it is.

    `fallback` is taken where nothing is left of it.
    """
    return _cleaned(name or "") or _cleaned(fallback) or "file"


def _cleaned(name: str) -> str:
    if len(name) > 2 * _LONG:
        name = name[:_LONG] + name[-_LONG:]
    name = " ".join(unicodedata.normalize("NFC", name).split())
    name = "".join(char for char in name if unicodedata.category(char) not in _UNSEEN)
    name = unicodedata.normalize("NFC", _INVISIBLE.sub("", name).translate(_REFUSED))
    name = _DOTS.sub(".", " ".join(name.split())).strip(". ")
    return _shortened("_" + name if _DEVICE.match(name) else name)


def _shortened(name: str) -> str:
    if len(name.encode()) <= MAX_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix.encode()) > _MAX_SUFFIX:
        stem, dot, suffix = name, "", ""
    end = (dot + suffix).encode()
    return stem.encode()[: MAX_NAME - len(end)].decode("utf-8", "ignore").rstrip(". ") + dot + suffix


def name_from(headers: Mapping[str, str], url: str, *, charset: str | None = None) -> str | None:
    """Read what a server calls a file: by `Content-Disposition`, else by the last part of the address.

    Discuz writes the name as bytes of the site's charset, which is told by `charset` or by the bytes. The name is as
    hostile as the server: `safe_name` makes it fit to be used.
    """
    told = next((value for name, value in headers.items() if name.lower() == "content-disposition"), "")
    return _disposed(_reread(told[:_MAX_HEADER], charset), charset) or _last_part(url, charset)


def _reread(value: str, charset: str | None) -> str:
    """Decode a header that was read byte by byte; before it is taken apart, for a byte of GBK may be a backslash."""
    try:
        raw = value.encode("latin-1")
    except UnicodeEncodeError:  # it was read as what it is
        return value
    for codec in filter(None, (codec_of(charset), "utf-8", "gb18030")):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return value


def _disposed(value: str, charset: str | None) -> str | None:
    found: dict[str, str] = {}
    for name, quoted, plain in _PARAMETER.findall(value):
        found.setdefault(name.lower(), _QUOTED_PAIR.sub(r"\1", quoted) or plain.strip(' \t"'))
    codec, quote, rest = found.get("filename*", "").partition("'")
    _, again, extended = rest.partition("'")
    if quote and again and extended:
        return _unescaped(extended, codec)
    return _unescaped(found.get("filename", ""), charset) or None


def _last_part(url: str, charset: str | None) -> str | None:
    try:
        last = open_address(url).path.rpartition("/")[2]
    except ParseError:
        return None
    if last.lower().endswith(".php"):  # the script that sent it, and no name
        return None
    return _unescaped(last, charset) or None


def _unescaped(text: str, charset: str | None) -> str:
    """Without percent-encoding, which some write into plain names too; the charset is guessed as in addresses."""
    return decoded([text], charset)[0][0] if text.isascii() else text
