"""Measures the parser and prints the table that the README quotes.

`python -m tests.benchmarks` runs on generated pages; `--pages PATH` puts saved pages (a folder of .html files, or a
WARC) in the place of the ordinary ones. Every reader must give the same posts on every page before anything is timed.
"""

import argparse
import gc
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import trafilatura
from pydantic_core import from_json
from selectolax.lexbor import LexborHTMLParser
from warcio.archiveiterator import ArchiveIterator

from discuz_scrape import DiscuzScrapeError, Thread, parse_page, parse_thread
from discuz_scrape._bounds import check_bounds
from discuz_scrape._encoding import decode
from discuz_scrape._source import open_source
from discuz_scrape.output import json_lines
from discuz_scrape.pages.threads._frame import take_apart

from .answers import api_answers
from .baselines import BASELINES
from .boards import board_pages
from .pages import Page, Reading, Row, heavy_pages, ordinary_pages, own_lines

_BARE, _OURS, _JSON, _BYTES, _BOUNDS = "bare parse", "parse_thread", "with JSON lines", "from bytes", "bounds check"
_TRAFILATURA = "trafilatura"
_FASTER = {_TRAFILATURA: 50.0, "BeautifulSoup + lxml": 25.0, "lxml": 2.5, "parsel": 2.5}
_FEW = 30  # pages for the other tools, which take a hundred times as long
_TURN = 20  # pages that a reader gets before the next one
_LARGE = 80_000  # bytes of a page from which memory is measured

_IMPORT = "import time; start = time.process_time(); {}; print(time.process_time() - start)"
_LOADED = """
import sys
from discuz_scrape import parse_thread
print(*{"httpx", "tenacity", "typer", "rich"} & set(sys.modules))
"""
_MEMORY = """
import re, sys
from pathlib import Path
from discuz_scrape import parse_thread

def status(name):
    return int(re.search(name + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024

warm_up, page = (Path(name).read_bytes() for name in sys.argv[1:])
parse_thread(warm_up)
before = status("VmRSS")
Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
thread = parse_thread(page)
print(status("VmHWM") - before)
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """A page as the readers get it."""

    page: Page
    text: str
    given: bytes
    """What the tree is built of: the page without what is read as text."""


Reader = Callable[[Sample], object]


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table; `most` and `least` bound the value, which is the measured number."""

    name: str
    value: float
    measured: str
    most: float | None = None
    least: float | None = None
    unit: str = "×"

    @property
    def reached(self) -> bool:
        """Whether the value keeps its bounds."""
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    def row(self) -> str:
        """The line in Markdown."""
        target = f"≤ {self.most:g}{self.unit}" if self.most is not None else ""
        target = f"≥ {self.least:g}{self.unit}" if self.least is not None else target
        verdict = ("yes" if self.reached else "**no**") if target else ""
        return f"| {self.name} | {self.measured} | {target} | {verdict} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table; the exit code is 1 only where `--check` finds a target missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pages", type=Path, metavar="PATH", help="folder of .html files, or .warc, .warc.gz")
    parser.add_argument("--sample", type=int, default=300, help="how many pages of it (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="what draws and makes up pages (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="passes over the pages (default: %(default)s)")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a target is missed")
    options = parser.parse_args(arguments)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

    made = ordinary_pages(min(options.sample, 100), options.seed)
    ordinary = draw(options.pages, options.sample, options.seed) if options.pages else made
    heavy = heavy_pages(min(options.sample, 100), options.seed)
    figures = chain(
        speed("saved" if options.pages else "ordinary", ordinary, options.rounds, most=1.8, most_json=2.0),
        speed("heavy", heavy, options.rounds, most=2.0, most_json=2.2),
        boards(board_pages(min(options.sample, 20), options.seed), options.rounds),
        answers(api_answers(min(options.sample, 100), options.seed), options.rounds),
        imports(options.rounds),
        memory([*ordinary, *heavy], options.seed),
    )
    print("| figure | measured | target | reached |\n| --- | --- | --- | --- |", flush=True)
    missed = 0
    for figure in figures:
        print(figure.row(), flush=True)
        missed += not figure.reached
    return int(options.check and missed > 0)


# ---------------------------------------------------------------------------------------------------------- the pages


def draw(path: Path, count: int, seed: int) -> list[Page]:
    """Thread pages of a folder or WARC, drawn by the seed."""
    found = [page for page in (_folder(path) if path.is_dir() else _warc(path)) if b'id="postlist"' in page.content]
    random.Random(seed).shuffle(found)  # noqa: S311 - a sample, no secret
    drawn: list[Page] = []
    for page in found:
        if len(drawn) == count:
            break
        try:
            parse_thread(page.content, url=page.url or None)
        except DiscuzScrapeError:
            continue
        drawn.append(page)
    if not drawn:
        raise SystemExit(f"{path}: no thread pages")
    return drawn


def _given(page: Page, text: str) -> bytes:
    source = open_source(text, page.url or None, None, None, None, ("text",))
    return take_apart(source, source.middle()).markup.encode()


def _folder(path: Path) -> Iterator[Page]:
    for file in sorted(path.rglob("*.html")):
        yield Page("", file.read_bytes())


def _warc(path: Path) -> Iterator[Page]:
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream):
            headers = record.http_headers
            if record.rec_type != "response" or headers is None or headers.get_statuscode() != "200":
                continue
            if "text/html" in (headers.get_header("Content-Type") or ""):
                yield Page(record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())


# ------------------------------------------------------------------------------------------------------------- speed


def speed(name: str, pages: list[Page], rounds: int, *, most: float, most_json: float) -> Iterator[Figure]:
    """Ratios on one set of pages."""
    samples = [Sample(page, text := decode(page.content).text, _given(page, text)) for page in pages]
    agree(samples)
    ours = measure(
        {
            _BARE: _of_text(LexborHTMLParser),
            _OURS: _parse,
            _JSON: lambda sample: list(json_lines(_parse(sample))),
            _BYTES: lambda sample: parse_thread(sample.page.content, url=sample.page.url or None),
            _BOUNDS: lambda sample: check_bounds(sample.given),
        },
        samples,
        rounds,
    )
    few = samples[:: max(1, len(samples) // _FEW)]
    others = measure(
        {
            _OURS: _parse,
            _TRAFILATURA: _of_text(trafilatura.extract),
            **{name: _of_text(read) for name, read in BASELINES.items()},
        },
        few,
        min(rounds, 3),
    )
    size = statistics.median(len(sample.page.content) for sample in samples) / 1000
    posts = statistics.median(sample.text.count(' class="plhin"') for sample in samples)
    where = f"{len(samples)} {name} pages"
    bare = f"{ours[_BARE] / len(samples) * 1000:.2f} ms"
    yield Figure(f"{where} of {posts:g} posts, {size:.0f} KB: bare Lexbor parse of one", 0, bare)
    for label, target in ((_OURS, most), (_JSON, most_json), (_BYTES, None)):
        ratio = ours[label] / ours[_BARE]
        yield Figure(f"{where}: `parse_thread`{_tail(label)}", ratio, f"{ratio:.2f}×", most=target)
    share = ours[_BOUNDS] / ours[_BARE] * 100
    yield Figure(f"{where}: bounds check", share, f"{share:.1f} %", most=3, unit=" %")
    for label, least in _FASTER.items():
        ratio = others[label] / others[_OURS]
        yield Figure(f"{where}: faster than {label}", ratio, f"{ratio:.1f}×", least=least)


def boards(pages: list[Page], rounds: int) -> Iterator[Figure]:
    """The ratio on board pages of 50 rows."""
    samples = [Sample(page, page.content.decode(), page.content) for page in pages]
    times = measure(
        {_BARE: _of_text(LexborHTMLParser), _OURS: lambda sample: parse_page(sample.text, url=sample.page.url)},
        samples,
        rounds,
    )
    ratio = times[_OURS] / times[_BARE]
    yield Figure(f"{len(samples)} board pages of 50 rows: `parse_page`", ratio, f"{ratio:.2f}×", most=1.6)


def answers(pages: list[Page], rounds: int) -> Iterator[Figure]:
    """The ratio on answers of the JSON API, to reading their JSON and one bare parse of each message."""
    samples = [Sample(page, page.content.decode(), page.content) for page in pages]
    for sample in samples:
        thread = _parse_answer(sample)
        if not isinstance(thread, Thread) or reading(thread) != sample.page.truth:
            raise SystemExit(f"{sample.page.url}: parse_page and the truth differ")
    times = measure({_BARE: _bare_answer, _OURS: _parse_answer}, samples, rounds)
    ratio = times[_OURS] / times[_BARE]
    where = f"{len(samples)} answers of the JSON API of 10 posts"
    yield Figure(f"{where}: `parse_page`, to JSON and messages alone", ratio, f"{ratio:.2f}×", most=2)


def _bare_answer(sample: Sample) -> None:
    for post in from_json(sample.page.content)["Variables"]["postlist"]:
        LexborHTMLParser(post["message"]).root  # noqa: B018 - what the tree costs


def _parse_answer(sample: Sample) -> object:
    return parse_page(sample.page.content, url=sample.page.url)


def _tail(label: str) -> str:
    return "" if label == _OURS else f" {label}"


def measure(readers: dict[str, Reader], samples: list[Sample], rounds: int) -> dict[str, float]:
    """Seconds of processor time for all samples by each reader: the sum of each page's median over the rounds.

    The readers take turns after every few pages, so that a machine that slows down does so for all of them.
    """
    times: dict[str, list[list[float]]] = {name: [[] for _ in samples] for name in readers}
    for _ in range(rounds):
        for first in range(0, len(samples), _TURN):
            turn = slice(first, first + _TURN)
            for name, read in readers.items():
                gc.collect()  # nobody pays for the litter of the reader before
                for sample, taken in zip(samples[turn], times[name][turn], strict=True):
                    start = time.process_time()
                    read(sample)
                    taken.append(time.process_time() - start)
    return {name: sum(map(statistics.median, taken)) for name, taken in times.items()}


def agree(samples: list[Sample]) -> None:
    """Stop where a reader differs from the truth or from ours."""
    for number, sample in enumerate(samples):
        ours = reading(_parse(sample))
        others = {name: read(sample.text) for name, read in BASELINES.items()}
        for name, other in {"the truth": sample.page.truth or ours, **others}.items():
            if ours != other:
                where = f"page {number} ({sample.page.url}): parse_thread and {name} differ"
                raise SystemExit(f"{where}\n{_difference(ours, other)}")


def _difference(ours: Reading, theirs: Reading) -> str:
    if ours.subject != theirs.subject or len(ours.posts) != len(theirs.posts):
        return f"{ours.subject!r}, {len(ours.posts)} posts\n{theirs.subject!r}, {len(theirs.posts)} posts"
    return next(f"{one}\n{other}" for one, other in zip(ours.posts, theirs.posts, strict=True) if one != other)


def reading(thread: Thread) -> Reading:
    """What the benchmark asks of a page, out of ours."""
    return Reading(
        thread.subject or "",
        tuple(
            Row(post.pid, post.floor, post.author.name, post.author.uid, post.timestamp, own_lines(post.body))
            for post in thread.posts
        ),
    )


def _parse(sample: Sample) -> Thread:
    return parse_thread(sample.text, url=sample.page.url or None)


def _of_text(read: Callable[[str], object]) -> Reader:
    return lambda sample: read(sample.text)


# ------------------------------------------------------------------------------------------------ import and memory


def imports(rounds: int) -> Iterator[Figure]:
    """What importing costs, start of the interpreter left out."""
    ours, names, bare = (
        statistics.median(float(_python(_IMPORT.format(statement))) for _ in range(2 * rounds + 1))
        for statement in (
            "import discuz_scrape",
            "from discuz_scrape import Thread, parse_thread",
            "import pydantic, selectolax.lexbor",
        )
    )
    against = "to `import pydantic, selectolax.lexbor`"
    rows = (("import discuz_scrape", ours, 2.2), ("from discuz_scrape import Thread, parse_thread", names, None))
    for statement, seconds, most in rows:
        ratio = seconds / bare
        yield Figure(f"`{statement}`, {against}", ratio, f"{ratio:.2f}× ({seconds * 1000:.0f} ms)", most)
    loaded = _python(_LOADED).split()
    yield Figure("modules imported without need", len(loaded), ", ".join(loaded) or "0", most=0, unit="")


def memory(pages: list[Page], seed: int, count: int = 20) -> Iterator[Figure]:
    """How much one parse adds to the resident memory, at its peak, in a process that has parsed a small page before."""
    large = [page.content for page in pages if len(page.content) >= _LARGE]
    if not Path("/proc/self/clear_refs").exists() or not large:
        return
    random.Random(seed).shuffle(large)  # noqa: S311 - a sample, no secret
    (small,) = ordinary_pages(1, posts=2)
    growth = []
    with tempfile.TemporaryDirectory() as folder:
        warm_up, file = Path(folder, "small.html"), Path(folder, "page.html")
        warm_up.write_bytes(small.content)
        for content in large[:count]:
            file.write_bytes(content)
            growth.append(int(_python(_MEMORY, str(warm_up), str(file))) / len(content))
    yield Figure(
        f"resident memory of one parse, to the bytes of the page ({len(growth)} of 80 KB or more)",
        max(growth),
        f"{max(growth):.1f}× at most, {statistics.median(growth):.1f}× in the median",
        most=18,
    )


def _python(code: str, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


if __name__ == "__main__":
    sys.exit(main())
