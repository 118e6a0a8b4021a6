"""Markdown and text: documents to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from discuz_scrape.models import Author, Board, ForumIndex, Model, Page, Post, Thread, UserPost, UserProfile
from discuz_scrape.output._rows import items
from discuz_scrape.output._shape import Body, Shape, rich_body
from discuz_scrape.output._visible import visible, visible_line

__all__ = ["to_markdown", "to_text"]

_MARKDOWN = re.compile(r"[\\`*_\[\]<>&~|#]|^[-+=]|(?<=\d)[.)](?=\s|$)")  # inline marks, and what begins a block
_DETAILS = ("author", "created_at", "published_at", "at", "group", "registered_at")
_COUNTS = (("replies", "replies"), ("thread_count", "threads"))
_TEXTS = ("excerpt", "summary", "text", "description", "signature")


def to_markdown(pages: Iterable[Page], shape: Shape) -> Iterator[str]:
    """A heading for every page, and below it its posts or a list of what it leads to."""
    for page in pages:
        yield visible(f"# {_inline(_title(page))}\n\n")
        if address := _page_address(page):
            yield f"<{_address(address)}>\n\n"
        if isinstance(page, Thread):
            for post in page.posts:
                yield visible(_markdown_post(post, shape.body))
        else:
            lines = "".join(map(_markdown_entry, _entries(page)))
            yield visible(f"{lines}\n") if lines else ""


def to_text(pages: Iterable[Page], shape: Shape) -> Iterator[str]:
    """The same as plain text."""
    for page in pages:
        yield visible_line(_title(page)) + "\n"
        if address := _page_address(page):
            yield visible_line(address) + "\n"
        yield "\n"
        if isinstance(page, Thread):
            for post in page.posts:
                yield visible(_text_post(post, shape.body))
        else:
            for entry in _entries(page):
                yield visible(_text_entry(entry))
            yield "\n"


# ------------------------------------------------------------ posts


def _markdown_post(post: Post, body: Body) -> str:
    parts = [f"## {' · '.join(_inline(part) for part in _heading(post))}"]
    for quote in post.quotes:
        words = [f"**{_inline(quote.author or '?')}**", *map(_inline, quote.text.splitlines())]
        parts.append("\n".join(f"> {line}  " for line in words).rstrip())
    parts.extend(f"*{_inline(notice.text)}*" for notice in post.notices)
    parts.append(rich_body(post.__dict__, body) or "  \n".join(map(_inline, post.body.splitlines())))
    parts.append("\n".join(f"- [{_inline(name)}](<{_address(url)}>)" for name, url in _files(post)))
    return "\n\n".join(filter(None, parts)) + "\n\n"


def _text_post(post: Post, body: Body) -> str:
    lines = [f"--- {' · '.join(' '.join(part.split()) for part in _heading(post))}"]
    for quote in post.quotes:
        lines.extend(f"> {line}" for line in [f"{quote.author or '?'}:", *quote.text.splitlines()])
    lines.extend(f"[{notice.text}]" for notice in post.notices)
    lines.append(rich_body(post.__dict__, body) or post.body)
    lines.extend(f"{name} {url}" for name, url in _files(post))
    return "\n".join(filter(None, lines)) + "\n\n"


def _heading(post: Post) -> Iterator[str]:
    if post.floor is not None:
        yield str(post.floor)
    yield _name(post.author)
    when = post.timestamp.isoformat(" ") if post.timestamp else post.timestamp_text
    if when:
        yield when


def _files(post: Post) -> Iterator[tuple[str, str]]:
    """List the files that the body does not show, name and address."""
    for file in post.attachments:
        if file.url and not file.inline:
            yield file.filename or str(file.aid), file.url


# ------------------------------------------------------------ what a page leads to


class _Entry(NamedTuple):
    """A thread, board, reply, tag or member, in the few words of a list."""

    title: str
    url: str | None
    details: list[str]
    text: str


def _entries(page: Page) -> Iterator[_Entry]:
    for item in _parts(page):
        values = dict(item)
        if isinstance(item, UserPost) and item.thread is not None:
            values["subject"] = item.thread.subject
        title = next((values[name] for name in ("subject", "title", "name") if values.get(name)), "Untitled")
        details = [_words(values[name]) for name in _DETAILS if values.get(name) is not None]
        details += [f"{label}: {values[name]}" for name, label in _COUNTS if values.get(name) is not None]
        if isinstance(item, UserProfile):
            details += [f"{name}: {value}" for name, value in (item.fields or {}).items()]
        yield _Entry(title, values.get("url"), details, next(filter(None, map(values.get, _TEXTS)), ""))


def _parts(page: Page) -> Iterator[Model]:
    """What a reader meets on a page: the boards below a board and the announcements, then what the page is of."""
    if isinstance(page, Board):
        yield from page.subforums
    if isinstance(page, Board | ForumIndex):
        yield from page.announcements
    yield from items(page)


def _words(value: object) -> str:
    if isinstance(value, Author):
        return _name(value)
    return value.isoformat(" ") if isinstance(value, datetime) else str(value)


def _markdown_entry(entry: _Entry) -> str:
    title = _inline(entry.title)
    linked = f"[{title}](<{_address(entry.url)}>)" if entry.url else title
    lines = [f"- {' · '.join([linked, *map(_inline, entry.details)])}", *map(_inline, entry.text.splitlines())]
    return "  \n  ".join(filter(None, lines)) + "\n"


def _text_entry(entry: _Entry) -> str:
    lines = [" · ".join(" ".join(part.split()) for part in (entry.title, *entry.details))]
    lines += [f"    {line}" for line in (entry.url, *entry.text.splitlines()) if line]
    return "\n".join(lines) + "\n"


# ------------------------------------------------------------ words


def _title(page: Page) -> str:
    """What a page is headed with: its subject or name, that of its board or member, else that of the forum."""
    told = dict(page)
    near = [told.get("subject"), told.get("title"), told.get("name")]
    near += [part.name for part in (told.get("forum"), told.get("member"), page.site) if part is not None]
    return next(filter(None, near), "Untitled")


def _page_address(page: Page) -> str | None:
    if isinstance(page, Thread | UserProfile):
        return page.url
    forum: Model | None = dict(page).get("forum")
    return dict(forum).get("url") if forum is not None else None


def _name(author: Author) -> str:
    return author.name or ("anonymous" if author.anonymous else "?")


def _inline(text: str) -> str:
    """Make one line of Markdown of a page's words that shows them as they are."""
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(text.split()))


def _address(url: str) -> str:
    """Make a URL stay between angle brackets."""
    return visible_line(url).replace("<", "%3C").replace(">", "%3E")
