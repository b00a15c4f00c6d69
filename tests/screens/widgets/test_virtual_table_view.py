"""Where a table's cursor stands while rows come, and what is read first."""

from __future__ import annotations

import pytest

from screens.widgets.virtual_table import VirtualTable
from screens.widgets.virtual_table_listing import PAGE
from services.rows import TableRow
from tests.screens.widgets.people import Directory, TableApp, everybody
from tests.screens.widgets.table_steps import at_rest, complete, line_of_cursor, shown
from tests.settling import screen_text, until


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
