"""Charts of the agency and of a client: empty, full, as tables, with hostile names, and with what is missing."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from models.client import Client
from models.help_queue import HelpRequest
from models.identity import Identity
from models.outbox import OutboxMessage
from models.states import AuditResult, HelpState, IdentityState, MailPurpose, MailState, PaymentEvery, Role, Surface
from services import audit
from services.actor import Origin
from services.clock import ManualClock
from services.desk import Desk
from tests import making
from tests.making import MadeAgency
from tests.services.analytics.stock import give_home
from tests.surfaces.shots.stage import Shoot, Stage, close, find
from tests.surfaces.term import Term

EVIL = "[/x] \x1b]52;c;aGk=\x07\u202eevil\u200b 名前 " + "W" * 60
LENDERS = ("First National", "Scotia", "Caisse Desjardins", "Meridian", "TD Canada Trust", EVIL)
AGENCY = ("renewals", "rates", "access", "resets", "activation", "mails", "help")


def play(stage: Stage) -> None:
    """First without anything to count, then with a year behind it."""
    desk, made = stage.found()
    for first in ("Nora", "Norman"):
        making.make_client(desk, made.agency, f"{first}@example.com".lower(), first=first, last="New")
    with stage.signed_in("Clients 2") as (term, shoot):
        term.key("f6").expect("Renewals in the next", 20)
        shoot("analytics-agency-empty")
        close(term)
        find(term, "nora@")
        term.key("l").expect("No mortgage is known", 20)
        shoot("analytics-client-empty")
        close(term, 3)
        fill(desk, made)
        agency(term, shoot)
        client(term, shoot)


def agency(term: Term, shoot: Shoot) -> None:
    """Every chart of the agency, one as a table, and the way to a file."""
    term.key("f6").expect("Renewals in the next", 20)
    for number, name in enumerate(AGENCY, start=1):
        term.key(str(number)).settle(0.8, 6)
        shoot(f"analytics-{name}")
    term.key("4").expect("Resets of the last", 10).key("p").expect("by week", 10).key("p").expect("by month", 10)
    term.settle(0.5, 4)
    shoot("analytics-resets-year")
    term.key("2").expect("Rates by lender", 10).key("t").settle(0.8, 4)
    shoot("analytics-rates-table")
    term.key("t").key("x").expect("Write the numbers", 10)
    shoot("analytics-export")
    close(term, 2)


def client(term: Term, shoot: Shoot) -> None:
    """A client with two homes, of which one lacks figures."""
    find(term, "olive")
    term.key("enter").expect("Analytics", 10)
    shoot("analytics-actions")
    term.key("l").expect("What is owed, at", 20)
    shoot("analytics-owed")
    term.key("t").settle(0.6, 4)
    shoot("analytics-owed-table")
    term.key("t").key("2").expect("Equity", 10)
    shoot("analytics-equity")
    term.key("3").expect("At renewal", 10).settle(0.5, 3)
    shoot("analytics-renewal")
    term.keys("+", "+", "+", "+", "+").settle(0.8, 4)
    shoot("analytics-renewal-more")
    term.key("m").settle(0.8, 4)
    shoot("analytics-renewal-other")
    term.key("4").expect("The account in", 10).settle(0.5, 3)
    shoot("analytics-account")


def fill(desk: Desk, made: MadeAgency) -> None:
    """A year of an agency; the same each time."""
    chance = random.Random(7)
    now = datetime.now(UTC)
    assert isinstance(desk.ctx.clock, ManualClock)
    people = [
        making.make_client(
            desk,
            made.agency,
            f"c{n}@example.com",
            first=f"C{n}",
            last="Lee",
            access=chance.choice((0, 0, 1, 2, 2, 2, 3, 4)),
        )
        for n in range(120)
    ]
    for person in people:
        day = now.date() + timedelta(days=chance.randint(-60, 800))
        rate = Decimal(chance.randint(280, 690)) / 100
        lent = {"lender": chance.choice(LENDERS), "balance": Decimal(300_000), "rate": rate, "renewal_on": day}
        give_home(desk, person, lent, address=f"{person.id} Oak St", value="600000")
    with desk.ctx.unit():
        accounts = [
            account(made, person, now - timedelta(days=chance.randint(0, 80)), chance) for person in people[:60]
        ]
        for number, state in enumerate(chance.choices(list(MailState), (4, 2, 120, 5, 8, 3), k=140)):
            mail(made, chance.choice(accounts), number, state, now - timedelta(days=chance.randint(0, 29)))
        for number in range(90):
            asked = now - timedelta(days=chance.randint(0, 28), minutes=chance.randint(0, 540))
            waited = chance.choice((20, 40, 90, 200, 500, 1400))
            HelpRequest.create(
                agency=made.agency, surface=Surface.KIOSK, name="A", topic="T", ticket_hash=str(number),
                state=HelpState.CLOSED, asked_at=asked, seen_at=asked, answered_at=asked + timedelta(seconds=waited),
            )  # fmt: skip
    olive = owner(desk, made, now)
    moments = sorted(
        now - timedelta(days=chance.randint(0, 360) if n % 2 else chance.randint(0, 29)) for n in range(160)
    )
    for moment in moments:
        desk.ctx.clock.set(moment)
        happen(desk, made, chance, chance.choice(accounts))
        if chance.random() < 0.4:
            happen(desk, made, chance, olive)
    desk.ctx.clock.set(now)


def account(made: MadeAgency, person: Client, created: datetime, chance: random.Random) -> Identity:
    """An account that was activated after a while, or not yet."""
    took = chance.choice((None, 5, 30, 300, 900, 3000, 9000))
    identity: Identity = Identity.create(
        agency=made.agency, email=person.email, email_key=person.email_key, name="C", role=Role.CLIENT,
        state=IdentityState.PENDING if took is None else IdentityState.ACTIVE, created_at=created,
        activated_at=None if took is None else created + timedelta(minutes=took), state_changed_at=created,
        state_changed_by="test",
    )  # fmt: skip
    Client.update(identity=identity.id).where(Client.id == person.id).execute()
    return identity


def mail(made: MadeAgency, identity: Identity, number: int, state: MailState, at: datetime) -> None:
    """One mail and what became of it."""
    OutboxMessage.create(
        uuid=f"{number:032}", agency=made.agency, identity_id=identity.id, purpose=MailPurpose.RESET,
        to_address="c@example.com", state=state, created_at=at, not_before=at + timedelta(days=9), expires_at=at,
    )  # fmt: skip


def owner(desk: Desk, made: MadeAgency, now: datetime) -> Identity:
    """Somebody with two homes with mortgages, and two that lack figures."""
    olive = making.make_client(desk, made.agency, "olive@example.com", first="Olive", last=f"Owner {EVIL[:20]}"[:30])
    day = now.date()
    first = {
        "lender": "Scotia", "balance": Decimal("512345.67"), "rate": Decimal("4.89"),
        "renewal_on": day + timedelta(days=280), "payment": Decimal("1487.20"),
        "payment_every": PaymentEvery.TWO_WEEKS_FASTER, "term_months": 60,
    }  # fmt: skip
    second = {
        "lender": EVIL[:90], "balance": Decimal(240_000), "rate": Decimal("3.79"),
        "renewal_on": day - timedelta(days=12), "amortisation_months": 300,
        "anniversary_on": day - timedelta(days=1500), "payment_every": PaymentEvery.MONTH,
    }  # fmt: skip
    over = {
        "lender": "Meridian", "balance": Decimal(90_000), "rate": Decimal(5), "amortisation_months": 300,
        "anniversary_on": day - timedelta(days=9800),
    }  # fmt: skip
    give_home(desk, olive, first, address="12 King St W, Kitchener", value="812000")
    give_home(desk, olive, second, address="[/x] 3 Lake Rd", value="390000")
    give_home(desk, olive, {"lender": "Meridian", "balance": Decimal(90_000)}, over, address="7 Elm St")
    with desk.ctx.unit():
        chance = random.Random(3)
        return account(made, olive, now - timedelta(days=200), chance)


def happen(desk: Desk, made: MadeAgency, chance: random.Random, identity: Identity) -> None:
    """One event of an account."""
    kind = chance.choice(
        ("in", "in", "failed", "asked", "asked", "kiosk", "forgotten", "lost-welcome", "wrong-email", "temporary")
    )
    portal, kiosk = Origin(Surface.PORTAL, "198.51.100.7"), Origin(Surface.KIOSK, "Lobby")
    about = {"agency_id": made.agency.id, "identity_id": identity.id}
    with desk.ctx.unit():
        if kind == "in":
            audit.record(desk.ctx, portal, audit.Action.SIGNED_IN, **about)
        elif kind == "failed":
            audit.record(desk.ctx, portal, audit.Action.SIGN_IN_FAILED, result=AuditResult.FAILED, **about)
        elif kind in ("asked", "kiosk"):
            audit.record(desk.ctx, kiosk if kind == "kiosk" else portal, audit.Action.RESET_ASKED, **about)
        elif kind == "temporary":
            audit.record(desk.ctx, made.admin, audit.Action.TEMPORARY_SENT, identity_id=identity.id)
        else:
            audit.record(desk.ctx, made.admin, audit.Action.RESET_SENT, identity_id=identity.id, details={"why": kind})
