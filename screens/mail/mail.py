"""The Mail tab: what was written to whom, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from models.states import MailState
from screens.base import DeskScreen
from screens.dialogs.mail_filter import STATE_WORDS, MailFilterMenu
from screens.list_tab import FILTER_KEY, SEARCH_KEY, SHOW_ALL_KEY
from screens.mail.message import MailMessage
from screens.newest_first import NewestFirstTab
from screens.widgets.search_line import SearchLine
from screens.widgets.virtual_table import Column, VirtualTable
from services.actor import Actor
from services.mail.mailbox import MAIL_COLUMNS, MailQuery
from services.rows import RowSource

_WIDTHS = (
    Column("when", "", 12),
    Column("to", "", 34, 21, flexible=True),
    Column("subject", "", 26, 18, flexible=True),
    Column("state", "", 40, 24, flexible=True),
)
_COLUMNS = tuple(replace(column, title=title) for column, title in zip(_WIDTHS, MAIL_COLUMNS, strict=True))
_NONE_YET = "No mail has been written yet.\n\nA welcome mail or a reset appears here as soon as it is sent."
_NOTHING = "No mail matches.\n\nEsc clears the search, then the filter."


class MailTable(VirtualTable, inherit_bindings=True):
    """The table of mails, whose Enter stands in the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Open", key_display="Enter", id="mail.open", tooltip="Read this mail"),
    ]


class MailTab(NewestFirstTab):
    """Mails and what became of each."""

    BINDINGS: ClassVar[list[BindingType]] = [FILTER_KEY, SEARCH_KEY, SHOW_ALL_KEY]

    def __init__(self, host: DeskScreen[None], actor: Actor, *, id: str) -> None:
        super().__init__(host, actor, id=id)
        self._query = MailQuery()

    def compose(self) -> ComposeResult:
        yield SearchLine("name, address or kind of mail")
        yield MailTable(_COLUMNS, self.host.call)

    def refresh_quietly(self) -> None:
        """Look what became of the mails in view, and whether there is a newer one."""
        super().refresh_quietly()
        self.table.freshen()

    def source(self) -> RowSource:
        """The mails that are asked for."""
        return self.desk.mail.rows(self.actor, self._query)

    def show_rows(self) -> None:
        """Show them, and say what is left out."""
        state = self._query.state
        narrowed = state is not None or bool(self._query.words.strip())
        self.table.empty_text = _NOTHING if narrowed else _NONE_YET
        self.search.show_filter("Show all" if state is None else f"Show {STATE_WORDS[state]}", state is not None)
        super().show_rows()

    def take_words(self, words: str) -> None:
        """Search for these words from now on."""
        self._query = replace(self._query, words=words)

    def clear_filters(self) -> None:
        """Show all states again."""
        if self._query.state is not None:
            self._show_state(None)

    def _show_state(self, state: MailState | None) -> None:
        self._query = replace(self._query, state=state)
        self.show_rows()

    async def ask_filter(self) -> None:
        """Ask which mails to show."""
        chosen = await self.app.push_screen_wait(MailFilterMenu(self._query.state))
        if chosen is not None:
            self._show_state(chosen.state)

    @on(VirtualTable.Chosen)
    @work(exit_on_error=False)
    async def open(self, event: VirtualTable.Chosen) -> None:
        """Show one mail."""
        async with self.host.problems_told():
            mail = await self.host.call(self.desk.mail.view, self.actor, event.key)
            await self.app.push_screen_wait(MailMessage(self.host.place, self.actor, mail))
        self.refresh_quietly()
