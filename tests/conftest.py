"""What tests of the client begin with: a small forum, the place where it is served, and time that nobody waits for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from clients import Time
from forum import Forum, Site


@pytest.fixture
def forum() -> Forum:
    return Forum()


@pytest.fixture
def site(forum: Forum) -> Iterator[Site]:
    with forum.served() as site:
        yield site


@pytest.fixture
def time() -> Time:
    return Time()
