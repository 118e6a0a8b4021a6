"""Where a file is to lie, and where it lies until it is whole."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

__all__ = ["Place"]

_BESIDE = ("", "-wal", "-shm", "-journal")  # what SQLite puts beside a file


class Place:
    """A file that is written beside its place and moved there when it is whole.

    With `lasting` the draft has a name that another run finds again, and stays until it is whole; else it is gone with
    the run. A device or a pipe cannot be replaced: it is written to as it is.
    """

    def __init__(self, path: Path, *, lasting: bool = False) -> None:
        self.path = path.resolve()
        self.lasting = lasting
        self.is_device = self.path.exists() and not self.path.is_file()
        name = self.path.name
        draft = self.path.with_name(f"{name}.partial" if lasting else f".{name}.{os.getpid()}.tmp")
        self.draft = self.path if self.is_device else draft
        """What to write to."""
        self.second = draft.with_name(f"{draft.name}.whole")
        """What to write to where the whole file is made of what the draft holds."""

    def create(self) -> Path:
        """Make the draft, empty. Raises FileExistsError where something lies there: no link is followed."""
        if not self.is_device:
            self.draft.open("xb").close()
        return self.draft

    def create_second(self) -> Path:
        """Make the second draft, empty; one that a broken run left is of no use."""
        self.second.unlink(missing_ok=True)
        self.second.open("xb").close()
        return self.second

    def settle(self, whole: Path) -> None:
        """Move what is whole to its place, with the permissions of what lay there before."""
        if self.is_device:
            return
        if whole.exists():
            if self.path.exists():
                shutil.copymode(self.path, whole)
            whole.replace(self.path)
        self.drop()

    def drop(self) -> None:
        """Take away all that is not whole."""
        if self.is_device:
            return
        for draft in (self.draft, self.second):
            for ending in _BESIDE:
                with suppress(FileNotFoundError):
                    draft.with_name(draft.name + ending).unlink()
