"""The client: pages of live forums, politely.

`Client` and `AsyncClient` are two drivers of one logic. A fetch is a generator of steps (`_visit`): it obeys robots.txt
(`_robots`), follows redirects within the site (`_site`), judges what came back (`_judge`), and yields a step where it
needs the world outside. When the next request may leave and what is tried again stands in `_policy`; which page to ask
for next is the business of `discuz_scrape.walk`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from discuz_scrape.fetch._async import AsyncClient, AsyncPages
from discuz_scrape.fetch._stats import Stats
from discuz_scrape.fetch._sync import Client, Pages
from discuz_scrape.models import Thread

__all__ = ["AsyncClient", "AsyncPages", "Client", "Pages", "Stats", "fetch_thread"]


def fetch_thread(
    url: str,
    *,
    start: int | None = None,
    stop: int | None = None,
    author: int | None = None,
    since: datetime | None = None,
    extras: bool = False,
    **options: Any,
) -> Thread:
    """Fetch a whole thread with a `Client` of its own, which takes the other `options`; see `Client.thread`."""
    with Client(**options) as client:
        return client.thread(url, start=start, stop=stop, author=author, since=since, extras=extras)
