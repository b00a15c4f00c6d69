"""A report as lines for people: columns as wide as what stands in them, as far as the terminal has room."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len

from screens.widgets.safe_text import fit
from services.reports.giving_out import Writer
from services.reports.values import Column, Head, Row
from services.reports.written import shown

MEASURED = 200
"""Rows whose cells say how wide the columns are."""

_LEAST, _MOST = 6, 48
_GAP = "  "


class TableWriter(Writer):
    """What it comes to in a sentence, then the titles and the rows."""

    def __init__(self, put: Callable[[str], None], room: int | None) -> None:
        """`room` is the cells of a line; None for as many as are wanted."""
        super().__init__(put)
        self._room = room
        self._head: Head | None = None
        self._widths: Sequence[int] = ()
        self._waiting: list[list[str]] = []

    def begin(self, head: Head) -> None:
        """Title and finding."""
        self._head = head
        asked = [head.asked.report.title, head.asked.shown_days, head.office]
        self._put(f"{' · '.join(part for part in asked if part)}\n{head.finding.words}\n")

    def _add(self, rows: Sequence[Row]) -> None:
        if self._head is None:
            return
        columns, head = self._columns, self._head
        for row in rows:
            cells = [
                shown(value, column.kind, head.conventions, head.at)
                for value, column in zip(row.values, columns, strict=True)
            ]
            if self._widths:
                self._line(cells)
            else:
                self._waiting.append(cells)
        if len(self._waiting) >= MEASURED:
            self._measure()

    def end(self, problem: str = "") -> None:
        """The rows that were waited for, and what went wrong."""
        if self._waiting:
            self._measure()
        if problem:
            self._put(f"{problem}\n")

    @property
    def _columns(self) -> tuple[Column, ...]:
        return self._head.asked.report.columns if self._head is not None else ()

    def _measure(self) -> None:
        """Share the line out, take from the widest what is too much, and write what has been waiting."""
        titles = [column.title for column in self._columns]
        widths = [
            min(_MOST, max(cell_len(text) for text in texts)) for texts in zip(titles, *self._waiting, strict=True)
        ]
        while self._room is not None and sum(widths) + len(_GAP) * (len(widths) - 1) > self._room:
            widest = max(range(len(widths)), key=widths.__getitem__)
            if widths[widest] <= _LEAST:
                break
            widths[widest] -= 1
        self._widths = widths
        self._put("\n")
        for cells in (titles, *self._waiting):
            self._line(cells)
        self._waiting = []

    def _line(self, cells: Sequence[str]) -> None:
        placed = zip(cells, self._widths, self._columns, strict=True)
        parts = [fit(text, width, align="right" if column.kind.is_figure else "left") for text, width, column in placed]
        self._put(f"{_GAP.join(parts).rstrip()}\n")
