"""Somebody with a welcome mail: its code, a password, and the first sign-in's questions."""

from __future__ import annotations

from tests import making
from tests.surfaces.playing import sign_in
from tests.surfaces.shots.stage import Shoot, Stage, close, retype
from tests.surfaces.term import Term

PERSON = "seven plum orbits a candle"
ADDRESS = "brent@mortgageclient.example.com"


def play(stage: Stage) -> None:
    """To the end, with what is refused on the way."""
    desk, made = stage.found()
    brent = making.give_account(desk, made.admin, making.make_client(desk, made.agency), password=None)
    with desk.ctx.unit():
        making.secure(desk.ctx, brent, secured=False)
    code = making.sent_secrets(desk.ctx, brent).code
    with stage.terminal() as (term, shoot):
        term.expect("Sign in with your account", 20)
        opening(term, shoot, code)
        choosing(term, shoot)
        sign_in(term, PERSON)
        questions(term, shoot)
        own_place(term, shoot)
        used_up(term, shoot, code)


def opening(term: Term, shoot: Shoot, code: str) -> None:
    """A wrong code, then the right one."""
    term.key("f4").expect("type its code")
    shoot("activation-code-empty")
    term.type("AAAA-AAAA").key("tab")
    retype(term, ADDRESS)
    term.key("f2").settle(1.0, 5)
    shoot("activation-code-refused")
    retype(term, code)
    shoot("activation-code")
    term.key("f2").expect("New password", 20)


def choosing(term: Term, shoot: Shoot) -> None:
    """The rules one after the other, two that differ, and the sentence at the end."""
    shoot("activation-password-empty")
    term.type("brent thomas")
    shoot("activation-password-refused")
    retype(term, PERSON)
    term.key("tab").type("something else").key("f2")
    shoot("activation-password-differs")
    retype(term, PERSON)
    shoot("activation-password")
    term.key("f2").expect("Your password has been set.", 20)
    shoot("activation-done")


def questions(term: Term, shoot: Shoot) -> None:
    """All three, with an answer that is used twice, and what stopping means."""
    term.expect("Question 1  Step", 30)
    shoot("questions")
    term.key("enter").type("Elm Street")
    shoot("questions-answered")
    close(term)
    shoot("questions-cancel")
    close(term)
    term.key("enter").expect("Question 2  Step", 30)
    term.key("enter").type("elm  street").key("enter").settle(0.5, 5)
    shoot("questions-same-answer")
    retype(term, "Hillside")
    term.key("enter").expect("Question 3  Step", 30)
    term.key("enter").type("Miss Honey")
    shoot("questions-last")
    term.key("enter").expect("Your account is set up.", 30)
    shoot("questions-done")
    term.key("enter")


def own_place(term: Term, shoot: Shoot) -> None:
    """What a client finds behind the sign-in."""
    term.expect("Welcome, Brent Thomas", 30)
    shoot("client-home")
    term.key("esc").expect("Sign out?")
    shoot("client-sign-out")
    term.key("y").expect("Sign in with your account", 20)


def used_up(term: Term, shoot: Shoot, code: str) -> None:
    """The same code once more."""
    term.key("f4").expect("type its code").settle(0.3, 3)
    term.type(code).key("f2").settle(1.0, 5)
    shoot("activation-code-used")
