"""Two desks in real terminals: a request is in both within a second, one has it, lines go both ways, all is kept.

The person's side goes through the services here; what they see has a play of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from models.agency import Agency
from models.states import HelpState
from services.actor import Origin
from services.desk import Desk
from services.remembered import Remembered, remember
from services.settings import load_settings
from tests import making
from tests.making import PASSWORD
from tests.services.help_queue.asking import asks, make_kiosk, request
from tests.surfaces.playing import desk_of, sign_in
from tests.surfaces.term import Term

SUE, BOB = "sue@raystaging.example.com", "bob@raystaging.example.com"
SLACK = 2.0
"""Seconds for two programs that share a busy machine; on an idle one the second is kept, which is printed."""


@pytest.fixture
def desk(environment: dict[str, str]) -> Desk:
    """An agency with two who can answer, and a client."""
    desk = desk_of(environment)
    made = making.make_agency(desk)
    bob = making.make_staff(desk, made.agency, BOB, first="Bob")
    making.make_client(desk, made.agency)
    for actor in (made.admin, bob):
        desk.sign_in.sign_out(actor)
    with desk.ctx.unit():
        making.secure(desk.ctx)
    return desk


@pytest.fixture
def kiosk(desk: Desk) -> Origin:
    with desk.ctx.read():
        agency = Agency.get()
    return make_kiosk(desk, agency)


@pytest.fixture
def sue_and_bob(desk: Desk, environment: dict[str, str], terminal: Callable[..., Term]) -> tuple[Term, Term]:
    """Both at their desks, at the help requests."""
    path = load_settings(Path(environment["TRAKDESK_HOME"]), environment).remembered_path
    screens = []
    for user, size in ((SUE, (120, 40)), (BOB, (80, 24))):
        remember(path, Remembered("RAY-919", user))
        screen = terminal(*size)
        sign_in(screen, PASSWORD.reveal())
        screen.expect("Clients 1", 30).settle(0.3, 5)
        screen.key("3").expect("Nobody has asked for help yet", 20)
        screens.append(screen)
    return screens[0], screens[1]


def both_show(screens: tuple[Term, Term], words: str) -> float:
    """Seconds until both do."""
    began = time.monotonic()
    for screen in screens:
        screen.expect(words, 10)
    return time.monotonic() - began


@pytest.mark.slow
def test_a_request_from_its_bell_to_the_history(desk: Desk, kiosk: Origin, sue_and_bob: tuple[Term, Term]) -> None:
    sue, bob = sue_and_bob
    ticket = asks(desk, kiosk, "Brent", "I cannot sign in")
    took = both_show(sue_and_bob, "I cannot sign in")
    print(f"in both after {took:.2f} s")
    assert took < SLACK

    bob.settle(0.5, 3)
    sue.settle(0.5, 3)
    bob.key("enter").expect("you have it", 10)
    sue.expect("● Bob Agent", 10)
    sue.key("enter").expect("Bob Agent has it", 10)
    bob.type("Hello Brent, what do you see?").key("enter").expect("You  ", 10)
    sue.expect("what do you see?", 10)
    began = time.monotonic()
    desk.help_asking.say(ticket, "my password is plum orbit candle, and the code 7K3M-9QXZ \x1b[2J")
    bob.expect("my password is ••••", 10)
    print(f"a line after {time.monotonic() - began:.2f} s")
    desk.help_asking.say(ticket, "[/x] it says " + "long " * 300)
    bob.expect("long long", 10)
    assert [line.words for line in desk.help_asking.look(ticket).lines][1] == "Hello Brent, what do you see?"

    sue.key("n").expect("A note for colleagues", 10).type("was here yesterday").key("enter")
    bob.expect("was here yesterday", 10)
    assert "was here yesterday" not in str(desk.help_asking.look(ticket))

    bob.key("esc").expect("Hand over", 10)
    bob.key("l").expect("brent@", 10).key("enter").expect("linked, not proved", 10)
    bob.key("c").expect("How did it end?", 10).type("sent him a reset").key("enter").expect("Reopen", 10)
    sue.expect("closed", 10)
    assert desk.help_asking.look(ticket).state is HelpState.CLOSED
    sue.key("u").expect("you have it", 10)
    assert request(desk, ticket).state is HelpState.TAKEN
    sue.key("c").expect("How did it end?", 10).type("now surely").key("enter").expect("Reopen", 10)

    sue.key("h").expect("History of Brent Thomas", 20).expect("closed the request for help", 10)
    sue.settle(0.5, 4)
    sue.key("enter").expect("my password is ••••", 10).absent("plum").absent("yesterday")
    for screen in sue_and_bob:
        assert "plum" not in screen.text


@pytest.mark.slow
def test_two_who_press_enter_at_once_do_not_both_have_it(
    desk: Desk, kiosk: Origin, sue_and_bob: tuple[Term, Term]
) -> None:
    ticket = asks(desk, kiosk)
    both_show(sue_and_bob, "I cannot sign in")
    for screen in sue_and_bob:
        screen.settle(0.3, 3)
    for screen in sue_and_bob:
        screen.send("\r")
    for screen in sue_and_bob:
        screen.settle(1.5, 10)
    have = [screen for screen in sue_and_bob if "you have it" in screen.text]
    other = [screen for screen in sue_and_bob if screen not in have]
    assert len(have) == len(other) == 1, [screen.text for screen in sue_and_bob]
    assert "Agent has" in other[0].text or "Wright has" in other[0].text
    assert request(desk, ticket).state is HelpState.TAKEN


@pytest.mark.slow
def test_an_idle_desk_with_a_queue_writes_nothing(desk: Desk, kiosk: Origin, sue_and_bob: tuple[Term, Term]) -> None:
    taken = asks(desk, kiosk)
    both_show(sue_and_bob, "I cannot sign in")
    sue, bob = sue_and_bob
    bob.settle(0.5, 3)
    bob.key("enter").expect("you have it", 10)
    desk.help_asking.leave(taken)
    bob.expect("has gone", 10)
    sue.expect("gone", 10)
    for screen in sue_and_bob:
        screen.settle(1.0, 5)
    before = [screen.received for screen in sue_and_bob]
    end = time.monotonic() + 5
    while time.monotonic() < end:
        for screen in sue_and_bob:
            screen.settle(0.5, 0.5)
    assert [screen.received for screen in sue_and_bob] == before
