"""Runs on a Ray cluster."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from discuz_scrape import errors
from discuz_scrape.cli import _report, _target
from discuz_scrape.cli._inputs import typed
from discuz_scrape.cli._run import UNREADABLE
from discuz_scrape.sources import is_piped

if TYPE_CHECKING:
    from discuz_scrape.ray import Summary

__all__ = ["checked", "run"]


def checked(out: Path | None, kinds: Sequence[str], unfit: Sequence[str]) -> Path:
    """Give the folder. Raises BadParameter for what does not go together; `unfit` are options that do nothing here."""
    if out is None:
        raise typer.BadParameter("--ray goes with -o FOLDER")
    if unfit:
        raise typer.BadParameter(f"--ray goes without {', '.join(unfit)}")
    if len(kinds) > 1:
        raise typer.BadParameter("--ray writes the rows of one kind of page: choose one with --kind")
    return out


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
        from ray.exceptions import RayError

        import discuz_scrape.ray as cluster
    except ImportError as error:
        raise typer.BadParameter('--ray needs more: pip install "discuz-scrape[ray]"') from error
    sources = [typed(path) for path in inputs]
    if any(map(is_piped, sources)):
        raise typer.BadParameter("--ray goes with files: what comes through a pipe cannot be read on a cluster")
    try:
        summary = cluster.run(
            sources, typed(out), address, kind=kind, formats=formats, timezone=timezone, sieve=sieve is not False
        )
    except (OSError, RayError) as error:
        _report.problem(out, *_told(error))
        return UNREADABLE
    code = _code_of(summary.errors)
    if stats is not None:
        try:
            with _target.opened(stats, keep_old=bool) as file:
                file.write(json.dumps(dataclasses.asdict(summary), indent=1) + "\n")
        except OSError as error:
            _report.problem(stats, *_told(error))
            code |= UNREADABLE
    _report.say(_line(summary))
    return code


def _told(error: Exception) -> tuple[str, str]:
    """Class and message; of what went wrong in a task, that alone, and not where Ray was at the time."""
    cause = getattr(error, "cause", None) or error
    message = str(getattr(cause, "strerror", None) or cause).strip()
    return type(cause).__name__, message.splitlines()[-1] if message else "no more is known"


def _code_of(names: Iterable[str]) -> int:
    """The exit code of what went wrong, by its classes: ours, or those of what cannot be read."""
    code = 0
    for name in names:
        code |= getattr(getattr(errors, name, None), "exit_code", UNREADABLE)
    return code


def _line(summary: Summary) -> str:
    wrong, dropped = sum(summary.errors.values()), sum(summary.dropped.values())
    told = [f"{summary.pages} pages", f"{summary.rows} rows"]
    return ", ".join(told + [f"{dropped} pages dropped"] * bool(dropped) + [f"{wrong} errors"] * bool(wrong))


