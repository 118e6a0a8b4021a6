"""The message of a post out of the JSON API, and its files."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape._body import Body
from discuz_scrape._body_as_text import read_words, take_quote, unescape, without_plain_tags
from discuz_scrape._content import BREAK, to_text
from discuz_scrape._html import one_line
from discuz_scrape._notices import notice_kind
from discuz_scrape._prose import content_of
from discuz_scrape._source import Source
from discuz_scrape.pages.api._values import moment, number, positive, records, text
from discuz_scrape.pages.threads._post import take_over

__all__ = ["BodyReader"]

_PICTURE = re.compile(r'<div class="img">(<img [^<>]*>)</div>')
_SMILEY = "static/image/smiley/"
_PLACED = re.compile(r"\[attach\](\d{1,18})\[/attach\]")
_WARNED, _SHIELDED = 2, 1  # bits of a post's status
_AUTHOR_ONLY = 2  # bit of a thread's status
_BANNED_GROUPS = (4, 5)
_BANNED = -1  # status of a member
_WHOLE = re.compile(r"[^<>]{0,40}<em>[^<>]{1,400}</em>\s*").fullmatch
_PASSWORD = re.compile(r"[本此]帖[为為]密[码碼]帖 ?[，,].{0,20}").fullmatch
_THIS = ("本帖", "此帖")
_LONGEST_NOTICE = 200

Record = dict[str, Any]


class BodyReader:
    """Reads the messages of one answer."""

    def __init__(self, page: Source, data: Record, about: Record) -> None:
        self.page = page
        self.rich = page.rich
        author_only = bool((number(about.get("status")) or 0) & _AUTHOR_ONLY)
        self.guarded = author_only or bool(data.get("forum_threadpay"))
        """Whether a sentence may stand in the place of any message."""

    def read(self, post: Record, row: Record) -> None:
        """Add what the message holds, or says in its place, and the files."""
        message, told = row.get("message"), row.get("status")
        status = number(told) or 0 if told != "0" else 0
        if not isinstance(message, str):
            message = ""
        files = row.get("attachments")
        if not ("<" in message or "[" in message or files or self.rich or self.guarded or message.startswith(_THIS)):
            post["body"] = to_text([unescape(message)])  # as most are: words, and nothing that could be more
        elif (notice := self._read_notice(message, row, status)) is not None:
            post["status"] = notice["kind"]
            post["notices"] = (notice,)
            take_over(post, None, self.page.formats)
        else:
            self._read_message(post, message, files)
        if status & _WARNED:
            post["notices"] = ({"kind": "warned", "text": "受到警告"}, *post.get("notices", ()))

    def _read_message(self, post: Record, message: str, attached: object) -> None:
        files = _by_aid(attached) if attached else None
        body = Body(self.page, rich=self.rich) if files or self.rich else None
        if files and body is not None and "[attach]" in message:
            message = _place_files(self.page, body, message, files)
        if 'class="img"' in message:
            message = _PICTURE.sub(_unwrapped, message)
        words, quote = self._split(message) if "<" in message else (message, None)
        if body is None:
            if "<" not in words and "[" not in words:  # no edit, no file: nothing to be taken over but the text
                post["body"] = to_text([unescape(words)])
                if quote is not None:
                    post["quotes"] = (quote,)
                return
            body = Body(self.page, rich=self.rich)
        self._read_body(body, message, words, quote)
        if files:
            _add_files(self.page, body, files)
        if body.notices:
            post["notices"] = tuple(body.notices)
        take_over(post, body, self.page.formats)

    def _split(self, message: str) -> tuple[str, Record | None]:
        """A message without tags that mean nothing to plain text, and the quote that heads it, if it is a stock one."""
        words, quote = message.replace("<br />", BREAK), None
        if not self.rich and "<" in words:
            words, quote = take_quote(self.page, words)
            words = without_plain_tags(words)
        return words, quote

    def _read_body(self, body: Body, message: str, words: str, quote: Record | None) -> None:
        if quote is not None:
            body.quotes.append(quote)
        if "<" not in words:
            body.read_text(unescape(words))
        elif self.rich or not read_words(body, words):
            body.quotes.clear()  # the tree has it too
            body.read(content_of(message, self.page.url))

    def _read_notice(self, message: str, row: Record, status: int) -> Record | None:
        """The sentence that stands in the place of a message, where the post's own state says why."""
        if len(message) >= _LONGEST_NOTICE:
            return None
        if "<em>" in message:
            shielded, banned = status & _SHIELDED, _is_banned(row)
            if not (shielded or banned) or not _WHOLE(message):
                return None
            words = _sentence(message)
            kind = notice_kind(words, None)
            if kind not in ("author_banned", "shielded"):
                kind = "author_banned" if banned else "shielded"
            return {"kind": kind, "text": words}
        if "<" in message or not (self.guarded or _PASSWORD(message)):
            return None
        first = number(row.get("first")) == 1
        words = _sentence(message)
        kind = notice_kind(words, None)
        if kind == "password" or (kind == "paid" and first) or (kind == "author_only" and not first):
            return {"kind": kind, "text": words}
        return None


def _by_aid(attached: object) -> dict[int, Record]:
    return {aid: file for file in records(attached) if (aid := positive(file.get("aid"))) is not None}


def _sentence(message: str) -> str:
    return one_line(unescape(message.replace("<em>", "").replace("</em>", ""))) or ""


def _is_banned(row: Record) -> bool:
    group, member = number(row.get("groupid")), number(row.get("memberstatus"))
    return group in _BANNED_GROUPS or member == _BANNED or not row.get("username")


# ------------------------------------------------------------ files


def _unwrapped(found: re.Match[str]) -> str:
    """A picture without the box around it, which would break the line; the full size is in `file` where it has two."""
    tag = found[1]
    if _SMILEY in tag:
        return ""
    return tag.replace(' file="', ' zoomfile="', 1).replace(' src="', ' file="', 1) if ' file="' in tag else tag


def _place_files(page: Source, body: Body, message: str, files: dict[int, Record]) -> str:
    """Version 1 leaves the marks of files in the text: a picture takes the place of its own."""

    def place(found: re.Match[str]) -> str:
        aid = int(found[1])
        file = files.get(aid)
        if file is None:
            return found[0]
        body.files.record(aid)["inline"] = True
        if not number(file.get("isimage")):
            return ""
        url, smaller = _addresses(page, file)
        return f'<img aid="{aid}" zoomfile="{_quoted(url)}" file="{_quoted(smaller)}" />' if url else ""

    return _PLACED.sub(place, message)


def _quoted(url: str | None) -> str:
    return (url or "").replace("&", "&amp;").replace('"', "%22")


def _addresses(page: Source, file: Record) -> tuple[str | None, str | None]:
    """Where a picture lies, and a smaller rendering of it."""
    folder, name = file.get("url"), file.get("attachment")
    if not isinstance(folder, str) or not isinstance(name, str) or not name:
        return None, None
    url = page.absolute(folder + name)
    return url, f"{url}.thumb.jpg" if url and number(file.get("thumb")) else None


def _add_files(page: Source, body: Body, files: dict[int, Record]) -> None:
    """The records of all files; a picture that is not in the text is listed below it."""
    for aid, file in files.items():
        found = body.files.record(aid)
        found["is_image"] = bool(number(file.get("isimage")))
        price = positive(file.get("price"))
        url, smaller = _addresses(page, file)
        if not found["is_image"] and isinstance(token := file.get("aidencode"), str) and token:
            url = page.absolute(f"forum.php?mod=attachment&aid={token}") or url
        if price is not None and not number(file.get("payed")):
            url = smaller = None
        found.update(
            filename=text(file.get("filename")),
            url=url,
            thumbnail_url=smaller,
            size=number(file.get("filesize")),
            downloads=number(file.get("downloads")),
            description=text(file.get("description")),
            price=price,
            read_permission=positive(file.get("readperm")),
            uploaded_at=moment(file.get("dbdateline"), page.clock.offset),
        )
        if found["is_image"] and not found["inline"] and url is not None:
            body.files.listed.append({"url": url, "thumbnail_url": smaller, "aid": aid})
