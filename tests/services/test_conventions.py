"""How an agency writes amounts, rates, days and phone numbers; what is written is read again, in either way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.conventions import CONVENTIONS, ENGLISH, FRENCH, Conventions
from services.rules import Problem

DAY = date(2027, 8, 26)


def plain(text: str) -> str:
    return text.replace("\u00a0", "_")


@pytest.mark.parametrize(
    ("written", "english", "french"),
    [
        (lambda how: how.money(Decimal("284310.55")), "$284,310.55", "284_310,55_$"),
        (lambda how: how.money(Decimal("-1234.5")), "-$1,234.50", "-1_234,50_$"),
        (lambda how: how.money(Decimal(0)), "$0.00", "0,00_$"),
        (lambda how: how.money(Decimal("-0.001")), "$0.00", "0,00_$"),
        (lambda how: how.short_money(Decimal("284310.55")), "$284k", "284_k$"),
        (lambda how: how.short_money(Decimal("1250000")), "$1.3M", "1,3_M$"),
        (lambda how: how.short_money(Decimal("999999")), "$1M", "1_M$"),
        (lambda how: how.short_money(Decimal("-950")), "-$950", "-950_$"),
        (lambda how: how.short_money(Decimal("999.99")), "$1k", "1_k$"),
        (lambda how: how.rate(Decimal("3.79")), "3.79%", "3,79_%"),
        (lambda how: how.rate(Decimal("0")), "0.00%", "0,00_%"),
        (lambda how: how.rate(Decimal("25.125")), "25.125%", "25,125_%"),
        (lambda how: how.day(DAY), "Aug 26, 2027", "26 ao\u00fbt 2027"),
        (lambda how: how.day(date(2028, 2, 1)), "Feb 1, 2028", "1er f\u00e9vr. 2028"),
        (lambda how: how.short_day(DAY), "08/26/2027", "2027-08-26"),
        (lambda how: how.month(DAY), "Aug 2027", "ao\u00fbt 2027"),
        (lambda how: how.month_day(229), "Feb 29", "29 f\u00e9vr."),
        (lambda how: how.short_month_day(229), "Feb 29", "02-29"),
        (lambda how: how.count(1204), "1,204", "1_204"),
        (lambda how: how.phone("+15195550143"), "(519) 555-0143", "519 555-0143"),
        (lambda how: how.phone(""), "", ""),
        (lambda how: how.phone("+33142345678"), "+33 1 42 34 56 78", "+33 1 42 34 56 78"),
    ],
)
def test_each_is_written_as_the_agency_writes_it(
    written: Callable[[Conventions], str], english: str, french: str
) -> None:
    assert (plain(written(ENGLISH)), plain(written(FRENCH))) == (english, french)


@pytest.mark.parametrize("reader", CONVENTIONS.values())
@given(
    cents=st.integers(0, 10**13),
    thousandths=st.integers(0, 100_000),
    day=st.dates(date(1900, 1, 1), date(2199, 12, 31)),
)
def test_whatever_is_written_in_one_way_is_read_in_both(
    reader: Conventions, cents: int, thousandths: int, day: date
) -> None:
    amount, rate = Decimal(cents).scaleb(-2), Decimal(thousandths).scaleb(-3)
    for writer in CONVENTIONS.values():
        assert reader.money_from(writer.money(amount)) == amount
        assert reader.rate_from(writer.rate(rate)) == rate
        assert reader.day_from(writer.day(day)) == day
    assert reader.day_from(reader.short_day(day)) == day


def test_an_axis_never_shows_a_thousand_of_the_smaller_unit() -> None:
    for amount in (Decimal("999.49"), Decimal("999.5"), Decimal("999499"), Decimal("999500"), Decimal("1049999")):
        assert not ENGLISH.short_money(amount).startswith(("$1,000", "$1000")), amount


def test_numbers_alone_are_read_month_first_in_english_and_day_first_in_french() -> None:
    assert ENGLISH.day_from("03/04/2027") == date(2027, 3, 4)
    assert FRENCH.day_from("03/04/2027") == date(2027, 4, 3)


@pytest.mark.parametrize("reader", CONVENTIONS.values())
def test_what_cannot_be_is_refused_with_a_sentence(reader: Conventions) -> None:
    for read, text in (
        (reader.money_from, "-1"),
        (reader.money_from, "nothing"),
        (reader.rate_from, "-0.1"),
        (reader.rate_from, "100.001"),
        (reader.day_from, "2027-02-29"),
    ):
        with pytest.raises(Problem, match=r"\.$"):
            read(text)


def test_a_refusal_gives_an_example_in_the_way_of_the_agency() -> None:
    with pytest.raises(Problem, match="Write it like 284\u00a0310,55,"):
        FRENCH.money_from("nothing")
    with pytest.raises(Problem, match="for example 4,89\u00a0%"):
        FRENCH.rate_from("nothing")
    with pytest.raises(Problem, match=r"Write it like 284,310\.55,"):
        ENGLISH.money_from("nothing")
