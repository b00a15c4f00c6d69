"""Each failed sign-in makes the next one wait longer; the database counts, and nobody is ever locked out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from models.identity import Identity
from models.states import Surface
from services import throttle
from services.actor import Origin
from services.clock import ManualClock
from services.context import Context
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import TooSoon
from services.sign_in import WrongCredentials
from tests import making
from tests.making import HERE, PASSWORD
from tests.services.signing_in import CODE, NOWHERE, USER, WRONG_PASSWORD, fails


@pytest.mark.parametrize("user", [USER, "nobody@example.com", "no address at all"])
def test_each_failure_makes_the_next_try_wait_longer_but_never_more_than_a_minute(
    desk: Desk, clock: ManualClock, active: Identity, user: str
) -> None:
    waits = []
    for _ in range(10):
        waits.append(fails(desk, CODE, user, WRONG_PASSWORD).wait)
        assert desk.sign_in.wait(CODE, user, NOWHERE) == waits[-1]
        clock.advance(seconds=waits[-1])
        assert desk.sign_in.wait(CODE, user, NOWHERE) == 0
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_nobody_is_ever_locked_out(desk: Desk, clock: ManualClock, active: Identity) -> None:
    for _ in range(120):
        clock.advance(seconds=fails(desk, CODE, USER, WRONG_PASSWORD).wait)
    assert desk.sign_in.sign_in(CODE, USER, PASSWORD, NOWHERE).identity_id == active.id


def test_during_the_wait_even_the_right_password_is_told_to_wait_and_nothing_is_worked_out(
    desk: Desk, clock: ManualClock, active: Identity, work: list[bytes]
) -> None:
    for wait in (1, 2):
        fails(desk, CODE, USER, WRONG_PASSWORD)
        clock.advance(seconds=wait)
    fails(desk, CODE, USER, WRONG_PASSWORD)
    clock.advance(milliseconds=500)
    work.clear()
    with pytest.raises(TooSoon, match="Wait 4 seconds") as refused:
        desk.sign_in.sign_in(CODE, USER, PASSWORD, NOWHERE)
    assert refused.value.wait == 4
    assert work == []
    clock.advance(seconds=3.5)
    assert desk.sign_in.sign_in(CODE, USER, PASSWORD, NOWHERE)


def test_a_try_during_the_wait_does_not_lengthen_it(desk: Desk, clock: ManualClock, active: Identity) -> None:
    fails(desk, CODE, USER, WRONG_PASSWORD)
    for _ in range(5):
        with pytest.raises(TooSoon):
            desk.sign_in.sign_in(CODE, USER, PASSWORD, NOWHERE)
    clock.advance(seconds=1)
    assert fails(desk, CODE, USER, WRONG_PASSWORD).wait == 2


def test_the_wait_is_the_same_however_the_names_are_written(desk: Desk, active: Identity) -> None:
    fails(desk, CODE, USER, WRONG_PASSWORD)
    assert desk.sign_in.wait("ray-919", USER.upper(), NOWHERE) == 1
    assert desk.sign_in.wait(CODE, "nobody@example.com", NOWHERE) == 0


def test_success_forgets_the_failures(desk: Desk, clock: ManualClock, active: Identity) -> None:
    for wait in (1, 2, 4):
        fails(desk, CODE, USER, WRONG_PASSWORD)
        clock.advance(seconds=wait)
    desk.sign_in.sign_in(CODE, USER, PASSWORD, NOWHERE)
    assert fails(desk, CODE, USER, WRONG_PASSWORD).wait == 1


def test_a_place_that_tries_many_accounts_waits_too(desk: Desk, clock: ManualClock, active: Identity) -> None:
    for number in range(throttle.SOURCE_GRACE):
        with pytest.raises(WrongCredentials):
            desk.sign_in.sign_in(CODE, f"guess{number}@example.com", WRONG_PASSWORD, HERE)
    with pytest.raises(WrongCredentials) as refused:
        desk.sign_in.sign_in(CODE, "one.more@example.com", WRONG_PASSWORD, HERE)
    assert refused.value.wait == 1
    clock.advance(seconds=1)
    with pytest.raises(WrongCredentials):
        desk.sign_in.sign_in(CODE, "and.another@example.com", WRONG_PASSWORD, HERE)
    with pytest.raises(TooSoon):
        desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)
    assert desk.sign_in.sign_in(CODE, USER, PASSWORD, Origin(Surface.DESK, "198.51.100.1"))


def test_a_try_that_the_place_must_wait_for_does_not_count_against_the_account(
    desk: Desk, ctx: Context, active: Identity
) -> None:
    for number in range(throttle.SOURCE_GRACE + 1):
        with pytest.raises(WrongCredentials):
            desk.sign_in.sign_in(CODE, f"guess{number}@example.com", WRONG_PASSWORD, HERE)
    before = making.throttles(ctx)
    with pytest.raises(TooSoon):
        desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)
    assert making.throttles(ctx) == before


OTHER_PROCESS = """
import json, sys
from datetime import datetime
from pathlib import Path
from models.database import open_database
from services.clock import ManualClock
from services.context import Context
from services.desk import Desk
from services.errors import DeskError
from services.keys import Keys
from services.actor import Origin
from models.states import Surface
from services.credentials.passwords import Secret
from services.settings import Settings

home, url, now, password = sys.argv[1:]
settings = Settings(home=Path(home), database_url=url)
clock = ManualClock(datetime.fromisoformat(now))
ctx = Context(open_database(url), clock, Keys.load(settings.keys_path), settings, bcrypt_cost=4)
desk = Desk(ctx)
try:
    desk.sign_in.sign_in("RAY-919", "brent@mortgageclient.example.com", Secret(password), Origin(Surface.PORTAL))
    told = "in"
except DeskError as error:
    told = type(error).__name__
print(json.dumps([told, desk.sign_in.wait("RAY-919", "brent@mortgageclient.example.com", Origin(Surface.PORTAL))]))
"""


@pytest.mark.slow
def test_another_process_over_the_same_database_sees_the_wait(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity
) -> None:
    fails(desk, CODE, USER, WRONG_PASSWORD)
    clock.advance(seconds=1)

    def elsewhere(password: Secret) -> list[Any]:
        told = subprocess.run(
            [
                sys.executable,
                "-c",
                OTHER_PROCESS,
                str(ctx.settings.home),
                ctx.settings.database_url,
                clock.now().isoformat(),
                password.reveal(),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        return list(json.loads(told.stdout))

    assert elsewhere(WRONG_PASSWORD) == ["WrongCredentials", 2]
    assert elsewhere(PASSWORD) == ["TooSoon", 2]
    with pytest.raises(TooSoon):
        desk.sign_in.sign_in(CODE, USER, PASSWORD, NOWHERE)


@pytest.mark.parametrize("user", [USER, "nobody@example.com"])
def test_of_tries_at_the_same_moment_only_one_is_heard(
    desk: Desk, active: Identity, at_once: Callable[..., list[Any]], work: list[bytes], user: str
) -> None:
    outcomes = at_once(*[lambda: desk.sign_in.sign_in(CODE, user, WRONG_PASSWORD, NOWHERE)] * 4)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["TooSoon"] * 3 + ["WrongCredentials"]
    assert len(work) == 1
