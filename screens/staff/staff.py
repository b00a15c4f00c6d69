"""The Office staff tab."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from screens.base import DeskScreen
from screens.dialogs.filter_menu import StaffFilterMenu
from screens.persons.person_list import PersonList
from screens.persons.tab import PersonTab
from screens.staff.tasks import StaffTasks
from screens.staff.view import StaffView, view_kept
from screens.staff.words import COLUMN_TITLES, SORT_LETTERS, STAFF_TABLE
from services.actor import Actor
from services.person_key import PersonKind

_STAFF = PersonList(
    kind=PersonKind.STAFF,
    preference="staff",
    columns=STAFF_TABLE,
    titles=COLUMN_TITLES,
    letters=tuple(SORT_LETTERS.items()),
    searched="name, e-mail or cell number",
    none_yet="No office staff yet.\n\nPress n to add somebody, or quit and run\ntrakdesk import staff FILE",
    nobody="Nobody matches.\n\nEsc clears the search.",
    nobody_shown="Nobody is in this state.\n\nEsc shows all office staff.",
    unselected="Nobody is selected.",
    view_kept=view_kept,
    count=lambda desk, actor: desk.staff.count(actor),
    rows=lambda desk, actor, view: desk.staff.rows(actor, view.query),
    tasks=StaffTasks,
)


class StaffTab(PersonTab[StaffView]):
    """The people who work for the agency; it is read when it is first looked at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "b",
            "create_for_many",
            "Many",
            id="people.many",
            tooltip="Create accounts for the marked rows, or for all active staff without one",
        ),
        Binding(
            "o",
            "old_system",
            "Old system",
            show=False,
            id="staff.old_system",
            tooltip="Who is over from the old system, who is not and why, and the day on which the access key closes",
        ),
        Binding(
            "z",
            "task('ssh_keys')",
            "SSH keys",
            show=False,
            id="staff.ssh_keys",
            tooltip="SSH keys that stand for this person's password",
        ),
        # The footer has room for eight keys.
        Binding("r", "task('reset')", "Reset", show=False, id="people.reset", tooltip="Send a reset, with its reason"),
    ]

    def __init__(self, host: DeskScreen[None], actor: Actor, *, id: str) -> None:
        super().__init__(host, actor, _STAFF, id=id)
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

    async def ask_filter(self) -> None:
        """Ask whom to show."""
        async with self.host.problems_told():
            offices = await self.host.call(self.desk.staff.offices, self.actor)
            chosen = await self.app.push_screen_wait(StaffFilterMenu(self._view.filter, offices))
            if chosen is not None:
                self.turn_to(self._view.filtered(chosen))

    @work(exit_on_error=False)
    async def action_old_system(self) -> None:
        """Show how far the migration is."""
        # Imported when it is needed: few days see it.
        from screens.migration_board import MigrationBoard

        await self.app.push_screen_wait(MigrationBoard(self.host.place, self.actor))
        self.look_again()
