"""Practice: the caller beside the desk, every page of a call, an impostor put to the test, and the whole queue."""

from __future__ import annotations

from tests.screens.hostile import HOSTILE
from tests.surfaces.shots.stage import Shoot, Stage
from tests.surfaces.term import Term

ENDINGS = "stro"


def play(stage: Stage) -> None:
    """A hard queue of three; then the form, and a long queue under a hostile name, worked badly."""
    with stage.terminal("demo", "practice", "--difficulty", "hard", "--seed", "4", "--callers", "3") as (term, shoot):
        term.expect("Caller 1 of 3", 60).expect("The telephone rings", 20)
        shoot("practice-ringing")
        for key in "nbae123cyo":
            term.type(key).settle(0.3, 4)
        shoot("practice-talk")
        term.key("ctrl+t")
        shoot("practice-desk")
        term.key("ctrl+t").type("x").expect("What was this call", 10)
        shoot("practice-ending")
        term.type("s").expect("Score", 20)
        shoot("practice-scored")
        form(term, shoot)
    name = HOSTILE + "x" * 200
    words = ("--callers", "30", "--trainee", name, "--class", "/dev/null")
    with stage.terminal("demo", "practice", *words) as (term, shoot):
        term.expect("Name another one", 30)
        shoot("practice-no-file")
    words = ("--callers", "30", "--trainee", name, "--class", stage.environment["HOME"] + "/class.csv")
    with stage.terminal("demo", "practice", *words) as (term, shoot):
        term.expect("Caller 1 of 30", 60)
        for number in range(1, 31):
            term.expect(f"Caller {number} of 30", 20).settle(0.1, 2)
            term.type("b").type("x").expect("What was this call", 10).type(ENDINGS[number % 3]).expect("Score", 20)
            term.key("enter")
        term.expect("The whole queue", 20)
        shoot("practice-queue")
        term.key("pgdn").key("pgdn")
        shoot("practice-queue-end")


def form(term: Term, shoot: Shoot) -> None:
    """Another queue, with a number that does not hold."""
    term.type("m").expect("another queue", 10)
    shoot("practice-menu")
    term.type("p").expect("Practice: a queue", 10)
    shoot("practice-form")
    term.key("tab").key("backspace").type("99").key("enter").expect("from 1 to 30", 10)
    shoot("practice-form-wrong")
