"""The cells of a plot: what plotext draws into, and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from services.analytics.charts import Number
from services.text import safe

if TYPE_CHECKING:
    from textual_plotext import Plot

Run = tuple[str, int]
"""A text, and the number of the series that it belongs to, from 1 on; or one of these three."""

PLAIN = 0
MARK = 7
AXIS = 8

FILLS = ("█", "▒", "+", "░", "x", "o")
"""How columns on top of each other differ where no colour does."""

Below = list[tuple[int, str]]
"""The labels below a plot: in which cell from its left end each stands."""

_LONGEST_NAME = 24
_BEHIND_WIDE = "\ue000"
"""Takes the second cell of a wide sign while plotext, which counts signs, draws; never in a text that is safe."""

Cells = Mapping[tuple[str, int], Sequence[tuple[int, int]]]
"""For each sign with its number: the columns and rows in which it stands."""


def new_plot(width: int, height: int) -> Plot:
    """An empty plot of this size, with axes on the left and below."""
    # Imported when something is drawn: the desk starts without it.
    from textual_plotext import Plot

    plot = Plot()
    plot.theme("clear")
    plot.xaxes(True, False)
    plot.yaxes(True, False)
    plot.ticks_color(AXIS)
    plot.plotsize(width, height)
    # Which minds the size of this process's own terminal; there is no other way around that (pinned version).
    plot._set_size(width, height)
    return plot


def paint(plot: Plot, cells: Cells) -> None:
    """Put signs into cells; the limits of the plot are its cells."""
    for (sign, number), places in cells.items():
        plot.scatter([column for column, _ in places], [row for _, row in places], marker=sign, color=number)


def rows_of(plot: Plot, width: int, height: int) -> list[list[Run]]:
    """What was drawn, row by row, each exactly as wide as the plot."""
    drawn = Text.from_ansi(plot.build())
    return [_runs(line, width) for line in list(drawn.split("\n", allow_blank=True))[:height]]


def write_below(plot: Plot, placed: Sequence[tuple[float, int, str]]) -> Below:
    """Mark places below the plot, whose labels are written by `label_row`.

    plotext puts labels in the order of a set, and leaves out those for which the others leave no room: another one
    each time that Python begins. So it gets a sign for each, which always has room.

    Args:
        placed: where each stands in the units of the plot and in cells from its left end, and its label.
    """
    plot.xticks([at for at, _, _ in placed], ["'"] * len(placed))
    return [(cell, label) for _, cell, label in placed]


def label_row(below: Below, left: int, width: int) -> list[Run]:
    """The labels, each under the middle of its place and none over another, in a row of this width.

    Args:
        left: cells beside the plot.
    """
    written, taken = "", 0
    for cell, label in below:
        size = cell_len(label)
        start = max(taken + bool(taken), min(left + cell - size // 2, width - size))
        if start + size <= width:
            written += " " * (start - taken) + label
            taken = start + size
    return [(written + " " * (width - taken), AXIS)]


def spelt(text: str) -> str:
    """A text for plotext, which counts signs and not cells."""
    return "".join(sign + _BEHIND_WIDE * (cell_len(sign) - 1) for sign in safe(text) if cell_len(sign))


def short_name(name: str, longest: int = _LONGEST_NAME) -> str:
    """A name in little room: what does not fit is cut, signs that are not shown go."""
    shown = safe(name)
    return shown if cell_len(shown) <= longest else f"{set_cell_size(shown, longest - 1).rstrip()}…"


def summed(each: Sequence[Sequence[Number | None]]) -> tuple[Number, ...]:
    """The sums of numbers that stand on top of each other."""
    return tuple(sum(value or 0 for value in column) for column in zip(*each, strict=True))


def _runs(line: Text, width: int) -> list[Run]:
    numbers = [PLAIN] * len(line)
    for span in line.spans:
        colour = getattr(span.style, "color", None)
        if colour is not None and colour.number is not None:
            numbers[span.start : span.end] = [colour.number] * (span.end - span.start)
    runs: list[Run] = []
    for sign, number in zip(line.plain, numbers, strict=True):
        if sign == _BEHIND_WIDE:
            continue
        if runs and runs[-1][1] == number:
            runs[-1] = (runs[-1][0] + sign, number)
        else:
            runs.append((sign, number))
    short = width - sum(cell_len(text) for text, _ in runs)
    return [*runs, (" " * short, PLAIN)] if short > 0 else runs
