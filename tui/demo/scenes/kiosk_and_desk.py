"""Somebody at the kiosk in the lobby asks for help; an agent answers, verifies, and lets them pass a step."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from services.desk import Desk
from services.sandbox import people
from services.sandbox.past import ago
from services.sandbox.people import ANSWERS, SUPERVISOR
from services.sandbox.population import arrive, give_account
from tui.demo.scene import Await, Mark, Part, Pause, Place, Press, Say, Scene, Show, Type
from tui.demo.scenes.beats import NEW_PASSWORD, answer_one_by_one, say_answers

PERSON = "brent@mortgageclient.com"
HOME = "What can we do for you?"


def prepare(desk: Desk) -> None:
    """Brent Thomas has an account and has answered his questions; a reset takes one mail, whose code he can type."""
    actor = people.acting(desk)
    with ago(desk, timedelta(days=21)):
        rules = desk.rules.view(actor)
        desk.rules.change(actor, rules.version, replace(rules.policy, reset_mails=1))
        give_account(desk, PERSON)
        arrive(desk, PERSON)


SCENE = Scene(
    key="7",
    name="a kiosk and a desk",
    summary="Brent Thomas stands in the lobby without his mail. Sue sees him within a second and lets him pass.",
    prepare=prepare,
    signed_in=SUPERVISOR,
    opens=(Place.KIOSK, Place.DESK),
    parts=(
        Part(
            "At the kiosk",
            "Three large choices and nothing else. Enter: Brent resets his password. The address, twice.\n"
            "The code is in his mail, and his telephone is at home.",
            (
                Await(HOME),
                Say("A locked terminal in the lobby. Three choices, one question per screen, and nothing else."),
                Mark("kiosk-home"),
                Press(("enter",)),
                Await("What is your e-mail address?"),
                Type(PERSON),
                Press(("enter",)),
                Await("Type the address once more"),
                Type(PERSON),
                Press(("enter",)),
                Await("Type the code from your mail"),
                Say("The code is in his mailbox, but his telephone is at home. He asks for a human."),
                Mark("kiosk-code"),
            ),
        ),
        Part(
            "He asks for help",
            "Tab to “Get help”, Enter. His name, Enter, and what it is about. Nothing of it is lost: the reset waits.",
            (
                Press(("tab", "tab", "tab")),
                Await("▸ Get help"),
                Press(("enter",)),
                Await("What is your name?"),
                Type("Brent"),
                Press(("enter",)),
                Await("▸ Forgotten password ◂"),
                Press(("enter",)),
                Await("Your request is with the agents"),
                Mark("kiosk-waiting"),
            ),
        ),
        Part(
            "The desk answers",
            "ctrl+t d: the desk shows within a second that somebody waits. 3, Enter takes the request; then you chat: "
            "Enter sends, ctrl+t k is his side.",
            (
                Show(Place.DESK),
                Await("1 person waits for help"),
                Say("Within a second the desk says so. Key 3, and Enter takes the request."),
                Mark("banner"),
                Press(("3",)),
                Await("Forgotten password"),
                Press(("enter",)),
                Await("Enter sends it"),
                Type("Good morning Brent, what can I do for you?"),
                Press(("enter",)),
                Show(Place.KIOSK),
                Await("what can I do for you?"),
                Type("My phone is at home, so I cannot read the code."),
                Press(("enter",)),
                Await("You  "),
                Mark("kiosk-chat"),
                Show(Place.DESK),
                Await("cannot read the code"),
                Say("They chat, side by side with everything the desk knows. Secrets are masked as they are typed."),
                Mark("desk-chat"),
            ),
        ),
        Part(
            "Verified, and let pass",
            "At the desk Esc, then s. It asks for proof first: q, and the three answers. Then y opens this one step.",
            (
                Press(("escape",)),
                Await("s Pass"),
                Press(("s",)),
                Await("Verify the caller"),
                Say("Letting somebody pass a step needs proof: the security questions, asked in the chat or aloud."),
                Press(("q",)),
                Await("In which street"),
                *say_answers(*ANSWERS.values()),
                Await("Let Brent Thomas pass"),
                Mark("let-pass"),
                Press(("y",)),
                Await("may pass"),
                Show(Place.KIOSK),
                Await("let you pass this step"),
                Say("The kiosk opens this one step, for this one person. No code needed."),
                Mark("kiosk-passed"),
            ),
        ),
        Part(
            "Back in",
            "ctrl+t k, Esc. He answers his questions himself and chooses a password. The kiosk goes home, and keeps "
            "nothing of him.",
            (
                Press(("escape",)),
                Await("An agent has let you pass the step before"),
                *answer_one_by_one(),
                Await("Choose a new"),
                Type(NEW_PASSWORD, hidden=True),
                Press(("enter",)),
                Type(NEW_PASSWORD, hidden=True),
                Press(("enter",)),
                Await("Your new password is set"),
                Say("A new password, without a mail and without a queue. Now the kiosk forgets him."),
                Mark("kiosk-done"),
                # By itself, however long the trainer talks.
                Await(HOME),
                Show(Place.DESK),
                Await("has left"),
                Say("The desk sees that he has left. The request can be closed."),
                Mark("desk-left"),
                Pause(2),
            ),
        ),
    ),
)
