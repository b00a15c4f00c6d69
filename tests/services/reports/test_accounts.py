"""The reports about accounts: who is held up, never came, cannot be reached, or is tried after it was closed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.client import Client
from models.identity import Identity, Session, Throttle
from models.outbox import OutboxMessage
from models.security import SecondFactor
from models.states import FactorState, MailPurpose, MailState
from services import person_key
from services.accounts import access
from services.accounts.identities import sign_in_key
from services.clock import ManualClock
from services.credentials import factor
from services.credentials.passwords import Secret
from services.desk import Desk
from services.entry.arrival import MAILED_CODE_FROM
from services.errors import DeskError
from services.reports import reading as reports_reading
from tests import making
from tests.making import HERE, PASSWORD, MadeAgency
from tests.services.reports.reading import finding, told

WHO = ("name", "kind", "email", "office")


def fail(desk: Desk, email: str, times: int = 1) -> None:
    """Wrong passwords, one behind the other."""
    for _ in range(times):
        with pytest.raises(DeskError):
            desk.sign_in.sign_in("RAY-919", email, Secret("wrong"), HERE)


def wait_for(desk: Desk, row_key: str, *, tries: int, seconds: float = 30.0) -> None:
    """So many tries under a key, and a wait."""
    now = desk.ctx.clock.now()
    with desk.ctx.unit():
        Throttle.insert(key=row_key, count=tries, window_from=now, next_at=now + timedelta(seconds=seconds)).execute()


def test_somebody_who_failed_to_sign_in_waits_until_the_wait_is_over(
    desk: Desk, clock: ManualClock, ray: MadeAgency, active: Identity, brent: Client
) -> None:
    assert told(desk, ray.admin, "locked-out", "name") == []
    assert finding(desk, ray.admin, "locked-out") == "Nobody is locked out, and nobody has to wait."
    fail(desk, brent.email)
    clock.advance(seconds=1)
    fail(desk, brent.email.upper())
    [row] = told(desk, ray.admin, "locked-out", *WHO, "standing", "tries", "until", "wait_seconds")
    assert row[:6] == ("Brent Thomas", "client", brent.email, "", "waits: failed sign-ins", 2)
    assert row[6:] == (clock.now() + timedelta(seconds=2), 2)
    assert finding(desk, ray.admin, "locked-out") == "1 person must wait."
    clock.advance(seconds=2)
    assert told(desk, ray.admin, "locked-out", "name") == []


def test_who_needs_a_mailed_code_stands_first_and_the_rest_by_how_long_they_wait(
    desk: Desk, ray: MadeAgency, active: Identity
) -> None:
    bob = making.make_staff(desk, ray.agency, "bob@example.com", first="Bob", last="Short")
    making.make_staff(desk, ray.agency, "cy@example.com", first="Cy", last="Long")
    wait_for(desk, sign_in_key(desk.ctx, "RAY-919", active.email), tries=MAILED_CODE_FROM, seconds=-5)
    wait_for(desk, sign_in_key(desk.ctx, "RAY-919", "cy@example.com"), tries=9, seconds=50)
    with desk.ctx.unit():
        confirmed = {"sealed": "", "created_at": desk.ctx.clock.now(), "state": FactorState.ACTIVE}
        SecondFactor.create(identity=bob.identity_id, **confirmed)
    wait_for(desk, factor.tries_key(desk.ctx, bob.identity_id or 0), tries=4, seconds=2)
    assert told(desk, ray.admin, "locked-out", "name", "kind", "standing", "tries", "wait_seconds") == [
        ("Brent Thomas", "client", "needs a mailed code", MAILED_CODE_FROM, None),
        ("Cy Long", "office staff", "waits: failed sign-ins", 9, 50),
        ("Bob Short", "office staff", "waits: wrong app codes", 4, 2),
    ]
    assert finding(desk, ray.admin, "locked-out") == "1 person needs a mailed code, 2 people must wait."


def test_accounts_that_are_closed_strangers_and_a_clock_set_back_hold_nobody_up(
    desk: Desk, ray: MadeAgency, active: Identity
) -> None:
    wait_for(desk, sign_in_key(desk.ctx, "RAY-919", "nobody@example.com"), tries=200)
    wait_for(desk, sign_in_key(desk.ctx, "RAY-919", "sue@raystaging.example.com"), tries=3, seconds=3600)
    wait_for(desk, sign_in_key(desk.ctx, "RAY-919", active.email), tries=3)
    assert told(desk, ray.admin, "locked-out", "name") == [("Brent Thomas",)]
    desk.accounts.deactivate(ray.admin, person_key.client(1), "left")
    assert told(desk, ray.admin, "locked-out", "name") == []


def test_never_activated_counts_from_the_creation_and_names_the_newest_mail(
    desk: Desk, clock: ManualClock, ray: MadeAgency, brent: Client
) -> None:
    identity = making.give_account(desk, ray.admin, brent, password=None)
    since = clock.now()
    clock.advance(days=14, seconds=-1)
    assert told(desk, ray.admin, "never-activated", "name") == []
    assert finding(desk, ray.admin, "never-activated") == "No account has waited 14 days or longer."
    clock.advance(seconds=1)
    columns = (*WHO, "since", "days", "mail", "mail_at")
    [row] = told(desk, ray.admin, "never-activated", *columns)
    assert row == ("Brent Thomas", "client", brent.email, "", since, 14, "queued", since)
    desk.accounts.resend_welcome(ray.admin, person_key.client(brent.id))
    making.server_took(desk.ctx, making.mails(desk.ctx, identity)[-1])
    assert told(desk, ray.admin, "never-activated", "mail", "mail_at") == [("sent", clock.now())]
    assert told(desk, ray.admin, "never-activated", "name", days=15) == []
    assert finding(desk, ray.admin, "never-activated", 14) == (
        "1 account has not been activated for 14 days or longer."
    )
    desk.recovery.choose_password(making.sent_secrets(desk.ctx, identity).link, "", PASSWORD, HERE)
    assert told(desk, ray.admin, "never-activated", "name", days=0) == []


def test_the_oldest_come_first_whatever_the_size_of_a_page(
    desk: Desk, clock: ManualClock, ray: MadeAgency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports_reading, "PAGE", 2)
    names = []
    for number in range(7):
        client = making.make_client(desk, ray.agency, f"c{number}@example.com", first=f"C{number}")
        making.give_account(desk, ray.admin, client, password=None)
        names.append(f"C{number} Thomas")
        # Two at a time share a moment.
        clock.advance(days=number % 2)
    assert [name for (name,) in told(desk, ray.admin, "never-activated", "name", days=0)] == names


def lose(
    desk: Desk, identity: Identity, purpose: MailPurpose, state: MailState, words: str = "550 no such box"
) -> None:
    """A mail that came to this end."""
    now = desk.ctx.clock.now()
    with desk.ctx.unit():
        OutboxMessage.create(
            uuid=f"{now.timestamp()}-{purpose}-{state}"[:32],
            agency=identity.agency_id,
            identity_id=identity.id,
            purpose=purpose,
            to_address=identity.email,
            state=state,
            created_at=now,
            not_before=now,
            expires_at=now + timedelta(days=1),
            ended_at=now,
            attempts=1,
            reply_text=words,
        )
        access.refresh(identity.id)
    desk.ctx.clock.advance(seconds=1)  # type: ignore[attr-defined]  # the clock of tests


def test_an_address_whose_newest_mail_failed_is_told_once_with_the_words_of_the_server(
    desk: Desk, clock: ManualClock, ray: MadeAgency, active: Identity
) -> None:
    assert finding(desk, ray.admin, "undeliverable") == "All mail reaches its people."
    lose(desk, active, MailPurpose.RESET, MailState.FAILED)
    at = clock.now()
    lose(desk, active, MailPurpose.PASSWORD_CHANGED, MailState.FAILED, "550 \x1b[31mno")
    columns = (*WHO, "mail", "outcome", "failed_at", "answer")
    assert told(desk, ray.admin, "undeliverable", *columns) == [
        ("Brent Thomas", "client", active.email, "", "password changed", "failed", at, "550 [31mno")
    ]
    assert finding(desk, ray.admin, "undeliverable") == (
        "Mail does not reach 1 person: correct the address, then send it again."
    )


def test_a_later_mail_that_arrives_mends_an_address_and_so_does_another_address(
    desk: Desk, ray: MadeAgency, active: Identity
) -> None:
    lose(desk, active, MailPurpose.NOTICE, MailState.EXPIRED, "451 later")
    assert told(desk, ray.admin, "undeliverable", "outcome", "answer") == [("given up", "451 later")]
    lose(desk, active, MailPurpose.NOTICE, MailState.SENT, "")
    assert told(desk, ray.admin, "undeliverable", "outcome") == []
    lose(desk, active, MailPurpose.RESET, MailState.FAILED)
    assert told(desk, ray.admin, "undeliverable", "outcome") == [("failed",)]
    with desk.ctx.unit():
        Identity.update(email="new@example.com").where(Identity.id == active.id).execute()
    assert told(desk, ray.admin, "undeliverable", "outcome") == []


def test_a_lost_mail_that_opens_the_account_stays_told_though_a_notice_arrived(
    desk: Desk, ray: MadeAgency, active: Identity
) -> None:
    lose(desk, active, MailPurpose.RESET, MailState.FAILED)
    lose(desk, active, MailPurpose.NOTICE, MailState.SENT, "")
    assert told(desk, ray.admin, "undeliverable", "mail") == [("reset",)]


def test_closed_accounts_are_told_that_were_used_shortly_before_or_are_tried_since(
    desk: Desk, clock: ManualClock, ray: MadeAgency, active: Identity, brent: Client
) -> None:
    desk.sign_in.sign_in("RAY-919", brent.email, PASSWORD, HERE)
    signed_in = clock.now()
    clock.advance(days=30)
    desk.accounts.deactivate(ray.admin, person_key.client(brent.id), "left")
    closed = clock.now()
    columns = (*WHO, "deactivated_at", "deactivated_by", "reason", "last_sign_in", "tries_since", "last_try")
    name = "deactivated-active"
    assert told(desk, ray.admin, name, *columns) == [
        ("Brent Thomas", "client", brent.email, "", closed, "Sue Wright", "left", signed_in, 0, None)
    ]
    assert told(desk, ray.admin, name, "name", days=29) == []
    assert finding(desk, ray.admin, name, 29).startswith("No closed account was in use")
    clock.advance(days=300)
    fail(desk, brent.email)
    assert told(desk, ray.admin, name, "tries_since", "last_try", days=29) == [(1, clock.now())]
    assert finding(desk, ray.admin, name) == (
        "1 closed account was in use until shortly before, or is tried since: 1 of them tried."
    )


def test_somebody_who_failed_before_and_never_finished_signing_in_was_not_in_use(
    desk: Desk, clock: ManualClock, ray: MadeAgency, active: Identity, brent: Client
) -> None:
    fail(desk, brent.email)
    clock.advance(minutes=1)
    desk.sign_in.sign_in("RAY-919", brent.email, PASSWORD, HERE)
    with desk.ctx.unit():
        Session.update(awaits="mailed-code").where(Session.identity == active.id).execute()
    desk.accounts.deactivate(ray.admin, person_key.client(brent.id), "left")
    # What failed before it was closed was no try since.
    assert told(desk, ray.admin, "deactivated-active", "name") == []
