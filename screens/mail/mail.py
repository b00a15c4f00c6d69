"""The Mail tab: what was written to whom, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from models.states import MailState
from screens.by_state_tab import ByStateTab
from screens.list_tab import FILTER_KEY, SEARCH_KEY, SHOW_ALL_KEY
from screens.mail.message import MailMessage
from screens.widgets.search_line import SearchLine
from screens.widgets.virtual_table import Column, VirtualTable
from services.mail.mailbox import MAIL_COLUMNS, MailQuery
from services.rows import RowSource

_WIDTHS = (
    Column("when", "", 12),
    Column("to", "", 34, 21, flexible=True),
    Column("subject", "", 26, 18, flexible=True),
    Column("state", "", 40, 24, flexible=True),
)
_COLUMNS = tuple(replace(column, title=title) for column, title in zip(_WIDTHS, MAIL_COLUMNS, strict=True))
_STATES = {
    MailState.QUEUED: "queued",
    MailState.DEFERRED: "deferred",
    MailState.SENT: "sent",
    MailState.FAILED: "failed",
    MailState.SUPERSEDED: "superseded",
    MailState.EXPIRED: "not sent in time",
}


class MailTable(VirtualTable, inherit_bindings=True):
    """The table of mails, whose Enter stands in the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Open", key_display="Enter", id="mail.open", tooltip="Read this mail"),
    ]


class MailTab(ByStateTab[MailState]):
    """Mails and what became of each."""

    BINDINGS: ClassVar[list[BindingType]] = [FILTER_KEY, SEARCH_KEY, SHOW_ALL_KEY]
    STATES = _STATES
    WHICH = "Which mails to show"
    NONE_YET = "No mail has been written yet.\n\nA welcome mail or a reset appears here as soon as it is sent."
    NOTHING = "No mail matches.\n\nEsc clears the search, then the filter."

    def compose(self) -> ComposeResult:
        yield SearchLine("name, address or kind of mail")
        yield MailTable(_COLUMNS, self.host.call)

    def source(self) -> RowSource:
        """The mails that are asked for."""
        return self.desk.mail.rows(self.actor, MailQuery(self.typed, self.state))

    @on(VirtualTable.Chosen)
    @work(exit_on_error=False)
    async def open(self, event: VirtualTable.Chosen) -> None:
        """Show one mail."""
        async with self.host.problems_told():
            mail = await self.host.call(self.desk.mail.view, self.actor, event.key)
            await self.app.push_screen_wait(MailMessage(self.host.place, self.actor, mail))
        self.refresh_quietly()
