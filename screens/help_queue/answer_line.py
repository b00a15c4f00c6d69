"""Where an agent types in a chat; what leads out of it leaves the words standing."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, Static

from screens.widgets.line_input import LineInput

HINT = "Enter sends it. Esc leaves the line: then letters are keys."


class AnswerInput(LineInput):
    """Every letter is text here; Esc gives the letters back to the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Send", key_display="Enter", id="answer.send", tooltip="Send it to the person"),
        Binding("escape", "leave", "Keys", key_display="Esc", id="answer.leave", tooltip="Leave the line as it is"),
        Binding("f1", "app.help", "Help", key_display="F1", id="answer.help", tooltip="The keys of this screen"),
    ]

    class Left(Message):
        """The person wants the keys."""

    def action_leave(self) -> None:
        """At once, because the keys that are typed right behind this one are meant as such."""
        self.screen.focus_previous("ChatRoom")
        self.post_message(self.Left())


class AnswerLine(Vertical):
    """The line, and beneath it what is wrong with what stands in it."""

    DEFAULT_CSS = """
    AnswerLine {
        height: auto;
        border-top: solid $border;
        & > Horizontal { height: 1; }
        Label { width: 8; padding: 0 1 0 0; color: $text-muted; }
        AnswerInput { width: 1fr; }
        .note { height: 1; padding: 0 0 0 8; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        .note.-wrong { height: auto; color: $text-error; text-style: bold; text-wrap: wrap; }
    }
    """

    class Edited(Message):
        """Somebody types."""

    input = getters.query_one(AnswerInput)

    def __init__(self, words: str) -> None:
        """`words` stand there at first: what was typed before and not sent."""
        super().__init__()
        self._words = words
        self._problem = ""

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Label("Answer")
            yield AnswerInput(value=self._words, compact=True, select_on_focus=False, joins_lines=True)
        yield Static(Content(HINT), classes="note")

    @property
    def value(self) -> str:
        """What was typed."""
        return self.input.value

    def sent(self, words: str) -> None:
        """These words are with the person; what was typed behind them belongs to the next line."""
        self.input.value = self.input.value.removeprefix(words).lstrip()
        self.tell("")

    def tell(self, problem: str) -> None:
        """Say what is wrong; nothing with an empty sentence."""
        if problem == self._problem:
            return
        self._problem = problem
        note = self.query_one(".note", Static)
        note.set_class(bool(problem), "-wrong")
        note.update(Content(f"✗ {problem}" if problem else HINT))

    @on(Input.Changed)
    def edited(self, event: Input.Changed) -> None:
        """What was wrong may be right now."""
        event.stop()
        self.tell("")
        self.post_message(self.Edited())

    def on_line_input_paste_not_whole(self, event: LineInput.PasteNotWhole) -> None:
        """What did not get into the line is told."""
        event.stop()
        self.tell(event.sentence)
