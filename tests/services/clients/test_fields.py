"""What a client row keeps derived from its other fields."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from models.client import NO_DAY, NO_MONTH_DAY, NO_RATE, Client
from services.clients.fields import birthday_key, mortgage_keys, name_key, search_text


def test_a_client_is_found_by_name_address_and_phone() -> None:
    text = search_text("Zoé", "L'Écuyer-Bélanger", "zoe.b77@mail.example.ca", "+15195550143")
    assert text == " zoe l ecuyer belanger b77 mail example ca 15195550143 5195550143 5550143 0143"


def test_each_word_stands_once_and_the_first_name_first() -> None:
    assert search_text("Ann", "Ann", "ann@ann.ca", "") == " ann ca"


def test_a_number_of_another_country_keeps_its_country_code() -> None:
    assert search_text("A", "B", "a@b.ca", "+33142685300") == " a b ca 33142685300 2685300 5300"


def test_a_name_without_letters_leaves_no_word_that_anybody_could_search() -> None:
    assert search_text("***", "--", "stars@example.ca", "") == " - stars example ca"
    assert name_key("***", "--") == ""


@pytest.mark.parametrize(
    ("first", "last"), [("Jean-Luc", "Picard"), ("'Abd", "Rahman"), ("美玲", "王"), ("O’Neil", "")]
)
def test_the_search_begins_with_the_word_with_which_the_name_sorts(first: str, last: str) -> None:
    assert search_text(first, last, "a@b.ca", "").split()[0] == name_key(first, last).split()[0]


def test_names_sort_as_they_are_shown_without_case_and_accents() -> None:
    assert name_key("  Zoé ", "ŁUKASZ") == "zoe lukasz"


@pytest.mark.parametrize("sign", ["\ufdfa", "\U00010330", "㎯", "x"])
def test_the_longest_name_fits_the_columns_and_the_index_of_both_engines(sign: str) -> None:
    name = sign * 100
    key = name_key(name, name)
    text = search_text(name, name, f"{'a' * 242}@example.ca", "+15195550143")
    assert len(key) <= Client.name_key.max_length
    assert len(key.encode()) + len(text.encode()) < 2_600
    assert text.endswith(" 0143")


def test_birthdays_sort_by_month_and_day() -> None:
    assert birthday_key(date(1972, 6, 19)) == 619
    assert birthday_key(None) == NO_MONTH_DAY


def test_mortgages_sort_by_the_earliest_renewal_and_the_first_rate() -> None:
    mortgages = [(None, date(2027, 8, 26)), (Decimal("4.89"), date(2025, 5, 27)), (Decimal("3.795"), None)]
    assert mortgage_keys(mortgages) == (20250527, 4890)
    assert mortgage_keys([]) == (NO_DAY, NO_RATE)
