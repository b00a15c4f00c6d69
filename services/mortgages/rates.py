"""What a yearly rate comes to in the time between two payments.

A Canadian mortgage names a yearly rate "calculated half-yearly, not in advance" (Interest Act, R.S.C. 1985, c. I-15,
section 6): half of it is earned twice a year. A shorter period earns what grows to the same in half a year.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from models.states import PaymentEvery

PAYMENTS_A_YEAR: Mapping[PaymentEvery, int] = {
    PaymentEvery.MONTH: 12,
    PaymentEvery.HALF_MONTH: 24,
    PaymentEvery.TWO_WEEKS: 26,
    PaymentEvery.TWO_WEEKS_FASTER: 26,
    PaymentEvery.WEEK: 52,
    PaymentEvery.WEEK_FASTER: 52,
}
"""How many payments a year has; a year counts 52 weeks."""

_HALVES = Decimal(2)


@lru_cache(maxsize=512)
def period_rate(rate: Decimal, every: PaymentEvery) -> Decimal:
    """The interest of one payment period as a fraction of the balance: i in (1 + i)^n = (1 + j/2)^2.

    Args:
        rate: j in per cent a year, 0 or more.
        every: how often is paid; n payments a year.
    """
    if rate == 0:
        return Decimal(0)
    half_year = 1 + rate / 100 / _HALVES
    return half_year ** (_HALVES / PAYMENTS_A_YEAR[every]) - 1


def interest(balance: Decimal, rate: Decimal, every: PaymentEvery) -> Decimal:
    """What a balance costs in one payment period, not rounded."""
    return balance * period_rate(rate, every)
