"""At a kiosk: an activation that sets two-step sign-in up, the code of a sign-in, and what is said while it works."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from models.agency import Agency
from models.client import Client
from models.identity import Identity, Throttle
from services.desk import Desk
from services.person_key import client as key_of
from tests import enrolling, making
from tests.making import MadeAgency
from tests.recovering import NEW
from tests.surfaces.shots.kiosk_reset import begin, enrol, go, press
from tests.surfaces.shots.stage import Shoot, Stage
from tests.surfaces.term import Term

NORA = "nora@example.com"
PAT = "pat@example.com"


def play(stage: Stage) -> None:
    """Each screen once, the wrong code too."""
    desk, made = stage.found()
    nora = making.give_account(desk, made.admin, _client(desk, made, NORA, "Nora"), password=None)
    pat = making.give_account(desk, made.admin, client := _client(desk, made, PAT, "Pat"))
    enrolling.enrol(desk.ctx, pat.id)
    desk.ctx.clock.advance(minutes=6)  # type: ignore[attr-defined]  # a stage's clock stands until it is moved
    desk.temporary.send(made.admin, key_of(client.id))
    with desk.ctx.unit():
        Agency.update(adjustments=json.dumps({"factor": "everybody", "questions": False})).execute()
        Throttle.delete().execute()
    enrol(desk, made)
    with stage.terminal("kiosk", "--name", "Lobby") as (term, shoot):
        factor(desk, nora, term, shoot)
    with stage.terminal("kiosk", "--name", "Lobby") as (term, shoot):
        sign_in_code(desk, pat, term, shoot)
    with stage.terminal("kiosk", "--name", "Lobby") as (term, shoot):
        busy(Path(stage.environment["TRAKDESK_HOME"]), term, shoot)


def _client(desk: Desk, made: MadeAgency, email: str, first: str) -> Client:
    return making.make_client(desk, made.agency, email, first=first)


def factor(desk: Desk, nora: Identity, term: Term, shoot: Shoot) -> None:
    """From the welcome mail to the recovery codes."""
    begin(term, 1)
    go(term, NORA, "Type the code from your mail")
    go(term, making.sent_secrets(desk.ctx, nora).code, "Choose a password")
    term.type(NEW.reveal())
    press(term, "enter")
    go(term, NEW.reveal(), "Two-step sign-in")
    shoot("kiosk-factor-step")
    term.key("enter").expect("this key into", 20)
    shoot("kiosk-factor-scan")
    press(term, "esc")
    term.expect("not set up yet", 10)
    shoot("kiosk-factor-not-yet")
    press(term, "enter", "enter")
    term.expect("Type the code that your app shows", 20)
    shoot("kiosk-factor-code")
    go(term, "12", "✗")
    shoot("kiosk-factor-code-wrong")
    for _ in range(2):
        term.send("\x7f")
    code = enrolling.app_behind(desk.ctx, nora.id).code(datetime.now(UTC))
    go(term, code.reveal(), "Keep these recovery codes")
    shoot("kiosk-factor-codes")
    press(term, "tab", "enter")
    term.expect("Write the codes down first", 10)
    shoot("kiosk-factor-codes-wrong")
    press(term, "esc")
    shoot("kiosk-factor-codes-leave")
    press(term, "tab", "enter", "enter")
    shoot("kiosk-factor-codes-ticked")
    term.key("enter").expect("goes home by itself", 20)


def sign_in_code(desk: Desk, pat: Identity, term: Term, shoot: Shoot) -> None:
    """Whoever comes with a temporary password types the code of the app."""
    begin(term, 1)
    go(term, PAT, "Type the code from your mail")
    mail = making.mails(desk.ctx, pat)[-1]
    go(term, making.temporary_in(desk.ctx, mail).reveal(), "Type the code of your app")
    shoot("kiosk-sign-in-app")
    go(term, "000000", "✗")
    shoot("kiosk-sign-in-app-wrong")


def busy(home: Path, term: Term, shoot: Shoot) -> None:
    """Another program holds the database."""
    begin(term)
    go(term, NORA, "Type the address once more")
    database = home / "trakdesk.sqlite3"
    with closing(sqlite3.connect(database, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        term.type(NORA).key("enter").expect("One moment", 20)
        shoot("kiosk-busy")
        holder.execute("ROLLBACK")
