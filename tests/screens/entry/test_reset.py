"""Forgot password from the mail on: step by step, nothing lost on the way back, and told why not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from models.agency import Agency
from models.client import Client
from models.identity import Identity
from models.states import MailPurpose
from screens.dialogs.confirm import Confirm
from screens.dialogs.problem import Problem
from screens.entry.arrived import Arrived
from screens.entry.link_or_code import LinkOrCode
from screens.entry.reset import ConfirmReset, ResetByOneMail
from screens.entry.undo_email import UndoEmail
from screens.widgets.countdown import Countdown
from screens.widgets.field import Field
from screens.wizard.wizard import Wizard
from screens.workplace import Workplace
from services import email_change
from services.clock import ManualClock
from services.context import Context
from services.rules import clean_email
from tests import enrolling, making, recovering
from tests.making import HERE, MadeAgency
from tests.recovering import NEW, USER
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.screen_time import ScreenTime
from tests.screens.stage import Stage
from tests.settling import screen_text, until, until_screen

RIGHT = ("Elm Street", "Hillside", "Rex")


@pytest.fixture
def ctx(ctx: Context) -> Context:
    """There is a mail server."""
    return making.with_mail_server(ctx)


@pytest.fixture
def made(place: Workplace) -> MadeAgency:
    """An agency with two mails."""
    return making.make_agency(place.desk, reset_mails=2)


@pytest.fixture
def brent(place: Workplace, made: MadeAgency, clock: ManualClock) -> Identity:
    """A client with questions, six minutes after the last mail."""
    identity = making.give_account(place.desk, made.admin, making.make_client(place.desk, made.agency))
    recovering.answer(place.desk.ctx, identity)
    clock.advance(minutes=6)
    return identity


@asynccontextmanager
async def opened(place: Workplace, link: str, kind: type[Any]) -> AsyncIterator[tuple[Pilot[Any], Stage, Any]]:
    """What a link leads to."""
    app = Stage(place, LinkOrCode(place))
    async with app.run_test(size=(80, 24)) as pilot:
        form = await until_screen(pilot, LinkOrCode)
        form.secret.value = link
        await pilot.press("f2")
        yield pilot, app, await until_screen(pilot, kind)


def shown(pilot: Pilot[Any]) -> str:
    """The screen's words, whatever lines they are broken into."""
    return " ".join(screen_text(pilot).replace("│", " ").split())


async def answer(pilot: Pilot[Any], wizard: Wizard[Any, Any], *words: str) -> None:
    """Type the answers and go on."""
    for number, text in enumerate(words, 1):
        wizard.query_one(f"#answer{number}", Field).value = text
    await pilot.pause()
    await pilot.press("f2")


async def test_each_step_is_asked_wrong_tries_wait_and_nothing_typed_is_lost(
    place: Workplace, brent: Identity, monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    time = ScreenTime().govern(monkeypatch)
    ctx = place.desk.ctx
    app_of_brent = enrolling.enrol(ctx, brent.id)
    link = recovering.asked(place.desk, ctx, brent).link
    async with opened(place, link, ConfirmReset) as (pilot, app, wizard):
        assert "Confirm Step 1 of 3" in shown(pilot)
        assert f"User name {USER}" in shown(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: "Step 2 of 3" in shown(pilot))
        await answer(pilot, wizard, *RIGHT[:2], "Max")
        await until(pilot, lambda: "Next try in 0:01" in shown(pilot))
        assert "These answers are not right." in shown(pilot)
        time.now += 1
        clock.advance(seconds=1)
        await until(pilot, lambda: not wizard.query(Countdown)[1].running)
        await answer(pilot, wizard, *RIGHT)
        await until(pilot, lambda: "Step 3 of 3" in shown(pilot))
        await pilot.press("f3")
        await until(pilot, lambda: "Step 2 of 3" in shown(pilot))
        assert wizard.query_one("#answer3", Field).value == "Rex"
        await pilot.press("f2")
        await until(pilot, lambda: "Step 3 of 3" in shown(pilot))
        code = wizard.query_one("#code", Field)
        code.value = "000000"
        await pilot.press("f2")
        await until(pilot, lambda: "This code is not right" in shown(pilot))
        assert code.value == ""
        code.value = app_of_brent.code(clock.now()).reveal()
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.answer, Arrived))
        assert f"A temporary password is on its way to {USER}." in app.answer.words
    assert len(making.mails(ctx, brent, MailPurpose.TEMPORARY)) == 1


async def test_by_one_mail_the_password_is_set_at_the_end(place: Workplace, made: MadeAgency, brent: Identity) -> None:
    ctx = place.desk.ctx
    with ctx.unit():
        Agency.update(adjustments=json.dumps({"reset_mails": 1})).execute()
    async with opened(place, recovering.asked(place.desk, ctx, brent).link, ResetByOneMail) as (pilot, app, wizard):
        await answer(pilot, wizard, *RIGHT)
        await until(pilot, lambda: "Step 2 of 2" in shown(pilot))
        for name in ("password", "confirm"):
            wizard.query_one(f"#{name}", Field).value = NEW.reveal()
        await pilot.pause()
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.answer, Arrived))
        assert app.answer.words == "Your password has been set."
    assert place.desk.sign_in.sign_in("RAY-919", USER, NEW, HERE)


async def test_a_link_that_ends_meanwhile_is_told_and_leads_back_to_where_a_fresh_one_can_be_had(
    place: Workplace, brent: Identity, clock: ManualClock
) -> None:
    ctx = place.desk.ctx
    async with opened(place, recovering.asked(place.desk, ctx, brent).link, ConfirmReset) as (pilot, app, wizard):
        await pilot.press("f2")
        await until(pilot, lambda: "Step 2 of 2" in shown(pilot))
        clock.advance(minutes=5)
        recovering.ask(place.desk)
        await answer(pilot, wizard, *RIGHT)
        await until_screen(pilot, Problem)
        assert "A newer mail was sent" in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LinkOrCode))


async def test_hostile_names_are_mere_text_and_all_fits_on_80x24(place: Workplace, brent: Identity) -> None:
    ctx = place.desk.ctx
    enrolling.enrol(ctx, brent.id)
    with ctx.unit():
        Agency.update(name=HOSTILE[:60]).execute()
        Identity.update(name=HOSTILE[:60]).where(Identity.id == brent.id).execute()
    async with opened(place, recovering.asked(place.desk, ctx, brent).link, ConfirmReset) as (pilot, _, wizard):
        await pilot.pause()
        assert is_harmless(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: "Step 2 of 3" in shown(pilot))
        await answer(pilot, wizard, "a", "b", "c")
        await until(pilot, lambda: "not right" in shown(pilot))
        assert wizard.form.max_scroll_y == 0


@pytest.fixture
def undo_link(place: Workplace, made: MadeAgency, brent: Identity) -> str:
    """Brent's address was changed; the link that the old one was sent."""
    ctx = place.desk.ctx
    new = clean_email("brent.thomas@example.ca")
    with ctx.unit():
        client = Client.get(Client.identity == brent.id)
        Client.update(email=new.address, email_key=new.key).where(Client.id == client.id).execute()
        email_change.email_changed(ctx, made.admin, client, new)
    return making.sent_secrets(ctx, brent).link


async def test_the_old_address_sees_the_change_undoes_it_and_is_led_to_a_new_password(
    place: Workplace, brent: Identity, undo_link: str
) -> None:
    async with opened(place, undo_link, UndoEmail) as (pilot, app, _):
        for words in (f"From {USER}", "To b••••@example.ca", "By Sue Wright"):
            assert words in shown(pilot)
        await pilot.press("enter")
        await until_screen(pilot, Confirm)
        assert "Does somebody else perhaps know your password?" in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.answer, Arrived))
        assert app.answer == Arrived("RAY-919", USER, f"Your user name is {USER} again.", forgot=True)


async def test_what_was_undone_already_says_so_and_offers_no_fresh_mail(
    place: Workplace, brent: Identity, undo_link: str
) -> None:
    place.desk.email_undo.undo(undo_link, "", HERE)
    async with opened(place, undo_link, Problem) as (pilot, app, _):
        assert "The change has been undone with this link or code already" in shown(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LinkOrCode))
