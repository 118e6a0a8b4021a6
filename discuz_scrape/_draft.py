"""Files that are whole or not there: written beside their place under a name of their own, then moved."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

__all__ = ["Draft"]


class Draft:
    """A file in the making, in the folder where it is to lie; gone when its block ends and it was not placed.

    `private` files can be read by their owner only, from the first byte on.
    """

    file: BinaryIO
    """What to write to."""

    def __init__(self, folder: Path, *, private: bool = False) -> None:
        self._path = folder / f".{secrets.token_hex(8)}.part"
        self._mode = 0o600 if private else 0o666  # less what the umask takes

    def __enter__(self) -> Draft:
        # "x" makes a new file or fails: it follows no link that somebody put there
        self.file = open(self._path, "x+b", opener=self._open)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self.file.close()
        finally:
            self._path.unlink(missing_ok=True)

    def _open(self, path: str, flags: int) -> int:
        return os.open(path, flags, self._mode)

    def place(self, name: str) -> Path:
        """Give the file its name, or `name (2)`, `name (3)` … where that is taken; no other file is touched."""
        wished, number = Path(name), 1
        while (placed := self.claim(name)) is None:
            number += 1
            name = f"{wished.stem} ({number}){wished.suffix}"
        return placed

    def claim(self, name: str) -> Path | None:
        """Give the file exactly this name; None where it is taken."""
        if name in ("", ".", "..") or Path(name).name != name:
            raise ValueError(f"not the name of a file: {name!r}")
        self.file.close()
        path = self._path.with_name(name)
        try:
            os.link(self._path, path)
        except FileExistsError:
            return None
        except (OSError, AttributeError):  # no links here; then the name is reserved by an empty file
            return path if self._moved_to_new(path) else None
        self._path.unlink()
        return path

    def _moved_to_new(self, path: Path) -> bool:
        try:
            path.open("xb").close()
        except FileExistsError:
            return False
        try:
            self._path.replace(path)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return True

    def place_at(self, path: Path) -> Path:
        """Give the file the name that the caller chose, in the same folder; what had it before is replaced."""
        self.file.close()
        return self._path.replace(path)
