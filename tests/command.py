"""The command line as tests call it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import Any


class Ran:
    """What a command gave."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def pids(self) -> list[int | None]:
        return [row.get("pid") for row in self.rows]


def spawn(*arguments: object, **options: Any) -> subprocess.Popen[bytes]:
    """Start it as a process of its own."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # so it is in the background of a shell, and is passed on
        signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, "-m", "discuz_scrape", *map(str, arguments)]
    return subprocess.Popen(command, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options})
