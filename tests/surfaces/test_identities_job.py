"""From the accounts of an old system to identities, in real terminals, by a real SMTP server, on both engines."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from tests.places import DATA
from tests.services.smtp_server import SmtpServer
from tests.surfaces.playing import answer_questions, code_in, fill, mail_to, open_mail, set_up_app, sign_in
from tests.surfaces.term import Term

STAFF = DATA / "office-staff.csv"
LEGACY = DATA / "legacy-users.csv"
KEY = "HTK4-92QX-7MDP-55TZ"
RAY = "ray@hometraksupport.example"
FRANK = "frank.jones@hometraksupport.example"
RAYS_PASSWORD = "seven plum orbits a candle"
FRANKS_PASSWORD = "eleven green lanterns north"


def by_access_key(screen: Term, user_name: str, office: str) -> None:
    screen.expect("Sign in with your account")
    screen.key("f5").expect("accounts of the old system")
    fill(screen, KEY, user_name, f"legacy-{user_name}", office)
    screen.key("f2")


@pytest.mark.slow
def test_from_the_access_key_to_an_identity_of_ones_own_and_then_everybodys(
    terminal: Callable[..., Term], command: Callable[..., subprocess.CompletedProcess[str]], post: SmtpServer
) -> None:
    founded = command("init", "--agency", "Ray Staging", "--code", "919236", "--admin", "sue@ray-staging.example.com")
    assert founded.returncode == 0, founded.stderr
    # The lists are taken in; the second time changes nothing.
    assert "20 added" in command("import", "staff", str(STAFF)).stdout
    assert "0 added, 0 changed, 20 unchanged" in command("import", "staff", str(STAFF)).stdout
    assert "added" in command("import", "legacy", str(LEGACY)).stdout
    assert "0 added, 0 changed" in command("import", "legacy", str(LEGACY)).stdout

    # The first administrator comes in by the old door, and begins with the own identity.
    desk = terminal()
    by_access_key(desk, "Ray", "HomeTrak Software")
    desk.expect("Office staff", 30)
    desk.key("2").expect("Ray Ellison", 20)
    desk.key("/").type("ellison").expect("1 of 21", 20)
    desk.key("enter").key("i").expect("Step 1 of 4", 20)
    desk.key("f4").key("f2").expect("Step 2 of 4", 20)
    desk.key("f2").expect("Migrate it?", 20)
    desk.key("f2").expect("Step 4 of 4", 20)
    desk.key("f2").expect("Are you sure?", 20)
    desk.key("y").expect("The account of Ray Ellison is created", 30)
    desk.expect("migrated: Ray", 20)
    desk.expect("● sent", 30)
    # The old session is over; the dialog that says so may already lie above the one that told of the mail.
    for _ in range(4):
        if not desk.has("Sign in with your account"):
            desk.key("enter").settle(0.5, 20)

    # The link's code, a password, three questions: the desk opens, with the new account.
    post.wait_until(lambda: RAY in post.addresses())
    code = code_in(mail_to(post, RAY, 1, "Activate my account"))
    open_mail(desk, code, RAY, RAYS_PASSWORD)
    desk.expect("Please log in and configure your", 20)
    sign_in(desk, RAYS_PASSWORD)
    set_up_app(desk)
    answer_questions(desk)
    desk.expect("Ray Ellison · administrator", 30)

    # All active staff at once.
    desk.key("2").expect("Stacey Holland", 20)
    desk.key("b").expect("ready to be created", 30)
    desk.key("f2").expect("created, and as many mails", 20)
    desk.key("y").expect("✓ Done.", 60)
    desk.key("esc").expect("Frank Jones", 20)

    # One of them is activated to the end, and the old door is closed for that person.
    post.wait_until(lambda: FRANK in post.addresses())
    code = code_in(mail_to(post, FRANK, 1, "Activate my account"))
    person = terminal()
    open_mail(person, code, FRANK, FRANKS_PASSWORD)
    person.expect("Please log in and configure your", 20)
    sign_in(person, FRANKS_PASSWORD)
    set_up_app(person)
    answer_questions(person)
    person.expect("Frank Jones · agent", 30)
    person.key("q").expect("Sign out?", 20)
    person.key("y")
    by_access_key(person, "fjones", "Ray Staging")
    person.expect("This account has moved", 30)

    # The board shows who is over.
    desk.key("1").key("2").expect("● active", 30)
