"""What clients own and owe: shown to staff and to themselves, changed by staff."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from models.client import Client, Mortgage, Property
from services import audit, persons, sessions
from services.actor import Actor
from services.agency_policy import conventions_of
from services.context import Context
from services.errors import Conflict, Invalid, NotFound
from services.properties import keeping
from services.properties.fields import clean_mortgage, clean_property
from services.properties.reading import portfolio_of, stored_mortgage, stored_property
from services.properties.values import MortgageFields, MortgageRecord, Portfolio, PropertyFields, PropertyRecord
from services.rights import Right
from services.text import fold, safe

_NO_PROPERTY = "This property is not in the list any more. Look at the list again."
_NO_MORTGAGE = "This mortgage is not in the list any more. Look at the list again."
_NO_CLIENT = (
    "Your account belongs to no client of the agency, so that there are no properties to show. Ask your agency."
)


class Properties:
    """The properties of one client at a time; a change names the version that was read of the property."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def of(self, actor: Actor, client_id: int) -> Portfolio:
        """All that a client owns and owes. Raises NotFound."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            return portfolio_of(self._ctx, persons.find_row(actor, Client, client_id))

    def own(self, actor: Actor) -> Portfolio:
        """The same for the client who is signed in. Raises NotFound for somebody who is no client."""
        with self._ctx.read():
            sessions.require(self._ctx, actor)
            client = None
            if actor.identity_id is not None:
                client = Client.get_or_none((Client.identity == actor.identity_id) & (Client.agency == actor.agency_id))
            if client is None:
                raise NotFound(_NO_CLIENT)
            return portfolio_of(self._ctx, client)

    def add(self, actor: Actor, client_id: int, fields: PropertyFields) -> PropertyRecord:
        """Add a property without mortgages. Raises Invalid or NotFound."""
        with self._changing(actor, audit.Action.PROPERTY_ADDED, client_id) as client:
            wanted = clean_property(fields, conventions_of(client.agency_id))
            _refuse_twin(client, wanted.address)
            row = Property.create(client=client, address=wanted.address, value=wanted.value)
            told = {"address": safe(wanted.address), **keeping.told_of(wanted, "new_")}
            self._done(actor, audit.Action.PROPERTY_ADDED, client, told)
            return self._property(client, row.id)

    def change(
        self, actor: Actor, client_id: int, property_id: int, version: int, fields: PropertyFields
    ) -> PropertyRecord:
        """Store what differs. Raises Invalid, NotFound, or Conflict with their record."""
        with self._changing(actor, audit.Action.PROPERTY_CHANGED, client_id) as client:
            row = _home(client, property_id)
            wanted = clean_property(fields, conventions_of(client.agency_id))
            self._expect(client, row, version, self._property(client, property_id))
            changed = keeping.changes(stored_property(row), wanted)
            if not changed:
                return self._property(client, property_id)
            if "address" in changed:
                _refuse_twin(client, wanted.address, property_id)
            _bump(row, **changed)
            told = {"address": safe(row.address), **keeping.told_of_change(stored_property(row), changed)}
            self._done(actor, audit.Action.PROPERTY_CHANGED, client, told)
            return self._property(client, property_id)

    def remove(self, actor: Actor, client_id: int, property_id: int, version: int) -> None:
        """Take a property off the list, and its mortgages with it. Raises NotFound, or Conflict with their record."""
        with self._changing(actor, audit.Action.PROPERTY_REMOVED, client_id) as client:
            row = _home(client, property_id)
            self._expect(client, row, version, self._property(client, property_id))
            for loan in Mortgage.select().where(Mortgage.property == property_id).order_by(Mortgage.id):
                self._take_off(actor, client, row, loan)
            row.delete_instance()
            told = {"address": safe(row.address), **keeping.told_of(stored_property(row), "old_")}
            self._done(actor, audit.Action.PROPERTY_REMOVED, client, told)

    def add_mortgage(self, actor: Actor, client_id: int, property_id: int, fields: MortgageFields) -> MortgageRecord:
        """Add a mortgage to a property. Raises Invalid or NotFound."""
        with self._changing(actor, audit.Action.MORTGAGE_ADDED, client_id) as client:
            row = _home(client, property_id)
            wanted = clean_mortgage(fields, conventions_of(client.agency_id))
            columns = {name: getattr(wanted, name) for name in wanted.__dataclass_fields__}
            loan = Mortgage.create(property=row, **columns)
            _bump(row)
            told = {**_named(row, loan), **keeping.told_of(wanted, "new_")}
            self._done(actor, audit.Action.MORTGAGE_ADDED, client, told)
            return self._mortgage(client, loan.id)

    def change_mortgage(
        self, actor: Actor, client_id: int, mortgage_id: int, version: int, fields: MortgageFields
    ) -> MortgageRecord:
        """Store what differs. Raises Invalid, NotFound, or Conflict with their record."""
        with self._changing(actor, audit.Action.MORTGAGE_CHANGED, client_id) as client:
            loan, row = _loan(client, mortgage_id)
            wanted = clean_mortgage(fields, conventions_of(client.agency_id))
            self._expect(client, row, version, self._mortgage(client, mortgage_id))
            changed = keeping.changes(stored_mortgage(loan), wanted)
            if not changed:
                return self._mortgage(client, mortgage_id)
            Mortgage.update(**changed).where(Mortgage.id == mortgage_id).execute()
            _bump(row)
            told = {**_named(row, loan), **keeping.told_of_change(stored_mortgage(loan), changed)}
            self._done(actor, audit.Action.MORTGAGE_CHANGED, client, told)
            return self._mortgage(client, mortgage_id)

    def remove_mortgage(self, actor: Actor, client_id: int, mortgage_id: int, version: int) -> None:
        """Take a mortgage off its property. Raises NotFound, or Conflict with their record."""
        with self._changing(actor, audit.Action.MORTGAGE_REMOVED, client_id) as client:
            loan, row = _loan(client, mortgage_id)
            self._expect(client, row, version, self._mortgage(client, mortgage_id))
            self._take_off(actor, client, row, loan)
            _bump(row)
            keeping.keep_in_step(self._ctx, actor, client)

    @contextmanager
    def _changing(self, actor: Actor, action: audit.Action, client_id: int) -> Iterator[Client]:
        """A unit of work about one client, whose row is held, so that two changes come one after the other."""
        refusals = audit.refusals_recorded(self._ctx, actor, action, client_id=client_id)
        with refusals, self._ctx.unit():
            sessions.require_staff(self._ctx, actor)
            yield persons.hold_row(self._ctx, actor, Client, client_id)

    def _done(self, actor: Actor, action: audit.Action, client: Client, told: keeping.Details) -> None:
        keeping.keep_in_step(self._ctx, actor, client)
        keeping.write_down(self._ctx, actor, action, client, told)

    def _take_off(self, actor: Actor, client: Client, home: Property, loan: Mortgage) -> None:
        loan.delete_instance()
        told = {**_named(home, loan), **keeping.told_of(stored_mortgage(loan), "old_")}
        keeping.write_down(self._ctx, actor, audit.Action.MORTGAGE_REMOVED, client, told)

    def _property(self, client: Client, property_id: int) -> PropertyRecord:
        found = portfolio_of(self._ctx, client).property(property_id)
        if found is None:
            raise NotFound(_NO_PROPERTY)
        return found

    def _mortgage(self, client: Client, mortgage_id: int) -> MortgageRecord:
        found = portfolio_of(self._ctx, client).mortgage(mortgage_id)
        if found is None:
            raise NotFound(_NO_MORTGAGE)
        return found

    def _expect(self, client: Client, row: Property, version: int, theirs: PropertyRecord | MortgageRecord) -> None:
        """Raises Conflict with their record if the property is not as it was read."""
        if row.version != version:
            by = keeping.last_changed_by(client.id)
            raise Conflict(
                f"{by} changed this property while you were at it. Nothing of yours is saved yet: "
                "compare both versions and choose.",
                theirs,
                by,
            )


def _home(client: Client, property_id: int) -> Property:
    row: Property | None = Property.get_or_none((Property.id == property_id) & (Property.client == client.id))
    if row is None:
        raise NotFound(_NO_PROPERTY)
    return row


def _loan(client: Client, mortgage_id: int) -> tuple[Mortgage, Property]:
    row: Mortgage | None = Mortgage.get_or_none(Mortgage.id == mortgage_id)
    home = (
        None if row is None else Property.get_or_none((Property.id == row.property_id) & (Property.client == client.id))
    )
    if row is None or home is None:
        raise NotFound(_NO_MORTGAGE)
    return row, home


def _bump(row: Property, **changed: Any) -> None:
    Property.update(**changed, version=Property.version + 1).where(Property.id == row.id).execute()


def _named(home: Property, loan: Mortgage) -> keeping.Details:
    """Which mortgage it is, in words."""
    return {"lender": safe(loan.lender), "address": safe(home.address)}


def _refuse_twin(client: Client, address: str, but: int = 0) -> None:
    """Raises Invalid for an address that another property has: an upload could not tell the two apart."""
    key = fold(address)
    others = Property.select().where((Property.client == client.id) & (Property.id != but))
    if key and any(fold(other.address) == key for other in others):
        raise Invalid({"address": "This client has a property at this address already. Open that one instead."})
