"""One logic, two drivers, any library below: all six clients get the same, wait the same, and ask for the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from clients import WAYS, Record, play
from scenes import SCENES


@pytest.mark.parametrize("name", sorted(SCENES))
def test_all_clients_go_through_a_scene_alike(name: str, tmp_path: Path) -> None:
    records: dict[str, Record] = {}
    for number, (label, way) in enumerate(WAYS.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        records[label] = play(name, way, folder)
    first = records["sync"]
    assert first.log, "a scene asks for something"
    for label, record in records.items():
        assert record.outcome == first.outcome, label
        assert record.waits == first.waits, label
        assert record.log == first.log, label
        assert record.stats == first.stats, label


def test_there_are_scenes_enough() -> None:
    assert len(SCENES) >= 25
