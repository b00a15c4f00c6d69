"""Looking again at the rows in view: what others changed comes, and what is the same costs the terminal nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from tests.screens.widgets.people import Directory, TableApp, Watched, everybody
from tests.screens.widgets.table_steps import at_rest, shown
from tests.settling import screen_text, until


async def test_freshen_shows_what_others_changed_and_asks_for_nothing_else() -> None:
    names = everybody(1000)
    source = Directory(names)
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, source)
        source.asked.clear()
        names[1002] = "Renamed"
        table.freshen()
        await at_rest(pilot)
        assert "Renamed" in screen_text(pilot)
        assert source.asked == ["rows"]


async def test_freshen_paints_nothing_when_nothing_changed() -> None:
    table = Watched()
    async with TableApp(table).run_test() as pilot:
        source = Directory(everybody(1000))
        await shown(pilot, source)
        source.asked.clear()
        table.painted.clear()
        table.freshen()
        await at_rest(pilot)
        assert source.asked == ["rows"]
        assert table.painted == []


async def test_freshen_before_there_is_a_query_does_nothing() -> None:
    async with TableApp().run_test() as pilot:
        pilot.app.table.freshen()
        await at_rest(pilot)
        assert pilot.app.table.count is None


@asynccontextmanager
async def first_page(names: dict[int, str]) -> AsyncIterator[tuple[Pilot[Any], Watched, Directory]]:
    """A table that stands with its first rows; the other keys are being read, and held until the door is opened."""
    table, source = Watched(), Directory(names)
    async with TableApp(table).run_test() as pilot:
        source.doors["keys"].clear()
        table.show(source)
        await until(pilot, lambda: source.asked.count("keys") == 1 and "Person 0000000" in screen_text(pilot))
        await pilot.pause()
        table.painted.clear()
        yield pilot, table, source


async def test_when_the_other_keys_are_read_the_rows_in_view_are_not_painted_again() -> None:
    async with first_page(everybody(1000)) as (pilot, table, source):
        source.doors["keys"].set()
        await until(pilot, lambda: table.count == 1000)
        await at_rest(pilot)
        assert table.painted == []


async def test_a_row_that_changed_before_the_other_keys_were_read_is_painted() -> None:
    names = everybody(1000)
    async with first_page(names) as (pilot, table, source):
        names[1002] = "Renamed"
        source.doors["keys"].set()
        await until(pilot, lambda: table.painted == [()] and "Renamed" in screen_text(pilot))
