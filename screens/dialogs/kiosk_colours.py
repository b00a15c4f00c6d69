"""Which colours a kiosk shows."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from screens.dialogs.list_dialog import ListDialog
from screens.widgets.menu import Menu, Option
from services.colours import Colours

_USUAL = "usual"


class KioskColours(ListDialog[str]):
    """One line for each theme, and one for the usual ones; closes with the name as kiosks keep it."""

    def __init__(self, present: str) -> None:
        """`present` are those that were chosen for it; empty for the usual ones."""
        super().__init__()
        self._present = present

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Colours of this kiosk", classes="dialog-title", markup=False)
            yield Menu(
                [
                    self._option(_USUAL, "as every new kiosk"),
                    *(self._option(colours.value, colours.words) for colours in Colours),
                ]
            )
            yield Static("The kiosk shows them within seconds.", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """The cursor stands on the present ones."""
        menu = self.query_one(Menu)
        menu.focus()
        menu.highlight(self._present or _USUAL)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Answer with the name."""
        event.stop()
        self.dismiss("" if event.option_id == _USUAL else event.option_id)

    def _option(self, name: str, words: str) -> Option:
        sign = "●" if name == (self._present or _USUAL) else "○"
        return Option(Content(f"{sign} {name:<11}{words}"), id=name)
