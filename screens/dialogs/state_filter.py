"""Which rows of a list are shown, by the state in which they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from screens.dialogs.list_dialog import ListDialog
from screens.widgets.menu import Menu, Option

S = TypeVar("S", bound=StrEnum)

_ALL = "all"


@dataclass(frozen=True, slots=True)
class OneState(Generic[S]):
    """The chosen state; None for all."""

    state: S | None


class StateFilter(ListDialog[OneState[S]], Generic[S]):
    """One line for each state."""

    def __init__(self, title: str, words: Mapping[S, str], present: S | None) -> None:
        """`words` name the states; the cursor stands on the `present` one, None for all."""
        super().__init__()
        self._title = title
        self._names = words
        self._present = present

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield Menu(
                [
                    Option(Content(_ALL), id=_ALL),
                    *(Option(Content(words), id=state.value) for state, words in self._names.items()),
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
        self.dismiss(OneState(next((state for state in self._names if state.value == event.option_id), None)))
