"""Marking clients, and creating accounts for all who are marked."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable

import pytest

from screens.creation.bulk import BulkCreation
from screens.creation.bulk_words import Phase
from screens.dialogs.confirm import Confirm
from screens.dialogs.problem import Problem
from services.clients.rows import ClientRows
from tests.screens.desk_stage import SMALL, DeskStage
from tests.settling import screen_text, until, until_screen


@pytest.mark.slow
async def test_marks_stay_with_their_people_and_go_to_the_creation_for_many(stage: DeskStage) -> None:
    anna, _, _, dora = stage.add("Anna Ames", "Ben Blake", "Cora Cole", "Dora Dunn")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 4)
        table = stage.clients.table
        await pilot.press("space", "end", "space", "s", "n", "slash", *"anna", "enter")
        await until(pilot, lambda: table.count == 1 and table.sort == ("name", True))
        assert table.marked == {anna, dora}
        await until(pilot, lambda: "✓ 2 marked" in screen_text(pilot))
        await pilot.press("b")
        creation = await until_screen(pilot, BulkCreation)
        await until(pilot, lambda: creation.phase is Phase.READY and "Dora Dunn" in screen_text(pilot))
        assert "Ben Blake" not in screen_text(pilot)
        await pilot.press("escape")
        await stage.ready(pilot)
        assert table.marked == {anna, dora}
        await pilot.press("b")
        again = await until_screen(pilot, BulkCreation)
        await until(pilot, lambda: again.phase is Phase.READY)
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: again.phase is Phase.DONE and "2 created" in screen_text(pilot))
        await pilot.press("escape")
        await stage.ready(pilot)
        assert not table.marked
        await until(pilot, lambda: "marked" not in screen_text(pilot) and "not activated" in screen_text(pilot))


async def test_all_who_match_are_marked_as_soon_as_they_are_known(
    stage: DeskStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, keys = threading.Event(), ClientRows.keys

    def slowly(rows: ClientRows, cancelled: Callable[[], bool]) -> array[int]:
        known.wait(10)
        return keys(rows, cancelled)

    stage.add(*(f"Other {number:03}" for number in range(50)))
    wanted = stage.add(*(f"Number {number:03}" for number in range(120)))
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 170)
        table = stage.clients.table
        monkeypatch.setattr(ClientRows, "keys", slowly)
        await pilot.press("slash", *"number", "enter", "m")
        await until(pilot, lambda: "Number 000" in screen_text(pilot))
        assert not table.marked
        known.set()
        await until(pilot, lambda: "✓ 120 marked" in screen_text(pilot))
        assert table.marked == set(wanted)
        await pilot.press("u")
        await until(pilot, lambda: "marked" not in screen_text(pilot))
        assert not table.marked


async def test_without_marks_nobody_gets_an_account_and_it_says_what_to_do(stage: DeskStage) -> None:
    stage.add("Anna Ames")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("b")
        await until_screen(pilot, Problem)
        assert "No client is marked. Mark some with Space" in screen_text(pilot)
