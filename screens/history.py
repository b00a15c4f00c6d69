"""What happened to a person: who did what, when, from where, and how it ended."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from models.states import AuditResult
from screens.base import NARROW, DeskScreen
from screens.clients.words import TAB_TITLES, called
from screens.dialogs.details import Details
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from screens.widgets.virtual_table import Column, VirtualTable
from screens.workplace import Workplace
from services.actor import Actor
from services.clients.values import HistoryEntry
from services.person_key import PersonKey
from services.rows import TableRow
from services.when import show_moment

PAGE = 200
"""Entries that a service gives at once."""

Page = Callable[[int | None], tuple[HistoryEntry, ...]]

_COLUMNS = (
    # Of another year the day is seen; Enter shows the whole.
    Column("when", "When", 12),
    Column("who", "Who", 20, 14, hide_below=NARROW),
    Column("what", "What", 44, 20, flexible=True),
    Column("where", "From", 20, 12),
    Column("reason", "Reason", 24, 12, flexible=True, hide_below=110),
)
_RESULTS = {
    AuditResult.DONE: ("✓", "done"),
    AuditResult.REFUSED: ("✗", "refused"),
    AuditResult.FAILED: ("✗", "failed"),
}


class Events(DeskScreen[None]):
    """Newest first; older entries are fetched when the cursor comes to the last one."""

    CSS_PATH = "history.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", key_display="Esc", id="history.leave", tooltip="Back to the list"),
    ]

    needs_session = True

    def __init__(self, place: Workplace, actor: Actor, *, where: str, heading: str, page: Page) -> None:
        """Show what `page` gives: the next entries that are older than the one with this number.

        `where` stands in the title, `heading` above the table.
        """
        super().__init__(place)
        self._actor = actor
        self._where = where
        self._heading = heading
        self._page = page
        self._entries: list[HistoryEntry] = []
        self._more = True

    def compose(self) -> ComposeResult:
        yield TitleBar(self._where, f"{self._actor.name} · {self._actor.role}")
        yield Static(Content(self._heading), classes="heading")
        yield HistoryTable(_COLUMNS, self.call, empty_text="Nothing has happened yet.")
        yield KeyLine()

    def on_mount(self) -> None:
        """Fetch the newest."""
        self.query_one(HistoryTable).focus()
        self.fetch()

    @work(exclusive=True, exit_on_error=False)
    async def fetch(self) -> None:
        """Fetch the next entries, if there are older ones."""
        if not self._more:
            return
        async with self.problems_told():
            before = self._entries[-1].id if self._entries else None
            entries = await self.call(self._page, before)
            self._entries.extend(entries)
            self._more = len(entries) == PAGE
            source = _Entries(tuple(self._entries), self.desk.ctx.clock.now())
            self.query_one(HistoryTable).show(source)

    @on(VirtualTable.Highlighted)
    def go_on(self, event: VirtualTable.Highlighted) -> None:
        """At the last row, the next ones are fetched."""
        if event.index is not None and event.index >= len(self._entries) - 1:
            self.fetch()

    @on(VirtualTable.Chosen)
    @work(exit_on_error=False)
    async def open(self, event: VirtualTable.Chosen) -> None:
        """Show one entry in full."""
        entry = self._entries[event.key]
        sign, result = _RESULTS[entry.result]
        await self.app.push_screen_wait(
            Details(
                f"{sign} {entry.words}",
                [
                    ("When", f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S %Z}"),
                    ("Who", entry.actor),
                    ("From", _where(entry)),
                    ("Result", result),
                    ("Reason", entry.reason),
                    ("Said", "\n".join(entry.transcript)),
                    ("Event", entry.action),
                ],
            )
        )

    def action_leave(self) -> None:
        """Back to the list."""
        self.dismiss(None)


class History(Events):
    """Of a person, as the helpdesk sees it."""

    def __init__(self, place: Workplace, actor: Actor, person: PersonKey, name: str) -> None:
        super().__init__(
            place,
            actor,
            where=TAB_TITLES[person.kind],
            heading=f"History of {called(name)}",
            page=lambda before: place.desk.people.history(actor, person, before),
        )


class HistoryTable(VirtualTable, inherit_bindings=True):
    """The table of the history, whose Enter stands in the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Details", key_display="Enter", id="history.open", tooltip="Show the entry in full"),
        Binding("pagedown", "page(1)", "Older", key_display="PgDn", id="history.older", tooltip="Go to older entries"),
    ]


class _Entries:
    """Entries that are here already, as the rows of a table."""

    def __init__(self, entries: Sequence[HistoryEntry], now: datetime) -> None:
        self._rows = [_row(number, entry, now) for number, entry in enumerate(entries)]

    def first(self, count: int) -> list[TableRow]:
        """The first rows."""
        return self._rows[:count]

    def keys(self, cancelled: Callable[[], bool]) -> array[int]:
        """The keys are the numbers."""
        return array("q", range(len(self._rows)))

    def rows(self, keys: Sequence[int]) -> dict[int, TableRow]:
        """The rows by number."""
        return {key: self._rows[key] for key in keys}


def _row(number: int, entry: HistoryEntry, now: datetime) -> TableRow:
    sign, _ = _RESULTS[entry.result]
    mark = "" if entry.result is AuditResult.DONE else "error"
    cells = (show_moment(entry.at, now), entry.actor, f"{sign} {entry.words}", _where(entry), entry.reason)
    return TableRow(number, cells, ("muted", "", mark, "muted", ""))


def _where(entry: HistoryEntry) -> str:
    return f"{entry.surface} · {entry.place}" if entry.place else entry.surface.value
