"""Files that a run may be cut off from at any moment: made anew, kept from other runs, brought to the disk."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # on Windows, where nobody else can move or cut a file that is open
    fcntl = None  # type: ignore[assignment]

__all__ = ["bring_to_disk", "claim", "opened_new"]


def opened_new(path: Path) -> BinaryIO:
    """Make a file that its owner alone can read, in the place of what an earlier run left there."""
    path.unlink(missing_ok=True)
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))  # "x" follows no link


def claim(file: BinaryIO) -> bool:
    """Keep other runs away from a file until it is closed or this process is gone; False where another one has it."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def bring_to_disk(file: BinaryIO) -> None:
    """See to it that what was written outlasts a loss of power."""
    file.flush()
    with suppress(OSError):  # a file system that cannot; a full disk has shown at the flush
        os.fsync(file.fileno())
