"""What writes the rows of a run: a folder of Parquet files."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
from fsspec.core import url_to_fs
from ray.data import Datasink

from discuz_scrape.bulk._arrow import schema_of
from discuz_scrape.sources._place import is_remote

__all__ = ["Folder", "Summary"]

_ROW_GROUP = 16_384
_DRAFT = ".part"


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a run."""

    pages: int
    """How many pages were looked at."""
    rows: int
    """How many rows were written."""
    kinds: dict[str, int]
    """How many pages of each kind were parsed."""
    dropped: dict[str, int]
    """How many pages the sieve dropped, by what they are."""
    errors: dict[str, int]
    """How many pages could not be read, by class of what went wrong."""


class Folder(Datasink[Counter[str]]):  # type: ignore[misc]
    """A folder of Parquet files, one of each task, and of errors as JSON lines."""

    def __init__(self, out: str, kind: str) -> None:
        self._out = out if is_remote(out) else Path(out).absolute().as_uri()
        self._kind = kind
        self.summary = _summary([])

    def prepare(self) -> None:
        """Make the folder."""
        system, folder = url_to_fs(self._out)
        if system.exists(folder) and system.ls(folder):
            raise FileExistsError(f"{self._out}: there is something in it")
        system.makedirs(folder, exist_ok=True)

    def write(self, blocks: Iterable[Any], ctx: Any) -> Counter[str]:
        """Write what one task has read; when it is done again, over what it wrote before it was lost."""
        counts: Counter[str] = Counter()
        errors: list[str] = []
        with self._file(f"{ctx.task_idx:06}.parquet") as file, self._rows(file) as writer:
            for block in blocks:
                rows = block.filter(pc.is_valid(block["kind"]))
                writer.write_table(rows.select(writer.schema.names), row_group_size=_ROW_GROUP)
                counts["rows"] += rows.num_rows
                errors += (json.dumps(error, ensure_ascii=False) for error in block["error"].drop_null().to_pylist())
                for told in block["counts"].drop_null().to_pylist():
                    counts.update(dict(told))
        if errors:
            with self._file(f"errors-{ctx.task_idx:06}.jsonl") as file:
                file.write("".join(f"{line}\n" for line in errors).encode())
        return counts

    def on_write_complete(self, write_result: Any) -> None:
        """Add up what the tasks tell."""
        self.summary = _summary(write_result.write_returns)

    def tidy(self) -> None:
        """Leave nothing of tasks that were lost or broken off."""
        system, folder = url_to_fs(self._out)
        for path in system.glob(f"{folder}/.*{_DRAFT}"):
            system.rm_file(path)

    @contextmanager
    def _file(self, name: str) -> Iterator[Any]:
        """A file that is there when it is whole."""
        system, folder = url_to_fs(self._out)
        draft = f"{folder}/.{name}-{secrets.token_hex(4)}{_DRAFT}"
        with system.open(draft, "wb") as file:
            yield file
        system.mv(draft, f"{folder}/{name}")

    def _rows(self, file: Any) -> Any:
        return pq.ParquetWriter(file, schema_of(self._kind), compression="zstd")


def _summary(told: Iterable[Counter[str]]) -> Summary:
    counts = sum(told, Counter())
    groups: dict[str, dict[str, int]] = {"kind": {}, "dropped": {}, "error": {}}
    for name, number in counts.items():
        group, _, what = name.partition(" ")
        if group in groups:
            groups[group][what] = number
    return Summary(counts["pages"], counts["rows"], groups["kind"], groups["dropped"], groups["error"])
