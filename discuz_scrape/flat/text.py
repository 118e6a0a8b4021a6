"""The door: a flattened page in, a thread out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import NoReturn

from discuz_scrape._bounds import check_size
from discuz_scrape._dates import DEFAULT_OFFSET, Clock, day_order, offset_text, read_footer
from discuz_scrape._urls import tid_in
from discuz_scrape.errors import ParseError
from discuz_scrape.flat._authors import read_author
from discuz_scrape.flat._below import cut_below, cut_remarks
from discuz_scrape.flat._body import Body, cut_box_of_files, cut_lead, cut_notices, read_state
from discuz_scrape.flat._chrome import COPY_LINK, POWERED
from discuz_scrape.flat._files import cut_files, cut_list_of_files
from discuz_scrape.flat._floors import infer_floors
from discuz_scrape.flat._header import Header
from discuz_scrape.flat._lines import LONGEST, Line, split_lines
from discuz_scrape.flat._marks import Mark, find_marks
from discuz_scrape.flat._quotes import cut_quotes
from discuz_scrape.flat._repeated import cut_advertisements, cut_signatures
from discuz_scrape.flat._segments import Segment, split_posts
from discuz_scrape.models import Author, Issue, Post, Site, Thread
from discuz_scrape.pages.notice import refuse_words

_MAX_LINES = 100_000  # a hundred posts with a line for each text node and all white space have 50,000
_FOOTER_REACH = 16384  # characters of a page's end that are looked at for its version and name
_HEADER_REACH = 400  # lines of a message page that may stand above its message

_version = re.compile(r"Powered\s+by\s+(?:Discuz!\s*)?(X?\d+(?:\.\d+)*)\b", re.IGNORECASE)
_licence = re.compile(r"(?:^|[|\n])[^\S\n]*+([^|\n()]{1,60}?)\s*+\(\s*+[^()\n]{0,12}ICP", re.IGNORECASE)
_message_title = re.compile(r"提示信息(?:\s+-\s|\s*$)")
_sorry = re.compile(r"抱歉|[对對]不起|您需要先登[录錄]|您[无無][权權]")
_sentence = re.compile("[，。！]")
_not_the_message = re.compile(r"^只需一步|[没沒]有自[动動]跳[转轉]|^[请請]\s*登[录錄]\s*[后後]使用")


def parse_text(
    text: str, *, url: str | None = None, timezone: tzinfo | None = None, now: datetime | None = None
) -> Thread:
    """Read a thread page that is plain text already, as corpora made of crawls hold it.

    What a text cannot tell is None: numbers of thread, posts and members, links, pictures. `timezone` is used where the
    footer has no offset, `now` for relative times where it has no clock. Raises ParseError for anything else than a
    thread page, and the NoticeError class of a message page.
    """
    check_size(text, url)
    _check_lines(text, url)
    lines = split_lines(text)
    marks = find_marks(lines)
    footer = text[-_FOOTER_REACH:]
    if not _is_thread(footer, lines, marks):
        _refuse(lines, url)
    header = Header(lines[: marks[0].top])
    clock, rendered, is_assumed = _read_clock(text, timezone, now, [mark.time or "" for mark in marks])
    segments = split_posts(lines, marks, header.column())
    subject, type_name = header.subject_and_type()
    posts, first = _read_posts(segments, clock, page=header.page(), subject=subject)
    views, replies = header.views or (None, None)
    starter = header.starter()
    return Thread(
        tid=tid_in(url),
        url=url,
        subject=subject,
        type_name=type_name,
        forum=header.forum(),
        author=posts[0].author if posts[0].is_first else Author(name=starter) if starter else None,
        views=views,
        replies=replies,
        page=header.page(),
        total_pages=header.total_pages(),
        special=first.special,
        tags=first.tags,
        posts=posts,
        moderation=first.moderation,
        site=Site(
            name=_site_name(header, footer),
            version=next(reversed(_version.findall(footer)), None),
            utc_offset=offset_text(clock.offset, rendered),
            utc_offset_assumed=is_assumed,
            rendered_at=rendered,
        ),
        issues=tuple(_issues(posts)),
    )


def _check_lines(text: str, url: str | None) -> None:
    if text.count("\n") + text.count("\r") > _MAX_LINES:
        raise ParseError(f"the text has more than {_MAX_LINES:,} lines", url=url)


def _read_clock(
    text: str, given: tzinfo | None, now: datetime | None, times: Sequence[str]
) -> tuple[Clock, datetime | None, bool]:
    """The clock of the page, the moment in its footer, and whether its offset is only assumed."""
    offset, words = read_footer(text)
    zone = offset or given or DEFAULT_OFFSET
    order = day_order([*times, words or ""])
    rendered = Clock(zone, None, order).read(words) if words else None
    if order is None and rendered is not None:
        order = day_order(times, rendered)
    return Clock(zone, rendered or now, order), rendered, offset is None and given is None


def _site_name(header: Header, footer: str) -> str | None:
    return header.site_name() or next(reversed(_licence.findall(footer)), None) or header.first_line()


# ---------------------------------------------------------------- posts


def _read_posts(
    segments: Sequence[Segment], clock: Clock, *, page: int | None, subject: str | None
) -> tuple[tuple[Post, ...], Body]:
    """All posts, and the first body for what it told of the thread."""
    floors = infer_floors((segment.mark.floor for segment in segments), page)
    authors = [_author(segment) for segment in segments]
    names = [author.name for author in authors]
    cut_advertisements(segments)
    bodies = []
    for segment, (number, _) in zip(segments, floors, strict=True):
        body = Body(segment.body, clock)
        _read_body(body, first=number == 1)
        segment.body = body.lines
        bodies.append(body)
    cut_signatures(segments, names)
    cut_quotes(bodies, names)
    posts = list(map(_post, segments, bodies, authors, floors))
    if posts[0].is_first:
        posts[0] = posts[0].model_copy(update={"subject": subject})
    return tuple(posts), bodies[0]


def _author(segment: Segment) -> Author:
    mark = segment.mark
    if mark.deleted:
        return Author()
    return Author(name=mark.name) if mark.name else read_author(segment.column, anonymous=mark.anonymous)


def _read_body(body: Body, *, first: bool) -> None:
    cut_remarks(body)
    cut_box_of_files(body)
    cut_list_of_files(body)
    cut_below(body, first=first)
    cut_lead(body)
    if not read_state(body):
        cut_files(body)
        cut_notices(body)


def _post(segment: Segment, body: Body, author: Author, floor: tuple[int | None, bool]) -> Post:
    mark = segment.mark
    is_sticky = mark.floor is not None and mark.floor.sticky
    is_first = floor[0] == 1 and not is_sticky
    return Post(
        floor=floor[0],
        floor_inferred=floor[1],
        is_first=is_first,
        is_starter=is_first or mark.starter,
        sticky=is_sticky,
        recommended=mark.floor is not None and mark.floor.recommended,
        author=author,
        timestamp=body.clock.read(mark.time) if mark.time else None,
        timestamp_text=mark.time,
        client=mark.client,
        location=mark.place,
        body=body.text(),
        quotes=(body.quote,) if body.quote else (),
        edit=body.edit,
        status="deleted" if mark.deleted else body.status,
        notices=tuple(body.notices),
        signature="\n".join(line.text for line in segment.signature) or None,
    )


def _issues(posts: Sequence[Post]) -> list[Issue]:
    return [
        Issue(path=f"posts[{index}].timestamp", message=f"not a time that can be read: {post.timestamp_text}")
        for index, post in enumerate(posts)
        if post.timestamp is None and post.timestamp_text
    ]


# ---------------------------------------------------------------- what is no thread page


def _is_thread(footer: str, lines: Sequence[Line], marks: Sequence[Mark]) -> bool:
    """Whether the date lines stand in a page of Discuz!: beside words that no other text has around them."""
    if any(mark.floor or mark.has_tail for mark in marks):
        return True
    return POWERED.search(footer) is not None and any(
        COPY_LINK.fullmatch(line.text) for mark in marks[:1] for line in lines[: mark.top]
    )


def _refuse(lines: Sequence[Line], url: str | None) -> NoReturn:
    """Raise what a text is that has no post in it."""
    if any(_message_title.match(line.text) for line in lines[:3]):
        refuse_words(_message(lines), url=url)
    if not lines:
        raise ParseError("an empty text", url=url)
    raise ParseError(f"no flattened Discuz! thread page (begins with {lines[0].text[:60]!r})", url=url)


def _message(lines: Sequence[Line]) -> str:
    """The words of a message page: a sentence between the header's menus and the footer."""
    texts = [line.text[:LONGEST] for line in lines[1:_HEADER_REACH]]
    sentences = [text for text in texts if _sentence.search(text) and not _not_the_message.search(text)]
    return next(filter(_sorry.search, sentences), next(iter(sentences), ""))
