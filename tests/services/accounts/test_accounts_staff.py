"""What is done with the account of a colleague: the same as with a client's, and what only holds for staff."""

from __future__ import annotations

import pytest

from models.agency import Office
from models.identity import LegacyUser, Membership
from models.staff import StaffMember
from models.states import Access, IdentityState, LegacyState, MailPurpose, Role
from services import person_key
from services.accounts.accounts import ResetReason
from services.actor import Actor
from services.clients.values import PersonAction
from services.clock import ManualClock
from services.desk import Desk
from services.errors import NotFound, Refused
from services.person_key import PersonKey
from services.staff.values import StaffFields
from tests.making import (
    HERE,
    PASSWORD,
    MadeAgency,
    account_behind,
    entries,
    mails,
    make_agency,
    make_staff,
    sent_secrets,
)
from tests.services.creating import make_office, make_old_account


@pytest.fixture
def frank(desk: Desk, ray: MadeAgency) -> PersonKey:
    """An agent of San Diego without an account."""
    make_office(desk, ray.agency, "San Diego")
    fields = StaffFields("Frank", "Jones", "frank@raystaging.example.com", "519-555-0132", "San Diego")
    return person_key.staff(desk.staff.add(ray.admin, fields).id)


@pytest.fixture
def ann(desk: Desk, ray: MadeAgency) -> Actor:
    """Another agent, signed in."""
    return make_staff(desk, ray.agency, "ann@raystaging.example.com")


def key_of(desk: Desk, actor: Actor) -> PersonKey:
    """The row of somebody signed in."""
    with desk.ctx.read():
        return person_key.staff(StaffMember.get(StaffMember.identity == actor.identity_id).id)


def offered(desk: Desk, actor: Actor, person: PersonKey) -> dict[PersonAction, str]:
    """The actions with the reason why not."""
    return {offer.action: offer.reason for offer in desk.accounts.offers(actor, person)}


def test_the_whole_life_of_a_colleagues_account(
    desk: Desk, clock: ManualClock, ray: MadeAgency, ann: Actor, frank: PersonKey
) -> None:
    desk.accounts.create_and_welcome(ann, frank)
    identity = account_behind(desk.ctx, frank)
    assert (identity.role, identity.state, identity.cell) == (Role.AGENT, IdentityState.PENDING, "+15195550132")
    desk.recovery.choose_password(sent_secrets(desk.ctx, identity).link, "", PASSWORD, HERE)
    clock.advance(minutes=6)
    desk.accounts.send_reset(ann, frank, ResetReason.FORGOTTEN)
    desk.accounts.deactivate(ann, frank, "on leave")
    desk.accounts.reactivate(ann, frank, "back")
    assert [mail.purpose for mail in mails(desk.ctx, identity)][-3:] == [
        MailPurpose.RESET,
        MailPurpose.DEACTIVATED,
        MailPurpose.REACTIVATED,
    ]
    panel = desk.people.panel(ann, frank)
    assert (panel.access, panel.identity_state, panel.record.name) == (
        Access.ACTIVE,
        IdentityState.ACTIVE,
        "Frank Jones",
    )
    told = [entry.words for entry in desk.people.history(ann, frank)]
    assert told[:3] == ["reactivated the account", "deactivated the account", "sent a reset"]
    assert told[-1] == "added the staff member"


def test_the_account_of_an_agent_sees_the_office_of_the_agent(desk: Desk, ray: MadeAgency, frank: PersonKey) -> None:
    desk.accounts.create_and_welcome(ray.admin, frank)
    with desk.ctx.read():
        [seen] = Membership.select().where(Membership.identity == account_behind(desk.ctx, frank).id)
        assert seen.office.name == "San Diego"


def test_nobody_deactivates_themselves(desk: Desk, ray: MadeAgency) -> None:
    own = key_of(desk, ray.admin)
    assert "your own account" in offered(desk, ray.admin, own)[PersonAction.DEACTIVATE]
    with pytest.raises(Refused, match="your own account"):
        desk.accounts.deactivate(ray.admin, own, "goodbye")
    assert entries(desk.ctx, "account_deactivated")[-1].staff_id == own.id


@pytest.mark.parametrize("act", ["reset", "deactivate"])
def test_only_an_administrator_acts_on_an_administrator(desk: Desk, ray: MadeAgency, ann: Actor, act: str) -> None:
    admin = key_of(desk, ray.admin)
    assert "only an administrator" in offered(desk, ann, admin)[PersonAction(act)]
    with pytest.raises(Refused, match="only an administrator"):
        if act == "reset":
            desk.accounts.send_reset(ann, admin, ResetReason.FORGOTTEN)
        else:
            desk.accounts.deactivate(ann, admin, "coup")
    root = make_staff(desk, ray.agency, "root@raystaging.example.com", role=Role.ADMINISTRATOR)
    desk.accounts.deactivate(root, admin, "left")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"email": "", "email_key": ""}, "Add an e-mail address"),
        ({"active": False}, "inactive"),
        ({"role": Role.SUPERVISOR}, "role supervisor"),
    ],
)
def test_an_account_is_not_created_for_everybody(
    desk: Desk, ray: MadeAgency, ann: Actor, frank: PersonKey, changed: dict[str, object], why: str
) -> None:
    with desk.ctx.unit():
        StaffMember.update(**changed).where(StaffMember.id == frank.id).execute()
    assert why in offered(desk, ann, frank)[PersonAction.WELCOME]
    with pytest.raises(Refused, match=why):
        desk.accounts.create_and_welcome(ann, frank)
    assert desk.people.panel(ann, frank).identity_state is None


def test_an_administrator_gives_a_supervisor_an_account(desk: Desk, ray: MadeAgency, frank: PersonKey) -> None:
    with desk.ctx.unit():
        StaffMember.update(role=Role.SUPERVISOR).where(StaffMember.id == frank.id).execute()
    desk.accounts.create_and_welcome(ray.admin, frank)
    assert account_behind(desk.ctx, frank).role is Role.SUPERVISOR


def test_a_client_and_a_colleague_of_the_same_number_are_not_mixed_up(
    desk: Desk, ray: MadeAgency, frank: PersonKey
) -> None:
    with pytest.raises(NotFound):
        desk.accounts.create_and_welcome(ray.admin, person_key.client(frank.id))


def test_another_agency_cannot_touch_them(desk: Desk, frank: PersonKey) -> None:
    other = make_agency(desk, code="OTHER-1", admin_email="ann@other.example.com").admin
    for look in (desk.people.panel, desk.people.history, desk.accounts.offers):
        with pytest.raises(NotFound):
            look(other, frank)
    with pytest.raises(NotFound):
        desk.accounts.create_and_welcome(other, frank)


def test_somebody_with_an_account_of_the_old_system_is_sent_to_the_migration(
    desk: Desk, ray: MadeAgency, frank: PersonKey
) -> None:
    with desk.ctx.read():
        member = StaffMember.get_by_id(frank.id)
        office = Office.get_by_id(member.office_id)
    old = make_old_account(desk, office, email=member.email)
    panel = desk.people.panel(ray.admin, frank)
    gravest = panel.causes[0]
    assert (gravest.words, gravest.mend) == ("no account yet, but one of the old system", PersonAction.IDENTITY)
    with pytest.raises(Refused, match="old system"):
        desk.accounts.create_and_welcome(ray.admin, frank)
    with desk.ctx.unit():
        LegacyUser.update(state=LegacyState.MIGRATED).where(LegacyUser.id == old.id).execute()
    with pytest.raises(Refused, match="migrated to somebody else before"):
        desk.accounts.create_and_welcome(ray.admin, frank)
    with desk.ctx.unit():
        LegacyUser.delete().execute()
    desk.accounts.create_and_welcome(ray.admin, frank)
