"""A page as it was found, and the pieces of work that give such pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_LONGEST = 200  # characters of a message

__all__ = ["Chunk", "Fault", "Item", "identity_of", "moment_of", "writable"]


def writable(name: str) -> str:
    """A name that can be written as text; bytes of file names that are none are spelled out."""
    return name.encode("utf-8", "backslashreplace").decode()


@dataclass(frozen=True, slots=True)
class Item:
    """A page as it was found."""

    source: str
    """Where: a path, `archive.zip!name`, or `crawl.warc.gz@offset`."""
    content: bytes
    url: str | None = None
    """Its address, where the source tells."""
    content_type: str | None = None
    """The `Content-Type` that it came with, where the source tells."""
    date: datetime | None = None
    """When it was captured, where the source tells."""
    flattened: bool = False
    """Whether it is text already, as in a WET file."""
    crawled: bool = False
    """Whether it is of a crawl, in which pages of any site are to be expected."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a source that cannot be read."""

    source: str
    """Where."""
    kind: str
    """Class of what went wrong."""
    message: str
    """What went wrong."""

    @classmethod
    def of(cls, source: str, error: Exception) -> Fault:
        """Tell of an exception in one line."""
        told = str(getattr(error, "strerror", None) or error)
        first = next((line.strip() for line in told.splitlines() if line.strip()), "no more is known")
        return cls(source, type(error).__name__, first[:_LONGEST])


class Chunk:
    """A piece of a source; small, and fit to be sent to another process."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """What people are told that it is."""
        raise NotImplementedError

    @property
    def identity(self) -> str:
        """What it is called in every run over the same sources, and in no run over others."""
        return self.name

    def is_stream(self) -> bool:
        """Whether it is large and can be read from its beginning only: see `spread`."""
        return False

    def items(self) -> Iterator[Item | Fault]:
        """Open it, and give its pages."""
        raise NotImplementedError


def moment_of(text: str | None) -> datetime | None:
    """A date in ISO form, in UTC where it has no offset; None where it is none."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def identity_of(names: Iterable[str]) -> str:
    """A short text that stands for many names."""
    told = "\n".join(names).encode("utf-8", "surrogateescape")
    return hashlib.blake2b(told, digest_size=8).hexdigest()
