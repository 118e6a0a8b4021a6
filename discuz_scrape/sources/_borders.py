"""Where records begin in a WARC, told by its bytes alone."""

from __future__ import annotations

import math
import os
import re
import zlib
from typing import BinaryIO

__all__ = ["PIECE", "VERSION", "border", "breaks_off", "is_parted", "next_place"]

VERSION = b"WARC/"
"""How a record begins."""
PIECE = 1 << 20
"""Bytes of a file that one piece of work holds."""

_WINDOW = 1 << 17
_MEMBER = b"\x1f\x8b\x08"
_HEAD = 512
_REACH = 64 << 20  # bytes of a record that is still ordinary
_LENGTH = re.compile(rb"\r\n(?i:content-length):[ \t]*(\d{1,18})\r\n")
_PLAIN = re.compile(rb"(?<=\n)WARC/[01]\.\d\d?\r?\n(?i:WARC|Content)-")


def border(file: BinaryIO, place: int, stop: float = math.inf) -> int | None:
    """Where the first record begins that is not before a place; None where none does, or not before `stop`."""
    if place == 0:
        return 0
    file.seek(place)
    window = b""
    while place < stop and (more := file.read(_WINDOW)):
        window += more
        at = window.find(_MEMBER)
        while at >= 0:
            head = window[at : at + _HEAD]
            if len(head) < _HEAD and len(more) == _WINDOW:
                break  # the next window tells
            if _begins_record(head):
                return place + at if place + at < stop else None
            at = window.find(_MEMBER, at + 1)
        kept = at if at >= 0 else max(len(window) - len(_MEMBER) + 1, 0)
        place += kept
        window = window[kept:]
    return None


def is_parted(file: BinaryIO, piece: int) -> bool:
    """Whether a file is gzip members, one for each record; else it can be read from its beginning only."""
    file.seek(0)
    return file.read(len(_MEMBER)) == _MEMBER and border(file, piece, piece + _REACH) is not None


def breaks_off(file: BinaryIO, place: int) -> bool:
    """Whether a file ends within its last record, which begins at a place; readers take that for its end."""
    file.seek(place)
    head = file.read(_WINDOW)
    if head.startswith(_MEMBER):
        return _ends_in_member(file, head)
    if not head.startswith(VERSION):
        return False  # packed as a whole
    told, found = head.find(b"\r\n\r\n"), _LENGTH.search(head)
    if told < 0 or found is None or found.start() > told:
        return told < 0
    return file.seek(0, os.SEEK_END) < place + told + 4 + int(found[1])


def _ends_in_member(file: BinaryIO, window: bytes) -> bool:
    member = zlib.decompressobj(31)
    while window:
        try:
            member.decompress(window, _WINDOW)
        except zlib.error:
            return False  # what follows is no member
        window = member.unconsumed_tail
        if member.eof and (window := member.unused_data or file.read(_WINDOW)):
            member = zlib.decompressobj(31)
        window = window or file.read(_WINDOW)
    return not member.eof


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
