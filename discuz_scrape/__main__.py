"""`python -m discuz_scrape`, and the command `discuz-scrape`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

MISSING_CLI = 2
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code; 2, with one line on stderr, where the extra `[cli]` is missing."""
    try:
        from discuz_scrape.cli import app
    except ImportError as error:
        if error.name and error.name.partition(".")[0] not in {"typer", "rich"}:
            raise
        sys.stderr.write('the command line needs typer and rich: pip install "discuz-scrape[cli]"\n')
        return MISSING_CLI
    except KeyboardInterrupt:
        return INTERRUPTED
    try:
        app(args=None if argv is None else list(argv), prog_name="discuz-scrape")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except KeyboardInterrupt:  # while a command was still being loaded
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
