"""Where a walk stands, as JSON: enough to go on later, and nothing that is secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, NonNegativeInt, PositiveInt, ValidationError

from discuz_scrape.errors import DiscuzScrapeError

__all__ = ["Cursor", "State", "open_state", "report"]

State = dict[str, Any]
"""A cursor as people get it and give it back: what `json.dumps` takes."""

Numbers = tuple[NonNegativeInt, ...]


class Cursor(BaseModel):
    """What a walk needs to know to go on."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    version: Literal[1] = 1
    kind: Literal["thread", "board"]
    url: str
    """The address of the first page."""
    page: PositiveInt
    """The last page that was given out."""
    next_page: PositiveInt
    """The page that follows; the same one at the end, for it may have grown."""
    tid: PositiveInt | None = None
    border_pids: Numbers = ()
    """The posts of `page`."""
    early_pids: Numbers = ()
    """Posts that were shown before their place."""
    border_tids: Numbers = ()
    """The threads of `page`."""
    early_tids: Numbers = ()
    """The threads of the first page: what comes in later pushes them down."""
    top_at: AwareDatetime | None = None
    """The newest reply on the first page when the walk began: what is older did not come in since."""
    waiting: Numbers = ()
    """Threads of `page` that are still to be read."""
    begun: NonNegativeInt = 0
    """How many threads were begun; so many of those asked for are done with."""
    thread: Cursor | None = None
    """The walk of the thread that was being read."""

    @property
    def state(self) -> State:
        """The cursor as JSON takes it, without what does not apply."""
        return self.model_dump(mode="json", exclude_defaults=True, exclude={"version"}) | {"version": self.version}


def open_state(state: Mapping[str, Any] | str, kind: str) -> Cursor:
    """Check a cursor of a walk of this kind; a text is its JSON. Raises ValueError for one that cannot be used."""
    try:
        if isinstance(state, str):
            cursor = Cursor.model_validate_json(state)
        else:
            cursor = Cursor.model_validate(dict(state), strict=False)
    except ValidationError as error:
        what = error.errors()[0]
        where = ".".join(map(str, what["loc"])) or "it"
        raise ValueError(f"not what `state` of a walk gave ({where}: {what['msg']})") from error
    if cursor.kind != kind:
        raise ValueError(f"this is the cursor of a {cursor.kind}, not of a {kind}")
    return cursor


def report(error: DiscuzScrapeError, state: State, where: str) -> None:
    """Make an error that ends a walk say where it stood, and carry the cursor."""
    if error.state is None:
        error.args = (f"{error} ({where})", *error.args[1:])
    error.state = state
