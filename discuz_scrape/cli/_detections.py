"""What `detect` found, for a program and for a person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from io import StringIO

from discuz_scrape.models import Detection
from discuz_scrape.output import visible_line

Found = tuple[str, Detection]


def json_lines(found: Iterable[Found]) -> Iterator[str]:
    """One object a line: the file, and all fields."""
    for path, detection in found:
        yield visible_line(json.dumps({"file": path, **detection.model_dump()}, ensure_ascii=False)) + "\n"


def table(found: Iterable[Found]) -> Iterator[str]:
    """A table of all files, as wide as the terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rows = Table("Discuz!", "kind", "version", "charset", "skin", "viewer", box=None, pad_edge=False)
    rows.add_column("file", overflow="fold")
    for path, detection in found:
        rows.add_row(*(Text(visible_line(cell)) for cell in (*_facts(detection), path)))
    if rows.row_count:
        drawn = StringIO()
        Console(file=drawn, width=Console().width, force_terminal=True).print(rows)
        yield drawn.getvalue()


def _facts(detection: Detection) -> tuple[str, ...]:
    style = f"style {detection.style_id}" if detection.style_id is not None else None
    skin = ", ".join(filter(None, (detection.template, style)))
    viewer = {None: "", 0: "guest"}.get(detection.viewer_uid, f"uid {detection.viewer_uid}")
    sure = "yes" if detection.is_discuz else "no"
    return sure, detection.kind, detection.version or "", detection.charset or "", skin, viewer
