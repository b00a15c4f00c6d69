"""An input of one line that loses nothing of a paste without saying so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from textual.events import Key, Paste
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

LONGEST_PASTE = 20_000
"""Signs beyond which a paste is refused: nothing that belongs in a line is so long."""

_LINE_END = re.compile("\r\n|\r|\n")


class LineInput(Input):
    """Textual's own input keeps the first line of a paste and drops the others silently; this one says so."""

    takes_first_line: ClassVar[bool] = True
    """Whether the first of several pasted lines is of use; without, such a paste is refused whole."""

    @dataclass
    class PasteNotWhole(Message):
        """A paste was shortened or refused; the sentence says which."""

        sentence: str

    def __init__(self, *, joins_lines: bool = False, **kwargs: Any) -> None:
        """`joins_lines` takes a paste of several lines as one value that was wrapped."""
        super().__init__(**kwargs)
        self._joins_lines = joins_lines
        # A blinking cursor costs two kilobytes a second over SSH and tells nothing.
        self.cursor_blink = False

    def render_line(self, y: int) -> Strip:
        """As long as the field also while it is empty: Textual leaves all but the cursor to the background."""
        return super().render_line(y).extend_cell_length(self.size.width, self.rich_style)

    def key_backspace(self, event: Key) -> None:
        """Delete in the order of typing: as a binding it would be overtaken by signs that arrived after it."""
        event.stop()
        self.action_delete_left()

    def on_paste(self, event: Paste) -> None:
        """Take the paste in the place of Textual's own handler."""
        event.stop()
        event.prevent_default()
        self._take(event.text)

    def action_paste(self) -> None:
        """Take what was cut or copied inside the program by the same rule."""
        self._take(self.app.clipboard)

    def _take(self, text: str) -> None:
        lines = _LINE_END.split(text.strip("\r\n"))
        line = " ".join(lines) if self._joins_lines else lines[0]
        sentence = self._refusal(line, 1 if self._joins_lines else len(lines))
        if sentence:
            self.post_message(self.PasteNotWhole(sentence))
            return
        self.replace(line, *self.selection)
        if len(lines) > 1 and not self._joins_lines:
            told = f"You pasted {len(lines)} lines and only the first one is here. Check it."
            self.post_message(self.PasteNotWhole(told))

    def _refusal(self, line: str, lines: int) -> str:
        if lines > 1 and not self.takes_first_line:
            return f"You pasted {lines} lines, and this field takes one. Nothing was put in."
        if len(line) > LONGEST_PASTE:
            return f"You pasted {len(line):,} signs, which is too much for this field. Nothing was put in."
        return ""
