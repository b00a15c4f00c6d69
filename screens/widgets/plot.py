"""A chart drawn in the room that there is."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from screens.widgets.plot_canvas import AXIS, MARK, PLAIN, Run
from services.analytics.charts import Chart

STYLES: Mapping[int, str] = {
    PLAIN: "",
    1: "$accent",
    2: "$text-success",
    3: "$text-warning",
    4: "$text-error",
    5: "$foreground",
    6: "$text-muted",
    MARK: "bold $accent",
    AXIS: "$text-muted",
}
"""The colours of the series, which their signs tell apart too."""

_NOTHING = "There is nothing to draw yet."
_NO_ROOM = "There is no room for a plot: t shows the numbers."


class Plot(Widget):
    """Draws only when the chart or its room is another one; words stand where there is nothing to draw."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Plot { width: 1fr; height: 1fr; color: $foreground; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._chart: Chart | None = None
        self._drawn: tuple[Chart, tuple[int, int], Content] | None = None

    def show(self, chart: Chart) -> None:
        """Draw this one; the same again draws nothing."""
        if chart != self._chart:
            self._chart = chart
            self.refresh()

    def render(self) -> RenderResult:
        """The plot in the present room."""
        if self._chart is None:
            return Content("")
        room = (self.size.width, self.size.height)
        if self._drawn is None or self._drawn[0] is not self._chart or self._drawn[1] != room:
            self._drawn = (self._chart, room, self._draw(self._chart, *room))
        return self._drawn[2]

    def _draw(self, chart: Chart, width: int, height: int) -> Content:
        if chart.is_empty:
            return Content.styled(_NOTHING, STYLES[AXIS])
        # Imported when something is drawn, with the library behind it: the desk starts without both.
        from screens.widgets.plot_drawing import draw

        rows = draw(chart, width, height)
        if not rows:
            return Content.styled(_NO_ROOM, STYLES[AXIS])
        return Content("\n").join([coloured(row) for row in rows])


def coloured(runs: list[Run]) -> Content:
    """Texts in the colours of what they belong to; nothing in them is markup."""
    return Content.assemble(*((text, STYLES[number]) for text, number in runs))
