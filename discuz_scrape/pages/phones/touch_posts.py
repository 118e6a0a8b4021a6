"""What a member replied, in the touch template (`mobile=2`): up to X3.4 only the threads, since X3.5 some words too."""

from __future__ import annotations

from discuz_scrape._html import TAG_IDS, Node, select, topmost
from discuz_scrape._source import Source
from discuz_scrape.models import UserPosts
from discuz_scrape.pages.lists._lists import complete
from discuz_scrape.pages.members.user_posts import PostsReader
from discuz_scrape.pages.phones._phone import forum_name
from discuz_scrape.pages.phones._touch_rows import lists_of, read_touch_row, touch_rows
from discuz_scrape.pages.phones.touch_member_threads import read_touch_member

__all__ = ["read"]

_A = TAG_IDS["a"]


def read(page: Source) -> UserPosts:
    """One page of the list of replies or remarks in the member's space."""
    page.for_phones = True
    reader = _TouchPosts(page)
    for row in touch_rows(page, lists_of(page.root)):
        try:
            reader.row(row)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one row, the others come out
            page.note(f"posts[{len(reader.posts)}]", f"a row was left out: {type(error).__name__}: {error}")
    shown = {
        "list": "comments" if reader.comments else "replies",
        "member": read_touch_member(page),
        "posts": tuple(reader.posts),
    }
    return UserPosts.model_validate(complete(page, shown, forum_name(page)))


class _TouchPosts(PostsReader):
    """The posts as the entries of their threads are met."""

    comments = False

    def row(self, row: Node) -> None:
        """An entry: the thread, and the beginnings of posts in links, or a remark that is none."""
        self.open_thread(read_touch_row(self.page, row))
        if self.thread is None:
            return
        quotes = list(topmost(select(row, ".quote")))
        for box in quotes:
            if box.parent is not None and box.parent.tag_id == _A:
                self.post(box.parent)
            else:
                self.comments = True
                self.comment(box)
        if not quotes:
            self.keep(None)
