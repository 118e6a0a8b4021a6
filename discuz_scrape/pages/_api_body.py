"""The message of a post out of the JSON API, and its files."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape._body import Body
from discuz_scrape._bounds import check_bounds
from discuz_scrape._notices import notice_kind, notice_words
from discuz_scrape._source import Source
from discuz_scrape.pages._api_values import content_of, moment, number, positive, records, text
from discuz_scrape.pages._post import take_over

__all__ = ["read_body"]

_PICTURE = re.compile(r'<div class="img">(<img [^<>]*>)</div>')
_PLACED = re.compile(r"\[attach\](\d{1,18})\[/attach\]")
_WARNED, _SHIELDED = 2, 1  # bits of a post's status
_AUTHOR_ONLY = 2  # bit of a thread's status
_BANNED_GROUPS = (4, 5)
_BANNED = -1  # status of a member
_WHOLE = re.compile(r"[^<>]{0,40}<em>[^<>]{1,400}</em>\s*").fullmatch
_PASSWORD = re.compile(r"[本此]帖[为為]密[码碼]帖 ?[，,].{0,20}").fullmatch
_LONGEST_NOTICE = 200

Record = dict[str, Any]


def read_body(page: Source, post: Record, row: Record, data: Record, about: Record) -> None:
    """Add what the message holds, or says in its place, and the files."""
    message = row.get("message")
    message = message if isinstance(message, str) else ""
    body = Body(page, rich=len(page.formats) > ("text" in page.formats))
    files = {aid: file for file in records(row.get("attachments")) if (aid := positive(file.get("aid"))) is not None}
    notice = _read_notice(message, row, data, about)
    if notice is not None:
        post["status"] = notice["kind"]
        post["notices"] = (notice,)
    else:
        markup = _place_files(page, body, message, files) if "[attach]" in message else message
        if 'class="img"' in markup:
            markup = _PICTURE.sub(_unwrapped, markup)
        if "<" in markup:
            check_bounds(markup, page.url)
        body.read(content_of(markup))
        _add_files(page, body, files)
        if body.notices:
            post["notices"] = tuple(body.notices)
    if (number(row.get("status")) or 0) & _WARNED:
        post["notices"] = ({"kind": "warned", "text": "受到警告"}, *post.get("notices", ()))
    take_over(post, body, page.formats)


# ------------------------------------------------------------ notices


def _read_notice(message: str, row: Record, data: Record, about: Record) -> Record | None:
    """The sentence that stands in the place of a message, where the post's own state says why."""
    if len(message) > _LONGEST_NOTICE:
        return None
    if _WHOLE(message):
        shielded, banned = (number(row.get("status")) or 0) & _SHIELDED, _is_banned(row)
        if shielded or banned:
            node = content_of(message)
            words = notice_words(node) or ""
            kind = notice_kind(words, node)
            if kind not in ("author_banned", "shielded"):
                kind = "author_banned" if banned else "shielded"
            return {"kind": kind, "text": words}
    if "<" in message or not (words := text(message) or ""):
        return None
    kind = notice_kind(words, content_of(""))
    first = number(row.get("first")) == 1
    proof = {
        "author_only": not first and (number(about.get("status")) or 0) & _AUTHOR_ONLY,
        "paid": first and data.get("forum_threadpay"),
        "password": _PASSWORD(words),
    }
    return {"kind": kind, "text": words} if kind is not None and proof.get(kind) else None


def _is_banned(row: Record) -> bool:
    group, member = number(row.get("groupid")), number(row.get("memberstatus"))
    return group in _BANNED_GROUPS or member == _BANNED or not row.get("username")


# ------------------------------------------------------------ files


def _unwrapped(found: re.Match[str]) -> str:
    """A picture without the box around it, which would break the line; the full size is in `file` where it has two."""
    tag = found[1]
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
