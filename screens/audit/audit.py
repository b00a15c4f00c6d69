"""The Audit tab: who did what to whom, when and from where, and whether all of it is as it was written."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from screens.base import DeskScreen
from screens.dialogs.audit_filter import AuditFilterMenu
from screens.dialogs.details import Details
from screens.list_tab import FILTER_KEY, SEARCH_KEY, SHOW_ALL_KEY
from screens.newest_first import NewestFirstTab
from screens.saving import save_as
from screens.widgets.search_line import SearchLine
from screens.widgets.virtual_table import Column, VirtualTable
from services.actor import Actor
from services.auditing.export import Format
from services.auditing.query import AuditFilter, AuditQuery
from services.auditing.trail import AUDIT_COLUMNS, AuditStanding, AuditView
from services.errors import DeskError
from services.rows import RowSource

_WIDTHS = (
    Column("when", "", 12),
    Column("who", "", 16, 13),
    Column("what", "", 40, 24, flexible=True),
    Column("whom", "", 26, 18, flexible=True),
    Column("where", "", 18, 12, hide_below=110),
    Column("reason", "", 30, 12, flexible=True, hide_below=130),
)
_COLUMNS = tuple(replace(column, title=title) for column, title in zip(_WIDTHS, AUDIT_COLUMNS, strict=True))
_NONE_YET = "Nothing has happened yet."
_NOTHING = "No entry matches.\n\nEsc clears the search, then the filter."
_NOT_PROVED = "This entry is not as it was written. `trakdesk audit verify` tells more."


class AuditTable(VirtualTable, inherit_bindings=True):
    """The table of entries, whose Enter stands in the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Whole entry", key_display="Enter", id="audit.open", tooltip="Show the entry whole"),
    ]


class AuditTab(NewestFirstTab):
    """What happened, and below it whether all of it is as it was written."""

    DEFAULT_CSS = """
    AuditTab {
        .standing { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        .standing.-broken { color: $text-error; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        FILTER_KEY,
        SEARCH_KEY,
        Binding("x", "export", "Export", id="audit.export", tooltip="Write what is shown into a file"),
        SHOW_ALL_KEY,
    ]

    sealed = getters.query_one(".standing", Static)

    def __init__(self, host: DeskScreen[None], actor: Actor, *, id: str) -> None:
        super().__init__(host, actor, id=id)
        self._query = AuditQuery()

    def compose(self) -> ComposeResult:
        yield SearchLine("who, whom, what, where or why")
        yield AuditTable(_COLUMNS, self.host.call)
        yield Static("", classes="standing", markup=False)

    def look_around(self) -> None:
        """Another entry stands first: the seal is looked at anew."""
        self.look_at_chain()

    @work(exclusive=True, group="chain", exit_on_error=False)
    async def look_at_chain(self) -> None:
        """Say how many entries there are, and whether the newest are as they were written."""
        # Whoever may not read the audit hears so from the table.
        with contextlib.suppress(DeskError):
            self._say(await self.host.call(self.desk.audit.standing, self.actor))

    def _say(self, standing: AuditStanding) -> None:
        self.sealed.update(Content(standing.words if standing.holds else f"▲ {standing.words}"))
        self.sealed.set_class(not standing.holds, "-broken")

    def source(self) -> RowSource:
        """The entries that are asked for."""
        return self.desk.audit.rows(self.actor, self._query)

    def show_rows(self) -> None:
        """Show them, and say what is left out."""
        chosen = self._query.filter
        narrowed = chosen != AuditFilter()
        self.table.empty_text = _NOTHING if narrowed or self._query.words.strip() else _NONE_YET
        self.search.show_filter(chosen.words, narrowed)
        super().show_rows()

    def take_words(self, words: str) -> None:
        """Search for these words from now on."""
        self._query = replace(self._query, words=words)

    def clear_filters(self) -> None:
        """Show everything again."""
        if self._query.filter != AuditFilter():
            self._show_only(AuditFilter())

    def _show_only(self, chosen: AuditFilter) -> None:
        self._query = replace(self._query, filter=chosen)
        self.show_rows()

    async def ask_filter(self) -> None:
        """Ask which entries to show."""
        chosen = await self.app.push_screen_wait(AuditFilterMenu(self._query.filter))
        if chosen is not None:
            self._show_only(chosen)

    @on(VirtualTable.Chosen)
    @work(exit_on_error=False)
    async def open(self, event: VirtualTable.Chosen) -> None:
        """Show one entry whole."""
        async with self.host.problems_told():
            entry = await self.host.call(self.desk.audit.view, self.actor, event.key)
            await self.app.push_screen_wait(Details(f"{entry.sign} {entry.words}", facts_of(entry)))

    @work(exit_on_error=False)
    async def action_export(self) -> None:
        """Write what is shown into a file, and ask again where if it cannot be written there."""
        now = self.desk.ctx.clock.now().astimezone()
        proposal = Path.home() / f"audit-{now:%Y-%m-%d-%H%M}.csv"
        query = self._query

        async def write(path: Path) -> str:
            form = Format.JSON_LINES if path.suffix.lower() in (".jsonl", ".json") else Format.CSV
            told = await self.host.call(self.desk.audit_exports.run, self.actor, query, path, form)
            return f"{told.entries:,} written"

        async with self.host.problems_told():
            await save_as(self.host, "Write what is shown; .csv or .jsonl", proposal, write)


def facts_of(entry: AuditView) -> list[tuple[str, str]]:
    """All that an entry tells, as label and value."""
    return [
        ("Entry", f"{entry.number:,}, sealed" if entry.proved else f"{entry.number:,}. {_NOT_PROVED}"),
        ("When", f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S %Z}"),
        ("Who", entry.who),
        ("From", entry.place),
        ("Whom", entry.whom),
        ("Result", entry.result),
        ("Reason", entry.reason),
        *entry.facts,
        ("Event", entry.event),
    ]
