"""What properties come to, how near a renewal is, and lengths of time: pure functions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.conventions import ENGLISH, FRENCH
from services.properties.values import (
    NEAR_DAYS,
    MortgageFields,
    MortgageRecord,
    Portfolio,
    PropertyFields,
    PropertyRecord,
    Renewal,
    renewal_of,
    totals_of,
)
from services.properties.words import property_warnings, renewal_words, totals_lines
from services.rule_lengths import clean_months, months_after, months_between, show_months
from services.rules import Problem

TODAY = date(2026, 11, 21)


def loan(number: int, balance: str | None, renewal: date | None = None) -> MortgageRecord:
    amount = None if balance is None else Decimal(balance)
    fields = MortgageFields(lender="Scotia")
    return MortgageRecord(number, 1, 1, "Scotia", amount, None, renewal, None, None, None, None, None, fields)


def home(number: int, value: str | None, *loans: MortgageRecord) -> PropertyRecord:
    worth = None if value is None else Decimal(value)
    return PropertyRecord(number, 1, f"{number} King St", worth, loans, PropertyFields(f"{number} King St"))


def portfolio(*homes: PropertyRecord) -> Portfolio:
    return Portfolio(1, "Brent Thomas", homes, ENGLISH, TODAY)


def test_equity_is_what_is_left_of_the_value_even_below_nothing() -> None:
    assert home(1, "500000", loan(1, "200000"), loan(2, "50000.50")).equity == Decimal("249999.50")
    assert home(1, "500000").equity == Decimal(500000)
    assert home(1, "100000", loan(1, "120000")).equity == Decimal(-20000)


def test_of_what_is_not_known_there_is_no_equity() -> None:
    assert home(1, None, loan(1, "5")).equity is None
    assert home(1, "500000", loan(1, "5"), loan(2, None)).equity is None


def test_sums_leave_out_what_is_not_known_and_tell_so() -> None:
    homes = (home(1, "500000", loan(1, "200000")), home(2, None, loan(2, "90000"), loan(3, None)))
    totals = totals_of(homes)
    assert (totals.value, totals.owed, totals.equity, totals.net_worth) == (500000, 290000, 300000, None)
    assert (totals.valueless, totals.balanceless, totals.complete) == (1, 1, False)
    lines = totals_lines(portfolio(*homes))
    assert lines[:2] == ("Value $500,000.00 · owed $290,000.00", "Equity $300,000.00 · net worth not known")
    assert lines[2] == "? Not known: the value of 1 property, the balance of 1 mortgage; left out of these sums."


def test_a_property_without_a_mortgage_owes_nothing() -> None:
    assert totals_lines(portfolio(home(1, "250000"))) == (
        "Value $250,000.00 · owed $0.00 · equity and net worth $250,000.00",
    )


def test_nothing_known_is_not_nothing_owned() -> None:
    totals = totals_of((home(1, None, loan(1, None)),))
    assert (totals.value, totals.owed, totals.equity, totals.net_worth) == (None, None, None, None)
    assert "Value not known" in totals_lines(portfolio(home(1, None, loan(1, None))))[0]


@pytest.mark.parametrize(
    ("days", "standing", "words"),
    [
        (-12, Renewal.PAST, "\u2717 over: 12 days ago"),
        (-1, Renewal.PAST, "\u2717 over: yesterday"),
        (0, Renewal.NEAR, "\u25b2 near: today"),
        (1, Renewal.NEAR, "\u25b2 near: tomorrow"),
        (NEAR_DAYS, Renewal.NEAR, "\u25b2 near: in 90 days"),
        (NEAR_DAYS + 1, Renewal.LATER, "in 91 days"),
        (1500, Renewal.LATER, "in 1500 days"),
    ],
)
def test_a_renewal_that_is_near_or_over_has_a_sign_and_a_word(days: int, standing: Renewal, words: str) -> None:
    day = TODAY + timedelta(days=days)
    assert (renewal_of(day, TODAY), renewal_words(day, TODAY)) == (standing, words)


def test_what_somebody_should_look_at_is_told_in_sentences() -> None:
    house = home(1, "100", loan(1, "120", TODAY - timedelta(days=3)), loan(2, None, TODAY + timedelta(days=400)))
    assert property_warnings(house, portfolio(house)) == ("Scotia was to be renewed: Nov 18, 2026, 3 days ago.",)
    assert "More is owed" in property_warnings(home(1, "100", loan(1, "120")), portfolio())[0]


@pytest.mark.parametrize(
    ("typed", "months"),
    [
        ("5", 60),
        ("5 years", 60),
        ("5 ans", 60),
        ("1 y 6 m", 18),
        ("30 months", 30),
        ("30 mois", 30),
        (" 25 Years ", 300),
        ("2 years and 1 month", 25),
        ("40", 480),
    ],
)
def test_a_length_is_read_however_it_is_written(typed: str, months: int) -> None:
    assert clean_months(typed, 600) == months


@pytest.mark.parametrize("typed", ["", "0", "0 months", "60", "601 months", "-5", "five", "5.5 years", "9" * 5000])
def test_what_is_no_length_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(Problem, match=r"\.$"):
        clean_months(typed, 600)


@given(months=st.integers(1, 600))
def test_a_shown_length_is_read_as_itself(months: int) -> None:
    assert clean_months(show_months(months), 600) == months


def test_a_29_february_ends_on_the_28th_in_a_year_without_one() -> None:
    assert months_after(date(2024, 2, 29), 60) == date(2029, 2, 28)
    assert months_after(date(2024, 2, 29), 48) == date(2028, 2, 29)
    assert months_between(date(2024, 2, 29), date(2026, 2, 28)) == 24
    assert months_between(date(2024, 2, 29), date(2026, 2, 27)) == 23
    assert months_between(date(2026, 2, 27), date(2024, 2, 29)) == 0


def test_french_words_of_days_and_amounts_follow_the_agency() -> None:
    house = home(1, "100", loan(1, "120"))
    shown = Portfolio(1, "Brent", (house,), FRENCH, TODAY)
    assert "20,00\u00a0$" in property_warnings(house, shown)[0]
