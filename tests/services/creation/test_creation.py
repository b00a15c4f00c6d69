"""One account: everything is shown before it is done, and done in one piece."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models.client import Client
from models.identity import LegacyUser, Membership
from models.staff import StaffMember
from models.states import Access, AuditResult, IdentityState, LegacyState, MailPurpose, MailState, Role
from services.actor import Actor
from services.context import Context
from services.creation.values import CreationPlan, ObstacleKind
from services.desk import Desk
from services.errors import Invalid, NotFound, Refused, SignedOut
from services.person_key import PersonKey
from tests import making
from tests.acting import everything
from tests.making import MadeAgency
from tests.services.creating import (
    FRANK,
    account_of,
    by_access_key,
    key,
    make_colleague,
    make_office,
    make_old_account,
    office_of,
    plan,
    stored,
)


def kinds(desk: Desk, actor: Actor, person: StaffMember | Client) -> list[ObstacleKind]:
    return [obstacle.kind for obstacle in desk.creation.preview(actor, key(person)).candidate.obstacles]


def test_the_preview_proposes_what_the_staff_list_has(desk: Desk, ray: MadeAgency, frank: StaffMember) -> None:
    preview = desk.creation.preview(ray.admin, key(frank))
    assert preview.plan == CreationPlan(key(frank), 1, FRANK, FRANK, Role.AGENT, (frank.office_id or 0,), False)
    assert (preview.company_code, preview.candidate.name) == ("RAY-919", "Frank Jones")
    assert [office.name for office in preview.offices] == ["San Diego"]
    assert preview.offices_shown(preview.plan) == "San Diego"
    assert preview.candidate.obstacles == ()


def test_it_makes_the_account_its_office_and_its_mail_in_one_piece(
    desk: Desk, ctx: Context, ray: MadeAgency, frank: StaffMember
) -> None:
    result = desk.creation.create(ray.admin, plan(desk, ray.admin, frank))
    identity = account_of(ctx, frank)
    assert identity is not None
    assert (identity.email, identity.name, identity.role) == (FRANK, "Frank Jones", Role.AGENT)
    assert (identity.state, identity.cell) == (IdentityState.PENDING, "+15195550132")
    (mail,) = making.mails(ctx, identity)
    assert (mail.id, mail.purpose, mail.to_address) == (result.message_id, MailPurpose.WELCOME, FRANK)
    with ctx.read():
        assert [row.office_id for row in Membership.select()] == [frank.office_id]
        assert StaffMember.get_by_id(frank.id).access == Access.PENDING
    (entry,) = making.entries(ctx, "account_created")
    assert (entry.staff_id, entry.client_id, entry.identity_id) == (frank.id, None, identity.id)


def test_it_serves_clients_alike(desk: Desk, ctx: Context, ray: MadeAgency, brent: Client) -> None:
    preview = desk.creation.preview(ray.admin, key(brent))
    assert (preview.roles, preview.plan.role, preview.plan.offices) == ((Role.CLIENT,), Role.CLIENT, ())
    desk.creation.create(ray.admin, preview.plan)
    assert making.identity_of(ctx, brent).role is Role.CLIENT
    assert making.reread(ctx, brent).access == Access.PENDING


def test_looking_stores_nothing(desk: Desk, ctx: Context, ray: MadeAgency, frank: StaffMember) -> None:
    before = stored(ctx)
    desk.creation.review(ray.admin, plan(desk, ray.admin, frank))
    assert stored(ctx) == before


def test_the_review_shows_the_mail_as_it_will_look_but_for_its_secrets(
    desk: Desk, ctx: Context, ray: MadeAgency, frank: StaffMember
) -> None:
    wanted = plan(desk, ray.admin, frank)
    review = desk.creation.review(ray.admin, wanted)
    result = desk.creation.create(ray.admin, wanted)
    sent = desk.mail.view(ray.admin, result.message_id)
    assert review.subject == sent.subject
    for line in ("Hello Frank Jones,", "access to Ray Staging", "Sue Wright", "Company Code: RAY-919", FRANK, "••••"):
        assert line in review.text
    told = [line for line in review.text.splitlines() if "••••" not in line]
    assert [line for line in told if line not in sent.text.splitlines()] == []


@pytest.mark.parametrize("user_name", ["fjones", "", "frank.jones@other.example.com"])
def test_a_user_name_that_is_not_the_address_is_refused_with_the_reason(
    desk: Desk, ctx: Context, ray: MadeAgency, frank: StaffMember, user_name: str
) -> None:
    before = stored(ctx)
    wanted = plan(desk, ray.admin, frank, user_name=user_name)
    for act in (desk.creation.review, desk.creation.create):
        with pytest.raises(Invalid) as refused:
            act(ray.admin, wanted)
        assert list(refused.value.problems) == ["user_name"]
    assert stored(ctx) == before


def test_case_makes_no_other_user_name(desk: Desk, ray: MadeAgency, frank: StaffMember) -> None:
    desk.creation.review(ray.admin, plan(desk, ray.admin, frank, user_name=FRANK.upper()))


def test_another_address_corrects_the_list(desk: Desk, ctx: Context, ray: MadeAgency, frank: StaffMember) -> None:
    new = "frank@example.com"
    wanted = plan(desk, ray.admin, frank, email=new, user_name=new)
    assert any(new in line and FRANK in line for line in desk.creation.review(ray.admin, wanted).sentences)
    desk.creation.create(ray.admin, wanted)
    with ctx.read():
        row = StaffMember.get_by_id(frank.id)
        assert (row.email, row.email_key, row.version, row.changed_by) == (new, new, 2, "Sue Wright")
        assert "hometraksupport" not in row.search
    assert making.entries(ctx, "staff_changed")[-1].staff_id == frank.id


def test_somebody_without_an_address_gets_one_on_the_way(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    nobody = make_colleague(desk, ray.agency, "")
    assert kinds(desk, ray.admin, nobody) == [ObstacleKind.NO_EMAIL]
    with pytest.raises(Invalid, match="empty"):
        desk.creation.create(ray.admin, plan(desk, ray.admin, nobody))
    desk.creation.create(ray.admin, plan(desk, ray.admin, nobody, email=FRANK, user_name=FRANK))
    assert account_of(ctx, nobody) is not None


def test_an_address_of_somebody_elses_account_is_refused(desk: Desk, ray: MadeAgency, frank: StaffMember) -> None:
    sue = "SUE@raystaging.example.com"
    with pytest.raises(Invalid, match="user name of Sue Wright"):
        desk.creation.create(ray.admin, plan(desk, ray.admin, frank, email=sue, user_name=sue))


def test_an_address_that_somebody_else_of_the_same_list_has_is_refused_at_the_review_already(
    desk: Desk, ctx: Context, ray: MadeAgency, person: PersonKey
) -> None:
    making.make_client(desk, ray.agency, "chris@example.com", first="Chris", last="Miller")
    make_colleague(desk, ray.agency, "CHRIS@example.com", first="Chris", last="Miller")
    wanted = desk.creation.preview(ray.admin, person).plan
    wanted = replace(wanted, email="Chris@example.com", user_name="Chris@example.com")
    before = everything(ctx)
    for act in (desk.creation.review, desk.creation.create):
        with pytest.raises(Invalid, match="already belongs to Chris Miller"):
            act(ray.admin, wanted)
    assert everything(ctx) == before


def test_somebody_inactive_gets_no_account(desk: Desk, ray: MadeAgency) -> None:
    gone = make_colleague(desk, ray.agency, active=False)
    assert kinds(desk, ray.admin, gone) == [ObstacleKind.INACTIVE]
    with pytest.raises(Refused, match="inactive"):
        desk.creation.create(ray.admin, plan(desk, ray.admin, gone))


def test_the_slower_of_two_hears_who_did_it_and_nothing_is_made_twice(
    desk: Desk, ctx: Context, ray: MadeAgency, frank: StaffMember, at_once: Callable[..., list[Any]]
) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    wanted = plan(desk, ray.admin, frank)
    outcomes = at_once(
        lambda: desk.creation.create(ray.admin, wanted),
        lambda: desk.creation.create(ann, wanted),
    )
    refusals = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert len(refusals) == 1, outcomes
    assert ("Sue Wright" in str(refusals[0])) != ("Ann Agent" in str(refusals[0]))
    identity = account_of(ctx, frank)
    assert identity is not None
    assert len(making.mails(ctx, identity)) == 1
    assert making.entries(ctx, "account_created")[-1].result is AuditResult.REFUSED


def test_an_old_account_is_shown_and_migrated_with_the_creation(
    desk: Desk, ctx: Context, ray: MadeAgency, frank: StaffMember
) -> None:
    old = make_old_account(desk, office_of(ctx, frank))
    preview = desk.creation.preview(ray.admin, key(frank))
    assert [account.words for account in preview.candidate.old_accounts] == ["fjones (San Diego)"]
    assert preview.plan.migrate
    assert any("fjones" in line for line in desk.creation.review(ray.admin, preview.plan).sentences)
    result = desk.creation.create(ray.admin, preview.plan)
    assert result.migrated == ("fjones (San Diego)",)
    with ctx.read():
        row = LegacyUser.get_by_id(old.id)
        assert (row.state, row.identity_id) == (LegacyState.MIGRATED, result.identity_id)


def test_an_old_account_may_stay(desk: Desk, ctx: Context, ray: MadeAgency, frank: StaffMember) -> None:
    old = make_old_account(desk, office_of(ctx, frank))
    wanted = plan(desk, ray.admin, frank, migrate=False)
    assert any("keeps opening" in line for line in desk.creation.review(ray.admin, wanted).sentences)
    desk.creation.create(ray.admin, wanted)
    with ctx.read():
        assert LegacyUser.get_by_id(old.id).state is LegacyState.WAITING


def test_the_first_administrator_creates_their_own_account_and_is_told_that_the_session_ends(
    desk: Desk, ctx: Context, ray: MadeAgency
) -> None:
    office = make_office(desk, ray.agency)
    me = make_colleague(desk, ray.agency, office=office, role=Role.ADMINISTRATOR)
    actor = by_access_key(desk, make_old_account(desk, office))
    wanted = plan(desk, actor, me)
    assert any("your own account" in line for line in desk.creation.review(actor, wanted).sentences)
    result = desk.creation.create(actor, wanted)
    assert desk.creation.mail_standing(actor, result.message_id).words == "queued"
    with pytest.raises(SignedOut, match="migrated"):
        desk.creation.preview(actor, key(me))


def test_the_mail_can_be_followed_until_it_has_left(
    desk: Desk, ctx: Context, ray: MadeAgency, frank: StaffMember
) -> None:
    result = desk.creation.create(ray.admin, plan(desk, ray.admin, frank))
    standing = desk.creation.mail_standing(ray.admin, result.message_id)
    assert (standing.state, standing.settled) == (MailState.QUEUED, False)
    identity = account_of(ctx, frank)
    assert identity is not None
    making.server_took(ctx, making.mails(ctx, identity)[0])
    standing = desk.creation.mail_standing(ray.admin, result.message_id)
    assert (standing.state, standing.settled) == (MailState.SENT, True)
    other = making.make_agency(desk, "OTHER-1", "owner@other.example.com")
    with pytest.raises(NotFound):
        desk.creation.mail_standing(other.admin, result.message_id)
