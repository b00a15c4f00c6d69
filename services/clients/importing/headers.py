"""Which column of a file is which field of a client, by its English or French header."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    VALUE = "Property Value"
    PAYMENT = "Payment"
    PAYMENT_EVERY = "Payment Frequency"
    TERM = "Term"
    AMORTISATION = "Amortization"
    BEGAN = "Anniversary Date"


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
    Column.ANNIVERSARY: ("Anniversary",),
    Column.SUBSCRIBED: (
        *("Subscription Status", "Subscription", "Subscribed", "Status", "Consent"),
        "Subscription Consent",
    ),
    Column.ADDRESS: ("Property Address", "Property", "Address", "Street Address"),
    Column.LENDER: ("Lender", "Mortgage Lender", "Bank", "Lender Name"),
    Column.BALANCE: ("Mortgage Balance", "Balance", "Mortgage Amount", "Outstanding Balance"),
    Column.RATE: ("Mortgage Rate", "Rate", "Interest Rate"),
    Column.RENEWAL: ("Renewal Date", "Renewal", "Mortgage Renewal Date", "Maturity Date", "Maturity"),
    Column.VALUE: ("Property Value", "Home Value", "House Value", "Market Value", "Appraised Value"),
    Column.PAYMENT: ("Payment", "Mortgage Payment", "Payment Amount", "Regular Payment"),
    Column.PAYMENT_EVERY: ("Payment Frequency", "Frequency", "Payment Schedule"),
    Column.TERM: ("Term", "Mortgage Term", "Term Length", "Term Months", "Term In Months"),
    Column.AMORTISATION: (
        *("Amortization", "Amortisation", "Amortization Period", "Amortisation Period", "Amortization Months"),
        *("Amortisation Months", "Amortization In Months"),
    ),
    Column.BEGAN: (
        *("Anniversary Date", "Mortgage Anniversary", "Mortgage Date", "Mortgage Start Date"),
        *("Start Date", "Funding Date", "Closing Date"),
    ),
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
    Column.ANNIVERSARY: ("Anniversaire",),
    Column.SUBSCRIBED: ("Statut", "Abonnement", "Statut d'abonnement", "Statut de l'abonnement", "Consentement"),
    Column.ADDRESS: ("Adresse", "Adresse de la propriété", "Propriété", "Adresse de propriété"),
    Column.LENDER: ("Prêteur", "Prêteur hypothécaire", "Banque", "Institution"),
    Column.BALANCE: ("Solde", "Solde hypothécaire", "Solde du prêt", "Solde de l'hypothèque"),
    Column.RATE: ("Taux", "Taux hypothécaire", "Taux d'intérêt"),
    Column.RENEWAL: ("Renouvellement", "Date de renouvellement", "Échéance", "Date d'échéance"),
    Column.VALUE: ("Valeur", "Valeur de la propriété", "Valeur marchande", "Évaluation"),
    Column.PAYMENT: ("Paiement", "Versement", "Paiement hypothécaire", "Montant du paiement"),
    Column.PAYMENT_EVERY: ("Fréquence", "Fréquence des paiements", "Fréquence de paiement"),
    Column.TERM: ("Terme", "Durée du terme", "Terme mois", "Terme en mois"),
    Column.AMORTISATION: ("Amortissement", "Période d'amortissement", "Amortissement mois", "Amortissement en mois"),
    Column.BEGAN: ("Date d'anniversaire", "Date de début", "Date du prêt", "Date de l'hypothèque"),
}
EMAIL_WORDS = (*_ENGLISH[Column.EMAIL], *_FRENCH[Column.EMAIL])
"""What lists call the e-mail address, in both languages."""

_EITHER_ANNIVERSARY = {fold(word) for word in ("Anniversary Date", "Date d'anniversaire")}
"""Lists without another anniversary call the client's day of the year so, too."""

_BY_ENGLISH = {fold(word): column for column, words in _ENGLISH.items() for word in words}
_BY_FRENCH = {fold(word): column for column, words in _FRENCH.items() for word in words}
_OF_LOANS = frozenset(
    {Column.ADDRESS, Column.LENDER, Column.BALANCE, Column.RATE, Column.RENEWAL, Column.TERM, Column.PAYMENT}
)
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
    """

    at: Mapping[Column, int]
    names: Mapping[Column, str]
    ignored: tuple[str, ...]
    most: int
    least: int


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with the fields that somebody gave to the columns of a file.

    Attributes:
        beside: the place of a column to the sentence about it.
        missing: the mandatory fields that no column has.
    """

    beside: Mapping[int, str]
    missing: tuple[Column, ...]

    def __bool__(self) -> bool:
        return bool(self.beside or self.missing)


def column_of(cell: str) -> Column | None:
    """The field that a header means, None for any other text."""
    folded = fold(cell[:100])
    return _BY_ENGLISH.get(folded) or _BY_FRENCH.get(folded)


def guess(cells: Sequence[str], has_whole_days: Mapping[int, bool] | None = None) -> tuple[Column | None, ...]:
    """The field of each column, by its header.

    Args:
        has_whole_days: by place, whether the cells of the column are days with a year, as a mortgage's beginning is.
    """
    guessed = [column_of(cell) for cell in cells]
    if Column.ANNIVERSARY not in guessed:
        of_loans = any(column in _OF_LOANS for column in guessed)
        for place, cell in enumerate(cells):
            whole = (has_whole_days or {}).get(place, False)
            if fold(cell[:100]) in _EITHER_ANNIVERSARY and not (whole and of_loans):
                guessed[place] = Column.ANNIVERSARY
    return tuple(guessed)


def faults_of(cells: Sequence[str], columns: Sequence[Column | None]) -> Faults:
    """What is wrong with a choice of fields: two columns for one of them is, and a mandatory one for which none is."""
    beside: dict[int, str] = {}
    for place, column in enumerate(columns):
        if column is not None and columns.count(column) > 1:
            twin = next(other for other, its in enumerate(columns) if its is column and other != place)
            name = shown_header(cells, twin)
            beside[place] = f"“{name}” holds {column.value} too. Take one of the two."
    return Faults(beside, tuple(column for column in MANDATORY if column not in columns))


def read_header(cells: Sequence[str], columns: Sequence[Column | None] | None = None) -> Header:
    """Understand the first row, by itself or as somebody chose.

    Raises Invalid for `file` if a field is missing or stands there twice.
    """
    columns = guess(cells) if columns is None else columns
    at: dict[Column, int] = {}
    names: dict[Column, str] = {}
    ignored: list[str] = []
    for place, column in enumerate(columns):
        shown = shown_header(cells, place)
        if column is None:
            if cells[place].strip():
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
    least = max(least_cells(cells), *(place + 1 for place in at.values()))
    return Header(at, names, tuple(ignored), len(cells), least)


def is_french(cells: Iterable[str]) -> bool:
    """Whether more of a header is French than English."""
    folded = [fold(cell[:100]) for cell in cells]
    return sum((word in _BY_FRENCH) - (word in _BY_ENGLISH) for word in folded) > 0


def least_cells(cells: Sequence[str]) -> int:
    """How many cells a whole row has at least: nameless columns at the end may be missing."""
    return max((place for place, cell in enumerate(cells, 1) if cell.strip()), default=len(cells))


def shown_header(cells: Sequence[str], place: int) -> str:
    """A header made harmless and short; a nameless column has its number."""
    return safe(cells[place][:100]).strip() or f"column {place + 1}"


def listed(words: Iterable[str]) -> str:
    """Words in a sentence: "A, B and C"."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _refuse_missing(at: Mapping[Column, int], names: Mapping[Column, str], ignored: list[str]) -> None:
    missing = [column.value for column in MANDATORY if column not in at]
    if not missing:
        return
    found = [*names.values(), *ignored]
    shown = ", ".join(found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")
    raise Invalid(
        {
            "file": f"The first row of the file has no column for {listed(missing)}. It has: {shown or 'nothing'}. "
            "Name the columns in the first row, in English or in French, then upload again."
        }
    )
