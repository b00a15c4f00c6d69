"""The sign-in form: one answer to every failure, a wait that one can see, and what it remembers."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.widgets import Button

from screens.entry.access_key import AccessKey
from screens.entry.choose_password import ChoosePassword
from screens.entry.forgot_password import ForgotPassword
from screens.entry.link_or_code import LinkOrCode
from screens.entry.sign_in import SignIn
from screens.widgets.countdown import Countdown
from screens.widgets.password_chooser import PasswordChooser
from screens.workplace import Workplace
from services.actor import Actor
from services.clock import ManualClock
from services.remembered import Remembered, recall, remember
from services.sign_in import WRONG
from tests.making import (
    PASSWORD,
    MadeAgency,
    entries,
    give_account,
    make_agency,
    make_client,
    secure,
    send_reset,
    sent_secrets,
    throttles,
)
from tests.screens.hostile import HOSTILE
from tests.screens.screen_time import ScreenTime
from tests.screens.stage import NOTHING, Staged, staged
from tests.settling import screen_text, until, until_screen

CODE = "RAY-919"
SUE = "sue@raystaging.example.com"


@pytest.fixture
def made(place: Workplace) -> MadeAgency:
    """An agency with its administrator."""
    return make_agency(place.desk)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> ScreenTime:
    """The clock by which the countdown goes."""
    return ScreenTime().govern(monkeypatch)


def form(place: Workplace, size: tuple[int, int] = (80, 24)) -> Staged[SignIn]:
    """The form, filled with what is remembered."""
    return staged(place, SignIn(place), size)


async def fill_in(pilot: Pilot[Any], screen: SignIn, code: str, user_name: str, password: str) -> None:
    """Put something into the three fields."""
    screen.company_code.value = code
    screen.user_name.value = user_name
    screen.password.value = password
    await pilot.pause()


def shown(pilot: Pilot[Any]) -> str:
    """The screen's words, whatever lines they are broken into."""
    return " ".join(screen_text(pilot).replace("│", " ").split())


async def fail(pilot: Pilot[Any], screen: SignIn, password: str = "wrong") -> None:
    """One try that is heard and fails."""
    await fill_in(pilot, screen, CODE, SUE, password)
    await pilot.press("f2")
    await until(pilot, lambda: WRONG in shown(pilot) and not screen.busy)


def button(screen: SignIn) -> Button:
    """Log in."""
    return screen.query_one("#submit", Button)


async def test_the_right_three_sign_in(place: Workplace, made: MadeAgency) -> None:
    async with form(place) as (pilot, app, screen):
        await fill_in(pilot, screen, CODE, SUE, PASSWORD.reveal())
        await pilot.press("f2")
        await until(pilot, lambda: app.answer is not NOTHING)
        assert isinstance(app.answer, Actor)
        assert app.answer.name == "Sue Wright"


async def test_enter_leads_from_field_to_field_and_then_signs_in(place: Workplace, made: MadeAgency) -> None:
    async with form(place) as (pilot, app, _):
        for text in (CODE, SUE, PASSWORD.reveal()):
            app.focused.post_message(Paste(text))  # type: ignore[union-attr] # a field has the cursor
            await pilot.pause()
            await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.answer, Actor))


async def test_keys_that_arrive_in_a_heap_put_no_password_into_another_field(
    place: Workplace, made: MadeAgency
) -> None:
    async with form(place) as (pilot, app, screen):
        heap = [*CODE, "tab", *SUE, "enter", *PASSWORD.reveal()]
        for key in heap:
            app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: screen.password.value == PASSWORD.reveal())
        assert screen.company_code.value == CODE
        assert screen.user_name.value == SUE


@pytest.mark.parametrize(
    ("code", "user_name", "password"),
    [
        ("NOBODY", SUE, PASSWORD.reveal()),
        (CODE, "nobody@example.ca", PASSWORD.reveal()),
        (CODE, SUE, "wrong"),
        (CODE, SUE, "x" * 10_000),
        (CODE, SUE, PASSWORD.reveal() + "\x00"),
        (HOSTILE, HOSTILE, HOSTILE),
    ],
    ids=["code", "user name", "password", "long", "control sign", "hostile"],
)
async def test_every_failure_gets_the_same_answer_in_the_form(
    place: Workplace, made: MadeAgency, code: str, user_name: str, password: str
) -> None:
    async with form(place) as (pilot, app, screen):
        await fill_in(pilot, screen, code, user_name, password)
        await pilot.press("f2")
        await until(pilot, lambda: WRONG in shown(pilot) and not screen.busy)
        assert screen.company_code.value == code
        assert screen.user_name.value == user_name
        assert screen.password.value == ""
        await until(pilot, lambda: screen.password.input.has_focus)
        assert app.answer is NOTHING
        assert app.told == []


async def test_an_empty_field_is_asked_for_and_counts_as_no_try(place: Workplace, made: MadeAgency) -> None:
    async with form(place) as (pilot, _, screen):
        await fill_in(pilot, screen, CODE, "", "")
        await pilot.press("f2")
        await until(pilot, lambda: screen.user_name.input.has_focus)
        assert screen.password.problem == "Type your password."
        assert throttles(place.desk.ctx) == {}


async def test_after_a_failure_the_wait_is_shown_and_the_form_stays_alive(
    place: Workplace, made: MadeAgency, time: ScreenTime
) -> None:
    async with form(place) as (pilot, _, screen):
        await fail(pilot, screen)
        await until(pilot, lambda: "Next try in" in screen_text(pilot))
        assert button(screen).disabled
        await pilot.press("x", "f2", "enter")
        assert screen.password.value == "x"
        assert len(entries(place.desk.ctx, "sign_in_failed")) == 1
        await pilot.press("f3")
        assert await until_screen(pilot, ForgotPassword)


async def test_when_the_wait_is_over_the_next_try_is_heard(
    place: Workplace, made: MadeAgency, clock: ManualClock, time: ScreenTime
) -> None:
    async with form(place) as (pilot, app, screen):
        await fail(pilot, screen)
        clock.advance(seconds=1)
        time.now += 1
        await until(pilot, lambda: not screen.waiting)
        await until(pilot, lambda: not button(screen).disabled)
        await fill_in(pilot, screen, CODE, SUE, PASSWORD.reveal())
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.answer, Actor))


async def test_a_try_that_comes_too_soon_says_how_long_and_keeps_the_password(
    place: Workplace, made: MadeAgency, time: ScreenTime
) -> None:
    async with form(place) as (pilot, _, screen):
        await fail(pilot, screen)
        screen.wait_for(0)
        await fill_in(pilot, screen, CODE, SUE, PASSWORD.reveal())
        await pilot.press("f2")
        await until(pilot, lambda: "Each failed try makes the next one wait longer" in shown(pilot))
        assert screen.waiting
        assert screen.password.value == PASSWORD.reveal()
        time.now += 1
        await until(pilot, lambda: "You can try again now." in shown(pilot))


async def test_the_wait_of_one_account_holds_up_no_other(place: Workplace, made: MadeAgency, time: ScreenTime) -> None:
    async with form(place) as (pilot, _, screen):
        await fail(pilot, screen)
        assert screen.waiting
        screen.user_name.value = "ann@example.ca"
        await until(pilot, lambda: not screen.query_one(Countdown).running)
        assert not button(screen).disabled


async def test_a_wait_outlives_the_program(place: Workplace, made: MadeAgency, time: ScreenTime) -> None:
    remember(place.desk.ctx.settings.remembered_path, Remembered(CODE, SUE))
    async with form(place) as (pilot, _, screen):
        await fail(pilot, screen)
    async with form(place) as (pilot, _, screen):
        await until(pilot, lambda: screen.waiting)
        assert button(screen).disabled


async def test_code_and_user_name_are_remembered_after_a_success_and_the_password_never(
    place: Workplace, made: MadeAgency, clock: ManualClock
) -> None:
    path = place.desk.ctx.settings.remembered_path
    async with form(place) as (pilot, app, screen):
        await fail(pilot, screen)
        assert recall(path) == Remembered()
    clock.advance(seconds=5)
    async with form(place) as (pilot, app, screen):
        await fill_in(pilot, screen, f" {CODE} ", SUE, PASSWORD.reveal())
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.answer, Actor))
    assert recall(path) == Remembered(CODE, SUE)
    assert PASSWORD.reveal() not in path.read_text()
    async with form(place) as (pilot, _, screen):
        await until(pilot, lambda: screen.password.input.has_focus)
        assert screen.company_code.value == CODE
        assert screen.user_name.value == SUE


async def test_a_damaged_memory_is_an_empty_form(place: Workplace, made: MadeAgency) -> None:
    place.desk.ctx.settings.remembered_path.write_bytes(b'{"company_code": "\\u001b[2J"')
    async with form(place) as (pilot, _, screen):
        await until(pilot, lambda: screen.company_code.input.has_focus)
        assert screen.company_code.value == ""


async def test_the_password_is_checked_off_the_screens_own_thread_and_once(
    place: Workplace, made: MadeAgency, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()
    threads: list[threading.Thread] = []
    real = place.desk.sign_in.sign_in

    def slow(*given: Any) -> Actor:
        threads.append(threading.current_thread())
        goes_on.wait(10)
        return real(*given)

    monkeypatch.setattr(place.desk.sign_in, "sign_in", slow)
    async with form(place) as (pilot, app, screen):
        await fill_in(pilot, screen, CODE, SUE, PASSWORD.reveal())
        await pilot.press("f2")
        await until(pilot, lambda: "Checking …" in screen_text(pilot))
        assert button(screen).disabled
        await pilot.press("f2", "enter", "f3", "f4")
        await pilot.click("#forgot")
        assert app.screen is screen
        goes_on.set()
        await until(pilot, lambda: isinstance(app.answer, Actor))
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


async def test_forgot_password_takes_the_user_name_along(place: Workplace, made: MadeAgency) -> None:
    async with form(place) as (pilot, _, screen):
        await fill_in(pilot, screen, CODE, SUE, "")
        await pilot.click("#forgot")
        asked = await until_screen(pilot, ForgotPassword)
        assert asked.query_one("#email").value == SUE


async def test_whoever_has_a_link_chooses_a_password_and_needs_only_type_it(
    place: Workplace, made: MadeAgency, clock: ManualClock
) -> None:
    client = make_client(place.desk, made.agency)
    give_account(place.desk, made.admin, client)
    clock.advance(minutes=6)
    link = send_reset(place.desk, made.admin, client).link
    async with form(place) as (pilot, app, screen):
        await pilot.press("f4")
        presenting = await until_screen(pilot, LinkOrCode)
        presenting.secret.value = link
        await pilot.press("f2")
        choosing = await until_screen(pilot, ChoosePassword)
        for field in choosing.query_one(PasswordChooser).query("Field"):
            field.value = "copper kettle morning"
        await pilot.press("f2")
        await until(pilot, lambda: app.screen is screen)
        await until(pilot, lambda: "✓ Your password has been set." in screen_text(pilot))
        assert screen.company_code.value == CODE
        assert screen.user_name.value == "brent@mortgageclient.example.com"
        await until(pilot, lambda: screen.password.input.has_focus)
        screen.password.value = "copper kettle morning"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.answer, Actor))
        assert not app.answer.is_staff


@pytest.mark.parametrize(
    ("secured", "sentence"),
    [
        (False, "Your password has been set. Please log in and configure your security questions."),
        (True, "Your password has been set. Please log in to open your account."),
    ],
)
async def test_an_activated_person_is_asked_to_log_in(
    place: Workplace, made: MadeAgency, secured: bool, sentence: str
) -> None:
    identity = give_account(place.desk, made.admin, make_client(place.desk, made.agency), password=None)
    with place.desk.ctx.unit():
        secure(place.desk.ctx, identity, secured=secured)
    link = sent_secrets(place.desk.ctx, identity).link
    async with form(place) as (pilot, app, screen):
        await pilot.press("f4")
        presenting = await until_screen(pilot, LinkOrCode)
        presenting.secret.value = link
        await pilot.press("f2")
        choosing = await until_screen(pilot, ChoosePassword)
        for field in choosing.query_one(PasswordChooser).query("Field"):
            field.value = "copper kettle morning"
        await pilot.press("f2")
        await until(pilot, lambda: app.screen is screen)
        await until(pilot, lambda: sentence in shown(pilot))


async def test_everything_fits_on_80x24_with_the_longest_answer(place: Workplace, made: MadeAgency) -> None:
    async with form(place) as (pilot, _, screen):
        await fail(pilot, screen)
        assert screen.query_one(".card-room").max_scroll_y == 0
        for key in ("F2 Log in", "F3 Forgot password", "F4 Link or code", "F5 Access key", "Quit"):
            assert key.lower() in screen_text(pilot).lower()


async def test_the_buttons_fit_on_the_smallest_screen(place: Workplace, made: MadeAgency) -> None:
    async with form(place, size=(60, 18)) as (pilot, _, _screen):
        assert "I have a link or code" in screen_text(pilot)


async def test_the_old_door_is_a_key_and_a_button_away_and_whoever_comes_in_by_it_is_signed_in(
    place: Workplace, made: MadeAgency
) -> None:
    async with form(place) as (pilot, app, screen):
        await pilot.press("f5")
        await until_screen(pilot, AccessKey)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        await pilot.pause()
        await pilot.click("#access_key")
        old_door = await until_screen(pilot, AccessKey)
        old_door.dismiss(made.admin)
        await until(pilot, lambda: app.answer is made.admin)


async def test_esc_leads_nowhere(place: Workplace, made: MadeAgency) -> None:
    async with form(place) as (pilot, app, screen):
        await pilot.press("x", "escape")
        await pilot.pause()
        assert app.screen is screen
        assert app.answer is NOTHING
