"""Bodies that need no tree: words, breaks, and what the forum writes for its own codes.

A tree costs more than all the rest of a post, and most posts are such. Whatever is not written to the letter as below
is left to the tree (`_body`), so that both read the same.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from discuz_scrape._attachments import Menu, MenuLine
from discuz_scrape._body import Body
from discuz_scrape._content import BLANK, BREAK, EDGE, to_text
from discuz_scrape._dates import Clock
from discuz_scrape._html import one_line
from discuz_scrape._quotes import Header, is_permalink, line_header
from discuz_scrape._source import Source

__all__ = ["VALUE", "plain_value", "read_as_text", "read_words", "take_quote", "unescape", "without_plain_tags"]

VALUE = r'[^"<>&\x00-\x1f]*+(?>(?:&(?:amp;|\w++=)[^"<>&\x00-\x1f]*+)*)'  # the only entity is `&amp;`
"""The value of an attribute, as a pattern."""
_NAMES = "aid|alt|attach|border|file|height|inpost|smilieid|src|title|width|zoomfile"  # none that hides a picture
_ATTRIBUTES = rf'(?>(?:\ (?:(?:{_NAMES})="{VALUE}"|class="(?:zoom|vm)"|id="aimg_\w++"|on\w++="[^"<>]*+"))+)'
_KNOWN = re.compile(
    rf"""<(?:
        a\ href="(?P<href>{VALUE})"\ target="_blank">(?P<linked>[^<\x00{BREAK}]*+)</a>
      | img(?P<image>{_ATTRIBUTES})\ ?/?>
      | div\ class="(?:reply_wrap">|quote"><blockquote>(?P<block>))
          (?:<a\ href="(?P<post>{VALUE})"\ target="_blank">)?
          (?P<header>[^<\x00{BREAK}]{{1,200}}+)(?(post)</a>){BREAK}
          (?P<quoted>[^<\x00]*+)(?(block)</blockquote>)</div>
      | div\ class="tip\ tip_4\ aimg_tip"\ id="aimg_(?P<aid>\d{{1,18}})_menu"
          \ style="position:\ absolute;\ display:\ none"(?:\ disautofocus="true")?>\s*+<div\ class="xs0">\s*+
          <p><strong>(?P<name>[^<]*+)</strong>\ <em\ class="xg1">(?P<facts>[^<]*+)</em></p>\s*+
          <p>\s*+<a\ href="(?P<file>{VALUE})"\ target="_blank">[^<]*+</a>\s*+</p>\s*+
          (?:<p>(?P<description>[^<]*+)</p>\s*+)?
          <p\ class="xg1\ y">(?:<span\ title="(?P<full>{VALUE})">[^<]*+</span>)?(?P<uploaded>[^<]*+)</p>\s*+
          </div>\s*+<div\ class="tip_horn"></div>\s*+</div>
      | (?P<box>div\ align="(?:left|center|right)"|/div)>
    )""",
    re.VERBOSE | re.ASCII,
).finditer
_PLAIN = re.compile(
    r"<(?:/?(?:b|i|u|strike|sup|sub|ignore_js_op)>|strong>(?<!<p><strong>)|/strong>(?! <em)|/font>"
    r'|font (?:(?:color|size|face)="[^"<>]*+"|style="background-color: ?[#\w]++")>'
    rf'|img src="{VALUE}" smilieid="\d++" border="0" alt="[^"<>]*+" />'
    r'|font class="jammer">[^<]*+</font>|span style="display: ?none">[^<]*+</span>)'
).sub
"""Tags that mean nothing to plain text, and what nobody sees."""
_EDIT = re.compile(r'\s*+<i class="pstatus">([^<]*+)(?:<span title="([^"<>&]*+)">([^<]*+)</span>([^<]*+))?</i>').match
_STOCK_QUOTE = re.compile(
    r'<div class="reply_wrap"><a href="[^"<>&\x00-\x1f]{0,300}&amp;goto=findpost&amp;pid=(\d{1,18})&amp;ptid=(\d{1,18})'
    r'" target="_blank">([^\s<>&发]{1,80}) 发表于 (\d{4})-(\d\d?)-(\d\d?) (\d\d?):(\d\d)</a>'
    rf"{BREAK}([^<\x00]*+)</div>"
).match
_LONGEST = 100_000  # characters: of a longer one the pieces take more memory than a tree
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"').findall


Record = dict[str, Any]


def read_as_text(body: Body, markup: str) -> bool:
    """Read a body by its markup as a page has it; False, and nothing read, where it needs a tree."""
    if len(markup) > _LONGEST:
        return False
    words = markup.replace("<br />", BREAK)
    if "pstatus" in words:
        found = _EDIT(words)
        if found is None:
            return False
        before, title, shown, behind = found.groups("")
        if not body.take_edit(unescape(before + shown + behind), title or None):
            return False
        words = words[found.end() :]
    if read_words(body, without_plain_tags(words)):
        return True
    body.edit = None
    return False


def without_plain_tags(markup: str) -> str:
    """Markup without the tags that mean nothing to plain text."""
    return _PLAIN("", markup) if "<" in markup else markup


def read_words(body: Body, markup: str) -> bool:
    """Read a body that has its breaks as `BREAK` and no plain tags; False, and nothing read, where it needs a tree."""
    if "<" not in markup:
        words = markup
    elif (parts := _part(markup)) is None or (headers := _headers(parts[1], body.page.clock)) is None:
        return False
    else:
        between, tags = parts
        pieces = [between[0]]
        following = iter(headers)
        for tag, behind in zip(tags, between[1:], strict=True):
            if tag.lastgroup == "quoted":
                body.add_quote(next(following), to_text([unescape(tag["quoted"]).strip(BLANK)]))
                pieces.append(EDGE)
            else:
                pieces.append(_READERS[tag.lastgroup](body, tag))
            pieces.append(behind)
        words = "".join(pieces).lstrip(BLANK)  # a quote that leads breaks no line
    if "\0" in words:
        return False
    body.read_text(unescape(words))
    return True


def _part(markup: str) -> tuple[list[str], list[re.Match[str]]] | None:
    """The words, and the known tags between them; None where any other tag is there."""
    between, tags = [], []
    done = depth = 0
    for tag in _KNOWN(markup):
        between.append(markup[done : tag.start()])
        tags.append(tag)
        done = tag.end()
        if tag.lastgroup == "box":
            depth += -1 if tag["box"] == "/div" else 1
            if depth < 0:
                return None
    between.append(markup[done:])
    return None if depth or "<" in "".join(between) else (between, tags)


def _headers(tags: list[re.Match[str]], clock: Clock) -> list[Header] | None:
    """The lines that head the quotes; None where one is none, or has anything else in it."""
    headers = []
    for tag in tags:
        if tag.lastgroup == "quoted":
            href = plain_value(tag["post"] or "")
            header = line_header(unescape(tag["header"]), clock, href if is_permalink(href) else None)
            if header is None or not header.whole:
                return None
            headers.append(header)
    return headers


def _read_link(body: Body, tag: re.Match[str]) -> str:
    words: str = tag["linked"]
    href = plain_value(tag["href"])
    url = body.page.absolute(href)
    if url is not None:
        body.add_link(href, url, unescape(words))
    return words


def _read_image(body: Body, tag: re.Match[str]) -> str:
    body.add_image(dict(reversed(_ATTRIBUTE(plain_value(tag["image"])))))  # of two of one name the first counts
    return ""


def _read_menu(body: Body, tag: re.Match[str]) -> str:
    aid, name, facts, href, uploaded = tag.group("aid", "name", "facts", "file", "uploaded")
    lines = [MenuLine(words)] if (words := _shown(tag["description"] or "")) else []
    lines.append(MenuLine(_shown(uploaded), title=tag["full"]))
    body.files.add_menu(int(aid), Menu(_shown(name) or None, [plain_value(href)], lines, unescape(facts)))
    return ""


def _read_box(_body: Body, _tag: re.Match[str]) -> str:
    return EDGE


_READERS: dict[str | None, Callable[[Body, re.Match[str]], str]] = {
    "linked": _read_link, "image": _read_image, "uploaded": _read_menu, "box": _read_box,
}  # fmt: skip
"""The last group of a known tag to what reads it, and tells what stands in its place."""


def take_quote(page: Source, message: str) -> tuple[str, Record | None]:
    """The quote that heads a message, if it is written in the stock way; first the words behind it."""
    found = _STOCK_QUOTE(message)
    at = page.clock.read_default(*found.group(4, 5, 6, 7, 8)) if found is not None else None
    if found is None or at is None:
        return message, None
    pid, tid, author, quoted = found.group(1, 2, 3, 9)
    text = to_text([unescape(quoted).strip(BLANK)])
    quote = {"pid": int(pid) or None, "tid": int(tid) or None, "author": author, "timestamp": at, "text": text}
    return message[found.end() :].lstrip(BLANK), quote  # it breaks no line


def unescape(words: str) -> str:
    """Words without entities."""
    return html.unescape(words) if "&" in words else words


def _shown(words: str) -> str:
    return one_line(unescape(words)) or ""


def plain_value(value: str) -> str:
    """The value of an attribute that is written as `VALUE`."""
    return value.replace("&amp;", "&") if "&" in value else value
