"""What a page says of itself before the first post: title, breadcrumb, subject, views."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from discuz_scrape.flat._authors import author_in
from discuz_scrape.flat._chrome import COPY_LINK, POWERED
from discuz_scrape.flat._lines import LONGEST, Line
from discuz_scrape.models import Forum

_state = re.compile(r"\((?:审核中|審核中|已忽略|草稿|隐藏|隱藏)\)")
_views = re.compile(r"查看[:：]\s*(\d+)\s*\|?\s*回[复復覆][:：]\s*(\d+)")
_page_of_title = re.compile(r"第\s*(\d{1,7})\s*[页頁]")
_pages = re.compile(r"/\s*(\d{1,7})\s*[页頁]")
_started_by = re.compile(r"(?:楼主|樓主)[:：]\s*(\S.{0,40})")
_type_alone = re.compile(r"\[([^\[\]]{1,40})\]")
_type_before = re.compile(r"\[([^\[\]]{1,40})\]\s*(?=\S)")

_TITLE_REACH = 3  # lines from the page's beginning
_COLUMN_REACH = 60  # lines from the first date line back, that the author's column may take
_HEADER_REACH = 40


class Header:
    """The lines before the first date line."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.title = next((line.text for line in lines[:_TITLE_REACH] if " - " in line.text), "")
        self.title_parts = [part.strip() for part in re.split(r"\s+-\s+", self.title)]
        self.is_powered = POWERED.search(self.title[-40:]) is not None
        """Whether the title ends as Discuz! ends its titles: subject, board, site, name of the software."""
        ends = range(len(lines) - 1, -1, -1)
        self.anchor = next((index for index in ends if COPY_LINK.search(lines[index].text[-LONGEST:])), None)
        """The line `[复制链接]`, which follows the subject."""

    def column(self) -> list[Line]:
        """The author's column of the first post: below the subject, else only where its name stands twice."""
        start = max(len(self.lines) - _COLUMN_REACH, 0)
        if self.anchor is not None:
            return list(self.lines[max(self.anchor + 1, start) :])
        column = list(self.lines[start:])
        return column if author_in(column) else []

    def subject_and_type(self) -> tuple[str | None, str | None]:
        """Subject and type."""
        subject, before = self._subject_line()
        if subject is None:
            return self.title_parts[0] or None, None
        if kind := _type_alone.fullmatch(before):
            return subject, kind[1]
        typed = _type_before.match(subject)
        if typed and self.title.startswith(subject[typed.end() :]):
            return subject[typed.end() :], typed[1]
        return subject, None

    def _subject_line(self) -> tuple[str | None, str]:
        """The subject's own line, and the one before it."""
        lines, at = self.lines, self.anchor
        if at is not None:
            text = _state.sub("", COPY_LINK.sub("", lines[at].text)).strip()
            while not text and at > 0:
                at -= 1
                text = _state.sub("", lines[at].text).strip()
            return text or None, lines[at - 1].text if at else ""
        for index in range(len(lines) - 1, 0, -1):
            if self.title.startswith(f"{lines[index].text} "):
                return lines[index].text, lines[index - 1].text
        return None, ""

    def site_name(self) -> str | None:
        """The site's name in the title, else at the head of the breadcrumb."""
        if self.is_powered and len(self.title_parts) > 2:
            return self.title_parts[-2] or None
        for index, line in enumerate(self.lines):
            name, mark, _ = line.text[:LONGEST].partition("»")
            if mark and (name.strip() or index):
                return name.strip() or self.lines[index - 1].text[:LONGEST]
        return None

    def first_line(self) -> str | None:
        """What a page without a title begins with: mostly the site's name."""
        first = "" if self.title or not self.lines else self.lines[0].text
        return first if 0 < len(first) <= 60 else None

    def forum(self) -> Forum | None:
        """The board, as the title names it."""
        parts = self.title_parts
        if not self.is_powered or len(parts) < 4 or _page_of_title.fullmatch(parts[-3]):
            return None
        return Forum(name=parts[-3])

    def page(self) -> int | None:
        """Number of the page in the title, which the first one has not."""
        numbers = [_page_of_title.fullmatch(part) for part in self.title_parts[1:]] if self.is_powered else []
        found = next(filter(None, numbers), None)
        return int(found[1]) if found else 1 if self.views else None

    def total_pages(self) -> int | None:
        """How many pages the thread has."""
        totals = [found[1] for line in self.lines[-_HEADER_REACH:] for found in _pages.finditer(line.text[:LONGEST])]
        return int(totals[-1]) if totals else 1 if self.views else None

    @cached_property
    def views(self) -> tuple[int, int] | None:
        """Views and replies, in the header of a first page."""
        found = _views.search("\n".join(line.text[:LONGEST] for line in self.lines[-_HEADER_REACH:]))
        return (int(found[1]), int(found[2])) if found else None

    def starter(self) -> str | None:
        """Who opened the thread, in the header of later pages."""
        started = (_started_by.fullmatch(line.text[:LONGEST]) for line in self.lines[-_HEADER_REACH:])
        return next((found[1] for found in started if found), None)
