"""Reads a list of office staff: which column is which field, and what each row says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from services.clients.importing.headers import EMAIL_WORDS
from services.clients.importing.opening import ListFile
from services.clients.importing.reading import Record, Records, read_first_row, unusable
from services.clients.importing.report import Refusal
from services.list_columns import OFFICE_WORDS, Header, Names
from services.rules import Problem, clean_name, is_yes
from services.staff.fields import CheckedStaff
from services.staff.values import StaffFields

MOST_ROWS = 20_000
"""People of one file: they are stored at once."""


class Column(StrEnum):
    """The columns of a list of office staff."""

    OFFICE = "Office"
    FIRST_NAME = "First Name"
    LAST_NAME = "Last Name"
    EMAIL = "Email"
    CELL = "Cell #"
    ROLE = "Role"
    STATUS = "Status"
    NOTE = "Note"


NAMES = Names[Column](
    {
        Column.OFFICE: OFFICE_WORDS,
        Column.FIRST_NAME: ("Given Name", "Forename", "First", "Prénom"),
        Column.LAST_NAME: ("Surname", "Family Name", "Last", "Nom", "Nom de famille"),
        Column.EMAIL: EMAIL_WORDS,
        Column.CELL: (
            *("Cell Number", "Cell Phone", "Cellphone", "Mobile", "Mobile Number", "Phone", "Phone Number"),
            *("Cellulaire", "Portable", "Téléphone", "Téléphone cellulaire"),
        ),
        Column.ROLE: ("Position", "Rôle", "Fonction"),
        Column.STATUS: ("Active", "Statut", "Actif"),
        Column.NOTE: ("Notes", "Comment", "Remarque", "Remarques"),
    },
    (Column.FIRST_NAME, Column.LAST_NAME),
)

FIELDS = {
    "first_name": Column.FIRST_NAME,
    "last_name": Column.LAST_NAME,
    "email": Column.EMAIL,
    "cell": Column.CELL,
    "office": Column.OFFICE,
    "role": Column.ROLE,
    "active": Column.STATUS,
    "note": Column.NOTE,
}


@dataclass(slots=True)
class Row:
    """A row that holds by itself, with the values of the columns that the file has."""

    record: Record
    values: dict[str, Any]


@dataclass(slots=True)
class Taken:
    """What the file says, before it is held against what is stored."""

    header: Header[Column]
    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    refused: int = 0


def read_staff(file: ListFile) -> Taken:
    """Everything that the file says. Raises Invalid for `file`."""
    with file.lines() as lines:
        cells, delimiter = read_first_row(lines, lambda cell: NAMES.column_of(cell) is not None)
        taken = Taken(NAMES.read(cells))
        for record in Records(lines, delimiter, taken.header.least, taken.header.most):
            row = _row(taken.header, record)
            if isinstance(row, Row):
                taken.rows.append(row)
            else:
                taken.refusals += row
                taken.refused += 1
            if len(taken.rows) > MOST_ROWS:
                raise unusable(f"The file has more than {MOST_ROWS:,} people. Divide it into several.")
    return taken


def _row(header: Header[Column], record: Record) -> Row | list[Refusal]:
    """What a row says, or every fault of it."""
    whole = header.fault(record)
    if whole is not None:
        return [whole]
    faults: list[Refusal] = []
    values: dict[str, Any] = {}
    for name, column in FIELDS.items():
        if column in header.at:
            rule = {Column.STATUS: clean_status, Column.OFFICE: _office_name}.get(column, str)
            values[name] = header.take(record, column, rule, faults)
    if values.get("role") == "":
        del values["role"]
    read = {name: value for name, value in values.items() if value is not None}
    problems = CheckedStaff(replace(StaffFields(), **read)).problems
    faults = [*(header.refuse(record, FIELDS[name], sentence) for name, sentence in problems.items()), *faults]
    return faults or Row(record, values)


def _office_name(text: str) -> str:
    return clean_name(text) if text else ""


def clean_status(text: str) -> bool:
    """Whether somebody works here, in the words that lists use, English and French; nothing means yes."""
    word = text.strip().casefold()[:40]
    if word in ("", "active", "actif"):
        return True
    if word in ("inactive", "inactif", "left", "parti", "partie"):
        return False
    try:
        return is_yes(text)
    except Problem as problem:
        raise Problem('This is no status. Write "Active" or "Inactive".') from problem
