"""The Mail tab: the built-in mailbox, a server that is busy, and the mails themselves."""

from __future__ import annotations

from tests import making
from tests.services.smtp_server import Stage as SmtpStage
from tests.surfaces.shots.stage import Shoot, Stage, close, find
from tests.surfaces.term import Term


def play(stage: Stage) -> None:
    """First without a server, then with one that is busy."""
    desk, made = stage.found()
    brent = making.make_client(desk, made.agency)
    making.make_client(desk, made.agency, "cindy@mortgageclient.example.com", first="Cindy", last="Baxter")
    making.give_account(desk, made.admin, brent, password=None)
    with stage.signed_in("Clients 2") as (term, shoot):
        mailbox(term, shoot)
    stage.with_mail()
    stage.post.on(SmtpStage.RCPT, "450 4.2.1 mailbox busy, try later")
    with stage.signed_in("Clients 2") as (term, shoot):
        deferred(term, shoot)


def mailbox(term: Term, shoot: Shoot) -> None:
    """What was sent, and what stands in a temporary password's mail."""
    shoot("clients-mailbox-only")
    term.key("4").expect("brent@", 20)
    shoot("mail")
    term.key("enter").expect("Hello Brent", 20)
    shoot("mail-message")
    term.key("pgdn")
    shoot("mail-message-below")
    close(term)
    term.key("f")
    shoot("mail-filter")
    close(term)


def deferred(term: Term, shoot: Shoot) -> None:
    """The server cannot take it now."""
    find(term, "cindy baxter")
    term.key("w").expect("Create and send")
    term.key("enter").settle(2.0, 6)
    shoot("clients-mail-deferred")
    term.key("4").settle(1.0, 5)
    shoot("mail-deferred")
