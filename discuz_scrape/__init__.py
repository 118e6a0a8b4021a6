"""Turn Discuz! forum pages into clean, typed posts."""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from discuz_scrape._doors import parse_page, parse_text, parse_thread
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
    from discuz_scrape.models import (
        Activity,
        Announcement,
        Attachment,
        Author,
        BestAnswer,
        Board,
        BoardInfo,
        BoardSummary,
        Category,
        Comment,
        Debate,
        DebateSide,
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
        Poll,
        PollOption,
        Post,
        Quote,
        Rating,
        Reward,
        Site,
        Thread,
        ThreadSummary,
        ThreadType,
    )

__version__ = "0.1.0"

__all__ = [  # noqa: RUF022 - sorted as people read, not by case
    "__version__",
    "Activity",
    "Announcement",
    "Attachment",
    "Author",
    "BestAnswer",
    "Board",
    "BoardInfo",
    "BoardSummary",
    "Category",
    "ChallengeError",
    "Comment",
    "Debate",
    "DebateSide",
    "DiscuzScrapeError",
    "Edit",
    "Feed",
    "FeedEntry",
    "FetchError",
    "Field",
    "Forum",
    "ForumIndex",
    "ForumStats",
    "Goods",
    "Image",
    "Issue",
    "LastPost",
    "Link",
    "LoginRequiredError",
    "Mention",
    "Moderation",
    "NotFoundError",
    "Notice",
    "NoticeError",
    "Online",
    "parse_page",
    "parse_text",
    "parse_thread",
    "ParseError",
    "PasswordRequiredError",
    "PermissionDeniedError",
    "Poll",
    "PollOption",
    "Post",
    "Quote",
    "RateLimitedError",
    "Rating",
    "Reward",
    "Site",
    "SiteClosedError",
    "SiteFaultError",
    "Thread",
    "ThreadSummary",
    "ThreadType",
]

_HOMES = ("discuz_scrape.errors", "discuz_scrape._doors", "discuz_scrape.models")


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
