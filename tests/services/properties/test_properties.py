"""Properties and mortgages of a client: who sees and changes them, and what follows from each change."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.client import NO_DAY, NO_MONTH_DAY, NO_RATE, Client, Mortgage, Property
from models.states import AuditResult, Role
from services import person_key
from services.actor import Actor
from services.clock import ManualClock
from services.context import Context
from services.desk import Desk
from services.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from services.properties.values import MortgageFields, MortgageRecord, PropertyFields, PropertyRecord
from tests import making
from tests.making import MadeAgency

KING = PropertyFields("12 King St W, London", "512,000")
SCOTIA = MortgageFields("Scotia", "284310.55", "4.89", "2027-08-26", "2022-08-26")
TD = MortgageFields("TD", "50000", "3.79", "2027-01-02")


@pytest.fixture
def house(desk: Desk, ray: MadeAgency, brent: Client) -> PropertyRecord:
    """A property of Brent's without a mortgage."""
    return desk.properties.add(ray.admin, brent.id, KING)


@pytest.fixture
def loan(desk: Desk, ray: MadeAgency, brent: Client, house: PropertyRecord) -> MortgageRecord:
    """The first mortgage on it."""
    return desk.properties.add_mortgage(ray.admin, brent.id, house.id, SCOTIA)


def row_of(ctx: Context, client: Client) -> Client:
    with ctx.read():
        found: Client = Client.get_by_id(client.id)
        return found


def last(ctx: Context, action: str) -> tuple[str, dict[str, Any]]:
    entry = making.entries(ctx, action)[-1]
    return entry.subject, json.loads(entry.details)


def test_what_was_added_is_shown_as_the_agency_writes_it(
    desk: Desk, ray: MadeAgency, brent: Client, loan: MortgageRecord
) -> None:
    shown = desk.properties.of(ray.admin, brent.id)
    assert (shown.name, shown.properties[0].fields.value) == ("Brent Thomas", "$512,000.00")
    assert shown.properties[0].mortgages[0].fields.rate == "4.89%"
    assert shown.totals.equity == Decimal("227689.45")
    view = desk.rules.view(ray.admin)
    desk.rules.change(ray.admin, view.version, replace(view.policy, writing="fr-CA"))
    french = desk.properties.of(ray.admin, brent.id)
    assert french.properties[0].fields.value == "512\u00a0000,00\u00a0$"


def test_the_client_table_follows_each_change(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, house: PropertyRecord, loan: MortgageRecord
) -> None:
    assert (row_of(ctx, brent).renewal_key, row_of(ctx, brent).rate_key) == (20270826, 4890)
    assert row_of(ctx, brent).anniversary == 826
    second = desk.properties.add_mortgage(ray.admin, brent.id, house.id, TD)
    assert (row_of(ctx, brent).renewal_key, row_of(ctx, brent).rate_key) == (20270102, 4890)
    desk.properties.change_mortgage(ray.admin, brent.id, second.id, second.version, replace(TD, renewal_on=""))
    assert row_of(ctx, brent).renewal_key == 20270826
    older = replace(SCOTIA, lender="BMO", anniversary_on="2020-02-29", renewal_on="")
    desk.properties.add_mortgage(ray.admin, brent.id, house.id, older)
    assert row_of(ctx, brent).anniversary == 229
    present = desk.properties.of(ray.admin, brent.id).properties[0]
    desk.properties.remove(ray.admin, brent.id, house.id, present.version)
    assert (row_of(ctx, brent).renewal_key, row_of(ctx, brent).rate_key) == (NO_DAY, NO_RATE)


def test_an_uploaded_anniversary_stays_while_no_mortgage_tells(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, house: PropertyRecord
) -> None:
    assert row_of(ctx, brent).anniversary == NO_MONTH_DAY
    with ctx.unit():
        Client.update(anniversary=222).execute()
    desk.properties.add_mortgage(ray.admin, brent.id, house.id, TD)
    assert row_of(ctx, brent).anniversary == 222


def test_a_change_leaves_the_client_s_own_version_and_says_who_made_it(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, brent: Client
) -> None:
    clock.advance(minutes=5)
    desk.properties.add(ray.admin, brent.id, KING)
    row = row_of(ctx, brent)
    assert (row.version, row.changed_by, row.changed_at) == (1, "Sue Wright", clock.now())


def test_what_was_done_is_written_down_with_old_and_new(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, house: PropertyRecord, loan: MortgageRecord
) -> None:
    assert last(ctx, "property_added") == (
        "Brent Thomas",
        {"address": KING.address, "new_address": KING.address, "new_value": "512000.00"},
    )
    desk.properties.change_mortgage(ray.admin, brent.id, loan.id, loan.version, replace(SCOTIA, rate="5.1"))
    assert last(ctx, "mortgage_changed")[1] == {
        "lender": "Scotia",
        "address": KING.address,
        "old_rate": "4.890",
        "new_rate": "5.100",
    }
    words = [event.words for event in desk.people.history(ray.admin, person_key.client(brent.id))]
    assert words[0] == "changed the mortgage (Scotia, 12 King St W, London): rate"
    assert words[1] == "added the mortgage (Scotia, 12 King St W, London)"
    present = desk.properties.of(ray.admin, brent.id).properties[0]
    desk.properties.remove(ray.admin, brent.id, house.id, present.version)
    gone = last(ctx, "mortgage_removed")[1]
    assert (gone["old_balance"], gone["old_renewal_on"]) == ("284310.55", "2027-08-26")
    assert last(ctx, "property_removed")[1]["old_value"] == "512000.00"
    with ctx.read():
        assert (Property.select().count(), Mortgage.select().count()) == (0, 0)


def test_each_change_of_a_mortgage_counts_as_one_of_its_property(
    desk: Desk, ray: MadeAgency, brent: Client, house: PropertyRecord, loan: MortgageRecord
) -> None:
    assert (house.version, loan.version) == (1, 2)
    desk.properties.remove_mortgage(ray.admin, brent.id, loan.id, 2)
    assert desk.properties.of(ray.admin, brent.id).properties[0].version == 3


def test_a_save_without_a_change_writes_nothing(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, house: PropertyRecord, loan: MortgageRecord
) -> None:
    count = len(making.entries(ctx))
    same = desk.properties.change_mortgage(ray.admin, brent.id, loan.id, loan.version, loan.fields)
    assert same == loan
    present = desk.properties.of(ray.admin, brent.id).properties[0]
    assert desk.properties.change(ray.admin, brent.id, house.id, present.version, house.fields) == present
    assert len(making.entries(ctx)) == count


Change = Callable[[Desk, Actor, int, PropertyRecord, MortgageRecord], object]
STALE: dict[str, Change] = {
    "change": lambda desk, who, client, house, loan: desk.properties.change(
        who, client, house.id, house.version, replace(KING, value="1")
    ),
    "remove": lambda desk, who, client, house, loan: desk.properties.remove(who, client, house.id, house.version),
    "change_mortgage": lambda desk, who, client, house, loan: desk.properties.change_mortgage(
        who, client, loan.id, house.version, replace(SCOTIA, rate="1")
    ),
    "remove_mortgage": lambda desk, who, client, house, loan: desk.properties.remove_mortgage(
        who, client, loan.id, house.version
    ),
}
OTHERS: dict[str, Change] = {
    "of": lambda desk, who, client, house, loan: desk.properties.of(who, client),
    "add": lambda desk, who, client, house, loan: desk.properties.add(who, client, PropertyFields("1 Main St")),
    "add_mortgage": lambda desk, who, client, house, loan: desk.properties.add_mortgage(who, client, house.id, TD),
}


@pytest.mark.parametrize("name", STALE)
def test_whoever_read_an_older_version_is_shown_the_newer_one(
    desk: Desk, ray: MadeAgency, brent: Client, house: PropertyRecord, loan: MortgageRecord, name: str
) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@example.com")
    changed = desk.properties.change_mortgage(ann, brent.id, loan.id, loan.version, replace(SCOTIA, rate="6"))
    with pytest.raises(Conflict) as conflict:
        STALE[name](desk, ray.admin, brent.id, house, loan)
    assert conflict.value.changed_by == "Ann Agent"
    present = desk.properties.of(ray.admin, brent.id)
    assert conflict.value.theirs == (changed if "mortgage" in name else present.properties[0])
    assert present.properties[0].mortgages == (changed,)


@pytest.mark.parametrize("name", [*STALE, *OTHERS])
def test_auditors_look_and_change_nothing_and_clients_see_nobody_else_s(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, house: PropertyRecord, loan: MortgageRecord, name: str
) -> None:
    act = (STALE | OTHERS)[name]
    auditor = making.make_staff(desk, ray.agency, "aud@example.com", role=Role.AUDITOR)
    client = replace(ray.admin, session_id=None, role=Role.CLIENT)
    if name != "of":
        with pytest.raises(Forbidden):
            act(desk, auditor, brent.id, house, loan)
        assert making.entries(ctx)[-1].result is AuditResult.REFUSED
    with pytest.raises(Forbidden):
        act(desk, client, brent.id, house, loan)
    assert len(desk.properties.of(auditor, brent.id).properties) == 1


@pytest.mark.parametrize("name", [*STALE, "add_mortgage"])
def test_what_belongs_to_another_client_is_not_there(
    desk: Desk, ray: MadeAgency, brent: Client, house: PropertyRecord, loan: MortgageRecord, name: str
) -> None:
    other = making.make_client(desk, ray.agency, "cindy@example.com", first="Cindy")
    with pytest.raises(NotFound):
        (STALE | OTHERS)[name](desk, ray.admin, other.id, house, loan)


def test_a_client_sees_their_own_and_staff_without_one_are_told(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, loan: MortgageRecord
) -> None:
    identity = making.give_account(desk, ray.admin, brent)
    mine = desk.properties.own(replace(ray.admin, identity_id=identity.id, session_id=None, role=Role.CLIENT))
    assert mine.properties[0].mortgages == (loan,)
    with pytest.raises(Refused, match="belongs to no client"):
        desk.properties.own(ray.admin)


def test_two_properties_at_one_address_are_refused(
    desk: Desk, ray: MadeAgency, brent: Client, house: PropertyRecord
) -> None:
    with pytest.raises(Invalid, match="Open that one"):
        desk.properties.add(ray.admin, brent.id, PropertyFields("12 KING ST. W, London"))
    other = desk.properties.add(ray.admin, brent.id, PropertyFields("1 Main St"))
    with pytest.raises(Invalid, match="Open that one"):
        desk.properties.change(ray.admin, brent.id, other.id, other.version, KING)
    desk.properties.change(ray.admin, brent.id, house.id, house.version, PropertyFields("12 King St. W, London"))


def test_of_two_changes_at_once_one_is_a_conflict(
    desk: Desk,
    ray: MadeAgency,
    brent: Client,
    house: PropertyRecord,
    loan: MortgageRecord,
    at_once: Callable[..., list[Any]],
) -> None:
    def change(rate: str) -> MortgageRecord:
        return desk.properties.change_mortgage(ray.admin, brent.id, loan.id, loan.version, replace(SCOTIA, rate=rate))

    outcomes = at_once(lambda: change("1"), lambda: change("2"))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "MortgageRecord"]


def test_a_29_february_stands_in_the_client_table(
    desk: Desk, ray: MadeAgency, brent: Client, house: PropertyRecord
) -> None:
    loan = desk.properties.add_mortgage(
        ray.admin, brent.id, house.id, MortgageFields("TD", anniversary_on="2024-02-29", rate="0")
    )
    assert (loan.anniversary_on, loan.rate) == (date(2024, 2, 29), Decimal(0))
