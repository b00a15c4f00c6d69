"""Which requests for help the table shows."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from models.states import HelpState
from screens.dialogs.list_dialog import ListDialog
from screens.widgets.menu import Menu, Option

STATE_WORDS = {HelpState.WAITING: "waiting", HelpState.TAKEN: "being answered", HelpState.CLOSED: "closed"}
_ALL = "all"


@dataclass(frozen=True, slots=True)
class HelpFilter:
    """The chosen state; None for all."""

    state: HelpState | None


class HelpFilterMenu(ListDialog[HelpFilter]):
    """One line for each state."""

    CSS_PATH = "../dialogs/list_dialog.tcss"

    def __init__(self, present: HelpState | None) -> None:
        super().__init__()
        self._present = present

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Which requests to show", classes="dialog-title", markup=False)
            yield Menu(
                [
                    Option(Content("all"), id=_ALL),
                    *(Option(Content(words), id=state.value) for state, words in STATE_WORDS.items()),
                ]
            )
            yield Static("Enter shows them, Esc leaves it.", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """The cursor stands on what is shown now."""
        menu = self.query_one(Menu)
        menu.focus()
        menu.highlight(_ALL if self._present is None else self._present.value)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Answer with the state."""
        event.stop()
        self.dismiss(HelpFilter(None if event.option_id == _ALL else HelpState(event.option_id or "")))
