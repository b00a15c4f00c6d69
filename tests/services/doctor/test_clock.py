"""The clock as the doctor finds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from models.database import is_postgresql
from services import audit
from services.clock import ManualClock, SystemClock
from services.context import Context
from services.desk import Desk
from services.doctor import clock
from services.doctor.finding import Finding, State
from tests.services.auditing.conftest import AT_THE_MACHINE


def examined(ctx: Context, kept: bool | None = True) -> dict[str, Finding]:
    with ctx.read():
        return {finding.part: finding for finding in clock.examine(ctx, lambda: kept)}


def test_a_clock_that_goes_right_is_well(ctx: Context) -> None:
    found = examined(replace(ctx, clock=SystemClock()))
    assert (found["clock"].state, found["time server"].state) == (State.WELL, State.WELL)


def test_a_clock_that_stands_before_the_newest_entry_is_told(desk: Desk) -> None:
    later = replace(desk.ctx, clock=ManualClock(SystemClock().now() + timedelta(hours=1)))
    with later.unit():
        audit.record(later, AT_THE_MACHINE, audit.Action.KEYS_RETIRED)
    found = examined(replace(desk.ctx, clock=SystemClock()))["clock"]
    assert (found.state, "before the newest entry" in found.words) == (State.BAD, True)


@pytest.mark.parametrize("apart", [-60, 60])
def test_a_clock_far_from_that_of_the_database_is_told(ctx: Context, apart: int) -> None:
    if not is_postgresql(ctx.database):
        pytest.skip("an embedded database has no clock of its own")
    found = examined(replace(ctx, clock=ManualClock(SystemClock().now() + timedelta(seconds=apart))))["clock"]
    assert found.state is State.BAD
    assert "60 seconds" in found.words or "59 seconds" in found.words


@pytest.mark.parametrize(("kept", "state"), [(True, State.WELL), (False, State.HINT), (None, State.WELL)])
def test_whether_a_time_server_keeps_it_is_never_more_than_a_note(
    ctx: Context, kept: bool | None, state: State
) -> None:
    assert examined(replace(ctx, clock=SystemClock()), kept)["time server"].state is state


def test_the_kernel_is_asked_and_nothing_breaks() -> None:
    assert clock.kept_by_a_time_server() in (True, False, None)
