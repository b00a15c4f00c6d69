"""The numbers of one client."""

from __future__ import annotations

from decimal import Decimal

from models.client import Client
from services import persons, sessions
from services.actor import Actor
from services.analytics.activity import activity
from services.analytics.at_renewal import at_renewal
from services.analytics.charts import Chart
from services.analytics.periods import Period
from services.analytics.wealth import equity, owed
from services.context import Context
from services.properties.reading import portfolio_of
from services.rights import Right


class ClientAnalytics:
    """Reads only; what is wrong or missing is put right in My Properties."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def charts(
        self, actor: Actor, client_id: int, period: Period = Period.QUARTER, change: Decimal = Decimal(0)
    ) -> tuple[Chart, ...]:
        """What is owed, the equity, each renewal, and what happened to the account.

        Args:
            period: how far back the account is looked at.
            change: the rate at renewal that is pointed out, in points above or below today's.

        Raises NotFound, Refused, SignedOut or Unavailable.
        """
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            client = persons.find_row(actor, Client, client_id)
            portfolio = portfolio_of(self._ctx, client)
            past = activity(client, period, self._ctx.clock.now(), portfolio.written)
        return (owed(portfolio), equity(portfolio), *at_renewal(portfolio, change), past)
