"""The second factor as every service asks for it: a code counts once, whoever brings it and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models.identity import Identity
from models.security import RecoveryCode, SecondFactor
from services.clock import ManualClock
from services.context import Context
from services.credentials import factor, recovery_codes
from services.credentials.factor import Taken
from services.credentials.passwords import Secret
from services.credentials.sealing import SealBroken
from services.errors import TooSoon
from tests.enrolling import App, enrol


@pytest.fixture
def app(ctx: Context, active: Identity) -> App:
    return enrol(ctx, active.id)


def take(ctx: Context, identity: Identity, code: Secret, *, recovery: bool = True) -> Taken | None:
    with ctx.unit():
        return factor.take(ctx, identity, code, recovery=recovery)


def test_a_code_counts_once(ctx: Context, clock: ManualClock, active: Identity, app: App) -> None:
    code = app.code(clock.now())
    assert take(ctx, active, code) is Taken.APP
    assert take(ctx, active, code) is None
    assert take(ctx, active, app.code(clock.now(), -1)) is None
    assert take(ctx, active, app.code(clock.now(), 1)) is Taken.APP
    clock.advance(seconds=60)
    assert take(ctx, active, app.code(clock.now())) is Taken.APP


@pytest.mark.parametrize("steps", [-2, 2])
def test_two_steps_of_drift_are_too_many(
    ctx: Context, clock: ManualClock, active: Identity, app: App, steps: int
) -> None:
    assert take(ctx, active, app.code(clock.now(), steps)) is None


def test_a_used_step_stays_used_when_the_clock_jumps_back(
    ctx: Context, clock: ManualClock, active: Identity, app: App
) -> None:
    code = app.code(clock.now())
    assert take(ctx, active, code) is Taken.APP
    clock.advance(hours=-1)
    assert take(ctx, active, app.code(clock.now())) is None
    clock.advance(hours=1)
    assert take(ctx, active, code) is None


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_two_who_bring_the_same_code_at_once_exactly_one_gets_it(
    ctx: Context, clock: ManualClock, active: Identity, app: App, at_once: Callable[..., list[Any]], kind: str
) -> None:
    code = app.code(clock.now()) if kind == "app" else Secret(app.recovery[0])
    taken = at_once(*[lambda: take(ctx, active, code)] * 4)
    assert sorted(map(str, taken)) == ["None"] * 3 + [kind]


def test_a_recovery_code_works_once_in_any_case_and_grouping(ctx: Context, active: Identity, app: App) -> None:
    first, second = app.recovery[:2]
    assert take(ctx, active, Secret(f" {first.lower().replace('-', ' ')} ")) is Taken.RECOVERY
    assert take(ctx, active, Secret(first)) is None
    assert take(ctx, active, Secret(second), recovery=False) is None
    assert take(ctx, active, Secret(second)) is Taken.RECOVERY
    with ctx.read():
        assert recovery_codes.left(active.id) == 8


def test_a_recovery_code_of_somebody_else_opens_nothing(ctx: Context, active: Identity, app: App) -> None:
    with ctx.read():
        other = Identity.get(Identity.id != active.id)
    enrol(ctx, other.id)
    assert take(ctx, other, Secret(app.recovery[0])) is None


def test_new_recovery_codes_end_the_older_ones_and_none_of_them_is_stored(
    ctx: Context, active: Identity, app: App
) -> None:
    with ctx.unit():
        fresh = recovery_codes.renew(ctx, active)
    assert len(set(fresh)) == recovery_codes.HOW_MANY == 10
    assert take(ctx, active, Secret(app.recovery[0])) is None
    with ctx.read():
        kept = str([row.__data__ for row in RecoveryCode.select()])
    assert not any(code in kept or code.replace("-", "") in kept for code in fresh)


def test_a_key_moved_to_another_account_opens_nothing_there(
    ctx: Context, clock: ManualClock, active: Identity, app: App
) -> None:
    with ctx.read():
        other = Identity.get(Identity.id != active.id)
    enrol(ctx, other.id)
    with ctx.unit():
        mine = SecondFactor.get(SecondFactor.identity == active.id).sealed
        SecondFactor.update(sealed=mine).where(SecondFactor.identity == other.id).execute()
    with pytest.raises(SealBroken, match="Ask the administrator to run"):
        take(ctx, other, app.code(clock.now()))


@pytest.mark.parametrize("sealed", ["", "es1$k1$", "es1$zz$AAAA", "es1$c1$!!!!", "plain"])
def test_a_damaged_key_is_told_and_a_recovery_code_still_helps(
    ctx: Context, clock: ManualClock, active: Identity, app: App, sealed: str
) -> None:
    with ctx.unit():
        SecondFactor.update(sealed=sealed).execute()
    with pytest.raises(SealBroken):
        take(ctx, active, app.code(clock.now()))
    assert take(ctx, active, Secret(app.recovery[0])) is Taken.RECOVERY


def test_without_the_key_file_s_cipher_a_recovery_code_still_helps_and_staff_can_clear_it(
    ctx: Context, clock: ManualClock, active: Identity, app: App
) -> None:
    lost = replace(ctx, keys=replace(ctx.keys, ciphers={"other": b"x" * 32}, current_cipher="other"))
    with pytest.raises(SealBroken):
        take(lost, active, app.code(clock.now()))
    assert take(lost, active, Secret(app.recovery[0])) is Taken.RECOVERY
    with lost.unit():
        assert factor.remove(lost, active.id)
    with ctx.read():
        assert not factor.is_enrolled(active.id)
        assert recovery_codes.left(active.id) == 0


@pytest.mark.parametrize("typed", ["", "x" * 10_000_000, "\0" * 24, "A" * 24, "\ud800" * 24])
def test_what_is_no_code_at_all_is_refused_and_breaks_nothing(
    ctx: Context, active: Identity, app: App, typed: str
) -> None:
    assert take(ctx, active, Secret(typed)) is None


def test_two_wrong_codes_cost_no_wait_and_each_further_one_twice_as_long(
    ctx: Context, clock: ManualClock, active: Identity, app: App
) -> None:
    waits = []
    for _ in range(5):
        with ctx.unit():
            factor.claim(ctx, active.id)
        with ctx.read():
            waits.append(factor.waiting(ctx, active.id))
        clock.advance(seconds=waits[-1])
    assert waits == [0, 0, 1, 2, 4]
    clock.advance(seconds=-1)
    with pytest.raises(TooSoon, match="Wait 1 second, then"), ctx.unit():
        factor.claim(ctx, active.id)
    with ctx.read():
        assert factor.wrong_tries(ctx, active.id) == 5
