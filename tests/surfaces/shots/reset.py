"""Forgot password in two mails and in one, and a change of address undone from the old one."""

from __future__ import annotations

import json

import pyotp

from models.agency import Agency
from models.client import Client
from models.identity import Identity
from models.states import TokenPurpose
from services import email_change
from services.desk import Desk
from services.rules import clean_email
from tests import enrolling, making, recovering
from tests.making import MadeAgency
from tests.surfaces.shots.stage import Shoot, Stage, close, retype
from tests.surfaces.term import Term

ADDRESS = "brent@mortgageclient.example.com"
HOSTILE = "[/x][@click=app.quit]Bob[/]\x1b]0;gone\x07\u202edeb " + "Featherstonehaugh " * 9


def play(stage: Stage) -> None:
    """Two mails with everything that can be asked, one mail, an undoing, and names that no screen may fall over."""
    desk, made = stage.found()
    client = making.make_client(desk, made.agency)
    brent = making.give_account(desk, made.admin, client)
    recovering.answer(desk.ctx, brent)
    secret = enrolling.enrol(desk.ctx, brent.id).key
    ask(desk, brent, mails=2)
    with stage.terminal() as (term, shoot):
        term.expect("Sign in with your account", 20)
        two_mails(desk, brent, secret, term, shoot)
    ask(desk, brent, mails=1)
    with stage.terminal() as (term, shoot):
        one_mail(desk, brent, term, shoot)
    code = change(desk, made, client, brent)
    with stage.signed_in() as (term, shoot):
        mails(term, shoot)
    hostile(desk, brent)
    with stage.terminal() as (term, shoot):
        undo(code, term, shoot)


def ask(desk: Desk, brent: Identity, *, mails: int) -> None:
    """A reset by so many mails, whatever was asked for before."""
    with desk.ctx.unit():
        Agency.update(adjustments=json.dumps({"factor": "nobody", "reset_mails": mails})).execute()
    desk.ctx.clock.advance(minutes=5)  # type: ignore[attr-defined]  # the clock of the plays
    recovering.ask(Desk(making.with_mail_server(desk.ctx)), brent.email)


def present(term: Term, code: str, address: str, wanted: str) -> None:
    """Type a code, from the sign-in form."""
    term.expect("Sign in with your account", 20).settle(0.3, 5)
    term.key("f4").expect("type its code").settle(0.3, 5)
    term.type(code).key("tab")
    retype(term, address)
    term.key("f2").expect(wanted, 20)


def two_mails(desk: Desk, brent: Identity, secret: str, term: Term, shoot: Shoot) -> None:
    """Each step, with what is refused."""
    present(term, making.sent_secrets(desk.ctx, brent).code, ADDRESS, "Step 1 of 3")
    shoot("reset-confirm")
    term.key("f2").expect("Step 2 of 3", 20)
    shoot("reset-questions-empty")
    term.key("f2").settle(0.5, 3)
    shoot("reset-questions-missing")
    for words in ("Elm Street", "Hillside", "Max"):
        term.type(words).key("tab")
    for _ in range(4):
        refused(term, shoot, "reset-questions-wrong")
    term.key("shift+tab")
    retype(term, "Rex")
    term.key("f2").expect("Step 3 of 3", 20)
    shoot("reset-code")
    for _ in range(5):
        retype(term, "000000")
        refused(term, shoot, "reset-code-wrong")
    retype(term, pyotp.TOTP(secret).now())
    term.key("f2").expect("A temporary password is on its way", 20)
    shoot("reset-confirmed")


def refused(term: Term, shoot: Shoot, name: str) -> None:
    """One wrong try more, each of which waits longer than the last."""
    # The answer of the last try stands there until the next one comes.
    term.key("f2").settle(0.3, 1)
    term.absent("One moment", 30).absent("Sending", 30)
    if term.has("Next try in"):
        shoot(name)
    term.absent("Next try in", 60).settle(0.5, 3)


def one_mail(desk: Desk, brent: Identity, term: Term, shoot: Shoot) -> None:
    """The password stands between questions and code."""
    present(term, making.sent_secrets(desk.ctx, brent).code, ADDRESS, "Step 1 of 3")
    for words in ("Elm Street", "Hillside", "Rex"):
        term.type(words).key("tab")
    term.key("f2").expect("Step 2 of 3", 20)
    shoot("reset-password")
    close(term)
    close(term)


def change(desk: Desk, made: MadeAgency, client: Client, brent: Identity) -> str:
    """The address is changed by somebody with a bad name; the code for the old mailbox."""
    new = clean_email("brent.thomas@example.ca")
    with desk.ctx.unit():
        Client.update(email=new.address, email_key=new.key).where(Client.id == client.id).execute()
        email_change.email_changed(desk.ctx, made.admin, client, new)
    return making.secrets_of(desk.ctx, making.tokens_of(desk.ctx, brent, TokenPurpose.UNDO_EMAIL)[-1]).code


def mails(term: Term, shoot: Shoot) -> None:
    """What staff see of the mails, and of the one that undoes the change."""
    if term.has("signed in elsewhere"):
        close(term)
    term.key("3").expect("Confirm that", 20)
    shoot("reset-mails")
    term.key("down").key("enter").expect("The old address no longer signs in", 20).key("pgdn")
    shoot("undo-email-mail")
    close(term, 2)


def hostile(desk: Desk, brent: Identity) -> None:
    """From here on names are as bad as data can be."""
    with desk.ctx.unit():
        Identity.update(name=HOSTILE[:200]).where(Identity.id == brent.id).execute()
        Agency.update(name=HOSTILE[:100], adjustments=json.dumps({"reset_mails": 2})).execute()
    desk.ctx.clock.advance(minutes=5)  # type: ignore[attr-defined]  # the clock of the plays
    recovering.ask(desk, "brent.thomas@example.ca")


def undo(code: str, term: Term, shoot: Shoot) -> None:
    """What was changed, undone, and the last word; then the same link again."""
    present(term, code, ADDRESS, "address of your account was changed")
    shoot("undo-email")
    term.key("f2").expect("Your address is back", 20)
    shoot("undo-email-done")
    term.key("n").expect("Sign in with your account", 20)
    shoot("undo-email-back")
    present(term, code, ADDRESS, "no longer works")
    shoot("undo-email-again")
    close(term)
    close(term)
