"""What a table reads when, and where its cursor stands while rows come and change."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest
from textual.geometry import Region
from textual.pilot import Pilot
from textual.worker import WorkerFailed

from screens.widgets.virtual_table import VirtualTable
from screens.widgets.virtual_table_listing import MOST_PAGES, PAGE
from services.rows import TableRow
from tests.screens.widgets.people import Directory, Numbers, TableApp, Watched, everybody
from tests.settling import screen_text, until


async def shown(pilot: Pilot[Any], source: Directory | Numbers) -> VirtualTable:
    """Show all of a source and wait until it is complete."""
    table: VirtualTable = pilot.app.table  # type: ignore[attr-defined]
    table.show(source)
    await complete(pilot, source)
    return table


async def complete(pilot: Pilot[Any], source: Directory | Numbers) -> None:
    table: VirtualTable = pilot.app.table  # type: ignore[attr-defined]
    await until(
        pilot,
        lambda: table.listing is not None and table.listing.source is source and table.count is not None,
        "all rows",
    )
    await at_rest(pilot)


async def at_rest(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: all(worker.is_finished for worker in pilot.app.workers), "the reads")
    await pilot.pause()


def line_of_cursor(pilot: Pilot[Any]) -> int:
    return next(number for number, line in enumerate(screen_text(pilot).split("\n")) if line.startswith("▌"))


async def test_the_first_rows_stand_before_the_keys_are_read() -> None:
    source = Directory(everybody(1000))
    source.doors["keys"].clear()
    async with TableApp().run_test() as pilot:
        pilot.app.table.show(source)
        await until(pilot, lambda: "Person 0000000" in screen_text(pilot))
        assert pilot.app.table.count is None
        source.doors["keys"].set()
        await complete(pilot, source)
        assert pilot.app.table.count == 1000
        assert [message.total for message in pilot.app.heard(VirtualTable.Counted)] == [1000]


async def test_until_the_keys_are_read_the_table_scrolls_within_the_first_page() -> None:
    source = Directory(everybody(1000))
    source.doors["keys"].clear()
    async with TableApp().run_test() as pilot:
        table = pilot.app.table
        table.show(source)
        await until(pilot, lambda: table.listing)
        await pilot.press("end")
        assert table.cursor.index == PAGE - 1
        source.doors["keys"].set()
        await complete(pilot, source)
        assert table.cursor.index == PAGE - 1
        await pilot.press("end")
        assert table.cursor.index == 999


async def test_a_query_that_fits_the_first_page_asks_for_nothing_more() -> None:
    source = Directory(everybody(12))
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, source)
        assert table.count == 12
        assert source.asked == ["first"]


async def test_the_old_rows_stay_until_the_first_new_ones_are_here() -> None:
    old, new = Directory({1: "Old Row"}), Directory({2: "New Row"})
    new.doors["first"].clear()
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, old)
        table.show(new)
        await until(pilot, lambda: new.asked)
        await pilot.pause()
        assert "Old Row" in screen_text(pilot)
        new.doors["first"].set()
        await complete(pilot, new)
        assert "New Row" in screen_text(pilot)


async def test_an_overtaken_query_never_reaches_the_screen() -> None:
    slow, quick = Directory({1: "Slow"}), Directory({2: "Quick"})
    slow.doors["first"].clear()
    async with TableApp().run_test() as pilot:
        table = pilot.app.table
        table.show(slow)
        await until(pilot, lambda: slow.asked)
        await shown(pilot, quick)
        slow.doors["first"].set()
        await at_rest(pilot)
        assert "Quick" in screen_text(pilot)
        assert {message.key for message in pilot.app.heard(VirtualTable.Highlighted)} == {2}


async def test_an_overtaken_query_is_told_to_give_up_reading_its_keys() -> None:
    slow = Directory(everybody(1000))
    slow.doors["keys"].clear()
    async with TableApp().run_test() as pilot:
        pilot.app.table.show(slow)
        await until(pilot, lambda: "keys" in slow.asked)
        await shown(pilot, Directory(everybody(3)))
        await until(pilot, slow.given_up.is_set, "the slow query to give up")
        assert pilot.app.table.count == 3


async def test_leaving_the_screen_gives_up_reading() -> None:
    slow = Directory(everybody(1000))
    slow.doors["keys"].clear()
    async with TableApp().run_test() as pilot:
        pilot.app.table.show(slow)
        await until(pilot, lambda: "keys" in slow.asked)
        await pilot.app.table.remove()
        await until(pilot, slow.given_up.is_set, "the query to give up")


async def test_the_cursor_stays_on_the_person_in_another_order_and_on_its_line() -> None:
    names = everybody(1000)
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(names))
        table.move_to(400)
        await pilot.press("up", "up", "up")
        line = line_of_cursor(pilot)
        await shown(pilot, Directory(names, order=sorted(names, reverse=True)))
        assert (table.cursor_key, table.cursor.index) == (1397, 602)
        assert table.cursor_row == TableRow(1397, ("Person 0000397", "Jun 19", "● active"), ("", "muted", "success"))
        assert line_of_cursor(pilot) == line


async def test_the_cursor_stays_on_the_person_among_fewer_rows() -> None:
    names = everybody(50)
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(names))
        await pilot.press("down", "down", "down")
        await shown(pilot, Directory(names, order=[1010, 1020, 1030, 1040, 1003]))
        assert (table.cursor_key, table.cursor.index) == (1003, 4)


async def test_while_the_person_is_looked_for_nobody_else_is_highlighted() -> None:
    names = everybody(1000)
    new = Directory(names, order=sorted(names, reverse=True))
    new.doors["keys"].clear()
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(names))
        await pilot.press("down")
        pilot.app.said.clear()
        table.show(new)
        await until(pilot, lambda: "Person 0000999" in screen_text(pilot))
        assert "▌" not in screen_text(pilot)
        await pilot.press("enter")
        assert pilot.app.said == []
        new.doors["keys"].set()
        await complete(pilot, new)
        assert [(told.key, told.index) for told in pilot.app.heard(VirtualTable.Highlighted)] == [(1001, 998)]


@pytest.mark.slow
@pytest.mark.parametrize(("key", "index"), [("down", 1), ("pagedown", 22)])
async def test_moving_while_the_person_is_looked_for_starts_where_one_looks(key: str, index: int) -> None:
    names = everybody(1000)
    new = Directory(names, order=sorted(names, reverse=True))
    new.doors["keys"].clear()
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(names))
        await pilot.press("down")
        table.show(new)
        await until(pilot, lambda: table.listing and table.listing.source is new)
        await pilot.press(key)
        new.doors["keys"].set()
        await complete(pilot, new)
        assert (table.cursor_key, table.cursor.index) == (1999 - index, index)


async def test_a_move_while_the_last_rows_are_read_is_not_undone() -> None:
    names = everybody(1000)
    new = Directory(names, order=sorted(names, reverse=True))
    new.doors["rows"].clear()
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(names))
        await pilot.press("down")
        table.show(new)
        await until(pilot, lambda: "rows" in new.asked)
        await pilot.press("down", "down")
        new.doors["rows"].set()
        await complete(pilot, new)
        assert (table.cursor_key, table.cursor.index) == (1997, 2)


async def test_an_untouched_cursor_stays_at_the_top_in_another_order() -> None:
    names = everybody(1000)
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(names))
        await shown(pilot, Directory(names, order=sorted(names, reverse=True)))
        assert (table.cursor_key, table.cursor.index) == (1999, 0)


async def test_when_the_filter_leaves_the_person_out_the_cursor_takes_the_nearest_row() -> None:
    names = everybody(50)
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(names))
        await pilot.press("down", "down", "down")
        await shown(pilot, Directory(names, order=[1010, 1020, 1030, 1040, 1041]))
        assert (table.cursor_key, table.cursor.index) == (1040, 3)
        await shown(pilot, Directory(names, order=[1010, 1020]))
        assert (table.cursor_key, table.cursor.index) == (1020, 1)


async def test_after_a_filter_without_rows_the_cursor_comes_back_to_the_person() -> None:
    names = everybody(50)
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(names))
        await pilot.press("down", "down")
        await shown(pilot, Directory({}))
        assert table.cursor_key is None
        told = pilot.app.heard(VirtualTable.Highlighted)[-1]
        assert (told.key, told.index) == (None, None)
        await shown(pilot, Directory(names))
        assert (table.cursor_key, table.cursor.index) == (1002, 2)


async def test_reload_shows_what_changed_and_keeps_the_cursor_the_scroll_and_the_marks() -> None:
    names = everybody(1000)
    source = Directory(names)
    async with TableApp().run_test() as pilot:
        pilot.app.table.marking = True
        table = await shown(pilot, source)
        table.move_to(500)
        await pilot.press("space")
        before, top = screen_text(pilot), table.scroll_offset.y
        names[1499] = "Renamed"
        table.reload()
        await at_rest(pilot)
        assert screen_text(pilot) == before.replace("Person 0000499", "Renamed       ")
        assert (table.cursor_key, table.scroll_offset.y, table.marked) == (1501, top, {1500})


async def test_reload_shows_changes_in_view_before_the_keys_are_read() -> None:
    names = everybody(1000)
    source = Directory(names)
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, source)
        source.doors["keys"].clear()
        source.asked.clear()
        names[1001] = "Renamed"
        table.reload()
        await until(pilot, lambda: "rows" in source.asked, "the rows in view")
        await until(pilot, lambda: "Renamed" in screen_text(pilot))
        assert table.count == 1000
        source.doors["keys"].set()
        await at_rest(pilot)


async def test_reload_of_a_short_query_finds_who_is_new() -> None:
    names = everybody(3)
    source = Directory(names)
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, source)
        names[7777] = "Newcomer"
        table.reload()
        await at_rest(pilot)
        assert table.count == 4
        assert "Newcomer" in screen_text(pilot)


async def test_reload_never_blanks_a_row_on_the_screen() -> None:
    names = everybody(1000)
    source = Directory(names)
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, source)
        table.move_to(500)
        await at_rest(pilot)
        drawn: list[str] = []
        table.render_lines, original = lambda crop: _noted(drawn, original(crop)), table.render_lines  # type: ignore[method-assign]
        names[999] = "Newcomer"
        source.order = sorted(names)
        table.reload()
        await at_rest(pilot)
        assert table.count == 1001
        assert drawn
        assert not [line for line in drawn if "···" in line]


def _noted(drawn: list[str], strips: list[Any]) -> list[Any]:
    drawn.extend(strip.text for strip in strips)
    return strips


async def test_a_row_inserted_above_leaves_the_cursor_on_its_person_and_line() -> None:
    names = everybody(1000)
    source = Directory(names)
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, source)
        table.move_to(500)
        await pilot.press("down")
        line = line_of_cursor(pilot)
        names[5] = "Newcomer"
        source.order = [5, *sorted(key for key in names if key != 5)]
        table.reload()
        await at_rest(pilot)
        assert (table.cursor_key, table.cursor.index, line_of_cursor(pilot)) == (1501, 502, line)


async def test_when_the_person_is_deleted_the_next_one_takes_the_place() -> None:
    names = everybody(1000)
    source = Directory(names)
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, source)
        table.move_to(500)
        del names[1500]
        table.reload()
        await at_rest(pilot)
        assert (table.cursor_key, table.cursor.index, table.count) == (1501, 500, 999)


async def test_a_row_that_is_gone_says_so_until_the_next_reload() -> None:
    names = everybody(1000)
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(names))
        del names[1500]
        table.move_to(501)
        await at_rest(pilot)
        assert "no longer in the list" in screen_text(pilot)
        assert table.cursor_row is not None


async def test_reload_goes_to_a_new_person_when_told() -> None:
    names = everybody(1000)
    source = Directory(names)
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, source)
        names[7777] = "Newcomer"
        table.reload(follow=7777)
        assert table.cursor_key == 1000
        await at_rest(pilot)
        assert (table.cursor_key, table.cursor.index) == (7777, 1000)
        assert "▌Newcomer" in screen_text(pilot)


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
