"""The office staff: reading, adding and correcting one person, and the table of all."""

from __future__ import annotations

from peewee import Expression

from models.agency import Office
from models.staff import StaffMember
from services import audit, email_change, persons, sessions
from services.actor import Actor
from services.clients.values import EmailChangeEffects, Saved
from services.context import Context
from services.errors import Conflict, Invalid
from services.offices import scope_of
from services.rights import Right
from services.rules import Email, Problem, clean_email
from services.staff.changes import (
    find_office,
    insert,
    keep_list,
    refuse_needed,
    refuse_taken,
    staff_record_of,
    update,
)
from services.staff.fields import CheckedStaff
from services.staff.rows import StaffRows
from services.staff.values import OfficeView, StaffFields, StaffQuery, StaffRecord


class Staff:
    """What staff do with the list of their colleagues; accounts are another service's."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def rows(self, actor: Actor, query: StaffQuery) -> StaffRows:
        """The table of the people that a query asks for; nothing is read yet."""
        return StaffRows(self._ctx, actor, query)

    def count(self, actor: Actor) -> int:
        """How many there are in the offices that the actor looks at, inactive ones included."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            return int(StaffMember.select().where(_seen(actor)).count())

    def view(self, actor: Actor, staff_id: int) -> StaffRecord:
        """The person as stored now. Raises NotFound."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            return staff_record_of(_find(actor, staff_id))

    def find_by_email(self, actor: Actor, email: str) -> StaffRecord | None:
        """Who has this address in whatever case; None also for what is no address, and for another office's."""
        try:
            key = clean_email(email).key
        except Problem:
            return None
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            row = StaffMember.get_or_none(_seen(actor) & (StaffMember.email_key == key))
            return None if row is None else staff_record_of(row)

    def offices(self, actor: Actor) -> tuple[OfficeView, ...]:
        """The offices that the actor looks at, by name."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            scope = scope_of(actor)
            rows = Office.select().where(Office.agency == actor.agency_id)
            by_name = sorted(rows, key=lambda row: row.name_key)
            return tuple(OfficeView(row.id, row.name) for row in by_name if scope.allows(row.id))

    def without_identity(self, actor: Actor) -> tuple[int, ...]:
        """The numbers of all active staff without an account in the offices that the actor looks at, by name."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            without = StaffMember.identity.is_null() & _seen(actor)
            rows = StaffMember.select(StaffMember.id, StaffMember.name_key).where(
                without & StaffMember.active.in_([True])
            )
            return tuple(row.id for row in sorted(rows, key=lambda row: (row.name_key, row.id)))

    def check(self, fields: StaffFields) -> dict[str, str]:
        """What is wrong with fields as typed: field name to sentence, in the order of the form."""
        return CheckedStaff(fields).problems

    def cleaned(self, fields: StaffFields) -> StaffFields:
        """Fields as they would be stored. Raises Invalid."""
        return _checked(fields).fields

    def email_effects(self, actor: Actor, staff_id: int, new_email: str) -> EmailChangeEffects:
        """What would follow from another e-mail address. Raises NotFound, or Invalid for `email`."""
        try:
            email = clean_email(new_email) if new_email.strip() else Email("", "")
        except Problem as problem:
            raise Invalid({"email": problem.sentence}) from problem
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor)
            member = _find(actor, staff_id)
            refuse_taken(actor, email, staff_id)
            refuse_needed(member, email)
            return email_change.preview(self._ctx, member, email)

    def add(self, actor: Actor, fields: StaffFields) -> StaffRecord:
        """Add somebody without an account. Raises Invalid or Refused."""
        wanted = _checked(fields)
        with audit.refusals_recorded(self._ctx, actor, audit.Action.STAFF_ADDED), self._ctx.unit():
            sessions.require_staff(self._ctx, actor)
            keep_list(self._ctx, actor)
            office_id = _office_id(actor, wanted.fields.office)
            return staff_record_of(insert(self._ctx, actor, wanted, office_id))

    def change(self, actor: Actor, staff_id: int, version: int, fields: StaffFields) -> Saved[StaffRecord]:
        """Store what differs, if the person is still as they were read; nothing is written if nothing differs.

        The account follows: name, user name, cell number and role; another user name needs a caller who has been
        verified. Raises Invalid, NotFound, Refused, NotVerified, or Conflict with their record.
        """
        wanted = _checked(fields)
        changing = audit.refusals_recorded(self._ctx, actor, audit.Action.STAFF_CHANGED, staff_id=staff_id)
        with changing, self._ctx.unit():
            # First the lock: of two who take each other's role at once the second must be found without it.
            keep_list(self._ctx, actor)
            sessions.require_staff(self._ctx, actor)
            member = persons.hold_row(self._ctx, actor, StaffMember, staff_id)
            if member.version != version:
                raise _conflict(member)
            office_id = _office_id(actor, wanted.fields.office)
            changed = update(self._ctx, actor, member, wanted, office_id, for_caller=True)
            return Saved(staff_record_of(_find(actor, staff_id)), email_changed="email_key" in changed)


def _find(actor: Actor, staff_id: int) -> StaffMember:
    return persons.find_row(actor, StaffMember, staff_id)


def _seen(actor: Actor) -> Expression:
    return scope_of(actor).narrowed(StaffMember.agency == actor.agency_id, StaffMember.office)


def _checked(fields: StaffFields) -> CheckedStaff:
    checked = CheckedStaff(fields)
    if checked.problems:
        raise Invalid(checked.problems)
    return checked


def _office_id(actor: Actor, name: str) -> int | None:
    scope = scope_of(actor)
    if not name and not scope.allows(None):
        raise Invalid({"office": "You look at one office alone, where people of no office do not show. Choose it."})
    if not name:
        return None
    office = find_office(actor, name)
    if office is None or not scope.allows(office.id):
        raise Invalid({"office": f"There is no office named {name}. Choose one of the list."})
    return int(office.id)


def _conflict(theirs: StaffMember) -> Conflict:
    return Conflict(
        f"{theirs.changed_by} changed this person while you were editing. Nothing of yours is saved yet: "
        "compare both versions and choose.",
        staff_record_of(theirs),
        theirs.changed_by,
    )
