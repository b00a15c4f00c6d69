"""What a kiosk shows that serves nobody: not enrolled, revoked, or without its desk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

LOOKS = Path(__file__).with_name("closed.tcss")


class KioskClosedScreen(Screen[None], inherit_bindings=False):
    """Stands until the kiosk serves somebody again; needs no desk, which may be what is missing."""

    CSS_PATH = LOOKS
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, name: str, title: str, lines: Sequence[str]) -> None:
        """`name` is the kiosk's; `lines` say what is to do."""
        super().__init__()
        self._kiosk_name = name
        self._headline = title
        self._lines = tuple(lines)

    def compose(self) -> ComposeResult:
        with Horizontal(classes="closed-head"):
            yield Static("Trakdesk", classes="closed-brand", markup=False)
            yield Static(Content(self._kiosk_name), classes="closed-name")
        with Vertical(classes="closed-room"), Vertical(classes="closed-card"):
            yield Static(Content(self._headline), classes="closed-title")
            yield Static(Content("\n\n".join(self._lines)), classes="closed-lines")

    def tell(self, title: str, lines: Sequence[str]) -> None:
        """Something else is the matter now."""
        if (title, tuple(lines)) == (self._headline, self._lines):
            return
        self._headline, self._lines = title, tuple(lines)
        if self.is_mounted:
            self.query_one(".closed-title", Static).update(Content(title))
            self.query_one(".closed-lines", Static).update(Content("\n\n".join(lines)))
