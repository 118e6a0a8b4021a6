"""What the options of the command line say."""

from __future__ import annotations

import codecs
import getpass
import os
import re
import warnings
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import typer

from discuz_scrape._rewrite import DEFAULT_RULES, compile_rules
from discuz_scrape.output import ROWS, visible_line

DEFAULT_OFFSET = timezone(timedelta(hours=8))
KINDS = ", ".join(ROWS)
PASSWORD = "DISCUZ_SCRAPE_PASSWORD"  # noqa: S105 - where it is looked for
_OFFSET = re.compile(r"([+-])(\d{1,2})(?::?(\d{2}))?")
_PAGES = re.compile(r"(?P<start>[1-9]\d{0,8})?(?P<more>-)?(?P<stop>(?<=-)[1-9]\d{0,8})?", re.ASCII)


def read_timezone(name: str) -> tzinfo:
    """Read an IANA name or an offset such as +08:00."""
    if match := _OFFSET.fullmatch(name):
        sign, hours, minutes = match.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        if offset < timedelta(hours=24):
            return timezone(-offset if sign == "-" else offset)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise typer.BadParameter(f"{name!r} is neither an IANA time zone nor an offset such as +08:00") from error


def read_time(text: str, zone: tzinfo | None) -> datetime:
    """Read an ISO time; one without an offset is a wall clock in the zone given, else +08:00."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not an ISO time such as 2024-05-01T12:00:00+08:00") from error
    return time if time.tzinfo else time.replace(tzinfo=zone or DEFAULT_OFFSET)


def read_pages(text: str) -> tuple[int | None, int | None]:
    """Read the numbers of the first and the last page: 2-5, 3, 3- or -5."""
    found = _PAGES.fullmatch(text)
    start, stop = (int(found[name]) if found and found[name] else None for name in ("start", "stop"))
    if not found or (start is None and stop is None) or (start and stop and stop < start):
        raise typer.BadParameter(f"{text!r} are no pages: write 2-5, 3, 3- or -5")
    return start, stop if found["more"] else start


def read_password(user: str) -> str:
    """Take the password of a member from the environment, else ask for it; it is never shown."""
    password = os.environ.get(PASSWORD, "")
    if password:
        return password
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would be shown
            password = getpass.getpass(f"Password of {visible_line(user)}: ")
    except (getpass.GetPassWarning, EOFError):
        raise typer.BadParameter(f"there is no terminal to ask for the password: set {PASSWORD}") from None
    if not password:
        raise typer.BadParameter("no password was given")
    return password


def read_rules(patterns: list[str]) -> tuple[str, ...]:
    """Check rewrite patterns; the usual ones come after those given."""
    try:
        compile_rules(patterns)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    return (*patterns, *DEFAULT_RULES)


def read_kinds(names: list[str]) -> list[str]:
    """Check names of kinds of page."""
    if unknown := [name for name in names if name not in ROWS]:
        raise typer.BadParameter(f"{unknown[0]!r} is no kind of page: choose from {KINDS}")
    return names


def read_encoding(name: str) -> str:
    """Check the name of a character encoding; give it as a content type."""
    try:
        codecs.lookup(name)
    except (LookupError, ValueError) as error:
        raise typer.BadParameter(f"{name!r} is no encoding known to Python") from error
    return f"text/html; charset={name}"
