"""Walks: which page to ask for next, given what came back. No network, no clock, no sleep.

A walk is asked and fed, until it asks for nothing more:

    walk = ThreadWalk(url)
    while (ask := walk.ask) is not None:
        for page in walk.feed(parse_page(my_fetch(ask), url=ask)):
            ...

What could not be fetched is told with `walk.fail(error)`, which raises it again where the walk cannot go on without.
`walk.state` is a cursor for going on later.
"""

from discuz_scrape.walk._merge import merged
from discuz_scrape.walk.board import BoardWalk
from discuz_scrape.walk.thread import ThreadWalk

__all__ = ["BoardWalk", "ThreadWalk", "merged"]
