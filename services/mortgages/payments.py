"""What a mortgage costs each time: the payment that pays it off within its amortisation."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from math import ceil

from models.states import PaymentEvery
from services.mortgages.rates import PAYMENTS_A_YEAR, period_rate

CENT = Decimal("0.01")
_HALF_A_CENT = CENT / 2

_OF_A_MONTH: Mapping[PaymentEvery, int] = {PaymentEvery.TWO_WEEKS_FASTER: 2, PaymentEvery.WEEK_FASTER: 4}
"""An accelerated payment is this part of a month's, paid 26 or 52 times: thirteen months' payments in a year."""


def to_cents(amount: Decimal) -> Decimal:
    """An amount of whole cents, halves up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def payment(principal: Decimal, rate: Decimal, amortisation_months: Decimal | int, every: PaymentEvery) -> Decimal:
    """The level payment at the end of each period that pays the principal off within the amortisation.

    Rounded to the nearest cent as lenders and published tables do, but up where the nearest would leave more than one
    payment at the end. Accelerated payments are a half or a quarter of a month's payment.

    Args:
        principal: what is owed, 0 or more.
        rate: per cent a year, compounded half-yearly, 0 or more.
        amortisation_months: more than 0, parts of a month included.
        every: how often is paid.
    """
    if every in _OF_A_MONTH:
        return to_cents(payment(principal, rate, amortisation_months, PaymentEvery.MONTH) / _OF_A_MONTH[every])
    if principal <= 0:
        return Decimal(0)
    count = max(Decimal(1), Decimal(amortisation_months) * PAYMENTS_A_YEAR[every] / 12)
    exact = _level(principal, period_rate(rate, every), count)
    near = max(to_cents(exact), CENT)
    # Interest is rounded each time, at worst against the borrower, and at a high rate half a cent grows to thousands.
    if owed_after(principal, rate, near - _HALF_A_CENT, every, ceil(count)) > near:
        return (exact + _HALF_A_CENT).quantize(CENT, ROUND_UP)
    return near


def amortisation_of(balance: Decimal, rate: Decimal, each: Decimal, every: PaymentEvery) -> Decimal | None:
    """The amortisation in months by which a payment was worked out; None if it does not cover the interest.

    The opposite of `payment`: an accelerated payment pays off sooner than its amortisation says.
    """
    if every in _OF_A_MONTH:
        return amortisation_of(balance, rate, each * _OF_A_MONTH[every], PaymentEvery.MONTH)
    fraction = period_rate(rate, every)
    if each <= balance * fraction:
        return None
    count = balance / each if fraction == 0 else -(1 - balance * fraction / each).ln() / (1 + fraction).ln()
    return count * 12 / PAYMENTS_A_YEAR[every]


def payments_in(months: int, every: PaymentEvery) -> int:
    """How many payments so many months have, at least one; a part of a period at the end counts as one."""
    return max(1, -(-months * PAYMENTS_A_YEAR[every] // 12))


def months_of(count: int, every: PaymentEvery) -> int:
    """How many months so many payments take; a part of a month counts as one."""
    return -(-count * 12 // PAYMENTS_A_YEAR[every])


def a_month(amount: Decimal, every: PaymentEvery) -> Decimal:
    """What a payment comes to in a month of an average year."""
    return to_cents(amount * PAYMENTS_A_YEAR[every] / 12)


def owed_after(principal: Decimal, rate: Decimal, each: Decimal, every: PaymentEvery, count: int) -> Decimal:
    """What is owed after so many payments, by the formula and not rounded between them; 0 once it is paid off."""
    fraction = period_rate(rate, every)
    if fraction == 0:
        return max(Decimal(0), principal - each * count)
    growth = (1 + fraction) ** count
    return max(Decimal(0), principal * growth - each * (growth - 1) / fraction)


def _level(principal: Decimal, fraction: Decimal, count: Decimal) -> Decimal:
    if fraction == 0:
        return principal / count
    return principal * fraction / (1 - (1 + fraction) ** -count)
