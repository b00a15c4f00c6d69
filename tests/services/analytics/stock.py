"""What the tests of analytics count: mortgages, events and mails of known numbers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from models.client import Client, Mortgage, Property
from services.clients.fields import mortgage_keys
from services.desk import Desk


def give_home(
    desk: Desk, client: Client, *loans: dict[str, Any], address: str = "12 Oak St", value: str | None = None
) -> Property:
    """A property with its mortgages, each given by its columns."""
    with desk.ctx.unit():
        home = Property.create(client=client, address=address, value=None if value is None else Decimal(value))
        for loan in loans:
            Mortgage.create(property=home, **loan)
        theirs = Mortgage.select().join(Property).where(Property.client == client.id).order_by(Mortgage.id)
        renewal, rate = mortgage_keys((one.rate, one.renewal_on) for one in theirs)
        Client.update(renewal_key=renewal, rate_key=rate).where(Client.id == client.id).execute()
    return home


def loan(**columns: Any) -> dict[str, Any]:
    """A mortgage of which everything is known, or as the columns say; numbers may be given as text."""
    known: dict[str, Any] = {
        "lender": "First Bank",
        "balance": "55389.85",
        "rate": "13",
        "payment": "688.52",
        "payment_every": "monthly",
        "renewal_on": date(2027, 3, 1),
    } | columns
    return known | {
        name: Decimal(known[name]) for name in ("balance", "rate", "payment") if known.get(name) is not None
    }
