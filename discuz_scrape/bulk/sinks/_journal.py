"""How far a run is, in a file: what a later one goes on with."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from discuz_scrape.bulk._stats import Stats

__all__ = ["Journal", "MismatchError", "State"]

_MAX_BYTES = 64 << 20


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
    last: str = ""
    """Name of the last one."""
    names: str = ""
    """Digest of the names of all of them."""
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

    def passes(self, name: str) -> None:
        """Take a piece of work as done."""
        self.chunks += 1
        self.last = name
        self.names = chained(self.names, name)


def chained(names: str, name: str) -> str:
    """Add a name to a digest of names."""
    return hashlib.blake2b(f"{names}\n{name}".encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


class Journal:
    """The file of a state; it is replaced as a whole, so that it is never half written."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._draft = self.path.with_name(f".{self.path.name}.new")

    def read(self) -> State | None:
        """Read the state; None where there is no file. Raises OSError, MismatchError where it is another file."""
        try:
            with self.path.open("rb") as file:
                content = file.read(_MAX_BYTES + 1)
        except FileNotFoundError:
            return None
        return read_state(content, self.path)

    def write(self, state: State) -> None:
        """Replace the state. Raises OSError with the name of the file."""
        try:
            self._draft.write_bytes(state.model_dump_json(indent=1).encode())
            self._draft.replace(self.path)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self.path)) from error

    def remove(self) -> None:
        """Take it away: there is nothing to go on with."""
        self.path.unlink(missing_ok=True)


def read_state(content: bytes, path: Path) -> State:
    """Read a state. Raises MismatchError where it is none."""
    try:
        return State.model_validate_json(content if len(content) <= _MAX_BYTES else b"")
    except ValidationError as error:
        raise MismatchError(f"{path} is no file that --resume has written") from error
