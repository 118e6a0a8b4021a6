"""What tests of the client begin with: a small forum, and the place where it is served."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from forum import Forum, Site


@pytest.fixture
def forum() -> Forum:
    return Forum()


@pytest.fixture
def site(forum: Forum) -> Iterator[Site]:
    with forum.served() as site:
        yield site
