"""The Clients tab."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from screens.base import DeskScreen
from screens.clients.tasks import ClientTasks
from screens.clients.view import ClientView, view_kept
from screens.clients.words import COLUMN_WORDS, SORT_KEYS, TABLE_COLUMNS
from screens.dialogs.filter_menu import ClientFilterMenu
from screens.persons.person_list import PersonList
from screens.persons.tab import PersonTab
from services.actor import Actor
from services.person_key import PersonKind

_CLIENTS = PersonList(
    kind=PersonKind.CLIENT,
    preference="clients",
    columns=TABLE_COLUMNS,
    titles=COLUMN_WORDS,
    letters=tuple(SORT_KEYS.items()),
    searched="name, e-mail or phone",
    none_yet="No clients yet.\n\nPress n to add one, or quit and run\ntrakdesk import clients FILE",
    nobody="Nobody matches.\n\nEsc clears the search.",
    nobody_shown="Nobody is in this state.\n\nEsc shows all clients.",
    unselected="No client is selected.",
    view_kept=view_kept,
    count=lambda desk, actor: desk.clients.count(actor),
    rows=lambda desk, actor, view: desk.clients.rows(actor, view.query),
    tasks=ClientTasks,
)


class ClientsTab(PersonTab[ClientView]):
    """The clients of the agency."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "o",
            "task('properties')",
            "My Properties",
            show=False,
            id="clients.properties",
            tooltip="What the client owns and owes",
        ),
        Binding(
            "l",
            "task('analytics')",
            "Analytics",
            show=False,
            id="clients.analytics",
            tooltip="The client's numbers as charts",
        ),
    ]

    def __init__(self, host: DeskScreen[None], actor: Actor, *, id: str) -> None:
        super().__init__(host, actor, _CLIENTS, id=id)

    def on_mount(self) -> None:
        """It is what one sees first."""
        self.table.focus()
        self.begin()

    async def ask_filter(self) -> None:
        """Ask which clients to show."""
        chosen = await self.app.push_screen_wait(ClientFilterMenu(self._view.filter))
        if chosen is not None:
            self.turn_to(self._view.filtered(chosen))
