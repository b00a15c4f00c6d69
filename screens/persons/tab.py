"""A tab that lists people: the table, what narrows it, and what is done with a row."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import ClassVar, Generic

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message

from screens.base import DeskScreen
from screens.dialogs.columns import Columns
from screens.dialogs.person import Person
from screens.dialogs.sort import Sort
from screens.list_tab import ListTab
from screens.persons.beside import PersonBeside
from screens.persons.keys import PERSON_KEYS, ROW_ACTION
from screens.persons.person_list import PersonList, V
from screens.persons.tasks import PersonTasks, Task
from screens.widgets.search_line import SearchLine
from screens.widgets.virtual_table import VirtualTable, first_to_go
from services.actor import Actor
from services.person_key import PersonKey
from services.rows import RowSource

KEEPING = 0.3
"""Seconds without another change after which order, filters and columns are kept for the next time."""


class PersonTable(VirtualTable, inherit_bindings=True):
    """The table, whose Enter stands in the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [ROW_ACTION]


class PersonTab(ListTab, Generic[V]):
    """Finds anybody, shows why they cannot get in, and mends it, for one or for all who are marked."""

    BINDINGS: ClassVar[list[BindingType]] = [*PERSON_KEYS]

    panel = getters.query_one(PersonBeside)

    @dataclass
    class Counted(Message):
        """The agency has so many of these people."""

        tab: str
        total: int

    class Done(Message):
        """Something was done with somebody; mail may be on its way."""

    def __init__(self, host: DeskScreen[None], actor: Actor, people: PersonList[V], *, id: str) -> None:
        super().__init__(host, actor, id=id)
        self._people = people
        self._view: V = people.view_kept(None)
        self._marking_all = False
        self.busy = False

    # What is shown

    def compose(self) -> ComposeResult:
        yield SearchLine(self._people.searched)
        with Horizontal(classes="list"):
            yield PersonTable(self._people.columns, self.host.call, marking=True)
            yield PersonBeside(self.host, self.actor, self._people.unselected)

    @work(exit_on_error=False)
    async def begin(self) -> None:
        """Show the table as this person last had it: rows first, the rest behind them."""
        async with self.host.problems_told():
            kept = await self.host.call(self.desk.preferences.get, self.actor, self._people.preference)
            self._view = self._people.view_kept(kept).searching(self.search.words)
            self.show_rows()
            await self.count()

    def source(self) -> RowSource:
        """The people that the view asks for."""
        return self._people.rows(self.desk, self.actor, self._view)

    async def count(self) -> None:
        """See how many there are in all."""
        total = await self.host.call(self._people.count, self.desk, self.actor)
        self.post_message(self.Counted(self.id or "", total))
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

    def show_rows(self) -> None:
        """Show them, and say what is left out."""
        view = self._view
        # Others are asked for now than those who should all be marked.
        self._marking_all = False
        self.table.hidden = view.hidden
        self.table.sort = view.mark
        self.table.empty_text = self._nobody()
        self.search.show_filter(view.filter_words, view.filtered_by)
        super().show_rows()

    def _nobody(self) -> str:
        if self._view.words.strip():
            return self._people.nobody
        return self._people.nobody_shown if self._view.filtered_by else self._people.none_yet

    def take_words(self, words: str) -> None:
        """Search for these words from now on."""
        self._view = self._view.searching(words)

    def clear_filters(self) -> None:
        """Show all states again."""
        if self._view.filtered_by:
            self.turn_to(self._view.unfiltered())

    def turn_to(self, view: V) -> None:
        """Another order, other filters or columns: show it, and keep it for the next time."""
        self._view = view
        self.show_rows()
        self.keep()

    @work(exclusive=True, group="keep", exit_on_error=False)
    async def keep(self) -> None:
        """Keep the view, once the person stops changing it."""
        await asyncio.sleep(KEEPING)
        async with self.host.problems_told():
            await self.host.call(self.desk.preferences.put, self.actor, self._people.preference, self._view.kept())

    @work(exit_on_error=False)
    async def action_sort(self) -> None:
        """Ask by which column."""
        columns = [(column, letter, self._people.titles[column]) for column, letter in self._people.letters]
        column = await self.app.push_screen_wait(Sort(columns, *self._view.mark))
        if column is not None:
            self.turn_to(self._view.sorted_by(column))

    @on(VirtualTable.SortRequested)
    def sort_by(self, event: VirtualTable.SortRequested) -> None:
        """A click on a header."""
        self.turn_to(self._view.sorted_by(event.column_key))

    @work(exit_on_error=False)
    async def action_columns(self) -> None:
        """Ask which columns to show."""
        columns = [(key, title) for key, title in self._people.titles.items() if key != "name"]
        hidden = await self.app.push_screen_wait(Columns(columns, self._view.hidden, first_to_go(self._people.columns)))
        if hidden is not None:
            self.turn_to(self._view.hiding(hidden))

    # What is done with a row

    @on(VirtualTable.Highlighted)
    def look_at(self, event: VirtualTable.Highlighted) -> None:
        """Another person is under the cursor."""
        self.panel.look_at(None if event.key is None else PersonKey(self._people.kind, event.key))

    @on(VirtualTable.Chosen)
    def open_actions(self, event: VirtualTable.Chosen) -> None:
        """Enter, or a second click on a row."""
        self.run_task("actions", PersonKey(self._people.kind, event.key))

    def action_task(self, name: str) -> None:
        """A key of a task."""
        person = self._selected()
        if person is not None:
            self.run_task(name, person)

    def action_person(self) -> None:
        """The panel as a dialog."""
        person = self._selected()
        if person is not None:
            self.show_person(person)

    def _tasks(self) -> PersonTasks:
        return self._people.tasks(self.host, self.actor, self.search.working)

    def _selected(self) -> PersonKey | None:
        key = self.table.cursor_key
        if key is None:
            self.notify(self._people.unselected, severity="warning", markup=False)
            return None
        return PersonKey(self._people.kind, key)

    @work(exit_on_error=False)
    async def run_task(self, name: str, person: PersonKey) -> None:
        """Do one task after the other, and look again at what it changed."""
        if self.busy:
            return
        self.busy = True
        try:
            task: Task = getattr(self._tasks(), name)
            async with self.host.problems_told():
                await task(person)
        finally:
            self.busy = False
        self.look_again()

    @work(exit_on_error=False)
    async def show_person(self, person: PersonKey) -> None:
        """Everything about somebody, where the terminal is too narrow for the panel."""
        async with self.host.problems_told():
            panel = await self.host.call(self.desk.people.panel, self.actor, person)
            action = await self.app.push_screen_wait(Person(panel, self.desk.ctx.clock.now()))
            if action is not None:
                await self._tasks().do(action, person)
        self.look_again()

    @work(exit_on_error=False)
    async def action_new(self) -> None:
        """Add somebody, and go to them."""
        async with self.host.problems_told():
            added = await self._tasks().new()
            if added is None:
                return
            # Somebody who was just added is shown, whatever was searched for before.
            self.search.clear()
            self.turn_to(self._view.searching("").unfiltered())
            self.look_again(added)
            await self.count()

    # What is done with many

    @on(VirtualTable.Marked)
    def show_marks(self, event: VirtualTable.Marked) -> None:
        """How many are marked stands above the list, those that it leaves out included."""
        self.search.show_marks(event.total)

    @on(VirtualTable.Counted)
    def mark_the_rest(self) -> None:
        """All who match are known now."""
        if self._marking_all and self.table.is_complete:
            self.action_mark_all()

    def action_mark_all(self) -> None:
        """Mark all who match words and filters, as soon as they are known; if they are marked, unmark everybody."""
        listing = self.table.listing
        self._marking_all = listing is None or not self.table.is_complete
        if listing is None or self._marking_all or not len(listing):
            return
        if self.table.marked.issuperset(listing.keys):
            self.table.clear_marks()
            return
        self.table.mark_all()
        count = len(self.table.marked)
        self.notify(f"{count:,} {'person is' if count == 1 else 'people are'} marked.", markup=False)

    def action_unmark_all(self) -> None:
        """Unmark everybody, those that the list leaves out included."""
        self._marking_all = False
        self.table.clear_marks()

    @work(exit_on_error=False)
    async def action_create_for_many(self) -> None:
        """Create accounts for all who are marked; the marks stay until that has begun."""
        if self.busy:
            return
        self.busy = True
        people = [PersonKey(self._people.kind, number) for number in sorted(self.table.marked)]
        try:
            async with self.host.problems_told():
                if await self._tasks().create_for_many(people):
                    self.table.clear_marks()
        finally:
            self.busy = False
        self.look_again()

    def look_again(self, follow: int | None = None) -> None:
        """Something was done: read the table and the panel anew, and go to a row if one is given."""
        self.table.reload(follow)
        self.panel.look()
        self.post_message(self.Done())
