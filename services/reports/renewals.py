"""Which mortgages come up for renewal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from peewee import JOIN, fn

from models.agency import Office
from models.client import Client, Mortgage, Property
from services.accounts.identities import full_name
from services.agency_policy import conventions_of
from services.clients.fields import renewal_key
from services.conventions import Conventions
from services.offices import Scope
from services.person_key import client
from services.reports.reading import PAGE, Found, Reading, beyond, raw
from services.reports.values import Column, Days, Kind, Report, Row
from services.text import safe

REPORT = Report(
    name="renewals",
    title="Renewals due",
    about="Mortgages whose term ends within so many days or is over already, client by client, the most urgent first.",
    columns=(
        Column("name", "Name"),
        Column("email", "E-mail"),
        Column("phone", "Phone"),
        Column("office", "Office"),
        Column("property", "Property"),
        Column("lender", "Lender"),
        Column("balance", "Balance", Kind.MONEY),
        Column("rate", "Rate", Kind.PERCENT),
        Column("renewal_on", "Renewal", Kind.DAY),
        Column("days_left", "Days left", Kind.NUMBER),
    ),
    none="No mortgage is due for renewal: the report looks ahead {days}.",
    telling="days_left",
    days=Days(90, 0, 3650, "from today"),
)

_OVERDUE, _DUE = "overdue", "due"
_SOON = 30
"""Days from which on a renewal stands out."""


class Renewals(Reading):
    """By each client's earliest renewal; what else of theirs is due follows at once, for one call about all."""

    report = REPORT

    def pages(self) -> Iterator[list[Found]]:
        """The mortgages that are due."""
        last, today = None, self._today.isoformat()
        while True:
            with self.looking() as scope:
                rows = sorted(raw(self.ctx, self._page(scope, last)))
            # Days are texts here, which compare as days do.
            yield [(number, _OVERDUE if day < today else _DUE) for *_, day, number in rows if number is not None]
            if len({client_id for _, client_id, _, _ in rows}) < PAGE:
                return
            last = rows[-1][:2]

    def read(self, keys: Sequence[int], scope: Scope) -> list[Row]:
        """The mortgages with these numbers that are still due."""
        rows: Any = (
            Mortgage.select(
                *(Mortgage.id, Client.id, Client.agency, Client.office, Client.first_name, Client.last_name),
                *(Client.email, Client.phone, Office.name, Property.address, Mortgage.lender, Mortgage.balance),
                *(Mortgage.rate, Mortgage.renewal_on),
            )
            .join(Property)
            .join(Client)
            .join(Office, JOIN.LEFT_OUTER, on=(Office.id == Client.office))
            .where(Mortgage.id.in_(list(keys)) & Mortgage.renewal_on.is_null(False))
            .tuples()
        )
        written = conventions_of(self.actor.agency_id)
        return [
            self._row(written, *row[:2], *row[4:])
            for row in rows
            if row[2] == self.actor.agency_id and scope.allows(row[3]) and row[-1] <= self._until
        ]

    def told(self, counts: Counter[str], figure: Callable[[int], str]) -> str:
        """How many, and how many of them are overdue."""
        total, overdue = counts.total(), counts[_OVERDUE]
        late = f", {figure(overdue)} of them overdue" if overdue else ", none of them overdue"
        days = {0: "today", 1: "within 1 day"}.get(self._asked.days or 0, f"within {self._asked.days} days")
        return f"{figure(total)} {'mortgage is' if total == 1 else 'mortgages are'} due {days}{late}."

    @property
    def _today(self) -> date:
        return self.now.astimezone().date()

    @property
    def _until(self) -> date:
        return self._today + self.span

    def _page(self, scope: Scope, last: Sequence[Any] | None) -> Any:
        """Some clients of whom something is due, each with what that is; the day is empty where it was just mended."""
        place = (Client.renewal_key, Client.id)
        due = (Client.agency == self.actor.agency_id) & (Client.renewal_key <= renewal_key(self._until))
        asked = scope.narrowed(due if last is None else due & beyond(place, last), Client.office)
        page = Client.select(*place).where(asked).order_by(*place).limit(PAGE).alias("page")
        mine = Property.client == page.c.id
        theirs = (Mortgage.property == Property.id) & (Mortgage.renewal_on <= self._until)
        return (
            Client.select(page.c.renewal_key, page.c.id, fn.COALESCE(Mortgage.renewal_on, ""), Mortgage.id)
            .from_(page)
            .join(Property, JOIN.LEFT_OUTER, on=mine)
            .join(Mortgage, JOIN.LEFT_OUTER, on=theirs)
        )

    def _row(self, written: Conventions, number: int, client_id: int, *facts: Any) -> Row:
        first, last, email, phone, office, address, lender, balance, rate, renewal_on = facts
        left = (renewal_on - self._today) // timedelta(days=1)
        cells = (
            *(safe(full_name(first, last)), safe(email), written.phone(phone), safe(office or "")),
            *(safe(address), safe(lender), balance, rate, renewal_on, left),
        )
        mark = "error" if left < 0 else "warning" if left <= _SOON else ""
        return Row(number, cells, client(client_id), mark)
