"""The columns of a table, and the place that each of them gets in a given width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from screens.widgets.safe_text import Align

WIDE_GAP = 2
"""Cells between two columns while there is room for all of them as wide as they wish."""

NARROW_GAP = 1
"""Cells between two columns when room is short."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        key: its name in messages and settings.
        title: what stands in the header.
        width: cells that it wishes for.
        min_width: cells that it can live with; as many as it wishes if not said.
        align: where its text stands.
        flexible: takes a share of the cells that are left over.
        hide_below: on a terminal with fewer columns than this it is not shown; of columns that do not fit
            together, the one with the highest number goes first.
    """

    key: str
    title: str
    width: int
    min_width: int | None = None
    align: Align = "left"
    flexible: bool = False
    hide_below: int = 0

    @property
    def least(self) -> int:
        """The fewest cells that it can live with."""
        return self.width if self.min_width is None else self.min_width


@dataclass(frozen=True, slots=True)
class Placed:
    """A column that is shown.

    Attributes:
        index: its number among all columns, hidden ones included; its cell in a row.
        column: the column.
        x: cells to its left.
        width: cells that it has.
        gap: cells between it and the next column.
    """

    index: int
    column: Column
    x: int
    width: int
    gap: int


def place(columns: Sequence[tuple[int, Column]], available: int, terminal: int, start: int = 0) -> tuple[Placed, ...]:
    """Share out the cells of one line; the content of the rows plays no part.

    Args:
        columns: the columns that are wanted, with their numbers among all columns; the first is always shown.
        available: cells in the line.
        terminal: columns of the whole terminal, for `hide_below`.
        start: cells at the left that belong to no column.
    """
    room = available - start
    shown = [*columns[:1], *(item for item in columns[1:] if terminal >= item[1].hide_below)]
    while len(shown) > 1 and _taken(shown, NARROW_GAP) > room:
        shown.remove(max(shown[1:], key=lambda item: (item[1].hide_below, item[0])))
    wished = sum(column.width for _, column in shown) + WIDE_GAP * (len(shown) - 1)
    gap = WIDE_GAP if wished <= room else NARROW_GAP
    placed: list[Placed] = []
    x = start
    for (index, column), width in zip(shown, _widths(shown, room, gap), strict=True):
        last = len(placed) == len(shown) - 1
        placed.append(Placed(index, column, x, width, 0 if last else gap))
        x += width + gap
    return tuple(placed)


def first_to_go(columns: Sequence[Column]) -> tuple[str, ...]:
    """The keys of the two columns that need the widest terminal, in the order of the table."""
    widest = sorted(columns, key=lambda column: column.hide_below)[-2:]
    return tuple(column.key for column in columns if column in widest)


def short_of_room(before: Sequence[Placed], after: Sequence[Placed]) -> bool:
    """Whether a place at the left would cost a column, or keep one from being as wide as it wishes."""
    return len(after) < len(before) or any(placed.width < placed.column.width for placed in after)


def _taken(shown: Sequence[tuple[int, Column]], gap: int) -> int:
    return sum(column.least for _, column in shown) + gap * (len(shown) - 1)


def _widths(shown: Sequence[tuple[int, Column]], room: int, gap: int) -> list[int]:
    """First what each column needs, then, from the left, what it wishes; flexible ones share the rest."""
    widths = [column.least for _, column in shown]
    left = room - gap * (len(shown) - 1) - sum(widths)
    if left < 0:
        return [max(1, room)]
    for number, (_, column) in enumerate(shown):
        more = min(left, column.width - widths[number])
        widths[number] += more
        left -= more
    flexible = [number for number, (_, column) in enumerate(shown) if column.flexible]
    for position, number in enumerate(flexible):
        share = left // (len(flexible) - position)
        widths[number] += share
        left -= share
    return widths
