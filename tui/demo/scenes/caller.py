"""A caller who says who he is: questions, a wrong answer, the right ones, and only then the action."""

from __future__ import annotations

from datetime import timedelta

from services.desk import Desk
from services.sandbox.past import ago
from services.sandbox.people import ANSWERS, PASSWORD, SUPERVISOR
from services.sandbox.population import arrive, give_account
from tui.demo.scene import Await, Mark, Part, Pause, Place, Press, ReadMail, Say, Scene, Show
from tui.demo.scenes.beats import find, instead, say_answers, sign_in_as

PERSON = "brent@mortgageclient.com"
NEW = "brent.thomas@example.ca"
STREET, PET, CAR = ANSWERS.values()


def prepare(desk: Desk) -> None:
    """Brent Thomas has had his account for three weeks, and has answered his questions."""
    with ago(desk, timedelta(days=21)):
        give_account(desk, PERSON)
        arrive(desk, PERSON)


SCENE = Scene(
    key="6",
    name="a caller to verify",
    summary="Somebody calls as Brent Thomas and wants another address on file. Is it him? Then, and only then, e.",
    prepare=prepare,
    signed_in=SUPERVISOR,
    parts=(
        Part(
            "Is it really him?",
            "The caller wants another e-mail address. That takes the account with it, so the desk verifies first.\n"
            "Find Brent with /, Enter. v, then q. Type one answer wrongly, Enter after each: nobody is told which "
            "one, and the next try waits.",
            (
                Await("Clients"),
                Say("“This is Brent Thomas. I have a new e-mail address.” Anybody could say that."),
                *find("brent th", "Brent Thomas"),
                Press(("v",)),
                Await("Verify the caller"),
                Say("Key v lists the ways to verify him, and what each is enough for."),
                Mark("ways"),
                Press(("q",)),
                Await("In which street"),
                Say("Sue asks, and types what she hears. She never sees the right answers."),
                *say_answers("Main Street", PET, CAR),
                Await("Not all of these"),
                Say("Wrong. Which answer it was is told to nobody, and the next try waits a moment."),
                Mark("wrong-answer"),
                Pause(1.5),
            ),
        ),
        Part(
            "He is known",
            "He thinks again: it was “Maple Crescent”. All three right: verified for ten minutes, at this desk alone.",
            (
                Say("“Oh, as a child! That was Maple Crescent.” Capitals and spaces do not count."),
                *say_answers(STREET.lower(), PET, CAR),
                Await("is verified until"),
                Say("Verified, for ten minutes and for this desk alone. The audit keeps how."),
                Mark("verified"),
            ),
        ),
        Part(
            "The new address, with its consequences first",
            "e, Tab twice; ctrl+u clears the field, then the new address, F2. Read what follows; y, Enter.\n"
            "ctrl+t m: both addresses are told, and the old one can undo it.",
            (
                Press(("e",)),
                Await("Edit Brent"),
                Press(("tab", "tab")),
                *instead(NEW),
                Press(("f2",)),
                Await("Change the e-mail address?"),
                Say("The user name changes, sessions end, links die, and both addresses are told."),
                Mark("consequences"),
                Press(("y",)),
                Await("has been changed to"),
                Press(("enter",)),
                ReadMail(PERSON, "was changed"),
                Say("The old mailbox hears of it too, and can undo it: in case it was not Brent after all."),
                Mark("undo-mail"),
                Pause(2),
            ),
        ),
        Part(
            "Brent signs in, and the history tells all",
            "ctrl+t b: the password stays, the user name is new. ctrl+t d, h shows who did what, and how the caller "
            "was verified.",
            (
                Show(Place.PERSON),
                *sign_in_as(NEW, PASSWORD, "Welcome, Brent Thomas"),
                Say("His password stays; the user name is the new address."),
                Show(Place.DESK),
                Press(("h",)),
                Await("verified the caller"),
                Say("And the history has it: who did what, and how the caller was verified."),
                Mark("history"),
                Pause(2),
            ),
        ),
    ),
)
