"""Renewals due: each mortgage a row, client by client, overdue ones included."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from models.client import Client, Mortgage, Property
from services.clients import fields
from services.clock import ManualClock
from services.desk import Desk
from services.reports import renewals
from tests import making
from tests.making import MadeAgency
from tests.services.reports.reading import finding, told

TODAY = date(2026, 11, 21)


def owe(desk: Desk, ray: MadeAgency, name: str, *days: int | None) -> Client:
    """A client with a mortgage that is due in so many days, for each of them."""
    client = making.make_client(desk, ray.agency, f"{name}@example.com".lower(), first=name, phone="+15195550143")
    dues = [None if day is None else TODAY + timedelta(days=day) for day in days]
    with desk.ctx.unit():
        home = Property.create(client=client, address="1 Main St")
        for due in dues:
            loan = {"lender": "MCAP", "balance": Decimal("284310.55"), "rate": Decimal("3.79")}
            Mortgage.create(property=home, renewal_on=due, **loan)
        key, _ = fields.mortgage_keys([(None, due) for due in dues])
        Client.update(renewal_key=key).where(Client.id == client.id).execute()
    return client


def test_each_mortgage_that_is_due_is_a_row_with_all_there_is_to_know(desk: Desk, ray: MadeAgency) -> None:
    owe(desk, ray, "Brent", -3)
    columns = ("name", "email", "phone", "office", "property", "lender", "balance", "rate", "renewal_on", "days_left")
    assert told(desk, ray.admin, "renewals", *columns) == [
        (
            *("Brent Thomas", "brent@example.com", "(519) 555-0143", "", "1 Main St", "MCAP"),
            *(Decimal("284310.55"), Decimal("3.790"), date(2026, 11, 18), -3),
        )
    ]


@pytest.mark.parametrize("page", [2, 2000])
def test_the_most_urgent_client_comes_first_with_all_that_is_due_of_theirs(
    desk: Desk, ray: MadeAgency, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(renewals, "PAGE", page)
    owe(desk, ray, "Ann", 90, 91, None)
    owe(desk, ray, "Bob", 40, -400, 7)
    owe(desk, ray, "Cid", None)
    owe(desk, ray, "Dee")
    owe(desk, ray, "Eve", 0)
    owe(desk, ray, "Fay", 0)
    rows = [("Bob", -400), ("Bob", 7), ("Bob", 40), ("Eve", 0), ("Fay", 0), ("Ann", 90)]
    assert told(desk, ray.admin, "renewals", "name", "days_left") == [(f"{name} Thomas", left) for name, left in rows]
    assert finding(desk, ray.admin, "renewals") == "6 mortgages are due within 90 days, 1 of them overdue."
    assert finding(desk, ray.admin, "renewals", 0) == "3 mortgages are due today, 1 of them overdue."


def test_a_client_whose_renewal_was_just_moved_away_stops_no_page(
    desk: Desk, ray: MadeAgency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewals, "PAGE", 1)
    stale = owe(desk, ray, "Ann", 300)
    with desk.ctx.unit():
        Client.update(renewal_key=20261121).where(Client.id == stale.id).execute()
    owe(desk, ray, "Bob", 1)
    assert told(desk, ray.admin, "renewals", "name") == [("Bob Thomas",)]


def test_nothing_due_is_good_news_and_a_day_begins_where_the_desk_stands(
    desk: Desk, ray: MadeAgency, clock: ManualClock
) -> None:
    assert finding(desk, ray.admin, "renewals") == (
        "No mortgage is due for renewal: the report looks ahead 90 days from today."
    )
    owe(desk, ray, "Ann", 0)
    assert told(desk, ray.admin, "renewals", "days_left") == [(0,)]
    clock.advance(days=1)
    assert told(desk, ray.admin, "renewals", "days_left") == [(-1,)]
    assert finding(desk, ray.admin, "renewals", 1) == "1 mortgage is due within 1 day, 1 of them overdue."


def test_phone_numbers_stand_as_the_agency_writes_them(desk: Desk) -> None:
    made = making.make_agency(desk, writing="fr-CA")
    owe(desk, made, "Brent", 3)
    assert told(desk, made.admin, "renewals", "phone") == [("519 555-0143",)]
