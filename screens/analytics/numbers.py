"""The numbers of a chart as a table of the desk."""

from __future__ import annotations

from itertools import count

from rich.cells import cell_len

from screens.widgets.listed_rows import ListedRows
from screens.widgets.virtual_table import Column, VirtualTable
from screens.widgets.virtual_table_view import Call
from services.analytics.charts import Chart
from services.rows import TableRow
from services.text import safe

_WIDEST_NAME = 32
_NARROWEST = 6
_LOOKED_AT = 500
"""Rows whose width counts; those behind them are cut if they are wider."""


def numbers_table(chart: Chart, call: Call) -> VirtualTable:
    """The table that a chart is made from; columns that have no room go from the right."""
    rows = chart.rows()
    titles = [safe(title) for title in chart.columns]
    widths = [
        min(_WIDEST_NAME, max(_NARROWEST, cell_len(title), *(cell_len(row[index]) for row in rows[:_LOOKED_AT])))
        for index, title in enumerate(titles)
    ]
    columns = [
        Column(f"c{index}", title, width, min(width, 12), "left" if index == 0 else "right")
        for index, (title, width) in enumerate(zip(titles, widths, strict=True))
    ]
    table = VirtualTable(columns, call)
    table.show(ListedRows(TableRow(key, cells) for key, cells in zip(count(1), rows, strict=False)))
    return table
