"""Who may create an account for whom, and what is told when that changes while the wizard is open."""

from __future__ import annotations

import pytest

from models.client import Client
from models.identity import Identity, Membership
from models.staff import StaffMember
from models.states import Role
from services.context import Context
from services.desk import Desk
from services.errors import NotFound, Refused, SignedOut
from tests import making
from tests.acting import everything
from tests.making import MadeAgency
from tests.services.creating import (
    FRANK,
    key,
    make_colleague,
    make_office,
    office_of,
    plan,
)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"active": False}, "inactive"),
        ({"email": "f@example.com", "email_key": "f@example.com"}, "look again"),
        ({"role": Role.ADMINISTRATOR}, "look again"),
    ],
)
def test_what_became_of_the_person_meanwhile_is_told_at_the_next_step_and_nothing_is_made(
    desk: Desk, ctx: Context, ray: MadeAgency, frank: StaffMember, changed: dict[str, object], why: str
) -> None:
    wanted = plan(desk, ray.admin, frank)
    with ctx.unit():
        StaffMember.update(**changed, version=2).where(StaffMember.id == frank.id).execute()
    before = everything(ctx)
    for act in (desk.creation.review, desk.creation.create):
        with pytest.raises(Refused, match=why):
            act(ray.admin, wanted)
    assert everything(ctx) == before


def test_an_agent_who_is_deactivated_in_the_wizard_hears_it_at_the_next_step_and_nothing_is_made(
    desk: Desk, ctx: Context, ray: MadeAgency, frank: StaffMember
) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    wanted = plan(desk, ann, frank)
    with ctx.read():
        own = StaffMember.get(StaffMember.identity == ann.identity_id)
    desk.accounts.deactivate(ray.admin, key(own), "left")
    before = everything(ctx)
    for act in (
        lambda: desk.creation.preview(ann, key(frank)),
        lambda: desk.creation.review(ann, wanted),
        lambda: desk.creation.create(ann, wanted),
        lambda: desk.accounts.create_and_welcome(ann, key(frank)),
        lambda: desk.bulk.preflight(ann, [key(frank)]),
    ):
        with pytest.raises(SignedOut, match="deactivated"):
            act()
    assert everything(ctx) == before


def test_the_people_of_other_offices_are_not_there_and_are_not_named(
    desk: Desk, ctx: Context, ray: MadeAgency, frank: StaffMember
) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    ottawa = make_office(desk, ray.agency, "Ottawa")
    with ctx.unit():
        Membership.create(identity=ann.identity_id, office=frank.office_id)
    olga = making.make_client(desk, ray.agency, "olga@example.com", office=ottawa, first="Olga")
    twin = make_colleague(desk, ray.agency, "olga@example.com", office=office_of(ctx, frank), first="Near")
    oscar = making.make_client(desk, ray.agency, "oscar@example.com", office=ottawa, first="Oscar")
    making.give_account(desk, ray.admin, oscar, password=None)
    late = make_colleague(desk, ray.agency, "oscar@example.com", office=office_of(ctx, frank), first="Late")
    with pytest.raises(NotFound):
        desk.creation.preview(ann, key(olga))
    told = desk.bulk.preflight(ann, [key(olga), key(twin), key(late)])
    assert [row.name for row in told.rows] == [f"client {olga.id}", "Near Jones", "Late Jones"]
    assert [row.problems[0].rpartition(". ")[0] for row in told.rows] == [
        "This person is not in the list any more",
        "Somebody of another office has the same address, and only one can have it as user name",
        "oscar@example.com is the user name of somebody of another office already",
    ]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_only_an_administrator_gives_more_than_an_agent_has(
    desk: Desk, ctx: Context, ray: MadeAgency, frank: StaffMember, role: Role
) -> None:
    boss = making.make_staff(desk, ray.agency, "boss@raystaging.example.com", role=Role.SUPERVISOR)
    assert desk.creation.preview(boss, key(frank)).roles == (Role.AGENT,)
    with pytest.raises(Refused, match="Only an administrator"):
        desk.creation.create(boss, plan(desk, boss, frank, role=role))
    desk.creation.create(ray.admin, plan(desk, ray.admin, frank, role=role))
    with ctx.read():
        assert StaffMember.get_by_id(frank.id).role is role


def test_a_client_never_becomes_staff_by_it(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    with pytest.raises(Refused, match="role client"):
        desk.creation.create(ray.admin, plan(desk, ray.admin, brent, role=Role.AGENT))


def test_an_agent_gives_only_offices_of_their_own(
    desk: Desk, ctx: Context, ray: MadeAgency, frank: StaffMember
) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    other = make_office(desk, ray.agency, "Ray Staging")
    with ctx.unit():
        Membership.create(identity=ann.identity_id, office=frank.office_id)
    assert [office.name for office in desk.creation.preview(ann, key(frank)).offices] == ["San Diego"]
    for offices in ((), (other.id,), (frank.office_id, other.id)):
        with pytest.raises(Refused, match="offices that are yours"):
            desk.creation.create(ann, plan(desk, ann, frank, offices=offices))
    desk.creation.create(ann, plan(desk, ann, frank))


def test_an_office_of_another_agency_is_none(desk: Desk, ray: MadeAgency, frank: StaffMember) -> None:
    other = making.make_agency(desk, "OTHER-1", "owner@other.example.com")
    theirs = make_office(desk, other.agency)
    with pytest.raises(Refused, match="not there any more"):
        desk.creation.create(ray.admin, plan(desk, ray.admin, frank, offices=(theirs.id,)))
    for act in (desk.creation.preview, lambda who, _: desk.creation.create(who, plan(desk, ray.admin, frank))):
        with pytest.raises(NotFound):
            act(other.admin, key(frank))


def test_clients_and_auditors_may_not(desk: Desk, ctx: Context, ray: MadeAgency, frank: StaffMember) -> None:
    auditor = making.make_staff(desk, ray.agency, "audit@raystaging.example.com", role=Role.AUDITOR)
    for act in (
        lambda: desk.creation.preview(auditor, key(frank)),
        lambda: desk.creation.review(auditor, plan(desk, ray.admin, frank)),
        lambda: desk.creation.create(auditor, plan(desk, ray.admin, frank)),
    ):
        with pytest.raises(Refused, match="helpdesk staff"):
            act()
    with ctx.read():
        assert Identity.select().where(Identity.email == FRANK).count() == 0
