"""Which colours the screens have."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from screens.dialogs.list_dialog import ListDialog
from screens.widgets.menu import Menu, Option
from services.colours import Colours

_LABEL = 11


class ChooseColours(ListDialog[Colours]):
    """One line for each theme."""

    def __init__(self, present: Colours) -> None:
        """`present` are those that are shown now."""
        super().__init__()
        self._present = present

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Colours", classes="dialog-title", markup=False)
            yield Menu([Option(self._line(colours), id=colours.value) for colours in Colours])
            yield Static("They are yours at every desk where you sign in.", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """The cursor stands on the present ones."""
        menu = self.query_one(Menu)
        menu.focus()
        menu.highlight(self._present)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Answer with the colours."""
        event.stop()
        self.dismiss(Colours.named(event.option_id or ""))

    def _line(self, colours: Colours) -> Content:
        sign = "●" if colours is self._present else "○"
        return Content(f"{sign} {colours.value:<{_LABEL}}{colours.words}")
