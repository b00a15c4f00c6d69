"""A lost second factor is cleared for a verified caller, with a reason and, in some agencies, a colleague's yes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models.client import Client
from models.identity import Identity, Session
from models.security import RecoveryCode, SecondFactor
from models.states import ApprovalState, MailPurpose, Role
from services import person_key
from services.accounts.accounts import ResetReason
from services.actor import Actor
from services.approvals.values import Dangerous, NeedsSecondPerson, Request, RequestCounts
from services.clients.values import PersonAction
from services.clock import ManualClock
from services.desk import Desk
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.person_key import PersonKey
from services.staff.values import StaffQuery
from services.verification.standing import NotVerified
from tests import making
from tests.enrolling import enrol
from tests.making import MadeAgency
from tests.services.officing import again
from tests.services.verification.calling import agent

WHY = "the phone was stolen"


@pytest.fixture
def ann(desk: Desk, ray: MadeAgency) -> Actor:
    return agent(desk, ray)


@pytest.fixture
def bob(desk: Desk, ray: MadeAgency) -> Actor:
    return agent(desk, ray, "bob")


@pytest.fixture
def caller(desk: Desk, active: Identity, brent: Client) -> PersonKey:
    """Brent, whose phone is gone."""
    enrol(desk.ctx, active.id)
    return person_key.client(brent.id)


@pytest.fixture
def two(desk: Desk, ray: MadeAgency) -> None:
    """The agency asks for a second person."""
    with desk.ctx.unit():
        ray.agency.adjustments = json.dumps(json.loads(ray.agency.adjustments) | {"second_person": True})
        ray.agency.save()


def factors(desk: Desk) -> tuple[int, int]:
    """How many second factors and recovery codes there are."""
    with desk.ctx.read():
        return SecondFactor.select().count(), RecoveryCode.select().count()


def request(desk: Desk, who: Actor) -> Request:
    [only] = desk.approvals.requests(who)
    return only


def colleague(desk: Desk, ray: MadeAgency, name: str) -> PersonKey:
    rows = desk.staff.rows(ray.admin, StaffQuery()).first(20)
    return person_key.staff(next(row.key for row in rows if name in row.cells[1]))


def test_it_takes_app_and_codes_away_ends_sessions_and_tells_the_owner(
    desk: Desk, ann: Actor, caller: PersonKey, active: Identity
) -> None:
    with desk.ctx.unit():
        session = Session.create(
            identity=active,
            surface="portal",
            created_at=desk.ctx.clock.now(),
            last_seen_at=desk.ctx.clock.now(),
            expires_at=desk.ctx.clock.now() + timedelta(hours=1),
        )
    making.verified(desk, ann, caller)
    desk.clearing.second_factor(ann, caller, WHY)
    assert factors(desk) == (0, 0)
    with desk.ctx.read():
        assert Session.get_by_id(session.id).ended_because == "the second factor was cleared"
    [notice] = making.mails(desk.ctx, active, MailPurpose.NOTICE)
    text = " ".join(desk.mail.view(ann, notice.id).text.split())
    assert f"Ann Agent removed the authenticator app from your account and gave this reason: {WHY}" in text
    [entry] = making.entries(desk.ctx, "factor_cleared")
    assert (entry.reason, json.loads(entry.details)) == (WHY, {"verified": "authenticator app"})


def test_without_a_verified_caller_nothing_is_cleared(desk: Desk, ann: Actor, caller: PersonKey) -> None:
    with pytest.raises(NotVerified):
        desk.clearing.second_factor(ann, caller, WHY)
    assert factors(desk) == (1, 10)


def test_a_reason_is_needed_and_an_account_that_has_one(desk: Desk, ann: Actor, caller: PersonKey) -> None:
    making.verified(desk, ann, caller)
    with pytest.raises(Invalid):
        desk.clearing.second_factor(ann, caller, "")
    desk.clearing.second_factor(ann, caller, WHY)
    with pytest.raises(Refused, match="no second factor"):
        desk.clearing.second_factor(ann, caller, WHY)
    offers = {offer.action: offer.allowed for offer in desk.accounts.offers(ann, caller)}
    assert not offers[PersonAction.CLEAR_FACTOR]


def test_of_two_agents_at_once_one_clears_it_and_the_other_hears_so(
    desk: Desk, ann: Actor, bob: Actor, caller: PersonKey, at_once: Callable[..., list[Any]]
) -> None:
    for who in (ann, bob):
        making.verified(desk, who, caller)
    both = at_once(*[lambda who=who: desk.clearing.second_factor(who, caller, WHY) for who in (ann, bob)])
    assert sorted(type(one).__name__ for one in both) == ["NoneType", "Refused"]
    assert len(making.entries(desk.ctx, "factor_cleared")) == 2
    assert factors(desk) == (0, 0)


def test_of_two_who_change_address_and_factor_at_once_both_are_heard(
    desk: Desk, ann: Actor, bob: Actor, brent: Client, caller: PersonKey, at_once: Callable[..., list[Any]]
) -> None:
    for who in (ann, bob):
        making.verified(desk, who, caller)
    record = desk.clients.get(ann, brent.id)
    fields = replace(record.fields, email="new@example.ca")
    both = at_once(
        lambda: desk.clearing.second_factor(ann, caller, WHY),
        lambda: desk.clients.save(bob, brent.id, record.version, fields),
    )
    assert [one for one in both if isinstance(one, Exception)] == []


def test_nobody_clears_the_own_one_or_that_of_somebody_who_may_more(desk: Desk, ray: MadeAgency, ann: Actor) -> None:
    sup = agent(desk, ray, "sup", Role.SUPERVISOR)
    for who in (ann, sup, ray.admin):
        enrol(desk.ctx, who.identity_id or 0)
    for who, whom, told in (
        (ann, "Ann", "This is your own account"),
        (ann, "Sup", "may do more than yours"),
        (ann, "Sue", "only an administrator may do it"),
        (sup, "Sue", "only an administrator may do it"),
    ):
        with pytest.raises(Refused, match=told):
            desk.clearing.second_factor(who, colleague(desk, ray, whom), WHY)
    making.verified(desk, sup, colleague(desk, ray, "Ann"))
    desk.clearing.second_factor(sup, colleague(desk, ray, "Ann"), WHY)


@pytest.mark.usefixtures("two")
def test_with_a_second_person_it_is_asked_granted_and_carried_out_once(
    desk: Desk, ann: Actor, bob: Actor, caller: PersonKey, active: Identity, clock: ManualClock
) -> None:
    with pytest.raises(NotVerified):
        desk.approvals.ask(ann, caller, Dangerous.CLEAR_FACTOR, WHY)
    making.verified(desk, ann, caller)
    with pytest.raises(NeedsSecondPerson):
        desk.clearing.second_factor(ann, caller, WHY)
    desk.approvals.ask(ann, caller, Dangerous.CLEAR_FACTOR, WHY)
    asked = request(desk, bob)
    assert (asked.name, asked.reason, asked.asked_by, asked.mine) == ("Brent Thomas", WHY, "Ann Agent", False)
    assert asked.verified == "authenticator app"
    assert (desk.approvals.counts(bob), desk.approvals.counts(ann)) == (RequestCounts(to_decide=1), RequestCounts())
    desk.approvals.grant(bob, asked.id)
    assert (desk.approvals.counts(bob), desk.approvals.counts(ann)) == (RequestCounts(), RequestCounts(granted=1))
    # The caller, verified when it was asked, need not wait on the line; a session of the next day will do.
    clock.advance(hours=20)
    later = again(desk, ann)
    desk.clearing.second_factor(later, caller, WHY)
    assert json.loads(making.entries(desk.ctx, "factor_cleared")[-1].details) == {
        "approved_by": "Bob Agent",
        "verified": "authenticator app",
    }
    enrol(desk.ctx, active.id)
    with pytest.raises(NeedsSecondPerson):
        desk.clearing.second_factor(later, caller, WHY)


@pytest.fixture
def asked(desk: Desk, two: None, ann: Actor, caller: PersonKey) -> int:
    """Ann has asked."""
    making.verified(desk, ann, caller)
    desk.approvals.ask(ann, caller, Dangerous.CLEAR_FACTOR, WHY)
    return request(desk, ann).id


def test_the_asker_does_not_decide_nor_does_the_one_whom_it_is_about(
    desk: Desk, ray: MadeAgency, two: None, ann: Actor, bob: Actor
) -> None:
    enrol(desk.ctx, bob.identity_id or 0)
    person = colleague(desk, ray, "Bob")
    making.verified(desk, ann, person)
    desk.approvals.ask(ann, person, Dangerous.CLEAR_FACTOR, WHY)
    with pytest.raises(Refused, match="asked for this yourself"):
        desk.approvals.grant(ann, request(desk, ann).id)
    assert desk.approvals.requests(bob) == ()
    with pytest.raises(Refused, match="about your own account"):
        desk.approvals.grant(bob, request(desk, ann).id)


def test_a_request_lasts_a_day(
    desk: Desk, ann: Actor, bob: Actor, caller: PersonKey, asked: int, clock: ManualClock
) -> None:
    desk.approvals.grant(bob, asked)
    clock.advance(hours=24)
    ann = again(desk, ann)
    with pytest.raises(NeedsSecondPerson):
        desk.clearing.second_factor(ann, caller, WHY)
    assert desk.approvals.requests(ann) == ()


def test_it_can_be_refused_with_a_reason_that_the_asker_reads(desk: Desk, ann: Actor, bob: Actor, asked: int) -> None:
    with pytest.raises(Invalid):
        desk.approvals.refuse(bob, asked, "")
    desk.approvals.refuse(bob, asked, "I hear somebody else")
    told = request(desk, ann)
    assert (told.state, told.by, told.answer) == (ApprovalState.REFUSED, "Bob Agent", "I hear somebody else")
    with pytest.raises(NotFound):
        desk.approvals.grant(bob, asked)


def test_it_can_be_taken_back_by_the_asker_alone(desk: Desk, ann: Actor, bob: Actor, asked: int) -> None:
    with pytest.raises(Refused):
        desk.approvals.withdraw(bob, asked)
    desk.approvals.withdraw(ann, asked)
    assert desk.approvals.requests(ann) == desk.approvals.requests(bob) == ()


def test_the_same_is_not_asked_twice(desk: Desk, ann: Actor, caller: PersonKey, asked: int) -> None:
    with pytest.raises(Refused, match="asked for this already"):
        desk.approvals.ask(ann, caller, Dangerous.CLEAR_FACTOR, WHY)


def test_of_two_who_decide_at_once_one_is_heard(
    desk: Desk, ray: MadeAgency, bob: Actor, asked: int, at_once: Callable[..., list[Any]]
) -> None:
    both = at_once(lambda: desk.approvals.grant(bob, asked), lambda: desk.approvals.refuse(ray.admin, asked, "not now"))
    assert sum(isinstance(one, Refused) for one in both) == 1


def test_of_two_who_carry_it_out_at_once_one_does(
    desk: Desk, ann: Actor, bob: Actor, caller: PersonKey, asked: int, at_once: Callable[..., list[Any]]
) -> None:
    desk.approvals.grant(bob, asked)
    both = at_once(*[lambda: desk.clearing.second_factor(ann, caller, WHY)] * 2)
    assert sum(isinstance(one, Refused) for one in both) == 1


def test_where_no_second_person_is_needed_nobody_is_asked(desk: Desk, ann: Actor, caller: PersonKey) -> None:
    making.verified(desk, ann, caller)
    with pytest.raises(Refused, match="no second person"):
        desk.approvals.ask(ann, caller, Dangerous.CLEAR_FACTOR, WHY)


@pytest.mark.usefixtures("two")
def test_a_reset_of_an_administrator_waits_for_another_administrator(
    desk: Desk, ray: MadeAgency, ann: Actor, clock: ManualClock
) -> None:
    eve, max_ = (agent(desk, ray, name, Role.ADMINISTRATOR) for name in ("eve", "max"))
    person = colleague(desk, ray, "Eve")
    with pytest.raises(NeedsSecondPerson):
        desk.accounts.send_reset(ray.admin, person, ResetReason.FORGOTTEN, WHY)
    with pytest.raises(Forbidden):
        desk.approvals.ask(ann, person, Dangerous.RESET_ADMINISTRATOR, WHY)
    desk.approvals.ask(ray.admin, person, Dangerous.RESET_ADMINISTRATOR, WHY)
    number = request(desk, ray.admin).id
    assert desk.approvals.requests(ann) == desk.approvals.requests(eve) == ()
    with pytest.raises(Forbidden):
        desk.approvals.grant(ann, number)
    desk.approvals.grant(max_, number)
    # One yes for one mail, of whichever kind.
    desk.temporary.send(ray.admin, person, WHY)
    clock.advance(minutes=6)
    with pytest.raises(NeedsSecondPerson):
        desk.accounts.send_reset(ray.admin, person, ResetReason.FORGOTTEN, WHY)
