"""Measures `detect` and prints its figures: `python -m tests.benchmarks.sieve`.

Thread pages and pages of other software are made up by a seed; `--pages PATH` puts saved pages of your own beside
them, a folder or a file. A page counts as decided by its first 16 KB where it is Discuz! and those alone tell the same
kind; of all others the microseconds per KB count.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from discuz_scrape import detect
from discuz_scrape.sources import Item, readable

from .others import NEAR_MISSES, other_pages
from .pages import ordinary_pages

_HEAD = 16_384
_DECIDED, _PER_KB = 20.0, 2.0  # what is aimed at, in microseconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table; the exit code is 1 where a page of other software was taken for Discuz!."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.sieve", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pages", type=Path, metavar="PATH", help="folder of pages, or one")
    parser.add_argument("--sample", type=int, default=40, help="how many pages of each shape (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="what makes up pages (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=15, help="passes over the pages (default: %(default)s)")
    options = parser.parse_args(arguments)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

    others = other_pages(options.sample, options.seed)
    plain = [page for name, page in others if name not in NEAR_MISSES]
    near = [page for name, page in others if name in NEAR_MISSES]
    sets = {
        "generated threads": [page.content for page in ordinary_pages(options.sample, options.seed)],
        "pages of other software": plain,
        "pages about Discuz!, or linking to it": near,
    }
    if options.pages:
        sets["saved pages"] = list(_saved(options.pages))
    print("| pages | measured | target |\n| --- | --- | --- |")
    for name, pages in sets.items():
        for line in figures(name, pages, options.rounds):
            print(line, flush=True)
    taken = sum(detect(page).is_discuz for page in plain + near)
    shapes = len({name for name, _ in others})
    print(f"| {len(others)} pages of {shapes} other shapes | {taken} taken for Discuz! | 0 |")
    return int(taken > 0)


def figures(name: str, pages: list[bytes], rounds: int) -> Iterator[str]:
    """The lines of one set of pages."""
    times = measure(pages, rounds)
    decided = [_is_decided(page) for page in pages]
    early = [taken for taken, by_head in zip(times, decided, strict=True) if by_head]
    if early:
        mean, most = sum(early) / len(early), max(early)
        yield f"| {len(early)} {name}: decided by 16 KB | {mean:.1f} µs, at most {most:.1f} | ≤ {_DECIDED:g} µs |"
    rest = [(taken, page) for taken, page, by_head in zip(times, pages, decided, strict=True) if not by_head and page]
    if rest:
        size = sum(len(page) for _, page in rest) / 1024
        rate, mean = sum(taken for taken, _ in rest) / size, sum(taken for taken, _ in rest) / len(rest)
        shown = f"{rate:.2f} µs per KB, {mean:.1f} µs for {size / len(rest):.1f} KB"
        yield f"| {len(rest)} {name}: all others | {shown} | ≤ {_PER_KB:g} µs per KB |"


def _is_decided(page: bytes) -> bool:
    found = detect(page)
    return found.is_discuz and detect(page[:_HEAD]).kind == found.kind


def measure(pages: list[bytes], rounds: int) -> list[float]:
    """Microseconds for each page: the best of the rounds, for the rest is what other programs took."""
    best = [float("inf")] * len(pages)
    for _ in range(rounds):
        for number, page in enumerate(pages):
            start = time.perf_counter_ns()
            detect(page)
            best[number] = min(best[number], (time.perf_counter_ns() - start) / 1000)
    return best


def _saved(path: Path) -> Iterator[bytes]:
    for chunk in readable([path]):
        for item in chunk.items():
            if isinstance(item, Item):
                yield item.content
            else:
                sys.stderr.write(f"{item.source}: {item.message}\n")


if __name__ == "__main__":
    sys.exit(main())
