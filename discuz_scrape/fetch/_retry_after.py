"""How long a server asks to wait."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["moment_of", "retry_after"]

_MAX_LENGTH = 1000  # characters of a header that says something
_seconds = re.compile(r"[0-9]+(?:\.[0-9]*)?").fullmatch


def retry_after(value: str | None, date: str | None, now: datetime) -> float | None:
    """Read a `Retry-After`: the seconds to wait, never below 0, however many; None where it says nothing that is sense.

    Args:
        value: The header: seconds, or a date.
        date: The `Date` of the same answer. A date to wait for is measured against it, as the server's clock may be
            wrong; without it against `now`.
        now: The time, with its zone.

    """
    text = (value or "").strip()
    if len(text) > _MAX_LENGTH:
        return None
    if _seconds(text):
        return float(text)
    until = moment_of(text)
    return None if until is None else max((until - (moment_of(date or "") or now)).total_seconds(), 0.0)


def moment_of(text: str) -> datetime | None:
    """Read a date of HTTP in any of its three forms, as that of Greenwich."""
    if len(text) > _MAX_LENGTH:
        return None
    try:
        moment = parsedate_to_datetime(text)
        return moment.astimezone(UTC) if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):  # what the parser of the standard library lets through
        return None
