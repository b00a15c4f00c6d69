"""A tick box whose state can be read without colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static


class Tick(Static, can_focus=True):
    """Words with a box before them; Space, Enter or a click ticks it.

    Textual's own tells on and off by colour alone.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Tick {
        width: auto;
        height: auto;
        &:focus { background: $primary-background; text-style: bold; }
        &:hover { background: $primary-background; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "tick", "Tick", show=False, id="tick", tooltip="Tick it, or untick it"),
    ]

    ticked: reactive[bool] = reactive(False)
    """Whether it is ticked."""

    @dataclass
    class Changed(Message):
        """It was ticked or unticked."""

        ticked: bool

    def __init__(self, words: str, ticked: bool, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._words = words
        self.set_reactive(Tick.ticked, ticked)

    def render(self) -> Content:
        """The box and the words."""
        return Content(f"{'[x]' if self.ticked else '[ ]'} {self._words}")

    def watch_ticked(self, ticked: bool) -> None:
        """Tell the form."""
        self.post_message(self.Changed(ticked))

    def action_tick(self) -> None:
        """Tick or untick."""
        self.ticked = not self.ticked

    def on_click(self) -> None:
        """A click toggles too."""
        self.action_tick()
