"""The history of a client: newest first, failures too, older entries on demand, every entry in full."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.states import AuditResult, Surface
from screens.dialogs.details import Details
from screens.history import History, HistoryTable
from screens.widgets.key_line import KeyLine
from screens.workplace import Workplace
from services import audit, person_key
from services.actor import Origin
from services.clock import ManualClock
from services.desk import Desk
from tests import making
from tests.making import MadeAgency
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import Stage
from tests.settling import screen_text, until, until_screen

SMALL = (80, 24)


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    """An agency with its administrator."""
    return making.make_agency(desk)


@pytest.fixture
def brent(desk: Desk, ray: MadeAgency) -> int:
    """A client of that agency."""
    return int(making.make_client(desk, ray.agency).id)


@pytest.fixture
def history(place: Workplace, ray: MadeAgency, brent: int) -> History:
    """That client's history."""
    return History(place, ray.admin, person_key.client(brent), "Brent Thomas")


def record(desk: Desk, ray: MadeAgency, client_id: int, action: audit.Action, **facts: object) -> None:
    """Something that happened to the client."""
    with desk.ctx.unit():
        audit.record(desk.ctx, ray.admin, action, client_id=client_id, **facts)


async def test_without_events_it_says_so(place: Workplace, history: History) -> None:
    stage = Stage(place, history)
    async with stage.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "Nothing has happened yet." in screen_text(pilot))
        assert "History of Brent Thomas" in screen_text(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: stage.answer is None)


async def test_the_newest_stands_first_with_who_when_and_from_where(
    place: Workplace, desk: Desk, ray: MadeAgency, brent: int, history: History, clock: ManualClock
) -> None:
    record(desk, ray, brent, audit.Action.CLIENT_CHANGED)
    clock.advance(minutes=5)
    record(desk, ray, brent, audit.Action.RESET_SENT)
    stage = Stage(place, history)
    async with stage.run_test(size=SMALL) as pilot:
        table = history.query_one(HistoryTable)
        await until(pilot, lambda: table.count == 2)
        assert table.cursor_row is not None
        when, who, what, where, _ = table.cursor_row.cells
        assert when == f"{clock.now().astimezone():%H:%M}"
        assert who == "Sue Wright"
        assert what.startswith("✓ ")
        assert where == "desk · 203.0.113.7"


async def test_failures_are_marked_by_a_sign_and_their_reason_is_told(
    place: Workplace, desk: Desk, ray: MadeAgency, brent: int, history: History
) -> None:
    reason = "There is no account yet. Create one and send the welcome mail."
    record(desk, ray, brent, audit.Action.RESET_SENT, result=AuditResult.REFUSED, reason=reason)
    stage = Stage(place, history)
    async with stage.run_test(size=SMALL) as pilot:
        table = history.query_one(HistoryTable)
        await until(pilot, lambda: table.count == 1)
        assert table.cursor_row is not None
        assert table.cursor_row.cells[2].startswith("✗ ")
        await pilot.press("enter")
        await until_screen(pilot, Details)
        text = " ".join(screen_text(pilot).replace("│", " ").split())
        assert reason in text
        assert "refused" in text
        assert "Sue Wright" in text
        await pilot.press("escape")
        await until(pilot, lambda: stage.screen is history)


async def test_older_entries_come_when_the_cursor_reaches_the_last(
    place: Workplace, desk: Desk, ray: MadeAgency, brent: int, history: History
) -> None:
    for _ in range(250):
        record(desk, ray, brent, audit.Action.CLIENT_CHANGED)
    stage = Stage(place, history)
    async with stage.run_test(size=SMALL) as pilot:
        table = history.query_one(HistoryTable)
        await until(pilot, lambda: table.count == 200)
        await pilot.press("end")
        await until(pilot, lambda: table.count == 250)
        assert table.cursor.index == 199
        await pilot.press("end")
        await until(pilot, lambda: table.cursor.index == 249)


async def test_hostile_names_and_reasons_stay_text(place: Workplace, desk: Desk, ray: MadeAgency, brent: int) -> None:
    actor = replace(ray.admin, name=HOSTILE[:90], origin=Origin(Surface.DESK, HOSTILE[:90]))
    with desk.ctx.unit():
        audit.record(desk.ctx, actor, audit.Action.RESET_SENT, client_id=brent, reason=HOSTILE)
    history = History(place, ray.admin, person_key.client(brent), HOSTILE)
    stage = Stage(place, history)
    async with stage.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: history.query_one(HistoryTable).count == 1)
        assert is_harmless(pilot)
        await pilot.press("enter")
        await until_screen(pilot, Details)
        assert is_harmless(pilot)


async def test_no_key_of_the_footer_is_cut(place: Workplace, history: History) -> None:
    stage = Stage(place, history)
    async with stage.run_test(size=(60, 18)) as pilot:
        await until(pilot, lambda: "Older" in screen_text(pilot))
        assert not history.query_one(KeyLine).hidden
