"""From inputs to the target, whatever may go wrong on the way."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from discuz_scrape import detect
from discuz_scrape.cli import _inputs, _report, _target
from discuz_scrape.cli._bulk_bar import figures, watching
from discuz_scrape.cli._detections import Found
from discuz_scrape.errors import DiscuzScrapeError, ParseError
from discuz_scrape.models import Issue, Page
from discuz_scrape.output import visible_line
from discuz_scrape.sources import Fault, readable
from discuz_scrape.urls import canonical_url, parse_url

UNREADABLE = 1
INTERRUPTED = 130


class Run:
    """What went wrong so far, as an exit code."""

    hint = ""
    """How to choose where a table cannot hold all."""

    def __init__(self) -> None:
        self.exit_code = 0
        self.read = 0
        """How many pages were read."""

    def failed(self, where: Path | str, error: DiscuzScrapeError, more: str = "") -> None:
        """Tell of an error of ours; `more` is what a person can do."""
        self.exit_code |= error.exit_code
        _report.problem(where, type(error).__name__, f"{error}{more}")

    def unreadable(self, where: Path | str, error: Exception) -> None:
        """Tell of a file or folder that cannot be read or written."""
        self.exit_code |= UNREADABLE
        _report.problem(where, type(error).__name__, getattr(error, "strerror", None) or error)

    def cannot_read(self, fault: Fault) -> None:
        """Tell of something in a source that cannot be read."""
        self.exit_code |= ParseError.exit_code if fault.kind == ParseError.__name__ else UNREADABLE
        _report.problem(fault.source, fault.kind, fault.message)

    def told(self, pages: Iterable[tuple[Path | str, Page]], *, alike: bool) -> Iterator[Page]:
        """Tell what is odd about each page, and give it. Where all must be `alike`, the first one decides."""
        first = ""
        for where, page in pages:
            first = first or page.kind
            if not alike or self.fits(where, page.kind, first):
                self.odd(where, page.issues)
                yield page

    def fits(self, where: Path | str, kind: str, table: str) -> bool:
        """Whether a table of one kind can hold a page; tell where it cannot."""
        if kind == table:
            return True
        self.exit_code |= ParseError.exit_code
        _report.problem(where, "Kind", f"left out, for a table of {table!r} cannot hold {kind!r}{self.hint}")
        return False

    @staticmethod
    def odd(where: Path | str, issues: Iterable[Issue]) -> None:
        """Tell what was odd about a page."""
        for issue in issues:
            _report.problem(where, "Issue", f"{issue.path}: {issue.message}")

    def empty(self, inputs: Sequence[Path]) -> None:
        """Tell that there was not one page."""
        _report.problem(inputs[0], "Empty", f"no page in it: files ending in {_inputs.READ} are read")


def detected(
    run: Run, inputs: Sequence[Path], url: str | None, content_type: str | None, *, shown: bool
) -> Iterator[Found]:
    """Look at all pages; what cannot be read is told of, and the others go on."""
    looked, errors, began = 0, Counter[str](), time.monotonic()
    names = list(map(_inputs.typed, inputs))
    many = shown and _inputs.are_many(_inputs.beginning(names))
    with watching(lambda: _inputs.how_many(names), 0, shown=many) as update:
        for done, chunk in enumerate(readable(names), 1):
            for page in chunk.items():
                looked += 1
                if isinstance(page, Fault):
                    errors[page.kind] += 1
                    run.cannot_read(page)
                else:
                    run.read += 1
                    known = {"url": url or page.url, "content_type": content_type or page.content_type}
                    yield page.source, detect(page.content, **known)
            update(done, figures({"pages": looked}, errors, time.monotonic() - began))
    if not looked:
        run.empty(inputs)


def put(run: Run, pieces: Iterable[str], out: Path | None, *, append: bool = False) -> int:
    """Write what a run gives; give its exit code.

    The old `out` stays when not one page could be read; with `append` it stays in any case, and every line is sent to
    it at once.
    """
    opened = (
        _target.appended(out) if append else _target.opened(out, keep_old=lambda: run.exit_code > 0 and not run.read)
    )
    try:
        with opened as stream:
            stream.writelines(pieces)
    except BrokenPipeError:
        raise
    except OSError as error:
        run.unreadable(out or Path("stdout"), error)
    return run.exit_code


def explain(urls: Iterable[str], rules: tuple[str, ...]) -> int:
    """Write what each address leads to, without what it does not tell; give the exit code."""
    exit_code = 0
    with _target.opened(None, keep_old=bool) as stream:
        for url in _inputs.addresses(urls):
            try:
                ref = parse_url(url, rewrite=rules)
            except DiscuzScrapeError as error:
                exit_code |= error.exit_code
                _report.problem(url, type(error).__name__, error)
                continue
            told = {name: value for name, value in ref.model_dump(mode="json").items() if value not in (None, [])}
            line = json.dumps({"url": url} | told | {"canonical": canonical_url(ref)}, ensure_ascii=False)
            stream.write(visible_line(line) + "\n")
    return exit_code


def say(text: str) -> int:
    """Write one text to standard output."""
    with _target.opened(None, keep_old=bool) as stream:
        stream.write(text + "\n")
    return 0


class Stopped(KeyboardInterrupt):
    """Somebody ends the run from outside, and it ends as by Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.exit_code = 128 + number
        """What a shell says of a process that this signal has ended."""


_ENDS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What a supervisor sends, and a terminal that is closed."""
_PATIENCE = 5.0
"""Seconds for tidying up."""


@contextmanager
def held_back() -> Iterator[None]:
    """Hold Ctrl-C and the like back until the block is through; in the main thread, for no other one gets it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    numbers = [number for number in (signal.SIGINT, *_ENDS) if callable(signal.getsignal(number))]
    before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if came:
        signal.raise_signal(came[0])


@contextmanager
def _tidy_end() -> Iterator[None]:
    """Raise Stopped for a signal that would leave drafts and processes behind; what somebody else handles is his."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [number for number in _ENDS if signal.getsignal(number) is signal.SIG_DFL]
    late: list[threading.Timer] = []

    def stop(number: int, _frame: object) -> NoReturn:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)  # once is enough, and tidying up takes a moment
        stopped = Stopped(number)
        late.append(threading.Timer(_PATIENCE, os._exit, [stopped.exit_code]))  # processes that die too may hold it up
        late[0].daemon = True
        late[0].start()
        raise stopped

    for number in numbers:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)
        for timer in late:
            timer.cancel()


def ended(work: Callable[[], int]) -> int:
    """Do the work; give its exit code, 130 after Ctrl-C, 0 when the reader of a pipe has gone."""
    try:
        with _tidy_end():
            return work()
    except KeyboardInterrupt as error:
        return code_of(error)
    except BrokenPipeError:
        _target.drop_standard_output()
        return 0


def code_of(error: KeyboardInterrupt) -> int:
    """The exit code of a run that somebody ended."""
    return error.exit_code if isinstance(error, Stopped) else INTERRUPTED
