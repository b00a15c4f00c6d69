"""The client table as a source of rows: columns, and the text of each cell."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from models.client import NO_DAY, NO_MONTH_DAY, Client, Mortgage, Property
from models.states import Access
from services import sessions
from services.actor import Actor
from services.agency_policy import conventions_of
from services.clients.finding import Finding
from services.clients.values import ClientQuery
from services.context import Context
from services.conventions import Conventions
from services.offices import Scope, scope_of
from services.rights import Right
from services.rows import TableRow
from services.search import reading


@dataclass(frozen=True, slots=True)
class ClientColumn:
    """A column of the client table.

    Attributes:
        key: its name in settings; that of its `SortColumn` if the table sorts by it.
        optional: whether it is hidden until somebody asks for it.
    """

    key: str
    title: str
    optional: bool = False


CLIENT_COLUMNS = (
    ClientColumn("name", "Name"),
    ClientColumn("anniversary", "Anniversary"),
    ClientColumn("renewal", "Renewal"),
    ClientColumn("rate", "Rate"),
    ClientColumn("birthday", "Birthday"),
    ClientColumn("subscription", "Subscription"),
    ClientColumn("access", "Access"),
    ClientColumn("email", "E-mail", optional=True),
    ClientColumn("phone", "Phone", optional=True),
)
"""The columns in the order of the cells."""

ACCESS_WORDS = {
    Access.NO_ACCOUNT: "○ no account",
    Access.PENDING: "◐ not activated",
    Access.ACTIVE: "● active",
    Access.UNDELIVERABLE: "▲ mail failed",
    Access.DEACTIVATED: "■ deactivated",
}
ACCESS_NAMES = {state: words.partition(" ")[2] for state, words in ACCESS_WORDS.items()}
"""The same without their signs."""

ACCESS_MARKS = {
    Access.NO_ACCOUNT: "muted",
    Access.PENDING: "warning",
    Access.ACTIVE: "success",
    Access.UNDELIVERABLE: "error",
    Access.DEACTIVATED: "muted",
}


class ClientRows:
    """The rows of one query; a `RowSource`."""

    def __init__(self, ctx: Context, actor: Actor, query: ClientQuery) -> None:
        self._ctx = ctx
        self._actor = actor
        self._query = query

    def first(self, count: int) -> list[TableRow]:
        """The first rows at once; fewer than `count` only if there are no more."""
        with reading(self._ctx) as reader:
            sessions.require_staff(self._ctx, self._actor, Right.LOOK)
            scope = scope_of(self._actor)
            keys = Finding(reader, self._actor.agency_id, scope, self._query).first(count)
        with self._ctx.read():
            rows = self._rows(keys, scope)
        return [rows[key] for key in keys if key in rows]

    def keys(self, cancelled: Callable[[], bool]) -> array[int]:
        """The keys of all rows in order. Raises Cancelled."""
        with reading(self._ctx) as reader:
            sessions.require_staff(self._ctx, self._actor, Right.LOOK)
            return Finding(reader, self._actor.agency_id, scope_of(self._actor), self._query).all(cancelled)

    def rows(self, keys: Sequence[int]) -> dict[int, TableRow]:
        """The rows with these keys; a key without a row is gone."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, self._actor, Right.LOOK)
            # Peewee takes no array for a list.
            return self._rows(list(keys), scope_of(self._actor))

    def _rows(self, keys: Sequence[int], scope: Scope) -> dict[int, TableRow]:
        if not keys:
            return {}
        clients: Any = Client.select(
            Client.id,
            Client.first_name,
            Client.last_name,
            Client.anniversary,
            Client.renewal_key,
            Client.birthday_key,
            Client.subscribed,
            Client.access,
            Client.email,
            Client.phone,
            Client.office,
            Client.agency,
        ).where(Client.id.in_(keys))
        rates = _rates(keys)
        written = conventions_of(self._actor.agency_id)
        # Asked for the agency too, or for offices, SQLite would read all rows of the agency rather than these.
        mine = self._actor.agency_id
        return {
            row[0]: _row(row[:-2], rates[row[0]], written)
            for row in clients.tuples()
            if row[-1] == mine and scope.allows(row[-2])
        }


def _rates(keys: Sequence[int]) -> defaultdict[int, list[Decimal]]:
    """The rates of each client, oldest mortgage first, by one query for all."""
    rates: defaultdict[int, list[Decimal]] = defaultdict(list)
    found: Any = (
        Mortgage.select(Property.client, Mortgage.rate)
        .join(Property)
        .where(Property.client.in_(keys) & Mortgage.rate.is_null(False))
        .order_by(Mortgage.id)
    )
    for client_id, rate in found.tuples():
        rates[client_id].append(rate)
    return rates


def _row(
    row: tuple[int, str, str, int, int, int, bool, int, str, str],
    rates: list[Decimal],
    written: Conventions,
) -> TableRow:
    key, first, last, anniversary, renewal, birthday, subscribed, state, email, phone = row
    access = Access(state)
    cells = (
        f"{first} {last}".strip(),
        _month_day(anniversary, written),
        _day(renewal, written),
        ", ".join(map(written.rate, rates)),
        _month_day(birthday, written),
        "Enabled" if subscribed else "Disabled",
        ACCESS_WORDS[access],
        email,
        written.phone(phone),
    )
    return TableRow(key, cells, ("", "", "", "", "", "" if subscribed else "muted", ACCESS_MARKS[access]))


def _month_day(month_day: int, written: Conventions) -> str:
    return "" if month_day == NO_MONTH_DAY else written.short_month_day(month_day)


def _day(day: int, written: Conventions) -> str:
    return "" if day == NO_DAY else written.short_day(date(day // 10_000, day // 100 % 100, day % 100))
