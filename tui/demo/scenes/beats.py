"""What happens in several scenes, beat by beat."""

from __future__ import annotations

from collections.abc import Callable

from services.credentials.questions import QUESTIONS
from services.desk import Desk
from services.sandbox.people import ANSWERS, COMPANY_CODE
from tui.demo.scene import Await, Beat, Press, Say, Type

NEW_PASSWORD = "seven plum orbits a candle"
"""What people choose in the scenes."""

Words = str | Callable[[Desk], str]


def find(words: str, row: str) -> tuple[Beat, ...]:
    """Search the list for somebody, and put the cursor on the first row."""
    return (Press(("/",)), Type(words), Await(row), Press(("enter",)), Await("e Edit"))


def instead(words: str) -> tuple[Beat, ...]:
    """Something else in the field under the cursor."""
    return (Press(("end", "ctrl+u")), Type(words))


def choose_password(words: str = NEW_PASSWORD) -> tuple[Beat, ...]:
    """From the link's first screen to the sign-in form."""
    return (
        Await("Choose a"),
        Press(("enter",)),
        Await("New password"),
        Say("The rules stand above the fields, and each line turns as it is met."),
        Type(words, hidden=True),
        Press(("tab",)),
        Type(words, hidden=True),
        Press(("f2",)),
        Await("Your password has been set."),
    )


def sign_in(password: Words, then: str) -> tuple[Beat, ...]:
    """With company code and user name there already."""
    return (Await("Sign in with your account"), Type(password, hidden=True), Press(("enter",)), Await(then))


def sign_in_as(email: str, password: Words, then: str) -> tuple[Beat, ...]:
    """With all three fields, where nothing is remembered."""
    return (
        Await("Sign in with your account"),
        Type(COMPANY_CODE),
        Press(("tab",)),
        Type(email),
        Press(("tab",)),
        Type(password, hidden=True),
        Press(("enter",)),
        Await(then),
    )


def answer_for_the_first_time() -> tuple[Beat, ...]:
    """Three security questions, each the next one in the list."""
    beats: list[Beat] = []
    for number, answer in enumerate(ANSWERS.values(), 1):
        beats += [Await(f"Question {number}  Step"), Press(("enter",)), Type(answer, hidden=True), Press(("enter",))]
    return (*beats, Await("Your account is set up."), Press(("enter",)))


def say_answers(*answers: str) -> tuple[Beat, ...]:
    """What a caller answers, typed in by the agent."""
    beats: list[Beat] = []
    for answer in answers:
        beats += [Type(answer), Press(("enter",))]
    return tuple(beats)


def answer_one_by_one() -> tuple[Beat, ...]:
    """The same questions, each on a screen of its own."""
    beats: list[Beat] = []
    for question, answer in ANSWERS.items():
        beats += [Await(QUESTIONS[question]), Type(answer, hidden=True), Press(("enter",))]
    return tuple(beats)
