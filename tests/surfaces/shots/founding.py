"""A desk that is set up: the first screen, and the wizard with its errors."""

from __future__ import annotations

from tests.surfaces.playing import fill
from tests.surfaces.shots.stage import Shoot, Stage, close, retype
from tests.surfaces.term import Term

ADMIN = "a quiet harbour at dawn"


def play(stage: Stage) -> None:
    """From nothing to an empty desk."""
    with stage.terminal() as (term, shoot):
        term.expect("Set up your agency", 20)
        shoot("first-run")
        sample(term, shoot)
        agency(term, shoot)
        administrator(term, shoot)
        password(term, shoot)
        empty_desk(term, shoot)


def sample(term: Term, shoot: Shoot) -> None:
    """The other choice, and back."""
    term.key("2").expect("Start with sample data")
    shoot("setup-sample")
    close(term)
    term.expect("Set up your agency", 20)


def agency(term: Term, shoot: Shoot) -> None:
    """Its name and company code, and how to reach it."""
    term.key("1").expect("Company code")
    term.key("f2")
    shoot("setup-agency-errors")
    fill(term, "Ray Staging", "919236")
    shoot("setup-agency")
    close(term)
    shoot("setup-discard")
    close(term)
    term.key("f2").expect("Street")
    fill(term, "120 Christina St N", "Sarnia ON", "519 555 0168", "office@ray.example.com")
    shoot("setup-contact")
    term.key("f2").expect("First name")


def administrator(term: Term, shoot: Shoot) -> None:
    """Who begins."""
    fill(term, "Sue", "Wright", "sue@ray.example.com")
    shoot("setup-administrator")
    term.key("f2").expect("New password")


def password(term: Term, shoot: Shoot) -> None:
    """Refused, then good."""
    shoot("setup-password-empty")
    term.type("919236919236")
    shoot("setup-password-refused")
    retype(term, ADMIN)
    term.key("tab").type(ADMIN)
    shoot("setup-password")
    term.key("f2").expect("Step 5 of 5")
    shoot("setup-review")


def empty_desk(term: Term, shoot: Shoot) -> None:
    """Nobody in the lists, and what F1 says."""
    term.key("f2").expect("Clients 0", 30)
    shoot("clients-empty")
    term.key("4")
    shoot("mail-empty")
    term.key("1").key("?")
    shoot("help")
