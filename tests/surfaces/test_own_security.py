"""One's own security in real terminals: signed in twice, ended from the other side, a new password, the lock."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services.remembered import Remembered, remember
from tests import making
from tests.making import PASSWORD
from tests.surfaces.playing import desk_of, fill, sign_in
from tests.surfaces.term import Term

pytestmark = pytest.mark.slow

NEW = "walnut river eleven sky"


@pytest.fixture
def founded(environment: dict[str, str]) -> None:
    """An agency with a client, and an administrator who has only the password left to type."""
    desk = desk_of(environment)
    made = making.make_agency(desk)
    desk.sign_in.sign_out(made.admin)
    making.make_client(desk, made.agency)
    remember(desk.ctx.settings.remembered_path, Remembered(made.agency.code, "sue@raystaging.example.com"))


def test_two_desks_of_one_person_and_the_lock(founded: None, terminal: Callable[..., Term]) -> None:
    first = terminal(80, 24)
    sign_in(first, PASSWORD.reveal())
    first.expect("Clients 1", 30)

    # The second one is told at once, the first one at its next key.
    second = terminal(80, 24)
    sign_in(second, PASSWORD.reveal())
    second.expect("You are also signed in elsewhere", 30).settle()
    second.key("enter").expect("Clients 1", 30)
    first.key("down").expect("Somebody signed in with your account", 30).settle()
    first.key("enter").absent("Somebody signed in")

    # Ended from the first one, the second one closes at its next key, with whatever was open there.
    second.key("f9").expect("What happened lately", 30)
    first.key("f9").expect("Where you are signed in", 30).settle()
    for _ in range(6):
        first.key("down")
    first.expect("x End it").key("x").expect("End this session?").key("y").absent("○ desk", 30)
    second.key("down").expect("you ended it from another one", 30)
    second.key("enter").expect("Sign in with your account", 30)

    # A new password, with the present one.
    first.key("p").expect("Current password", 30)
    fill(first, PASSWORD.reveal(), NEW, NEW)
    first.key("f2").expect("Your password has been changed", 30)
    first.key("esc").expect("Clients 1", 30).settle()

    # Locked over something typed: nothing can be read, a wrong password waits, the right one brings it back.
    first.key("/").type("thom")
    first.expect("/ thom").settle()
    first.key("ctrl+l").expect("This desk is locked", 30).settle()
    assert "thom" not in first.text
    assert "Brent" not in first.text
    first.type(PASSWORD.reveal())
    first.key("enter").expect("not your present password", 30)
    first.type(NEW)
    # On a slow machine the second that one has to wait is over by now.
    first.key("enter")
    for _ in range(300):
        if first.has("/ thom") or first.has("You can try again now"):
            break
        first.settle(0.1, 0.1)
    if first.has("You can try again now"):
        first.key("enter")
    first.expect("/ thom", 30).expect("Brent Thomas")

    # The other desk opens with the new password alone.
    sign_in(second, NEW)
    second.expect("You are also signed in elsewhere", 30)
