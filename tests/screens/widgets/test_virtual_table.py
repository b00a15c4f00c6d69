"""How a table looks, and what keys and mouse do to it."""

from __future__ import annotations

import asyncio

import pytest
from rich.cells import cell_len
from textual.binding import Binding
from textual.geometry import Region

from screens.widgets.safe_text import safe
from screens.widgets.virtual_table import Column, VirtualTable
from services.rows import TableRow
from tests.screens.widgets.people import COLUMNS, Directory, Numbers, TableApp, Watched, everybody
from tests.screens.widgets.table_steps import at_rest, lines, shown, text
from tests.settling import screen_text

HOSTILE = [
    "[/x]",
    "[@click=app.quit]Bob[/]",
    "\x1b]0;PWN\x1b\\Eve",
    "\x1b[2J\x1b[H\x9b31m",
    "\u202eevil\u202c \u2066x\u2069",
    "W" * 400,
    "山田" * 40,
    "a" + "\u0301" * 60,
    "e\u0301" * 40,
    "two\nlines\tand a tab",
    "\ud800\ue000\U000e0041\u200b",
    "👩‍💻 🇫🇷 ❤️",
    "\u1100\u1161\u11a8" * 30,
    "",
]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12), (200, 10), (9, 5), (1, 2)])
async def test_hostile_names_fill_every_line_exactly_and_leave_no_control_behind(size: tuple[int, int]) -> None:
    class Hostile(Directory):
        def _row(self, key: int) -> TableRow:
            name = self.names[key]
            return TableRow(key, (name, name, name), ("no such style", "warning"))

    app = TableApp(VirtualTable(COLUMNS, asyncio.to_thread, marking=True))
    async with app.run_test(size=size) as pilot:
        table = await shown(pilot, Hostile(dict(enumerate(HOSTILE))))
        await pilot.press("space", "end")
        drawn = lines(table)
        assert len(drawn) == size[1]
        for strip in drawn:
            assert cell_len(strip.text) == strip.cell_length == size[0]
            assert all(safe(segment.text) == segment.text for segment in strip)


async def test_names_are_never_markup() -> None:
    async with TableApp().run_test() as pilot:
        await shown(pilot, Directory(dict(enumerate(HOSTILE))))
        assert "▌[/x]" in screen_text(pilot)
        assert " [@click=app.quit]Bob[/]" in screen_text(pilot)
        assert not any(style.meta for strip in lines(pilot.app.table) for _, style, _ in strip if style)


async def test_cells_stand_under_their_titles() -> None:
    async with TableApp().run_test(size=(80, 24)) as pilot:
        await shown(pilot, Directory(everybody(30)))
        header, first, second, *_ = text(pilot)
        assert header.split() == ["Name", "Birthday", "Access"]
        assert (header.index("Birthday"), header.index("Access")) == (second.index("Jun 19"), second.index("● active"))
        assert first.startswith("▌Person 0000000 ")
        assert second.startswith(" Person 0000001 ")


async def test_the_sort_mark_stands_at_its_column_and_tells_the_direction() -> None:
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(everybody(3)))
        table.sort = ("name", False)
        await pilot.pause()
        assert "Name ▲" in text(pilot)[0]
        table.sort = ("born", True)
        await pilot.pause()
        assert "Name  " in text(pilot)[0]
        assert "Birthday▼ Access" in text(pilot)[0]


async def test_less_important_columns_leave_a_narrow_terminal() -> None:
    async with TableApp().run_test(size=(69, 10)) as pilot:
        await shown(pilot, Directory(everybody(3)))
        assert text(pilot)[0].split() == ["Name", "Access"]
        await pilot.resize_terminal(70, 10)
        await pilot.pause()
        assert text(pilot)[0].split() == ["Name", "Birthday", "Access"]


async def test_hidden_columns_give_their_room_to_the_others() -> None:
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(everybody(3)))
        table.hidden = frozenset({"born"})
        await pilot.pause()
        assert text(pilot)[0].split() == ["Name", "Access"]
        assert text(pilot)[1].split() == ["▌Person", "0000000", "●", "active"]


async def test_an_empty_query_says_so_in_the_middle() -> None:
    async with TableApp().run_test(size=(40, 11)) as pilot:
        table = await shown(pilot, Directory({}))
        assert (table.count, table.cursor_key) == (0, None)
        assert text(pilot)[5].strip() == "Nobody is here."
        table.empty_text = "No client matches “[/x]”.\nEsc clears the search."
        await pilot.pause()
        assert [line.strip() for line in text(pilot)[5:7]] == ["No client matches “[/x]”.", "Esc clears the search."]
        await pilot.press("down", "up", "pagedown", "home", "end", "enter", "space")


async def test_keys_move_the_cursor_and_keep_it_in_view() -> None:
    async with TableApp().run_test(size=(80, 11)) as pilot:
        table = await shown(pilot, Directory(everybody(100)))
        for key, index in [
            ("up", 0), ("down", 1), ("pagedown", 10), ("pagedown", 19), ("up", 18), ("pageup", 9), ("pageup", 0),
            ("end", 99), ("down", 99), ("pagedown", 99), ("pageup", 90), ("home", 0),
            ("ctrl+end", 99), ("ctrl+home", 0),
        ]:  # fmt: skip
            await pilot.press(key)
            assert table.cursor.index == index, key
            assert f"▌Person {index:07}" in screen_text(pilot), key


async def test_paging_keeps_the_cursor_on_its_line() -> None:
    async with TableApp().run_test(size=(80, 11)) as pilot:
        await shown(pilot, Directory(everybody(100)))
        await pilot.press("down", "down", "pagedown", "pagedown")
        assert text(pilot)[3].startswith("▌")


async def test_a_cursor_move_paints_two_lines_and_no_more() -> None:
    table = Watched()
    async with TableApp(table).run_test() as pilot:
        await shown(pilot, Directory(everybody(100)))
        table.painted.clear()
        await pilot.press("down")
        await pilot.pause()
        assert table.painted == [(Region(0, 1, 80, 1),), (Region(0, 2, 80, 1),)]


async def test_the_cursor_is_told_only_where_it_comes_to_rest() -> None:
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(everybody(100)))
        pilot.app.said.clear()
        for index in range(1, 50):
            table.move_to(index)
        await pilot.pause()
        assert [(told.key, told.index) for told in pilot.app.heard(VirtualTable.Highlighted)][-1] == (1049, 49)
        assert len(pilot.app.heard(VirtualTable.Highlighted)) < 5


async def test_a_cursor_without_focus_has_a_thin_sign() -> None:
    async with TableApp().run_test() as pilot:
        await shown(pilot, Directory(everybody(3)))
        pilot.app.set_focus(None)
        await pilot.pause()
        assert "▏Person 0000000" in screen_text(pilot)


async def test_without_colour_the_cursor_is_reversed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(everybody(3)))
        _, cursor, other, *_ = lines(table)
        assert all(style is not None and style.reverse and style.bold for _, style, _ in cursor)
        assert not any(style is not None and style.reverse for _, style, _ in other)
        colours = {style.color.triplet for _, style, _ in other if style is not None and style.color is not None}
        assert all(colour is not None and colour.red == colour.green == colour.blue for colour in colours)


async def test_another_theme_changes_the_colours_at_once() -> None:
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(everybody(3)))
        before = [segment.style for segment in lines(table)[2]]
        pilot.app.theme = "textual-light"
        await pilot.pause()
        assert [segment.style for segment in lines(table)[2]] != before


async def test_enter_opens_the_row() -> None:
    async with TableApp().run_test() as pilot:
        await shown(pilot, Directory(everybody(3)))
        await pilot.press("down", "enter")
        assert [told.key for told in pilot.app.heard(VirtualTable.Chosen)] == [1001]


async def test_who_opens_a_row_picks_its_person() -> None:
    names = everybody(300)
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(names, order=[1250, 1251]))
        await pilot.press("enter")
        await shown(pilot, Directory(names))
        assert (table.cursor_key, table.cursor.index) == (1250, 250)


async def test_a_smaller_terminal_keeps_the_cursor_in_view() -> None:
    async with TableApp().run_test(size=(80, 40)) as pilot:
        table = await shown(pilot, Numbers(1000))
        table.move_to(35)
        await pilot.resize_terminal(80, 12)
        await at_rest(pilot)
        assert "▌Number 35" in screen_text(pilot)


async def test_a_table_may_have_a_border_and_padding() -> None:
    async with TableApp().run_test() as pilot:
        table = await shown(pilot, Directory(everybody(100)))
        table.styles.border = ("solid", "red")
        table.styles.padding = (1, 2)
        await pilot.pause()
        assert text(pilot)[2].startswith("│   Name  ")
        assert text(pilot)[3].startswith("│  ▌Person 0000000 ")
        await pilot.click(table, offset=(6, 5))
        assert text(pilot)[5].startswith("│  ▌Person 0000002 ")


def test_every_key_says_what_it_does() -> None:
    for binding in VirtualTable.BINDINGS:
        assert isinstance(binding, Binding)
        assert binding.id and binding.description and binding.tooltip


async def test_a_table_shows_columns_that_a_row_has_no_cells_for_as_blank() -> None:
    columns = (*COLUMNS, Column("extra", "Extra", 8))
    async with TableApp(VirtualTable(columns, asyncio.to_thread)).run_test() as pilot:
        await shown(pilot, Directory(everybody(3)))
        assert text(pilot)[0].endswith("Extra")
        assert text(pilot)[1].endswith("● active")
