"""Which clients the table shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from models.states import Access
from screens.dialogs.list_dialog import ListDialog
from screens.widgets.menu import Choice, PickList
from services.clients.rows import ACCESS_WORDS

_SUBSCRIPTION = {"any": None, "enabled": True, "disabled": False}


@dataclass(frozen=True, slots=True)
class ClientFilter:
    """The filters beside the search words.

    Attributes:
        subscribed: only those, only the others, or None for all.
        access: only this state, or None for all.
    """

    subscribed: bool | None = None
    access: Access | None = None

    @property
    def words(self) -> str:
        """What is shown, in the search line."""
        chosen = []
        if self.subscribed is not None:
            chosen.append("enabled" if self.subscribed else "disabled")
        if self.access is not None:
            chosen.append(ACCESS_WORDS[self.access])
        return "Show " + (", ".join(chosen) if chosen else "all")


class ClientFilterMenu(ListDialog[ClientFilter]):
    """One of each group; answers with the whole filter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "show_all", "Show all", id="filter.all", tooltip="Show all clients again"),
    ]

    def __init__(self, present: ClientFilter) -> None:
        super().__init__()
        self._present = present

    def compose(self) -> ComposeResult:
        choices = [
            Choice("", "Subscription"),
            Choice("s:any", "all", "subscription"),
            Choice("s:enabled", "enabled", "subscription"),
            Choice("s:disabled", "disabled", "subscription"),
            Choice("", "Access"),
            Choice("a:any", "all", "access"),
            *(Choice(f"a:{access.value}", words[2:], "access") for access, words in ACCESS_WORDS.items()),
        ]
        with Vertical(classes="dialog"):
            yield Static("Which clients to show", classes="dialog-title", markup=False)
            yield PickList(choices, self._picked())
            yield Static(
                "Space picks, Enter picks and shows, a shows all, Esc leaves it.",
                classes="dialog-hint",
                markup=False,
            )
            with Horizontal(classes="dialog-buttons"):
                yield Button("Show these", variant="primary", id="take")
                yield Button("Show all", id="all")

    @on(PickList.Done)
    def pick_and_take(self, event: PickList.Done) -> None:
        """Enter takes the line under the cursor along."""
        if event.key:
            self.query_one(PickList).pick(event.key)
        self.take()

    @on(Button.Pressed, "#take")
    def take(self) -> None:
        """Answer with what is picked."""
        picked = {key.partition(":")[0]: key.partition(":")[2] for key in self.query_one(PickList).picked}
        access = None if picked["a"] == "any" else Access(int(picked["a"]))
        self.dismiss(ClientFilter(_SUBSCRIPTION[picked["s"]], access))

    @on(Button.Pressed, "#all")
    def action_show_all(self) -> None:
        """Answer with no filter."""
        self.dismiss(ClientFilter())

    def _picked(self) -> list[str]:
        subscription = next(key for key, value in _SUBSCRIPTION.items() if value is self._present.subscribed)
        access = "any" if self._present.access is None else str(self._present.access.value)
        return [f"s:{subscription}", f"a:{access}"]
