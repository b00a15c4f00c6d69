"""At a kiosk: a forgotten password with everything that can be asked, in one mail and in two, and an activation."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from models.agency import Agency
from models.identity import Identity, Throttle
from services.desk import Desk
from services.kiosks import key_file
from tests import enrolling, making, recovering
from tests.enrolling import App
from tests.kiosking import newest_code
from tests.making import MadeAgency
from tests.recovering import NEW, USER
from tests.surfaces.kiosk import HOME
from tests.surfaces.shots.stage import Shoot, Stage
from tests.surfaces.term import Term

HOSTILE = "[/x][@click=app.quit]Bob\u202eevil "


def play(stage: Stage) -> None:
    """Each screen, with what is wrong told."""
    stage.with_mail()
    desk, made = stage.found()
    rita = making.make_staff(desk, made.agency, "rita@raystaging.example.com", first="Rita")
    brent = making.give_account(desk, rita, making.make_client(desk, made.agency))
    app = enrolling.enrol(desk.ctx, brent.id)
    recovering.answer(desk.ctx, brent)
    enrol(desk, made)
    with stage.terminal("kiosk", "--name", "Lobby") as (term, shoot):
        addresses(term, shoot)
        one_mail(desk, brent, app, term, shoot)
        two_mails(desk, made, term, shoot)
        activation(desk, made, term, shoot)


def enrol(desk: Desk, made: MadeAgency) -> None:
    """The kiosk's own identity."""
    admin = made.admin if made.admin.session_id else None
    root = admin or making.make_staff(desk, made.agency, "root@raystaging.example.com", role=made.admin.role)
    _, secret = desk.kiosks.enrol(root, "Lobby")
    key_file.keep(desk.ctx.settings.home, "Lobby", secret)


def begin(term: Term, tabs: int = 0) -> None:
    """From home to the first question."""
    term.expect(HOME, 40).settle(0.3, 5)
    for _ in range(tabs):
        term.key("tab").settle(0.2, 3)
    term.key("enter").expect("What is your e-mail address?", 20).settle(0.3, 5)


def go(term: Term, text: str, then: str) -> None:
    """Type, go on, and wait for what comes."""
    term.type(text).key("enter").expect(then, 20).settle(0.3, 5)


def press(term: Term, *keys: str) -> None:
    """One key after another, each when the screen is at rest."""
    for key in keys:
        term.key(key).settle(0.3, 5)


def addresses(term: Term, shoot: Shoot) -> None:
    """What is empty, what is none, and two that differ."""
    begin(term)
    shoot("kiosk-reset-address")
    go(term, "brent", "✗")
    shoot("kiosk-reset-address-wrong")
    go(term, USER.removeprefix("brent"), "Type the address once more")
    go(term, "other@example.com", "The two addresses differ")
    shoot("kiosk-reset-differ")
    press(term, "esc", "esc")
    shoot("kiosk-reset-start-again")
    term.key("enter")


def one_mail(desk: Desk, brent: Identity, app: App, term: Term, shoot: Shoot) -> None:
    """The whole way with every hurdle."""
    begin(term)
    go(term, USER, "Type the address once more")
    go(term, USER, "Type the code from your mail")
    shoot("kiosk-reset-code")
    go(term, "ZZZZ7777", "✗ This code")
    shoot("kiosk-reset-code-wrong")
    term.absent("Next try in", 10).settle(0.3, 3)
    go(term, newest_code(desk.ctx, brent).reveal(), "Your answer")
    shoot("kiosk-reset-question")
    for given in ("Elm Street", "Hillside"):
        go(term, given, "Your answer")
    go(term, "wrong", "✗ These answers")
    shoot("kiosk-reset-question-wrong")
    term.absent("Next try in", 10).settle(0.3, 3)
    press(term, "enter", "enter")
    for _ in range(5):
        term.send("\x7f")
    go(term, "Rex", "Choose a new password")
    shoot("kiosk-reset-password")
    term.type("short")
    press(term, "tab")
    shoot("kiosk-reset-password-wrong")
    term.key("shift+tab").settle(0.2, 3)
    for _ in range(5):
        term.send("\x7f")
    term.type(NEW.reveal())
    press(term, "enter")
    shoot("kiosk-reset-password-typed")
    go(term, NEW.reveal(), "Type the code of your app")
    shoot("kiosk-reset-factor")
    go(term, app.code(datetime.now(UTC)).reveal(), "goes home by itself")
    shoot("kiosk-reset-done")
    term.key("enter")


def two_mails(desk: Desk, made: MadeAgency, term: Term, shoot: Shoot) -> None:
    """A temporary password, which is typed right there."""
    with desk.ctx.unit():
        adjusted = {"factor": "nobody", "reset_mails": 2}
        Agency.update(adjustments=json.dumps(adjusted), name=(HOSTILE * 9)[:100]).execute()
        Throttle.delete().execute()
    pat = making.give_account(
        desk, made.admin, making.make_client(desk, made.agency, "pat@example.com", first="Pat", last=HOSTILE)
    )
    with desk.ctx.unit():
        Throttle.delete().execute()
    begin(term)
    go(term, "pat@example.com", "Type the address once more")
    go(term, "pat@example.com", "Type the code from your mail")
    go(term, newest_code(desk.ctx, pat).reveal(), "A temporary password by mail")
    shoot("kiosk-reset-confirm")
    term.key("enter").expect("Type it here now ◂", 20)
    shoot("kiosk-reset-mailed")
    term.key("enter").expect("Type the temporary password", 20).settle(0.3, 5)
    go(term, "AAAA-BBBB-CCCC-DDDD", "✗ This temporary")
    shoot("kiosk-reset-temporary-wrong")
    term.absent("Next try in", 10).settle(0.3, 3)
    mail = making.mails(desk.ctx, pat)[-1]
    go(term, making.temporary_in(desk.ctx, mail).reveal(), "share it with nobody")
    shoot("kiosk-first-terms")
    press(term, "tab", "tab")
    term.key("enter").expect("✗ Tick the box", 10).settle(0.3, 5)
    shoot("kiosk-first-terms-wrong")
    term.type(" ")
    press(term, "tab", "tab")
    term.key("enter").expect("Choose a password of your own", 20)
    shoot("kiosk-first-password")
    term.type(NEW.reveal())
    press(term, "enter")
    go(term, NEW.reveal(), "Cell number")
    shoot("kiosk-first-contact")
    while "Stop here?" not in term.text:
        press(term, "esc")
    shoot("kiosk-first-leave")
    term.key("enter").settle(0.5, 5)


def activation(desk: Desk, made: MadeAgency, term: Term, shoot: Shoot) -> None:
    """The welcome mail's code, a first password, and the questions."""
    client = making.make_client(desk, made.agency, "nora@example.com", first="Nora", last="Newcomer")
    nora = making.give_account(desk, made.admin, client, password=None)
    with desk.ctx.unit():
        making.secure(desk.ctx, nora, secured=False)
    begin(term, 1)
    go(term, "nora@example.com", "Type the code from your mail")
    shoot("kiosk-activate-code")
    go(term, "nonsense", "✗")
    shoot("kiosk-activate-code-wrong")
    for _ in range(8):
        term.send("\x7f")
    go(term, making.sent_secrets(desk.ctx, nora).code, "Choose a password")
    shoot("kiosk-activate-password")
    term.type(NEW.reveal())
    press(term, "enter")
    go(term, NEW.reveal(), "Choose security question 1 of 3")
    shoot("kiosk-activate-question")
    for number, given in enumerate(("Elm Street", "Hillside", "Rex"), 2):
        term.key("enter").settle(0.3, 3)
        go(term, given, f"Choose security question {number} of 3" if number < 4 else "goes home by itself")
    shoot("kiosk-activate-done")
    term.expect(HOME, 20)
