"""The schedule of the waits; the flows that use it are tested with sign-in and recovery."""

from __future__ import annotations

import pytest

from services import throttle
from services.clock import ManualClock
from services.context import Context


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60), (8, 60), (10_000, 60)]
)
def test_an_account_waits_twice_as_long_each_time_up_to_a_minute(failures: int, seconds: int) -> None:
    assert throttle.account_wait(failures) == seconds


@pytest.mark.parametrize(("failures", "seconds"), [(0, 0), (20, 0), (21, 1), (22, 2), (80, 60), (10_000, 60)])
def test_a_source_may_fail_twenty_times_before_it_waits(failures: int, seconds: int) -> None:
    assert throttle.source_wait(failures) == seconds


def test_a_key_tells_nothing_of_the_address_and_differs_by_scope(ctx: Context) -> None:
    keys = {throttle.key(ctx, scope, "brent@example.ca") for scope in ("sign-in", "reset-mail")}
    assert len(keys) == 2
    assert all(len(key) == 64 and "brent" not in key for key in keys)


def test_the_keys_of_many_are_those_of_each_whatever_was_typed(ctx: Context) -> None:
    key_of = throttle.keys(ctx, "sign-in", "RAY\ud800")
    for email in ("", "brent@example.ca", "é\ud800\0", "x" * 300):
        assert key_of(email) == throttle.key(ctx, "sign-in", "RAY\ud800", email)


def test_parts_cannot_be_shifted_between_each_other(ctx: Context) -> None:
    assert throttle.key(ctx, "x", "ab", "c") != throttle.key(ctx, "x", "a", "bc")


def test_a_claim_counts_as_failed_until_it_is_forgiven(ctx: Context, clock: ManualClock) -> None:
    with ctx.unit():
        assert throttle.claim(ctx, "k") == 0
        assert throttle.waiting(ctx, "k") == 1
        assert throttle.claim(ctx, "k") == 1
        throttle.forgive("k")
        assert throttle.waiting(ctx, "k") == 0


def test_the_wait_counts_down(ctx: Context, clock: ManualClock) -> None:
    with ctx.unit():
        for _ in range(4):
            clock.advance(minutes=1)
            throttle.claim(ctx, "k")
        assert throttle.waiting(ctx, "k") == 8
        clock.advance(seconds=7, milliseconds=500)
        assert throttle.waiting(ctx, "k") == 1
        clock.advance(milliseconds=500)
        assert throttle.waiting(ctx, "k") == 0


def test_a_day_of_mail_slots_begins_with_its_first_mail(ctx: Context, clock: ManualClock) -> None:
    with ctx.unit():
        for _ in range(throttle.RESET_MAILS_A_DAY):
            assert throttle.take_mail_slot(ctx, "a", daily_cap=True) == 0
            clock.advance(minutes=5)
        assert throttle.take_mail_slot(ctx, "a", daily_cap=True) > 0
        assert throttle.take_mail_slot(ctx, "a", daily_cap=False) == 0
        clock.advance(days=1)
        assert throttle.take_mail_slot(ctx, "a", daily_cap=True) == 0


def test_two_mails_within_five_minutes_are_one_too_many(ctx: Context, clock: ManualClock) -> None:
    with ctx.unit():
        assert throttle.take_mail_slot(ctx, "a", daily_cap=False) == 0
        clock.advance(minutes=4, seconds=59)
        assert throttle.take_mail_slot(ctx, "a", daily_cap=False) == 1
        assert throttle.mail_slot_at(ctx, "a") is not None
        clock.advance(seconds=1)
        assert throttle.mail_slot_at(ctx, "a") is None
        assert throttle.take_mail_slot(ctx, "a", daily_cap=False) == 0


def test_a_source_begins_anew_after_an_hour(ctx: Context, clock: ManualClock) -> None:
    with ctx.unit():
        for _ in range(throttle.SOURCE_GRACE + 2):
            clock.advance(minutes=1)
            throttle.claim(ctx, "k", source=True)
        assert throttle.waiting(ctx, "k") == 2
        clock.advance(minutes=60)
        assert throttle.claim(ctx, "k", source=True) == 0
        assert throttle.failures("k") == 1


def test_what_is_taken_back_was_never_tried(ctx: Context, clock: ManualClock) -> None:
    with ctx.unit():
        throttle.claim(ctx, "k")
        clock.advance(seconds=1)
        throttle.claim(ctx, "k")
        throttle.take_back(ctx, "k")
        assert (throttle.failures("k"), throttle.waiting(ctx, "k")) == (1, 0)
        throttle.take_back(ctx, "k", 5)
        assert throttle.failures("k") == 0


def test_a_clock_that_is_set_back_makes_nobody_wait_for_hours(ctx: Context, clock: ManualClock) -> None:
    with ctx.unit():
        throttle.claim(ctx, "k")
        throttle.take_mail_slot(ctx, "a", daily_cap=True)
        clock.advance(hours=-2)
        assert throttle.waiting(ctx, "k") == 0
        assert throttle.claim(ctx, "k") == 0
        assert throttle.take_mail_slot(ctx, "a", daily_cap=True) == 0
