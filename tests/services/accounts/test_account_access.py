"""What an account may do, and whose people it sees, after it was created: who changes it, how far, and what follows."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from models.client import Client
from models.identity import Membership
from models.staff import StaffMember
from models.states import AuditResult, IdentityState, Role
from services import person_key
from services.accounts.values import AccessChange, AccountView
from services.actor import Actor
from services.clients.values import PersonAction
from services.clock import ManualClock
from services.desk import Desk
from services.errors import Conflict, Refused, SignedOut
from services.person_key import PersonKey
from tests.acting import everything
from tests.making import MadeAgency, account_behind, entries, give_account, make_agency, make_client, make_staff
from tests.services.creating import make_colleague, make_identity, make_office
from tests.services.officing import Lookers, join, make_lookers


@pytest.fixture
def lookers(desk: Desk, ray: MadeAgency) -> Lookers:
    """Three offices, and somebody of each kind."""
    return make_lookers(desk, ray)


@pytest.fixture
def eve(desk: Desk, ray: MadeAgency, lookers: Lookers) -> Actor:
    """An agent who sees Ottawa, signed in."""
    return join(desk, make_staff(desk, ray.agency, "eve@example.com", first="Eve", last="Evans"), lookers.offices[0])


def key_of(desk: Desk, actor: Actor) -> PersonKey:
    """The row of somebody signed in."""
    with desk.ctx.read():
        return person_key.staff(StaffMember.get(StaffMember.identity == actor.identity_id).id)


def sees(desk: Desk, actor: Actor) -> set[int]:
    """The offices of an account; none for the whole agency."""
    with desk.ctx.read():
        rows = Membership.select().where(Membership.identity == actor.identity_id)
        return {row.office_id for row in rows}


def look(desk: Desk, actor: Actor, whose: Actor) -> AccountView:
    return desk.account_access.view(actor, key_of(desk, whose))


def give(
    desk: Desk, actor: Actor, whose: Actor, offices: tuple[int, ...] | None = None, role: Role | None = None
) -> AccountView:
    """Look, and change it."""
    view = look(desk, actor, whose)
    offices = view.ticked if offices is None else offices
    return desk.account_access.change(actor, view.person, AccessChange(view.version, role or view.role, offices))


def test_the_account_is_shown_with_all_that_is_to_be_known(
    desk: Desk, clock: ManualClock, ray: MadeAgency, lookers: Lookers, eve: Actor
) -> None:
    ottawa = lookers.offices[0]
    view = look(desk, ray.admin, eve)
    assert (view.name, view.user_name, view.company_code) == ("Eve Evans", "eve@example.com", "RAY-919")
    assert (view.state, view.since, view.signed_in_at) == (IdentityState.ACTIVE, clock.now(), clock.now())
    assert (view.role, view.ticked, view.whole_agency) == (Role.AGENT, (ottawa,), True)
    assert [office.name for office in view.offices] == ["Ottawa", "Toronto", "Windsor"]
    assert view.roles == (Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)
    assert (view.locked, view.offices_locked) == ("", "")


@pytest.mark.parametrize("state", list(IdentityState))
def test_it_is_offered_and_changed_in_every_state_of_the_account(
    desk: Desk, ray: MadeAgency, state: IdentityState
) -> None:
    office = int(make_office(desk, ray.agency).id)
    member = make_colleague(desk, ray.agency)
    identity = make_identity(desk, member, state)
    key = person_key.staff(member.id)
    offers = {offer.action: offer.allowed for offer in desk.accounts.offers(ray.admin, key)}
    assert offers[PersonAction.IDENTITY]
    view = desk.account_access.view(ray.admin, key)
    assert (view.state, view.signed_in_at) == (state, None)
    desk.account_access.change(ray.admin, key, replace(view.change, offices=(office,)))
    assert desk.account_access.view(ray.admin, key).ticked == (office,)
    assert account_behind(desk.ctx, key).state is identity.state


def test_other_offices_are_seen_at_once_in_the_same_session(
    desk: Desk, ray: MadeAgency, lookers: Lookers, eve: Actor
) -> None:
    ottawa, toronto, windsor = lookers.offices
    desk.people.panel(eve, person_key.client(make_client(desk, ray.agency, "a@example.com", office=ottawa).id))
    there = person_key.client(make_client(desk, ray.agency, "b@example.com", office=toronto).id)
    with pytest.raises(Refused):
        desk.people.panel(eve, there)
    give(desk, ray.admin, eve, (toronto, windsor))
    desk.people.panel(eve, there)
    assert [office.name for office in desk.offices.mine(eve).offices] == ["Toronto", "Windsor"]


def test_an_office_that_is_looked_at_alone_and_taken_away_is_looked_at_no_more(
    desk: Desk, ray: MadeAgency, lookers: Lookers, eve: Actor
) -> None:
    ottawa, toronto, windsor = lookers.offices
    give(desk, ray.admin, eve, lookers.offices)
    desk.offices.switch(eve, windsor)
    give(desk, ray.admin, eve, (ottawa, toronto))
    assert desk.offices.mine(eve).chosen is None


def test_none_ticked_is_the_whole_agency(desk: Desk, ray: MadeAgency, eve: Actor) -> None:
    view = look(desk, ray.admin, eve)
    assert desk.account_access.review(ray.admin, view.person, replace(view.change, offices=())) == (
        "Eve Evans sees the whole agency instead of 1 office, from now on and without signing in again.",
    )
    give(desk, ray.admin, eve, ())
    assert len(desk.offices.mine(eve).offices) == 3


def test_another_role_stands_in_the_list_too_and_ends_the_sessions(desk: Desk, ray: MadeAgency, eve: Actor) -> None:
    key = key_of(desk, eve)
    before = desk.staff.view(ray.admin, key.id)
    view = give(desk, ray.admin, eve, role=Role.SUPERVISOR)
    after = desk.staff.view(ray.admin, key.id)
    assert (view.role, after.fields.role) == (Role.SUPERVISOR, "supervisor")
    assert (after.version, after.changed_by) == (before.version + 1, ray.admin.name)
    with pytest.raises(SignedOut, match="your role has changed"):
        desk.offices.mine(eve)


def test_what_follows_is_told_before_and_nothing_is_stored(
    desk: Desk, ray: MadeAgency, lookers: Lookers, eve: Actor
) -> None:
    ottawa, toronto, windsor = lookers.offices
    view = look(desk, ray.admin, eve)
    before = everything(desk.ctx)

    def told(*offices: int, role: Role = Role.AGENT) -> tuple[str, ...]:
        return desk.account_access.review(ray.admin, view.person, AccessChange(view.version, role, offices))

    now = "from now on and without signing in again."
    assert told(ottawa) == ()
    assert told(ottawa, toronto) == (f"Eve Evans sees 2 offices instead of 1 office, {now}", "Added: Toronto.")
    assert told(windsor) == (
        f"Eve Evans sees other offices than before, {now}",
        "Added: Windsor.",
        "Taken away: Ottawa.",
    )
    assert told(ottawa, role=Role.AUDITOR) == (
        "The role changes from agent to auditor, in the list of office staff too.",
        "It ends 1 open session of this account.",
    )
    assert told(role=Role.AUDITOR)[0] == "Eve Evans sees the whole agency instead of 1 office, from now on."
    assert everything(desk.ctx) == before


def test_the_history_says_what_was_changed_and_the_audit_what_it_was(
    desk: Desk, ray: MadeAgency, lookers: Lookers, eve: Actor
) -> None:
    give(desk, ray.admin, eve, lookers.offices[1:], Role.SUPERVISOR)
    [entry] = entries(desk.ctx, "access_changed")
    assert json.loads(entry.details) == {
        "old_offices": "Ottawa",
        "new_offices": "Toronto, Windsor",
        "old_role": "agent",
        "new_role": "supervisor",
    }
    assert (entry.identity_id, entry.staff_id) == (eve.identity_id, key_of(desk, eve).id)
    assert desk.people.history(ray.admin, key_of(desk, eve))[0].words == "changed offices, role"


def test_nothing_different_leaves_no_trace(desk: Desk, ray: MadeAgency, eve: Actor) -> None:
    before = everything(desk.ctx)
    give(desk, ray.admin, eve)
    assert everything(desk.ctx) == before
    assert entries(desk.ctx, "access_changed") == []


def test_who_was_slower_hears_who_was_faster_and_gets_the_account_as_it_is(
    desk: Desk, ray: MadeAgency, lookers: Lookers, eve: Actor
) -> None:
    boss = make_staff(desk, ray.agency, "boss@example.com", role=Role.ADMINISTRATOR, first="Bea", last="Boss")
    stale = look(desk, ray.admin, eve)
    give(desk, boss, eve, lookers.offices[:2])
    wanted = replace(stale.change, offices=())
    for act in (desk.account_access.review, desk.account_access.change):
        with pytest.raises(Conflict, match="Bea Boss changed this account") as conflict:
            act(ray.admin, stale.person, wanted)
        assert conflict.value.theirs == look(desk, ray.admin, eve)
    assert sees(desk, eve) == set(lookers.offices[:2])


def test_of_two_at_the_same_moment_one_is_told_of_the_other(
    desk: Desk, ray: MadeAgency, lookers: Lookers, eve: Actor, at_once: Callable[..., list[Any]]
) -> None:
    boss = make_staff(desk, ray.agency, "boss@example.com", role=Role.ADMINISTRATOR)
    view = look(desk, ray.admin, eve)
    ways = {
        actor: replace(view.change, offices=(office,))
        for actor, office in zip((ray.admin, boss), lookers.offices[1:], strict=True)
    }
    outcomes = at_once(
        *(partial(desk.account_access.change, actor, view.person, wanted) for actor, wanted in ways.items())
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AccountView", "Conflict"]
    assert len(sees(desk, eve)) == 1


def by_account(desk: Desk, actor: Actor, other: Actor) -> Callable[[], object]:
    view = look(desk, actor, other)
    return partial(desk.account_access.change, actor, view.person, replace(view.change, role=Role.AGENT))


def by_edit_form(desk: Desk, actor: Actor, other: Actor) -> Callable[[], object]:
    record = desk.staff.view(actor, look(desk, actor, other).person.id)
    return partial(desk.staff.change, actor, record.id, record.version, replace(record.fields, role="agent"))


@pytest.mark.parametrize("way", [by_account, by_edit_form])
def test_of_two_administrators_who_take_each_others_role_at_the_same_moment_one_is_left(
    desk: Desk,
    ray: MadeAgency,
    at_once: Callable[..., list[Any]],
    way: Callable[[Desk, Actor, Actor], Callable[[], object]],
) -> None:
    boss = make_staff(desk, ray.agency, "boss@example.com", role=Role.ADMINISTRATOR)
    outcomes = at_once(way(desk, ray.admin, boss), way(desk, boss, ray.admin))
    assert [type(outcome) for outcome in outcomes].count(SignedOut) == 1


def test_a_role_changed_in_the_edit_form_is_a_change_of_the_account(desk: Desk, ray: MadeAgency, eve: Actor) -> None:
    stale = look(desk, ray.admin, eve)
    record = desk.staff.view(ray.admin, stale.person.id)
    desk.staff.change(ray.admin, record.id, record.version, replace(record.fields, role="auditor"))
    with pytest.raises(Conflict) as conflict:
        desk.account_access.change(ray.admin, stale.person, stale.change)
    assert isinstance(conflict.value.theirs, AccountView)
    assert conflict.value.theirs.role is Role.AUDITOR


def test_offices_that_are_not_ones_own_stay_and_are_not_shown(desk: Desk, lookers: Lookers, eve: Actor) -> None:
    ottawa, toronto, windsor = lookers.offices
    ann, bob = lookers.of_one.actor, lookers.of_two.actor
    join(desk, eve, windsor)
    assert [office.name for office in look(desk, ann, eve).offices] == ["Ottawa"]
    view = look(desk, bob, eve)
    assert ([office.name for office in view.offices], view.ticked) == (["Ottawa", "Toronto"], (ottawa,))
    wanted = replace(view.change, offices=(toronto,))
    assert "other ones of your offices" in desk.account_access.review(bob, view.person, wanted)[0]
    give(desk, bob, eve, (toronto,))
    assert sees(desk, eve) == {toronto, windsor}


def test_nobody_gives_an_office_that_is_not_theirs(desk: Desk, lookers: Lookers, eve: Actor) -> None:
    ottawa, _, windsor = lookers.offices
    bob = lookers.of_two.actor
    for offices in ((ottawa, windsor), (windsor,)):
        with pytest.raises(Refused, match="only offices that are yours"):
            give(desk, bob, eve, offices)
    with pytest.raises(Refused, match="Tick at least one office"):
        give(desk, bob, eve, ())
    assert sees(desk, eve) == {ottawa}
    assert {entry.result for entry in entries(desk.ctx, "access_changed")} == {AuditResult.REFUSED}


def test_an_office_of_another_agency_is_none(desk: Desk, ray: MadeAgency, eve: Actor) -> None:
    other = make_agency(desk, "OTHER-1", "other@example.com")
    elsewhere = int(make_office(desk, other.agency, "Elsewhere").id)
    with pytest.raises(Refused, match="not there any more"):
        give(desk, ray.admin, eve, (elsewhere,))


def test_who_looks_after_some_offices_does_not_touch_an_account_that_sees_all(
    desk: Desk, ray: MadeAgency, lookers: Lookers
) -> None:
    all_seeing = make_staff(desk, ray.agency, "all@example.com")
    view = look(desk, lookers.of_two.actor, all_seeing)
    assert view.offices == ()
    assert "whole agency" in view.offices_locked
    with pytest.raises(Refused, match="sees the whole agency"):
        give(desk, lookers.of_two.actor, all_seeing, lookers.offices[:1])
    assert sees(desk, all_seeing) == set()


def test_nobody_changes_their_own(desk: Desk, ray: MadeAgency, lookers: Lookers) -> None:
    for actor in (ray.admin, lookers.of_two.actor):
        view = look(desk, actor, actor)
        assert ("your own account" in view.locked, view.roles) == (True, ())
        with pytest.raises(Refused, match="your own account"):
            give(desk, actor, actor, lookers.offices)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_only_an_administrator_acts_on_whoever_has_more_than_an_agent(
    desk: Desk, ray: MadeAgency, lookers: Lookers, role: Role
) -> None:
    above = join(desk, make_staff(desk, ray.agency, "above@example.com", role=role), lookers.offices[0])
    for actor in (lookers.of_one.actor, lookers.of_two.actor):
        assert f"has the role {role}" in look(desk, actor, above).locked
        offers = {offer.action: offer.allowed for offer in desk.accounts.offers(actor, key_of(desk, above))}
        assert offers[PersonAction.IDENTITY]
        with pytest.raises(Refused, match="only an administrator"):
            give(desk, actor, above, lookers.offices[:2])
    give(desk, ray.admin, above, lookers.offices[:2])
    assert sees(desk, above) == set(lookers.offices[:2])


def test_only_an_administrator_gives_another_role(desk: Desk, lookers: Lookers, eve: Actor) -> None:
    view = look(desk, lookers.of_two.actor, eve)
    assert (view.locked, view.roles) == ("", ())
    for role in (Role.SUPERVISOR, Role.CLIENT):
        with pytest.raises(Refused, match="Only an administrator gives somebody the rights"):
            give(desk, lookers.of_two.actor, eve, role=role)


def test_nobody_of_the_staff_becomes_a_client(desk: Desk, ray: MadeAgency, eve: Actor) -> None:
    with pytest.raises(Refused, match="not one for office staff"):
        give(desk, ray.admin, eve, role=Role.CLIENT)


def test_a_client_has_nothing_to_choose(desk: Desk, ray: MadeAgency, lookers: Lookers, brent: Client) -> None:
    give_account(desk, ray.admin, brent)
    key = person_key.client(brent.id)
    view = desk.account_access.view(ray.admin, key)
    assert (view.role, view.roles, view.offices) == (Role.CLIENT, (), ())
    assert "nothing to choose" in view.locked
    for wanted in (replace(view.change, offices=lookers.offices), replace(view.change, role=Role.AGENT)):
        with pytest.raises(Refused, match="nothing to choose"):
            desk.account_access.change(ray.admin, key, wanted)


def test_without_an_account_there_is_nothing_to_show(desk: Desk, ray: MadeAgency, person: PersonKey) -> None:
    with pytest.raises(Refused, match="no account yet"):
        desk.account_access.view(ray.admin, person)
    with pytest.raises(Refused, match="no account yet"):
        desk.account_access.change(ray.admin, person, AccessChange(1, Role.AGENT))


def test_auditors_look_and_change_nothing_and_clients_do_not_look(desk: Desk, ray: MadeAgency, eve: Actor) -> None:
    auditor = make_staff(desk, ray.agency, "auditor@example.com", role=Role.AUDITOR)
    assert look(desk, auditor, eve).locked
    client = make_staff(desk, ray.agency, "client@example.com", role=Role.CLIENT)
    with pytest.raises(Refused, match="helpdesk staff"):
        look(desk, client, eve)
