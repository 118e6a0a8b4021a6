"""From addresses to the target: what `fetch` does, whatever may go wrong on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from discuz_scrape.cli import _report
from discuz_scrape.cli._fetch_bar import Watch, watching
from discuz_scrape.cli._files import Files
from discuz_scrape.cli._options import read_password
from discuz_scrape.cli._resume import DONE, Resume
from discuz_scrape.cli._run import Run, code_of, held_back, put
from discuz_scrape.errors import DiscuzScrapeError, LoginRequiredError, ParseError
from discuz_scrape.models import Board, Page, PageRef, Thread
from discuz_scrape.urls import parse_url
from discuz_scrape.walk import BoardWalk, ThreadWalk
from discuz_scrape.walk.board import BOARDS

if TYPE_CHECKING:
    from discuz_scrape import Client, Pages

_OF_NO_FORM = frozenset({"other", "misc", "file"})
"""Kinds of address that may lead to anything, such as a thread."""

Found = Iterator[tuple[str, Page]]
"""Pages, with the address that was given for them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to read of each address, and what to do with it."""

    walk: Mapping[str, Any]
    """What the walk of a thread or board is told."""
    threads: int
    """How many threads of a board to read in place of its rows."""
    login: str | None
    """Name of a member."""
    write: Callable[[Iterable[Page]], Iterable[str]]
    alike: bool
    """Whether all pages must be of one kind."""
    out: Path | None
    files: Path | None
    """Where to put attachments."""
    resume: Path | None
    """The file of cursors."""


def run(
    urls: Iterable[str], plan: Plan, options: Mapping[str, Any], *, sleep: Callable[[float], object] = time.sleep
) -> int:
    """Fetch all addresses with a client of these options; give the exit code.

    Raises:
        BadParameter: An option, or a file that it names, makes no sense to the client; or there is no password.

    """
    password = read_password(plan.login) if plan.login is not None else ""
    with watching(sleep, shown=_report.may_be_shown(plan.out)) as watch, ExitStack() as stack:
        fetcher = Fetcher(plan, watch)
        try:
            fetcher.open(stack, password, {**options, "sleep": watch.sleep})
        except OSError as error:
            fetcher.unreadable(error.filename or "", error)
            return fetcher.exit_code
        except (ValueError, ImportError) as error:
            raise typer.BadParameter(str(error)) from error
        pages = fetcher.told(fetcher.pages(urls), alike=plan.alike)
        code = put(fetcher, plan.write(pages), plan.out, append=plan.resume is not None)
    return fetcher.ended_by or code


class Fetcher(Run):
    """Fetches one address after the other."""

    client: Client

    def __init__(self, plan: Plan, watch: Watch) -> None:
        super().__init__()
        self.plan, self.watch = plan, watch
        self.ended_by = 0
        """Exit code of what ended it from outside; 0 where nothing did."""
        self._posts = 0
        self._problems = 0
        self._files: Files | None = None
        self._resume: Resume | None = None

    def open(self, stack: ExitStack, password: str, options: Mapping[str, Any]) -> None:
        """Make what is needed before anything is asked for. Raises OSError, ValueError, ImportError."""
        from discuz_scrape import Client

        if self.plan.resume is not None:
            self._resume = Resume(self.plan.resume)
        self.client = stack.enter_context(Client(**options))
        if self.plan.files is not None:
            self._files = Files(self.client, self.plan.files, self)
        if self.plan.login is not None:
            self.client.login(self.plan.login, password)

    def pages(self, urls: Iterable[str]) -> Found:
        """Fetch the pages of every address; one that fails is told of, and the others go on."""
        try:
            for url in urls:
                yield from self._of(url)
                if self.client.login_error is not None:  # nothing is read as a guest that was meant for a member
                    return
        except KeyboardInterrupt as error:  # what was read is whole
            self.ended_by = code_of(error)
            self.exit_code |= self.ended_by
        except _CursorLostError as error:
            self.unreadable(str(error), error.cause)

    def _of(self, url: str) -> Found:
        self.watch.begins(url)
        try:
            yield from self._read(url)
        except DiscuzScrapeError as error:
            self._tell_problems(url)
            self.failed(url, error, self._how_on(error))
        except OSError as error:  # a page that cannot be kept
            self.unreadable(url, error)
        finally:
            self.watch.ends()

    def _read(self, url: str) -> Found:
        """Fetch what an address leads to: a thread or board page by page, any other page as it is."""
        ref = parse_url(url, rewrite=self.plan.walk["rewrite"])
        if _is_walked(ref):
            yield from self._walk(url, url)
            return
        if self._kept(url) == DONE:
            return
        page = self.client.page(url)
        address = _address_of(page) if ref.kind in _OF_NO_FORM else None
        if address is not None:
            yield from self._walk(url, address)
            return
        self.watch.stands(1, 1, posts=self._posts)
        yield from self._given_out(url, page, lambda: DONE)

    def _walk(self, url: str, address: str) -> Found:
        is_board = parse_url(address, rewrite=self.plan.walk["rewrite"]).kind in BOARDS
        trail = self._trail(BoardWalk if is_board else ThreadWalk, address, self._kept(url))
        threads: set[int | None] = set()
        try:
            for page in trail:
                if isinstance(page, Thread):
                    threads.add(page.tid)
                    self._posts += len(page.posts)
                self._stands(trail, len(threads) if is_board else 0)
                if isinstance(page, Thread) or not self.plan.threads:
                    yield from self._given_out(url, page, lambda: trail.state)
                else:
                    self._keep(url, lambda: trail.state)
                self._tell_problems(url)
            self._tell_problems(url)
            self._keep(url, lambda: trail.state)
        except DiscuzScrapeError:
            self._keep(url, lambda: trail.state)
            raise

    def _trail(self, kind: type[BoardWalk | ThreadWalk], url: str, state: Mapping[str, Any] | None) -> Pages[Any]:
        from discuz_scrape import Pages

        more: dict[str, Any] = {"threads": self.plan.threads} if kind is BoardWalk else {}
        try:
            return Pages(self.client, kind(url, **self.plan.walk, **more, state=state), url)
        except ValueError as error:  # no host, or the cursor of something else
            raise ParseError(str(error), url=url) from error

    def _given_out(self, url: str, page: Page, cursor: Callable[[], dict[str, Any]]) -> Found:
        """Give a page, after its files; when it is asked for the next one, its lines are out.

        Ctrl-C does not come between the lines, nor between them and the cursor: a later run would give some twice.
        """
        if self._files is not None and isinstance(page, Thread):
            self._files.fetch(url, page)
        self.read += 1
        with held_back():
            yield url, page
            self._keep(url, cursor)

    # --- Where it stands ----------------------------------------------------------------------------------------------

    def _kept(self, url: str) -> dict[str, Any] | None:
        return self._resume.cursor(url) if self._resume is not None else None

    def _keep(self, url: str, cursor: Callable[[], dict[str, Any]]) -> None:
        if self._resume is None:
            return
        try:
            self._resume.keep(url, cursor())
        except OSError as error:
            raise _CursorLostError(self._resume.path, error) from error

    def _stands(self, trail: Pages[Any], threads: int) -> None:
        if self.plan.threads and threads:
            self.watch.stands(threads, self.plan.threads, posts=self._posts, unit="threads")
            return
        first, last = self.plan.walk.get("start") or 1, self.plan.walk.get("stop")
        total = min(trail.total_pages or 1, last or trail.total_pages or 1)
        done = total if trail.page is None else min(trail.page - 1, total)
        self.watch.stands(max(done + 1 - first, 0), max(total + 1 - first, 1), posts=self._posts)

    def _tell_problems(self, url: str) -> None:
        """Tell of what the walk went on without."""
        problems = self.client.stats.problems
        for error in problems[self._problems :]:
            self.failed(error.url or url, error)
        self._problems = len(problems)

    def _how_on(self, error: DiscuzScrapeError) -> str:
        """What a person can do about a walk that ended before its time."""
        if error.state is None or not (error.state.get("border_pids") or error.state.get("border_tids")):
            return ""
        fresh = "with fresh --cookies or --login, " if isinstance(error, LoginRequiredError) else ""
        if self._resume is not None:
            return f"; {fresh}the same command goes on from there"
        return f"; {fresh}--pages {error.state['next_page']}- goes on from there"


class _CursorLostError(Exception):
    """The file of cursors cannot be written: what is read from now on would be read again."""

    def __init__(self, path: Path, cause: OSError) -> None:
        super().__init__(str(path))
        self.cause = cause


def _is_walked(ref: PageRef) -> bool:
    """Whether an address leads to one of many pages."""
    if ref.kind == "tag":
        return ref.id is not None or ref.name is not None
    return ref.kind in BOARDS or ref.kind == "redirect" or (ref.kind == "thread" and ref.face != "ajax")


def _address_of(page: Page) -> str | None:
    """The address of a thread or board; None for any other page."""
    if isinstance(page, Thread):
        return page.url
    return page.forum.url if isinstance(page, Board) else None
