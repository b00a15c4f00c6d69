"""How the columns of a file are read, as somebody chose it or as it was found out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.clients.importing.headers import Column
from services.rules import Order
from services.text import fold


class Dates(StrEnum):
    """How a date like 03/04/1970 is read."""

    FOUND_OUT = "found out"
    MONTH_FIRST = "month first"
    DAY_FIRST = "day first"
    REFUSED = "refused"

    def order(self, found: Order | None) -> Order | None:
        """The order to read by; None takes only what reads the same both ways.

        Args:
            found: what the dates of the file tell.
        """
        match self:
            case Dates.MONTH_FIRST:
                return "mdy"
            case Dates.DAY_FIRST:
                return "dmy"
            case Dates.REFUSED:
                return None
        return found


DATES_READ = {"mdy": Dates.MONTH_FIRST, "dmy": Dates.DAY_FIRST, None: Dates.REFUSED}
"""An order in words."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which column is which field, and how dates are read.

    Attributes:
        columns: one for each column of the file, in their order; None for one that is not taken.
    """

    columns: tuple[Column | None, ...]
    dates: Dates = Dates.FOUND_OUT

    def stored(self) -> str:
        """As the database keeps it."""
        return json.dumps({"columns": [column and column.value for column in self.columns], "dates": self.dates.value})


@dataclass(frozen=True, slots=True)
class Remembered:
    """A choice that is kept for the files of one source."""

    choice: Choice
    by: str
    chosen_at: datetime


def source_of(cells: Sequence[str]) -> str:
    """By which files of the same source are known again: the digest of their header."""
    return hashlib.sha256("\x1f".join(fold(cell) for cell in cells).encode()).hexdigest()


def choice_from(stored: str, width: int) -> Choice | None:
    """A choice as the database keeps it; None for one that does not fit a file of so many columns."""
    told: dict[str, Any] = json.loads(stored)
    known = {column.value: column for column in Column}
    columns = tuple(known.get(name or "") for name in told.get("columns", ()))
    try:
        dates = Dates(told.get("dates", ""))
    except ValueError:
        # Another version of the program knew more ways.
        dates = Dates.FOUND_OUT
    return Choice(columns, dates) if len(columns) == width else None
