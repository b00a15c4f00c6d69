"""The migration board."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

from models.agency import Office
from models.identity import Membership, Session
from models.states import IdentityState, Role
from screens.creation.manage_identity import ManageIdentity
from screens.dialogs.ask_line import ClosingDay
from screens.dialogs.confirm import Confirm
from screens.dialogs.details import Details
from screens.dialogs.office_menu import OfficeMenu
from screens.dialogs.problem import Problem
from screens.migration_board import MigrationBoard
from screens.widgets.field import Field
from screens.workplace import Workplace
from tests.making import MadeAgency, make_agency, make_staff
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import Stage
from tests.services.creating import FRANK, make_colleague, make_identity, make_office, make_old_account
from tests.settling import screen_text, until, until_screen


@pytest.fixture
def ray(place: Workplace) -> MadeAgency:
    """An agency with its administrator."""
    return make_agency(place.desk)


@pytest.fixture
def office(place: Workplace, ray: MadeAgency) -> Office:
    """An office with Frank, who has an old account."""
    office = make_office(place.desk, ray.agency, "San Diego")
    make_old_account(place.desk, office)
    make_colleague(place.desk, ray.agency, FRANK, office=office)
    return office


@asynccontextmanager
async def board(
    place: Workplace, ray: MadeAgency, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[Any], Stage, MigrationBoard]]:
    """The board, read."""
    screen = MigrationBoard(place, ray.admin)
    app = Stage(place, screen)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.screen is screen and screen.table.count is not None)
        yield pilot, app, screen


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_old_and_new_stand_side_by_side(
    place: Workplace, ray: MadeAgency, office: Office, size: tuple[int, int]
) -> None:
    async with board(place, ray, size) as (pilot, _, _):
        await until(pilot, lambda: "Frank Jones" in screen_text(pilot))
        for words in ("fjones · open", "none yet", "○ to be migrated", "All offices", "No closing day is set"):
            assert words in screen_text(pilot)


async def test_enter_tells_why_somebody_cannot_migrate(place: Workplace, ray: MadeAgency) -> None:
    make_old_account(place.desk, make_office(place.desk, ray.agency, "San Diego"), "mute", "")
    async with board(place, ray) as (pilot, _, _):
        await until(pilot, lambda: "▲ cannot migrate" in screen_text(pilot))
        await pilot.press("end", "enter")
        await until_screen(pilot, Details)
        await until(pilot, lambda: "No e-mail address" in screen_text(pilot))


async def test_i_leads_the_person_over(place: Workplace, ray: MadeAgency, office: Office) -> None:
    async with board(place, ray) as (pilot, _, screen):
        await until(pilot, lambda: screen.table.cursor_row is not None)
        await pilot.press("end")
        await until(pilot, lambda: screen.table.cursor_row.cells[0] == "Frank Jones")  # type: ignore[union-attr] # there
        await pilot.press("i")
        await until(pilot, lambda: pilot.app.screen is not screen and "Frank Jones" in screen_text(pilot))
        assert isinstance(pilot.app.screen_stack[-2], ManageIdentity)


async def test_an_old_account_of_nobody_is_not_led_over_but_explained(place: Workplace, ray: MadeAgency) -> None:
    make_old_account(place.desk, make_office(place.desk, ray.agency, "San Diego"), "zoe", "zoe@x.example.com")
    async with board(place, ray) as (pilot, _, _):
        await pilot.press("end", "i")
        await until_screen(pilot, Problem)
        await until(pilot, lambda: "Nobody on the staff list" in screen_text(pilot))


async def test_one_office_is_shown_on_its_own(place: Workplace, ray: MadeAgency, office: Office) -> None:
    make_old_account(place.desk, make_office(place.desk, ray.agency, "Ottawa"), "olga", "olga@x.example.com")
    async with board(place, ray) as (pilot, _, screen):
        await pilot.press("o")
        await until_screen(pilot, OfficeMenu)
        await pilot.press("down", "enter")
        await until(pilot, lambda: screen.table.count == 1)
        await until(pilot, lambda: "olga" in screen_text(pilot) and "Frank" not in screen_text(pilot))


async def test_the_closing_day_is_asked_told_and_taken_back(place: Workplace, ray: MadeAgency, office: Office) -> None:
    today = place.desk.ctx.clock.now().astimezone().date()
    day = today + timedelta(days=30)
    async with board(place, ray) as (pilot, app, screen):
        await pilot.press("c")
        (await until_screen(pilot, ClosingDay)).query_one(Field).value = day.isoformat()
        await pilot.press("enter")
        await until_screen(pilot, Confirm)
        await until(pilot, lambda: "1 person is not over yet" in screen_text(pilot))
        await pilot.press("y")
        await until(pilot, lambda: "The access key closes on Dec 21 at 00:00." in screen_text(pilot))
        await until(pilot, lambda: screen.check_action("undo", ()))
        await pilot.press("u")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: "No closing day is set" in screen_text(pilot))
        assert app.told == [f"The access key closes on {day.isoformat()}.", "The access key opens again."]


async def test_today_closes_at_once_and_the_question_begins_on_no(
    place: Workplace, ray: MadeAgency, office: Office
) -> None:
    today = place.desk.ctx.clock.now().astimezone().date()
    async with board(place, ray) as (pilot, _, _):
        await pilot.press("c")
        (await until_screen(pilot, ClosingDay)).query_one(Field).value = today.isoformat()
        await pilot.press("enter")
        confirm = await until_screen(pilot, Confirm)
        assert confirm.focused.id == "no"
        await pilot.press("y")
        await until(pilot, lambda: "The access key is closed since" in screen_text(pilot))
        await until(pilot, lambda: "fjones · closed" in screen_text(pilot))


async def test_a_day_that_is_refused_is_asked_again_with_the_reason(
    place: Workplace, ray: MadeAgency, office: Office
) -> None:
    async with board(place, ray) as (pilot, _, _):
        await pilot.press("c")
        (await until_screen(pilot, ClosingDay)).query_one(Field).value = date(2126, 1, 1).isoformat()
        await pilot.press("enter")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        again = await until_screen(pilot, ClosingDay)
        await until(pilot, lambda: "two years ahead" in screen_text(pilot))
        assert again.query_one(Field).value == "2126-01-01"


async def test_a_past_day_is_refused_in_its_field(place: Workplace, ray: MadeAgency, office: Office) -> None:
    today = place.desk.ctx.clock.now().astimezone().date()
    async with board(place, ray) as (pilot, _, _):
        await pilot.press("c")
        dialog = await until_screen(pilot, ClosingDay)
        for past in ("2020-01-01", (today - timedelta(days=1)).isoformat()):
            dialog.query_one(Field).value = past
            await pilot.press("enter")
            await until(pilot, lambda: "This day is past. Today closes it now." in screen_text(pilot))
            assert pilot.app.screen is dialog


@pytest.mark.parametrize("key", ["c", "u"])
async def test_who_looks_after_some_offices_is_told_who_closes_the_key(
    place: Workplace, ray: MadeAgency, office: Office, key: str
) -> None:
    place.desk.legacy.close_at(ray.admin, place.desk.ctx.clock.now() + timedelta(days=30))
    sup = make_staff(place.desk, ray.agency, "sup@raystaging.example.com", role=Role.SUPERVISOR)
    with place.desk.ctx.unit():
        Membership.create(identity=sup.identity_id, office=office)
    async with board(place, ray._replace(admin=sup)) as (pilot, _, _):
        await until(pilot, lambda: "Undo" in screen_text(pilot))
        await pilot.press(key)
        await until_screen(pilot, Problem)
        await until(pilot, lambda: "closes for all offices" in screen_text(pilot))


async def test_a_name_is_mere_text(place: Workplace, ray: MadeAgency) -> None:
    office = make_office(place.desk, ray.agency, HOSTILE[:100])
    make_old_account(place.desk, office, HOSTILE[:90])
    make_identity(
        place.desk,
        make_colleague(place.desk, ray.agency, FRANK, office=office, first=HOSTILE[:80]),
        IdentityState.DEACTIVATED,
    )
    async with board(place, ray, (120, 40)) as (pilot, _, _):
        await pilot.press("end", "enter")
        await until_screen(pilot, Details)
        assert is_harmless(pilot)


async def test_an_agent_is_told_whom_it_is_for(place: Workplace, ray: MadeAgency) -> None:
    ann = make_staff(place.desk, ray.agency, "ann@raystaging.example.com")
    app = Stage(place, MigrationBoard(place, ann))
    async with app.run_test(size=(80, 24)) as pilot:
        await until_screen(pilot, Problem)
        await until(pilot, lambda: "supervisors and administrators" in screen_text(pilot))


async def test_a_session_that_ended_closes_the_board(place: Workplace, ray: MadeAgency, office: Office) -> None:
    async with board(place, ray) as (pilot, app, _):
        with place.desk.ctx.unit():
            Session.update(ended_at=place.desk.ctx.clock.now(), ended_because="you signed out elsewhere").execute()
        await pilot.press("f5")
        await until_screen(pilot, Problem)
        await pilot.press("enter")
        await until(pilot, lambda: app.answer is None)
