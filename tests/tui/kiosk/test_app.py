"""The application of one person at a kiosk, key by key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual import events
from textual.css.query import NoMatches
from textual.widgets import Input

from models.agency import Agency
from models.audit import AuditEntry
from models.help_queue import KioskVisit
from models.identity import Session
from models.kiosk import Kiosk
from models.states import AuditResult, Role
from screens.kiosk.closed import KioskClosedScreen
from screens.kiosk.frame import BigButton, KioskScreen, StillThere
from screens.kiosk.home import Choice, KioskHome
from screens.kiosk.idle import StillHere
from screens.kiosk.leave import StaffMenu, StaffSignIn
from screens.kiosk.reset import KioskReset
from screens.too_small import KioskTooSmall
from services.clock import ManualClock
from services.desk import Desk
from services.errors import Unavailable
from services.kiosks import key_file
from services.kiosks.kiosks import Kiosks
from services.kiosks.values import KioskView
from tests import making
from tests.making import MadeAgency
from tests.screens.hostile import HOSTILE, is_harmless
from tests.settling import screen_text, until, until_screen
from tests.tui.kiosk.conftest import Running
from tui.kiosk import idle_watch
from tui.kiosk.ending import Ending

HARMLESS = (
    *(f"ctrl+{letter}" for letter in "abcdefghijlmnopqrstuvwxyz"),
    *(f"f{number}" for number in range(1, 25)),
    *(
        "ctrl+backslash",
        "ctrl+right_square_bracket",
        "alt+x",
        "alt+enter",
        "shift+f10",
        "ctrl+home",
        "insert",
    ),
    *("shift+home", "shift+end", "pageup", "pagedown", "super+c", "ctrl+shift+c", "<ignore>"),
)


def unwrapped(text: str) -> str:
    """The text as if it were not wrapped."""
    return " ".join(text.split())


async def test_no_key_but_those_of_a_kiosk_does_anything(running: Running, lobby: KioskView) -> None:
    async with running() as (pilot, app):
        before = screen_text(pilot)
        for key in (*HARMLESS, "escape", "q", "question_mark"):
            await app.on_event(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        assert (screen_text(pilot), app.return_code, len(app.screen_stack)) == (before, None, 2)
        await pilot.press("ctrl+k")
        screen = await until_screen(pilot, StaffSignIn)
        await pilot.press("a", "b", "left")
        for key in HARMLESS:
            await app.on_event(events.Key(key, None))
        await pilot.press("c")
        await until(pilot, lambda: "c" in screen.query(Input).first().value, "the last key")
        assert (screen.query(Input).first().value, app.return_code, len(app.screen_stack)) == ("acb", None, 3)


async def test_the_application_does_nothing_that_a_screen_could_ask_for(running: Running, lobby: KioskView) -> None:
    async with running() as (pilot, app):
        for action in (
            "quit",
            "screenshot",
            "command_palette",
            "suspend_process",
            "help",
            "change_theme",
            "pop_screen",
        ):
            await app.run_action(f"app.{action}")
        await pilot.pause()
        assert (app.return_code, isinstance(app.screen, KioskHome)) == (None, True)


async def test_clipboard_links_and_files_lead_nowhere(running: Running, lobby: KioskView) -> None:
    async with running() as (_, app):
        app.copy_to_clipboard("secret")
        app.open_url("https://example.com")
        assert (app.clipboard, app.save_screenshot(), app.deliver_screenshot()) == ("", "", None)
        assert list(app.get_system_commands(app.screen)) == []


async def test_staff_who_press_their_key_while_somebody_chooses_are_covered_by_nothing(
    running: Running, desk: Desk, lobby: KioskView
) -> None:
    def visits() -> int:
        with desk.ctx.read():
            return int(KioskVisit.select().count())

    async with running() as (pilot, app):
        home = await until_screen(pilot, KioskHome)
        home.dismiss(Choice.RESET)
        app.staff_key()
        await until_screen(pilot, StaffSignIn)
        await until(pilot, visits)
        assert isinstance(app.screen, StaffSignIn)
        await pilot.press("escape")
        await until_screen(pilot, KioskReset)


async def test_names_are_data(running: Running, desk: Desk, lobby: KioskView) -> None:
    with desk.ctx.unit():
        Agency.update(name=HOSTILE[:100]).execute()
        Kiosk.update(name=HOSTILE[:60]).execute()
    async with running(size=(60, 20)) as (pilot, app):
        assert is_harmless(pilot)
        assert app.screen.query_one("#reset", BigButton).region.height == 3


async def test_a_fault_before_is_told_with_its_reference_and_written_down(
    running: Running, desk: Desk, lobby: KioskView
) -> None:
    async with running(fault="A1B2C3") as (pilot, _):
        assert "A1B2C3" in screen_text(pilot)
        await until(pilot, lambda: making.entries(desk.ctx, "kiosk_fault"), "the audit")


async def test_what_a_closed_screen_misses_is_no_fault_and_what_an_open_one_misses_is(
    running: Running, lobby: KioskView
) -> None:
    async with running() as (_, app):
        closed = StillHere(15)
        await app.push_screen(closed)
        await app.pop_screen()
        for screen, reference in ((closed, False), (app.screen, True)):
            with pytest.raises(NoMatches) as missed:
                screen.query_one("#nothing")
            app._handle_exception(missed.value)
            assert bool(app.reference) is reference


async def test_below_60x20_it_says_so(running: Running, lobby: KioskView) -> None:
    async with running(size=(59, 20)) as (pilot, app):
        await until(pilot, lambda: app.screen.query(KioskTooSmall), "the notice")
        assert "ctrl+q" not in screen_text(pilot)
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: not app.screen.query(KioskTooSmall), "the screen")


@pytest.mark.slow
async def test_staff_leave_behind_the_hidden_key(
    running: Running, desk: Desk, clock: ManualClock, ray: MadeAgency, lobby: KioskView
) -> None:
    making.make_staff(desk, ray.agency, "vera@example.com", role=Role.SUPERVISOR)
    async with running() as (pilot, app):
        await pilot.press("ctrl+k")
        screen = await until_screen(pilot, StaffSignIn)
        await sign_in(pilot, screen, "vera@example.com", "not the password")
        await until(pilot, lambda: "not a user name and its password" in unwrapped(screen_text(pilot)), "the refusal")
        await until(pilot, lambda: "Next try in" not in screen_text(pilot), "the end of the wait")
        clock.advance(seconds=1)
        await sign_in(pilot, screen, "vera@example.com", making.PASSWORD.reveal())
        await until_screen(pilot, StaffMenu)
        await pilot.click("#leave")
        await until(pilot, lambda: app.return_value is not None, "the end")
        assert app.return_value is Ending.LEAVE
    entries = {entry.action: entry for entry in making.entries(desk.ctx) if entry.place == "Lobby"}
    assert {"sign_in_failed", "signed_in", "kiosk_left", "signed_out"} <= set(entries)


async def sign_in(pilot: Any, screen: Any, user_name: str, password: str) -> None:
    fields = list(screen.query(Input))
    for field, value in zip(fields[-2:], (user_name, password), strict=True):
        field.value = value
    fields[-1].focus()
    await pilot.press("enter")


async def test_an_agent_does_not_leave_and_is_signed_out(
    running: Running, desk: Desk, ray: MadeAgency, lobby: KioskView
) -> None:
    agent = making.make_staff(desk, ray.agency, "vera@example.com")
    async with running() as (pilot, app):
        await pilot.press("ctrl+k")
        await sign_in(pilot, await until_screen(pilot, StaffSignIn), "vera@example.com", making.PASSWORD.reveal())
        await until(pilot, lambda: "Only a supervisor" in unwrapped(screen_text(pilot)), "the refusal")
        await pilot.press("enter")
        await until_screen(pilot, KioskHome)
        assert app.return_value is None
    with desk.ctx.read():
        open_ones = Session.select().where(Session.ended_at.is_null() & (Session.identity == agent.identity_id))
        assert [session.place for session in open_ones] == [making.HERE.place]
        refused = AuditEntry.select().where(AuditEntry.action == "kiosk_left")
        assert [entry.result for entry in refused] == [AuditResult.REFUSED]


async def test_an_administrator_enrols_a_kiosk_at_its_own_keyboard(
    running: Running, desk: Desk, ray: MadeAgency
) -> None:
    async with running(first=KioskClosedScreen) as (pilot, app):
        assert "This kiosk is not enrolled" in screen_text(pilot)
        await pilot.press("ctrl+k")
        screen = await until_screen(pilot, StaffSignIn)
        screen.query(Input).first().value = ray.agency.code
        await sign_in(pilot, screen, "sue@raystaging.example.com", making.PASSWORD.reveal())
        await until_screen(pilot, StaffMenu)
        await pilot.press("enter")
        await until(pilot, lambda: app.return_value is not None, "the end")
        assert app.return_value is Ending.HOME
    secret = key_file.load(desk.ctx.settings.home, "Lobby")
    assert secret is not None
    assert desk.kiosks.open(secret).name == "Lobby"


@pytest.mark.slow
async def test_a_revoked_kiosk_ends_at_once_and_says_so_afterwards(
    running: Running, desk: Desk, ray: MadeAgency, lobby: KioskView
) -> None:
    async with running() as (pilot, app):
        desk.kiosks.revoke(ray.admin, lobby.id)
        await until(pilot, lambda: app.return_value is Ending.HOME, "the end")
    async with running(first=KioskClosedScreen) as (pilot, _):
        assert "This kiosk is closed" in screen_text(pilot)


@pytest.mark.slow
async def test_while_the_desk_is_away_nothing_can_be_begun(
    running: Running, lobby: KioskView, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> KioskView:
        raise Unavailable("The database does not answer.")

    async with running() as (pilot, app):
        with monkeypatch.context() as broken:
            broken.setattr(Kiosks, "pulse", away)
            await until(pilot, lambda: "cannot serve anybody" in screen_text(pilot), "the notice")
            await pilot.click("#reset")
            assert isinstance(app.screen, KioskHome)
        await until(pilot, lambda: "cannot serve" not in screen_text(pilot), "the desk")
        assert app.focused is app.screen.query_one("#reset")


@pytest.mark.slow
async def test_a_desk_that_is_away_at_the_start_is_waited_for(
    running: Running, lobby: KioskView, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> KioskView:
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr(Kiosks, "open", away)
    async with running(first=KioskClosedScreen) as (pilot, app):
        await until(pilot, lambda: "does not answer" in screen_text(pilot), "the reason")
        monkeypatch.undo()
        await until(pilot, lambda: app.return_value is Ending.HOME, "the end")


async def test_nobody_at_the_kiosk_is_asked_counted_down_and_sent_home(
    running: Running, lobby: KioskView, passing: Callable[[float], None]
) -> None:
    async with running() as (pilot, app):
        await pilot.press("ctrl+k")
        screen = await until_screen(pilot, StaffSignIn)
        await pilot.press("a")
        passing(StaffSignIn.patience + 1)
        await until_screen(pilot, StillHere)
        assert "15 seconds" in screen_text(pilot)
        await pilot.press("b")
        await until_screen(pilot, StaffSignIn)
        assert screen.query(Input).first().value == "a", "the key that answers types nothing"
        passing(StaffSignIn.patience + 1)
        await until_screen(pilot, StillHere)
        screen.post_message(StillThere())
        await until_screen(pilot, StaffSignIn)
        passing(StaffSignIn.patience + 1)
        await until_screen(pilot, StillHere)
        passing(idle_watch.COUNTDOWN)
        await until(pilot, lambda: app.return_value is Ending.HOME, "home")


async def test_at_home_nobody_is_asked(running: Running, lobby: KioskView, passing: Callable[[float], None]) -> None:
    async with running() as (pilot, app):
        passing(1000)
        for _ in range(10):
            await pilot.pause(0.02)
        assert (isinstance(app.screen, KioskHome), app.return_value) == (True, None)


async def test_what_comes_late_is_not_shown_above_the_question(
    running: Running, lobby: KioskView, passing: Callable[[float], None]
) -> None:
    async with running() as (pilot, app):
        await pilot.press("ctrl+k")
        screen = await until_screen(pilot, StaffSignIn)
        passing(StaffSignIn.patience + 1)
        await until_screen(pilot, StillHere)

        async def late() -> None:
            await app.push_screen_wait(KioskScreen(screen.place))

        app.run_worker(late(), exit_on_error=False)
        await pilot.pause(0.1)
        assert isinstance(app.screen, StillHere)


async def test_what_a_person_began_ends_with_the_program(running: Running, desk: Desk, lobby: KioskView) -> None:
    async with running() as (pilot, app):
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, KioskHome), "the first question")
        with desk.ctx.read():
            assert KioskVisit.get().ended_at is None
        app.end(Ending.HOME)
    with desk.ctx.read():
        assert KioskVisit.get().ended_at is not None


async def test_a_fault_ends_the_program_with_a_reference_and_nothing_else(
    running: Running, lobby: KioskView, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fails() -> None:
        password = "do not show this"
        raise ValueError(password)

    async with running() as (pilot, app):
        app.run_worker(fails(), exit_on_error=False)
        await until(pilot, lambda: app.return_value is Ending.FAULT, "the end")
        assert app.return_code == 70
        assert app.reference in caplog.text
    printed = capsys.readouterr()
    assert "do not show this" not in caplog.text + printed.out + printed.err


@pytest.mark.parametrize("way", ["_handle_exception", "panic"])
async def test_textual_shows_no_traceback_either(
    running: Running, lobby: KioskView, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    async with running() as (_, app):
        getattr(app, way)(ValueError("do not show this"))
    assert app.return_value is Ending.FAULT
    assert "Traceback" not in "".join(capsys.readouterr())


async def test_a_paste_is_short_and_plain(running: Running, lobby: KioskView) -> None:
    async with running() as (pilot, app):
        await pilot.press("ctrl+k")
        screen = await until_screen(pilot, StaffSignIn)
        await app.on_event(events.Paste("a\x1b\r" + "b" * 1_000_000))
        field = screen.query(Input).first()
        await until(pilot, lambda: field.value, "the paste")
        assert field.value == "a" + "b" * 499


async def test_only_plain_clicks_on_the_screen_count(running: Running, lobby: KioskView) -> None:
    async with running() as (_, app):
        assert app._taken(click()) is not None
        others = ({"button": 3}, {"button": 2}, {"ctrl": True}, {"meta": True}, {"x": 500}, {"y": -1})
        assert [app._taken(click(**other)) for other in others] == [None] * len(others)


def click(**changed: Any) -> events.MouseDown:
    plain: dict[str, Any] = {"x": 40, "y": 10, "delta_x": 0, "delta_y": 0, "button": 1}
    plain |= {"shift": False, "meta": False, "ctrl": False}
    return events.MouseDown(None, **(plain | changed))
