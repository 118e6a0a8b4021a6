"""Where records begin in a WARC, told by its bytes alone."""

from __future__ import annotations

import re
import zlib
from typing import BinaryIO

__all__ = ["VERSION", "border", "next_place"]

VERSION = b"WARC/"
"""How a record begins."""

_WINDOW = 1 << 17
_MEMBER = b"\x1f\x8b\x08"
_HEAD = 512
_PLAIN = re.compile(rb"(?<=\n)WARC/[01]\.\d\d?\r?\n(?i:WARC|Content)-")


def border(file: BinaryIO, place: int) -> int | None:
    """Where the first record begins that is not before a place; None where none does."""
    if place == 0:
        return 0
    file.seek(place)
    window = b""
    while more := file.read(_WINDOW):
        window += more
        at = window.find(_MEMBER)
        while at >= 0:
            head = window[at : at + _HEAD]
            if len(head) < _HEAD and len(more) == _WINDOW:
                break  # the next window tells
            if _begins_record(head):
                return place + at
            at = window.find(_MEMBER, at + 1)
        kept = at if at >= 0 else max(len(window) - len(_MEMBER) + 1, 0)
        place += kept
        window = window[kept:]
    return None


def next_place(file: BinaryIO, start: int, place: int) -> int | None:
    """Where to read on behind what is broken: the next record, as it begins in a file like this one."""
    file.seek(start)
    if not file.read(len(VERSION)).startswith(VERSION):
        return border(file, place)
    file.seek(place)
    window = b""
    while more := file.read(_WINDOW):
        window += more
        if (found := _PLAIN.search(window)) is not None:
            return place + found.start()
        place += len(window[:-_HEAD])
        window = window[-_HEAD:]
    return None


def _begins_record(member: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(member, len(VERSION)) == VERSION
    except zlib.error:
        return False
