"""The clocks: always aware, always UTC, and one of them moves only by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from services.clock import Clock, ManualClock, SystemClock

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_the_system_clock_is_aware_and_in_utc() -> None:
    clock: Clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)


def test_a_manual_clock_stands_still_until_it_is_moved() -> None:
    clock: Clock = ManualClock(NOON)
    assert clock.now() == clock.now() == NOON


def test_a_manual_clock_moves_by_what_it_is_told() -> None:
    clock = ManualClock(NOON)
    clock.advance(days=1, hours=2, minutes=3, seconds=4, milliseconds=5)
    assert clock.now() == NOON + timedelta(days=1, hours=2, minutes=3, seconds=4, milliseconds=5)


def test_a_manual_clock_keeps_utc_whatever_zone_it_is_set_in() -> None:
    clock = ManualClock(NOON)
    clock.set(datetime(2026, 11, 21, 8, 0, tzinfo=timezone(timedelta(hours=-5))))
    assert (clock.now(), clock.now().tzinfo) == (NOON + timedelta(hours=1), UTC)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        ManualClock(NOON.replace(tzinfo=None))
