"""What surrounds the content of every archiver page: path, pager, and the link to the page that it stands for."""

from __future__ import annotations

import re
from typing import Any

from discuz_scrape import _urls
from discuz_scrape._html import TAG_IDS, Node, elements, first, one_line, select, text_of
from discuz_scrape._source import Source

__all__ = ["Frame"]

_A, _STRONG = TAG_IDS["a"], TAG_IDS["strong"]
_FOLDER = "archiver/"
_ARCHIVER = re.compile(r"\s*['’]s\s+Archiver$", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,9}")
_PAGE = re.compile(r"&page=\d{1,9}$")
_REWRITTEN_PAGE = re.compile(r"((?:^|/)(?:thread|forum|group)-\w{1,40})-\d{1,9}((?:-\d{1,9})?\.html)$")
_AHEAD = 9  # pages that the pager names after this one

Record = dict[str, Any]


class Frame:
    """The parts of an archiver page around its content."""

    def __init__(self, page: Source) -> None:
        page.forget_footer()
        self.page = page
        self.root = page.root
        self.path = [
            (href, words)
            for link in select(self.root, "#nav a[href]")
            if (words := one_line(text_of(link))) and (href := link.attributes.get("href"))
        ]
        """The links of the path, as written: the board's is the last one, and what the page shows has none."""
        self.original = first(self.root, "#end a[href]")
        """The link to the page that this one stands for; its words are the whole title."""

    @property
    def breadcrumbs(self) -> tuple[Record, ...]:
        """The path, as a model has it."""
        return tuple({"url": url, "text": words} for href, words in self.path if (url := self.page.absolute(href)))

    @property
    def url(self) -> str | None:
        """The page's own name for what it stands for, else the link to it: its first page."""
        href = _PAGE.sub("", self.original_href or "")
        return self.page.absolute(self.page.canonical()) or self.page.absolute(_REWRITTEN_PAGE.sub(r"\1-1\2", href))

    @property
    def original_href(self) -> str | None:
        """Where the link at the end leads, as written."""
        return self.original.attributes.get("href") if self.original is not None else None

    @property
    def title(self) -> str | None:
        """The words of the link at the end, else those behind the path, else the page's title."""
        words = one_line(text_of(self.original)) if self.original is not None else None
        return words or self._end_of_path() or self.page.title({name for _, name in self.path})

    def _end_of_path(self) -> str | None:
        links = select(self.root, "#nav a")
        last = links[-1].next if links else None
        return (one_line(text_of(last)) or "").lstrip("›>» ") or None if last is not None else None

    def pages(self) -> tuple[int | None, int | None]:
        """Number of this page, and of the last one where the pager reaches it."""
        pager = next(reversed(select(self.root, "div.page")), None)
        if pager is None:
            told = (_urls.page_in(href) for href in (self.page.url, self.original_href))
            return next(filter(None, told), None), None
        current, last = None, 0
        for node in elements(pager):
            found = _NUMBER.search(text_of(node)) if node.tag_id in (_A, _STRONG) else None
            if found is not None:
                last = max(last, int(found.group()))
                if node.tag_id == _STRONG:
                    current = int(found.group())
        if current is None:
            return None, None
        return current, last if last < current + _AHEAD else None

    def boards(self, box: Node) -> tuple[Record, ...]:
        """The boards that a list links to."""
        page = self.page
        return tuple(
            {"fid": _urls.fid_in(href), "name": words, "url": page.absolute(href)}
            for link in select(box, "li a[href]")
            if (words := one_line(text_of(link))) and (href := link.attributes.get("href"))
        )

    def site(self) -> Record:
        """The record of the forum, whose root lies above the archiver's."""
        head = first(self.root, "#header h2")
        words = _ARCHIVER.sub("", one_line(text_of(head)) or "") if head is not None else None
        site = self.page.site(words or None)
        if site["url"] is not None:
            site["url"] = site["url"].removesuffix(_FOLDER)
        return site
