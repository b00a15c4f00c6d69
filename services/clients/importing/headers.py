"""Which column of a file is which field of a client, by its English or French header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.errors import Invalid
from services.text import fold, safe


class Column(StrEnum):
    """The columns of a client list; the value is the header under which an export writes it."""

    FIRST_NAME = "First Name"
    LAST_NAME = "Last Name"
    EMAIL = "Email"
    PHONE = "Phone Number"
    DATE_OF_BIRTH = "Date Of Birth"
    ANNIVERSARY = "Anniversary"
    SUBSCRIBED = "Subscription Status"
    ADDRESS = "Property Address"
    LENDER = "Lender"
    BALANCE = "Mortgage Balance"
    RATE = "Mortgage Rate"
    RENEWAL = "Renewal Date"


MANDATORY = (Column.FIRST_NAME, Column.LAST_NAME, Column.EMAIL)

_ENGLISH = {
    Column.FIRST_NAME: ("First Name", "Given Name", "Forename", "First"),
    Column.LAST_NAME: ("Last Name", "Surname", "Family Name", "Last"),
    Column.EMAIL: ("Email", "E-mail", "Email Address", "E-mail Address", "Mail"),
    Column.PHONE: (
        *("Phone", "Phone Number", "Telephone Number", "Cell", "Cell Phone", "Cell Number"),
        *("Cellphone", "Mobile", "Mobile Phone", "Mobile Number", "Home Phone"),
    ),
    Column.DATE_OF_BIRTH: ("Date Of Birth", "Birthday", "Birthdate", "Birth Date", "DOB"),
    Column.ANNIVERSARY: ("Anniversary", "Anniversary Date"),
    Column.SUBSCRIBED: (
        *("Subscription Status", "Subscription", "Subscribed", "Status", "Consent"),
        "Subscription Consent",
    ),
    Column.ADDRESS: ("Property Address", "Property", "Address", "Street Address"),
    Column.LENDER: ("Lender", "Mortgage Lender", "Bank", "Lender Name"),
    Column.BALANCE: ("Mortgage Balance", "Balance", "Mortgage Amount", "Outstanding Balance"),
    Column.RATE: ("Mortgage Rate", "Rate", "Interest Rate"),
    Column.RENEWAL: ("Renewal Date", "Renewal", "Mortgage Renewal Date", "Maturity Date", "Maturity"),
}
_FRENCH = {
    Column.FIRST_NAME: ("Prénom",),
    Column.LAST_NAME: ("Nom", "Nom de famille"),
    Column.EMAIL: ("Courriel", "Adresse courriel", "Adresse e-mail", "Adresse électronique"),
    Column.PHONE: (
        *("Téléphone", "Numéro de téléphone", "No de téléphone", "Cellulaire", "Portable"),
        "Téléphone cellulaire",
    ),
    Column.DATE_OF_BIRTH: ("Naissance", "Date de naissance"),
    Column.ANNIVERSARY: ("Anniversaire", "Date d'anniversaire"),
    Column.SUBSCRIBED: ("Statut", "Abonnement", "Statut d'abonnement", "Statut de l'abonnement", "Consentement"),
    Column.ADDRESS: ("Adresse", "Adresse de la propriété", "Propriété", "Adresse de propriété"),
    Column.LENDER: ("Prêteur", "Prêteur hypothécaire", "Banque", "Institution"),
    Column.BALANCE: ("Solde", "Solde hypothécaire", "Solde du prêt", "Solde de l'hypothèque"),
    Column.RATE: ("Taux", "Taux hypothécaire", "Taux d'intérêt"),
    Column.RENEWAL: ("Renouvellement", "Date de renouvellement", "Échéance", "Date d'échéance"),
}
EMAIL_WORDS = (*_ENGLISH[Column.EMAIL], *_FRENCH[Column.EMAIL])
"""What lists call the e-mail address, in both languages."""

_BY_ENGLISH = {fold(word): column for column, words in _ENGLISH.items() for word in words}
_BY_FRENCH = {fold(word): column for column, words in _FRENCH.items() for word in words}
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Header:
    """How the first row of a file was understood.

    Attributes:
        at: where each field stands in a row, counted from 0.
        names: what the file calls it, made harmless.
        ignored: the columns that are no field of a client.
        most: cells of a whole row.
        least: the same without the nameless columns at its end.
        french: whether more of it is French than English.
    """

    at: Mapping[Column, int]
    names: Mapping[Column, str]
    ignored: tuple[str, ...]
    most: int
    least: int
    french: bool


def column_of(cell: str) -> Column | None:
    """The field that a header means, None for any other text."""
    folded = fold(cell[:100])
    return _BY_ENGLISH.get(folded) or _BY_FRENCH.get(folded)


def read_header(cells: Sequence[str]) -> Header:
    """Understand the first row. Raises Invalid for `file` if a field is missing or stands there twice."""
    at: dict[Column, int] = {}
    names: dict[Column, str] = {}
    ignored: list[str] = []
    for place, cell in enumerate(cells):
        column = column_of(cell)
        shown = safe(cell[:100]).strip()
        if column is None:
            if shown:
                ignored.append(shown)
        elif column in at:
            raise Invalid(
                {
                    "file": f"The columns “{names[column]}” and “{shown}” both hold {column.value}. "
                    "Remove one of them, or give it another header, then upload again."
                }
            )
        else:
            at[column], names[column] = place, shown
    _refuse_missing(at, names, ignored)
    folded = [fold(cell[:100]) for cell in cells]
    languages = sum((word in _BY_FRENCH) - (word in _BY_ENGLISH) for word in folded)
    least = max(place for place, cell in enumerate(cells, 1) if cell.strip())
    return Header(at, names, tuple(ignored), len(cells), least, languages > 0)


def _refuse_missing(at: Mapping[Column, int], names: Mapping[Column, str], ignored: list[str]) -> None:
    missing = [column.value for column in MANDATORY if column not in at]
    if not missing:
        return
    found = [*names.values(), *ignored]
    shown = ", ".join(found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")
    raise Invalid(
        {
            "file": f"The first row of the file has no column for {_listed(missing)}. It has: {shown or 'nothing'}. "
            "Name the columns in the first row, in English or in French, then upload again."
        }
    )


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
