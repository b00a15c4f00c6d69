"""What a chart is: the sentence that says what it shows, its places, and its numbers.

The plot, the table beside it and the file that it is exported to are made of nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.conventions import ENGLISH, Conventions

Number = Decimal | int
Place = date | Decimal | int | str
"""Where a number stands along a chart: a day, a rate, an hour of the day, or a name."""


class Unit(StrEnum):
    """What a number or a place is, so that it is written in the agency's way."""

    COUNT = "count"
    MONEY = "money"
    RATE = "rate"
    POINTS = "points"
    MINUTES = "minutes"
    DAY = "day"
    MONTH = "month"
    HOUR = "hour"
    NAME = "name"


class Shape(StrEnum):
    """How a chart is drawn."""

    LINES = "lines"
    """Numbers that go on from one place to the next."""

    COLUMNS = "columns"
    """A column at each place, those of one place on top of each other."""

    BARS = "bars"
    """A bar for each name, with the number behind it."""

    RANGES = "ranges"
    """For each name a line from the first to the last number, with a mark at the one between."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What stands along one side.

    Attributes:
        title: in the table too, as the title of the first column.
    """

    title: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers.

    Attributes:
        name: may hold anything that somebody typed.
        values: one for each place; None where there is none.
        plotted: whether the plot shows it; the table always does.
        unit: of its numbers; None for that of the chart.
    """

    name: str
    values: tuple[Number | None, ...]
    plotted: bool = True
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart.

    Attributes:
        key: by which it is asked for.
        title: what it is about, and over what time.
        finding: what it says, in whole sentences.
        notes: what is missing, and where to enter it; what was assumed.
        along: the axis of the places.
        up: the axis of the numbers.
        mark: a place to point out; None for none.
        undrawn: so many of the first places are only in the table: a plot of them would flatten the others.
    """

    key: str
    title: str
    finding: str
    shape: Shape
    along: Axis
    up: Axis
    places: tuple[Place, ...] = ()
    series: tuple[Series, ...] = ()
    notes: tuple[str, ...] = ()
    mark: Place | None = None
    undrawn: int = 0
    written: Conventions = field(default=ENGLISH)

    def __post_init__(self) -> None:
        """Every series has a number, or none, for every place. Raises ValueError."""
        for one in self.series:
            if len(one.values) != len(self.places):
                raise ValueError(f"{one.name}: {len(one.values)} numbers for {len(self.places)} places")

    @property
    def plotted(self) -> tuple[Series, ...]:
        """The series that the plot shows."""
        return tuple(one for one in self.series if one.plotted)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw: no place, or no number that is not 0."""
        return not any(value for one in self.plotted for value in one.values[self.undrawn :])

    @property
    def drawn(self) -> Chart:
        """The same with the places of the plot only."""
        if not self.undrawn:
            return self
        series = tuple(replace(one, values=one.values[self.undrawn :]) for one in self.series)
        return replace(self, places=self.places[self.undrawn :], series=series, undrawn=0)

    @property
    def columns(self) -> tuple[str, ...]:
        """The titles of the table."""
        return (self.along.title, *(one.name for one in self.series))

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The table as people read it."""
        return tuple(
            (self.written_place(place), *(self.written_number(one, one.values[index]) for one in self.series))
            for index, place in enumerate(self.places)
        )

    def raw_rows(self) -> tuple[tuple[str | Number, ...], ...]:
        """The table as programs read it: numbers as they are, days as 2027-08-26, nothing where there is no number."""
        return tuple(
            (_raw(place), *("" if (value := one.values[index]) is None else value for one in self.series))
            for index, place in enumerate(self.places)
        )

    def written_place(self, place: Place) -> str:
        """A place in the agency's way."""
        return show(place, self.along.unit, self.written)

    def written_number(self, one: Series, value: Number | None) -> str:
        """A number of a series in the agency's way; a dash for none."""
        return "–" if value is None else show(value, one.unit or self.up.unit, self.written)


def _raw(place: Place) -> str | Number:
    return place.isoformat() if isinstance(place, date) else place


def show(value: Place, unit: Unit, written: Conventions) -> str:
    """A value in the agency's way."""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return written.month(value) if unit is Unit.MONTH else written.short_day(value)
    if unit is Unit.MONEY:
        return written.money(Decimal(value))
    if unit is Unit.RATE:
        return written.rate(Decimal(value))
    if unit is Unit.POINTS:
        sign = "+" if value > 0 else "-" if value < 0 else ""
        return f"{sign}{written.rate(abs(Decimal(value))).rstrip('%').rstrip()}"
    if unit is Unit.MINUTES:
        return show_minutes(int(value))
    return f"{int(value):02}:00" if unit is Unit.HOUR else written.count(int(value))


def show_minutes(minutes: int) -> str:
    """A span in two units at most: "0 min", "47 min", "3 h 5 min", "2 d 4 h"."""
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days, rest = divmod(hours, 24)
    return f"{days} d {rest} h" if rest else f"{days} d"


def within(minutes: int) -> str:
    """The same as a limit: "within 47 min"."""
    return f"within {show_minutes(minutes)}" if minutes else "within a minute"


def counted(number: int, one: str, many: str, written: Conventions = ENGLISH) -> str:
    """ "1 client", "1,204 clients"."""
    return f"{written.count(number)} {one if number == 1 else many}"


def middle(sorted_counts: Sequence[tuple[Number, int]], share: Decimal = Decimal("0.5")) -> Number | None:
    """The value below which at least this share of all lies; of values with how often each is there, in order."""
    total = sum(count for _, count in sorted_counts)
    seen = 0
    for value, count in sorted_counts:
        seen += count
        if seen >= share * total:
            return value
    return None
