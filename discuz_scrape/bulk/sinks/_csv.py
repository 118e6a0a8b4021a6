"""CSV: a table of one kind of page."""

from __future__ import annotations

import json
from collections.abc import Iterable

from discuz_scrape.bulk._outcome import Batch
from discuz_scrape.bulk.sinks._sink import chosen
from discuz_scrape.bulk.sinks._texts import Headed
from discuz_scrape.output import Format
from discuz_scrape.output._csv import Table
from discuz_scrape.output._rows import row_model
from discuz_scrape.output._shape import Body, Shape

__all__ = ["Csv"]


class Csv(Headed):
    """Each page comes with a header of its own; the first one stays."""

    one_kind = True

    def __init__(self, body: str | None, *, whole: bool = False, compression: str = "") -> None:
        super().__init__(Format.csv, body, whole=whole, compression=compression)
        self._shape = Shape(Body(body or Body.text), whole)

    def write(self, batch: Batch, kind: str) -> None:
        """Write the rows of the pages of its kind."""
        texts = []
        for text in chosen(batch, kind):
            texts.append(text.partition("\n")[2] if self._begun else text)
            self._begun = True
        self.put_text("".join(texts))

    def write_lines(self, lines: Iterable[str], kind: str) -> None:
        """Write rows."""
        table = Table(row_model(kind), self._shape)
        head = "" if self._begun else table.head()
        self._begun = True
        self.put_text(head + table.rows(map(json.loads, lines)))
