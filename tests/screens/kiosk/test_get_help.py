"""Getting help at a kiosk, in the middle of something else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from models.help_queue import HelpRequest, KioskVisit, StepRelease
from models.states import KioskStep
from screens.kiosk.ask_help import AskForHelp
from screens.kiosk.frame import KioskNotice
from screens.kiosk.get_help import KioskHelp
from screens.kiosk.open_chat import OpenChat
from screens.kiosk.workplace import KioskPlace
from services.actor import Actor
from services.clock import ManualClock
from services.desk import Desk
from services.kiosks.values import KioskView
from tests import making
from tests.making import MadeAgency
from tests.screens.stage import Stage
from tests.services.help_queue.asking import make_kiosk
from tests.settling import screen_text, until, until_screen

SMALLEST = (60, 20)


@pytest.fixture
def made(desk: Desk) -> MadeAgency:
    """An agency with its administrator."""
    return making.make_agency(desk)


@pytest.fixture
def agent(desk: Desk, made: MadeAgency) -> Actor:
    """Who answers."""
    return making.make_staff(desk, made.agency, "eve@raystaging.example.com", first="Eve")


@pytest.fixture
def lobby(desk: Desk, made: MadeAgency) -> KioskPlace:
    """Where somebody has made a choice."""
    origin = make_kiosk(desk, made.agency)
    view = KioskView(
        origin.kiosk_id or 0, made.agency.id, "Lobby", "Ray Staging", "RAY-919", "", "", "", "",
        datetime.now(UTC), "Ann", None, None,
    )  # fmt: skip
    place = KioskPlace(desk, view)
    place.visit = desk.visits.begin(place.origin)
    return place


@asynccontextmanager
async def asked(place: KioskPlace) -> AsyncIterator[Pilot[Any]]:
    """The chat above a task, after the questions were answered with keys alone."""
    # Any wizard will do as the task.
    app = Stage(place, AskForHelp(place))
    async with app.run_test(size=SMALLEST) as pilot:
        await until_screen(pilot, AskForHelp)
        await open_help(pilot, place)
        await until(pilot, lambda: "What is your name?" in screen_text(pilot))
        await pilot.press(*"Nora", "enter")
        await until(pilot, lambda: "▸ Forgotten password ◂" in screen_text(pilot))
        await pilot.press("tab", "enter")
        await until(pilot, lambda: "You are next." in screen_text(pilot))
        yield pilot
    place.close()


async def open_help(pilot: Pilot[Any], place: KioskPlace) -> None:
    """Press Get help, as it were."""
    pilot.app.push_screen(KioskHelp(place))
    await until(pilot, lambda: any(isinstance(screen, KioskHelp) for screen in pilot.app.screen_stack))


async def test_who_goes_on_with_the_task_comes_back_to_the_same_chat(
    lobby: KioskPlace, desk: Desk, agent: Actor
) -> None:
    async with asked(lobby) as pilot:
        await pilot.press(*"Hello", "enter")
        await until(pilot, lambda: "You  " in screen_text(pilot))
        await pilot.press("escape")
        await until_screen(pilot, AskForHelp)
        desk.help_queue.take(agent, lobby.chat.ticket.request_id)
        await open_help(pilot, lobby)
        await until(pilot, lambda: "Eve is helping you." in screen_text(pilot) and "Hello" in screen_text(pilot))
    with desk.ctx.read():
        [request] = HelpRequest.select()
    assert (request.topic, request.visit_id, request.left_at) == ("No mail with a code", lobby.visit, None)


async def test_meanwhile_the_agents_see_that_somebody_is_there_and_what_they_write_is_counted(
    lobby: KioskPlace, desk: Desk, agent: Actor, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screens.kiosk.open_chat.PULSE", 0.02)
    chat = OpenChat(lobby, desk.help_asking.ask(lobby.origin, "Nora", "Lost phone", visit_id=lobby.visit))
    queue, number = desk.help_queue, chat.ticket.request_id
    queue.take(agent, number)
    clock.advance(minutes=1)
    assert not queue.chat(agent, number).row.here
    told: list[int] = []
    app: App[None] = App()
    async with app.run_test() as pilot:
        chat.leave_open(app, told.append)
        await until(pilot, lambda: 0 in told and queue.chat(agent, number).row.here)
        queue.say(agent, number, "Type the address again.")
        await until(pilot, lambda: 1 in told)
        chat.take_up()
    lobby.close()


async def test_when_the_agent_has_let_them_pass_the_chat_says_so_and_leads_on(
    lobby: KioskPlace, desk: Desk, made: MadeAgency, agent: Actor
) -> None:
    identity = making.give_account(desk, made.admin, making.make_client(desk, made.agency))
    async with asked(lobby) as pilot:
        assert "let you pass" not in screen_text(pilot)
        now = desk.ctx.clock.now()
        with desk.ctx.unit():
            KioskVisit.update(identity=identity, step=KioskStep.CODE).execute()
            StepRelease.create(
                visit=lobby.visit, identity=identity, step=KioskStep.CODE, agent=agent.identity_id,
                created_at=now, expires_at=now.replace(year=now.year + 1),
            )  # fmt: skip
        await until(pilot, lambda: "✓ The agent has let you pass this step." in screen_text(pilot))
        assert "Go on" in screen_text(pilot)


async def test_ending_the_chat_asks_first_and_leaves_nothing_to_come_back_to(
    lobby: KioskPlace, desk: Desk, agent: Actor
) -> None:
    async with asked(lobby) as pilot:
        number = lobby.chat.ticket.request_id
        await pilot.press("tab", "tab", "tab", "enter")
        await until_screen(pilot, KioskNotice)
        assert "What they answer does not reach you any more." in " ".join(screen_text(pilot).split())
        await pilot.press("enter")
        await until_screen(pilot, AskForHelp)
        assert lobby.chat is None
    assert desk.help_queue.chat(agent, number).lines[-1].words == "Nora has left."
