"""By which column a table is sorted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.widgets import OptionList, Static

from screens.dialogs.list_dialog import ListDialog
from screens.widgets.menu import Menu, Option

C = TypeVar("C", bound=str)


class Sort(ListDialog[C], Generic[C]):
    """One line for each column with its letter; the present one again turns the order round."""

    def __init__(self, columns: Sequence[tuple[C, str, str]], present: str, descending: bool) -> None:
        """`columns` are the columns with letter and title; `present` is the one by which it is sorted now."""
        super().__init__()
        self._columns = columns
        self._present = present
        self._descending = descending

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Sort by", classes="dialog-title", markup=False)
            yield Menu([Option(self._line(*column), id=str(column[0])) for column in self._columns])
            yield Static(
                "The same column again turns the order round. With the mouse: click a header.",
                classes="dialog-hint",
                markup=False,
            )

    def on_mount(self) -> None:
        """The cursor stands on the present column."""
        menu = self.query_one(Menu)
        menu.focus()
        menu.highlight(self._present)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Answer with the column."""
        event.stop()
        self.dismiss(next(column for column, *_ in self._columns if str(column) == event.option_id))

    def on_key(self, event: Key) -> None:
        """The letter of a column; which letters these are the columns say, so they are no bindings."""
        for column, letter, _ in self._columns:
            if event.key == letter:
                event.stop()
                self.dismiss(column)

    def _line(self, column: C, letter: str, title: str) -> Content:
        sign = ("▼" if self._descending else "▲") if column == self._present else " "
        return Content.assemble((f"{letter}  ", "bold"), f"{title:22}", (sign, "bold"))
