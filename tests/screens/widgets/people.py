"""A directory of people in memory: the edge that a table reads from, with doors that a test can hold shut."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Sequence
from threading import Event
from time import monotonic

from textual.app import App, ComposeResult
from textual.geometry import Region

from screens.widgets.virtual_table import Column, VirtualTable
from screens.widgets.virtual_table_view import RowView
from services.errors import Unavailable
from services.rows import Cancelled, TableRow
from tests.settling import PATIENCE

COLUMNS = (
    Column("name", "Name", 18, 10, flexible=True),
    Column("born", "Birthday", 8, hide_below=70),
    Column("access", "Access", 15, 8),
)


def everybody(count: int) -> dict[int, str]:
    """So many people by key; the keys are no row numbers."""
    return {1000 + number: f"Person {number:07}" for number in range(count)}


class Directory:
    """One query over a dictionary that the test may change under it."""

    def __init__(self, names: dict[int, str], order: Sequence[int] | None = None) -> None:
        self.names = names
        self.order = order
        self.doors = {name: Event() for name in ("first", "keys", "rows")}
        for door in self.doors.values():
            door.set()
        self.broken: set[str] = set()
        self.asked: list[str] = []
        self.given_up = Event()

    def first(self, count: int) -> list[TableRow]:
        self._enter("first")
        return [self._row(key) for key in self._keys()[:count]]

    def keys(self, cancelled: Callable[[], bool]) -> array[int]:
        self._enter("keys", cancelled)
        return array("q", self._keys())

    def rows(self, keys: Sequence[int]) -> dict[int, TableRow]:
        self._enter("rows")
        return {key: self._row(key) for key in keys if key in self.names}

    def _keys(self) -> list[int]:
        return [key for key in (self.order if self.order is not None else self.names) if key in self.names]

    def _enter(self, name: str, cancelled: Callable[[], bool] = lambda: False) -> None:
        self.asked.append(name)
        give_up = monotonic() + PATIENCE
        while not self.doors[name].wait(0.005):
            if cancelled():
                self.given_up.set()
                raise Cancelled
            if monotonic() > give_up:
                raise TimeoutError("the test left a door shut")
        if name in self.broken:
            raise Unavailable("The database cannot be reached. Try again in a moment.")

    def _row(self, key: int) -> TableRow:
        return TableRow(key, (self.names[key], "Jun 19", "● active"), ("", "muted", "success"))


class Numbers:
    """Rows that are made when they are asked for: any number of them at no cost."""

    def __init__(self, count: int) -> None:
        self.count = count

    def first(self, count: int) -> list[TableRow]:
        return list(self.rows(range(min(count, self.count))).values())

    def keys(self, cancelled: Callable[[], bool]) -> array[int]:
        return array("q", range(self.count))

    def rows(self, keys: Sequence[int]) -> dict[int, TableRow]:
        return {key: TableRow(key, (f"Number {key:,}", "", "")) for key in keys}


class Watched(VirtualTable):
    """A table that notes what it asks to have painted: regions, or nothing for all of it."""

    def __init__(self) -> None:
        self.painted: list[tuple[Region, ...]] = []
        super().__init__(COLUMNS, asyncio.to_thread)

    def refresh(self, *regions: Region, **options: bool) -> Watched:
        if options.get("repaint", True):
            self.painted.append(regions)
        return super().refresh(*regions, **options)


class TableApp(App[None]):
    """A table that fills the screen, and everything that it said."""

    def __init__(self, table: VirtualTable | None = None) -> None:
        super().__init__()
        self.table = table or VirtualTable(COLUMNS, asyncio.to_thread, empty_text="Nobody is here.")
        self.said: list[RowView.Told] = []

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        self.table.focus()

    def heard(self, kind: type[RowView.Told]) -> list[RowView.Told]:
        """What the table said of this kind, oldest first."""
        return [message for message in self.said if isinstance(message, kind)]

    def on_virtual_table_highlighted(self, message: VirtualTable.Highlighted) -> None:
        self.said.append(message)

    def on_virtual_table_counted(self, message: VirtualTable.Counted) -> None:
        self.said.append(message)

    def on_virtual_table_failed(self, message: VirtualTable.Failed) -> None:
        self.said.append(message)

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        self.said.append(message)

    def on_virtual_table_marked(self, message: VirtualTable.Marked) -> None:
        self.said.append(message)

    def on_virtual_table_sort_requested(self, message: VirtualTable.SortRequested) -> None:
        self.said.append(message)
