"""What the keys of the Clients tab do with an account and a client, and how a refusal is told."""

from __future__ import annotations

import json
from threading import Event
from typing import Any

import pytest

from models.agency import Agency
from models.client import Client
from models.staff import StaffMember
from models.states import Access, IdentityState, MailState
from screens.clients.edit import ClientEdit
from screens.desk import DeskMain
from screens.dialogs.ask_line import AskReason
from screens.dialogs.confirm import Confirm
from screens.dialogs.email_change import EmailChange
from screens.dialogs.notice import Notice
from screens.dialogs.problem import Problem
from screens.dialogs.send_mail import SendMail
from screens.dialogs.show_address import ShowAddress
from screens.staff.edit import StaffEdit
from screens.widgets.field import Field
from services import person_key
from services.clock import ManualClock
from tests import making
from tests.screens.desk_stage import SMALL, DeskStage
from tests.settling import screen_text, until, until_screen


async def test_n_adds_a_client_and_goes_there_whatever_was_searched_for(stage: DeskStage) -> None:
    stage.add("Anna Adams", "Brent Thomas")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 2)
        await pilot.press("slash", "b")
        await stage.ready(pilot, 1)
        await pilot.press("enter", "n")
        form = await until_screen(pilot, ClientEdit)
        for name, value in {"first_name": "Cindy", "last_name": "Baxter", "email": "cindy@example.com"}.items():
            form.query_one(f"#{name}", Field).value = value
        await pilot.press("f2")
        await stage.ready(pilot, 3)
        await until(pilot, lambda: stage.shown == "Cindy Baxter")
        assert stage.clients.search.words == ""
        assert stage.app.told == ["Cindy Baxter has been added."]
        await until(pilot, lambda: "Clients 3" in screen_text(pilot))


async def test_a_saved_edit_shows_in_the_row(stage: DeskStage) -> None:
    stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("e")
        form = await until_screen(pilot, ClientEdit)
        form.query_one("#first_name", Field).value = "Hanna"
        await pilot.press("f2")
        await stage.ready(pilot)
        await until(pilot, lambda: stage.shown == "Hanna Adams")
        assert stage.app.told == ["Hanna Adams has been saved."]


async def test_phone_numbers_stand_in_the_forms_as_the_agency_writes_them(stage: DeskStage) -> None:
    [anna] = stage.add("Anna Adams")
    with stage.desk.ctx.unit():
        Agency.update(adjustments=json.dumps({"factor": "nobody", "writing": "fr-CA"})).execute()
        Client.update(phone="+15195550168").where(Client.id == anna).execute()
        StaffMember.update(cell="+15195550177").execute()
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        for form, tab, name, number in ((ClientEdit, "1", "phone", "168"), (StaffEdit, "2", "cell", "177")):
            await pilot.press(tab, "e")
            field = (await until_screen(pilot, form)).query_one(f"#{name}", Field)
            assert field.value == f"519 555-0{number}"
            assert "519 555-0143, or with +" in screen_text(pilot)
            # Nothing was typed, so nothing is asked.
            await pilot.press("escape")
            await until_screen(pilot, DeskMain)


async def test_what_mends_an_address_that_mail_does_not_reach_begins_at_the_address(stage: DeskStage) -> None:
    [anna] = stage.add("Anna Adams")
    making.give_account(stage.desk, stage.ray.admin, stage.client(anna), password=None)
    with stage.desk.ctx.unit():
        Client.update(access=Access.UNDELIVERABLE).execute()
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("y")
        await until(pilot, lambda: "corrects the e-mail address" in screen_text(pilot))
        await pilot.press("enter")
        form = await until_screen(pilot, ClientEdit)
        await until(pilot, lambda: form.query_one("#email", Field).has_focus_within)


async def test_a_changed_address_is_said_plainly(stage: DeskStage) -> None:
    stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("e")
        form = await until_screen(pilot, ClientEdit)
        form.query_one("#email", Field).value = "hanna@example.com"
        await pilot.press("f2")
        await until_screen(pilot, EmailChange)
        await pilot.press("enter")
        await until_screen(pilot, Notice)
        await until(pilot, lambda: "The e-mail address has been changed to" in screen_text(pilot))
        await pilot.press("enter")
        await stage.ready(pilot)


@pytest.mark.slow
async def test_w_creates_the_account_and_then_sends_its_mail_again(stage: DeskStage, clock: ManualClock) -> None:
    [anna] = stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("w")
        await until_screen(pilot, SendMail)
        await until(pilot, lambda: "Create an account for Anna Adams?" in screen_text(pilot))
        await pilot.press("enter")
        await stage.ready(pilot)
        assert stage.client(anna).access == Access.PENDING
        await until(pilot, lambda: "◐ not activated" in screen_text(pilot))
        await pilot.press("w")
        await until_screen(pilot, SendMail)
        await until(pilot, lambda: "may go in" in screen_text(pilot))
        await pilot.press("enter")
        await stage.ready(pilot)
        clock.advance(minutes=6)
        await pilot.press("w")
        await until_screen(pilot, SendMail)
        await pilot.press("enter")
        await stage.ready(pilot)
    mails = making.mails(stage.desk.ctx, making.identity_of(stage.desk.ctx, stage.client(anna)))
    assert [mail.state for mail in mails] == [MailState.SUPERSEDED, MailState.QUEUED]


async def test_deactivating_asks_why_and_asks_to_be_sure(stage: DeskStage) -> None:
    [anna] = stage.add("Anna Adams")
    making.give_account(stage.desk, stage.ray.admin, stage.client(anna))
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("d")
        await until_screen(pilot, AskReason)
        await pilot.press("enter")
        assert isinstance(stage.app.screen, AskReason)
        await pilot.press("l", "e", "f", "t", "enter")
        await until_screen(pilot, Confirm)
        await pilot.press("enter")
        await stage.ready(pilot)
        assert stage.client(anna).access == Access.ACTIVE
        await pilot.press("d")
        await until_screen(pilot, AskReason)
        await pilot.press("l", "e", "f", "t", "enter")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await stage.ready(pilot)
        await until(pilot, lambda: "deactivated" in screen_text(pilot))
    identity = making.identity_of(stage.desk.ctx, stage.client(anna))
    assert (identity.state, identity.state_reason) == (IdentityState.DEACTIVATED, "left")


@pytest.mark.slow
async def test_reactivating_asks_the_same(stage: DeskStage) -> None:
    [anna] = stage.add("Anna Adams")
    making.give_account(stage.desk, stage.ray.admin, stage.client(anna))
    stage.desk.accounts.deactivate(stage.ray.admin, person_key.client(anna), "left")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("d")
        await until_screen(pilot, AskReason)
        await until(pilot, lambda: "Why is Anna Adams reactivated?" in screen_text(pilot))
        await pilot.press("b", "a", "c", "k", "enter")
        await until_screen(pilot, Confirm)
        await pilot.press("enter")
        await stage.ready(pilot)
    assert making.identity_of(stage.desk.ctx, stage.client(anna)).state is IdentityState.ACTIVE


@pytest.mark.slow
async def test_a_reason_that_the_service_refuses_can_be_mended(stage: DeskStage) -> None:
    [anna] = stage.add("Anna Adams")
    making.give_account(stage.desk, stage.ray.admin, stage.client(anna))
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("d")
        asking = await until_screen(pilot, AskReason)
        asking.query_one(Field).value = "x" * 500
        await pilot.press("enter")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        again = await until_screen(pilot, AskReason)
        assert again.query_one(Field).value == "x" * 500
        assert again.query_one(Field).problem


async def test_a_shows_the_address_of_the_reset_page(stage: DeskStage) -> None:
    [anna] = stage.add("Anna Adams")
    making.give_account(stage.desk, stage.ray.admin, stage.client(anna))
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("a")
        await until_screen(pilot, ShowAddress)
        assert stage.desk.accounts.reset_page_address(stage.ray.admin) in screen_text(pilot)


async def test_what_is_refused_gives_the_reason(stage: DeskStage) -> None:
    stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("d")
        await until_screen(pilot, Problem)
        await until(pilot, lambda: "There is no account" in screen_text(pilot))


async def test_a_client_who_is_gone_is_said_to_be_gone(stage: DeskStage) -> None:
    [anna] = stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        with stage.desk.ctx.unit():
            Client.delete().where(Client.id == anna).execute()
        await pilot.press("e")
        await until_screen(pilot, Problem)
        await pilot.press("enter")
        await stage.ready(pilot, 0)


async def test_a_change_that_takes_its_time_is_seen_to_be_under_way(
    stage: DeskStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.add("Anna Adams")
    goes_on = Event()
    create = stage.desk.accounts.create_and_welcome

    def slowly(*args: Any) -> None:
        goes_on.wait(20)
        create(*args)

    monkeypatch.setattr(stage.desk.accounts, "create_and_welcome", slowly)
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("w")
        await until_screen(pilot, SendMail)
        await pilot.press("enter")
        await until(pilot, lambda: "saving …" in screen_text(pilot))
        await pilot.press("down", "e", "r")
        assert stage.app.screen is stage.main
        goes_on.set()
        await stage.ready(pilot)
        await until(pilot, lambda: "saving …" not in screen_text(pilot))
        assert stage.app.told


async def test_a_key_pressed_twice_does_the_task_once(stage: DeskStage) -> None:
    stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        stage.clients.action_task("welcome")
        stage.clients.action_task("welcome")
        await until_screen(pilot, SendMail)
        await pilot.press("escape")
        await stage.ready(pilot)
        await pilot.pause()
        assert stage.app.screen is stage.main
