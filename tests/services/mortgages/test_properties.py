"""What holds for every mortgage, whatever its figures."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models.states import PaymentEvery
from services.mortgages.payments import amortisation_of, months_of, payment, payments_in
from services.mortgages.rates import PAYMENTS_A_YEAR, period_rate
from services.mortgages.renewal import rates_around, renewed
from services.mortgages.schedule import balance_after, payments_left, pays_off, schedule

amounts = st.decimals(1_000, 3_000_000, places=2)
rates = st.decimals(0, 25, places=3)
months = st.integers(1, 480)
frequencies = st.sampled_from(PaymentEvery)

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(rate=st.decimals(0, 100, places=3), every=frequencies)
@few
def test_a_year_of_periods_earns_what_two_half_years_earn(rate: Decimal, every: PaymentEvery) -> None:
    year = (1 + period_rate(rate, every)) ** PAYMENTS_A_YEAR[every]
    assert abs(year - (1 + rate / 200) ** 2) < Decimal("1e-20")


@given(amount=amounts, rate=rates, months=months, every=frequencies)
@example(amount=Decimal("10000.00"), rate=Decimal(25), months=480, every=PaymentEvery.WEEK)
@example(amount=Decimal("1000.00"), rate=Decimal(0), months=1, every=PaymentEvery.MONTH)
@few
def test_the_payments_are_the_principal_and_its_interest(
    amount: Decimal, rate: Decimal, months: int, every: PaymentEvery
) -> None:
    owed = amount
    each = payment(amount, rate, months, every)
    for one in schedule(amount, rate, each, every):
        assert one.payment == one.interest + one.principal
        assert one.balance == owed - one.principal >= 0
        assert one.payment == each or one.balance == 0
        owed = one.balance
    assert owed == 0


@given(amount=amounts, rate=rates, months=months, every=frequencies)
@few
def test_a_mortgage_is_paid_off_within_its_amortisation(
    amount: Decimal, rate: Decimal, months: int, every: PaymentEvery
) -> None:
    each = payment(amount, rate, months, every)
    paid = [one.payment for one in schedule(amount, rate, each, every)]
    assert len(paid) <= payments_in(months, every) + 1
    assert paid[-1] < each * Decimal("1.05") + Decimal("0.01")


@given(amount=amounts, rate=rates, months=st.integers(24, 480))
@settings(few, max_examples=8)
def test_the_accelerated_ones_pay_off_sooner(amount: Decimal, rate: Decimal, months: int) -> None:
    def takes(every: PaymentEvery) -> int:
        return months_of(payments_left(amount, rate, payment(amount, rate, months, every), every), every)

    for faster, plain in (
        (PaymentEvery.TWO_WEEKS_FASTER, PaymentEvery.TWO_WEEKS),
        (PaymentEvery.WEEK_FASTER, PaymentEvery.WEEK),
    ):
        assert takes(faster) <= takes(plain)
        assert takes(faster) <= takes(PaymentEvery.MONTH)


@given(amount=amounts, rate=rates, months=st.integers(12, 480), every=frequencies)
@few
def test_the_amortisation_by_which_a_payment_was_worked_out_is_found_again(
    amount: Decimal, rate: Decimal, months: int, every: PaymentEvery
) -> None:
    found = amortisation_of(amount, rate, payment(amount, rate, months, every), every)
    assert found is not None
    assert abs(payment(amount, rate, found, every) - payment(amount, rate, months, every)) <= Decimal("0.02")


@given(amount=amounts, rate=rates, each=st.decimals(0, 20_000, places=2), every=frequencies)
@few
def test_a_payment_pays_off_or_is_said_not_to(
    amount: Decimal, rate: Decimal, each: Decimal, every: PaymentEvery
) -> None:
    if pays_off(amount, rate, each, every):
        assert balance_after(amount, rate, each, every, payments_left(amount, rate, each, every)) == 0
    else:
        assert balance_after(amount, rate, each, every, 60) > 0


@given(amount=amounts, rate=rates, months=st.integers(12, 480), every=frequencies)
@few
def test_a_higher_rate_at_renewal_never_costs_less(
    amount: Decimal, rate: Decimal, months: int, every: PaymentEvery
) -> None:
    now = payment(amount, rate, months, every)
    found = [renewed(amount, one, months, every, now=now, term_months=60) for one in rates_around(rate)]
    assert [one.payment for one in found] == sorted(one.payment for one in found)
    same = next(one for one in found if one.rate == rate)
    assert same.more_a_month == same.more_in_term == Decimal(0)
