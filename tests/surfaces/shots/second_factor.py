"""The second factor: set up at the first sign-in, asked for at the next one, and looked after in the settings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from models.agency import Agency
from models.identity import Identity, Throttle
from services.accounts.identities import sign_in_key
from services.desk import Desk
from services.entry.arrival import MAILED_CODE_FROM
from tests import making
from tests.enrolling import App, app_behind
from tests.surfaces.playing import sign_in
from tests.surfaces.shots.stage import Shoot, Stage
from tests.surfaces.term import Term

USER = "sue@raystaging.example.com"
LONG = "an-extraordinarily-long-user-name-for-a-person@a-subdomain.of-a-long-company-name.example.com"


def play(stage: Stage) -> None:
    """Enrolment, the code at sign-in, what is wrong with it, and the settings."""
    desk, _ = stage.found()
    with desk.ctx.unit():
        Agency.update(adjustments='{"factor": "rights"}').execute()
    with stage.terminal() as (term, shoot):
        sign_in(term, making.PASSWORD.reveal())
        term.expect("Second step  Step 1 of 2", 30)
        enrolling(desk, term, shoot)
    app = app_behind(desk.ctx, 1)
    with stage.terminal() as (term, shoot):
        sign_in(term, making.PASSWORD.reveal())
        term.expect("the code of your app", 30)
        asking(term, shoot, app)
        term.expect("Clients", 30)
        settings(term, shoot)
    mailed(stage, desk)
    crowded(stage, desk)


def enrolling(desk: Desk, term: Term, shoot: Shoot) -> None:
    """From the first words to the recovery codes."""
    shoot("second-factor-step")
    term.key("f2").expect("Set up an authenticator app", 20)
    shoot("second-factor-scan")
    term.type("123456").key("enter").expect("This is not the code", 20)
    shoot("second-factor-scan-wrong")
    for _ in range(6):
        term.send("\x7f")
    term.type(app_behind(desk.ctx, 1).code(datetime.now(UTC)).reveal()).key("enter")
    term.expect("Keep these recovery codes", 20)
    shoot("recovery-codes")
    term.key("f2").expect("tick the box", 20)
    shoot("recovery-codes-not-kept")
    term.key("esc").expect("Leave without the codes?", 20)
    shoot("recovery-codes-leave")
    term.key("n").settle(0.4, 3)
    term.type(" ")
    term.settle(0.4, 3)
    term.key("enter").expect("Your account is set up.", 20)
    term.key("enter").expect("Clients", 20)


def asking(term: Term, shoot: Shoot, app: App) -> None:
    """The code, wrong three times, then right."""
    shoot("second-step")
    for _ in range(3):
        term.settle(0.5, 3)
        term.type("000000")
        term.key("enter").settle(1.0, 5)
    shoot("second-step-wrong")
    term.expect("One more step", 5).settle(1.6, 5)
    term.type(app.code(datetime.now(UTC), 1).reveal()).key("enter")


def settings(term: Term, shoot: Shoot) -> None:
    """Replaced, new codes, turned off."""
    term.key("f9").expect("Two-step sign-in", 20)
    term.key("down").settle(0.3, 2)
    term.key("down").settle(0.3, 2)
    term.key("enter").expect("Recovery codes left", 20)
    shoot("second-factor-settings")
    term.key("r").expect("Replace the authenticator app", 20)
    shoot("second-factor-replace")
    term.type("not my password")
    term.key("tab")
    term.type("000000")
    term.key("f2").expect("not your present password", 20)
    shoot("second-factor-replace-refused")


def mailed(stage: Stage, desk: Desk) -> None:
    """After a hundred failures."""
    now = datetime.now(UTC) - timedelta(minutes=2)
    with desk.ctx.unit():
        key = sign_in_key(desk.ctx, "RAY-919", USER)
        Throttle.delete().execute()
        Throttle.create(key=key, count=MAILED_CODE_FROM, window_from=now, next_at=now)
    with stage.terminal() as (term, shoot):
        sign_in(term, making.PASSWORD.reveal())
        term.expect("the code from your mail", 30)
        shoot("mailed-code")
        term.key("f3").expect("at most once a minute", 20)
        shoot("mailed-code-again")
        term.key("esc").expect("Sign in with your account", 20)
        shoot("mailed-code-back")


def crowded(stage: Stage, desk: Desk) -> None:
    """A user name for whose picture a small window has no room, and an agency with a hostile name."""
    from models.security import SecondFactor

    with desk.ctx.unit():
        SecondFactor.delete().execute()
        Throttle.delete().execute()
        Identity.update(email=LONG, email_key=LONG, name="[/x] \u202eeuS [bold]" + "y" * 150).execute()
        Agency.update(name="[b]Ray\u202e[/x]" + "z" * 80).execute()
    stage.remember("RAY-919", LONG)
    with stage.terminal() as (term, shoot):
        sign_in(term, making.PASSWORD.reveal())
        term.expect("Second step  Step", 30).key("f2").settle(1.5, 10)
        shoot("second-factor-no-room")
