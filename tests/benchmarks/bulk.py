"""Measures bulk parsing and prints the table that the README quotes: `python -m tests.benchmarks.bulk`.

The pages are generated; `--pages PATH` takes a WARC or a folder of your own. Runs are those of the command line, from
the sources to a file of JSON lines, each in a process of its own; what its start costs is taken off. Run it on a
machine that has nothing else to do. `--memory` reads many more pages, and takes half an hour.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from discuz_scrape import DiscuzScrapeError
from discuz_scrape._any import parse_any
from discuz_scrape.output import json_lines
from discuz_scrape.sources import Item, readable

from .crawls import write_warc
from .pages import ordinary_pages

_FASTER, _DEARER, _GROWTH = 1.7, 1.35, 20.0  # what is aimed at
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took."""

    wall: float
    processor: float
    memory: float
    """MiB that the main process had at most; 0 where the system does not tell."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table; the exit code is 1 only where `--check` finds a target missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.bulk", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pages", type=Path, metavar="PATH", help="a WARC, or a folder of pages")
    parser.add_argument("--count", type=int, default=6000, help="pages to generate (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=2, help="runs of each kind (default: %(default)s)")
    parser.add_argument("--memory", action="store_true", help="also the memory for 10,000 and 100,000 pages")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a target is missed")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        sources = [options.pages] if options.pages else _generated(Path(folder), options.count)
        print("| figure | measured | target | reached |\n| --- | --- | --- | --- |", flush=True)
        reached = [line for source in sources for line in _speed(source, options.rounds)]
        if options.memory:
            reached += _memory(Path(folder))
    return int(options.check and not all(reached))


def _generated(folder: Path, count: int) -> list[Path]:
    """The same pages as a WARC and as a folder."""
    generated = ordinary_pages(count)
    warc, pages = folder / "pages.warc.gz", folder / "pages"
    write_warc(warc, generated)
    pages.mkdir()
    for number, page in enumerate(generated):
        (pages / f"{number:06}.html").write_bytes(page.content)
    return [warc, pages]


def _speed(source: Path, rounds: int) -> Iterator[bool]:
    """One process, two, and the least that must be done."""
    items = [item for chunk in readable([str(source)]) for item in chunk.items() if isinstance(item, Item)]
    name = "folder" if source.is_dir() else "WARC"
    alone, together, least = [], [], []
    for _ in range(rounds):
        start = _run(Path("nothing"), workers=0)
        alone.append(_minus(_run(source, workers=0), start))
        together.append(_minus(_run(source, workers=2), start))
        least.append(_bare(items))
    one, two = (statistics.median(cost.wall for cost in costs) for costs in (alone, together))
    print(f"| {name}, {len(items)} pages: one process | {len(items) / one:.0f} pages a second |  |  |")
    yield _line(f"{name}: two processes, to one", one / two, "×", f"≥ {_FASTER:g}×", one / two >= _FASTER)
    ratio = statistics.median(cost.processor / bare for cost, bare in zip(alone, least, strict=True))
    page = statistics.median(cost.processor for cost in alone) / len(items)
    print(f"| {name}: processor time of a page | {page * 1e3:.2f} ms |  |  |")
    what = f"{name} to JSON lines, to `parse_page` and JSON alone"
    yield _line(what, ratio, "×", f"≤ {_DEARER:g}×", ratio <= _DEARER)


def _line(name: str, value: float, unit: str, target: str, reached: bool) -> bool:
    print(f"| {name} | {value:.2f}{unit} | {target} | {'yes' if reached else '**no**'} |", flush=True)
    return reached


def _minus(cost: Cost, start: Cost) -> Cost:
    return Cost(cost.wall - start.wall, cost.processor - start.processor, cost.memory)


def _bare(items: Sequence[Item]) -> float:
    """Processor seconds of what nobody can do without: each page parsed, its rows as JSON."""
    began = time.process_time()
    for item in items:
        try:
            page = parse_any(
                item.content, content_type=item.content_type, formats=("text",), url=item.url, now=item.date
            )
        except DiscuzScrapeError:
            continue
        for _ in json_lines(page):
            pass
    return time.process_time() - began


def _run(source: Path, *, workers: int, suffix: str = ".jsonl") -> Cost:
    """Run the command line on a source; give what it took, its workers included."""
    with tempfile.NamedTemporaryFile(suffix=suffix) as out:
        command = [sys.executable, "-m", "discuz_scrape", "parse", str(source), "-o", out.name]
        used, began = _children(), time.perf_counter()
        process = subprocess.Popen([*command, "--workers", str(workers)], stderr=subprocess.DEVNULL)
        memory = _watched(process)
        return Cost(time.perf_counter() - began, _children() - used, memory)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _watched(process: subprocess.Popen[bytes]) -> float:
    """Wait for a process; give the most memory that it had."""
    most = 0.0
    status = Path(f"/proc/{process.pid}/status")
    while True:
        try:
            lines = status.read_text("utf-8").splitlines() if status.exists() else []
            most = max([most, *(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))])
            process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            continue
        except OSError:
            process.wait()
        return most


def _memory(folder: Path) -> Iterator[bool]:
    """The main process, over ten times as many pages."""
    with _folder_of_links(folder / "pages", folder / "many") as many:
        for suffix in (".jsonl", ".parquet", ".sqlite"):
            few = _run(many / "0", workers=2, suffix=suffix).memory
            growth = _run(many, workers=2, suffix=suffix).memory - few
            name = f"main process, to {suffix}"
            print(f"| {name}: memory for 10,000 pages | {few:.0f} MiB |  |  |")
            yield _line(f"{name}: more for 100,000", growth, " MiB", f"≤ {_GROWTH:g} MiB", growth <= _GROWTH)


@contextmanager
def _folder_of_links(pages: Path, many: Path) -> Iterator[Path]:
    """Ten folders of 10,000 pages, all of them links to the generated ones."""
    files = sorted(pages.iterdir())
    for part in range(10):
        (many / str(part)).mkdir(parents=True)
        for number in range(10_000):
            os.link(files[number % len(files)], many / str(part) / f"{number:05}.html")
    yield many


if __name__ == "__main__":
    raise SystemExit(main())
