"""The list of what a client owns and owes, whoever looks at it."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from screens.base import DeskScreen
from screens.dialogs.details import Details
from screens.properties.facts import facts_in_lines
from screens.properties.forms import WHERE
from screens.properties.rows import COLUMNS, found, lines
from screens.widgets.key_line import KeyLine
from screens.widgets.listed_rows import ListedRows
from screens.widgets.title_bar import TitleBar
from screens.widgets.virtual_table import VirtualTable
from screens.workplace import Workplace
from services.actor import Actor
from services.properties.values import MortgageRecord, Portfolio, PropertyRecord
from services.properties.words import mortgage_facts, property_facts, property_warnings, totals_lines


class PropertyTable(VirtualTable, inherit_bindings=True):
    """The list, whose Enter stands in the line of keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Open", key_display="Enter", id="properties.open", tooltip="All of this line"),
    ]


class PropertyList(DeskScreen[None]):
    """The properties and their mortgages, what they come to, and below the list all of the line under the cursor."""

    CSS_PATH = "properties.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "details", "All of it", show=False, id="properties.details", tooltip="All of this line, in full"),
        Binding("f5", "look", "Reload", show=False, id="properties.look", tooltip="Read the list anew"),
        Binding("escape", "leave", "Back", key_display="Esc", id="properties.leave", tooltip="Back"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-tall")]

    needs_session = True
    nothing_yet: ClassVar[str]

    table = query_one(PropertyTable)

    def __init__(self, place: Workplace, actor: Actor) -> None:
        super().__init__(place)
        self.actor = actor
        self.portfolio: Portfolio | None = None

    def compose(self) -> ComposeResult:
        yield TitleBar(WHERE, self.who())
        yield Static("", classes="totals", markup=False)
        yield PropertyTable(COLUMNS, self.call)
        yield Static("", classes="facts", markup=False)
        yield KeyLine()

    # mypy holds these; Textual's metaclass leaves no room for another.
    @abstractmethod
    def who(self) -> str:
        """Whose they are, or who looks, for the title."""

    @abstractmethod
    def heading(self, portfolio: Portfolio) -> str:
        """Where one is."""

    @abstractmethod
    async def read(self) -> Portfolio:
        """All of them."""

    def on_mount(self) -> None:
        """Show them."""
        self.table.focus()
        self.load()

    @work(exclusive=True, group="load", exit_on_error=False)
    async def load(self, follow: int | None = None) -> None:
        """Read the list anew, and go to the line with this key."""
        async with self.problems_told():
            await self.show(follow)

    async def show(self, follow: int | None = None) -> None:
        """The same within an action."""
        self.portfolio = await self.read()
        self.query_one(TitleBar).show_where(self.heading(self.portfolio))
        told = Content("\n").join(Content(line) for line in totals_lines(self.portfolio))
        self.query_one(".totals", Static).update(told)
        self.query_one(".totals").display = bool(self.portfolio.properties)
        self.table.empty_text = self.nothing_yet
        if follow is not None:
            self.table.cursor.follow(follow)
        self.table.show(ListedRows(lines(self.portfolio)))
        self.look_at_line()

    def here(self) -> PropertyRecord | MortgageRecord | None:
        """What the cursor stands on."""
        return None if self.portfolio is None or not self.is_mounted else found(self.portfolio, self.table.cursor_key)

    @on(VirtualTable.Highlighted)
    def look_at_line(self) -> None:
        """Show all of the line, and the keys that it has."""
        record, portfolio = self.here(), self.portfolio
        below = self.query_one(".facts", Static)
        below.display = record is not None
        if record is not None and portfolio is not None:
            below.update(
                facts_in_lines(self._facts(record, portfolio), self._warnings(record, portfolio), self.size.width)
            )
        self.refresh_bindings()

    def on_resize(self) -> None:
        """The facts follow the window."""
        if self.portfolio is not None:
            self.call_after_refresh(self.look_at_line)

    @on(VirtualTable.Chosen)
    def open(self) -> None:
        """Enter, or a click on the line under the cursor."""
        self.open_line()

    def open_line(self) -> None:
        """Show all of it in full."""
        self.action_details()

    @work(exit_on_error=False)
    async def action_details(self) -> None:
        """All of a line, as a dialog."""
        record, portfolio = self.here(), self.portfolio
        if record is not None and portfolio is not None and self.is_active:
            name = f"{record.name[:1].upper()}{record.name[1:]}"
            warnings = [("Look at", line) for line in self._warnings(record, portfolio)]
            await self.app.push_screen_wait(Details(name, [*self._facts(record, portfolio), *warnings]))

    def action_look(self) -> None:
        """Read the list anew."""
        self.load()

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)

    def _facts(self, record: PropertyRecord | MortgageRecord, portfolio: Portfolio) -> tuple[tuple[str, str], ...]:
        if isinstance(record, PropertyRecord):
            return property_facts(record, portfolio)
        return mortgage_facts(record, portfolio)

    def _warnings(self, record: PropertyRecord | MortgageRecord, portfolio: Portfolio) -> tuple[str, ...]:
        return property_warnings(record, portfolio) if isinstance(record, PropertyRecord) else ()
