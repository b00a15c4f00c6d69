"""The Clients tab: the table of all clients, what narrows it, and what is done with a row."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message

from screens.base import DeskScreen
from screens.client_keys import CLIENT_KEYS, ROW_ACTION
from screens.client_panel import ClientPanel
from screens.client_tasks import ClientTasks, Task
from screens.client_view import ClientView, view_kept
from screens.client_words import COLUMN_WORDS, TABLE_COLUMNS
from screens.dialogs.client_filter import ClientFilter, ClientFilterMenu
from screens.dialogs.client_sort import ClientSort
from screens.dialogs.columns import Columns
from screens.dialogs.person import Person
from screens.list_tab import ListTab
from screens.widgets.search_line import SearchLine
from screens.widgets.virtual_table import VirtualTable
from services.actor import Actor
from services.client_values import SortColumn
from services.rows import RowSource

KEEPING = 0.3
"""Seconds without another change after which order, filters and columns are kept for the next time."""

_PREFERENCE = "clients"
_NONE_YET = "No clients yet.\n\nPress n to add one, or quit and run\ntrakdesk import clients FILE"
_NOBODY = "Nobody matches.\n\nEsc clears the search."
_NOBODY_SHOWN = "Nobody is in this state.\n\nEsc shows all clients."


class ClientTable(VirtualTable, inherit_bindings=True):
    """The table of clients, whose Enter stands in the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [ROW_ACTION]


class ClientsTab(ListTab):
    """Finds anybody, shows why they cannot get in, and mends it."""

    BINDINGS: ClassVar[list[BindingType]] = [*CLIENT_KEYS]

    panel = getters.query_one(ClientPanel)

    @dataclass
    class Counted(Message):
        """The agency has so many clients."""

        total: int

    class Done(Message):
        """Something was done with a client; mail may be on its way."""

    def __init__(self, host: DeskScreen[None], actor: Actor, *, id: str) -> None:
        super().__init__(host, actor, id=id)
        self._view = ClientView()
        self.busy = False

    def compose(self) -> ComposeResult:
        yield SearchLine("name, e-mail or phone")
        with Horizontal(classes="list"):
            yield ClientTable(TABLE_COLUMNS, self.host.call)
            yield ClientPanel(self.host, self.actor)

    def on_mount(self) -> None:
        """Show the table as this person last had it."""
        self.table.focus()
        self.begin()

    @work(exit_on_error=False)
    async def begin(self) -> None:
        """Rows first, the rest behind them."""
        async with self.host.problems_told():
            kept = await self.host.call(self.desk.preferences.get, self.actor, _PREFERENCE)
            self._view = view_kept(kept).searching(self.search.words)
            self.show_rows()
            await self.count()

    async def count(self) -> None:
        """See how many there are in all."""
        total = await self.host.call(self.desk.clients.count, self.actor)
        self.post_message(self.Counted(total))
        self.search.show_total(total)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Beside the panel nobody needs it as a dialog."""
        if action == "person" and self.panel.display:
            return False
        return super().check_action(action, parameters)

    def refresh_quietly(self) -> None:
        """Look whether somebody else, or the mail server, has changed anything."""
        super().refresh_quietly()
        self.table.freshen()
        self.panel.look()

    # What is shown

    def source(self) -> RowSource:
        """The clients that the view asks for."""
        return self.desk.clients.rows(self.actor, self._view.query)

    def show_rows(self) -> None:
        """Show them, and say what is left out."""
        view = self._view
        self.table.hidden = view.hidden
        self.table.sort = (view.query.sort.value, view.query.descending)
        self.table.empty_text = self._nobody()
        self.search.show_filter(view.filter.words, view.filter != ClientFilter())
        super().show_rows()

    def _nobody(self) -> str:
        if self._view.query.words.strip():
            return _NOBODY
        return _NOBODY_SHOWN if self._view.narrowed else _NONE_YET

    def take_words(self, words: str) -> None:
        """Search for these words from now on."""
        self._view = self._view.searching(words)

    def clear_filters(self) -> None:
        """Show all states again."""
        if self._view.narrowed:
            self._turn_to(self._view.filtered(ClientFilter()))

    def _turn_to(self, view: ClientView) -> None:
        """Another order, other filters or columns: show it, and keep it for the next time."""
        self._view = view
        self.show_rows()
        self.keep()

    @work(exclusive=True, group="keep", exit_on_error=False)
    async def keep(self) -> None:
        """Keep the view, once the person stops changing it."""
        await asyncio.sleep(KEEPING)
        async with self.host.problems_told():
            await self.host.call(self.desk.preferences.put, self.actor, _PREFERENCE, self._view.kept())

    async def ask_filter(self) -> None:
        """Ask which clients to show."""
        chosen = await self.app.push_screen_wait(ClientFilterMenu(self._view.filter))
        if chosen is not None:
            self._turn_to(self._view.filtered(chosen))

    @work(exit_on_error=False)
    async def action_sort(self) -> None:
        """Ask by which column."""
        column = await self.app.push_screen_wait(ClientSort(self._view.query.sort, self._view.query.descending))
        if column is not None:
            self._turn_to(self._view.sorted_by(column))

    @on(VirtualTable.SortRequested)
    def sort_by(self, event: VirtualTable.SortRequested) -> None:
        """A click on a header."""
        if event.column_key in list(SortColumn):
            self._turn_to(self._view.sorted_by(SortColumn(event.column_key)))

    @work(exit_on_error=False)
    async def action_columns(self) -> None:
        """Ask which columns to show."""
        columns = [(key, words) for key, words in COLUMN_WORDS.items() if key != "name"]
        hidden = await self.app.push_screen_wait(Columns(columns, self._view.hidden))
        if hidden is not None:
            self._turn_to(self._view.hiding(hidden))

    # What is done with a row

    @on(VirtualTable.Highlighted)
    def look_at(self, event: VirtualTable.Highlighted) -> None:
        """Another person is under the cursor."""
        self.panel.look_at(event.key)

    @on(VirtualTable.Chosen)
    def open_actions(self, event: VirtualTable.Chosen) -> None:
        """Enter, or a second click on a row."""
        self.run_task("actions", event.key)

    def action_task(self, name: str) -> None:
        """A key of a task."""
        key = self._selected()
        if key is not None:
            self.run_task(name, key)

    def action_person(self) -> None:
        """The panel as a dialog."""
        key = self._selected()
        if key is not None:
            self.show_person(key)

    def _selected(self) -> int | None:
        key = self.table.cursor_key
        if key is None:
            self.notify("No client is selected.", severity="warning", markup=False)
        return key

    def _tasks(self) -> ClientTasks:
        return ClientTasks(self.host, self.actor, self.search.working)

    @work(exit_on_error=False)
    async def run_task(self, name: str, client_id: int) -> None:
        """Do one task after the other, and look again at what it changed."""
        if self.busy:
            return
        self.busy = True
        try:
            task: Task = getattr(self._tasks(), name)
            async with self.host.problems_told():
                await task(client_id)
        finally:
            self.busy = False
        self._look_again()

    @work(exit_on_error=False)
    async def show_person(self, client_id: int) -> None:
        """Everything about a client, where the terminal is too narrow for the panel."""
        async with self.host.problems_told():
            person = await self.host.call(self.desk.people.panel, self.actor, client_id)
            action = await self.app.push_screen_wait(Person(person, self.desk.ctx.clock.now()))
            if action is not None:
                await self._tasks().do(action, client_id)
        self._look_again()

    @work(exit_on_error=False)
    async def action_new(self) -> None:
        """Add a client, and go to them."""
        async with self.host.problems_told():
            added = await self._tasks().new()
            if added is None:
                return
            # Somebody who was just added is shown, whatever was searched for before.
            self.search.clear()
            self._turn_to(self._view.searching("").filtered(ClientFilter()))
            self._look_again(added)
            await self.count()

    def _look_again(self, follow: int | None = None) -> None:
        self.table.reload(follow)
        self.panel.look()
        self.post_message(self.Done())
