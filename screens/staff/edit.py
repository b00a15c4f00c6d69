"""The edit form of somebody of the office staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult

from screens.persons.edit import PersonEdit
from screens.staff.words import STAFF_LABELS, as_shown, said
from screens.widgets.one_of import OneOf
from screens.workplace import Workplace
from services.actor import Actor
from services.clients.values import EmailChangeEffects, Saved
from services.staff.values import STAFF_ROLES, OfficeView, StaffFields, StaffRecord

_ACTIVE, _INACTIVE = "active", "inactive"


class StaffEdit(PersonEdit[StaffRecord, StaffFields]):
    """What the list of office staff says of a person."""

    TITLE_BAR = "Office staff"
    KIND = "staff member"
    LABELS = STAFF_LABELS
    CHOSEN = frozenset({"office", "role", "active"})
    HINTS: ClassVar[Mapping[str, str]] = {
        "email": "Sign-in name and address of all mails.",
        "cell": "(519) 555-0143, or with + and the country code.",
        "note": "For colleagues; the person does not see it.",
    }

    def __init__(
        self,
        place: Workplace,
        actor: Actor,
        record: StaffRecord | None,
        offices: Sequence[OfficeView],
        *,
        focus: str = "first_name",
        note: str = "",
    ) -> None:
        """Show the form of somebody as read, None for somebody new, with the offices to choose from."""
        shown = as_shown(record.fields if record else StaffFields(office=offices[0].name if offices else ""))
        super().__init__(place, actor, record, shown, focus=focus, note=note)
        self._offices = [office.name for office in offices]

    def choices(self) -> ComposeResult:
        """Office, role and status."""
        shown = self._shown
        yield OneOf(
            STAFF_LABELS["office"],
            [("", "(none)"), *((name, name) for name in self._offices)],
            shown.office,
            id="office",
            hint="Left and right choose.",
        )
        roles = [(role.value, role.value) for role in STAFF_ROLES]
        yield OneOf(STAFF_LABELS["role"], roles, shown.role, id="role", hint="What the person's account may do.")
        states = [(_ACTIVE, "Active"), (_INACTIVE, "Inactive")]
        yield OneOf(
            STAFF_LABELS["active"],
            states,
            _ACTIVE if shown.active else _INACTIVE,
            id="active",
            hint="Inactive: does not work here any more; gets no account.",
        )

    def chosen(self) -> dict[str, Any]:
        """What is chosen."""
        chosen = {name: self.query_one(f"#{name}", OneOf).value for name in ("office", "role", "active")}
        return {**chosen, "active": chosen["active"] == _ACTIVE}

    def choose(self, fields: StaffFields) -> None:
        """Choose what the fields say."""
        for name, value in (
            ("office", fields.office),
            ("role", fields.role),
            ("active", _ACTIVE if fields.active else _INACTIVE),
        ):
            self.query_one(f"#{name}", OneOf).value = value

    def made(self, values: Mapping[str, Any]) -> StaffFields:
        """The fields of these values."""
        return StaffFields(**values)

    def fields_of(self, record: StaffRecord) -> StaffFields:
        """The fields of a staff member as read."""
        return record.fields

    def as_shown(self, fields: StaffFields) -> StaffFields:
        """With the cell number as people write it."""
        return as_shown(fields)

    def said(self, field: str, fields: StaffFields) -> str:
        """The value of a field as people read it."""
        return said(field, fields)

    def problems_of(self, fields: StaffFields) -> Mapping[str, str]:
        """What the list does not take."""
        return self.desk.staff.check(fields)

    def cleaned(self, fields: StaffFields) -> StaffFields:
        """As they will be stored."""
        return self.desk.staff.cleaned(fields)

    def add(self, fields: StaffFields) -> StaffRecord:
        """Store somebody new."""
        return self.desk.staff.add(self._actor, fields)

    def store(self, record: StaffRecord, fields: StaffFields) -> Saved[StaffRecord]:
        """Store a change."""
        return self.desk.staff.change(self._actor, record.id, record.version, fields)

    def effects(self, record: StaffRecord, email: str) -> EmailChangeEffects:
        """What follows from another e-mail address."""
        return self.desk.staff.email_effects(self._actor, record.id, email)
