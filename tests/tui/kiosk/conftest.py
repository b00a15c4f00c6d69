"""What the tests of the kiosk's application share: an enrolled kiosk, and the application over it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from screens.kiosk.home import KioskHome
from services.desk import Desk
from services.kiosks import key_file
from services.kiosks.values import KioskView
from tests import making
from tests.making import MadeAgency
from tests.settling import until_screen
from tui.kiosk import app as kiosk_app
from tui.kiosk import idle_watch
from tui.kiosk.app import KioskApp, Start
from tui.kiosk.opening import look_again

Running = Callable[..., AbstractAsyncContextManager[tuple[Pilot[Any], KioskApp]]]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Screens hold no rule that could differ between engines, so one is enough here."""
    return sqlite_url


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    return making.make_agency(desk)


@pytest.fixture
def lobby(desk: Desk, ray: MadeAgency) -> KioskView:
    """A kiosk whose secret this machine keeps."""
    kiosk, secret = desk.kiosks.enrol(ray.admin, "Lobby")
    key_file.keep(desk.ctx.settings.home, "Lobby", secret)
    return kiosk


@pytest.fixture
def running(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Running:
    """Runs the application of one person."""
    monkeypatch.setattr(kiosk_app, "LOOK_AGAIN", 0.05)

    @asynccontextmanager
    async def run(
        *, size: tuple[int, int] = (80, 24), fault: str = "", first: Any = KioskHome
    ) -> AsyncIterator[tuple[Pilot[Any], KioskApp]]:
        app = KioskApp(Start(desk.ctx.settings, "Lobby", fault=fault), lambda: look_again(desk, "Lobby"))
        async with app.run_test(size=size) as pilot:
            await until_screen(pilot, first)
            yield pilot, app
        app.finish()

    return run


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets so many seconds pass for the watch over people who have gone."""
    now = [1000.0]
    monkeypatch.setattr(idle_watch, "LOOK", 0.02)
    monkeypatch.setattr(idle_watch, "monotonic", lambda: now[0])

    def passes(seconds: float) -> None:
        now[0] += seconds

    return passes
