"""The mouse in a table, and the rows that are marked."""

from __future__ import annotations

import asyncio

import pytest
from textual.events import MouseScrollDown

from screens.widgets.virtual_table import VirtualTable
from tests.screens.widgets.people import COLUMNS, Directory, TableApp, everybody
from tests.screens.widgets.table_steps import LEAST, at_rest, shown, text
from tests.settling import screen_text


async def test_a_click_goes_to_a_row_and_a_second_click_opens_it() -> None:
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(everybody(10)))
        await pilot.click(table, offset=(5, 4))
        assert table.cursor.index == 3
        assert pilot.app.heard(VirtualTable.Chosen) == []
        await pilot.click(table, offset=(5, 4))
        assert [told.key for told in pilot.app.heard(VirtualTable.Chosen)] == [1003]


async def test_a_click_counts_from_what_is_scrolled_into_view() -> None:
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(everybody(1000)))
        table.move_to(500)
        await at_rest(pilot)
        await pilot.click(table, offset=(5, 1))
        assert table.cursor.index == table.scroll_offset.y == 478


@pytest.mark.parametrize("line", [1, 4])
async def test_a_double_click_opens_a_row_once(line: int) -> None:
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(everybody(10)))
        await pilot.double_click(table, offset=(5, line))
        assert [told.key for told in pilot.app.heard(VirtualTable.Chosen)] == [999 + line]


async def test_a_click_below_the_last_row_does_nothing() -> None:
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(everybody(3)))
        await pilot.click(table, offset=(5, 10))
        assert table.cursor.index == 0
        assert pilot.app.heard(VirtualTable.Chosen) == []


async def test_the_wheel_scrolls_and_leaves_the_cursor_where_it_is() -> None:
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(everybody(1000)))
        for _ in range(5):
            table.post_message(MouseScrollDown(table, 5, 5, 0, 1, 0, False, False, False, 5, 5))
        await at_rest(pilot)
        assert table.scroll_offset.y > 0
        assert table.cursor.index == 0
        assert f" Person {table.scroll_offset.y:07}" in text(pilot)[1]
        assert text(pilot)[0].startswith(" Name")


async def test_a_click_on_a_title_asks_for_that_order() -> None:
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(everybody(1000)))
        table.move_to(500)
        await pilot.pause()
        for title in ("Access", "Name"):
            await pilot.click(table, offset=(text(pilot)[0].index(title), 0))
        assert [told.column_key for told in pilot.app.heard(VirtualTable.SortRequested)] == ["access", "name"]
        assert table.cursor.index == 500


async def test_space_marks_and_goes_on_and_the_marks_outlive_a_filter() -> None:
    names = everybody(10)
    async with TableApp(VirtualTable(COLUMNS, asyncio.to_thread, marking=True)).run_test() as pilot:
        table = await shown(pilot, Directory(names))
        await pilot.press("space", "space")
        assert (table.marked, table.cursor.index) == ({1000, 1001}, 2)
        assert text(pilot)[1].startswith(" ✓ Person 0000000")
        assert text(pilot)[3].startswith("▌  Person 0000002")
        await shown(pilot, Directory(names, order=[1001, 1005]))
        assert text(pilot)[1].startswith(" ✓ Person 0000001")
        assert table.marked == {1000, 1001}
        await pilot.press("home", "space")
        assert [told.total for told in pilot.app.heard(VirtualTable.Marked)] == [1, 2, 1]
        table.clear_marks()
        await pilot.pause()
        assert "✓" not in screen_text(pilot)


@pytest.mark.parametrize("width", [36, LEAST])
async def test_where_room_is_short_cursor_and_mark_share_a_sign_that_tells_both(width: int) -> None:
    async with TableApp(VirtualTable(COLUMNS, asyncio.to_thread, marking=True)).run_test(size=(width, 12)) as pilot:
        await shown(pilot, Directory(everybody(10)))
        titles, before = text(pilot)[0], text(pilot)[2]
        blank = "" if width == LEAST else " "
        await pilot.press("down", "space")
        assert text(pilot)[2] == f"✓{blank}{before[1 + len(blank) :]}"
        await pilot.press("up")
        assert text(pilot)[2].startswith(f"◉{blank}P")
        assert text(pilot)[3].startswith(f" {blank}P")
        assert text(pilot)[0] == titles
        await pilot.click(pilot.app.table, offset=(0, 3))
        assert pilot.app.table.marked == {1001, 1002}


async def test_shift_and_arrows_mark_a_range_and_take_it_back() -> None:
    async with TableApp(VirtualTable(COLUMNS, asyncio.to_thread, marking=True)).run_test() as pilot:
        table = await shown(pilot, Directory(everybody(10)))
        await pilot.press("down", "shift+down", "shift+down")
        assert (table.marked, table.cursor.index) == ({1001, 1002, 1003}, 3)
        await pilot.press("shift+up", "shift+up", "shift+up")
        assert (table.marked, table.cursor.index) == ({1000, 1001}, 0)
        await pilot.press("shift+up", "down", "down", "down", "shift+down")
        assert table.marked == {1000, 1001, 1003, 1004}


async def test_a_range_begins_anew_among_other_rows() -> None:
    names = everybody(10)
    async with TableApp(VirtualTable(COLUMNS, asyncio.to_thread, marking=True)).run_test() as pilot:
        table = await shown(pilot, Directory(names))
        await pilot.press("shift+down", "shift+down")
        await shown(pilot, Directory(names, order=sorted(names, reverse=True)))
        await pilot.press("shift+up")
        assert table.marked == {1000, 1001, 1002, 1003}


async def test_a_click_on_the_marks_marks() -> None:
    async with TableApp(VirtualTable(COLUMNS, asyncio.to_thread, marking=True)).run_test() as pilot:
        table = await shown(pilot, Directory(everybody(10)))
        await pilot.click(table, offset=(1, 3))
        assert (table.marked, table.cursor.index) == ({1002}, 2)
        assert pilot.app.heard(VirtualTable.Chosen) == []


async def test_rows_are_not_marked_where_that_makes_no_sense() -> None:
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(everybody(10)))
        await pilot.press("space", "shift+down")
        assert (table.marked, table.cursor.index) == (frozenset(), 0)
