"""The second step of an upload: which column of the file is which field, and how dates are read."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from screens.base import DeskScreen
from screens.dialogs.upload_menus import DatesMenu, FieldMenu
from screens.upload import words
from screens.widgets.key_line import KeyLine
from screens.widgets.listed_rows import ListedRows
from screens.widgets.title_bar import TitleBar
from screens.widgets.virtual_table import VirtualTable
from screens.workplace import Workplace
from services.actor import Actor
from services.clients.importing.headers import Column, faults_of
from services.clients.importing.looking import ListLook
from services.rows import TableRow
from services.when import show_moment


class MappedTable(VirtualTable, inherit_bindings=True):
    """The table of columns, whose Enter stands in the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Change", key_display="Enter", id="columns.change", tooltip="Choose another field"),
    ]


class ListColumns(DeskScreen[bool]):
    """Closes with whether something was stored."""

    CSS_PATH = "upload.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "next", "Next", id="columns.next", tooltip="Go on to the preview; your choice is remembered"),
        Binding("n", "drop", "Do not take", id="columns.drop", tooltip="Leave the column out"),
        Binding("d", "dates", "Dates", id="columns.dates", tooltip="Choose how dates are read"),
        Binding(
            "x", "forget", "Forget", id="columns.forget", tooltip="Find everything out anew, and forget the choice"
        ),
        Binding("f3", "leave", "Back", show=False, id="columns.back", tooltip="Choose another file"),
        Binding("escape", "leave", "Back", key_display="Esc", id="columns.leave", tooltip="Choose another file"),
    ]

    needs_session = True
    table = getters.query_one(MappedTable)

    def __init__(self, place: Workplace, actor: Actor, look: ListLook) -> None:
        super().__init__(place)
        self._actor = actor
        self._look = look
        self._choice = look.choice
        self._listed = ListedRows(())
        self._going = False

    def compose(self) -> ComposeResult:
        yield TitleBar("Upload clients", f"{self._actor.name} · {self._actor.role}")
        with Vertical(classes="head"):
            yield Static("", classes="step", markup=False)
            yield Static("", classes="dates", markup=False)
            yield Static("", classes="say", markup=False)
        yield MappedTable(words.MAPPED_COLUMNS, self.call)
        yield Static("", classes="why", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show what was found out, or what is remembered."""
        told = Content(f"Step 2 of 3 · Columns · {words.file_words(self._look)}")
        self.query_one(".step", Static).update(told)
        self.table.focus()
        self._listed = ListedRows(self._rows())
        self.table.show(self._listed)
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is something to forget only where something is remembered or chosen."""
        if action == "forget":
            return self._look.remembered is not None or self._choice != self._look.guessed
        return super().check_action(action, parameters)

    @on(VirtualTable.Highlighted)
    def explain(self) -> None:
        """Below the table stands in full what the line has no room for."""
        place = self.table.cursor_key
        if place is None:
            return
        column = self._look.columns[place]
        examples = " · ".join(column.examples) or "every cell is empty"
        fault = faults_of(self._look.cells, self._choice.columns).beside.get(place, "")
        wrong = Content.styled(f"✗ {fault}", "$text-error") if fault else Content("")
        lines = [Content.assemble((column.header, "bold"), f": {examples}"), wrong]
        self.query_one(".why", Static).update(Content("\n").join(lines))

    @on(VirtualTable.Chosen)
    @work(exit_on_error=False)
    async def change(self, event: VirtualTable.Chosen) -> None:
        """Ask which field the column is."""
        place = event.key
        chosen = await self.app.push_screen_wait(FieldMenu(self._look, self._choice, place))
        if chosen is not None:
            self._take(place, chosen.column)

    def action_drop(self) -> None:
        """Leave the column under the cursor out."""
        if self.table.cursor_key is not None:
            self._take(self.table.cursor_key, None)

    @work(exit_on_error=False)
    async def action_dates(self) -> None:
        """Ask how dates are read."""
        dates = await self.app.push_screen_wait(DatesMenu(self._choice.dates))
        if dates is not None:
            self._choice = replace(self._choice, dates=dates)
            self._show()

    @work(exit_on_error=False)
    async def action_forget(self) -> None:
        """Go back to what the file itself tells, from now on."""
        async with self.problems_told():
            if self._look.remembered is not None:
                self._look = await self.call(self.desk.imports.forget, self._actor, self._look)
            self._choice = self._look.guessed
            self._show()

    @work(exit_on_error=False)
    async def action_next(self) -> None:
        """Keep the choice, and show what would be stored."""
        if self._going or not self.is_active:
            return
        faults = faults_of(self._look.cells, self._choice.columns)
        if faults:
            self.app.bell()
            if faults.beside:
                self.table.move_to(min(faults.beside))
            return
        self._going = True
        stored = False
        try:
            async with self.problems_told():
                await self.call(self.desk.imports.remember, self._actor, self._look, self._choice)
                from screens.upload.preview import ListPreview  # for those who get there

                stored = await self.app.push_screen_wait(ListPreview(self.place, self._actor, self._look, self._choice))
        finally:
            self._going = False
        if stored:
            self.dismiss(True)

    def action_leave(self) -> None:
        """Back to the files."""
        self.dismiss(False)

    def _take(self, place: int, column: Column | None) -> None:
        columns = list(self._choice.columns)
        columns[place] = column
        self._choice = replace(self._choice, columns=tuple(columns))
        self._show()

    def _rows(self) -> list[TableRow]:
        faults = faults_of(self._look.cells, self._choice.columns)
        return [words.mapped_row(self._look, self._choice, faults, place) for place in range(len(self._look.columns))]

    def _show(self) -> None:
        self._listed.replace(self._rows())
        self.table.freshen()
        faults = faults_of(self._look.cells, self._choice.columns)
        dates = words.dates_words(self._look, self._choice)
        self.query_one(".dates", Static).update(Content(f"Dates: {dates}"))
        say = self.query_one(".say", Static)
        say.set_class(bool(faults), "-wrong")
        say.update(Content(self._words(faults.beside, words.missing_words(faults))))
        self.explain()
        self.refresh_bindings()

    def _words(self, beside: object, missing: str) -> str:
        if missing or beside:
            double = "Two columns are taken as the same field. " if beside else ""
            return f"✗ {double}{missing}".rstrip() + " Enter on a line changes it."
        remembered = self._look.remembered
        if remembered is not None and remembered.choice == self._choice:
            when = show_moment(remembered.chosen_at, self.desk.ctx.clock.now())
            return f"✓ As {remembered.by} chose for such files, {when}. x forgets it."
        if self._choice != self._look.guessed:
            return "✓ As you chose. It is remembered for files with this header."
        return "✓ Found out from the header. F2 goes on, Enter on a line changes it."
