"""Kills runs of `discuz-scrape parse` and resumes them: `python -m tests.benchmarks.resume`.

For each format a run over the pages is killed (kill -9) at random moments and resumed each time, until it was killed as
often as is wished. What comes out must be what an undisturbed run gives: lines of JSON byte for byte, SQLite row for
row, Parquet row for row. Pages are made up by a seed; `--pages PATH` takes a folder or a WARC of your own.
"""

import argparse
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from .pages import ordinary_pages

_FORMATS = ("jsonl", "jsonl.zst", "sqlite", "parquet")


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill and resume, print the table; the exit code is 1 where something was lost or came twice."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.resume", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pages", type=Path, metavar="PATH", help="folder of pages, or a WARC")
    parser.add_argument("--sample", type=int, default=1500, help="how many pages to make up (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="what makes up pages and moments (default: %(default)s)")
    parser.add_argument("--kills", type=int, default=20, help="how often to kill each (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="processes of each run (default: %(default)s)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as place:
        pages = options.pages or _made_up(Path(place) / "pages", options.sample, options.seed)
        print("| format | killed | runs to the end | with rows kept before | equal to an undisturbed run |")
        print("| --- | --- | --- | --- | --- |")
        wrong = 0
        for number, suffix in enumerate([*_FORMATS, "jsonl --dedupe", "sqlite --dedupe"]):
            folder = Path(place) / str(number)
            folder.mkdir()
            line, equal = _tried(folder, pages, suffix, options)
            print(line, flush=True)
            wrong += not equal
    return int(wrong > 0)


def _made_up(folder: Path, sample: int, seed: int) -> Path:
    folder.mkdir()
    for number, page in enumerate(ordinary_pages(sample, seed)):
        (folder / f"{number:06}.html").write_bytes(page.content)
    return folder


def _tried(folder: Path, pages: Path, form: str, options: argparse.Namespace) -> tuple[str, bool]:
    suffix, *more = form.split()
    rng = random.Random(f"{options.seed}/{form}")  # noqa: S311 - moments, no secrets
    whole, target, state = folder / f"whole.{suffix}", folder / f"resumed.{suffix}", folder / "state.json"
    command = [sys.executable, "-m", "discuz_scrape", "parse", str(pages), "--workers", str(options.workers), *more]
    began = time.monotonic()
    _run([*command, "-o", str(whole)])
    took = time.monotonic() - began
    truth = _rows(whole)
    kills = ended = kept = 0
    equal = True
    while kills < options.kills or not ended:
        patience = rng.uniform(0, took / 2) if kills < options.kills else None
        if _run([*command, "-o", str(target), "--resume", str(state)], patience):
            ended += 1
            equal = equal and _rows(target) == truth and not list(folder.glob("*.partial*"))
            target.unlink()
            state.unlink()
        else:
            kills += 1
            kept += any(path.stat().st_size > 0 for path in folder.glob("*.partial*"))
    return f"| {form} | {kills} | {ended} | {kept} | {'yes' if equal else '**no**'} |", equal


def _run(command: list[str], patience: float | None = None) -> bool:
    """Run it; whether it came to its end before it was killed."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            return True
        process.kill()
    return False


def _rows(path: Path) -> Any:
    if path.suffix == ".parquet":
        from pyarrow.parquet import read_table

        return read_table(path)
    if path.suffix != ".sqlite":
        return path.read_bytes()
    with closing(sqlite3.connect(path)) as base:
        names = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: base.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in names}  # noqa: S608


if __name__ == "__main__":
    sys.exit(main())
