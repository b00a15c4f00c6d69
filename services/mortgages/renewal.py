"""What another rate at renewal does to a payment."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from models.states import PaymentEvery
from services.mortgages.payments import a_month, payment, payments_in

HIGHEST_RATE = Decimal(100)
"""Per cent a year; the tables hold no more."""

STEP = Decimal("0.25")
"""Points between two rates that are shown."""

LEAST_CHANGE = Decimal(-1)
MOST_CHANGE = Decimal(3)
"""How far a rate at renewal may be from today's, in points."""


@dataclass(frozen=True, slots=True)
class RenewalPayment:
    """The payment at one rate from the renewal on.

    Attributes:
        rate: per cent a year, compounded half-yearly.
        payment: what pays the balance off in the amortisation that is left.
        more_a_month: how much more that is in a month than now; negative for less.
        more_in_term: the same over the payments of the next term.
    """

    rate: Decimal
    payment: Decimal
    more_a_month: Decimal
    more_in_term: Decimal


def renewed(
    balance: Decimal, rate: Decimal, months: Decimal | int, every: PaymentEvery, *, now: Decimal, term_months: int
) -> RenewalPayment:
    """The payment if the mortgage is renewed at this rate, frequency and amortisation staying as they are.

    Args:
        balance: what is owed on the day of the renewal.
        months: the amortisation that is left then, more than 0.
        now: the payment until then.
        term_months: how long the next term is.
    """
    new = payment(balance, rate, months, every)
    count = payments_in(min(term_months, ceil(months)), every)
    return RenewalPayment(rate, new, a_month(new - now, every), (new - now) * count)


def rates_around(rate: Decimal) -> tuple[Decimal, ...]:
    """Rates from one point below to three above, in quarters of a point; none below 0 or above the highest."""
    count = int((MOST_CHANGE - LEAST_CHANGE) / STEP)
    steps = (rate + LEAST_CHANGE + STEP * number for number in range(count + 1))
    return tuple(one for one in steps if 0 <= one <= HIGHEST_RATE)
