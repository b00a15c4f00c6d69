"""Accounts for many at once: the problems, the progress, a pause, and what became of each."""

from __future__ import annotations

from tests.services.creating import make_colleagues
from tests.surfaces.shots.stage import Shoot, Stage, close
from tests.surfaces.term import Term

MORE = 2000
"""Colleagues beside those of the sample, so that there is something to see while they get their accounts."""


def play(stage: Stage) -> None:
    """All of an office."""
    desk, made = stage.found()
    stage.take_in("staff")
    stage.take_in("legacy")
    make_colleagues(desk, made.agency, MORE)
    with stage.signed_in(f"Office staff {21 + MORE:,}") as (term, shoot):
        term.key("2").expect("Aaron", 20).settle(0.5, 3)
        # All of them are marked, also those who cannot get one.
        term.key("m").settle(0.5, 3)
        preflight(term, shoot)
        pause(term, shoot)
        result(term, shoot)


def preflight(term: Term, shoot: Shoot) -> None:
    """Every problem before anything is created."""
    term.key("b").expect("ready to be created", 30)
    shoot("bulk-preflight")
    term.key("f2").expect("Are you sure?", 20)
    shoot("bulk-sure")
    term.key("y").expect("Creating accounts", 20)


def pause(term: Term, shoot: Shoot) -> None:
    """While it runs, paused, left, and gone on with."""
    shoot("bulk-running")
    close(term)
    shoot("bulk-leave")
    close(term)
    term.key("p").expect("Paused", 20)
    shoot("bulk-paused")
    term.key("x").expect("End it here?", 20)
    shoot("bulk-give-up")
    close(term)


def result(term: Term, shoot: Shoot) -> None:
    """What became of each, on the screen and in a file."""
    term.key("f2").expect("✓ Done.", 120)
    shoot("bulk-done")
    term.key("w").expect("Write the report", 20)
    shoot("bulk-report")
    term.key("enter").settle(1.0, 5)
    shoot("bulk-report-written")
    close(term)
    shoot("bulk-after")
