"""Compares with datatrove: its WarcReader and Trafilatura against ours, on the same WARC.

`python -m tests.benchmarks.datatrove` runs on generated pages; `--pages FILE.warc.gz` takes a crawl of your own, and
`--truth FILE.jsonl.gz` what its posts say (lines with `pid` and `text`). Each tool runs in a process of its own, whose
processor time counts with that of the processes it starts, once the first few pages have loaded what they need. A true
post counts as recovered where 90 % of its 8-grams are in what the tool makes of the page; precision is the share of the
8-grams in the lines of that text which are of true posts on the page. White space does not count.
"""

import argparse
import gzip
import inspect
import json
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from discuz_scrape import DiscuzScrapeError, Thread
from discuz_scrape._any import parse_any
from discuz_scrape.bulk._pool import batches
from discuz_scrape.bulk._work import Job
from discuz_scrape.models import Page as ParsedPage
from discuz_scrape.output import json_lines
from discuz_scrape.sources import Chunk, Fault, Item, chunks

from .crawls import write_warc
from .pages import ordinary_pages

_GRAM = 8
_ENOUGH = 0.9
_FASTER, _RECOVERED = 30.0, 0.9  # what is aimed at
_WARM, _FEW = "warm-up.warc.gz", 5
_NEVER = 1e6  # seconds: Trafilatura's time limit, switched off
_POST = re.compile(rb'id="post_(\d+)"')
_SPACE = re.compile(r"\s+")

Key = tuple[str | None, datetime | None]
Truth = dict[tuple[str | None, int], str]
"""Address of the page, None for any, and number of the post, to what it says."""


def _theirs(warc: Path, out: Path, **options: Any) -> None:
    from datatrove.pipeline.extractors import Trafilatura

    _pipeline(warc, out, Trafilatura(timeout=_NEVER, **options))


def _without_deduplication(warc: Path, out: Path) -> None:
    _theirs(warc, out, deduplicate=False)


def _our_step(warc: Path, out: Path) -> None:
    from discuz_scrape.datatrove import DiscuzExtractor

    _pipeline(warc, out, DiscuzExtractor())


def _pipeline(warc: Path, out: Path, step: Any) -> None:
    from datatrove.pipeline.readers import WarcReader

    with out.open("w", encoding="utf-8") as file:
        for document in step.run(WarcReader(str(warc.parent), glob_pattern=warc.name).run()):
            told = {"url": document.metadata["url"], "date": document.metadata["date"], "text": document.text}
            file.write(json.dumps(told, ensure_ascii=False) + "\n")


def _ours(warc: Path, out: Path) -> None:
    with out.open("wb") as file:
        for batch in batches(_pieces(warc), Job(_lines, sieve=True), workers=0):
            for outcome in batch.outcomes:
                if outcome.made:
                    file.write(outcome.made)


def _lines(page: ParsedPage, _: Item) -> bytes:
    return "".join(f"{line}\n" for line in json_lines(page)).encode()


TOOLS: dict[str, Callable[[Path, Path], None]] = {
    "datatrove: WarcReader + Trafilatura": _theirs,
    "the same, `deduplicate=False`": _without_deduplication,
    "datatrove: WarcReader + DiscuzExtractor": _our_step,
    "discuz-scrape, one worker": _ours,
}
"""What is compared; the first is what the last is measured by."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How near the text of a tool comes to the true posts."""

    recovered: float
    precision: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table; the exit code is 1 only where `--check` finds a target missed."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.datatrove", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pages", type=Path, metavar="WARC", help="a crawl of your own")
    parser.add_argument("--truth", type=Path, metavar="FILE", help="what its posts say, as .jsonl.gz")
    parser.add_argument("--sample", type=int, default=200, help="how many pages, 0 for all (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="what makes up pages (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each tool (default: %(default)s)")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a target is missed")
    parser.add_argument("--run", nargs=3, metavar=("TOOL", "WARC", "OUT"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.run:
        print(_seconds(TOOLS[options.run[0]], Path(options.run[1]), Path(options.run[2])))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        warc = Path(folder, "pages.warc.gz")
        truth = _sampled(options, warc) if options.pages else _generated(options, warc)
        _write_warm_up(warc)
        return int(not _compare(warc, truth, options.rounds) and options.check)


def _compare(warc: Path, truth: Truth, rounds: int) -> bool:
    """Print what each tool takes and makes of a WARC; tell whether the targets are reached."""
    pages = {(item.url, item.date): item for item in _items(warc)}
    print(
        f"{len(pages)} pages; trafilatura {version('trafilatura')}, datatrove {version('datatrove')}: {_defaults()}\n"
    )
    print("| | CPU per page | pages per core-second | posts recovered | precision |\n| --- | --- | --- | --- | --- |")
    taken: dict[str, float] = {}
    quality: dict[str, Quality] = {}
    outs = {name: warc.with_name(f"{number}.jsonl") for number, name in enumerate(TOOLS)}
    runs: dict[str, list[float]] = {name: [] for name in TOOLS}
    for _ in range(rounds):  # in turns, so that a machine that slows down does so for all
        for name, out in outs.items():
            runs[name].append(_measured(name, warc, out))
    for name, out in outs.items():
        taken[name] = statistics.median(runs[name]) / len(pages)
        texts = _our_texts(pages) if TOOLS[name] is _ours else _texts(out)
        quality[name] = _quality(pages, texts, truth)
        told = f"{quality[name].recovered:.1%} | {quality[name].precision:.1%}" if truth else " | "
        print(f"| {name} | {taken[name] * 1000:.2f} ms | {1 / taken[name]:.0f} | {told} |", flush=True)
    first, *_, last = TOOLS
    ratio = taken[first] / taken[last]
    print(f"\n{ratio:.1f} times as fast (target: {_FASTER:g})")
    return ratio >= _FASTER and (not truth or quality[last].recovered >= _RECOVERED)


def _defaults() -> str:
    from datatrove.pipeline.extractors import Trafilatura

    parameters = inspect.signature(Trafilatura.__init__).parameters.values()
    told = [f"{one.name}={one.default}" for one in parameters if one.default is not one.empty and one.name != "timeout"]
    return f"Trafilatura({', '.join(told)}, timeout off)"


def _measured(name: str, warc: Path, out: Path) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.datatrove", "--run", name, str(warc), str(out)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return float(done.stdout)


def _seconds(tool: Callable[[Path, Path], None], warc: Path, out: Path) -> float:
    tool(warc.with_name(_WARM), out)
    before = _cpu()
    tool(warc, out)
    return _cpu() - before


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


# ----------------------------------------------------------------------------------------------------------- quality


def _texts(out: Path) -> dict[Key, str]:
    with out.open(encoding="utf-8") as file:
        documents = [json.loads(line) for line in file]
    return {(one["url"], datetime.fromisoformat(one["date"])): one["text"] for one in documents}


def _our_texts(pages: dict[Key, Item]) -> dict[Key, str]:
    texts: dict[Key, str] = {}
    for key, item in pages.items():
        try:
            page = parse_any(item.content, content_type=item.content_type, formats=("text",), url=item.url)
        except DiscuzScrapeError:
            continue
        if isinstance(page, Thread):
            texts[key] = "\n\n".join(post.body for post in page.posts)
    return texts


def _quality(pages: dict[Key, Item], texts: dict[Key, str], truth: Truth) -> Quality:
    posts = recovered = said = right = 0
    for key, item in pages.items():
        found = [truth.get((item.url, pid)) or truth.get((None, pid)) for pid in _pids(item.content)]
        true = [_SPACE.sub("", text) for text in found if text]
        if not true:
            continue
        text = texts.get(key, "")
        whole = _SPACE.sub("", text)
        made = _grams(whole)
        posts += len(true)
        recovered += sum(_is_in(post, whole, made) for post in true)
        lines = set().union(*(_grams(_SPACE.sub("", line)) for line in text.splitlines()))
        said += len(lines)
        right += len(lines & set().union(*map(_grams, true)))
    return Quality(recovered / max(posts, 1), right / max(said, 1))


def _pids(content: bytes) -> Iterator[int]:
    return map(int, dict.fromkeys(_POST.findall(content)))


def _grams(text: str) -> set[str]:
    return {text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1)}


def _is_in(post: str, text: str, made: set[str]) -> bool:
    grams = _grams(post)
    return len(grams & made) >= _ENOUGH * len(grams) if grams else post in text


# ------------------------------------------------------------------------------------------------------------- pages


def _write_warm_up(warc: Path) -> None:
    """The first pages, for what is loaded by the first page of its kind."""
    places = [int(item.source.rpartition("@")[2]) for item in _items(warc)]
    content = warc.read_bytes()
    warc.with_name(_WARM).write_bytes(content[: places[_FEW] if len(places) > _FEW else None])


def _pieces(warc: Path) -> Iterator[Chunk]:
    return (chunk for chunk in chunks([warc]) if not isinstance(chunk, Fault))


def _items(warc: Path) -> Iterator[Item]:
    return (item for chunk in _pieces(warc) for item in chunk.items() if isinstance(item, Item))


def _generated(options: argparse.Namespace, warc: Path) -> Truth:
    pages = ordinary_pages(options.sample or 1000, options.seed)
    write_warc(warc, pages)
    rows = [(page.url, row) for page in pages if page.truth for row in page.truth.posts]
    return {(url, row.pid): "\n".join(row.lines) for url, row in rows if row.pid is not None}


def _sampled(options: argparse.Namespace, warc: Path) -> Truth:
    """Copy pages out of a crawl, at even distances."""
    content = options.pages.read_bytes()
    places = [int(item.source.rpartition("@")[2]) for item in _items(options.pages)]
    step = max(1, len(places) // options.sample) if options.sample else 1
    with warc.open("wb") as file:
        for place in places[::step]:
            file.write(_member(content, place))
    if options.truth is None:
        return {}
    with gzip.open(options.truth, "rt", encoding="utf-8") as lines:
        return {(None, row["pid"]): row["text"] for row in map(json.loads, lines)}


def _member(content: bytes, place: int) -> bytes:
    """The bytes of one compressed record."""
    import zlib

    reader = zlib.decompressobj(31)
    rest, window = place, 1 << 16
    while not reader.eof and rest < len(content):
        reader.decompress(content[rest : rest + window])
        rest += window
    return content[place : min(rest, len(content)) - len(reader.unused_data)]


if __name__ == "__main__":
    sys.exit(main())
