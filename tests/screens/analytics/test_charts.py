"""The charts of the agency and of a client, on the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from screens.analytics.charts import ChartRoom
from screens.analytics.notes import fitting
from screens.analytics.of_agency import AgencyCharts
from screens.analytics.of_client import ClientCharts
from screens.dialogs.ask_line import AskPath
from screens.widgets.field import Field
from screens.widgets.virtual_table import VirtualTable
from screens.workplace import Workplace
from services.analytics.values import AgencyChart
from tests import making
from tests.making import MadeAgency
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import Stage
from tests.services.analytics.stock import give_home, loan
from tests.settling import screen_text, until, until_screen


@asynccontextmanager
async def shown(
    place: Workplace, screen: ChartRoom, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[Any], Stage]]:
    """A room whose first chart is drawn."""
    app = Stage(place, screen)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.screen is screen and bool(screen.query_one(".title", Static).content))
        yield pilot, app


@pytest.fixture
def ray(place: Workplace) -> MadeAgency:
    """An agency with a client whose lender has a hostile name."""
    ray = making.make_agency(place.desk)
    client = making.make_client(place.desk, ray.agency)
    give_home(place.desk, client, loan(lender=HOSTILE[:100], renewal_on=date(2027, 8, 1)), value="900000")
    give_home(place.desk, client, loan(rate=None), address="9 Elm St")
    return ray


async def test_one_chart_after_the_other_and_its_table(place: Workplace, ray: MadeAgency) -> None:
    async with shown(place, AgencyCharts(place, ray.admin), (60, 20)) as (pilot, app):
        await until(pilot, lambda: "Renewals in the next 24 months" in screen_text(pilot))
        # In little room the other charts are numbers.
        assert "▌1 Renewals▐ 2" in screen_text(pilot)
        await pilot.press("right")
        await until(pilot, lambda: "Rates by lender" in screen_text(pilot) and "●" in screen_text(pilot))
        assert "[/x][@click=app.qu" in screen_text(pilot)
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.focused, VirtualTable) and "Mortgages" in screen_text(pilot))
        assert "[/x][@click=app.qu" in screen_text(pilot)
        await pilot.press("4", "p")
        await until(pilot, lambda: "Resets of the last 90 days by week" in screen_text(pilot))


async def test_what_is_missing_is_said_and_a_rate_is_tried_out(place: Workplace, ray: MadeAgency) -> None:
    client = making.make_client(place.desk, ray.agency, "olive@example.com", first="Olive", last="Owner")
    give_home(place.desk, client, loan())
    give_home(place.desk, client, loan(rate=None), address="9 Elm St")
    async with shown(place, ClientCharts(place, ray.admin, client.id, "Olive Owner"), (120, 40)) as (pilot, _):
        await until(pilot, lambda: "9 Elm St: the rate is not known" in screen_text(pilot))
        await pilot.press("3")
        await until(pilot, lambda: "as much as now" in screen_text(pilot))
        await pilot.press("plus", "plus")
        await until(pilot, lambda: "At 13.50% the payment is" in screen_text(pilot))
        await pilot.press("minus")
        await until(pilot, lambda: "At 13.25% the payment is" in screen_text(pilot))


async def test_an_export_asks_again_where_a_file_is_there_already(
    place: Workplace, ray: MadeAgency, tmp_path: Path
) -> None:
    taken, free = tmp_path / "taken.csv", tmp_path / "free.csv"
    taken.write_text("kept")
    async with shown(place, AgencyCharts(place, ray.admin)) as (pilot, app):
        await pilot.press("x")
        for path in (taken, free):
            await until_screen(pilot, AskPath)
            await until(pilot, lambda: isinstance(app.screen, AskPath) and app.screen.is_active)
            app.screen.query_one(Field).value = str(path)
            await pilot.press("enter")
            if path is taken:
                await until(pilot, lambda: "is there already" in screen_text(pilot))
        await until(pilot, lambda: any("25 rows written" in words for words in app.told))
    assert taken.read_text() == "kept"
    assert free.read_text("utf-8-sig").startswith("Month,Mortgages,Owed")


async def test_nothing_to_draw_is_said_and_no_key_pretends(place: Workplace, ray: MadeAgency) -> None:
    client = making.make_client(place.desk, ray.agency, "nora@example.com", first=HOSTILE[:80], last="New")
    async with shown(place, ClientCharts(place, ray.admin, client.id, HOSTILE)) as (pilot, app):
        await until(pilot, lambda: "There is nothing to draw yet." in screen_text(pilot))
        assert is_harmless(pilot)
        actions = {binding.binding.action for binding in app.screen.active_bindings.values()}
        assert not actions & {"table", "export", "period", "rate(1)", "mortgage"}


async def test_the_same_chart_again_is_not_drawn_anew(place: Workplace, ray: MadeAgency) -> None:
    screen = AgencyCharts(place, ray.admin)
    async with shown(place, screen) as (pilot, _):
        await until(pilot, lambda: "┤" in screen_text(pilot))
        before = screen.plot.render()
        screen.plot.show(place.desk.analytics.chart(ray.admin, AgencyChart.RENEWALS))
        assert screen.plot.render() is before


async def test_notes_stand_whole_beneath_the_numbers_and_beneath_a_plot_as_far_as_there_is_room(
    place: Workplace, ray: MadeAgency
) -> None:
    client = making.make_client(place.desk, ray.agency, "olive@example.com", first="Olive", last="Owner")
    for number in range(6):
        give_home(place.desk, client, loan(rate=None), address=f"{number} Elm St")
    bare = making.make_client(place.desk, ray.agency, "nora@example.com", first="Nora", last="Newly")
    give_home(place.desk, bare, loan(rate=None), address="7 Elm St")
    give_home(place.desk, client, loan())
    async with shown(place, ClientCharts(place, ray.admin, client.id, "Olive Owner")) as (pilot, _):
        await until(pilot, lambda: "? 1 Elm St: the rate is not known" in screen_text(pilot))
        assert "? and 4 more: t shows them" in screen_text(pilot)
        assert "2 Elm St: the rate" not in screen_text(pilot)
        await pilot.press("t")
        await until(pilot, lambda: "? 5 Elm St: the rate is not known" in screen_text(pilot))
    async with shown(place, ClientCharts(place, ray.admin, bare.id, "Nora Newly")) as (pilot, _):
        await until(pilot, lambda: "? 7 Elm St: the rate is not known" in screen_text(pilot))
        assert "There is nothing to draw yet." in screen_text(pilot)


@pytest.mark.parametrize(
    ("notes", "shown"),
    [
        ((), ()),
        (("one", "two", "three"), ("one", "two", "three")),
        (("one", "two", "three", "four"), ("one", "two", "and 2 more: t shows them")),
        (("one " * 20, "two", "three"), ("one " * 20, "and 2 more: t shows them")),
        (("one " * 30, "two"), ("2 notes: t shows them",)),
    ],
)
def test_notes_are_shown_whole_or_counted(notes: tuple[str, ...], shown: tuple[str, ...]) -> None:
    assert fitting(notes, 50, 3) == shown
