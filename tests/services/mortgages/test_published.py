"""The arithmetic against figures that others published; each names its source."""

from __future__ import annotations

from decimal import Decimal

import pytest

from models.states import PaymentEvery
from services.mortgages.payments import a_month, payment, to_cents
from services.mortgages.rates import period_rate
from services.mortgages.schedule import balance_after, payments_left, schedule

MONTH = PaymentEvery.MONTH


@pytest.mark.parametrize(
    ("principal", "rate", "years", "monthly"),
    [
        pytest.param("60000", "13", 20, "688.52", id="Texas Instruments BA II Plus manual, Canadian Mortgages"),
        pytest.param("200000", "7.5", 15, "1841.03", id="eFunda, mortgage_payment_c, 15 years"),
        pytest.param("200000", "7.5", 25, "1463.11", id="eFunda, mortgage_payment_c, 25 years"),
        pytest.param("250000", "4.88", 30, "1316.37", id="npm mortgage-calculator-p, Canadian example"),
        pytest.param("400000", "5", 25, "2326.42", id="financial-calculator.ca, amortization"),
        pytest.param("320000", "5.5", 25, "1953.25", id="calculatrice-quebec.ca, mortgage payment"),
        pytest.param("100000", "6", 25, "639.81", id="payment factor tables, 6 per cent over 25 years"),
    ],
)
def test_a_monthly_payment_is_what_was_published(principal: str, rate: str, years: int, monthly: str) -> None:
    assert payment(Decimal(principal), Decimal(rate), years * 12, MONTH) == Decimal(monthly)


def test_the_factor_of_a_month_is_that_of_the_government_of_canadas_tables() -> None:
    """National Joint Council, directive on relocation (njc-cnm.gc.ca, d111/v224/s561): 8 per cent is .0065581970."""
    assert round(period_rate(Decimal(8), MONTH), 10) == Decimal("0.0065581969")
    interest = to_cents(Decimal("35214.43") * period_rate(Decimal(8), MONTH))
    assert interest == Decimal("230.94")


def test_what_is_owed_after_five_years_is_what_the_calculators_manual_says() -> None:
    """Texas Instruments, BA II Plus manual, Canadian Mortgages: 55,389.85 after 60 payments."""
    assert balance_after(Decimal(60000), Decimal(13), Decimal("688.52"), MONTH, 60) == Decimal("55389.85")


def test_the_first_payment_splits_as_published() -> None:
    """npm mortgage-calculator-p: 1,006.48 of interest and 309.89 of principal."""
    first = next(schedule(Decimal(250000), Decimal("4.88"), Decimal("1316.37"), MONTH))
    assert (first.interest, first.principal) == (Decimal("1006.48"), Decimal("309.89"))


def test_a_payment_every_two_weeks_and_its_total_are_as_published() -> None:
    """EFunda: 848.30 each, 330,837.55 in all, from payments that are not rounded."""
    each = payment(Decimal(200000), Decimal("7.5"), 180, PaymentEvery.TWO_WEEKS)
    assert each == Decimal("848.30")
    paid = [one.payment for one in schedule(Decimal(200000), Decimal("7.5"), each, PaymentEvery.TWO_WEEKS)]
    assert abs(sum(paid, Decimal(0)) - Decimal("330837.55")) < 1


def test_the_accelerated_payment_pays_off_in_the_time_and_for_the_total_that_was_published() -> None:
    """EFunda: half of 1,841.03 every two weeks, 311,242.27 in all, 13 years instead of 15."""
    each = payment(Decimal(200000), Decimal("7.5"), 180, PaymentEvery.TWO_WEEKS_FASTER)
    assert abs(each - Decimal("920.51")) <= Decimal("0.01")
    paid = [one.payment for one in schedule(Decimal(200000), Decimal("7.5"), each, PaymentEvery.TWO_WEEKS_FASTER)]
    assert abs(sum(paid, Decimal(0)) - Decimal("311242.27")) < 5
    assert round(len(paid) / 26) == 13


def test_the_interest_over_25_years_is_what_was_published() -> None:
    """financial-calculator.ca: 297,925.98 on 400,000 at 5 per cent, from a payment that is not rounded."""
    each = payment(Decimal(400000), Decimal(5), 300, MONTH)
    interest = sum((one.interest for one in schedule(Decimal(400000), Decimal(5), each, MONTH)), Decimal(0))
    assert abs(interest - Decimal("297925.98")) < 1
    assert payments_left(Decimal(400000), Decimal(5), each, MONTH) == 300


def test_thirteen_months_are_paid_in_a_year_that_is_accelerated() -> None:
    """Financial Consumer Agency of Canada, payment options: 1,000 a month, 26 times 500, 13,000 in a year."""
    assert a_month(Decimal(500), PaymentEvery.TWO_WEEKS_FASTER) == to_cents(Decimal(13_000) / 12)
    assert a_month(Decimal(250), PaymentEvery.WEEK_FASTER) == Decimal("1083.33")
