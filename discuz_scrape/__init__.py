"""Turn Discuz! forum pages into clean, typed posts."""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from discuz_scrape._detect import detect
    from discuz_scrape._doors import parse_page, parse_text, parse_thread
    from discuz_scrape.bulk import Result, parse_many
    from discuz_scrape.errors import (
        ChallengeError,
        DiscuzScrapeError,
        FetchError,
        LoginRequiredError,
        NotFoundError,
        NoticeError,
        ParseError,
        PasswordRequiredError,
        PermissionDeniedError,
        RateLimitedError,
        SiteClosedError,
        SiteFaultError,
    )
    from discuz_scrape.fetch import AsyncClient, AsyncPages, Client, Pages, Stats, fetch_thread
    from discuz_scrape.models import (
        Activity,
        Announcement,
        Announcements,
        AnnouncementText,
        Attachment,
        AttachmentToken,
        Author,
        BestAnswer,
        Board,
        BoardInfo,
        BoardSummary,
        Category,
        Comment,
        Counters,
        Debate,
        DebateSide,
        Detection,
        Edit,
        Feed,
        FeedEntry,
        Field,
        Forum,
        ForumIndex,
        ForumStats,
        Goods,
        Image,
        Issue,
        LastPost,
        Link,
        Mention,
        Moderation,
        Notice,
        Online,
        Page,
        PageRef,
        Poll,
        PollOption,
        Post,
        Quote,
        Rating,
        Reward,
        Site,
        Tag,
        TagIndex,
        Thread,
        ThreadList,
        ThreadSummary,
        ThreadType,
        UserPost,
        UserPosts,
        UserProfile,
    )
    from discuz_scrape.urls import DEFAULT_RULES, board_url, canonical_url, learn_rules, parse_url, thread_url
    from discuz_scrape.walk import BoardWalk, ThreadWalk, merged

__version__ = "0.1.0"

__all__ = [  # noqa: RUF022 - sorted as people read, not by case
    "__version__",
    "Activity",
    "Announcement",
    "Announcements",
    "AnnouncementText",
    "AsyncClient",
    "AsyncPages",
    "Attachment",
    "AttachmentToken",
    "Author",
    "BestAnswer",
    "Board",
    "board_url",
    "BoardInfo",
    "BoardSummary",
    "BoardWalk",
    "canonical_url",
    "Category",
    "ChallengeError",
    "Client",
    "Comment",
    "Counters",
    "Debate",
    "DebateSide",
    "DEFAULT_RULES",
    "detect",
    "Detection",
    "DiscuzScrapeError",
    "Edit",
    "Feed",
    "FeedEntry",
    "fetch_thread",
    "FetchError",
    "Field",
    "Forum",
    "ForumIndex",
    "ForumStats",
    "Goods",
    "Image",
    "Issue",
    "LastPost",
    "learn_rules",
    "Link",
    "LoginRequiredError",
    "Mention",
    "merged",
    "Moderation",
    "NotFoundError",
    "Notice",
    "NoticeError",
    "Online",
    "Page",
    "PageRef",
    "Pages",
    "parse_many",
    "parse_page",
    "parse_text",
    "parse_thread",
    "parse_url",
    "ParseError",
    "PasswordRequiredError",
    "PermissionDeniedError",
    "Poll",
    "PollOption",
    "Post",
    "Quote",
    "RateLimitedError",
    "Rating",
    "Result",
    "Reward",
    "Site",
    "SiteClosedError",
    "SiteFaultError",
    "Stats",
    "Tag",
    "TagIndex",
    "Thread",
    "thread_url",
    "ThreadList",
    "ThreadSummary",
    "ThreadType",
    "ThreadWalk",
    "UserPost",
    "UserPosts",
    "UserProfile",
]

_HOMES = (
    "discuz_scrape.errors",
    "discuz_scrape._doors",
    "discuz_scrape.models",
    "discuz_scrape.urls",
    "discuz_scrape._detect",
    "discuz_scrape.walk",
    "discuz_scrape.fetch",
    "discuz_scrape.bulk",
)


def __getattr__(name: str) -> object:
    """Load a public name when it is first used: pydantic's models and the parser take their time to load."""
    if name in __all__:
        for home in _HOMES:
            module = _import_module(home)
            if hasattr(module, name):
                globals()[name] = getattr(module, name)
                return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
