"""The keys of the screen below, made from its own bindings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

_IN_TERMINAL = "Esc closes. With the mouse: click anything; hold Shift and drag to select text."
_IN_BROWSER = "Esc closes. Click or tap anything; drag to select text, Ctrl+C copies it."


class Help(ModalScreen[None]):
    """One line per key; what cannot be done now is left out."""

    above_the_lock: ClassVar[bool] = True
    """The keys of the lock can be looked up too."""

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
                _IN_BROWSER if self.app.is_web else _IN_TERMINAL,
                classes="dialog-hint",
                markup=False,
            )

    def action_close(self) -> None:
        """Close the list."""
        self.dismiss(None)


def keys_of(screen: Screen[object]) -> Iterator[ActiveBinding]:
    """What can be done now, each thing once though several keys may do it.

    All keys of this program have an id. Those that Textual's widgets bring have none, and are left out: thirty ways to
    move and delete in a line would hide the few keys that somebody looks for.
    """
    told = set()
    for active in screen.active_bindings.values():
        name = active.binding.id
        if name and active.enabled and name not in told:
            told.add(name)
            yield active


def _lines(screen: Screen[object]) -> Table:
    lines = Table.grid(padding=(0, 2))
    lines.add_column(justify="right", style="bold", no_wrap=True, min_width=10)
    lines.add_column()
    for active in keys_of(screen):
        binding = active.binding
        lines.add_row(Text(screen.app.get_key_display(binding)), Text(binding.tooltip or binding.description))
    return lines
