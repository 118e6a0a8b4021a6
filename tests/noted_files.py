"""Files of this machine as a file system that tests can look into, whatever process of whatever node reads them."""

from __future__ import annotations

import os
import signal
import time
import uuid
from pathlib import Path
from typing import Any

from fsspec.implementations.local import LocalFileSystem

NODE = "DISCUZ_SCRAPE_TEST_NODE"
"""The variable that tells a node its name."""


class NotedFiles(LocalFileSystem):  # type: ignore[misc]
    """Notes in a folder which node opens a file; some files are the end of who opens them.

    A file with "deadly" in its name kills the process. The node `halting` stops at the first file that it opens, until
    somebody notes that it is `over`.
    """

    cachable = False

    def __init__(self, notes: str, halting: str = "", **options: Any) -> None:
        super().__init__(notes=notes, halting=halting, **options)
        self._notes, self._halting = Path(notes), halting

    def _open(self, path: str, mode: str = "rb", **options: Any) -> Any:
        if "deadly" in path:
            os.kill(os.getpid(), signal.SIGKILL)
        node = os.environ.get(NODE, "")
        (self._notes / f"{node} {uuid.uuid4()}").touch()
        if node and node == self._halting:
            (self._notes / "halted").touch()
            while not (self._notes / "over").exists():
                time.sleep(0.05)
        return super()._open(path, mode, **options)
