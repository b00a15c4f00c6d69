"""Charts with a row for each name: bars, and ranges from the least to the most."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rich.cells import cell_len

from screens.widgets.plot_axis import place_label, scale_of, spread_labels
from screens.widgets.plot_canvas import AXIS, MARK, Below, paint, short_name, spelt, write_below
from services.analytics.charts import Chart, Number

if TYPE_CHECKING:
    from textual_plotext import Plot

_LEFT_EIGHTHS = " ▏▎▍▌▋▊▉█"
_FEWEST_CELLS = 8
"""Cells that are left for the bars, however long the names."""


def draw_bars(plot: Plot, chart: Chart, width: int, height: int) -> None:
    """A bar for each name, and its number behind it."""
    one = chart.plotted[0]
    plot.xaxes(False, False)
    plot.xticks([], [])
    rows = _names(plot, chart, width, height)
    numbers = [chart.written_number(one, one.values[index]) for index, _ in enumerate(rows.rows)]
    room = max(_FEWEST_CELLS, rows.canvas - max(map(len, numbers)) - 3)
    high = max((float(value or 0) for value in one.values), default=0.0) or 1.0
    cells: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for row, value, words in zip(rows.rows, one.values, numbers, strict=False):
        eighths = max(1, round(float(value) / high * room * 8)) if value else 0
        whole, part = divmod(eighths, 8)
        cells["█", 1] += [(cell, row) for cell in range(whole)]
        if part:
            cells[_LEFT_EIGHTHS[part], 1].append((whole, row))
        plot.text(words, whole + 2, row, color="default", alignment="left")
    paint(plot, {key: places for key, places in cells.items() if places})


def draw_ranges(plot: Plot, chart: Chart, width: int, height: int) -> tuple[int, Below]:
    """For each name a line from the least to the most with a mark at the median, which stands behind it.

    Returns the cells beside the names, and what is to be written below them.
    """
    least, median, most = chart.plotted[:3]
    rows = _names(plot, chart, width, height - 2)
    words = [chart.written_number(median, median.values[index]) for index, _ in enumerate(rows.rows)]
    room = max(_FEWEST_CELLS, rows.canvas - max(map(len, words)) - 3)
    numbers = [float(value or 0) for one in (least, most) for value in one.values]
    scale = scale_of(chart, numbers, max(2, room // 10), from_zero=False)

    def cell(value: Number | float | None) -> int:
        return round((float(value or 0) - scale.low) / (scale.high - scale.low) * (room - 1))

    ticks = [cell(tick) for tick in scale.ticks]
    chosen = spread_labels(scale.labels, ticks, rows.canvas)
    below = write_below(plot, [(ticks[index], ticks[index], scale.labels[index]) for index in chosen])
    cells: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for index, row in enumerate(rows.rows):
        left, at, right = (cell(one.values[index]) for one in (least, median, most))
        cells["─", 1] += [(place, row) for place in range(left + 1, right) if place != at]
        cells["├", 1] += [(left, row)] if left < at else []
        cells["┤", 1] += [(right, row)] if at < right else []
        cells["●", MARK].append((at, row))
        plot.text(words[index], right + 2, row, color="default", alignment="left")
    paint(plot, {key: places for key, places in cells.items() if places})
    return rows.canvas, below


class _Rows:
    """Where the names stand.

    Attributes:
        rows: of the names that have room, from above.
        canvas: the cells beside them.
    """

    def __init__(self, rows: list[int], canvas: int) -> None:
        self.rows = rows
        self.canvas = canvas


def _names(plot: Plot, chart: Chart, width: int, height: int) -> _Rows:
    """Write the names that have room, and how many more there are."""
    count = len(chart.places)
    shown = count if count <= height else height - 1
    # With room to breathe.
    each = 2 if shown == count and count * 2 - 1 <= height else 1
    names = [short_name(place_label(chart, place), max(6, width // 3)) for place in chart.places[:shown]]
    longest = max(map(cell_len, names))
    rows = [height - 1 - index * each for index in range(shown)]
    labels = [spelt(" " * (longest - cell_len(name)) + name) for name in names]
    plot.ylim(0, height - 1)
    plot.yticks(list(map(float, rows)), labels)
    canvas = width - max(map(len, labels)) - 1
    plot.xlim(0, canvas - 1)
    if shown < count:
        words = f"… and {chart.written.count(count - shown)} more: t shows them all"
        plot.text(words, 0, 0, color=AXIS, alignment="left")
    return _Rows(rows, canvas)
