"""Runs on a Ray cluster."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path

import typer

from discuz_scrape.cli import _report
from discuz_scrape.cli._run import UNREADABLE
from discuz_scrape.errors import ParseError

__all__ = ["run"]

_SCHEME = re.compile(r"^([a-z][a-z0-9+.-]+):/(?!/)")


def run(
    inputs: Sequence[Path],
    out: Path,
    address: str,
    kind: str,
    formats: Sequence[str],
    timezone: tzinfo | None,
    *,
    sieve: bool | None,
    stats: Path | None,
) -> int:
    """Read all pages into a folder; give the exit code. Raises BadParameter where Ray is not installed."""
    try:
        import discuz_scrape.ray as cluster
    except ImportError as error:
        raise typer.BadParameter('--ray needs more: pip install "discuz-scrape[ray]"') from error
    sources = [_address(path) for path in inputs]
    try:
        summary = cluster.run(
            sources, _address(out), address, kind=kind, formats=formats, timezone=timezone, sieve=sieve is not False
        )
    except OSError as error:
        _report.problem(out, type(error).__name__, error.strerror or error)
        return UNREADABLE
    told = dataclasses.asdict(summary)
    if stats is not None:
        stats.write_text(json.dumps(told, indent=2) + "\n", "utf-8")
    _report.problem(out, "Done", json.dumps(told))
    return ParseError.exit_code if summary.errors else 0


def _address(path: Path) -> str:
    """A path as it was typed: of `s3://bucket`, a path has one slash left."""
    return _SCHEME.sub(r"\1://", str(path))
