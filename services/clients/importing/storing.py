"""Reads what the list has of the clients of a batch, and writes what a plan wants."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from peewee import Field

from models.client import NO_MONTH_DAY, Client, Mortgage
from services import audit
from services.accounts import identities
from services.actor import Actor
from services.clients import fields as client_fields
from services.clients.importing.bulk import insert, refresh_statistics, select
from services.clients.importing.comparing import FIGURE_FIELDS, HeldLoan, Home, StoredClient, Work
from services.clients.importing.headers import Column
from services.clients.importing.rows import Layout
from services.context import Context
from services.text import fold

PERSON_FIELDS: dict[Column, Field[Any]] = {
    Column.FIRST_NAME: Client.first_name,
    Column.LAST_NAME: Client.last_name,
    Column.PHONE: Client.phone,
    Column.DATE_OF_BIRTH: Client.date_of_birth,
    Column.ANNIVERSARY: Client.anniversary,
    Column.SUBSCRIBED: Client.subscribed,
}
_NEW = {
    Column.PHONE: "",
    Column.DATE_OF_BIRTH: None,
    Column.ANNIVERSARY: NO_MONTH_DAY,
    Column.SUBSCRIBED: True,
}
"""What a new client has in the columns that the file lacks."""


class Overtaken(Exception):
    """Somebody changed a client between the look and the write; the batch must be done anew."""


class Store:
    """The clients of one agency, for one upload; every method runs inside a read or a unit of work."""

    def __init__(self, ctx: Context, actor: Actor, layout: Layout, upload_id: int | None) -> None:
        self._ctx = ctx
        self._actor = actor
        self._layout = layout
        self._upload_id = upload_id

    def find(self, keys: Collection[str]) -> dict[str, StoredClient]:
        """What the list has of these clients."""
        columns = ("id", "version", "upload_id", "identity_id", "email", "email_key", *_names(PERSON_FIELDS))
        mine = f"agency_id = {int(self._actor.agency_id)}"
        found: dict[str, StoredClient] = {}
        for row in select(self._ctx.database, "client", columns, "email_key", keys, mine):
            person = {
                column: kind.python_value(value)
                for (column, kind), value in zip(PERSON_FIELDS.items(), row[6:], strict=True)
            }
            found[row[5]] = StoredClient(row[0], row[1], row[2], row[3], row[4], person)
        if found and self._layout.has_loans:
            self._add_loans({client.id: client for client in found.values()})
        return found

    def write(self, works: Sequence[Work]) -> None:
        """Store a plan. Raises Overtaken, or IntegrityError if somebody added one of the clients meanwhile."""
        now = self._ctx.clock.now()
        ids = self._add_clients([work for work in works if work.stored is None], now)
        for work in works:
            if work.stored is not None:
                ids[work.email.key] = work.stored.id
                if work.has_changes:
                    self._change_client(work, work.stored, now)
        if self._layout.has_loans:
            self._write_loans([(ids[work.email.key], work) for work in works])

    def settle(self, added: int) -> bool:
        """Keep the next look-ups fast; call it in a read after so many clients were added since it last said yes."""
        return refresh_statistics(self._ctx.database, ("client", "property", "mortgage"), added)

    def _add_loans(self, clients: dict[int, StoredClient]) -> None:
        database = self._ctx.database
        owners: dict[int, tuple[StoredClient, str]] = {}
        homes = select(database, "property", ("id", "client_id", "address"), "client_id", clients)
        for id_, client_id, address in sorted(map(tuple, homes)):
            key = fold(address)
            clients[client_id].homes.setdefault(key, Home(id_, address))
            owners[id_] = (clients[client_id], key)
        columns = ("id", "property_id", "lender", *_names(FIGURE_FIELDS))
        for id_, property_id, lender, *values in select(database, "mortgage", columns, "property_id", owners):
            client, key = owners[property_id]
            figures = {
                column: kind.python_value(value)
                for (column, kind), value in zip(FIGURE_FIELDS.items(), values, strict=True)
            }
            client.loans.append(HeldLoan(id_, key, lender, fold(lender), figures))
        for client in clients.values():
            client.loans.sort(key=lambda loan: loan.id or 0)

    def _add_clients(self, works: Sequence[Work], now: datetime) -> dict[str, int]:
        columns = (
            *("agency_id", "upload_id", "created_at", "changed_at", "changed_by", "version", "access"),
            *("email", "email_key", *_names(PERSON_FIELDS)),
            *("search", "name_key", "birthday_key", "renewal_key", "rate_key"),
        )
        moment = Client.created_at.db_value(now)
        start = (self._actor.agency_id, self._upload_id, moment, moment, self._actor.name, 1, 0)
        rows = []
        for work in works:
            person = _NEW | dict(zip(self._layout.person, work.person, strict=True))
            stored = [kind.db_value(person[column]) for column, kind in PERSON_FIELDS.items()]
            derived = _derived(work.email.address, person)
            rows.append((*start, work.email.address, work.email.key, *stored, *derived.values(), *_loan_keys(work)))
        added = insert(self._ctx.database, "client", columns, rows, ("email_key", "id"))
        return dict(added)

    def _change_client(self, work: Work, stored: StoredClient, now: datetime) -> None:
        values: dict[str, Any] = {"changed_at": now, "changed_by": self._actor.name, "upload": self._upload_id}
        person = stored.person | {column: new for column, (_, new) in work.changed.items()}
        if work.changed:
            values |= {PERSON_FIELDS[column].name: new for column, (_, new) in work.changed.items()}
            values |= _derived(stored.email, person)
            values["version"] = stored.version + 1
        if work.has_new_loans:
            values["renewal_key"], values["rate_key"] = _loan_keys(work)
        as_seen = (Client.id == stored.id) & (Client.version == stored.version)
        if not Client.update(**values).where(as_seen).execute():
            raise Overtaken
        audit.record(
            self._ctx,
            self._actor,
            audit.Action.CLIENT_CHANGED,
            client_id=stored.id,
            identity_id=stored.identity_id,
            subject=identities.full_name(person[Column.FIRST_NAME], person[Column.LAST_NAME]),
            details=self._told(work),
        )
        if Column.FIRST_NAME in work.changed or Column.LAST_NAME in work.changed:
            identities.follow_name(Client.get_by_id(stored.id))

    def _told(self, work: Work) -> dict[str, str | int | bool | None]:
        """ "old_phone" and "new_phone" for each field that was changed, as for a change by hand."""
        told: dict[str, str | int | bool | None] = {"upload": self._upload_id}
        for column, (old, new) in work.changed.items():
            name = PERSON_FIELDS[column].name
            told[f"old_{name}"], told[f"new_{name}"] = _plain(old), _plain(new)
        new_loans = sum(loan.id is None for loan in work.loans)
        changed_loans = sum(loan.changed for loan in work.loans)
        if new_loans or changed_loans:
            told |= {"loans_added": new_loans, "loans_changed": changed_loans}
        return told

    def _write_loans(self, works: Sequence[tuple[int, Work]]) -> None:
        new_homes = [(client_id, home) for client_id, work in works for home in work.homes.values() if home.id is None]
        added = insert(
            self._ctx.database,
            "property",
            ("client_id", "address"),
            [(client_id, home.address) for client_id, home in new_homes],
            ("client_id", "address", "id"),
        )
        ids = {(client_id, address): id_ for client_id, address, id_ in added}
        for client_id, home in new_homes:
            home.id = ids[client_id, home.address]
        new_loans = []
        for _, work in works:
            for loan in work.loans:
                if loan.id is None:
                    figures = [kind.db_value(loan.figures[column]) for column, kind in FIGURE_FIELDS.items()]
                    new_loans.append((work.homes[loan.address_key].id, loan.lender, *figures))
                elif loan.changed:
                    figures_by_name = {FIGURE_FIELDS[column].name: value for column, value in loan.figures.items()}
                    Mortgage.update(**figures_by_name).where(Mortgage.id == loan.id).execute()
        insert(self._ctx.database, "mortgage", ("property_id", "lender", *_names(FIGURE_FIELDS)), new_loans)


def _names(fields: Mapping[Column, Field[Any]]) -> list[str]:
    return [field.column_name for field in fields.values()]


def _derived(email: str, person: dict[Column, Any]) -> dict[str, Any]:
    """The columns that follow from the person's fields, in the order in which they are inserted."""
    first, last = person[Column.FIRST_NAME], person[Column.LAST_NAME]
    return {
        "search": client_fields.search_text(first, last, email, person[Column.PHONE]),
        "name_key": client_fields.name_key(first, last),
        "birthday_key": client_fields.birthday_key(person[Column.DATE_OF_BIRTH]),
    }


def _loan_keys(work: Work) -> tuple[int, int]:
    return client_fields.mortgage_keys((loan.figures[Column.RATE], loan.figures[Column.RENEWAL]) for loan in work.loans)


def _plain(value: Any) -> str | int | bool:
    if value == NO_MONTH_DAY:
        return ""
    return value if isinstance(value, (int, bool)) else "" if value is None else str(value)
