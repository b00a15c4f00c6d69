"""A part of the desk that is a long list: a search line above a table."""

from __future__ import annotations

from abc import abstractmethod

from textual import getters, on, work
from textual.binding import Binding
from textual.containers import Vertical
from textual.worker import Worker

from screens.base import DeskScreen
from screens.widgets.search_line import FilterButton, SearchInput, SearchLine
from screens.widgets.virtual_table import VirtualTable
from services.actor import Actor
from services.rows import RowSource

FILTER_KEY = Binding("f", "filter", "Filter", id="list.filter", tooltip="Show only some")
SEARCH_KEY = Binding(
    "slash",
    "search",
    "Search",
    key_display="/",
    id="list.search",
    tooltip="Type what to search for",
    # What is typed right behind it must not reach the table, whose letters are actions.
    priority=True,
)
SHOW_ALL_KEY = Binding(
    "escape", "show_all", "Show all", show=False, id="list.all", tooltip="Clear the search, then the filters"
)
"""Each list puts these keys where they belong among its own."""


class ListTab(Vertical):
    """Searches while one types, counts, and tells when the list cannot be read; a subclass says what the list is."""

    search = getters.query_one(SearchLine)
    table = getters.query_one(VirtualTable)

    def __init__(self, host: DeskScreen[None], actor: Actor, *, id: str) -> None:
        """`host` is the screen on which the part stands: it calls services and tells problems."""
        super().__init__(id=id)
        self.host = host
        self.desk = host.desk
        self.actor = actor
        self._failed = False

    # mypy holds these; Textual's metaclass leaves no room for another.
    @abstractmethod
    def source(self) -> RowSource:
        """The rows that are asked for now."""

    @abstractmethod
    def take_words(self, words: str) -> None:
        """Search for these words from now on."""

    @abstractmethod
    def clear_filters(self) -> None:
        """Leave nobody out but by the words, if anybody is left out."""

    @abstractmethod
    async def ask_filter(self) -> None:
        """Ask what to show, and show it."""

    def show_rows(self) -> None:
        """Show what is asked for now; what was shown stays until its first rows are here."""
        self.search.counting()
        self.table.show(self.source())

    def enter(self) -> None:
        """The part comes into sight; a key that was pressed right behind the one that led here belongs to it."""
        self.screen.set_focus(self.table)

    def refresh_quietly(self) -> None:
        """Look whether anything has changed; what could not be read is tried again."""
        if self._failed:
            self.table.reload()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While somebody types, these keys are text."""
        return self.table.has_focus

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A worker tells only its own node how it ended; a fault in it is for the app."""
        self.app.post_message(Worker.StateChanged(event.worker, event.state))

    @on(SearchLine.Typed)
    def search_for(self, event: SearchLine.Typed) -> None:
        """Search while somebody types; what is typed next overtakes it."""
        self.take_words(event.words)
        self.show_rows()

    @on(SearchInput.Left)
    def go_to_list(self) -> None:
        """From the search to the list."""
        self.screen.set_focus(self.table)

    @on(VirtualTable.Counted)
    def say_count(self, event: VirtualTable.Counted) -> None:
        """All rows are known now."""
        self._failed = False
        self.search.show_count(event.total)

    @on(VirtualTable.Failed)
    @work(exit_on_error=False)
    async def say_failure(self, event: VirtualTable.Failed) -> None:
        """The rows cannot be read; that is told once, and tried again quietly."""
        if not self._failed:
            self._failed = True
            await self.host.tell(event.error)

    def action_search(self) -> None:
        """Type what to search for."""
        self.search.begin()

    def action_show_all(self) -> None:
        """Esc takes back the search, then the filters."""
        if self.search.words:
            self.search.clear()
        else:
            self.clear_filters()

    @on(FilterButton.Pressed)
    @work(exit_on_error=False)
    async def action_filter(self) -> None:
        """Ask what to show."""
        await self.ask_filter()
