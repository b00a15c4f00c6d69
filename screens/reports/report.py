"""One report: what it comes to, its rows, and from a row to the person."""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Event
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from screens.base import DeskScreen
from screens.clients.tasks import ClientTasks
from screens.dialogs.person import Person
from screens.persons.beside import RESTING, PersonBeside
from screens.persons.tasks import PersonTasks
from screens.reports.ask_days import AskDays
from screens.reports.columns import columns_of
from screens.saving import save_as
from screens.staff.tasks import StaffTasks
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from screens.widgets.virtual_table import VirtualTable
from screens.workplace import Workplace
from services.actor import Actor
from services.errors import DeskError, Refused
from services.person_key import PersonKey, PersonKind
from services.reports.giving_out import Form
from services.reports.table import ReportRows
from services.reports.values import Finding, Report, asked_of
from services.rows import Cancelled

FRESHENED = 3.0
"""Seconds between two looks at the rows in view: waits run out, and colleagues mend."""

_NOBODY = "This line is about nobody on the lists. Choose one that names a person."
_NONE_SELECTED = "No line is selected."
_NOTHING = "✓ Nothing to do here.\n\nEsc goes back to the reports."
_OTHER_DAYS = "\nKey d asks for another number of days."


class ReportTable(VirtualTable, inherit_bindings=True):
    """The rows, whose Enter stands in the line of keys while there is one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "choose",
            "Actions",
            key_display="Enter",
            id="report.actions",
            tooltip="All that can be done with this person",
        ),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter needs a row."""
        return (action != "choose" or self.cursor_key is not None) and super().check_action(action, parameters)


class BesideReport(PersonBeside):
    """Beside a report, whose own letters are for the report: the actions are a key behind Enter."""

    way = "Enter "


class ReportView(DeskScreen[None]):
    """Reads, asks for another number of days, leads to the people, and writes a file."""

    CSS_PATH = "report.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "person", "Person", id="report.person", tooltip="Everything about the person of this line"),
        Binding("d", "days", "Days", id="report.days", tooltip="Ask for another number of days"),
        Binding("x", "export", "Export", id="report.export", tooltip="Write the report into a file"),
        Binding("f5", "look", "Reload", id="report.look", tooltip="Read the report anew"),
        Binding("escape", "leave", "Back", key_display="Esc", id="report.leave", tooltip="Back to the reports"),
    ]

    needs_session = True

    table = getters.query_one(ReportTable)
    panel = getters.query_one(BesideReport)

    def __init__(self, place: Workplace, actor: Actor, report: Report) -> None:
        super().__init__(place)
        self._actor = actor
        self._asked = asked_of(report)
        self._rows: ReportRows = self.desk.reports.rows(actor, self._asked)
        self._over = Event()
        self._failed = self._busy = False

    def compose(self) -> ComposeResult:
        report = self._asked.report
        yield TitleBar(f"Reports · {report.title}", f"{self._actor.name} · {self._actor.role}")
        yield Static("", classes="finding", markup=False)
        yield Static(Content(report.about), classes="asked")
        with Horizontal(classes="list"):
            yield ReportTable(columns_of(report), self.call, empty_text=_NOTHING + (_OTHER_DAYS if report.days else ""))
            yield BesideReport(self, self._actor, _NONE_SELECTED)
        yield KeyLine()

    def on_mount(self) -> None:
        """Read it, and look again from time to time at the rows in view."""
        self.table.focus()
        self.action_look()
        self.set_interval(FRESHENED, self._freshen)

    def on_unmount(self) -> None:
        """Nobody waits any more for what is being read."""
        self._over.set()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Days are asked for only where they matter; beside the panel nobody needs it as a dialog."""
        if action == "days":
            return self._asked.report.days is not None
        if action == "person":
            return self.is_mounted and not self.panel.display and self.table.cursor_key is not None
        return super().check_action(action, parameters)

    def action_look(self) -> None:
        """Read it anew."""
        self._failed = False
        self._over.set()
        self._over = Event()
        self.query_one(".asked", Static).update(Content(self._asked_words()))
        self._rows = self.desk.reports.rows(self._actor, self._asked)
        self.table.show(self._rows)
        self.count()

    @work(exclusive=True, group="count", exit_on_error=False)
    async def count(self) -> None:
        """What it comes to, which may take longer than the first rows."""
        self._say("… is counted", None)
        over = self._over
        try:
            finding = await self.call(self.desk.reports.finding, self._actor, self._asked, over.is_set)
        except Cancelled:
            return
        except DeskError as refusal:
            # The table tells it in a dialog, once.
            self._say(f"▲ {refusal.sentence}", False)
        else:
            self._say(f"{_sign(finding)} {finding.words}", finding.good)

    @on(VirtualTable.Failed)
    @work(exit_on_error=False)
    async def say_failure(self, event: VirtualTable.Failed) -> None:
        """The rows cannot be read; F5 tries again."""
        if not self._failed:
            self._failed = True
            await self.tell(event.error)

    @on(VirtualTable.Highlighted)
    @work(exclusive=True, group="beside", exit_on_error=False)
    async def look_at(self, event: VirtualTable.Highlighted) -> None:
        """Show the person of the line beside it, once the cursor rests."""
        self.refresh_bindings()
        await asyncio.sleep(RESTING)
        if not self.panel.display:
            return
        async with self.problems_told():
            person = None if event.key is None else await self.call(self._rows.person, event.key)
            self.panel.look_at(person, 0.0)

    @on(VirtualTable.Chosen)
    @work(exit_on_error=False)
    async def open(self, event: VirtualTable.Chosen) -> None:
        """The Actions menu of the person, as in the lists."""
        person = await self._person_of(event.key)
        if person is not None:
            await self._with(person, "actions")

    @work(exit_on_error=False)
    async def action_person(self) -> None:
        """Everything about the person, where the terminal is too narrow for the panel."""
        person = await self._person_of(self.table.cursor_key)
        if person is None:
            return
        async with self.problems_told():
            panel = await self.call(self.desk.people.panel, self._actor, person)
            action = await self.app.push_screen_wait(Person(panel, self.desk.ctx.clock.now()))
            if action is not None:
                await self._tasks(person).do(action, person)
                self.look_again()

    @work(exit_on_error=False)
    async def action_days(self) -> None:
        """Ask how many days are meant, and read the report anew."""
        report, days = self._asked.report, self._asked.report.days
        if days is None or self._asked.days is None or not self.is_active:
            return
        chosen = await self.app.push_screen_wait(AskDays(report, days, self._asked.days))
        if chosen is not None:
            self._asked = chosen
            self.action_look()

    @work(exit_on_error=False)
    async def action_export(self) -> None:
        """Write it into a file, and ask again where if it cannot be written there."""
        if self._busy or not self.is_active:
            return
        self._busy = True
        try:
            await self._export()
        finally:
            self._busy = False

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)

    def look_again(self) -> None:
        """Something was done with somebody."""
        self.table.reload()
        self.panel.look()
        self.count()

    def _freshen(self) -> None:
        if self.is_current and not self._failed:
            self.table.freshen()

    def _tasks(self, person: PersonKey) -> PersonTasks:
        kind = ClientTasks if person.kind is PersonKind.CLIENT else StaffTasks
        return kind(self, self._actor, lambda _working: None)

    async def _with(self, person: PersonKey, task: str) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            async with self.problems_told():
                await getattr(self._tasks(person), task)(person)
        finally:
            self._busy = False
        self.look_again()

    async def _person_of(self, key: int | None) -> PersonKey | None:
        """Whom a line is about; says so if that is nobody."""
        if key is None:
            self.notify(_NONE_SELECTED, severity="warning", markup=False)
            return None
        async with self.problems_told():
            person = await self.call(self._rows.person, key)
            if person is None:
                raise Refused(_NOBODY)
            return person
        return None

    async def _export(self) -> None:
        asked = self._asked
        now = self.desk.ctx.clock.now().astimezone()
        proposal = Path.home() / f"{asked.report.name}-{now:%Y-%m-%d-%H%M}.csv"

        async def write(path: Path) -> str:
            form = Form.JSON if path.suffix.lower() == ".json" else Form.CSV
            told = await self.call(
                self.desk.reports.to_file, self._actor, asked, path, form, cancelled=self._left_for_good
            )
            return f"{told.rows:,} {'row' if told.rows == 1 else 'rows'} written" if told.finished else ""

        async with self.problems_told():
            await save_as(self, "Write the report; .csv or .json", proposal, write)

    def _left_for_good(self) -> bool:
        return not self.is_attached

    def _asked_words(self) -> str:
        days = self._asked.shown_days
        return f"{days[:1].upper()}{days[1:]}. {self._asked.report.about}" if days else self._asked.report.about

    def _say(self, words: str, good: bool | None) -> None:
        line = self.query_one(".finding", Static)
        line.update(Content(words))
        line.set_class(good is False, "-bad")


def _sign(finding: Finding) -> str:
    if not finding.rows:
        return "✓"
    return "●" if finding.good else "▲"
