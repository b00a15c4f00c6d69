"""Accounts for many people at once: the problems first, then the progress, then what became of each."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import ProgressBar, Static

from models.states import RunState
from screens.base import DeskScreen
from screens.creation import bulk_words
from screens.creation.bulk_words import Phase
from screens.dialogs.confirm import Confirm
from screens.saving import save_as
from screens.widgets.key_line import KeyLine
from screens.widgets.listed_rows import ListedRows
from screens.widgets.title_bar import TitleBar
from screens.widgets.virtual_table import VirtualTable
from screens.workplace import Workplace
from services.actor import Actor
from services.creation.values import Preflight, RunRow, RunView
from services.person_key import PersonKey
from services.rows import TableRow
from services.when import show_moment

REDRAW_EVERY = 0.5
"""Seconds between two looks at a run that is under way."""

_PHASES = {
    RunState.RUNNING: Phase.ELSEWHERE,
    RunState.PAUSED: Phase.PAUSED,
    RunState.DONE: Phase.DONE,
}
"""What a run that this screen does not work on looks like."""


class BulkCreation(DeskScreen[None]):
    """Leaving it pauses the run; the next look at this screen goes on with it."""

    CSS_PATH = "bulk.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "create", "Create", id="bulk.create", tooltip="Create the accounts of all who are ready"),
        Binding("f2", "go_on", "Go on", id="bulk.go_on", tooltip="Go on where it stopped"),
        Binding(
            "p", "pause", "Pause", id="bulk.pause", tooltip="Stop after the present person; it can be gone on with"
        ),
        Binding("x", "give_up", "End here", id="bulk.give_up", tooltip="Create no account of those who still wait"),
        Binding("w", "report", "Report file", id="bulk.report", tooltip="Write what became of each into a file"),
        Binding(
            "escape", "leave", "Back", key_display="Esc", id="bulk.leave", tooltip="Back to the list; a run is paused"
        ),
    ]

    needs_session = True
    table = getters.query_one(VirtualTable)
    phase: reactive[Phase] = reactive(Phase.LOOKING)
    """Which keys there are, and what stands above the list."""

    def __init__(self, place: Workplace, actor: Actor, people: Sequence[PersonKey]) -> None:
        """`people` are those who were picked in the list."""
        super().__init__(place)
        self._actor = actor
        self._people = people
        self._preflight = Preflight(())
        self._run: RunView | None = None
        self._listed = ListedRows(())
        self._told: dict[int, Content] = {}
        self._stop = threading.Event()
        self._leaving = False
        self.begun = False
        """Whether a run of just these people has begun."""

    def compose(self) -> ComposeResult:
        yield TitleBar("Create accounts for many", f"{self._actor.name} · {self._actor.role}")
        with Vertical(classes="head"):
            yield Static("", id="summary", markup=False)
            yield ProgressBar(id="progress", show_eta=False)
        yield VirtualTable(bulk_words.COLUMNS, self.call)
        yield Static("", id="why", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Look at once, and then at whatever is under way."""
        self.table.focus()
        self._watching = self.set_interval(REDRAW_EVERY, self.redraw, pause=True)
        self.look()

    def on_unmount(self) -> None:
        """Without the screen nobody works on the run."""
        self._stop.set()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each phase has its keys."""
        match action:
            case "create":
                return self.phase is Phase.READY and self._preflight.ready > 0
            case "go_on":
                return self.phase in (Phase.PAUSED, Phase.ELSEWHERE)
            case "give_up":
                return self.phase is Phase.PAUSED
            case "pause":
                return self.phase is Phase.RUNNING
            case "report":
                return self.phase in (Phase.PAUSED, Phase.DONE)
        return super().check_action(action, parameters)

    def watch_phase(self) -> None:
        """Other keys, other words."""
        if self.is_mounted:
            if self.phase in (Phase.RUNNING, Phase.ELSEWHERE):
                self._watching.resume()
            else:
                self._watching.pause()
            self.query_one("#summary", Static).update(Content(self._words()))
            self.refresh_bindings()

    @work(exit_on_error=False)
    async def look(self) -> None:
        """Go back to a run that is not finished, else find every problem of these people."""
        self.query_one("#summary", Static).update(Content("Looking at everybody …"))
        async with self.problems_told():
            self._run = await self.call(self.desk.bulk.open_run, self._actor)
            if self._run is not None:
                await self._show_run(self._run)
            else:
                self._preflight = await self.call(self.desk.bulk.preflight, self._actor, self._people)
                numbered = sorted(enumerate(self._preflight.rows), key=lambda item: not item[1].problems)
                self._show([bulk_words.preflight_row(number, row) for number, row in numbered])
                self._told = {number: bulk_words.preflight_told(row) for number, row in numbered}
                self.explain()
                self.phase = Phase.READY
            return
        if self.is_current:
            self.dismiss(None)

    @work(exit_on_error=False)
    async def action_create(self) -> None:
        """Ask once, then create one account after the other."""
        ready, left = self._preflight.ready, len(self._preflight.rows) - self._preflight.ready
        lines = [f"{bulk_words.accounts_are(ready)} created, and as many mails go out at once."]
        if any(row.notes for row in self._preflight.rows if not row.problems):
            lines.append("Old accounts under the same addresses are migrated: the access key no longer opens them.")
        if left:
            lines.append(f"{bulk_words.people_are(left)} left out; the report says why.")
        lines.append("It can be paused at any time. What has been created stays.")
        if not await self.app.push_screen_wait(Confirm("Are you sure?", lines, yes="Create and send", no="Not yet")):
            return
        if self.phase is not Phase.READY:
            return
        async with self.problems_told():
            run_id = await self.call(self.desk.bulk.start, self._actor, self._preflight)
            self.begun = True
            await self._work(run_id)

    @work(exit_on_error=False)
    async def action_go_on(self) -> None:
        """Go on where it stopped."""
        if self._run is not None and self.phase in (Phase.PAUSED, Phase.ELSEWHERE):
            async with self.problems_told():
                await self._work(self._run.id)

    def action_pause(self) -> None:
        """Stop after the person whose turn it is."""
        self._stop.set()

    @work(exit_on_error=False)
    async def action_give_up(self) -> None:
        """End a paused run without the rest."""
        run = self._run
        if run is None:
            return
        question = Confirm(
            "End it here?",
            [f"{bulk_words.people_are(run.waiting)} left without an account.", "What has been created stays."],
            yes="End it",
            no="Keep it",
            dangerous=True,
        )
        if await self.app.push_screen_wait(question):
            async with self.problems_told():
                await self._show_run(await self.call(self.desk.bulk.give_up, self._actor, run.id))

    @work(exit_on_error=False)
    async def action_report(self) -> None:
        """Write the report, and ask again where if it cannot be written there."""
        run = self._run
        if run is None:
            return

        async def write(path: Path) -> str:
            await self.call(self.desk.bulk.report, self._actor, run.id, path)
            return "The report is written"

        async with self.problems_told():
            await save_as(self, "Write the report", Path.home() / f"trakdesk-accounts-{run.id}.csv", write)

    @work(exit_on_error=False)
    async def action_leave(self) -> None:
        """Back; what is under way is paused first."""
        if self.phase is not Phase.RUNNING:
            self.dismiss(None)
            return
        lines = ["The accounts that still wait are created when somebody goes on with it."]
        if await self.app.push_screen_wait(Confirm("Pause and leave?", lines, yes="Pause and leave", no="Stay")):
            self._leaving = True
            self._stop.set()
            if self.phase is not Phase.RUNNING:
                self.dismiss(None)

    @on(VirtualTable.Highlighted)
    def explain(self) -> None:
        """Below the list stands in full what the line under the cursor has no room for."""
        key = self.table.cursor_key
        self.query_one("#why", Static).update(self._told.get(-1 if key is None else key, Content("")))

    async def _work(self, run_id: int) -> None:
        self._stop.clear()
        self._run = await self.call(self.desk.bulk.view, self._actor, run_id)
        await self._show_rows(run_id)
        self.phase = Phase.RUNNING
        try:
            await self.call(
                self.desk.bulk.work, self._actor, run_id, on_progress=self._remember, stop=self._stop.is_set
            )
        finally:
            # However it ended: what is shown is what is stored.
            await self._show_run(await self.call(self.desk.bulk.view, self._actor, run_id))
        if self._leaving and self.is_current:
            self.dismiss(None)

    def _remember(self, view: RunView) -> None:
        """Called on the thread that works: only kept here, and drawn by the timer."""
        self._run = view

    @work(exclusive=True, group="redraw", exit_on_error=False)
    async def redraw(self) -> None:
        """While accounts are created, here or elsewhere, show how far it is."""
        run = self._run
        if run is None or self.phase not in (Phase.RUNNING, Phase.ELSEWHERE):
            return
        if self.phase is Phase.ELSEWHERE:
            run = await self.call(self.desk.bulk.view, self._actor, run.id)
            if run.state is not RunState.RUNNING:
                await self._show_run(run)
                return
            self._run = run
        self._count(run)
        self._take(await self.call(self.desk.bulk.rows, self._actor, run.id))
        self.table.freshen()

    async def _show_run(self, run: RunView) -> None:
        self._run = run
        self._count(run)
        await self._show_rows(run.id)
        self.phase = _PHASES[run.state]
        # The same phase may have other numbers.
        self.watch_phase()

    async def _show_rows(self, run_id: int) -> None:
        rows = await self.call(self.desk.bulk.rows, self._actor, run_id)
        self._show([bulk_words.run_row(row) for row in bulk_words.refused_first(rows)])
        self._take(rows)

    def _take(self, rows: Sequence[RunRow]) -> None:
        self._listed.replace([bulk_words.run_row(row) for row in bulk_words.refused_first(rows)])
        self._told = {row.id: bulk_words.run_told(row) for row in rows}
        self.explain()

    def _show(self, rows: Sequence[TableRow]) -> None:
        self._listed = ListedRows(rows)
        self.table.show(self._listed)

    def _count(self, run: RunView) -> None:
        self.add_class("-counted")
        self.query_one("#progress", ProgressBar).update(total=run.total, progress=run.total - run.waiting)
        self.query_one("#summary", Static).update(Content(self._words()))

    def _words(self) -> str:
        began = "" if self._run is None else show_moment(self._run.started_at, self.desk.ctx.clock.now())
        return bulk_words.summary_of(self.phase, self._preflight, self._run, began)
