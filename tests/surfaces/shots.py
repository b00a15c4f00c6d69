"""`make shots`: plays through every screen in real terminals and draws each at 80x24 and 120x40 into shots/.

The picture of the README is one of them, so that it can never be out of date.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.places import ROOT
from tests.services.smtp_server import SmtpServer, Stage
from tests.surfaces import newcomer_shots
from tests.surfaces.term import Term

SHOTS = ROOT / "shots"
DATA = ROOT / "tests" / "data"
TRAKDESK = str(Path(sys.executable).with_name("trakdesk"))
SIZES = ((80, 24), (120, 40))
ADMIN = "a quiet harbour at dawn"
PERSON = "seven plum orbits a candle"

Shoot = Callable[[str], None]


class Play:
    """One desk of its own, played at one size."""

    def __init__(self, home: Path, size: tuple[int, int], post: SmtpServer) -> None:
        self.size = size
        self.post = post
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ},
            "HOME": str(home),
            "TZ": "UTC",
            "TRAKDESK_HOME": str(home / "desk"),
            "TRAKDESK_PUBLIC_URL": "https://access.example.com",
        }

    def with_mail(self) -> None:
        """From now on mail leaves through the server."""
        self.environment |= {
            "TRAKDESK_MAIL_HOST": "127.0.0.1",
            "TRAKDESK_MAIL_PORT": str(self.post.port),
            "TRAKDESK_MAIL_SECURITY": "none",
            "TRAKDESK_MAIL_FROM_ADDRESS": "desk@ray-staging.example.com",
        }

    def command(self, *words: str) -> None:
        """Run a command to its end."""
        subprocess.run([TRAKDESK, *words], env=self.environment, check=False, capture_output=True)

    @contextmanager
    def terminal(self) -> Iterator[tuple[Term, Shoot]]:
        """The desk in a terminal, and the way to draw it."""
        columns, rows = self.size
        with Term([TRAKDESK], columns, rows, env=self.environment) as term:

            def shoot(name: str) -> None:
                term.settle(0.6, 6)
                term.png(str(SHOTS / f"{name}-{columns}x{rows}.png"))

            yield term, shoot


def main() -> None:
    """Draw everything anew."""
    shutil.rmtree(SHOTS, ignore_errors=True)
    SHOTS.mkdir()
    for size in SIZES:
        with tempfile.TemporaryDirectory() as home, SmtpServer() as post:
            play(Play(Path(home), size, post))
    shutil.copy(SHOTS / "desk-panel-120x40.png", ROOT / "docs" / "desk.png")
    print(f"{len(list(SHOTS.iterdir()))} pictures in {SHOTS}")


def play(stage: Play) -> None:
    """Every screen, in the order in which a desk comes to life."""
    first_run(stage)
    stage.command("import", "clients", str(DATA / "clients-messy-excel.csv"))
    stage.command("import", "clients", str(DATA / "clients.csv"))
    code = desk_without_mail_server(stage)
    person(stage, code)
    stage.with_mail()
    desk(stage)
    outsider(stage)
    newcomer_shots.play(stage.environment, stage.terminal)


def first_run(stage: Play) -> None:
    """The first screen and the wizard, with an error on the way."""
    with stage.terminal() as (term, shoot):
        term.expect("Set up your agency", 20)
        shoot("first-run")
        term.key("1").expect("Company code")
        term.key("f2")
        shoot("setup-agency-errors")
        term.type("Ray Staging").key("tab").type("919236")
        shoot("setup-agency")
        term.key("f2").expect("Street")
        for number, value in enumerate(("120 Christina St N", "Sarnia ON", "519 555 0168", "office@ray.example.com")):
            if number:
                term.key("tab")
            term.type(value)
        shoot("setup-contact")
        term.key("f2").expect("First name")
        for number, value in enumerate(("Sue", "Wright", "sue@ray.example.com")):
            if number:
                term.key("tab")
            term.type(value)
        term.key("f2").expect("New password")
        term.type("919236919236")
        shoot("setup-password-refused")
        for _ in range(20):
            term.send("\x7f")
        term.type(ADMIN).key("tab").type(ADMIN)
        shoot("setup-password")
        term.key("f2").expect("Step 5 of 5")
        shoot("setup-review")
        term.key("f2").expect("Clients 0", 30)
        shoot("desk-empty")
        term.key("?")
        shoot("help")


def signed_in(term: Term, password: str, wanted: str) -> None:
    """From the sign-in form, which remembers the rest, to what comes behind it."""
    term.expect("Sign in with your account", 20)
    term.type(password).key("enter")
    term.expect(wanted, 30)


def first_steps(term: Term, shoot: Shoot | None = None) -> None:
    """The security questions behind a first sign-in."""
    for number, answer in enumerate(("Elm Street", "Hillside", "Miss Honey"), 1):
        term.expect(f"Question {number}  Step", 30)
        if shoot is not None and number == 1:
            shoot("questions")
        term.key("enter").type(answer)
        if shoot is not None and number == 1:
            shoot("questions-answered")
        term.key("enter")
    term.expect("Your account is set up.", 30)
    if shoot is not None:
        shoot("questions-done")
    term.key("enter")


def find(term: Term, words: str) -> None:
    """Search for somebody and go to the list."""
    term.key("/")
    for _ in range(40):
        term.send("\x7f")
    term.type(words)
    term.expect("1 of 1,2", 20)
    term.key("enter").expect("e Edit")
    term.settle(0.4, 4)


def to_list(term: Term) -> None:
    """Clear the search, then leave it."""
    for _ in range(2):
        term.key("esc").settle(0.5, 3)


def desk_without_mail_server(stage: Play) -> str:
    """The list, an account, and the mail in the built-in mailbox; gives the code that stands in it."""
    with stage.terminal() as (term, shoot):
        signed_in(term, ADMIN, "Question 1")
        first_steps(term)
        term.expect("Clients 1,210", 30)
        shoot("desk")
        find(term, "brent thomas")
        term.key("w").expect("Create and send")
        shoot("welcome")
        term.key("enter").expect("not activated", 20)
        shoot("welcome-sent")
        term.key("3")
        term.expect("brent@", 20)
        shoot("mail")
        term.key("enter").expect("Hello Brent", 20)
        shoot("mail-message")
        found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", term.text)
        for _ in range(12):
            if found:
                break
            term.key("pgdn")
            found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", term.text)
        assert found, term.text
        return found[0]


def person(stage: Play, code: str) -> None:
    """Somebody with a code: choose a password, sign in, change it."""
    with stage.terminal() as (term, shoot):
        term.expect("Sign in with your account", 20)
        term.key("f4").expect("type its code")
        shoot("link-or-code")
        term.type("AAAA-AAAA").key("tab")
        for _ in range(40):
            term.send("\x7f")
        term.type("brent@mortgageclient.com").key("f2")
        term.settle(1.0, 5)
        shoot("link-or-code-wrong")
        for _ in range(12):
            term.send("\x7f")
        term.type(code).key("f2").expect("New password", 20)
        shoot("choose-password")
        term.type(PERSON).key("tab").type("something else").key("f2")
        shoot("choose-password-differs")
        for _ in range(20):
            term.send("\x7f")
        term.type(PERSON).key("f2").expect("Your password has been set.", 20)
        shoot("password-set")
        signed_in(term, PERSON, "Question 1")
        first_steps(term, shoot)
        term.expect("Welcome, Brent Thomas", 30)
        shoot("client-home")
        term.key("p").expect("Current", 20)
        shoot("change-password")


def desk(stage: Play) -> None:
    """Everything that staff do."""
    with stage.terminal() as (term, shoot):
        # The form remembers the person who signed in last; the administrator types over it.
        term.expect("Sign in with your account", 20)
        term.key("shift+tab")
        for _ in range(40):
            term.send("\x7f")
        term.type("sue@ray.example.com").key("tab").type(ADMIN).key("enter")
        term.expect("Clients 1,210", 30)
        term.key("/").type("bro")
        term.expect("of 1,210")
        shoot("search")
        shoot("desk-panel")
        to_list(term)
        term.keys("/").type("zzzz")
        term.expect("Nobody", 20)
        shoot("search-nobody")
        to_list(term)
        term.key("f")
        shoot("filter")
        term.key("esc").settle(0.5, 3)
        term.key("s")
        shoot("sort")
        term.key("esc").settle(0.5, 3)
        term.key("k")
        shoot("columns")
        term.key("esc").settle(0.5, 3)
        find(term, "bob click")
        shoot("hostile-name")
        term.key("enter")
        shoot("hostile-actions")
        term.key("esc").settle(0.5, 3)
        find(term, "brent thomas")
        term.key("enter").expect("History")
        shoot("actions")
        term.key("esc").settle(0.5, 3)
        term.key("r").expect("Wrong e-mail")
        shoot("reset")
        term.key("esc").settle(0.5, 3)
        term.key("a")
        shoot("reset-address")
        term.key("esc").settle(0.5, 3)
        term.key("d")
        shoot("deactivate-reason")
        term.key("esc").settle(0.5, 3)
        if stage.size[0] < 120:
            term.key("p")
            shoot("person")
            term.key("esc").settle(0.5, 3)
        term.key("h").expect("History of")
        shoot("history")
        term.key("esc").settle(0.5, 3)
        term.key("e").expect("Edit Brent")
        shoot("edit")
        term.key("tab").key("tab")
        for _ in range(40):
            term.send("\x7f")
        term.type("brent@").key("f2")
        shoot("edit-error")
        term.type("example.org").key("f2").expect("The user name becomes", 20)
        shoot("email-change")
        term.key("y").expect("has been changed", 20)
        shoot("email-changed")
        term.key("enter").settle(0.5, 3)
        term.key("n").expect("New client", 20)
        shoot("new-client")
        term.key("esc").settle(0.5, 3)
        stage.post.on(Stage.RCPT, "450 4.2.1 mailbox busy, try later")
        find(term, "cindy baxter")
        term.key("w").expect("Create and send")
        term.key("enter").settle(2.0, 6)
        shoot("mail-deferred")
        term.key("3").settle(1.0, 5)
        shoot("mail-with-server")


def outsider(stage: Play) -> None:
    """The sign-in form and its failures; forgot password; a window that is too small."""
    with stage.terminal() as (term, shoot):
        term.expect("Sign in with your account", 20)
        shoot("sign-in")
        for _ in range(4):
            term.type("wrong").key("enter")
            term.expect("do not belong together", 30)
            term.settle(0.5, 2)
            if "0:0" in term.text:
                shoot("sign-in-wait")
                term.absent("0:0", 30)
        term.key("f3").expect("Confirm")
        shoot("forgot-password")
        term.type("sue@ray.example.co").key("f2")
        shoot("forgot-password-differs")
        term.type("m").key("f2").settle(1.0, 5)
        shoot("forgot-password-asked")
        term.resize(40, 12)
        shoot("too-small")


if __name__ == "__main__":
    main()
