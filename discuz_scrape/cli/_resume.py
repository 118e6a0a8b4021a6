"""Where each address stands, in a file: what a later run goes on with."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from discuz_scrape._draft import Draft

DONE = {"kind": "page"}
"""What is kept of a single page that was read."""

_MAX_BYTES = 64 << 20


class _Cursors(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal[1] = 1
    cursors: dict[str, dict[str, Any]] = {}


class Resume:
    """A cursor for each address. The file is replaced as a whole, so that it is never half written."""

    def __init__(self, path: Path) -> None:
        """Read the file, or make it. Raises OSError, and ValueError where something else stands in it."""
        self.path = path.resolve()
        self._kept = _read(self.path) if self.path.exists() else _Cursors()
        try:
            self._write()  # what cannot be written is found before anything is asked for
        except OSError as error:
            error.filename = str(path)
            raise

    def cursor(self, url: str) -> dict[str, Any] | None:
        """The cursor of an address; None where nothing of it was read."""
        return self._kept.cursors.get(url)

    def keep(self, url: str, cursor: dict[str, Any]) -> None:
        """Keep the cursor of an address. Raises OSError."""
        if self._kept.cursors.get(url) != cursor:
            self._kept.cursors[url] = cursor
            self._write()

    def _write(self) -> None:
        with Draft(self.path.parent, private=True) as draft:
            draft.file.write(self._kept.model_dump_json(indent=1).encode())
            draft.place_at(self.path)


def _read(path: Path) -> _Cursors:
    words = f"{path} is no file that --resume has written"
    if not path.is_file():  # a device must not be replaced
        raise ValueError(words)
    with path.open("rb") as file:
        content = file.read(_MAX_BYTES + 1)
    if not content:
        return _Cursors()
    try:
        return _Cursors.model_validate_json(content if len(content) <= _MAX_BYTES else b"")
    except ValidationError as error:
        raise ValueError(words) from error
