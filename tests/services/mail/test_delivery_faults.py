"""The delivery under faults: nothing lost, nothing twice unless it must be, and one bad row stops nobody."""

# ruff: noqa: F401, F811 - fixtures are imported, and then asked for by their names

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

import pytest

from models.agency import Agency
from models.client import Client
from models.database import is_postgresql
from models.identity import Identity
from models.outbox import OutboxMessage
from models.states import MailPurpose, MailState, TokenPurpose
from services.accounts.identities import hold
from services.clock import ManualClock
from services.context import Context
from services.credentials import tokens
from services.desk import Desk
from services.errors import Unavailable
from services.mail import delivery as delivery_module
from services.mail import outbox, queue
from services.mail.delivery import BACK_OFF, LEASE, Delivery
from tests import making
from tests.making import MadeAgency
from tests.services.mailing import (
    agency,
    in_thread,
    mailing,
    many,
    reread,
    server,
    states,
    until,
    welcome,
    with_server,
)
from tests.services.smtp_server import DROP, HANG, SmtpServer, Stage


def test_while_the_server_is_away_all_mail_waits_with_the_reason(
    mailing: Context, server: SmtpServer, agency: Agency
) -> None:
    server.stop_listening()
    messages = welcome(mailing, agency, *many(40))

    delivery = Delivery(mailing)
    assert delivery.run_once() == 40

    assert delivery.away == f"No line to 127.0.0.1:{server.port}: Connection refused"
    rows = [reread(mailing, message) for message in messages]
    assert {row.state for row in rows} == {MailState.DEFERRED}
    assert {row.reply_text for row in rows} == {f"No line to 127.0.0.1:{server.port}: Connection refused"}
    assert server.connections == 0


def test_when_the_server_is_back_what_waited_for_it_goes_at_once(
    mailing: Context, server: SmtpServer, agency: Agency, clock: ManualClock
) -> None:
    delivery = Delivery(mailing)
    server.stop_listening()
    welcome(mailing, agency, "ann")
    for _ in range(7):
        delivery.run_once()
        clock.advance(minutes=20)
    server.listen_again()
    welcome(mailing, agency, "bob")

    assert delivery.run_once() == 1
    assert delivery.run_once() == 1, "an hour early"

    assert server.addresses() == ["bob@example.com", "ann@example.com"]


def test_a_black_hole_costs_one_time_out_and_no_mail(ctx: Context, server: SmtpServer, agency: Agency) -> None:
    server.on(Stage.BANNER, HANG)
    mailing = with_server(ctx, server, timeout=0.2)
    welcome(mailing, agency, *many(30))

    assert Delivery(mailing).run_once() == 30

    assert set(states(mailing).values()) == {MailState.DEFERRED}
    assert server.connections == 1


def test_a_line_that_breaks_after_the_final_dot_repeats_the_mail_under_the_same_message_id(
    mailing: Context, server: SmtpServer, agency: Agency, clock: ManualClock
) -> None:
    server.on(Stage.BODY, DROP, times=1)
    (message,) = welcome(mailing, agency, "ann")
    delivery = Delivery(mailing)
    delivery.run_once()
    assert reread(mailing, message).state is MailState.DEFERRED

    clock.advance(seconds=10)
    delivery.run_once()

    assert reread(mailing, message).state is MailState.SENT
    assert server.message_ids() == {f"<{message.uuid}@ray.example>": 2}


def test_a_server_that_always_breaks_after_the_final_dot_does_not_flood_the_person(
    mailing: Context, server: SmtpServer, agency: Agency, clock: ManualClock
) -> None:
    server.on(Stage.BODY, DROP)
    (message,) = welcome(mailing, agency, "ann")
    delivery = Delivery(mailing)
    for _ in range(30):
        delivery.run_once()
        clock.advance(hours=1)

    row = reread(mailing, message)
    assert row.state is MailState.FAILED
    assert "Ask whether it has arrived" in row.reply_text
    assert server.message_ids() == {f"<{message.uuid}@ray.example>": len(BACK_OFF) + 1}


def test_a_newer_mail_takes_the_place_of_one_that_is_already_claimed(
    mailing: Context, server: SmtpServer, agency: Agency
) -> None:
    """The older one is caught although it has been looked at, as long as the server is busy with another."""
    welcome(mailing, agency, "first")
    (older,) = welcome(mailing, agency, "ann")
    server.on(Stage.MAIL, HANG, times=1)
    sender = in_thread(lambda: Delivery(mailing).run_once())
    server.wait_until(lambda: server.seen[Stage.MAIL] == 1)
    threading.Event().wait(delivery_module.WRITE_AFTER)
    with mailing.unit():
        tokens.issue(mailing, Identity.get_by_id(older.identity_id), TokenPurpose.ACTIVATE, by="Sue Wright")

    server.behave()
    sender.join(10)
    Delivery(mailing).run_once()

    assert reread(mailing, older).state is MailState.SUPERSEDED
    assert len(server.received) == 2
    assert f"<{older.uuid}@ray.example>" not in server.message_ids()


def test_one_bad_row_stops_nobody(
    mailing: Context, server: SmtpServer, agency: Agency, caplog: pytest.LogCaptureFixture
) -> None:
    welcome(mailing, agency, "first", "spoilt", "second", "third", "last")
    with mailing.unit():
        OutboxMessage.update(purpose=MailPurpose.EMAIL_CHANGED_OLD, details="{secret details").where(
            OutboxMessage.to_address == "spoilt@example.com"
        ).execute()
        OutboxMessage.update(to_address="second@x.com\r\nBcc: evil@example.com").where(
            OutboxMessage.to_address == "second@example.com"
        ).execute()

    with caplog.at_level(logging.WARNING):
        assert Delivery(mailing).run_once() == 5

    assert states(mailing) == {
        "first": MailState.SENT,
        "spoilt": MailState.FAILED,
        "second": MailState.FAILED,
        "third": MailState.SENT,
        "last": MailState.SENT,
    }
    assert server.addresses() == ["first@example.com", "third@example.com", "last@example.com"]
    assert "JSONDecodeError" in caplog.text
    assert "secret details" not in caplog.text
    assert "evil" not in caplog.text


def test_hostile_names_travel_as_words(mailing: Context, server: SmtpServer, agency: Agency) -> None:
    names = ["[/x]", "<script>", "Ann\r\nBcc: evil@example.com", "\u202eevil", "x" * 200]
    messages = welcome(mailing, agency, *many(len(names)))
    with mailing.unit():
        for message, name in zip(messages, names, strict=True):
            OutboxMessage.update(to_name=name).where(OutboxMessage.id == message.id).execute()

    Delivery(mailing).run_once()

    assert sorted(server.addresses()) == [f"{name}@example.com" for name in many(len(names))]
    for mail in server.received:
        assert mail.recipients == (mail.message["To"].addresses[0].addr_spec,)
        assert mail.message["Bcc"] is None


def test_what_somebody_else_has_leased_is_left_alone_until_the_lease_ends(
    mailing: Context, server: SmtpServer, agency: Agency, clock: ManualClock
) -> None:
    (message,) = welcome(mailing, agency, "ann")
    assert queue.claim(mailing, "somebody else", 10, LEASE) == [message.id]
    delivery = Delivery(mailing)

    assert delivery.run_once() == 0
    clock.advance(seconds=LEASE.total_seconds())
    assert delivery.run_once() == 1

    assert server.addresses() == ["ann@example.com"]


def test_a_lease_is_renewed_while_a_slow_server_is_waited_for(
    mailing: Context, server: SmtpServer, agency: Agency, clock: ManualClock
) -> None:
    first, second = welcome(mailing, agency, "first", "second")
    server.on(Stage.BODY, HANG, address="first@example.com")
    sender = in_thread(lambda: Delivery(mailing).run_once())
    server.wait_until(lambda: server.seen[Stage.BODY] == 1)
    clock.advance(seconds=110)
    threading.Event().wait(delivery_module.WRITE_AFTER)
    server.on(Stage.BODY, HANG, address="second@example.com")
    server.let_go()
    server.wait_until(lambda: server.seen[Stage.BODY] == 2)

    clock.advance(seconds=60)
    assert Delivery(mailing).run_once() == 0, "the second one's lease would have ended by now"
    server.behave()
    sender.join(10)

    assert reread(mailing, first).state is reread(mailing, second).state is MailState.SENT
    assert set(server.message_ids().values()) == {1}


def test_an_acceptance_counts_even_if_the_lease_was_lost_meanwhile(
    mailing: Context, server: SmtpServer, agency: Agency, clock: ManualClock
) -> None:
    (message,) = welcome(mailing, agency, "ann")
    server.on(Stage.BODY, HANG)
    sender = in_thread(lambda: Delivery(mailing).run_once())
    server.wait_until(lambda: server.seen[Stage.BODY] == 1)
    clock.advance(seconds=LEASE.total_seconds())
    queue.claim(mailing, "somebody else", 10, LEASE)

    server.behave()
    sender.join(10)

    assert reread(mailing, message).state is MailState.SENT


def test_somebody_who_changes_the_account_meanwhile_is_not_thrown_out(
    desk: Desk, server: SmtpServer, ray: MadeAgency, brent: Client
) -> None:
    """Both lock account and mail; in two orders PostgreSQL would end one of them, most likely the person's."""
    if not is_postgresql(desk.ctx.database):
        pytest.skip("on SQLite a unit of work has the whole file to itself")
    identity = making.give_account(desk, ray.admin, brent, password=None)
    (message,) = making.mails(desk.ctx, identity)
    server.on(Stage.RCPT, "550 no such user")
    with desk.ctx.unit():
        hold(desk.ctx, identity.id)
        handled: list[int] = []
        sender = in_thread(lambda: handled.append(Delivery(with_server(desk.ctx, server)).run_once()))
        blocked = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        until(lambda: desk.ctx.database.execute_sql(blocked).fetchone()[0] == 1)
        outbox.take_back(desk.ctx, [message.id])
    sender.join(10)

    assert handled == [1]
    assert reread(desk.ctx, message).state is MailState.SUPERSEDED


def test_two_deliveries_at_once_send_nothing_twice(
    mailing: Context, server: SmtpServer, agency: Agency, at_once: Callable[..., list[Any]]
) -> None:
    messages = welcome(mailing, agency, *many(60))

    def empty() -> int:
        delivery = Delivery(mailing)
        return sum(iter(lambda: delivery.run_once(10), 0))

    handled = at_once(empty, empty)

    assert sum(handled) == 60
    assert server.message_ids() == {f"<{message.uuid}@ray.example>": 1 for message in messages}
    assert set(states(mailing).values()) == {MailState.SENT}


def test_an_outcome_that_could_not_be_written_is_written_later_and_the_mail_not_repeated(
    mailing: Context, server: SmtpServer, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = welcome(mailing, agency, "ann", "bob")
    delivery = Delivery(mailing)

    def away(*_: object) -> None:
        raise Unavailable("The database does not answer.")

    with monkeypatch.context() as patched:
        patched.setattr(queue, "write_down", away)
        with pytest.raises(Unavailable):
            delivery.run_once()
    assert reread(mailing, messages[0]).state is MailState.QUEUED

    assert delivery.run_once() == 0

    assert {reread(mailing, message).state for message in messages} == {MailState.SENT}
    assert len(server.received) == 2
    assert len(making.entries(mailing, "mail_sent")) == 2
