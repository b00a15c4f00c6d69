"""The session of whoever sits there: found to be over at the next key, told of a second one, locked and unlocked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.events import ScreenResume
from textual.pilot import Pilot

import tui.session_watch
from models.identity import Session
from models.states import Surface
from screens.base import DeskScreen
from screens.desk import DeskMain
from screens.dialogs.also_signed_in import AlsoSignedIn
from screens.dialogs.confirm import Confirm
from screens.dialogs.problem import Problem
from screens.entry.sign_in import SignIn
from screens.lock import LockScreen, SignOutLocked
from screens.settings.password import ChangePassword
from screens.settings.security import SecuritySettings
from screens.widgets.field import Field
from screens.workplace import Workplace
from services import sessions
from services.actor import Actor, Origin
from services.desk import Desk
from tests import making
from tests.making import PASSWORD, MadeAgency
from tests.settling import screen_text, until, until_screen
from tui.app import DeskApp

SUE = "sue@raystaging.example.com"
THERE = Origin(Surface.PORTAL, "198.51.100.4")


class Clock:
    """The machine's clock as the watch reads it, moved by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock_of_watch(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time in which nobody touches anything."""
    clock = Clock()
    monkeypatch.setattr(tui.session_watch, "monotonic", clock)
    return clock


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Whether a session holds, the services' own tests try on both engines."""
    return sqlite_url


@pytest.fixture
def place(desk: Desk) -> Iterator[Workplace]:
    """A workplace over the desk of the test."""
    workplace = Workplace(desk, Origin(Surface.DESK, "tests"))
    yield workplace
    workplace.close()


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    """An agency; its administrator is signed in nowhere."""
    made = making.make_agency(desk)
    desk.sign_in.sign_out(made.admin)
    return made


@asynccontextmanager
async def at_work(place: Workplace) -> AsyncIterator[tuple[Pilot[Any], DeskApp, DeskMain]]:
    """The whole program, with the administrator at the desk."""
    app = DeskApp(place)
    async with app.run_test(size=(80, 24)) as pilot:
        form = await until_screen(pilot, SignIn)
        for name, text in (("company_code", "RAY-919"), ("user_name", SUE), ("password", PASSWORD.reveal())):
            form.query_one(f"#{name}", Field).value = text
        await pilot.press("f2")
        await until(pilot, lambda: any(isinstance(screen, DeskMain) for screen in app.screen_stack))
        main = next(screen for screen in app.screen_stack if isinstance(screen, DeskMain))
        await until(pilot, lambda: main.is_mounted and main.clients.table.count is not None)
        yield pilot, app, main


def identity(app: DeskApp) -> int:
    assert app.actor is not None
    return app.actor.identity_id or 0


def end_session_of(desk: Desk, app: DeskApp) -> None:
    with desk.ctx.unit():
        sessions.end_sessions(desk.ctx, identity(app), "the account was deactivated")


async def test_a_session_ended_elsewhere_closes_every_screen_at_the_next_key(
    place: Workplace, desk: Desk, ray: MadeAgency, clock_of_watch: Clock
) -> None:
    async with at_work(place) as (pilot, app, _):
        await pilot.press("f9")
        await until_screen(pilot, SecuritySettings)
        await pilot.press("p")
        await until_screen(pilot, ChangePassword)
        end_session_of(desk, app)
        clock_of_watch.now += 1
        await pilot.press("x")
        await until_screen(pilot, Problem)
        assert "the account was deactivated" in screen_text(pilot)
        await pilot.press("enter")
        await until_screen(pilot, SignIn)


@pytest.mark.parametrize("finder", [DeskMain, SecuritySettings])
async def test_a_session_that_a_screen_finds_ended_closes_those_above_and_below_it(
    place: Workplace, desk: Desk, ray: MadeAgency, finder: type[DeskMain | SecuritySettings]
) -> None:
    async with at_work(place) as (pilot, app, main):
        await pilot.press("f9")
        settings = await until_screen(pilot, SecuritySettings)
        await until(pilot, lambda: settings.menu.option_count)
        end_session_of(desk, app)
        if finder is DeskMain:
            main.look()
        else:
            settings.post_message(ScreenResume())
        problem = await until_screen(pilot, Problem)
        # It is in sight again before whoever found out hears that the dialog has been read.
        settings.call_later(lambda: None)
        problem.dismiss(None)
        await until_screen(pilot, SignIn)
        assert app.actor is None


async def test_a_screen_that_is_to_come_up_while_the_others_close_does_not(
    place: Workplace, desk: Desk, ray: MadeAgency
) -> None:
    async with at_work(place) as (pilot, app, main):
        shown: list[SecuritySettings] = []

        async def one_after_the_other() -> None:
            for _ in range(3):
                shown.append(SecuritySettings(place, app.actor or ray.admin))
                await app.push_screen_wait(shown[-1])

        app.run_worker(one_after_the_other(), exit_on_error=False)
        await until_screen(pilot, SecuritySettings)
        end_session_of(desk, app)
        main.look()
        await until_screen(pilot, Problem)
        await pilot.press("enter")
        await until_screen(pilot, SignIn)
        assert len(shown) == 3
        assert [type(screen) for screen in app.screen_stack[1:]] == [SignIn]


@pytest.mark.slow
async def test_many_keys_ask_once_a_second(
    place: Workplace, desk: Desk, ray: MadeAgency, clock_of_watch: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tui.session_watch, "EVERY", 60.0)  # so that no timer runs out meanwhile
    asked: list[Actor] = []
    look = type(desk.own_sessions).look
    monkeypatch.setattr(
        type(desk.own_sessions), "look", lambda self, actor: (asked.append(actor), look(self, actor))[1]
    )
    async with at_work(place) as (pilot, _, _main):
        await until(pilot, lambda: len(asked) == 1)
        clock_of_watch.now += 60
        await pilot.press(*["down"] * 20)
        await until(pilot, lambda: len(asked) == 2)
        await place.at_rest()
        assert len(asked) == 2


async def test_a_second_sign_in_is_told_to_both_and_can_be_ended(
    place: Workplace, desk: Desk, ray: MadeAgency, clock_of_watch: Clock
) -> None:
    first = desk.sign_in.sign_in("RAY-919", SUE, PASSWORD, THERE)
    async with at_work(place) as (pilot, app, main):
        await until_screen(pilot, AlsoSignedIn)
        assert "portal, 198.51.100.4, since" in screen_text(pilot)
        await pilot.press("right", "enter")
        await until(pilot, lambda: app.screen is main)
        await place.at_rest()
        with desk.ctx.read():
            assert Session.get_by_id(first.session_id).ended_at is not None
        desk.sign_in.sign_in("RAY-919", SUE, PASSWORD, THERE)
        clock_of_watch.now += 1
        await pilot.press("down")
        await until_screen(pilot, AlsoSignedIn)
        assert "Somebody signed in with your account" in screen_text(pilot)
        await pilot.press("y", "n", "q", "right", "right", "enter")
        await until_screen(pilot, ChangePassword)


async def test_what_was_typed_stays_beneath_the_lock_and_cannot_be_read(
    place: Workplace, desk: Desk, ray: MadeAgency
) -> None:
    async with at_work(place) as (pilot, app, main):
        await pilot.press("slash", *"thom")
        await pilot.press("ctrl+l")
        await until_screen(pilot, LockScreen)
        assert "thom" not in screen_text(pilot)
        assert "Clients" not in screen_text(pilot)
        await until(pilot, lambda: making.entries(desk.ctx, "session_locked"))
        # Keys and texts of the screens below reach nothing.
        await pilot.press("escape", "ctrl+l", "f9", "1", "q")
        assert isinstance(app.screen, LockScreen)
        app.screen.query_one("#password", Field).value = "not the right one"
        await pilot.press("f2")
        await until(pilot, lambda: "not your present password" in screen_text(pilot))
        with desk.ctx.unit():
            making.Throttle.delete().execute()
        app.screen.query_one("#password", Field).value = PASSWORD.reveal()
        await pilot.press("f2")
        await until(pilot, lambda: app.screen is main)
        assert main.clients.search.words == "thom"
        assert desk.own_sessions.list(app.actor or ray.admin)


async def test_a_desk_that_nobody_touches_locks_itself(
    place: Workplace, desk: Desk, ray: MadeAgency, clock_of_watch: Clock
) -> None:
    async with at_work(place) as (pilot, app, _):
        await until(pilot, lambda: app.session_watch.on)
        await place.at_rest()
        clock_of_watch.now += 14 * 60
        app.session_watch._waited()  # the timer itself would take a quarter of an hour
        await pilot.pause()
        assert isinstance(app.screen, DeskMain)
        clock_of_watch.now += 60
        app.session_watch._waited()
        await until_screen(pilot, LockScreen)
        assert "Nobody touched it" in screen_text(pilot)


async def test_what_ends_beneath_the_lock_waits_until_it_is_open(place: Workplace, desk: Desk, ray: MadeAgency) -> None:
    async with at_work(place) as (pilot, app, main):
        covered = DeskScreen[str](place)
        answers: list[str | None] = []

        async def open_and_tell() -> None:
            answers.append(await app.push_screen_wait(covered))
            await app.push_screen_wait(Confirm("A name from below", []))

        app.run_worker(open_and_tell(), exit_on_error=False)
        await until_screen(pilot, DeskScreen)
        await pilot.press("ctrl+l")
        lock = await until_screen(pilot, LockScreen)
        covered.dismiss("done")
        await pilot.pause()
        assert app.screen is lock
        assert answers == []
        lock.query_one("#password", Field).value = PASSWORD.reveal()
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        assert answers == ["done"]
        assert main.is_attached


async def test_the_lock_offers_to_sign_out_and_asks(place: Workplace, desk: Desk, ray: MadeAgency) -> None:
    async with at_work(place) as (pilot, app, _):
        await pilot.press("f9")
        await until_screen(pilot, SecuritySettings)
        await pilot.press("ctrl+l")
        await until_screen(pilot, LockScreen)
        await pilot.press("f3")
        await until_screen(pilot, SignOutLocked)
        await until(pilot, lambda: "The session ends." in screen_text(pilot))
        await pilot.press("y")
        await until_screen(pilot, SignIn)
        assert app.actor is None
        assert making.entries(desk.ctx, "signed_out")


async def test_a_service_at_work_is_not_cut_off_by_the_lock_and_tells_nothing_above_it(
    place: Workplace, desk: Desk, ray: MadeAgency
) -> None:
    async with at_work(place) as (pilot, app, _):
        gate = asyncio.Event()
        loop = asyncio.get_running_loop()
        app.run_worker(
            place.call(lambda: asyncio.run_coroutine_threadsafe(gate.wait(), loop).result()), exit_on_error=False
        )
        await pilot.pause()
        await pilot.press("ctrl+l")
        await until_screen(pilot, LockScreen)
        assert not making.entries(desk.ctx, "session_locked")

        async def tell() -> None:
            await gate.wait()
            await app.push_screen_wait(Confirm("A name from below", []))

        app.run_worker(tell(), exit_on_error=False)
        gate.set()
        await until(pilot, lambda: making.entries(desk.ctx, "session_locked"))
        await pilot.pause()
        # What it had to tell waits until somebody may read it.
        assert isinstance(app.screen, LockScreen)
