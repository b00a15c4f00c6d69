"""The Clients tab: find anybody while typing, and keep the person under the cursor."""

from __future__ import annotations

from threading import Event

import pytest

from screens.dialogs.columns import Columns
from screens.dialogs.filter_menu import ClientFilterMenu
from screens.dialogs.problem import Problem
from screens.dialogs.sort import Sort
from screens.widgets.search_line import FilterButton, SearchInput
from screens.workplace import Workplace
from services.clients.rows import ClientRows
from services.clients.values import SortColumn
from services.desk import Desk
from services.errors import Unavailable
from services.rows import TableRow
from tests.screens.desk_stage import SMALL, DeskStage
from tests.settling import screen_text, until, until_screen


async def test_all_seven_columns_stand_in_80_cells(stage: DeskStage) -> None:
    stage.add("Brittany Brown")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await until(pilot, lambda: "Subscr." in screen_text(pilot))
        header = screen_text(pilot).splitlines()[4]
        assert header.split() == ["Name", "▲", "Anniv", "Renewal", "Rate", "Born", "Subscr.", "Access"]
        await until(pilot, lambda: "Brittany Brown" in screen_text(pilot))
        await until(pilot, lambda: "○ no account" in screen_text(pilot))


async def test_an_empty_list_says_what_to_do_next(stage: DeskStage) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 0)
        await until(pilot, lambda: "No clients yet." in screen_text(pilot))
        await until(pilot, lambda: "trakdesk import clients FILE" in screen_text(pilot))


async def test_a_key_without_a_client_explains_itself(stage: DeskStage) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 0)
        for key in ("e", "r", "w", "d", "a", "h", "p"):
            await pilot.press(key)
        assert stage.app.told == ["No client is selected."] * 7


async def test_typing_filters_and_escape_takes_it_back(stage: DeskStage) -> None:
    stage.add("Brent Thomas", "Brittany Brown", "Chris Webber")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 3)
        await pilot.press("slash", "b", "r")
        await stage.ready(pilot, 2)
        await until(pilot, lambda: "2 of 3" in screen_text(pilot))
        await pilot.press("escape")
        await stage.ready(pilot, 3)
        assert isinstance(stage.main.focused, SearchInput)
        await pilot.press("escape")
        assert stage.main.focused is stage.clients.table


async def test_enter_in_the_search_goes_to_the_list_and_escape_there_clears_it(stage: DeskStage) -> None:
    stage.add("Brent Thomas", "Chris Webber")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 2)
        await pilot.press("slash", "c", "h", "r")
        await stage.ready(pilot, 1)
        await pilot.press("enter")
        assert stage.main.focused is stage.clients.table
        assert stage.clients.search.words == "chr"
        await pilot.press("escape")
        await stage.ready(pilot, 2)


async def test_while_one_types_the_footer_names_the_keys_that_work_there(stage: DeskStage) -> None:
    stage.add("Brent Thomas")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("slash")
        await until(pilot, lambda: "Enter To the list  Esc Clear" in screen_text(pilot))
        assert screen_text(pilot).splitlines()[-1].split("  ") == [" Enter To the list", "Esc Clear", "F1 Help"]


async def test_nobody_found_says_how_to_go_on(stage: DeskStage) -> None:
    stage.add("Brent Thomas")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("slash", "x", "x")
        await stage.ready(pilot, 0)
        await until(pilot, lambda: "Nobody matches." in screen_text(pilot))
        await until(pilot, lambda: "Esc clears the search." in screen_text(pilot))
        await until(pilot, lambda: "0 of 1" in screen_text(pilot))


async def test_the_last_words_win_however_fast_they_are_typed(stage: DeskStage) -> None:
    stage.add("Brent Thomas", "Chris Webber", "Cindy Baxter")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 3)
        search = stage.clients.search.query_one(SearchInput)
        for words in ("b", "br", "c", "chris"):
            search.value = words
        await stage.ready(pilot, 1)
        await until(pilot, lambda: stage.shown == "Chris Webber")


async def test_a_slow_answer_to_older_words_is_never_shown(stage: DeskStage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.add("Brent Thomas", "Chris Webber")
    asked, goes_on, answered = Event(), Event(), Event()
    first = ClientRows.first

    def slowly(rows: ClientRows, count: int) -> list[TableRow]:
        if rows._query.words == "b":
            asked.set()
            goes_on.wait(20)
            answered.set()
        return first(rows, count)

    monkeypatch.setattr(ClientRows, "first", slowly)
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 2)
        search = stage.clients.search.query_one(SearchInput)
        search.value = "b"
        await until(pilot, asked.is_set)
        search.value = "chris"
        await until(pilot, lambda: stage.shown == "Chris Webber")
        goes_on.set()
        await until(pilot, answered.is_set)
        await pilot.pause()
        assert stage.shown == "Chris Webber"
        assert "Brent Thomas" not in screen_text(pilot)


async def test_a_letter_without_a_meaning_does_nothing(stage: DeskStage) -> None:
    stage.add("Brent Thomas")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await until(pilot, lambda: "? Help" in screen_text(pilot))
        before = screen_text(pilot)
        await pilot.press("z", "j")
        await pilot.pause()
        assert screen_text(pilot) == before


async def test_the_cursor_stays_with_its_person_through_order_and_filter(stage: DeskStage) -> None:
    stage.add("Anna Adams", "Brent Thomas", "Chris Webber")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 3)
        await pilot.press("down")
        assert stage.shown == "Brent Thomas"
        await pilot.press("s")
        await until_screen(pilot, Sort)
        await pilot.press("n")
        await stage.ready(pilot, 3)
        await until(pilot, lambda: "Name ▼" in screen_text(pilot) and stage.shown == "Brent Thomas")
        await pilot.press("slash", "b")
        await stage.ready(pilot, 1)
        await pilot.press("escape", "escape")
        await stage.ready(pilot, 3)
        assert stage.shown == "Brent Thomas"


async def test_a_click_on_a_header_sorts_and_again_turns_round(stage: DeskStage) -> None:
    stage.add("Anna Adams", "Brent Thomas")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 2)
        await pilot.click(stage.clients.table, offset=(70, 0))
        await until(pilot, lambda: stage.clients.table.sort == (SortColumn.ACCESS, False))
        await pilot.click(stage.clients.table, offset=(70, 0))
        await until(pilot, lambda: stage.clients.table.sort == (SortColumn.ACCESS, True))


async def test_a_filter_stands_in_the_line_until_it_is_taken_back(stage: DeskStage) -> None:
    stage.add("Anna Adams", subscribed=False)
    stage.add("Brent Thomas")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 2)
        await pilot.press("f")
        await until_screen(pilot, ClientFilterMenu)
        await pilot.press("down", "down", "enter")
        await stage.ready(pilot, 1)
        await until(pilot, lambda: "Show disabled ▾" in screen_text(pilot))
        assert stage.shown == "Anna Adams"
        await pilot.press("escape")
        await stage.ready(pilot, 2)
        await until(pilot, lambda: "Show all ▾" in screen_text(pilot))


async def test_the_filter_can_be_asked_for_with_the_mouse(stage: DeskStage) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 0)
        await pilot.click(FilterButton)
        await until_screen(pilot, ClientFilterMenu)


@pytest.mark.slow
async def test_order_filters_and_columns_are_kept_for_the_next_time(
    stage: DeskStage, place: Workplace, desk: Desk
) -> None:
    stage.add("Anna Adams", "Brent Thomas")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 2)
        await pilot.press("s")
        await until_screen(pilot, Sort)
        await pilot.press("b")
        await stage.ready(pilot)
        await pilot.press("f")
        await until_screen(pilot, ClientFilterMenu)
        await pilot.press("down", "enter")
        await stage.ready(pilot)
        await pilot.press("k")
        await until_screen(pilot, Columns)
        await pilot.press("space", "enter")
        await stage.ready(pilot)
        kept = {"sort": "birthday", "descending": False, "subscribed": True, "access": None}
        hidden = ["anniversary", "email", "phone"]
        await until(pilot, lambda: desk.preferences.get(stage.ray.admin, "clients") == kept | {"hidden": hidden})
    again = type(stage.main)(place, stage.ray.admin)
    second = type(stage.app)(place, again)
    async with second.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: second.screen is again and again.clients.table.count is not None)
        assert again.clients.table.sort == (SortColumn.BIRTHDAY, False)
        assert again.clients.table.hidden == frozenset(hidden)
        await until(pilot, lambda: "Show enabled ▾" in screen_text(pilot))
        assert "Anniv" not in screen_text(pilot)


async def test_optional_columns_show_where_there_is_room(stage: DeskStage) -> None:
    stage.add("Anna Adams", phone="+15195550143")
    async with stage.app.run_test(size=(160, 30)) as pilot:
        await stage.ready(pilot, 1)
        assert "(519) 555-0143" not in screen_text(pilot).splitlines()[5][:120]
        await pilot.press("k")
        await until_screen(pilot, Columns)
        await pilot.press("end", "space", "enter")
        await stage.ready(pilot, 1)
        await until(pilot, lambda: "(519) 555-0143" in screen_text(pilot).splitlines()[5][:120])


async def test_a_list_that_cannot_be_read_is_told_once_and_tried_again(
    stage: DeskStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.add("Anna Adams")
    rows = type(stage.desk.clients.rows(stage.ray.admin, stage.clients_query()))

    def refuse(*_: object) -> None:
        raise Unavailable("The database does not answer.")

    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        with monkeypatch.context() as broken:
            broken.setattr(rows, "first", refuse)
            await pilot.press("slash", "x")
            await until_screen(pilot, Problem)
            await pilot.press("enter")
            await until(pilot, lambda: stage.app.screen is stage.main)
            stage.main.look()
            await pilot.pause()
            assert stage.app.screen is stage.main
        stage.main.look()
        await stage.ready(pilot, 0)
