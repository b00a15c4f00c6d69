"""The Clients tab and everything that staff do there."""

from __future__ import annotations

from tests.surfaces.shots.stage import Shoot, Stage, close, find, retype
from tests.surfaces.term import Term


def play(stage: Stage) -> None:
    """The list, then one client."""
    stage.found()
    stage.take_in("clients")
    stage.with_mail()
    with stage.signed_in("Clients 1,") as (term, shoot):
        shoot("clients")
        narrowing(term, shoot)
        menus(term, shoot)
        account(term, shoot)
        one(stage, term, shoot)
        edit(term, shoot)
        leaving(term, shoot)


def narrowing(term: Term, shoot: Shoot) -> None:
    """Search and filter."""
    term.key("/").type("bro").expect("of 1,")
    shoot("clients-search")
    close(term, 2)
    term.key("/").type("zzzz").expect("Nobody", 20)
    shoot("clients-nobody")
    close(term, 2)


def menus(term: Term, shoot: Shoot) -> None:
    """What lies behind one key."""
    for key, name in (("f", "filter"), ("s", "sort"), ("k", "columns")):
        term.key(key)
        shoot(f"clients-{name}")
        close(term)


def account(term: Term, shoot: Shoot) -> None:
    """An account, from nothing to waiting for its person."""
    find(term, "brent thomas")
    term.key("w").expect("Create and send")
    shoot("clients-welcome")
    term.key("enter").expect("not activated", 20)
    shoot("clients-welcome-sent")


def one(stage: Stage, term: Term, shoot: Shoot) -> None:
    """All that is done with one client."""
    term.key("enter").expect("History")
    shoot("clients-actions")
    close(term)
    for key, name in (("r", "reset"), ("a", "address"), ("d", "deactivate"), ("w", "welcome-again")):
        term.key(key)
        shoot(f"clients-{name}")
        close(term)
    if not stage.wide:
        term.key("p")
        shoot("clients-person")
        close(term)
    term.key("h").expect("History of")
    shoot("history")
    close(term)


def edit(term: Term, shoot: Shoot) -> None:
    """A changed address, and somebody new."""
    term.key("e").expect("Edit Brent")
    shoot("clients-edit")
    term.key("tab").key("tab")
    retype(term, "brent@")
    term.key("f2")
    shoot("clients-edit-error")
    term.type("example.org").key("f2").expect("The user name becomes", 20)
    shoot("clients-email-change")
    term.key("y").expect("has been changed", 20)
    shoot("clients-email-changed")
    term.key("enter").settle(0.5, 3)
    term.key("n").expect("New client", 20)
    shoot("clients-new")
    close(term)


def leaving(term: Term, shoot: Shoot) -> None:
    """Signing out."""
    term.key("q").expect("Sign out?")
    shoot("sign-out")
