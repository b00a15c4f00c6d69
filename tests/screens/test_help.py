"""The help and the palette: what can be done here, in our own words, each thing once."""

from __future__ import annotations

import pytest
from textual.command import CommandPalette, SearchIcon
from textual.widgets import Button

from screens.entry.founding import OwnAgency
from screens.entry.sign_in import SignIn
from screens.help import Help, keys_of
from screens.wizard.wizard import Wizard
from screens.workplace import Workplace
from tests.screens.desk_stage import DeskStage
from tests.screens.stage import Stage
from tests.settling import screen_text, until, until_screen


async def test_in_a_field_the_help_is_about_the_form_and_not_about_typing(place: Workplace) -> None:
    screen = SignIn(place)
    app = Stage(place, screen)
    # High enough for every line.
    async with app.run_test(size=(80, 30)) as pilot:
        await until(pilot, lambda: app.screen is screen and screen.focused is not None)
        await pilot.press("f1")
        await until_screen(pilot, Help)
        text = screen_text(pilot)
        assert "Log in with what stands in the fields" in text
        assert "Everything that can be done here, by name" in text
        assert "character" not in text
        assert "Scroll" not in text


@pytest.mark.parametrize("on_button", [False, True])
async def test_a_wizard_tells_each_of_its_keys_once(place: Workplace, on_button: bool) -> None:
    wizard: Wizard[object, object] = OwnAgency(place)  # type: ignore[assignment]
    app = Stage(place, wizard)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen is wizard and wizard.focused is not None)
        if on_button:
            wizard.query_one("#wizard-next", Button).focus()
            await pilot.pause()
        keys = list(keys_of(wizard))
        told = [active.binding.tooltip for active in keys if active.binding.key not in ("enter", "down", "up")]
        assert len(told) == len(set(told))
        assert told.count("Check this step and go on") == 1
        assert "Check this step and do what the wizard is for" not in told


@pytest.mark.parametrize("tab", ["1", "2", "3", "4"])
async def test_the_palette_of_the_desk_has_each_word_once(place: Workplace, tab: str) -> None:
    desk_stage = DeskStage(place, place.desk)
    async with desk_stage.app.run_test(size=(80, 24)) as pilot:
        await desk_stage.ready(pilot)
        await pilot.press(tab)
        await pilot.pause()
        titles = [command.title for command in desk_stage.app.get_system_commands(desk_stage.main)]
        assert len(titles) == len(set(titles))
        assert {"Sign out", "Help", "Quit", "Search", "Colours: light"} <= set(titles)
        assert "Palette" not in titles


async def test_the_palette_asks_in_our_words(place: Workplace) -> None:
    screen = SignIn(place)
    app = Stage(place, screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen is screen and screen.focused is not None)
        await pilot.press("ctrl+p")
        await until_screen(pilot, CommandPalette)
        await until(pilot, lambda: "Type what to do" in screen_text(pilot))
        assert not app.screen.query_one(SearchIcon).display
        await pilot.press(*"forgot", "down")
        await until(pilot, lambda: "Have a mail sent that lets you choose a new one" in screen_text(pilot))
