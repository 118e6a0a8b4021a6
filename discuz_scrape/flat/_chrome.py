"""Words that several parts of a page have in common, as parts of patterns; simplified and traditional."""

from __future__ import annotations

import re

_TIME = r"\d{1,2}:\d\d(?::\d\d)?(?:\s*[AaPp][Mm])?"
DATE = rf"""(?:
    \d{{4}}\s?[-/.年]\s?\d{{1,2}}\s?[-/.月]\s?\d{{1,2}}(?:\s?日)?(?:\s+(?:[上下]午\s*)?{_TIME})?
  | \d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{4}}(?:\s+{_TIME})?
  | [刚剛][刚剛] | 半[个個]?小[时時]前 | \d{{1,5}}\s*(?:秒|分[钟鐘]|小[时時]|天)前
  | [今昨前]天\s*{_TIME}
)"""
"""A date as Discuz! prints it; needs `re.VERBOSE`."""

POSTED = r"(?:[发發]表[于於])"
POWERED = re.compile(r"Powered\s+by\s+Discuz!", re.IGNORECASE)
COPY_LINK = re.compile(r"\[(?:复制链接|複製鏈接|複製連結)\]")
"""Stands behind the subject above the first post."""
