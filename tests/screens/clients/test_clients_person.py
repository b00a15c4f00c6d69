"""The person under the cursor of the Clients tab: the panel beside the table, the menu, and what each key leads to."""

from __future__ import annotations

import pytest

from screens.clients.actions import ClientActions
from screens.clients.edit import ClientEdit
from screens.clients.reset import ClientReset
from screens.dialogs.person import Person
from screens.dialogs.send_mail import SendMail
from screens.history import History
from services.clock import ManualClock
from tests import making
from tests.screens.desk_stage import SMALL, WIDE, DeskStage
from tests.screens.hostile import HOSTILE, is_harmless
from tests.settling import screen_text, until, until_screen


async def test_from_120_columns_the_person_stands_beside_the_table_and_follows_the_cursor(stage: DeskStage) -> None:
    stage.add("Anna Adams", "Brent Thomas")
    async with stage.app.run_test(size=WIDE) as pilot:
        await stage.ready(pilot, 2)
        await until(pilot, lambda: "anna.adams@example.com" in screen_text(pilot))
        await pilot.press("down")
        await until(pilot, lambda: "brent.thomas@example.com" in screen_text(pilot))
        assert "creates the account" in " ".join(screen_text(pilot).split())


async def test_the_panel_comes_and_goes_with_the_width(stage: DeskStage) -> None:
    stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        assert "anna.adams@example.com" not in screen_text(pilot)
        await pilot.resize_terminal(*WIDE)
        await until(pilot, lambda: "anna.adams@example.com" in screen_text(pilot))
        await pilot.resize_terminal(*SMALL)
        await until(pilot, lambda: "anna.adams@example.com" not in screen_text(pilot))


async def test_a_click_on_the_panel_leaves_the_keys_with_the_table(stage: DeskStage) -> None:
    stage.add("Anna Adams", "Brent Thomas")
    async with stage.app.run_test(size=WIDE) as pilot:
        await stage.ready(pilot, 2)
        await pilot.click(stage.clients.panel)
        await pilot.click("TitleBar")
        await pilot.press("down")
        assert stage.shown == "Brent Thomas"


async def test_in_a_narrow_terminal_p_shows_the_person_and_their_keys_work_there(stage: DeskStage) -> None:
    stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("p")
        await until_screen(pilot, Person)
        await until(pilot, lambda: "anna.adams@example.com" in screen_text(pilot))
        await pilot.press("e")
        await until_screen(pilot, ClientEdit)


@pytest.mark.slow
async def test_the_mail_trail_shows_a_reset_as_soon_as_it_is_sent(stage: DeskStage, clock: ManualClock) -> None:
    [anna] = stage.add("Anna Adams")
    making.give_account(stage.desk, stage.ray.admin, stage.client(anna))
    clock.advance(minutes=6)
    async with stage.app.run_test(size=WIDE) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("r")
        await until_screen(pilot, ClientReset)
        await pilot.press("enter")
        await stage.ready(pilot)
        await until(pilot, lambda: "reset: queued" in screen_text(pilot))


async def test_enter_and_a_second_click_open_the_actions(stage: DeskStage) -> None:
    stage.add("Anna Adams", "Brent Thomas")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 2)
        await pilot.press("enter")
        await until_screen(pilot, ClientActions)
        await pilot.press("escape")
        await stage.ready(pilot)
        await pilot.click(stage.clients.table, offset=(5, 2))
        assert stage.shown == "Brent Thomas"
        assert stage.app.screen is stage.main
        await pilot.click(stage.clients.table, offset=(5, 2))
        await until_screen(pilot, ClientActions)
        await until(pilot, lambda: "Brent Thomas" in screen_text(pilot))


@pytest.mark.parametrize(
    ("key", "kind"),
    [("e", ClientEdit), ("h", History), ("w", SendMail), ("r", SendMail), ("n", ClientEdit)],
)
async def test_each_key_does_what_the_footer_and_the_help_say(stage: DeskStage, key: str, kind: type) -> None:
    stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press(key)
        await until_screen(pilot, kind)


@pytest.mark.slow
async def test_the_menu_leads_to_the_same_tasks(stage: DeskStage) -> None:
    stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("enter")
        await until_screen(pilot, ClientActions)
        await pilot.press("h")
        await until_screen(pilot, History)
        await pilot.press("escape")
        await stage.ready(pilot)


@pytest.mark.slow
@pytest.mark.parametrize("size", [SMALL, WIDE])
@pytest.mark.parametrize("keys", [["escape"], ["enter"], ["p"], ["e"], ["h"], ["w"]], ids=lambda keys: keys[0])
async def test_a_hostile_name_stays_text_wherever_it_is_shown(
    stage: DeskStage, size: tuple[int, int], keys: list[str]
) -> None:
    stage.add(f"{HOSTILE[:60].replace(' ', '')} Bob")
    async with stage.app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await stage.ready(pilot, 1)
        before = stage.app.screen
        await pilot.press(*keys)
        if keys != ["escape"] and not (keys == ["p"] and size == WIDE):
            await until(pilot, lambda: stage.app.screen is not before)
        await pilot.pause()
        await until(pilot, lambda: "[/x]" in screen_text(pilot))
        assert stage.app.is_running
        if size == WIDE:
            assert is_harmless(pilot)
