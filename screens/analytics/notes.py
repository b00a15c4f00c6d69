"""What a chart says of its gaps, beneath it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

BESIDE_PLOT = 3
"""Lines beneath a plot, which needs the room itself."""

_REST = "and {} more: t shows them"


class Notes(VerticalScroll, can_focus=False):
    """Whole notes as far as there is room beneath a plot; beneath the numbers, or without a plot, all of them."""

    DEFAULT_CSS = """
    Notes { height: auto; color: $text-warning; display: none; scrollbar-size: 1 1; }
    Notes.-told { display: block; }
    Notes > Static { height: auto; }
    """

    def compose(self) -> ComposeResult:
        yield Static("", markup=False)

    def show(self, notes: tuple[str, ...], width: int, *, whole: bool) -> None:
        """Show these in so many cells of width, all of them or what fits beneath a plot."""
        self.set_class(bool(notes), "-told")
        # What can be scrolled can be reached by Tab.
        self.can_focus = whole and bool(notes)
        shown = notes if whole else fitting(notes, width, BESIDE_PLOT)
        self.query_one(Static).update(Content("\n".join(f"? {note}" for note in shown)))


def fitting(notes: Sequence[str], width: int, lines: int) -> tuple[str, ...]:
    """The first notes that have room whole, and in the last line how many more there are."""
    shown: list[str] = []
    for at, note in enumerate(notes):
        needed = len(textwrap.wrap(f"? {note}", max(20, width))) or 1
        if needed > lines - (at < len(notes) - 1):
            return (*shown, _REST.format(len(notes) - at) if shown else f"{len(notes)} notes: t shows them")
        shown.append(note)
        lines -= needed
    return tuple(shown)
