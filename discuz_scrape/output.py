"""Threads to JSON lines, JSON, CSV, Markdown and text.

A format is one generator function, from threads to pieces of text, and one line in `FORMATS`. Nothing is held back:
what came in is out before the next thread is asked for, so a writer can stand in the middle of a pipe.

Whatever the format, no control character of a page comes out raw, except the line breaks and tabs of a text: neither an
escape sequence nor a mark that turns the direction of writing can reach a terminal.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from discuz_scrape.models import Forum, Model, Post, Thread


class Format(StrEnum):
    """What threads are written as."""

    jsonl = "jsonl"
    json = "json"
    csv = "csv"
    markdown = "markdown"
    text = "text"


class Body(StrEnum):
    """The forms of a body."""

    text = "text"
    html = "html"
    markdown = "markdown"


@dataclass(frozen=True, slots=True)
class Shape:
    """How threads are written."""

    body: Body
    """The body that CSV, Markdown and text show; JSON carries every one that was parsed."""
    whole: bool = False
    """One object for a page, instead of one for a post."""


Writer = Callable[[Iterable[Thread], Shape], Iterator[str]]

_BIDI = "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"  # with the two separators that JavaScript takes for line ends
_IN_JSON = re.compile(f"[\x7f-\x9f{_BIDI}]")  # JSON itself escapes what is below a space
_IN_TEXT = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDI}]")
_IN_LINE = re.compile(f"[\x00-\x1f\x7f-\x9f\ud800-\udfff{_BIDI}]")
_MARKDOWN = re.compile(r"[\\`*_\[\]<>&~|#]|^[-+=]|(?<=\d)[.)](?=\s|$)")  # inline marks, and what begins a block
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ThreadRef(Model):
    """The thread that a row belongs to."""

    tid: int | None = None
    """Number of the thread."""
    subject: str | None = None
    """Its title."""
    url: str | None = None
    """Its absolute canonical URL."""
    forum: Forum | None = None
    """The board that it is in."""
    page: int | None = None
    """The page that the post stands on."""


class PostRow(Post):
    """One line of JSON: a post and the thread that it is in."""

    thread: ThreadRef
    """The thread of the post."""


def post_rows(thread: Thread) -> Iterator[dict[str, Any]]:
    """Give every post as plain data, as it stands in a line of JSON: all its fields, and `thread`."""
    ref = _ref(thread).model_dump(mode="json")
    for post in thread.posts:
        yield {**post.model_dump(mode="json"), "thread": ref}


def json_lines(thread: Thread) -> Iterator[str]:
    """Give every post as one line of JSON, without the line end: the data of `post_rows`, and much faster."""
    tail = f',"thread":{_ref(thread).model_dump_json()}}}'
    for post in thread.posts:
        yield _escape_json(post.model_dump_json()[:-1] + tail)


def write(
    threads: Iterable[Thread], fmt: str = "jsonl", *, body: str | None = None, whole: bool = False
) -> Iterator[str]:
    """Write threads in one of `FORMATS`, piece by piece.

    `whole` makes one object of a page instead of one of a post; Markdown and text are documents either way. `body` is
    the one that CSV, Markdown and text show, None the `default_body`. JSON carries every body that was parsed.
    """
    return FORMATS[Format(fmt)](threads, Shape(Body(body or default_body(fmt)), whole))


def default_body(fmt: str) -> Body:
    """Name the body that a format shows unless another is asked for."""
    return Body.markdown if fmt == Format.markdown else Body.text


def visible(text: str) -> str:
    r"""Make a text fit for a terminal: line breaks and tabs stay, other control characters become \uXXXX."""
    return text if text.isprintable() else _IN_TEXT.sub(_code, text)


def visible_line(text: str) -> str:
    r"""Make one line of a text, fit for a terminal: every control character becomes \uXXXX."""
    return text if text.isprintable() else _IN_LINE.sub(_code, text)


def _code(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _escape_json(line: str) -> str:
    # the test costs a third of the search, and nearly every line passes it
    return line if line.isprintable() else _IN_JSON.sub(_code, line)


def _ref(thread: Thread) -> ThreadRef:
    return ThreadRef(tid=thread.tid, subject=thread.subject, url=thread.url, forum=thread.forum, page=thread.page)


def _objects(threads: Iterable[Thread], *, whole: bool) -> Iterator[str]:
    for thread in threads:
        if whole:
            yield _escape_json(thread.model_dump_json())
        else:
            yield from json_lines(thread)


def _jsonl(threads: Iterable[Thread], shape: Shape) -> Iterator[str]:
    for line in _objects(threads, whole=shape.whole):
        yield line + "\n"


def _json(threads: Iterable[Thread], shape: Shape) -> Iterator[str]:
    before = "[\n"
    for line in _objects(threads, whole=shape.whole):
        yield before + line
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


# CSV: one object inside another becomes columns of its own, a list becomes JSON.


def _csv(threads: Iterable[Thread], shape: Shape) -> Iterator[str]:
    model = Thread if shape.whole else PostRow
    columns = [name for name in _columns(model) if name not in ("body_html", "body_markdown")]  # `body` is the chosen
    line = io.StringIO()
    rows = csv.DictWriter(line, columns, extrasaction="ignore", lineterminator="\n")
    rows.writeheader()
    yield line.getvalue()
    for thread in threads:
        for row in [thread.model_dump(mode="json")] if shape.whole else post_rows(thread):
            for post in row["posts"] if shape.whole else [row]:
                post["body"] = _rich_body(post, shape.body) or post["body"]
            line.seek(0)
            line.truncate()
            rows.writerow({name: _cell(value) for name, value in _flat(row)})
            yield line.getvalue()


def _columns(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        if nested := _nested(field.annotation):
            yield from _columns(nested, f"{prefix}{name}_")
        else:
            yield prefix + name


def _nested(annotation: object) -> type[BaseModel] | None:
    """Find the model of a field that holds one object."""
    kinds = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def _flat(row: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        yield prefix + name, value
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}_")


def _cell(value: object) -> str:
    """Write a value as a cell that no spreadsheet takes for a formula."""
    if value is None or value in ([], {}):
        return ""
    if not isinstance(value, str):
        return _escape_json(json.dumps(value, ensure_ascii=False))
    return visible(f"'{value}" if value.startswith(_FORMULA) else value)


# Markdown and text: documents to read.


def _markdown(threads: Iterable[Thread], shape: Shape) -> Iterator[str]:
    for thread in threads:
        yield visible(f"# {_inline(thread.subject or 'Untitled')}\n\n")
        if thread.url:
            yield f"<{_address(thread.url)}>\n\n"
        for post in thread.posts:
            yield visible(_markdown_post(post, shape.body))


def _markdown_post(post: Post, body: Body) -> str:
    parts = [f"## {' · '.join(_inline(part) for part in _heading(post))}"]
    for quote in post.quotes:
        words = [f"**{_inline(quote.author or '?')}**", *map(_inline, quote.text.splitlines())]
        parts.append("\n".join(f"> {line}  " for line in words).rstrip())
    parts.extend(f"*{_inline(notice.text)}*" for notice in post.notices)
    parts.append(_rich_body(post.__dict__, body) or "  \n".join(map(_inline, post.body.splitlines())))
    parts.append("\n".join(f"- [{_inline(name)}](<{_address(url)}>)" for name, url in _files(post)))
    return "\n\n".join(filter(None, parts)) + "\n\n"


def _text(threads: Iterable[Thread], shape: Shape) -> Iterator[str]:
    for thread in threads:
        yield visible_line(thread.subject or "Untitled") + "\n"
        if thread.url:
            yield visible_line(thread.url) + "\n"
        yield "\n"
        for post in thread.posts:
            yield visible(_text_post(post, shape.body))


def _text_post(post: Post, body: Body) -> str:
    lines = [f"--- {' · '.join(' '.join(part.split()) for part in _heading(post))}"]
    for quote in post.quotes:
        lines.extend(f"> {line}" for line in [f"{quote.author or '?'}:", *quote.text.splitlines()])
    lines.extend(f"[{notice.text}]" for notice in post.notices)
    lines.append(_rich_body(post.__dict__, body) or post.body)
    lines.extend(f"{name} {url}" for name, url in _files(post))
    return "\n".join(filter(None, lines)) + "\n\n"


def _heading(post: Post) -> Iterator[str]:
    if post.floor is not None:
        yield str(post.floor)
    yield post.author.name or ("anonymous" if post.author.anonymous else "?")
    when = post.timestamp.isoformat(" ") if post.timestamp else post.timestamp_text
    if when:
        yield when


def _files(post: Post) -> Iterator[tuple[str, str]]:
    """List the files that the body does not show, name and address."""
    for file in post.attachments:
        if file.url and not file.inline:
            yield file.filename or str(file.aid), file.url


def _rich_body(post: Mapping[str, Any], body: Body) -> str | None:
    """Take the body in a form other than text; None where that was not asked for, or not parsed."""
    rich: str | None = None if body is Body.text else post[f"body_{body}"]
    return rich


def _inline(text: str) -> str:
    """Make one line of Markdown of a page's words that shows them as they are."""
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(text.split()))


def _address(url: str) -> str:
    """Make a URL stay between angle brackets."""
    return visible_line(url).replace("<", "%3C").replace(">", "%3E")


FORMATS: dict[Format, Writer] = {
    Format.jsonl: _jsonl,
    Format.json: _json,
    Format.csv: _csv,
    Format.markdown: _markdown,
    Format.text: _text,
}
"""Name of a format to its writer."""
