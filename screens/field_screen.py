"""A screen that is filled in field by field."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from screens.base import DeskScreen
from screens.widgets import forms

T = TypeVar("T")

AT_ONCE: tuple[BindingType, ...] = (
    Binding(
        "enter", "next_field", "Next field", show=False, priority=True, id="form.enter", tooltip="Go to the next field"
    ),
    Binding(
        "tab",
        "app.focus_next",
        "Next field",
        show=False,
        priority=True,
        id="focus.next",
        tooltip="Go to the next field",
    ),
    Binding(
        "shift+tab",
        "app.focus_previous",
        "Field before",
        show=False,
        priority=True,
        id="focus.before",
        tooltip="Go to the field before",
    ),
)
"""Keys that move the cursor before the next key is looked at: over a slow line keys arrive in heaps, and what is typed
must not land in the field before."""


class FieldScreen(DeskScreen[T], Generic[T]):
    """Enter goes from field to field and on after the last, as Tab does without going on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.help", "Help", id="help", tooltip="The keys of this screen"),
        *AT_ONCE,
        Binding("down", "app.focus_next", "Next field", show=False, id="form.down", tooltip="Go to the next field"),
        Binding("up", "app.focus_previous", "Field before", show=False, id="form.up", tooltip="Go to the field before"),
    ]

    @property
    def form(self) -> Widget:
        """The part of the screen that is being filled in."""
        return self

    # mypy holds it; Textual's metaclass leaves no room for another.
    @abstractmethod
    def go_on(self) -> None:
        """Enter was pressed in the last field."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the last field Enter waits for its turn behind what was typed, and elsewhere it belongs to the widget."""
        if action == "next_field":
            return forms.after(self.form, self.focused) is not None
        return super().check_action(action, parameters)

    def action_next_field(self) -> None:
        """Move the cursor at once."""
        following = forms.after(self.form, self.focused)
        if following is not None:
            self.set_focus(following.input)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the last field."""
        event.stop()
        self.go_on()
