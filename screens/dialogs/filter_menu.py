"""Which rows a table of people shows: one value of each group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.widgets import Button, Static

from models.states import Access
from screens.clients.words import called
from screens.dialogs.list_dialog import ListDialog
from screens.widgets.menu import Choice, PickList
from services.clients.rows import ACCESS_WORDS
from services.staff.values import OfficeView

T = TypeVar("T")

_AROUND, _AROUND_SHORT = 11, 5
"""Lines of the dialog beside those of its list; so many in a terminal of few lines."""

_MOST = 0.94
"""The share of the terminal that a dialog may take."""


@dataclass(frozen=True, slots=True)
class ClientFilter:
    """The filters of the clients beside the search words.

    Attributes:
        subscribed: only those, only the others, or None for all.
        access: only this state, or None for all.
    """

    subscribed: bool | None = None
    access: Access | None = None

    @property
    def words(self) -> str:
        """What is shown, in the search line."""
        return _shown(_either(self.subscribed, "enabled", "disabled"), _access_words(self.access))


@dataclass(frozen=True, slots=True)
class StaffFilter:
    """The filters of the office staff beside the search words.

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
        office = "" if self.office is None else called(self.office.name)
        return _shown(office, _either(self.active, "active", "inactive"), _access_words(self.access))


@dataclass(frozen=True, slots=True)
class Group:
    """Values of which one is picked.

    Attributes:
        name: the attribute of the filter that it fills.
        title: stands above.
        values: with their words; the first one is None, for all.
    """

    name: str
    title: str
    values: Sequence[tuple[object, str]]


def _group(name: str, title: str, *values: tuple[object, str]) -> Group:
    return Group(name, title, ((None, "all"), *values))


_ACCESS = _group("access", "Access", *((access, words[2:]) for access, words in ACCESS_WORDS.items()))


class FilterMenu(ListDialog[T], Generic[T]):
    """Answers with the whole filter."""

    CSS_PATH = ["list_dialog.tcss", "filter_menu.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "show_all", "Show all", id="filter.all", tooltip="Show everybody again"),
    ]

    def __init__(self, title: str, make: Callable[..., T], present: T, *groups: Group) -> None:
        """`make` takes the picked values by the names of their groups; from nothing it makes the filter of all."""
        super().__init__()
        self._title = title
        self._make = make
        self._present = present
        self._groups = {group.name: group for group in groups}

    def compose(self) -> ComposeResult:
        choices: list[Choice] = []
        for name, group in self._groups.items():
            choices.append(Choice("", group.title))
            choices += [Choice(f"{name}:{number}", words, name) for number, (_, words) in enumerate(group.values)]
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield PickList(choices, [self._picked(group) for group in self._groups.values()])
            yield Static(
                "Space picks, Enter picks and shows, a shows all, Esc leaves it.",
                classes="dialog-hint",
                markup=False,
            )
            with Horizontal(classes="dialog-buttons"):
                yield Button("Show these", variant="primary", id="take")
                yield Button("Show all", id="all")

    def on_resize(self, event: Resize) -> None:
        """A list for which there is no room takes what there is, and scrolls."""
        around = _AROUND_SHORT if self.has_class("-short") else _AROUND
        lines = self.query_one(PickList).option_count + around
        self.query_one(".dialog").set_class(lines > _MOST * event.size.height, "-tall")

    @on(PickList.Done)
    def pick_and_take(self, event: PickList.Done) -> None:
        """Enter takes the line under the cursor along."""
        if event.key:
            self.query_one(PickList).pick(event.key)
        self.take()

    @on(Button.Pressed, "#take")
    def take(self) -> None:
        """Answer with what is picked."""
        chosen: dict[str, Any] = {}
        for key in self.query_one(PickList).picked:
            name, _, number = key.partition(":")
            chosen[name] = self._groups[name].values[int(number)][0]
        self.dismiss(self._make(**chosen))

    @on(Button.Pressed, "#all")
    def action_show_all(self) -> None:
        """Answer with no filter."""
        self.dismiss(self._make())

    def _picked(self, group: Group) -> str:
        here = getattr(self._present, group.name)
        return f"{group.name}:{[value for value, _ in group.values].index(here)}"


class ClientFilterMenu(FilterMenu[ClientFilter]):
    """Which clients the table shows."""

    def __init__(self, present: ClientFilter) -> None:
        subscription = _group("subscribed", "Subscription", (True, "enabled"), (False, "disabled"))
        super().__init__("Which clients to show", ClientFilter, present, subscription, _ACCESS)


class StaffFilterMenu(FilterMenu[StaffFilter]):
    """Which office staff the table shows."""

    def __init__(self, present: StaffFilter, offices: Sequence[OfficeView]) -> None:
        status = _group("active", "Status", (True, "active"), (False, "inactive"))
        office = _group("office", "Office", *((office, called(office.name)) for office in offices))
        # Meanwhile the office may have another name, or be gone.
        known = {office.id: office for office in offices}
        present = replace(present, office=known.get(present.office.id) if present.office else None)
        super().__init__("Which office staff to show", StaffFilter, present, status, _ACCESS, office)


def _shown(*chosen: str) -> str:
    return "Show " + (", ".join(filter(None, chosen)) or "all")


def _either(value: bool | None, yes: str, no: str) -> str:
    return "" if value is None else yes if value else no


def _access_words(access: Access | None) -> str:
    return "" if access is None else ACCESS_WORDS[access]
