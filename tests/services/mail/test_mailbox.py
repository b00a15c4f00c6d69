"""The Mail tab: counts, the list, and one mail, without ever telling staff somebody's secret."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from models.client import Client
from models.identity import Identity, OneTimeToken
from models.outbox import OutboxMessage
from models.states import MailPurpose, MailState, Role, TokenPurpose, TokenState
from services import paged_rows
from services.clock import ManualClock
from services.context import Context
from services.credentials import tokens
from services.desk import Desk
from services.errors import NotFound, Refused, SignedOut
from services.mail import outbox
from services.mail.delivery import BUILT_IN, Delivery
from services.mail.mailbox import MAIL_COLUMNS, Mailbox, MailQuery
from services.mail.render import HIDDEN
from services.rows import Cancelled
from services.rules import Email
from services.settings import MailSettings
from tests import making
from tests.making import MadeAgency


@pytest.fixture
def served(desk: Desk) -> Mailbox:
    """The mailbox of a desk that has a mail server."""
    return Mailbox(served_context(desk.ctx))


def served_context(ctx: Context) -> Context:
    return replace(ctx, settings=replace(ctx.settings, mail=MailSettings(host="mail.example")))


def put(ctx: Context, identity: Identity, purpose: MailPurpose = MailPurpose.REACTIVATED, **columns: object) -> int:
    """One mail in the outbox, with these columns."""
    with ctx.unit():
        message = outbox.enqueue(ctx, identity, purpose, by="Sue Wright")
        if columns:
            OutboxMessage.update(**columns).where(OutboxMessage.id == message.id).execute()
        return int(message.id)


@pytest.fixture
def frank(desk: Desk, ray: MadeAgency) -> Identity:
    """Somebody with an account and one welcome mail."""
    client = making.make_client(desk, ray.agency, "frank@example.com", first="Frank", last="Jönes")
    return making.give_account(desk, ray.admin, client, password=None)


def newest(ctx: Context) -> int:
    with ctx.read():
        return int(OutboxMessage.select().order_by(OutboxMessage.id.desc()).get().id)


def test_the_tab_counts_what_waits_and_what_failed(
    desk: Desk, ray: MadeAgency, frank: Identity, clock: ManualClock
) -> None:
    now = clock.now()
    put(desk.ctx, frank, state=MailState.DEFERRED)
    put(desk.ctx, frank, state=MailState.DEFERRED)
    put(desk.ctx, frank, MailPurpose.DEACTIVATED, state=MailState.FAILED, ended_at=now)
    put(desk.ctx, frank, MailPurpose.PASSWORD_CHANGED, state=MailState.EXPIRED, ended_at=now)

    counts = desk.mail.waiting(ray.admin)

    assert (counts.queued, counts.deferred, counts.failed) == (1, 2, 2)


def test_a_failure_is_no_longer_counted_once_a_newer_mail_took_its_place_or_a_week_has_passed(
    desk: Desk, ray: MadeAgency, frank: Identity, clock: ManualClock
) -> None:
    put(desk.ctx, frank, MailPurpose.RESET, state=MailState.FAILED, ended_at=clock.now())
    put(desk.ctx, frank, MailPurpose.DEACTIVATED, state=MailState.FAILED, ended_at=clock.now())
    assert desk.mail.waiting(ray.admin).failed == 2

    put(desk.ctx, frank, MailPurpose.RESET, state=MailState.SENT)
    assert desk.mail.waiting(ray.admin).failed == 1

    clock.advance(days=8)
    with desk.ctx.unit():
        actor = replace(ray.admin, session_id=None)
    assert desk.mail.waiting(actor).failed == 0


def test_with_a_mail_server_the_banner_is_gone(served: Mailbox, ray: MadeAgency) -> None:
    assert not served.keeps_all


def test_the_list_shows_the_newest_first_with_what_became_of_each(
    desk: Desk, ray: MadeAgency, frank: Identity, clock: ManualClock
) -> None:
    put(desk.ctx, frank, state=MailState.FAILED, reply_code=550, reply_text="5.1.1 no such user")
    clock.advance(minutes=1)
    put(desk.ctx, frank, MailPurpose.DEACTIVATED, state=MailState.SENT, reply_code=250, reply_text="queued as 7")
    put(desk.ctx, frank, state=MailState.DEFERRED, reply_text="mail.example:25 does not answer.")

    rows = desk.mail.rows(ray.admin, MailQuery()).first(10)

    assert MAIL_COLUMNS == ("When", "To", "Subject", "State")
    assert [row.cells[1:] for row in rows] == [
        (
            "Frank Jönes <frank@example.com>",
            "Your account at Ray Staging is open again",
            "◐ deferred: mail.example:25 does not answer.",
        ),
        ("Frank Jönes <frank@example.com>", "Your account at Ray Staging is deactivated", "● sent"),
        (
            "Frank Jönes <frank@example.com>",
            "Your account at Ray Staging is open again",
            "▲ failed: 550 5.1.1 no such user",
        ),
        ("Frank Jönes <frank@example.com>", "Activate your account at Ray Staging", "○ queued"),
    ]
    assert rows[0].cells[0] != rows[3].cells[0]
    assert [row.marks[3] for row in rows] == ["warning", "success", "error", "muted"]


def test_the_list_goes_by_the_moment_over_all_its_pages(
    desk: Desk, ray: MadeAgency, frank: Identity, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the training, where what lies before a scene is written down late; several at one moment too."""
    monkeypatch.setattr(paged_rows, "_PAGE", 2)
    for minutes in (60, -60, 0, 0, 30):
        put(desk.ctx, frank, created_at=clock.now() + timedelta(minutes=minutes))
    with desk.ctx.read():
        rows = list(OutboxMessage.select())
    newest_first = [row.id for row in sorted(rows, key=lambda row: (row.created_at, row.id), reverse=True)]
    assert newest_first != sorted(newest_first, reverse=True)
    assert list(desk.mail.rows(ray.admin, MailQuery()).keys(lambda: False)) == newest_first
    assert [row.key for row in desk.mail.rows(ray.admin, MailQuery()).first(3)] == newest_first[:3]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", 4),
        ("jones", 4),
        ("JÖN fra", 4),
        ("react", 1),
        ("deact jones", 1),
        ("frank@example", 4),
        ("nobody", 0),
        ("ones", 0),
    ],
)
def test_words_find_mails_by_name_address_and_kind(
    desk: Desk, ray: MadeAgency, frank: Identity, words: str, found: int
) -> None:
    put(desk.ctx, frank)
    put(desk.ctx, frank, MailPurpose.DEACTIVATED)
    put(desk.ctx, frank, MailPurpose.PASSWORD_CHANGED)
    source = desk.mail.rows(ray.admin, MailQuery(words=words))

    assert len(source.keys(lambda: False)) == len(source.first(10)) == found


def test_a_state_can_be_asked_for(desk: Desk, ray: MadeAgency, frank: Identity) -> None:
    failed = put(desk.ctx, frank, state=MailState.FAILED)

    assert list(desk.mail.rows(ray.admin, MailQuery(state=MailState.FAILED)).keys(lambda: False)) == [failed]


def test_a_long_list_is_read_in_pages_and_can_be_given_up(
    desk: Desk, ray: MadeAgency, frank: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.paged_rows._PAGE", 2)
    made = [put(desk.ctx, frank) for _ in range(6)]
    source = desk.mail.rows(ray.admin, MailQuery(words="reactivated"))

    assert list(source.keys(lambda: False)) == made[::-1]
    assert [row.key for row in source.first(3)] == made[:2:-1]
    assert set(source.rows(made[:2])) == set(made[:2])
    with pytest.raises(Cancelled):
        source.keys(lambda: True)


def test_nobody_sees_mail_of_another_agency(desk: Desk, ray: MadeAgency, frank: Identity) -> None:
    other = making.make_agency(desk, code="OTHER-1", admin_email="olga@example.com")
    message = newest(desk.ctx)

    assert desk.mail.waiting(other.admin).queued == 0
    assert desk.mail.rows(other.admin, MailQuery()).first(10) == []
    assert desk.mail.rows(other.admin, MailQuery()).rows([message]) == {}
    with pytest.raises(NotFound):
        desk.mail.view(other.admin, message)


def test_a_client_sees_no_mail(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    identity = making.give_account(desk, ray.admin, brent)
    actor = replace(ray.admin, identity_id=identity.id, session_id=None, role=Role.CLIENT)

    for look in (
        lambda: desk.mail.waiting(actor),
        lambda: desk.mail.view(actor, 1),
        lambda: desk.mail.rows(actor, MailQuery()).first(1),
        lambda: desk.mail.rows(actor, MailQuery()).keys(lambda: False),
        lambda: desk.mail.rows(actor, MailQuery()).rows([1]),
    ):
        with pytest.raises(Refused):
            look()


def test_an_ended_session_reads_nothing(desk: Desk, ray: MadeAgency, clock: ManualClock) -> None:
    source = desk.mail.rows(ray.admin, MailQuery())
    clock.advance(hours=13)

    with pytest.raises(SignedOut):
        source.first(1)


def test_without_a_mail_server_staff_read_link_and_code_to_hand_them_over(
    desk: Desk, ray: MadeAgency, frank: Identity
) -> None:
    Delivery(desk.ctx).run_once()
    agent = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")

    view = desk.mail.view(agent, newest(desk.ctx))

    secrets = making.sent_secrets(desk.ctx, frank)
    assert secrets.link in view.text
    assert secrets.link in view.html
    assert secrets.code in view.text
    assert view.secrets_shown
    assert "No mail server is configured" in view.note
    assert (view.state, view.state_words, view.server_words) == (MailState.SENT, "● sent", BUILT_IN)
    assert (view.to_address, view.subject) == ("frank@example.com", "Activate your account at Ray Staging")


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"state": TokenState.USED}, "they have been used"),
        ({"state": TokenState.SUPERSEDED}, "a newer mail has taken their place"),
        ({"state": TokenState.REVOKED}, "they were withdrawn"),
        ({}, "their time is over"),
    ],
)
def test_link_and_code_that_no_longer_work_are_given_to_nobody(
    desk: Desk, ray: MadeAgency, frank: Identity, clock: ManualClock, columns: dict[str, object], words: str
) -> None:
    Delivery(desk.ctx).run_once()
    with desk.ctx.unit():
        OneTimeToken.update(**(columns or {"expires_at": clock.now()})).execute()

    view = desk.mail.view(ray.admin, newest(desk.ctx))

    assert_hidden(desk, frank, view.text + view.html)
    assert not view.secrets_shown
    assert view.note.startswith(f"Link and code of this mail no longer work: {words}")


def test_a_mail_that_a_newer_one_superseded_says_so(desk: Desk, ray: MadeAgency, frank: Identity) -> None:
    first = newest(desk.ctx)
    with desk.ctx.unit():
        tokens.issue(desk.ctx, frank, TokenPurpose.ACTIVATE, by="Sue Wright")

    assert not desk.mail.view(ray.admin, first).secrets_shown
    assert "Hand that one over" in desk.mail.view(ray.admin, first).note
    assert desk.mail.view(ray.admin, newest(desk.ctx)).secrets_shown


def test_with_a_mail_server_staff_never_read_a_secret(
    desk: Desk, served: Mailbox, ray: MadeAgency, frank: Identity
) -> None:
    view = served.view(ray.admin, newest(desk.ctx))

    assert_hidden(desk, frank, view.text + view.html)
    assert HIDDEN in view.text
    assert not view.secrets_shown
    assert "hidden" in view.note


def test_a_mail_that_a_server_carried_stays_hidden_after_the_server_was_taken_out(
    desk: Desk, ray: MadeAgency, frank: Identity
) -> None:
    message = newest(desk.ctx)
    with desk.ctx.unit():
        OutboxMessage.update(state=MailState.SENT, reply_code=250).where(OutboxMessage.id == message).execute()

    view = desk.mail.view(ray.admin, message)

    assert_hidden(desk, frank, view.text + view.html)
    assert not view.secrets_shown


@pytest.mark.parametrize(("role", "shown"), [(Role.AGENT, False), (Role.SUPERVISOR, False), (Role.ADMINISTRATOR, True)])
def test_a_colleagues_reset_is_read_by_no_agent(
    desk: Desk, ray: MadeAgency, clock: ManualClock, role: Role, shown: bool
) -> None:
    """Otherwise anybody at the desk could ask for the administrator's reset and take the account over."""
    clock.advance(minutes=6)
    desk.recovery.ask_reset("sue@raystaging.example.com", "sue@raystaging.example.com", making.HERE)
    reader = making.make_staff(desk, ray.agency, "ann@raystaging.example.com", role=role)

    view = desk.mail.view(reader, newest(desk.ctx))

    assert view.secrets_shown is shown
    assert (HIDDEN in view.text) is not shown


def test_a_notice_needs_no_note(desk: Desk, ray: MadeAgency, frank: Identity) -> None:
    view = desk.mail.view(ray.admin, put(desk.ctx, frank))

    assert (view.note, view.secrets_shown) == ("", False)
    assert "is open again" in view.text


def test_a_mail_that_cannot_be_written_is_shown_as_such(desk: Desk, ray: MadeAgency, frank: Identity) -> None:
    view = desk.mail.view(ray.admin, put(desk.ctx, frank, MailPurpose.EMAIL_CHANGED_OLD, details="{"))

    assert "cannot be written" in view.text


def test_a_mail_that_is_gone_is_not_found(desk: Desk, ray: MadeAgency) -> None:
    with pytest.raises(NotFound):
        desk.mail.view(ray.admin, 12345)


def assert_hidden(desk: Desk, identity: Identity, shown: str) -> None:
    secrets = making.sent_secrets(desk.ctx, identity)
    for secret in (secrets.token, secrets.code, secrets.code.replace("-", "")):
        assert secret not in shown


def test_the_notice_of_a_changed_address_says_whether_the_change_can_still_be_undone(
    desk: Desk, ray: MadeAgency, frank: Identity, clock: ManualClock
) -> None:
    told = {"old": "old@example.com", "new": "frank@example.com"}
    with desk.ctx.unit():
        old = Email("old@example.com", "old@example.com")
        token = tokens.issue(desk.ctx, frank, TokenPurpose.UNDO_EMAIL, by="Sue Wright", to=old, details=told)
    live = desk.mail.view(ray.admin, token.message_id)
    assert (live.secrets_shown, "#undo-email=" in live.text) == (True, True)
    with desk.ctx.unit():
        OneTimeToken.update(state=TokenState.REVOKED, ended_at=clock.now()).where(OneTimeToken.id == token.id).execute()
    never_sent = desk.mail.view(ray.admin, token.message_id)
    assert (never_sent.note, "#undo-email=" in never_sent.text) == ("", False)
    with desk.ctx.unit():
        OutboxMessage.update(accepted_at=clock.now(), state=MailState.SENT).where(
            OutboxMessage.id == token.message_id
        ).execute()
    sent = desk.mail.view(ray.admin, token.message_id)
    assert "can no longer be undone" in sent.note
    assert f"#undo-email={HIDDEN}" in sent.text
