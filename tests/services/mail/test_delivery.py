"""The outbox emptied: what leaves, what comes back, and what is written down of it."""

# ruff: noqa: F401, F811 - fixtures are imported, and then asked for by their names

from __future__ import annotations

from datetime import timedelta

import pytest

from models.agency import Agency
from models.audit import AuditEntry
from models.client import Client
from models.identity import OneTimeToken
from models.outbox import OutboxMessage
from models.states import Access, AuditResult, MailState, TokenState
from services import person_key
from services.clock import ManualClock
from services.context import Context
from services.desk import Desk
from services.mail import outbox, queue
from services.mail.delivery import AFTER_THAT, BACK_OFF, BUILT_IN, LEASE, Delivery
from tests import making
from tests.making import MadeAgency
from tests.services.mailing import agency, mailing, many, reread, server, states, token_of, welcome, with_server
from tests.services.smtp_server import SmtpServer, Stage


def test_a_mail_leaves_and_its_acceptance_is_written_down(
    mailing: Context, server: SmtpServer, agency: Agency, clock: ManualClock
) -> None:
    (message,) = welcome(mailing, agency, "ann")
    clock.advance(minutes=3)

    assert Delivery(mailing).run_once() == 1

    row = reread(mailing, message)
    assert (row.state, row.accepted_at, row.ended_at) == (MailState.SENT, clock.now(), clock.now())
    assert (row.reply_code, row.reply_text, row.attempts) == (250, "2.0.0 Ok: queued as 000001", 1)
    assert (row.lease_owner, row.lease_until) == ("", None)
    assert server.addresses() == ["ann@example.com"]
    assert server.received[0].message_id == f"<{message.uuid}@ray.example>"


def test_the_promised_hours_begin_when_the_server_took_the_mail(
    mailing: Context, agency: Agency, clock: ManualClock
) -> None:
    (message,) = welcome(mailing, agency, "ann")
    clock.advance(hours=5)

    Delivery(mailing).run_once()

    assert token_of(mailing, message).expires_at == clock.now() + timedelta(hours=72)


def test_the_audit_tells_what_the_system_did_with_a_mail(mailing: Context, server: SmtpServer, agency: Agency) -> None:
    server.on(Stage.RCPT, "550 no such user", address="bob@example.com")
    ann, bob = welcome(mailing, agency, "ann", "bob")

    Delivery(mailing).run_once()

    sent, failed = making.entries(mailing, "mail_sent"), making.entries(mailing, "mail_failed")
    assert [(entry.identity_id, entry.actor_name, entry.subject) for entry in sent] == [
        (ann.identity_id, "Trakdesk", "ann@example.com")
    ]
    assert [(entry.identity_id, entry.result, entry.reason, entry.agency_id) for entry in failed] == [
        (bob.identity_id, AuditResult.FAILED, "no such user", agency.id)
    ]


def test_no_secret_of_a_mail_is_kept_anywhere(mailing: Context, server: SmtpServer, agency: Agency) -> None:
    (message,) = welcome(mailing, agency, "ann")
    Delivery(mailing).run_once()

    secret = making.secrets_of(mailing, token_of(mailing, message))
    with mailing.read():
        kept = repr(list(OutboxMessage.select().dicts())) + repr(list(AuditEntry.select().dicts()))
    assert secret.token in server.received[0].octets.decode()
    assert secret.token not in kept
    assert secret.code not in kept


def test_all_mails_of_a_batch_share_one_connection(mailing: Context, server: SmtpServer, agency: Agency) -> None:
    welcome(mailing, agency, *many(60))

    assert Delivery(mailing).run_once() == 60

    assert sorted(server.addresses()) == [f"{name}@example.com" for name in many(60)]
    assert server.connections == 1
    assert set(states(mailing).values()) == {MailState.SENT}


def test_a_round_takes_no_more_than_it_may(mailing: Context, agency: Agency) -> None:
    welcome(mailing, agency, *many(7))
    delivery = Delivery(mailing)

    assert [delivery.run_once(3) for _ in range(4)] == [3, 3, 1, 0]


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.BODY])
def test_a_refusal_at_any_stage_is_final_and_visible(
    mailing: Context, server: SmtpServer, agency: Agency, clock: ManualClock, stage: Stage
) -> None:
    server.on(stage, "550 5.1.1 no such user", times=1)
    (message,) = welcome(mailing, agency, "ann")
    delivery = Delivery(mailing)

    assert delivery.run_once() == 1
    clock.advance(hours=30)
    assert delivery.run_once() == 0

    row = reread(mailing, message)
    assert (row.state, row.reply_code, row.reply_text) == (MailState.FAILED, 550, "5.1.1 no such user")
    assert row.ended_at is not None
    assert server.received == []


def test_a_refused_welcome_shows_in_the_client_list_until_one_arrives(
    desk: Desk, server: SmtpServer, ray: MadeAgency, brent: Client, clock: ManualClock
) -> None:
    mailing = with_server(desk.ctx, server)
    server.on(Stage.RCPT, "550 no such user", times=1)
    making.give_account(desk, ray.admin, brent, password=None)
    delivery = Delivery(mailing)
    delivery.run_once()
    assert making.reread(mailing, brent).access == Access.UNDELIVERABLE

    clock.advance(minutes=6)
    desk.accounts.resend_welcome(ray.admin, person_key.client(brent.id))
    delivery.run_once()

    assert making.reread(mailing, brent).access == Access.PENDING


def test_a_mail_that_arrives_after_all_clears_the_client_list(
    desk: Desk, server: SmtpServer, ray: MadeAgency, brent: Client
) -> None:
    making.give_account(desk, ray.admin, brent, password=None)
    with desk.ctx.unit():
        Client.update(access=Access.UNDELIVERABLE).where(Client.id == brent.id).execute()

    Delivery(with_server(desk.ctx, server)).run_once()

    assert making.reread(desk.ctx, brent).access == Access.PENDING


def test_deferred_mail_is_tried_again_on_schedule_and_given_up_in_the_end(
    mailing: Context, server: SmtpServer, agency: Agency, clock: ManualClock
) -> None:
    server.on(Stage.RCPT, "451 try later")
    (message,) = welcome(mailing, agency, "ann")
    delivery = Delivery(mailing)
    begun = clock.now()
    pauses = []
    while delivery.run_once() and (row := reread(mailing, message)).state is MailState.DEFERRED:
        assert (row.reply_code, row.reply_text) == (451, "try later")
        pauses.append(row.not_before - clock.now())
        clock.set(row.not_before - timedelta(milliseconds=1))
        assert delivery.run_once() == 0, "not a moment earlier"
        clock.advance(milliseconds=1)

    row = reread(mailing, message)
    assert tuple(pauses[:5]) == BACK_OFF
    assert set(pauses[5:-1]) == {AFTER_THAT}
    assert (row.state, row.ended_at) == (MailState.FAILED, begun + outbox.PATIENCE)
    assert row.reply_text == "Given up after 24 hours. The last answer: try later"
    assert row.attempts == len(pauses) == server.seen[Stage.RCPT]
    assert len(making.entries(mailing, "mail_failed")) == 1


def test_a_deferred_mail_goes_when_the_server_takes_it_under_the_same_message_id(
    mailing: Context, server: SmtpServer, agency: Agency, clock: ManualClock
) -> None:
    server.on(Stage.BODY, "451 try later", times=2)
    (message,) = welcome(mailing, agency, "ann")
    delivery = Delivery(mailing)
    for seconds in (0, 10, 30):
        clock.advance(seconds=seconds)
        delivery.run_once()

    row = reread(mailing, message)
    assert (row.state, row.attempts) == (MailState.SENT, 3)
    assert server.message_ids() == {f"<{message.uuid}@ray.example>": 1}


def test_mail_that_nobody_sent_in_time_is_not_sent_too_late(
    mailing: Context, server: SmtpServer, agency: Agency, clock: ManualClock
) -> None:
    (message,) = welcome(mailing, agency, "ann")
    clock.advance(hours=24)

    assert Delivery(mailing).run_once() == 1

    row = reread(mailing, message)
    assert (row.state, row.attempts) == (MailState.EXPIRED, 0)
    assert "24 hours" in row.reply_text
    assert server.received == []


def test_a_mail_whose_link_is_dead_is_not_sent(
    mailing: Context, server: SmtpServer, agency: Agency, clock: ManualClock
) -> None:
    used, revoked, gone, _ = welcome(mailing, agency, "used", "revoked", "gone", "good")
    with mailing.unit():
        OneTimeToken.update(state=TokenState.USED).where(OneTimeToken.message == used).execute()
        OneTimeToken.update(state=TokenState.REVOKED).where(OneTimeToken.message == revoked).execute()
        OneTimeToken.update(expires_at=clock.now()).where(OneTimeToken.message == gone).execute()

    assert Delivery(mailing).run_once() == 4

    assert states(mailing) == {
        "used": MailState.SUPERSEDED,
        "revoked": MailState.SUPERSEDED,
        "gone": MailState.SUPERSEDED,
        "good": MailState.SENT,
    }
    assert server.addresses() == ["good@example.com"]
    assert reread(mailing, used).ended_at == clock.now()


def test_new_mail_and_deferred_mail_do_not_starve_each_other(mailing: Context, agency: Agency) -> None:
    old = welcome(mailing, agency, *[f"old{name}" for name in many(20)])
    with mailing.unit():
        OutboxMessage.update(state=MailState.DEFERRED).where(OutboxMessage.id.in_([one.id for one in old])).execute()
    new = welcome(mailing, agency, *many(20))

    claimed = queue.claim(mailing, "me", 12, LEASE)

    assert len(set(claimed) & {one.id for one in new}) == 9
    assert len(set(claimed) & {one.id for one in old}) == 3
    assert len(queue.claim(mailing, "me", 100, LEASE)) == 28
    assert queue.claim(mailing, "me", 1, LEASE) == []


def test_without_a_mail_server_mail_stays_in_the_built_in_mailbox(
    ctx: Context, agency: Agency, clock: ManualClock
) -> None:
    (message,) = welcome(ctx, agency, "ann")
    clock.advance(minutes=1)

    assert Delivery(ctx).run_once() == 1

    row = reread(ctx, message)
    assert (row.state, row.reply_text, row.reply_code) == (MailState.SENT, BUILT_IN, None)
    assert token_of(ctx, message).expires_at == clock.now() + timedelta(hours=72)
