"""From inputs to the target, whatever may go wrong on the way."""

from __future__ import annotations

import json
import signal
import threading
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from discuz_scrape.cli import _inputs, _report, _target
from discuz_scrape.errors import DiscuzScrapeError, ParseError
from discuz_scrape.models import Page
from discuz_scrape.output import visible_line
from discuz_scrape.urls import canonical_url, parse_url

UNREADABLE = 1
INTERRUPTED = 130

T = TypeVar("T")


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

    def told(self, pages: Iterable[tuple[Path | str, Page]], *, alike: bool) -> Iterator[Page]:
        """Tell what is odd about each page, and give it. Where all must be `alike`, the first one decides."""
        first = ""
        for where, page in pages:
            first = first or page.kind
            if alike and page.kind != first:
                self.exit_code |= ParseError.exit_code
                what = f"left out, for a table of {first!r} cannot hold {page.kind!r}{self.hint}"
                _report.problem(where, "Kind", what)
                continue
            for issue in page.issues:
                _report.problem(where, "Issue", f"{issue.path}: {issue.message}")
            yield page


class Reader(Run):
    """Parses inputs one after the other."""

    hint = ": choose with --kind"

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.options = options

    def pages(self, paths: Iterable[Path], kinds: Collection[str], *, alike: bool) -> Iterator[Page]:
        """Parse every input; give those of some kinds, or all. Where all must be `alike`, the first one decides."""
        read = self.results(paths, _inputs.parse)
        return self.told(((path, page) for path, page in read if not kinds or page.kind in kinds), alike=alike)

    def results(self, paths: Iterable[Path], work: Callable[..., T]) -> Iterator[tuple[Path, T]]:
        """Do the work on every input; one that fails is told of, and the others go on."""
        for path in paths:
            try:
                result = work(_inputs.read(path), **self._options_of(path))
            except DiscuzScrapeError as error:
                self.failed(path, error)
            except (OSError, EOFError, zlib.error) as error:
                self.unreadable(path, error)
            else:
                self.read += 1
                yield path, result

    def _options_of(self, path: Path) -> dict[str, Any]:
        """The options, and where they do not tell what lies beside the page; without that it can be read as well."""
        try:
            known = _inputs.known(path)
        except ParseError as error:
            self.failed(path, error)
            return self.options
        return {name: known.get(name) if told is None else told for name, told in self.options.items()}


def copy(
    reader: Reader, inputs: Sequence[Path], out: Path | None, write: Callable[[Iterable[Path]], Iterable[str]]
) -> int:
    """Write what all inputs give; give the exit code. The old `out` stays when not one page could be read."""
    paths = list(_inputs.find(inputs, reader.unreadable))
    if not paths and not reader.exit_code:
        suffixes = ", ".join(sorted(_inputs.PAGE_SUFFIXES))
        _report.problem(inputs[0], "Empty", f"no page in it: files ending in {suffixes} are read")
    with _report.progress(paths, shown=_report.may_be_shown(out)) as watched:
        return put(reader, write(watched), out)


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
