"""Everything about one person: why they cannot get in, what mends it, their mail, and what happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from models.audit import AuditEntry
from models.client import Client, Mortgage, Property, Upload
from models.identity import Throttle
from models.outbox import OutboxMessage
from models.states import Access, AuditResult, IdentityState, MailPurpose, MailState, Role, Surface
from services import audit, people, person_key
from services.accounts import access
from services.accounts.identities import sign_in_key
from services.audit import Action
from services.clients.values import HistoryEntry, PersonAction, PersonPanel
from services.clock import ManualClock
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import NotFound, Refused
from services.history_words import WORDS
from services.sign_in import WrongCredentials
from tests.making import (
    HERE,
    MadeAgency,
    entries,
    give_account,
    identity_of,
    mails,
    make_agency,
    make_client,
    make_staff,
    send_reset,
    server_took,
)
from tests.tampering import behind_the_triggers


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The times that the words show are those of the machine."""
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def made(desk: Desk) -> MadeAgency:
    return make_agency(desk)


@pytest.fixture
def brent(desk: Desk, made: MadeAgency) -> Client:
    return make_client(desk, made.agency)


def panel(desk: Desk, made: MadeAgency, client: Client) -> PersonPanel:
    return desk.people.panel(made.admin, person_key.client(client.id))


def told(desk: Desk, made: MadeAgency, client: Client) -> tuple[str, PersonAction | None]:
    shown = panel(desk, made, client)
    return shown.causes[0].words, shown.causes[0].mend


def history(desk: Desk, made: MadeAgency, client: Client) -> list[str]:
    return [entry.words for entry in desk.people.history(made.admin, person_key.client(client.id))]


def newest_mail(desk: Desk, client: Client) -> OutboxMessage:
    return mails(desk.ctx, identity_of(desk.ctx, client))[-1]


def let_mail(desk: Desk, client: Client, state: MailState, reply: str) -> None:
    """Put the newest mail to a client into a state, as delivery does."""
    mail = newest_mail(desk, client)
    with desk.ctx.unit():
        OutboxMessage.update(state=state, reply_text=reply, not_before=desk.ctx.clock.now()).where(
            OutboxMessage.id == mail.id
        ).execute()
        access.refresh(mail.identity_id)


def test_a_client_without_an_account_needs_one(desk: Desk, made: MadeAgency, brent: Client) -> None:
    shown = panel(desk, made, brent)
    assert (shown.causes[0].words, shown.causes[0].mend) == ("no account yet", PersonAction.WELCOME)
    assert (shown.access, shown.identity_state, shown.trail, shown.events) == (Access.NO_ACCOUNT, None, (), ())
    assert shown.record == desk.clients.get(made.admin, brent.id)


def test_a_welcome_mail_on_its_way_needs_nothing_yet(desk: Desk, made: MadeAgency, brent: Client) -> None:
    give_account(desk, made.admin, brent, password=None)
    assert told(desk, made, brent) == ("not activated: welcome mail queued", None)
    let_mail(desk, brent, MailState.DEFERRED, "450 try later")
    assert told(desk, made, brent) == ("not activated: welcome mail deferred, next try 10:00: 450 try later", None)


def test_a_welcome_mail_that_came_and_one_that_ran_out_are_sent_again(
    desk: Desk, made: MadeAgency, brent: Client, clock: ManualClock
) -> None:
    give_account(desk, made.admin, brent, password=None)
    clock.advance(minutes=42)
    server_took(desk.ctx, newest_mail(desk, brent))
    assert told(desk, made, brent) == (
        "not activated: welcome mail sent 10:42, works until Nov 24 10:42",
        PersonAction.RESEND_WELCOME,
    )
    clock.advance(days=4)
    tomorrow = MadeAgency(made.agency, make_staff(desk, made.agency, "ann@example.com"))
    assert told(desk, tomorrow, brent) == (
        "not activated: welcome mail sent Nov 21 10:42, expired Nov 24 10:42",
        PersonAction.RESEND_WELCOME,
    )


def test_an_address_that_the_server_refuses_is_to_be_corrected(desk: Desk, made: MadeAgency, brent: Client) -> None:
    give_account(desk, made.admin, brent, password=None)
    let_mail(desk, brent, MailState.FAILED, "550 no such user")
    assert told(desk, made, brent) == ("the mail to this address failed: 550 no such user", PersonAction.EDIT)
    assert panel(desk, made, brent).access is Access.UNDELIVERABLE


def test_a_deactivated_account_names_who_did_it_when_and_why(desk: Desk, made: MadeAgency, brent: Client) -> None:
    give_account(desk, made.admin, brent)
    desk.accounts.deactivate(made.admin, person_key.client(brent.id), "moved to another broker")
    assert told(desk, made, brent) == (
        "deactivated 10:00 by Sue Wright: moved to another broker",
        PersonAction.REACTIVATE,
    )


def test_an_active_client_in_no_trouble_needs_nothing(desk: Desk, made: MadeAgency, brent: Client) -> None:
    give_account(desk, made.admin, brent)
    assert told(desk, made, brent) == ("can sign in; has not signed in yet", None)


def test_failed_tries_are_counted_with_the_wait_and_mended_by_a_reset(
    desk: Desk, made: MadeAgency, brent: Client, clock: ManualClock
) -> None:
    identity = give_account(desk, made.admin, brent)
    for _ in range(2):
        clock.advance(seconds=5)
        with pytest.raises(WrongCredentials):
            desk.sign_in.sign_in(made.agency.code, identity.email, Secret("wrong password here"), HERE)
    assert told(desk, made, brent) == ("must wait after 2 failed tries", PersonAction.RESET)
    assert panel(desk, made, brent).causes[0].until == clock.now() + timedelta(seconds=2)
    with desk.ctx.unit():
        key = sign_in_key(desk.ctx, made.agency.code, identity.email)
        Throttle.update(count=7, next_at=clock.now()).where(Throttle.key == key).execute()
    assert told(desk, made, brent) == ("7 failed tries since the last success", PersonAction.RESET)


def test_the_trail_tells_what_became_of_each_mail_newest_first(
    desk: Desk, made: MadeAgency, brent: Client, clock: ManualClock
) -> None:
    give_account(desk, made.admin, brent)
    clock.advance(minutes=10)
    send_reset(desk, made.admin, brent)
    server_took(desk.ctx, newest_mail(desk, brent))
    clock.advance(minutes=10)
    send_reset(desk, made.admin, brent)
    clock.advance(minutes=1)
    server_took(desk.ctx, newest_mail(desk, brent))
    clock.advance(hours=2)
    trail = [(entry.purpose, entry.outcome) for entry in panel(desk, made, brent).trail]
    assert trail == [
        (MailPurpose.RESET, "sent 10:21, expired 11:21"),
        (MailPurpose.RESET, "sent 10:10, superseded by a newer mail"),
        (MailPurpose.WELCOME, "used 10:00"),
    ]


def test_a_reset_that_left_is_told_and_the_next_one_has_its_hour(
    desk: Desk, made: MadeAgency, brent: Client, clock: ManualClock
) -> None:
    give_account(desk, made.admin, brent)
    clock.advance(minutes=10)
    send_reset(desk, made.admin, brent)
    shown = panel(desk, made, brent)
    assert [cause.words for cause in shown.causes] == ["reset queued", "can sign in; has not signed in yet"]
    assert shown.reset_allowed_at is not None
    clock.advance(minutes=5)
    assert panel(desk, made, brent).reset_allowed_at is None


def test_mortgages_stand_in_the_order_in_which_they_came(desk: Desk, made: MadeAgency, brent: Client) -> None:
    with desk.ctx.unit():
        for lender, rate in (("MCAP", "4.29"), ("Scotiabank", "3.79")):
            home = Property.create(client=brent, address="7 Exmouth St")
            Mortgage.create(property=home, lender=lender, rate=Decimal(rate), renewal_on=date(2027, 8, 26))
    shown = panel(desk, made, brent).mortgages
    assert [(loan.lender, loan.rate, loan.renewal_on) for loan in shown] == [
        ("MCAP", Decimal("4.290"), date(2027, 8, 26)),
        ("Scotiabank", Decimal("3.790"), date(2027, 8, 26)),
    ]


def test_every_action_of_the_audit_has_words() -> None:
    assert set(WORDS) == set(Action)


@pytest.mark.parametrize("result", AuditResult)
def test_every_entry_reads_as_a_sentence_behind_the_actors_name(
    desk: Desk, made: MadeAgency, brent: Client, result: AuditResult
) -> None:
    with desk.ctx.unit():
        for action in Action:
            audit.record(desk.ctx, made.admin, action, client_id=brent.id, result=result)
    sentences = history(desk, made, brent)
    assert len(sentences) == len(Action)
    assert {words.split()[0] for words in sentences} <= {
        "accepted", "added", "agreed", "answered", "asked", "began", "bound", "came", "changed", "chose", "cleared",
        "closed", "confirmed", "could", "created", "deactivated", "ended", "enrolled", "exported", "forgot", "handed",
        "imported", "left", "locked", "looked", "made", "met", "migrated", "opened", "reactivated", "refused",
        "released", "removed", "reopened", "revoked", "sealed", "sent", "set", "signed", "started", "took", "tried",
        "turned", "typed", "undid", "unlocked", "uploaded", "verified",
    }  # fmt: skip
    if result is not AuditResult.DONE:
        assert [words for words in sentences if not words.startswith(("tried ", "could not "))] == []


def test_the_history_says_who_did_what_when_and_from_where(desk: Desk, made: MadeAgency, brent: Client) -> None:
    record = desk.clients.get(made.admin, brent.id)
    fields = {"phone": "519 555 0100", "email": "new@example.ca"}
    desk.clients.save(made.admin, brent.id, record.version, type(record.fields)("Brent", "Thomas", **fields))
    [entry] = desk.people.history(made.admin, person_key.client(brent.id))
    assert entry == HistoryEntry(
        id=entry.id,
        at=desk.ctx.clock.now(),
        actor="Sue Wright",
        surface=Surface.DESK,
        place="203.0.113.7",
        action="client_changed",
        words="changed e-mail address, phone number",
        result=AuditResult.DONE,
        reason="",
    )


def test_a_refused_action_reads_as_a_try_and_says_why(desk: Desk, made: MadeAgency, brent: Client) -> None:
    with pytest.raises(Refused):
        desk.accounts.deactivate(made.admin, person_key.client(brent.id), "no reason")
    [entry] = desk.people.history(made.admin, person_key.client(brent.id))
    assert entry.words == "tried to deactivate the account"
    assert entry.result is AuditResult.REFUSED
    assert entry.reason


def test_what_the_person_did_is_in_the_history_too(desk: Desk, made: MadeAgency, brent: Client) -> None:
    give_account(desk, made.admin, brent)
    assert history(desk, made, brent)[0] == "chose a password with a link or code"
    assert history(desk, made, brent)[-1] == "created the account and sent the welcome mail"


def test_somebody_who_came_with_an_upload_was_added_by_it(desk: Desk, made: MadeAgency) -> None:
    now = desk.ctx.clock.now()
    with desk.ctx.unit():
        upload = Upload.create(
            agency=made.agency,
            file_name="clients[/x].csv",
            digest="x",
            by="Ann Agent",
            surface=Surface.DESK,
            started_at=now,
        )
    client = make_client(desk, made.agency, upload=upload)
    with desk.ctx.unit():
        audit.record(desk.ctx, made.admin, Action.CLIENT_CHANGED, client_id=client.id)
    shown = desk.people.history(made.admin, person_key.client(client.id))
    assert [(entry.actor, entry.words) for entry in shown] == [
        ("Sue Wright", "changed the client"),
        ("Ann Agent", "added the client by upload clients[/x].csv"),
    ]
    assert desk.people.history(made.admin, person_key.client(client.id), before_id=shown[-1].id) == ()


def test_the_history_comes_in_pages_without_a_gap(
    desk: Desk, made: MadeAgency, brent: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "HISTORY_PAGE", 3)
    with desk.ctx.unit():
        for number in range(7):
            audit.record(desk.ctx, made.admin, Action.RESET_SENT, client_id=brent.id, reason=str(number))
    seen: list[str] = []
    page = desk.people.history(made.admin, person_key.client(brent.id))
    while page:
        seen += [entry.reason for entry in page]
        page = desk.people.history(made.admin, person_key.client(brent.id), before_id=page[-1].id)
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]


def test_another_agency_sees_nothing_and_its_try_is_not_shown_here(desk: Desk, made: MadeAgency, brent: Client) -> None:
    other = make_agency(desk, code="OTHER-1", admin_email="ann@other.example.com")
    for look in (desk.people.panel, desk.people.history):
        with pytest.raises(NotFound):
            look(other.admin, person_key.client(brent.id))
    with pytest.raises(NotFound):
        desk.accounts.deactivate(other.admin, person_key.client(brent.id), "mischief")
    assert entries(desk.ctx)[-1].client_id == brent.id
    assert history(desk, made, brent) == []


def test_an_auditor_sees_what_everybody_sees(desk: Desk, made: MadeAgency, brent: Client) -> None:
    auditor = make_staff(desk, made.agency, "audit@example.com", role=Role.AUDITOR)
    person = person_key.client(brent.id)
    assert desk.people.panel(auditor, person) == desk.people.panel(made.admin, person)


def test_control_signs_in_what_others_wrote_reach_no_terminal(desk: Desk, made: MadeAgency, brent: Client) -> None:
    give_account(desk, made.admin, brent, password=None)
    let_mail(desk, brent, MailState.FAILED, "550 \x1b]52;c;aGk=\x07 no")
    with behind_the_triggers(desk.ctx):
        AuditEntry.update(reason="\x1b[2J", place="a\u202eb").execute()
    shown = panel(desk, made, brent)
    texts = [shown.causes[0].words, *(entry.outcome for entry in shown.trail)]
    texts += [text for entry in shown.events for text in (entry.reason, entry.place, entry.words)]
    assert all(text.isprintable() and "\u202e" not in text for text in texts)


def test_the_state_of_the_account_is_told(desk: Desk, made: MadeAgency, brent: Client) -> None:
    give_account(desk, made.admin, brent)
    assert panel(desk, made, brent).identity_state is IdentityState.ACTIVE
