"""The mail of a new account under everything that happens to such mails: clients and office staff alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models.identity import Identity
from models.states import IdentityState, MailPurpose
from services.accounts.access import OPENING_MAIL
from services.accounts.owed import Owed
from services.clients.rows import ACCESS_WORDS
from services.clients.values import ClientQuery
from services.clock import ManualClock
from services.context import Context
from services.credentials.passwords import Secret
from services.credentials.presented import ENDED
from services.desk import Desk
from services.errors import Conflict, Refused, SignedOut
from services.mail.delivery import Delivery
from services.person_key import PersonKey, PersonKind
from services.recovery import PasswordChosen, TokenAnswer
from services.sign_in import WrongCredentials
from services.staff.values import StaffQuery
from tests import making
from tests.acting import USER
from tests.making import HERE, PASSWORD, MadeAgency, Secrets
from tests.services.mailing import with_server
from tests.services.smtp_server import SmtpServer, Stage

NEW_ADDRESS = "moved@example.com"


@pytest.fixture
def pending(desk: Desk, ctx: Context, ray: MadeAgency, person: PersonKey) -> Identity:
    """The account of the person, whose welcome mail the server has taken."""
    desk.accounts.create_and_welcome(ray.admin, person)
    identity = making.account_behind(ctx, person)
    making.server_took(ctx, making.mails(ctx, identity)[0])
    return identity


@pytest.fixture
def mailed(ctx: Context, pending: Identity) -> Secrets:
    """What that mail carries."""
    return making.sent_secrets(ctx, pending)


def correct_address(desk: Desk, ray: MadeAgency, person: PersonKey, email: str) -> None:
    """Change the address in the list, as the edit form does."""
    if person.kind is PersonKind.CLIENT:
        client = desk.clients.get(ray.admin, person.id)
        saved = desk.clients.save(ray.admin, person.id, client.version, replace(client.fields, email=email))
    else:
        member = desk.staff.view(ray.admin, person.id)
        saved = desk.staff.change(ray.admin, person.id, member.version, replace(member.fields, email=email))
    assert not isinstance(saved, Conflict)


def activate(desk: Desk, secrets: Secrets, password: Secret = PASSWORD) -> PasswordChosen:
    return desk.recovery.choose_password(secrets.link, "", password, HERE)


def is_told(desk: Desk, secrets: Secrets, answer: TokenAnswer) -> None:
    """Link and code of a mail say this, and nothing can be done with them."""
    assert desk.recovery.open(secrets.link, "", HERE).state is answer
    for held, email in ((secrets.link, ""), (secrets.code, USER)):
        with pytest.raises(Refused) as refused:
            desk.recovery.choose_password(held, email, Secret("walnut river eleven sky"), HERE)
        assert refused.value.sentence == ENDED[answer]


def in_the_table(desk: Desk, ray: MadeAgency, person: PersonKey) -> str:
    """What the column Access of the table says."""
    if person.kind is PersonKind.CLIENT:
        cells = desk.clients.rows(ray.admin, ClientQuery()).rows([person.id])[person.id].cells
    else:
        cells = desk.staff.rows(ray.admin, StaffQuery()).rows([person.id])[person.id].cells
    (words,) = set(cells) & set(ACCESS_WORDS.values())
    return words


def test_a_link_may_be_opened_often_and_works_once(
    desk: Desk, ctx: Context, person: PersonKey, pending: Identity, mailed: Secrets
) -> None:
    for _ in range(2):
        assert desk.recovery.open(mailed.link, "", HERE).state is TokenAnswer.LIVE
    assert making.account_behind(ctx, person).state is IdentityState.PENDING
    assert activate(desk, mailed).questions
    assert making.account_behind(ctx, person).state is IdentityState.ACTIVE
    is_told(desk, mailed, TokenAnswer.USED)


def test_of_two_people_with_one_link_one_activates_and_the_other_hears_it(
    desk: Desk, mailed: Secrets, at_once: Callable[..., list[Any]]
) -> None:
    passwords = [Secret("walnut river eleven sky"), Secret("eleven green lanterns north")]
    for _ in passwords:
        assert desk.recovery.open(mailed.link, "", HERE).state is TokenAnswer.LIVE
    outcomes = at_once(*(lambda new=new: activate(desk, mailed, new) for new in passwords))
    (won,) = (number for number, outcome in enumerate(outcomes) if isinstance(outcome, PasswordChosen))
    assert getattr(outcomes[1 - won], "sentence", outcomes) == ENDED[TokenAnswer.USED]
    assert desk.sign_in.sign_in("RAY-919", USER, passwords[won], HERE)
    with pytest.raises(WrongCredentials):
        desk.sign_in.sign_in("RAY-919", USER, passwords[1 - won], HERE)


def test_after_a_resend_only_the_newest_mail_works(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, person: PersonKey, pending: Identity, mailed: Secrets
) -> None:
    clock.advance(minutes=5)
    desk.accounts.resend_welcome(ray.admin, person)
    is_told(desk, mailed, TokenAnswer.SUPERSEDED)
    assert activate(desk, making.sent_secrets(ctx, pending))


def test_after_the_address_changed_the_old_mail_is_dead_and_the_next_one_goes_to_the_new_address(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, person: PersonKey, pending: Identity, mailed: Secrets
) -> None:
    correct_address(desk, ray, person, NEW_ADDRESS)
    assert desk.recovery.open(mailed.link, "", HERE).state is TokenAnswer.REVOKED
    with pytest.raises(Refused, match="withdrawn"):
        activate(desk, mailed)
    desk.recovery.ask_fresh(mailed.link, "", HERE)
    newest = making.mails(ctx, pending)[-1]
    assert (newest.purpose, newest.to_address) == (MailPurpose.WELCOME, NEW_ADDRESS)
    assert activate(desk, making.sent_secrets(ctx, pending)).user_name == NEW_ADDRESS
    assert making.account_behind(ctx, person).state is IdentityState.ACTIVE


def test_after_72_hours_it_is_over_and_another_one_is_had_by_asking(
    desk: Desk, ctx: Context, clock: ManualClock, person: PersonKey, pending: Identity, mailed: Secrets
) -> None:
    clock.advance(hours=72, seconds=-1)
    assert desk.recovery.open(mailed.link, "", HERE).state is TokenAnswer.LIVE
    clock.advance(seconds=1)
    is_told(desk, mailed, TokenAnswer.EXPIRED)
    desk.recovery.ask_fresh(mailed.link, "", HERE)
    assert activate(desk, making.sent_secrets(ctx, pending))
    assert making.account_behind(ctx, person).state is IdentityState.ACTIVE


def test_somebody_deactivated_between_opening_and_choosing_is_told_so(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, person: PersonKey, pending: Identity, mailed: Secrets
) -> None:
    assert desk.recovery.open(mailed.link, "", HERE).state is TokenAnswer.LIVE
    desk.accounts.deactivate(ray.admin, person, "left")
    is_told(desk, mailed, TokenAnswer.REVOKED)
    assert making.account_behind(ctx, person).state is IdentityState.DEACTIVATED
    desk.accounts.reactivate(ray.admin, person, "a mistake")
    is_told(desk, mailed, TokenAnswer.REVOKED)
    clock.advance(minutes=5)
    desk.accounts.resend_welcome(ray.admin, person)
    assert activate(desk, making.sent_secrets(ctx, pending))


def test_somebody_deactivated_between_the_password_and_the_questions_does_not_come_in(
    desk: Desk, ray: MadeAgency, person: PersonKey, mailed: Secrets
) -> None:
    activate(desk, mailed)
    actor = desk.sign_in.sign_in("RAY-919", USER, PASSWORD, HERE)
    assert desk.onboarding.owed(actor) == Owed(questions=True)
    desk.accounts.deactivate(ray.admin, person, "left")
    with pytest.raises(SignedOut, match="deactivated"):
        desk.onboarding.begin(actor)
    with pytest.raises(WrongCredentials):
        desk.sign_in.sign_in("RAY-919", USER, PASSWORD, HERE)


def test_a_welcome_mail_that_bounces_shows_in_the_table_until_another_address_is_tried(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, person: PersonKey
) -> None:
    with SmtpServer() as server:
        server.on(Stage.RCPT, "550 no such user", address=USER)
        desk.accounts.create_and_welcome(ray.admin, person)
        Delivery(with_server(ctx, server)).run_once()
    assert in_the_table(desk, ray, person) == "▲ mail failed"
    assert "failed: no such user" in desk.people.panel(ray.admin, person).causes[0].words
    correct_address(desk, ray, person, NEW_ADDRESS)
    assert in_the_table(desk, ray, person) == "◐ not activated"
    clock.advance(minutes=5)
    desk.accounts.resend_welcome(ray.admin, person)
    opening = [mail for mail in making.mails(ctx, making.account_behind(ctx, person)) if mail.purpose in OPENING_MAIL]
    assert [mail.to_address for mail in opening] == [USER, NEW_ADDRESS]
