"""Where rows go: lines of JSON, CSV, Parquet, SQLite, documents; one format a module.

A `Sink` says what workers make of each page, and takes that in order in the main process; `Output` sees to it that a
file is whole or not there, and that a run which was broken off goes on where it was.
"""

from __future__ import annotations

from pathlib import Path

from discuz_scrape.bulk.sinks._csv import Csv
from discuz_scrape.bulk.sinks._journal import MismatchError, State, journal_at
from discuz_scrape.bulk.sinks._output import Output
from discuz_scrape.bulk.sinks._parquet import Parquet
from discuz_scrape.bulk.sinks._sink import Made, Sink, making
from discuz_scrape.bulk.sinks._spool import Spool
from discuz_scrape.bulk.sinks._sqlite import Sqlite
from discuz_scrape.bulk.sinks._texts import COMPRESSIONS, Array, Texts
from discuz_scrape.output import Format

__all__ = ["Made", "MismatchError", "Output", "Sink", "State", "journal_at", "making", "sink_for", "text_format"]

_PARQUET = (".parquet", ".pq")
_SQLITE = (".sqlite", ".sqlite3", ".db")
_TEXTS = {
    ".jsonl": Format.jsonl, ".ndjson": Format.jsonl, ".json": Format.json, ".csv": Format.csv,
    ".md": Format.markdown, ".markdown": Format.markdown, ".txt": Format.text,
}  # fmt: skip


def sink_for(
    path: Path | None,
    fmt: Format | None = None,
    *,
    body: str | None = None,
    whole: bool = False,
    dedupe: bool = False,
) -> Sink:
    """The output for a file, by its ending; `fmt` decides among texts. None is standard output.

    Raises ValueError for what does not go together, ParseError where an extra is missing.
    """
    ending, compression = _endings(path)
    if ending in (*_PARQUET, *_SQLITE):
        if fmt is not None or compression or whole:
            what = "is not compressed" if compression else "goes without --format" if fmt else "goes without --threads"
            raise ValueError(f"a file that ends in {ending} {what}")
        if ending in _SQLITE:
            return Sqlite(dedupe=dedupe)
        return Spool(Parquet()) if dedupe else Parquet()
    fmt = fmt or text_format(path)
    sink = _texts(fmt, body, whole=whole, compression=compression)
    if not dedupe:
        return sink
    if whole or fmt in (Format.markdown, Format.text):
        raise ValueError("--dedupe goes with rows, not with whole pages or documents")
    if path is None:
        raise ValueError("--dedupe goes with a file: rows are kept aside beside it")
    return Spool(sink)


def text_format(path: Path | None) -> Format:
    """The format of a text, by the ending of the file."""
    return _TEXTS.get(_endings(path)[0], Format.jsonl)


def _texts(fmt: Format, body: str | None, *, whole: bool, compression: str) -> Texts:
    if fmt is Format.csv:
        return Csv(body, whole=whole, compression=compression)
    if fmt is Format.json:
        return Array(whole=whole, compression=compression)
    return Texts(fmt, body, whole=whole, compression=compression)


def _endings(path: Path | None) -> tuple[str, str]:
    """The ending that tells the format, and that of a compression."""
    if path is None:
        return "", ""
    last = path.suffix.lower()
    return (Path(path.stem).suffix.lower(), last) if last in COMPRESSIONS else (last, "")
