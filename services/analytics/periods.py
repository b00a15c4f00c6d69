"""Over what time a chart looks back, and into which pieces it cuts it: days, weeks or months where the desk stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from peewee import Case, Field

from services.analytics.charts import Unit
from services.rule_lengths import months_after


class Period(StrEnum):
    """How far back."""

    MONTH = "30 days"
    QUARTER = "90 days"
    YEAR = "12 months"

    @property
    def following(self) -> Period:
        """The next longer one; after the longest comes the shortest."""
        all_of_them = tuple(Period)
        return all_of_them[(all_of_them.index(self) + 1) % len(all_of_them)]


@dataclass(frozen=True, slots=True)
class Pieces:
    """A period, cut up.

    Attributes:
        starts: the first day of each piece, oldest first; the last piece ends with today.
        unit: how its places are written.
    """

    starts: tuple[date, ...]
    unit: Unit

    @property
    def word(self) -> str:
        """What one piece is called."""
        if self.unit is Unit.MONTH:
            return "month"
        return "week" if self.starts[1] - self.starts[0] > timedelta(days=1) else "day"

    @property
    def since(self) -> datetime:
        """The moment at which the first piece begins."""
        return begin_of(self.starts[0])

    def number_of(self, moment: Field[Any]) -> Case:
        """In a query: the place of the piece in which a moment lies, for moments from `since` on."""
        ends = [begin_of(start) for start in self.starts[1:]]
        return Case(None, [(moment < end, index) for index, end in enumerate(ends)], len(ends))


def pieces_of(period: Period, now: datetime) -> Pieces:
    """30 days by day, 90 days by week from Monday on, and a year by month, up to today where the desk stands."""
    today = now.astimezone().date()
    if period is Period.MONTH:
        return Pieces(tuple(today - timedelta(days=back) for back in range(29, -1, -1)), Unit.DAY)
    if period is Period.QUARTER:
        monday = today - timedelta(days=today.weekday())
        return Pieces(tuple(monday - timedelta(weeks=back) for back in range(12, -1, -1)), Unit.DAY)
    return Pieces(tuple(months_after(today.replace(day=1), -back) for back in range(11, -1, -1)), Unit.MONTH)


def begin_of(day: date) -> datetime:
    """The moment at which a day begins where the desk stands."""
    return datetime.combine(day, time.min).astimezone().astimezone(UTC)
