"""The numbers of the agency."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType

from screens.analytics.charts import ChartRoom
from screens.workplace import Workplace
from services.actor import Actor
from services.analytics.charts import Chart
from services.analytics.periods import Period
from services.analytics.values import AGENCY_CHART_WORDS, LOOK_BACK, AgencyChart


class AgencyCharts(ChartRoom):
    """Renewals, rates, access, resets, activation, mails and help, for the offices that one looks at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            str(number),
            f"chart('{chart}')",
            AGENCY_CHART_WORDS[chart],
            show=False,
            id=f"agency_charts.{chart}",
            tooltip=f"Show the chart {AGENCY_CHART_WORDS[chart]}",
        )
        for number, chart in enumerate(AgencyChart, start=1)
    ]

    def __init__(self, place: Workplace, actor: Actor) -> None:
        super().__init__(place, actor, "Analytics", [(chart.value, AGENCY_CHART_WORDS[chart]) for chart in AgencyChart])
        self._period = Period.MONTH

    @property
    def looks_back(self) -> bool:
        """Whether the chart that is shown looks back over a period."""
        return AgencyChart(self.here) in LOOK_BACK

    def step_period(self) -> Period:
        """Look back further, or less far again."""
        self._period = self._period.following
        return self._period

    async def read(self, key: str) -> Chart:
        """The chart as it stands now."""
        return await self.call(self.desk.analytics.chart, self._actor, AgencyChart(key), self._period)

    async def write(self, chart: Chart, path: Path) -> int:
        """Write the numbers into a file."""
        return await self.call(self.desk.chart_exports.run, self._actor, chart, path)
