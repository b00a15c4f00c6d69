"""The sign-in form and its failures, forgot password, and a window that is too small."""

from __future__ import annotations

from tests.surfaces.shots.stage import Shoot, Stage, close
from tests.surfaces.term import Term


def play(stage: Stage) -> None:
    """Somebody who does not get in."""
    stage.found()
    with stage.terminal() as (term, shoot):
        term.expect("Sign in with your account", 20)
        shoot("sign-in")
        term.key("f2")
        shoot("sign-in-empty")
        refused(term, shoot)
        forgotten(term, shoot)
        term.resize(40, 12)
        shoot("too-small")


def refused(term: Term, shoot: Shoot) -> None:
    """Each failure makes the next try wait longer."""
    for _ in range(4):
        # The answer of the last try stands there until the next one comes.
        term.type("wrong").key("enter").settle(1.0, 6)
        term.expect("do not belong together", 30)
        if "0:0" in term.text:
            shoot("sign-in-wait")
            term.absent("0:0", 30)


def forgotten(term: Term, shoot: Shoot) -> None:
    """The address twice, and the answer that everybody gets."""
    term.key("f3").expect("Confirm")
    shoot("forgot-password")
    term.type("sue@raystaging.example.co").key("f2")
    shoot("forgot-password-differs")
    term.type("m").key("f2").expect("Look into your mailbox")
    shoot("forgot-password-asked")
    close(term)
