"""What a try is told: the settings of its client, and the one thing to fetch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any, BinaryIO

from discuz_scrape._saved import Store
from discuz_scrape.fetch._policy import Budget
from discuz_scrape.models import Page

if TYPE_CHECKING:
    from discuz_scrape.fetch._cache import Cache

__all__ = ["Ask", "Fetched", "Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a client was told, as far as one try needs it."""

    interval: float
    jitter: float
    robots: bool
    agent: str
    """Our name in robots.txt."""
    headers: Mapping[str, str]
    subdomains: bool
    max_bytes: int
    rules: tuple[str, ...]
    parsing: Mapping[str, Any]
    store: Store | None
    cache: Cache | None
    jar: CookieJar
    sends_cookies: bool
    """Whether cookies are sent from the jar, and taken into it, by us; else whoever sends does it himself."""
    clock: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to fetch."""

    url: str
    home: str
    """An address of the site that the caller asked for; nothing leaves it."""
    budget: Budget
    """The time that is left for it."""
    exempt: bool = False
    """Whether robots.txt has no say: for itself, and for the login that the caller asked for."""
    form: bytes | None = None
    """What to post; None for GET."""
    into: BinaryIO | None = field(default=None, repr=False)
    """Where to write the body to; None to keep it in memory."""
    is_guest: bool = False
    """Whether nothing goes along that the caller has for his own site: the address is that of a stranger."""
    is_cut: bool = False
    """Whether no more is read than counts in robots.txt."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page, and how it came."""

    page: Page
    redirected: bool
    """Whether the forum answered with a redirect to the very page first."""
