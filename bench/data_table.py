"""Textual's own DataTable with rows of the same kind, to stand beside ours: `python -m bench.data_table ROWS`."""

from __future__ import annotations

import sys

from rich.text import Text
from textual.app import App, ComposeResult
from textual.widgets import DataTable


class Rows(App[None]):
    """A table that holds all its rows."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        """Seven cells a row, as in the client table."""
        table = self.query_one(DataTable)
        table.add_columns("Name", "Anniv.", "Renewal", "Rate", "Born", "Subscr.", "Access")
        for number in range(self._count):
            cells = (f"Client {number}", "Feb 22", "08/26/2027", "3.79%", "Jun 19", "Enabled", "● active")
            table.add_row(*(Text(cell) for cell in cells))


if __name__ == "__main__":
    Rows(int(sys.argv[1])).run()
