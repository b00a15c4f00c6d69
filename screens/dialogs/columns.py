"""Which columns a table shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from screens.dialogs.list_dialog import ListDialog
from screens.widgets.menu import Choice, PickList


class Columns(ListDialog[frozenset[str]]):
    """Ticks for all columns but the first, which always stands; answers with the keys that are hidden."""

    def __init__(self, columns: Sequence[tuple[str, str]], hidden: Iterable[str], first: Iterable[str]) -> None:
        """Ask.

        Args:
            columns: key and title of each.
            hidden: keys of those that are not shown now.
            first: keys of those that go first where room is short.
        """
        super().__init__()
        self._choices = [Choice(key, title) for key, title in columns]
        self._keys = {key for key, _ in columns}
        self._hidden = set(hidden)
        titles = dict(columns)
        self._first = " and ".join(titles[key].lower() for key in first)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Columns", classes="dialog-title", markup=False)
            yield PickList(self._choices, self._keys - self._hidden)
            yield Static(
                f"Space shows or hides a column, Enter takes it over. Where room is short, {self._first} stand aside "
                "first.",
                classes="dialog-hint",
                markup=False,
            )
            with Horizontal(classes="dialog-buttons"):
                yield Button("Show these", variant="primary", id="take")
                yield Button("Cancel", id="cancel")

    @on(PickList.Done)
    @on(Button.Pressed, "#take")
    def take(self) -> None:
        """Answer with what is not ticked."""
        self.dismiss(frozenset(self._keys - self.query_one(PickList).picked))

    @on(Button.Pressed, "#cancel")
    def leave(self) -> None:
        """Answer with nothing."""
        self.dismiss(None)
