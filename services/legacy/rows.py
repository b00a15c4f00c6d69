"""From the rows of a list of old accounts to accounts, or to every reason why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from models.identity import LegacyUser
from services.clients.importing.formulas import unprotect
from services.clients.importing.reading import MOST_CELL, UNREADABLE, Record, unusable
from services.clients.importing.report import Refusal
from services.clients.importing.rows import show_value
from services.legacy.hashes import HashFormat, format_of
from services.legacy.values import office_key, plain_access_key, user_key
from services.rules import Email, Problem, clean_email, clean_text
from services.text import fold, safe

T = TypeVar("T")


class Column(StrEnum):
    """The columns of a list of old accounts; the value is how the old system names it."""

    OFFICE = "Office"
    USER_NAME = "User Name"
    HASH = "Password Hash"
    EMAIL = "Email"
    ACCESS_KEY = "Access Key"


MANDATORY = (Column.OFFICE, Column.USER_NAME, Column.HASH)
SECRET = (Column.HASH, Column.ACCESS_KEY)
"""Never shown: people put plain passwords where hashes belong."""

LEAST_KEY = 8
"""Letters and digits of an access key."""

_NAMES = {
    Column.OFFICE: ("Office", "Office Name", "Branch", "Database", "Bureau", "Succursale"),
    Column.USER_NAME: (
        *("User Name", "Username", "User", "Login", "Login Name", "User ID"),
        *("Nom d'utilisateur", "Utilisateur", "Identifiant"),
    ),
    Column.HASH: ("Password Hash", "Hash", "Password", "Empreinte", "Mot de passe"),
    Column.EMAIL: (
        *("Email", "E-mail", "Email Address", "E-mail Address", "Mail"),
        *("Courriel", "Adresse courriel", "Adresse e-mail", "Adresse électronique"),
    ),
    Column.ACCESS_KEY: ("Access Key", "Key", "Clé d'accès", "Clé"),
}
_BY_NAME = {fold(name): column for column, names in _NAMES.items() for name in names}
_FORMATS = ", ".join(form.value for form in HashFormat)


@dataclass(frozen=True, slots=True)
class Header:
    """How the first row was understood.

    Attributes:
        at: where each field stands, counted from 0; names: what the file calls it, made harmless.
        most: cells of a whole row; least: the same without nameless columns at its end.
    """

    at: Mapping[Column, int]
    names: Mapping[Column, str]
    ignored: tuple[str, ...]
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Row:
    """An account that holds by itself.

    Attributes:
        email: None where the old system had none.
        access_key: as typed; empty where the row has none.
    """

    record: Record
    office_id: int
    user_name: str
    verifier: str
    email: Email | None
    access_key: str

    @property
    def key(self) -> tuple[int, str]:
        """What tells the account from all others of the agency."""
        return self.office_id, user_key(self.user_name)


def column_of(cell: str) -> Column | None:
    """The field that a header means, None for any other text."""
    return _BY_NAME.get(fold(cell[:100]))


def read_header(cells: Sequence[str]) -> Header:
    """Understand the first row. Raises Invalid for `file` if a field is missing or stands there twice."""
    at: dict[Column, int] = {}
    names: dict[Column, str] = {}
    ignored: list[str] = []
    for place, cell in enumerate(cells):
        column, shown = column_of(cell), safe(cell[:100]).strip()
        if column is None:
            ignored += [shown] if shown else []
        elif column in at:
            raise unusable(
                f"The columns “{names[column]}” and “{shown}” both hold {column.value}. "
                "Remove one of them, then upload again."
            )
        else:
            at[column], names[column] = place, shown
    missing = [column.value for column in MANDATORY if column not in at]
    if missing:
        raise unusable(
            f"The first row of the file has no column for {', '.join(missing)}. "
            "Name the columns in the first row, then upload again."
        )
    least = max(place for place, cell in enumerate(cells, 1) if cell.strip())
    return Header(at, names, tuple(ignored), least, len(cells))


class Cleaning:
    """Cleans the rows of one file.

    Args:
        offices: the numbers of the agency's offices by their `office_key`.
    """

    def __init__(self, header: Header, offices: Mapping[str, int]) -> None:
        self._header = header
        self._offices = offices

    def clean(self, record: Record) -> Row | list[Refusal]:
        """The account in a row, or every fault of it."""
        if record.fault[0]:
            return [Refusal(record.line, record.last_line, "", "", *record.fault)]
        if not self._header.least <= len(record.cells) <= self._header.most:
            reason = f"The row has {len(record.cells)} cells; the first row has {self._header.most}."
            remedy = "Put every value under its header, and a value that holds a delimiter in quotation marks."
            return [Refusal(record.line, record.last_line, "", "", reason, remedy)]
        faults: list[Refusal] = []
        office = self._cell(record, Column.OFFICE, self._office, faults)
        name = self._cell(record, Column.USER_NAME, _user_name, faults)
        verifier = self._cell(record, Column.HASH, _verifier, faults)
        email = self._cell(record, Column.EMAIL, _email, faults)
        key = self._cell(record, Column.ACCESS_KEY, _access_key, faults)
        if faults or office is None or name is None or verifier is None:
            return faults
        return Row(record, office, name, verifier, email, key or "")

    def refuse(self, record: Record, column: Column, reason: str, remedy: str) -> Refusal:
        """A refusal of one cell; secrets are left out."""
        value = "" if column in SECRET else show_value(self._text(record, column))
        return Refusal(record.line, record.last_line, self._header.names.get(column, ""), value, reason, remedy)

    def _text(self, record: Record, column: Column) -> str:
        place = self._header.at.get(column)
        return record.cells[place] if place is not None else ""

    def _cell(self, record: Record, column: Column, rule: Callable[[str], T], faults: list[Refusal]) -> T | None:
        text = self._text(record, column).strip()
        try:
            return rule(_readable(record, unprotect(text) if text[:1] == "'" else text))
        except Problem as problem:
            # A rule's last sentence says what to do.
            reason, stop, remedy = problem.sentence.rpartition(". ")
            told = (f"{reason}.", remedy) if stop else (problem.sentence, "")
            faults.append(self.refuse(record, column, *told))
            return None

    def _office(self, text: str) -> int:
        if not text:
            raise Problem("The office is empty. Write the office of this account.")
        number = self._offices.get(office_key(text))
        if number is None:
            raise Problem(
                "There is no such office here. Import the office staff first, or write the office as it is named there."
            )
        return number


def _readable(record: Record, text: str) -> str:
    if record.odd and UNREADABLE in text:
        raise Problem("A sign of this cell cannot be read. Write it anew, and save the file as CSV UTF-8.")
    if record.odd and (len(text) > MOST_CELL or "\0" in text):
        raise Problem("The cell is too long or holds signs that no cell has. Write it anew.")
    return text


def _user_name(text: str) -> str:
    name = clean_text(text, LegacyUser.user_name.max_length)
    if not name:
        raise Problem("The user name is empty. Write the name with which the person signed in.")
    return name


def _verifier(text: str) -> str:
    if not text:
        raise Problem("The password hash is empty. Export it from the old system, or leave the row out.")
    if len(text) > LegacyUser.verifier.max_length or format_of(text) is None:
        raise Problem(
            f"The password hash is of a kind that is not understood. Known are {_FORMATS}; "
            "leave the row out and create a new account for this person."
        )
    return text


def _email(text: str) -> Email | None:
    return clean_email(text) if text else None


def _access_key(text: str) -> str:
    key = clean_text(text, 100)
    if key and len(plain_access_key(key)) < LEAST_KEY:
        raise Problem(
            f"The access key has fewer than {LEAST_KEY} letters and digits. Write it as the old system has it."
        )
    return key
