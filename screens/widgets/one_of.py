"""One line of a form in which one of a few values is chosen, with the arrows or the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Label, Static

_WRAPS_BELOW = 76
"""Columns of a terminal in which long words take two lines."""

Value = str | bool
"""What can be chosen."""


class OneOf(Vertical):
    """A labelled choice; beneath it the hint, or what is wrong."""

    DEFAULT_CSS = """
    OneOf {
        height: auto;
        & > Horizontal { height: 1; }
        .field-label { width: 18; color: $text-muted; }
        .field-note { padding: 0 0 0 18; height: 1; color: $text-muted; text-overflow: ellipsis; text-wrap: nowrap; }
        &.-wrong .field-note { height: auto; color: $text-error; text-style: bold; text-wrap: wrap; }
        &.-wrong .field-label { color: $text-error; }
    }
    """

    problem: reactive[str] = reactive("")
    """What is wrong with the choice, as a sentence; empty when nothing is."""

    @dataclass
    class Changed(Message):
        """Another value was chosen."""

        value: Value

    def __init__(
        self, label: str, options: Sequence[tuple[Value, str]], value: Value, *, id: str, hint: str = ""
    ) -> None:
        """`options` are the values with their words; a `value` that is none of them is shown all the same."""
        super().__init__(id=id)
        self._label = label
        self._hint = hint
        self.choice = Choice(options, value)

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Label(Content(self._label), classes="field-label")
            yield self.choice
        yield Static(Content(self._hint), classes="field-note")

    @property
    def value(self) -> Value:
        """The value that is chosen."""
        return self.choice.value

    @value.setter
    def value(self, value: Value) -> None:
        self.choice.value = value

    def watch_problem(self, problem: str) -> None:
        """The sentence takes the hint's place."""
        self.set_class(bool(problem), "-wrong")
        if self.is_mounted:
            self.query_one(".field-note", Static).update(Content(f"✗ {problem}" if problem else self._hint))

    def focus(self, scroll_visible: bool = True, **_: object) -> OneOf:
        """Focus goes to the choice."""
        self.choice.focus(scroll_visible)
        return self

    def choice_changed(self, value: Value) -> None:
        """Tell the form; what was wrong is not known any more."""
        self.problem = ""
        self.post_message(self.Changed(value))


class Choice(Static, can_focus=True):
    """The value, between signs that say that there are others."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Choice {
        width: 1fr;
        height: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        &:focus { background: $primary-background; text-style: bold; }
        &:hover { background: $primary-background; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "step(1)", "Next", show=False, id="one_of.next", tooltip="The next value"),
        Binding("left", "step(-1)", "Before", show=False, id="one_of.before", tooltip="The value before"),
        Binding("enter", "app.focus_next", "Go on", show=False, id="one_of.on", tooltip="To the next field"),
    ]

    value: reactive[Value] = reactive("")
    """The value that is chosen."""

    def __init__(self, options: Sequence[tuple[Value, str]], value: Value) -> None:
        super().__init__()
        self._options = dict(options)
        self.set_reactive(Choice.value, value)

    def render(self) -> Content:
        """The words of the value."""
        words = self._options.get(self.value, str(self.value))
        # Where words go on in a second line, no sign stands there alone.
        return Content(f"◂▸ {words}" if self.app.size.width < _WRAPS_BELOW else f"◂ {words} ▸")

    def watch_value(self, value: Value) -> None:
        """Tell the form."""
        if isinstance(self.parent, Horizontal) and isinstance(self.parent.parent, OneOf):
            self.parent.parent.choice_changed(value)

    def action_step(self, step: int) -> None:
        """Go to another value; after the last comes the first."""
        values = list(self._options)
        here = values.index(self.value) if self.value in values else -1
        self.value = values[(here + step) % len(values)]

    def on_click(self) -> None:
        """A click goes on to the next value."""
        self.action_step(1)
