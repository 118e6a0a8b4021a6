"""From inputs to the target, whatever may go wrong on the way."""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
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


class Reader:
    """Parses inputs one after the other, and keeps what went wrong as an exit code."""

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.exit_code = 0
        self.read = 0

    def pages(self, paths: Iterable[Path], kinds: Collection[str], *, alike: bool) -> Iterator[Page]:
        """Parse every input; give those of some kinds, or all. Where all must be `alike`, the first one decides."""
        first = ""
        for path, page in self.results(paths, _inputs.parse):
            if kinds and page.kind not in kinds:
                continue
            first = first or page.kind
            if alike and page.kind != first:
                self.exit_code |= ParseError.exit_code
                what = f"left out, for a table of {first!r} cannot hold {page.kind!r}: choose with --kind"
                _report.problem(path, "Kind", what)
                continue
            for issue in page.issues:
                _report.problem(path, "Issue", f"{issue.path}: {issue.message}")
            yield page

    def results(self, paths: Iterable[Path], work: Callable[..., T]) -> Iterator[tuple[Path, T]]:
        """Do the work on every input; one that fails is told of, and the others go on."""
        for path in paths:
            try:
                result = work(_inputs.read(path), **self._options_of(path))
            except DiscuzScrapeError as error:
                self.exit_code |= error.exit_code
                _report.problem(path, type(error).__name__, error)
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
            self.exit_code |= error.exit_code
            _report.problem(path, type(error).__name__, error)
            return self.options
        return {name: known.get(name) if told is None else told for name, told in self.options.items()}

    def unreadable(self, path: Path, error: Exception) -> None:
        """Tell of a file or folder that cannot be read."""
        self.exit_code |= UNREADABLE
        _report.problem(path, type(error).__name__, getattr(error, "strerror", None) or error)


def copy(
    reader: Reader, inputs: Sequence[Path], out: Path | None, write: Callable[[Iterable[Path]], Iterable[str]]
) -> int:
    """Write what all inputs give; give the exit code. The old `out` stays when not one page could be read."""
    paths = list(_inputs.find(inputs, reader.unreadable))
    if not paths and not reader.exit_code:
        suffixes = ", ".join(sorted(_inputs.PAGE_SUFFIXES))
        _report.problem(inputs[0], "Empty", f"no page in it: files ending in {suffixes} are read")
    try:
        with (
            _target.opened(out, keep_old=lambda: reader.exit_code > 0 and not reader.read) as stream,
            _report.progress(paths, shown=out is not None or not sys.stdout.isatty()) as watched,
        ):
            stream.writelines(write(watched))
    except BrokenPipeError:
        raise
    except OSError as error:
        reader.unreadable(out or Path("stdout"), error)
    return reader.exit_code


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


def ended(work: Callable[[], int]) -> int:
    """Do the work; give its exit code, 130 after Ctrl-C, 0 when the reader of a pipe has gone."""
    try:
        return work()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _target.drop_standard_output()
        return 0
