"""A new e-mail address takes the account along: told before, done whole, or refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from models.client import Client
from models.identity import Identity
from models.outbox import OutboxMessage
from models.states import Access, IdentityState, MailPurpose, MailState
from services import email_change, person_key
from services.clients.values import EmailChangeEffects
from services.clock import ManualClock
from services.context import Context
from services.desk import Desk
from services.errors import Invalid, SignedOut
from services.recovery import TokenAnswer
from services.rules import Email, clean_email
from services.sign_in import WrongCredentials
from tests import making
from tests.making import HERE, PASSWORD, MadeAgency

OLD = "brent@mortgageclient.example.com"
NEW = clean_email("brent.thomas@example.ca")


def told(ctx: Context, client: Client, new: Email = NEW) -> EmailChangeEffects:
    with ctx.read():
        return email_change.preview(ctx, Client.get_by_id(client.id), new)


def change(ctx: Context, ray: MadeAgency, client: Client, new: Email = NEW) -> None:
    with ctx.unit():
        Client.update(email=new.address, email_key=new.key).where(Client.id == client.id).execute()
        email_change.email_changed(ctx, ray.admin, client, new)


def test_without_an_account_only_the_list_changes(ctx: Context, ray: MadeAgency, brent: Client) -> None:
    assert told(ctx, brent) == EmailChangeEffects(OLD, NEW.address, False, 0, 0, 0)
    change(ctx, ray, brent)
    with ctx.read():
        assert OutboxMessage.select().count() == 0


def test_the_preview_counts_what_will_end(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    for _ in range(3):
        ended = desk.sign_in.sign_in("RAY-919", OLD, PASSWORD, HERE)
    desk.sign_in.sign_out(ended)
    making.send_reset(desk, ray.admin, brent)
    effects = told(ctx, brent)
    assert effects == EmailChangeEffects(
        OLD, NEW.address, True, live_links=1, open_sessions=2, waiting_mails=1, undoable=True
    )
    assert effects.sentences()[0] == f"The user name becomes {NEW.address}."


def test_the_preview_counts_no_mail_that_has_left_and_no_link_that_has_expired(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    making.send_reset(desk, ray.admin, brent)
    making.server_took(ctx, making.mails(ctx, active)[-1])
    assert (told(ctx, brent).live_links, told(ctx, brent).waiting_mails) == (1, 0)
    clock.advance(hours=13)
    assert (told(ctx, brent).live_links, told(ctx, brent).open_sessions) == (0, 0)


def test_the_preview_changes_nothing(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    secrets = making.send_reset(desk, ray.admin, brent)
    told(ctx, brent)
    assert desk.recovery.open(secrets.link, "", HERE).state is TokenAnswer.LIVE
    assert making.identity_of(ctx, brent).email == OLD


def test_the_user_name_follows(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    change(ctx, ray, brent)
    with pytest.raises(WrongCredentials):
        desk.sign_in.sign_in("RAY-919", OLD, PASSWORD, HERE)
    assert desk.sign_in.sign_in("RAY-919", NEW.address, PASSWORD, HERE).identity_id == active.id


def test_links_die_mail_is_taken_back_and_sessions_end(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    actor = desk.sign_in.sign_in("RAY-919", OLD, PASSWORD, HERE)
    secrets = making.send_reset(desk, ray.admin, brent)
    change(ctx, ray, brent)
    with pytest.raises(SignedOut, match="the e-mail address was changed"):
        desk.own.home(actor)
    opened = desk.recovery.open(secrets.link, "", HERE)
    assert (opened.state, opened.user_name) == (TokenAnswer.REVOKED, OLD)
    assert making.mails(ctx, active, MailPurpose.RESET)[-1].state is MailState.SUPERSEDED
    assert desk.recovery.open(secrets.code, OLD, HERE).state is TokenAnswer.REVOKED


def test_both_addresses_get_a_notice(ctx: Context, ray: MadeAgency, brent: Client, active: Identity) -> None:
    change(ctx, ray, brent)
    old, new = making.mails(ctx, active)[-2:]
    assert (old.purpose, old.to_address) == (MailPurpose.EMAIL_CHANGED_OLD, OLD)
    assert (new.purpose, new.to_address) == (MailPurpose.EMAIL_CHANGED_NEW, NEW.address)
    assert (old.state, new.state) == (MailState.QUEUED, MailState.QUEUED)
    assert json.loads(old.details) == {"new": NEW.address, "old": OLD}


def test_the_change_is_written_down_with_both_addresses(
    ctx: Context, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    change(ctx, ray, brent)
    entry = making.entries(ctx, "email_changed")[-1]
    assert (entry.client_id, entry.identity_id, entry.actor_name) == (brent.id, active.id, "Sue Wright")
    assert json.loads(entry.details) == {"new": NEW.address, "old": OLD}


def test_a_mail_that_failed_at_the_old_address_no_longer_counts(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client
) -> None:
    making.give_account(desk, ray.admin, brent, password=None)
    with ctx.unit():
        OutboxMessage.update(state=MailState.FAILED).execute()
        Client.update(access=Access.UNDELIVERABLE).execute()
    change(ctx, ray, brent)
    assert making.reread(ctx, brent).access == Access.PENDING
    assert desk.accounts.resend_welcome(ray.admin, person_key.client(brent.id)) is None  # type: ignore[func-returns-value]


def test_another_case_of_the_same_address_ends_nothing(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    actor = desk.sign_in.sign_in("RAY-919", OLD, PASSWORD, HERE)
    sent = len(making.mails(ctx, active))
    change(ctx, ray, brent, clean_email("Brent@mortgageclient.example.com"))
    assert making.identity_of(ctx, brent).email == "Brent@mortgageclient.example.com"
    assert desk.own.home(actor)
    assert len(making.mails(ctx, active)) == sent


@pytest.mark.parametrize("taken", ["sue@raystaging.example.com", "SUE@RayStaging.example.com"])
def test_the_user_name_of_somebody_else_is_refused_at_the_field(
    ctx: Context, ray: MadeAgency, brent: Client, active: Identity, taken: str
) -> None:
    for act in (
        lambda: told(ctx, brent, clean_email(taken)),
        lambda: change(ctx, ray, brent, clean_email(taken)),
    ):
        with pytest.raises(Invalid) as refused:
            act()
        assert list(refused.value.problems) == ["email"]
    assert making.reread(ctx, brent).email == OLD
    assert making.identity_of(ctx, brent).email == OLD


def test_the_same_address_in_another_agency_is_no_matter(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    other = making.make_agency(desk, "OTHER-1", "owner@other.example.com")
    making.make_staff(desk, other.agency, NEW.address)
    change(ctx, ray, brent)
    assert making.identity_of(ctx, brent).email == NEW.address


def test_an_account_made_since_the_client_was_read_follows_too(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client
) -> None:
    assert brent.identity_id is None
    making.give_account(desk, ray.admin, brent)
    change(ctx, ray, brent)
    assert making.identity_of(ctx, brent).email == NEW.address


def test_of_two_clients_who_take_one_address_at_once_one_gets_it(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity, at_once: Callable[..., list[Any]]
) -> None:
    cindy = making.make_client(desk, ray.agency, "cindy@example.com", first="Cindy", last="Baxter")
    making.give_account(desk, ray.admin, cindy)

    def take(client: Client) -> None:
        with ctx.unit():
            email_change.email_changed(ctx, ray.admin, client, NEW)

    outcomes = at_once(lambda: take(brent), lambda: take(cindy))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Invalid", "NoneType"]
    with ctx.read():
        assert Identity.select().where(Identity.email_key == NEW.key).count() == 1


def test_a_user_name_that_is_taken_between_the_look_and_the_change_is_refused_at_the_field(
    ctx: Context, ray: MadeAgency, brent: Client, active: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email_change, "_refuse_taken", lambda *_: None)
    with pytest.raises(Invalid) as refused:
        change(ctx, ray, brent, clean_email("sue@raystaging.example.com"))
    assert list(refused.value.problems) == ["email"]
    assert making.reread(ctx, brent).email == OLD


@pytest.mark.parametrize("broken_step", ["mail.outbox.enqueue", "audit.record"])
def test_a_fault_leaves_client_account_links_and_sessions_as_they_were(
    desk: Desk,
    ctx: Context,
    ray: MadeAgency,
    brent: Client,
    active: Identity,
    monkeypatch: pytest.MonkeyPatch,
    broken_step: str,
) -> None:
    actor = desk.sign_in.sign_in("RAY-919", OLD, PASSWORD, HERE)
    secrets = making.send_reset(desk, ray.admin, brent)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("fault")

    with monkeypatch.context() as fault:
        fault.setattr(f"services.{broken_step}", broken)
        with pytest.raises(RuntimeError):
            change(ctx, ray, brent)
    assert making.reread(ctx, brent).email == OLD
    assert making.identity_of(ctx, brent).state is IdentityState.ACTIVE
    assert desk.own.home(actor).user_name == OLD
    assert desk.recovery.open(secrets.link, "", HERE).state is TokenAnswer.LIVE
    assert making.mails(ctx, active)[-1].state is MailState.QUEUED
