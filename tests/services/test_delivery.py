"""The outbox emptied: nothing lost, nothing twice unless a crash forces it, and one bad row stops nobody."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models.agency import Agency
from models.audit import AuditEntry
from models.client import Client
from models.database import is_postgresql
from models.identity import Identity, OneTimeToken
from models.outbox import OutboxMessage
from models.states import Access, AuditResult, IdentityState, MailPurpose, MailState, Role, TokenPurpose, TokenState
from services import delivery as delivery_module
from services import outbox, tokens
from services.clock import ManualClock
from services.context import Context
from services.delivery import AFTER_THAT, BACK_OFF, BUILT_IN, LEASE, Delivery
from services.desk import Desk
from services.errors import Unavailable
from services.identities import hold
from services.mail import queue
from services.settings import MailSecurity, MailSettings
from tests import making
from tests.making import MadeAgency
from tests.services.smtp_server import DROP, HANG, SmtpServer, Stage


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        yield running


@pytest.fixture
def mailing(ctx: Context, server: SmtpServer) -> Context:
    """The context of a desk that has this mail server."""
    return with_server(ctx, server)


@pytest.fixture
def agency(ctx: Context) -> Agency:
    with ctx.unit():
        return Agency.create(name="Ray Staging", code="919236", code_key="919236", created_at=ctx.clock.now())


def with_server(ctx: Context, server: SmtpServer, timeout: float = 5) -> Context:
    mail = MailSettings(
        host="127.0.0.1",
        port=server.port,
        security=MailSecurity.NONE,
        from_address="desk@ray.example",
        timeout=timeout,
    )
    return replace(ctx, settings=replace(ctx.settings, mail=mail))


def welcome(ctx: Context, agency: Agency, *names: str) -> list[OutboxMessage]:
    """Queue a welcome mail for each name, to NAME@example.com."""
    now = ctx.clock.now()
    made = []
    with ctx.unit():
        for name in names:
            identity = Identity.create(
                agency=agency,
                email=f"{name}@example.com",
                email_key=f"{name}@example.com",
                name=name.title(),
                role=Role.CLIENT,
                state=IdentityState.PENDING,
                created_at=now,
                state_changed_at=now,
                state_changed_by="test",
            )
            made.append(tokens.issue(ctx, identity, TokenPurpose.ACTIVATE, by="Sue Wright").message)
    return made


def many(count: int) -> list[str]:
    return [f"person{number:03}" for number in range(count)]


def reread(ctx: Context, message: OutboxMessage) -> OutboxMessage:
    with ctx.read():
        return OutboxMessage.get_by_id(message.id)


def states(ctx: Context) -> dict[str, MailState]:
    with ctx.read():
        return {row.to_address.partition("@")[0]: row.state for row in OutboxMessage.select()}


def token_of(ctx: Context, message: OutboxMessage) -> OneTimeToken:
    with ctx.read():
        return OneTimeToken.get(OneTimeToken.message == message)


def until(condition: Callable[[], bool]) -> None:
    """Wait for what another thread writes into the database."""
    for _ in range(400):
        if condition():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it did not come to this")


def in_thread(work: Callable[[], Any]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


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
    desk.accounts.resend_welcome(ray.admin, brent.id)
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


def test_while_the_server_is_away_all_mail_waits_with_the_reason(
    mailing: Context, server: SmtpServer, agency: Agency
) -> None:
    server.stop_listening()
    messages = welcome(mailing, agency, *many(40))

    assert Delivery(mailing).run_once() == 40

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


def test_without_a_mail_server_mail_stays_in_the_built_in_mailbox(
    ctx: Context, agency: Agency, clock: ManualClock
) -> None:
    (message,) = welcome(ctx, agency, "ann")
    clock.advance(minutes=1)

    assert Delivery(ctx).run_once() == 1

    row = reread(ctx, message)
    assert (row.state, row.reply_text, row.reply_code) == (MailState.SENT, BUILT_IN, None)
    assert token_of(ctx, message).expires_at == clock.now() + timedelta(hours=72)


def test_a_stop_gives_back_what_was_not_tried(mailing: Context, server: SmtpServer, agency: Agency) -> None:
    server.on(Stage.MAIL, HANG, times=1)
    welcome(mailing, agency, "ann", "bob")
    with RunningLoop(mailing) as loop:
        server.wait_until(lambda: server.seen[Stage.MAIL] == 1)
        loop.stop.set()
        server.behave()

    assert states(mailing) == {"ann": MailState.SENT, "bob": MailState.QUEUED}
    assert Delivery(mailing).run_once() == 1, "no lease holds it"


class RunningLoop:
    """The delivery's loop in a thread of its own, stopped at the end of the `with`."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.stop = threading.Event()
        self.delivery = Delivery(ctx)
        self.thread = threading.Thread(target=self.delivery.run, args=(self.stop, ctx.mail_waiting), daemon=True)

    def __enter__(self) -> RunningLoop:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(10)
        assert not self.thread.is_alive()


def test_the_loop_sends_new_mail_at_once(
    mailing: Context, server: SmtpServer, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "LOOK_EVERY", 600.0)
    with RunningLoop(mailing):
        for count, name in enumerate(("ann", "bob", "cid"), 1):
            welcome(mailing, agency, name)
            server.wait_until(lambda: len(server.received) == count)  # noqa: B023 - used at once

    assert states(mailing) == {"ann": MailState.SENT, "bob": MailState.SENT, "cid": MailState.SENT}


def test_the_loop_finds_mail_that_another_process_queued(
    mailing: Context, server: SmtpServer, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "LOOK_EVERY", 0.05)
    with RunningLoop(mailing):
        welcome(replace(mailing, mail_waiting=threading.Event()), agency, "ann")
        server.wait_until(lambda: len(server.received) == 1)


def test_the_loop_tries_deferred_mail_again_when_its_time_has_come(
    mailing: Context, server: SmtpServer, agency: Agency, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "LOOK_EVERY", 0.05)
    server.on(Stage.RCPT, "451 try later", times=1)
    with RunningLoop(mailing):
        welcome(mailing, agency, "ann")
        until(lambda: states(mailing) == {"ann": MailState.DEFERRED})
        clock.advance(seconds=10)
        server.wait_until(lambda: len(server.received) == 1)


def test_the_loop_ends_at_once_when_it_is_idle(mailing: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_module, "LOOK_EVERY", 600.0)
    with RunningLoop(mailing) as loop:
        loop.stop.set()
        loop.thread.join(2)
        assert not loop.thread.is_alive()


def test_the_loop_ends_soon_although_a_server_says_nothing(
    ctx: Context, server: SmtpServer, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "GRACE", 0.1)
    server.on(Stage.BODY, HANG)
    (message,) = welcome(ctx, agency, "ann")
    with RunningLoop(with_server(ctx, server, timeout=600)) as loop:
        server.wait_until(lambda: server.seen[Stage.BODY] == 1)
        loop.stop.set()
        loop.thread.join(5)
        assert not loop.thread.is_alive()

    assert reread(ctx, message).state is MailState.DEFERRED, "what became of it is not known, and it goes again"


def test_the_loop_outlives_a_database_that_is_away_and_a_fault_of_ours(
    mailing: Context,
    server: SmtpServer,
    agency: Agency,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(delivery_module, "LONGEST_PAUSE", 0.02)
    troubles = [Unavailable("secret one"), RuntimeError("secret two"), Unavailable("secret three")]
    real = queue.next_due

    def troubled(ctx: Context) -> object:
        if troubles:
            raise troubles.pop()
        return real(ctx)

    monkeypatch.setattr(queue, "next_due", troubled)
    welcome(mailing, agency, "ann")
    with caplog.at_level(logging.WARNING), RunningLoop(mailing):
        server.wait_until(lambda: len(server.received) == 1)

    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_the_loop_pauses_while_the_server_is_away_and_goes_on_when_it_is_back(
    mailing: Context, server: SmtpServer, agency: Agency, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "LONGEST_PAUSE", 0.02)
    monkeypatch.setattr(delivery_module, "LOOK_EVERY", 0.02)
    server.on(Stage.BANNER, "421 come back later", times=3)
    (message,) = welcome(mailing, agency, "ann")
    with RunningLoop(mailing):
        for tries in (1, 2, 3):
            until(lambda: reread(mailing, message).attempts == tries)  # noqa: B023 - used at once
            clock.advance(hours=1)
        server.wait_until(lambda: len(server.received) == 1)
