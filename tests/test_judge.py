"""What the client makes of an answer."""

from datetime import UTC, datetime

import pytest

from discuz_scrape.fetch._judge import rendered_at
from discuz_scrape.fetch._steps import Answer


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("Fri, 01 Mar 2024 12:00:00 GMT", datetime(2024, 3, 1, 12, tzinfo=UTC)),
        ("Fri, 01 Mar 2024 20:00:00 +0800", datetime(2024, 3, 1, 12, tzinfo=UTC)),
        ("Fri, 31 Dec 9999 23:59:59 -2359", None),
        ("Tue, 99 Foo 99999 99:99:99 +9999", None),
        ("", None),
    ],
)
def test_clock_of_the_server_is_a_moment_or_nothing(date: str, moment: datetime | None) -> None:
    assert rendered_at(Answer("http://bbs.example.com/", 200, [("date", date)], b"")) == moment
