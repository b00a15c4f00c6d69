"""The form of the old way in."""

from __future__ import annotations

from typing import Any

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from models.identity import LegacyUser
from models.states import LegacyState
from screens.dialogs.problem import Problem
from screens.entry.access_key import AccessKey
from screens.workplace import Workplace
from services.actor import Actor
from services.legacy.sign_in import WRONG
from tests.making import make_agency
from tests.screens.hostile import HOSTILE
from tests.screens.screen_time import ScreenTime
from tests.screens.stage import NOTHING, Staged, staged
from tests.services.creating import KEY, OLD, make_office, make_old_account
from tests.settling import screen_text, until, until_screen


@pytest.fixture
def old(place: Workplace) -> LegacyUser:
    """Frank's old account."""
    made = make_agency(place.desk)
    return make_old_account(place.desk, make_office(place.desk, made.agency, "San Diego"))


def form(place: Workplace, size: tuple[int, int] = (80, 24)) -> Staged[AccessKey]:
    """The form, empty."""
    return staged(place, AccessKey(place), size)


async def fill_in(
    pilot: Pilot[Any],
    screen: AccessKey,
    key: str = KEY,
    user: str = "fjones",
    password: str = OLD.reveal(),
    office: str = "San Diego",
) -> None:
    """Put something into the four fields."""
    screen.access_key.value, screen.user_name.value = key, user
    screen.password.value, screen.office.value = password, office
    await pilot.pause()


def shown(pilot: Pilot[Any]) -> str:
    """The screen's words, whatever lines they are broken into."""
    return " ".join(screen_text(pilot).replace("│", " ").split())


async def test_the_right_four_come_in(place: Workplace, old: LegacyUser) -> None:
    async with form(place) as (pilot, app, screen):
        await fill_in(pilot, screen)
        await pilot.press("f2")
        await until(pilot, lambda: app.answer is not NOTHING)
        assert isinstance(app.answer, Actor)
        assert app.answer.legacy_user_id == old.id


async def test_enter_leads_through_the_four_fields_and_in(place: Workplace, old: LegacyUser) -> None:
    async with form(place) as (pilot, app, _):
        for text in (KEY, "fjones", OLD.reveal(), "San Diego"):
            app.focused.post_message(Paste(text))  # type: ignore[union-attr] # a field has the cursor
            await pilot.pause()
            await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.answer, Actor))


@pytest.mark.parametrize(
    "changed",
    [
        {"key": "nothing"},
        {"user": "nobody"},
        {"password": "wrong"},
        {"office": "Ottawa"},
        dict.fromkeys(("user", "office"), HOSTILE),
    ],
    ids=["key", "user name", "password", "office", "hostile"],
)
async def test_every_failure_gets_the_same_answer_and_a_wait(
    place: Workplace, old: LegacyUser, changed: dict[str, str]
) -> None:
    async with form(place) as (pilot, app, screen):
        await fill_in(pilot, screen, **changed)
        await pilot.press("f2")
        # The wait is a second long, so it is looked for while the answer comes.
        await until(pilot, lambda: WRONG in shown(pilot) and screen.waiting)
        await until(pilot, lambda: not screen.busy)
        assert screen.password.value == ""
        assert app.answer is NOTHING


async def test_a_migrated_account_is_told_what_to_do(place: Workplace, old: LegacyUser) -> None:
    with place.desk.ctx.unit():
        LegacyUser.update(state=LegacyState.MIGRATED).execute()
    async with form(place) as (pilot, _, screen):
        await fill_in(pilot, screen)
        await pilot.press("f2")
        await until_screen(pilot, Problem)
        await until(pilot, lambda: "Log in with company code and e-mail address" in shown(pilot))


async def test_neither_key_nor_password_stands_on_the_screen(place: Workplace, old: LegacyUser) -> None:
    async with form(place) as (pilot, _, screen):
        await fill_in(pilot, screen)
        assert KEY not in screen_text(pilot)
        assert OLD.reveal() not in screen_text(pilot)


async def test_an_empty_field_is_named_before_anything_is_asked(place: Workplace, old: LegacyUser) -> None:
    async with form(place) as (pilot, _, screen):
        await fill_in(pilot, screen, office="")
        await pilot.press("f2")
        await until(pilot, lambda: "Type the name of your office." in shown(pilot))
        assert screen.focused is screen.office.input


async def test_esc_goes_back_with_nothing(place: Workplace, old: LegacyUser) -> None:
    async with form(place) as (pilot, app, _):
        await pilot.press("escape")
        await until(pilot, lambda: app.answer is None)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_everything_is_in_sight(
    place: Workplace, old: LegacyUser, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    ScreenTime().govern(monkeypatch)
    async with form(place, size) as (pilot, _, screen):
        await fill_in(pilot, screen, password="wrong")
        await pilot.press("f2")
        await until(pilot, lambda: WRONG in shown(pilot) and "Next try in" in shown(pilot))
        text = screen_text(pilot)
        for words in ("Access key", "User name", "Password", "Office", "Next try in", "Log in", "Back"):
            assert words in text
