"""Draws a chart into a given room: rows of texts, each with the number of what it belongs to.

plotext draws axes, marks and lines; which colours the numbers mean, the widget says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from screens.widgets.plot_axis import Scale, place_label, position_of, scale_of, spread_labels
from screens.widgets.plot_canvas import (
    FILLS,
    MARK,
    PLAIN,
    Below,
    Run,
    label_row,
    new_plot,
    paint,
    rows_of,
    short_name,
    summed,
    write_below,
)
from screens.widgets.plot_rows import draw_bars, draw_ranges
from services.analytics.charts import Chart, Number, Shape, Unit
from services.text import safe

if TYPE_CHECKING:
    from textual_plotext import Plot

MARKERS = ("hd", "•", "x", "+", "o", "*")
"""How the lines of a plot differ where no colour does; their colours are 1, 2 and so on.

The first is drawn in quarters of cells: the finer dots of braille are missing from many fonts.
"""

_LINE_SIGN = "▞"
_BETWEEN = "   "
_ALONE = "●"
_EIGHTHS = " ▁▂▃▄▅▆▇█"

LEAST_WIDTH, LEAST_HEIGHT = 24, 5
"""Cells and rows below which no plot says anything."""


def draw(chart: Chart, width: int, height: int) -> list[list[Run]]:
    """The plot of a chart, as wide as the room and no higher; nothing without numbers, or for too little room."""
    if chart.is_empty or width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return []
    chart = chart.drawn
    if chart.shape in (Shape.BARS, Shape.RANGES):
        # Few names need no more rows than these, with one between any two and two for the axis.
        height = min(height, max(LEAST_HEIGHT, 2 * len(chart.places) - 1 + 2 * (chart.shape is Shape.RANGES)))
    plot = new_plot(width, height)
    if chart.shape is Shape.BARS:
        draw_bars(plot, chart, width, height)
        return rows_of(plot, width, height)
    if chart.shape is Shape.RANGES:
        canvas, below = draw_ranges(plot, chart, width, height)
    elif chart.shape is Shape.COLUMNS and len(chart.places) <= width - 16:
        canvas, below = _columns(plot, chart, width, height)
    else:
        canvas, below = _lines(plot, chart, width, height)
    return [*rows_of(plot, width, height)[:-1], label_row(below, width - canvas, width)]


def legend(chart: Chart, width: int) -> list[list[Run]]:
    """The sign and the name of each series where there are several, in lines of at most this width."""
    if chart.is_empty:
        return []
    chart = chart.drawn
    if chart.shape is Shape.RANGES:
        entries: list[list[Run]] = [
            [("├─", 1), (" least", PLAIN)],
            [("●", MARK), (" median", PLAIN)],
            [("─┤", 1), (" most", PLAIN)],
        ]
    else:
        signs = (_LINE_SIGN, *MARKERS[1:]) if chart.shape is Shape.LINES else FILLS
        several = chart.plotted[: len(signs)] if len(chart.plotted) > 1 else ()
        entries = [
            [(signs[index], index + 1), (f" {short_name(one.name)}", PLAIN)]
            for index, one in enumerate(several)
            if any(one.values)
        ]
    lines: list[list[Run]] = []
    taken = 0
    for entry in entries:
        cells = sum(cell_len(text) for text, _ in entry)
        if lines and taken + len(_BETWEEN) + cells <= width:
            lines[-1] += [(_BETWEEN, PLAIN), *entry]
            taken += len(_BETWEEN) + cells
        else:
            lines.append(entry)
            taken = cells
    return lines


def thinned(xs: Sequence[float], ys: Sequence[float], most: int) -> tuple[list[float], list[float]]:
    """As many points as can be seen, each stretch with its lowest and its highest; the ends stay."""
    if len(xs) <= 2 * most:
        return list(xs), list(ys)
    kept = {0, len(xs) - 1}
    for piece in range(most):
        inside = range(piece * len(xs) // most, (piece + 1) * len(xs) // most)
        kept |= {min(inside, key=ys.__getitem__), max(inside, key=ys.__getitem__)}
    return [xs[index] for index in sorted(kept)], [ys[index] for index in sorted(kept)]


def _lines(plot: Plot, chart: Chart, width: int, height: int) -> tuple[int, Below]:
    stacked = chart.shape is Shape.COLUMNS
    series = [one.values for one in chart.plotted[: len(MARKERS)]]
    if stacked:
        # Of columns that have no room the sums remain.
        series = [summed(series)]
    numbers = [float(value) for values in series for value in values if value is not None]
    scale = scale_of(chart, numbers, max(3, min(9, height // 2)), from_zero=stacked or chart.up.unit is Unit.MINUTES)
    canvas = _upright(plot, scale, width)
    plot.ylim(scale.low, scale.high)
    plot.yticks(list(scale.ticks), list(scale.labels))
    where = [position_of(place, index) for index, place in enumerate(chart.places)]
    below = _along(plot, chart, where, canvas)
    if chart.mark is not None and chart.mark in chart.places:
        at = where[chart.places.index(chart.mark)]
        rows = [scale.low + (scale.high - scale.low) * row / (height - 3) for row in range(height - 2)]
        plot.scatter([at] * len(rows), rows, marker="┊", color=MARK)
    for index, values in reversed(list(enumerate(series))):
        for xs, ys in _stretches(where, values):
            marker = MARKERS[index] if index or len(xs) > 1 else _ALONE
            few_xs, few_ys = thinned(xs, ys, canvas)
            (plot.plot if len(xs) > 1 else plot.scatter)(few_xs, few_ys, marker=marker, color=index + 1)
    return canvas, below


def _stretches(
    where: Sequence[float], values: Sequence[Number | None]
) -> Iterator[tuple[Sequence[float], Sequence[float]]]:
    """The points between the places that have no number."""
    xs: list[float] = []
    ys: list[float] = []
    for x, value in zip(where, values, strict=True):
        if value is not None:
            xs.append(x)
            ys.append(float(value))
        elif xs:
            yield xs, ys
            xs, ys = [], []
    if xs:
        yield xs, ys


def _along(plot: Plot, chart: Chart, where: Sequence[float], canvas: int) -> Below:
    """The marks below, at as many places as have room for their labels."""
    low, high = min(where), max(where)
    if low == high:
        low, high = low - 1, high + 1
    plot.xlim(low, high)
    few = range(0, len(where), max(1, len(where) // canvas))
    labels = [place_label(chart, chart.places[index]) for index in few]
    cells = [round((where[index] - low) / (high - low) * (canvas - 1)) for index in few]
    chosen = spread_labels(labels, cells, canvas)
    return write_below(plot, [(where[few[index]], cells[index], safe(labels[index])) for index in chosen])


def _upright(plot: Plot, scale: Scale, width: int) -> int:
    """The cells that are left beside the numbers on the left."""
    return width - 1 - max(map(len, scale.labels))


def _columns(plot: Plot, chart: Chart, width: int, height: int) -> tuple[int, Below]:
    shown = [one.values for one in chart.plotted[: len(FILLS)]]
    scale = scale_of(chart, [float(value) for value in summed(shown)], max(3, min(9, height // 2)), from_zero=True)
    canvas, rows = _upright(plot, scale, width), height - 2
    count = len(chart.places)
    full = max(1, canvas // count - 1)
    starts = [index * canvas // count for index in range(count)]
    middles = [start + full // 2 for start in starts]
    plot.xlim(0, canvas - 1)
    plot.ylim(0, rows - 1)
    plot.yticks([tick / scale.high * (rows - 1) for tick in scale.ticks], list(scale.labels))
    labels = [place_label(chart, place) for place in chart.places]
    chosen = spread_labels(labels, middles, canvas)
    below = write_below(plot, [(middles[index], middles[index], safe(labels[index])) for index in chosen])
    cells: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for index, start in enumerate(starts):
        for row, sign, number in _column([float(values[index] or 0) for values in shown], scale.high, rows):
            cells[sign, number] += [(start + cell, row) for cell in range(full)]
    paint(plot, cells)
    return canvas, below


def _column(values: Sequence[float], high: float, rows: int) -> Iterator[tuple[int, str, int]]:
    """The cells of one column from below: row, sign and number; nothing that is not 0 stays out of sight alone."""
    ends: list[float] = []
    for value in values:
        # In eighths of a cell; the axis runs through the middle of the lowest one.
        ends.append((sum(values[: len(ends)]) + value) / high * (rows - 1) * 8 + 4)
    if not any(values):
        return
    top = round(ends[-1])
    for row in range(-(-top // 8)):
        part = min(8, top - row * 8)
        middle = row * 8 + part / 2
        number = next(place for place, end in enumerate(ends) if end >= middle and values[place])
        if number == 0:
            yield row, _EIGHTHS[part], 1
        elif part >= 4 or not row:
            yield row, FILLS[number], number + 1
