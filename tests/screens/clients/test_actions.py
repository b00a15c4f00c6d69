"""The Actions menu and the reset dialog: what is offered, what is not and why, and what each key answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from models.states import IdentityState
from screens.clients.actions import ClientActions
from screens.clients.reset import ClientReset
from screens.widgets.countdown import Countdown
from screens.workplace import Workplace
from services.accounts.accounts import ResetReason
from services.accounts.offers import offers_for
from services.clients.values import PersonAction
from services.clock import ManualClock
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import NOTHING, Stage, answer_of
from tests.settling import screen_text, until

ADDRESS = "brent@mortgageclient.example.com"


def menu(clock: ManualClock, state: IdentityState | None, wait: int = 0) -> ClientActions:
    """The menu of somebody whose account is in this state, `wait` seconds before the next mail."""
    mail_at = clock.now() + timedelta(seconds=wait) if wait else None
    return ClientActions("Brent Thomas", "some state", state, offers_for(state, mail_at), clock)


def words_of(pilot: Pilot[Any]) -> str:
    """What stands on the screen, as if no line were broken."""
    return " ".join(screen_text(pilot).replace("│", " ").split())


async def chosen(place: Workplace, clock: ManualClock, state: IdentityState | None, *keys: str) -> object:
    """What the menu answers after these keys."""
    shown = menu(clock, state)
    return await answer_of(place, shown, *keys)


async def test_every_action_has_a_line_and_none_is_cut_at_80x24(place: Workplace, clock: ManualClock) -> None:
    shown = menu(clock, None)
    app = Stage(place, shown)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen is shown)
        text = screen_text(pilot)
        lines = ["e  Edit", "w  Create account", "r  Send a reset", "a  Show the reset", "d  Deactivate", "h  History"]
        assert [line for line in lines if line not in text] == []
        assert shown.query_one(OptionList).max_scroll_y == 0


async def test_what_is_not_possible_says_why_and_does_nothing(place: Workplace, clock: ManualClock) -> None:
    shown = menu(clock, None)
    app = Stage(place, shown)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen is shown)
        await pilot.press("r")
        await until(pilot, lambda: "Create one and send the welcome mail." in screen_text(pilot))
        assert app.answer is NOTHING
        await pilot.press("enter")
        assert app.answer is NOTHING


async def test_a_key_means_the_one_of_its_two_actions_that_is_possible(place: Workplace, clock: ManualClock) -> None:
    assert await chosen(place, clock, None, "w") is PersonAction.WELCOME
    assert await chosen(place, clock, IdentityState.PENDING, "w") is PersonAction.RESEND_WELCOME
    assert await chosen(place, clock, IdentityState.ACTIVE, "d") is PersonAction.DEACTIVATE
    assert await chosen(place, clock, IdentityState.DEACTIVATED, "d") is PersonAction.REACTIVATE


@pytest.mark.parametrize(
    ("state", "shown", "left_out"),
    [
        (None, "w  Create account and send welcome", "Send the welcome mail again"),
        (IdentityState.PENDING, "w  Send the welcome mail again", "Create account"),
        (IdentityState.ACTIVE, "d  Deactivate the account", "Reactivate the account"),
        (IdentityState.DEACTIVATED, "d  Reactivate the account", "Deactivate the account"),
    ],
)
async def test_of_two_actions_with_one_key_only_the_one_that_applies_has_a_line(
    place: Workplace, clock: ManualClock, state: IdentityState | None, shown: str, left_out: str
) -> None:
    dialog = menu(clock, state)
    app = Stage(place, dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: shown in screen_text(pilot))
        assert left_out not in screen_text(pilot)


@pytest.mark.parametrize("size", [(80, 24), (80, 20), (120, 40)])
async def test_the_reason_of_the_line_under_the_cursor_stands_whole(
    place: Workplace, clock: ManualClock, size: tuple[int, int]
) -> None:
    dialog = menu(clock, IdentityState.ACTIVE)
    app = Stage(place, dialog)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.screen is dialog)
        await pilot.press("w")
        await until(pilot, lambda: "If the person cannot get in, send a reset." in words_of(pilot))
        assert "w Send the welcome mail again not possible now" in words_of(pilot)
        assert "…" not in screen_text(pilot)


async def test_enter_takes_the_line_under_the_cursor_and_escape_none(place: Workplace, clock: ManualClock) -> None:
    assert await chosen(place, clock, IdentityState.ACTIVE, "enter") is PersonAction.PROPERTIES
    assert await chosen(place, clock, IdentityState.ACTIVE, "escape") is None


async def test_a_wait_is_counted_down_and_ends_in_an_offer(place: Workplace, clock: ManualClock) -> None:
    shown = menu(clock, IdentityState.ACTIVE, wait=100)
    app = Stage(place, shown)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "possible in 1:40" in screen_text(pilot))
        await pilot.press("r")
        assert app.answer is NOTHING
        clock.advance(seconds=30)
        await until(pilot, lambda: "possible in 1:10" in screen_text(pilot))
        clock.advance(seconds=70)
        await until(pilot, lambda: "possible in" not in screen_text(pilot))
        await pilot.press("r")
        assert app.answer is PersonAction.RESET


async def test_hostile_names_stay_text_in_the_menu(place: Workplace, clock: ManualClock) -> None:
    shown = ClientActions(HOSTILE, HOSTILE, None, offers_for(None, None), clock)
    app = Stage(place, shown)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen is shown)
        assert is_harmless(pilot)


def reset(state: IdentityState, wait: int = 0, name: str = "Brent Thomas") -> ClientReset:
    """The dialog for an account in this state."""
    return ClientReset(name, ADDRESS, state, "one hour", wait)


async def reason(place: Workplace, shown: ClientReset, *keys: str) -> object:
    """What the dialog answers after these keys."""
    return await answer_of(place, shown, *keys)


async def test_enter_sends_for_the_reason_that_fits_the_account(place: Workplace) -> None:
    assert await reason(place, reset(IdentityState.ACTIVE), "enter") is ResetReason.FORGOTTEN
    assert await reason(place, reset(IdentityState.PENDING), "enter") is ResetReason.LOST_WELCOME


async def test_each_reason_has_a_letter(place: Workplace) -> None:
    assert await reason(place, reset(IdentityState.ACTIVE), "l") is ResetReason.LOST_WELCOME
    assert await reason(place, reset(IdentityState.ACTIVE), "w") is ResetReason.WRONG_EMAIL
    assert await reason(place, reset(IdentityState.ACTIVE), "f") is ResetReason.FORGOTTEN
    assert await reason(place, reset(IdentityState.ACTIVE), "escape") is None


async def test_it_says_which_mail_goes_where_and_for_how_long(place: Workplace) -> None:
    shown = reset(IdentityState.ACTIVE)
    app = Stage(place, shown)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: f"A reset mail goes to {ADDRESS}." in screen_text(pilot))
        assert "It works for one hour." in screen_text(pilot)
        await pilot.press("end")
        await until(pilot, lambda: f"First corrects {ADDRESS}," in screen_text(pilot))


async def test_during_a_wait_only_another_address_may_be_written_to(place: Workplace) -> None:
    shown = reset(IdentityState.ACTIVE, wait=200)
    app = Stage(place, shown)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "may go in" in screen_text(pilot))
        assert shown.query_one(Countdown).running
        await pilot.press("enter")
        assert app.answer is NOTHING
        await pilot.press("w")
        assert app.answer is ResetReason.WRONG_EMAIL


async def test_hostile_names_stay_text_in_the_reset(place: Workplace) -> None:
    shown = reset(IdentityState.ACTIVE, name=HOSTILE)
    app = Stage(place, shown)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen is shown)
        assert is_harmless(pilot)
