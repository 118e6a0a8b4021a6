"""What a member replied: rows of threads, and below each the beginnings of the member's posts in it."""

from __future__ import annotations

import re

from discuz_scrape import _urls
from discuz_scrape._html import TAG_IDS, Node, children, first, one_line, outermost, select, text_of
from discuz_scrape._source import Source
from discuz_scrape.models import UserPosts
from discuz_scrape.pages.lists._lists import Record, complete, is_thread_row, settle_date_order
from discuz_scrape.pages.lists._rows import read_row
from discuz_scrape.pages.members._space import read_member
from discuz_scrape.pages.threads._head import permalink, thread_url

__all__ = ["PostsReader", "read"]

_TD = TAG_IDS["td"]
_NO_WORDS = re.compile(r"\.{3,6}").fullmatch
"""What Discuz writes for a post without words."""


def read(page: Source) -> UserPosts:
    """One page of the list, in the member's space or in the guide's view of one's own posts."""
    box = first(page.root, "form#delform, #threadlist") or page.root
    settle_date_order(page, select(box, "td em"))
    reader = PostsReader(page)
    for row in outermost(box, "tr"):
        try:
            reader.row(row)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one row, the others come out
            page.note(f"posts[{len(reader.posts)}]", f"a row was left out: {type(error).__name__}: {error}")
    shown: Record = {"member": read_member(page), "posts": tuple(reader.posts)}
    if first(page.root, 'a.a[href*="type=postcomment"], a.xw1[href*="type=postcomment"]') is not None:
        shown["list"] = "comments"
    return UserPosts.model_validate(complete(page, shown))


class PostsReader:
    """The posts as their rows are met, each with the thread in whose rows it stands."""

    def __init__(self, page: Source) -> None:
        self.page = page
        self.posts: list[Record] = []
        self.thread: Record | None = None
        self.pid: int | None = None

    def row(self, row: Node) -> None:
        """A row of a thread, or of posts in it."""
        if is_thread_row(row):
            self.open_thread(read_row(self.page, row))
            return
        links = [link for link in select(row, 'a[href*="findpost"]') if _urls.pid_in(link.attributes.get("href"))]
        if self.thread is None:
            return
        for link in links:
            self.post(link)
        if not links:
            cell = next((cell for cell in children(row) if cell.tag_id == _TD and cell.attributes.get("colspan")), None)
            if cell is not None:
                self.comment(cell)

    def open_thread(self, thread: Record | None) -> None:
        """The thread of what follows; its title leads to a post, mostly one without a number, so the link is mended."""
        self.thread = thread
        thread = thread or {}
        self.pid = _urls.pid_in(thread.get("url"))
        if thread.get("url") and "findpost" in thread["url"]:
            thread["url"] = thread_url(self.page, thread["tid"])

    def post(self, link: Node) -> None:
        """A post, by the link that holds its beginning."""
        href = link.attributes.get("href")
        tid = _urls.tid_in(href) or (self.thread or {}).get("tid")
        words = one_line(text_of(link))
        self.posts.append(
            {
                "pid": _urls.pid_in(href),
                "tid": tid,
                "url": self.page.absolute(href),
                "excerpt": None if words is None or _NO_WORDS(words) else words,
                "thread": self.thread,
            }
        )

    def comment(self, box: Node) -> None:
        """A remark is whole; the post that it is about is the one that the title leads to."""
        words = one_line(text_of(box))
        if words is not None:
            self.keep(words)

    def keep(self, words: str | None) -> None:
        """A post to which only the title of the thread leads."""
        tid = (self.thread or {}).get("tid")
        if tid is None:
            return
        post: Record = {"pid": self.pid, "tid": tid, "excerpt": words, "thread": self.thread}
        if self.pid is not None and (link := permalink(self.page, tid)) is not None:
            post["url"] = f"{link}{self.pid}"
        self.posts.append(post)
