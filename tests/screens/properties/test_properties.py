"""My Properties on the screen: what stands there, what each key does, and what becomes of what was typed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from textual.pilot import Pilot

from models.client import Client, Property
from models.states import PaymentEvery, Role
from screens.client_home import ClientHome
from screens.dialogs.confirm import Confirm
from screens.dialogs.conflict import ConflictChoice
from screens.dialogs.details import Details
from screens.persons.edit import RecordEdit
from screens.properties.forms import MortgageEdit, PropertyEdit
from screens.properties.of_client import ClientProperties
from screens.properties.own import OwnProperties
from screens.properties.property_list import PropertyList
from screens.properties.rows import lines, mortgage_key
from screens.widgets.field import Field
from screens.workplace import Workplace
from services import person_key, sessions
from services.actor import Actor
from services.conventions import ENGLISH
from services.desk import Desk
from services.drafts import DraftForm, DraftKey, Typed
from services.mortgages.payments import payment
from services.properties.values import MortgageFields, MortgageRecord, PropertyFields
from tests import making
from tests.making import MadeAgency
from tests.screens.desk_stage import DeskStage
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import Stage
from tests.settling import screen_text, until, until_screen


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    return making.make_agency(desk)


@pytest.fixture
def brent(desk: Desk, ray: MadeAgency) -> Client:
    return making.make_client(desk, ray.agency)


@pytest.fixture
def loan(desk: Desk, ray: MadeAgency, brent: Client) -> MortgageRecord:
    """A mortgage that is to be renewed in 41 days, on a property of some value."""
    home = desk.properties.add(ray.admin, brent.id, PropertyFields("12 King St W, London", "512,000"))
    day = desk.ctx.clock.now().astimezone().date() + timedelta(days=41)
    fields = MortgageFields("Scotia", "284310.55", "4.89", day.isoformat(), "", "5", "25", "1650", "monthly")
    return desk.properties.add_mortgage(ray.admin, brent.id, home.id, fields)


@asynccontextmanager
async def shown(place: Workplace, screen: PropertyList, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[Any]]:
    """The list, read."""
    app = Stage(place, screen)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: app.screen is screen and screen.portfolio is not None)
        await until(pilot, lambda: screen.table.is_complete)
        yield pilot


async def form_of(pilot: Pilot[Any], kind: type[RecordEdit[Any, Any]]) -> Any:
    """The form that opens now."""
    await until_screen(pilot, kind)
    return pilot.app.screen


def stored(desk: Desk, who: Actor, client: Client) -> MortgageRecord:
    return desk.properties.of(who, client.id).properties[0].mortgages[0]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_list_tells_sums_days_left_and_all_of_a_line(
    place: Workplace, ray: MadeAgency, brent: Client, loan: MortgageRecord, size: tuple[int, int]
) -> None:
    async with shown(place, ClientProperties(place, ray.admin, brent.id), size) as pilot:
        text = screen_text(pilot)
        for words in ("Brent Thomas \u00b7 My Properties", "equity and net worth $227,689.45", "near, in 41 days"):
            assert words in text
        assert "$227,689.45 (44%)" in text
        await pilot.press("down")
        await until(pilot, lambda: "Amortisation  25 years" in screen_text(pilot))
        assert ("monthly" in screen_text(pilot)) and ("\u25b2 near: in 41 days" in screen_text(pilot))


async def test_a_property_and_its_mortgage_are_added_by_hand(
    place: Workplace, desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    async with shown(place, ClientProperties(place, ray.admin, brent.id)) as pilot:
        assert "No property is known" in screen_text(pilot)
        await pilot.press("m", "n")
        form = await form_of(pilot, PropertyEdit)
        await pilot.press("f2")
        await until(pilot, lambda: "Nothing is known" in form.query_one("#address", Field).problem)
        await pilot.press(*"1 Main St")
        await pilot.press("f2")
        await until(pilot, lambda: "m New mortgage" in screen_text(pilot))
        await pilot.press("m")
        form = await form_of(pilot, MortgageEdit)
        form.query_one("#lender", Field).value = "TD"
        form.query_one("#rate", Field).value = "25"
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        assert "25.00% is rare" in screen_text(pilot)
        await pilot.press("y")
        await until(pilot, lambda: "\u2514 TD" in screen_text(pilot))
    assert stored(desk, ray.admin, brent).fields.rate == "25.00%"


async def test_what_follows_from_the_rest_is_filled_in_by_a_key_and_never_by_itself(
    place: Workplace, desk: Desk, ray: MadeAgency, brent: Client, loan: MortgageRecord
) -> None:
    amount = ENGLISH.money(payment(Decimal("284310.55"), Decimal("4.89"), 300, PaymentEvery.MONTH))
    screen = ClientProperties(place, ray.admin, brent.id)
    async with shown(place, screen) as pilot:
        await pilot.press("down", "enter")
        form = await form_of(pilot, MortgageEdit)
        assert "F4" not in screen_text(pilot)
        form.query_one("#payment", Field).value = ""
        await until(pilot, lambda: f"F4 fills in {amount}" in screen_text(pilot))
        assert form.query_one("#payment", Field).value == ""
        await pilot.press("f4")
        await until(pilot, lambda: form.query_one("#payment", Field).value == amount)
        await pilot.press("f2")
        await until(pilot, lambda: pilot.app.screen is screen)
    assert stored(desk, ray.admin, brent).fields.payment == amount


async def test_who_was_faster_is_shown_and_nothing_typed_is_lost(
    place: Workplace, desk: Desk, ray: MadeAgency, brent: Client, loan: MortgageRecord
) -> None:
    screen = ClientProperties(place, ray.admin, brent.id)
    async with shown(place, screen) as pilot:
        await pilot.press("down", "e")
        form = await form_of(pilot, MortgageEdit)
        ann = making.make_staff(desk, ray.agency, "ann@example.com")
        desk.properties.change_mortgage(ann, brent.id, loan.id, loan.version, replace(loan.fields, rate="6"))
        form.query_one("#rate", Field).value = "5.5"
        form.query_one("#lender", Field).value = "BMO"
        await pilot.press("f2")
        await until_screen(pilot, ConflictChoice)
        text = screen_text(pilot)
        for words in ("Ann Agent", "was 4.89%", "5.50%", "6.00%"):
            assert words in text
        await pilot.press("f2")
        await until(pilot, lambda: pilot.app.screen is screen)
    assert (stored(desk, ray.admin, brent).fields.rate, stored(desk, ray.admin, brent).lender) == ("5.50%", "BMO")


async def test_a_change_to_another_mortgage_of_the_property_is_no_conflict(
    place: Workplace, desk: Desk, ray: MadeAgency, brent: Client, loan: MortgageRecord
) -> None:
    screen = ClientProperties(place, ray.admin, brent.id)
    async with shown(place, screen) as pilot:
        await pilot.press("down", "e")
        form = await form_of(pilot, MortgageEdit)
        desk.properties.add_mortgage(ray.admin, brent.id, loan.property_id, MortgageFields("TD"))
        form.query_one("#lender", Field).value = "BMO"
        await pilot.press("f2")
        await until(pilot, lambda: pilot.app.screen is screen)
    assert stored(desk, ray.admin, brent).lender == "BMO"


async def test_removing_names_what_goes_and_asks(
    place: Workplace, desk: Desk, ray: MadeAgency, brent: Client, loan: MortgageRecord
) -> None:
    async with shown(place, ClientProperties(place, ray.admin, brent.id)) as pilot:
        await pilot.press("x")
        await until_screen(pilot, Confirm)
        for words in ("12 King St W, London, $512,000.00", "with Scotia, $284,310.55, 4.89%"):
            assert words in screen_text(pilot)
        await pilot.press("y")
        await until(pilot, lambda: "No property is known" in screen_text(pilot))
    assert desk.properties.of(ray.admin, brent.id).properties == ()


async def test_an_auditor_has_no_key_that_changes_and_hostile_words_harm_nobody(
    place: Workplace, desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    with desk.ctx.unit():
        Property.create(client=brent, address=HOSTILE[:300])
    auditor = making.make_staff(desk, ray.agency, "aud@example.com", role=Role.AUDITOR)
    async with shown(place, ClientProperties(place, auditor, brent.id)) as pilot:
        assert "Edit" not in screen_text(pilot)
        await pilot.press("e", "n", "m", "x", "enter")
        await until_screen(pilot, Details)
        assert is_harmless(pilot)


async def test_what_was_typed_when_the_line_dropped_is_gone_on_with(
    place: Workplace, desk: Desk, ray: MadeAgency, brent: Client, loan: MortgageRecord
) -> None:
    key = DraftKey(DraftForm.MORTGAGE, person_key.client(brent.id), f"{loan.property_id}:{loan.id}")
    read = asdict(loan.fields)
    desk.drafts.keep(ray.admin, key, Typed("Edit Scotia", read | {"lender": "BMO"}, read, loan.version))
    (draft,) = desk.drafts.waiting(ray.admin)
    assert draft.key == key
    place.sitting.waiting = {draft.key: draft}
    place.sitting.going_on = draft.key
    app = Stage(place, ClientProperties(place, ray.admin, brent.id))
    async with app.run_test(size=(80, 24)) as pilot:
        form = await form_of(pilot, MortgageEdit)
        await until(pilot, lambda: form.query_one("#lender", Field).value == "BMO")
        await pilot.press("f2")
        await until(pilot, lambda: not desk.drafts.waiting(ray.admin))
    assert stored(desk, ray.admin, brent).lender == "BMO"


async def test_clients_see_their_own_from_their_home_and_change_nothing(
    place: Workplace, desk: Desk, ray: MadeAgency, brent: Client, loan: MortgageRecord
) -> None:
    identity = making.give_account(desk, ray.admin, brent)
    with desk.ctx.unit():
        owner = sessions.open_session(desk.ctx, identity, making.HERE)
    home = ClientHome(place, owner)
    app = Stage(place, home)
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: "User name" in screen_text(pilot))
        assert "Sign out" in screen_text(pilot).split("E-mail")[1].splitlines()[2]
        await pilot.press("o")
        await until_screen(pilot, OwnProperties)
        await until(pilot, lambda: "12 King St W" in screen_text(pilot))
        await pilot.press("e", "x", "down", "enter")
        await until_screen(pilot, Details)
        assert "\u25b2 near: in 41 days" in screen_text(pilot)


async def test_the_key_of_the_list_opens_it_and_the_row_follows(place: Workplace, desk: Desk) -> None:
    stage = DeskStage(place, desk)
    (brent,) = stage.add("Brent Thomas")
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("o")
        await until_screen(pilot, ClientProperties)
        home = desk.properties.add(stage.ray.admin, brent, PropertyFields("1 Main St"))
        desk.properties.add_mortgage(stage.ray.admin, brent, home.id, MortgageFields("TD", rate="3.79"))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is stage.main and "3.79%" in screen_text(pilot))


def test_no_line_is_said_by_its_colour_alone(desk: Desk, ray: MadeAgency, brent: Client, loan: MortgageRecord) -> None:
    past = (desk.ctx.clock.now() - timedelta(days=3)).date().isoformat()
    over = desk.properties.add(ray.admin, brent.id, PropertyFields("1 Main St", "1"))
    desk.properties.add_mortgage(ray.admin, brent.id, over.id, MortgageFields("TD", "2", renewal_on=past))
    rows = {row.key: row for row in lines(desk.properties.of(ray.admin, brent.id))}
    marked = [row for row in rows.values() if set(row.marks) & {"warning", "error"}]
    assert len(marked) == 3
    for row in marked:
        assert any(sign in cell for cell in row.cells for sign in "\u25b2\u2717")
    assert rows[mortgage_key(loan.id)].cells[4] == "near, in 41 days"
