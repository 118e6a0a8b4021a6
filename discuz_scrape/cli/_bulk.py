"""From pages to rows, in one process or many: what `parse` does, whatever may go wrong on the way."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, cast

import typer

from discuz_scrape._state_file import NoStateError
from discuz_scrape.bulk._outcome import Batch
from discuz_scrape.bulk._pool import batches, cores
from discuz_scrape.bulk._stats import Stats
from discuz_scrape.bulk._work import Job
from discuz_scrape.bulk.sinks import MismatchError, Output, Sink, State, journal_at, making, sink_for
from discuz_scrape.cli import _inputs, _report, _target
from discuz_scrape.cli._bulk_bar import figures, watching
from discuz_scrape.cli._run import Run
from discuz_scrape.errors import DiscuzScrapeError, ParseError
from discuz_scrape.output import Format, visible_line
from discuz_scrape.sources import Chunk, is_piped, readable, spread, writable

__all__ = ["Plan", "run"]


@dataclass(frozen=True)
class Plan:
    """What to read, and what to make of it."""

    inputs: Sequence[Path]
    out: Path | None
    fmt: Format | None
    body: str | None
    whole: bool
    kinds: Sequence[str]
    job: dict[str, Any]
    """What is known of all pages; see `Job`."""
    options: dict[str, Any] = field(repr=False)
    """What the rows depend on, as it was given: a run can be resumed with the same only."""
    workers: int | None
    resume: Path | None
    dedupe: bool
    stats: Path | None

    @property
    def sources(self) -> list[str]:
        """The inputs as they were given."""
        return [_inputs.typed(path) for path in self.inputs]


def run(plan: Plan) -> int:
    """Read all pages; give the exit code. Raises BadParameter for options that do not go together."""
    try:
        _check_places(plan)
        if plan.resume is not None:
            _check_resume(plan, plan.resume)
        sink = sink_for(plan.out, plan.fmt, body=plan.body, whole=plan.whole, dedupe=plan.dedupe)
    except (ValueError, ParseError) as error:
        raise typer.BadParameter(visible_line(str(error))) from error
    try:
        return Bulk(plan, sink).run()
    except (MismatchError, NoStateError, DiscuzScrapeError) as error:
        raise typer.BadParameter(visible_line(str(error))) from error


def _check_places(plan: Plan) -> None:
    """See that nothing is written over what is read, nor one thing over another."""
    written = {"-o": plan.out, "--resume": plan.resume, "--stats": plan.stats}
    places: dict[Path, str] = {}
    for option, path in written.items():
        if path is None or path == _target.STDOUT or (path.exists() and not path.is_file()):
            continue
        if (other := places.setdefault(path.resolve(), option)) is not option:
            raise ValueError(f"{other} and {option} are the same file: {path}")
    there = [place for place in places if place.exists()]
    for given in plan.inputs if there else ():
        for place in there:
            if given.exists() and place.samefile(given):
                raise ValueError(f"{places[place]} would be written over what is to be read: {given}")


def _check_resume(plan: Plan, state: Path) -> None:
    if plan.out is None:
        raise ValueError("--resume goes with -o FILE")
    if any(map(is_piped, plan.sources)):
        raise ValueError("--resume goes with files: what comes through a pipe cannot be read again")
    for folder in plan.inputs:
        if folder.is_dir() and folder.resolve() in state.resolve().parents:
            raise ValueError(f"{state} would lie in a folder that is read: {folder}")


class Bulk(Run):
    """One run over many pages."""

    hint = ": choose with --kind"

    def __init__(self, plan: Plan, sink: Sink) -> None:
        super().__init__()
        self._plan, self._sink = plan, sink
        job = Job(making(sink.make, plan.kinds or sink.kinds), **plan.job)
        self._job = replace(job, seal=sink.seal)

    def run(self) -> int:
        """Read all pages; give the exit code."""
        plan = self._plan
        inputs = [writable(name) for name in plan.sources]
        state = State(inputs=inputs, options=plan.options, target=writable(str(plan.out)))
        target: Path | BinaryIO = plan.out or cast("BinaryIO", _Stdout())
        try:
            output = Output(self._sink, target, state, journal_at(plan.resume) if plan.resume else None)
            with output:
                self._go_on(output)
        except BrokenPipeError:
            raise
        except OSError as error:
            is_state = plan.resume is not None and error.filename == str(plan.resume.resolve())
            self.unreadable((plan.resume if is_state else plan.out) or "stdout", error)
        return self.exit_code

    def _go_on(self, output: Output) -> None:
        self.exit_code = output.state.exit_code
        if output.is_done:
            _report.say(f"{self._plan.out} is whole already: {output.state.stats.line()}")
            self._keep_stats(output.state.stats)
            return
        stats = output.state.stats
        stats.inputs = output.state.inputs
        first = _inputs.beginning(self._plan.sources)
        many = _inputs.are_many(first)
        self._read(output, self._crew(first), many=many)
        self._sum_up(output, many=many)

    def _read(self, output: Output, crew: int, *, many: bool) -> None:
        stats, began, before = output.state.stats, time.monotonic(), output.state.stats.seconds
        shown = many and _report.may_be_shown(self._plan.out)
        chunks = output.left(spread(readable(self._plan.sources)))
        work = batches(chunks, self._job, workers=crew)
        with watching(lambda: _inputs.how_many(self._plan.sources), stats.chunks, shown=shown) as update, closing(work):
            for batch in work:
                self._tell(batch, output.state)
                output.state.exit_code = self.exit_code
                output.add(batch)
                stats.took(before + time.monotonic() - began)
                counts = {"pages": stats.pages, "posts": stats.posts}
                update(stats.chunks, figures(counts, stats.errors, stats.seconds))
            if not stats.pages and not self.exit_code:
                self.empty(self._plan.inputs)
            if not stats.pages or (self.exit_code and not stats.kinds):
                output.give_up()
            else:
                output.finish()
            stats.took(before + time.monotonic() - began)

    def _crew(self, first: Sequence[Chunk]) -> int:
        """How many processes help; none where it would take longer to start them, or where there are none to have."""
        if self._plan.workers is not None:
            return self._plan.workers
        return cores() if cores() > 1 and find_spec("pebble") is not None and _inputs.need_help(first) else 0

    def _tell(self, batch: Batch, state: State) -> None:
        """Tell what went wrong with pages, and what was odd about them."""
        for outcome in batch.outcomes:
            if outcome.fault is not None:
                self.cannot_read(outcome.fault)
            elif outcome.error is not None:
                self.failed(outcome.source, outcome.error)
            elif outcome.made is not None:
                state.kind = state.kind or (outcome.kind if self._sink.one_kind else "")
                if not state.kind or self.fits(outcome.source, outcome.kind, state.kind):
                    self.odd(outcome.source, outcome.made.issues)

    def _sum_up(self, output: Output, *, many: bool) -> None:
        """Tell what came of it, where somebody wants to know."""
        plan, stats = self._plan, output.state.stats
        self._keep_stats(stats)
        asked = plan.stats or plan.resume or plan.dedupe or plan.workers is not None
        if asked or stats.dropped or (many and _report.is_watched()):
            _report.say(stats.line())

    def _keep_stats(self, stats: Stats) -> None:
        if self._plan.stats is None:
            return
        try:
            with _target.opened(self._plan.stats, keep_old=bool) as file:
                file.write(stats.model_dump_json(indent=1) + "\n")
        except OSError as error:
            self.unreadable(self._plan.stats, error)


class _Stdout(io.RawIOBase):
    """Standard output as a place for bytes."""

    def write(self, content: Any) -> int:
        """Write text that is bytes already."""
        with _target.opened(None, keep_old=bool) as stream:
            stream.write(bytes(content).decode())
        return len(content)
