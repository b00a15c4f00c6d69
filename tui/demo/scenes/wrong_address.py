"""A welcome mail that came back: why, the right address with its consequences first, and the mail again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from services.desk import Desk
from services.errors import NotFound
from services.sandbox import people
from services.sandbox.past import ago
from services.sandbox.people import SUPERVISOR
from services.sandbox.population import arrive, give_account
from tui.demo.scene import Await, Mark, Part, Pause, Place, Press, ReadMail, Say, Scene, Show
from tui.demo.scenes.beats import NEW_PASSWORD, answer_for_the_first_time, choose_password, find, instead, sign_in

RIGHT = "brittany.brown@example.ca"
WRONG = "britanny.brown@wrong.example"


IN = ("emmanuel.brown@example.com", "ida.brown53@mail.example.org")
WAITING = "jane.brown40@example.net"
GONE = "filipa.brown52@mail.example.org"


def prepare(desk: Desk) -> None:
    """Brittany Brown's address was mistyped in the upload, and her welcome mail bounces; others of her name are in."""
    actor = people.acting(desk)
    client = desk.clients.find_by_email(actor, RIGHT)
    if client is None:
        raise NotFound("Brittany Brown is not in the list of this sandbox.")
    with ago(desk, timedelta(days=9)):
        for email in (*IN, GONE):
            give_account(desk, email)
            arrive(desk, email)
        desk.accounts.deactivate(actor, people.person(desk, GONE), "has moved to another lender")
    with ago(desk, timedelta(hours=2)):
        give_account(desk, WAITING)
        desk.clients.save(actor, client.id, client.version, replace(client.fields, email=WRONG))
        give_account(desk, WRONG)


SCENE = Scene(
    key="2",
    name="wrong e-mail address",
    summary="Brittany Brown's welcome mail came back. Sue sees why, corrects the address, and sends it again.",
    prepare=prepare,
    signed_in=SUPERVISOR,
    parts=(
        Part(
            "Why can't she get in?",
            "Brittany calls: no mail has come. Search for “bro” with /, Enter; her row says that mail failed.\n"
            "Press y: the cause, in words, and the one key that mends it.",
            (
                Await("Clients"),
                Say("Brittany Brown is on the telephone: she waits for her welcome mail."),
                *find("bro", "▲ mail failed"),
                Say("▲ mail failed: the state is told by sign and word, never by colour alone."),
                Mark("desk"),
                Press(("y",)),
                Await("Why can't Brittany Brown get in?"),
                Say("Key y names the cause: the mail server knows no such user. And the key that mends it."),
                Mark("why"),
            ),
        ),
        Part(
            "The right address, with its consequences first",
            "Enter opens the form at the address. ctrl+u clears the field; type the right one and press F2.\n"
            "Before anything is saved, the desk says what follows: read it aloud. y saves it, Enter closes.",
            (
                Press(("enter",)),
                Await("Edit Brittany"),
                Say("Enter opens the form at the address. Sue types the right one."),
                *instead(RIGHT),
                Press(("f2",)),
                Await("Change the e-mail address?"),
                Say("Before it is saved, Sue reads what follows: the user name changes, and old links die."),
                Mark("consequences"),
                Press(("y",)),
                Await("has been changed to"),
                Press(("enter",)),
                Await("e Edit"),
            ),
        ),
        Part(
            "The mail goes again",
            "r and Enter send it: for somebody not activated yet that is the welcome mail.\n"
            "ctrl+t m: Enter reads it, and Enter clicks its link.",
            (
                Say("Two keys send it again: r, and Enter for the reason that fits."),
                Press(("r",)),
                Await("a reset?"),
                Mark("reset-reasons"),
                Press(("enter",)),
                Await("is on its way to"),
                Say("The older link is dead, the newest one wins. This one arrives."),
                ReadMail(RIGHT, "Activate"),
                Pause(2),
                ReadMail(RIGHT, "Activate", follow=True),
                Await("Activate your account"),
            ),
        ),
        Part(
            "Brittany gets in",
            "In her browser she chooses a password, signs in and answers her questions.\nctrl+t d: she is active.",
            (
                Say("Brittany opens it and chooses a password."),
                *choose_password(),
                *sign_in(NEW_PASSWORD, "Question 1  Step"),
                *answer_for_the_first_time(),
                Await("Welcome, Brittany Brown"),
                Show(Place.DESK),
                Await("● active"),
                Say("The desk shows it at once: active. The call is over."),
                Mark("mended"),
                Pause(2),
            ),
        ),
    ),
)
