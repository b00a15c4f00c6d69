"""Forgot password in two mails; the temporary password expires before it is used, and the desk sends another."""

from __future__ import annotations

from datetime import timedelta

from services.desk import Desk
from services.sandbox.past import ago
from services.sandbox.people import ANSWERS, SUPERVISOR, mailed_password
from services.sandbox.population import arrive, give_account
from tui.demo.scene import Await, Jump, Mark, Part, Pause, Place, Press, ReadMail, Say, Scene, Show, Type
from tui.demo.scenes.beats import NEW_PASSWORD, find, instead

PERSON = "brent@mortgageclient.com"


def prepare(desk: Desk) -> None:
    """Brent Thomas has had his account for three weeks, and has answered his questions."""
    with ago(desk, timedelta(days=21)):
        give_account(desk, PERSON)
        arrive(desk, PERSON)


def temporary(desk: Desk) -> str:
    """What stands in the newest mail that brings a temporary password."""
    return mailed_password(desk, PERSON)


SCENE = Scene(
    key="3",
    name="forgot password",
    summary="Brent Thomas resets his password by two mails, comes an hour too late, and the desk helps in two keys.",
    prepare=prepare,
    signed_in=SUPERVISOR,
    opens=(Place.PERSON, Place.DESK),
    parts=(
        Part(
            "He asks for a reset",
            "Nobody at the desk is needed. F3 on the sign-in form; the address twice, F2. ctrl+u clears a field where "
            "something stands already.\n"
            "The answer is the same whether or not there is such an account.",
            (
                Await("Sign in with your account"),
                Say("Brent Thomas has forgotten his password. “Forgot password” asks for his address, twice."),
                Press(("f3",)),
                Await("Confirm e-mail"),
                *instead(PERSON),
                Press(("tab",)),
                Type(PERSON),
                Press(("f2",)),
                Await("Look into your mailbox"),
                Say("The answer never tells whether there is such an account. A mail goes once in five minutes."),
                Mark("asked"),
            ),
        ),
        Part(
            "The first mail asks, the second one helps",
            "ctrl+t m, Enter, Enter: click the link of the first mail. He confirms with Enter and F2, and answers his "
            "questions: Tab from one to the next, F2.\n"
            "A second mail brings a temporary password that is good for one hour.",
            (
                ReadMail(PERSON, follow=True),
                Await("Forgot password"),
                Say("The link changes nothing by itself: he confirms first, and answers what he once chose."),
                Press(("enter",)),
                Await("Step 1 of 2"),
                Press(("f2",)),
                Await("Step 2 of 2"),
                Mark("questions"),
                *(
                    beat
                    for number, answer in enumerate(ANSWERS.values())
                    for beat in ((Press(("tab",)),) if number else ()) + (Type(answer, hidden=True),)
                ),
                Press(("f2",)),
                Await("A temporary password is on its way"),
                Say("The second mail brings a temporary password. It works once, within an hour."),
                ReadMail(PERSON),
                Mark("temporary-mail"),
                Pause(2),
            ),
        ),
        Part(
            "One hour later",
            "ctrl+t c, h: the clock jumps one hour. The telephone rang, and lunch came.\n"
            "ctrl+t b: now he signs in with it, and is refused.",
            (
                Jump(timedelta(hours=1, minutes=2)),
                Say("But the telephone rang. One hour later he types it, and it opens nothing any more."),
                Show(Place.PERSON),
                Await("Sign in with your account"),
                Type(temporary, hidden=True, known_as="the temporary password"),
                Press(("enter",)),
                Await("do not belong together"),
                Mark("too-late"),
            ),
        ),
        Part(
            "The desk sees why, and sends another",
            "ctrl+t d: find Brent with /, Enter, y. “The temporary password expired.” Key t, Enter: another one is "
            "on its way. "
            "Nobody at the desk sees it.",
            (
                Show(Place.DESK),
                *find("brent th", "Brent Thomas"),
                Press(("y",)),
                Await("the temporary password expired"),
                Say("He calls. Key y knows it at once: the temporary password expired, and t sends another one."),
                Mark("expired"),
                Press(("t",)),
                Await("temporary password?"),
                Press(("enter",)),
                Await("is on its way to"),
                ReadMail(PERSON),
                Pause(1.5),
            ),
        ),
        Part(
            "He is in",
            "ctrl+t b: he signs in with the new one, and must choose a password of his own before anything opens.\n"
            "Space says that he has read it, F2 goes on; the password twice, F2. Enter leaves the cell number empty, "
            "and Enter finishes.",
            (
                Show(Place.PERSON),
                Await("Sign in with your account"),
                Type(temporary, hidden=True, known_as="the temporary password"),
                Press(("enter",)),
                Await("Welcome to Ray Staging"),
                Say("It opens nothing but the first steps: what a private account means, and a password of one's own."),
                Mark("first-steps"),
                Type(" "),
                Press(("f2",)),
                Await("New password"),
                Type(NEW_PASSWORD, hidden=True),
                Press(("tab",)),
                Type(NEW_PASSWORD, hidden=True),
                Press(("f2",)),
                Await("Cell number"),
                Press(("enter",)),
                Await("Your account is set up."),
                Press(("enter",)),
                Await("Welcome, Brent Thomas"),
                Say("He is in, with a password that nobody else has ever seen."),
                Mark("in"),
                Pause(2),
            ),
        ),
    ),
)
