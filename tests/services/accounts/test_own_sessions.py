"""One's own sessions: where one is signed in, ending others, and the lock that only the password opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models.agency import Agency
from models.client import Client
from models.identity import Identity, Session, Throttle
from models.states import AuditResult, Awaited, Role, Surface
from services import person_key
from services.accounts.identities import sign_in_key
from services.accounts.own_sessions import SEEN_AGAIN
from services.actor import Actor, Origin
from services.clock import ManualClock
from services.context import Context
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import DeskError, Invalid, Locked, NotFound, Refused, SignedOut, TooSoon
from tests import making
from tests.making import HERE, PASSWORD, MadeAgency
from tests.services.creating import KEY, OLD, make_office, make_old_account

SUE = "sue@raystaging.example.com"
THERE = Origin(Surface.PORTAL, "198.51.100.4")
WRONG = Secret("not the right one")


@pytest.fixture
def second(desk: Desk, clock: ManualClock, ray: MadeAgency) -> Actor:
    """The administrator signed in a second time, elsewhere and five minutes later."""
    clock.advance(minutes=5)
    return desk.sign_in.sign_in("RAY-919", SUE, PASSWORD, THERE)


def test_the_list_shows_this_one_first_with_surface_place_and_time(
    desk: Desk, clock: ManualClock, ray: MadeAgency, second: Actor
) -> None:
    mine, other = desk.own_sessions.list(ray.admin)
    assert (mine.this, mine.surface, mine.place) == (True, Surface.DESK, HERE.place)
    assert (other.this, other.surface, other.place) == (False, Surface.PORTAL, THERE.place)
    assert other.since == clock.now()


def test_sessions_that_ended_are_over_or_await_a_code_are_open_nowhere(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, second: Actor
) -> None:
    with ctx.unit():
        Session.update(awaits=Awaited.SECOND_FACTOR).where(Session.id == second.session_id).execute()
    assert [one.this for one in desk.own_sessions.list(ray.admin)] == [True]
    third = desk.sign_in.sign_in("RAY-919", SUE, PASSWORD, THERE)
    desk.sign_in.sign_out(third)
    assert len(desk.own_sessions.list(ray.admin)) == 1


def test_somebody_else_s_sessions_are_neither_shown_nor_ended(desk: Desk, ray: MadeAgency) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@example.com")
    assert len(desk.own_sessions.list(ann)) == 1
    with pytest.raises(NotFound):
        desk.own_sessions.end(ann, ray.admin.session_id or 0)
    assert desk.own_sessions.list(ray.admin)


def test_another_session_is_ended_and_written_down(desk: Desk, ctx: Context, ray: MadeAgency, second: Actor) -> None:
    desk.own_sessions.end(ray.admin, second.session_id or 0)
    with pytest.raises(SignedOut, match="you ended it from another one"):
        desk.own_sessions.look(second)
    assert making.entries(ctx, "session_ended")[-1].actor_id == ray.admin.identity_id
    with pytest.raises(NotFound):
        desk.own_sessions.end(ray.admin, second.session_id or 0)


def test_the_session_that_asks_is_ended_by_signing_out_only(desk: Desk, ray: MadeAgency) -> None:
    with pytest.raises(Refused, match="Sign out to end it"):
        desk.own_sessions.end(ray.admin, ray.admin.session_id or 0)


def test_all_others_end_at_once(desk: Desk, ray: MadeAgency, second: Actor) -> None:
    third = desk.sign_in.sign_in("RAY-919", SUE, PASSWORD, THERE)
    assert desk.own_sessions.end_others(third) == 2
    assert [one.this for one in desk.own_sessions.list(third)] == [True]
    with pytest.raises(NotFound):
        desk.own_sessions.end_others(third)


def test_of_two_that_end_each_other_one_stays(
    desk: Desk, ray: MadeAgency, second: Actor, at_once: Callable[..., list[Any]]
) -> None:
    outcomes = at_once(
        lambda: desk.own_sessions.end(ray.admin, second.session_id or 0),
        lambda: desk.own_sessions.end(second, ray.admin.session_id or 0),
    )
    assert sum(outcome is None for outcome in outcomes) == 1


def test_a_second_sign_in_is_counted_for_the_auditor_and_the_first_is_not(
    desk: Desk, ctx: Context, ray: MadeAgency, second: Actor
) -> None:
    [entry] = making.entries(ctx, "excess_session")
    assert (entry.actor_id, entry.place) == (second.identity_id, THERE.place)
    assert HERE.place in entry.details


def test_both_sides_see_each_other_when_they_look(desk: Desk, ray: MadeAgency, second: Actor) -> None:
    assert [one.place for one in desk.own_sessions.look(second).others] == [HERE.place]
    assert [one.place for one in desk.own_sessions.look(ray.admin).others] == [THERE.place]


def test_looking_tells_the_idle_time_of_the_agency(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    assert desk.own_sessions.look(ray.admin).idle.total_seconds() == 15 * 60
    with ctx.unit():
        Agency.update(profile="strict").execute()
    assert desk.own_sessions.look(ray.admin).idle.total_seconds() == 10 * 60


def test_use_is_noted_once_a_minute(desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency) -> None:
    began = clock.now()
    clock.advance(seconds=59)
    desk.own_sessions.look(ray.admin)
    assert desk.own_sessions.list(ray.admin)[0].seen == began
    clock.advance(seconds=1)
    desk.own_sessions.look(ray.admin)
    assert desk.own_sessions.list(ray.admin)[0].seen == began + SEEN_AGAIN


def test_looking_finds_an_account_that_was_deactivated(
    desk: Desk, ctx: Context, brent: Client, active: Identity, ray: MadeAgency
) -> None:
    person = desk.sign_in.sign_in("RAY-919", active.email, PASSWORD, THERE)
    desk.accounts.deactivate(ray.admin, person_key.client(brent.id), "left")
    with pytest.raises(SignedOut, match="deactivated"):
        desk.own_sessions.look(person)


REFUSED: dict[str, Callable[[Desk, Actor], object]] = {
    "look": lambda desk, who: desk.own_sessions.look(who),
    "list": lambda desk, who: desk.own_sessions.list(who),
    "end others": lambda desk, who: desk.own_sessions.end_others(who),
    "overview": lambda desk, who: desk.own_security.overview(who),
    "home": lambda desk, who: desk.own.home(who),
    "change password": lambda desk, who: desk.own.change_password(who, PASSWORD, Secret("walnut river eleven sky")),
    "mail": lambda desk, who: desk.mail.waiting(who),
    "client": lambda desk, who: desk.clients.get(who, 1),
    "deactivate": lambda desk, who: desk.accounts.deactivate(who, person_key.client(1), "left"),
    "rules": lambda desk, who: desk.rules.view(who),
    "offices": lambda desk, who: desk.offices.mine(who),
    "onboarding": lambda desk, who: desk.onboarding.owed(who),
}


@pytest.mark.parametrize("act", REFUSED.values(), ids=REFUSED)
def test_a_locked_session_opens_nothing(
    desk: Desk, ray: MadeAgency, brent: Client, act: Callable[[Desk, Actor], object]
) -> None:
    desk.own_sessions.lock(ray.admin, idle=True)
    with pytest.raises(Locked):
        act(desk, ray.admin)


def test_the_password_unlocks_it_and_both_stand_in_the_history(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    desk.own_sessions.lock(ray.admin, idle=False)
    desk.own_sessions.lock(ray.admin, idle=True)
    desk.own_sessions.unlock(ray.admin, PASSWORD)
    assert desk.own_sessions.list(ray.admin)
    assert len(making.entries(ctx, "session_locked")) == 1
    assert making.entries(ctx, "session_unlocked")[-1].result is AuditResult.DONE


def test_wrong_passwords_at_the_lock_wait_like_failed_sign_ins_and_are_written_down(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency
) -> None:
    desk.own_sessions.lock(ray.admin, idle=True)
    for wait in (1, 2, 4):
        with pytest.raises(Invalid) as refused:
            desk.own_sessions.unlock(ray.admin, WRONG)
        assert list(refused.value.problems) == ["password"]
        with pytest.raises(TooSoon) as early:
            desk.own_sessions.unlock(ray.admin, PASSWORD)
        assert early.value.wait == wait == desk.sign_in.wait("RAY-919", SUE, Origin(Surface.DESK))
        clock.advance(seconds=wait)
    failed = [entry for entry in making.entries(ctx, "session_unlocked") if entry.result is AuditResult.FAILED]
    assert len(failed) == 3
    desk.own_sessions.unlock(ray.admin, PASSWORD)
    assert desk.sign_in.wait("RAY-919", SUE, Origin(Surface.DESK)) == 0


def test_the_hundredth_wrong_password_in_a_row_ends_the_session(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, second: Actor
) -> None:
    desk.own_sessions.lock(ray.admin, idle=True)
    for before in (98, 99):
        with ctx.unit():
            row = sign_in_key(ctx, "RAY-919", SUE)
            Throttle.delete().where(Throttle.key == row).execute()
            Throttle.insert(key=row, count=before, window_from=clock.now(), next_at=clock.now()).execute()
        with pytest.raises(Invalid):
            desk.own_sessions.unlock(ray.admin, WRONG)
        clock.advance(minutes=1)
    with pytest.raises(SignedOut, match="too many wrong passwords"):
        desk.own_sessions.unlock(ray.admin, PASSWORD)
    assert desk.own_sessions.list(second)


def test_a_locked_session_can_be_signed_out_and_ended_from_elsewhere(
    desk: Desk, ray: MadeAgency, second: Actor
) -> None:
    desk.own_sessions.lock(ray.admin, idle=True)
    assert len(desk.own_sessions.list(second)) == 2
    desk.sign_in.sign_out(ray.admin)
    with pytest.raises(SignedOut, match="you signed out"):
        desk.own_sessions.unlock(ray.admin, PASSWORD)


def test_the_lock_does_not_outlast_the_twelve_hours(desk: Desk, clock: ManualClock, ray: MadeAgency) -> None:
    desk.own_sessions.lock(ray.admin, idle=True)
    clock.advance(hours=12)
    with pytest.raises(SignedOut, match="its time is over"):
        desk.own_sessions.unlock(ray.admin, PASSWORD)


def test_a_session_that_a_temporary_password_began_is_unlocked_with_it(
    desk: Desk, ctx: Context, brent: Client, active: Identity, ray: MadeAgency
) -> None:
    desk.temporary.send(ray.admin, person_key.client(brent.id))
    temporary = making.temporary_in(ctx, making.mails(ctx, active)[-1])
    person = desk.sign_in.sign_in("RAY-919", active.email, temporary, THERE)
    assert person.limited
    desk.own_sessions.lock(person, idle=True)
    with pytest.raises(Locked):
        desk.onboarding.owed(person)
    desk.own_sessions.unlock(person, temporary)
    assert desk.onboarding.owed(person).password


def test_the_session_of_the_old_door_has_the_same_lock(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency
) -> None:
    make_old_account(desk, make_office(desk, ray.agency, "San Diego"))
    actor = desk.legacy.sign_in(KEY, "fjones", OLD, "San Diego", HERE)
    desk.own_sessions.lock(actor, idle=True)
    with pytest.raises(Invalid):
        desk.own_sessions.unlock(actor, WRONG)
    with pytest.raises(TooSoon):
        desk.own_sessions.unlock(actor, OLD)
    clock.advance(seconds=1)
    desk.own_sessions.unlock(actor, OLD)
    assert desk.own_sessions.look(actor).others == ()


def test_the_command_line_has_no_sessions(desk: Desk, ray: MadeAgency) -> None:
    root = Actor(ray.agency.id, None, None, "root", Role.ADMINISTRATOR, Origin(Surface.COMMAND))
    assert desk.own_sessions.list(root) == ()
    with pytest.raises(DeskError):
        desk.own_sessions.end_others(root)


def test_of_a_lock_and_a_change_at_once_nothing_half_done_is_left(
    desk: Desk, ctx: Context, ray: MadeAgency, at_once: Callable[..., list[Any]]
) -> None:
    outcomes = at_once(
        lambda: desk.own_sessions.lock(ray.admin, idle=True),
        lambda: desk.own.change_password(ray.admin, PASSWORD, Secret("walnut river eleven sky")),
    )
    assert outcomes[0] is None
    changed = outcomes[1] is None
    assert isinstance(outcomes[1], Locked) or changed
    desk.own_sessions.unlock(ray.admin, Secret("walnut river eleven sky") if changed else PASSWORD)
