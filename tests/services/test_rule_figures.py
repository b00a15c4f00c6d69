"""Dates, days of the year, rates and amounts: every spelling that people use, and no day that does not exist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import rules
from services.rules import Problem

TODAY = date(2026, 11, 21)


def refusal(rule: Callable[..., object], *values: object) -> str:
    with pytest.raises(Problem) as caught:
        rule(*values)
    return caught.value.sentence


@pytest.mark.parametrize(
    "typed",
    [
        "1970-12-31",
        "12/31/1970",
        "31/12/1970",
        "31.12.1970",
        "31-12-1970",
        "1970/12/31",
        "1970.12.31",
        " 1970-12-31 ",
        "31 Dec 1970",
        "Dec 31, 1970",
        "December 31st, 1970",
        "31st December 1970",
        "31. december 1970",
        "31-DEC-1970",
        "31 d\u00e9c. 1970",
        "31 d\u00e9cembre 1970",
        "1970-12-31 00:00:00",
        "12/31/1970 0:00",
        "1970-12-31T00:00:00",
        "\uff11\uff19\uff17\uff10-12-31",
    ],
)
def test_a_date_is_read_however_it_is_written(typed: str) -> None:
    assert rules.clean_date(typed) == rules.clean_date(typed, "dmy") == date(1970, 12, 31)


def test_where_day_and_month_could_change_places_the_agency_s_order_decides() -> None:
    for typed in ("03/04/1970", "3/4/1970", "03-04-1970", "3.4.1970"):
        assert rules.clean_date(typed) == rules.clean_date(typed, "mdy") == date(1970, 3, 4)
        assert rules.clean_date(typed, "dmy") == date(1970, 4, 3)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1er ao\u00fbt 1988", date(1988, 8, 1)),
        ("29 f\u00e9vr. 1988", date(1988, 2, 29)),
        ("5 mai 1991", date(1991, 5, 5)),
    ],
)
def test_french_months_are_months(typed: str, day: date) -> None:
    assert rules.clean_date(typed) == day


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("1980-13-45", "no such day"),
        ("1987-02-29", "no such day"),
        ("02/30/1988", "no such day"),
        ("13/13/1988", "no such day"),
        ("31 Foo 1988", "no such day"),
        ("0000-01-01", "no such day"),
        ("31/12/70", "two digits"),
        ("1899-12-31", "between 1900 and 2199"),
        ("08/26/0027", "between 1900 and 2199"),
        ("2200-01-01", "between 1900 and 2199"),
        ("yesterday", "no date"),
        ("25569", "no date"),
        ("1970-W01-1", "no date"),
        ("19701231", "no date"),
        ("1970-12-31 10:30", "no date"),
        ("1970-12-31\n1971-12-31", "no date"),
        ("+1/ 1/1970", "no date"),
        ("1_/01/1970", "no date"),
        ("9" * 10_000, "no date"),
        ("\ud800", "no date"),
        ("\x1b[2J", "no date"),
    ],
)
def test_what_is_no_day_is_refused_with_the_reason_and_without_the_text(typed: str, reason: str) -> None:
    for order in ("mdy", "dmy"):
        sentence = refusal(rules.clean_date, typed, order)
        assert reason in sentence
        assert sentence.isprintable()


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_is_read_back_from_each_spelling(day: date) -> None:
    assert rules.clean_date(day.isoformat()) == day
    assert rules.clean_date(f"{day:%m/%d/%Y}") == rules.clean_date(f"{day:%d/%m/%Y}", "dmy") == day
    assert rules.clean_date(f"{day:%d %b %Y}") == rules.clean_date(f"{day:%B %d, %Y}") == day


@given(st.one_of(st.text(max_size=30), st.text("0123456789/-. :", max_size=12)), st.sampled_from(["mdy", "dmy"]))
def test_no_text_breaks_the_rules_for_days(text: str, order: rules.Order) -> None:
    for rule in (rules.clean_date, rules.clean_month_day):
        try:
            rule(text, order)
        except Problem as problem:
            assert problem.sentence.endswith(".")


def test_a_date_of_birth_is_not_in_the_future() -> None:
    assert rules.clean_birth_date("2026-11-21", TODAY) == TODAY
    assert rules.clean_birth_date("01/02/1900", TODAY, "dmy") == date(1900, 2, 1)
    assert "future" in refusal(rules.clean_birth_date, "2026-11-22", TODAY)
    assert "1900" in refusal(rules.clean_birth_date, "1899-12-31", TODAY)


@pytest.mark.parametrize(
    ("typed", "month_day", "shown"),
    [
        ("Feb 22", 222, "Feb 22"),
        ("22 Feb", 222, "Feb 22"),
        ("feb 22nd", 222, "Feb 22"),
        ("Feb 29", 229, "Feb 29"),
        ("Mar 1", 301, "Mar 1"),
        ("September 1", 901, "Sep 1"),
        ("1er ao\u00fbt", 801, "Aug 1"),
        ("12/25", 1225, "Dec 25"),
        ("25/12", 1225, "Dec 25"),
        ("--12-25", 1225, "Dec 25"),
        ("2015-02-22", 222, "Feb 22"),
        (" Dec 6 ", 1206, "Dec 6"),
    ],
)
def test_a_day_of_the_year_is_read_and_shown(typed: str, month_day: int, shown: str) -> None:
    assert rules.clean_month_day(typed) == month_day
    assert rules.show_month_day(month_day) == shown


def test_the_agency_s_order_decides_for_days_of_the_year_too() -> None:
    assert rules.clean_month_day("03/04") == 304
    assert rules.clean_month_day("03/04", "dmy") == 403
    assert rules.clean_month_day("03/25", "dmy") == 325


@pytest.mark.parametrize("typed", ["", "Feb", "Feb 30", "Foo 1", "13/13", "0/1", "Feb 22 extra", "\n", "9" * 10_000])
def test_what_is_no_day_of_the_year_is_refused(typed: str) -> None:
    assert "Feb 22" in refusal(rules.clean_month_day, typed)


@pytest.mark.parametrize(
    ("typed", "rate", "shown"),
    [
        ("4.89%", "4.89", "4.89%"),
        ("4.89", "4.89", "4.89%"),
        ("4,89 %", "4.89", "4.89%"),
        ("4,89\u00a0%", "4.89", "4.89%"),
        ("5", "5", "5.00%"),
        ("3.4", "3.4", "3.40%"),
        ("5.125%", "5.125", "5.125%"),
        ("4.89000", "4.89", "4.89%"),
        ("0", "0", "0.00%"),
        ("100", "100", "100.00%"),
    ],
)
def test_a_rate_is_read_and_shown(typed: str, rate: str, shown: str) -> None:
    assert rules.clean_rate(typed) == Decimal(rate)
    assert rules.show_rate(Decimal(rate)) == rules.show_rate(Decimal(rate).quantize(Decimal("0.001"))) == shown


@pytest.mark.parametrize(
    "typed", ["", "%", "-1%", "100.001", "101", "4.8999", "4.89%%", "NaN", "1e1", "4.", "\u0664", "4.89%\n", "4 89"]
)
def test_what_is_no_rate_is_refused(typed: str) -> None:
    assert "no rate" in refusal(rules.clean_rate, typed)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("284,310.55", "284310.55"),
        ("284310.55", "284310.55"),
        ("284310", "284310"),
        ("284 310,55", "284310.55"),
        ("284\u202f310,55\u00a0$", "284310.55"),
        ("284.310,55", "284310.55"),
        ("284310,5", "284310.5"),
        ("$1,284,310", "1284310"),
        ("CA$ 88,120.00", "88120"),
        ("88120 CAD", "88120"),
        ("0", "0"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_an_amount_is_read_in_either_spelling(typed: str, amount: str) -> None:
    assert rules.clean_money(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "$",
        "-5",
        "(5)",
        "1,23,456",
        "1,2345",
        "12.345",
        "1.2.3",
        "5 EUR",
        "NaN",
        "1e5",
        "\u0665",
        "5\n",
        "1000000000000",
        "9" * 10_000,
    ],
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    assert "amount" in refusal(rules.clean_money, typed)
