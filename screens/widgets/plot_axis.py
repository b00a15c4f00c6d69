"""Where the marks of an axis stand, and what is written at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from services.analytics.charts import Chart, Place, Unit, show, show_minutes
from services.conventions import Conventions

_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_YEAR = 366
_MINUTE_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14400, 43200)


@dataclass(frozen=True, slots=True)
class Scale:
    """The numbers along one side, from the lowest to the highest, and the marks between them."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]


def scale_of(chart: Chart, values: Sequence[float], most: int, *, from_zero: bool) -> Scale:
    """The scale of the numbers of a chart.

    Args:
        values: all that shall have room.
        most: marks at most, at least 2.
        from_zero: whether 0 belongs to it: the length of a column means something only from there on.
    """
    low, high = min(values, default=0.0), max(values, default=0.0)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        # One number, or the same all along, stands in the middle.
        spread = abs(low) * 0.1 or 1.0
        low, high = (low, low + spread) if from_zero else (low - spread, high + spread)
    step = _step((high - low) / max(1, most - 1), chart.up.unit)
    first, last = int(low // step), int(-(-high // step))
    ticks = tuple(number * step for number in range(first, last + 1))
    labels = tuple(short(tick, chart.up.unit, chart.written, step) for tick in ticks)
    return Scale(ticks[0], ticks[-1], ticks, labels)


def _step(wanted: float, unit: Unit) -> float:
    """The smallest round step that is no smaller than the one wanted."""
    if unit is Unit.MINUTES:
        return float(next((step for step in _MINUTE_STEPS if step >= wanted), -(-wanted // 43200) * 43200))
    exact = max(Decimal(str(wanted)), Decimal(1) if unit is Unit.COUNT else Decimal("0.001"))
    size = Decimal(10) ** exact.adjusted()
    steps = (size * step for step in _STEPS)
    return float(next(step for step in steps if step >= exact and (unit is not Unit.COUNT or step % 1 == 0)))


def short(value: float, unit: Unit, written: Conventions, step: float) -> str:
    """A number as it stands at an axis."""
    if unit is Unit.MONEY:
        exact = Decimal(str(round(value, 2)))
        # Thousands tell apart only what lies at least a thousand apart.
        return (
            written.short_money(exact)
            if step >= 1000 or abs(value) < 1000
            else written.money(exact).replace(",00" if written.is_french else ".00", "")
        )
    if unit is Unit.RATE:
        return written.rate(Decimal(str(round(value, 3))))
    if unit is Unit.MINUTES:
        return show_minutes(round(value))
    return written.count(round(value))


def position_of(place: Place, index: int) -> float:
    """Where a place stands along its axis: days and rates by their value, names one after another."""
    if isinstance(place, date):
        return float(place.toordinal())
    return float(index) if isinstance(place, str) else float(place)


def place_label(chart: Chart, place: Place) -> str:
    """A place as it stands at an axis, as short as it can be: days of less than a year go without it."""
    if isinstance(place, date) and chart.along.unit is Unit.DAY:
        ends = (chart.places[0], chart.places[-1])
        if all(isinstance(end, date) for end in ends) and position_of(ends[1], 0) - position_of(ends[0], 0) > _YEAR:
            return chart.written.month(place)
        return chart.written.month_day(place.month * 100 + place.day)
    return show(place, chart.along.unit, chart.written)


def spread_labels(labels: Sequence[str], cells: Sequence[int], width: int) -> tuple[int, ...]:
    """Which labels are written, so that two spaces stand between any two: every second, third and so on.

    Args:
        labels: one for each place.
        cells: in which cell each place stands, rising.
        width: cells that there are.
    """
    longest = max(map(len, labels), default=0)
    for every in range(1, len(labels) + 1):
        chosen = range(0, len(labels), every)
        if all(cells[after] - cells[before] >= longest + 2 for before, after in pairwise(chosen)):
            # The last one is moved to the left where it would stand out, and must not meet the one before there.
            edge = width - (longest + 1) // 2 - 1
            if len(chosen) > 1 and min(cells[chosen[-1]], edge) - cells[chosen[-2]] <= longest:
                chosen = chosen[:-1]
            return tuple(index for index in chosen if longest <= width)
    return ()
