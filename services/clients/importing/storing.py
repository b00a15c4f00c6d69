"""Reads what the list has of the clients of a batch, and writes what a plan wants."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from peewee import Field

from models.client import NO_MONTH_DAY, Client, Mortgage, Property
from services import audit
from services.accounts import identities
from services.actor import Actor
from services.clients import fields as client_fields
from services.clients.importing.bulk import insert, refresh_statistics, select
from services.clients.importing.headers import Column
from services.clients.importing.journal import PERSON_FIELDS, Journal, told_value
from services.clients.importing.rows import Layout
from services.clients.importing.work import FIGURE_FIELDS, HeldLoan, Home, StoredClient, Work
from services.context import Context
from services.text import fold

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
        """`upload_id` is None where nothing is to be stored."""
        self._ctx = ctx
        self._actor = actor
        self._layout = layout
        self._upload_id = upload_id
        self._journal = None if upload_id is None else Journal(ctx, upload_id)

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
            added_here = self._upload_id is not None and row[2] == self._upload_id
            found[row[5]] = StoredClient(row[0], row[1], row[3], row[4], person, added_here)
        by_id = {client.id: client for client in found.values()}
        if found and self._journal is not None:
            for client_id in self._journal.clients(by_id):
                by_id[client_id].changed_here = True
        if found and self._layout.has_loans:
            self._add_loans(by_id)
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
        if self._journal is not None:
            self._journal.note([work for work in works if work.has_changes])

    def settle(self, added: int) -> bool:
        """Keep the next look-ups fast; call it in a read after so many clients were added since it last said yes."""
        return refresh_statistics(self._ctx.database, ("client", "property", "mortgage"), added)

    def _add_loans(self, clients: dict[int, StoredClient]) -> None:
        database = self._ctx.database
        owners: dict[int, tuple[StoredClient, str]] = {}
        homes = select(database, "property", ("id", "client_id", "address", "value", "version"), "client_id", clients)
        for id_, client_id, address, worth, version in sorted(map(tuple, homes), key=itemgetter(0)):
            key, value = fold(address), Property.value.python_value(worth)
            home = clients[client_id].properties[id_] = Home(id_, address, value, value, version, is_new=False)
            clients[client_id].homes.setdefault(key, home)
            owners[id_] = (clients[client_id], key)
        columns = ("id", "property_id", "lender", *_names(FIGURE_FIELDS))
        for id_, property_id, lender, *values in select(database, "mortgage", columns, "property_id", owners):
            client, key = owners[property_id]
            figures = {
                column: kind.python_value(value)
                for (column, kind), value in zip(FIGURE_FIELDS.items(), values, strict=True)
            }
            client.loans.append(HeldLoan(id_, property_id, key, lender, fold(lender), figures, tuple(values)))
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
            if work.anniversary is not None:
                person[Column.ANNIVERSARY] = work.anniversary
            stored = [kind.db_value(person[column]) for column, kind in PERSON_FIELDS.items()]
            derived = _derived(work.email.address, person)
            rows.append((*start, work.email.address, work.email.key, *stored, *derived.values(), *_loan_keys(work)))
        added = insert(self._ctx.database, "client", columns, rows, ("email_key", "id"))
        return dict(added)

    def _change_client(self, work: Work, stored: StoredClient, now: datetime) -> None:
        values: dict[str, Any] = {"changed_at": now, "changed_by": self._actor.name}
        person = stored.person | {column: new for column, (_, new) in work.changed.items()}
        if work.changed:
            values |= {PERSON_FIELDS[column].name: new for column, (_, new) in work.changed.items()}
            values |= _derived(stored.email, person)
            values["version"] = stored.version + 1
        if work.has_new_loans:
            values["renewal_key"], values["rate_key"] = _loan_keys(work)
        if work.anniversary is not None:
            values["anniversary"] = work.anniversary
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
            told[f"old_{name}"], told[f"new_{name}"] = told_value(old), told_value(new)
        counted = {
            "loans_added": sum(loan.id is None for loan in work.loans),
            "loans_changed": sum(loan.changed for loan in work.loans),
            "values_changed": sum(home.changed for home in work.homes.values()),
        }
        told |= counted if any(counted.values()) else {}
        return told

    def _write_loans(self, works: Sequence[tuple[int, Work]]) -> None:
        for _, work in works:
            for home in work.changed_homes:
                self._change_home(home)
        new_homes = [(client_id, home) for client_id, work in works for home in work.homes.values() if home.is_new]
        added = insert(
            self._ctx.database,
            "property",
            ("client_id", "address", "value", "version"),
            [
                (client_id, home.address, Property.value.db_value(home.value), home.version)
                for client_id, home in new_homes
            ],
            ("client_id", "address", "id"),
        )
        ids = {(client_id, address): id_ for client_id, address, id_ in added}
        for client_id, home in new_homes:
            home.id = ids[client_id, home.address]
        new_loans = []
        for _, work in works:
            for loan in work.loans:
                if loan.id is None:
                    told = [FIGURE_FIELDS[column].db_value(loan.figures[column]) for column in self._layout.figures]
                    new_loans.append((work.homes[loan.address_key].id, loan.lender, *told))
                elif loan.changed:
                    figures_by_name = {FIGURE_FIELDS[column].name: value for column, value in loan.figures.items()}
                    Mortgage.update(**figures_by_name).where(Mortgage.id == loan.id).execute()
        columns = [FIGURE_FIELDS[column].column_name for column in self._layout.figures]
        insert(self._ctx.database, "mortgage", ("property_id", "lender", *columns), new_loans)

    def _change_home(self, home: Home) -> None:
        as_seen = (Property.id == home.id) & (Property.version == home.version)
        if not Property.update(value=home.value, version=home.version + 1).where(as_seen).execute():
            raise Overtaken


def _names(fields: Mapping[Column, Field[Any]]) -> list[str]:
    return [field.column_name for field in fields.values()]


def _derived(email: str, person: dict[Column, Any]) -> dict[str, Any]:
    names = person[Column.FIRST_NAME], person[Column.LAST_NAME]
    return client_fields.derived(*names, email, person[Column.PHONE], person[Column.DATE_OF_BIRTH])


def _loan_keys(work: Work) -> tuple[int, int]:
    return client_fields.mortgage_keys(
        (loan.figures.get(Column.RATE), loan.figures.get(Column.RENEWAL)) for loan in work.loans
    )
