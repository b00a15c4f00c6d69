"""What was being typed when the line dropped: offered alone, in a list, and in the very form."""

from __future__ import annotations

from models.client import Client
from services import person_key
from services.drafts import DraftForm, DraftKey, Typed
from tests import making
from tests.screens.hostile import HOSTILE
from tests.surfaces.shots.stage import Stage, close


def play(stage: Stage) -> None:
    """From the sign-in to the form that goes on."""
    desk, ray = stage.found()
    sue = desk.sign_in.sign_in("RAY-919", "sue@raystaging.example.com", making.PASSWORD, making.HERE)
    brent = making.make_client(desk, ray.agency)
    key = DraftKey(DraftForm.CLIENT, person_key.client(int(brent.id)))
    desk.drafts.keep(sue, key, Typed("Edit Brent Thomas", {"last_name": "Thomasson", "phone": "519 555"}, version=1))
    desk.sign_in.sign_out(sue)
    with stage.signed_in("did not save it") as (term, shoot):
        shoot("drafts-one")
        term.key("enter").expect("● edited", 20)
        shoot("drafts-form")
        close(term)
        term.expect("Leave without saving?").key("n")
    sue = desk.sign_in.sign_in("RAY-919", "sue@raystaging.example.com", making.PASSWORD, making.HERE)
    gone = making.make_client(desk, ray.agency, "gail@example.com", first="Gail", last="Gone")
    about = DraftKey(DraftForm.CLIENT, person_key.client(int(gone.id)))
    desk.drafts.keep(sue, about, Typed("Edit Gail Gone", {}, version=1))
    desk.drafts.keep(sue, DraftKey(DraftForm.STAFF), Typed(f"New {HOSTILE}", {}))
    desk.drafts.keep(sue, DraftKey(DraftForm.RULES), Typed("Rules of the agency", {"minimum": "14"}, version=1))
    with desk.ctx.unit():
        Client.delete().where(Client.id == gone.id).execute()
    desk.sign_in.sign_out(sue)
    with stage.signed_in("did not save it") as (term, shoot):
        shoot("drafts-list")
        term.keys("down", "down", "down").settle(0.2, 2)
        shoot("drafts-gone")
        term.key("x").expect("Throw it away?", 10)
        shoot("drafts-throw-away")
        term.key("n").settle(0.2, 2)
        close(term)
        term.key("e").expect("Go on with what you typed?", 20)
        shoot("drafts-put-off")
