"""The Help requests tab and the agent's chat: a request stands there at once, one has it, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.pilot import Pilot

from models.states import HelpState, Role
from screens.desk import DeskMain
from screens.dialogs.ask_line import AskLine
from screens.dialogs.problem import Problem
from screens.help_queue.chat import HelpChat
from screens.help_queue.find_person import FindPerson
from screens.help_queue.hand_over import HandOver
from screens.workplace import Workplace
from services import person_key
from services.actor import Origin
from services.desk import Desk
from tests import making
from tests.screens.desk_stage import SMALL, WIDE, DeskStage
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import Stage
from tests.services.help_queue.asking import asks, make_kiosk, request, stored
from tests.settling import screen_text, until, until_screen


@pytest.fixture
def stage(place: Workplace, desk: Desk) -> DeskStage:
    return DeskStage(place, desk)


@pytest.fixture
def kiosk(stage: DeskStage) -> Origin:
    return make_kiosk(stage.desk, stage.ray.agency)


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """One number for each ring."""
    rung: list[int] = []
    monkeypatch.setattr(Stage, "bell", lambda self: rung.append(1))
    yield rung


async def test_a_request_rings_once_and_stands_in_the_line_of_parts(
    stage: DeskStage, kiosk: Origin, bells: list[int]
) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 0)
        await until(pilot, lambda: "3 Help 0" in screen_text(pilot))
        asks(stage.desk, kiosk)
        await until(pilot, lambda: "1 person waits for help: key 3." in screen_text(pilot))
        assert "3 Help 1" in screen_text(pilot)
        await pilot.press("3")
        await until(pilot, lambda: "▲ waits under a minute" in screen_text(pilot))
        assert "waits for help" not in screen_text(pilot)
        assert len(bells) == 1
        await pilot.press("b")
        await until(pilot, lambda: "The bell is off" in screen_text(pilot))
        asks(stage.desk, kiosk, "Zoe")
        await until(pilot, lambda: "Zoe" in screen_text(pilot))
        assert len(bells) == 1
        await until(pilot, lambda: stage.desk.preferences.get(stage.ray.admin, "help") == {"bell": False})


async def taken(stage: DeskStage, pilot: Pilot[None]) -> HelpChat:
    """The chat of the only request, which was taken just now."""
    await stage.ready(pilot, 0)
    await pilot.press("3")
    await until(pilot, lambda: "I cannot sign in" in screen_text(pilot))
    await pilot.press("enter")
    chat = await until_screen(pilot, HelpChat)
    await until(pilot, lambda: chat.writing)
    return chat


async def test_an_agent_takes_answers_and_closes(stage: DeskStage, kiosk: Origin) -> None:
    ticket = asks(stage.desk, kiosk)
    async with stage.app.run_test(size=WIDE) as pilot:
        await taken(stage, pilot)
        # Letters are text here, also those that are keys elsewhere.
        await pilot.press(*"cnov?", "enter")
        await until(pilot, lambda: "cnov?" in stored(stage.desk))
        stage.desk.help_asking.say(ticket, HOSTILE)
        await until(pilot, lambda: "[@click=app.quit]Bob" in screen_text(pilot))
        assert is_harmless(pilot)
        await pilot.press("escape", "c")
        await until_screen(pilot, AskLine)
        await pilot.press("enter", *"sent a reset", "enter")
        await until(pilot, lambda: request(stage.desk, ticket).state is HelpState.CLOSED)
        await until(pilot, lambda: "u Reopen" in screen_text(pilot))
        await pilot.press("u")
        await until(pilot, lambda: request(stage.desk, ticket).state is HelpState.TAKEN)
        await pilot.press("escape")
        await until(pilot, lambda: stage.app.screen is stage.main)


async def test_what_is_typed_survives_a_colleague_who_takes_over_and_leaving(stage: DeskStage, kiosk: Origin) -> None:
    bob = making.make_staff(stage.desk, stage.ray.agency, "bob@example.com", first="Bob")
    ticket = asks(stage.desk, kiosk)
    async with stage.app.run_test(size=SMALL) as pilot:
        chat = await taken(stage, pilot)
        await pilot.press(*"half a line")
        stage.desk.help_queue.hand_over(bob, ticket.request_id, bob.identity_id)
        await until(pilot, lambda: "Bob Agent has it" in screen_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "Bob Agent has this request" in " ".join(screen_text(pilot).split()))
        assert chat.answer.value == "half a line"
        await pilot.press("escape", "escape")
        await until(pilot, lambda: stage.app.screen is stage.main)
        await pilot.press("enter")
        again = await until_screen(pilot, HelpChat)
        await until(pilot, lambda: again.answer.value == "half a line")


async def test_who_comes_too_late_hears_who_has_it(stage: DeskStage, kiosk: Origin) -> None:
    bob = making.make_staff(stage.desk, stage.ray.agency, "bob@example.com", first="Bob")
    ticket = asks(stage.desk, kiosk)
    take = stage.desk.help_queue.take

    def late(actor: object, request_id: int) -> object:
        take(bob, request_id)
        return take(stage.ray.admin, request_id)

    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 0)
        await pilot.press("3")
        await until(pilot, lambda: "I cannot sign in" in screen_text(pilot))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(stage.desk.help_queue, "take", late)
            await pilot.press("enter")
            await until_screen(pilot, Problem)
        assert "Bob Agent has this request" in " ".join(screen_text(pilot).split())
        await pilot.press("escape")
        await until(pilot, lambda: "● Bob Agent" in screen_text(pilot))
        assert request(stage.desk, ticket).agent_id == bob.identity_id


async def test_the_person_is_linked_handed_over_and_noted(stage: DeskStage, kiosk: Origin) -> None:
    bob = making.make_staff(stage.desk, stage.ray.agency, "bob@example.com", first="Bob")
    [brent] = stage.add("Brent Thomas")
    ticket = asks(stage.desk, kiosk)
    async with stage.app.run_test(size=WIDE) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("3")
        await until(pilot, lambda: "I cannot sign in" in screen_text(pilot))
        await pilot.press("enter")
        chat = await until_screen(pilot, HelpChat)
        await until(pilot, lambda: chat.writing)
        await pilot.press("escape", "l")
        await until_screen(pilot, FindPerson)
        await until(pilot, lambda: "brent.thomas@example.com" in screen_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: chat.chat.person == person_key.client(brent))
        await until(pilot, lambda: "no account" in screen_text(pilot), "the panel")
        await pilot.press("n")
        await until_screen(pilot, AskLine)
        await pilot.press(*"a note", "enter")
        await until(pilot, lambda: "a note" in stored(stage.desk))
        await until(pilot, lambda: stage.app.screen is chat and not chat._busy)
        await pilot.press("o")
        await until_screen(pilot, HandOver)
        await pilot.press("down", "enter")
        await until_screen(pilot, AskLine)
        await pilot.press("enter")
        await until(pilot, lambda: request(stage.desk, ticket).agent_id == bob.identity_id)


async def test_an_auditor_only_looks(place: Workplace, desk: Desk) -> None:
    made = making.make_agency(desk)
    olga = making.make_staff(desk, made.agency, "olga@example.com", role=Role.AUDITOR)
    ticket = asks(desk, make_kiosk(desk, made.agency))
    main = DeskMain(place, olga)
    app = Stage(place, main)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: app.screen is main)
        await pilot.press("3")
        await until(pilot, lambda: "I cannot sign in" in screen_text(pilot))
        assert "Bell" not in screen_text(pilot)
        await pilot.press("enter")
        chat = await until_screen(pilot, HelpChat)
        await until(pilot, lambda: "I cannot sign in" in screen_text(pilot))
        assert not chat.check_action("write", ())
        assert not any(chat.check_action("request", (name,)) for name in ("note", "close", "link", "hand_over"))
        assert request(desk, ticket).state is HelpState.WAITING
