"""My password and security, the rules of the agency, the lock, and being signed in twice."""

from __future__ import annotations

from models.identity import Identity
from models.states import Surface
from services.actor import Origin
from services.credentials.passwords import Secret
from services.credentials.questions import Answered
from services.desk import Desk
from services.sign_in import WrongCredentials
from tests.making import PASSWORD, MadeAgency
from tests.screens.hostile import HOSTILE
from tests.surfaces.shots.stage import Shoot, Stage, close, retype
from tests.surfaces.term import Term

USER = "sue@raystaging.example.com"
ELSEWHERE = Origin(Surface.PORTAL, "198.51.100.4")
ANSWERS = (
    Answered("first_pet", Secret("Bello")),
    Answered("first_car", Secret("Yellow Beetle")),
    Answered("first_street", Secret("Elm Street")),
)


def play(stage: Stage) -> None:
    """What the owner of an account sees of its safety."""
    desk, made = stage.found()
    history(desk, made)
    stage.take_in("clients")
    with stage.signed_in("You are also") as (term, shoot):
        shoot("also-signed-in")
        term.key("enter").settle(0.3, 4)
        settings(term, shoot)
        rules(term, shoot)
        locked(term, shoot)
        desk.sign_in.sign_in("RAY-919", USER, PASSWORD, ELSEWHERE)
        term.key("down").expect("Somebody signed in", 20)
        shoot("somebody-signed-in")
        close(term)
        with desk.ctx.unit():
            Identity.update(name=HOSTILE, email=HOSTILE).execute()
        term.key("f9").expect("My password", 20)
        shoot("security-hostile")
        term.key("ctrl+l").expect("locked", 20)
        shoot("locked-hostile")


def history(desk: Desk, made: MadeAgency) -> None:
    """Answers, a failed sign-in, and a session that is still open."""
    desk.own_questions.change(made.admin, PASSWORD, ANSWERS)
    try:
        desk.sign_in.sign_in("RAY-919", USER, Secret("wrong"), ELSEWHERE)
    except WrongCredentials:
        desk.ctx.clock.advance(seconds=5)  # type: ignore[attr-defined]  # the stage gives a clock that is moved
    desk.sign_in.sign_in("RAY-919", USER, PASSWORD, ELSEWHERE)


def settings(term: Term, shoot: Shoot) -> None:
    """The list, and each part of it."""
    term.key("f9").expect("What happened lately", 20)
    shoot("security")
    term.key("enter").expect("Current password", 20)
    shoot("security-password")
    close(term)
    term.key("s").expect("Question 1", 20)
    shoot("security-questions")
    term.key("f2")
    shoot("security-questions-errors")
    close(term)
    term.key("h").expect("What happened to your account", 20)
    shoot("security-events")
    close(term)
    for _ in range(6):
        term.key("down")
    shoot("security-session")
    term.key("x").expect("End this session?", 20)
    shoot("security-end")
    close(term)


def rules(term: Term, shoot: Shoot) -> None:
    """The rules, those of another profile, what is wrong, and what would follow."""
    term.key("a").expect("Profile", 20)
    shoot("agency-rules")
    term.key("right").settle(0.3, 4)
    shoot("agency-rules-strict")
    term.key("tab")
    retype(term, "9")
    term.key("f2").settle(0.3, 4)
    shoot("agency-rules-errors")
    retype(term, "16")
    term.key("f2").expect("Change the rules?", 20)
    shoot("agency-rules-follows")
    close(term, 2)
    term.key("y").settle(0.3, 4)
    close(term)


def locked(term: Term, shoot: Shoot) -> None:
    """Locked over something typed, a wrong password, the question about signing out, and unlocked again."""
    term.key("/").type("thom")
    term.key("ctrl+l").expect("This desk is locked", 20)
    shoot("locked")
    term.type("wrong")
    term.key("enter").settle(0.8, 4)
    shoot("locked-wrong")
    term.key("f3").expect("Sign out?", 20)
    shoot("locked-sign-out")
    term.key("esc").settle(2.0, 5)
    term.type(PASSWORD.reveal())
    term.key("enter").expect("thom", 20)
    shoot("unlocked")
    close(term)
