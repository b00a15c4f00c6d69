"""Two-step sign-in in the settings and in the first steps: a picture, a first code, recovery codes once."""

from __future__ import annotations

from dataclasses import replace

from textual.pilot import Pilot
from textual.widgets import Button

from models.identity import Identity
from screens.dialogs.confirm import Confirm
from screens.factor.enrol import Enrol
from screens.factor.proof import Proof
from screens.factor.recovery_codes import RecoveryCodes
from screens.onboarding.onboarding import FirstSteps
from screens.settings.second_factor import SecondFactorScreen
from screens.widgets.field import Field
from screens.widgets.qr import QrCode
from screens.workplace import Workplace
from services.actor import Actor
from services.clock import ManualClock
from services.credentials import factor
from services.desk import Desk
from tests import making
from tests.enrolling import app_behind, enrol
from tests.making import HERE, PASSWORD
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import NOTHING, Stage
from tests.settling import screen_text, until, until_screen

USER = "sue@raystaging.example.com"


async def fill(pilot: Pilot[None], **values: str) -> None:
    for field, value in values.items():
        pilot.app.screen.query_one(f"#{field}", Field).value = value
    await pilot.press("f2")


async def keep(pilot: Pilot[None]) -> None:
    """Tick, and go on."""
    await until_screen(pilot, RecoveryCodes)
    await pilot.press("space", "enter")


async def test_it_is_set_up_with_password_picture_code_and_recovery_codes(
    place: Workplace, desk: Desk, clock: ManualClock
) -> None:
    ray = making.make_agency(desk)
    stage = Stage(place, SecondFactorScreen(place, ray.admin))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Two-step sign-in is off" in screen_text(pilot))
        await pilot.press("s")
        await until_screen(pilot, Proof)
        assert not pilot.app.screen.query("#code")
        await fill(pilot, password=PASSWORD.reveal())
        screen = await until_screen(pilot, Enrol)
        app = app_behind(desk.ctx, ray.admin.identity_id or 0)
        await until(pilot, lambda: screen.query_one(QrCode).size.height == 22)
        shown = screen_text(pilot)
        assert all(app.key[at : at + 4] in shown for at in range(0, 32, 4))
        await fill(pilot, code=app.wrong(clock.now()).reveal())
        await until(pilot, lambda: "not the code" in screen_text(pilot))
        await fill(pilot, code=app.code(clock.now()).reveal())
        await until_screen(pilot, RecoveryCodes)
        assert screen_text(pilot).count("-") >= 50
        await pilot.press("f2")
        await until(pilot, lambda: "tick the box" in screen_text(pilot))
        await keep(pilot)
        await until(pilot, lambda: "Recovery codes left: 10 of 10" in screen_text(pilot))
    assert not desk.onboarding.owed(ray.admin)
    assert stage.told == ["Two-step sign-in is on. Your other sessions have ended."]


async def test_new_codes_and_turning_off_ask_for_what_they_need(
    place: Workplace, desk: Desk, clock: ManualClock
) -> None:
    ray = making.make_agency(desk)
    app = enrol(desk.ctx, ray.admin.identity_id or 0)
    stage = Stage(place, SecondFactorScreen(place, ray.admin))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Recovery codes left: 10" in screen_text(pilot))
        await pilot.press("down", "enter")
        await until_screen(pilot, Proof)
        assert not pilot.app.screen.query("#password")
        await fill(pilot, code=app.code(clock.now()).reveal())
        await until_screen(pilot, RecoveryCodes)
        await pilot.press("escape")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until_screen(pilot, SecondFactorScreen)
        await pilot.press("o")
        await until_screen(pilot, Proof)
        await fill(pilot, password=PASSWORD.reveal(), code=app.code(clock.now(), 1).reveal())
        await until(pilot, lambda: "Two-step sign-in is off" in screen_text(pilot))
    with desk.ctx.read():
        assert not factor.is_enrolled(ray.admin.identity_id or 0)


def owing(desk: Desk) -> Actor:
    """The administrator, who must have a second factor."""
    making.make_agency(desk, factor="rights")
    return desk.sign_in.sign_in("RAY-919", USER, PASSWORD, HERE)


async def test_in_the_first_steps_whoever_turns_back_stays_at_the_step_and_goes_on_there(
    place: Workplace, desk: Desk, clock: ManualClock
) -> None:
    actor = owing(desk)
    stage = Stage(place, FirstSteps(place, actor, desk.onboarding.begin(actor)))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Second step  Step 1 of 2" in screen_text(pilot))
        await pilot.press("f2")
        await until_screen(pilot, Enrol)
        await pilot.press("escape")
        await until(pilot, lambda: "The app is not set up yet" in screen_text(pilot))
        await pilot.press("f2")
        await until_screen(pilot, Enrol)
        app = app_behind(desk.ctx, actor.identity_id or 0)
        await fill(pilot, code=app.code(clock.now()).reveal())
        await until_screen(pilot, RecoveryCodes)
        first = screen_text(pilot)
        await pilot.press("escape")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: "recovery codes are not kept yet" in screen_text(pilot))
        await pilot.press("f2")
        await until_screen(pilot, RecoveryCodes)
        assert screen_text(pilot) != first
        await keep(pilot)
        await until(pilot, lambda: "Your account is set up" in screen_text(pilot))
        await pilot.press("f2")
        await until(pilot, lambda: stage.answer is not NOTHING)
    assert isinstance(stage.answer, Actor)
    assert not stage.answer.limited


async def test_where_the_picture_has_no_room_the_key_stands_alone_and_a_hostile_name_is_only_text(
    place: Workplace, desk: Desk
) -> None:
    actor = owing(desk)
    with desk.ctx.unit():
        Identity.update(email=f"{'x' * 90}@example.com").execute()
    begun = desk.second_factor.begin(actor, PASSWORD)
    async with Stage(place, Enrol(place, replace(actor, name=HOSTILE), begun)).run_test(size=(80, 24)) as pilot:
        screen = await until_screen(pilot, Enrol)
        await until(pilot, lambda: "too small for the picture" in " ".join(screen_text(pilot).split()))
        assert is_harmless(pilot)
        assert begun.key.reveal()[:19] in screen_text(pilot)
        assert screen.query_one("#submit", Button).region.bottom <= 23
        await pilot.resize_terminal(120, 50)
        await until(pilot, lambda: "Scan the picture" in screen_text(pilot))
