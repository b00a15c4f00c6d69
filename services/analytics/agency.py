"""The numbers of an agency, as far as whoever asks sees its people."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from services import sessions
from services.actor import Actor
from services.agency_policy import conventions_of
from services.analytics import accounts, help_waits, mortgages, resets
from services.analytics.asked import Asked
from services.analytics.charts import Chart
from services.analytics.periods import Period
from services.analytics.values import AgencyChart
from services.context import Context
from services.rights import Right

_CHARTS: Mapping[AgencyChart, Callable[[Asked], Chart]] = {
    AgencyChart.RENEWALS: mortgages.renewals,
    AgencyChart.RATES: mortgages.rates,
    AgencyChart.ACCESS: accounts.access_states,
    AgencyChart.RESETS: resets.resets,
    AgencyChart.ACTIVATION: accounts.activation,
    AgencyChart.MAILS: accounts.mails,
    AgencyChart.HELP: help_waits.help_waits,
}


class AgencyAnalytics:
    """Counts in the database; what is held in memory does not grow with the number of people."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def chart(self, actor: Actor, which: AgencyChart, period: Period = Period.MONTH) -> Chart:
        """One chart of the people of the offices that the actor looks at.

        Args:
            period: how far back, for those charts that look back.

        Raises Refused, SignedOut or Unavailable.
        """
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            return _CHARTS[which](Asked(actor, period, self._ctx.clock.now(), conventions_of(actor.agency_id)))
