"""What is done with the account of a colleague: the same as with a client's, and what only holds for staff."""

from __future__ import annotations

import pytest

from models.agency import Office
from models.identity import Identity, LegacyUser, Membership
from models.staff import StaffMember
from models.states import Access, IdentityState, LegacyState, MailPurpose, Role
from services import person_key
from services.accounts.accounts import ResetReason
from services.actor import Actor
from services.clients.values import ClientAction
from services.clock import ManualClock
from services.desk import Desk
from services.errors import NotFound, Refused
from services.person_key import PersonKey
from services.staff.values import StaffFields
from services.text import fold
from tests.making import HERE, PASSWORD, MadeAgency, entries, mails, make_agency, make_staff, sent_secrets


@pytest.fixture
def frank(desk: Desk, ray: MadeAgency) -> PersonKey:
    """An agent of San Diego without an account."""
    with desk.ctx.unit():
        Office.create(agency=ray.agency, name="San Diego", name_key=fold("San Diego"))
    fields = StaffFields("Frank", "Jones", "frank@raystaging.example.com", "519-555-0132", "San Diego")
    return person_key.staff(desk.staff.add(ray.admin, fields).id)


@pytest.fixture
def ann(desk: Desk, ray: MadeAgency) -> Actor:
    """Another agent, signed in."""
    return make_staff(desk, ray.agency, "ann@raystaging.example.com")


def account(desk: Desk, person: PersonKey) -> Identity:
    """The account of a staff member."""
    with desk.ctx.read():
        return Identity.get_by_id(StaffMember.get_by_id(person.id).identity_id)


def key_of(desk: Desk, actor: Actor) -> PersonKey:
    """The row of somebody signed in."""
    with desk.ctx.read():
        return person_key.staff(StaffMember.get(StaffMember.identity == actor.identity_id).id)


def offered(desk: Desk, actor: Actor, person: PersonKey) -> dict[ClientAction, str]:
    """The actions with the reason why not."""
    return {offer.action: offer.reason for offer in desk.accounts.offers(actor, person)}


def test_the_whole_life_of_a_colleagues_account(
    desk: Desk, clock: ManualClock, ray: MadeAgency, ann: Actor, frank: PersonKey
) -> None:
    desk.accounts.create_and_welcome(ann, frank)
    identity = account(desk, frank)
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
        [seen] = Membership.select().where(Membership.identity == account(desk, frank).id)
        assert seen.office.name == "San Diego"


def test_nobody_deactivates_themselves(desk: Desk, ray: MadeAgency) -> None:
    own = key_of(desk, ray.admin)
    assert "your own account" in offered(desk, ray.admin, own)[ClientAction.DEACTIVATE]
    with pytest.raises(Refused, match="your own account"):
        desk.accounts.deactivate(ray.admin, own, "goodbye")
    assert entries(desk.ctx, "account_deactivated")[-1].staff_id == own.id


@pytest.mark.parametrize("act", ["reset", "deactivate"])
def test_only_an_administrator_acts_on_an_administrator(desk: Desk, ray: MadeAgency, ann: Actor, act: str) -> None:
    admin = key_of(desk, ray.admin)
    assert "only an administrator" in offered(desk, ann, admin)[ClientAction(act)]
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
        ({"email": "", "email_key": ""}, "no e-mail address"),
        ({"active": False}, "inactive"),
        ({"role": Role.SUPERVISOR}, "rights of a supervisor"),
    ],
)
def test_an_account_is_not_created_for_everybody(
    desk: Desk, ray: MadeAgency, ann: Actor, frank: PersonKey, changed: dict[str, object], why: str
) -> None:
    with desk.ctx.unit():
        StaffMember.update(**changed).where(StaffMember.id == frank.id).execute()
    assert why in offered(desk, ann, frank)[ClientAction.WELCOME]
    with pytest.raises(Refused, match=why):
        desk.accounts.create_and_welcome(ann, frank)
    assert desk.people.panel(ann, frank).identity_state is None


def test_an_administrator_gives_a_supervisor_an_account(desk: Desk, ray: MadeAgency, frank: PersonKey) -> None:
    with desk.ctx.unit():
        StaffMember.update(role=Role.SUPERVISOR).where(StaffMember.id == frank.id).execute()
    desk.accounts.create_and_welcome(ray.admin, frank)
    assert account(desk, frank).role is Role.SUPERVISOR


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
    with desk.ctx.unit():
        member = StaffMember.get_by_id(frank.id)
        old = LegacyUser.create(
            agency=ray.agency,
            office=member.office_id,
            user_name="fjones",
            user_key="fjones",
            verifier="$2b$",
            email=member.email,
            email_key=member.email_key,
            state=LegacyState.WAITING,
            created_at=desk.ctx.clock.now(),
        )
    panel = desk.people.panel(ray.admin, frank)
    assert (panel.access_words, panel.mend) == ("no account yet, but one of the old system", ClientAction.IDENTITY)
    with pytest.raises(Refused, match="old system"):
        desk.accounts.create_and_welcome(ray.admin, frank)
    with desk.ctx.unit():
        LegacyUser.update(state=LegacyState.MIGRATED).where(LegacyUser.id == old.id).execute()
    desk.accounts.create_and_welcome(ray.admin, frank)
