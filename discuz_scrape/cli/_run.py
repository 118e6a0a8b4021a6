"""From inputs to the target, whatever may go wrong on the way."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from discuz_scrape import detect
from discuz_scrape.cli import _inputs, _report, _target
from discuz_scrape.cli._detections import Found
from discuz_scrape.errors import DiscuzScrapeError, ParseError
from discuz_scrape.models import Issue, Page
from discuz_scrape.output import visible_line
from discuz_scrape.sources import Fault, Item
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


def detected(run: Run, inputs: Sequence[Path], url: str | None, content_type: str | None) -> Iterator[Found]:
    """Look at all pages; what cannot be read is told of, and the others go on."""
    page: Item | Fault | None = None
    for page in _inputs.pages(inputs):
        if isinstance(page, Fault):
            run.cannot_read(page)
        else:
            run.read += 1
            yield page.source, detect(page.content, url=url or page.url, content_type=content_type or page.content_type)
    if page is None:
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


@contextmanager
def held_back() -> Iterator[None]:
    """Hold Ctrl-C back until the block is through; in the main thread, for no other one gets it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        signal.raise_signal(signal.SIGINT)


def ended(work: Callable[[], int]) -> int:
    """Do the work; give its exit code, 130 after Ctrl-C, 0 when the reader of a pipe has gone."""
    try:
        return work()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _target.drop_standard_output()
        return 0
