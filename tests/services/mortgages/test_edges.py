"""Rates of 0 and 25 per cent, payments that are too small, and what is left of a mortgage."""

from __future__ import annotations

from decimal import Decimal

import pytest

from models.states import PaymentEvery
from services.mortgages.payments import amortisation_of, payment
from services.mortgages.renewal import rates_around, renewed
from services.mortgages.schedule import NeverPaidOff, balance_after, months_left, payments_left, pays_off, schedule

MONTH = PaymentEvery.MONTH


def test_without_interest_the_principal_is_paid_in_equal_parts() -> None:
    each = payment(Decimal(1000), Decimal(0), 3, MONTH)
    assert [one.payment for one in schedule(Decimal(1000), Decimal(0), each, MONTH)] == [
        Decimal("333.33"),
        Decimal("333.33"),
        Decimal("333.34"),
    ]


def test_a_last_payment_is_what_is_left() -> None:
    paid = list(schedule(Decimal(1000), Decimal(6), Decimal(300), MONTH))
    assert [one.payment for one in paid] == [Decimal(300)] * 3 + [Decimal("110.99")]
    assert paid[-1].balance == 0


def test_a_high_rate_is_paid_off_although_its_payment_is_hardly_more_than_the_interest() -> None:
    each = payment(Decimal(10000), Decimal(25), 480, PaymentEvery.WEEK)
    assert payments_left(Decimal(10000), Decimal(25), each, PaymentEvery.WEEK) <= 2081


@pytest.mark.parametrize("each", ["0", "416.66", "2057.80"])
def test_a_payment_below_the_interest_is_told_and_not_counted_for_ever(each: str) -> None:
    with pytest.raises(NeverPaidOff, match="does not cover the interest"):
        months_left(Decimal(100000), Decimal(26), Decimal(each), MONTH)


def test_a_payment_that_only_rounding_lifts_above_the_interest_never_pays_off() -> None:
    """The interest of a week is 4.2952 and is charged as 4.30, which is the payment."""
    assert not pays_off(Decimal(1000), Decimal("23.576"), Decimal("4.30"), PaymentEvery.WEEK)


def test_a_payment_that_would_take_more_than_a_hundred_years_counts_as_never() -> None:
    assert not pays_off(Decimal(100000), Decimal(0), Decimal("0.01"), MONTH)


def test_what_is_owed_grows_where_the_payment_is_below_the_interest() -> None:
    assert balance_after(Decimal(100000), Decimal(6), Decimal(400), MONTH, 12) > Decimal(100000)


def test_nothing_owed_needs_no_payment() -> None:
    assert payment(Decimal(0), Decimal(5), 300, MONTH) == 0
    assert list(schedule(Decimal(0), Decimal(5), Decimal(0), MONTH)) == []
    assert months_left(Decimal(0), Decimal(5), Decimal(0), MONTH) == 0


def test_a_renewal_tells_the_new_payment_and_the_difference() -> None:
    """The Texas Instruments example goes on at 15 per cent after its five years."""
    found = renewed(Decimal("55389.85"), Decimal(15), 180, MONTH, now=Decimal("688.52"), term_months=60)
    assert found.payment == Decimal("758.29")
    assert (found.more_a_month, found.more_in_term) == (Decimal("69.77"), Decimal("4186.20"))


def test_the_difference_of_a_term_ends_with_the_amortisation() -> None:
    found = renewed(Decimal(1200), Decimal(0), 12, MONTH, now=Decimal(90), term_months=60)
    assert found.more_in_term == Decimal(120)


def test_the_difference_a_month_counts_all_payments_of_a_year() -> None:
    found = renewed(Decimal(100000), Decimal(5), 300, PaymentEvery.WEEK, now=Decimal(100), term_months=60)
    assert found.more_a_month == round((found.payment - 100) * 52 / 12, 2)


def test_no_rate_that_is_shown_is_below_nought() -> None:
    assert rates_around(Decimal("0.5"))[0] == 0
    assert rates_around(Decimal(5))[0] == Decimal(4)
    assert rates_around(Decimal(5))[-1] == Decimal(8)
    assert len(rates_around(Decimal(5))) == 17


def test_a_payment_below_the_interest_has_no_amortisation() -> None:
    assert amortisation_of(Decimal(100000), Decimal(6), Decimal(400), MONTH) is None
    assert amortisation_of(Decimal(1000), Decimal(0), Decimal(100), MONTH) == 10
