"""How far a run is, in a file: what a later run goes on with."""

from __future__ import annotations

from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from discuz_scrape._disk import bring_to_disk, opened_new

__all__ = ["NoStateError", "StateFile"]

_MAX_BYTES = 64 << 20

_State = TypeVar("_State", bound=BaseModel)


class NoStateError(ValueError):
    """A file is not what this project has written there."""


class StateFile(Generic[_State]):
    """The file of a state, for its owner only. It is replaced as a whole, so that it is never half written."""

    def __init__(self, path: Path, model: type[_State]) -> None:
        self.path = path.resolve()
        self._draft = self.path.with_name(f".{self.path.name}.new")
        self._model = model

    def read(self) -> _State | None:
        """Read the state; None where there is none. Raises OSError, NoStateError where it is another file."""
        if not self.path.exists():
            return None
        if not self.path.is_file():  # a device must not be replaced
            raise self._foreign()
        with self.path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
        return self.parse(content) if content else None

    def parse(self, content: bytes) -> _State:
        """Read a state that is kept elsewhere. Raises NoStateError where it is none."""
        try:
            return self._model.model_validate_json(content if len(content) <= _MAX_BYTES else b"")
        except ValidationError as error:
            raise self._foreign() from error

    def write(self, state: _State) -> None:
        """Replace the state. Raises OSError with the name of the file."""
        try:
            with opened_new(self._draft) as file:
                file.write(state.model_dump_json(indent=1).encode())
                bring_to_disk(file)
            self._draft.replace(self.path)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self.path)) from error

    def remove(self) -> None:
        """Take it away: there is nothing to go on with."""
        self.path.unlink(missing_ok=True)

    def _foreign(self) -> NoStateError:
        return NoStateError(f"{self.path} is no file that --resume has written")
