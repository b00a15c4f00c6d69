"""Builders for the tests of the help queue: kiosks, visits, and people who ask."""

from __future__ import annotations

import os

from models.agency import Agency, Office
from models.help_queue import HelpLine, HelpRequest, KioskVisit
from models.identity import Identity
from models.kiosk import Kiosk
from models.states import HelpAuthor, Surface
from services import sessions
from services.actor import Actor, Origin
from services.desk import Desk
from services.help_queue.values import Ticket
from tests.making import HERE


def make_kiosk(desk: Desk, agency: Agency, name: str = "Lobby", office: Office | int | None = None) -> Origin:
    """Where somebody stands who stands at a new kiosk."""
    with desk.ctx.unit():
        kiosk = Kiosk.create(
            agency=agency,
            office=office,
            name=name,
            name_key=name.lower(),
            secret_hash=os.urandom(32).hex(),
            enrolled_at=desk.ctx.clock.now(),
            enrolled_by="test",
        )
    return Origin(Surface.KIOSK, name, int(kiosk.id))


def begin_visit(desk: Desk, kiosk: Origin, typed: Identity | None = None) -> int:
    """Somebody stands in front of a kiosk, and has perhaps typed an address."""
    visit = desk.visits.begin(kiosk)
    if typed is not None:
        with desk.ctx.unit():
            KioskVisit.update(identity=typed).where(KioskVisit.id == visit).execute()
    return visit


def asks(desk: Desk, kiosk: Origin, name: str = "Brent", topic: str = "I cannot sign in") -> Ticket:
    """A new person at a kiosk asks for help."""
    return desk.help_asking.ask(kiosk, name, topic, visit_id=begin_visit(desk, kiosk))


def client_signed_in(desk: Desk, identity: Identity) -> Actor:
    """The owner of an account, at the desk's own sign-in."""
    with desk.ctx.unit():
        return sessions.open_session(desk.ctx, identity, HERE)


def request(desk: Desk, ticket: Ticket) -> HelpRequest:
    """The row as it stands."""
    with desk.ctx.read():
        return HelpRequest.get_by_id(ticket.request_id)


def stored(desk: Desk, author: HelpAuthor | None = None) -> list[str]:
    """Everything that was said, as the table keeps it."""
    with desk.ctx.read():
        return [row.words for row in HelpLine.select().order_by(HelpLine.id) if author is None or row.author is author]
