"""The migration board: for each person the old account beside the new one, and the day on which the old door closes."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from screens.base import DeskScreen
from screens.dialogs.ask_line import ClosingDay
from screens.dialogs.confirm import Confirm
from screens.dialogs.details import Details
from screens.dialogs.office_menu import OfficeMenu
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from screens.widgets.virtual_table import Column, VirtualTable
from screens.workplace import Workplace
from services.actor import Actor
from services.errors import Invalid, Refused
from services.legacy.values import ELSEWHERE, WHOLE_AGENCY, Board, BoardRow, Standing
from services.rows import TableRow
from services.when import show_day, show_moment, show_time

_COLUMNS = (
    Column("person", "Name", 18, 14, flexible=True),
    Column("office", "Office", 18, 12, hide_below=110),
    Column("old", "Old account", 24, 20, flexible=True),
    Column("new", "New account", 22, 19, flexible=True),
    Column("standing", "Where they stand", 17),
    Column("why", "Why", 34, 20, flexible=True, hide_below=140),
)
_SIGNS = {
    Standing.OVER: ("●", "success"),
    Standing.UNOPENED: ("◐", "warning"),
    Standing.WAITING: ("○", ""),
    Standing.CANNOT: ("▲", "error"),
}
_EMPTY = (
    "There is nobody here.\n\nAccounts of the old system come with `trakdesk import legacy FILE`,\n"
    "office staff with `trakdesk import staff FILE`."
)


class BoardTable(VirtualTable, inherit_bindings=True):
    """The table of the board, whose Enter stands in the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Details", key_display="Enter", id="board.open", tooltip="Show this person in full"),
    ]


class MigrationBoard(DeskScreen[None]):
    """One office or all; closing the access key for everybody, and taking that back."""

    CSS_PATH = "migration_board.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("i", "identity", "Identity", id="board.identity", tooltip="Manage this person's user account"),
        Binding("o", "office", "Office", id="board.office", tooltip="Show the people of one office"),
        Binding("c", "close", "Close", id="board.close", tooltip="Set the day on which the access key closes"),
        Binding("u", "undo", "Undo", id="board.undo", tooltip="Let the access key open again"),
        Binding("f5", "look", "Reload", show=False, id="board.look", tooltip="Read the board anew"),
        Binding("escape", "leave", "Back", key_display="Esc", id="board.leave", tooltip="Back to the desk"),
    ]

    needs_session = True

    table = query_one(BoardTable)

    def __init__(self, place: Workplace, actor: Actor) -> None:
        super().__init__(place)
        self._actor = actor
        self._office: int | None = None
        self._board: Board | None = None
        self._saving = False

    def compose(self) -> ComposeResult:
        yield TitleBar("Migration board", f"{self._actor.name} · {self._actor.role}")
        yield Static("", classes="heading", markup=False)
        yield Static("", classes="closing", markup=False)
        yield BoardTable(_COLUMNS, self.call, empty_text=_EMPTY)
        yield KeyLine()

    def on_mount(self) -> None:
        """Read the board."""
        self.table.focus()
        self.action_look()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is not closed cannot be opened again."""
        if action == "undo":
            return self._board is not None and self._board.closes_at is not None
        return super().check_action(action, parameters)

    @on(VirtualTable.Chosen)
    @work(exit_on_error=False)
    async def open(self, event: VirtualTable.Chosen) -> None:
        """Show one person in full."""
        row = self._row(event.key)
        if row is not None:
            facts = [
                ("E-mail", row.email or "none"),
                ("Office", row.office),
                ("Old account", f"{row.user_name} · {row.old}" if row.user_name else "none"),
                ("New account", row.new),
                ("Standing", f"{_SIGNS[row.standing][0]} {row.standing.value}"),
                ("Why", row.why),
            ]
            await self.app.push_screen_wait(Details(row.person or row.user_name, facts))

    @work(exit_on_error=False)
    async def action_identity(self) -> None:
        """Lead this person over."""
        under = self.table.cursor_row
        row = self._row(under.key) if under is not None else None
        if row is None or not self.is_active:
            return
        if row.subject is None:
            await self.tell(Refused(row.why or "This old account belongs to nobody on the lists of staff and clients."))
            return
        from screens.creation.manage_identity import ManageIdentity  # a wizard of its own, for some of those who look

        await self.app.push_screen_wait(ManageIdentity(self.place, self._actor, row.subject))
        self.action_look()

    @work(exclusive=True, group="look", exit_on_error=False)
    async def action_look(self) -> None:
        """Read the board anew."""
        async with self.problems_told():
            self._show(await self.call(self.desk.legacy.board, self._actor, self._office))

    @work(exit_on_error=False)
    async def action_office(self) -> None:
        """Ask which office to show."""
        if self._board is None or not self.is_active:
            return
        chosen = await self.app.push_screen_wait(OfficeMenu(self._board.offices, self._office))
        if chosen is not None:
            self._office = chosen.office_id
            self.action_look()

    @work(exit_on_error=False)
    async def action_close(self) -> None:
        """Ask for the day, say what it means, and set it."""
        if self._board is None or self._saving or not self.is_active or not await self._may_close(self._board):
            return
        self._saving = True
        try:
            async with self.problems_told():
                await self._close()
        finally:
            self._saving = False
        self.action_look()

    async def _may_close(self, board: Board) -> bool:
        """Whether it is for this person to say when the access key closes; if not, they are told whose it is."""
        if not board.may_close:
            await self.tell(Refused(WHOLE_AGENCY))
        return board.may_close

    async def _close(self) -> None:
        present = self._board.closes_at.astimezone().date() if self._board and self._board.closes_at else None
        problem = typed = ""
        while True:
            today = self.desk.ctx.clock.now().astimezone().date()
            day = await self.app.push_screen_wait(ClosingDay(today, present, problem, typed))
            if day is None or not await self._is_sure(day, today):
                return
            try:
                await self.call(self.desk.legacy.close_at, self._actor, _start_of(day))
            except Invalid as error:
                problem, typed = error.problems.get("closes_at", error.sentence), day.isoformat()
                continue
            self.notify("The access key is closed." if day <= today else f"The access key closes on {day.isoformat()}.")
            return

    async def _is_sure(self, day: date, today: date) -> bool:
        everybody = await self.call(self.desk.legacy.board, self._actor)
        left = len(everybody.rows) - everybody.count(Standing.OVER)
        people = "1 person is" if left == 1 else f"{left} people are"
        when = "At once" if day <= today else f"From {day.isoformat()} on"
        lines = [
            f"{when} the access key opens nothing, for anybody of the agency.",
            f"{people} not over yet and will need an account of their own to log in." if left else "Everybody is over.",
            "",
            "You can take this back with u.",
        ]
        sure: bool = await self.app.push_screen_wait(
            Confirm("Close the access key?", lines, yes="Close it", no="Leave it", dangerous=day <= today)
        )
        return sure

    @work(exit_on_error=False)
    async def action_undo(self) -> None:
        """Let the access key open again."""
        if self._board is None or self._saving or not self.is_active or not await self._may_close(self._board):
            return
        self._saving = True
        try:
            lines = ["Everybody who is not migrated yet can log in with the access key again, until you close it."]
            if await self.app.push_screen_wait(
                Confirm("Let the access key open again?", lines, yes="Open it", no="No")
            ):
                async with self.problems_told():
                    await self.call(self.desk.legacy.undo_close, self._actor)
                    self.notify("The access key opens again.")
        finally:
            self._saving = False
        self.action_look()

    def action_leave(self) -> None:
        """Back to the desk."""
        self.dismiss(None)

    def _row(self, key: int) -> BoardRow | None:
        rows = self._board.rows if self._board else ()
        return next((row for row in rows if row.key == key), None)

    def _show(self, board: Board) -> None:
        self._board = board
        office = next((name for number, name in board.offices if number == self._office), "All offices")
        counts = " · ".join(f"{_SIGNS[standing][0]} {board.count(standing)} {standing.value}" for standing in Standing)
        self.query_one(".heading", Static).update(Content(counts))
        self.query_one(TitleBar).show_where(f"Migration board · {office}")
        closing = self.query_one(".closing", Static)
        closing.update(Content(self._closing_words(board)))
        closing.set_class(board.closed, "-closed")
        self.table.show(_Rows(board.rows))
        self.refresh_bindings()

    def _closing_words(self, board: Board) -> str:
        if board.closes_at is None:
            return "The access key is open for all who are not migrated. No closing day is set."
        now = self.desk.ctx.clock.now()
        if board.closed:
            return f"✗ The access key is closed since {show_moment(board.closes_at, now)}."
        local = board.closes_at.astimezone()
        year = "" if local.year == now.astimezone().year else f" {local.year}"
        return f"The access key closes on {show_day(local)}{year} at {show_time(local)}."


class _Rows:
    """The people of a board as the rows of a table."""

    def __init__(self, rows: Sequence[BoardRow]) -> None:
        self._rows = {row.key: _row(row) for row in rows}

    def first(self, count: int) -> list[TableRow]:
        """The first rows."""
        return list(self._rows.values())[:count]

    def keys(self, cancelled: Callable[[], bool]) -> array[int]:
        """The keys in order."""
        return array("q", self._rows)

    def rows(self, keys: Sequence[int]) -> dict[int, TableRow]:
        """The rows with these keys."""
        return {key: self._rows[key] for key in keys if key in self._rows}


def _row(row: BoardRow) -> TableRow:
    sign, mark = _SIGNS[row.standing]
    # What stands behind a comma is for the details; so is when the old account was migrated, as the new one tells it.
    state = "migrated" if row.old.startswith("migrated") else row.old.removeprefix("open, ")
    old = f"{row.user_name} · {state}" if row.user_name else "—"
    who = row.person or ("—" if row.new == ELSEWHERE else "not on staff list")
    cells = (who, row.office, old, row.new.partition(", ")[0], f"{sign} {row.standing.value}", row.why)
    return TableRow(row.key, cells, ("" if row.person else "muted", "muted", "", "", mark, ""))


def _start_of(day: date) -> datetime:
    """Midnight at the place of this machine."""
    return datetime.combine(day, time.min).astimezone()
