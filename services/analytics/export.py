"""Gives out the numbers of a chart as a CSV file."""

from __future__ import annotations

from pathlib import Path

from models.client import Client
from services import audit, persons, sessions
from services.actor import Actor
from services.analytics.charts import Chart
from services.clients.importing.csv_file import CsvFile
from services.context import Context
from services.files import refuse_existing, refuse_in_browser
from services.rights import Right
from services.text import safe


class ChartExport:
    """Gives out the numbers of charts."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def run(self, actor: Actor, chart: Chart, path: Path, *, client_id: int | None = None) -> int:
        """Write the table of a chart to a new file, for its owner only, whole or not at all; returns its rows.

        Numbers have a point and no other sign, days stand as 2027-08-26, in whatever way the agency writes them.

        Args:
            client_id: whose chart it is; None for one of the agency.

        Raises Invalid for `file` if it is there already or cannot be written; NotFound, Refused, SignedOut or
        Unavailable.
        """
        subject = safe(path.name)
        recorded = audit.refusals_recorded(
            self._ctx, actor, audit.Action.CHART_EXPORTED, client_id=client_id, subject=subject
        )
        with recorded:
            refuse_existing(path)
            rows = chart.raw_rows()
            with CsvFile(path, "file") as file:
                file.write([safe(title) for title in chart.columns])
                for row in rows:
                    file.write([safe(cell) if isinstance(cell, str) else cell for cell in row])
                with self._ctx.unit():
                    sessions.require_staff(self._ctx, actor, Right.LOOK)
                    refuse_in_browser(actor.origin)
                    if client_id is not None:
                        persons.find_row(actor, Client, client_id)
                    audit.record(
                        self._ctx,
                        actor,
                        audit.Action.CHART_EXPORTED,
                        client_id=client_id,
                        subject=subject,
                        details={"chart": chart.title, "rows": len(rows)},
                    )
                # Last, so that nothing leaves without its entry.
                file.publish()
        return len(rows)
