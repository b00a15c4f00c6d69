"""The training mode: its menu, a scene with mailbox and notes, the clock, two places side by side, and a fault."""

from __future__ import annotations

import psutil

from tests.surfaces.shots.stage import Shoot, Stage, find
from tests.surfaces.term import Term

SIZES = ((80, 24), (120, 40), (160, 45))


def play(stage: Stage) -> None:
    """The first scene by hand; nothing real is there that it could touch."""
    theme = ("--theme", stage.look) if stage.look not in ("", "nocolor") else ()
    with stage.terminal(*theme, "demo") as (term, shoot):
        term.expect("Trainer's menu", 60)
        shoot("demo-menu")
        term.type("1").expect("Clients 1,204", 30).settle(0.5, 5)
        shoot("demo-desk")
        create(term)
        shoot("demo-new-mail")
        mailbox(term, shoot)
        menu(term, "n")
        shoot("demo-notes")
        term.key("esc").settle(0.3, 3)
        menu(term, "k").expect("What can we do for you?", 20).settle(0.5, 5)
        shoot("demo-kiosk")
        clock(term, shoot)
        # A program that was killed, as by a machine that has run out of memory.
        [backstage] = psutil.Process(term.process.pid).children()
        backstage.children()[-1].kill()
        term.expect("has ended with a fault", 15)
        shoot("demo-fault")


def menu(term: Term, key: str) -> Term:
    """Press a key of the trainer's menu."""
    term.key("ctrl+t").expect("Esc goes back to the stage.", 15)
    term.type(key).absent("Trainer's menu", 15)
    term.settle(0.3, 3)
    return term


def create(term: Term) -> None:
    """An account for Chris Webber."""
    find(term, "chris webber")
    term.key("i").expect("Step 1 of 3", 20).key("f2").expect("Step 2 of 3", 20).key("f2").expect("Step 3 of 3", 20)
    term.key("f2").expect("Are you sure?", 20).key("y").expect("is created", 30).key("enter").expect("new mail", 20)


def mailbox(term: Term, shoot: Shoot) -> None:
    """The list, the letter, its link, and a search that finds nothing."""
    menu(term, "m")
    shoot("demo-mailbox")
    term.key("enter").expect("Activate my account:", 15)
    shoot("demo-letter")
    term.key("enter").expect("Activate your account", 20).settle(0.5, 5)
    shoot("demo-browser")
    menu(term, "m").type("/").settle(0.3, 3)
    term.type("nobody").settle(0.5, 3)
    shoot("demo-mailbox-empty")
    for _ in range(2):
        term.key("esc").settle(0.3, 3)


def clock(term: Term, shoot: Shoot) -> None:
    """Put it forward, by a typed span that does not hold at first."""
    menu(term, "c").expect("How much later?", 15)
    shoot("demo-clock")
    term.type("x").settle(0.3, 3)
    term.type("soon").key("enter").settle(0.3, 3)
    shoot("demo-clock-typed")
    for _ in range(4):
        term.key("backspace")
    term.type("90m").key("enter").expect("(+1 h 30 min)", 15).settle(0.5, 5)
    shoot("demo-later")
