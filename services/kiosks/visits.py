"""One person in front of a kiosk, from the first choice to going home."""

from __future__ import annotations

from peewee import Expression

from models.help_queue import HelpRequest, KioskVisit
from models.identity import Identity, Session
from models.kiosk import Kiosk
from models.states import KioskStep, Surface
from services.actor import Origin
from services.context import Context
from services.errors import Refused
from services.help_queue import leaving
from services.kiosks import standing

OVER = "This visit has ended. Start again at the first screen."


class Visits:
    """Keeps apart the people who stand in front of the same kiosk one after another."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def begin(self, origin: Origin) -> int:
        """A person has made the first choice. Returns the number of the visit; Refused anywhere but at a kiosk."""
        with self._ctx.unit():
            kiosk = standing.require(origin)
            return int(KioskVisit.create(kiosk=kiosk, begun_at=self._ctx.clock.now()).id)

    def at_step(self, origin: Origin, visit_id: int, step: KioskStep | None) -> None:
        """What the screen waits for now, None for nothing that could be let pass. Raises Refused."""
        with self._ctx.unit():
            standing.require(origin)
            changed = KioskVisit.update(step=step).where(here(origin, visit_id)).execute()
            if not changed:
                raise Refused(OVER)

    def end(self, visit_id: int) -> None:
        """The person has gone, or the kiosk went home by itself; may be told again, about a session opened since."""
        with self._ctx.unit():
            visit = KioskVisit.get_by_id(visit_id)
            later = (KioskVisit.kiosk == visit.kiosk_id) & (KioskVisit.id > visit_id)
            following = KioskVisit.select().where(later).order_by(KioskVisit.id).first()
            gone(self._ctx, visit.kiosk, following)


def gone(ctx: Context, kiosk: Kiosk, following: KioskVisit | None = None) -> None:
    """Nobody stands in front of this kiosk any more, but for whoever began a visit since; call it inside `ctx.unit()`.

    However a visit ends, it ends here: its requests for help are left, what was released in it helps no more, and
    whoever signed in at this kiosk until `following` began is signed out, staff too.
    """
    now = ctx.clock.now()
    visits = (KioskVisit.kiosk == kiosk.id) & KioskVisit.ended_at.is_null()
    # By the name: a session does not keep which kiosk it was, and names are unique within an agency only.
    signed_in = (Session.surface == Surface.KIOSK) & (Session.place == kiosk.name) & Session.ended_at.is_null()
    signed_in &= Identity.agency == kiosk.agency_id
    if following is not None:
        visits &= KioskVisit.id < following.id
        signed_in &= Session.created_at < following.begun_at
    leaving.leave(ctx, HelpRequest.visit.in_(KioskVisit.select(KioskVisit.id).where(visits)))
    KioskVisit.update(ended_at=now, step=None).where(visits).execute()
    # Looked for first, by the few that are open here: an update would begin with all accounts of the agency.
    sessions = [row.id for row in Session.select(Session.id).join(Identity).where(signed_in)]
    if sessions:
        Session.update(ended_at=now, ended_because="the kiosk went home").where(Session.id.in_(sessions)).execute()


def here(origin: Origin, visit_id: int) -> Expression:
    """A visit that goes on, at the kiosk that asks."""
    condition: Expression = (
        (KioskVisit.id == visit_id) & (KioskVisit.kiosk == (origin.kiosk_id or 0)) & KioskVisit.ended_at.is_null()
    )
    return condition


def present(origin: Origin, visit_id: int) -> KioskVisit:
    """The visit, which must go on and be here; call it inside a read or a unit. Raises Refused."""
    found: KioskVisit | None = KioskVisit.get_or_none(here(origin, visit_id))
    if found is None:
        raise Refused(OVER)
    return found


def about(origin: Origin, visit_id: int, identity_id: int | None) -> None:
    """An address was typed, and its code is waited for; call it inside `ctx.unit()`. Raises Refused.

    The same statement whether or not there is such an account. What an agent released for another account before
    helps no more.
    """
    changed = KioskVisit.update(identity=identity_id, step=KioskStep.CODE).where(here(origin, visit_id)).execute()
    if not changed:
        raise Refused(OVER)
