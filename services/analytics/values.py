"""Which charts there are."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class AgencyChart(StrEnum):
    """The charts of an agency, in their order."""

    RENEWALS = "renewals"
    RATES = "rates"
    ACCESS = "access"
    RESETS = "resets"
    ACTIVATION = "activation"
    MAILS = "mails"
    HELP = "help"


AGENCY_CHART_WORDS: Mapping[AgencyChart, str] = {
    AgencyChart.RENEWALS: "Renewals",
    AgencyChart.RATES: "Rates",
    AgencyChart.ACCESS: "Access",
    AgencyChart.RESETS: "Resets",
    AgencyChart.ACTIVATION: "Activation",
    AgencyChart.MAILS: "Mails",
    AgencyChart.HELP: "Help",
}
"""What each is called where there is little room."""

LOOK_BACK = frozenset({AgencyChart.RESETS, AgencyChart.ACTIVATION, AgencyChart.MAILS, AgencyChart.HELP})
"""Charts that look back over a period that somebody chooses; the others tell of now, or of what comes."""


class ClientChart(StrEnum):
    """The charts of one client, in their order; there is one of a renewal for each mortgage."""

    OWED = "owed"
    EQUITY = "equity"
    RENEWAL = "renewal"
    ACTIVITY = "activity"


CLIENT_CHART_WORDS: Mapping[ClientChart, str] = {
    ClientChart.OWED: "What is owed",
    ClientChart.EQUITY: "Equity",
    ClientChart.RENEWAL: "At renewal",
    ClientChart.ACTIVITY: "Account",
}
"""What each is called where there is little room."""
