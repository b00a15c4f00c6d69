"""What staff do with a client's account, and what follows from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models.client import Client
from models.identity import Identity, OneTimeToken
from models.outbox import OutboxMessage
from models.states import Access, AuditResult, IdentityState, MailPurpose, MailState, Role, TokenPurpose, TokenState
from services import person_key
from services.accounts.accounts import ResetReason, SentMail
from services.clients.values import PersonAction
from services.clock import ManualClock
from services.context import Context
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import Invalid, Refused, SignedOut, TooSoon
from services.recovery import TokenAnswer
from services.sign_in import WrongCredentials
from tests import making
from tests.acting import ACTIONS, FROM, USER, Bring, everything
from tests.making import HERE, PASSWORD, MadeAgency
from tests.services.creating import make_colleague, make_office, make_old_account


def test_it_makes_a_pending_account_and_queues_the_welcome_mail(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client
) -> None:
    desk.accounts.create_and_welcome(ray.admin, person_key.client(brent.id))
    identity = making.identity_of(ctx, brent)
    assert (identity.state, identity.role) == (IdentityState.PENDING, Role.CLIENT)
    assert (identity.email, identity.name) == (USER, "Brent Thomas")
    (mail,) = making.mails(ctx, identity)
    assert (mail.purpose, mail.to_address, mail.created_by) == (MailPurpose.WELCOME, USER, "Sue Wright")
    assert making.reread(ctx, brent).access == Access.PENDING
    assert ctx.mail_waiting.is_set()


def test_it_is_not_too_soon_after_a_stranger_asked_for_a_reset(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    desk.recovery.ask_reset(USER, USER, HERE)
    desk.accounts.create_and_welcome(ray.admin, person_key.client(brent.id))


def test_the_next_mail_waits_five_minutes(desk: Desk, clock: ManualClock, ray: MadeAgency, brent: Client) -> None:
    desk.accounts.create_and_welcome(ray.admin, person_key.client(brent.id))
    clock.advance(minutes=4)
    with pytest.raises(TooSoon, match="Wait 1:00"):
        desk.accounts.resend_welcome(ray.admin, person_key.client(brent.id))
    clock.advance(minutes=1)
    desk.accounts.resend_welcome(ray.admin, person_key.client(brent.id))


def test_an_address_of_another_account_is_refused_and_nothing_is_made(
    desk: Desk, ctx: Context, ray: MadeAgency
) -> None:
    client = making.make_client(desk, ray.agency, "SUE@raystaging.example.com")
    before = everything(ctx)
    with pytest.raises(Refused, match="user name of Sue Wright"):
        desk.accounts.create_and_welcome(ray.admin, person_key.client(client.id))
    assert everything(ctx) == before
    assert making.entries(ctx, "account_created")[-1].result is AuditResult.REFUSED


@pytest.mark.parametrize("why", ["has the same address", "Add an e-mail address", "old system"])
def test_what_only_the_wizard_can_settle_is_not_done_at_one_key(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, why: str
) -> None:
    if why == "has the same address":
        make_colleague(desk, ray.agency, USER)
    elif why == "old system":
        make_old_account(desk, make_office(desk, ray.agency), email=USER)
    else:
        with ctx.unit():
            Client.update(email="", email_key="").execute()
    before = everything(ctx)
    with pytest.raises(Refused, match=why) as refused:
        desk.accounts.create_and_welcome(ray.admin, person_key.client(brent.id))
    assert everything(ctx) == before
    offers = {offer.action: offer.reason for offer in desk.accounts.offers(ray.admin, person_key.client(brent.id))}
    assert offers[PersonAction.WELCOME] == refused.value.sentence


def test_the_same_address_in_another_agency_does_not_matter(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    other = making.make_agency(desk, "OTHER-1", "owner@other.example.com")
    twin = making.make_client(desk, other.agency, USER)
    desk.accounts.create_and_welcome(ray.admin, person_key.client(brent.id))
    desk.accounts.create_and_welcome(other.admin, person_key.client(twin.id))


def test_of_two_agents_at_once_one_creates_it(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, at_once: Callable[..., list[Any]]
) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    outcomes = at_once(
        lambda: desk.accounts.create_and_welcome(ray.admin, person_key.client(brent.id)),
        lambda: desk.accounts.create_and_welcome(ann, person_key.client(brent.id)),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "Refused"]
    assert len(making.mails(ctx, making.identity_of(ctx, brent))) == 1


@pytest.mark.parametrize("why", list(ResetReason))
def test_each_reason_brings_the_reset_mail_to_somebody_active(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, bring: Bring, why: ResetReason
) -> None:
    bring(IdentityState.ACTIVE)
    sent = desk.accounts.send_reset(ray.admin, person_key.client(brent.id), why)
    assert sent == SentMail(USER, MailPurpose.RESET)
    assert json.loads(making.entries(ctx, "reset_sent")[-1].details)["why"] == why.value


@pytest.mark.parametrize("why", list(ResetReason))
def test_each_reason_brings_the_welcome_mail_to_somebody_not_activated(
    desk: Desk, ray: MadeAgency, brent: Client, bring: Bring, why: ResetReason
) -> None:
    bring(IdentityState.PENDING)
    assert desk.accounts.send_reset(ray.admin, person_key.client(brent.id), why) == SentMail(USER, MailPurpose.WELCOME)


def test_the_person_chooses_a_password_with_it(desk: Desk, ray: MadeAgency, brent: Client, bring: Bring) -> None:
    bring(IdentityState.ACTIVE)
    secrets = making.send_reset(desk, ray.admin, brent)
    new = Secret("walnut river eleven sky")
    desk.recovery.choose_password(secrets.code, USER, new, HERE)
    assert desk.sign_in.sign_in("RAY-919", USER, new, HERE)


@pytest.mark.parametrize(("action", "state"), [("reset", IdentityState.ACTIVE), ("resend", IdentityState.PENDING)])
def test_a_second_mail_within_five_minutes_is_too_soon(
    desk: Desk,
    ctx: Context,
    clock: ManualClock,
    ray: MadeAgency,
    brent: Client,
    bring: Bring,
    action: str,
    state: IdentityState,
) -> None:
    bring(state)
    act, name = ACTIONS[action]
    act(desk, ray.admin, brent.id)
    clock.advance(seconds=48)
    with pytest.raises(TooSoon, match="Wait 4:12") as refused:
        act(desk, ray.admin, brent.id)
    assert refused.value.wait == 252
    assert making.entries(ctx, name)[-1].result is AuditResult.REFUSED
    clock.advance(seconds=252)
    act(desk, ray.admin, brent.id)


def test_staff_and_the_person_share_the_five_minutes(desk: Desk, ray: MadeAgency, brent: Client, bring: Bring) -> None:
    bring(IdentityState.ACTIVE)
    desk.recovery.ask_reset(USER, USER, HERE)
    with pytest.raises(TooSoon):
        desk.accounts.send_reset(ray.admin, person_key.client(brent.id), ResetReason.FORGOTTEN)


def test_staff_are_not_bound_by_the_six_of_a_day(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, brent: Client, bring: Bring
) -> None:
    bring(IdentityState.ACTIVE)
    for _ in range(8):
        desk.accounts.send_reset(ray.admin, person_key.client(brent.id), ResetReason.FORGOTTEN)
        clock.advance(minutes=5)
    assert len(making.mails(ctx, making.identity_of(ctx, brent), MailPurpose.RESET)) == 8


def test_the_newest_wins_and_the_older_is_superseded(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, brent: Client, bring: Bring
) -> None:
    bring(IdentityState.ACTIVE)
    older = making.send_reset(desk, ray.admin, brent)
    clock.advance(minutes=5)
    newer = making.send_reset(desk, ray.admin, brent)
    assert desk.recovery.open(older.link, "", HERE).state is TokenAnswer.SUPERSEDED
    assert desk.recovery.open(newer.link, "", HERE).state is TokenAnswer.LIVE
    mails = making.mails(ctx, making.identity_of(ctx, brent), MailPurpose.RESET)
    assert [mail.state for mail in mails] == [MailState.SUPERSEDED, MailState.QUEUED]


def test_of_two_agents_at_once_one_sends(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, bring: Bring, at_once: Callable[..., list[Any]]
) -> None:
    bring(IdentityState.ACTIVE)
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    outcomes = at_once(
        *(
            lambda who=who: desk.accounts.send_reset(who, person_key.client(brent.id), ResetReason.FORGOTTEN)
            for who in (ray.admin, ann, ray.admin, ann)
        )
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["SentMail"] + ["TooSoon"] * 3
    assert len(making.mails(ctx, making.identity_of(ctx, brent), MailPurpose.RESET)) == 1


def test_a_new_mail_after_one_that_failed_puts_the_access_state_right(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, bring: Bring
) -> None:
    bring(IdentityState.PENDING)
    with ctx.unit():
        OutboxMessage.update(state=MailState.FAILED).execute()
        Client.update(access=Access.UNDELIVERABLE).execute()
    desk.accounts.resend_welcome(ray.admin, person_key.client(brent.id))
    assert making.reread(ctx, brent).access == Access.PENDING


def test_the_address_of_the_reset_page_is_there_to_hand_over(desk: Desk, ray: MadeAgency) -> None:
    assert desk.accounts.reset_page_address(ray.admin) == "https://portal.example/reset"


def test_without_a_portal_there_is_no_address_to_hand_over(ctx: Context, ray: MadeAgency) -> None:
    alone = Desk(replace(ctx, settings=replace(ctx.settings, public_url="https://trakdesk.invalid")))
    with pytest.raises(Refused, match="public_url"):
        alone.accounts.reset_page_address(ray.admin)
    assert alone.agencies.view(ray.agency.id).portal_address == ""


def test_deactivating_ends_sessions_and_links_takes_back_mail_and_sends_a_notice(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, bring: Bring
) -> None:
    bring(IdentityState.ACTIVE)
    actor = desk.sign_in.sign_in("RAY-919", USER, PASSWORD, HERE)
    secrets = making.send_reset(desk, ray.admin, brent)
    desk.accounts.deactivate(ray.admin, person_key.client(brent.id), "  left the  agency ")
    identity = making.identity_of(ctx, brent)
    assert (identity.state, identity.state_reason) == (IdentityState.DEACTIVATED, "left the agency")
    assert (identity.state_changed_by, identity.state_changed_at) == ("Sue Wright", ctx.clock.now())
    with pytest.raises(SignedOut, match="deactivated"):
        desk.own.home(actor)
    assert desk.recovery.open(secrets.link, "", HERE).state is TokenAnswer.REVOKED
    reset, notice = making.mails(ctx, identity)[-2:]
    assert (reset.purpose, reset.state) == (MailPurpose.RESET, MailState.SUPERSEDED)
    assert (notice.purpose, notice.state) == (MailPurpose.DEACTIVATED, MailState.QUEUED)
    assert making.reread(ctx, brent).access == Access.DEACTIVATED
    with pytest.raises(WrongCredentials):
        desk.sign_in.sign_in("RAY-919", USER, PASSWORD, HERE)


def test_reactivating_somebody_with_a_password_lets_them_in_with_it(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, bring: Bring
) -> None:
    bring(IdentityState.DEACTIVATED)
    desk.accounts.reactivate(ray.admin, person_key.client(brent.id), "came back")
    identity = making.identity_of(ctx, brent)
    assert (identity.state, identity.state_reason) == (IdentityState.ACTIVE, "came back")
    assert making.mails(ctx, identity)[-1].purpose is MailPurpose.REACTIVATED
    assert making.reread(ctx, brent).access == Access.ACTIVE
    assert desk.sign_in.sign_in("RAY-919", USER, PASSWORD, HERE)


def test_a_session_from_before_does_not_come_back_with_the_account(
    desk: Desk, ray: MadeAgency, brent: Client, bring: Bring
) -> None:
    bring(IdentityState.ACTIVE)
    actor = desk.sign_in.sign_in("RAY-919", USER, PASSWORD, HERE)
    desk.accounts.deactivate(ray.admin, person_key.client(brent.id), "left")
    desk.accounts.reactivate(ray.admin, person_key.client(brent.id), "back")
    with pytest.raises(SignedOut):
        desk.own.home(actor)


def test_reactivating_somebody_without_a_password_waits_for_the_activation(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, bring: Bring
) -> None:
    bring(IdentityState.PENDING)
    desk.accounts.deactivate(ray.admin, person_key.client(brent.id), "a mistake")
    desk.accounts.reactivate(ray.admin, person_key.client(brent.id), "was no mistake")
    assert making.identity_of(ctx, brent).state is IdentityState.PENDING
    desk.accounts.resend_welcome(ray.admin, person_key.client(brent.id))


@pytest.mark.parametrize("action", ["deactivate", "reactivate"])
def test_a_reason_is_asked_for(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, bring: Bring, action: str
) -> None:
    bring(FROM[action])
    before = everything(ctx)
    for reason in ("", "  ", "x" * 201, "a\x1b[2Jb", "a\0b", "\ud800", "x" * 10_000):
        with pytest.raises(Invalid) as refused:
            getattr(desk.accounts, action)(ray.admin, brent.id, reason)
        assert list(refused.value.problems) == ["reason"]
    assert everything(ctx) == before


def test_no_identity_ever_has_two_live_tokens_of_one_purpose(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, brent: Client, bring: Bring
) -> None:
    bring(IdentityState.ACTIVE)
    for _ in range(3):
        desk.accounts.send_reset(ray.admin, person_key.client(brent.id), ResetReason.FORGOTTEN)
        clock.advance(minutes=5)
    with ctx.read():
        live = OneTimeToken.select().where(
            (OneTimeToken.state == TokenState.LIVE) & (OneTimeToken.purpose == TokenPurpose.RESET)
        )
        assert live.count() == 1
        assert Identity.select().count() == 2
