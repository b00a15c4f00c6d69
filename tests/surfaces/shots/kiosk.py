"""The locked kiosk: its first screen, why it serves nobody, staff behind the hidden key, and the list of all."""

from __future__ import annotations

import signal
from datetime import UTC, datetime, timedelta

import psutil

from models.agency import Agency
from models.kiosk import Kiosk
from models.states import Role
from services.desk import Desk
from services.kiosks import key_file
from tests import making
from tests.making import MadeAgency
from tests.surfaces.shots.stage import Shoot, Stage, close
from tests.surfaces.term import Term

HOME = "What can we do for you?"
HOSTILE = "[/x][@click=app.quit]Bob\x1b]0;x\x07\u202eevil "


def play(stage: Stage) -> None:
    """Each screen as somebody meets it."""
    desk, ray = stage.found()
    with stage.terminal("kiosk", "--name", "Lobby") as (term, shoot):
        term.expect("This kiosk is not enrolled", 40)
        shoot("kiosk-not-enrolled")
    kiosk, secret = desk.kiosks.enrol(ray.admin, "Lobby")
    key_file.keep(desk.ctx.settings.home, "Lobby", secret)
    making.make_staff(desk, ray.agency, "vera@example.com", role=Role.SUPERVISOR, first="Vera", last="Vogel")
    with stage.terminal("kiosk", "--name", "Lobby") as (term, shoot):
        term.expect(HOME, 40)
        shoot("kiosk-home")
        fault(term, shoot)
        staff(term, shoot)
        desk.kiosks.revoke(ray.admin, kiosk.id)
        term.expect("This kiosk is closed", 20).settle(0.5, 3)
        shoot("kiosk-closed")
    hostile(stage, desk, ray)
    listed(stage, desk, ray)


def fault(term: Term, shoot: Shoot) -> None:
    """The program of a person dies."""
    [person, *_] = [
        child for child in psutil.Process(term.process.pid).children() if "tui.kiosk.child" in child.cmdline()
    ]
    person.send_signal(signal.SIGKILL)
    term.absent(HOME, 10).expect("this reference", 20)
    shoot("kiosk-after-fault")


def staff(term: Term, shoot: Shoot) -> None:
    """Signed in wrong, right, and gone again without a word."""
    term.send("\x0b")
    term.expect("Staff sign-in", 10).settle(0.5, 3)
    shoot("kiosk-staff-sign-in")
    term.type("vera@example.com")
    term.key("enter")
    term.type("not the password")
    term.key("enter").expect("not a user name", 20)
    shoot("kiosk-staff-sign-in-wrong")
    term.absent("Next try in", 10).settle(1.5, 3)
    term.key("enter").settle(0.3, 2)
    term.type(making.PASSWORD.reveal())
    term.key("enter").expect("Signed in: Vera", 20)
    shoot("kiosk-staff-menu")
    term.expect("Are you still there?", 45)
    shoot("kiosk-idle")
    term.key("x").settle(0.3, 2)
    term.key("esc").expect(HOME, 10)


def hostile(stage: Stage, desk: Desk, ray: MadeAgency) -> None:
    """Names as bad as data can be."""
    _, secret = desk.kiosks.enrol(ray.admin, "Lobby")
    key_file.keep(desk.ctx.settings.home, "Lobby", secret)
    with desk.ctx.unit():
        Agency.update(name=(HOSTILE * 9)[:100]).execute()
        Kiosk.update(name=(HOSTILE * 9)[:60]).where(Kiosk.revoked_at.is_null()).execute()
    with stage.terminal("kiosk", "--name", "Lobby") as (term, shoot):
        term.expect(HOME, 40)
        shoot("kiosk-home-hostile")


def listed(stage: Stage, desk: Desk, ray: MadeAgency) -> None:
    """The administrator's list, and its questions."""
    now = datetime.now(UTC)
    for name, seen in (("Front door", now), ("Branch San Diego", now - timedelta(days=3)), ("Not yet started", None)):
        kiosk, _ = desk.kiosks.enrol(ray.admin, name)
        with desk.ctx.unit():
            Kiosk.update(seen_at=seen).where(Kiosk.id == kiosk.id).execute()
    with stage.signed_in() as (term, shoot):
        term.key("f9").expect("How you sign in", 20)
        term.key("k").expect("Front door", 20)
        shoot("kiosks-list")
        term.key("enter").expect("Esc closes", 10)
        shoot("kiosks-details")
        close(term)
        term.key("c").expect("Colours of this kiosk", 10)
        shoot("kiosks-colours")
        close(term)
        term.key("x").expect("Revoke this kiosk?", 10)
        shoot("kiosks-revoke")
        close(term)
