"""The keys of the screen below, made from its own bindings."""

from __future__ import annotations

from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import Static


class Help(ModalScreen[None]):
    """One line per key; what cannot be done now is left out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,f1,question_mark", "close", "Close", id="help.close", tooltip="Back to the screen"),
    ]

    def __init__(self, screen: Screen[object]) -> None:
        super().__init__()
        self._lines = _lines(screen)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -tall"):
            yield Static("Keys of this screen", classes="dialog-title", markup=False)
            with VerticalScroll(classes="dialog-body"):
                yield Static(self._lines)
            yield Static(
                "Esc closes. With the mouse: click anything; hold Shift and drag to select text.",
                classes="dialog-hint",
                markup=False,
            )

    def action_close(self) -> None:
        """Close the list."""
        self.dismiss(None)


def _lines(screen: Screen[object]) -> Table:
    shown: dict[str, tuple[str, str]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.description and active.enabled and not binding.system:
            words = binding.tooltip or binding.description
            shown.setdefault(binding.id or binding.action, (screen.app.get_key_display(binding), words))
    lines = Table.grid(padding=(0, 2))
    lines.add_column(justify="right", style="bold", no_wrap=True, min_width=10)
    lines.add_column()
    for key, words in shown.values():
        lines.add_row(Text(key), Text(words))
    return lines
