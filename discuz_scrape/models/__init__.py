"""What a page becomes: frozen, picklable pydantic models.

A field that the page does not show is None, never "" or 0. Sequences are tuples, URLs absolute, times aware: they are
in the offset that the page itself is written in (`Site.utc_offset`). Names are Discuz's own: tid, fid, pid, uid, aid,
floor.
"""

from typing import Annotated, TypeAlias

from pydantic import Discriminator

from discuz_scrape.models._base import Author, AuthorKind, Forum, Issue, Link, Model, Site
from discuz_scrape.models.board import (
    Announcement,
    Board,
    BoardInfo,
    BoardSummary,
    LastPost,
    Sticky,
    ThreadSummary,
    ThreadType,
)
from discuz_scrape.models.detection import Detection
from discuz_scrape.models.feed import Feed, FeedEntry
from discuz_scrape.models.index import Category, ForumIndex, ForumStats, Online
from discuz_scrape.models.lists import (
    Announcements,
    AnnouncementText,
    ListName,
    Tag,
    TagIndex,
    ThreadList,
    UserPost,
    UserPosts,
)
from discuz_scrape.models.page_ref import AttachmentToken, Face, PageKind, PageRef
from discuz_scrape.models.post import (
    Attachment,
    Comment,
    DebateSideName,
    Edit,
    Image,
    Mention,
    Notice,
    NoticeKind,
    Post,
    Quote,
    Rating,
    Status,
)
from discuz_scrape.models.space import Counters, UserProfile
from discuz_scrape.models.thread import (
    Activity,
    BestAnswer,
    Debate,
    DebateSide,
    Field,
    Goods,
    Moderation,
    Poll,
    PollOption,
    Reward,
    Special,
    Thread,
)

Page: TypeAlias = Annotated[
    Thread
    | Board
    | ForumIndex
    | ThreadList
    | UserPosts
    | UserProfile
    | TagIndex
    | Announcements
    | Feed,
    Discriminator("kind"),
]
"""Whatever page was read: its `kind` tells which. `pydantic.TypeAdapter(Page)` reads it back from JSON."""

__all__ = [
    "Activity",
    "Announcement",
    "AnnouncementText",
    "Announcements",
    "Attachment",
    "AttachmentToken",
    "Author",
    "AuthorKind",
    "BestAnswer",
    "Board",
    "BoardInfo",
    "BoardSummary",
    "Category",
    "Comment",
    "Counters",
    "Debate",
    "DebateSide",
    "DebateSideName",
    "Detection",
    "Edit",
    "Face",
    "Feed",
    "FeedEntry",
    "Field",
    "Forum",
    "ForumIndex",
    "ForumStats",
    "Goods",
    "Image",
    "Issue",
    "LastPost",
    "Link",
    "ListName",
    "Mention",
    "Model",
    "Moderation",
    "Notice",
    "NoticeKind",
    "Online",
    "Page",
    "PageKind",
    "PageRef",
    "Poll",
    "PollOption",
    "Post",
    "Quote",
    "Rating",
    "Reward",
    "Site",
    "Special",
    "Status",
    "Sticky",
    "Tag",
    "TagIndex",
    "Thread",
    "ThreadList",
    "ThreadSummary",
    "ThreadType",
    "UserPost",
    "UserPosts",
    "UserProfile",
]
