"""What somebody sees of the safety of the own account, in one look."""

from __future__ import annotations

import pytest

from models.client import Client
from models.identity import Identity
from models.security import RecoveryCode, SecondFactor
from models.states import AuditResult, FactorState, Role, Surface
from services import person_key
from services.accounts import own_security
from services.actor import Actor, Origin
from services.clock import ManualClock
from services.context import Context
from services.credentials.passwords import Secret
from services.credentials.questions import Answered
from services.desk import Desk
from services.errors import Refused
from services.sign_in import WrongCredentials
from tests import making
from tests.making import HERE, PASSWORD, MadeAgency

ANSWERS = (
    Answered("first_pet", Secret("Bello")),
    Answered("first_car", Secret("Yellow Beetle")),
    Answered("first_street", Secret("Elm Street")),
)


def test_it_says_what_protects_the_account(desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency) -> None:
    chosen = clock.now()
    clock.advance(hours=1)
    desk.own_questions.change(ray.admin, PASSWORD, ANSWERS)
    seen = desk.own_security.overview(ray.admin)
    assert (seen.name, seen.user_name) == ("Sue Wright", "sue@raystaging.example.com")
    assert (seen.agency, seen.may_set_rules) == ("Ray Staging", True)
    assert (seen.password_since, seen.questions_since) == (chosen, clock.now())
    assert (seen.questions_asked, seen.questions_answered) == (True, 3)
    assert (seen.factor_since, seen.factor_required, seen.recovery_left) == (None, False, 0)
    assert [one.this for one in seen.sessions] == [True]


def test_a_pending_second_factor_does_not_count_and_used_codes_are_gone(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency
) -> None:
    now = clock.now()
    with ctx.unit():
        factor = {"identity": ray.admin.identity_id, "sealed": "x", "created_at": now}
        row = SecondFactor.create(**factor, state=FactorState.PENDING)
        for number, used in enumerate((None, None, now)):
            RecoveryCode.create(identity=ray.admin.identity_id, code_hash=str(number), created_at=now, used_at=used)
    assert desk.own_security.overview(ray.admin).factor_since is None
    with ctx.unit():
        SecondFactor.update(state=FactorState.ACTIVE, confirmed_at=now).where(SecondFactor.id == row.id).execute()
    seen = desk.own_security.overview(ray.admin)
    assert (seen.factor_since, seen.recovery_left) == (now, 2)


def test_its_events_are_one_s_own_newest_first(
    desk: Desk, clock: ManualClock, brent: Client, active: Identity, ray: MadeAgency
) -> None:
    with pytest.raises(WrongCredentials):
        desk.sign_in.sign_in("RAY-919", active.email, Secret("wrong"), HERE)
    clock.advance(seconds=1)
    person = desk.sign_in.sign_in("RAY-919", active.email, PASSWORD, HERE)
    seen = desk.own_security.overview(person)
    assert [event.words for event in seen.events[:2]] == ["signed in", "tried to sign in: wrong password"]
    assert seen.events[1].result is AuditResult.FAILED
    assert not seen.may_set_rules
    assert desk.own_security.events(ray.admin) == ()


def test_staff_s_reasons_and_whereabouts_are_not_for_the_owner(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    desk.accounts.deactivate(ray.admin, person_key.client(brent.id), "sounded drunk")
    desk.accounts.reactivate(ray.admin, person_key.client(brent.id), "sober again")
    person = desk.sign_in.sign_in("RAY-919", active.email, PASSWORD, HERE)
    told = [event for event in desk.own_security.events(person) if event.actor == "Sue Wright"]
    assert {event.words for event in told} >= {"deactivated the account", "reactivated the account"}
    assert {(event.reason, event.place) for event in told} == {("", "")}


def test_older_events_follow_page_by_page(
    desk: Desk, ray: MadeAgency, active: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = desk.sign_in.sign_in("RAY-919", active.email, PASSWORD, HERE)
    whole = desk.own_security.events(person)
    monkeypatch.setattr(own_security, "EVENTS_PAGE", 2)
    first = desk.own_security.events(person)
    assert first + desk.own_security.events(person, first[-1].id) == whole[:4]


def test_the_command_line_has_nothing_to_look_at(desk: Desk, ray: MadeAgency) -> None:
    root = Actor(ray.agency.id, None, None, "root", Role.ADMINISTRATOR, Origin(Surface.COMMAND))
    with pytest.raises(Refused, match="no account of your own"):
        desk.own_security.overview(root)


def test_what_others_do_in_the_agency_is_no_event_of_mine(desk: Desk, ray: MadeAgency) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@example.com")
    desk.own_sessions.lock(ann, idle=True)
    assert desk.own_security.events(ray.admin) == ()
