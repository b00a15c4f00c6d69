"""Which action needs how surely known a caller, in which agency; and how it was met stands in the audit."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from models.client import Client
from models.identity import Identity
from models.states import AuditResult, IdentityState, Role
from services import agency_policy, person_key
from services.accounts.accounts import ResetReason
from services.actor import Actor
from services.clients.values import PersonAction
from services.clock import ManualClock
from services.credentials.policy import Profile
from services.desk import Desk
from services.errors import Invalid, Refused
from services.person_key import PersonKey
from services.staff.values import StaffQuery
from services.verification import levels
from services.verification.standing import NotVerified
from services.verification.values import Level
from tests import making
from tests.making import MadeAgency
from tests.recovering import answer
from tests.services.verification.calling import agent

NEW = "new.brent@example.ca"
STANDARD, STRICT = agency_policy.PROFILES[Profile.STANDARD], agency_policy.PROFILES[Profile.STRICT]


@pytest.fixture
def ann(desk: Desk, ray: MadeAgency) -> Actor:
    return agent(desk, ray)


@pytest.fixture
def caller(active: Identity, brent: Client) -> PersonKey:
    return person_key.client(brent.id)


def verify_all(desk: Desk, ray: MadeAgency) -> None:
    """Let the agency verify every caller."""
    with desk.ctx.unit():
        told = json.loads(ray.agency.adjustments) | {"verify_callers": True}
        ray.agency.adjustments = json.dumps(told)
        ray.agency.save()


def change_email(desk: Desk, who: Actor, client: Client) -> None:
    record = desk.clients.get(who, client.id)
    desk.clients.save(who, client.id, record.version, replace(record.fields, email=NEW))


def test_every_action_has_its_level() -> None:
    assert set(levels.NEEDED) == set(PersonAction)


@pytest.mark.parametrize("action", PersonAction)
def test_no_agency_asks_for_less_than_another_that_is_stricter(action: PersonAction) -> None:
    assert levels.needed(action, STANDARD) <= levels.needed(action, STRICT) == levels.NEEDED[action]


def test_a_mail_to_the_address_on_file_needs_nothing_where_the_agency_does_not_ask(
    desk: Desk, ann: Actor, caller: PersonKey
) -> None:
    desk.accounts.send_reset(ann, caller, ResetReason.FORGOTTEN)


@pytest.mark.parametrize("action", ["reset", "temporary", "reactivate", "welcome"])
def test_it_needs_a_verified_caller_where_the_agency_asks(
    desk: Desk, ray: MadeAgency, ann: Actor, caller: PersonKey, active: Identity, clock: ManualClock, action: str
) -> None:
    verify_all(desk, ray)
    if action == "reactivate":
        desk.accounts.deactivate(ann, caller, "lost phone")
    if action == "welcome":
        with desk.ctx.unit():
            Identity.update(state=IdentityState.PENDING).where(Identity.id == active.id).execute()
    clock.advance(minutes=6)
    act, name = {
        "reset": (lambda: desk.accounts.send_reset(ann, caller, ResetReason.FORGOTTEN), "reset_sent"),
        "temporary": (lambda: desk.temporary.send(ann, caller), "temporary_sent"),
        "reactivate": (lambda: desk.accounts.reactivate(ann, caller, "found it"), "account_reactivated"),
        "welcome": (lambda: desk.accounts.resend_welcome(ann, caller), "welcome_resent"),
    }[action]
    counted = making.throttles(desk.ctx)
    with pytest.raises(NotVerified) as lacking:
        act()
    assert lacking.value.needed is Level.RESEND
    assert making.throttles(desk.ctx) == counted
    assert making.entries(desk.ctx, name)[-1].result is AuditResult.REFUSED
    making.verified(desk, ann, caller)
    act()
    assert json.loads(making.entries(desk.ctx, name)[-1].details)["verified"] == "authenticator app"
    assert desk.people.history(ann, caller)[0].words.endswith(", caller verified by authenticator app")


def test_the_menu_tells_what_is_lacking_before_anything_is_typed(
    desk: Desk, ray: MadeAgency, ann: Actor, caller: PersonKey
) -> None:
    def lacks(action: PersonAction) -> Level:
        return next(offer.lacks for offer in desk.accounts.offers(ann, caller) if offer.action is action)

    assert lacks(PersonAction.RESET) is Level.LOOK
    verify_all(desk, ray)
    assert lacks(PersonAction.RESET) is Level.RESEND
    making.verified(desk, ann, caller)
    assert lacks(PersonAction.RESET) is Level.LOOK


def test_another_address_of_an_active_account_needs_a_verified_caller(
    desk: Desk, ann: Actor, brent: Client, caller: PersonKey, active: Identity
) -> None:
    with pytest.raises(NotVerified) as lacking:
        change_email(desk, ann, brent)
    assert lacking.value.needed is Level.CHANGE_EMAIL
    assert making.identity_of(desk.ctx, brent).email == active.email
    desk.verification.check_answers(ann, caller, answer(desk.ctx, active))
    change_email(desk, ann, brent)
    assert making.identity_of(desk.ctx, brent).email == NEW
    [_, entry] = making.entries(desk.ctx, "client_changed")
    assert json.loads(entry.details)["verified"] == "security questions"


def test_what_else_is_stored_of_a_person_needs_none(desk: Desk, ann: Actor, brent: Client, caller: PersonKey) -> None:
    record = desk.clients.get(ann, brent.id)
    desk.clients.save(ann, brent.id, record.version, replace(record.fields, phone="519 555 0199"))


def test_an_address_that_is_taken_is_told_before_a_caller_is_asked_anything(
    desk: Desk, ray: MadeAgency, ann: Actor, brent: Client, caller: PersonKey
) -> None:
    making.make_client(desk, ray.agency, NEW, first="Cindy", last="Baxter")
    with pytest.raises(Invalid, match="already belongs to Cindy Baxter"):
        change_email(desk, ann, brent)


@pytest.mark.parametrize("every", [False, True])
def test_the_address_of_an_account_that_nobody_activated_is_corrected_unless_all_callers_are_verified(
    desk: Desk, ray: MadeAgency, ann: Actor, brent: Client, every: bool
) -> None:
    making.give_account(desk, ray.admin, brent, password=None)
    if every:
        verify_all(desk, ray)
        with pytest.raises(NotVerified):
            change_email(desk, ann, brent)
    else:
        change_email(desk, ann, brent)


def test_a_colleagues_address_needs_it_too_and_one_without_an_account_never(
    desk: Desk, ray: MadeAgency, ann: Actor
) -> None:
    rows = desk.staff.rows(ray.admin, StaffQuery()).first(10)
    own = desk.staff.view(ray.admin, next(row.key for row in rows if "Sue" in row.cells[1]))
    with pytest.raises(NotVerified):
        desk.staff.change(ray.admin, own.id, own.version, replace(own.fields, email=NEW))
    added = desk.staff.add(ray.admin, replace(own.fields, first_name="Eve", email="eve@example.com", role="agent"))
    desk.staff.change(ray.admin, added.id, added.version, replace(added.fields, email="evelyn@example.com"))


def test_what_forbids_the_change_is_told_before_a_caller_is_asked_anything(
    desk: Desk, ray: MadeAgency, ann: Actor
) -> None:
    rows = desk.staff.rows(ray.admin, StaffQuery()).first(10)
    sue = desk.staff.view(ray.admin, next(row.key for row in rows if "Sue" in row.cells[1]))
    with pytest.raises(Refused, match="only an administrator may change"):
        desk.staff.change(ann, sue.id, sue.version, replace(sue.fields, email=NEW))


def test_an_administrators_account_needs_a_reason(desk: Desk, ray: MadeAgency, clock: ManualClock) -> None:
    agent(desk, ray, "eve", Role.ADMINISTRATOR)
    rows = desk.staff.rows(ray.admin, StaffQuery()).first(10)
    eve = person_key.staff(next(row.key for row in rows if "Eve" in row.cells[1]))
    for send in (
        lambda reason: desk.accounts.send_reset(ray.admin, eve, ResetReason.FORGOTTEN, reason),
        lambda reason: desk.temporary.send(ray.admin, eve, reason),
    ):
        with pytest.raises(Invalid) as lacking:
            send(" ")
        assert set(lacking.value.problems) == {"reason"}
        send("asked me at her desk")
        clock.advance(minutes=6)
    for name in ("reset_sent", "temporary_sent"):
        assert making.entries(desk.ctx, name)[-1].reason == "asked me at her desk"
