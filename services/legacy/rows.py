"""From the rows of a list of old accounts to accounts, or to every reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.identity import LegacyUser
from services.clients.importing.headers import EMAIL_WORDS
from services.clients.importing.reading import Record
from services.clients.importing.report import Refusal
from services.legacy.hashes import HashFormat, format_of
from services.legacy.values import office_key, plain_access_key, user_key
from services.list_columns import OFFICE_WORDS, Header, Names
from services.rules import Email, Problem, clean_email, clean_text


class Column(StrEnum):
    """The columns of a list of old accounts; the value is how the old system names it."""

    OFFICE = "Office"
    USER_NAME = "User Name"
    HASH = "Password Hash"
    EMAIL = "Email"
    ACCESS_KEY = "Access Key"


LEAST_KEY = 8
"""Letters and digits of an access key."""

NAMES = Names[Column](
    {
        Column.OFFICE: OFFICE_WORDS,
        Column.USER_NAME: (
            *("Username", "User", "Login", "Login Name", "User ID"),
            *("Nom d'utilisateur", "Utilisateur", "Identifiant"),
        ),
        Column.HASH: ("Hash", "Password", "Empreinte", "Mot de passe"),
        Column.EMAIL: EMAIL_WORDS,
        Column.ACCESS_KEY: ("Key", "Clé d'accès", "Clé"),
    },
    mandatory=(Column.OFFICE, Column.USER_NAME, Column.HASH),
    # People put plain passwords where hashes belong.
    secret=(Column.HASH, Column.ACCESS_KEY),
)

_FORMATS = ", ".join(form.value for form in HashFormat)


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


class Cleaning:
    """Cleans the rows of one file.

    Args:
        offices: the numbers of the agency's offices by their `office_key`.
    """

    def __init__(self, header: Header[Column], offices: Mapping[str, int]) -> None:
        self._header = header
        self._offices = offices

    def clean(self, record: Record) -> Row | list[Refusal]:
        """The account in a row, or every fault of it."""
        header = self._header
        whole = header.fault(record)
        if whole is not None:
            return [whole]
        faults: list[Refusal] = []
        office = header.take(record, Column.OFFICE, self._office, faults)
        name = header.take(record, Column.USER_NAME, _user_name, faults)
        verifier = header.take(record, Column.HASH, _verifier, faults)
        email = header.take(record, Column.EMAIL, _email, faults)
        key = header.take(record, Column.ACCESS_KEY, _access_key, faults)
        if faults or office is None or name is None or verifier is None:
            return faults
        return Row(record, office, name, verifier, email, key or "")

    def _office(self, text: str) -> int:
        if not text:
            raise Problem("The office is empty. Write the office of this account.")
        number = self._offices.get(office_key(text))
        if number is None:
            raise Problem(
                "There is no such office here. Import the office staff first, or write the office as it is named there."
            )
        return number


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
