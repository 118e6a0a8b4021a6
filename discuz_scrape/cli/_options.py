"""What the options of the command line say."""

from __future__ import annotations

import codecs
import re
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import typer

from discuz_scrape._rewrite import DEFAULT_RULES, compile_rules
from discuz_scrape.output import ROWS

DEFAULT_OFFSET = timezone(timedelta(hours=8))
KINDS = ", ".join(ROWS)
_OFFSET = re.compile(r"([+-])(\d{1,2})(?::?(\d{2}))?")


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


def read_now(text: str, zone: tzinfo | None) -> datetime:
    """Read an ISO time; one without an offset is a wall clock in the zone given, else +08:00."""
    try:
        now = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not an ISO time such as 2024-05-01T12:00:00+08:00") from error
    return now if now.tzinfo else now.replace(tzinfo=zone or DEFAULT_OFFSET)


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
