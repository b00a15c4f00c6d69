"""Somebody who comes with a temporary password."""

from __future__ import annotations

from models.states import MailPurpose
from services.credentials.passwords import Secret
from tests import making
from tests.surfaces.shots.stage import Shoot, Stage, close, retype
from tests.surfaces.term import Term

ADDRESS = "nora.newcomer@example.com"
OWN = "nine copper kettles sing"


def play(stage: Stage) -> None:
    """Staff send it; its person goes through every step."""
    desk, made = stage.found()
    nora = making.make_client(desk, made.agency, ADDRESS, first="Nora", last="Newcomer")
    identity = making.give_account(desk, made.admin, nora, password=None)
    with desk.ctx.unit():
        making.secure(desk.ctx, identity, secured=False)
    with stage.signed_in("Clients 1") as (term, shoot):
        sending(stage, term, shoot)
    desk = stage.desk()
    password = making.temporary_in(desk.ctx, making.mails(desk.ctx, identity, MailPurpose.TEMPORARY)[-1])
    with stage.terminal() as (term, shoot):
        term.expect("Sign in with your account", 20).key("shift+tab")
        retype(term, ADDRESS)
        term.key("tab").type(password.reveal()).key("enter").expect("Step 1 of 7", 30)
        terms(term, shoot)
        own_password(term, shoot, password)
        term.key("f2").expect("Cell number", 20)
        shoot("first-steps-contact")
        term.type("12").key("f2")
        shoot("first-steps-contact-refused")
        retype(term, "519 555 0168")
        term.key("f2").expect("Question 1", 20)
        shoot("first-steps-questions")


def sending(stage: Stage, term: Term, shoot: Shoot) -> None:
    """What staff see of it: the question, the toast, and the mail."""
    term.key("t").expect("temporary password?", 20)
    shoot("temporary")
    term.key("enter").settle(1.0, 5)
    shoot("temporary-sent")
    term.key("t").settle(1.0, 5)
    shoot("temporary-too-soon")
    close(term)
    term.key("4").expect("nora", 20).key("enter").expect("Hello Nora", 20)
    shoot("temporary-mail")


def terms(term: Term, shoot: Shoot) -> None:
    """What is to be accepted, and what stopping means."""
    shoot("first-steps-terms")
    term.key("f2")
    shoot("first-steps-terms-refused")
    term.key("esc").expect("Stop here")
    shoot("first-steps-leave")
    term.key("n").settle(0.5, 3)
    term.type(" ").key("f2").expect("New password", 20)


def own_password(term: Term, shoot: Shoot, temporary: Secret) -> None:
    """The temporary one is refused."""
    term.type(temporary.reveal()).key("tab").type(temporary.reveal()).key("f2").expect("temporary", 20)
    shoot("first-steps-password-refused")
    for _ in range(2):
        retype(term, OWN)
        shoot("first-steps-password")
        term.key("tab")
