"""Sources that cost a process its life while it reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.pages import ordinary_pages

pytest.importorskip("fsspec")
pytest.importorskip("pebble")

from noted_files import NotedFiles

from discuz_scrape.bulk._made import RowsOf
from discuz_scrape.bulk._pool import batches
from discuz_scrape.bulk._work import Job
from discuz_scrape.sources._files import Files

PAGES = ordinary_pages(3)


def test_a_file_that_kills_costs_what_is_behind_it_in_its_piece_and_nothing_before(tmp_path: Path) -> None:
    names = ["0.html", "1.html", "2-deadly.html", "3.html"]
    for name in names:
        (tmp_path / name).write_bytes(PAGES[0].content)
    notes = tmp_path / "notes"
    notes.mkdir()
    files = NotedFiles(str(notes))
    pieces = [Files(tuple(str(tmp_path / name) for name in some), files) for some in (names, names[:2])]
    first, second = batches(pieces, Job(RowsOf("thread")), workers=1)
    assert len([outcome for outcome in first.outcomes if outcome.made]) == 2
    assert [outcome.source.rpartition("+4 ")[2] for outcome in first.outcomes if outcome.error] == [
        "page 3",
        "from page 4",
    ]
    assert all("died" in str(outcome.error) for outcome in first.outcomes if outcome.error)
    assert len(second.outcomes) == 2
