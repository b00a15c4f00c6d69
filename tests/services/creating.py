"""Builders for the tests of creating accounts: staff without one, offices, and accounts of the old system."""

from __future__ import annotations

from models.agency import Agency, Office
from models.audit import AuditEntry
from models.identity import Identity, LegacyUser, Membership, OneTimeToken
from models.outbox import OutboxMessage
from models.staff import StaffMember
from models.states import LegacyState, Role
from services import sessions
from services.accounts.identities import email_key
from services.actor import Actor
from services.clients import fields as client_fields
from services.context import Context
from services.desk import Desk
from services.text import fold
from tests.making import HERE

FRANK = "frank.jones@hometraksupport.example.com"


def make_office(desk: Desk, agency: Agency, name: str = "San Diego") -> Office:
    """An office of the agency."""
    with desk.ctx.unit():
        return Office.create(agency=agency, name=name, name_key=fold(name))


def make_colleague(
    desk: Desk, agency: Agency, email: str = FRANK, *, first: str = "Frank", last: str = "Jones", **columns: object
) -> StaffMember:
    """A staff member without an account."""
    now = desk.ctx.clock.now()
    with desk.ctx.unit():
        return StaffMember.create(
            **{
                "agency": agency,
                "first_name": first,
                "last_name": last,
                "email": email,
                "email_key": email_key(email) if email else "",
                "cell": "+15195550132",
                "created_at": now,
                "changed_at": now,
                "search": client_fields.search_text(first, last, email, ""),
                "name_key": client_fields.name_key(first, last),
            }
            | columns
        )


def make_colleagues(desk: Desk, agency: Agency, count: int) -> list[StaffMember]:
    """So many of them, each with an address of their own."""
    return [
        make_colleague(desk, agency, f"colleague{number}@example.com", first="Colleague", last=f"Number {number:04}")
        for number in range(count)
    ]


def make_old_account(
    desk: Desk, office: Office, user_name: str = "fjones", email: str = FRANK, *, identity: Identity | None = None
) -> LegacyUser:
    """An account of the old system, migrated if an identity is given."""
    with desk.ctx.unit():
        return LegacyUser.create(
            agency=office.agency_id,
            office=office,
            user_name=user_name,
            user_key=user_name.casefold(),
            verifier="$2b$04$never",
            email=email,
            email_key=email_key(email) if email else "",
            state=LegacyState.WAITING if identity is None else LegacyState.MIGRATED,
            identity=identity,
            created_at=desk.ctx.clock.now(),
        )


def by_access_key(desk: Desk, user: LegacyUser, role: Role = Role.ADMINISTRATOR) -> Actor:
    """Somebody who came in with an account of the old system."""
    with desk.ctx.unit():
        return sessions.open_legacy_session(desk.ctx, user, role, HERE)


def account_of(ctx: Context, person: StaffMember) -> Identity | None:
    """The account that the person has now."""
    with ctx.read():
        return Identity.get_or_none(Identity.id == StaffMember.get_by_id(person.id).identity_id)


def stored(ctx: Context) -> tuple[int, ...]:
    """How many rows there are of everything that a creation writes."""
    with ctx.read():
        return tuple(
            table.select().count() for table in (Identity, Membership, OneTimeToken, OutboxMessage, AuditEntry)
        )
