"""Resets from the Clients tab: two keys, what stands in their way, and a wrong address corrected first."""

from __future__ import annotations

import pytest

from models.states import MailPurpose
from screens.clients.edit import ClientEdit
from screens.clients.reset import ClientReset
from screens.dialogs.email_change import EmailChange
from screens.dialogs.notice import Notice
from screens.dialogs.send_mail import SendMail
from screens.widgets.field import Field
from services import person_key
from services.clock import ManualClock
from tests import making
from tests.screens.desk_stage import SMALL, DeskStage
from tests.settling import screen_text, until, until_screen


async def test_two_keys_send_a_reset(stage: DeskStage, clock: ManualClock) -> None:
    [anna] = stage.add("Anna Adams")
    identity = making.give_account(stage.desk, stage.ray.admin, stage.client(anna))
    clock.advance(minutes=6)
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("r")
        await until_screen(pilot, ClientReset)
        await until(pilot, lambda: "A reset mail goes to anna.adams@example.com." in screen_text(pilot))
        await pilot.press("enter")
        await stage.ready(pilot)
        assert stage.app.told == ["A reset mail for Anna Adams is on its way to anna.adams@example.com."]
    assert len(making.mails(stage.desk.ctx, identity, MailPurpose.RESET)) == 1


async def test_a_second_reset_too_soon_counts_down(stage: DeskStage, clock: ManualClock) -> None:
    [anna] = stage.add("Anna Adams")
    identity = making.give_account(stage.desk, stage.ray.admin, stage.client(anna))
    clock.advance(minutes=6)
    making.send_reset(stage.desk, stage.ray.admin, stage.client(anna))
    clock.advance(minutes=1)
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("r")
        await until_screen(pilot, ClientReset)
        await until(pilot, lambda: "may go in" in screen_text(pilot))
        await pilot.press("enter")
        assert isinstance(stage.app.screen, ClientReset)
        await pilot.press("escape")
        await stage.ready(pilot)
    assert len(making.mails(stage.desk.ctx, identity, MailPurpose.RESET)) == 1


@pytest.mark.slow
async def test_somebody_else_who_was_faster_turns_the_reset_into_a_countdown(
    stage: DeskStage, clock: ManualClock
) -> None:
    [anna] = stage.add("Anna Adams")
    making.give_account(stage.desk, stage.ray.admin, stage.client(anna))
    clock.advance(minutes=6)
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("r")
        first = await until_screen(pilot, ClientReset)
        making.send_reset(stage.desk, stage.ray.admin, stage.client(anna))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(stage.app.screen, ClientReset) and stage.app.screen is not first)
        await until(pilot, lambda: "may go in" in screen_text(pilot))


@pytest.mark.slow
async def test_a_wrong_address_is_corrected_first_and_the_reset_goes_to_the_new_one(
    stage: DeskStage, clock: ManualClock
) -> None:
    [anna] = stage.add("Anna Adams")
    identity = making.give_account(stage.desk, stage.ray.admin, stage.client(anna))
    making.verified(stage.desk, stage.ray.admin, person_key.client(anna))
    clock.advance(minutes=6)
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("r")
        await until_screen(pilot, ClientReset)
        await pilot.press("w")
        form = await until_screen(pilot, ClientEdit)
        email = form.query_one("#email", Field)
        await until(pilot, lambda: email.input.has_focus)
        email.value = "hanna@example.com"
        await pilot.press("f2")
        await until_screen(pilot, EmailChange)
        await pilot.press("enter")
        await until_screen(pilot, Notice)
        text = " ".join(screen_text(pilot).replace("│", " ").split())
        assert "The e-mail address has been changed to hanna@example.com." in text
        assert "A reset mail for Anna Adams is on its way to hanna@example.com." in text
        await pilot.press("enter")
        await stage.ready(pilot)
    [reset] = making.mails(stage.desk.ctx, identity, MailPurpose.RESET)
    assert reset.to_address == "hanna@example.com"


@pytest.mark.slow
async def test_a_correction_that_is_left_sends_nothing(stage: DeskStage, clock: ManualClock) -> None:
    [anna] = stage.add("Anna Adams")
    identity = making.give_account(stage.desk, stage.ray.admin, stage.client(anna))
    clock.advance(minutes=6)
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("r")
        await until_screen(pilot, ClientReset)
        await pilot.press("w")
        await until_screen(pilot, ClientEdit)
        await pilot.press("escape")
        await stage.ready(pilot)
    assert making.mails(stage.desk.ctx, identity, MailPurpose.RESET) == []


async def test_for_somebody_without_an_account_a_reset_offers_to_create_one(stage: DeskStage) -> None:
    stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("r")
        await until_screen(pilot, SendMail)
        await until(pilot, lambda: "Create an account for Anna Adams?" in screen_text(pilot))
