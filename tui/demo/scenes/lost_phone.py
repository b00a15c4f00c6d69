"""A lost second factor: the caller is verified in two ways, the factor is cleared, and the person is in again."""

from __future__ import annotations

from datetime import timedelta

from models.states import MailPurpose, Surface
from services.actor import Origin
from services.desk import Desk
from services.sandbox import people
from services.sandbox.past import ago
from services.sandbox.people import ANSWERS, PASSWORD, SUPERVISOR, mailed_code
from services.sandbox.population import arrive, enrol, give_account
from tui.demo.scene import Await, Mark, Part, Pause, Place, Press, ReadMail, Say, Scene, Show, Type
from tui.demo.scenes.beats import find, say_answers, sign_in, sign_in_as

PERSON = "cindy.baxter@example.ca"


def prepare(desk: Desk) -> None:
    """Cindy Baxter signs in with an authenticator app."""
    with ago(desk, timedelta(days=30)):
        give_account(desk, PERSON)
        arrive(desk, PERSON)
        actor = people.sign_in(desk, PERSON, Origin(Surface.PORTAL, "198.51.100.31"))
        enrol(desk, actor)
        desk.sign_in.sign_out(actor)


def code_of_the_call(desk: Desk) -> str:
    """The six digits that Cindy reads out."""
    return mailed_code(desk, PERSON, MailPurpose.CALLER_CODE)


SCENE = Scene(
    key="4",
    name="lost phone",
    summary="Cindy Baxter has lost her telephone with the authenticator app. Sue verifies her and clears the factor.",
    prepare=prepare,
    signed_in=SUPERVISOR,
    opens=(Place.PERSON, Place.DESK),
    parts=(
        Part(
            "She cannot get in",
            "Cindy signs in, with Tab from field to field, and the app's code is asked for. Her telephone is gone, "
            "and the recovery codes with it.",
            (
                Say("Cindy Baxter has a new telephone. The old one, with her authenticator app, lies in the lake."),
                *sign_in_as(PERSON, PASSWORD, "the code of your app"),
                Say("The password alone is not enough, and she has no recovery code. So she calls."),
                Mark("asked-for-code"),
                Pause(1),
            ),
        ),
        Part(
            "Sue verifies her in two ways",
            "ctrl+t d: find Cindy with /, Enter, x. The desk says what this action needs: two ways.\n"
            "q asks the questions: type what she says, each with Enter. c mails a code that she reads out.",
            (
                Show(Place.DESK),
                *find("cindy b", "Cindy Baxter"),
                Say("Clearing a second factor is the most dangerous thing a desk can do. Key x asks for proof first."),
                Press(("x",)),
                Await("Needed for this: two ways"),
                Mark("two-ways"),
                Press(("q",)),
                Await("In which street"),
                Say("Sue types what she hears. The desk compares hashes; nobody ever sees an answer."),
                *say_answers(*ANSWERS.values()),
                Await("enough for changing the"),
                Say("Right. That is one way. The second: a code by mail, which Cindy reads out."),
                Press(("c",)),
                Await("The code ends in"),
                ReadMail(PERSON, "code for the call"),
                Pause(1.5),
                Mark("call-code"),
                Show(Place.DESK),
                Type(code_of_the_call, known_as="the code"),
                Press(("enter",)),
                Await("is the second factor of Cindy"),
            ),
        ),
        Part(
            "The factor is cleared",
            "A reason, Enter, and what follows; then y. Cindy gets a notice by mail, in case it was not her.",
            (
                Type("telephone lost, caller verified in two ways"),
                Press(("enter",)),
                Await("Clear the second factor of"),
                Mark("sure"),
                Press(("y",)),
                Await("has been cleared"),
                Say("Done, with a reason that the audit keeps. And Cindy is told by mail, in case it was not her."),
                ReadMail(PERSON, "removed"),
                Pause(2),
            ),
        ),
        Part(
            "She is in again",
            "ctrl+t b, Esc: she signs in with her password. ctrl+t d, h: the history. Later she sets up her new "
            "telephone: p, Two-step sign-in.",
            (
                Show(Place.PERSON),
                Press(("escape",)),
                *sign_in(PASSWORD, "Welcome, Cindy Baxter"),
                Say("Her password opens the account again. Next, she sets up the app on her new telephone."),
                Mark("in"),
                Show(Place.DESK),
                Press(("h",)),
                Await("cleared the second factor"),
                Say("The history has it all: who, when, why, and how the caller was verified."),
                Mark("history"),
                Pause(2),
            ),
        ),
    ),
)
