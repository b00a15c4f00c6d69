"""Temporary passwords: mailed and shown to nobody, good for one sign-in within an hour, and for nothing else."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from models.client import Client
from models.identity import Credential, Identity
from models.outbox import OutboxMessage
from models.staff import StaffMember
from models.states import CredentialKind, IdentityState, MailPurpose, MailState, Role
from services import person_key, temporary_credential
from services.actor import Actor
from services.clock import ManualClock
from services.context import Context
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import NotFound, Refused, SignedOut, TooSoon
from services.mail.mailbox import MailQuery
from services.sign_in import WRONG, WrongCredentials
from tests import making
from tests.acting import Bring
from tests.making import HERE, PASSWORD, MadeAgency

CODE = "RAY-919"
USER = "brent@mortgageclient.example.com"
OWN = Secret("walnut river eleven sky")


def send(desk: Desk, ray: MadeAgency, brent: Client) -> Secret:
    """Send one to Brent; gives what stands in the mail."""
    desk.temporary.send(ray.admin, person_key.client(brent.id))
    return making.temporary_in(desk.ctx, mail(desk, brent))


def mail(desk: Desk, brent: Client) -> OutboxMessage:
    """The newest mail with a temporary password."""
    return making.mails(desk.ctx, making.identity_of(desk.ctx, brent), MailPurpose.TEMPORARY)[-1]


def sign_in(desk: Desk, password: Secret) -> Actor:
    return desk.sign_in.sign_in(CODE, USER, password, HERE)


def is_refused(desk: Desk, clock: ManualClock, password: Secret) -> str:
    """What the audit has as the cause."""
    clock.advance(seconds=90)
    with pytest.raises(WrongCredentials) as refused:
        sign_in(desk, password)
    assert refused.value.sentence == WRONG
    return str(making.entries(desk.ctx, "sign_in_failed")[-1].reason)


def test_it_signs_in_once_to_a_session_that_opens_nothing_else(
    desk: Desk, ray: MadeAgency, clock: ManualClock, brent: Client, active: Identity
) -> None:
    password = send(desk, ray, brent)
    actor = sign_in(desk, password)
    assert actor.limited
    with pytest.raises(Refused, match="First finish setting up your account"):
        desk.own.home(actor)
    assert is_refused(desk, clock, password) == "the temporary password was used already"


def test_somebody_who_never_activated_is_active_with_it_and_the_welcome_link_dies(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, clock: ManualClock, bring: Bring
) -> None:
    bring(IdentityState.PENDING)
    link = making.sent_secrets(ctx, making.identity_of(ctx, brent)).link
    assert sign_in(desk, send(desk, ray, brent)).limited
    assert making.identity_of(ctx, brent).state is IdentityState.ACTIVE
    with pytest.raises(Refused, match="withdrawn"):
        desk.recovery.choose_password(link, "", OWN, HERE)


@pytest.mark.parametrize("spelling", [str.lower, lambda text: text.replace("-", " "), lambda text: f" {text}\n"])
def test_case_blanks_and_dashes_do_not_matter(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity, spelling: Callable[[str], str]
) -> None:
    assert sign_in(desk, Secret(spelling(send(desk, ray, brent).reveal()))).limited


def test_its_hour_begins_when_the_server_takes_the_mail(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity, clock: ManualClock
) -> None:
    password = send(desk, ray, brent)
    clock.advance(hours=3)
    making.server_took(ctx, mail(desk, brent))
    clock.advance(minutes=57)
    assert sign_in(desk, password).limited


def test_after_one_hour_it_is_over_and_the_audit_says_so(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity, clock: ManualClock
) -> None:
    password = send(desk, ray, brent)
    making.server_took(ctx, mail(desk, brent))
    clock.advance(hours=1)
    assert is_refused(desk, clock, password) == "the temporary password has expired"


def test_a_newer_one_takes_its_place_and_its_waiting_mail_is_taken_back(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity, clock: ManualClock
) -> None:
    older, first = send(desk, ray, brent), mail(desk, brent)
    clock.advance(minutes=5)
    newer = send(desk, ray, brent)
    with ctx.read():
        assert OutboxMessage.get_by_id(first.id).state is MailState.SUPERSEDED
    assert is_refused(desk, clock, older) == "wrong password"
    clock.advance(minutes=2)
    assert sign_in(desk, newer).limited


def test_an_older_mail_that_was_under_way_does_not_start_the_hour_of_the_newer(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity, clock: ManualClock
) -> None:
    send(desk, ray, brent)
    first = mail(desk, brent)
    clock.advance(minutes=5)
    newer = send(desk, ray, brent)
    making.server_took(ctx, first)
    clock.advance(hours=2)
    assert sign_in(desk, newer).limited


def test_one_mail_in_five_minutes(desk: Desk, ray: MadeAgency, brent: Client, active: Identity) -> None:
    send(desk, ray, brent)
    with pytest.raises(TooSoon, match="less than five minutes ago"):
        desk.temporary.send(ray.admin, person_key.client(brent.id))


def test_the_present_password_stays_until_another_one_is_chosen(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    send(desk, ray, brent)
    assert not sign_in(desk, PASSWORD).limited


def test_right_and_wrong_take_one_hash_alike(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity, clock: ManualClock, work: list[bytes]
) -> None:
    password = send(desk, ray, brent)
    for attempt in (Secret("ABCD-ABCD-ABCD-ABCD"), password, password, PASSWORD):
        clock.advance(seconds=90)
        work.clear()
        with contextlib.suppress(WrongCredentials):
            sign_in(desk, attempt)
        assert len(work) == 1


def test_of_two_who_use_it_at_once_exactly_one_gets_in(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity, at_once: Callable[..., list[Any]]
) -> None:
    send(desk, ray, brent)
    with ctx.read():
        temporary = temporary_credential.kept_for(active.id)

    def use() -> bool:
        assert temporary is not None
        with ctx.unit():
            return temporary_credential.use(ctx, temporary)

    assert sorted(at_once(*[use] * 4)) == [False, False, False, True]


@pytest.mark.parametrize("end", ["reset", "deactivated"])
def test_it_ends_with_everything_else_that_opened_the_account(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity, clock: ManualClock, end: str
) -> None:
    password, message = send(desk, ray, brent), mail(desk, brent)
    clock.advance(minutes=5)
    if end == "reset":
        desk.recovery.ask_reset(USER, USER, HERE)
        desk.recovery.choose_password(making.sent_secrets(ctx, active).link, "", OWN, HERE)
        assert not sign_in(desk, OWN).limited
    else:
        desk.accounts.deactivate(ray.admin, person_key.client(brent.id), "left")
    is_refused(desk, clock, password)
    with ctx.read():
        assert OutboxMessage.get_by_id(message.id).state is MailState.SUPERSEDED


def test_a_deactivated_account_is_not_sent_one(desk: Desk, ray: MadeAgency, brent: Client, bring: Bring) -> None:
    bring(IdentityState.DEACTIVATED)
    with pytest.raises(Refused, match="Reactivate it first"):
        send(desk, ray, brent)


def test_somebody_without_an_account_is_not_sent_one(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    with pytest.raises(Refused, match="There is no account yet"):
        send(desk, ray, brent)


def test_another_agencys_people_are_not_there(desk: Desk, ray: MadeAgency, brent: Client, active: Identity) -> None:
    other = making.make_agency(desk, "OTHER-1", "owner@other.example.com")
    with pytest.raises(NotFound):
        desk.temporary.send(other.admin, person_key.client(brent.id))


def test_office_staff_are_sent_one_too_but_an_administrator_only_by_another(
    desk: Desk, ctx: Context, ray: MadeAgency
) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    with ctx.read():
        member = StaffMember.get(StaffMember.identity == ann.identity_id)
        chief = StaffMember.get(StaffMember.identity == ray.admin.identity_id)
    desk.temporary.send(ray.admin, person_key.staff(member.id))
    [entry] = making.entries(ctx, "temporary_sent")
    assert (entry.staff_id, entry.client_id, entry.identity_id) == (member.id, None, ann.identity_id)
    with pytest.raises(Refused, match="only an administrator"):
        desk.temporary.send(ann, person_key.staff(chief.id))
    # So is whoever stands in the list as one, whatever their account says.
    bob = making.make_staff(desk, ray.agency, "bob@raystaging.example.com")
    with ctx.unit():
        StaffMember.update(role=Role.ADMINISTRATOR).where(StaffMember.id == member.id).execute()
    with pytest.raises(Refused, match="only an administrator"):
        desk.temporary.send(bob, person_key.staff(member.id))


def test_a_client_sends_nobody_anything(desk: Desk, ray: MadeAgency, brent: Client, active: Identity) -> None:
    with pytest.raises(Refused, match="helpdesk staff"):
        desk.temporary.send(sign_in(desk, PASSWORD), person_key.client(brent.id))


def test_no_table_and_no_colleague_has_it(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    password = send(desk, ray, brent).reveal()
    shown = desk.mail.view(ray.admin, mail(desk, brent).id)
    assert password not in shown.text + shown.html
    assert "hidden" in shown.note
    assert not shown.secrets_shown
    with ctx.read():
        kept = Credential.get(Credential.kind == CredentialKind.TEMPORARY).verifier
        rows = [str(row.__data__) for table in (OutboxMessage, Identity) for row in table.select()]
    assert password.replace("-", "") not in kept + str(rows)
    assert desk.mail.rows(ray.admin, MailQuery("temporary")).first(5)


def test_the_mail_says_how_long_and_what_to_do(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    send(desk, ray, brent)
    text = desk.mail.view(ray.admin, mail(desk, brent).id).text
    assert "Sue Wright of Ray Staging sends you a temporary password." in text
    assert "It works once, within 1 hour of this mail." in text
    assert f"User Name: {USER}" in text


def test_the_trail_tells_what_became_of_it(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity, clock: ManualClock
) -> None:
    def told() -> str:
        return desk.people.panel(ray.admin, person_key.client(brent.id)).trail[0].outcome

    send(desk, ray, brent)
    assert told() == "queued"
    making.server_took(ctx, mail(desk, brent))
    assert told() == "sent 10:05, works until 11:05"
    clock.advance(hours=1)
    assert told() == "sent 10:05, expired 11:05"
    password = send(desk, ray, brent)
    making.server_took(ctx, mail(desk, brent))
    sign_in(desk, password)
    [newest, older, *_] = desk.people.panel(ray.admin, person_key.client(brent.id)).trail
    assert newest.outcome == "sent 11:05, used"
    assert older.outcome == "sent 10:05, superseded by a newer mail"


def test_an_expired_session_of_it_says_so(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity, clock: ManualClock
) -> None:
    actor = sign_in(desk, send(desk, ray, brent))
    clock.advance(hours=13)
    with pytest.raises(SignedOut, match="Your session has ended"):
        desk.onboarding.owed(actor)


def test_only_the_administrator_who_sets_up_the_desk_comes_in_without_questions_and_only_once(desk: Desk) -> None:
    desk.agencies.found(making.new_agency(), HERE)

    def again() -> Actor:
        return desk.sign_in.sign_in(CODE, "sue@raystaging.example.com", PASSWORD, HERE)

    first = again()
    assert (first.limited, first.role) == (False, Role.ADMINISTRATOR)
    assert desk.own.home(first)
    assert again().limited


def test_a_strict_agency_asks_no_questions(desk: Desk, ctx: Context, ray: MadeAgency, active: Identity) -> None:
    with ctx.unit():
        making.secure(ctx, active, secured=False)
    assert sign_in(desk, PASSWORD).limited
    with ctx.unit():
        type(ray.agency).update(profile="strict").execute()
    assert not sign_in(desk, PASSWORD).limited
