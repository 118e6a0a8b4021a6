"""How long to wait, and what to try again. Decides; sends nothing and never sleeps."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, TypedDict

from tenacity import RetryCallState, retry_if_exception_type, wait_exponential_jitter

from discuz_scrape.errors import ChallengeError, FetchError

__all__ = ["Budget", "Pace", "RetryOptions", "Transient", "giving_up", "retry_options"]

_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_FIRST_EXTRA, _MOST_EXTRA = 1.0, 60.0
_FORGIVEN_AFTER = 3  # good answers in a row that halve the extra time


class Budget:
    """The seconds that one fetch may take: all its tries and pauses, but not the time that others have their turn."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds
        self.deadline = float("inf")
        """When the request under way must be over, by the clock of the client."""
        self.number = 0
        """The number of that request, among those to its host."""

    def spend(self, seconds: float) -> None:
        """Take away the time that something took."""
        self.left -= seconds


class Pace:
    """When the next request to one host may leave: an interval after the last one, more after complaints."""

    def __init__(self, interval: float, jitter: float, clock: Callable[[], float]) -> None:
        self.interval = interval
        """Seconds between the beginnings of two requests, at least."""
        self.extra = 0.0
        """Seconds on top of it: doubled by complaints, halved after good answers."""
        self.clock = clock
        self.complaints = 0
        """How often the host asked for patience."""
        self.wall: ChallengeError | None = None
        """What stops all further requests to the host."""
        self._jitter = jitter
        self._next = clock()
        self._good = self._sent = self._sent_unwarned = 0
        self._lock = Lock()

    def pause(self) -> float:
        """Seconds until the next request may leave."""
        return max(self._next - self.clock(), 0.0)

    def leave(self) -> int:
        """Take the turn, so that the next request has to wait for the one after it; gives its number."""
        with self._lock:
            turn = max(self.clock(), self._next)
            self._next = turn + (self.interval + self.extra) * (1 + random.uniform(0, self._jitter))  # noqa: S311
            self._sent += 1
            return self._sent

    def slow_down(self, interval: float) -> None:
        """Keep at least this interval from now on, the next request too."""
        with self._lock:
            more = max(interval - self.interval, 0.0)
            self.interval += more
            self._next += more

    def complain(self, after: float | None, number: int) -> None:
        """The host asked for patience: go slower from now on, and not on before `after` seconds.

        Requests that were under way together, by their numbers, slow down once: none could heed what another was told.
        """
        with self._lock:
            if number > self._sent_unwarned:
                self.extra = min(max(_FIRST_EXTRA, 2 * self.extra), _MOST_EXTRA)
                self._sent_unwarned = self._sent
            self.complaints += 1
            self._good = 0
            self._next = max(self._next, self.clock() + (after or self.extra))

    def check_open(self, url: str) -> None:
        """Raise ChallengeError where the host put up a wall before."""
        if self.wall is not None:
            words = f"{url} was not asked for: its host put up a wall at {self.wall.url}: {self.wall}"
            raise ChallengeError(words, text=self.wall.text, url=url) from self.wall

    def praise(self) -> None:
        """The host answered as it should."""
        with self._lock:
            self._good += 1
            if self.extra and self._good % _FORGIVEN_AFTER == 0:
                self.extra = self.extra / 2 if self.extra > _FIRST_EXTRA / 2 else 0.0


class Transient(Exception):  # noqa: N818 - it never leaves the client
    """A failure that another try may mend."""

    def __init__(self, cause: Exception, *, after: float | None = None, busy: bool = False) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.after = after
        """Seconds that the server or forum asks to wait."""
        self.busy = busy
        """Whether it complains of too many requests, or has too much to do."""


class RetryOptions(TypedDict):
    """What tenacity needs to know, for its sync and its async loop alike."""

    retry: Any
    stop: Any
    wait: Any
    before_sleep: Any
    reraise: bool


def retry_options(attempts: int, budget: Budget) -> RetryOptions:
    """Try again what is transient: so many times, as long as there is time, and as late as was asked for."""
    backoff = wait_exponential_jitter(initial=_FIRST_WAIT, max=_LONGEST_WAIT, jitter=_FIRST_WAIT)

    def wait(state: RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        asked = failure.after if isinstance(failure, Transient) else None
        return max(float(backoff(state)), asked or 0.0)

    def is_over(state: RetryCallState) -> bool:
        return state.attempt_number >= attempts or state.upcoming_sleep > budget.left

    def before_sleep(state: RetryCallState) -> None:
        budget.spend(state.upcoming_sleep)

    return RetryOptions(
        retry=retry_if_exception_type(Transient), stop=is_over, wait=wait, before_sleep=before_sleep, reraise=True
    )


@contextmanager
def giving_up(url: str) -> Iterator[None]:
    """Tell in our own words that the tries are used up."""
    try:
        yield
    except Transient as last:
        raise FetchError(f"no tries are left for {url}: {last}", url=url) from last.cause
