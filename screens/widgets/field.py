"""One line of a form: label, input, and beneath it the hint or what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantBlur
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Label, Static

from screens.widgets.line_input import LineInput
from screens.widgets.secret_input import SecretInput


class Field(Vertical):
    """A labelled input; a problem is shown when the field is left, and goes as soon as the value is right.

    The owner gives `check`, a pure function from the text to a sentence or None; it is one of services' own rules.
    """

    DEFAULT_CSS = """
    Field {
        height: auto;
        & > Horizontal { height: 1; }
        .field-label { width: 18; color: $text-muted; }
        .field-input { width: 1fr; }
        .field-note { padding: 0 0 0 18; height: 1; color: $text-muted; text-overflow: ellipsis; text-wrap: nowrap; }
        &.-wrong .field-note { height: auto; color: $text-error; text-style: bold; text-wrap: wrap; }
        &.-wrong .field-label { color: $text-error; }
    }
    """

    problem: reactive[str] = reactive("")
    """What is wrong with the value, as a sentence; empty when nothing is."""

    @dataclass
    class Edited(Message):
        """The text of the field changed."""

        field: Field

        @property
        def control(self) -> Field:
            """The field that changed, for `@on` selectors."""
            return self.field

    def __init__(
        self,
        label: str,
        value: str = "",
        *,
        id: str,
        hint: str = "",
        secret: bool = False,
        check: Callable[[str], str | None] | None = None,
        placeholder: str = "",
        joins_lines: bool = False,
    ) -> None:
        """`joins_lines` takes a paste of several lines as one value that was wrapped."""
        super().__init__(id=id)
        self._label = label
        self._hint = hint
        self.set_class(not hint, "-unhinted")
        self._check = check
        # No max_length: an over-long paste is told, not cut silently.
        kind = SecretInput if secret else LineInput
        self.input = kind(
            value=value,
            placeholder=placeholder,
            compact=True,
            select_on_focus=False,
            classes="field-input",
            joins_lines=joins_lines,
        )

    def compose(self) -> ComposeResult:
        self.input.compact = not getattr(self.screen, "roomy_fields", False)
        with Horizontal():
            yield Label(Content(self._label), classes="field-label")
            yield self.input
        yield Static(Content(self._hint), classes="field-note")

    @property
    def value(self) -> str:
        """The text as typed."""
        return self.input.value

    @value.setter
    def value(self, text: str) -> None:
        self.input.value = text

    def show_hint(self, hint: str) -> None:
        """Another hint; while something is wrong, the sentence about that stays."""
        if hint == self._hint:
            return
        self._hint = hint
        self.set_class(not hint, "-unhinted")
        if self.is_mounted and not self.problem:
            self.query_one(".field-note", Static).update(Content(hint))

    def validate_now(self) -> bool:
        """Check the value and show what is wrong; True when nothing is."""
        self.problem = (self._check(self.value) or "") if self._check else ""
        return not self.problem

    def watch_problem(self, problem: str) -> None:
        """The sentence takes the hint's place."""
        self.set_class(bool(problem), "-wrong")
        if self.is_mounted:
            self.query_one(".field-note", Static).update(Content(f"✗ {problem}" if problem else self._hint))
            if problem and self.input.has_focus:
                self.call_after_refresh(self.scroll_visible, animate=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Once red, check again at each change; never turn red while somebody types."""
        event.stop()
        if self.problem:
            self.validate_now()
        self.post_message(self.Edited(self))

    def on_line_input_paste_not_whole(self, event: LineInput.PasteNotWhole) -> None:
        """What did not get into the field is told until the field is changed or checked."""
        event.stop()
        self.problem = event.sentence

    def on_click(self) -> None:
        """The label and the hint belong to the input: a finger needs more than one row."""
        self.input.focus()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """Leaving the field is the moment to say what is wrong; what was told stands until the value changes."""
        if self.value and not self.problem:
            self.validate_now()

    def focus(self, scroll_visible: bool = True, **_: object) -> Field:
        """Focus goes to the input."""
        self.input.focus(scroll_visible)
        return self
