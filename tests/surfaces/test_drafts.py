"""What was being typed when a terminal went away is offered to the same person alone, at the next sign-in."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from models.unfinished import Draft
from services.remembered import Remembered, remember
from services.settings import load_settings
from tests import making
from tests.making import PASSWORD
from tests.surfaces.playing import desk_of, sign_in
from tests.surfaces.term import Term

OFFERED = "You were typing, and did not save it"


@pytest.fixture
def home(environment: dict[str, str]) -> Path:
    """A desk with an administrator, an agent and a client."""
    desk = desk_of(environment)
    ray = making.make_agency(desk)
    ann = making.make_staff(desk, ray.agency, "ann@example.com")
    making.make_client(desk, ray.agency)
    for actor in (ray.admin, ann):
        desk.sign_in.sign_out(actor)
    remember(desk.ctx.settings.remembered_path, Remembered("RAY-919", "sue@raystaging.example.com"))
    return desk.ctx.settings.home


def drafts(environment: dict[str, str]) -> int:
    desk = desk_of(environment)
    with desk.ctx.read():
        return int(Draft.select().count())


def begin_to_type(desk: Term) -> None:
    sign_in(desk, PASSWORD.reveal())
    desk.expect("Brent Thomas", 30).settle(0.3, 5)
    desk.key("e").expect("Edit Brent Thomas", 20)
    desk.type("xyzzy")
    desk.expect("● edited")
    desk.settle(0.3, 1)


def go_on(desk: Term) -> None:
    """From the sign-in to the form as it was, and on to what is saved."""
    sign_in(desk, PASSWORD.reveal())
    desk.expect(OFFERED, 30).expect("Edit Brent Thomas").settle(0.3, 5)
    desk.key("enter").expect("● edited", 20).expect("Brentxyzzy")
    desk.key("f2").expect("has been saved", 20).expect("Brentxyzzy Thomas")


@pytest.mark.slow
def test_a_line_that_drops_loses_nothing_that_was_typed(
    terminal: Callable[..., Term], home: Path, environment: dict[str, str]
) -> None:
    desk = terminal()
    begin_to_type(desk)
    desk.process.kill(signal.SIGHUP)
    desk.gone(10)
    assert drafts(environment) == 1, "the pause of two seconds had not passed"

    other = terminal()
    other.expect("Sign in with your account").settle(0.2, 10)
    other.key("shift+tab").settle(0.2, 2)
    for _ in range(40):
        other.send("\x7f")
    other.type("ann@example.com")
    other.key("tab")
    other.type(PASSWORD.reveal())
    other.key("enter").expect("Brent Thomas", 30).settle(1, 3)
    assert not other.has(OFFERED), "it is nobody else's"
    other.key("ctrl+q").gone(10)

    remember(load_settings(home, environment).remembered_path, Remembered("RAY-919", "sue@raystaging.example.com"))
    again = terminal()
    go_on(again)
    assert drafts(environment) == 0
    again.key("ctrl+q").gone(10)


@pytest.mark.slow
def test_a_killed_program_loses_no_more_than_two_seconds(
    terminal: Callable[..., Term], home: Path, environment: dict[str, str]
) -> None:
    desk = terminal()
    begin_to_type(desk)
    # The desk below has looked once since then.
    desk.settle(3.2, 3.2)
    desk.type("zy")
    desk.settle(0.3, 1)
    before = desk.received
    desk.settle(4, 4)
    assert desk.received == before, "neither the desk below nor what keeps the draft draws anything"
    give_up = time.monotonic() + 10
    while not drafts(environment) and time.monotonic() < give_up:
        desk.settle(0.2, 0.2)
    os.kill(desk.process.pid, signal.SIGKILL)
    desk.gone(10)
    again = terminal()
    sign_in(again, PASSWORD.reveal())
    # Nobody has ended the session of the killed program.
    again.expect("You are also signed in elsewhere", 30).settle(0.3, 5)
    again.key("enter").expect(OFFERED, 30).settle(0.3, 5)
    again.key("enter").expect("● edited", 20).expect("Brentxyzzyzy")
    again.key("f2").expect("Brentxyzzyzy Thomas", 20)
    assert drafts(environment) == 0


@pytest.mark.slow
def test_what_is_typed_into_a_form_of_passwords_is_nowhere(
    terminal: Callable[..., Term],
    home: Path,
    environment: dict[str, str],
) -> None:
    desk = terminal()
    sign_in(desk, PASSWORD.reveal())
    desk.expect("Brent Thomas", 30).settle(0.3, 5)
    desk.key("f9").expect("My password and security", 20).settle(0.3, 5)
    desk.key("p").expect("New password", 20).settle(0.3, 5)
    desk.type("Quetzalcoatl-old")
    desk.key("tab")
    desk.type("Quetzalcoatl-new")
    desk.settle(3, 3.5)
    desk.process.kill(signal.SIGHUP)
    desk.gone(10)
    assert drafts(environment) == 0
    kept = b"".join(
        path.read_bytes() for path in [*home.parent.rglob("*.sqlite3*"), *home.rglob("*")] if path.is_file()
    )
    assert b"Quetzalcoatl" not in kept
