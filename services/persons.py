"""A client or a staff member, as the services meet them that act on the account behind either."""

from __future__ import annotations

from models.client import Client
from models.identity import Identity
from models.staff import StaffMember
from services.accounts.identities import full_name, held
from services.actor import Actor
from services.context import Context
from services.errors import NotFound
from services.person_key import PersonKey, PersonKind

Relation = Client | StaffMember
"""The row of a person of either kind."""

_GONE = {
    PersonKind.CLIENT: "This client is not in the list any more. Go back and search again.",
    PersonKind.STAFF: "This person is not in the list any more. Go back and search again.",
}


def find(actor: Actor, person: PersonKey) -> Relation:
    """The row of a person of the actor's agency; call it inside a read or a unit. Raises NotFound."""
    kind = _kind(person)
    row: Relation | None = kind.get_or_none((kind.id == person.id) & (kind.agency == actor.agency_id))
    if row is None:
        raise NotFound(_GONE[person.kind])
    return row


def find_held(ctx: Context, actor: Actor, person: PersonKey) -> Relation:
    """The same, locked until the unit of work ends."""
    kind = _kind(person)
    mine = (kind.id == person.id) & (kind.agency == actor.agency_id)
    row: Relation | None = held(ctx, kind.select().where(mine)).first()
    if row is None:
        raise NotFound(_GONE[person.kind])
    return row


def account_of(row: Relation) -> Identity | None:
    """The account behind a person, None without one."""
    found: Identity | None = Identity.get_or_none(Identity.id == row.identity_id)
    return found


def name_of(row: Relation) -> str:
    """First and last name."""
    return full_name(row.first_name, row.last_name)


def client_id(person: PersonKey) -> int | None:
    """The number under which the audit finds a client again; None for staff."""
    return person.id if person.kind is PersonKind.CLIENT else None


def staff_id(person: PersonKey) -> int | None:
    """The number under which the audit finds a staff member again; None for clients."""
    return person.id if person.kind is PersonKind.STAFF else None


def _kind(person: PersonKey) -> type[Client] | type[StaffMember]:
    return Client if person.kind is PersonKind.CLIENT else StaffMember
