"""Reads what a client owns and owes."""

from __future__ import annotations

from datetime import date

from models.client import Client, Mortgage, Property
from services import persons
from services.agency_policy import conventions_of
from services.context import Context
from services.conventions import Conventions
from services.properties.fields import CleanMortgage, CleanProperty, mortgage_shown, property_shown
from services.properties.values import MortgageRecord, Portfolio, PropertyRecord
from services.text import safe


def portfolio_of(ctx: Context, client: Client) -> Portfolio:
    """Everything, oldest first; call it inside `ctx.read()` or `ctx.unit()`."""
    written = conventions_of(client.agency_id)
    homes = list(Property.select().where(Property.client == client.id).order_by(Property.id))
    versions = {int(home.id): int(home.version) for home in homes}
    loans: dict[int, list[MortgageRecord]] = {number: [] for number in versions}
    for row in Mortgage.select().join(Property).where(Property.client == client.id).order_by(Mortgage.id):
        loans[row.property_id].append(mortgage_of(row, versions[row.property_id], written))
    records = tuple(
        PropertyRecord(
            int(home.id),
            int(home.version),
            safe(home.address),
            home.value,
            tuple(loans[home.id]),
            property_shown(stored_property(home), written),
        )
        for home in homes
    )
    return Portfolio(int(client.id), safe(persons.name_of(client)), records, written, today(ctx))


def today(ctx: Context) -> date:
    """The day at this machine."""
    return ctx.clock.now().astimezone().date()


def stored_property(row: Property) -> CleanProperty:
    """What a row holds."""
    return CleanProperty(row.address, row.value)


def stored_mortgage(row: Mortgage) -> CleanMortgage:
    """What a row holds."""
    return CleanMortgage(**{name: getattr(row, name) for name in CleanMortgage.__dataclass_fields__})


def mortgage_of(row: Mortgage, version: int, written: Conventions) -> MortgageRecord:
    """A row as the value that screens get."""
    return MortgageRecord(
        id=int(row.id),
        property_id=row.property_id,
        version=version,
        lender=safe(row.lender),
        balance=row.balance,
        rate=row.rate,
        renewal_on=row.renewal_on,
        anniversary_on=row.anniversary_on,
        term_months=row.term_months,
        amortisation_months=row.amortisation_months,
        payment=row.payment,
        payment_every=row.payment_every,
        fields=mortgage_shown(stored_mortgage(row), written),
    )
