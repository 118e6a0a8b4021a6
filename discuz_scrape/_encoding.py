"""Bytes of a page to text: the charset that the page names, unless its bytes say otherwise."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import NamedTuple

__all__ = ["Decoded", "codec_of", "decode", "sniff"]

_HEAD = 4096  # bytes in which a page names its charset
_BAD = "\ufffd"

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

# A codec's name in Python to what browsers read under that label: mostly the superset that pages are really written in.
# Codecs of 7 bits (ISO-2022, HZ, UTF-7) are left out: they give ASCII another meaning, and no forum is written in them.
_READ_AS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "cp950": "big5hkscs",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "cp932": "cp932",
    "euc_jp": "euc_jp",
    "euc_kr": "cp949",
    "cp949": "cp949",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    **{f"cp125{n}": f"cp125{n}" for n in range(9)},
    **{f"iso8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
}
_LABELS_OF_THE_WEB = {
    "x-gbk": "gbk",
    "csgb2312": "gbk",
    "gb_2312-80": "gbk",
    "x-x-big5": "big5",
    "cn-big5": "big5",
    "utf8mb4": "utf-8",
    "x-sjis": "cp932",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
}

_charset_of_type = re.compile(r"charset\s*+=\s*+[\"']?+\s*+([\w.:+-]++)", re.ASCII | re.IGNORECASE)
_charset_of_page = re.compile(
    rb"""<(?: meta\s[^>]*?\bcharset\s*=\s*["']?\s*([\w.:+-]+) | \?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:+-]+) )""",
    re.IGNORECASE | re.VERBOSE,
)

_charset_of_tag = re.compile(r"=\s*[\"']?\s*([\w.:+-]+)", re.ASCII)

_SAMPLE = 2048
_ASIAN = ("gb18030", "big5hkscs")
_PLENTY = 16  # bytes beyond ASCII; so many do not form the characters of another charset by chance
_ASCII = bytes(range(0x80))


class Decoded(NamedTuple):
    """The text of a page, and Python's name of the codec that read it."""

    text: str
    charset: str


def decode(content: bytes, content_type: str | None = None, encoding: str | None = None) -> Decoded:
    """Decode a page, whatever its bytes: by `encoding`, else BOM, `content_type`, meta, and what the bytes look like.

    An unknown name is passed over. A page that is UTF-8 under another name, or GB18030 under the name of UTF-8, is read
    as what it is, unless `encoding` insists. A bad byte costs one character. NUL characters are left out: browsers show
    none, and databases take none.
    """
    text, charset = _decode(content, content_type, encoding)
    return Decoded(text.replace("\0", "") if b"\0" in content else text, charset)


def _decode(content: bytes, content_type: str | None, encoding: str | None) -> Decoded:
    if encoding is None and content.isascii() and b"\0" not in content[:_HEAD]:  # the same under all of them
        declared = _declared(content, content_type)
        return Decoded(content.decode("ascii"), declared[0] if declared else "utf-8")
    for mark, codec in _BOMS:
        if content.startswith(mark) and codec_of(encoding) in (None, codec):
            return Decoded(_forgiving(content[len(mark) :], codec), codec)
    insisted = codec_of(encoding)
    if insisted is not None:
        return Decoded(_forgiving(content, insisted), insisted)
    utf8 = _strict(content, "utf-8")
    if utf8 is not None and len(content) - len(utf8) >= _PLENTY:  # UTF-8, whatever the page says
        return Decoded(utf8, "utf-8")
    declared = _declared(content, content_type)
    return _fitting(content, declared, utf8) or _least_bad(content, declared[0] if declared else None)


def sniff(content: bytes, content_type: str | None = None) -> str:
    """Name the codec that `decode` would most likely take, by the first label and two kilobytes: some microseconds."""
    sample = content[:_SAMPLE]
    fitting: tuple[str, ...] = _ASIAN
    try:
        text, read = codecs.utf_8_decode(sample, "strict", False)  # noqa: FBT003 - the page goes on
    except UnicodeDecodeError as error:
        if len(sample[: error.start].translate(None, _ASCII)) >= _PLENTY:  # UTF-8 with a bad byte, perhaps
            return decode(sample, content_type).charset
    else:
        if read - len(text) >= _PLENTY:
            return "utf-8"
        fitting = ("utf-8", *_ASIAN)
    codec = codec_of(_first_label(sample, content_type))
    if codec is None and fitting is _ASIAN:
        return "gb18030"
    return codec if codec in fitting else decode(sample, content_type).charset


def _first_label(sample: bytes, content_type: str | None) -> str | None:
    found = _charset_of_type.search(content_type or "")
    if found is None:
        at = sample.find(b"charset=")
        at = sample.find(b"encoding=", 0, 200) if at < 0 else at
        end = sample.find(b">", at)
        found = _charset_of_tag.search(sample[at:end].decode("latin-1")) if at >= 0 else None
    return found[1] if found else None


def _declared(content: bytes, content_type: str | None) -> list[str]:
    """List the charsets that the server and the page name; a mirror may have added a meta of its own."""
    head = content[:_HEAD]
    labels = _charset_of_type.findall(content_type or "")
    labels += [(meta or xml).decode("ascii", "replace") for meta, xml in _charset_of_page.findall(head)]
    if not labels:
        return []
    names = [name for name in map(codec_of, labels) if name is not None]
    if b"\0" not in head:  # then UTF-16 is a lie
        names = [name for name in names if not name.startswith("utf-16")]
    return list(dict.fromkeys(names))


@lru_cache(maxsize=64)
def codec_of(label: str | None) -> str | None:
    """Find the codec that reads a label, None for one that is not known."""
    if not label:
        return None
    label = label.strip().lower()
    try:
        return _READ_AS.get(codecs.lookup(_LABELS_OF_THE_WEB.get(label, label)).name)
    except (LookupError, ValueError):
        return None


def _fitting(content: bytes, declared: list[str], utf8: str | None) -> Decoded | None:
    """Decode by the first declared charset under which every byte has a meaning, else as the UTF-8 that it is."""
    for codec in declared:
        text = utf8 if codec == "utf-8" else _strict(content, codec)
        if text is not None and (codec != "cp1252" or utf8 is None or utf8.isascii()):
            return Decoded(text, codec)
    return Decoded(utf8, "utf-8") if utf8 is not None else None


def _least_bad(content: bytes, declared: str | None) -> Decoded:
    """Decode what has bad bytes: few among the good ones of UTF-8, most of them where it is another charset."""
    utf8 = _forgiving(content, "utf-8")
    bad, beyond_ascii = utf8.count(_BAD), len(content.translate(None, _ASCII))
    if declared is not None and declared != "utf-8":
        if beyond_ascii >= _PLENTY and bad * 20 <= beyond_ascii:
            return Decoded(utf8, "utf-8")
        return Decoded(_forgiving(content, declared), declared)
    if bad * 4 > beyond_ascii and (declared is None or bad >= _PLENTY // 2):
        gb18030 = _forgiving(content, "gb18030")
        if declared is None or gb18030.count(_BAD) * 8 < bad:
            return Decoded(gb18030, "gb18030")
    return Decoded(utf8, "utf-8")


def _strict(content: bytes, codec: str) -> str | None:
    """Decode, None if a byte does not fit; a character cut off by the end of the page is no fault."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        text = decoder.decode(content)
    except UnicodeDecodeError:
        return None
    return text + _BAD if decoder.getstate()[0] else text


def _forgiving(content: bytes, codec: str) -> str:
    """Decode with a replacement character for each bad byte, and never for the ASCII that follows it."""
    text = content.decode(codec, "replace")
    if codec == "gb18030" and b"\x80" in content and 0 < text.count(_BAD) < 100_000:
        return content.decode(codec, _EURO_OF_GBK)
    return text


def _euro_or_bad(error: UnicodeError) -> tuple[str, int]:
    """Read 0x80 as browsers do, who also send the euro sign so to a GBK forum."""
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101 - registered for decoding only
    return "€" if error.object[error.start] == 0x80 else _BAD, error.end


_EURO_OF_GBK = "discuz_scrape.euro_of_gbk"
codecs.register_error(_EURO_OF_GBK, _euro_or_bad)
