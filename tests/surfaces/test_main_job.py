"""The main job from end to end, as people do it: real terminals, a real SMTP server, both engines."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from tests.places import DATA
from tests.services.smtp_server import SmtpServer
from tests.surfaces.playing import answer_questions, code_in, fill, link_in, mail_to, open_mail, set_up_app, sign_in
from tests.surfaces.term import Term

CLIENTS = DATA / "clients.csv"
ADMIN_PASSWORD = "a quiet harbour at dawn"
FIRST_PASSWORD = "seven plum orbits a candle"
SECOND_PASSWORD = "eleven green lanterns north"


def set_up(desk: Term) -> None:
    desk.expect("Set up your agency")
    desk.key("1")
    desk.expect("Company code")
    fill(desk, "Ray Staging", "919236")
    desk.key("f2").expect("Street")
    fill(desk, "120 Christina St N", "Sarnia ON", "519 555 0168", "office@ray-staging.example.com")
    desk.key("f2").expect("First name")
    fill(desk, "Sue", "Wright", "sue@ray-staging.example.com")
    desk.key("f2").expect("New password")
    fill(desk, ADMIN_PASSWORD, ADMIN_PASSWORD)
    desk.key("f2").expect("Step 5 of 5")
    desk.key("f2").expect("Clients 0", 30)


@pytest.mark.slow
def test_from_a_client_list_to_a_person_who_is_signed_in_again(
    terminal: Callable[..., Term],
    command: Callable[..., subprocess.CompletedProcess[str]],
    post: SmtpServer,
) -> None:
    # The agency is set up, and the administrator lands in an empty desk.
    desk = terminal(80, 24)
    set_up(desk)
    desk.key("ctrl+q").gone()

    # A client list is uploaded; the second time changes nothing.
    first = command("import", "clients", str(CLIENTS))
    assert (first.returncode, "1,204 added" in first.stdout) == (0, True), first.stdout + first.stderr
    assert "0 added, 0 changed, 1,204 unchanged" in command("import", "clients", str(CLIENTS)).stdout

    # Code and user name are remembered; the password is enough. Now the administrator too owes an authenticator app
    # and security questions.
    desk = terminal(120, 40)
    sign_in(desk, ADMIN_PASSWORD)
    set_up_app(desk)
    answer_questions(desk)
    desk.expect("Clients 1,204", 30)

    # Found while typing, in any order of the words.
    desk.keys("/").type("thom bre")
    desk.expect("1 of 1,204")
    desk.key("enter").expect("e Edit").expect("no account yet")

    # An account is created; the welcome mail leaves through the server.
    desk.key("w").expect("Create and send")
    desk.key("enter")
    mail_to(post, "sue@ray-staging.example.com", 1, "An authenticator app was set up")
    welcome = mail_to(post, "brent@mortgageclient.com", 2, "Activate my account")
    assert "919236" in welcome
    assert "120 Christina St N" in welcome
    desk.expect("not activated")
    desk.expect("sent")

    # The client types the code, slips with look-alike signs, and chooses a password.
    person = terminal(80, 24)
    open_mail(person, code_in(welcome).replace("0", "o").replace("1", "l"), "brent@mortgageclient.com", FIRST_PASSWORD)
    person.expect("Please log in and configure your")
    sign_in(person, FIRST_PASSWORD)
    answer_questions(person)
    person.expect("Welcome, Brent Thomas", 30)

    # The address turns out to be wrong: two keys lead to the form, the consequences are told first.
    desk.expect("● active")
    desk.key("r").expect("Wrong e-mail address")
    desk.key("w").expect("Edit Brent Thomas")
    for _ in range(60):
        desk.send("\x7f")
    desk.type("brent.thomas@example.org")
    desk.key("f2").expect("The user name becomes brent.thomas@example.org")
    desk.key("y").expect("Verify the caller").key("o").expect("How do you know").type("at the counter, with a passport")
    desk.key("enter").expect("has been changed", 20)
    desk.settle()
    desk.key("enter")
    reset = mail_to(post, "brent.thomas@example.org", 5, "#reset=")
    assert sorted(post.addresses()) == [
        "brent.thomas@example.org",
        "brent.thomas@example.org",
        "brent@mortgageclient.com",
        "brent@mortgageclient.com",
        "sue@ray-staging.example.com",
    ]

    # The client's session has ended; the whole link pasted opens the door again.
    person.key("p")
    person.expect("Signed out")
    person.key("enter")
    open_mail(person, link_in(reset), "", SECOND_PASSWORD)
    person.expect("brent.thomas@example.org")
    sign_in(person, "not the password")
    person.expect("do not belong together", 30)
    # The wait may be shown a moment after the refusal; what is typed during it is not heard.
    for _ in range(3):
        if not person.has("Welcome, Brent Thomas"):
            person.settle(0.5, 5)
            person.absent("0:0", 30)
            sign_in(person, SECOND_PASSWORD)
            person.settle(1.0, 20)
    person.expect("Welcome, Brent Thomas", 30)

    # The trail and the history have all of it, failures too.
    desk.expect("used", 20)
    desk.key("h").expect("chose a password")
    desk.expect("tried to sign in")
    desk.expect("changed the e-mail address")
