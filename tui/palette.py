"""The palette: everything that a screen's keys do, by name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.app import SystemCommand
from textual.command import CommandPalette
from textual.screen import Screen
from textual.widgets import Input

from screens.help import keys_of


class Palette(CommandPalette):
    """Textual's own, whose cursor does not blink: that costs more than a kilobyte a second and tells nothing."""

    def on_mount(self) -> None:
        """Before anybody types."""
        self.query_one(Input).cursor_blink = False


def commands_of(screen: Screen[object]) -> Iterator[SystemCommand]:
    """Every key that does something now, but the one that shows the palette."""
    app = screen.app
    titles = set()
    for active in keys_of(screen):
        binding = active.binding
        # The same word a second time is the same thing by another key.
        if binding.id != "app.palette" and binding.description not in titles:
            titles.add(binding.description)
            act = partial(app.call_later, app.run_action, binding.action, active.node)
            yield SystemCommand(binding.description, binding.tooltip or binding.description, act)
