"""The codes at signing in: asked after the password, in one field, with a wait that one can see."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from models.identity import Identity, Throttle
from screens.dialogs.problem import Problem
from screens.entry.sign_in import SignIn
from screens.entry.sign_in_code import MailedCode, SecondStep
from screens.widgets.countdown import Countdown
from screens.workplace import Workplace
from services.accounts.identities import sign_in_key
from services.actor import Actor
from services.clock import ManualClock
from services.desk import Desk
from services.entry.arrival import MAILED_CODE_FROM
from tests import making
from tests.enrolling import App, enrol
from tests.making import MadeAgency
from tests.screens.stage import NOTHING, Stage
from tests.settling import screen_text, until, until_screen

USER = "sue@raystaging.example.com"


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    return making.make_agency(desk)


@pytest.fixture
def app(desk: Desk, ray: MadeAgency) -> App:
    assert ray.admin.identity_id is not None
    return enrol(desk.ctx, ray.admin.identity_id)


async def give_password(pilot: Pilot[None]) -> None:
    screen = await until_screen(pilot, SignIn)
    screen.company_code.value, screen.user_name.value = "RAY-919", USER
    screen.password.value = making.PASSWORD.reveal()
    await pilot.press("f2")


async def test_after_the_password_the_code_opens_the_desk(place: Workplace, clock: ManualClock, app: App) -> None:
    stage = Stage(place, SignIn(place))
    async with stage.run_test(size=(80, 24)) as pilot:
        await give_password(pilot)
        await until_screen(pilot, SecondStep)
        await until(pilot, lambda: "(519) 555-0143" in screen_text(pilot))
        await pilot.press(*app.code(clock.now()).reveal(), "enter")
        await until(pilot, lambda: stage.answer is not NOTHING)
    assert isinstance(stage.answer, Actor)
    assert stage.answer.awaits is None


async def test_a_third_wrong_code_counts_down_and_a_recovery_code_in_the_same_field_opens(
    place: Workplace, clock: ManualClock, app: App
) -> None:
    stage = Stage(place, SignIn(place))
    async with stage.run_test(size=(80, 24)) as pilot:
        await give_password(pilot)
        screen = await until_screen(pilot, SecondStep)
        for number in range(4):
            screen.code.value = app.wrong(clock.now()).reveal()
            await pilot.press("f2")
            await until(pilot, lambda: not screen.code.value and not screen.busy)
            assert screen.query_one(Countdown).running is (number >= 2)
            if number == 2:
                clock.advance(seconds=1)
                screen.wait_for(0)
        assert "Next try in 0:0" in screen_text(pilot)
        clock.advance(seconds=2)
        screen.wait_for(0)
        screen.code.value = app.recovery[0]
        await pilot.press("f2")
        await until(pilot, lambda: stage.answer is not NOTHING)
    assert isinstance(stage.answer, Actor)


async def test_esc_leads_back_to_the_password_and_ends_what_was_begun(
    place: Workplace, desk: Desk, clock: ManualClock, app: App
) -> None:
    stage = Stage(place, SignIn(place))
    async with stage.run_test(size=(80, 24)) as pilot:
        await give_password(pilot)
        await until_screen(pilot, SecondStep)
        await pilot.press("escape")
        form = await until_screen(pilot, SignIn)
        await until(pilot, lambda: not form.busy)
        assert (form.password.value, form.focused) == ("", form.password.input)
        await give_password(pilot)
        late = await until_screen(pilot, SecondStep)
        clock.advance(minutes=10)
        late.code.value = "000000"
        await pilot.press("f2")
        await until_screen(pilot, Problem)
        assert "ten minutes for the code are over" in screen_text(pilot)
        await pilot.press("enter")
        await until_screen(pilot, SignIn)


async def test_after_a_hundred_failures_the_mailed_code_comes_first(
    place: Workplace, desk: Desk, clock: ManualClock, app: App
) -> None:
    with desk.ctx.unit():
        now, key = clock.now(), sign_in_key(desk.ctx, "RAY-919", USER)
        Throttle.create(key=key, count=MAILED_CODE_FROM, window_from=now, next_at=now)
    stage = Stage(place, SignIn(place))
    async with stage.run_test(size=(80, 24)) as pilot:
        await give_password(pilot)
        screen = await until_screen(pilot, MailedCode)
        await pilot.press("f3")
        await until(pilot, lambda: "at most once a minute" in screen_text(pilot))
        with desk.ctx.read():
            identity = Identity.get(Identity.email == USER)
        screen.code.value = making.sent_secrets(desk.ctx, identity).code.lower()
        await pilot.press("f2")
        await until_screen(pilot, SecondStep)
        await pilot.press(*app.code(clock.now()).reveal(), "enter")
        await until(pilot, lambda: stage.answer is not NOTHING)
    assert isinstance(stage.answer, Actor)
