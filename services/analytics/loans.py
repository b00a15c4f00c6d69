"""How the mortgages of a client go on, from what My Properties knows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.states import PaymentEvery
from services.mortgages.payments import payment
from services.mortgages.rates import PAYMENTS_A_YEAR
from services.mortgages.schedule import balance_after, left_of, months_left, pays_off
from services.properties.values import MortgageRecord, PropertyRecord

LONGEST = 40 * 12
"""Months that a chart looks ahead at most."""

WHERE = "Enter it under My Properties."


@dataclass(frozen=True, slots=True)
class Loan:
    """A mortgage whose course is known.

    Attributes:
        name: of its property, and of its lender if there is one.
        each: the payment, as entered or as its amortisation gives it.
        months: until it is paid off; None if the payment never does that.
    """

    name: str
    property_id: int
    balance: Decimal
    rate: Decimal
    each: Decimal
    every: PaymentEvery
    months: int | None
    record: MortgageRecord

    def owed_in(self, months: int) -> Decimal:
        """What is owed so many months from now, at today's rate and payment."""
        count = months * PAYMENTS_A_YEAR[self.every] // 12
        return balance_after(self.balance, self.rate, self.each, self.every, count)


@dataclass(frozen=True, slots=True)
class Loans:
    """All mortgages of some properties: those whose course is known, and what the others lack.

    Attributes:
        notes: for each that lacks something, what it is and where to enter it; for each assumption, what is assumed.
    """

    known: tuple[Loan, ...]
    notes: tuple[str, ...]
    today: date

    @property
    def months(self) -> int:
        """How far a chart looks ahead: until all is paid off."""
        return min(LONGEST, max((LONGEST if one.months is None else one.months for one in self.known), default=0))


def loans_of(homes: Sequence[PropertyRecord], today: date) -> Loans:
    """The mortgages on these properties."""
    known, notes = [], []
    for home in homes:
        for record in home.mortgages:
            name = named(home, record)
            if _is_over(record, today):
                notes.append(f"{name}: its amortization is over by now. Check it, and the anniversary.")
            lacking = _lacking(record, today)
            if lacking:
                notes.append(f"{name}: {_listed(lacking)} not known. {WHERE}")
                continue
            loan = _loan(home, record, name, today)
            known.append(loan)
            if loan.months is None:
                notes.append(f"{name}: the payment does not cover the interest, so it is never paid off. Check it.")
            elif record.payment_every is None:
                notes.append(f"{name}: assumed to be paid monthly.")
    return Loans(tuple(known), tuple(notes), today)


def named(home: PropertyRecord, record: MortgageRecord) -> str:
    """By what a mortgage is known: its property, and its lender where the property has several mortgages."""
    return f"{home.name}, {record.name}" if len(home.mortgages) > 1 else home.name


def amortisation_left(record: MortgageRecord, on: date) -> int | None:
    """The months of the amortisation that are left on a day, at least 1; None if that is not known, or none are."""
    if record.amortisation_months is None or record.anniversary_on is None:
        return None
    return left_of(record.amortisation_months, record.anniversary_on, on)


def _is_over(record: MortgageRecord, today: date) -> bool:
    known = record.amortisation_months is not None and record.anniversary_on is not None
    return known and bool(record.balance) and amortisation_left(record, today) is None


def _lacking(record: MortgageRecord, today: date) -> list[str]:
    lacking = []
    if record.balance is None:
        lacking.append("the balance")
    if record.rate is None:
        lacking.append("the rate")
    if not record.payment and record.balance != 0 and amortisation_left(record, today) is None:
        lacking.append("the payment")
    return lacking


def _listed(words: Sequence[str]) -> str:
    verb = "is" if len(words) == 1 else "are"
    return f"{words[0] if len(words) == 1 else ', '.join(words[:-1]) + ' and ' + words[-1]} {verb}"


def _loan(home: PropertyRecord, record: MortgageRecord, name: str, today: date) -> Loan:
    balance, rate = record.balance or Decimal(0), record.rate or Decimal(0)
    every = record.payment_every or PaymentEvery.MONTH
    each = record.payment or payment(balance, rate, amortisation_left(record, today) or 1, every)
    months = months_left(balance, rate, each, every) if pays_off(balance, rate, each, every) else None
    return Loan(name, home.id, balance, rate, each, every, months, record)
