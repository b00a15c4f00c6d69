"""A room with one chart at a time: what it says in words, the plot or the table of numbers, and the way to a file."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from screens.analytics.notes import Notes
from screens.analytics.numbers import numbers_table
from screens.base import DeskScreen
from screens.saving import save_as
from screens.widgets.key_line import KeyLine
from screens.widgets.plot import Plot, coloured
from screens.widgets.tab_line import TabLine
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.actor import Actor
from services.analytics.charts import Chart
from services.analytics.periods import Period
from services.errors import DeskError

RESTING = 0.05
"""Seconds that a key rests before the numbers are read, so that one that is held does not read them each time."""

_AROUND_NAME = 4
"""Cells around a name in the line of names: its number and its marks."""

_READING = "The numbers are being read …"


class ChartRoom(DeskScreen[None]):
    """Shows the charts of a subject; a subclass reads them."""

    CSS_PATH = "charts.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "table", "Numbers", id="charts.table", tooltip="The numbers as a table, and back to the plot"),
        Binding("p", "period", "Period", id="charts.period", tooltip="Look back over 30 days, 90 days or 12 months"),
        Binding("x", "export", "Export", id="charts.export", tooltip="Write the numbers into a CSV file"),
        Binding(
            "right", "step(1)", "Next chart", key_display="→", id="charts.next", tooltip="The next chart; ← goes back"
        ),
        Binding("left", "step(-1)", "Chart before", show=False, id="charts.before", tooltip="The chart before"),
        Binding("f5", "look", "Reload", show=False, id="charts.look", tooltip="Read the numbers anew"),
        Binding("escape", "leave", "Back", key_display="Esc", id="charts.leave", tooltip="Back to where you were"),
    ]

    needs_session = True

    tabs = query_one(TabLine)
    plot = query_one(Plot)

    def __init__(self, place: Workplace, actor: Actor, where: str, names: Sequence[tuple[str, str]]) -> None:
        """`names` are the key and the name of each chart, in their order."""
        super().__init__(place)
        self._actor = actor
        self._where = where
        self._names = tuple(names)
        self._chart: Chart | None = None
        self._as_table = False
        self._failed = False

    def compose(self) -> ComposeResult:
        yield TitleBar(self._where, f"{self._actor.name} · {self._actor.role}")
        yield TabLine(self._names, self._names[0][0])
        with Vertical(classes="chart"):
            yield Static("", classes="title", markup=False)
            yield Static("", classes="finding", markup=False)
            yield Plot()
            yield Vertical(classes="numbers")
            yield Static("", classes="legend", markup=False)
            yield Notes()
        yield KeyLine()

    def on_mount(self) -> None:
        """Read the first chart."""
        self.action_look()

    @abstractmethod
    async def read(self, key: str) -> Chart:
        """The chart of this key as it stands now."""

    @property
    @abstractmethod
    def looks_back(self) -> bool:
        """Whether the chart that is shown looks back over a period."""

    @abstractmethod
    def step_period(self) -> Period:
        """Look back further, or less far again; answers how far."""

    @abstractmethod
    async def write(self, chart: Chart, path: Path) -> int:
        """Write the numbers of a chart into a file; answers with how many rows. Raises Invalid."""

    @property
    def here(self) -> str:
        """The key of the chart that is shown."""
        return self.tabs.here

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A period is chosen only where one is looked back over; what is not there is not shown in another way."""
        if action == "period":
            return self.is_mounted and self.looks_back
        if action in ("table", "export"):
            return self._chart is not None and bool(self._chart.places)
        return super().check_action(action, parameters)

    @work(exclusive=True, group="look", exit_on_error=False)
    async def action_look(self) -> None:
        """Read the chart that is asked for, unless another is asked for meanwhile."""
        await asyncio.sleep(RESTING)
        if self._chart is None:
            self.query_one(".finding", Static).update(Content(_READING))
        try:
            chart = await self.read(self.here)
        except DeskError as refusal:
            self._say(f"▲ {refusal.sentence}")
            await self.tell(refusal)
            return
        await self._show(chart)

    def _say(self, words: str) -> None:
        self.query_one(".finding", Static).update(Content(words))

    async def _show(self, chart: Chart) -> None:
        before, self._chart = self._chart, chart
        if not chart.places:
            self._as_table = False
        self.query_one(".title", Static).update(Content(chart.title))
        self._say(chart.finding)
        self.set_class(chart.is_empty, "-bare")
        await self._show_numbers(chart, anew=chart != before)
        self.refresh_bindings()

    async def _show_numbers(self, chart: Chart, *, anew: bool) -> None:
        numbers = self.query_one(".numbers", Vertical)
        self.set_class(self._as_table, "-table")
        self._show_notes(chart)
        if self._as_table:
            if anew or not numbers.children:
                await numbers.remove_children()
                table = numbers_table(chart, self.call)
                await numbers.mount(table)
                table.focus()
            return
        await numbers.remove_children()
        self.plot.show(chart)
        self._show_legend(chart)

    def _show_legend(self, chart: Chart) -> None:
        # Imported with the first chart: what draws is not needed before.
        from screens.widgets.plot_drawing import legend

        lines = legend(chart, self.size.width - 2)
        shown = self.query_one(".legend", Static)
        shown.update(Content("\n").join([coloured(line) for line in lines]))
        shown.set_class(bool(lines), "-told")

    def _show_notes(self, chart: Chart) -> None:
        self.query_one(Notes).show(chart.notes, self.size.width - 2, whole=self._as_table or chart.is_empty)

    def on_resize(self) -> None:
        """The signs below the plot stand in as many lines as they need, and names where they have room."""
        self._show_names()
        if self._chart is not None:
            self._show_legend(self._chart)
            self._show_notes(self._chart)

    def _show_names(self) -> None:
        """In little room only the chart that is shown has its name; the numbers of the others are keys."""
        room = sum(len(name) + _AROUND_NAME for _, name in self._names) <= self.size.width
        for key, name in self._names:
            self.tabs.show_name(key, name if room or key == self.here else "")

    @on(TabLine.Chosen)
    def go(self, event: TabLine.Chosen) -> None:
        """A click on a name."""
        self.action_chart(event.key)

    def action_chart(self, key: str) -> None:
        """Show another chart."""
        if key != self.here:
            self.tabs.here = key
            self._show_names()
            self._chart = None
            self.query_one(".title", Static).update("")
            self.action_look()

    def action_step(self, step: int) -> None:
        """The next chart; after the last comes the first."""
        keys = [key for key, _ in self._names]
        self.action_chart(keys[(keys.index(self.here) + step) % len(keys)])

    def action_period(self) -> None:
        """Look back over another period."""
        self.step_period()
        self.action_look()

    @work(exclusive=True, group="table", exit_on_error=False)
    async def action_table(self) -> None:
        """The numbers as a table, or the plot again."""
        if self._chart is not None:
            self._as_table = not self._as_table
            await self._show_numbers(self._chart, anew=True)

    @work(exit_on_error=False)
    async def action_export(self) -> None:
        """Write the numbers into a file, and ask again where if they cannot be written there."""
        chart = self._chart
        if chart is None or not self.is_active:
            return
        now = self.desk.ctx.clock.now().astimezone()
        proposal = Path.home() / f"{chart.key}-{now:%Y-%m-%d-%H%M}.csv"

        async def write(path: Path) -> str:
            return f"{await self.write(chart, path):,} rows written"

        async with self.problems_told():
            await save_as(self, "Write the numbers of this chart", proposal, write)

    def action_leave(self) -> None:
        """Back to where one was."""
        self.dismiss(None)
