"""The Mail tab: every mail with what became of it, and its text where staff may see it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.client import Client
from models.identity import OneTimeToken
from models.outbox import OutboxMessage
from models.states import MailState, TokenState
from screens.dialogs.state_filter import StateFilter
from screens.mail.mail import MailTable
from screens.mail.message import MailMessage, MailText
from screens.widgets.key_line import KeyLine
from screens.workplace import Workplace
from services import person_key
from services.desk import Desk
from services.mail.delivery import Delivery
from services.settings import MailSettings
from tests import making
from tests.screens.desk_stage import SMALL, WIDE, DeskStage
from tests.screens.hostile import HOSTILE, is_harmless
from tests.settling import screen_text, until, until_screen


@pytest.fixture
def stage(place: Workplace, desk: Desk) -> DeskStage:
    """The desk of an agency without clients."""
    return DeskStage(place, desk)


def welcome(stage: DeskStage, *names: str) -> None:
    """Clients with these names, each with a welcome mail that waits."""
    for client_id in stage.add(*names):
        stage.desk.accounts.create_and_welcome(stage.ray.admin, person_key.client(client_id))


def put(stage: DeskStage, name: str, **columns: object) -> None:
    """What became of the mail to this person."""
    with stage.desk.ctx.unit():
        OutboxMessage.update(**columns).where(OutboxMessage.to_name == name).execute()


async def test_an_empty_mailbox_says_what_will_come(stage: DeskStage) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 0)
        await pilot.press("4")
        await until(pilot, lambda: "No mail has been written yet." in screen_text(pilot))


async def test_each_mail_stands_with_its_state_and_the_words_of_the_server(stage: DeskStage) -> None:
    welcome(stage, "Anna Adams", "Brent Thomas")
    put(stage, "Anna Adams", state=MailState.DEFERRED, reply_code=450, reply_text="try again later")
    async with stage.app.run_test(size=WIDE) as pilot:
        await stage.ready(pilot, 2)
        await pilot.press("4")
        await until(pilot, lambda: "450 try again later" in screen_text(pilot))
        assert "Brent Thomas <brent.thomas@" in screen_text(pilot)
        assert "○ queued" in screen_text(pilot)


async def test_the_list_is_searched_and_filtered(stage: DeskStage) -> None:
    welcome(stage, "Anna Adams", "Brent Thomas")
    put(stage, "Anna Adams", state=MailState.SENT)
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 2)
        await pilot.press("4")
        await until(pilot, lambda: stage.main.mail.table.count == 2)
        await pilot.press("f")
        await until_screen(pilot, StateFilter)
        await pilot.press("down", "enter")
        await until(pilot, lambda: stage.main.mail.table.count == 1)
        await until(pilot, lambda: "Show queued ▾" in screen_text(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: stage.main.mail.table.count == 2)
        await pilot.press("slash", "a", "n", "n", "a")
        await until(pilot, lambda: stage.main.mail.table.count == 1)
        await until(pilot, lambda: "Brent Thomas" not in screen_text(pilot))
        await pilot.press("x")
        await until(pilot, lambda: "No mail matches." in screen_text(pilot))


async def test_new_mail_appears_while_one_looks(stage: DeskStage) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 0)
        await pilot.press("4")
        await until(pilot, lambda: stage.main.mail.table.count == 0)
        welcome(stage, "Anna Adams")
        stage.main.look()
        await until(pilot, lambda: "Anna Adams" in screen_text(pilot))


async def test_looking_again_shows_what_became_of_a_mail(stage: DeskStage) -> None:
    welcome(stage, "Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("4")
        await until(pilot, lambda: "○ queued" in screen_text(pilot))
        put(stage, "Anna Adams", state=MailState.SENT, accepted_at=stage.desk.ctx.clock.now())
        stage.main.look()
        await until(pilot, lambda: "● sent" in screen_text(pilot))


async def test_without_a_server_link_and_code_can_be_read_and_copied(stage: DeskStage) -> None:
    welcome(stage, "Anna Adams")
    with stage.desk.ctx.read():
        anna = Client.get()
    secrets = making.sent_secrets(stage.desk.ctx, making.identity_of(stage.desk.ctx, anna))
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("4")
        await until(pilot, lambda: stage.main.mail.table.count == 1)
        await pilot.press("enter")
        message = await until_screen(pilot, MailMessage)
        await until(pilot, lambda: isinstance(message.focused, MailText))
        assert "Anna Adams <anna.adams@example.com>" in screen_text(pilot)
        assert "○ queued" in screen_text(pilot)
        await until(pilot, lambda: "Copy code" in screen_text(pilot))
        await pilot.press("l")
        assert stage.app.copied == secrets.link
        await pilot.press("c")
        assert stage.app.copied == secrets.code
        assert stage.app.told == [
            "The link was sent to your terminal's clipboard.",
            "The code was sent to your terminal's clipboard.",
        ]
        await pilot.press("end")
        await until(pilot, lambda: "Sincerely," in screen_text(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(stage.main.focused, MailTable))


async def test_a_mail_that_was_used_offers_nothing_to_hand_over(stage: DeskStage) -> None:
    welcome(stage, "Anna Adams")
    with stage.desk.ctx.unit():
        OneTimeToken.update(state=TokenState.USED).execute()
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("4")
        await until(pilot, lambda: stage.main.mail.table.count == 1)
        await pilot.press("enter")
        await until_screen(pilot, MailMessage)
        await until(pilot, lambda: "no longer work" in screen_text(pilot))
        await pilot.press("l", "c")
        assert stage.app.copied == ""
        assert "Copy" not in screen_text(pilot)


async def test_the_state_stands_whole_at_80_columns(stage: DeskStage) -> None:
    welcome(stage, "Anna Adams")
    Delivery(stage.desk.ctx).run_once()
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("4")
        await until(pilot, lambda: "● sent: built-in mailbox" in screen_text(pilot))


async def test_with_a_server_the_secrets_are_hidden_and_cannot_be_copied(desk: Desk) -> None:
    settings = replace(desk.ctx.settings, mail=MailSettings(host="mail.example.com"))
    place = Workplace(Desk(replace(desk.ctx, settings=settings)), making.HERE)
    stage = DeskStage(place, place.desk)
    welcome(stage, "Anna Adams")
    with stage.desk.ctx.read():
        anna = Client.get()
    secrets = making.sent_secrets(stage.desk.ctx, making.identity_of(stage.desk.ctx, anna))
    async with stage.app.run_test(size=WIDE) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("4")
        await until(pilot, lambda: stage.main.mail.table.count == 1)
        await pilot.press("enter")
        await until_screen(pilot, MailMessage)
        await until(pilot, lambda: "Link and code are hidden" in screen_text(pilot))
        assert secrets.token not in screen_text(pilot)
        assert secrets.code not in screen_text(pilot)
        await pilot.press("l", "c")
        assert stage.app.copied == ""
        assert "Copy link" not in screen_text(pilot)
    place.close()


async def test_hostile_names_and_server_words_stay_text(stage: DeskStage) -> None:
    name = HOSTILE.replace("\x1b", "").replace("\x07", "")[:80]
    welcome(stage, "Anna Adams")
    put(stage, "Anna Adams", to_name=name, state=MailState.FAILED, reply_code=550, reply_text=HOSTILE)
    async with stage.app.run_test(size=WIDE) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("4")
        await until(pilot, lambda: stage.main.mail.table.count == 1)
        assert is_harmless(pilot)
        await pilot.press("enter")
        await until_screen(pilot, MailMessage)
        assert is_harmless(pilot)


@pytest.mark.parametrize("size", [SMALL, WIDE, (60, 18)])
async def test_a_mail_can_be_read_at_every_size(stage: DeskStage, size: tuple[int, int]) -> None:
    welcome(stage, "Anna Adams")
    async with stage.app.run_test(size=size) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("4")
        await until(pilot, lambda: stage.main.mail.table.count == 1)
        await pilot.press("enter")
        message = await until_screen(pilot, MailMessage)
        await until(pilot, lambda: message.query_one(MailText).size.height >= 4)
        assert not message.query_one(KeyLine).hidden
