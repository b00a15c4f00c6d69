"""The access column follows the account and its mail."""

from __future__ import annotations

import pytest

from models.client import Client
from models.identity import Identity
from models.outbox import OutboxMessage
from models.states import Access, IdentityState, MailPurpose, MailState
from services.accounts import access
from services.context import Context
from services.desk import Desk
from services.mail import outbox
from tests import making
from tests.making import MadeAgency


@pytest.fixture
def pending(desk: Desk, ray: MadeAgency, brent: Client) -> Identity:
    return making.give_account(desk, ray.admin, brent, password=None)


def shown(ctx: Context, client: Client) -> Access:
    """What the table shows after the state is worked out anew."""
    identity = making.identity_of(ctx, client)
    with ctx.unit():
        access.refresh(identity.id)
    return Access(making.reread(ctx, client).access)


def fail_newest(ctx: Context, identity: Identity) -> None:
    newest = making.mails(ctx, identity)[-1]
    with ctx.unit():
        OutboxMessage.update(state=MailState.FAILED).where(OutboxMessage.id == newest.id).execute()


def test_a_client_without_an_account_has_none(ctx: Context, brent: Client) -> None:
    assert brent.access == Access.NO_ACCOUNT


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (IdentityState.PENDING, Access.PENDING),
        (IdentityState.ACTIVE, Access.ACTIVE),
        (IdentityState.DEACTIVATED, Access.DEACTIVATED),
    ],
)
def test_it_follows_the_state_of_the_account(
    ctx: Context, brent: Client, pending: Identity, state: IdentityState, expected: Access
) -> None:
    with ctx.unit():
        Identity.update(state=state).execute()
    assert shown(ctx, brent) is expected


@pytest.mark.parametrize("state", [IdentityState.PENDING, IdentityState.ACTIVE])
def test_a_welcome_or_reset_mail_that_failed_last_makes_it_undeliverable(
    ctx: Context, brent: Client, pending: Identity, state: IdentityState
) -> None:
    with ctx.unit():
        Identity.update(state=state).execute()
    fail_newest(ctx, pending)
    assert shown(ctx, brent) is Access.UNDELIVERABLE


def test_somebody_deactivated_stays_so_whatever_the_mail_did(ctx: Context, brent: Client, pending: Identity) -> None:
    fail_newest(ctx, pending)
    with ctx.unit():
        Identity.update(state=IdentityState.DEACTIVATED).execute()
    assert shown(ctx, brent) is Access.DEACTIVATED


def test_a_newer_mail_that_has_not_failed_mends_it(ctx: Context, brent: Client, pending: Identity) -> None:
    fail_newest(ctx, pending)
    with ctx.unit():
        outbox.enqueue(ctx, pending, MailPurpose.RESET, by="test")
    assert shown(ctx, brent) is Access.PENDING


def test_a_notice_that_failed_does_not_matter(ctx: Context, brent: Client, pending: Identity) -> None:
    with ctx.unit():
        outbox.enqueue(ctx, pending, MailPurpose.PASSWORD_CHANGED, by="test")
    fail_newest(ctx, pending)
    assert shown(ctx, brent) is Access.PENDING


def test_a_mail_that_failed_at_an_older_address_does_not_matter(ctx: Context, brent: Client, pending: Identity) -> None:
    fail_newest(ctx, pending)
    with ctx.unit():
        Identity.update(email="new@example.com", email_key="new@example.com").where(Identity.id == pending.id).execute()
    assert shown(ctx, brent) is Access.PENDING


def test_the_account_of_somebody_who_is_no_client_changes_nothing(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client
) -> None:
    assert ray.admin.identity_id is not None
    with ctx.unit():
        access.refresh(ray.admin.identity_id)
        access.refresh(4711)
    assert making.reread(ctx, brent).access == Access.NO_ACCOUNT
