"""What is shown while the sandbox is being built."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tui.demo.frame import NOTHING_REAL, WARNING


class Opening(Screen[None], inherit_bindings=False):
    """Two seconds at most."""

    DEFAULT_CSS = """
    Opening { align: center middle; }
    """

    def compose(self) -> ComposeResult:
        with Vertical(classes="card"):
            yield Static(f"{WARNING} - {NOTHING_REAL}", classes="card-title", markup=False)
            yield Static("Making a desk of its own …", id="told", classes="card-lead", markup=False)

    def tell(self, words: str) -> None:
        """Say what is being made."""
        self.query_one("#told", Static).update(Content(f"Making {words} …"))
