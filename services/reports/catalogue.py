"""All reports by name, in the order of menus."""

from __future__ import annotations

from collections.abc import Mapping

from services.errors import Invalid
from services.reports import (
    actions,
    deactivated_active,
    locked_out,
    never_activated,
    renewals,
    two_factor,
    undeliverable,
)
from services.reports.reading import Reading
from services.reports.values import Report

READINGS: Mapping[str, type[Reading]] = {
    reading.report.name: reading
    for reading in (
        locked_out.LockedOut,
        never_activated.NeverActivated,
        undeliverable.Undeliverable,
        renewals.Renewals,
        deactivated_active.DeactivatedActive,
        two_factor.TwoFactor,
        actions.Actions,
    )
}

REPORTS: tuple[Report, ...] = tuple(reading.report for reading in READINGS.values())


def report_named(name: str) -> Report:
    """The report of this name. Raises Invalid for `report`."""
    if name not in READINGS:
        raise Invalid({"report": f"There is no report {name!r}. Known ones: {', '.join(READINGS)}."})
    return READINGS[name].report
