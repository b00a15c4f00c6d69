"""The old system: its door, and the board on which people move over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.surfaces.playing import fill
from tests.surfaces.shots.stage import Shoot, Stage, close, find, migrate, retype
from tests.surfaces.term import Term

KEY = "HTK4-92QX-7MDP-55TZ"


def play(stage: Stage) -> None:
    """In by the old door, one colleague over, and the door closed."""
    stage.found()
    stage.take_in("staff")
    stage.take_in("legacy")
    with stage.terminal() as (term, shoot):
        door(term, shoot)
    with stage.signed_in("Office staff 21") as (term, shoot):
        term.key("2").expect("Christina", 20)
        over(term)
        board(term, shoot)
        closing(term, shoot)
    with stage.terminal() as (term, shoot):
        closed_door(term, shoot)


def by_key(term: Term, user_name: str, password: str) -> None:
    """Fill in the form, from its first field on."""
    term.key("f5").expect("accounts of the old system")
    fill(term, KEY, user_name, password, "Ray Staging")


def door(term: Term, shoot: Shoot) -> None:
    """Empty, refused, and open."""
    term.expect("Sign in with your account", 20).key("f5").expect("accounts of the old system")
    shoot("access-key")
    term.key("f2")
    shoot("access-key-empty")
    close(term)
    by_key(term, "fjones", "not it")
    term.key("f2").expect("do not belong", 20)
    shoot("access-key-refused")
    term.absent("Next try in", 30)
    term.type("legacy-fjones").key("f2").expect("Office staff", 30)
    shoot("access-key-inside")


def day(ahead: int) -> str:
    """The day in so many days, as one writes it."""
    return (datetime.now(UTC) + timedelta(days=ahead)).date().isoformat()


def over(term: Term) -> None:
    """One colleague gets an account."""
    find(term, "bonnie")
    migrate(term)
    term.key("enter").settle(0.5, 3)
    close(term, 2)


def board(term: Term, shoot: Shoot) -> None:
    """All offices, one person, and one office."""
    term.key("o").expect("Migration board", 20)
    shoot("board")
    term.key("enter")
    shoot("board-details")
    close(term)
    term.key("o").expect("Which office", 20)
    shoot("board-offices")
    term.key("down").key("enter").settle(0.5, 3)
    shoot("board-office")


def closing(term: Term, shoot: Shoot) -> None:
    """A day, what it means, and back."""
    term.key("c").expect("When does", 20)
    shoot("board-close")
    term.type("2099-01-01").key("enter").expect("Close the access key?", 20).key("y").settle(0.5, 3)
    shoot("board-close-refused")
    retype(term, day(30))
    term.key("enter").expect("Close the access key?", 20)
    shoot("board-close-sure")
    term.key("y").expect("The access key closes", 20)
    shoot("board-closing")
    term.key("u").expect("open again?", 20)
    shoot("board-undo")
    close(term)
    term.key("c").expect("When does", 20)
    retype(term, day(0))
    term.key("enter").expect("Close the access key?", 20)
    shoot("board-close-now")
    term.key("y").expect("is closed since", 20)
    shoot("board-closed")


def closed_door(term: Term, shoot: Shoot) -> None:
    """What the old door says from then on."""
    term.expect("Sign in with your account", 20)
    by_key(term, "swright", "legacy-swright")
    term.key("f2").settle(1.5, 10)
    shoot("access-key-closed")
