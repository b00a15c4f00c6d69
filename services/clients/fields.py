"""What a client row keeps derived from its other fields: a million rows are found and sorted by it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from models.client import NO_DAY, NO_MONTH_DAY, NO_RATE, Client
from services.text import fold

NAMELESS = "-"
"""Stands for the first word of a name without letters and digits; nobody can search for it."""

# An index row of PostgreSQL has room for 2,700 octets. Only names of signs that fold to several reach these limits.
_NAME_OCTETS = 800
_WORD_OCTETS = 1_500


def name_key(first_name: str, last_name: str) -> str:
    """By which the table sorts names: the folded name as it is shown, first name first."""
    return _cut(fold(f"{first_name} {last_name}"), _NAME_OCTETS)[: Client.name_key.max_length].rstrip()


def search_text(first_name: str, last_name: str, email: str, phone: str) -> str:
    """The words by which a client is found, each once and after a blank.

    The first word is that with which `name_key` begins, since the search counts on it. A phone in E.164 is found by
    all its digits, without the country code 1, by its last seven and by its last four.
    """
    named = fold(f"{first_name} {last_name}").split()
    words = _cut(" ".join(dict.fromkeys([*(named or [NAMELESS]), *fold(email).split()])), _WORD_OCTETS)
    return " " + " ".join(dict.fromkeys([*words.split(), *_phone_words(phone)]))


def derived(first_name: str, last_name: str, email: str, phone: str, date_of_birth: date | None) -> dict[str, Any]:
    """The columns that follow from a client's own fields."""
    return {
        "search": search_text(first_name, last_name, email, phone),
        "name_key": name_key(first_name, last_name),
        "birthday_key": birthday_key(date_of_birth),
    }


def anniversary_of(began: Iterable[date | None]) -> int | None:
    """The day of the year on which the first of some mortgages began; None while none of them tells."""
    first = min((day for day in began if day is not None), default=None)
    return None if first is None else first.month * 100 + first.day


def birthday_key(date_of_birth: date | None) -> int:
    """By which birthdays sort: month * 100 + day."""
    return NO_MONTH_DAY if date_of_birth is None else date_of_birth.month * 100 + date_of_birth.day


def renewal_key(day: date) -> int:
    """A day as the client table keeps the earliest renewal."""
    return day.year * 10_000 + day.month * 100 + day.day


def mortgage_keys(mortgages: Iterable[tuple[Decimal | None, date | None]]) -> tuple[int, int]:
    """By which renewal and rate sort, `(renewal_key, rate_key)`: the earliest renewal and the first rate.

    Args:
        mortgages: rate and renewal day of each, oldest mortgage first.
    """
    renewal, rate = NO_DAY, NO_RATE
    for its_rate, renewal_on in mortgages:
        if renewal_on is not None:
            renewal = min(renewal, renewal_key(renewal_on))
        if its_rate is not None and rate == NO_RATE:
            rate = int(its_rate.scaleb(3).to_integral_value())
    return renewal, rate


def _phone_words(phone: str) -> list[str]:
    digits = phone.removeprefix("+")
    if not digits:
        return []
    national = digits.removeprefix("1")
    return [digits, national, digits[-7:], digits[-4:]]


def _cut(text: str, octets: int) -> str:
    return text if len(text) * 4 <= octets else text.encode()[:octets].decode(errors="ignore").rstrip()
