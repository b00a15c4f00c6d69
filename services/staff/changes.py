"""Storing one staff member: what forbids it, what is written, and what follows for the account."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from peewee import IntegrityError

from models.agency import Office
from models.database import is_postgresql
from models.identity import Identity
from models.staff import StaffMember
from models.states import Access, IdentityState, Role
from services import audit, email_change, persons, rights, sessions
from services.accounts import identities
from services.accounts.shown import verified_for_email
from services.actor import Actor
from services.agency_policy import conventions_of
from services.context import Context
from services.errors import Invalid, Refused
from services.offices import scope_of
from services.rights import Right
from services.rules import Email
from services.staff.fields import TOLD, CheckedStaff
from services.staff.values import StaffFields, StaffRecord
from services.text import fold

_RIGHTS = "Only an administrator gives somebody the rights of {role}. Leave the role as it is, or ask one."
_OWN_ROLE = "This is your own role. Ask another administrator to change it."
_STILL_OPEN = "The account of this person still opens the desk. Deactivate the account first, then set the status."


def keep_list(ctx: Context, actor: Actor) -> None:
    """Keep others from adding or changing staff of the agency until the unit of work ends."""
    if is_postgresql(ctx.database):
        # Weaker than FOR UPDATE, which would make everybody wait who adds something that refers to the agency.
        ctx.database.execute_sql("SELECT id FROM agency WHERE id = %s FOR NO KEY UPDATE", (actor.agency_id,))


def insert(ctx: Context, actor: Actor, wanted: CheckedStaff, office_id: int | None) -> StaffMember:
    """Add somebody who holds; call it after `keep_list`. Raises Invalid or Refused."""
    refuse_taken(actor, wanted.email)
    if wanted.role is not Role.AGENT and not rights.has(actor.role, Right.GIVE_ROLES):
        raise Refused(_RIGHTS.format(role=wanted.role.value))
    now = ctx.clock.now()
    with _judged_by_table(ctx, actor, wanted.email):
        member = StaffMember.create(
            agency=actor.agency_id,
            office=office_id,
            access=Access.NO_ACCOUNT,
            created_at=now,
            changed_at=now,
            changed_by=actor.name,
            **wanted.columns(),
        )
    audit.record(ctx, actor, audit.Action.STAFF_ADDED, staff_id=member.id, subject=persons.name_of(member))
    return member


def update(
    ctx: Context,
    actor: Actor,
    member: StaffMember,
    wanted: CheckedStaff,
    office_id: int | None,
    *,
    for_caller: bool = False,
) -> dict[str, Any]:
    """Store what differs and let the account follow; call it with the list kept and the member held.

    Args:
        for_caller: whether it is done for somebody who asks for it, and who is verified before the address changes.

    Returns the changed columns. Raises Invalid, Refused or NotVerified.
    """
    columns = wanted.columns() | {"office_id": office_id}
    changed = {name: new for name, new in columns.items() if getattr(member, name) != new}
    if not changed:
        return changed
    identity = identities.hold(ctx, member.identity_id) if member.identity_id is not None else None
    _refuse_change(actor, member, identity, wanted, changed)
    shown: dict[str, str] = {}
    if for_caller and "email_key" in changed:
        # An address that is taken is told before anybody asks a caller questions for it.
        email_change.preview(ctx, member, wanted.email)
        shown = verified_for_email(ctx, actor, identity)
    old_office = office_name(member.office_id)
    now = ctx.clock.now()
    with _judged_by_table(ctx, actor, wanted.email, member.id):
        StaffMember.update(**changed, version=member.version + 1, changed_at=now, changed_by=actor.name).where(
            StaffMember.id == member.id
        ).execute()
    told = _before_and_after(member, changed, old_office, wanted.fields.office)
    audit.record(
        ctx,
        actor,
        audit.Action.STAFF_CHANGED,
        staff_id=member.id,
        identity_id=member.identity_id,
        subject=identities.full_name(wanted.fields.first_name, wanted.fields.last_name),
        details={**told, **shown},
    )
    if identity is not None:
        _follow(ctx, actor, member, identity, wanted, changed)
    return changed


def staff_record_of(member: StaffMember) -> StaffRecord:
    """A row as the value that screens get."""
    fields = StaffFields(
        first_name=member.first_name,
        last_name=member.last_name,
        email=member.email,
        cell=member.cell,
        office=office_name(member.office_id),
        role=member.role.value,
        active=member.active,
        note=member.note,
    )
    cell = conventions_of(member.agency_id).phone(member.cell)
    return StaffRecord(member.id, member.version, fields, cell, member.changed_at, member.changed_by)


def find_office(actor: Actor, name: str) -> Office | None:
    """The office of this name in whatever spelling; call it inside a read or a unit."""
    found: Office | None = Office.get_or_none((Office.agency == actor.agency_id) & (Office.name_key == fold(name)))
    return found


def office_name(office_id: int | None) -> str:
    office = Office.get_or_none(Office.id == office_id)
    return "" if office is None else str(office.name)


def refuse_taken(actor: Actor, email: Email, but: int = 0) -> None:
    if not email.key:
        return
    theirs = (StaffMember.agency == actor.agency_id) & (StaffMember.email_key == email.key) & (StaffMember.id != but)
    owner = StaffMember.get_or_none(theirs)
    if owner is not None and not scope_of(actor).allows(owner.office_id):
        raise Invalid({"email": f"{email.address} already belongs to somebody of another office. Use another address."})
    if owner is not None:
        name = persons.name_of(owner)
        raise Invalid(
            {"email": f"{email.address} already belongs to {name}. Use another address, or open {name} instead."}
        )


@contextmanager
def _judged_by_table(ctx: Context, actor: Actor, email: Email, but: int = 0) -> Iterator[None]:
    """Around a write: an address that the table's own constraint refuses is told like any other that is taken."""
    try:
        with ctx.database.atomic():
            yield
    except IntegrityError:
        refuse_taken(actor, email, but)
        raise


def refuse_needed(member: StaffMember, email: Email) -> None:
    if not email.key and member.identity_id is not None:
        raise Invalid({"email": "The address is the user name of this person's account. Write another one."})


def why_not_role(actor: Actor, identity: Identity | None, role: Role) -> str:
    """Why the actor may not give this other role to somebody, with or without an account; empty if they may."""
    if not rights.has(actor.role, Right.GIVE_ROLES):
        return _RIGHTS.format(role=role.value)
    return _OWN_ROLE if identity is not None and identity.id == actor.identity_id else ""


def follow_role(ctx: Context, identity_id: int, role: Role) -> None:
    """Give the account the role that the list now has; open sessions end. Call it with the account held."""
    Identity.update(role=role, version=Identity.version + 1).where(Identity.id == identity_id).execute()
    sessions.end_sessions(ctx, identity_id, "your role has changed")


def _refuse_change(
    actor: Actor, member: StaffMember, identity: Identity | None, wanted: CheckedStaff, changed: dict[str, Any]
) -> None:
    """Whatever forbids the change, in the order of the form."""
    refuse_needed(member, wanted.email)
    if "email_key" in changed:
        refuse_taken(actor, wanted.email, member.id)
    above = not rights.has(actor.role, Right.GIVE_ROLES)
    if above and Role.ADMINISTRATOR in (member.role, identity.role if identity else member.role):
        raise Refused("This is an administrator: only an administrator may change the entry. Ask one.")
    if "role" in changed:
        told = why_not_role(actor, identity, wanted.role)
        if told:
            raise Invalid({"role": told})
    is_open = identity is not None and identity.state is not IdentityState.DEACTIVATED
    if is_open and "active" in changed and not wanted.fields.active:
        raise Invalid({"active": _STILL_OPEN})


def _follow(
    ctx: Context,
    actor: Actor,
    member: StaffMember,
    identity: Identity,
    wanted: CheckedStaff,
    changed: dict[str, Any],
) -> None:
    """What belongs to the change at the account."""
    if "first_name" in changed or "last_name" in changed:
        member.first_name, member.last_name = wanted.fields.first_name, wanted.fields.last_name
        identities.follow_name(member)
    if "cell" in changed:
        Identity.update(cell=wanted.fields.cell).where(Identity.id == identity.id).execute()
    if "role" in changed:
        follow_role(ctx, identity.id, wanted.role)
    if "email" in changed:
        email_change.email_changed(ctx, actor, member, wanted.email)


def _before_and_after(
    member: StaffMember, changed: dict[str, Any], old_office: str, new_office: str
) -> dict[str, str | int | bool | None]:
    """ "old_cell" and "new_cell" for each field that was changed."""
    told: dict[str, str | int | bool | None] = {}
    for name in TOLD:
        if name in changed:
            told[f"old_{name}"], told[f"new_{name}"] = _plain(getattr(member, name)), _plain(changed[name])
    if "office_id" in changed:
        told |= {"old_office": old_office, "new_office": new_office}
    return told


def _plain(value: Any) -> str | bool:
    return value if isinstance(value, bool) else str(value)
