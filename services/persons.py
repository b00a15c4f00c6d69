"""A client or a staff member, as the services meet them that act on the account behind either."""

from __future__ import annotations

from typing import Any, TypedDict, TypeVar

from models.client import Client
from models.identity import Identity
from models.staff import StaffMember
from services.accounts.identities import full_name, held
from services.actor import Actor
from services.context import Context
from services.errors import NotFound
from services.offices import scope_of
from services.person_key import PersonKey, PersonKind

Relation = Client | StaffMember
"""The row of a person of either kind."""

R = TypeVar("R", Client, StaffMember)

_TABLES: tuple[tuple[PersonKind, Any], ...] = ((PersonKind.CLIENT, Client), (PersonKind.STAFF, StaffMember))

_GONE: dict[type[Relation], str] = {
    Client: "This client is not in the list any more. Go back and search again.",
    StaffMember: "This person is not in the list any more. Go back and search again.",
}


class Numbers(TypedDict):
    """Under which the audit finds a person again: one of the two, neither for nobody."""

    client_id: int | None
    staff_id: int | None


def find(actor: Actor, person: PersonKey) -> Relation:
    """The row of a person whom the actor sees; call it inside a read or a unit. Raises NotFound."""
    if person.kind is PersonKind.CLIENT:
        return find_row(actor, Client, person.id)
    return find_row(actor, StaffMember, person.id)


def find_held(ctx: Context, actor: Actor, person: PersonKey) -> Relation:
    """The same, locked until the unit of work ends."""
    if person.kind is PersonKind.CLIENT:
        return hold_row(ctx, actor, Client, person.id)
    return hold_row(ctx, actor, StaffMember, person.id)


def find_row(actor: Actor, kind: type[R], number: int) -> R:
    """The same as `find` for somebody of a known kind, by their number."""
    row: R | None = kind.get_or_none((kind.id == number) & (kind.agency == actor.agency_id))
    return _seen(actor, kind, row)


def hold_row(ctx: Context, actor: Actor, kind: type[R], number: int) -> R:
    """The same as `find_held` for somebody of a known kind, by their number."""
    mine = (kind.id == number) & (kind.agency == actor.agency_id)
    row: R | None = held(ctx, kind.select().where(mine)).first()
    return _seen(actor, kind, row)


def account_of(row: Relation) -> Identity | None:
    """The account behind a person, None without one."""
    found: Identity | None = Identity.get_or_none(Identity.id == row.identity_id)
    return found


def owner(identity_id: int | None) -> tuple[PersonKey | None, int | None]:
    """Who an account belongs to, and their office; None twice for nobody. Call it inside a read or a unit."""
    for kind, table in _TABLES:
        row = table.select(table.id, table.office).where(table.identity == identity_id).first()
        if identity_id is not None and row is not None:
            return PersonKey(kind, int(row.id)), row.office_id
    return None, None


def behind(actor: Actor, identity_id: int) -> PersonKey | None:
    """The person behind an account, None for somebody whom the actor does not see."""
    key, office = owner(identity_id)
    return key if scope_of(actor).allows(office) else None


def name_of(row: Relation) -> str:
    """First and last name."""
    return full_name(row.first_name, row.last_name)


def numbers(person: PersonKey | None) -> Numbers:
    """The number of a person for `audit.record` and the like."""
    number = None if person is None else person.id
    is_client = person is not None and person.kind is PersonKind.CLIENT
    return {"client_id": number if is_client else None, "staff_id": None if is_client else number}


def _seen(actor: Actor, kind: type[R], row: R | None) -> R:
    """The one place that keeps people of other offices from being met by their number."""
    if row is None or not scope_of(actor).allows(row.office_id):
        raise NotFound(_GONE[kind])
    return row
