"""Which office's people a list shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from screens.dialogs.list_dialog import ListDialog
from screens.widgets.menu import Menu, Option

_ALL = "all"


@dataclass(frozen=True, slots=True)
class OfficeChoice:
    """The chosen office; None for all."""

    office_id: int | None


class OfficeMenu(ListDialog[OfficeChoice]):
    """One line for each office."""

    def __init__(
        self,
        offices: Sequence[tuple[int, str]],
        present: int | None,
        everything: str = "all offices",
        *,
        title: str = "Which office to show",
        hint: str = "Enter shows its people, Esc leaves it.",
    ) -> None:
        """`present` is the one that is chosen now, None for all; `everything` is what all are called."""
        super().__init__()
        self._title = title
        self._hint = hint
        self._everything = everything
        self._offices = offices
        self._present = present

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield Menu(
                [
                    Option(Content(self._everything), id=_ALL),
                    *(Option(Content(name), id=f"office-{number}") for number, name in self._offices),
                ]
            )
            yield Static(self._hint, classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """The cursor stands on what is shown now."""
        menu = self.query_one(Menu)
        menu.focus()
        menu.highlight(_ALL if self._present is None else f"office-{self._present}")

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Answer with the office."""
        event.stop()
        chosen = event.option_id or _ALL
        self.dismiss(OfficeChoice(None if chosen == _ALL else int(chosen.removeprefix("office-"))))
