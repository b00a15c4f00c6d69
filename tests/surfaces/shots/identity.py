"""Manage user account (identity): the wizard for a colleague with an old account, and for a client."""

from __future__ import annotations

from tests import making
from tests.services.smtp_server import Stage as SmtpStage
from tests.surfaces.shots.stage import Shoot, Stage, close, find, migrate
from tests.surfaces.term import Term


def play(stage: Stage) -> None:
    """Every step, what is refused, and what the mail does."""
    desk, made = stage.found()
    making.make_client(desk, made.agency)
    making.make_client(desk, made.agency, "cindy@mortgageclient.example.com", first="Cindy", last="Baxter")
    stage.take_in("staff")
    stage.take_in("legacy")
    stage.with_mail()
    with stage.signed_in("Clients 2") as (term, shoot):
        client(term, shoot)
        term.key("2").expect("Christina", 20)
        impossible(term, shoot)
        person(term, shoot)
        to_review(term, shoot)
        done(term, shoot)
        existing(term, shoot)
        busy_server(stage, term, shoot)


def client(term: Term, shoot: Shoot) -> None:
    """A client's account opens their own part only."""
    find(term, "brent thomas")
    term.key("i").expect("Step 1 of 3", 20)
    shoot("identity-client-person")
    term.key("f2").expect("Step 2 of 3", 20)
    shoot("identity-client-access")
    close(term)
    term.expect("Office staff", 20)


def impossible(term: Term, shoot: Shoot) -> None:
    """Somebody without an address, and somebody who is not active."""
    for words in ("desiree", "dominique"):
        find(term, words)
        term.key("i").settle(1.0, 5)
        shoot(f"identity-{words}")
        close(term, 2)


def person(term: Term, shoot: Shoot) -> None:
    """The old user name is not the address; F4 mends it."""
    find(term, "frank jones")
    term.key("i").expect("Step 1 of 4", 20)
    shoot("identity-person")
    term.key("f2")
    shoot("identity-person-refused")
    term.key("f4")
    shoot("identity-person-mended")
    close(term)
    shoot("identity-discard")
    close(term)


def to_review(term: Term, shoot: Shoot) -> None:
    """Access, the old account, and the mail as it will look."""
    term.key("f2").expect("Step 2 of 4", 20)
    shoot("identity-access")
    term.key("f2").expect("Migrate it?", 20)
    shoot("identity-old-account")
    term.key("f2").expect("Step 4 of 4", 20)
    shoot("identity-review")
    term.key("pgdn").key("pgdn")
    shoot("identity-review-mail")
    term.key("f2").expect("Are you sure?", 20)
    shoot("identity-sure")


def done(term: Term, shoot: Shoot) -> None:
    """The mail's state follows the mail."""
    term.key("y").expect("is created", 30)
    shoot("identity-done")
    term.expect("sent", 30)
    shoot("identity-done-sent")
    term.key("enter").settle(0.5, 3)
    shoot("identity-panel")


def existing(term: Term, shoot: Shoot) -> None:
    """Who has an account already."""
    term.key("i").settle(1.0, 5)
    shoot("identity-existing")
    close(term)


def busy_server(stage: Stage, term: Term, shoot: Shoot) -> None:
    """The server cannot take the mail now."""
    stage.post.on(SmtpStage.RCPT, "450 4.2.1 mailbox busy, try later")
    find(term, "bonnie")
    migrate(term)
    term.settle(2.5, 6)
    shoot("identity-done-deferred")
