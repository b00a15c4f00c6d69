"""How many resets there were, day by day, and why."""

from __future__ import annotations

from typing import Any

from peewee import SQL, Case, Expression, fn

from models.audit import AuditEntry
from models.states import AuditResult, Surface
from services.accounts.accounts import ResetReason
from services.analytics.asked import Asked
from services.analytics.charts import Axis, Chart, Series, Shape, Unit, counted
from services.analytics.sight import entries_in_sight
from services.analytics.values import AgencyChart
from services.audit import Action

CAUSES = (
    "Asked for themselves",
    "Asked at a kiosk",
    "Forgotten password",
    "Lost welcome mail",
    "Wrong e-mail address",
    "Temporary password",
)
"""Two that people asked for, three that staff sent with their reason, and the password that staff had mailed."""

WHY = {ResetReason.FORGOTTEN: 2, ResetReason.LOST_WELCOME: 3, ResetReason.WRONG_EMAIL: 4}

# Spelt as in the condition of the index, by which both engines come to these few entries.
IS_RESET = SQL("action IN ('reset_asked', 'reset_sent', 'temporary_sent')")


def of_known_people() -> Expression:
    """Resets that were granted, and concern an account: whoever typed an address that nobody has got none."""
    return IS_RESET & (AuditEntry.result == AuditResult.DONE) & AuditEntry.identity_id.is_null(False)


def resets(asked: Asked) -> Chart:
    """How many there were in each piece of the period, by cause."""
    pieces = asked.pieces
    piece = pieces.number_of(AuditEntry.at)
    cause = _cause()
    found: Any = (
        AuditEntry.select(piece, cause, fn.COUNT(AuditEntry.id))
        .where(entries_in_sight(asked.actor) & of_known_people() & (AuditEntry.at >= pieces.since))
        .group_by(SQL("1"), SQL("2"))
        .tuples()
    )
    counts = [[0] * len(pieces.starts) for _ in CAUSES]
    for place, why, count in found:
        counts[int(why)][int(place)] += int(count)
    return Chart(
        key=AgencyChart.RESETS,
        title=f"Resets of the last {asked.period} by {pieces.word}",
        finding=_told(asked, [sum(one) for one in counts]),
        shape=Shape.COLUMNS,
        along=Axis(pieces.word.capitalize(), pieces.unit),
        up=Axis("Resets", Unit.COUNT),
        places=pieces.starts,
        series=tuple(Series(name, tuple(values)) for name, values in zip(CAUSES, counts, strict=True)),
        written=asked.written,
    )


def _cause() -> Any:
    """The number of the cause of an entry."""
    reasons = [
        ((AuditEntry.action == Action.RESET_SENT.value) & AuditEntry.details.contains(f'"why": "{why.value}"'), number)
        for why, number in WHY.items()
    ]
    return Case(
        None,
        [
            (AuditEntry.action == Action.TEMPORARY_SENT.value, 5),
            *reasons,
            (AuditEntry.action == Action.RESET_SENT.value, 2),
            (AuditEntry.surface == Surface.KIOSK, 1),
        ],
        0,
    )


def _told(asked: Asked, totals: list[int]) -> str:
    total = sum(totals)
    if not total:
        return f"Nobody needed a reset in the last {asked.period}."
    most = max(range(len(CAUSES)), key=lambda number: totals[number])
    by_themselves = (totals[0] + totals[1]) / total
    return (
        f"{counted(total, 'reset', 'resets', asked.written)}, {by_themselves:.0%} without staff. "
        f"The most frequent cause: {CAUSES[most][:1].lower()}{CAUSES[most][1:]} ({asked.written.count(totals[most])})."
    )
