"""The Audit tab: empty but for its beginning, full, filtered, one entry, hostile data, and a trail that was changed."""

from __future__ import annotations

from dataclasses import replace

from models.audit import AuditEntry
from models.states import AuditResult, Surface
from services import audit, person_key
from services.actor import Origin
from services.desk import Desk
from tests import making
from tests.making import MadeAgency
from tests.surfaces.shots.stage import Shoot, Stage, close, retype
from tests.surfaces.term import Term
from tests.tampering import behind_the_triggers

EVIL = "[/x] \x1b]52;c;aGk=\x07\u202eevil\u200b " + "W" * 200


def happen(desk: Desk, made: MadeAgency) -> None:
    """A little of everything."""
    for first, last in (("Brent", "Thomas"), ("Cindy", "Baxter"), ("Chris", "Webber")):
        client = making.make_client(desk, made.agency, f"{first}@example.com".lower(), first=first, last=last)
        making.give_account(desk, made.admin, client, password=None)
    desk.accounts.deactivate(made.admin, person_key.client(client.id), "left the agency in November")
    with desk.ctx.unit():
        for number in range(12):
            origin = Origin(Surface.PORTAL, f"198.51.100.{number}")
            about = {"agency_id": made.agency.id, "subject": f"user{number}@example.com"}
            failed = {"result": AuditResult.FAILED, "reason": "wrong password"}
            audit.record(desk.ctx, origin, audit.Action.SIGN_IN_FAILED, **about, **failed)  # type: ignore[arg-type]
        details = {"old": "brent@example.com", "new": "brent.thomas@example.org"}
        audit.record(desk.ctx, made.admin, audit.Action.EMAIL_CHANGED, subject="Brent Thomas", details=details)


def play(stage: Stage) -> None:
    """First what an administrator looks at, then what an owner of the database did to it."""
    desk, made = stage.found()
    # Nobody is told of a session elsewhere; what happens meanwhile is done at the machine itself.
    desk.sign_in.sign_out(made.admin)
    made = made._replace(admin=replace(made.admin, session_id=None))
    with stage.signed_in("Clients") as (term, shoot):
        term.key("5").expect("signed in", 20)
        shoot("audit-first")
        happen(desk, made)
        term.settle(4.0, 8)
        shoot("audit-full")
        looked(term, shoot)
        with desk.ctx.unit():
            evil = {"agency_id": made.agency.id, "subject": EVIL, "reason": EVIL, "details": {"to": EVIL}}
            audit.record(desk.ctx, Origin(Surface.KIOSK, EVIL), audit.Action.TOKEN_WRONG, **evil)  # type: ignore[arg-type]
        term.settle(4.0, 8)
        shoot("audit-hostile")
        term.key("home").key("enter").expect("Esc closes", 10)
        shoot("audit-hostile-entry")
        close(term)
        with behind_the_triggers(desk.ctx):
            newest = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
            AuditEntry.update(reason="nothing happened").where(AuditEntry.id == newest.id).execute()
        with desk.ctx.unit():
            audit.record(desk.ctx, made.admin, audit.Action.RESET_SENT, subject="Brent Thomas")
        term.expect("audit verify", 20)
        shoot("audit-changed")
        term.key("home").key("down").key("enter").expect("not as it was", 10)
        shoot("audit-changed-entry")


def looked(term: Term, shoot: Shoot) -> None:
    """Searched, filtered, opened, exported."""
    term.key("/")
    retype(term, "thomas changed")
    term.expect("1", 20).settle(0.5, 4)
    shoot("audit-search")
    term.key("enter").key("enter").expect("Event", 10)
    shoot("audit-entry")
    close(term)
    term.key("/")
    retype(term, "qqqq")
    term.expect("No entry matches", 10)
    shoot("audit-nothing")
    close(term)
    term.key("enter").settle(0.4, 3)
    term.key("f").expect("Which entries", 10)
    shoot("audit-filter")
    close(term)
    term.key("x").expect("Write what is shown", 10)
    shoot("audit-export")
    close(term)
