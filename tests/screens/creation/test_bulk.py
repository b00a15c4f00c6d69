"""Many accounts at once, as somebody sees it: problems, progress, results, a report."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from models.identity import BulkRow
from models.staff import StaffMember
from models.states import RunRowState
from screens.creation.bulk import BulkCreation
from screens.creation.bulk_words import Phase
from screens.dialogs.ask_line import AskPath
from screens.dialogs.confirm import Confirm
from screens.dialogs.problem import Problem
from screens.widgets.field import Field
from screens.workplace import Workplace
from services import person_key
from services.creation.bulk_run import Lease
from services.creation.values import RunView
from services.desk import Desk
from tests import making
from tests.making import MadeAgency
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import NOTHING, Stage
from tests.services.creating import make_colleague, make_colleagues
from tests.settling import screen_text, until, until_screen


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    return making.make_agency(desk)


@asynccontextmanager
async def creating(
    place: Workplace, ray: MadeAgency, people: list[StaffMember], size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[Any], Stage, BulkCreation]]:
    screen = BulkCreation(place, ray.admin, tuple(person_key.staff(person.id) for person in people))
    app = Stage(place, screen)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: screen.phase is not Phase.LOOKING, "the pre-flight")
        await pilot.pause()
        yield pilot, app, screen


async def begin(pilot: Pilot[Any]) -> None:
    await pilot.press("f2")
    await until_screen(pilot, Confirm)
    await pilot.press("y")


@pytest.fixture
def gate(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Holds the work after the third person until it is set; what is held goes on by itself after a while."""
    opened = threading.Event()
    work = desk.bulk.work

    def held(*words: Any, on_progress: Callable[[RunView], None], stop: Callable[[], bool]) -> RunView:
        def progress(view: RunView) -> None:
            on_progress(view)
            if view.created == 3:
                opened.wait(20)

        return work(*words, on_progress=progress, stop=stop)

    monkeypatch.setattr(desk.bulk, "work", held)
    return opened


def states(desk: Desk) -> list[RunRowState]:
    with desk.ctx.read():
        return [row.state for row in BulkRow.select().order_by(BulkRow.id)]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_problems_come_first_and_then_the_result_of_each(
    place: Workplace, desk: Desk, ray: MadeAgency, size: tuple[int, int]
) -> None:
    people = [*make_colleagues(desk, ray.agency, 3), make_colleague(desk, ray.agency, "", first="Desiree")]
    async with creating(place, ray, people, size) as (pilot, _, screen):
        await until(pilot, lambda: "3 accounts are ready" in screen_text(pilot))
        assert "1 person is left out" in screen_text(pilot).replace("\n", " ")
        assert states(desk) == []
        await until(pilot, lambda: "it becomes the user name." in screen_text(pilot), "the reason in full")
        await begin(pilot)
        await until(pilot, lambda: screen.phase is Phase.DONE, "the end")
        await until(pilot, lambda: "3 created, 1 not created" in screen_text(pilot))
        await until(pilot, lambda: screen_text(pilot).count("● created") == 3)
    assert states(desk) == [RunRowState.CREATED] * 3 + [RunRowState.REFUSED]


async def test_no_to_are_you_sure_begins_nothing(place: Workplace, desk: Desk, ray: MadeAgency) -> None:
    async with creating(place, ray, make_colleagues(desk, ray.agency, 1)) as (pilot, app, screen):
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        await pilot.press("n")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("escape")
        await until(pilot, lambda: app.answer is not NOTHING)
    assert states(desk) == []


async def test_nobody_ready_offers_nothing(place: Workplace, desk: Desk, ray: MadeAgency) -> None:
    async with creating(place, ray, [make_colleague(desk, ray.agency, "")]) as (pilot, app, screen):
        await pilot.press("f2")
        await pilot.pause()
        assert app.screen is screen
        assert "Mend the problems" in screen_text(pilot)


async def test_it_pauses_and_goes_on(place: Workplace, desk: Desk, ray: MadeAgency, gate: threading.Event) -> None:
    async with creating(place, ray, make_colleagues(desk, ray.agency, 6)) as (pilot, _, screen):
        await begin(pilot)
        await until(pilot, lambda: screen.phase is Phase.RUNNING, "the work")
        await until(pilot, lambda: "3 created, 0 not created, 3 waiting" in screen_text(pilot), "the progress")
        await pilot.press("p")
        gate.set()
        await until(pilot, lambda: screen.phase is Phase.PAUSED, "the pause")
        await until(pilot, lambda: "Paused. Begun by Sue Wright" in screen_text(pilot))
        assert states(desk).count(RunRowState.WAITING) == 3
        await pilot.press("f2")
        await until(pilot, lambda: screen.phase is Phase.DONE, "the end")
    assert states(desk) == [RunRowState.CREATED] * 6


async def test_leaving_pauses_and_the_next_look_goes_on_with_it(
    place: Workplace, desk: Desk, ray: MadeAgency, gate: threading.Event
) -> None:
    people = make_colleagues(desk, ray.agency, 6)
    async with creating(place, ray, people) as (pilot, app, screen):
        await begin(pilot)
        await until(pilot, lambda: screen.phase is Phase.RUNNING, "the work")
        await pilot.press("escape")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await pilot.pause()
        gate.set()
        await until(pilot, lambda: app.answer is not NOTHING, "the way back")
    assert states(desk).count(RunRowState.WAITING) == 3
    async with creating(place, ray, people[:1]) as (pilot, _, screen):
        assert screen.phase is Phase.PAUSED
        await pilot.press("x")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: screen.phase is Phase.DONE, "the end")
    assert states(desk).count(RunRowState.REFUSED) == 3


async def test_the_report_is_written_where_one_says(
    place: Workplace, desk: Desk, ray: MadeAgency, tmp_path: Path
) -> None:
    async with creating(place, ray, make_colleagues(desk, ray.agency, 2)) as (pilot, app, screen):
        await begin(pilot)
        await until(pilot, lambda: screen.phase is Phase.DONE, "the end")
        await pilot.press("w")
        dialog = await until_screen(pilot, AskPath)
        dialog.query_one(Field).value = str(tmp_path / "not there" / "report.csv")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is not dialog and isinstance(app.screen, AskPath), "the dialog again")
        await until(pilot, lambda: "cannot be written" in screen_text(pilot))
        app.screen.query_one(Field).value = str(tmp_path / "report.csv")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen and app.told, "the good news")
    assert (tmp_path / "report.csv").read_text().count("created") == 2


async def test_a_hostile_name_is_mere_text(place: Workplace, desk: Desk, ray: MadeAgency) -> None:
    person = make_colleague(desk, ray.agency, first=HOSTILE[:100])
    async with creating(place, ray, [person], (120, 40)) as (pilot, _, screen):
        assert is_harmless(pilot) or "[/x][@click" in screen_text(pilot)
        await begin(pilot)
        await until(pilot, lambda: screen.phase is Phase.DONE, "the end")
        assert "[/x][@click" in screen_text(pilot)


async def test_a_run_of_another_program_is_followed(place: Workplace, desk: Desk, ray: MadeAgency) -> None:
    people = make_colleagues(desk, ray.agency, 2)
    run = desk.bulk.start(ray.admin, desk.bulk.preflight(ray.admin, [person_key.staff(person.id) for person in people]))
    other = Lease(desk.ctx, ray.admin, run)
    async with creating(place, ray, people) as (pilot, app, screen):
        await until(pilot, lambda: "another program works on it" in screen_text(pilot))
        await pilot.press("f2")
        await until_screen(pilot, Problem)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen and screen.phase is Phase.ELSEWHERE)
        with other.turn():
            other.refuse_the_rest("stopped elsewhere")
        other.put_down()
        await until(pilot, lambda: screen.phase is Phase.DONE, "the end")
        await until(pilot, lambda: "stopped elsewhere" in screen_text(pilot))
