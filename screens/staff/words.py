"""The words and columns that the screens about office staff share."""

from __future__ import annotations

from dataclasses import replace

from screens.widgets.virtual_table import Column
from services.conventions import Conventions
from services.staff.rows import STAFF_COLUMNS
from services.staff.values import StaffFields, StaffSort

COLUMN_TITLES = {column.value: title for column, title in STAFF_COLUMNS.items()}

SORT_LETTERS = {
    StaffSort.OFFICE: "o",
    StaffSort.NAME: "n",
    StaffSort.EMAIL: "m",
    StaffSort.CELL: "c",
    StaffSort.ROLE: "r",
    StaffSort.STATUS: "s",
    StaffSort.ACCESS: "a",
}
"""The letter of a column in the sort menu."""

STAFF_TABLE = (
    Column("office", "Office", 17, 9, flexible=True),
    # Names stand whole at 80 columns; address and number are in the panel then.
    Column("name", "Name", 20, 16, flexible=True),
    Column("email", "E-mail", 28, 20, flexible=True, hide_below=100),
    Column("cell", "Cell", 14, hide_below=110),
    Column("role", "Role", 13),
    Column("status", "Status", 8, hide_below=72),
    Column("access", "Access", 15),
)


def said(field: str, fields: StaffFields, written: Conventions) -> str:
    """The value of a field as people read it."""
    if field == "active":
        return "Active" if fields.active else "Inactive"
    value = str(getattr(fields, field))
    if field == "cell" and value.startswith("+"):
        return written.phone(value)
    return value or "(empty)"


def as_shown(fields: StaffFields, written: Conventions) -> StaffFields:
    """Stored fields as a form shows them."""
    return replace(fields, cell=written.phone(fields.cell))
