"""Supervised release: who may let somebody pass a step, and what it is good for."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

from models.client import Client
from models.help_queue import StepRelease
from models.identity import Identity
from models.states import AuditResult, IdentityState, KioskStep, Role
from services import person_key
from services.actor import Actor
from services.approvals.values import Dangerous, NeedsSecondPerson
from services.clock import ManualClock
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.verification.standing import NotVerified
from services.verification.values import Level
from tests import making
from tests.enrolling import enrol
from tests.kiosking import NONE, WRONG, Person, kiosk_codes
from tests.making import MadeAgency
from tests.recovering import NEW, STRANGER, USER, answer, put
from tests.services.officing import make_lookers

CODE, QUESTIONS, FACTOR = KioskStep.CODE, KioskStep.QUESTIONS, KioskStep.SECOND_FACTOR


@pytest.fixture
def active(desk: Desk, ray: MadeAgency, brent: Client, clock: ManualClock) -> Identity:
    found = making.give_account(desk, ray.admin, brent)
    clock.advance(minutes=6)
    return found


@pytest.fixture
def agent(desk: Desk, ray: MadeAgency) -> Actor:
    return making.make_staff(desk, ray.agency, "eve@raystaging.example.com", first="Eve")


@pytest.fixture
def person(desk: Desk, ray: MadeAgency, active: Identity) -> Person:
    """Brent, who typed his address; there is no mail server."""
    there = Person(desk, ray.agency)
    there.ask()
    return there


@pytest.fixture
def known(desk: Desk, agent: Actor, brent: Client, active: Identity) -> None:
    """The agent has verified the person in every way."""
    making.verified(desk, agent, person_key.client(brent.id))


def test_whoever_was_let_pass_the_code_chooses_a_password_without_one(
    desk: Desk, person: Person, agent: Actor, brent: Client, known: None
) -> None:
    offer = desk.releases.offer(agent, person.visit)
    assert (offer.step, offer.person, offer.address) == (CODE, person_key.client(brent.id), USER)
    assert (offer.needed, offer.how, offer.allowed) == (Level.CHANGE_EMAIL, "authenticator app", True)
    assert desk.releases.for_visit(person.origin, person.visit) == set()
    desk.releases.release(agent, person.visit, CODE)
    assert desk.releases.for_visit(person.origin, person.visit) == {CODE}
    assert person.open(NONE).user_name == USER
    assert person.choose(NONE).user_name == USER
    assert desk.releases.for_visit(person.origin, person.visit) == set()
    with pytest.raises(Refused):
        person.choose(NONE, Secret("another walnut river sky"))
    released, chosen = making.entries(desk.ctx, "step_released")[-1], making.entries(desk.ctx, "password_chosen")[-1]
    assert (released.actor_name, released.client_id, released.result) == ("Eve Agent", brent.id, AuditResult.DONE)
    assert '"verified": "authenticator app"' in released.details
    assert '"released": "code by Eve Agent"' in chosen.details


def test_each_step_is_let_pass_by_itself(
    desk: Desk, person: Person, agent: Actor, active: Identity, known: None
) -> None:
    given = answer(desk.ctx, active)
    enrol(desk.ctx, active.id)
    person.let_pass(agent, CODE)
    hurdles = person.open(NONE).hurdles
    assert (len(hurdles.questions), hurdles.second_factor) == (len(given), True)
    person.let_pass(agent, FACTOR)
    hurdles = person.open(NONE).hurdles
    assert (len(hurdles.questions), hurdles.second_factor) == (len(given), False)
    with pytest.raises(Refused, match="not right"):
        person.choose(NONE)
    assert desk.releases.for_visit(person.origin, person.visit) == {CODE, FACTOR}
    person.let_pass(agent, QUESTIONS)
    assert person.choose(NONE)
    with desk.ctx.read():
        assert all(row.used_at is not None for row in StepRelease.select())


def test_only_what_is_asked_is_used_up(
    desk: Desk, ray: MadeAgency, active: Identity, agent: Actor, known: None
) -> None:
    posted = Desk(making.with_mail_server(desk.ctx))
    person = Person(posted, ray.agency)
    code = person.asked(active)
    given = answer(desk.ctx, active)
    person.let_pass(agent, CODE)
    assert person.choose(code, answers=given)
    assert desk.releases.for_visit(person.origin, person.visit) == {CODE}


@pytest.mark.parametrize("step", list(KioskStep))
def test_an_unknown_caller_passes_nothing(
    desk: Desk, person: Person, agent: Actor, active: Identity, step: KioskStep
) -> None:
    enrol(desk.ctx, active.id)
    person.at(step)
    offer = desk.releases.offer(agent, person.visit)
    assert "Verify the caller" in offer.why_not
    with pytest.raises(NotVerified) as refusal:
        desk.releases.release(agent, person.visit, step)
    assert refusal.value.sentence == offer.why_not
    assert refusal.value.needed is offer.needed
    entry = making.entries(desk.ctx, "step_released")[-1]
    assert (entry.result, entry.identity_id) == (AuditResult.REFUSED, active.id)


def test_the_verification_is_the_agents_own(
    desk: Desk, ray: MadeAgency, person: Person, agent: Actor, known: None
) -> None:
    other = making.make_staff(desk, ray.agency, "kim@raystaging.example.com", first="Kim")
    with pytest.raises(NotVerified):
        desk.releases.release(other, person.visit, CODE)


def test_nobody_lets_themselves_pass(desk: Desk, ray: MadeAgency, agent: Actor) -> None:
    there = Person(desk, ray.agency)
    there.ask("eve@raystaging.example.com")
    with pytest.raises(Refused, match="your own account"):
        desk.releases.release(agent, there.visit, CODE)
    assert "your own account" in desk.releases.offer(agent, there.visit).why_not


def test_nobody_lets_somebody_pass_who_may_do_more(desk: Desk, ray: MadeAgency, agent: Actor) -> None:
    there = Person(desk, ray.agency)
    there.ask("sue@raystaging.example.com")
    with pytest.raises(Refused, match="administrator may do more"):
        desk.releases.release(agent, there.visit, CODE)


def test_an_auditor_looks_and_releases_nothing(desk: Desk, ray: MadeAgency, person: Person) -> None:
    auditor = making.make_staff(desk, ray.agency, "olga@raystaging.example.com", role=Role.AUDITOR, first="Olga")
    assert "Auditors look" in desk.releases.offer(auditor, person.visit).why_not
    with pytest.raises(Forbidden):
        desk.releases.release(auditor, person.visit, CODE)


def test_a_deactivated_account_is_reactivated_first(
    desk: Desk, person: Person, agent: Actor, active: Identity, known: None
) -> None:
    put(desk.ctx, active, IdentityState.DEACTIVATED)
    assert "Reactivate it first" in desk.releases.offer(agent, person.visit).why_not
    with pytest.raises(Refused, match="Reactivate it first"):
        desk.releases.release(agent, person.visit, CODE)


def test_the_step_must_be_the_one_that_waits(desk: Desk, person: Person, agent: Actor, known: None) -> None:
    with pytest.raises(Refused, match="something else by now"):
        desk.releases.release(agent, person.visit, QUESTIONS)
    person.at(None)
    with pytest.raises(Refused, match="asks for nothing"):
        desk.releases.release(agent, person.visit, CODE)


def test_somebody_out_of_sight_is_nobody(desk: Desk, ray: MadeAgency, active: Identity, brent: Client) -> None:
    lookers = make_lookers(desk, ray)
    with desk.ctx.unit():
        Client.update(office=lookers.offices[2]).where(Client.id == brent.id).execute()
    there = Person(desk, ray.agency)
    told = []
    for email in (USER, STRANGER):
        there.ask(email)
        told.append(desk.releases.offer(lookers.of_one.actor, there.visit))
        with pytest.raises(Refused, match="Nobody in your lists"):
            desk.releases.release(lookers.of_one.actor, there.visit, CODE)
    assert told[0] == told[1]
    assert told[0].person is None


def test_a_visit_of_another_agency_is_not_there(desk: Desk, ray: MadeAgency, person: Person) -> None:
    other = making.make_agency(desk, "OTHER-1", "ann@other.example.com")
    for visit in (person.visit, 4711):
        with pytest.raises(NotFound, match="no such visit"):
            desk.releases.offer(other.admin, visit)
        with pytest.raises(NotFound, match="no such visit"):
            desk.releases.release(other.admin, visit, CODE)


def test_it_dies_with_the_visit(desk: Desk, ray: MadeAgency, person: Person, agent: Actor, known: None) -> None:
    desk.releases.release(agent, person.visit, CODE)
    desk.visits.end(person.visit)
    assert desk.releases.for_visit(person.origin, person.visit) == set()
    following = Person(desk, ray.agency, at=person.origin)
    following.ask()
    for somebody in (person, following):
        with pytest.raises(Refused):
            somebody.choose(NONE)
    assert "has left the kiosk" in desk.releases.offer(agent, person.visit).why_not


def test_it_is_over_after_ten_minutes(
    desk: Desk, person: Person, agent: Actor, known: None, clock: ManualClock
) -> None:
    desk.releases.release(agent, person.visit, CODE)
    clock.advance(minutes=9, seconds=59)
    assert person.open(NONE)
    clock.advance(seconds=1)
    assert desk.releases.for_visit(person.origin, person.visit) == set()
    with pytest.raises(Refused):
        person.choose(NONE)


def test_it_helps_the_account_whose_address_was_typed_and_no_other(
    desk: Desk, ray: MadeAgency, person: Person, agent: Actor, known: None, clock: ManualClock
) -> None:
    pat = making.give_account(desk, ray.admin, making.make_client(desk, ray.agency, "pat@example.com", first="Pat"))
    desk.releases.release(agent, person.visit, CODE)
    with pytest.raises(Refused):
        person.choose(NONE, email=pat.email)
    person.ask(pat.email)
    assert desk.releases.for_visit(person.origin, person.visit) == set()
    clock.advance(minutes=1)
    with pytest.raises(Refused):
        person.choose(NONE, email=pat.email)
    person.ask()
    assert person.choose(NONE)


def test_at_another_kiosk_nothing_is_open(
    desk: Desk, ray: MadeAgency, person: Person, agent: Actor, known: None
) -> None:
    desk.releases.release(agent, person.visit, CODE)
    hall = Person(desk, ray.agency, "Hall")
    assert desk.releases.for_visit(hall.origin, person.visit) == set()


def test_of_two_agents_at_once_one_is_told_that_it_is_open(
    desk: Desk,
    ray: MadeAgency,
    brent: Client,
    person: Person,
    agent: Actor,
    known: None,
    at_once: Callable[..., list[Any]],
) -> None:
    kim = making.make_staff(desk, ray.agency, "kim@raystaging.example.com", first="Kim")
    making.verified(desk, kim, person_key.client(brent.id))
    outcomes = at_once(
        lambda: desk.releases.release(agent, person.visit, CODE), lambda: desk.releases.release(kim, person.visit, CODE)
    )
    [refusal] = [outcome for outcome in outcomes if outcome is not None]
    assert isinstance(refusal, Refused)
    assert "open already" in refusal.sentence
    with desk.ctx.read():
        assert StepRelease.select().count() == 1


def test_of_two_who_use_it_at_once_one_gets_the_password(
    desk: Desk, person: Person, agent: Actor, known: None, at_once: Callable[..., list[Any]]
) -> None:
    desk.releases.release(agent, person.visit, CODE)
    outcomes = at_once(lambda: person.choose(NONE), lambda: person.choose(NONE, Secret("another walnut river sky")))
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1, outcomes


def test_a_refused_password_leaves_it_open(desk: Desk, person: Person, agent: Actor, known: None) -> None:
    desk.releases.release(agent, person.visit, CODE)
    with pytest.raises(Invalid, match="password that you have now"):
        person.choose(NONE, making.PASSWORD)
    assert desk.releases.for_visit(person.origin, person.visit) == {CODE}
    assert person.choose(NONE, NEW)


def test_a_typed_wrong_code_is_wrong_all_the_same(
    desk: Desk, person: Person, agent: Actor, active: Identity, known: None
) -> None:
    desk.releases.release(agent, person.visit, CODE)
    with pytest.raises(Refused, match="This code is not right"):
        person.open(WRONG)
    assert not kiosk_codes(desk.ctx, active)


class TestSecondPerson:
    @pytest.fixture
    def ray(self, desk: Desk) -> MadeAgency:
        return making.make_agency(desk, second_person=True)

    def test_the_second_factor_needs_a_colleagues_yes(
        self, desk: Desk, ray: MadeAgency, person: Person, agent: Actor, active: Identity, brent: Client, known: None
    ) -> None:
        enrol(desk.ctx, active.id)
        person.at(FACTOR)
        assert "yes of a colleague" in desk.releases.offer(agent, person.visit).why_not
        with pytest.raises(NeedsSecondPerson):
            desk.releases.release(agent, person.visit, FACTOR)
        key = person_key.client(brent.id)
        desk.approvals.ask(agent, key, Dangerous.CLEAR_FACTOR, "phone lost")
        [request] = desk.approvals.requests(ray.admin)
        desk.approvals.grant(ray.admin, request.id)
        assert desk.releases.offer(agent, person.visit).allowed
        desk.releases.release(agent, person.visit, FACTOR)
        assert '"approved_by": "Sue Wright"' in making.entries(desk.ctx, "step_released")[-1].details

    def test_the_code_does_not(self, desk: Desk, person: Person, agent: Actor, known: None) -> None:
        desk.releases.release(agent, person.visit, CODE)
        assert person.open(NONE)


def test_looking_for_what_is_open_is_one_statement(
    desk: Desk, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    desk.releases.for_visit(person.origin, person.visit)
    with caplog.at_level(logging.DEBUG, "peewee"):
        desk.releases.for_visit(person.origin, person.visit)
    said = [record.getMessage() for record in caplog.records]
    assert sum("SELECT" in words for words in said) == 1
    assert not any(word in words for words in said for word in ("INSERT", "UPDATE", "BEGIN"))
