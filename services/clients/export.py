"""Gives out the client list as a CSV file that an upload takes back unchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from peewee import JOIN

from models.client import NO_MONTH_DAY, Client, Mortgage, Property
from services import audit, sessions
from services.actor import Actor
from services.clients.importing.csv_file import CsvFile
from services.clients.importing.headers import Column
from services.context import Context
from services.offices import scope_of
from services.rule_lengths import show_months
from services.rules import show_month_day, show_phone, show_rate
from services.text import safe

PAGE = 1_000
"""Clients read at once."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """The outcome of an export.

    Attributes:
        rows: one for each mortgage, and one for each client or property without any.
        finished: whether the file was written; otherwise it was given up and nothing is there.
    """

    clients: int
    rows: int
    finished: bool


class ClientExport:
    """Gives out the list of clients."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def run(
        self,
        actor: Actor,
        path: Path,
        *,
        on_progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> ExportReport:
        """Write all clients of the offices that the actor looks at; the file appears whole, for its owner only, or not.

        Args:
            on_progress: called with the clients written and all clients after each page.
            cancelled: asked between pages; when it comes true, the file stays as it was.

        Raises Refused, SignedOut, Invalid for `file` if it cannot be written, or Unavailable.
        """
        name = safe(path.name)
        with audit.refusals_recorded(self._ctx, actor, audit.Action.LIST_EXPORTED, subject=name):
            with self._ctx.read():
                sessions.require_staff(self._ctx, actor)
                seen = scope_of(actor).narrowed(Client.agency == actor.agency_id, Client.office)
                total = Client.select().where(seen).count()
            with CsvFile(path, "file") as file:
                file.write([column.value for column in Column])
                clients = rows = 0
                for page in self._pages(actor):
                    if cancelled():
                        return ExportReport(clients, rows, finished=False)
                    for row in page:
                        file.write(_cells(row))
                    rows += len(page)
                    clients += len({row["id"] for row in page})
                    if on_progress is not None:
                        on_progress(clients, max(clients, total))
                with self._ctx.unit():
                    sessions.require_staff(self._ctx, actor)
                    details = {"clients": clients, "rows": rows}
                    audit.record(self._ctx, actor, audit.Action.LIST_EXPORTED, subject=name, details=details)
                # Last, so that no list leaves without its entry.
                file.publish()
        return ExportReport(clients, rows, finished=True)

    def _pages(self, actor: Actor) -> Iterator[list[dict[str, Any]]]:
        """All rows, oldest client first; each page is read by itself, so that nobody waits for the whole."""
        last = 0
        while True:
            with self._ctx.read():
                sessions.require_staff(self._ctx, actor)
                # The sum keeps SQLite from an index of the agency, whose rows it would sort anew for every page.
                mine = scope_of(actor).narrowed((Client.agency + 0) == actor.agency_id, Client.office)
                ids = Client.select(Client.id).where(mine & (Client.id > last)).order_by(Client.id).limit(PAGE)
                page = [int(client.id) for client in ids]
                rows = list(_rows(page))
            if not page:
                return
            last = page[-1]
            yield rows


def _rows(ids: list[int]) -> Any:
    return (
        Client.select(
            *(Client.id, Client.first_name, Client.last_name, Client.email, Client.phone, Client.date_of_birth),
            *(Client.anniversary, Client.subscribed, Property.address, Property.value),
            *(Mortgage.lender, Mortgage.balance, Mortgage.rate, Mortgage.renewal_on, Mortgage.anniversary_on),
            *(Mortgage.payment, Mortgage.payment_every, Mortgage.term_months, Mortgage.amortisation_months),
        )
        .join(Property, JOIN.LEFT_OUTER)
        .join(Mortgage, JOIN.LEFT_OUTER)
        .where(Client.id.in_(ids))
        .order_by(Client.id, Property.id, Mortgage.id)
        .dicts()
    )


def _cells(row: dict[str, Any]) -> list[str]:
    """In the order of `Column`, in spellings that an upload reads without a doubt."""
    rate, every = row["rate"], row["payment_every"]
    return [
        row["first_name"],
        row["last_name"],
        row["email"],
        show_phone(row["phone"]),
        str(row["date_of_birth"] or ""),
        "" if row["anniversary"] == NO_MONTH_DAY else show_month_day(row["anniversary"]),
        "Enabled" if row["subscribed"] else "Disabled",
        row["address"] or "",
        row["lender"] or "",
        _amount(row["balance"]),
        "" if rate is None else show_rate(rate),
        str(row["renewal_on"] or ""),
        _amount(row["value"]),
        _amount(row["payment"]),
        "" if every is None else every.value,
        show_months(row["term_months"] or 0),
        show_months(row["amortisation_months"] or 0),
        str(row["anniversary_on"] or ""),
    ]


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:,.2f}"
