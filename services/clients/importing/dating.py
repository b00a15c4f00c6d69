"""Whether a file writes the month or the day first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from services.clients.importing.headers import Column
from services.rules import Order, Problem

T = TypeVar("T")

DATED = (Column.DATE_OF_BIRTH, Column.RENEWAL, Column.BEGAN)
"""The fields that hold a day with its year."""

_NUMBERS = re.compile("\\s{0,9}([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ][0-9]{4}")


@dataclass(frozen=True, slots=True)
class DateSigns:
    """What cells tell: a number above 12 is no month."""

    month_first: bool = False
    day_first: bool = False

    def __or__(self, other: DateSigns) -> DateSigns:
        return DateSigns(self.month_first or other.month_first, self.day_first or other.day_first)


NO_SIGN = DateSigns()


def signs_of(cell: str) -> DateSigns:
    """What one cell tells."""
    found = _NUMBERS.match(cell)
    return DateSigns(int(found[2]) > 12, int(found[1]) > 12) if found else NO_SIGN


def order_of(signs: Iterable[DateSigns], *, french: bool) -> Order | None:
    """Whether a file writes the month or the day first; None if it does both.

    Where no date of the rows tells, the language of the header decides.
    """
    told = NO_SIGN
    for sign in signs:
        told |= sign
    if told.month_first and told.day_first:
        return None
    return "dmy" if told.day_first or (french and not told.month_first) else "mdy"


def unambiguous(rule: Callable[[str, Order], T], order: Order | None, text: str) -> T:
    """Apply a rule for dates; without an order only what reads the same both ways holds. Raises Problem."""
    if order is not None:
        return rule(text, order)
    found = rule(text, "mdy")
    if found != rule(text, "dmy"):
        raise Problem(
            "Here day and month can change places, and the file writes both ways. "
            "Write it as year, month and day, for example 1970-12-31."
        )
    return found
