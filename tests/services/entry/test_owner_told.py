"""What the owner of an account hears of a sign-in: a new place, a success after failures."""

from __future__ import annotations

import platform

import pytest

from models.identity import Identity
from models.security import KnownPlace
from models.states import Surface
from services import throttle
from services.actor import Origin
from services.clock import ManualClock
from services.context import Context
from services.desk import Desk
from services.entry.places import place_of
from services.errors import TooSoon
from services.mail.notices import Notice
from services.sign_in import WrongCredentials
from tests import making
from tests.making import HERE, PASSWORD
from tests.services.entry.telling import told
from tests.services.signing_in import CODE, NOWHERE, USER, WRONG_PASSWORD, fails

MACHINE = f"sue on the machine {platform.node()}"


def sign_in(desk: Desk, place: str) -> None:
    desk.sign_in.sign_in(CODE, USER, PASSWORD, Origin(Surface.DESK, place))


@pytest.mark.parametrize(
    ("place", "known_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("sue on pts/3", MACHINE),
        ("sue on tty1", MACHINE),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.7"),
        ("kiosk lobby", "kiosk lobby"),
        ("", ""),
    ],
)
def test_a_place_is_the_address_or_the_machine_and_never_the_terminal(place: str, known_as: str) -> None:
    assert place_of(Origin(Surface.DESK, place)) == known_as


def test_the_first_place_is_new_to_nobody_and_each_further_one_is_told_once(
    desk: Desk, ctx: Context, active: Identity
) -> None:
    sign_in(desk, "203.0.113.7")
    assert told(ctx, active, Notice.NEW_PLACE) == []
    for place in ("sue on pts/3", "sue on pts/4", "203.0.113.7", "198.51.100.9", "198.51.100.9"):
        sign_in(desk, place)
    assert told(ctx, active, Notice.NEW_PLACE) == [{"place": MACHINE}, {"place": "198.51.100.9"}]


def test_a_sign_in_from_nowhere_in_particular_is_no_new_place(desk: Desk, ctx: Context, active: Identity) -> None:
    sign_in(desk, "203.0.113.7")
    desk.sign_in.sign_in(CODE, USER, PASSWORD, NOWHERE)
    assert told(ctx, active, Notice.NEW_PLACE) == []


def test_places_are_kept_as_keyed_hashes(desk: Desk, ctx: Context, active: Identity) -> None:
    sign_in(desk, "203.0.113.7")
    with ctx.read():
        kept = KnownPlace.get(KnownPlace.identity == active.id)
    assert "203" not in kept.place_key[:3]
    assert len(kept.place_key) == 64


@pytest.mark.parametrize(("failures", "expected"), [(4, []), (5, [{"place": "an unknown place", "failures": "5"}])])
def test_the_owner_hears_of_a_success_after_five_failures(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, failures: int, expected: list[dict[str, str]]
) -> None:
    for _ in range(failures):
        clock.advance(seconds=fails(desk, CODE, USER, WRONG_PASSWORD).wait)
    desk.sign_in.sign_in(CODE, USER, PASSWORD, NOWHERE)
    assert told(ctx, active, Notice.AFTER_FAILURES) == expected


def test_a_success_takes_back_the_failures_of_its_own_account_and_leaves_the_others_with_the_place(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity
) -> None:
    for _ in range(3):
        with pytest.raises(WrongCredentials):
            desk.sign_in.sign_in(CODE, USER, WRONG_PASSWORD, HERE)
        clock.advance(seconds=4)
    for number in range(throttle.SOURCE_GRACE - 2):
        with pytest.raises((WrongCredentials, TooSoon)):
            desk.sign_in.sign_in(CODE, f"guess{number}@example.com", WRONG_PASSWORD, HERE)
        clock.advance(seconds=4)
    desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)
    source = throttle.key(ctx, "sign-in-source", HERE.place)
    assert making.throttles(ctx)[source] == throttle.SOURCE_GRACE - 2
