"""All facts of one line of a table, in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Label, Static

from screens.base import DeskDialog


class Details(DeskDialog[None]):
    """One line for each fact that is known."""

    CSS_PATH = "details.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-tall")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "close", "Close", show=False, id="details.close", tooltip="Back to the list"),
    ]

    def __init__(self, title: str, facts: Sequence[tuple[str, str]]) -> None:
        """`facts` are labels and values; those without a value are left out."""
        super().__init__()
        self._title = title
        self._facts = facts

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            with VerticalScroll(classes="dialog-body"):
                for label, value in self._facts:
                    if value:
                        with Horizontal(classes="fact"):
                            yield Label(Content(label), classes="fact-label")
                            yield Static(Content(value), classes="fact-value")
            yield Static("Esc closes.", classes="dialog-hint", markup=False)
