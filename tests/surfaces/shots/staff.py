"""The Office staff tab and everything that is done there with one colleague or several."""

from __future__ import annotations

from models.staff import StaffMember
from tests.surfaces.shots.stage import Shoot, Stage, close, find, retype
from tests.surfaces.term import Term


def play(stage: Stage) -> None:
    """The list, then one colleague, then nobody."""
    desk, _ = stage.found()
    stage.take_in("staff")
    stage.take_in("legacy")
    with stage.signed_in("Office staff 21") as (term, shoot):
        term.key("2").expect("Christina", 20)
        shoot("staff")
        menus(term, shoot)
        marks(term, shoot)
        one(stage, term, shoot)
        edit(term, shoot)
        other_office(term, shoot)
    with desk.ctx.unit():
        StaffMember.delete().execute()
    with stage.signed_in() as (term, shoot):
        term.key("2").expect("No office staff", 20)
        shoot("staff-empty")


def menus(term: Term, shoot: Shoot) -> None:
    """What lies behind one key, and what a search leaves."""
    for key, name in (("f", "filter"), ("s", "sort"), ("k", "columns"), ("?", "help")):
        term.key(key)
        shoot(f"staff-{name}")
        close(term)
    term.key("f").key("down").key("down").key("enter").settle(0.5, 3)
    shoot("staff-filtered")
    close(term)
    term.key("/").type("curtis").expect("2 of 21")
    shoot("staff-search")
    close(term, 2)
    term.key("/").type("zzzz").expect("Nobody", 20)
    shoot("staff-nobody")
    close(term, 2)


def marks(term: Term, shoot: Shoot) -> None:
    """One by one, then all."""
    term.key("home")
    for _ in range(3):
        term.key("space").key("down")
    shoot("staff-marks")
    term.key("m")
    shoot("staff-marks-all")
    term.key("m").settle(0.5, 3)


def one(stage: Stage, term: Term, shoot: Shoot) -> None:
    """All that is done with one colleague."""
    find(term, "frank jones")
    shoot("staff-panel")
    term.key("enter").expect("History")
    shoot("staff-actions")
    close(term)
    if not stage.wide:
        term.key("p")
        shoot("staff-person")
        close(term)
    find(term, "desiree")
    term.key("w").settle(0.7, 4)
    shoot("staff-welcome-refused")
    close(term)


def edit(term: Term, shoot: Shoot) -> None:
    """A colleague changed, with errors, and somebody new."""
    find(term, "frank jones")
    term.key("e").expect("Edit Frank")
    shoot("staff-edit")
    term.key("tab").key("tab")
    retype(term, "frank@")
    term.key("tab")
    retype(term, "12")
    term.key("f2")
    shoot("staff-edit-errors")
    close(term)
    shoot("staff-edit-discard")
    term.key("y").settle(0.5, 3)
    term.key("n").expect("New", 20)
    shoot("staff-new")
    term.key("f2")
    shoot("staff-new-errors")
    close(term)


def other_office(term: Term, shoot: Shoot) -> None:
    """The offices to look at, and one of them."""
    close(term, 2)
    term.key("ctrl+o").settle(0.7, 3)
    shoot("office-switch")
    term.key("down").key("enter").settle(1.0, 4)
    shoot("office-switched")
