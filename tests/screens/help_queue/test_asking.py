"""Getting help, seen by whoever asks: the form, the wait, the chat and its end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from models.help_queue import HelpRequest
from screens.client_home import ClientHome
from screens.dialogs.confirm import Confirm
from screens.entry.sign_in import SignIn
from screens.help_queue.asking import AskedChat, GetHelp
from screens.widgets.field import Field
from screens.workplace import Workplace
from services.actor import Actor
from services.errors import Unavailable
from services.help_queue.values import Ticket
from tests import making
from tests.making import PASSWORD, MadeAgency
from tests.screens.stage import Stage
from tests.settling import screen_text, until, until_screen

SMALL = (80, 24)
BRENT = "brent@mortgageclient.example.com"


@pytest.fixture
def made(place: Workplace) -> MadeAgency:
    """An agency with its administrator."""
    return making.make_agency(place.desk)


@pytest.fixture
def agent(place: Workplace, made: MadeAgency) -> Actor:
    """Who answers."""
    return making.make_staff(place.desk, made.agency, "eve@raystaging.example.com", first="Eve")


@pytest.fixture
def ticket(place: Workplace, made: MadeAgency) -> Ticket:
    """Of somebody who has asked at the sign-in form."""
    return place.desk.help_asking.ask(place.origin, "Nora Newcomer", "Lost phone")


@asynccontextmanager
async def chat(place: Workplace, ticket: Ticket) -> AsyncIterator[tuple[Pilot[Any], Stage]]:
    """The chat, looked at once."""
    app = Stage(place, AskedChat(place, ticket))
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "You are next" in screen_text(pilot))
        yield pilot, app


async def test_at_the_sign_in_form_help_is_a_key_away_and_the_company_code_goes_along(
    place: Workplace, made: MadeAgency, agent: Actor
) -> None:
    app = Stage(place, SignIn(place))
    async with app.run_test(size=SMALL) as pilot:
        await until_screen(pilot, SignIn)
        await pilot.press(*"RAY-919", "f6")
        form = await until_screen(pilot, GetHelp)
        assert form.query_one("#company_code", Field).value == "RAY-919"
        await pilot.press(*"Nora", "tab", "left", "tab", *"the door", "f2")
        await until_screen(pilot, AskedChat)
        await until(pilot, lambda: "Your request is with the agents. You are next." in screen_text(pilot))
    with place.desk.ctx.read():
        [request] = HelpRequest.select()
    assert (request.name, request.topic, request.agency_id) == ("Nora", "the door", made.agency.id)


async def test_who_is_signed_in_need_not_say_who_they_are(place: Workplace, made: MadeAgency) -> None:
    making.give_account(place.desk, made.admin, making.make_client(place.desk, made.agency))
    brent = place.desk.sign_in.sign_in("RAY-919", BRENT, PASSWORD, place.origin)
    app = Stage(place, ClientHome(place, brent))
    async with app.run_test(size=SMALL) as pilot:
        await until_screen(pilot, ClientHome)
        await pilot.press("h")
        form = await until_screen(pilot, GetHelp)
        assert form.query_one("#name", Field).value == "Brent Thomas"
        assert not form.query("#company_code")
        await pilot.press("f2")
        await until_screen(pilot, AskedChat)
    with place.desk.ctx.read():
        [request] = HelpRequest.select()
    assert (request.identity_id, request.topic) == (brent.identity_id, "Forgotten password")


async def test_both_hear_each_other_and_a_closed_chat_can_only_be_left(
    place: Workplace, ticket: Ticket, agent: Actor
) -> None:
    queue, number = place.desk.help_queue, ticket.request_id
    async with chat(place, ticket) as (pilot, app):
        await pilot.press(*"Hello", "enter")
        await until(pilot, lambda: "You  " in screen_text(pilot))
        queue.take(agent, number)
        queue.say(agent, number, "Good morning, Nora.")
        await until(pilot, lambda: "● Good morning, Nora." in screen_text(pilot))
        assert "Eve is helping you." in screen_text(pilot)
        assert [line.words for line in queue.chat(agent, number).lines if line.name == "Nora Newcomer"] == ["Hello"]
        queue.close(agent, number, "All is well.")
        await until(pilot, lambda: "has closed" in screen_text(pilot) or "is closed" in screen_text(pilot))
        await until(pilot, lambda: not app.screen.query_one(Field).display)
        await pilot.press("enter")
        await until(pilot, lambda: app.answer is None)


async def test_a_line_that_is_too_long_stays_and_is_told_beside_the_field(place: Workplace, ticket: Ticket) -> None:
    async with chat(place, ticket) as (pilot, app):
        field = app.screen.query_one(Field)
        field.value = "w" * 10_000
        await pilot.press("enter")
        await until(pilot, lambda: "This has 10,000 signs. Shorten it" in screen_text(pilot))
        assert field.value == "w" * 10_000


async def test_while_the_desk_is_away_nothing_typed_is_lost_and_it_goes_on_by_itself(
    place: Workplace, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = place.desk.help_asking

    def away(*_: object) -> None:
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr("screens.help_queue.talk.AGAIN_AFTER", 0.05)
    monkeypatch.setattr("screens.help_queue.talk.PULSE", 3600)
    async with chat(place, ticket) as (pilot, app):
        with monkeypatch.context() as gone:
            gone.setattr(type(asking), "look", away)
            gone.setattr(type(asking), "say", away)
            await pilot.press(*"Hello", "enter")
            await until(pilot, lambda: "✗ The desk cannot be reached" in screen_text(pilot))
            assert app.screen.query_one(Field).value == "Hello"
            app.screen.query_one("Talk").look()
            await until(pilot, lambda: "▲ The desk cannot be reached" in screen_text(pilot))
        await until(pilot, lambda: "cannot be reached" not in screen_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "You  " in screen_text(pilot))


async def test_leaving_asks_first_and_the_agents_see_it(place: Workplace, ticket: Ticket, agent: Actor) -> None:
    async with chat(place, ticket) as (pilot, app):
        await pilot.press("x", "escape")
        await until_screen(pilot, Confirm)
        text = " ".join(screen_text(pilot).replace("│", " ").split())
        assert "The agent sees that you have left" in text and "What you have typed is not sent yet." in text
        await pilot.press("escape")
        await until_screen(pilot, AskedChat)
        await pilot.press("escape")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: app.answer is None)
    chat_now = place.desk.help_queue.chat(agent, ticket.request_id)
    assert not chat_now.row.here
    assert chat_now.lines[-1].words == "Nora Newcomer has left."
