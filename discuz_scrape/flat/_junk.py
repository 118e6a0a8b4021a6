"""The junk that boards put around line breaks against copying: runs of a sign, a space and a letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import ne

_RUN = r"(?:[!-;]? {1,2}[?-~]){5,16}"
_at_end = re.compile(rf"[!-;]?{_RUN}$")
_at_start = re.compile(_RUN)
_triplet = re.compile(r"[!-;] [?-~]")
_LEAST_SPACES = 5
_LEAST_TRIPLETS = 4
_SPAN = 64  # characters at either end of a line that are looked at


def without_junk(rows: Sequence[str]) -> Sequence[str]:
    """The lines of a page without junk; one line that looks so is no junk."""
    clean = [_clean(row) if row.count(" ") >= _LEAST_SPACES else row for row in rows]
    return clean if sum(map(ne, clean, rows)) > 1 else rows


def _clean(row: str) -> str:
    end = len(row) - _size(_at_end.search(row[-_SPAN:]))
    return row[_size(_at_start.match(row[:_SPAN])) : end]


def _size(found: re.Match[str] | None) -> int:
    return len(found.group()) if found and len(_triplet.findall(found.group())) >= _LEAST_TRIPLETS else 0
