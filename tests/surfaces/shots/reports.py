"""Reports: empty and full, one of each, another number of days, a file, and hostile names."""

from __future__ import annotations

from datetime import date, timedelta

from models.client import Client, Mortgage, Property
from models.identity import Identity, Throttle
from models.outbox import OutboxMessage
from models.states import MailState, Role
from services import person_key
from services.accounts import access
from services.accounts.identities import sign_in_key
from services.clients import fields
from services.desk import Desk
from services.entry.arrival import MAILED_CODE_FROM
from tests import making
from tests.making import MadeAgency
from tests.surfaces.shots.stage import Shoot, Stage, close, retype
from tests.surfaces.term import Term

EVIL = "[/x] \x1b]52;c;aGk=\x07\u202eevil\u200b " + "W" * 60


def happen(desk: Desk, made: MadeAgency) -> None:
    """A little for every report."""
    making.make_staff(desk, made.agency, "bob@raystaging.example.com", role=Role.SUPERVISOR, first="Bob", last="Ray")
    making.make_staff(desk, made.agency, "eve@raystaging.example.com", first="Eve", last="Long")
    today = desk.ctx.clock.now().astimezone().date()
    for number in range(30):
        first, last = (EVIL[:100], "Hostile") if number == 3 else (f"Client{number:02}", "Thomas")
        client = making.make_client(desk, made.agency, f"client{number:02}@example.com", first=first, last=last)
        owes(desk, client, today + timedelta(days=12 * number - 40), number)
        if number % 3 == 0:
            making.give_account(desk, made.admin, client, password=None if number % 2 else making.PASSWORD)
        if number in (6, 12):
            lose(desk, client, f"550 5.1.1 <client{number}@example.com>: no such user here")
    desk.accounts.deactivate(made.admin, person_key.client(19), "moved to another agency")
    now = desk.ctx.clock.now()
    with desk.ctx.unit():
        Identity.update(state_changed_at=now - timedelta(days=20)).where(Identity.state == "pending").execute()
        for email, tries, seconds in (("client00", MAILED_CODE_FROM + 3, 0), ("client24", 8, 55), ("client12", 5, 30)):
            key = sign_in_key(desk.ctx, made.agency.code, f"{email}@example.com")
            wait = timedelta(minutes=10, seconds=seconds)
            Throttle.insert(key=key, count=tries, window_from=now, next_at=now + wait).execute()


def owes(desk: Desk, client: Client, renewal: date, number: int) -> None:
    """A mortgage, and the client's derived columns."""
    with desk.ctx.unit():
        home = Property.create(client=client, address=f"{number} Harbour Road, San Diego")
        loan = {"rate": 3790 + 13 * number, "balance": 28_431_055 + number * 1_234_567, "lender": "First National"}
        Mortgage.create(property=home, renewal_on=renewal, **loan)
        key, _ = fields.mortgage_keys([(None, renewal)])
        Client.update(renewal_key=key).where(Client.id == client.id).execute()


def lose(desk: Desk, client: Client, words: str) -> None:
    """The newest mail of somebody did not arrive."""
    identity = making.identity_of(desk.ctx, client)
    now = desk.ctx.clock.now()
    with desk.ctx.unit():
        lost = {"state": MailState.FAILED, "attempts": 1, "reply_text": words, "ended_at": now}
        newest = OutboxMessage.select().where(OutboxMessage.identity_id == identity.id)
        message = newest.order_by(OutboxMessage.id.desc()).get()
        OutboxMessage.update(**lost).where(OutboxMessage.id == message.id).execute()
        access.refresh(identity.id)


def play(stage: Stage) -> None:
    """First with nothing to tell, then with everything."""
    desk, made = stage.found()
    with stage.signed_in("Clients") as (term, shoot):
        term.key("f7").expect("Locked out", 20).settle(1.0, 6)
        shoot("reports-good")
        term.key("enter").expect("Nobody is locked out", 20).settle(0.5, 4)
        shoot("reports-empty")
        happen(desk, made)
        close(term)
        term.settle(1.5, 8)
        shoot("reports-all")
        each(term, shoot)


def each(term: Term, shoot: Shoot) -> None:
    """One after the other."""
    names = ("locked", "pending", "undeliverable", "renewals", "closed", "two-step", "actions")
    for number, name in enumerate(names):
        term.key("home")
        for _ in range(number):
            term.key("down")
        term.key("enter").expect("Esc", 20).settle(1.0, 6)
        shoot(f"reports-{name}")
        if name == "renewals":
            term.key("d").expect("how many days", 10)
            retype(term, "4000")
            term.key("enter").expect("Choose a number", 10)
            shoot("reports-days-wrong")
            retype(term, "10")
            term.key("enter").expect("10 days", 10).settle(0.5, 4)
            shoot("reports-days")
            term.key("x").expect("Write the report", 10)
            shoot("reports-export")
            close(term)
            term.key("enter").expect("Manage user account", 10)
            shoot("reports-actions-menu")
            close(term)
        close(term)
