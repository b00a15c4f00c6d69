"""Moments in words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from services.when import show_moment, show_wait

NOW = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_toronto(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/Toronto")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 21, 15, 42, tzinfo=UTC), "10:42"),
        (datetime(2026, 11, 21, 4, 59, tzinfo=UTC), "Nov 20 23:59"),
        (datetime(2026, 7, 1, 4, 0, tzinfo=UTC), "Jul 1 00:00"),
        (datetime(2026, 1, 1, 4, 0, tzinfo=UTC), "Dec 31 2025 23:00"),
    ],
)
def test_a_moment_shows_as_much_as_tells_it_from_now_in_local_time(moment: datetime, words: str) -> None:
    assert show_moment(moment, NOW) == words


def test_a_wait_shows_minutes_and_seconds() -> None:
    assert [show_wait(seconds) for seconds in (0, 38, 60, 3599)] == ["0:00", "0:38", "1:00", "59:59"]
