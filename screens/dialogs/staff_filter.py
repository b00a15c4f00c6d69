"""Which office staff the table shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from models.states import Access
from screens.clients.words import called
from screens.dialogs.list_dialog import ListDialog
from screens.widgets.menu import Choice, PickList
from services.clients.rows import ACCESS_WORDS
from services.staff.values import OfficeView

_STATUS = {"any": None, "active": True, "inactive": False}


@dataclass(frozen=True, slots=True)
class StaffFilter:
    """The filters beside the search words.

    Attributes:
        office: only of this one, or None for all.
        active: only those, only the others, or None for all.
        access: only this state, or None for all.
    """

    office: OfficeView | None = None
    active: bool | None = None
    access: Access | None = None

    @property
    def words(self) -> str:
        """What is shown, in the search line."""
        chosen = [] if self.office is None else [called(self.office.name)]
        if self.active is not None:
            chosen.append("active" if self.active else "inactive")
        if self.access is not None:
            chosen.append(ACCESS_WORDS[self.access])
        return "Show " + (", ".join(chosen) if chosen else "all")


class StaffFilterMenu(ListDialog[StaffFilter]):
    """One of each group; answers with the whole filter."""

    CSS_PATH = ["list_dialog.tcss", "staff_filter.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "show_all", "Show all", id="filter.all", tooltip="Show everybody again"),
    ]

    def __init__(self, present: StaffFilter, offices: Sequence[OfficeView]) -> None:
        super().__init__()
        self._present = present
        self._offices = {str(office.id): office for office in offices}

    def compose(self) -> ComposeResult:
        choices = [
            Choice("", "Status"),
            Choice("s:any", "all", "status"),
            Choice("s:active", "active", "status"),
            Choice("s:inactive", "inactive", "status"),
            Choice("", "Access"),
            Choice("a:any", "all", "access"),
            *(Choice(f"a:{access.value}", words[2:], "access") for access, words in ACCESS_WORDS.items()),
            Choice("", "Office"),
            Choice("o:any", "all", "office"),
            *(Choice(f"o:{number}", called(office.name), "office") for number, office in self._offices.items()),
        ]
        with Vertical(classes="dialog -tall"):
            yield Static("Which office staff to show", classes="dialog-title", markup=False)
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
        self.dismiss(StaffFilter(self._offices.get(picked["o"]), _STATUS[picked["s"]], access))

    @on(Button.Pressed, "#all")
    def action_show_all(self) -> None:
        """Answer with no filter."""
        self.dismiss(StaffFilter())

    def _picked(self) -> list[str]:
        present = self._present
        status = next(key for key, value in _STATUS.items() if value is present.active)
        access = "any" if present.access is None else str(present.access.value)
        office = str(present.office.id) if present.office and str(present.office.id) in self._offices else "any"
        return [f"s:{status}", f"a:{access}", f"o:{office}"]
