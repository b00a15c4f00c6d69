"""The administrator's list of kiosks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from models.kiosk import Kiosk
from screens.dialogs.confirm import Confirm
from screens.dialogs.kiosk_colours import KioskColours
from screens.dialogs.office_menu import OfficeMenu
from screens.settings.kiosks import Kiosks
from screens.settings.security import SecuritySettings
from screens.workplace import Workplace
from tests.making import MadeAgency, make_agency
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import Stage
from tests.services.creating import make_office
from tests.settling import screen_text, until, until_screen


@pytest.fixture
def made(place: Workplace) -> MadeAgency:
    return make_agency(place.desk)


@asynccontextmanager
async def listed(place: Workplace, made: MadeAgency) -> AsyncIterator[tuple[Pilot[Any], Kiosks]]:
    """The list, filled, from the settings."""
    app = Stage(place, SecuritySettings(place, made.admin))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        settings = await until_screen(pilot, SecuritySettings)
        await until(pilot, lambda: settings.menu.highlighted is not None)
        await pilot.press("k")
        yield pilot, await until_screen(pilot, Kiosks)


async def test_without_a_kiosk_it_says_how_to_get_one(place: Workplace, made: MadeAgency) -> None:
    async with listed(place, made) as (pilot, _):
        await until(pilot, lambda: "There is no kiosk yet" in screen_text(pilot))


async def test_a_kiosk_is_moved_recoloured_and_revoked_after_a_question(place: Workplace, made: MadeAgency) -> None:
    make_office(place.desk, made.agency)
    kiosk, _ = place.desk.kiosks.enrol(made.admin, "Lobby")
    async with listed(place, made) as (pilot, screen):
        await until(pilot, lambda: screen.menu.highlighted is not None)
        await pilot.press("o")
        await until_screen(pilot, OfficeMenu)
        await pilot.press("down", "enter")
        await until(pilot, lambda: place.desk.kiosks.list(made.admin)[0].office)
        await until_screen(pilot, Kiosks)
        await pilot.press("c")
        await until_screen(pilot, KioskColours)
        await pilot.press("down", "enter")
        await until(pilot, lambda: place.desk.kiosks.list(made.admin)[0].theme == "dark")
        await until_screen(pilot, Kiosks)
        for answer, gone in (("n", False), ("y", True)):
            await pilot.press("x")
            await until_screen(pilot, Confirm)
            await pilot.press(answer)
            await until_screen(pilot, Kiosks)
            await until(pilot, lambda gone=gone: bool(place.desk.kiosks.list(made.admin)[0].revoked_at) is gone)
        await until(pilot, lambda: "revoked" in screen_text(pilot))
        assert screen.check_action("revoke", ()) is False
    assert kiosk.name == "Lobby"


async def test_names_are_data(place: Workplace, made: MadeAgency) -> None:
    kiosk, _ = place.desk.kiosks.enrol(made.admin, "Lobby")
    with place.desk.ctx.unit():
        Kiosk.update(name=HOSTILE[:40]).where(Kiosk.id == kiosk.id).execute()
    async with listed(place, made) as (pilot, screen):
        await until(pilot, lambda: screen.menu.highlighted is not None)
        await pilot.press("enter")
        await until(pilot, lambda: "Esc closes" in screen_text(pilot))
        assert is_harmless(pilot)
