"""Pages of a table: which are read and kept, and what a refused read leaves on the screen."""

from __future__ import annotations

import tracemalloc

import pytest
from textual.geometry import Region
from textual.worker import WorkerFailed

from screens.widgets.virtual_table import VirtualTable
from screens.widgets.virtual_table_listing import MOST_PAGES, PAGE
from tests.screens.widgets.people import Directory, Numbers, TableApp, Watched, everybody
from tests.screens.widgets.table_steps import at_rest, shown
from tests.settling import screen_text, until


@pytest.mark.slow
@pytest.mark.parametrize("read", ["first", "keys", "rows"])
async def test_a_refused_read_is_told_once_and_what_is_shown_stays(read: str) -> None:
    source = Directory(everybody(1000))
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, source)
        before = screen_text(pilot)
        source.broken.add(read)
        table.reload()
        await at_rest(pilot)
        await pilot.press("down", "up")
        (failure,) = pilot.app.heard(VirtualTable.Failed)
        assert failure.error.sentence == "The database cannot be reached. Try again in a moment."
        assert screen_text(pilot) == before
        source.broken.clear()
        table.reload()
        await at_rest(pilot)
        assert pilot.app.heard(VirtualTable.Failed) == [failure]


async def test_a_refused_page_is_asked_for_again_only_when_the_view_moves() -> None:
    source = Directory(everybody(5000))
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, source)
        source.broken.add("rows")
        table.move_to(2500)
        await at_rest(pilot)
        asked = len(source.asked)
        table.refresh()
        await at_rest(pilot)
        assert (len(source.asked), len(pilot.app.heard(VirtualTable.Failed))) == (asked, 1)
        source.broken.clear()
        await pilot.press("pageup")
        await at_rest(pilot)
        assert "▌Person 0002478" in screen_text(pilot)


async def test_a_first_query_that_is_refused_leaves_no_placeholders() -> None:
    source = Directory(everybody(5))
    source.doors["first"].clear()
    source.broken.add("first")
    table = Watched()
    async with TableApp(table).run_test() as pilot:
        table.show(source)
        await until(pilot, lambda: "···" in screen_text(pilot), "placeholders")
        table.painted.clear()
        source.doors["first"].set()
        await at_rest(pilot)
        assert table.painted == [()]
        assert "···" not in screen_text(pilot)


async def test_a_fault_in_a_source_is_not_swallowed() -> None:
    source = Directory({1: "One"}, order=[1])
    source._row = lambda key: 1 // 0  # type: ignore[method-assign, assignment]
    with pytest.raises(WorkerFailed):
        async with TableApp().run_test() as pilot:
            pilot.app.table.show(source)
            await at_rest(pilot)


async def test_rows_that_are_not_here_yet_are_drawn_as_dots() -> None:
    source = Directory(everybody(5000))
    table = Watched()
    async with TableApp(table).run_test() as pilot:
        await shown(pilot, source)
        source.doors["rows"].clear()
        table.move_to(2500)
        await pilot.pause()
        assert "▌···" in screen_text(pilot)
        table.painted.clear()
        source.doors["rows"].set()
        await until(pilot, lambda: "▌Person 0002500" in screen_text(pilot))
        # Rows 2478 to 2500 are in view; the first page that came ends with 2479, the second has the rest.
        assert table.painted[:2] == [(Region(0, 1, 80, 2),), (Region(0, 3, 80, 21),)]


async def test_both_ends_are_here_before_anybody_jumps_there() -> None:
    source = Directory(everybody(5000))
    async with TableApp().run_test() as pilot:
        await shown(pilot, source)
        source.doors["rows"].clear()
        await pilot.press("end")
        assert "▌Person 0004999" in screen_text(pilot)
        await pilot.press("home")
        assert "▌Person 0000000" in screen_text(pilot)
        source.doors["rows"].set()
        await at_rest(pilot)


async def test_rows_that_the_view_has_left_behind_are_not_read() -> None:
    source = Directory(everybody(100_000))
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, source)
        source.doors["rows"].clear()
        source.asked.clear()
        for index in range(10_000, 90_000, 10_000):
            table.move_to(index)
            await pilot.pause()
        source.doors["rows"].set()
        await at_rest(pilot)
        assert "▌Person 0080000" in screen_text(pilot)
        # The one that was under way, the one in view, and its neighbours.
        assert len(source.asked) <= 5


@pytest.mark.slow
async def test_few_pages_are_kept() -> None:
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Numbers(100_000))
        for index in range(0, 100_000, 2_500):
            table.move_to(index)
            await at_rest(pilot)
        assert table.listing is not None
        assert sum(table.listing.has(index) for index in range(0, 100_000, PAGE)) == MOST_PAGES


async def test_a_million_rows_jump_to_the_end_and_cost_little_more_than_ten() -> None:
    async def cost(count: int) -> int:
        tracemalloc.start()
        async with TableApp().run_test() as pilot:
            await shown(pilot, Numbers(count))
            await pilot.press("end")
            await at_rest(pilot)
            assert f"▌Number {count - 1:,}" in screen_text(pilot)
            _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    assert await cost(1_000_000) - await cost(10) < 25_000_000
