"""What a column of an uploaded list holds, and how its dates are read."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from screens.dialogs.list_dialog import ListDialog
from screens.widgets.menu import Menu, Option
from services.clients.importing.choices import Choice, Dates
from services.clients.importing.headers import Column
from services.clients.importing.looking import ListLook

NOT_TAKEN = "not taken"
"""What a column is called that is left out."""

_NONE = "none"
_DATES = {
    Dates.FOUND_OUT: "as the file itself tells",
    Dates.MONTH_FIRST: "month first: 03/04/1970 is March 4",
    Dates.DAY_FIRST: "day first: 03/04/1970 is April 3",
    Dates.REFUSED: "refuse what can be read both ways",
}


@dataclass(frozen=True, slots=True)
class FieldChosen:
    """The field that a column is; None for one that is not taken."""

    column: Column | None


class FieldMenu(ListDialog[FieldChosen]):
    """One line for each field, with the column that it is taken from now."""

    def __init__(self, look: ListLook, choice: Choice, place: int) -> None:
        super().__init__()
        self._look = look
        self._choice = choice
        self._place = place

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            title = f"What does “{self._look.columns[self._place].header}” hold?"
            yield Static(Content(title), classes="dialog-title")
            yield Menu([Option(Content(NOT_TAKEN), id=_NONE), *(self._option(column) for column in Column)])
            yield Static("Enter takes it, Esc leaves it as it is.", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """The cursor stands on the present field."""
        menu = self.query_one(Menu)
        menu.focus()
        present = self._choice.columns[self._place]
        menu.highlight(_NONE if present is None else present.name)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Answer with the field."""
        event.stop()
        self.dismiss(FieldChosen(None if event.option_id in (None, _NONE) else Column[event.option_id]))

    def _option(self, column: Column) -> Option:
        places = [place for place, its in enumerate(self._choice.columns) if its is column and place != self._place]
        taken = f"← {self._look.columns[places[0]].header}" if places else ""
        return Option(Content.assemble(f"{column.value:<22}", (taken, "$foreground-muted")), id=column.name)


class DatesMenu(ListDialog[Dates]):
    """How 03/04/1970 is read."""

    def __init__(self, present: Dates) -> None:
        super().__init__()
        self._present = present

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("How are dates read?", classes="dialog-title", markup=False)
            yield Menu([Option(Content(told), id=dates.name) for dates, told in _DATES.items()])
            hint = "Dates that can be read one way only, like 1970-12-31, are read that way."
            yield Static(hint, classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """The cursor stands on the present way."""
        menu = self.query_one(Menu)
        menu.focus()
        menu.highlight(self._present.name)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Answer with the way."""
        event.stop()
        self.dismiss(Dates[event.option_id or Dates.FOUND_OUT.name])
