"""An output in the making: the sink, the place where it is to lie, and how far it is."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from discuz_scrape._disk import bring_to_disk
from discuz_scrape._place import Place
from discuz_scrape.bulk._outcome import Batch
from discuz_scrape.bulk.sinks._journal import Journal, MismatchError, State, chained
from discuz_scrape.bulk.sinks._sink import Keeper, Sink
from discuz_scrape.bulk.sinks._texts import Texts
from discuz_scrape.sources import Chunk

__all__ = ["Output"]

_SHARE = 20
"""How many times as long as it takes to keep the state passes before that is done again; disks are slow or fast."""


class Output:
    """Takes what was made of pieces of work, in order. With a journal it goes on where another run was broken off.

    The state is written after the rows that it counts, and what is not counted is cut off by the run that goes on: so
    nothing is lost and nothing comes twice, whenever a run ends or the power does.
    """

    def __init__(self, sink: Sink, target: Path | BinaryIO, state: State, journal: Journal | None = None) -> None:
        self.state = state
        self._sink, self._journal, self._target = sink, journal, target
        self._place: Place | None = None
        self._keep_at = 0.0
        self._is_behind = False  # whether the state that is kept is older than ours, which fits the output

    @property
    def is_done(self) -> bool:
        """Whether an earlier run has finished it."""
        return bool(self.state.whole)

    def __enter__(self) -> Output:
        try:
            self._begin()
        except BaseException:
            self._leave()
            raise
        return self

    def _begin(self) -> None:
        if isinstance(self._target, Path):
            place = Place(self._target, lasting=self._journal is not None)
            if self._journal is None:
                place.create()
                self._place = place  # not before, for what lies there already is not ours to remove
                self._sink.begin(place, {})
            else:
                self._place = place
                self._resume(place, self._journal)
        elif isinstance(self._sink, Texts):
            self._sink.begin_stream(self._target)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        if self._is_behind and self._journal is not None:
            with suppress(OSError):  # then what was done since is done again
                self._keep()
        self._sink.close()
        if self._place is not None and not self._place.lasting:
            self._place.drop()

    def _resume(self, place: Place, journal: Journal) -> None:
        if place.is_device:
            raise MismatchError(f"{place.path} is no file that can be gone on with")
        kept = journal.read()
        if kept is None:
            if place.draft.exists():
                raise MismatchError(f"{place.draft} is there, but not the state that belongs to it: remove it first")
            journal.write(self.state)  # before the draft, which nobody would dare to touch without it
        else:
            _compare(kept, self.state)
            self.state = kept
        if self.state.whole:  # all that is missing is the last step
            self._settle(place)
            if not place.path.exists():
                raise MismatchError(f"{place.path} was finished and is gone: remove {journal.path} to begin anew")
            return
        if not place.draft.exists():
            if self.state.chunks:
                raise MismatchError(f"{place.draft} is gone: remove {journal.path} to begin anew")
            place.create()
        self._sink.begin(place, self.state.output)
        if isinstance(self._sink, Keeper) and (told := self._sink.recall()) is not None:
            own = journal.parse(told.encode())
            _compare(own, self.state)
            self.state = own
        self._sink.duplicates = self.state.stats.duplicates

    def left(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        """Pass over what is done. Raises MismatchError where the sources are not what they were."""
        names = ""
        at = 0
        for at, chunk in enumerate(chunks, 1):
            if at > self.state.chunks:
                yield chunk
            else:
                names = chained(names, chunk.identity)
                if at == self.state.chunks and names != self.state.names:
                    raise MismatchError(f"the sources have changed since the run was broken off, at {chunk.name}")
        if at < self.state.chunks:
            raise MismatchError("the sources have changed since the run was broken off: some are gone")

    def add(self, batch: Batch) -> None:
        """Write what was made of a piece of work, and count it."""
        self._is_behind = False
        self.state.stats.add(batch)
        self._sink.write(batch, self.state.kind)
        self.state.stats.duplicates = self._sink.duplicates
        self.state.passes(batch.identity)
        self._is_behind = True
        if time.monotonic() >= self._keep_at:
            self._keep()

    def _keep(self) -> None:
        """Keep the state together with all that was written."""
        began = time.monotonic()
        if isinstance(self._sink, Keeper):
            self._sink.keep(self.state.model_dump_json())
        elif self._journal is not None:
            self.state.output = self._sink.mark()
            self._journal.write(self.state)
        ended = time.monotonic()
        self._keep_at = ended + _SHARE * (ended - began)
        self._is_behind = False

    def finish(self) -> None:
        """Make the output whole, and move it to its place."""
        if self._is_behind:
            self._keep()
        whole = self._sink.end()
        if self._place is not None:
            self.state.whole = whole.name
            if self._journal is not None:
                with whole.open("r+b") as file:
                    bring_to_disk(file)
                self._journal.write(self.state)
            self._settle(self._place)

    def _settle(self, place: Place) -> None:
        whole = place.path.with_name(self.state.whole)
        if whole.exists():
            self._sink.tidy(whole)
        place.settle(whole)

    def give_up(self) -> None:
        """Leave what lies at its place, where something can: nothing was read that would be better."""
        if self._place is None or self._place.is_device:
            self.finish()
            return
        self._is_behind = False
        self._sink.close()
        self._place.drop()
        if self._journal is not None:
            self._journal.remove()


def _compare(kept: State, wanted: State) -> None:
    for name, before, now in (
        ("inputs", kept.inputs, wanted.inputs),
        ("output", kept.target, wanted.target),
        *((f"--{name}", value, wanted.options.get(name)) for name, value in kept.options.items()),
    ):
        if before != now:
            raise MismatchError(f"the run that is to be resumed had other {name}: {_told(before)}, not {_told(now)}")


def _told(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
