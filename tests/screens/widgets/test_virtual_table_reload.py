"""Reading a query again: what changed shows, and the cursor, the scroll and the marks stay with their people."""

from __future__ import annotations

from typing import Any

from tests.screens.widgets.people import Directory, TableApp, everybody
from tests.screens.widgets.table_steps import at_rest, line_of_cursor, shown
from tests.settling import screen_text, until


def _noted(drawn: list[str], strips: list[Any]) -> list[Any]:
    drawn.extend(strip.text for strip in strips)
    return strips


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
