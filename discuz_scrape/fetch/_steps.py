"""What a fetch needs of the world outside. The core yields these, and is sent what came of each."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar
from urllib.parse import urlsplit

from discuz_scrape.errors import FetchError
from discuz_scrape.fetch._policy import Budget, Pace, Transient

if TYPE_CHECKING:
    from discuz_scrape.fetch._cache import Copy

__all__ = ["Answer", "Lookup", "Once", "Send", "Step", "Steps", "remembered"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Send:
    """Send one request, when it is its turn, and follow no redirect; gives an `Answer`."""

    url: str
    pace: Pace
    headers: dict[str, str]
    max_bytes: int
    budget: Budget
    form: bytes | None = None
    """What to post; None for GET."""
    into: BinaryIO | None = field(default=None, repr=False)
    """Where to write the body to; None to keep it in memory."""
    is_cut: bool = False
    """Whether a longer body is read as far as `max_bytes`, and is no failure."""

    @property
    def host(self) -> str:
        """The host that it goes to."""
        return urlsplit(self.url).hostname or ""

    def pauses(self) -> Iterator[float]:
        """Seconds to wait for its turn, which is taken at the end; again where the host complained meanwhile.

        Only one request to a host may wait here at a time.

        Raises:
            Transient: The host asked for more patience than there is.
            ChallengeError: It put up a wall.

        """
        heard = -1
        while heard != self.pace.complaints:
            heard = self.pace.complaints
            pause = self.pace.pause()
            if pause > self.budget.left:
                words = f"{self.host} asks to be left alone for {pause:.0f} s more, which is beyond total_timeout"
                raise Transient(FetchError(f"{words}: {self.url} was not fetched", url=self.url), after=pause)
            self.budget.spend(pause)
            yield pause
        self.pace.check_open(self.url)  # others may have met a wall meanwhile
        self.budget.number = self.pace.leave()

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """The time that the exchange takes."""
        clock, budget = self.pace.clock, self.budget
        began = clock()
        budget.deadline = began + budget.left
        try:
            yield
        finally:
            budget.spend(clock() - began)

    def request(self, timeout: float | None) -> dict[str, Any]:
        """What httpx is called with; no `timeout` where the caller's own client has one."""
        request: dict[str, Any] = {
            "method": "GET" if self.form is None else "POST",
            "url": self.url,
            "headers": [(name.encode("ascii"), value.encode("latin-1")) for name, value in self.headers.items()],
            "content": self.form,
            "follow_redirects": False,
        }
        if timeout is not None:
            request["timeout"] = max(min(timeout, self.budget.left), 0.0)
        return request


@dataclass(frozen=True, slots=True)
class Lookup:
    """Resolve the name of a host; gives its addresses, none where it has none."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Once:
    """Go through steps that nobody else may go through at the same time; gives what they give."""

    key: str
    steps: Callable[[], Steps[Any]]


Step = Send | Lookup | Once
Steps = Generator[Step, Any, T]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    url: str
    status: int
    headers: Sequence[tuple[str, str]]
    content: bytes
    """The body without its Content-Encoding; empty where it was written to a file."""
    size: int = 0
    """Bytes of the body."""
    peer: str | None = None
    """The IP address that answered; None where a proxy may stand between, or it is not known."""
    copy: Copy | None = field(default=None, repr=False, compare=False)
    """What the cache has of it; None where it has no say."""

    def header(self, name: str) -> str | None:
        """The first header of a name, given in lower case."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@contextmanager
def remembered(answer: Answer, file: BinaryIO | None = None) -> Iterator[None]:
    """Keep a copy of an answer that is found good in the block, and none of one that is not."""
    copy = answer.copy
    if copy is None:
        yield
        return
    try:
        yield
    except Exception:
        copy.reject(answer)
        raise
    copy.keep(answer, file)
