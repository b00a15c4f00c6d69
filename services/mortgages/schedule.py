"""How a mortgage is paid off, payment by payment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.states import PaymentEvery
from services.errors import Refused
from services.mortgages.payments import months_of, owed_after, payments_in, to_cents
from services.mortgages.rates import interest
from services.rule_lengths import months_between

MOST_MONTHS = 1_200
"""A mortgage that takes longer than a hundred years counts as one that is never paid off."""

_TINY = 20
"""A rest smaller than this part of a payment is paid with the last one: rounding left it over."""


class NeverPaidOff(Refused):
    """The payment does not even cover the interest, or would take more than a hundred years."""

    def __init__(self) -> None:
        super().__init__(
            "The payment does not cover the interest, so that this mortgage is never paid off. "
            "Check its balance, its rate and its payment."
        )


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment and what it does.

    Attributes:
        number: 1 for the first.
        payment: interest and principal together; the last one is what is left.
        balance: what is owed afterwards, never below 0.
    """

    number: int
    payment: Decimal
    interest: Decimal
    principal: Decimal
    balance: Decimal


def schedule(balance: Decimal, rate: Decimal, each: Decimal, every: PaymentEvery) -> Iterator[Instalment]:
    """All payments until nothing is owed, interest rounded to cents each time; none for a balance of 0.

    Args:
        balance: what is owed one period before the first payment.
        rate: per cent a year, compounded half-yearly, 0 or more.
        each: the payment.
        every: how often is paid.

    Raises NeverPaidOff before the first payment.
    """
    if not pays_off(balance, rate, each, every):
        raise NeverPaidOff
    return _instalments(balance, rate, each, every)


def pays_off(balance: Decimal, rate: Decimal, each: Decimal, every: PaymentEvery) -> bool:
    """Whether the payment pays the balance off within a hundred years."""
    if balance <= 0:
        return True
    if each <= to_cents(interest(balance, rate, every)):
        return False
    return owed_after(balance, rate, each, every, payments_in(MOST_MONTHS, every)) == 0


def balance_after(balance: Decimal, rate: Decimal, each: Decimal, every: PaymentEvery, count: int) -> Decimal:
    """What is owed after so many payments, 0 once it is paid off; it grows where the payment is below the interest."""
    for _ in range(count):
        if balance <= 0:
            break
        _, _, balance = _pay(balance, rate, each, every)
    return balance


def payments_left(balance: Decimal, rate: Decimal, each: Decimal, every: PaymentEvery) -> int:
    """How many payments pay it off. Raises NeverPaidOff."""
    return sum(1 for _ in schedule(balance, rate, each, every))


def months_left(balance: Decimal, rate: Decimal, each: Decimal, every: PaymentEvery) -> int:
    """How many months it takes to pay it off. Raises NeverPaidOff."""
    return months_of(payments_left(balance, rate, each, every), every)


def _instalments(balance: Decimal, rate: Decimal, each: Decimal, every: PaymentEvery) -> Iterator[Instalment]:
    number = 0
    while balance > 0:
        number += 1
        paid, cost, left = _pay(balance, rate, each, every)
        yield Instalment(number, paid, cost, paid - cost, left)
        balance = left


def _pay(balance: Decimal, rate: Decimal, each: Decimal, every: PaymentEvery) -> tuple[Decimal, Decimal, Decimal]:
    """What one payment comes to, the interest in it, and what is owed afterwards."""
    cost = to_cents(interest(balance, rate, every))
    left = balance + cost - each
    if left * _TINY < each:
        return balance + cost, cost, Decimal(0)
    return each, cost, left


def left_of(amortisation: int, began: date, on: date) -> int | None:
    """The months of an amortisation that are left on a day; None once it is over."""
    left = amortisation - months_between(began, on)
    return left if left > 0 else None
