"""The line at the top of every screen."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static


class TitleBar(Horizontal):
    """The program, where one is, and who one is."""

    DEFAULT_CSS = """
    TitleBar {
        dock: top;
        height: 1;
        background: $primary-background;
        color: $text;
        .title-brand { width: auto; padding: 0 1; text-style: bold; color: $accent; }
        .title-where { width: 1fr; padding: 0 1; text-overflow: ellipsis; text-wrap: nowrap; }
        .title-who {
            width: auto;
            max-width: 50%;
            padding: 0 1;
            color: $text-muted;
            text-overflow: ellipsis;
            text-wrap: nowrap;
        }
    }
    """

    class Moved(Message):
        """Where one is has another name."""

    def __init__(self, where: str = "", who: str = "") -> None:
        super().__init__()
        self._where = where
        self._who = who

    def compose(self) -> ComposeResult:
        yield Static("Trakdesk", classes="title-brand", markup=False)
        yield Static(Content(self._where), classes="title-where")
        yield Static(Content(self._who), classes="title-who")

    def on_mount(self) -> None:
        """There is a name."""
        self.post_message(self.Moved())

    @property
    def where(self) -> str:
        """Where one is."""
        return self._where

    def show_where(self, where: str) -> None:
        """Name the place anew."""
        self._where = where
        self.query_one(".title-where", Static).update(Content(where))
        self.post_message(self.Moved())
