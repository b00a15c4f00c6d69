"""Somebody in the lobby gets a human in the middle of a reset; a kiosk and a desk side by side, in real terminals."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from services.remembered import Remembered, remember
from tests import making
from tests.making import PASSWORD
from tests.recovering import USER, answer
from tests.surfaces.kiosk import HOME, KioskTerm, enrol
from tests.surfaces.playing import desk_of, sign_in
from tests.surfaces.term import Term

ADMIN = "sue@raystaging.example.com"
NEW = "eleven quiet harbours wait"


@pytest.fixture
def kiosk(environment: dict[str, str], command: Callable[..., object]) -> Iterator[KioskTerm]:
    """A kiosk of an agency without a mail server, where a client has an account."""
    desk = desk_of(environment, earlier=True)
    ray = making.make_agency(desk)
    answer(desk.ctx, making.give_account(desk, ray.admin, making.make_client(desk, ray.agency)))
    # Nobody is told of a session elsewhere.
    desk.sign_in.sign_out(ray.admin)
    remember(desk.ctx.settings.remembered_path, Remembered("RAY-919", ADMIN))
    enrol(command)
    with KioskTerm(environment) as term:
        yield term


def to_the_code(kiosk: Term) -> None:
    """From home to the step that an agent can let somebody pass."""
    kiosk.expect(HOME, 30).settle(0.3, 5)
    kiosk.key("enter").expect("What is your e-mail address?", 30).settle(0.2, 5)
    kiosk.type(USER).key("enter").expect("Type the address once more", 20).settle(0.2, 5)
    kiosk.type(USER).key("enter").expect("Type the code from your mail", 20).settle(0.3, 5)


def ask(kiosk: Term) -> None:
    """Press Get help and answer its two questions."""
    press(kiosk, "Get help")
    kiosk.expect("What is your name?", 20).settle(0.2, 5)
    kiosk.type("Brent").key("enter").expect("▸ Forgotten password ◂", 20)
    kiosk.key("enter").expect("Your request is with the agents. You are next.", 20)


def press(kiosk: Term, words: str) -> None:
    """Go to a large button with Tab, and press it."""
    for _ in range(10):
        if f"▸ {words}" in kiosk.text:
            break
        kiosk.key("tab").settle(0.2, 3)
    kiosk.expect(f"▸ {words}").key("enter")


@pytest.mark.slow
def test_a_person_at_the_kiosk_is_answered_verified_and_let_pass(
    kiosk: KioskTerm, terminal: Callable[..., Term]
) -> None:
    desk = terminal(120, 40)
    sign_in(desk, PASSWORD.reveal())
    desk.expect("3 Help", 30).settle(0.5, 5)
    to_the_code(kiosk)
    ask(kiosk)
    began = time.monotonic()
    desk.expect("1 person waits for help", 5)
    assert time.monotonic() - began < 1.0

    # Taken and answered.
    desk.key("3").expect("Forgotten password", 10).settle(0.2, 5)
    desk.key("enter").expect("Enter sends it", 20)
    kiosk.expect("is helping you", 5)
    kiosk.type("There is no mail [/x]").key("enter")
    desk.expect("There is no mail [/x]", 5)
    desk.type("Let us see, Brent. Where did you live as a child?").key("enter")
    kiosk.expect("● Let us see, Brent.", 5)

    # The caller is known by their answers; then the step is let pass, and the kiosk says so.
    desk.key("esc").settle(0.3, 3)
    desk.key("s").expect("Verify the caller", 20).key("q").expect("In which street", 20).settle(0.3, 5)
    for words in ("Elm Street", "Hillside", "Rex"):
        desk.type(words).key("enter")
    desk.expect("Let Brent Thomas pass", 30).key("y").expect("may pass", 20)
    kiosk.expect("The agent has let you pass this step", 5)
    kiosk.key("esc").expect("An agent has let you pass the step before", 10)
    kiosk.absent("Let us see, Brent.")

    # The chat is still open, and the flow tells that there is more to read.
    desk.key("enter").type("Now answer your own questions.").key("enter")
    kiosk.expect("Get help ● 1", 20)
    press(kiosk, "Get help")
    kiosk.expect("Now answer your own questions.", 10)

    # Whatever ends the kiosk's program takes the person away, and the agent sees it.
    kiosk.person().kill()
    kiosk.expect(HOME, 10)
    kiosk.absent("Now answer your own questions.")
    desk.expect("the person has gone", 10).expect("Brent has left.")
