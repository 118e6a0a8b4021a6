"""What the client says of itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["headers", "user_agent"]

_name = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}").fullmatch
_control = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]").search


def user_agent() -> str:
    """Give the User-Agent that is sent unless the caller has his own.

    It names the library for the forum's owner who reads his log. It begins as that of a desktop browser, and has no
    word by which Discuz knows robots (of whom it hides floors and links) or phones.
    """
    from discuz_scrape import __version__

    return f"Mozilla/5.0 (X11; Linux x86_64) discuz_scrape/{__version__}"


def headers(user_agent: str | None = None, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the headers of each request.

    Args:
        user_agent: The caller's own User-Agent, taken as it is.
        extra: What the caller adds; it goes before all others of the same name, in whatever case.

    Raises:
        ValueError: A header is none that can be sent. The message names it and never tells its value, which may be a
            secret.

    """
    given = _ours()
    if user_agent is not None:
        given["User-Agent"] = user_agent
    for name, value in (extra or {}).items():
        given = {other: kept for other, kept in given.items() if other.lower() != name.lower()}
        given[name] = value
    return {name: _checked(name, value) for name, value in given.items()}


def _ours() -> dict[str, str]:
    return {
        "User-Agent": user_agent(),
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
    }


def _checked(name: str, value: str) -> str:
    if not _name(name):
        raise ValueError(f"not a name of a header: {name[:100]!r}")
    if _control(value):
        raise ValueError(f"the header {name} has a line break or another control character in its value")
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        raise ValueError(f"the header {name} has letters beyond Latin-1 in its value; write them with %") from None
    return value.strip(" \t")
