"""Every error that leaves the library.

    DiscuzScrapeError
    ├── ParseError               not a page that we can read
    ├── NoticeError              the forum answered with a message or a wall instead of the page
    │   ├── NotFoundError            thread, board, post or user missing, deleted or under review
    │   ├── LoginRequiredError       only members may see it
    │   ├── PermissionDeniedError    the viewer's group, read level or credits do not suffice
    │   ├── PasswordRequiredError    the board asks for its password
    │   ├── SiteClosedError          closed by its owner, for now or at this hour
    │   ├── SiteFaultError           Discuz's own "System Error" or "Database Error" page
    │   ├── RateLimitedError         too fast, or too often
    │   └── ChallengeError           script redirect, sum to solve, captcha, firewall page
    └── FetchError               the page could not be fetched

A message page is never an empty result: whatever door it comes through, it raises the class that says what it is.
"""

from __future__ import annotations

from typing import Any, ClassVar


class DiscuzScrapeError(Exception):
    """Base of all errors of this library."""

    exit_code: ClassVar[int] = 1
    """What the command line adds to its exit status when an input fails this way."""

    url: str | None
    """Address of the page where the caller gave one, else None."""

    state: dict[str, Any] | None = None
    """Where a walk stood that ended with this error: a cursor to go on with, for JSON. None outside of walks."""

    def __init__(self, message: str, *, url: str | None = None) -> None:
        super().__init__(message)
        self.url = url

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with the attributes, so that an error can cross a process border."""
        return (_rebuild, (type(self), self.args, self.__dict__.copy()))


def _rebuild(kind: type[DiscuzScrapeError], args: tuple[object, ...], state: dict[str, object]) -> DiscuzScrapeError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ParseError(DiscuzScrapeError):
    """Not a page that we can read: not Discuz, not the kind asked for, too deep or too large, nothing on it."""

    exit_code = 4


class NoticeError(DiscuzScrapeError):
    """The forum answered with a message instead of the page; raised itself when the message is of an unknown kind."""

    exit_code = 8

    text: str
    """The forum's own words, as plain text; "" where the page has none (a bare script redirect)."""

    def __init__(self, message: str, *, text: str, url: str | None = None) -> None:
        super().__init__(message, url=url)
        self.text = text


class NotFoundError(NoticeError):
    """Thread, board, post, user or attachment missing, deleted or under review: Discuz tells these apart nowhere."""


class LoginRequiredError(NoticeError):
    """Only members may see this page; the forum offers its login form."""


class PermissionDeniedError(NoticeError):
    """The viewer's group, read level, credits or medals do not suffice, or the account is banned."""


class PasswordRequiredError(NoticeError):
    """The board asks for a password of its own."""


class SiteClosedError(NoticeError):
    """The owner closed the site, altogether or at this hour of the day."""


class SiteFaultError(NoticeError):
    """Discuz's own "System Error" or "Database Error" page: worth another try later."""


class RateLimitedError(NoticeError):
    """Too fast or too often: a flood page, a search interval, a posting interval, too many failed logins."""

    retry_after: float | None
    """Seconds to wait where the page names them, else None."""

    def __init__(self, message: str, *, text: str, url: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, text=text, url=url)
        self.retry_after = retry_after


class ChallengeError(NoticeError):
    """A script redirect, a sum to solve, a captcha or a firewall's page: stop, ask a person. Never solved here."""


class FetchError(DiscuzScrapeError):
    """The page could not be fetched: robots.txt, status, size, or retries used up (the last failure is `__cause__`)."""

    exit_code = 16
