"""Two-step sign-in in real terminals, on both engines: set up at the first sign-in, and asked for ever after."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from services.desk import Desk
from tests import making
from tests.enrolling import App, app_behind
from tests.making import PASSWORD
from tests.services.smtp_server import SmtpServer
from tests.surfaces.playing import desk_of, fill, mail_to, sign_in
from tests.surfaces.term import Term

CODE = "RAY-919"
ADMIN = "sue@raystaging.example.com"


@pytest.fixture
def earlier(environment: dict[str, str]) -> Desk:
    """The desk ten minutes ago: an agency whose staff must have a second factor."""
    desk = desk_of(environment, earlier=True)
    making.make_agency(desk, factor="rights")
    return desk


def now(app: App, steps: int = 0) -> str:
    return app.code(datetime.now(UTC), steps).reveal()


def sign_out(person: Term) -> None:
    person.key("q").expect("Sign out").settle(0.3, 5)
    person.key("y").expect("Sign in with your account", 20)


@pytest.mark.slow
def test_it_is_set_up_at_the_first_sign_in_and_takes_a_code_or_a_recovery_code_from_then_on(
    earlier: Desk, terminal: Callable[..., Term], post: SmtpServer
) -> None:
    person = terminal(80, 24)
    person.expect("Sign in with your account")
    fill(person, CODE, ADMIN, PASSWORD.reveal())
    person.key("enter").expect("Second step  Step 1 of 2", 30)
    person.key("f2").expect("Scan the picture", 20)
    app = app_behind(earlier.ctx, 1)
    for at in range(0, 32, 4):
        assert person.has(app.key[at : at + 4])
    assert not person.has(app.key)

    # Killed before the code: nothing counts yet, and the next sign-in begins the step anew with another key.
    person.process.terminate(force=True)
    person = terminal(80, 24)
    sign_in(person, PASSWORD.reveal())
    person.expect("Second step  Step 1 of 2", 30)
    person.key("f2").expect("Scan the picture", 20)
    app, before = app_behind(earlier.ctx, 1), app
    assert app.key != before.key
    person.type(now(app))
    person.key("enter").expect("Keep these recovery codes", 20).settle(0.3, 5)
    recovery = re.findall(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){5}", person.text)
    assert len(set(recovery)) == 10
    person.type(" ")
    person.key("enter").expect("Your account is set up.", 20)
    person.key("enter").expect("Clients", 30)
    mail_to(post, ADMIN, 1, "An authenticator app was set up")
    sign_out(person)

    # The password alone opens nothing; a code used already neither; the next one does.
    person.type(PASSWORD.reveal())
    person.key("enter").expect("the code of your app", 30)
    person.key("esc").expect("Sign in with your account", 20).settle(0.3, 5)
    person.type(PASSWORD.reveal())
    person.key("enter").expect("the code of your app", 30)
    person.type(now(app, -1))
    person.key("enter").expect("This code is not right", 20)
    person.type(now(app, 1))
    person.key("enter").expect("Clients", 30)
    sign_out(person)

    # Without the phone: a recovery code, once.
    for again in (False, True):
        person.type(PASSWORD.reveal())
        person.key("enter").expect("the code of your app", 30).settle(0.3, 5)
        person.type(recovery[4].lower())
        if again:
            person.key("enter").expect("This code is not right", 20)
        else:
            person.key("enter").expect("Clients", 30)
            sign_out(person)
    assert "Codes left: 9." in " ".join(mail_to(post, ADMIN, 2, "A recovery code was used").split())
