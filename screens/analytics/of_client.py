"""The numbers of one client."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType

from screens.analytics.charts import ChartRoom
from screens.clients.words import called
from screens.workplace import Workplace
from services.actor import Actor
from services.analytics.charts import Chart
from services.analytics.periods import Period
from services.analytics.values import CLIENT_CHART_WORDS, ClientChart
from services.mortgages.renewal import LEAST_CHANGE, MOST_CHANGE, STEP


class ClientCharts(ChartRoom):
    """What is owed, the equity, what another rate at renewal does, and what happened to the account."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "plus,equals_sign",
            "rate(1)",
            "Rate",
            key_display="+/-",
            id="client_charts.up",
            tooltip="What if the rate at renewal is a quarter of a point higher",
        ),
        Binding(
            "minus",
            "rate(-1)",
            "Rate down",
            show=False,
            key_display="-",
            id="client_charts.down",
            tooltip="What if the rate at renewal is a quarter of a point lower",
        ),
        Binding("m", "mortgage", "Mortgage", id="client_charts.mortgage", tooltip="The next mortgage of this client"),
        *(
            Binding(
                str(number),
                f"chart('{chart}')",
                CLIENT_CHART_WORDS[chart],
                show=False,
                id=f"client_charts.{chart}",
                tooltip=f"Show the chart {CLIENT_CHART_WORDS[chart]}",
            )
            for number, chart in enumerate(ClientChart, start=1)
        ),
    ]

    def __init__(self, place: Workplace, actor: Actor, client_id: int, name: str) -> None:
        names = [(chart.value, CLIENT_CHART_WORDS[chart]) for chart in ClientChart]
        super().__init__(place, actor, f"Analytics · {called(name)}", names)
        self._client_id = client_id
        self._period = Period.QUARTER
        self._change = Decimal(0)
        self._mortgage = 0
        self._renewals = 0

    @property
    def looks_back(self) -> bool:
        """Only the account is looked at over a period."""
        return self.here == ClientChart.ACTIVITY

    def step_period(self) -> Period:
        """Look back further, or less far again."""
        self._period = self._period.following
        return self._period

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Rates are tried out at a renewal; another mortgage is there only where there are several."""
        if action == "rate":
            return self._at_renewal and self._chart is not None and bool(self._chart.places)
        if action == "mortgage":
            return self._at_renewal and self._renewals > 1
        return super().check_action(action, parameters)

    @property
    def _at_renewal(self) -> bool:
        return self.is_mounted and self.here == ClientChart.RENEWAL

    async def read(self, key: str) -> Chart:
        """The chart as it stands now; of renewals that of the mortgage that is looked at."""
        charts = await self.call(
            self.desk.client_analytics.charts, self._actor, self._client_id, self._period, self._change
        )
        of_this_kind = [chart for chart in charts if chart.key.partition("-")[0] == key]
        if key == ClientChart.RENEWAL:
            self._renewals = len(of_this_kind)
            self._mortgage %= self._renewals
            return of_this_kind[self._mortgage]
        return of_this_kind[0]

    async def write(self, chart: Chart, path: Path) -> int:
        """Write the numbers into a file."""
        return await self.call(self.desk.chart_exports.run, self._actor, chart, path, client_id=self._client_id)

    def action_rate(self, step: int) -> None:
        """Try a rate that is a step higher or lower."""
        wanted = self._change + step * STEP
        if LEAST_CHANGE <= wanted <= MOST_CHANGE:
            self._change = wanted
            self.action_look()
        else:
            self.app.bell()

    def action_mortgage(self) -> None:
        """Look at the next mortgage; after the last comes the first."""
        self._mortgage += 1
        self._change = Decimal(0)
        self.action_look()
