"""A label and what stands beside it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static


class Fact(Horizontal):
    """One line of what is or will be; a long value goes on below itself, not below the label."""

    DEFAULT_CSS = """
    Fact {
        height: auto;
        .fact-label { width: 14; color: $text-muted; }
        .fact-value { width: 1fr; height: auto; }
    }
    """

    def __init__(self, label: str, value: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._label = label
        self._value = Static(Content(value), classes="fact-value")

    def compose(self) -> ComposeResult:
        yield Static(Content(self._label), classes="fact-label")
        yield self._value

    def say(self, value: str) -> None:
        """Put another value in the place of this one."""
        self._value.update(Content(value))
