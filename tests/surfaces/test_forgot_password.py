"""Forgot password in two mails, and a change of address undone: real terminals, a real SMTP server, both engines."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from models.client import Client
from services import email_change
from services.desk import Desk
from services.rules import clean_email
from tests import enrolling, making, recovering
from tests.making import PASSWORD, MadeAgency
from tests.services.smtp_server import SmtpServer
from tests.surfaces.playing import code_in, desk_of, fill, link_in, mail_to, sign_in
from tests.surfaces.term import Term

CODE = "RAY-919"
USER = "brent@mortgageclient.example.com"
THIEF = "brent@elsewhere.example.org"
OWN = "seven plum orbits a candle"


@pytest.fixture
def earlier(environment: dict[str, str]) -> Desk:
    """The desk ten minutes ago."""
    return desk_of(environment, earlier=True)


@pytest.fixture
def ray(earlier: Desk) -> MadeAgency:
    """An agency that confirms a reset by a first mail."""
    return making.make_agency(earlier, reset_mails=2)


@pytest.mark.slow
def test_from_a_forgotten_password_to_a_person_who_is_signed_in(
    earlier: Desk, ray: MadeAgency, terminal: Callable[..., Term], post: SmtpServer
) -> None:
    brent = making.give_account(earlier, ray.admin, making.make_client(earlier, ray.agency))
    recovering.answer(earlier.ctx, brent)
    app = enrolling.enrol(earlier.ctx, brent.id)

    # The address twice, and the first mail.
    person = terminal(80, 24)
    person.expect("Sign in with your account")
    person.key("f3").expect("Confirm e-mail").settle(0.2, 10)
    fill(person, USER, USER)
    person.key("f2").expect("Look into your mailbox", 20)
    person.key("enter").expect("type its code").settle(0.2, 10)
    first = mail_to(post, USER, 1, "Confirm that it was you")

    # The first mail leads through everything that is asked, and wrong answers wait.
    person.paste(link_in(first))
    person.key("f2").expect("Step 1 of 3", 20)
    person.key("f2").expect("Step 2 of 3", 20)
    fill(person, "Elm Street", "Hillside", "Max")
    person.key("f2").expect("These answers are not right.", 20)
    person.absent("Next try in", 30)
    for _ in range(3):
        person.send("\x7f")
    person.type("rex")
    person.key("f2").expect("Step 3 of 3", 20)
    person.type("000000").key("f2").expect("This code is not right", 20)
    assert len(post.received) == 1
    person.type(app.code(datetime.now(UTC)).reveal()).key("f2").expect("A temporary password is on its way", 20)

    # The second mail brings a temporary password, which opens nothing but the first steps.
    second = mail_to(post, USER, 2, "This is a temporary password")
    found = re.search(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b", second)
    assert found, second
    person.settle(0.2, 10)
    person.type(found[0]).key("enter").expect("authenticator app", 30).settle(0.2, 10)
    person.type(app.code(datetime.now(UTC), 1).reveal()).key("enter").expect(
        "Welcome to Ray Staging, Brent Thomas.", 30
    )
    person.type(" ")
    person.key("f2").expect("New password", 20)
    fill(person, OWN, OWN)
    person.key("f2").expect("Cell number", 20)
    person.key("enter").expect("Your account is set up.", 30)
    person.key("enter").expect("Welcome, Brent Thomas", 30)
    mail_to(post, USER, 3, "was changed on")


@pytest.mark.slow
def test_the_old_address_takes_its_account_back(
    earlier: Desk, ray: MadeAgency, terminal: Callable[..., Term], post: SmtpServer
) -> None:
    client = making.make_client(earlier, ray.agency)
    making.give_account(earlier, ray.admin, client)
    new = clean_email(THIEF)
    with earlier.ctx.unit():
        Client.update(email=new.address, email_key=new.key).where(Client.id == client.id).execute()
        email_change.email_changed(earlier.ctx, ray.admin, client, new)

    # Whoever had the address changed is signed in under it.
    thief = terminal(80, 24)
    thief.expect("Sign in with your account").settle(0.2, 10)
    fill(thief, CODE, THIEF, PASSWORD.reveal())
    thief.key("enter").expect("Welcome, Brent Thomas", 30)
    notice = mail_to(post, USER, 2, "Undo the change")
    assert THIEF not in notice

    # The owner types the code of the notice, sees who did what, and undoes it.
    owner = terminal(80, 24)
    owner.expect("Sign in with your account").settle(0.2, 10)
    owner.key("f4").expect("type its code").settle(0.2, 10)
    fill(owner, code_in(notice), "")
    for _ in range(60):
        owner.send("\x7f")
    owner.type(USER)
    owner.key("f2").expect("The e-mail address of your account was changed", 20)
    owner.expect("b••••@elsewhere.example.org").expect("Sue Wright")
    owner.key("f2").expect("Your address is back", 20)
    owner.key("enter").expect("Confirm e-mail", 20)
    owner.key("esc").settle(0.5, 10)
    owner.expect("Sign in with your account", 20)
    released = mail_to(post, THIEF, 4, "was undone by")
    assert USER not in released

    # The other one is out and stays out.
    thief.key("p").expect("Signed out", 20)
    thief.key("enter")
    sign_in(thief, PASSWORD.reveal())
    thief.expect("do not belong together", 30)
    sign_in(owner, PASSWORD.reveal())
    owner.expect("Welcome, Brent Thomas", 30)
