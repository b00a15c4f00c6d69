"""A temporary password from the desk to its owner's first steps: real terminals, a real SMTP server, both engines."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable

import pytest

from services.desk import Desk
from tests import making
from tests.making import PASSWORD
from tests.services.smtp_server import SmtpServer
from tests.surfaces.playing import answer_questions, desk_of, fill, mail_to
from tests.surfaces.term import Term

CODE = "RAY-919"
ADMIN = "sue@raystaging.example.com"
USER = "brent@mortgageclient.example.com"
OWN = "seven plum orbits a candle"


@pytest.fixture
def earlier(environment: dict[str, str]) -> Desk:
    """The desk ten minutes ago: an agency, and a client whose welcome mail nobody ever opened."""
    desk = desk_of(environment, earlier=True)
    ray = making.make_agency(desk)
    brent = making.give_account(desk, ray.admin, making.make_client(desk, ray.agency), password=None)
    with desk.ctx.unit():
        making.secure(desk.ctx, brent, secured=False)
    desk.sign_in.sign_out(ray.admin)
    return desk


@pytest.mark.slow
def test_a_temporary_password_leads_through_every_step_and_a_killed_program_goes_on_at_the_right_one(
    earlier: Desk, terminal: Callable[..., Term], post: SmtpServer
) -> None:
    # Staff send it, and read nowhere what it is.
    desk = terminal(120, 40)
    desk.expect("Sign in with your account")
    fill(desk, CODE, ADMIN, PASSWORD.reveal())
    desk.key("enter").expect("Brent Thomas", 30)
    desk.key("t").expect("temporary password?")
    desk.key("enter")
    mail = mail_to(post, USER, 2, "sends you a temporary password")
    found = re.search(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b", mail)
    assert found, mail
    temporary = found[0]
    desk.absent(temporary)

    # It opens the first steps, and nothing else; it cannot become the new password.
    person = terminal(80, 24)
    person.expect("Sign in with your account")
    person.key("shift+tab")
    for _ in range(60):
        person.send("\x7f")
    fill(person, USER, temporary.lower())
    person.key("enter").expect("Welcome to Ray Staging, Brent Thomas.", 30)
    person.key("f2").expect("Tick the box")
    person.type(" ")
    person.key("f2").expect("New password", 20)
    fill(person, temporary, temporary)
    person.key("f2").expect("This is the temporary", 20)
    for _ in range(2):
        for _ in range(30):
            person.send("\x7f")
        person.type(OWN)
        person.key("tab")
    person.key("f2").expect("Cell number", 20)

    # The program is killed, and the next one goes on where this one was.
    person.process.kill(signal.SIGKILL)
    person = terminal(80, 24)
    person.expect("Sign in with your account")
    person.type(temporary)
    person.key("enter").expect("do not belong together", 30)
    # The wait may be shown a moment after the refusal; what is typed during it is not heard.
    for _ in range(3):
        if not person.has("Contact  Step 1 of 5"):
            person.settle(0.5, 5)
            person.absent("0:0", 30)
            person.type(OWN)
            person.key("enter").settle(1.0, 20)
    person.expect("Contact  Step 1 of 5", 30)
    person.type("519 555 0168")
    person.key("enter")
    answer_questions(person)
    person.expect("Welcome, Brent Thomas", 30)

    # The desk sees what became of it.
    desk.expect("● active", 20)
    desk.key("h").expect("signed in with a temporary", 20)
    desk.expect("answered the security questions")
