"""How far a run over many pages is: what is written there with `--resume`."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict

from discuz_scrape._disk import claim
from discuz_scrape._place import Place
from discuz_scrape._state_file import StateFile
from discuz_scrape.bulk._stats import Stats

__all__ = ["Journal", "MismatchError", "State", "chained", "journal_at", "reopened"]


class MismatchError(ValueError):
    """What is found is not what the run that was broken off has left."""


class State(BaseModel):
    """How far a run is."""

    model_config = ConfigDict(extra="forbid")

    version: Literal[1] = 1
    inputs: list[str]
    """What is to be read."""
    options: dict[str, Any]
    """What the output depends on."""
    target: str
    """Where it is to lie."""
    chunks: int = 0
    """Pieces of work whose rows are in the output."""
    names: str = ""
    """Digest of the identities of all of them."""
    output: dict[str, Any] = {}
    """Where the output stands; see `Sink.mark`."""
    kind: str = ""
    """The kind of page that a table of one kind holds."""
    exit_code: int = 0
    """What went wrong."""
    stats: Stats = Stats()
    """What was counted."""
    whole: str = ""
    """Name of the file that is whole and has only to be moved to its place; "" before."""

    def passes(self, identity: str) -> None:
        """Take a piece of work as done."""
        self.chunks += 1
        self.names = chained(self.names, identity)


def chained(names: str, name: str) -> str:
    """Add a name to a digest of names."""
    return hashlib.blake2b(f"{names}\n{name}".encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


Journal = StateFile[State]


def journal_at(path: Path) -> Journal:
    """The file of the state of a run."""
    return StateFile(path, State)


def reopened(place: Place, size: int) -> BinaryIO:
    """Open a draft where its run left it. Raises MismatchError where another run is at it, or it is shorter."""
    file = place.draft.open("r+b")
    try:
        _check(file, size, place.draft)
    except BaseException:
        file.close()
        raise
    file.truncate(size)
    file.seek(size)
    return file


def _check(file: BinaryIO, size: int, path: Path) -> None:
    if not claim(file):
        raise MismatchError(f"another run writes to {path}")
    if file.seek(0, os.SEEK_END) < size:
        raise MismatchError(f"{path} is shorter than the run left it")
