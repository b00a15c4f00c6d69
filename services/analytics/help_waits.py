"""How long people wait for a human, by the hour at which they asked."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from peewee import fn

from models.help_queue import HelpRequest
from models.states import HelpState
from services.analytics.asked import Asked
from services.analytics.charts import Axis, Chart, Series, Shape, Unit, counted, within
from services.analytics.values import AgencyChart
from services.help_queue.sight import in_sight

_PAGE = 5_000


def help_waits(asked: Asked) -> Chart:
    """The median and the 90th percentile of the waits until an agent came, for each hour of the day."""
    by_hour = [array("q") for _ in range(24)]
    for asked_at, answered_at in _answered(asked):
        by_hour[asked_at.astimezone().hour].append(max(0, round((answered_at - asked_at).total_seconds())))
    hours = [hour for hour, waits in enumerate(by_hour) if waits]
    shown = range(min(hours), max(hours) + 1) if hours else range(0)
    ordered = [sorted(by_hour[hour]) for hour in shown]
    everything = sorted(second for waits in by_hour for second in waits)
    return Chart(
        key=AgencyChart.HELP,
        title=f"Waiting for help, requests of the last {asked.period}",
        finding=_told(asked, everything),
        shape=Shape.LINES,
        along=Axis("Asked at", Unit.HOUR),
        up=Axis("Minutes", Unit.MINUTES),
        places=tuple(shown),
        series=(
            Series("Median", tuple(in_minutes(waits, 50) for waits in ordered)),
            Series("90 of 100", tuple(in_minutes(waits, 90) for waits in ordered)),
            Series("Requests", tuple(len(waits) for waits in ordered), False, Unit.COUNT),
        ),
        written=asked.written,
    )


def in_minutes(sorted_waits: Sequence[int], percent: int) -> int | None:
    """The wait in minutes, rounded up, that so many in a hundred do not exceed; None for no waits."""
    if not sorted_waits:
        return None
    return -(-sorted_waits[max(0, -(-len(sorted_waits) * percent // 100) - 1)] // 60)


def _answered(asked: Asked) -> Any:
    """Asked and answered moments, page by page: the year of a large agency is some ten thousand requests."""
    last = 0
    while True:
        found: Any = (
            HelpRequest.select(HelpRequest.id, HelpRequest.asked_at, HelpRequest.answered_at)
            .where(
                in_sight(asked.actor)
                & (HelpRequest.id > last)
                & (HelpRequest.asked_at >= asked.pieces.since)
                & HelpRequest.answered_at.is_null(False)
            )
            .order_by(HelpRequest.id)
            .limit(_PAGE)
            .tuples()
        )
        page = list(found)
        for number, asked_at, answered_at in page:
            last = number
            yield asked_at, answered_at
        if len(page) < _PAGE:
            return


def _told(asked: Asked, everything: Sequence[int]) -> str:
    period = in_sight(asked.actor) & (HelpRequest.asked_at >= asked.pieces.since) & HelpRequest.answered_at.is_null()
    closed = HelpRequest.state == HelpState.CLOSED
    gone = int(HelpRequest.select(fn.COUNT(HelpRequest.id)).where(period & closed).scalar())
    waiting = int(HelpRequest.select(fn.COUNT(HelpRequest.id)).where(period & ~closed).scalar())
    left = f" {counted(gone, 'request', 'requests', asked.written)} ended without an agent." if gone else ""
    left += f" {counted(waiting, 'waits', 'wait', asked.written)} now." if waiting else ""
    half, most = in_minutes(everything, 50), in_minutes(everything, 90)
    if half is None or most is None:
        return f"No request for help was answered in the last {asked.period}.{left}"
    return (
        f"{counted(len(everything), 'request', 'requests', asked.written)} answered: half "
        f"{within(half)}, 90 of 100 {within(most)}.{left}"
    )
