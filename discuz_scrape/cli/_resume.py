"""Where each address stands, in a file: what a later run goes on with."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from discuz_scrape._state_file import StateFile

DONE = {"kind": "page"}
"""What is kept of a single page that was read."""


class _Cursors(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal[1] = 1
    cursors: dict[str, dict[str, Any]] = {}


class Resume:
    """A cursor for each address."""

    def __init__(self, path: Path) -> None:
        """Read the file, or make it. Raises OSError, and ValueError where something else stands in it."""
        self._file = StateFile(path, _Cursors)
        self.path = self._file.path
        self._kept = self._file.read() or _Cursors()
        self._file.write(self._kept)  # what cannot be written is found before anything is asked for

    def cursor(self, url: str) -> dict[str, Any] | None:
        """The cursor of an address; None where nothing of it was read."""
        return self._kept.cursors.get(url)

    def keep(self, url: str, cursor: dict[str, Any]) -> None:
        """Keep the cursor of an address. Raises OSError."""
        if self._kept.cursors.get(url) != cursor:
            self._kept.cursors[url] = cursor
            self._file.write(self._kept)
