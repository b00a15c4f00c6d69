"""Looking again at the rows in view: what others changed comes, and what is the same costs the terminal nothing."""

from __future__ import annotations

from tests.screens.widgets.people import Directory, TableApp, Watched, everybody
from tests.screens.widgets.test_virtual_table_view import at_rest, shown
from tests.settling import screen_text


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
