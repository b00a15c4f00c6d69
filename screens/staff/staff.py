"""The Office staff tab."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from screens.base import DeskScreen
from screens.dialogs.sort import Sort
from screens.dialogs.staff_filter import StaffFilterMenu
from screens.persons.tab import PersonList, PersonTab
from screens.staff.tasks import StaffTasks
from screens.staff.view import StaffView, view_kept
from screens.staff.words import COLUMN_TITLES, SORT_LETTERS, STAFF_TABLE
from services.actor import Actor
from services.person_key import PersonKind
from services.rows import RowSource
from services.staff.values import StaffSort


class StaffTab(PersonTab[StaffView]):
    """The people who work for the agency; it is read when it is first looked at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "b",
            "create_for_many",
            "Many",
            id="staff.many",
            tooltip="Create accounts for the marked rows, or for all active staff without one",
        ),
        Binding(
            "m",
            "mark_all",
            "Mark all",
            show=False,
            id="staff.mark_all",
            tooltip="Mark all who are shown; again unmarks all",
        ),
        Binding(
            "o",
            "old_system",
            "Old system",
            show=False,
            id="staff.old_system",
            tooltip="Who is over from the old system, who is not and why, and the day on which the access key closes",
        ),
        # The footer has room for eight keys.
        Binding("r", "task('reset')", "Reset", show=False, id="people.reset", tooltip="Send a reset, with its reason"),
    ]
    LIST: ClassVar[PersonList] = PersonList(
        kind=PersonKind.STAFF,
        preference="staff",
        columns=STAFF_TABLE,
        titles=COLUMN_TITLES,
        searched="name, e-mail or cell number",
        none_yet="No office staff yet.\n\nPress n to add somebody, or quit and run\ntrakdesk import staff FILE",
        nobody="Nobody matches.\n\nEsc clears the search.",
        nobody_shown="Nobody is in this state.\n\nEsc shows all office staff.",
        unselected="Nobody is selected.",
        marking=True,
    )

    def __init__(self, host: DeskScreen[None], actor: Actor, *, id: str) -> None:
        super().__init__(host, actor, StaffView(), id=id)
        self._entered = False

    def on_mount(self) -> None:
        """How many there are stands above from the beginning."""
        self.tell_count()

    @work(exit_on_error=False)
    async def tell_count(self) -> None:
        """Count them."""
        async with self.host.problems_told():
            await self.count()

    def enter(self) -> None:
        """The part comes into sight: read the list, or look what is new."""
        super().enter()
        if self._entered:
            self.refresh_quietly()
        else:
            self._entered = True
            self.begin()

    def refresh_quietly(self) -> None:
        """Look whether anything has changed, once there is something to look at."""
        if self._entered:
            super().refresh_quietly()

    def view_kept(self, kept: dict[str, Any] | None) -> StaffView:
        """The view that was kept, or the first one."""
        return view_kept(kept)

    def total(self) -> int:
        """How many there are."""
        return self.desk.staff.count(self.actor)

    def source(self) -> RowSource:
        """The people that the view asks for."""
        return self.desk.staff.rows(self.actor, self._view.query)

    def tasks(self) -> StaffTasks:
        """What is done with a colleague."""
        return StaffTasks(self.host, self.actor, self.search.working)

    async def ask_filter(self) -> None:
        """Ask whom to show."""
        async with self.host.problems_told():
            offices = await self.host.call(self.desk.staff.offices, self.actor)
            chosen = await self.app.push_screen_wait(StaffFilterMenu(self._view.filter, offices))
            if chosen is not None:
                self.turn_to(self._view.filtered(chosen))

    async def ask_sort(self) -> StaffSort | None:
        """Ask by which column."""
        columns = [(column, key, COLUMN_TITLES[column.value]) for column, key in SORT_LETTERS.items()]
        return await self.app.push_screen_wait(Sort(columns, *self._view.mark))

    def action_mark_all(self) -> None:
        """Mark all who match words and filters; if they are marked already, unmark everybody."""
        listing = self.table.listing
        if listing is not None and self.table.marked.issuperset(listing.keys):
            self.table.clear_marks()
            return
        self.table.mark_all()
        count = len(self.table.marked)
        self.notify(f"{count:,} {'person is' if count == 1 else 'people are'} marked.", markup=False)

    @work(exit_on_error=False)
    async def action_old_system(self) -> None:
        """Show how far the migration is."""
        # Imported when it is needed: few days see it.
        from screens.migration_board import MigrationBoard

        await self.app.push_screen_wait(MigrationBoard(self.host.place, self.actor))
        self.look_again()

    @work(exit_on_error=False)
    async def action_create_for_many(self) -> None:
        """Create accounts for many people at once."""
        if self.busy:
            return
        self.busy = True
        try:
            async with self.host.problems_told():
                await self.tasks().create_for_many(self.table.marked)
                self.table.clear_marks()
        finally:
            self.busy = False
        self.look_again()
