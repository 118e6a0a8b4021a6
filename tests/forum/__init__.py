"""A small forum on loopback, with pages as Discuz! X3.4 serves them, that misbehaves when it is told to.

    forum = Forum(per_page=10)
    thread = forum.thread(12, posts=25)
    forum.fail("tid=12", "busy", times=2)
    forum.before("page=2", lambda: thread.delete(thread.posts[3]))
    with forum.served() as site:
        ...  # ask for f"{site.url}forum.php?mod=viewthread&tid=12", then look at site.log

The kinds of faults and their options are the functions of `forum.faults`.
"""

from forum.data import Author, Board, Comment, File, Member, Post, Rating, Thread
from forum.faults import KINDS
from forum.serve import Site
from forum.site import STOCK_ROBOTS, Forum
from forum.wire import Answer, Request

__all__ = [
    "KINDS", "STOCK_ROBOTS", "Answer", "Author", "Board", "Comment", "File", "Forum", "Member", "Post", "Rating",
    "Request", "Site", "Thread",
]  # fmt: skip
