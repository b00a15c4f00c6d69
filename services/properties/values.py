"""A client's properties and mortgages as the desk tells them: frozen values, no rows of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from models.states import PaymentEvery
from services.conventions import Conventions

NEAR_DAYS = 90
"""So many days before it a renewal is near. The number is ours: it lies between the four months for which borrowers are
told to look around, and the 21 days before which a bank must have sent its renewal statement (Financial Consumer Agency
of Canada, "Mortgage renewal: rights and responsibilities")."""


@dataclass(frozen=True, slots=True)
class PropertyFields:
    """The fields of a property's form, as typed or as the agency writes them."""

    address: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class MortgageFields:
    """The fields of a mortgage's form, as typed or as the agency writes them.

    Attributes:
        payment_every: a `PaymentEvery`, or empty.
    """

    lender: str = ""
    balance: str = ""
    rate: str = ""
    renewal_on: str = ""
    anniversary_on: str = ""
    term: str = ""
    amortisation: str = ""
    payment: str = ""
    payment_every: str = ""


class Renewal(StrEnum):
    """How near the end of a term is."""

    UNKNOWN = "unknown"
    PAST = "past"
    NEAR = "near"
    LATER = "later"


def renewal_of(day: date | None, today: date) -> Renewal:
    """How near this day is."""
    if day is None:
        return Renewal.UNKNOWN
    if day < today:
        return Renewal.PAST
    return Renewal.NEAR if (day - today).days <= NEAR_DAYS else Renewal.LATER


@dataclass(frozen=True, slots=True)
class MortgageRecord:
    """A mortgage as stored.

    Attributes:
        version: of its property, which a change must name.
        fields: as the form shows them.
    """

    id: int
    property_id: int
    version: int
    lender: str
    balance: Decimal | None
    rate: Decimal | None
    renewal_on: date | None
    anniversary_on: date | None
    term_months: int | None
    amortisation_months: int | None
    payment: Decimal | None
    payment_every: PaymentEvery | None
    fields: MortgageFields

    @property
    def name(self) -> str:
        """By which it is known."""
        return self.lender or "a mortgage without a lender"


@dataclass(frozen=True, slots=True)
class PropertyRecord:
    """A property as stored, with its mortgages, oldest first.

    Attributes:
        fields: as the form shows them.
    """

    id: int
    version: int
    address: str
    value: Decimal | None
    mortgages: tuple[MortgageRecord, ...]
    fields: PropertyFields

    @property
    def name(self) -> str:
        """By which it is known."""
        return self.address or "a property without an address"

    @property
    def owed(self) -> Decimal | None:
        """What is owed on it; None while the balance of a mortgage is not known."""
        balances = [mortgage.balance for mortgage in self.mortgages]
        return None if None in balances else sum((one for one in balances if one is not None), Decimal(0))

    @property
    def equity(self) -> Decimal | None:
        """What would be left of its value; below 0 if more is owed than it is worth; None while a part is not known."""
        return None if self.value is None or self.owed is None else self.value - self.owed


@dataclass(frozen=True, slots=True)
class Totals:
    """All properties of a client together; what is not known is counted, never taken for 0.

    Attributes:
        value: of the properties whose value is known; None if there is none.
        owed: on the mortgages whose balance is known; None if of all the balance is unknown, and without a property.
        equity: of the properties of which both are known; None if there is none.
        net_worth: all values less all balances; None while a part is not known, since a debt without its house would
            make somebody poor.
        valueless: how many properties have no known value.
        balanceless: how many mortgages have no known balance.
    """

    value: Decimal | None
    owed: Decimal | None
    equity: Decimal | None
    net_worth: Decimal | None
    valueless: int
    balanceless: int

    @property
    def complete(self) -> bool:
        """Whether everything is known, so that equity and net worth are the same."""
        return not self.valueless and not self.balanceless


def totals_of(properties: tuple[PropertyRecord, ...]) -> Totals:
    """What they come to."""
    values = [one.value for one in properties]
    balances = [mortgage.balance for one in properties for mortgage in one.mortgages]
    value, owed = _known(values), _known(balances)
    if properties and not balances:
        owed = Decimal(0)
    valueless, balanceless = values.count(None), balances.count(None)
    incomplete = not values or valueless or balanceless
    return Totals(
        value=value,
        owed=owed,
        equity=_known([one.equity for one in properties]),
        net_worth=None if incomplete else (value or Decimal(0)) - (owed or Decimal(0)),
        valueless=valueless,
        balanceless=balanceless,
    )


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All that a client owns and owes, as far as the agency knows.

    Attributes:
        name: the client's.
        written: how the agency writes amounts and days.
        today: from which days are counted.
    """

    client_id: int
    name: str
    properties: tuple[PropertyRecord, ...]
    written: Conventions
    today: date

    @property
    def totals(self) -> Totals:
        """What the properties come to."""
        return totals_of(self.properties)

    def property(self, property_id: int) -> PropertyRecord | None:
        """One of them by its number; None if it is gone."""
        return next((one for one in self.properties if one.id == property_id), None)

    def mortgage(self, mortgage_id: int) -> MortgageRecord | None:
        """A mortgage by its number; None if it is gone."""
        return next((loan for one in self.properties for loan in one.mortgages if loan.id == mortgage_id), None)


def _known(amounts: list[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None
