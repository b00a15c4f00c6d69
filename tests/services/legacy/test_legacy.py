"""Old accounts: moved to a new account, closed for all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

import pytest

from models.agency import Agency, Office
from models.identity import Identity, LegacyUser, Membership
from models.states import AuditResult, LegacyState, Role
from services import sessions
from services.clock import ManualClock
from services.desk import Desk
from services.errors import Invalid, NotFound, Refused, SignedOut
from services.legacy import legacy
from tests import making
from tests.making import HERE, MadeAgency
from tests.services.creating import FRANK, KEY, OLD, make_colleague, make_identity, make_office, make_old_account


def start_of_today(clock: ManualClock) -> datetime:
    """Midnight at the place of this machine."""
    return datetime.combine(clock.now().astimezone().date(), time.min).astimezone()


@pytest.fixture
def office(desk: Desk, ray: MadeAgency) -> Office:
    """An office of the agency."""
    return make_office(desk, ray.agency, "San Diego")


def test_several_old_accounts_of_one_address_migrate_together(desk: Desk, ray: MadeAgency, office: Office) -> None:
    first = make_old_account(desk, office)
    second = make_old_account(desk, make_office(desk, ray.agency, "Ottawa"), "frankj")
    stranger = make_old_account(desk, office, "other", email="")
    member = make_colleague(desk, ray.agency, FRANK)
    identity = make_identity(desk, member)
    with desk.ctx.unit():
        legacy.migrate(desk.ctx, ray.admin, first.id, identity)
    with desk.ctx.read():
        states = {user.id: (user.state, user.identity_id) for user in LegacyUser.select()}
    moved = (LegacyState.MIGRATED, identity.id)
    assert states == {first.id: moved, second.id: moved, stranger.id: (LegacyState.WAITING, None)}


def test_an_account_that_went_over_to_somebody_else_before_stays_theirs(
    desk: Desk, ray: MadeAgency, office: Office
) -> None:
    theirs = make_old_account(desk, make_office(desk, ray.agency, "Ottawa"))
    waiting = make_old_account(desk, office)
    identity = make_identity(desk, make_colleague(desk, ray.agency, FRANK))
    other = make_identity(desk, make_colleague(desk, ray.agency, "other@hometraksupport.example"))
    with desk.ctx.unit():
        LegacyUser.update(state=LegacyState.MIGRATED, identity=other).where(LegacyUser.id == theirs.id).execute()
        legacy.migrate(desk.ctx, ray.admin, waiting.id, identity)
    with desk.ctx.read():
        assert LegacyUser.get_by_id(theirs.id).identity_id == other.id


def test_of_two_who_migrate_the_same_account_at_once_one_hears_that_it_is_taken(
    desk: Desk, ray: MadeAgency, office: Office, at_once: Callable[..., list[Any]]
) -> None:
    old = make_old_account(desk, office)
    identities = [
        make_identity(desk, make_colleague(desk, ray.agency, f"{name}@hometraksupport.example")) for name in ("a", "b")
    ]

    def move(identity: Identity) -> None:
        with desk.ctx.unit():
            legacy.migrate(desk.ctx, ray.admin, old.id, identity)

    outcomes = at_once(*(partial(move, identity) for identity in identities))
    assert [outcome for outcome in outcomes if outcome is None] == [None]
    (refusal,) = (outcome for outcome in outcomes if outcome is not None)
    assert isinstance(refusal, Refused)


def test_a_migration_is_written_down_with_its_person(desk: Desk, ray: MadeAgency, office: Office) -> None:
    old = make_old_account(desk, office)
    member = make_colleague(desk, ray.agency, FRANK)
    identity = make_identity(desk, member)
    with desk.ctx.unit():
        legacy.migrate(desk.ctx, ray.admin, old.id, identity)
    (entry,) = making.entries(desk.ctx, "legacy_migrated")
    assert (entry.staff_id, entry.identity_id, entry.subject) == (member.id, identity.id, FRANK)


def test_migrating_again_for_the_same_person_changes_nothing_and_for_another_is_refused(
    desk: Desk, ray: MadeAgency, office: Office
) -> None:
    old = make_old_account(desk, office)
    identity = make_identity(desk, make_colleague(desk, ray.agency, FRANK))
    other = make_identity(desk, make_colleague(desk, ray.agency, "other@hometraksupport.example"))
    for _ in range(2):
        with desk.ctx.unit():
            legacy.migrate(desk.ctx, ray.admin, old.id, identity)
    assert len(making.entries(desk.ctx, "legacy_migrated")) == 1
    with pytest.raises(Refused, match="somebody else's account"), desk.ctx.unit():
        legacy.migrate(desk.ctx, ray.admin, old.id, other)


def test_an_old_account_of_another_agency_does_not_migrate(desk: Desk, ray: MadeAgency, office: Office) -> None:
    other = making.make_agency(desk, "OTHER-1", "boss@other.example.com")
    old = make_old_account(desk, office)
    identity = make_identity(desk, make_colleague(desk, other.agency, FRANK))
    with pytest.raises(NotFound), desk.ctx.unit():
        legacy.migrate(desk.ctx, other.admin, old.id, identity)


def test_closing_now_ends_the_open_sessions_of_the_old_door_and_no_others(
    desk: Desk, ray: MadeAgency, office: Office, clock: ManualClock
) -> None:
    make_old_account(desk, office)
    actor = desk.legacy.sign_in(KEY, "fjones", OLD, "San Diego", HERE)
    desk.legacy.close_at(ray.admin, start_of_today(clock))
    with desk.ctx.read():
        assert Agency.get_by_id(ray.agency.id).legacy_closes_at == clock.now()
        sessions.require(desk.ctx, ray.admin)
        with pytest.raises(SignedOut, match="access key was closed"):
            sessions.require(desk.ctx, actor)


def test_a_later_closing_ends_the_open_sessions_at_its_moment(
    desk: Desk, ray: MadeAgency, office: Office, clock: ManualClock
) -> None:
    make_old_account(desk, office)
    actor = desk.legacy.sign_in(KEY, "fjones", OLD, "San Diego", HERE)
    desk.legacy.close_at(ray.admin, clock.now() + timedelta(hours=1))
    with desk.ctx.read():
        sessions.require(desk.ctx, actor)
    clock.advance(hours=1)
    with desk.ctx.read(), pytest.raises(SignedOut):
        sessions.require(desk.ctx, actor)


@pytest.mark.parametrize("hours_later", [0, 2])
def test_the_closing_can_be_taken_back_before_and_after_its_moment(
    desk: Desk, ray: MadeAgency, office: Office, clock: ManualClock, hours_later: int
) -> None:
    make_old_account(desk, office)
    desk.legacy.close_at(ray.admin, clock.now() + timedelta(hours=1))
    clock.advance(hours=hours_later)
    desk.legacy.undo_close(ray.admin)
    assert desk.legacy.board(ray.admin).closes_at is None
    desk.legacy.sign_in(KEY, "fjones", OLD, "San Diego", HERE)
    assert len(making.entries(desk.ctx, "legacy_reopened")) == 1
    with pytest.raises(Refused, match="nothing to take back"):
        desk.legacy.undo_close(ray.admin)


def test_a_day_years_ahead_is_a_slip_of_the_keyboard(desk: Desk, ray: MadeAgency, clock: ManualClock) -> None:
    with pytest.raises(Invalid) as caught:
        desk.legacy.close_at(ray.admin, clock.now() + timedelta(days=731))
    assert "closes_at" in caught.value.problems


def test_agents_neither_see_the_board_nor_close_the_door(desk: Desk, ray: MadeAgency, clock: ManualClock) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    for act in (
        lambda: desk.legacy.board(ann),
        lambda: desk.legacy.close_at(ann, clock.now()),
        lambda: desk.legacy.undo_close(ann),
    ):
        with pytest.raises(Refused, match="supervisor"):
            act()
    refused = [entry for entry in making.entries(desk.ctx) if entry.result is AuditResult.REFUSED]
    assert [entry.action for entry in refused] == ["forbidden", "legacy_closed", "legacy_reopened"]


def test_a_supervisor_may_close_and_reopen(desk: Desk, ray: MadeAgency, clock: ManualClock) -> None:
    sue = making.make_staff(desk, ray.agency, "sup@raystaging.example.com", role=Role.SUPERVISOR)
    desk.legacy.close_at(sue, clock.now() + timedelta(days=30))
    assert desk.legacy.board(sue).closes_at == clock.now() + timedelta(days=30)
    assert not desk.legacy.board(sue).closed
    desk.legacy.undo_close(sue)


def test_a_past_day_closes_nothing(desk: Desk, ray: MadeAgency, clock: ManualClock) -> None:
    with pytest.raises(Invalid) as caught:
        desk.legacy.close_at(ray.admin, start_of_today(clock) - timedelta(seconds=1))
    assert caught.value.problems == {"closes_at": "This day is past. Today closes it now."}
    assert desk.legacy.board(ray.admin).closes_at is None


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_only_who_looks_after_the_whole_agency_closes_the_door_and_opens_it_again(
    desk: Desk, ray: MadeAgency, office: Office, clock: ManualClock, role: Role
) -> None:
    sue = making.make_staff(desk, ray.agency, "sup@raystaging.example.com", role=role)
    with desk.ctx.unit():
        Membership.create(identity=sue.identity_id, office=office)
    day = clock.now() + timedelta(days=30)
    with pytest.raises(Refused, match="who looks after the whole agency"):
        desk.legacy.close_at(sue, day)
    assert desk.legacy.board(sue).closes_at is None
    desk.legacy.close_at(ray.admin, day)
    with pytest.raises(Refused, match="who looks after the whole agency"):
        desk.legacy.undo_close(sue)
    assert desk.legacy.board(sue).closes_at == day
    assert (desk.legacy.board(sue).may_close, desk.legacy.board(ray.admin).may_close) == (False, True)
    refused = [entry.action for entry in making.entries(desk.ctx) if entry.result is AuditResult.REFUSED]
    assert refused == ["legacy_closed", "legacy_reopened"]
