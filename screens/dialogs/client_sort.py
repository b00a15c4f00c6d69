"""By which column the client table is sorted."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from screens.client_words import COLUMN_WORDS, SORT_KEYS
from screens.dialogs.list_dialog import ListDialog
from screens.widgets.menu import Menu, Option
from services.client_values import SortColumn


class ClientSort(ListDialog[SortColumn]):
    """One line for each column with its letter; the present one again turns the order round."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"press('{column.value}')", show=False, id=f"sort.{column.value}")
        for column, key in SORT_KEYS.items()
    ]

    def __init__(self, present: SortColumn, descending: bool) -> None:
        super().__init__()
        self._present = present
        self._descending = descending

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Sort by", classes="dialog-title", markup=False)
            yield Menu([Option(self._line(column, key), id=column.value) for column, key in SORT_KEYS.items()])
            yield Static(
                "The same column again turns the order round. With the mouse: click a header.",
                classes="dialog-hint",
                markup=False,
            )

    def on_mount(self) -> None:
        """The cursor stands on the present column."""
        menu = self.query_one(Menu)
        menu.focus()
        menu.highlight(self._present.value)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Answer with the column."""
        event.stop()
        self.dismiss(SortColumn(event.option_id or ""))

    def action_press(self, column: str) -> None:
        """The letter of a column."""
        self.dismiss(SortColumn(column))

    def _line(self, column: SortColumn, key: str) -> Content:
        sign = ("▼" if self._descending else "▲") if column is self._present else " "
        return Content.assemble((f"{key}  ", "bold"), f"{COLUMN_WORDS[column.value]:22}", (sign, "bold"))
