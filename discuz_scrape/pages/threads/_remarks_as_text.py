"""Remarks and ratings that need no tree, because they stand below the body as Discuz! ships them.

Whatever is not written to the letter as below is left to the tree (`_remarks`), so that both read the same.
"""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._body_as_text import VALUE, plain_value, unescape
from discuz_scrape._html import one_line
from discuz_scrape._source import Source
from discuz_scrape.pages.threads._remarks import unescape_reason

__all__ = ["SECTION", "take_section"]

SECTION = '<h3 class="psth xs1">'
"""What the heading of either begins with."""

_HEADING = r'<h3\ class="psth\ xs1"><span\ class="icon_ring\ vm"></span>[^<]*+</h3>\s*+'
_FACE = rf'<img\ src="(?P<face>{VALUE})"\ />'
_REMARKS = re.compile(rf'{_HEADING}(?=<div\ class="pstl)', re.VERBOSE).match
_REMARK = re.compile(
    rf"""
    <div\ class="pstl\ xs1\ cl">\s*+
    <div\ class="psta\ vm">\s*+ <a\ href="(?P<space>{VALUE})"\ c="1">{_FACE}</a>\s*+
      <a\ href="{VALUE}"\ class="xi2\ xw1">(?P<name>[^<]*+)</a>\s*+ </div>\s*+
    <div\ class="psti">(?P<words>[^<]*+)
      (?:<a\ href="[^"<>]*?(?:mod=redirect|mod=post)[^"<>]*+"\ class="xi2"[^<>]*+>[^<]*+</a>\s*+){{0,2}}
      <span\ class="xg1">(?P<posted>[^<]*+)(?:<span\ title="(?P<full>{VALUE})">[^<]*+</span>)?\s*+</span>\s*+
    </div>\s*+ </div>\s*+
    """,
    re.VERBOSE,
).match
_RATINGS = re.compile(
    rf"""
    {_HEADING} <dl\ id="ratelog_\d++"\ class="rate">\s*+ <dd\ style="margin:0">\s*+ <div\ id="post_rate_\d++"></div>\s*+
    <table\ class="ratl">\s*+ <tr>\s*+
    <th\ class="xw1"\ width="120"><a\ [^<>]*+>[^<]*+<span\ class="xi1">(?P<raters>\d{{1,9}})</span></a></th>\s*+
    (?P<credits>(?>(?:<th\ class="xw1"\ width="80">[^<]*+<i><span\ class="xi1">[^<]*+</span></i></th>\s*+)+))
    <th>\s*+ (?:<a\ [^<>]*+>[^<]*+</a>\s*+)? <i\ class="txt_h">[^<]*+</i>\s*+ </th>\s*+ </tr>\s*+
    <tbody\ class="ratl_l">
    """,
    re.VERBOSE,
).match
_CREDIT = re.compile(r'<th class="xw1" width="80">([^<]*+)<').findall
_RATING = re.compile(
    rf"""
    <tr\ id="rate_\d++_(?P<uid>\d{{1,18}})">\s*+
    <td>\s*+ <a\ href="{VALUE}"\ target="_blank">{_FACE}</a>\s*+
      <a\ href="{VALUE}"\ target="_blank">(?P<name>[^<]*+)</a>\s*+ </td>\s*+
    (?P<scores>(?>(?:<td\ class="xi1">(?:\s*+[+-]\s*+\d{{1,9}})?\s*+</td>\s*+)+))
    <td\ class="xg1">(?P<reason>[^<]*+)</td>\s*+ </tr>\s*+
    """,
    re.VERBOSE,
).match
_SCORE = re.compile(r'<td class="xi1">\s*+([+-]?)\s*+(\d*+)').findall
_RATINGS_END = re.compile(
    r'</tbody>\s*+</table>\s*+(?:<p class="ratc">\s*+<a [^<>]*+>[^<]*+</a>\s*+</p>\s*+)?</dd>\s*+</dl>'
).match

Record = dict[str, Any]
Section = tuple[Record, int]
"""The fields of a post that a section tells, and where it ends."""


def take_section(page: Source, markup: str, at: int) -> Section | None:
    """The section whose heading stands at a place; None where it needs a tree."""
    head = _REMARKS(markup, at)
    if head is not None:
        return _take_remarks(page, markup, head.end())
    head = _RATINGS(markup, at)
    return _take_ratings(page, markup, head) if head is not None else None


def _take_remarks(page: Source, markup: str, at: int) -> Section | None:
    comments = []
    while (found := _REMARK(markup, at)) is not None:
        space, face, name, words, posted, full = found.groups()
        author: Record = {"avatar_url": page.absolute(plain_value(face))}
        if (uid := _urls.uid_in(plain_value(space))) is not None:
            author["uid"] = uid
        if (shown := one_line(unescape(name))) is None:
            return None
        author["name"] = shown
        moment = page.clock.read(full or unescape(posted))
        comments.append({"author": author, "timestamp": moment, "text": one_line(unescape(words)) or ""})
        at = found.end()
    ended = markup.startswith("</div>", at)  # behind it may stand links to further pages
    return ({"comments": tuple(comments), "more_comments": False}, at) if ended else None


def _take_ratings(page: Source, markup: str, head: re.Match[str]) -> Section | None:
    ratings = []
    names = [one_line(unescape(name)) for name in _CREDIT(head["credits"])]
    at = head.end()
    while (found := _RATING(markup, at)) is not None:
        uid, face, name, given, reason = found.groups()
        user: Record = {"uid": int(uid) or None, "avatar_url": page.absolute(plain_value(face))}
        if (shown := one_line(unescape(name))) is not None:
            user["name"] = shown
        scores = {}
        for credit, (sign, points) in zip(names, _SCORE(given), strict=False):
            if credit is None:
                return None
            if points:
                scores[credit] = int(sign + points)
        ratings.append({"user": user, "scores": scores, "reason": unescape_reason(one_line(unescape(reason)))})
        at = found.end()
    end = _RATINGS_END(markup, at)
    if end is None or not ratings:
        return None
    return {"ratings": tuple(ratings), "more_ratings": int(head["raters"]) > len(ratings)}, end.end()
