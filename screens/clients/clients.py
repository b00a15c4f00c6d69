"""The Clients tab."""

from __future__ import annotations

from typing import Any, ClassVar

from screens.base import DeskScreen
from screens.clients.tasks import ClientTasks
from screens.clients.view import ClientView, view_kept
from screens.clients.words import COLUMN_WORDS, SORT_KEYS, TABLE_COLUMNS
from screens.dialogs.client_filter import ClientFilterMenu
from screens.dialogs.sort import Sort
from screens.persons.tab import PersonList, PersonTab
from services.actor import Actor
from services.clients.values import SortColumn
from services.person_key import PersonKind
from services.rows import RowSource


class ClientsTab(PersonTab[ClientView]):
    """The clients of the agency."""

    LIST: ClassVar[PersonList] = PersonList(
        kind=PersonKind.CLIENT,
        preference="clients",
        columns=TABLE_COLUMNS,
        titles=COLUMN_WORDS,
        searched="name, e-mail or phone",
        none_yet="No clients yet.\n\nPress n to add one, or quit and run\ntrakdesk import clients FILE",
        nobody="Nobody matches.\n\nEsc clears the search.",
        nobody_shown="Nobody is in this state.\n\nEsc shows all clients.",
        unselected="No client is selected.",
    )

    def __init__(self, host: DeskScreen[None], actor: Actor, *, id: str) -> None:
        super().__init__(host, actor, ClientView(), id=id)

    def on_mount(self) -> None:
        """It is what one sees first."""
        self.table.focus()
        self.begin()

    def view_kept(self, kept: dict[str, Any] | None) -> ClientView:
        """The view that was kept, or the first one."""
        return view_kept(kept)

    def total(self) -> int:
        """How many clients there are."""
        return self.desk.clients.count(self.actor)

    def source(self) -> RowSource:
        """The clients that the view asks for."""
        return self.desk.clients.rows(self.actor, self._view.query)

    def tasks(self) -> ClientTasks:
        """What is done with a client."""
        return ClientTasks(self.host, self.actor, self.search.working)

    async def ask_filter(self) -> None:
        """Ask which clients to show."""
        chosen = await self.app.push_screen_wait(ClientFilterMenu(self._view.filter))
        if chosen is not None:
            self.turn_to(self._view.filtered(chosen))

    async def ask_sort(self) -> SortColumn | None:
        """Ask by which column."""
        columns = [(column, key, COLUMN_WORDS[column.value]) for column, key in SORT_KEYS.items()]
        return await self.app.push_screen_wait(Sort(columns, *self._view.mark))
