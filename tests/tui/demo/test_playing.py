"""The programs of the stage, in what they do otherwise than the real ones."""

# ruff: noqa: F401, F811 - fixtures are imported, and then asked for by their names

from __future__ import annotations

from collections.abc import Callable

from screens.kiosk.get_help import KioskHelp
from screens.kiosk.home import KioskHome
from screens.kiosk.idle import StillHere
from screens.kiosk.leave import StaffSignIn
from services.desk import Desk
from services.kiosks.values import KioskView
from tests.services.sandbox.conftest import in_sandbox
from tests.settling import until_screen
from tests.tui.kiosk.conftest import database_url, lobby, passing, ray
from tui.demo.playing import PATIENCE, PlayedKiosk


async def test_a_kiosk_stays_where_it_is_while_the_trainer_talks(
    desk: Desk, lobby: KioskView, passing: Callable[[float], None]
) -> None:
    app = PlayedKiosk(in_sandbox(desk))
    async with app.run_test(size=(80, 24)) as pilot:
        await until_screen(pilot, KioskHome)
        await pilot.press("ctrl+k")
        await until_screen(pilot, StaffSignIn)
        passing(KioskHelp.patience + 60)
        for _ in range(10):
            await pilot.pause(0.02)
        assert isinstance(app.screen, StaffSignIn)
        passing(PATIENCE)
        await until_screen(pilot, StillHere)
    app.finish()
