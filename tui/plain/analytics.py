"""Charts, read out: the sentence that says what one shows, and its numbers line by line."""

from __future__ import annotations

from services.analytics.charts import Chart
from services.analytics.values import AGENCY_CHART_WORDS, AgencyChart
from services.person_key import PersonKey
from services.text import safe
from tui.plain.pages import TEN
from tui.plain.sitting import Sitting


def of_client(sitting: Sitting, person: PersonKey) -> None:
    """What is owed, the equity, each renewal and the account. Raises NotFound, SignedOut, Back or Leave."""
    charts = sitting.desk.client_analytics.charts(sitting.actor, person.id)
    for chart in charts:
        _tell(sitting, chart)
    with_numbers = [(chart, chart.title) for chart in charts if chart.places]
    if with_numbers:
        _tell_numbers(sitting, sitting.talk.choose("Number of the chart whose numbers you want to hear", with_numbers))


def of_agency(sitting: Sitting) -> None:
    """One chart of the agency over the last 30 days, or of what comes. Raises SignedOut, Back or Leave."""
    which = sitting.talk.choose("Number of the chart", list(AGENCY_CHART_WORDS.items()))
    chart = sitting.desk.analytics.chart(sitting.actor, AgencyChart(which))
    _tell(sitting, chart)
    if chart.places and sitting.talk.agree("Hear the numbers?"):
        _tell_numbers(sitting, chart)


def _tell(sitting: Sitting, chart: Chart) -> None:
    sitting.talk.say(f"{safe(chart.title)}. {safe(chart.finding)}", *map(safe, chart.notes))


def _tell_numbers(sitting: Sitting, chart: Chart) -> None:
    """Ten places by ten."""
    names = [safe(title) for title in chart.columns[1:]]
    rows = chart.rows()
    for start in range(0, len(rows), TEN):
        if start and not sitting.talk.agree("More?"):
            return
        for place, *numbers in rows[start : start + TEN]:
            told = ", ".join(f"{name} {number}" for name, number in zip(names, numbers, strict=True))
            sitting.talk.say(f"{safe(place)}: {told}.")
    sitting.talk.say("That is all.")
