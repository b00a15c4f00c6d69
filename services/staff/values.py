"""What the desk says about office staff: frozen values, no rows of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.states import Access, Role

STAFF_ROLES = (Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)
"""What somebody may do who works for the agency, in the order of forms."""


class StaffSort(StrEnum):
    """The columns of the table of office staff; it sorts by each."""

    OFFICE = "office"
    NAME = "name"
    EMAIL = "email"
    CELL = "cell"
    ROLE = "role"
    STATUS = "status"
    ACCESS = "access"


@dataclass(frozen=True, slots=True)
class StaffQuery:
    """What the table shows: words, filters and an order.

    Attributes:
        words: what was typed; every word must begin a word of name, e-mail or cell number.
        office_id: only those of this office, or None for all.
        active: only those, only the others, or None for all.
        access: only this state, or None for all.
        sort: the column; ties are broken by name.
        descending: largest first; blanks stand last either way.
    """

    words: str = ""
    office_id: int | None = None
    active: bool | None = None
    access: Access | None = None
    sort: StaffSort = StaffSort.NAME
    descending: bool = False


@dataclass(frozen=True, slots=True)
class OfficeView:
    """A part of the agency."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class StaffFields:
    """The fields of the edit form, cleaned or as typed.

    Attributes:
        email: may be empty; without it nobody gets an account.
        cell: E.164 or empty when cleaned; any spelling when typed.
        office: its name, or empty for none.
        role: a `Role` but client, as text.
        active: whether the person works here.
    """

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    cell: str = ""
    office: str = ""
    role: str = Role.AGENT.value
    active: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class StaffRecord:
    """A staff member as stored, with the version that a change must name."""

    id: int
    version: int
    fields: StaffFields
    cell_shown: str
    changed_at: datetime
    changed_by: str

    @property
    def name(self) -> str:
        """First and last name as the table shows them."""
        return f"{self.fields.first_name} {self.fields.last_name}".strip()

    @property
    def email(self) -> str:
        """Where mail goes; may be empty."""
        return self.fields.email

    @property
    def contact(self) -> tuple[str, ...]:
        """What else is to be known of the person, line by line."""
        fields = self.fields
        place = " · ".join(part for part in (fields.office, fields.role, "" if fields.active else "inactive") if part)
        return tuple(line for line in (self.cell_shown, fields.note, place) if line)
